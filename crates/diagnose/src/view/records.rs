//! What clues ask of event logs, other logs, settings and services.

use std::collections::BTreeMap;

use model::Fact;
use model::fact::SettingValue;

use model::codes::NegFailure;
use model::codes::error_info::ERRORINFO;
use model::codes::numbered;

use super::View;
use crate::cause::Reading;

impl<'e> View<'e> {
    /// A Windows event log holds one of these events.
    pub fn event(&self, expect: &[(&str, u32)]) -> Reading<'e> {
        self.any(|fact| match fact {
            Fact::EventLogged { provider, id, .. } => expect
                .iter()
                .any(|(name, number)| name == provider && number == id)
                .then_some(true),
            _ => None,
        })
    }

    /// An event with this number holds one of these numbers in a field, however it is written.
    pub fn event_with(
        &self,
        provider: &str,
        id: u32,
        fields: &[&str],
        expect: &[u32],
    ) -> Reading<'e> {
        self.any(|fact| match fact {
            Fact::EventLogged {
                provider: by,
                id: number,
                fields: held,
                ..
            } if by == provider && *number == id && !is_logon_elsewhere(held) => held
                .iter()
                .filter(|(name, _)| fields.contains(&name.as_str()))
                .filter_map(|(_, value)| number_in(value))
                .any(|value| expect.contains(&value))
                .then_some(true),
            _ => None,
        })
    }

    /// A domain controller's log tells that this host could not set up its secure channel. About every other machine
    /// it says the same, and that is no matter of the host.
    pub fn named_by_its_controller(&self) -> Reading<'e> {
        let asked = self.target().host.folded();
        let asked = asked.split('.').next().unwrap_or_default();
        self.any(|fact| match fact {
            Fact::EventLogged {
                provider,
                id: 5722 | 5805,
                fields,
                ..
            } if provider == "NETLOGON" && !asked.is_empty() => fields
                .values()
                .flat_map(|value| value.split_whitespace())
                .any(|word| {
                    let word = word.trim_end_matches('$');
                    word.split('.')
                        .next()
                        .unwrap_or_default()
                        .eq_ignore_ascii_case(asked)
                })
                .then_some(true),
            _ => None,
        })
    }

    /// Against, when a log counts at least half of the connections as having come to a session.
    pub fn sessions_reached(&self) -> Reading<'e> {
        self.any(|fact| match fact {
            Fact::ConnectionsLogged {
                seen,
                reached_session,
                ..
            } if *seen > 0 && reached_session.saturating_mul(2) >= *seen => Some(false),
            _ => None,
        })
    }

    /// The port of the listener was set to another one than the target's, as a watch on the registry logged.
    pub fn listener_port_set(&self) -> Reading<'e> {
        let asked = u32::from(self.port());
        self.any(|fact| match fact {
            Fact::EventLogged {
                provider,
                id: 13,
                fields,
                ..
            } if provider == "Microsoft-Windows-Sysmon"
                && fields.get("TargetObject").is_some_and(|key| {
                    key.to_ascii_lowercase().ends_with(r"\rdp-tcp\portnumber")
                }) =>
            {
                let set = fields.get("Details")?;
                let digits = set.trim_start_matches("DWORD (").trim_end_matches(')');
                Some(number_in(digits)? != asked)
            }
            _ => None,
        })
    }

    /// The log of a client holds this refusal of the negotiation, and the client failed because of one in the end: it
    /// may have offered something else first.
    pub fn log_of_refusal(&self, code: NegFailure) -> Reading<'e> {
        let failed = self.seen().any(|observation| {
            matches!(&observation.fact, Fact::LogSaid { symbol, values, .. }
                if symbol == "LAST_ERROR" && values.iter().any(|value| value == "SECURITY_NEGO_CONNECT_FAILED"))
        });
        self.any(|fact| match fact {
            Fact::LogSaid { symbol, line, .. } if symbol == "NEGO_FAIL_RX" && failed => {
                let name = code.name()?;
                line.contains(name).then_some(true)
            }
            _ => None,
        })
    }

    /// The log of FreeRDP, or of what is built on it, ends with one of these errors.
    pub fn last_error(&self, expect: &[&str]) -> Reading<'e> {
        self.any(|fact| match fact {
            Fact::LogSaid { symbol, values, .. } if symbol == "LAST_ERROR" => {
                let name = values.first()?;
                expect.contains(&name.as_str()).then_some(true)
            }
            _ => None,
        })
    }

    /// A log holds a line with this meaning that contains one of these words.
    pub fn logged_with(&self, expect: &str, words: &[&str]) -> Reading<'e> {
        self.any(|fact| match fact {
            Fact::LogSaid { symbol, line, .. } if symbol == expect => {
                words.iter().any(|word| line.contains(word)).then_some(true)
            }
            _ => None,
        })
    }

    /// A log holds a line with one of these meanings.
    pub fn logged(&self, expect: &[&str]) -> Reading<'e> {
        self.any(|fact| match fact {
            Fact::LogSaid { symbol, .. } => expect.contains(&symbol.as_str()).then_some(true),
            _ => None,
        })
    }

    /// The same, unless the log explains each of them by another line; then that line speaks against it.
    pub fn logged_beyond(&self, expect: &[&str], explained: &[&str]) -> Reading<'e> {
        let most = |symbols: &[&str]| {
            let of = |wanted: &str| {
                self.seen()
                    .filter_map(|seen| match &seen.fact {
                        Fact::LogSaid { symbol, times, .. } if symbol == wanted => Some(*times),
                        _ => None,
                    })
                    .fold(0, u32::saturating_add)
            };
            symbols.iter().map(|symbol| of(symbol)).max().unwrap_or(0)
        };
        let (seen, explains) = (most(expect), most(explained));
        if seen > explains || explains == 0 {
            return self.logged(expect);
        }
        self.any(|fact| match fact {
            Fact::LogSaid { symbol, .. } if seen > 0 && explained.contains(&symbol.as_str()) => {
                Some(false)
            }
            _ => None,
        })
    }

    /// A setting of this name, in a key that ends so, judged as a number. Where a policy sets it, what was set locally
    /// counts for nothing.
    pub fn setting(
        &self,
        key: &str,
        name: &str,
        judge: impl Fn(u64) -> Option<bool>,
    ) -> Reading<'e> {
        let by_policy = self.seen().any(|observation| {
            matches!(
                &observation.fact,
                Fact::SettingFound { name: called, value: SettingValue::Number(_), policy: true, .. }
                    if called.eq_ignore_ascii_case(name)
            )
        });
        self.any(|fact| match fact {
            Fact::SettingFound {
                key: held,
                name: called,
                value: SettingValue::Number(number),
                policy,
            } if called.eq_ignore_ascii_case(name)
                && (*policy || !by_policy)
                && held
                    .to_ascii_lowercase()
                    .ends_with(&key.to_ascii_lowercase()) =>
            {
                judge(*number)
            }
            _ => None,
        })
    }

    /// Like [`Self::setting`], judged as a text.
    pub fn setting_text(
        &self,
        key: &str,
        name: &str,
        judge: impl Fn(&str) -> Option<bool>,
    ) -> Reading<'e> {
        self.any(|fact| match fact {
            Fact::SettingFound {
                key: held,
                name: called,
                value: SettingValue::Text(text),
                ..
            } if called.eq_ignore_ascii_case(name)
                && held
                    .to_ascii_lowercase()
                    .ends_with(&key.to_ascii_lowercase()) =>
            {
                judge(text)
            }
            _ => None,
        })
    }

    /// The Windows firewall of the host lets nobody in to Remote Desktop: a rule keeps them out, or those that would let
    /// them in are off. Against, when one lets them in.
    pub fn windows_firewall(&self) -> Reading<'e> {
        let set = |name: &str, judge: fn(u64) -> bool| {
            self.seen().any(|observation| {
                matches!(&observation.fact, Fact::SettingFound { name: called, value: SettingValue::Number(number), .. }
                    if called.eq_ignore_ascii_case(name) && judge(*number))
            })
        };
        let rule = |does: u64| {
            self.any(|fact| match fact {
                Fact::SettingFound {
                    key,
                    value: SettingValue::Number(number),
                    ..
                } if key == "Windows Firewall" => (*number == does).then_some(true),
                _ => None,
            })
        };
        // A listener on another port has rules of its own, and a firewall that is off filters nothing.
        let is_beside = set("PortNumber", |port| {
            port != u64::from(model::target::RDP_PORT)
        }) || set("EnableFirewall", |on| on == 0);
        match (rule(2), rule(1), rule(0)) {
            _ if is_beside => Reading::Silent,
            (Reading::For(blocks), _, _) => Reading::For(blocks),
            (_, Reading::For(lets_in), _) => Reading::Against(lets_in),
            (_, _, off) => off,
        }
    }

    /// The host's own list of listeners holds the target's port, or is known not to.
    pub fn listens(&self) -> Reading<'e> {
        let asked = self.port();
        self.any(|fact| match fact {
            Fact::ListenerFound { at, .. } => (at.port() == asked).then_some(true),
            Fact::ListenerMissing { port } => (*port == asked).then_some(false),
            _ => None,
        })
    }

    /// Services began to fail within days after an update was installed, and not before.
    pub fn failed_since_an_update(&self) -> Reading<'e> {
        const DAYS: i64 = 3 * 86_400 * 1_000_000;
        let failed = self.seen().find_map(|observation| match &observation.fact {
            Fact::EventLogged {
                provider,
                id: 7011 | 7023 | 7024 | 7031 | 7034,
                first: Some(first),
                ..
            } if provider == "Service Control Manager" => Some(*first),
            _ => None,
        });
        let Some(failed) = failed else {
            return Reading::Silent;
        };
        self.any(|fact| match fact {
            Fact::EventLogged {
                provider,
                id: 19,
                last: Some(last),
                ..
            } if provider == "Microsoft-Windows-WindowsUpdateClient" => {
                Some((0..=DAYS).contains(&failed.0.saturating_sub(last.0)))
            }
            _ => None,
        })
    }

    /// A service of a known security product runs on the host.
    pub fn security_service(&self) -> Reading<'e> {
        self.service(SECURITY_SERVICES, true)
    }

    /// The Windows Filtering Platform dropped packets or connections of the target's port in this direction,
    /// as the Security log writes it.
    pub fn dropped_by_windows(&self, direction: &str) -> Reading<'e> {
        let asked = u32::from(self.port());
        self.any(|fact| match fact {
            Fact::EventLogged {
                provider,
                id: 5152 | 5157,
                fields,
                ..
            } if provider == "Microsoft-Windows-Security-Auditing" => {
                let held = |name: &str| fields.get(name).map(String::as_str);
                let same_port = held("DestPort").and_then(number_in) == Some(asked);
                (same_port && held("Direction") == Some(direction)).then_some(true)
            }
            _ => None,
        })
    }

    /// The server sent Set Error Info with one of these names, or a log holds it.
    pub fn error_info(&self, names: &[&str]) -> Reading<'e> {
        self.any(|fact| match fact {
            Fact::ErrorInfoSent { code } => {
                let name = numbered(ERRORINFO, *code).map_or("", |code| code.name);
                Some(names.contains(&name.trim_start_matches("ERRINFO_")))
            }
            Fact::LogSaid { symbol, values, .. } if symbol == "ERRINFO_RX" => values
                .first()
                .is_some_and(|value| names.contains(&value.as_str()))
                .then_some(true),
            _ => None,
        })
    }

    /// A service of one of these names runs or does not.
    pub fn service(&self, names: &[&str], expect: bool) -> Reading<'e> {
        self.any(|fact| match fact {
            Fact::ServiceFound {
                name,
                running: Some(running),
                ..
            } if names.iter().any(|own| own.eq_ignore_ascii_case(name)) => Some(*running == expect),
            _ => None,
        })
    }
}

/// A number as logs write it: decimal, or hexadecimal with `0x`, with a name behind it or not.
fn number_in(text: &str) -> Option<u32> {
    let text = text.trim().trim_start_matches("%%");
    let text = text.split_whitespace().next()?;
    match text.strip_prefix("0x").or(text.strip_prefix("0X")) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

/// Services of security products that look into connections or judge who may make them.
const SECURITY_SERVICES: &[&str] = &[
    "ekrn",
    "SAVService",
    "Sophos Endpoint Defense Service",
    "mfemms",
    "mfefire",
    "SepMasterService",
    "ntrtscan",
    "TmListen",
    "CSFalconService",
    "SentinelAgent",
    "EPSecurityService",
    "VSSERV",
    "WRSVC",
    "CylanceSvc",
    "avast! Antivirus",
    "IPBAN",
];

/// The event is about a logon that Remote Desktop never makes: at the console, of a batch, of a service, with a password
/// in clear, or with other credentials (Microsoft Learn: event 4625, logon types).
fn is_logon_elsewhere(fields: &BTreeMap<String, String>) -> bool {
    fields
        .get("LogonType")
        .is_some_and(|kind| matches!(kind.as_str(), "2" | "4" | "5" | "8" | "9"))
}
