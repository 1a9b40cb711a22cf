//! The output of commands that people paste: what the words that are the same in every language say.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use model::target::RDP_PORT;
use model::{Fact, HostName, Phase, Place, SettingValue, Source};

use super::certutil::Store;
use crate::firewall::Rules;
use crate::registry::{Value, key_of};

/// Services that matter.
const SERVICES: &[&str] = &[
    "TermService",
    "SessionEnv",
    "UmRdpService",
    "TermDD",
    "KeyIso",
    "TSGateway",
    "Tssdis",
    "RDMS",
    "MpsSvc",
    "W32Time",
    "Netlogon",
    "xrdp",
    "xrdp-sesman",
    "gnome-remote-desktop",
    "guacd",
];
/// Answers that are kept.
const MOST_ANSWERS: usize = 2000;

/// A socket that takes connections.
#[derive(Debug)]
struct Listening {
    at: SocketAddr,
    process: Option<u32>,
    program: Option<String>,
}

/// What pasted outputs of commands tell, while they are read.
#[derive(Debug, Default)]
pub struct Commands {
    facts: Vec<Fact>,
    tests: BTreeMap<(String, u16, bool), u32>,
    /// A list of properties of Test-NetConnection that is not yet complete.
    host: String,
    port: Option<u16>,
    /// A warning of Test-NetConnection whose list of properties did not come yet.
    warned: Option<(String, u16)>,
    listening: Vec<Listening>,
    listed: bool,
    /// A connection to Remote Desktop elsewhere is among them: the list is that of a client.
    connects: bool,
    /// The last row of a list was a listener, and the rows behind it may name its program.
    unnamed: bool,
    service: String,
    starts: String,
    running: Option<bool>,
    unit: String,
    /// The name of the object whose properties are being listed.
    object: String,
    /// Rows of the answer of `sc`, from which their order tells the state.
    rows: u32,
    number: Option<u32>,
    /// Rows with leaders of dots, as `ipconfig` has them.
    leaders: u32,
    key: String,
    sessions: bool,
    listener: bool,
    store: Store,
    rules: Rules,
    /// The value that a policy sets, in the list of `gpresult`.
    policy: Option<(String, String)>,
    /// The command was recognised by what it always writes, whether it tells anything or not.
    recognised: bool,
}

impl Commands {
    /// Reads a line.
    pub fn line(&mut self, text: &str) {
        let line = text.trim();
        if line.is_empty() {
            return;
        }
        self.property(line);
        self.listeners(line);
        self.services(text, line);
        self.query(text, line);
        self.sessions(text);
        self.probes(line);
        self.leaders(text);
        self.tickets(line);
        self.store.line(line, &mut self.facts);
        if self.facts.len() < MOST_ANSWERS {
            self.rules.line(text, &mut self.facts);
            self.policies(line);
        }
    }

    /// `gpresult /z`: the path of a value, and in the next line its bytes as decimal numbers.
    fn policies(&mut self, line: &str) {
        let Some((_, value)) = line.split_once(": ") else {
            return;
        };
        let value = value.trim();
        let folded = value.to_ascii_lowercase();
        if folded.starts_with(r"software\") || folded.starts_with(r"system\") {
            self.policy = value
                .rsplit_once('\\')
                .map(|(key, name)| (format!(r"HKLM\{key}"), name.to_owned()));
            return;
        }
        let Some((key, name)) = self.policy.take() else {
            return;
        };
        let bytes: Option<Vec<u8>> = value
            .split(',')
            .map(|byte| byte.trim().parse().ok())
            .collect();
        let Some([a, b, c, d]) = bytes.as_deref() else {
            return;
        };
        let value = SettingValue::Number(u64::from(u32::from_le_bytes([*a, *b, *c, *d])));
        if key_of(&key).is_some_and(|about| about.wants(&name, &value)) {
            self.facts.push(Fact::SettingFound {
                key,
                name,
                value,
                policy: true,
            });
        }
    }

    /// Ends the reading.
    pub fn finish(&mut self) {
        self.service_told();
        if let Some((host, port)) = self.warned.take() {
            self.tested(host, port, false);
        }
        self.store.finish(&mut self.facts);
        let listening = std::mem::take(&mut self.listening);
        // Whose list it is, it does not say; that of a client tells nothing of the host.
        if self.listed && !self.connects && !listening.iter().any(|one| one.at.port() == RDP_PORT) {
            self.facts.push(Fact::ListenerMissing { port: RDP_PORT });
        }
        for Listening {
            at,
            process,
            program,
        } in listening
        {
            if matches!(at.port(), 3388..=3392) || at.port() == 443 {
                self.facts.push(Fact::ListenerFound {
                    at,
                    process,
                    program,
                });
            }
        }
        self.listed = false;
        self.unnamed = false;
        if self.sessions {
            self.facts.push(Fact::ServiceFound {
                name: "rdp-tcp".to_owned(),
                running: Some(self.listener),
                starts: String::new(),
            });
            self.sessions = false;
        }
    }

    /// Something was understood.
    pub fn knows_something(&self) -> bool {
        self.recognised || !self.facts.is_empty() || !self.tests.is_empty()
    }

    /// Everything understood, with its source and rung.
    pub fn told(self) -> Vec<(Source, Option<Place>, Fact)> {
        let tests = self
            .tests
            .into_iter()
            .map(|((host, port, opened), times)| Fact::PortTested {
                host: HostName(host),
                port,
                opened,
                times,
            });
        self.facts
            .into_iter()
            .chain(tests)
            .take(MOST_ANSWERS)
            .map(|fact| {
                let (source, place) = match fact {
                    Fact::SettingFound { .. } => (Source::Registry, None),
                    Fact::PortTested { .. } => (Source::Log, Some(Place::host(Phase::Tcp))),
                    _ => (Source::Log, None),
                };
                (source, place, fact)
            })
            .collect()
    }

    /// Properties as PowerShell lists them: `Name : value`, in English everywhere.
    fn property(&mut self, line: &str) {
        let Some((name, value)) = line.split_once(':') else {
            return;
        };
        let value = value.trim();
        match name.trim() {
            "Name" => value.clone_into(&mut self.object),
            "Status" if known_service(&self.object) && matches!(value, "Running" | "Stopped") => {
                let name = std::mem::take(&mut self.object);
                self.facts.push(Fact::ServiceFound {
                    name,
                    running: Some(value == "Running"),
                    starts: String::new(),
                });
            }
            "ComputerName" => value.clone_into(&mut self.host),
            "RemoteAddress" if self.host.is_empty() => value.clone_into(&mut self.host),
            "RemotePort" => self.port = value.parse().ok(),
            "TcpTestSucceeded" => {
                self.warned = None;
                if let (Some(port), "True" | "False") = (self.port.take(), value) {
                    let host = std::mem::take(&mut self.host);
                    self.tested(host, port, value == "True");
                }
            }
            _ => {}
        }
    }

    fn tested(&mut self, host: String, port: u16, opened: bool) {
        if self.tests.len() < MOST_ANSWERS {
            *self.tests.entry((host, port, opened)).or_insert(0) += 1;
        }
    }

    /// `netstat`, whose states are translated but whose foreign address of a listener is not, `ss`, `lsof` and
    /// `Get-NetTCPConnection`.
    fn listeners(&mut self, line: &str) {
        let words: Vec<&str> = line.split_ascii_whitespace().take(12).collect();
        // `netstat -b` names the program in brackets, below its socket and the service.
        if std::mem::take(&mut self.unnamed)
            && let [word] = words.as_slice()
        {
            match word
                .strip_prefix('[')
                .and_then(|word| word.strip_suffix(']'))
            {
                Some(program) => {
                    if let Some(last) = self.listening.last_mut() {
                        last.program = Some(program.to_owned());
                    }
                }
                None => self.unnamed = true,
            }
            return;
        }
        self.connects |= connects(&words);
        let (local, process, program) = match words.as_slice() {
            // What is bound and neither listens nor speaks; the word is the program's own and is not translated.
            ["TCP", _, _, "BOUND", ..] => return,
            ["TCP", local, foreign, rest @ ..] if foreign.ends_with(":0") && rest.len() < 5 => {
                self.unnamed = true;
                let process = rest.iter().find_map(|word| word.parse().ok());
                (*local, process, None)
            }
            [
                "tcp" | "tcp6" | "tcp4" | "tcp46",
                _,
                _,
                local,
                "0.0.0.0:*" | ":::*" | "*.*",
                rest @ ..,
            ] => {
                let owner = rest.iter().find_map(|word| {
                    let (number, program) = word.split_once('/')?;
                    Some((number.parse().ok()?, program.trim_end_matches(':')))
                });
                (
                    *local,
                    owner.map(|(number, _)| number),
                    owner.map(|(_, program)| program),
                )
            }
            // Address and port stand apart.
            [local, port, "0.0.0.0" | "::", "0", "Listen", rest @ ..] => {
                if let (Ok(address), Ok(port)) = (local.parse::<IpAddr>(), port.parse::<u16>()) {
                    let process = rest.last().and_then(|word| word.parse().ok());
                    self.listens(SocketAddr::new(address, port), process, None);
                }
                return;
            }
            ["LISTEN", _, _, local, _, ..] | ["tcp", "LISTEN", _, _, local, _, ..] => (
                *local,
                line.split_once("pid=")
                    .and_then(|(_, rest)| rest.split([',', ')']).next())
                    .and_then(|number| number.parse().ok()),
                line.split_once("((\"")
                    .and_then(|(_, rest)| rest.split('"').next()),
            ),
            // Its names of programs are cut.
            [program, process, .., "TCP", local, "(LISTEN)"] => {
                (*local, process.parse().ok(), Some(*program))
            }
            _ => return,
        };
        let Some((host, port)) = local.rsplit_once(':') else {
            return;
        };
        let port = match port {
            "ms-wbt-server" => RDP_PORT,
            "https" => 443,
            // Other ports with names are no concern, but the list was there.
            other => match other.parse() {
                Ok(port) => port,
                Err(_) => {
                    self.listed |= other
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || b == b'-');
                    return;
                }
            },
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let host = host.split('%').next().unwrap_or(host);
        let address: IpAddr = match host {
            "*" => IpAddr::from([0, 0, 0, 0]),
            "::" | "" => IpAddr::from([0_u16; 8]),
            other => match other.parse() {
                Ok(address) => address,
                Err(_) => return,
            },
        };
        self.listens(
            SocketAddr::new(address, port),
            process,
            program.map(str::to_owned),
        );
    }

    fn listens(&mut self, at: SocketAddr, process: Option<u32>, program: Option<String>) {
        self.listed = true;
        if self.listening.len() < MOST_ANSWERS {
            self.listening.push(Listening {
                at,
                process,
                program,
            });
        } else {
            self.unnamed = false;
        }
    }

    /// `sc query`, `sc qc`, `Get-Service` and `systemctl status`.
    fn services(&mut self, text: &str, line: &str) {
        // The name of the first row is translated in some languages; it stands at the margin and has no blanks.
        if let Some((label, name)) = text.split_once(':')
            && label == label.to_uppercase()
            && label.contains('_')
            && !label.contains(' ')
            && (label == "SERVICE_NAME" || known_service(name.trim()))
        {
            self.service_told();
            name.trim().clone_into(&mut self.service);
            self.rows = 0;
            return;
        }
        self.translated(text, line);
        // The words are translated in some languages, the numbers never.
        let number = |line: &str| -> Option<u32> {
            let (_, value) = line.split_once(':')?;
            value.split_ascii_whitespace().next()?.parse().ok()
        };
        if line.starts_with("STATE") && !self.service.is_empty() {
            self.running = number(line).map(|state| state == 4);
        }
        if line.starts_with("START_TYPE") && !self.service.is_empty() {
            self.starts = match number(line) {
                Some(0) => "boot",
                Some(1) => "system",
                Some(2) => "automatic",
                Some(3) => "manual",
                Some(4) => "disabled",
                _ => "",
            }
            .to_owned();
        }
        let mut words = line.split_ascii_whitespace();
        if let (Some(state @ ("Running" | "Stopped")), Some(name)) = (words.next(), words.next())
            && known_service(name)
        {
            self.facts.push(Fact::ServiceFound {
                name: name.to_owned(),
                running: Some(state == "Running"),
                starts: String::new(),
            });
        }
        self.managed(line);
        if let Some((_, unit)) = text
            .split_once('●')
            .or_else(|| text.split_once('○'))
            .or_else(|| text.split_once('×'))
        {
            let unit = unit.split_ascii_whitespace().next().unwrap_or("");
            unit.trim_end_matches(".service").clone_into(&mut self.unit);
        }
        if let Some(state) = line.strip_prefix("Active:")
            && known_service(&self.unit)
        {
            let name = std::mem::take(&mut self.unit);
            self.facts.push(Fact::ServiceFound {
                name,
                running: Some(state.trim_start().starts_with("active")),
                starts: String::new(),
            });
        }
    }

    /// Tables of Win32_Service: start mode and state stand side by side, in English, and the name before or
    /// behind them.
    fn managed(&mut self, line: &str) {
        let words: Vec<&str> = line.split_ascii_whitespace().take(40).collect();
        let found = words.windows(2).enumerate().find_map(|(at, pair)| {
            let starts = match pair.first().copied()? {
                "Auto" => "automatic",
                "Manual" => "manual",
                "Disabled" => "disabled",
                _ => return None,
            };
            let running = match pair.last().copied()? {
                "Running" => true,
                "Stopped" => false,
                _ => return None,
            };
            let before = at.checked_sub(1).and_then(|at| words.get(at));
            let name = words
                .get(at + 2)
                .into_iter()
                .chain(before)
                .find(|name| known_service(name))?;
            Some((*name, running, starts))
        });
        if let Some((name, running, starts)) = found {
            self.facts.push(Fact::ServiceFound {
                name: name.to_owned(),
                running: Some(running),
                starts: starts.to_owned(),
            });
        }
    }

    /// Rows of `sc` in a language that translates their names: type, then state or start, then for a state the exit
    /// code with its number in brackets.
    fn translated(&mut self, text: &str, line: &str) {
        if self.service.is_empty() || !text.starts_with([' ', '\t']) {
            return;
        }
        let Some((label, value)) = line.split_once(':') else {
            return;
        };
        if matches!(
            label.trim(),
            "STATE" | "START_TYPE" | "WIN32_EXIT_CODE" | "ERROR_CONTROL"
        ) {
            return;
        }
        let number = value
            .split_ascii_whitespace()
            .next()
            .and_then(|word| word.parse::<u32>().ok());
        if number.is_some() {
            self.rows += 1;
        }
        match (self.rows, number) {
            (2, Some(_)) => self.number = number,
            (3, Some(_)) => {
                let second = self.number.take();
                if value.contains("(0x") {
                    self.running = self.running.or(second.map(|state| state == 4));
                } else if self.starts.is_empty() {
                    self.starts = match second {
                        Some(2) => "automatic",
                        Some(3) => "manual",
                        Some(4) => "disabled",
                        _ => "",
                    }
                    .to_owned();
                }
            }
            _ => {}
        }
    }

    /// `ipconfig /all`: the first row with a leader of dots is the name of the machine, in every language.
    fn leaders(&mut self, text: &str) {
        let Some(value) = led_to(text) else {
            return;
        };
        self.leaders += 1;
        let plain = value
            .split(['(', '%'])
            .next()
            .unwrap_or(value)
            .parse::<IpAddr>();
        let name = match plain {
            _ if self.leaders == 1 => "ComputerName",
            Ok(address) if !address.is_loopback() => "Address",
            _ => return,
        };
        if self.facts.len() < MOST_ANSWERS {
            self.facts.push(Fact::SettingFound {
                key: "ipconfig".to_owned(),
                name: name.to_owned(),
                value: SettingValue::Text(value.split('(').next().unwrap_or(value).to_owned()),
                policy: false,
            });
        }
    }

    /// `klist`: a ticket for a service of Remote Desktop.
    fn tickets(&mut self, line: &str) {
        // Whose tickets they are, and how many, stands in every language behind the same signs.
        self.recognised |= line.split_once(" 0:0x").is_some_and(|(_, number)| {
            !number.is_empty() && number.chars().all(|c| c.is_ascii_hexdigit())
        }) || line.contains("Server: krbtgt/");
        if let Some((_, rest)) = line.split_once("TERMSRV/")
            && let Some((service, realm)) = rest.split_once(" @ ")
            && self.facts.len() < MOST_ANSWERS
        {
            self.facts.push(Fact::SettingFound {
                key: "klist".to_owned(),
                name: "Ticket".to_owned(),
                value: SettingValue::Text(format!(
                    "TERMSRV/{} @ {}",
                    service.trim(),
                    realm.split_ascii_whitespace().next().unwrap_or("")
                )),
                policy: false,
            });
        }
    }

    fn service_told(&mut self) {
        let name = std::mem::take(&mut self.service);
        let starts = std::mem::take(&mut self.starts);
        let running = self.running.take();
        if known_service(&name) && (running.is_some() || !starts.is_empty()) {
            self.facts.push(Fact::ServiceFound {
                name,
                running,
                starts,
            });
        }
    }

    /// `reg query`: a key alone in its line, then values with their types.
    fn query(&mut self, text: &str, line: &str) {
        if line.starts_with("HKEY_") && !text.starts_with([' ', '\t']) {
            line.clone_into(&mut self.key);
            return;
        }
        if self.key.is_empty() || !text.starts_with([' ', '\t']) {
            return;
        }
        let Some((name, kind, data)) = [
            "REG_DWORD",
            "REG_SZ",
            "REG_EXPAND_SZ",
            "REG_MULTI_SZ",
            "REG_QWORD",
        ]
        .iter()
        .find_map(|kind| {
            let (name, data) = line.split_once(&format!("  {kind}"))?;
            Some((name.trim(), *kind, data.trim()))
        }) else {
            return;
        };
        let value = match kind {
            "REG_DWORD" | "REG_QWORD" => {
                let digits = data.trim_start_matches("0x");
                match u64::from_str_radix(digits, 16) {
                    Ok(number) => SettingValue::Number(number),
                    Err(_) => return,
                }
            }
            "REG_MULTI_SZ" => SettingValue::Texts(data.split("\\0").map(str::to_owned).collect()),
            _ => SettingValue::Text(data.to_owned()),
        };
        let value = Value {
            key: crate::registry::written(&self.key),
            name: name.to_owned(),
            value,
        };
        if key_of(&value.key).is_some_and(|key| key.wants(&value.name, &value.value))
            && self.facts.len() < MOST_ANSWERS
        {
            self.facts.push(Fact::SettingFound {
                policy: value.key.to_ascii_lowercase().contains(r"\policies\"),
                key: value.key,
                name: value.name,
                value: value.value,
            });
        }
    }

    /// `qwinsta`: the listener is a session of its own, with a number from 65536.
    fn sessions(&mut self, text: &str) {
        let mut words = text.trim_start_matches([' ', '>']).split_ascii_whitespace();
        let name = words.next().unwrap_or("");
        let numbers: Vec<u32> = words.take(3).filter_map(|word| word.parse().ok()).collect();
        if name == "services" && numbers.first() == Some(&0) {
            self.sessions = true;
        }
        if name.to_ascii_lowercase().starts_with("rdp-tcp")
            && !name.contains('#')
            && numbers.iter().any(|&number| number >= 65_536)
        {
            self.sessions = true;
            self.listener = true;
        }
    }

    /// `nc -v` and scripts around it.
    fn probes(&mut self, line: &str) {
        // "Connection to srv 3389 port [tcp/*] succeeded!"
        if let Some(rest) = line.strip_prefix("Connection to ") {
            let words: Vec<&str> = rest.split_ascii_whitespace().collect();
            if let [host, port, "port", .., "succeeded!"] = words.as_slice()
                && let Ok(port) = port.parse()
            {
                self.tested((*host).to_owned(), port, true);
            }
        }
        // "nc: connect to srv port 3389 (tcp) failed: Connection refused"
        if let Some((_, rest)) = line.split_once("connect to ")
            && line.starts_with("nc: ")
        {
            let words: Vec<&str> = rest.split_ascii_whitespace().collect();
            if let [host, "port", port, "(tcp)", "failed:", ..] = words.as_slice()
                && let Ok(port) = port.parse()
            {
                self.tested((*host).to_owned(), port, false);
            }
        }
        // "WARNING: TCP connect to (192.0.2.7 : 3389) failed", of which the first word is translated. The list of
        // properties that follows says it again.
        if let Some((_, rest)) = line.split_once("TCP connect to (")
            && let Some((host, rest)) = rest.split_once(" : ")
            && let Some(port) = rest.strip_suffix(") failed")
            && let Ok(port) = port.parse()
        {
            self.warned = Some((host.trim().to_owned(), port));
        }
        if let Some((_, rest)) = line.split_once("TCP Port ")
            && let Some((port, host)) = rest.split_once(" is closed or filtered on ")
            && let Ok(port) = port.parse()
        {
            self.tested(host.trim().to_owned(), port, false);
        }
    }
}

/// The value of a row of `ipconfig`, to which dots lead: `   Host Name . . . : SRV`, in some languages `. . .: SRV`.
pub fn led_to(text: &str) -> Option<&str> {
    let (name, value) = text.split_once(": ")?;
    let name = name.trim_end();
    let value = value.trim();
    (text.starts_with("   ") && name.ends_with('.') && name.contains(". .") && !value.is_empty())
        .then_some(value)
}

fn known_service(name: &str) -> bool {
    SERVICES
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
}

/// A row of `netstat` or `ss` tells of a connection from here to Remote Desktop elsewhere: two ends stand side by side.
fn connects(words: &[&str]) -> bool {
    let is_rdp = |end: &str| end.ends_with(":3389") || end.ends_with(":ms-wbt-server");
    let is_of_tcp = matches!(words.first(), Some(&("TCP" | "tcp" | "tcp6" | "ESTAB")));
    is_of_tcp
        && words.windows(2).any(|pair| {
            matches!(pair, [local, foreign] if local.contains(':') && is_rdp(foreign) && !is_rdp(local))
        })
}
