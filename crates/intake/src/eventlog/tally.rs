//! Events gathered: equal ones counted, and connections followed through their events.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use model::{Fact, HostName, UnixMicros};

use super::steps::{self, Step, Steps};
use super::{Event, wanted};
use crate::story::Moment;

/// Different events of one number and machine that are told apart; beyond that they are told by what they
/// always carry.
const MOST_DIFFERENT: usize = 60;
/// Different events that are kept at all.
const MOST_GROUPS: usize = 20_000;
/// Connections that are followed at a time.
const MOST_OPEN: usize = 65_536;
/// Addresses that are told apart.
const MOST_ADDRESSES: usize = 4_096;

const RDP_CORE: &str = "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS";

/// Events gathered.
#[derive(Debug, Default)]
pub struct Tally {
    /// Where in `counts` an event is counted.
    groups: HashMap<Key, usize, RandomState>,
    counts: Vec<Count>,
    /// What part the event of a group played when it last came.
    parts: Vec<Option<Arc<Step>>>,
    steps: Steps,
    different: HashMap<(String, u32, String), usize, RandomState>,
    /// Connections, by machine and activity.
    open: BTreeMap<(String, String), Connection>,
    /// What came of connections whose beginning was not seen: it may be in an earlier part of the log.
    late: BTreeMap<(String, String), Connection>,
    from: BTreeMap<(String, Option<IpAddr>), Tried>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    provider: String,
    id: u32,
    computer: String,
    fields: Vec<(Cow<'static, str>, String)>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    times: u32,
    first: Option<UnixMicros>,
    last: Option<UnixMicros>,
}

impl Count {
    fn take(&mut self, other: &Self) {
        self.times = self.times.saturating_add(other.times);
        self.first = match (self.first, other.first) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.last = self.last.max(other.last);
    }

    fn note(&mut self, at: Option<UnixMicros>) {
        self.times = self.times.saturating_add(1);
        if let Some(at) = at {
            self.first = Some(self.first.map_or(at, |first| first.min(at)));
            self.last = Some(self.last.map_or(at, |last| last.max(at)));
        }
    }
}

#[derive(Debug, Default)]
struct Connection {
    from: Option<IpAddr>,
    at: Option<UnixMicros>,
    security: bool,
    credentials: bool,
    session: bool,
}

#[derive(Debug, Default)]
struct Tried {
    seen: Count,
    security: u32,
    credentials: u32,
    session: u32,
}

impl Tally {
    /// Takes an event; tells the group it is to be counted in, which is left to [`Self::note`].
    pub fn add(&mut self, mut event: Event) -> Option<usize> {
        if !matters(&event) {
            return None;
        }
        let step = steps::of(&event).map(Arc::new);
        mend(&mut event);
        let group = self.group(event)?;
        if let Some(part) = self.parts.get_mut(group) {
            *part = step;
        }
        Some(group)
    }

    fn group(&mut self, mut event: Event) -> Option<usize> {
        if event.provider == RDP_CORE {
            self.follow(&event);
        }
        let telling = wanted::telling(&event.provider, event.id);
        let fields: Vec<(Cow<'static, str>, String)> = match telling {
            Some((names, _)) => names
                .iter()
                .filter_map(|&name| {
                    let field = event.fields.iter_mut().find(|(own, _)| own == name)?;
                    Some((Cow::Borrowed(name), std::mem::take(&mut field.1)))
                })
                .collect(),
            None => std::mem::take(&mut event.fields)
                .into_iter()
                .filter(|(name, _)| !wanted::is_passing(name))
                .map(|(name, value)| (Cow::Owned(name), value))
                .collect(),
        };
        let mut key = Key {
            provider: event.provider,
            id: event.id,
            computer: event.computer,
            fields,
        };
        if let Some(&group) = self.groups.get(&key) {
            return Some(group);
        }
        let different = self
            .different
            .entry((key.provider.clone(), key.id, key.computer.clone()))
            .or_insert(0);
        *different += 1;
        if *different > MOST_DIFFERENT || self.groups.len() >= MOST_GROUPS {
            key.fields = match telling {
                Some((names, always)) => {
                    let kept = names.get(..always).unwrap_or_default();
                    key.fields.retain(|(name, _)| kept.contains(&&**name));
                    key.fields
                }
                None => Vec::new(),
            };
        }
        if let Some(&group) = self.groups.get(&key) {
            return Some(group);
        }
        if self.groups.len() >= MOST_GROUPS * 2 {
            return None;
        }
        Some(self.new_group(key))
    }

    fn new_group(&mut self, key: Key) -> usize {
        self.counts.push(Count::default());
        self.parts.push(None);
        let group = self.counts.len() - 1;
        self.groups.insert(key, group);
        group
    }

    /// Takes what was gathered from the part of the log that follows this one.
    pub fn append(&mut self, later: Self) {
        // In an order that does not hang on chance, because there is not room for all.
        let mut groups: Vec<(Key, usize)> = later.groups.into_iter().collect();
        groups.sort_unstable();
        for (key, group) in groups {
            let Some(count) = later.counts.get(group) else {
                continue;
            };
            let group = match self.groups.get(&key) {
                Some(&group) => group,
                None => self.new_group(key),
            };
            if let Some(own) = self.counts.get_mut(group) {
                own.take(count);
            }
        }
        self.steps.append(later.steps);
        for (key, connection) in later.late {
            if let Some(own) = self.open.get_mut(&key) {
                own.security |= connection.security;
                own.credentials |= connection.credentials;
                own.session |= connection.session;
            } else {
                self.late.insert(key, connection);
            }
        }
        for (key, connection) in later.open {
            self.room();
            self.open.insert(key, connection);
        }
        for (key, tried) in later.from {
            let own = self.from.entry(key).or_default();
            own.seen.take(&tried.seen);
            own.security = own.security.saturating_add(tried.security);
            own.credentials = own.credentials.saturating_add(tried.credentials);
            own.session = own.session.saturating_add(tried.session);
        }
    }

    /// The steps of connections, as far as they are remembered.
    pub(crate) fn moments(&mut self, file: &str) -> Vec<Moment> {
        std::mem::take(&mut self.steps).moments(file)
    }

    /// Makes room for another connection.
    fn room(&mut self) {
        if self.open.len() >= MOST_OPEN
            && let Some(((computer, _), connection)) = self.open.pop_first()
        {
            self.settle(computer, &connection);
        }
    }

    /// Counts an event of a group.
    pub fn note(&mut self, group: usize, at: Option<UnixMicros>) {
        if let Some(count) = self.counts.get_mut(group) {
            count.note(at);
        }
        if let (Some(at), Some(Some(step))) = (at, self.parts.get(group)) {
            self.steps.note(at, step);
        }
    }

    /// The events of this number are followed one by one: no two are the same.
    pub fn follows(provider: &str, id: u32) -> bool {
        provider == RDP_CORE && matches!(id, 65 | 66 | 131 | 139 | 140 | 102 | 103)
    }

    /// Follows the connections of a listener: the events of one share an activity.
    fn follow(&mut self, event: &Event) {
        if !Self::follows(&event.provider, event.id) {
            return;
        }
        let Some(activity) = event.activity.clone() else {
            if event.id == 131 {
                let connection = Connection {
                    from: address(event.field("ClientIP").unwrap_or("")),
                    at: event.at,
                    ..Connection::default()
                };
                self.settle(event.computer.clone(), &connection);
            }
            return;
        };
        let key = (event.computer.clone(), activity);
        let connection = if self.open.contains_key(&key) || matches!(event.id, 65 | 131) {
            if !self.open.contains_key(&key) {
                self.room();
            }
            self.open.entry(key).or_default()
        } else {
            if self.late.len() >= MOST_OPEN {
                return;
            }
            self.late.entry(key).or_default()
        };
        connection.at = connection.at.or(event.at);
        match event.id {
            131 => connection.from = address(event.field("ClientIP").unwrap_or("")),
            139 => connection.security = true,
            140 => {
                connection.credentials = true;
                connection.from = connection
                    .from
                    .or_else(|| address(event.field("IPString").unwrap_or("")));
            }
            66 => connection.session = true,
            _ => {}
        }
    }

    fn settle(&mut self, computer: String, connection: &Connection) {
        let mut key = (computer, connection.from);
        if self.from.len() >= MOST_ADDRESSES && !self.from.contains_key(&key) {
            key.1 = None;
        }
        let tried = self.from.entry(key).or_default();
        tried.seen.note(connection.at);
        tried.security += u32::from(connection.security && !connection.session);
        tried.credentials += u32::from(connection.credentials);
        tried.session += u32::from(connection.session);
    }

    /// Everything gathered, as facts, earliest first.
    pub fn facts(mut self) -> Vec<(Option<UnixMicros>, Fact)> {
        while let Some(((computer, _), connection)) = self.open.pop_first() {
            self.settle(computer, &connection);
        }
        let counts = self.counts;
        let mut groups: Vec<(Key, usize)> = self.groups.into_iter().collect();
        groups.sort_unstable();
        let mut facts: Vec<(Option<UnixMicros>, Fact)> = groups
            .into_iter()
            .map(|(key, group)| {
                let count = counts.get(group).copied().unwrap_or_default();
                let fact = Fact::EventLogged {
                    provider: key.provider,
                    id: key.id,
                    computer: HostName(key.computer),
                    fields: key
                        .fields
                        .into_iter()
                        .map(|(name, value)| (name.into_owned(), value))
                        .collect(),
                    times: count.times,
                    first: count.first,
                    last: count.last,
                };
                (count.first, fact)
            })
            .collect();
        facts.extend(self.from.into_iter().map(|((computer, from), tried)| {
            let fact = Fact::ConnectionsLogged {
                computer: HostName(computer),
                from,
                seen: tried.seen.times,
                ended_at_security: tried.security,
                wrong_credentials: tried.credentials,
                reached_session: tried.session,
                first: tried.seen.first,
                last: tried.seen.last,
            };
            (tried.seen.first, fact)
        }));
        facts.sort_by_key(|(at, _)| *at);
        facts
    }
}

/// Events of providers that log much else are kept only when they are about Remote Desktop.
fn matters(event: &Event) -> bool {
    match (event.provider.as_str(), event.id) {
        ("Microsoft-Windows-Security-Auditing", 5152 | 5156 | 5157) => {
            ["SourcePort", "DestPort"]
                .iter()
                .any(|name| event.field(name) == Some("3389"))
        }
        ("Microsoft-Windows-Security-Auditing", 4648) => event
            .fields
            .iter()
            .any(|(_, value)| value.to_ascii_uppercase().contains("TERMSRV/")),
        ("Microsoft-Windows-Sysmon", _) => event.field("TargetObject").is_some_and(|key| {
            let key = key.to_ascii_lowercase();
            key.contains(r"\terminal server") || key.contains(r"\terminal services") || key.contains(r"\schannel\")
        }),
        ("Service Control Manager", _) => event.fields.iter().any(|(_, value)| {
            let value = value.to_ascii_lowercase();
            ["termservice", "sessionenv", "umrdpservice", "remote desktop services", "tsgateway", "tssdis"]
                .iter()
                .any(|name| value.contains(name))
                // The short name of the service, in UTF-16 as hexadecimal digits: "Term".
                || value.starts_with("5400650072006d00")
        }),
        _ => true,
    }
}

/// Puts values into the form in which they can be compared.
fn mend(event: &mut Event) {
    for (name, value) in &mut event.fields {
        if matches!(
            name.as_str(),
            "ClientIP" | "IPString" | "IpAddress" | "ClientAddress" | "Address"
        ) && let Some(address) = address(value)
        {
            *value = address.to_string();
        }
    }
}

/// Reads an address with or without a port; an IPv4 address written as IPv6 is an IPv4 address.
pub(super) fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    text.parse::<SocketAddr>()
        .map(|address| address.ip())
        .or_else(|_| {
            text.trim_start_matches('[')
                .split([']', '%'])
                .next()
                .unwrap_or("")
                .parse()
        })
        .ok()
        .map(|address: IpAddr| address.to_canonical())
}
