//! Which questions name servers are asked: those the user named, about the name and then about its addresses.

use std::net::SocketAddr;

use model::codes::RecordType;
use model::{Fact, HostName, Intent, Micros, NameFailure, Resolver};
use wire::dns;

use super::{Addresses, Order, Role, Sight, addresses};
use crate::ask::{NAME_SERVER as NAME, RESOLV_CONF, addresses_of};
use crate::case::Depth;
use crate::look::{Inquiry, Look};
use crate::probes::NAME_SERVER;

/// The shortest wait for a name server of this machine.
const LEAST: Micros = Micros::from_millis(400);
/// The most name servers that are asked.
const SERVERS: usize = 8;
/// The most addresses that are asked for their names.
const REVERSE: usize = 2;

/// Adds the questions that were not asked. They go to nobody but the name servers, so they begin at once.
pub(super) fn want(sight: &Sight<'_>, now: Micros, orders: &mut Vec<Order>) {
    let target = &sight.evidence.target;
    let usual = sight.options.shortest_patience().times(2);
    let mut add = |role, server, name: String, kinds: &[RecordType], says, patience| {
        if !sight.has(role) {
            orders.push(Order {
                role,
                probe: &NAME_SERVER,
                intent: Intent::Contrast,
                says,
                look: Look::Ask(Box::new(Inquiry {
                    server,
                    name: HostName(name),
                    kinds: kinds.to_vec(),
                    patience,
                })),
            });
        }
    };
    for (index, &server) in sight.options.resolvers.iter().take(SERVERS).enumerate() {
        if target.address.is_none() {
            let host = target.host.0.clone();
            let says = format!("{host}, asked of {server}");
            let kinds = [RecordType::A, RecordType::AAAA];
            add(Role::Ask(index), server, host, &kinds, says, usual);
        }
    }
    for (index, server) in own(sight).into_iter().enumerate() {
        if sight.options.resolvers.contains(&server) {
            continue;
        }
        let host = target.host.0.clone();
        let says = format!("{host}, asked of {server}, which this machine asks");
        let kinds = [RecordType::A, RecordType::AAAA];
        // A verdict waits for it, and a resolver that was silent for long has left little time.
        let left = sight.options.timeout.since(now);
        let patience = left.clamp(LEAST.min(usual), usual);
        add(Role::Own(index), server, host, &kinds, says, patience);
    }
    if let (Some(&server), Addresses::Known(addresses)) =
        (sight.options.resolvers.first(), addresses(sight))
    {
        for (index, to) in addresses.iter().take(REVERSE).enumerate() {
            let says = format!("the name of {}, asked of {server}", to.ip());
            let name = dns::reverse(to.ip());
            let kinds = [RecordType::PTR];
            add(Role::Reverse(index), server, name, &kinds, says, usual);
        }
    }
}

/// The name servers of this machine, when its resolver failed and did not say which way: then it is worth asking
/// them one by one.
fn own(sight: &Sight<'_>) -> Vec<SocketAddr> {
    let seen = || sight.evidence.seen.iter().map(|seen| &seen.fact);
    let failed = seen().any(|fact| {
        matches!(
            fact,
            Fact::NameNotResolved {
                why: NameFailure::ServerFailure | NameFailure::Other,
                via: Resolver::System,
                ..
            }
        )
    });
    if !failed || sight.options.depth == Depth::Quick {
        return Vec::new();
    }
    seen()
        .find_map(|fact| match fact {
            Fact::SettingFound {
                key, name, value, ..
            } if key == RESOLV_CONF && name == NAME => Some(addresses_of(value)),
            _ => None,
        })
        .unwrap_or_default()
}
