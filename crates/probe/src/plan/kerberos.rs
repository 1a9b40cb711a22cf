//! Which Kerberos servers are asked, and what: those of a realm that was named, and with `--full` those of the domain
//! that the host's NTLM challenge tells of.

use std::net::SocketAddr;

use model::codes::KerberosError;
use model::fact::{KdcQuestion, KdcWay};
use model::{Fact, HostName, Intent};

use super::{Order, Role, Sight};
use crate::case::{Depth, KdcProxy};
use crate::look::{KdcVisit, Look, RealmInquiry};
use crate::probes::{KDC, REALM};

/// The most servers of a realm that are asked.
const SERVERS: usize = 2;
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
