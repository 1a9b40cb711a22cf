//! Says what to look at next, from what is known alone: no socket, no clock, no memory of its own.
//!
//! The main look does what the client of the case does. Looks that vary one thing (contrasts) wait until
//! the main look is over or stalls, because a second connection can change how a server treats the first
//! (a limit of one connection is common); then they run beside each other. Only looks at further addresses
//! start at once: they usually are other hosts, and one that is dead takes its time. A logon, or the way to a desktop,
//! comes last and once. It is long because what each look does stands beside what it is for.

mod gateway;
mod kerberos;
mod names;
mod view;
mod way;

use std::cell::OnceCell;
use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};

use model::codes::{Protocols, TlsVersion};
use model::fact::{GatewayWay, KdcQuestion, KdcWay};
use model::target::RDP_PORT;
use model::{
    Ending, Evidence, Fact, FactKind, HostName, Intent, Leg, LookId, Message, Micros, Phase,
    Resolver,
};
use wire::climb::{Begin, Wish};
use wire::tls::Hello;

use crate::case::{Depth, Options, Until};
use crate::hop::Relay;
use crate::look::{Ascent, Burden, Greeting, Look};
use crate::platform;
use crate::probes::{
    CLIMB, CREDSSP, DESKTOP, HANDSHAKE, KNOCK, LOAD, LOGON, OFFERS, Probe, RESOLVE, SIDE, SUITES,
};
use crate::sessions::SessionUse;
use crate::survey;
use crate::survey::offers::{Extra, Rider};
use crate::survey::suites::Row;
use view::{Trouble, Unopened, View};

/// Connections open at the same time.
const AT_ONCE: usize = 4;
/// Of these, still without a word from the same address: the queue of connections that some servers have not
/// accepted yet holds no more (xrdp listens with a backlog of 2), and a full one makes a healthy server look
/// silent.
const AT_ONCE_UNHEARD: usize = 3;
/// A host with a shorter round trip is nearby.
const NEARBY: Micros = Micros::from_millis(10);
/// Connections of a survey open at the same time: the server has answered before, and each is short.
const AT_ONCE_IN_SURVEY: usize = 16;
/// The same with those whose answer has come and whose peer has not closed yet: how long that takes is the peer's
/// affair, and nobody waits for it.
const AT_ONCE_WITH_LEAVING: usize = 32;
/// Connections open at the same time once the peer has reset one.
const AT_ONCE_AFTER_RESET: usize = 2;
/// How long a peer has to close its side after we closed ours …
const FAREWELL: Micros = Micros::from_millis(150);
/// … and in a survey, whose looks do not wait for each other's end.
const FAREWELL_IN_SURVEY: Micros = Micros::from_millis(50);
/// How long a session to keep is waited for, beside the round trips it takes.
const TICKET_WAIT: Micros = Micros::from_millis(50);
/// Addresses looked at beside the first.
const FURTHER_ADDRESSES: usize = 3;
/// The most addresses of a name that are tried where none opens.
const MOST_ADDRESSES: usize = 8;
/// The same as the client once more, after something varied opened what had failed: does it still fail?
const CONFIRMS: Role = Role::Again(2);
/// Tries in all, when the same look once failed and once did not.
const TRIES: u8 = 4;
/// The value of the `mstshash` cookie: says in the server's log who was there. Nine characters, as many as
/// `mstsc` sends of a user's name.
pub(crate) const COOKIE: &str = "rdpdoctor";
/// A correlation id: 16 bytes of which the first is neither 0x00 nor 0xF4 and none is 0x0D ([MS-RDPBCGR]
/// 2.2.1.1.2).
const CORRELATION: [u8; 16] = *b"rdpdoctor looked";
/// Segments of this size fit every path, also through several tunnels: half of what any host must accept
/// (RFC 9293 section 3.7.1).
const SMALL_SEGMENT: u16 = 256;
/// A hello of this size needs two packets on any path.
const LARGE: usize = 1_800;

/// What is known when a plan is made.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a> {
    /// What was seen and tried.
    pub evidence: &'a Evidence,
    /// The looks that were begun, in order.
    pub begun: &'a [Begun],
    /// What the user allows.
    pub options: &'a Options,
}

/// A look that was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// Its number.
    pub id: LookId,
    /// What it is for.
    pub role: Role,
    /// What it does.
    pub look: Look,
    /// When it was begun.
    pub at: Micros,
    /// When it had what it came for and closed its side of the connection.
    pub left: Option<Micros>,
    /// When it ended; `None` while it runs.
    pub ended: Option<Micros>,
}

/// What a look is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The addresses of the name.
    Resolve,
    /// What a name server that was named gives for the name.
    Ask(usize),
    /// What a name server gives that this machine is set to ask, when its resolver found nothing.
    Own(usize),
    /// What the first of them gives for this address of the list.
    Reverse(usize),
    /// What the client does, on this address of the list.
    Main(usize),
    /// The same once more, for the n-th time: is the outcome always the same?
    Again(u8),
    /// Another address of the same name.
    Address(usize),
    /// Another port of the same host.
    OtherPort(usize),
    /// The Kerberos servers of the realm.
    Realm,
    /// This Kerberos server of the list, over this way.
    Kdc(usize, KdcWay),
    /// The Kerberos servers, through a proxy.
    KdcProxy,
    /// Whether Kerberos knows the name of the host, or would say that it does not.
    KerberosName(KdcQuestion),
    /// The addresses of the gateway's name.
    GatewayResolve,
    /// The gateway, as a client begins, on this address of the list.
    Gateway(usize),
    /// Another way into the gateway.
    GatewayWay(GatewayWay),
    /// The way through the gateway that is left to clients when no newer one is there.
    GatewayOlder,
    /// The host, beside the gateway.
    Direct,
    /// The side transport over UDP.
    Side,
    /// The same of the gateway.
    GatewaySide,
    /// TLS without NLA.
    TlsOnly,
    /// NLA, where the client did not offer it or offered more.
    Nla,
    /// Standard RDP Security.
    RdpOnly,
    /// A request without negotiation, as clients before 2006 sent it.
    NoNegotiation,
    /// TLS at once, without the X.224 exchange.
    DirectTls,
    /// A hello of TLS 1.0 to 1.2: a small one, or one of the size of that which was answered by an end.
    SmallHello,
    /// A hello of TLS 1.0.
    OldHello,
    /// A hello that needs two packets.
    LargeHello,
    /// The whole ladder in small segments.
    SmallSegments,
    /// The whole ladder with TLS 1.2 at most.
    OldTls,
    /// These security protocols; `None` for a request without negotiation.
    Offer(Option<Protocols>),
    /// The user's ticket for the host.
    Ticket,
    /// A logon with that ticket, and the way to the desktop behind it.
    Kerberos,
    /// A logon with credentials, or the way to the desktop.
    Session,
    /// The protocols of the client, in a request that carries this too.
    Extra(Extra),
    /// A version of CredSSP that older clients offer.
    CredSsp(u32),
    /// Which way to log on the server takes.
    LogonWays,
    /// A whole handshake of this version, whose session is kept; of the newest one with a post-quantum key share.
    Keep(TlsVersion),
    /// Whether that session is taken up again.
    Resume(TlsVersion),
    /// How Standard RDP Security encrypts.
    RdpSecurity,
    /// How far packets to this address of the list come.
    Trace(usize),
    /// How large packets may be.
    Sizes,
    /// How many connections at once the host takes.
    Load,
    /// What the server picks of a row of suites or groups.
    Pick {
        /// The row.
        row: Row,
        /// How many questions of the row were asked before.
        step: u16,
    },
}

impl Role {
    /// It goes on to a logon or a desktop, which is asked for by name and comes last.
    const fn logs_on(self) -> bool {
        matches!(self, Self::Session | Self::Kerberos)
    }
}

/// A look to be begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// What it is for.
    pub role: Role,
    /// The kind of look.
    pub probe: &'static Probe,
    /// Whether it does what the client does.
    pub intent: Intent,
    /// What it varies or looks at.
    pub says: String,
    /// What to do.
    pub look: Look,
}

/// What to do next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Looks to begin at once.
    pub begin: Vec<Order>,
    /// Without news, plan again at this moment.
    pub wake: Option<Micros>,
    /// Something is worth its while and waits until others have ended.
    pub held: bool,
    /// Looks that would be worth their while and are not begun, and why not.
    pub forgone: Vec<(Order, &'static str)>,
}

/// Says what to look at next. The case is over when nothing is to begin and nothing runs.
pub fn next(sight: &Sight<'_>, now: Micros) -> Plan {
    let mut plan = Plan::default();
    // Whoever goes through a gateway or a proxy leaves the name of the host and the way to it to that.
    if sight.options.gateway.is_none() && sight.options.proxy.is_none() {
        names::want(sight, now, &mut plan.begin);
        way::want(sight, now, &mut plan.begin);
    }
    kerberos::want(sight, &mut plan.begin);
    let mut wanted = Vec::new();
    let by_gateway = sight
        .options
        .gateway
        .as_ref()
        .is_some_and(|gateway| gateway::want(sight, gateway, now, &mut wanted, &mut plan));
    if !by_gateway {
        match addresses(sight) {
            Addresses::Known(addresses) => {
                want(sight, &addresses, now, &mut wanted, &mut plan.wake);
            }
            Addresses::Unknown if sight.has(Role::Resolve) => {}
            Addresses::Unknown => plan.begin.push(resolve(sight)),
        }
    }

    // A wrong password counts each time: nobody asks such a proxy again.
    if sight.proxy_refused_the_user() {
        wanted.clear();
    }
    let connections = || sight.begun.iter().filter(|begun| begun.look.connects());
    // A look that the user asked for by name is beside the number that is agreed on.
    let mut used = connections()
        .filter(|begun| !sight.sent_nothing(begun) && !begun.role.logs_on())
        .filter(|begun| !sight.met_nobody(begun))
        .count();
    let mut running = 0_usize;
    let leaving = connections().filter(|begun| begun.ended.is_none() && begun.is_over());
    let leaving = leaving.count();
    let mut unheard: Vec<(Option<SocketAddr>, Micros)> = Vec::new();
    for begun in connections().filter(|begun| begun.ended.is_none()) {
        running = running.saturating_add(1);
        if !View::of(sight, begun).heard {
            unheard.push((begun.look.to(), begun.at));
        }
    }
    let slot = sight.slot();
    // Nearby an answer comes as soon as the connection was accepted: until then it is in the queue.
    let round_trip = sight.round_trip();
    let on_the_way = if round_trip < NEARBY {
        Micros::ZERO
    } else {
        round_trip.times(2).plus(slot)
    };
    let mut last = connections().map(|begun| begun.at).max();
    let was_reset = sight.was_reset();
    // What a late look saw after so much silence would come after the verdict.
    let too_late =
        sight.is_silent() && now.plus(sight.options.shortest_patience()) > sight.options.timeout;
    for order in wanted {
        // A few datagrams are no connection, and nobody waits for them.
        if let Look::Side { .. } | Look::Ticket(_) = order.look {
            plan.begin.push(order);
            continue;
        }
        if used >= sight.options.connections && !order.role.logs_on() {
            plan.forgone
                .push((order, "the limit of connections was reached"));
            continue;
        }
        let asked_for = order.role.logs_on()
            || (sight.options.repeat > 1 && matches!(order.role, Role::Again(_)));
        if too_late && !asked_for {
            plan.forgone
                .push((order, "it would have kept the verdict waiting"));
            continue;
        }
        let surveys = order.role.surveys();
        let at_once = match (was_reset, surveys) {
            (true, _) => AT_ONCE_AFTER_RESET,
            (false, true) => AT_ONCE_IN_SURVEY,
            (false, false) => AT_ONCE,
        };
        let to = order.look.to();
        let waiting = unheard.iter().filter(|(unheard, begun)| {
            // A survey knows how long the server takes to accept a connection: only those that cannot be
            // accepted yet, and those that should have been long ago, are in its queue.
            let age = now.since(*begun);
            *unheard == to && (!surveys || age < slot || age > on_the_way)
        });
        let waiting = waiting.count();
        if surveys && waiting >= AT_ONCE_UNHEARD {
            soonest(&mut plan.wake, now.plus(slot));
        }
        let busy = if surveys && !was_reset && running < AT_ONCE_WITH_LEAVING {
            running.saturating_sub(leaving)
        } else {
            running
        };
        if busy >= at_once || waiting >= AT_ONCE_UNHEARD {
            plan.held = true;
            continue;
        }
        if let Some(last) = last.filter(|_| was_reset) {
            let free = last.plus(sight.options.pace());
            if free > now {
                soonest(&mut plan.wake, free);
                break;
            }
        }
        plan.begin.push(order);
        used = used.saturating_add(1);
        running = running.saturating_add(1);
        unheard.push((to, now));
        last = Some(now);
    }
    // By itself and last: whatever it meets would be seen by every other look.
    if let Some(at_once) = sight.options.load
        && sight.options.gateway.is_none()
        && sight.options.proxy.is_none()
        && plan.begin.is_empty()
        && plan.wake.is_none()
        && sight.begun.iter().all(|begun| begun.ended.is_some())
        && !sight.has(Role::Load)
        && let Some(main) = sight.lead()
        && View::of(sight, main).heard
        && let Some(to) = main.look.to()
    {
        plan.begin.push(Order {
            role: Role::Load,
            probe: &LOAD,
            intent: Intent::Contrast,
            says: format!("{to}, {at_once} connections at once"),
            look: Look::Load(Burden {
                to,
                at_once,
                offers: sight.evidence.target.client.offers,
                patience: sight.options.contrast_patience(),
            }),
        });
    }
    plan
}

/// Everything worth looking at that was not begun, most telling first.
fn want(
    sight: &Sight<'_>,
    addresses: &[SocketAddr],
    now: Micros,
    wanted: &mut Vec<Order>,
    wake: &mut Option<Micros>,
) {
    // What the answers to a survey say together takes its time to read, and serves many orders.
    let known = OnceCell::new();
    let mut add = |role, to| {
        if role == Role::Ticket {
            wanted.extend(kerberos::ticket(sight));
        } else if !sight.has(role) && wanted.iter().all(|order| order.role != role) {
            wanted.push(order(sight, role, to, now, &known));
        }
    };
    let Some(&first) = addresses.first() else {
        return;
    };
    add(Role::Main(0), first);
    let Some(main) = sight.lead() else {
        if sight.options.depth != Depth::Quick {
            further_addresses(addresses, &mut add);
        }
        return;
    };
    let view = View::of(sight, main);
    let (done, stalls_at) = view.stalls(sight);
    let stalled = done || stalls_at <= now;
    if !stalled {
        soonest(wake, stalls_at);
    }
    let quick = sight.options.depth == Depth::Quick;
    // A client goes on to the next address of the name; one that is known to open comes first.
    let left = || {
        addresses.iter().enumerate().filter(|&(index, _)| {
            stalled
                && !view.opened
                && (!quick || sight.sent_nothing(main))
                && !sight.has(Role::Main(index))
                && !sight.is_dead(Role::Address(index), now)
        })
    };
    let next = left()
        .find(|&(index, _)| sight.opened(Role::Address(index)))
        // Those that a look of their own is for are waited for.
        .or_else(|| left().find(|&(index, _)| quick || index >= MOST_ADDRESSES));
    if let Some((index, &to)) = next {
        add(Role::Main(index), to);
    }
    // A logon, and what comes behind it, waits for all the others: one connection at a time, tried once.
    let session = match &main.look {
        Look::Climb(ascent) if goes_on(sight, &view) => {
            kerberos::logon(sight, &view).map(|role| (role, ascent.to))
        }
        _ => None,
    };
    if quick {
        if let Some((role, to)) = session {
            add(role, to);
        }
        return;
    }
    // Datagrams go through no proxy. Something else than Remote Desktop on the port has no side transport, so the first
    // word is waited for, as long as one may come.
    let spoke = view.heard || main.ended.is_some() || stalled;
    let other = sight
        .facts(main.id)
        .any(|(_, fact)| matches!(fact, Fact::OtherServiceAnswered { .. }));
    if let (true, true, false, Some(to), None) = (
        view.opened,
        spoke,
        other,
        main.look.to(),
        &sight.options.proxy,
    ) {
        add(Role::Side, to);
    }
    further_addresses(addresses, &mut add);
    if !stalled {
        return;
    }
    // Where none of the first opens, one of the others may.
    let others = || (1..=FURTHER_ADDRESSES).map(Role::Address);
    if !view.opened && !others().any(|role| sight.opened(role)) {
        for (index, &to) in addresses.iter().enumerate().take(MOST_ADDRESSES) {
            if index > FURTHER_ADDRESSES {
                add(Role::Address(index), to);
            }
        }
    }
    // A host that gives no answer on this port: does it give one on another?
    for begun in sight.begun {
        if let (Role::Main(index), Look::Climb(ascent)) = (begun.role, &begun.look) {
            let view = View::of(sight, begun);
            let (done, stalls_at) = view.stalls(sight);
            let unanswered = sight.options.proxy.is_none()
                && match view.unopened {
                    Some(Unopened::Silent | Unopened::Unreachable | Unopened::Forbidden) => true,
                    Some(Unopened::Refused) => ascent.to.port() != RDP_PORT,
                    Some(Unopened::NoRoute) => false,
                    None => !view.opened && (done || stalls_at <= now),
                };
            if unanswered {
                add(Role::OtherPort(index), other_port(ascent.to));
            }
        }
    }
    // The next address becomes what contrasts are held against.
    let (Look::Climb(ascent), None) = (&main.look, next) else {
        return;
    };
    let mut roles = contrasts(sight, main, &view);
    if sight.options.depth == Depth::Full && view.opened {
        let known = known.get_or_init(|| survey::suites::Known::of(sight));
        roles.extend(survey::roles(sight, known));
        if sight.begun.iter().all(Begun::is_over) && roles.iter().all(|role| sight.has(*role)) {
            let of_nla = survey::offers::of_nla(sight);
            let asked = of_nla.iter().all(|role| sight.has(*role));
            roles.extend(of_nla);
            if asked {
                roles.extend(survey::offers::last_roles(sight));
            }
        }
    }
    let idle = sight.begun.iter().all(|begun| begun.ended.is_some());
    if idle && roles.iter().all(|role| sight.has(*role)) {
        roles.extend(session.map(|(role, _)| role));
    }
    // The tries that were asked for come first, and one after the other: beside each other they would ask how many
    // connections the server takes.
    if let Some(role) = repeated(sight, now, wake) {
        add(role, ascent.to);
    }
    for role in roles {
        add(role, ascent.to);
    }
}

/// The next of the tries that were asked for, when its time has come.
fn repeated(sight: &Sight<'_>, now: Micros, wake: &mut Option<Micros>) -> Option<Role> {
    let again = || {
        sight
            .begun
            .iter()
            .filter(|begun| matches!(begun.role, Role::Main(_) | Role::Again(_)))
    };
    let number = (1..sight.options.repeat).find(|number| !sight.has(Role::Again(*number)))?;
    let over = again()
        .map(|begun| begun.ended)
        .collect::<Option<Vec<_>>>()?;
    let due = over.into_iter().max()?.plus(sight.options.between_tries());
    if due > now {
        soonest(wake, due);
        return None;
    }
    Some(Role::Again(number))
}

/// The main look met nothing that would end a logon or the set-up of a session, and the user asked for one.
fn goes_on(sight: &Sight<'_>, main: &View) -> bool {
    let options = sight.options;
    let went_well = main.ended && main.opened && main.trouble.is_none();
    let nla = main.chosen.is_some_and(Protocols::has_nla);
    let plain = matches!(main.chosen, Some(Protocols::RDP | Protocols::TLS));
    went_well
        && if nla {
            options.credentials.is_some()
        } else {
            plain && options.until == Until::Desktop
        }
}

/// Why the logon that the user asked for was not tried, where nothing was wrong up to it.
pub(crate) fn logon_not_tried(sight: &Sight<'_>) -> Option<&'static str> {
    let main = View::of(sight, sight.lead()?);
    let plain = matches!(main.chosen, Some(Protocols::RDP | Protocols::TLS));
    (sight.options.credentials.is_some()
        && sight.options.until == Until::Logon
        && plain
        && main.trouble.is_none())
    .then_some("the server takes it inside the session; --to desktop goes on to it")
}

fn further_addresses(addresses: &[SocketAddr], add: &mut impl FnMut(Role, SocketAddr)) {
    for (index, &to) in addresses.iter().enumerate().skip(1).take(FURTHER_ADDRESSES) {
        add(Role::Address(index), to);
    }
}

/// What to vary, given how far the main look came. Most telling first.
fn contrasts(sight: &Sight<'_>, lead: &Begun, main: &View) -> Vec<Role> {
    let offers = sight.evidence.target.client.offers;
    let mut roles = match main.trouble() {
        // Nobody answers: only repeating tells more.
        _ if !main.opened => match main.unopened {
            // Routers limit how often they send ICMP errors: the second try would seem silent.
            Some(Unopened::NoRoute | Unopened::Forbidden | Unopened::Unreachable) => vec![],
            _ => vec![Role::Again(1)],
        },
        None => match main.chosen {
            Some(chosen) if chosen.has_nla() => vec![Role::TlsOnly, Role::RdpOnly],
            Some(Protocols::RDP) => vec![Role::TlsOnly, Role::Nla],
            _ => vec![Role::Nla, Role::RdpOnly],
        },
        // What answers is known, and no RDP client can talk to it. Once more tells whether it is the only one there.
        Some(Trouble::Service) => vec![Role::Again(1)],
        Some(Trouble::Refusal) => vec![Role::TlsOnly, Role::RdpOnly, Role::Nla],
        Some(Trouble::Other) => match main.phase {
            Phase::Secure => vec![
                Role::Again(1),
                Role::SmallHello,
                Role::SmallSegments,
                Role::TlsOnly,
                Role::OldHello,
                Role::RdpOnly,
                Role::LargeHello,
            ],
            Phase::Authenticate => {
                vec![Role::Again(1), Role::TlsOnly, Role::OldTls, Role::RdpOnly]
            }
            _ => vec![
                Role::Again(1),
                Role::RdpOnly,
                Role::TlsOnly,
                Role::Nla,
                Role::NoNegotiation,
                Role::DirectTls,
            ],
        },
    };
    // What fails for other clients only: a hello of two packets, and one without the newest version.
    let whole = sight.options.depth == Depth::Full;
    if whole
        && main.trouble().is_none()
        && main.chosen.is_some_and(|chosen| chosen != Protocols::RDP)
    {
        roles.extend([Role::LargeHello, Role::SmallHello]);
    }
    // The same look with another outcome: how often does it fail?
    if sight.is_intermittent(lead) {
        roles.extend((2..TRIES).map(Role::Again));
    }
    let unconfirmed = sight.is_unconfirmed(lead, main);
    if unconfirmed && !sight.is_intermittent(lead) && sight.may_confirm(main) {
        roles.push(CONFIRMS);
    }
    let small_segments = main.silent() && cfg!(unix);
    // The last connection that is agreed on is kept for the look that confirms what one in small segments showed.
    let keeps_one = small_segments && main.phase == Phase::Secure && main.failed();
    roles.retain(|role| match role {
        Role::LargeHello if keeps_one => {
            sight.contrasts_are_over() && (!unconfirmed || sight.has(CONFIRMS))
        }
        // Lost packets leave a silence, and only Unix limits segments.
        Role::SmallSegments => small_segments,
        Role::TlsOnly => offers != Protocols::TLS,
        Role::RdpOnly => offers != Protocols::RDP,
        Role::Nla => offers != nla(offers) && (main.failed() || !offers.has_nla()),
        _ => true,
    });
    roles
}

/// What a look with NLA offers: what `mstsc` does when this client offers none, else CredSSP alone.
fn nla(offers: Protocols) -> Protocols {
    if offers.has_nla() {
        Protocols::HYBRID
    } else {
        Protocols::TLS | Protocols::HYBRID | Protocols::HYBRID_EX
    }
}

fn resolve(sight: &Sight<'_>) -> Order {
    // Whoever goes through a proxy leaves the name of the host to it.
    let (leg, name) = match &sight.options.proxy {
        Some(proxy) => (Leg::Proxy, proxy.host.clone()),
        None => (Leg::Host, sight.evidence.target.host.clone()),
    };
    Order {
        role: Role::Resolve,
        probe: &RESOLVE,
        intent: Intent::AsClient,
        says: name.0.clone(),
        look: Look::Resolve {
            leg,
            name,
            patience: sight.options.resolve_patience(),
        },
    }
}

fn order(
    sight: &Sight<'_>,
    role: Role,
    to: SocketAddr,
    now: Micros,
    known: &OnceCell<survey::suites::Known>,
) -> Order {
    let options = sight.options;
    if let Role::OtherPort(_) = role {
        return Order {
            role,
            probe: &KNOCK,
            intent: Intent::Contrast,
            says: to.to_string(),
            look: Look::Knock {
                to,
                patience: options.connect_patience_at(now),
            },
        };
    }
    if role == Role::Side {
        let (pace, patience) = side_waits(sight);
        return Order {
            role,
            probe: &SIDE,
            intent: Intent::Contrast,
            says: format!("{to} over UDP"),
            look: Look::Side {
                to,
                greeting: Greeting::RdpUdp,
                pace,
                patience,
            },
        };
    }
    let offers = sight.evidence.target.client.offers;
    let failed = sight
        .lead()
        .is_some_and(|main| View::of(sight, main).failed());
    // A contrast to a look that went well only has to tell what the server answers.
    let beyond = |phase: Phase| if failed { phase } else { Phase::Negotiate };
    let relay = options.proxy.as_ref().map(|proxy| Relay {
        proxy: proxy.clone(),
        host: sight.evidence.target.host.clone(),
        port: sight.evidence.target.port,
        patience: options.answer_patience(),
    });
    let name = Some(&sight.evidence.target)
        .filter(|target| target.address.is_none())
        .map(|target| target.host.0.trim_end_matches('.').to_owned());
    let classic = |lowest, highest| {
        Some(Hello {
            server_name: name.clone(),
            ..Hello::classic(lowest, highest)
        })
    };
    let mut enough: &[FactKind] = &[];
    let mut probe = &CLIMB;
    let (mut lowest, mut highest) = (tls::LOWEST, TlsVersion::TLS1_3);
    let mut groups = tls::Groups::Classic;
    let mut extra = None;
    let (offers, until, hello, says) = match role {
        Role::Main(_) => (Some(offers), Phase::Authenticate, None, to.to_string()),
        Role::Again(_) => (
            Some(offers),
            Phase::Authenticate,
            None,
            format!("{to}, the same once more"),
        ),
        Role::Address(_) => (Some(offers), Phase::Negotiate, None, to.to_string()),
        Role::TlsOnly => (
            Some(Protocols::TLS),
            beyond(Phase::Secure),
            None,
            "TLS only".to_owned(),
        ),
        Role::RdpOnly => (
            Some(Protocols::RDP),
            Phase::Negotiate,
            None,
            "RDP security only".to_owned(),
        ),
        Role::Nla if offers.has_nla() => (
            Some(nla(offers)),
            beyond(Phase::Authenticate),
            None,
            "NLA only".to_owned(),
        ),
        Role::Nla => (
            Some(nla(offers)),
            beyond(Phase::Authenticate),
            None,
            "TLS or NLA".to_owned(),
        ),
        Role::NoNegotiation => (
            None,
            Phase::Negotiate,
            None,
            "a request without negotiation".to_owned(),
        ),
        Role::DirectTls => (
            None,
            Phase::Secure,
            None,
            "TLS without a request before it".to_owned(),
        ),
        Role::SmallHello => {
            let hello = classic(TlsVersion::TLS1_0, TlsVersion::TLS1_2);
            // What ends a hello may mind its size: only one thing is varied then. What is lost is tried small.
            match sight
                .lead()
                .and_then(|main| View::of(sight, main).ended_hello())
            {
                Some(size) => (
                    Some(offers),
                    Phase::Secure,
                    hello.map(|hello| Hello {
                        padded_to: usize::try_from(size).ok(),
                        ..hello
                    }),
                    "TLS 1.0 to 1.2, hello of the same size".to_owned(),
                ),
                None => (
                    Some(offers),
                    Phase::Secure,
                    hello,
                    "TLS 1.0 to 1.2, small hello".to_owned(),
                ),
            }
        }
        Role::OldHello => (
            Some(offers),
            Phase::Secure,
            classic(TlsVersion::TLS1_0, TlsVersion::TLS1_0),
            "TLS 1.0, small hello".to_owned(),
        ),
        Role::LargeHello => (
            Some(offers),
            Phase::Secure,
            classic(TlsVersion::TLS1_0, TlsVersion::TLS1_3).map(|hello| Hello {
                padded_to: Some(LARGE),
                ..hello
            }),
            format!("TLS 1.0 to 1.3, hello of {LARGE} bytes"),
        ),
        Role::SmallSegments => (
            Some(offers),
            Phase::Secure,
            None,
            format!("segments of at most {SMALL_SEGMENT} bytes"),
        ),
        Role::OldTls => (
            Some(offers),
            Phase::Authenticate,
            None,
            "TLS 1.0 to 1.2, then NLA".to_owned(),
        ),
        Role::Session | Role::Kerberos => {
            let desktop = options.until == Until::Desktop;
            probe = if options.credentials.is_some() {
                &LOGON
            } else {
                &DESKTOP
            };
            let says = match (options.credentials.is_some(), desktop) {
                (true, false) if role == Role::Kerberos => "one logon, with Kerberos",
                (true, true) if role == Role::Kerberos => {
                    "one logon, with Kerberos, and on to the desktop"
                }
                (true, false) => "one logon",
                (true, true) => "one logon, and on to the desktop",
                (false, _) => "on to the logon screen or desktop",
            };
            let until = if desktop {
                Phase::Session
            } else {
                Phase::Authenticate
            };
            (Some(offers), until, None, says.to_owned())
        }
        Role::Offer(offered) => {
            probe = &OFFERS;
            let says = offered.map_or("a request without negotiation".to_owned(), |o| {
                format!("offers {o}")
            });
            (offered, Phase::Negotiate, None, says)
        }
        Role::Extra(own) => {
            probe = &OFFERS;
            let says = own.says().to_owned();
            extra = Some(own);
            (Some(offers), Phase::Negotiate, None, says)
        }
        Role::CredSsp(version) => {
            probe = &CREDSSP;
            let says = format!("CredSSP in version {version}");
            (Some(offers), Phase::Authenticate, None, says)
        }
        Role::LogonWays => {
            probe = &CREDSSP;
            let says = "which way to log on is taken".to_owned();
            (Some(offers), Phase::Authenticate, None, says)
        }
        Role::RdpSecurity => {
            probe = &OFFERS;
            enough = &[FactKind::RdpSecuritySeen];
            let says = "how RDP security encrypts".to_owned();
            (Some(Protocols::RDP), Phase::Settings, None, says)
        }
        Role::Pick { row, step } => {
            probe = &SUITES;
            enough = &[FactKind::TlsKeyExchanged, FactKind::TlsAlerted];
            let known = known.get_or_init(|| survey::suites::Known::of(sight));
            let (mut offers, mut says) = (survey::tls_offers(sight), row.says(step));
            match survey::suites::rider(sight, known, row, step) {
                Some(Rider::Offer(offered)) => {
                    offers = Some(offered);
                    let _ = write!(says, ", in a request that offers {offered}");
                }
                Some(Rider::Extra(own)) => {
                    extra = Some(own);
                    let _ = write!(says, ", in {}", own.says());
                }
                None => {}
            }
            let hello = survey::suites::hello(known, row, name.clone());
            (offers, Phase::Secure, Some(hello), says)
        }
        Role::Keep(version) => {
            probe = &HANDSHAKE;
            lowest = version;
            highest = version;
            let says = if version >= TlsVersion::TLS1_3 {
                groups = tls::Groups::PostQuantum;
                format!("{version}, a handshake with a post-quantum key share")
            } else {
                format!("{version}, a handshake whose session is kept")
            };
            (survey::tls_offers(sight), Phase::Secure, None, says)
        }
        Role::Resume(version) => {
            probe = &HANDSHAKE;
            enough = &[FactKind::TlsResumption, FactKind::TlsAlerted];
            (
                survey::tls_offers(sight),
                Phase::Secure,
                classic(version, version),
                format!("{version}, the session taken up again"),
            )
        }
        Role::Resolve
        | Role::Ask(_)
        | Role::Own(_)
        | Role::Reverse(_)
        | Role::Realm
        | Role::Kdc(..)
        | Role::KdcProxy
        | Role::KerberosName(_)
        | Role::Ticket
        | Role::Load
        | Role::Trace(_)
        | Role::Sizes
        | Role::OtherPort(_)
        | Role::GatewayResolve
        | Role::Gateway(_)
        | Role::GatewayWay(_)
        | Role::GatewayOlder
        | Role::Direct
        | Role::GatewaySide
        | Role::Side => (Some(offers), Phase::Tcp, None, to.to_string()),
    };
    let session = role.logs_on();
    let as_client = session || matches!(role, Role::Main(_) | Role::Again(_));
    let begin = if role == Role::DirectTls {
        Begin::DirectTls
    } else {
        Begin::Negotiation
    };
    let patience = if session {
        options.session_patience()
    } else if as_client {
        options.answer_patience()
    } else {
        options.contrast_patience()
    };
    if role == Role::OldTls {
        highest = TlsVersion::TLS1_2;
    }
    let wish = Wish::new(offers, until, patience);
    let wish = Wish {
        begin,
        cookie: Some(COOKIE.to_owned()),
        routing_token: match (extra, to) {
            (Some(Extra::RoutingToken), SocketAddr::V4(to)) => Some(wire::x224::routing_token(to)),
            _ => None,
        },
        correlation: (extra == Some(Extra::Correlation)).then_some(CORRELATION),
        hello,
        logs_on: session && options.credentials.is_some(),
        surveys: matches!(role, Role::Pick { .. } | Role::Keep(_) | Role::Resume(_)),
        credssp: match role {
            Role::LogonWays => wire::climb::Opening::Ways,
            Role::CredSsp(version) => wire::climb::Opening::Ntlm { version },
            _ => wish.credssp,
        },
        ..wish
    };
    Order {
        role,
        probe,
        intent: match role {
            _ if as_client => Intent::AsClient,
            role if role.surveys() => Intent::Survey,
            _ => Intent::Contrast,
        },
        says,
        look: Look::Climb(Box::new(Ascent {
            to,
            relay,
            // Of many addresses each gets the time in which a SYN is repeated once, so that all have a turn.
            connect_patience: match (role, addresses(sight)) {
                (Role::Address(_), Addresses::Known(all)) if all.len() > FURTHER_ADDRESSES + 1 => {
                    options.shortest_patience()
                }
                _ => options.connect_patience_at(now),
            },
            segments: (role == Role::SmallSegments).then_some(SMALL_SEGMENT),
            wish,
            hello: tls::ClientHello {
                lowest,
                highest,
                server_name: name,
                groups,
            },
            session: match role {
                // A server sends it behind its last message of the handshake.
                Role::Keep(_) => SessionUse::Keep(sight.round_trip().times(2).plus(TICKET_WAIT)),
                Role::Resume(_) => SessionUse::Resume,
                Role::Main(_) | Role::Again(_) => {
                    SessionUse::Settle(sight.round_trip().times(2).plus(TICKET_WAIT))
                }
                _ => SessionUse::None,
            },
            enough,
            due: if session {
                Micros(u64::MAX)
            } else {
                options.due().max(now)
            },
            farewell: if role.surveys() {
                FAREWELL_IN_SURVEY
            } else {
                FAREWELL
            },
            credentials: options.credentials.clone().filter(|_| session),
            kerberos: role == Role::Kerberos,
            host: sight.evidence.target.host.0.clone(),
        })),
    }
}

/// How long to wait between the datagrams that ask for the side transport, and after the last: by the round trip
/// that the open connection showed, because a verdict waits for them where nothing answers. Together with what comes
/// before they stay within the eight round trips and 0.15 s of a check; a host that takes its time over a request is given
/// more.
fn side_waits(sight: &Sight<'_>) -> (Micros, Micros) {
    const SHORTEST_PACE: Micros = Micros::from_millis(20);
    const SHORTEST: Micros = Micros::from_millis(60);
    let round_trip = sight.round_trip();
    let longest = sight.options.stall();
    let bounded = |wait: Micros, shortest: Micros| wait.clamp(shortest.min(longest), longest);
    let half = Micros(round_trip.0 / 2);
    let thinks = sight.slowest_confirm().since(round_trip);
    let patience = round_trip.times(2).plus(half).max(thinks.times(3));
    (
        bounded(round_trip.plus(half), SHORTEST_PACE),
        bounded(patience, SHORTEST),
    )
}

/// The port to knock at when the one asked for gives no answer. Remote Desktop's own, when another was asked
/// for: that tells a moved port from a host that is down. Else, on a private network that is SMB, which Windows
/// hosts open to their neighbours and others refuse; across the Internet, where SMB is dropped on the way,
/// it is HTTPS, which most filters let through to the host. A port beside 3389 would be dropped by the
/// firewall of any Windows host and tell nothing.
fn other_port(to: SocketAddr) -> SocketAddr {
    const SMB: u16 = 445;
    const HTTPS: u16 = 443;
    let near = match to.ip() {
        IpAddr::V4(ip) => ip.is_private() || ip.is_link_local() || ip.is_loopback(),
        IpAddr::V6(ip) => ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_loopback(),
    };
    let port = match (near, to.port()) {
        (_, port) if port != RDP_PORT => RDP_PORT,
        (true, _) => SMB,
        (false, _) => HTTPS,
    };
    let mut to = to;
    to.set_port(port);
    to
}

enum Addresses {
    Known(Vec<SocketAddr>),
    Unknown,
}

fn addresses(sight: &Sight<'_>) -> Addresses {
    if let Some(proxy) = &sight.options.proxy {
        return sight.named(Leg::Proxy, &proxy.host, proxy.port);
    }
    let target = &sight.evidence.target;
    let socket = |address: IpAddr| match (address, &target.zone) {
        (IpAddr::V6(ip), Some(zone)) => {
            let scope = platform::scope(zone).unwrap_or_default();
            SocketAddr::V6(std::net::SocketAddrV6::new(ip, target.port, 0, scope))
        }
        _ => SocketAddr::new(address, target.port),
    };
    if let Some(address) = target.address {
        return Addresses::Known(vec![socket(address)]);
    }
    sight
        .evidence
        .seen
        .iter()
        .find_map(|seen| match &seen.fact {
            _ if seen.place.is_some_and(|place| place.leg != Leg::Host) => None,
            // What name servers say beside it is compared and not dialled; what was known before any look is.
            Fact::NameResolved { addresses, via, .. }
                if *via == Resolver::System || seen.look.is_none() =>
            {
                Some(Addresses::Known(
                    addresses.iter().copied().map(socket).collect(),
                ))
            }
            _ => None,
        })
        .unwrap_or(Addresses::Unknown)
}

fn soonest(wake: &mut Option<Micros>, moment: Micros) {
    *wake = Some(wake.map_or(moment, |wake| wake.min(moment)));
}

impl Begun {
    /// It has what it came for, and nobody waits for the peer to close.
    pub(crate) fn is_over(&self) -> bool {
        self.ended.is_some() || (self.left.is_some() && self.role.surveys())
    }
}

impl Role {
    /// It belongs to a survey.
    const fn surveys(self) -> bool {
        matches!(
            self,
            Self::Offer(_)
                | Self::Extra(_)
                | Self::CredSsp(_)
                | Self::LogonWays
                | Self::RdpSecurity
                | Self::Keep(_)
                | Self::Resume(_)
                | Self::Pick { .. }
        )
    }
}

impl<'a> Sight<'a> {
    /// The addresses of a name on this leg; an address is its own.
    fn named(&self, leg: Leg, name: &HostName, port: u16) -> Addresses {
        let resolved = || {
            self.evidence.seen.iter().find_map(|seen| match &seen.fact {
                Fact::NameResolved { addresses, .. }
                    if seen.place.is_some_and(|place| place.leg == leg) =>
                {
                    Some(addresses.clone())
                }
                _ => None,
            })
        };
        match name
            .0
            .parse()
            .map_or_else(|_| resolved(), |ip| Some(vec![ip]))
        {
            Some(addresses) => Addresses::Known(
                addresses
                    .into_iter()
                    .map(|ip| SocketAddr::new(ip, port))
                    .collect(),
            ),
            None => Addresses::Unknown,
        }
    }

    fn has(&self, role: Role) -> bool {
        self.find(role).is_some()
    }

    fn find(&self, role: Role) -> Option<&'a Begun> {
        self.begun.iter().find(|begun| begun.role == role)
    }

    fn facts(&self, id: LookId) -> impl Iterator<Item = (Option<Micros>, &'a Fact)> {
        self.evidence
            .seen
            .iter()
            .filter(move |seen| seen.look == Some(id))
            .map(|seen| (seen.at, &seen.fact))
    }

    /// The main look that contrasts are held against: the first that opened, else the last.
    fn lead(&self) -> Option<&'a Begun> {
        let mains = || {
            self.begun
                .iter()
                .filter(|begun| matches!(begun.role, Role::Main(_)))
        };
        mains()
            .find(|main| View::of(self, main).opened)
            .or_else(|| mains().next_back())
    }

    /// It ended before any packet was sent, so it cost the target nothing.
    fn sent_nothing(&self, begun: &Begun) -> bool {
        begun.ended.is_some()
            && self
                .facts(begun.id)
                .any(|(_, fact)| matches!(fact, Fact::NoRoute { .. }))
    }

    /// A look at a further address that is over and found nobody: no host was asked for anything.
    fn met_nobody(&self, begun: &Begun) -> bool {
        matches!(begun.role, Role::Address(_))
            && begun.ended.is_some()
            && !View::of(self, begun).opened
    }

    /// A look found somebody.
    fn opened(&self, role: Role) -> bool {
        self.find(role)
            .is_some_and(|begun| View::of(self, begun).opened)
    }

    /// The peer reset a connection.
    fn was_reset(&self) -> bool {
        self.evidence.seen.iter().any(|seen| {
            matches!(
                seen.fact,
                Fact::Ended {
                    how: Ending::Reset,
                    ..
                }
            )
        })
    }

    /// A look at this address was begun and found nobody.
    fn is_dead(&self, role: Role, now: Micros) -> bool {
        self.find(role).is_some_and(|begun| {
            let view = View::of(self, begun);
            let (done, stalls_at) = view.stalls(self);
            !view.opened && (done || stalls_at <= now)
        })
    }

    /// The proxy did not take the user that was given.
    fn proxy_refused_the_user(&self) -> bool {
        let refused = |fact: &Fact| matches!(fact, Fact::ProxyRefused { logon: Some(_), .. });
        self.evidence.seen.iter().any(|seen| refused(&seen.fact))
    }

    /// The peer left a question without an answer.
    fn is_silent(&self) -> bool {
        self.evidence.seen.iter().any(|seen| {
            matches!(
                seen.fact,
                Fact::Ended {
                    how: Ending::Silence,
                    ..
                } | Fact::TcpSilent { .. }
            )
        })
    }

    /// The same look ended in different ways.
    fn is_intermittent(&self, main: &Begun) -> bool {
        self.find(Role::Again(1)).is_some_and(|again| {
            again.ended.is_some()
                && main.ended.is_some()
                && again.look.to() == main.look.to()
                && View::of(self, again).failed() != View::of(self, main).failed()
        })
    }

    /// Something that was varied opened what fails for the client, and the client was not looked at since: what
    /// comes and goes by itself looks the same.
    fn is_unconfirmed(&self, lead: &Begun, main: &View) -> bool {
        let last = self
            .begun
            .iter()
            .filter(|begun| matches!(begun.role, Role::Main(_) | Role::Again(_)))
            .map(|begun| begun.at)
            .max();
        main.trouble() == Some(Trouble::Other)
            && self.has(Role::Again(1))
            && self
                .contrasts()
                .filter(|begun| begun.look.to() == lead.look.to())
                .filter(|begun| begun.ended.is_some() && begun.ended >= last)
                .any(|begun| View::of(self, begun).is_beyond(main))
    }

    /// It is the time to look as the client once more: nobody else holds a connection then, because there may be a
    /// limit. A connection on which nothing comes is held until the end, and was while the others were made.
    fn may_confirm(&self, main: &View) -> bool {
        let over = self.begun.iter().all(|begun| begun.ended.is_some());
        over || !main.ended
    }

    /// The looks that vary something.
    fn contrasts(&self) -> impl Iterator<Item = &'a Begun> {
        self.begun.iter().filter(|begun| {
            begun.look.connects()
                && matches!(
                    begun.role,
                    Role::TlsOnly
                        | Role::Nla
                        | Role::RdpOnly
                        | Role::NoNegotiation
                        | Role::DirectTls
                        | Role::SmallHello
                        | Role::OldHello
                        | Role::LargeHello
                        | Role::SmallSegments
                        | Role::OldTls
                )
        })
    }

    /// None of the looks that vary something runs any longer.
    fn contrasts_are_over(&self) -> bool {
        self.contrasts().all(|begun| begun.ended.is_some())
    }

    /// The longest that an answer to a request took.
    fn slowest_confirm(&self) -> Micros {
        let took = self
            .evidence
            .seen
            .iter()
            .filter_map(|seen| match seen.fact {
                Fact::AnswerTook {
                    message: Message::ConnectionConfirm,
                    first,
                    ..
                } => Some(first),
                _ => None,
            });
        took.max().unwrap_or_default()
    }

    /// How long the server needs to take up a connection, as far as its quickest answer tells.
    fn slot(&self) -> Micros {
        let answers = self
            .evidence
            .seen
            .iter()
            .filter_map(|seen| match seen.fact {
                Fact::AnswerTook {
                    message: Message::ConnectionConfirm,
                    first,
                    ..
                } => Some(first),
                _ => None,
            });
        let quickest = answers.min().unwrap_or(Micros::from_millis(5));
        quickest
            .since(self.round_trip())
            .clamp(Micros::from_millis(2), Micros::from_millis(20))
    }

    /// The shortest round trip measured.
    fn round_trip(&self) -> Micros {
        let opened = self
            .evidence
            .seen
            .iter()
            .filter_map(|seen| match seen.fact {
                Fact::TcpOpened { took, .. } => Some(took),
                _ => None,
            });
        opened.min().unwrap_or_default()
    }
}
