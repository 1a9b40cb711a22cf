//! Events gathered: equal ones counted, and connections followed through their events.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use model::{Fact, HostName, UnixMicros};

use super::steps::{self, Step, Steps};
use super::{Activity, Event, wanted};
use crate::story::Moment;

/// Different events of one number and machine that are told apart; beyond that they are told by what they
/// always carry.
const MOST_DIFFERENT: usize = 60;
/// Different events that are kept at all.
const MOST_GROUPS: usize = 20_000;
/// Connections that are followed at a time.
const MOST_OPEN: usize = 65_536;
/// Machines whose connections are told apart.
const MOST_COMPUTERS: usize = 1_024;
/// Addresses that are told apart.
const MOST_ADDRESSES: usize = 4_096;

const RDP_CORE: &str = "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS";

/// Events gathered.
#[derive(Debug, Default)]
pub struct Tally {
    /// Where in `counts` an event is counted.
    groups: HashMap<Key, usize, RandomState>,
    counts: Vec<Count>,
    steps: Steps,
    different: HashMap<(String, u32, String), usize, RandomState>,
    /// The machines whose connections are followed.
    computers: Vec<String>,
    /// Connections, by machine and activity.
    open: HashMap<Followed, Connection, RandomState>,
    /// The same in the order in which they began.
    order: VecDeque<Followed>,
    /// What came of connections whose beginning was not seen: it may be in an earlier part of the log.
    late: HashMap<Followed, Connection, RandomState>,
    from: HashMap<(usize, Option<IpAddr>), Tried, RandomState>,
}

/// A connection that is followed: where its machine is in `computers`, and its activity.
type Followed = (usize, Activity);

/// What an event told, as far as the next one like it tells the same.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    /// Where it is counted.
    group: Option<usize>,
    step: Option<Arc<Step>>,
    /// What it tells of a connection that is followed.
    follows: Option<Follows>,
}

impl Told {
    /// What it belongs to makes a difference.
    pub(super) const fn wants_activity(&self) -> bool {
        self.step.is_some() || self.follows.is_some()
    }

    /// It is about Remote Desktop.
    pub(super) const fn matters(&self) -> bool {
        self.group.is_some()
    }
}

#[derive(Debug, Clone, Copy)]
struct Follows {
    id: u32,
    computer: usize,
    from: Option<IpAddr>,
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

impl Connection {
    /// Takes what another part of the log told of it.
    fn take(&mut self, other: &Self) {
        self.from = self.from.or(other.from);
        self.at = self.at.or(other.at);
        self.security |= other.security;
        self.credentials |= other.credentials;
        self.session |= other.session;
    }
}

#[derive(Debug, Default)]
struct Tried {
    seen: Count,
    security: u32,
    credentials: u32,
    session: u32,
}

impl Tally {
    /// Takes an event; tells what it told, which is left to [`Self::note`].
    pub(super) fn add(&mut self, mut event: Event) -> Told {
        if !matters(&event) {
            return Told::default();
        }
        let step = steps::of(&event).map(Arc::new);
        mend(&mut event);
        let follows = follows(&event.provider, event.id).then(|| Follows {
            id: event.id,
            computer: self.computer(&event.computer),
            from: event
                .field(if event.id == 140 {
                    "IPString"
                } else {
                    "ClientIP"
                })
                .and_then(address),
        });
        Told {
            group: self.group(event),
            step,
            follows,
        }
    }

    /// Where a machine is kept; beyond very many they have no names.
    fn computer(&mut self, name: &str) -> usize {
        let name = if self.computers.len() < MOST_COMPUTERS
            || self.computers.iter().any(|known| known == name)
        {
            name
        } else {
            ""
        };
        self.computers
            .iter()
            .position(|known| known == name)
            .unwrap_or_else(|| {
                self.computers.push(name.to_owned());
                self.computers.len() - 1
            })
    }

    fn group(&mut self, mut event: Event) -> Option<usize> {
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
        let computers: Vec<usize> = later
            .computers
            .iter()
            .map(|name| self.computer(name))
            .collect();
        let own = |computer: usize| computers.get(computer).copied().unwrap_or(0);
        for ((computer, activity), connection) in later.late {
            let key = (own(computer), activity);
            let kept = if self.open.contains_key(&key) {
                self.open.get_mut(&key)
            } else if self.late.len() < MOST_OPEN {
                Some(self.late.entry(key).or_default())
            } else {
                None
            };
            if let Some(kept) = kept {
                kept.take(&connection);
            }
        }
        let mut begun = later.open;
        for (computer, activity) in later.order {
            if let Some(connection) = begun.remove(&(computer, activity)) {
                let own = self.opened((own(computer), activity));
                // The later one says where it came from, as when both are read in one go.
                own.from = connection.from.or(own.from);
                own.take(&connection);
            }
        }
        for ((computer, from), tried) in later.from {
            let own = self.tried(own(computer), from);
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

    /// A connection that was begun. Where there are too many, the oldest is over.
    fn opened(&mut self, key: Followed) -> &mut Connection {
        if !self.open.contains_key(&key) {
            if self.open.len() >= MOST_OPEN
                && let Some(oldest) = self.order.pop_front()
                && let Some(connection) = self.open.remove(&oldest)
            {
                self.settle(oldest.0, &connection);
            }
            self.order.push_back(key);
        }
        self.open.entry(key).or_default()
    }

    /// Counts an event, and tells of its connection what it told.
    pub(super) fn note(
        &mut self,
        told: &Told,
        at: Option<UnixMicros>,
        activity: Option<Activity>,
        port: Option<u16>,
    ) {
        if let Some(count) = told.group.and_then(|group| self.counts.get_mut(group)) {
            count.note(at);
        }
        if let (Some(at), Some(step)) = (at, &told.step) {
            let when = steps::When { at, activity, port };
            self.steps.note(when, step);
        }
        if let Some(follows) = told.follows {
            self.follow(follows, at, activity);
        }
    }

    /// Follows the connections of a listener: the events of one share an activity.
    fn follow(&mut self, told: Follows, at: Option<UnixMicros>, activity: Option<Activity>) {
        let Some(activity) = activity else {
            if told.id == 131 {
                let connection = Connection {
                    from: told.from,
                    at,
                    ..Connection::default()
                };
                self.settle(told.computer, &connection);
            }
            return;
        };
        let key = (told.computer, activity);
        let connection = if matches!(told.id, 65 | 131) || self.open.contains_key(&key) {
            self.opened(key)
        } else {
            if self.late.len() >= MOST_OPEN && !self.late.contains_key(&key) {
                return;
            }
            self.late.entry(key).or_default()
        };
        connection.at = connection.at.or(at);
        match told.id {
            131 => connection.from = told.from,
            139 => connection.security = true,
            140 => {
                connection.credentials = true;
                connection.from = connection.from.or(told.from);
            }
            66 => connection.session = true,
            _ => {}
        }
    }

    fn tried(&mut self, computer: usize, from: Option<IpAddr>) -> &mut Tried {
        let mut key = (computer, from);
        if self.from.len() >= MOST_ADDRESSES && !self.from.contains_key(&key) {
            key.1 = None;
        }
        self.from.entry(key).or_default()
    }

    fn settle(&mut self, computer: usize, connection: &Connection) {
        let tried = self.tried(computer, connection.from);
        tried.seen.note(connection.at);
        tried.security += u32::from(connection.security && !connection.session);
        tried.credentials += u32::from(connection.credentials);
        tried.session += u32::from(connection.session);
    }

    /// Everything gathered, as facts, earliest first.
    pub fn facts(mut self) -> Vec<(Option<UnixMicros>, Fact)> {
        for key in std::mem::take(&mut self.order) {
            if let Some(connection) = self.open.remove(&key) {
                self.settle(key.0, &connection);
            }
        }
        let computers = self.computers;
        let mut from: Vec<_> = self
            .from
            .into_iter()
            .map(|((computer, from), tried)| {
                let computer = computers.get(computer).cloned().unwrap_or_default();
                ((computer, from), tried)
            })
            .collect();
        from.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
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
        facts.extend(from.into_iter().map(|((computer, from), tried)| {
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

/// The connections of these events are followed one by one.
fn follows(provider: &str, id: u32) -> bool {
    provider == RDP_CORE && matches!(id, 65 | 66 | 131 | 139 | 140 | 102 | 103)
}

/// Events of providers that log much else are kept only when they are about Remote Desktop.
fn matters(event: &Event) -> bool {
    match (event.provider.as_str(), event.id) {
        (provider, id) if by_port(provider, id) => ["SourcePort", "DestPort"]
            .iter()
            .any(|name| event.field(name) == Some("3389")),
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

/// These events matter only when one of their ports is that of Remote Desktop.
pub(super) fn by_port(provider: &str, id: u32) -> bool {
    provider == "Microsoft-Windows-Security-Auditing" && matches!(id, 5152 | 5156 | 5157)
}

/// Values of this name are addresses, some with a port, which tells nothing.
pub(super) fn is_address(name: &str) -> bool {
    matches!(
        name,
        "ClientIP" | "IPString" | "IpAddress" | "ClientAddress" | "Address"
    )
}

/// Puts values into the form in which they can be compared.
fn mend(event: &mut Event) {
    for (name, value) in &mut event.fields {
        if is_address(name)
            && let Some(address) = address(value)
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
