//! The tools of an assistant, spoken to in the bytes of the Model Context Protocol.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

struct Assistant {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    asked: u64,
}

impl Assistant {
    fn begin(files: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rdpdoctor"))
            .args(["mcp", "--files"])
            .arg(files)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let to = child.stdin.take().unwrap();
        let from = BufReader::new(child.stdout.take().unwrap());
        let mut assistant = Self {
            child,
            to,
            from,
            asked: 0,
        };
        let hello = assistant.ask(
            "initialize",
            json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}),
        );
        assert_eq!(hello["serverInfo"]["name"], "rdpdoctor");
        assistant.say(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        assistant
    }

    fn say(&mut self, message: &Value) {
        writeln!(self.to, "{message}").unwrap();
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.say(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        loop {
            let mut line = String::new();
            assert!(
                self.from.read_line(&mut line).unwrap() > 0,
                "the server ended"
            );
            let answer: Value = serde_json::from_str(&line).unwrap();
            if answer["id"] == id {
                assert!(answer.get("error").is_none(), "{answer}");
                return answer["result"].clone();
            }
        }
    }

    fn call(&mut self, name: &str, arguments: Value) -> (bool, String, Value) {
        let result = self.ask("tools/call", json!({"name": name, "arguments": arguments}));
        (
            result["isError"].as_bool().unwrap_or(false),
            result["content"][0]["text"].as_str().unwrap().to_owned(),
            result["structuredContent"].clone(),
        )
    }

    /// Closes the connection; the server ends by itself.
    fn end(mut self) {
        drop(self.to);
        assert!(self.child.wait().unwrap().success());
    }
}

#[test]
fn an_assistant_looks_reads_and_asks() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("work.rdp"),
        "full address:s:srv01\r\nenablecredsspsupport:i:0\r\n",
    )
    .unwrap();
    let mut assistant = Assistant::begin(folder.path());

    let tools = assistant.ask("tools/list", json!({}));
    let tools = tools["tools"].as_array().unwrap();
    let names: Vec<&str> = tools
        .iter()
        .map(|tool| tool["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["check", "explain", "analyze", "plan"]);
    for tool in tools {
        assert_eq!(tool["annotations"]["readOnlyHint"], true, "{tool}");
        assert_eq!(tool["inputSchema"]["type"], "object", "{tool}");
    }

    let (failed, text, data) = assistant.call("explain", json!({"text": "0x904 0x7"}));
    assert!(!failed && text.contains("socket"), "{text}");
    assert!(data["answers"].is_array(), "{data}");
    let (failed, text, _) = assistant.call("explain", json!({"text": "secure.key-unusable"}));
    assert!(!failed && text.starts_with("# "), "{text}");
    let (failed, text, _) = assistant.call("explain", json!({"text": ""}));
    assert!(failed, "{text}");

    // A port that nobody listens on.
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let (failed, text, data) = assistant.call(
        "check",
        json!({"target": format!("127.0.0.1:{port}"), "quick": true}),
    );
    assert!(!failed, "{text}");
    assert_eq!(data["stopped_at"], "tcp");
    assert_eq!(data["schema"], "rdpdoctor/report/1");
    // What looks like an option is a name that does not exist, and no option.
    let (failed, text, data) = assistant.call("check", json!({"target": "--help"}));
    assert!(!failed && data["stopped_at"] == "resolve", "{text}");
    let (failed, text, _) = assistant.call("check", json!({"target": "a b"}));
    assert!(failed, "{text}");

    let (failed, text, data) = assistant.call("analyze", json!({"paths": ["work.rdp"]}));
    assert!(!failed, "{text}");
    assert_eq!(data["target"]["host"], "srv01");
    for outside in ["/etc/passwd", "../", "/proc/self/environ"] {
        let (failed, text, _) = assistant.call("analyze", json!({"paths": [outside]}));
        assert!(failed && text.contains("--files"), "{outside}: {text}");
    }
    assistant.end();
}

#[test]
fn an_assistant_plans_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("listener.reg"),
        "Windows Registry Editor Version 5.00\r\n\r\n\
         [HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server]\r\n\
         \"fDenyTSConnections\"=dword:00000001\r\n",
    )
    .unwrap();
    let mut assistant = Assistant::begin(folder.path());

    // A cause by itself, for a host that was never looked at, and as a script.
    let (failed, text, data) = assistant.call(
        "plan",
        json!({"cause": "secure.key-unusable", "target": "srv01", "script": "powershell"}),
    );
    assert!(!failed && text.starts_with("Plan: "), "{text}");
    assert_eq!(data["plan"]["host"], "srv01");
    assert!(!data["plan"]["steps"].as_array().unwrap().is_empty());
    let script = data["script"]["text"].as_str().unwrap();
    assert!(text.ends_with(script), "{text}");

    // What an analysis saw of a host is what the plan begins with.
    let (failed, text, seen) = assistant.call(
        "analyze",
        json!({"paths": ["listener.reg"], "host": "srv02"}),
    );
    assert!(!failed, "{text}");
    let cause = seen["findings"][0]["cause"].as_str().unwrap();
    let (failed, text, data) = assistant.call("plan", json!({"target": "srv02"}));
    assert!(!failed && text.contains(cause), "{text}");
    assert_eq!(data["plan"]["cause"], cause);

    // Neither a file nor an option is a cause, and what weakens security is left to a person.
    for (arguments, says) in [
        (json!({}), "name a cause"),
        (json!({"target": "srv03"}), "check it first"),
        (json!({"cause": "listener.reg"}), "no cause"),
        (json!({"cause": "--apply"}), "no cause"),
        (
            json!({"cause": "secure.key-unusable", "remedy": "--apply"}),
            "no remedy",
        ),
        (
            json!({"cause": "negotiate.nla-required", "remedy": "server.allow-without-nla"}),
            "weakens security",
        ),
    ] {
        let (failed, text, _) = assistant.call("plan", arguments.clone());
        assert!(failed && text.contains(says), "{arguments}: {text}");
    }
    assistant.end();
}
