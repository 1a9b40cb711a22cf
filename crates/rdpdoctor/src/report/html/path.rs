//! Charts of the way between the machines: round trips, what was sent again, and the size of packets that pass.

use std::fmt::Write as _;
use std::net::SocketAddr;

use model::Fact;

use super::escaped;
use crate::report::words::{count, duration};
use crate::report::{self, Report, facts};

/// A time that an answer took, and where it was seen.
struct Trip {
    place: String,
    to: String,
    took: f64,
}

/// Segments with data, and those that were sent again.
#[derive(Default)]
struct Again {
    by_client: u64,
    by_server: u64,
    of: u64,
    connections: usize,
    /// The server's side of it could be seen too.
    both: bool,
}

/// A packet size that tells something: bytes of data, and the words for it.
struct Size {
    bytes: u32,
    class: &'static str,
    says: String,
}

/// Everything that was seen of the way, as far as a chart tells more than a line; empty when nothing was.
pub fn charts(report: &Report) -> String {
    [
        round_trips(report),
        measured(report),
        again(report),
        sizes(report),
    ]
    .concat()
}

fn trips(report: &Report) -> Vec<Trip> {
    let live = report
        .evidence
        .iter()
        .filter(|_| report.recorded.is_empty())
        .filter_map(|seen| match facts::fact(seen)? {
            Fact::TcpOpened { to, took } => Some(Trip {
                place: format!("look {}", seen.look?),
                to: to.to_string(),
                took: report::millis(took),
            }),
            _ => None,
        });
    let recorded = report.recorded.iter().filter_map(|one| {
        Some(Trip {
            place: format!("connection {}", one.number),
            to: one.server.clone(),
            took: one.round_trip_ms?,
        })
    });
    live.chain(recorded).collect()
}

/// A mark for each connection on one scale, and the numbers on demand; nothing for fewer than two.
fn round_trips(report: &Report) -> String {
    let trips = trips(report);
    let mut sorted: Vec<f64> = trips.iter().map(|trip| trip.took).collect();
    sorted.sort_by(f64::total_cmp);
    let (Some(least), Some(middle), Some(most)) = (
        sorted.first(),
        sorted.get(sorted.len() / 2),
        sorted.last().filter(|most| **most > 0.0),
    ) else {
        return String::new();
    };
    if sorted.len() < 2 {
        return String::new();
    }
    // The scale ends a little behind the longest, so that its mark is whole.
    let whole = most * 1.02;
    let at = |took: f64| took / whole * 100.0;
    let mut marks = String::new();
    for took in &sorted {
        // Writing to a string does not fail.
        let _ = write!(marks, "M{:.2} 4V16", at(*took));
    }
    let mut rows = String::new();
    for trip in trips.iter().take(ROWS) {
        let _ = writeln!(
            rows,
            "<tr><td>{}</td><td>{}</td><td class=\"number\">{}</td></tr>",
            escaped(&trip.place),
            escaped(&trip.to),
            fine(trip.took)
        );
    }
    let more = trips.len().saturating_sub(ROWS);
    if more > 0 {
        let _ = writeln!(
            rows,
            "<tr><td colspan=\"3\" class=\"soft\">and {more} more</td></tr>"
        );
    }
    let says = format!(
        "The round trip of {}: {} to {}, the middle one {}.",
        count(trips.len(), "connection"),
        fine(*least),
        fine(*most),
        fine(*middle)
    );
    format!(
        "<figure><figcaption>{says}</figcaption>\n\
         <svg class=\"chart\" viewBox=\"0 0 100 20\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <path class=\"middle\" d=\"M{:.2} 0V20\"/><path class=\"tick\" d=\"{marks}\"/></svg>\n\
         <div class=\"axis\" aria-hidden=\"true\"><span>0</span><span>{}</span><span>{}</span></div>\n\
         <details><summary>Each of them</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"round trips\"><table><thead><tr><th scope=\"col\">seen by</th>\
         <th scope=\"col\">to</th><th scope=\"col\">opened after</th></tr></thead><tbody>\n{rows}</tbody></table></div>\
         </details></figure>\n",
        at(*middle),
        fine(whole / 2.0),
        fine(whole)
    )
}

/// Rows of a table that only repeats a chart in numbers.
const ROWS: usize = 200;

/// What the system measured on the connections to a host, on one scale: a mark for each, and how far single answers lay
/// from the middle one.
fn measured(report: &Report) -> String {
    let mut hosts: Vec<(SocketAddr, Vec<[f64; 2]>)> = Vec::new();
    for fact in report.evidence.iter().filter_map(facts::fact) {
        let Fact::PathMeasured {
            to,
            round_trip,
            variation,
            ..
        } = fact
        else {
            continue;
        };
        let trip = [report::millis(round_trip), report::millis(variation)];
        match hosts.iter_mut().find(|(host, _)| *host == to) {
            Some((_, trips)) => trips.push(trip),
            None => hosts.push((to, vec![trip])),
        }
    }
    let charts = hosts.iter_mut().take(MOST_MEASURED);
    charts
        .map(|(host, trips)| measured_of(*host, trips))
        .collect()
}

fn measured_of(host: SocketAddr, trips: &mut [[f64; 2]]) -> String {
    trips.sort_by(|[one, _], [other, _]| one.total_cmp(other));
    let (Some([least, _]), Some([middle, apart]), Some([most, _])) =
        (trips.first(), trips.get(trips.len() / 2), trips.last())
    else {
        return String::new();
    };
    let whole = (middle + apart).max(*most) * 1.02;
    if whole <= 0.0 {
        return String::new();
    }
    let at = |took: f64| (took / whole * 100.0).clamp(0.0, 100.0);
    let (from, until) = (at(middle - apart), at(middle + apart));
    let mut marks = String::new();
    for [took, _] in trips.iter() {
        // Writing to a string does not fail.
        let _ = write!(marks, "M{:.2} 3V17", at(*took));
    }
    let trips_words = if trips.len() == 1 {
        format!("a round trip of {}", fine(*middle))
    } else {
        format!(
            "round trips of {} to {} on {}, the middle one {}",
            fine(*least),
            fine(*most),
            count(trips.len(), "connection"),
            fine(*middle)
        )
    };
    format!(
        "<figure><figcaption>To {}, as the system measured it: {trips_words}, give or take {}.</figcaption>\n\
         <svg class=\"chart\" viewBox=\"0 0 100 20\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect class=\"rest\" x=\"{from:.2}\" y=\"6\" width=\"{:.2}\" height=\"8\"/>\
         <path class=\"tick\" d=\"{marks}\"/></svg>\n\
         <div class=\"axis\" aria-hidden=\"true\"><span>0</span><span>{}</span><span>{}</span></div></figure>\n",
        escaped(&host.to_string()),
        fine(*apart),
        (until - from).max(0.6),
        fine(whole / 2.0),
        fine(whole)
    )
}

/// A time on a chart, whose scale may end far below a millisecond.
fn fine(millis: f64) -> String {
    if millis < 0.995 {
        format!("{millis:.2} ms")
    } else {
        duration(millis)
    }
}

/// Hosts whose measured times are drawn.
const MOST_MEASURED: usize = 8;

/// How much of what was sent had to be sent again, as one bar.
fn again(report: &Report) -> String {
    let mut sum = Again::default();
    for one in &report.recorded {
        if one.segments > 0 {
            sum.by_client += u64::from(one.resent_by_client);
            sum.by_server += u64::from(one.resent_by_server);
            sum.both = true;
            sum.of += u64::from(one.segments);
            sum.connections += 1;
        }
    }
    if report.recorded.is_empty() {
        for fact in report.evidence.iter().filter_map(facts::fact) {
            if let Fact::Retransmitted {
                by_client,
                by_server,
                of,
            } = fact
            {
                sum.by_client += u64::from(by_client);
                sum.by_server += u64::from(by_server.unwrap_or(0));
                sum.both |= by_server.is_some();
                sum.of += u64::from(of);
                sum.connections += 1;
            }
        }
    }
    if sum.of == 0 {
        return String::new();
    }
    let percent = |part: u64| {
        let thousandths = part.saturating_mul(100_000) / sum.of;
        u32::try_from(thousandths).map_or(100.0, |part| f64::from(part) / 1000.0)
    };
    let (client, server) = (percent(sum.by_client), percent(sum.by_server));
    // One of a thousand is still to be seen.
    let wide = |part: f64| if part > 0.0 { part.max(0.6) } else { 0.0 };
    let who = if sum.both {
        format!(
            "{} by the client and {} by the server",
            sum.by_client, sum.by_server
        )
    } else {
        format!("{} by the client", sum.by_client)
    };
    let says = format!(
        "Sent again: {:.1} % of {} segments of {}, {who}.",
        client + server,
        sum.of,
        count(sum.connections, "connection"),
    );
    format!(
        "<figure><figcaption>{says}</figcaption>\n\
         <svg class=\"chart\" viewBox=\"0 0 100 20\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect class=\"rest\" x=\"0\" y=\"4\" width=\"100\" height=\"12\"/>\
         <rect class=\"warn\" x=\"0\" y=\"4\" width=\"{:.2}\" height=\"12\"/>\
         <rect class=\"bar\" x=\"{:.2}\" y=\"4\" width=\"{:.2}\" height=\"12\"/></svg>\n\
         <div class=\"axis\" aria-hidden=\"true\"><span>0</span><span>50 %</span><span>100 %</span></div></figure>\n",
        wide(client),
        wide(client),
        wide(server)
    )
}

/// What passed and what did not, by size.
fn sizes(report: &Report) -> String {
    let mut marks = Vec::new();
    for fact in report.evidence.iter().filter_map(facts::fact) {
        match fact {
            Fact::LargeSegmentsLost {
                by_server,
                lost,
                passed,
                told,
                ..
            } => {
                let who = if by_server { "server" } else { "client" };
                marks.push(Size {
                    bytes: passed,
                    class: "good",
                    says: format!("up to {passed} bytes of the {who} passed"),
                });
                marks.push(Size {
                    bytes: lost,
                    class: "bad",
                    says: format!("{lost} bytes of the {who} never did"),
                });
                if let Some(told) = told {
                    marks.push(Size {
                        bytes: told,
                        class: "warn",
                        says: format!("a router takes packets of {told} bytes"),
                    });
                }
            }
            Fact::PathMeasured { to, mtu, .. } => marks.push(Size {
                bytes: mtu,
                class: "good",
                says: format!("packets of {mtu} bytes are known to reach {}", to.ip()),
            }),
            Fact::SegmentsLimited { bytes } => marks.push(Size {
                bytes: u32::from(bytes),
                class: "good",
                says: format!("kept to {bytes} bytes, a connection was tried again"),
            }),
            _ => {}
        }
    }
    marks.sort_by_key(|mark| mark.bytes);
    marks.dedup_by(|one, other| one.says == other.says);
    let Some(most) = marks.last().map(|mark| mark.bytes.max(1_500)) else {
        return String::new();
    };
    let at = |bytes: u32| f64::from(bytes) / f64::from(most) * 100.0;
    let mut drawn = String::new();
    let mut legend = String::new();
    for mark in &marks {
        // Writing to a string does not fail.
        let _ = write!(
            drawn,
            "<rect class=\"{}\" x=\"{:.2}\" y=\"2\" width=\"1\" height=\"16\"/>",
            mark.class,
            at(mark.bytes).min(99.0)
        );
        let _ = write!(
            legend,
            "<li><span class=\"{}\" aria-hidden=\"true\">▮</span> {}</li>",
            mark.class,
            escaped(&mark.says)
        );
    }
    format!(
        "<figure><figcaption>The size of packets that pass:</figcaption>\n\
         <svg class=\"chart\" viewBox=\"0 0 100 20\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect class=\"rest\" x=\"0\" y=\"8\" width=\"100\" height=\"4\"/>{drawn}</svg>\n\
         <div class=\"axis\" aria-hidden=\"true\"><span>0</span><span>{}</span><span>{most} bytes</span></div>\n\
         <ul class=\"legend\">{legend}</ul></figure>\n",
        most / 2
    )
}
