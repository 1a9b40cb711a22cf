//! What was found of a machine, in a few lines: the picture that an inspection begins with.

use model::{Evidence, Fact, FileRole, Filtering, Source};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Line;
use super::facts::{told, value_words};

/// A machine that was looked at from inside.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct MachineReport {
    /// It was running; otherwise its files alone were looked at.
    pub live: bool,
    /// It is a server of Remote Desktop.
    pub serves: bool,
    /// What it is set up with, one matter a line.
    pub lines: Vec<Line>,
}

/// Connections that others saved and hosts that are remembered are counted beyond this many.
const NAMED: usize = 4;

/// The picture of the machine in the evidence.
pub fn lines(evidence: &Evidence) -> Vec<Line> {
    let facts: Vec<&Fact> = evidence
        .seen
        .iter()
        .filter(|seen| matches!(seen.source, Source::Registry | Source::Log))
        .map(|seen| &seen.fact)
        .collect();
    let mut lines = Vec::new();
    let mut say = |about: &str, says: Vec<String>| {
        if !says.is_empty() {
            lines.push(Line {
                about: about.to_owned(),
                says: says.join("; "),
            });
        }
    };
    let setting = |wanted: &str| {
        facts.iter().find_map(|fact| match fact {
            Fact::SettingFound {
                key, name, value, ..
            } if name == wanted && (key.contains("[Globals]") || key.contains("[RDP]")) => {
                Some(value_words(value))
            }
            _ => None,
        })
    };
    let server = facts.iter().find_map(|fact| match fact {
        Fact::ServiceFound {
            name,
            running,
            starts,
        } if name != "xrdp-sesman" => Some((name, *running, starts)),
        _ => None,
    });
    if let Some((name, running, starts)) = server {
        let version = facts.iter().find_map(|fact| match fact {
            Fact::ProgramFound {
                name: program,
                version: Some(version),
                ..
            } if program == name => Some(format!(" {version}")),
            _ => None,
        });
        let mut says = vec![format!("{name}{}", version.unwrap_or_default())];
        says.extend(running.map(|runs| if runs { "runs" } else { "does not run" }.to_owned()));
        if !starts.is_empty() {
            says.push(format!("start: {starts}"));
        }
        say("server", says);
    }
    say(
        "listens",
        facts
            .iter()
            .filter(|fact| {
                matches!(
                    fact,
                    Fact::ListenerFound { .. } | Fact::ListenerMissing { .. }
                )
            })
            .map(|fact| told(fact).1)
            .collect(),
    );
    say(
        "security",
        [
            "security_layer",
            "ssl_protocols",
            "tls_ciphers",
            "crypt_level",
        ]
        .into_iter()
        .filter_map(|name| Some(format!("{name} {}", setting(name)?)))
        .collect(),
    );
    for (about, wanted) in [
        ("certificate", FileRole::Certificate),
        ("key", FileRole::Key),
    ] {
        let mut says: Vec<String> = facts
            .iter()
            .filter(|fact| matches!(fact, Fact::FileFound { role, .. } if *role == wanted))
            .map(|fact| told(fact).1)
            .collect();
        for fact in &facts {
            match fact {
                Fact::CertificateSeen { certificate, .. } if wanted == FileRole::Certificate => {
                    let name = certificate
                        .common_name
                        .as_ref()
                        .unwrap_or(&certificate.subject);
                    says.push(format!(
                        "for {name} until {}",
                        diagnose::words::date(certificate.not_after)
                    ));
                }
                Fact::KeyCompared { belongs, .. } if wanted == FileRole::Key => {
                    says.push(match belongs {
                        Some(true) => "it belongs to the certificate".to_owned(),
                        Some(false) => "it does not belong to the certificate".to_owned(),
                        None => "whether it belongs to the certificate cannot be told".to_owned(),
                    });
                }
                _ => {}
            }
        }
        say(about, says);
    }
    say(
        "firewall",
        facts
            .iter()
            .filter(|fact| matches!(fact, Fact::FilterFound { .. }))
            .filter(|fact| {
                !matches!(fact, Fact::FilterFound { does: Filtering::Passes, .. })
                    || !facts.iter().any(|other| {
                        matches!(other, Fact::FilterFound { does, .. } if *does != Filtering::Passes)
                    })
            })
            .map(|fact| told(fact).1)
            .collect(),
    );
    say(
        "denied",
        facts
            .iter()
            .filter(|fact| matches!(fact, Fact::AccessDenied { .. }))
            .map(|fact| told(fact).1)
            .take(NAMED)
            .collect(),
    );
    const SESSION: &[&str] = &["Xorg", "xorgxrdp", "Xvnc"];
    say(
        "sessions",
        facts
            .iter()
            .filter(|fact| match fact {
                Fact::ServiceFound { name, .. } => name == "xrdp-sesman",
                Fact::ProgramFound { name, .. } => SESSION.contains(&name.as_str()),
                _ => false,
            })
            .map(|fact| told(fact).1)
            .collect(),
    );
    say(
        "clients",
        facts
            .iter()
            .filter_map(|fact| match fact {
                Fact::ProgramFound {
                    name,
                    path: Some(_),
                    version,
                } if !SESSION.contains(&name.as_str())
                    && server.is_none_or(|(server, ..)| server != name) =>
                {
                    Some(match version {
                        Some(version) => format!("{name} {version}"),
                        None => name.clone(),
                    })
                }
                _ => None,
            })
            .collect(),
    );
    let remembered: Vec<String> = facts
        .iter()
        .filter_map(|fact| match fact {
            Fact::HostRemembered { host, port, .. } => Some(format!("{host}:{port}")),
            _ => None,
        })
        .collect();
    say("remembers", several(remembered));
    let saved: Vec<String> = facts
        .iter()
        .filter_map(|fact| match fact {
            Fact::SettingFound {
                key, name, value, ..
            } if key.starts_with("saved connection") && name == "server" => {
                Some(value_words(value))
            }
            _ => None,
        })
        .collect();
    say("saved", several(saved));
    say(
        "TLS policy",
        facts
            .iter()
            .filter_map(|fact| match fact {
                Fact::SettingFound {
                    key, name, value, ..
                } if key.contains("openssl") || key.contains("crypto") => {
                    let value = value_words(value);
                    (name != "fips_enabled" || value != "0").then(|| format!("{name} {value}"))
                }
                _ => None,
            })
            .collect(),
    );
    say(
        "network",
        facts
            .iter()
            .filter(|fact| {
                matches!(fact, Fact::InterfaceFound { up, .. } if *up != Some(false))
                    || matches!(fact, Fact::ClockFound { .. })
            })
            .map(|fact| told(fact).1)
            .collect(),
    );
    say(
        "proxy",
        facts
            .iter()
            .filter_map(|fact| match fact {
                Fact::SettingFound {
                    key, name, value, ..
                } if key == "environment" => Some(format!("{name} {}", value_words(value))),
                _ => None,
            })
            .collect(),
    );
    lines
}

/// The first few, and how many more.
fn several(mut all: Vec<String>) -> Vec<String> {
    if all.len() > NAMED {
        let more = all.len() - NAMED;
        all.truncate(NAMED);
        all.push(format!("{more} more"));
    }
    all
}
