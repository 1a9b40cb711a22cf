//! Facts about names and the way to the host in a few words.

use model::{Fact, Resolver};

use super::millis;
use super::words::duration;

/// Who was asked for a name, when it was not the system.
pub fn asked(via: &Resolver) -> String {
    match via {
        Resolver::System => String::new(),
        Resolver::Server(server) => format!(", asked of {server}"),
    }
}

/// The fact in words, when it is one of these.
pub fn words(fact: &Fact) -> Option<String> {
    Some(match fact {
        Fact::NameServerAnswered {
            server,
            name,
            question,
            code,
            authoritative,
            recursive,
            aliases,
            addresses,
            names,
            ttl,
            edns,
            over_tcp,
            took,
        } => {
            let mut says = format!("{server} on {name} {question}: {code}");
            for alias in aliases {
                says += &format!(", alias of {alias}");
            }
            for address in addresses {
                says += &format!(", {address}");
            }
            for name in names {
                says += &format!(", {name}");
            }
            if let Some(ttl) = ttl {
                says += &format!(", may be kept for {ttl} s");
            }
            let words = [
                (*authoritative, "responsible for the name"),
                (!*recursive, "asks nobody else"),
                (!*edns, "without EDNS"),
                (*over_tcp, "over TCP"),
            ];
            for (_, word) in words.iter().filter(|(so, _)| *so) {
                says += &format!(", {word}");
            }
            format!("{says} (after {})", duration(millis(*took)))
        }
        Fact::HostsFileSaid {
            file,
            name,
            addresses,
        } => {
            let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            format!("{file}: {name} is {}", addresses.join(", "))
        }
        Fact::PathMeasured {
            to,
            round_trip,
            variation,
            shortest,
            mtu,
            segment,
            after_a_gap,
        } => {
            let shortest = shortest.map_or_else(String::new, |shortest| {
                format!(", at best {}", duration(millis(shortest)))
            });
            let gap = match after_a_gap {
                None | Some(0) => String::new(),
                Some(number) => format!(", {number} came while an earlier one was missing"),
            };
            format!(
                "to {to} and back: {} ± {}{shortest}; packets of {mtu} bytes, {segment} of them data{gap}",
                duration(millis(*round_trip)),
                duration(millis(*variation)),
            )
        }
        Fact::SentBack { to, why } => {
            format!(
                "what was sent to {to} came back with an ICMP error: {}",
                why.says()
            )
        }
        Fact::Retransmitted {
            by_client,
            by_server,
            of,
        } => {
            let server =
                by_server.map_or_else(String::new, |number| format!(" and {number} by the server"));
            format!("of {of} packets with data {by_client} were sent again by the client{server}")
        }
        Fact::PathTraced {
            to,
            hops,
            answered_at,
        } => {
            let hops: Vec<String> = hops
                .iter()
                .map(|hop| hop.map_or_else(|| "?".to_owned(), |hop| hop.to_string()))
                .collect();
            let answered = match answered_at {
                Some(hop) => format!("; from hop {hop} on the port answers"),
                None => String::new(),
            };
            format!("the way to {to}: {}{answered}", hops.join(", "))
        }
        Fact::PacketSizesTried {
            to,
            passed,
            lost,
            told,
        } => {
            let part = |size: &Option<u32>, words: &str| {
                size.map_or_else(String::new, |size| format!(", {size} {words}"))
            };
            format!(
                "packets of so many bytes to {to}{}{}{}",
                part(passed, "came through"),
                part(lost, "were lost without a word"),
                part(told, "are what a router says it takes"),
            )
        }
        Fact::ConnectionsHeld {
            to,
            asked,
            held,
            silent,
            limit,
            dropped,
        } => {
            let kind = if *silent { " that say nothing" } else { "" };
            let next = limit.map_or_else(String::new, |limit| {
                format!("; the next one {}", limit.says())
            });
            let dropped = match dropped {
                0 => String::new(),
                number => format!("; {number} of them were ended by the host"),
            };
            format!("{to} took {held} connections{kind} at once, of {asked}{next}{dropped}")
        }
        Fact::AnsweredAfterLoad { to, again, waited } => {
            let again = if *again {
                "answered again"
            } else {
                "did not answer"
            };
            format!(
                "{to} {again} within {} after all were closed",
                duration(millis(*waited))
            )
        }
        _ => return None,
    })
}
