//! Windows event logs: EVTX files, and the XML and JSON that people export.

pub mod binxml;
pub mod evtx;
pub mod export;
mod steps;
mod tally;
pub mod wanted;

use std::collections::{BTreeMap, VecDeque};
use std::io::{Cursor, Read};

use model::{Damage, Fact, Phase, Place, UnixMicros};

pub use tally::Tally;

/// Longest value that is kept, in characters.
const LONGEST_VALUE: usize = 300;
/// Most values of one event that are kept.
const MOST_FIELDS: usize = 40;
/// Different events that are counted.
const MOST_NUMBERS: usize = 10_000;
/// Damaged places that are told one by one.
const MOST_DAMAGE: usize = 50;

/// An event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// The provider, as it names itself.
    pub provider: String,
    /// Its number.
    pub id: u32,
    /// The log it is in.
    pub channel: String,
    /// The machine that logged it.
    pub computer: String,
    /// When it was logged.
    pub at: Option<UnixMicros>,
    /// What it belongs to: events of one connection share this.
    pub activity: Option<String>,
    /// What it carries, in order.
    pub fields: Vec<(String, String)>,
}

impl Event {
    /// Takes a name and value found in the event, wherever it belongs.
    pub fn take(&mut self, name: String, value: String) {
        match name.as_str() {
            "Correlation@ActivityID" => self.activity = Some(value),
            name if is_envelope(name) => {}
            _ if self.fields.len() < MOST_FIELDS => {
                let value = value.trim();
                let joins =
                    (name == "Data").then(|| self.fields.iter_mut().find(|(own, _)| own == "Data"));
                if let Some(Some((_, held))) = joins {
                    // Values without names stand together, as an event log itself holds them.
                    let room = LONGEST_VALUE.saturating_sub(held.chars().count() + 1);
                    if !value.is_empty() && room > 0 {
                        held.push('\n');
                        held.extend(value.chars().take(room));
                    }
                } else if !matches!(value, "" | "-") {
                    self.fields
                        .push((name, value.chars().take(LONGEST_VALUE).collect()));
                }
            }
            _ => {}
        }
    }

    /// The value of this name.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }
}

/// What belongs together: the identity of an activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Activity(pub u128);

impl Activity {
    /// Reads it as it is written; `None` when it stands for none.
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        let mut digits = 0;
        let mut number = 0_u128;
        for byte in text
            .bytes()
            .filter(|byte| !matches!(byte, b'{' | b'}' | b'-'))
        {
            let digit = char::from(byte).to_digit(16);
            digits += 1;
            match digit {
                Some(digit) if digits <= 32 => number = (number << 4) | u128::from(digit),
                // Whatever else it may be, it is the same where it is written the same: FNV-1a.
                _ => {
                    number = text.bytes().fold(
                        0x6c62_272e_07bb_0142_62b8_2175_6295_c58d,
                        |hash: u128, byte| {
                            (hash ^ u128::from(byte))
                                .wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
                        },
                    );
                    break;
                }
            }
        }
        (number != 0).then_some(Self(number))
    }

    /// The same from the sixteen bytes in which an event log holds it.
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let &[a0, a1, a2, a3, b0, b1, c0, c1, ref rest @ ..] = bytes.first_chunk::<16>()?;
        let head = [a3, a2, a1, a0, b1, b0, c1, c0];
        let number = head
            .iter()
            .chain(rest)
            .fold(0_u128, |number, &byte| (number << 8) | u128::from(byte));
        (number != 0).then_some(Self(number))
    }
}

/// What to note when just the same event comes again.
#[derive(Clone, Debug)]
pub struct Again {
    number: Option<usize>,
    told: tally::Told,
}

/// The name belongs to the envelope of an event, not to what it carries.
pub(crate) fn is_envelope(name: &str) -> bool {
    matches!(
        name,
        "Provider@Name"
            | "Provider@Guid"
            | "Provider@EventSourceName"
            | "EventID"
            | "EventID@Qualifiers"
            | "Version"
            | "Level"
            | "Task"
            | "Opcode"
            | "Keywords"
            | "TimeCreated@SystemTime"
            | "EventRecordID"
            | "Correlation@ActivityID"
            | "Correlation@RelatedActivityID"
            | "Execution@ProcessID"
            | "Execution@ThreadID"
            | "Execution@ProcessorID"
            | "Execution@SessionID"
            | "Execution@KernelTime"
            | "Execution@UserTime"
            | "Channel"
            | "Computer"
            | "Security@UserID"
    ) || name.contains("@xmlns")
        || name.starts_with("Event@")
}

/// What was read from event logs.
#[derive(Debug, Default)]
pub struct Events {
    /// Records, wanted or not.
    pub records: u64,
    /// Where in `times` a provider and number are counted.
    numbers: BTreeMap<(String, u32), usize>,
    /// Wanted events, as often as they were seen.
    times: Vec<u32>,
    /// The earliest record.
    pub first: Option<UnixMicros>,
    /// The latest record.
    pub last: Option<UnixMicros>,
    /// The wanted events, gathered.
    pub tally: Tally,
    /// What could not be read.
    pub damage: Vec<Damage>,
    untold: u32,
    /// The last events that matter, when somebody wants them one by one.
    last_ones: Option<(usize, VecDeque<Event>)>,
}

/// The last events that matter of an event log in any of its forms, each as it is told.
pub fn last(input: &mut dyn Read, most: usize) -> Vec<Event> {
    let mut events = Events {
        last_ones: Some((most, VecDeque::new())),
        ..Events::default()
    };
    let mut head = vec![0; 4096];
    let length = evtx::fill(input, &mut head, 4096);
    head.truncate(length);
    let kind = (evtx::recognises(&head), export::recognises_json(&head));
    let mut input = Cursor::new(head).chain(input);
    match kind {
        (true, _) => evtx::read(&mut input, &mut events),
        (_, true) => export::stream_json(&mut input, &mut events),
        _ => export::stream_xml(&mut input, &mut events),
    }
    events
        .last_ones
        .map(|(_, kept)| kept.into())
        .unwrap_or_default()
}

/// Events as XML, in the form in which Windows exports them.
pub fn xml(events: &[Event]) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Events>\n");
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|c| !c.is_control() || matches!(c, '\t' | '\n'))
            .collect::<String>()
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('\'', "&apos;")
            .replace('"', "&quot;")
    };
    for event in events {
        let at = event
            .at
            .and_then(|at| jiff::Timestamp::from_microsecond(at.0).ok())
            .map(|at| format!("<TimeCreated SystemTime='{at}'/>"))
            .unwrap_or_default();
        let activity = event
            .activity
            .as_ref()
            .map(|activity| format!("<Correlation ActivityID='{}'/>", plain(activity)))
            .unwrap_or_default();
        out += &format!(
            "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='{}'/>\
             <EventID>{}</EventID>{at}{activity}<Channel>{}</Channel><Computer>{}</Computer></System><EventData>",
            plain(&event.provider),
            event.id,
            plain(&event.channel),
            plain(&event.computer),
        );
        for (name, value) in &event.fields {
            out += &format!("<Data Name='{}'>{}</Data>", plain(name), plain(value));
        }
        out += "</EventData></Event>\n";
    }
    out + "</Events>\n"
}

impl Events {
    /// Notes a record, wanted or not.
    pub fn saw(&mut self, at: Option<UnixMicros>) {
        self.records += 1;
        if let Some(at) = at {
            self.first = Some(self.first.map_or(at, |first| first.min(at)));
            self.last = Some(self.last.map_or(at, |last| last.max(at)));
        }
    }

    /// Takes what was read from the part of the log that follows this one.
    pub fn append(&mut self, later: Self) {
        self.records += later.records;
        self.first = match (self.first, later.first) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.last = self.last.max(later.last);
        for (key, number) in later.numbers {
            let times = later.times.get(number).copied().unwrap_or(0);
            let own = match self.numbers.get(&key) {
                Some(&own) => own,
                None => {
                    self.times.push(0);
                    self.numbers.insert(key, self.times.len() - 1);
                    self.times.len() - 1
                }
            };
            if let Some(own) = self.times.get_mut(own) {
                *own = own.saturating_add(times);
            }
        }
        self.tally.append(later.tally);
        for damage in later.damage {
            self.damaged(damage.place, &damage.says);
        }
        self.untold = self.untold.saturating_add(later.untold);
    }

    /// Notes a wanted event; tells what to note when just the same comes again.
    pub fn add(&mut self, event: Event) -> Again {
        let key = (event.provider.clone(), event.id);
        let number = match self.numbers.get(&key) {
            Some(&number) => Some(number),
            None if self.numbers.len() < MOST_NUMBERS => {
                self.times.push(0);
                let number = self.times.len() - 1;
                self.numbers.insert(key, number);
                Some(number)
            }
            None => None,
        };
        let at = event.at;
        let activity = event.activity.as_deref().and_then(Activity::of);
        let copy = self.last_ones.is_some().then(|| event.clone());
        let told = self.tally.add(event);
        if let (Some((most, kept)), Some(copy), true) = (&mut self.last_ones, copy, told.matters())
        {
            if kept.len() >= *most {
                kept.pop_front();
            }
            kept.push_back(copy);
        }
        let again = Again { number, told };
        self.note(&again, at, activity, None);
        again
    }

    /// Every event is wanted one by one, also when it is the same as another.
    pub(crate) const fn wants_each(&self) -> bool {
        self.last_ones.is_some()
    }

    /// Notes the same again: what may differ is when it was, what it belongs to, and the port of the client.
    pub fn note(
        &mut self,
        again: &Again,
        at: Option<UnixMicros>,
        activity: Option<Activity>,
        port: Option<u16>,
    ) {
        if let Some(times) = again.number.and_then(|number| self.times.get_mut(number)) {
            *times = times.saturating_add(1);
        }
        self.tally.note(&again.told, at, activity, port);
    }

    /// Wanted events, as often as they were seen: provider, number.
    pub fn counts(&self) -> BTreeMap<(String, u32), u32> {
        self.numbers
            .iter()
            .map(|(key, &number)| (key.clone(), self.times.get(number).copied().unwrap_or(0)))
            .collect()
    }

    /// Notes a place that could not be read.
    pub fn damaged(&mut self, place: String, says: &str) {
        if self.damage.len() < MOST_DAMAGE {
            self.damage.push(Damage {
                place,
                says: says.to_owned(),
            });
        } else {
            self.untold += 1;
        }
    }

    /// All damage; places beyond the first few are only counted.
    pub fn all_damage(&self) -> Vec<Damage> {
        let mut all = self.damage.clone();
        if self.untold > 0 {
            all.push(Damage {
                place: "further places".to_owned(),
                says: format!("{} more could not be read", self.untold),
            });
        }
        all
    }
}

/// Reads a moment as XML and JSON write it.
pub fn moment(text: &str) -> Option<UnixMicros> {
    let text = text.trim();
    text.parse::<jiff::Timestamp>()
        .ok()
        .or_else(|| {
            // Without a zone it is UTC.
            format!("{text}Z").parse().ok()
        })
        .map(|at| UnixMicros(at.as_microsecond()))
}

/// The rung an event tells about.
pub fn place(fact: &Fact) -> Option<Place> {
    let Fact::EventLogged { provider, id, .. } = fact else {
        return matches!(fact, Fact::ConnectionsLogged { .. }).then_some(Place::host(Phase::Tcp));
    };
    let phase = match (provider.as_str(), id) {
        ("Schannel" | "Microsoft-Windows-Schannel-Events", _) => Phase::Secure,
        ("Microsoft-Windows-RemoteDesktopServices-RdpCoreTS", 139) => Phase::Secure,
        ("Microsoft-Windows-RemoteDesktopServices-RdpCoreTS", 140 | 147) => Phase::Authenticate,
        ("Microsoft-Windows-RemoteDesktopServices-RdpCoreTS", 65 | 98 | 99 | 131) => Phase::Tcp,
        ("Microsoft-Windows-TerminalServices-RemoteConnectionManager", 1149) => Phase::Authenticate,
        ("Microsoft-Windows-TerminalServices-RemoteConnectionManager", 1050..=1067) => {
            Phase::Secure
        }
        ("Microsoft-Windows-TerminalServices-LocalSessionManager", _) => Phase::Session,
        ("Microsoft-Windows-Security-Auditing", 4624 | 4625 | 4771 | 4776) => Phase::Authenticate,
        _ => return None,
    };
    Some(Place::host(phase))
}

/// Addresses from which connections came that are told one by one.
const MOST_ADDRESSES_TOLD: usize = 5;

/// What a log says about many connections at once, in words.
pub fn remarks(file: &str, facts: &[(Option<UnixMicros>, Fact)]) -> Vec<String> {
    let mut remarks = Vec::new();
    let mut addresses: Vec<(u32, String)> = facts
        .iter()
        .filter_map(|(_, fact)| match fact {
            Fact::ConnectionsLogged {
                from,
                seen,
                ended_at_security,
                wrong_credentials,
                reached_session,
                ..
            } if *seen > *reached_session && ended_at_security + wrong_credentials > 0 => {
                let from = from.map_or_else(|| "an unknown address".to_owned(), |from| from.to_string());
                Some((
                    *seen,
                    format!(
                        "{file}: {seen} connections from {from}: {ended_at_security} ended in TLS or NLA, \
                         {wrong_credentials} had a wrong user name or password, {reached_session} came to a session"
                    ),
                ))
            }
            _ => None,
        })
        .collect();
    addresses.sort_by(|a, b| b.cmp(a));
    let more = addresses.len().saturating_sub(MOST_ADDRESSES_TOLD);
    remarks.extend(
        addresses
            .into_iter()
            .take(MOST_ADDRESSES_TOLD)
            .map(|(_, said)| said),
    );
    if more > 0 {
        remarks.push(format!("{file}: connections from {more} more addresses"));
    }
    let count = |wanted: u32| -> u64 {
        facts
            .iter()
            .filter_map(|(_, fact)| match fact {
                Fact::EventLogged {
                    provider,
                    id,
                    times,
                    ..
                } if provider == "Microsoft-Windows-TerminalServices-RemoteConnectionManager"
                    && *id == wanted =>
                {
                    Some(u64::from(*times))
                }
                _ => None,
            })
            .sum()
    };
    let (came, authenticated) = (count(261), count(1149));
    if came > authenticated.saturating_mul(4).saturating_add(4) {
        remarks.push(format!(
            "{file}: {came} connections came to the listener (261) and {authenticated} were authenticated (1149): most \
             ended before, as those of scanners and guessers do"
        ));
    }
    remarks
}
