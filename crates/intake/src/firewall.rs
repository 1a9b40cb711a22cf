//! Rules of the Windows firewall that let Remote Desktop in, from the registry and from the lists that `netsh` and
//! `Get-NetFirewallRule` write: by their identity, port and order, because their words are translated.

use model::{Fact, SettingValue};

/// The key under which a rule is told, so that it reads alike from every source.
const KEY: &str = "Windows Firewall";
/// The rules that come with Windows for the port of Remote Desktop over TCP; the older name is from before Windows 8.
const OWN: &[&str] = &["RemoteDesktop-UserMode-In-TCP", "RemoteDesktop-In-TCP"];
/// The port they are about.
const PORT: &str = "3389";
/// What stands where a rule of `netsh` is on, by language.
const YES: &[&str] = &[
    "yes", "ja", "oui", "sí", "si", "sì", "sim", "tak", "ano", "igen", "kyllä", "evet", "да",
    "はい", "是", "예",
];
/// What stands where it is off.
const NO: &[&str] = &[
    "no",
    "nein",
    "non",
    "não",
    "nie",
    "ne",
    "nem",
    "nej",
    "nee",
    "nei",
    "ei",
    "hayır",
    "нет",
    "いいえ",
    "否",
    "아니요",
];
/// What a rule of `netsh` that lets something in does.
const ALLOW: &[&str] = &[
    "allow",
    "zulassen",
    "autoriser",
    "permitir",
    "consenti",
    "toestaan",
    "zezwalaj",
    "povolit",
    "engedélyezés",
    "salli",
    "tillåt",
    "tillad",
    "tillat",
    "разрешить",
    "許可",
    "允许",
    "허용",
];
/// What a rule of `netsh` that keeps something out does.
const BLOCK: &[&str] = &[
    "block",
    "blockieren",
    "bloquer",
    "bloquear",
    "blocca",
    "blokkeren",
    "blokuj",
    "blokovat",
    "letiltás",
    "estä",
    "blockera",
    "bloker",
    "blokker",
    "блокировать",
    "ブロック",
    "阻止",
    "차단",
];

/// What a rule does with connections to Remote Desktop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Does {
    /// It is off, so it lets nothing in.
    Nothing,
    /// It lets them in.
    Allows,
    /// It keeps them out.
    Blocks,
}

impl Does {
    const fn of(on: bool, allows: bool) -> Option<Self> {
        match (on, allows) {
            (true, true) => Some(Self::Allows),
            (true, false) => Some(Self::Blocks),
            (false, true) => Some(Self::Nothing),
            // What would keep something out, and is off, does nothing of note.
            (false, false) => None,
        }
    }

    const fn number(self) -> u64 {
        match self {
            Self::Nothing => 0,
            Self::Allows => 1,
            Self::Blocks => 2,
        }
    }
}

/// A rule as it is told.
pub(crate) fn fact(rule: &str, does: Does, policy: bool) -> Fact {
    Fact::SettingFound {
        key: KEY.to_owned(),
        name: rule.to_owned(),
        value: SettingValue::Number(does.number()),
        policy,
    }
}

/// A rule as the registry holds it: `v2.30|Action=Allow|Active=FALSE|Dir=In|Protocol=6|LPort=3389|…`.
pub(crate) fn of_registry(name: &str, text: &str) -> Option<(String, Does)> {
    let has = |wanted: &str| {
        text.split('|')
            .any(|part| part.eq_ignore_ascii_case(wanted))
    };
    let about = has("Dir=In") && has("Protocol=6") && has("LPort=3389");
    let does = Does::of(has("Active=TRUE"), has("Action=Allow")).filter(|_| about)?;
    // A rule that somebody made has a number for a name; what it is called tells more.
    let called = text
        .split('|')
        .find_map(|part| part.strip_prefix("Name="))
        .filter(|_| name.starts_with('{'));
    Some((called.unwrap_or(name).to_owned(), does))
}

/// Lists of rules while they are read, line by line.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    /// The rule of `Get-NetFirewallRule` whose properties are being listed.
    name: Option<&'static str>,
    on: Option<bool>,
    /// The last line, which is the name of a rule of `netsh` when a rule of dashes follows.
    before: String,
    /// The rows of a rule of `netsh` behind its dashes.
    rows: Vec<String>,
    called: Option<String>,
}

/// Rows of a rule of `netsh`: whether it is on, then direction, profiles, group, addresses here and there, protocol,
/// ports here and there, edge, and what it does.
const ROWS: usize = 11;

impl Rules {
    /// Reads a line; what a rule does that ends with it goes into `facts`.
    pub(crate) fn line(&mut self, text: &str, facts: &mut Vec<Fact>) {
        let line = text.trim();
        self.table(line, facts);
        self.listed(line, facts);
        self.netsh(line, facts);
    }

    /// A row of a table or of CSV: the identity, and what is English everywhere.
    fn table(&self, line: &str, facts: &mut Vec<Fact>) {
        let words: Vec<&str> = line
            .split(|c: char| !(c.is_alphanumeric() || c == '-'))
            .filter(|word| !word.is_empty())
            .take(60)
            .collect();
        let Some(own) = OWN.iter().find(|own| words.contains(own)) else {
            return;
        };
        let has = |word: &str| words.contains(&word);
        let does = match (has("Allow"), has("Block"), has("True"), has("False")) {
            (true, false, on, off) if on != off => Does::of(on, true),
            (false, true, on, off) if on != off => Does::of(on, false),
            _ => None,
        };
        facts.extend(does.map(|does| fact(own, does, false)));
    }

    /// Properties one to a line, as PowerShell lists them, or as JSON, which has numbers for their words.
    fn listed(&mut self, line: &str, facts: &mut Vec<Fact>) {
        let Some((name, value)) = line.split_once(':') else {
            return;
        };
        let name = name.trim().trim_matches('"');
        let value = value.trim().trim_end_matches(',').trim_matches('"');
        match name {
            "Name" | "ID" | "InstanceID" => {
                let own = OWN.iter().copied().find(|own| *own == value);
                if own.is_none() && name != "Name" {
                    return;
                }
                if self.name != own {
                    self.on = None;
                }
                self.name = own;
            }
            "Enabled" => {
                self.on = match value {
                    "True" | "1" => Some(true),
                    "False" | "2" => Some(false),
                    _ => None,
                };
            }
            "Action" => {
                let allows = match value {
                    "Allow" | "2" => Some(true),
                    "Block" | "4" => Some(false),
                    _ => None,
                };
                if let (Some(own), Some(on), Some(allows)) =
                    (self.name.take(), self.on.take(), allows)
                {
                    facts.extend(Does::of(on, allows).map(|does| fact(own, does, false)));
                }
            }
            _ => {}
        }
    }

    fn netsh(&mut self, line: &str, facts: &mut Vec<Fact>) {
        if line.len() >= 40 && line.bytes().all(|byte| byte == b'-') {
            self.rows.clear();
            self.called = self
                .before
                .split_once(':')
                .map(|(_, name)| name.trim().chars().take(120).collect());
            return;
        }
        if line.is_empty() {
            self.called = None;
        }
        if self.called.is_some()
            && let Some((_, value)) = line.split_once(':')
        {
            self.rows.push(value.trim().to_lowercase());
            if self.rows.len() == ROWS {
                let called = self.called.take().unwrap_or_default();
                facts.extend(self.netsh_rule().map(|does| fact(&called, does, false)));
                self.rows.clear();
            }
        }
        self.before.clear();
        self.before.extend(line.chars().take(200));
    }

    fn netsh_rule(&self) -> Option<Does> {
        let row = |at: usize| self.rows.get(at).map_or("", String::as_str);
        let on = match row(0) {
            word if YES.contains(&word) => true,
            word if NO.contains(&word) => false,
            _ => return None,
        };
        let allows = match row(10) {
            word if ALLOW.contains(&word) => true,
            word if BLOCK.contains(&word) => false,
            _ => return None,
        };
        let about = row(6) == "tcp" && row(7).split(',').any(|port| port.trim() == PORT);
        Does::of(on, allows).filter(|_| about)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, u64)> {
        let (mut rules, mut facts) = (Rules::default(), Vec::new());
        for line in text.lines() {
            rules.line(line, &mut facts);
        }
        facts
            .into_iter()
            .map(|fact| match fact {
                Fact::SettingFound {
                    name,
                    value: SettingValue::Number(number),
                    ..
                } => (name, number),
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn the_registry_tells_what_a_rule_does() {
        let rule = |active: &str, rest: &str| {
            format!(
                "v2.30|Action=Allow|Active={active}|Dir=In|{rest}|LPort=3389|App=x|Name=@FirewallAPI.dll,-28775|"
            )
        };
        let own = "RemoteDesktop-UserMode-In-TCP";
        assert_eq!(
            of_registry(own, &rule("FALSE", "Protocol=6")),
            Some((own.to_owned(), Does::Nothing))
        );
        assert_eq!(
            of_registry(
                "{7A}",
                &rule("TRUE", "Protocol=6")
                    .replace("Allow", "Block")
                    .replace("@FirewallAPI.dll,-28775", "no rdp")
            ),
            Some(("no rdp".to_owned(), Does::Blocks))
        );
        assert_eq!(of_registry(own, &rule("TRUE", "Protocol=17")), None);
    }

    #[test]
    fn lists_of_powershell_are_read_in_every_form() {
        let own = || vec![("RemoteDesktop-UserMode-In-TCP".to_owned(), 0)];
        assert_eq!(
            read(
                "Name                  : RemoteDesktop-UserMode-In-TCP\nDisplayName           : Remotedesktop - Benutzermodus (TCP eingehend)\n\
                  Enabled               : False\nProfile               : Any\nDirection             : Inbound\nAction                : Allow\n"
            ),
            own()
        );
        assert_eq!(
            read(
                "RemoteDesktop-UserMode-In-TCP Remotedesktop - Benutzermodus (TCP eingehend) False Inbound Allow"
            ),
            own()
        );
        assert_eq!(
            read(
                "\"RemoteDesktop-UserMode-In-TCP\",\"Remotedesktop - Benutzermodus\",\"False\",\"Any\",\"Inbound\",\"Allow\""
            ),
            own()
        );
        assert_eq!(
            read(
                "{\n  \"Name\": \"RemoteDesktop-UserMode-In-TCP\",\n  \"ID\": \"RemoteDesktop-UserMode-In-TCP\",\n  \"Enabled\": 2,\n\
                  \"Profile\": 0,\n  \"Direction\": 1,\n  \"Action\": 2,\n}"
            ),
            own()
        );
        assert_eq!(
            read("Name : RemoteDesktop-Shadow-In-TCP\nEnabled : False\nAction : Allow\n"),
            []
        );
    }

    #[test]
    fn lists_of_netsh_are_read_by_their_order() {
        let rule = |name: &str, on: &str, port: &str, does: &str| {
            format!(
                "Regelname:                            {name}\n\
                 ----------------------------------------------------------------------\n\
                 Aktiviert:                            {on}\nRichtung:                             Eingehend\n\
                 Profile:                              Domäne,Privat,Öffentlich\nGruppierung:                          Remotedesktop\n\
                 Lokales IP:                           Beliebig\nRemote-IP:                            Beliebig\n\
                 Protokoll:                            TCP\nLokaler Port:                         {port}\n\
                 Remoteport:                           Beliebig\nEdgeausnahme:                         Nein\n\
                 Aktion:                               {does}\n\n"
            )
        };
        let text = rule("Remotedesktop - Benutzermodus", "Nein", "3389", "Zulassen")
            + &rule("kein RDP", "Ja", "80,3389", "Blockieren")
            + &rule("Web", "Ja", "443", "Zulassen")
            + &rule("other words", "Jawohl", "3389", "Zulassen");
        assert_eq!(
            read(&text),
            [
                ("Remotedesktop - Benutzermodus".to_owned(), 0),
                ("kein RDP".to_owned(), 2)
            ]
        );
    }
}
