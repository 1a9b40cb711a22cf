//! Which Kerberos servers are asked, and what: those of a realm that was named, and with `--full` those of the domain
//! that the host's NTLM challenge tells of.

use std::net::SocketAddr;

use model::codes::{KerberosError, Protocols};
use model::fact::{KdcQuestion, KdcWay};
use model::{Fact, HostName, Intent, LogonMechanism, Message};

use super::view::View;
use super::{Order, Role, Sight};
use crate::case::{Depth, KdcProxy};
use crate::look::{KdcVisit, Look, RealmInquiry, TicketVisit};
use crate::probes::{KDC, REALM, TICKET};

/// The most servers of a realm that are asked.
const SERVERS: usize = 2;
/// The upper half of results that judge an account, among others; those of another library's making have another.
const STATUS: u32 = 0xC000;
/// The user that is asked for when nobody was named: says in the server's log who was there.
const NOBODY: &str = super::COOKIE;

/// Adds the questions that were not asked. They go to the domain and not to the host, so they begin at once.
pub(super) fn want(sight: &Sight<'_>, orders: &mut Vec<Order>) {
    if sight.options.depth == Depth::Quick {
        return;
    }
    let Some(realm) = realm(sight) else {
        return;
    };
    let proxy = sight.options.kerberos.proxy.as_ref();
    if let Some(proxy) = proxy {
        add_visit(sight, orders, Role::KdcProxy, &realm, Server::proxy(proxy));
    }
    if !sight.has(Role::Realm) {
        orders.push(Order {
            role: Role::Realm,
            probe: &REALM,
            intent: Intent::Contrast,
            says: format!("the Kerberos servers of {realm}"),
            look: Look::Realm(Box::new(RealmInquiry {
                realm: realm.clone(),
                servers: sight.options.resolvers.clone(),
                patience: sight.options.shortest_patience(),
            })),
        });
    }
    for (index, server) in servers(sight).into_iter().enumerate() {
        add_visit(sight, orders, Role::Kdc(index, server.way), &realm, server);
    }
    // Whether the name of the host is known can be asked only as a user whom the domain knows.
    if let Some((server, true)) = answering(sight) {
        for question in [KdcQuestion::Service, KdcQuestion::NoSuchService] {
            add_visit(
                sight,
                orders,
                Role::KerberosName(question),
                &realm,
                server.clone(),
            );
        }
    }
}

/// A server, or a proxy to all of them, and the way to it.
#[derive(Clone)]
struct Server {
    name: HostName,
    port: u16,
    to: Option<SocketAddr>,
    path: String,
    way: KdcWay,
}

impl Server {
    fn proxy(proxy: &KdcProxy) -> Self {
        Self {
            name: proxy.host.clone(),
            port: proxy.port,
            to: None,
            path: proxy.path.clone(),
            way: KdcWay::Proxy,
        }
    }
}

/// The realm: the one that was named, else the domain of the host.
fn realm(sight: &Sight<'_>) -> Option<HostName> {
    if let Some(realm) = &sight.options.kerberos.realm {
        return Some(realm.clone());
    }
    if sight.options.depth != Depth::Full && sight.options.kerberos.proxy.is_none() {
        return None;
    }
    sight
        .evidence
        .seen
        .iter()
        .find_map(|seen| match &seen.fact {
            Fact::NtlmChallenged { challenge, .. } => {
                let domain = challenge.dns_domain.as_ref()?;
                // A host without a domain gives its own name for it.
                let own = challenge.dns_computer.as_ref();
                let is_own = own.is_some_and(|own| own.0.eq_ignore_ascii_case(&domain.0));
                (domain.0.contains('.') && !is_own).then(|| domain.clone())
            }
            _ => None,
        })
}

/// The servers that were named, the preferred ones first, over each way that was named.
fn servers(sight: &Sight<'_>) -> Vec<Server> {
    let mut servers = Vec::new();
    for seen in &sight.evidence.seen {
        let Fact::KdcsNamed { way, kdcs, .. } = &seen.fact else {
            continue;
        };
        for kdc in kdcs.iter().take(SERVERS) {
            servers.push(Server {
                name: kdc.kdc.clone(),
                port: kdc.port,
                to: kdc
                    .addresses
                    .first()
                    .map(|address| SocketAddr::new(*address, kdc.port)),
                path: String::new(),
                way: *way,
            });
        }
    }
    servers
}

/// A server that answered a question about the user, and whether it knows the user.
fn answering(sight: &Sight<'_>) -> Option<(Server, bool)> {
    sight.begun.iter().find_map(|begun| {
        let Look::Kdc(visit) = &begun.look else {
            return None;
        };
        sight.facts(begun.id).find_map(|(_, fact)| match fact {
            Fact::KdcAnswered {
                asked: KdcQuestion::User,
                named: true,
                error,
                to,
                ..
            } if *error != Some(KerberosError::TOO_BIG) => {
                let known = matches!(error, None | Some(KerberosError::PREAUTH_REQUIRED));
                let server = Server {
                    name: visit.kdc.clone(),
                    port: visit.port,
                    to: *to,
                    path: visit.path.clone(),
                    way: visit.way,
                };
                Some((server, known))
            }
            _ => None,
        })
    })
}

/// The next step of a logon: a ticket where the domain knows the user, a logon with it, and one with NTLM where that
/// is not to be, as a client goes on. `None` when the logon is made, or lies with what Kerberos said.
pub(super) fn logon(sight: &Sight<'_>, main: &View) -> Option<Role> {
    let nla = main.chosen.is_some_and(Protocols::has_nla);
    if !nla || sight.options.credentials.is_none() {
        return Some(Role::Session);
    }
    let begun = |role| sight.begun.iter().find(|begun| begun.role == role);
    let Some(asked) = begun(Role::Ticket) else {
        return Some(if ticket(sight).is_some() {
            Role::Ticket
        } else {
            Role::Session
        });
    };
    asked.ended?;
    let mut given = false;
    for (_, fact) in sight.facts(asked.id) {
        match fact {
            Fact::TicketAnswered {
                asked: KdcQuestion::User,
                error: Some(error),
                ..
            } if error.ends_logon() => return None,
            Fact::TicketAnswered {
                asked: KdcQuestion::Service,
                error: None,
                ..
            } => given = true,
            _ => {}
        }
    }
    if !given {
        return Some(Role::Session);
    }
    let Some(tried) = begun(Role::Kerberos) else {
        return Some(Role::Kerberos);
    };
    tried.ended?;
    // A server without Kerberos, or without the key, has not looked at any password. One that has judged the user
    // says so with a status of its own; one that proved nothing of itself gets no proof of a password either.
    let mut answered = false;
    let mut ended = false;
    for (_, fact) in sight.facts(tried.id) {
        match fact {
            Fact::LogonNegotiated {
                mechanism,
                rejected,
                error,
                ..
            } => {
                if *rejected || error.is_some() || *mechanism == Some(LogonMechanism::Ntlm) {
                    return Some(Role::Session);
                }
                answered = true;
            }
            Fact::CredSspRefused { error, .. } => ended |= error.0 >> 16 != STATUS,
            Fact::Ended { after, .. } => ended |= *after == Message::CredSspNegotiate,
            _ => {}
        }
    }
    (ended && !answered).then_some(Role::Session)
}

/// The question for a ticket, where a server of the domain answers, knows the user, and the host has a name.
pub(super) fn ticket(sight: &Sight<'_>) -> Option<Order> {
    let credentials = sight.options.credentials.clone()?;
    let realm = realm(sight)?;
    let target = &sight.evidence.target;
    // Only for the user who logs on; somebody else may have been named with the realm.
    let user = sight.options.kerberos.user.clone()?;
    let is_same = credentials.user().split('@').next() == Some(user.as_str());
    let (server, known) = answering(sight)?;
    if !known || !is_same || target.address.is_some() || sight.has(Role::Ticket) {
        return None;
    }
    Some(Order {
        role: Role::Ticket,
        probe: &TICKET,
        intent: Intent::AsClient,
        says: format!(
            "{}, asked with the password for a ticket for {}",
            server.name, target.host
        ),
        look: Look::Ticket(Box::new(TicketVisit {
            at: KdcVisit {
                realm,
                kdc: server.name,
                port: server.port,
                to: server.to,
                way: server.way,
                path: server.path,
                user,
                is_named: true,
                host: target.host.clone(),
                question: KdcQuestion::Service,
                patience: sight.options.answer_patience(),
            },
            credentials,
        })),
    })
}

fn add_visit(
    sight: &Sight<'_>,
    orders: &mut Vec<Order>,
    role: Role,
    realm: &HostName,
    server: Server,
) {
    if sight.has(role) {
        return;
    }
    let target = &sight.evidence.target;
    let question = match role {
        Role::KerberosName(question) => question,
        _ => KdcQuestion::User,
    };
    // An address has no entry in a domain.
    if question != KdcQuestion::User && target.address.is_some() {
        return;
    }
    let about = match question {
        KdcQuestion::User => "",
        KdcQuestion::Service => ", about the name of the host",
        KdcQuestion::NoSuchService => ", about a name that nobody has",
    };
    let way = server.way.says();
    orders.push(Order {
        role,
        probe: &KDC,
        intent: Intent::Contrast,
        says: format!("{}, asked {way}{about}", server.name),
        look: Look::Kdc(Box::new(KdcVisit {
            realm: realm.clone(),
            kdc: server.name,
            port: server.port,
            to: server.to,
            way: server.way,
            path: server.path,
            user: sight
                .options
                .kerberos
                .user
                .clone()
                .unwrap_or_else(|| NOBODY.to_owned()),
            is_named: sight.options.kerberos.user.is_some(),
            host: target.host.clone(),
            question,
            patience: sight.options.shortest_patience(),
        })),
    });
}
