//! Every kind of fact is told by something and read by something.

use std::path::{Path, PathBuf};

use diagnose::CAUSES;
use model::FactKind;
use probe::PROBES;

/// Facts that no cause reads, and why they are told all the same.
const UNREAD: &[(FactKind, &str)] = &[
    (
        FactKind::InterfaceFound,
        "tells the reader how large packets may be; what a path takes is seen on connections",
    ),
    (
        FactKind::ClockFound,
        "tells the reader whether a clock is looked after; how far it is off is seen on connections",
    ),
    (
        FactKind::SessionDeactivated,
        "tells the reader that the desktop was set up anew; servers do so without a fault",
    ),
    (
        FactKind::UdpSecured,
        "tells the reader how far the side transport came; a session goes on without it",
    ),
    (
        FactKind::GatewayTerms,
        "tells the reader what a gateway asks and allows; none of it ends a connection",
    ),
    (
        FactKind::DirectWay,
        "tells the reader whether the gateway is needed from here; the plan of the looks reads it",
    ),
    (
        FactKind::RequestExtended,
        "tells the reader of a survey which request was answered",
    ),
    (
        FactKind::TlsTerms,
        "a question of a survey; what all of them found is a fact of its own",
    ),
    (
        FactKind::TlsKeyExchanged,
        "a question of a survey; what all of them found is a fact of its own",
    ),
    (
        FactKind::TlsVersionSurveyed,
        "tells the reader what the server takes; what a client meets is seen as that client",
    ),
    (
        FactKind::TlsSurveyed,
        "tells the reader what the server takes; what a client meets is seen as that client",
    ),
    (
        FactKind::RdpSecuritySeen,
        "tells the reader how the server encrypts without TLS",
    ),
    (
        FactKind::PathTraced,
        "tells the reader where packets stop; a router that says nothing is no proof of anything",
    ),
    (
        FactKind::TlsResumption,
        "told in the survey of the report; a server that begins each session anew is no fault",
    ),
    (
        FactKind::AttemptLogged,
        "the story of one attempt, for the reader; its steps are facts of their own",
    ),
];

#[test]
fn no_orphan_facts() {
    let tellers = sources("../intake/src")
        + &sources("../wire/src")
        + &sources("../probe/src")
        + &sources("src/explain");
    // The standing on the ladder, and the clue that every cause has without naming it.
    let standing = sources("../diagnose/src/standing.rs")
        + &sources("../diagnose/src/standing")
        + &sources("../diagnose/src/behaviours.rs");
    let mut orphans = Vec::new();
    for &kind in FactKind::ALL {
        let name = format!("::{kind:?}");
        let names = |text: &str| {
            text.split(&name)
                .skip(1)
                .any(|rest| !rest.starts_with(|next: char| next.is_ascii_alphanumeric()))
        };
        let told = PROBES.iter().any(|probe| probe.yields.contains(&kind)) || names(&tellers);
        if !told {
            orphans.push(format!("{kind:?} is told by nothing"));
        }
        let read = CAUSES
            .iter()
            .any(|cause| cause.clues.iter().any(|clue| clue.reads.contains(&kind)))
            || names(&standing)
            || UNREAD.iter().any(|(unread, _)| *unread == kind);
        if !read {
            orphans.push(format!("{kind:?} is read by nothing"));
        }
    }
    assert_eq!(orphans, Vec::<String>::new());
}

/// The text of a source file, or of every one below a folder.
fn sources(place: &str) -> String {
    let mut text = String::new();
    let mut places: Vec<PathBuf> = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(place)];
    while let Some(place) = places.pop() {
        if place.is_dir() {
            places.extend(
                std::fs::read_dir(&place)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        } else {
            text += &std::fs::read_to_string(&place).unwrap();
        }
    }
    assert!(!text.is_empty(), "{place} holds no sources");
    text
}
