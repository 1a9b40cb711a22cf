//! Facts about names and the way to the host in a few words.

use model::Fact;

use super::millis;
use super::words::duration;

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
        Fact::Retransmitted {
            by_client,
            by_server,
            of,
        } => {
            let server =
                by_server.map_or_else(String::new, |number| format!(" and {number} by the server"));
            format!("of {of} packets with data {by_client} were sent again by the client{server}")
        }
        _ => return None,
    })
}
