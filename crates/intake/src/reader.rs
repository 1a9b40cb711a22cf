//! Which reader reads what: by the first bytes of a file, never by its name.

use std::io::{Cursor, Read};

use model::{Fact, SettingValue, Source, Target};

use crate::eventlog::{self, Events, evtx, export as export_of_events};
use crate::findings::{File, Findings};
use crate::registry::{export, gpresult, hive, policy};
use crate::{archive, capture, evidence, logs, pasted, rdpfile, recording, story};

/// Bytes at the beginning of a file by which it is recognised.
pub const HEAD: usize = 65_536;
/// The largest file that is held in memory as a whole.
pub const MOST_WHOLE: usize = 512 * 1024 * 1024;

/// A kind of file, how it is recognised, and how it is read.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    /// What a person calls the kind.
    pub name: &'static str,
    /// Tells it from all others by its first bytes, at most [`HEAD`] of them.
    pub recognises: fn(head: &[u8]) -> bool,
    /// Reads it. Whatever the bytes are, this ends, and tells what could not be read.
    pub read: fn(file: &str, input: &mut dyn Read, findings: &mut Findings) -> String,
}

impl Reader {
    /// Its name as one word: of its fuzz target and its corpus.
    pub fn slug(&self) -> String {
        self.name.replace(' ', "-")
    }
}

/// Every reader, the most certain ones first.
pub const READERS: &[Reader] = &[
    Reader {
        name: "bundle of the collector script",
        recognises: pasted::recognises,
        read: pasted::read,
    },
    Reader {
        name: "parts of a bundle",
        recognises: pasted::recognises_parts,
        read: pasted::read_parts,
    },
    Reader {
        name: "packet capture",
        recognises: capture::is_capture,
        read: capture::gather,
    },
    Reader {
        name: "recording of a watch",
        recognises: recording::recognises,
        read: recording::read,
    },
    Reader {
        name: "report or evidence of rdpdoctor",
        recognises: evidence::recognises,
        read: evidence::read,
    },
    Reader {
        name: "event log",
        recognises: evtx::recognises,
        read: event_log,
    },
    Reader {
        name: "event log in XML",
        recognises: export_of_events::recognises_xml,
        read: export_of_events::read_xml,
    },
    Reader {
        name: "event log in JSON",
        recognises: export_of_events::recognises_json,
        read: export_of_events::read_json,
    },
    Reader {
        name: "registry hive",
        recognises: hive::recognises,
        read: hive::read,
    },
    Reader {
        name: "policy file",
        recognises: policy::recognises,
        read: policy::read,
    },
    Reader {
        name: "registry export",
        recognises: export::recognises,
        read: export::read,
    },
    Reader {
        name: "policy report",
        recognises: gpresult::recognises,
        read: gpresult::read,
    },
    Reader {
        name: "connection file",
        recognises: rdpfile::recognises,
        read: connection_file,
    },
    Reader {
        name: "TLS key log",
        recognises: capture::is_key_log,
        read: capture::take_keys,
    },
    Reader {
        name: "log or output of a command",
        recognises: logs::recognises,
        read: logs::read,
    },
];

/// Reads files into one case.
#[derive(Debug, Default)]
pub struct Intake {
    /// What was read so far.
    pub findings: Findings,
}

impl Intake {
    /// Reads one file, whatever it is.
    pub fn take(&mut self, name: &str, input: &mut dyn Read) {
        archive::open(
            name,
            input,
            0,
            &mut archive::Budget::default(),
            &mut self.findings,
        );
    }

    /// Reads one file in which one can go back and forth, which spares holding large archives.
    pub fn take_file<R: Read + std::io::Seek>(&mut self, name: &str, input: &mut R) {
        let mut budget = archive::Budget::default();
        archive::open_file(name, input, &mut budget, &mut self.findings);
    }

    /// Takes an event log that was read elsewhere, such as in parts beside each other.
    pub fn take_events(&mut self, name: &str, events: Events) {
        let says = gathered(name, events, &mut self.findings);
        self.findings.files.push(File {
            name: name.to_owned(),
            kind: Some("event log"),
            says,
        });
    }

    /// Ends the reading.
    pub fn finish(mut self) -> Findings {
        pasted::join(&mut self.findings);
        hive::join(&mut self.findings);
        let findings = &mut self.findings;
        findings.joined = story::join(
            std::mem::take(&mut findings.moments),
            &findings.seen,
            &findings.tried,
        );
        self.findings
    }
}

/// Reads one file that is no archive.
pub(crate) fn plain(name: &str, head: Vec<u8>, input: &mut dyn Read, findings: &mut Findings) {
    let reader = READERS.iter().find(|reader| (reader.recognises)(&head));
    let says = reader.map_or_else(String::new, |reader| {
        (reader.read)(name, &mut Cursor::new(head).chain(input), findings)
    });
    findings.files.push(File {
        name: name.to_owned(),
        kind: reader.map(|reader| reader.name),
        says,
    });
}

/// Reads a whole file into memory, up to [`MOST_WHOLE`].
pub(crate) fn whole(file: &str, input: &mut dyn Read, findings: &mut Findings) -> Vec<u8> {
    let mut bytes = Vec::new();
    let most = u64::try_from(MOST_WHOLE).unwrap_or(u64::MAX);
    if let Err(error) = input.take(most).read_to_end(&mut bytes) {
        findings.damaged(file, "", format!("reading stopped: {error}"));
    }
    if bytes.len() >= MOST_WHOLE {
        findings.damaged(
            file,
            "",
            "too large for its kind; only its beginning was read",
        );
    }
    bytes
}

fn event_log(file: &str, input: &mut dyn Read, findings: &mut Findings) -> String {
    let mut events = Events::default();
    evtx::read(input, &mut events);
    gathered(file, events, findings)
}

/// Puts what was read from an event log into the findings.
pub fn gathered(file: &str, mut events: Events, findings: &mut Findings) -> String {
    findings.moments.extend(events.tally.moments(file));
    for damage in events.all_damage() {
        findings.damaged(file, &damage.place, damage.says);
    }
    let said = format!(
        "{} records, {} of use",
        events.records,
        events
            .counts()
            .values()
            .map(|&count| u64::from(count))
            .sum::<u64>()
    );
    let facts = events.tally.facts();
    findings.notes.extend(eventlog::remarks(file, &facts));
    for (at, fact) in facts {
        let place = eventlog::place(&fact);
        findings.see(file, Source::EventLog, place, at, fact);
    }
    said
}

fn connection_file(file: &str, input: &mut dyn Read, findings: &mut Findings) -> String {
    let read = rdpfile::read(&whole(file, input, findings));
    for damage in &read.damage {
        findings.damaged(file, &damage.place, damage.says.clone());
    }
    let mut count = 0_usize;
    for (_, setting) in read.settings() {
        count += 1;
        let name = setting.folded();
        // Stored secrets stay in the file.
        if name.starts_with("password") || name == "signature" || name == "gatewayaccesstoken" {
            continue;
        }
        let value = match (setting.kind, setting.value.trim().parse::<u64>()) {
            ('i', Ok(number)) => SettingValue::Number(number),
            _ => SettingValue::Text(setting.value.trim().to_owned()),
        };
        let fact = Fact::SettingFound {
            key: "connection file".to_owned(),
            name,
            value,
            policy: false,
        };
        findings.see(file, Source::Registry, None, None, fact);
    }
    for remark in read.lint() {
        if remark.grade != rdpfile::Grade::Note {
            let place = remark
                .line
                .map_or_else(String::new, |line| format!(" line {line}"));
            let setting = if remark.setting.is_empty() {
                String::new()
            } else {
                format!(" {}:", remark.setting)
            };
            findings
                .notes
                .push(format!("{file}{place}:{setting} {}", remark.says));
        }
    }
    if let Some(address) = read.address() {
        findings.targets.push(Target {
            input: file.to_owned(),
            port: address.port.unwrap_or(model::target::RDP_PORT),
            address: address.address,
            zone: None,
            host: address.host,
            gateway: read
                .gateway()
                .filter(|gateway| gateway.used != rdpfile::GatewayUse::Never)
                .map(|gateway| gateway.address.host),
            proxy: None,
            client: read.profile(),
        });
    }
    format!("{count} settings")
}
