//! The scan from the outside, against the lab and against ports on which nothing listens.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;

use lab::loopback::{self, Settings};
use lab::scenario::{self, Outcome, Scenario};
use serde_json::Value;
use tokio::runtime::Builder;
use tokio::sync::oneshot;

use crate::usage::rdpdoctor;

/// Scenarios served for as long as this lives.
pub struct Lab {
    addresses: Vec<(Scenario, SocketAddr)>,
    _ends_when_dropped: oneshot::Sender<()>,
}

impl Lab {
    fn of(scenarios: impl IntoIterator<Item = Scenario>) -> Self {
        let scenarios: Vec<Scenario> = scenarios.into_iter().collect();
        let (tell, told) = std::sync::mpsc::channel();
        let (end, ended) = oneshot::channel();
        std::thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut served = Vec::new();
                let mut addresses = Vec::new();
                for scenario in scenarios {
                    let one = loopback::serve(&scenario, Settings::default())
                        .await
                        .unwrap();
                    addresses.push((scenario, one.addresses[0]));
                    served.push(one);
                }
                tell.send(addresses).unwrap();
                // The other end is dropped with the test.
                let _ = ended.await;
            });
        });
        Self {
            addresses: told.recv().unwrap(),
            _ends_when_dropped: end,
        }
    }

    pub fn named(names: &[&str]) -> Self {
        Self::of(names.iter().map(|name| scenario::find(name).unwrap()))
    }

    pub fn at(&self, index: usize) -> String {
        self.addresses[index].1.to_string()
    }
}

/// An address on loopback on which nothing listens: it was ours a moment ago.
fn closed() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().to_string()
}

/// The exit status, stdout and stderr.
fn scan(arguments: &[&str], stdin: &str) -> (i32, String, String) {
    let output = rdpdoctor()
        .arg("scan")
        .args(arguments)
        .write_stdin(stdin.to_owned())
        .output()
        .unwrap();
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn schema(text: &str) -> jsonschema::Validator {
    jsonschema::validator_for(&serde_json::from_str(text).unwrap()).unwrap()
}

fn assert_valid(schema: &jsonschema::Validator, value: &Value) {
    let wrong: Vec<String> = schema
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn every_host_has_a_line_that_fits_its_schema() {
    let lab = Lab::named(&["healthy/by-address"]);
    let closed = closed();
    let (status, stdout, stderr) = scan(&["--format", "jsonl", &lab.at(0), &closed], "");
    assert_eq!((status, stderr.as_str()), (1, ""));
    let schema = schema(&rdpdoctor::report::schema::scan_schema());
    let mut outcomes = BTreeMap::new();
    for line in lines(&stdout) {
        assert_valid(&schema, &line);
        let input = line["target"]["input"].as_str().unwrap().to_owned();
        outcomes.insert(input, line);
    }
    assert_eq!(outcomes.len(), 2);
    let healthy = &outcomes[&lab.at(0)];
    assert_eq!(healthy["outcome"], "healthy");
    assert_eq!(healthy["security"], "NLA");
    assert_eq!(healthy["connections"], 1);
    assert!(healthy["certificate"]["days_left"].as_i64().unwrap() > 100);
    let refused = &outcomes[&closed];
    assert_eq!(refused["outcome"], "failing");
    assert_eq!(refused["stopped_at"], "tcp");
    assert!(
        !refused["findings"][0]["because"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn lists_come_from_anywhere_and_name_their_hosts() {
    let lab = Lab::named(&["healthy/by-address"]);
    let (address, port) = (lab.addresses[0].1.ip(), lab.addresses[0].1.port());
    let list = format!(
        "Host;Port;Name\n{address};{port};the good one\n{address};{port};again\nno host at all;;\n"
    );
    let (status, stdout, stderr) = scan(&["--format", "csv", "-"], &list);
    assert_eq!(status, 2, "{stderr}");
    assert!(stderr.contains("standard input, line 4"), "{stderr}");
    let rows: Vec<&str> = stdout.lines().collect();
    assert_eq!(rows.len(), 2, "{stdout}");
    assert!(rows[0].starts_with("host,port,name,"));
    assert!(rows[1].starts_with(&format!("{address},{port},the good one,{address},healthy,")));
}

#[test]
fn nothing_public_is_touched_without_permission() {
    let (status, stdout, stderr) = scan(&["203.0.112.7"], "");
    assert_eq!((status, stdout.as_str()), (2, ""));
    assert!(stderr.contains("--with-permission"), "{stderr}");
    // In a list it is left out, and said so.
    let (status, stdout, _) = scan(&["--format", "jsonl", "-"], "203.0.112.7\n");
    assert_eq!(status, 3);
    let line = &lines(&stdout)[0];
    assert_eq!(line["outcome"], "unknown");
    assert_eq!(line["connections"], 0);
    assert!(line["skipped"].as_str().unwrap().contains("public"));
}

#[test]
fn who_asked_to_be_left_out_is_not_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.txt");
    std::fs::write(&out, "127.0.0.0/30\nlocalhost\n").unwrap();
    let out = out.to_str().unwrap();
    let arguments = ["--format", "jsonl", "--port", "1", "--exclude", out];
    let hosts = ["127.0.0.0/29", "localhost"];
    let (_, stdout, _) = scan(&[&arguments[..], &hosts[..]].concat(), "");
    let mut seen: Vec<String> = lines(&stdout)
        .iter()
        .map(|line| line["target"]["host"].as_str().unwrap().to_owned())
        .collect();
    seen.sort();
    assert_eq!(seen, ["127.0.0.4", "127.0.0.5", "127.0.0.6", "127.0.0.7"]);
}

#[test]
fn what_is_done_is_not_done_again() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (state, answer) = (place("state"), place("hosts.jsonl"));
    let options = [
        "--format", "jsonl", "--port", "1", "--resume", &state, "-o", &answer,
    ];
    let run = |hosts: &[&str]| scan(&[&options[..], hosts].concat(), "");
    assert_eq!(run(&["127.0.1.0/29"]).0, 1);
    let first = std::fs::read_to_string(&answer).unwrap();
    assert_eq!(first.lines().count(), 8);
    // Nothing is left to do, and the status still tells what was found.
    assert_eq!(run(&["127.0.1.0/29"]).0, 1);
    assert_eq!(std::fs::read_to_string(&answer).unwrap(), first);
    // More hosts behind the same ones are looked at; other ones are noticed.
    assert_eq!(run(&["127.0.1.0/29", "127.0.2.1"]).0, 1);
    let more = std::fs::read_to_string(&answer).unwrap();
    assert!(more.starts_with(&first));
    assert_eq!(more.lines().count(), 9);
    let (status, _, stderr) = run(&["127.0.3.0/28"]);
    assert_eq!(status, 2);
    assert!(stderr.contains("other hosts"), "{stderr}");
}

#[test]
#[cfg(unix)]
fn an_interrupted_scan_goes_on_where_it_was() {
    use std::io::{BufRead as _, BufReader};
    use std::process::{Command, Stdio};

    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let command = || {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("rdpdoctor"));
        command
            .args(["scan", "127.0.4.0/24", "--port", "1", "--format", "jsonl"])
            .arg("--resume")
            .arg(&state)
            .stdout(Stdio::piped());
        command
    };
    let mut child = command().args(["--rate", "40"]).spawn().unwrap();
    let mut first: Vec<String> = Vec::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..5 {
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        first.push(line);
    }
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    first.extend(stdout.lines().map(|line| line.unwrap() + "\n"));
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let output = command().args(["--rate", "max"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let rest = String::from_utf8(output.stdout).unwrap();
    let mut hosts: Vec<String> = lines(&(first.concat() + &rest))
        .iter()
        .map(|line| line["target"]["host"].as_str().unwrap().to_owned())
        .collect();
    let all = hosts.len();
    hosts.sort();
    hosts.dedup();
    assert_eq!((all, hosts.len()), (256, 256), "each host once");
}

#[test]
fn a_pipe_that_closes_is_no_error() {
    use std::process::{Command, Stdio};
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("rdpdoctor"))
        .args(["scan", "127.0.5.0/24", "--port", "1", "--format", "jsonl"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn results_are_sarif_by_its_own_schema() {
    let schema = schema(include_str!("data/sarif-schema-2.1.0.json"));
    let lab = Lab::named(&[
        "healthy/by-address",
        "secure/reset-at-hello",
        "secure/expired",
    ]);
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("our hosts.csv");
    let mut file = std::fs::File::create(&list).unwrap();
    for index in 0..3 {
        writeln!(file, "{},host {index}", lab.at(index)).unwrap();
    }
    writeln!(file, "{}", closed()).unwrap();
    writeln!(file, "203.0.112.7").unwrap();
    drop(file);
    let list = format!("@{}", list.display());
    let (status, stdout, stderr) = scan(&["--format", "sarif", "--timeout", "1s", &list], "");
    assert_eq!(status, 1, "{stderr}");
    let document: Value = serde_json::from_str(&stdout).unwrap();
    assert_valid(&schema, &document);
    let run = &document["runs"][0];
    let results = run["results"].as_array().unwrap();
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert!(
            place["artifactLocation"]["uri"]
                .as_str()
                .unwrap()
                .ends_with("our%20hosts.csv")
        );
        assert!(
            place["region"]["startLine"].as_u64().unwrap() > 1,
            "the first host is healthy"
        );
    }
    let level = |line: u64| {
        let of_line = |result: &&Value| {
            result["locations"][0]["physicalLocation"]["region"]["startLine"] == line
        };
        results
            .iter()
            .find(of_line)
            .map(|result| result["level"].clone())
    };
    assert_eq!(level(2).unwrap(), "error");
    assert_eq!(level(3).unwrap(), "warning");
    assert_eq!(level(4).unwrap(), "error");
    assert_eq!(level(5).unwrap(), "none");

    let checked = rdpdoctor()
        .args(["check", "--format", "sarif", "--timeout", "1s", &lab.at(1)])
        .output()
        .unwrap();
    assert_eq!(checked.status.code(), Some(1));
    let document: Value = serde_json::from_slice(&checked.stdout).unwrap();
    assert_valid(&schema, &document);
    assert_eq!(document["runs"][0]["results"][0]["level"], "error");
}

/// The elements of a document with their attributes.
fn elements(xml: &str) -> Vec<(String, BTreeMap<String, String>)> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut elements = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) | Event::Empty(start) => {
                let name = start.name().as_ref().to_owned();
                let attributes = start
                    .attributes()
                    .map(|attribute| {
                        let attribute = attribute.unwrap();
                        let key = attribute.key.as_ref().to_owned();
                        let value = attribute.value.to_string();
                        (key, value)
                    })
                    .collect();
                elements.push((name, attributes));
            }
            Event::Eof => return elements,
            _ => {}
        }
    }
}

#[test]
fn hosts_are_tests_to_a_reader_of_junit() {
    let lab = Lab::named(&["healthy/by-address"]);
    let (status, stdout, _) = scan(&["--format", "junit", &lab.at(0), &closed()], "");
    assert_eq!(status, 1);
    let elements = elements(&stdout);
    let suite = &elements
        .iter()
        .find(|(name, _)| name == "testsuite")
        .unwrap()
        .1;
    assert_eq!(
        (
            suite["tests"].as_str(),
            suite["failures"].as_str(),
            suite["errors"].as_str()
        ),
        ("2", "1", "0")
    );
    let count = |wanted: &str| elements.iter().filter(|(name, _)| name == wanted).count();
    assert_eq!((count("testcase"), count("failure")), (2, 1));

    let checked = rdpdoctor()
        .args(["check", "--format", "junit", &lab.at(0)])
        .output()
        .unwrap();
    assert_eq!(checked.status.code(), Some(0));
    let xml = String::from_utf8(checked.stdout).unwrap();
    assert!(
        self::elements(&xml)
            .iter()
            .any(|(name, _)| name == "testcase")
    );
    assert!(!xml.contains("<failure"));
}

#[test]
fn formats_that_cannot_be_are_refused_before_the_work() {
    for arguments in [
        vec!["--format", "html", "127.0.0.1"],
        vec!["--format", "json", "127.0.0.1"],
        vec![
            "--format",
            "sarif",
            "--resume",
            "/nonexistent/state",
            "127.0.0.1",
        ],
        vec!["--resume", "/nonexistent/state", "127.0.0.1"],
        vec!["--rate", "0", "127.0.0.1"],
        vec!["127.0.0.0/33"],
        vec!["@/nonexistent/list"],
        vec![],
    ] {
        let (status, stdout, stderr) = scan(&arguments, "");
        assert!(matches!(status, 2 | 3), "{arguments:?}: {status}");
        assert!(stdout.is_empty() && !stderr.is_empty(), "{arguments:?}");
    }
    let (status, ..) = scan(&["--format", "csv"], "");
    assert_eq!(status, 2);
    let output = rdpdoctor()
        .args(["check", "--format", "csv", "127.0.0.1"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
}

/// A glance sees less than a check and must never see something else: what it calls healthy is healthy as far as it
/// looked, and a cause that it names is the one.
#[test]
fn a_scan_is_never_wrong_about_a_scenario() {
    let playable = |scenario: &Scenario| {
        loopback::in_memory_only(scenario).is_none()
            && scenario.told.is_empty()
            && scenario.client.offers == model::ClientProfile::default().offers
            && scenario.network.address.len() <= 1
            && !scenario.id.starts_with("resolve/")
            && !scenario.id.starts_with("reach/")
    };
    let lab = Lab::of(scenario::all().unwrap().into_iter().filter(playable));
    assert!(
        lab.addresses.len() > 60,
        "{} scenarios",
        lab.addresses.len()
    );
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("hosts.csv");
    let rows: Vec<String> = lab
        .addresses
        .iter()
        .map(|(scenario, address)| format!("{address},{}", scenario.id))
        .collect();
    std::fs::write(&list, rows.join("\n")).unwrap();
    let list = format!("@{}", Path::new(&list).display());
    let arguments = ["--format", "jsonl", "--per-subnet", "8", &list];
    let (_, stdout, stderr) = scan(&arguments, "");
    assert_eq!(stderr, "");
    let told: BTreeMap<String, Value> = lines(&stdout)
        .into_iter()
        .map(|line| (line["target"]["name"].as_str().unwrap().to_owned(), line))
        .collect();
    assert_eq!(told.len(), lab.addresses.len());
    let mut wrong = Vec::new();
    for (scenario, _) in &lab.addresses {
        let line = &told[&scenario.id];
        let outcome = line["outcome"].as_str().unwrap();
        let expect = &scenario.expect;
        // A busy machine answers late, and that is told.
        let slow = line["cause"]
            .as_str()
            .is_some_and(|cause| cause.contains("slow"));
        if expect.outcome == Outcome::Healthy && outcome != "healthy" && !slow {
            wrong.push(format!(
                "{}: healthy, told {outcome}: {}",
                scenario.id, line["summary"]
            ));
        }
        // What shows only behind the server's first flight is not seen, and not denied.
        let unseen = [
            "authenticate/",
            "settings/",
            "license/",
            "session/",
            "activate/",
        ];
        let behind = unseen.iter().any(|rung| scenario.id.starts_with(rung));
        if let (Some(cause), false) = (line["cause"].as_str(), behind || slow) {
            let family = line["findings"]
                .as_array()
                .unwrap()
                .iter()
                .find(|finding| finding["cause"] == cause)
                .map(|finding| finding["family"].as_str().unwrap().to_owned());
            let same = expect.top.as_deref() == Some(cause)
                || family == expect.family
                || expect.or.iter().any(|other| other == cause);
            if !same {
                wrong.push(format!("{}: {:?}, told {cause}", scenario.id, expect.top));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "{}", wrong.join("\n"));
}
