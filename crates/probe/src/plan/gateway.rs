//! Says what to look at on the way to and into an RD Gateway.

use std::cell::OnceCell;
use std::net::SocketAddr;

use model::fact::GatewayWay;
use model::{Fact, HostName, Intent, Leg, Micros};

use super::view::View;
use super::{Addresses, Begun, Order, Plan, Role, Sight, soonest};
use crate::case::Depth;
use crate::hop::{Gateway, GatewayUse, Passage, Relay, Visit};
use crate::look::{Greeting, Look};
use crate::probes::{DIRECT, GATEWAY, PASSAGE, RESOLVE, SIDE};

/// Addresses of the gateway's name that are tried.
const ADDRESSES: usize = 3;

/// Adds what is worth looking at; true when the client goes through the gateway, so that the host itself is not to
/// be climbed to from here.
pub(super) fn want(
    sight: &Sight<'_>,
    gateway: &Gateway,
    now: Micros,
    wanted: &mut Vec<Order>,
    plan: &mut Plan,
) -> bool {
    let quick = sight.options.depth == Depth::Quick;
    let needed = gateway.used == GatewayUse::WhenNeeded;
    // A client that takes the gateway only when it has to tries the host first.
    if needed || !quick {
        if !sight.has(Role::Direct) {
            wanted.push(direct(sight));
        }
        if needed {
            let ended = sight
                .find(Role::Direct)
                .is_some_and(|begun| begun.ended.is_some());
            if !ended {
                return true;
            }
            let opened = sight
                .evidence
                .seen
                .iter()
                .any(|seen| matches!(seen.fact, Fact::DirectWay { opened: true, .. }));
            if opened {
                return false;
            }
        }
    }
    let addresses = match &sight.options.proxy {
        Some(proxy) => sight.named(Leg::Proxy, &proxy.host, proxy.port),
        None => sight.named(Leg::Gateway, &gateway.host, gateway.port),
    };
    let addresses = match addresses {
        Addresses::Known(addresses) => addresses,
        Addresses::Unknown if sight.has(Role::GatewayResolve) => return true,
        Addresses::Unknown => {
            plan.begin.push(resolve(sight, &gateway.host));
            return true;
        }
    };
    // As a client does: the first address that opens.
    let mut open = None;
    for (index, &to) in addresses.iter().enumerate().take(ADDRESSES) {
        let role = Role::Gateway(index);
        let Some(begun) = sight.find(role) else {
            wanted.push(visit(sight, gateway, role, GatewayWay::WebSocket, to, now));
            break;
        };
        let view = View::of(sight, begun);
        if view.opened || begun.ended.is_none() {
            let (done, stalls_at) = view.stalls(sight);
            if !done && stalls_at > now {
                soonest(&mut plan.wake, stalls_at);
            }
            open = Some((begun, to));
            break;
        }
    }
    let Some((begun, to)) = open else {
        return true;
    };
    if let Some(order) = side(sight, begun, to).filter(|_| !quick) {
        plan.begin.push(order);
    }
    if begun.ended.is_none() || quick {
        return true;
    }
    // What the web server said to the usual way decides whether the others are worth a connection each.
    let status = sight.facts(begun.id).find_map(|(_, fact)| match fact {
        Fact::GatewayAnswered { status, .. } => Some(*status),
        _ => None,
    });
    let full = sight.options.depth == Depth::Full;
    let others = match status {
        Some(101 | 200 | 401) if !full => &[][..],
        Some(_) => &[GatewayWay::Http, GatewayWay::Rpc, GatewayWay::KdcProxy][..],
        None => &[],
    };
    // A proxy that the user named is asked for a ticket: to knock there with nothing would tell less.
    let proxy = sight.options.kerberos.proxy.as_ref();
    let asked = proxy.is_some_and(|proxy| {
        proxy.host.folded() == gateway.host.folded() && proxy.port == gateway.port
    });
    for way in others {
        if asked && *way == GatewayWay::KdcProxy {
            continue;
        }
        let role = Role::GatewayWay(*way);
        if !sight.has(role) {
            wanted.push(visit(sight, gateway, role, *way, to, now));
        }
    }
    if leads_by_rpc(sight, gateway, begun) && !sight.has(Role::GatewayOlder) {
        let way = GatewayWay::Rpc;
        wanted.push(visit(sight, gateway, Role::GatewayOlder, way, to, now));
    }
    true
}

/// RPC over HTTP is the only way that is left to somebody who has a user: both newer ones were turned away before any
/// logon, and this one asks for it. Windows' own client falls back to it then.
fn leads_by_rpc(sight: &Sight<'_>, gateway: &Gateway, usual: &Begun) -> bool {
    let has_user = gateway.credentials.is_some();
    let leads = |begun: &Begun| {
        sight.facts(begun.id).find_map(|(_, fact)| match fact {
            Fact::GatewayAnswered {
                status,
                offers,
                page,
                ..
            } => Some(match status {
                101 => true,
                200 => page.is_none(),
                401 => !offers.is_empty(),
                _ => false,
            }),
            _ => None,
        })
    };
    let other = |way| {
        let begun = sight.find(Role::GatewayWay(way))?;
        begun.ended.and_then(|_| leads(begun))
    };
    has_user
        && leads(usual) == Some(false)
        && other(GatewayWay::Http) == Some(false)
        && other(GatewayWay::Rpc) == Some(true)
}

/// The gateway's own side transport: where it says that it has one, and with `--full` where it says nothing of it.
fn side(sight: &Sight<'_>, begun: &Begun, to: SocketAddr) -> Option<Order> {
    /// Where gateways listen over UDP unless told otherwise ([MS-TSGU] 2.1.3).
    const USUAL: u16 = 3_391;
    // Datagrams go through no proxy.
    if sight.options.proxy.is_some() || sight.has(Role::GatewaySide) {
        return None;
    }
    let terms = sight.facts(begun.id).find_map(|(_, fact)| match fact {
        Fact::GatewayTerms { udp_port, .. } => Some(*udp_port),
        _ => None,
    });
    let full = sight.options.depth == Depth::Full && begun.ended.is_some();
    let port = match terms {
        Some(port) => port?,
        None if full => USUAL,
        None => return None,
    };
    let to = SocketAddr::new(to.ip(), port);
    let (pace, patience) = super::side_waits(sight);
    // It has not shown yet how long it thinks, and DTLS makes it think.
    let patience = patience.max(Micros::from_millis(250).min(sight.options.stall()));
    Some(Order {
        role: Role::GatewaySide,
        probe: &SIDE,
        intent: Intent::Contrast,
        says: format!("{to} over UDP, with DTLS"),
        look: Look::Side {
            to,
            greeting: Greeting::Dtls {
                promised: terms.is_some(),
            },
            pace,
            patience,
        },
    })
}

fn resolve(sight: &Sight<'_>, name: &HostName) -> Order {
    let (leg, name) = match &sight.options.proxy {
        Some(proxy) => (Leg::Proxy, &proxy.host),
        None => (Leg::Gateway, name),
    };
    Order {
        role: Role::GatewayResolve,
        probe: &RESOLVE,
        intent: Intent::AsClient,
        says: name.0.clone(),
        look: Look::Resolve {
            leg,
            name: name.clone(),
            patience: sight.options.resolve_patience(),
        },
    }
}

fn direct(sight: &Sight<'_>) -> Order {
    let target = &sight.evidence.target;
    Order {
        role: Role::Direct,
        probe: &DIRECT,
        intent: Intent::Contrast,
        says: format!("{} beside the gateway", target.host.0),
        look: Look::Direct {
            name: target.host.clone(),
            port: target.port,
            // A client does not wait long for a host that it can reach otherwise.
            patience: sight.options.stall(),
        },
    }
}

fn visit(
    sight: &Sight<'_>,
    gateway: &Gateway,
    role: Role,
    way: GatewayWay,
    to: SocketAddr,
    now: Micros,
) -> Order {
    let options = sight.options;
    let as_client = matches!(role, Role::Gateway(_) | Role::GatewayOlder);
    let patience = if as_client {
        options.answer_patience()
    } else {
        options.contrast_patience()
    };
    let relay = options.proxy.as_ref().map(|proxy| Relay {
        proxy: proxy.clone(),
        host: gateway.host.clone(),
        port: gateway.port,
        patience,
    });
    // Who is given a user goes on through the gateway, once: a logon that fails counts.
    let passage = gateway
        .credentials
        .as_ref()
        .filter(|_| as_client)
        .and_then(|credentials| {
            let main = super::order(sight, Role::Main(0), to, now, &OnceCell::new());
            let Look::Climb(ascent) = main.look else {
                return None;
            };
            let target = &sight.evidence.target;
            Some(Box::new(Passage {
                credentials: credentials.clone(),
                host: target.host.clone(),
                port: target.port,
                ascent: *ascent,
            }))
        });
    Order {
        role,
        probe: if passage.is_some() {
            &PASSAGE
        } else {
            &GATEWAY
        },
        intent: if as_client {
            Intent::AsClient
        } else {
            Intent::Contrast
        },
        says: format!("{} by {}", gateway.host.0, way.says()),
        look: Look::Gateway(Box::new(Visit {
            to,
            relay,
            connect_patience: options.connect_patience_at(now),
            patience,
            gateway: gateway.host.clone(),
            port: gateway.port,
            way,
            passage,
        })),
    }
}
