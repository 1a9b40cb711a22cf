//! Where names stand: fields whose meaning is known, and phrases of logs and commands after which a name comes.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::{Kind, Redactor};

/// What a phrase is followed by.
#[derive(Clone, Copy)]
enum What {
    Host,
    User,
    Domain,
    Organisation,
    Identity,
}

/// So many they are.
const NUMBER_OF_PHRASES: usize = 39;

/// Phrases of logs and of the output of commands; the name is their first group.
static PHRASES: LazyLock<Vec<(Regex, What)>> = LazyLock::new(|| {
    [
        // xrdp and its session manager
        (r"\busername (\S+?)(?:,|$| )", What::User),
        (r"(?i)\buser(?:name)?=([^\s,;]+)", What::User),
        (
            r"(?i)\b(?:user|username|login name|user name)\s*: (\S+)",
            What::User,
        ),
        (r"\b(?:for|of) user(?:: ?'?| ')([^\s',]+)", What::User),
        (r"Access permitted for user: (\S+)", What::User),
        (
            r"Username okay but group problem for user: (\S+)",
            What::User,
        ),
        (r"Connected client computer name: (\S+)", What::Host),
        (r"\bhost(?:name)?[ =:]+'?([\w.-]+\.[\w-]+)", What::Host),
        (
            r"(?i)^\s*(?:host|server|servername|hostname)\s*=\s*(\S+)",
            What::Host,
        ),
        // FreeRDP
        (r"\bCN ?= ?([^,/+]+?)(?:,|/|$|\s\s)", What::Host),
        (
            r"(?i)^[\[\d:\]\s]*.*Common Name \(CN\):\s*(\S+)",
            What::Host,
        ),
        (r"crypto\] - \t(\S+)$", What::Host),
        (
            r"\bhostname used for this connection \(([^):]+)",
            What::Host,
        ),
        (r"(?:^|\s)/u:(\S+)", What::User),
        (r"(?:^|\s)/d:(\S+)", What::Domain),
        (r"(?:^|\s)/(?:v|g):(\S+)", What::Host),
        (r"\bO ?= ?([^,/+]+?)(?:,|/|$)", What::Organisation),
        (r"\bOU ?= ?([^,/+]+?)(?:,|/|$)", What::Organisation),
        (r"(?:^|[,/ ])(?:emailAddress|E) ?= ?([^,/+\s]+)", What::User),
        // paths and shares
        (r"/home/([^/\s:.][^/\s:]*)", What::User),
        (r"(?i)[A-Z]:\\Users\\([^\\\s]+)", What::User),
        (r"\\\\([A-Za-z0-9][\w.-]+)", What::Host),
        (
            r"(?i)\b(?:TERMSRV|HOST|RestrictedKrbHost|cifs|http|ldap|krbtgt)/([\w.-]+)",
            What::Host,
        ),
        (
            r"(?i)\\Terminal Server Client\\(?:Servers\\)?([\w-]+(?:\.[\w-]+)+)",
            What::Host,
        ),
        (
            r"(?i)\\Terminal Server Client\\Servers\\([^\\\s]+)",
            What::Host,
        ),
        // syslog and the journal
        (
            r"^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d ([\w.-]+) \S+[:\[]",
            What::Host,
        ),
        (
            r"^\d{4}-\d\d-\d\dT[\d:.+Z-]+ ([\w.-]+) \S+[:\[]",
            What::Host,
        ),
        (
            r#"^_HOSTNAME=(\S+)|"_HOSTNAME"\s*:\s*"([^"]+)""#,
            What::Host,
        ),
        (
            r#"^_MACHINE_ID=(\S+)|"_MACHINE_ID"\s*:\s*"([^"]+)""#,
            What::Identity,
        ),
        // commands
        (
            r"^(?:ComputerName|PSComputerName|SourceMachine)\s*: (\S+)",
            What::Host,
        ),
        (r"\b(\S+) @ [A-Z][A-Z0-9.-]+\b", What::User),
        (r" @ ([A-Z][A-Z0-9.-]+)\b", What::Domain),
        (
            r"^[ >](?:console|rdp-tcp#\d+| {10,17})\s+(\S*\D\S*)\s+\d{1,5}\s+\S+",
            What::User,
        ),
        (r"(?i)^(?:search|domain)\s+(\S+)", What::Domain),
        (
            r"(?i)full address:s:(\S+)|gatewayhostname:s:(\S+)|alternate full address:s:(\S+)",
            What::Host,
        ),
        (r"(?i)^username:s:(\S+)", What::User),
        (r"(?i)^domain:s:(\S+)", What::Domain),
        // certutil, openssl
        (r"(?i)^\s*DNS(?: Name)?[=:]\s*(\S+)", What::Host),
        (r"DNS:([\w.*-]+)", What::Host),
    ]
    .into_iter()
    .filter_map(|(phrase, what)| Some((super::text::plain(phrase)?, what)))
    .collect()
});

/// Every phrase is there.
pub(super) fn are_ready() -> bool {
    PHRASES.len() == NUMBER_OF_PHRASES
}

impl Redactor {
    /// Learns the names of a text: after phrases that introduce one, and by their form.
    pub fn learn_text(&mut self, text: &str) {
        let mut leaders = 0_u32;
        for line in text.lines() {
            self.addresses(line);
            for (phrase, what) in PHRASES.iter() {
                for found in phrase.captures_iter(line) {
                    if let Some(name) = found.iter().skip(1).flatten().next() {
                        self.known(*what, name.as_str());
                    }
                }
            }
            // `ipconfig /all` begins with the name of the machine and its domain, in every language.
            if let Some(value) = intake::logs::led_to(line) {
                leaders += 1;
                match leaders {
                    1 => self.host(value),
                    2 if value.contains('.') => self.domain(value),
                    _ => {}
                }
            }
        }
    }

    fn known(&mut self, what: What, name: &str) {
        match what {
            What::Host => self.host(name),
            What::User => self.user(name),
            What::Domain => self.domain(name),
            What::Organisation if name.len() < 80 && name.len() > 3 => {
                self.learn(Kind::Organisation, name.trim());
            }
            What::Organisation => {}
            What::Identity => self.learn(Kind::Identity, name),
        }
    }

    /// Learns the names in a report, in evidence, or in another document of ours.
    pub fn learn_json(&mut self, value: &Value) {
        match value {
            Value::Object(map) => {
                let event = map
                    .get("provider")
                    .and_then(Value::as_str)
                    .zip(map.get("id").and_then(Value::as_u64));
                if let (Some((provider, id)), Some(Value::Object(fields))) =
                    (event, map.get("fields"))
                {
                    for (name, value) in fields {
                        if let Value::String(value) = value {
                            self.field(provider, id, name, value);
                        }
                    }
                }
                if let (Some(name), Some(value)) = (
                    map.get("name").and_then(Value::as_str),
                    map.get("value")
                        .and_then(|value| value.get("text"))
                        .and_then(Value::as_str),
                ) {
                    self.named(name, value);
                }
                for (name, value) in map {
                    match value {
                        Value::String(text) => {
                            self.named(name, text);
                            self.learn_text(text);
                        }
                        Value::Array(list) => {
                            for text in list.iter().filter_map(Value::as_str) {
                                self.named(name, text);
                            }
                            self.learn_json(value);
                        }
                        other => self.learn_json(other),
                    }
                }
            }
            Value::Array(list) => {
                for value in list {
                    self.learn_json(value);
                }
            }
            Value::String(text) => self.learn_text(text),
            _ => {}
        }
    }

    /// Learns the value of a field of an event.
    pub fn field(&mut self, provider: &str, id: u64, name: &str, value: &str) {
        match (provider.rsplit('-').next().unwrap_or(provider), id, name) {
            ("RemoteConnectionManager", 1149, "Param1") => self.user(value),
            ("RemoteConnectionManager", 1149, "Param2") => self.domain(value),
            ("ClientActiveXCore", 1024, "Value") => self.host(value),
            ("ClientActiveXCore", 1027, _) => self.domain(value),
            _ => self.named(name, value),
        }
        self.learn_text(value);
    }

    /// Learns a value by the name it stands under.
    fn named(&mut self, name: &str, value: &str) {
        let folded: String = name
            .chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect();
        match folded.as_str() {
            "host"
            | "computer"
            | "computername"
            | "dnscomputer"
            | "netbioscomputer"
            | "clientname"
            | "workstationname"
            | "workstation"
            | "machinename"
            | "hostname"
            | "fulladdress"
            | "alternatefulladdress"
            | "gateway"
            | "gatewayhostname"
            | "targetservername"
            | "servername"
            | "dnsnames"
            | "commonname"
            | "teller"
            | "tellers"
            | "resource"
            | "connectionresource"
            | "activecomputername"
            | "nvhostname"
            | "clientmachine"
            | "usernamehintserver"
            | "defaultgateway"
            | "lastserver"
            | "kdc"
                if !value.contains(['/', ' ']) =>
            {
                self.host(value);
            }
            "dnsdomain" | "netbiosdomain" | "dnsforest" | "targetdomainname"
            | "subjectdomainname" | "domain" | "domainname" | "nvdomain" | "dhcpdomain"
            | "searchlist" | "defaultdomainname" | "realm" | "otherrealm" | "primarydomainname"
            | "accountdomain"
                if !value.contains(' ') =>
            {
                // Domains of the system's own accounts carry translated names with blanks.
                for domain in value.split(',') {
                    self.domain(domain);
                }
            }
            "targetusername"
            | "subjectusername"
            | "accountname"
            | "username"
            | "user"
            | "usernamehint"
            | "defaultusername"
            | "lastuser"
            | "lastusedusername"
            | "callingstationuser"
            | "targetoutboundusername"
                if value.split_whitespace().count() <= 2 =>
            {
                // More words than two are those of a language, not a name.
                self.user(value);
            }
            _ => {}
        }
    }
}
