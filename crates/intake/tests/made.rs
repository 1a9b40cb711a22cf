//! Event logs made by hand: the crate that decodes everything reads them as we do, parts tell what the whole tells,
//! and an attempt is followed across channels.

use std::collections::BTreeMap;
use std::io::Cursor;

use evtx::EvtxParser;
use intake::Intake;
use intake::eventlog::{Events, evtx as ours};
use model::Fact;

use crate::writer::{Chunk, Made, file_header};

const CORE: &str = "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS";
const SECURITY: &str = "Microsoft-Windows-Security-Auditing";
/// 2026-11-21 08:00 UTC.
const EIGHT: u64 = 134_082_720_000_000_000;
const SECOND: u64 = 10_000_000;

fn made<'e>(
    provider: &'e str,
    id: u16,
    seconds: u64,
    activity: u8,
    fields: &'e [(&'e str, &'e str)],
) -> Made<'e> {
    Made {
        provider,
        channel: "made by hand",
        computer: "srv.example",
        id,
        filetime: EIGHT + seconds * SECOND,
        activity: [activity; 16],
        fields,
    }
}

fn log(chunks: Vec<Chunk>) -> Vec<u8> {
    let mut bytes = file_header(u16::try_from(chunks.len()).expect("it fits"));
    for chunk in chunks {
        bytes.extend(chunk.finish());
    }
    bytes
}

/// Three chunks of connections from two addresses, those of one split over chunks.
fn connections() -> Vec<u8> {
    let mut chunks = Vec::new();
    let mut first = 1;
    for chunk in 0..3_u8 {
        let mut one = Chunk::new(first);
        for at in 0..20_u8 {
            let client = format!("10.0.0.{}:{}", 1 + at % 2, 50_000 + u32::from(at));
            let fields = [("ConnType", "TCP"), ("ClientIP", client.as_str())];
            assert!(one.add(&made(
                CORE,
                131,
                u64::from(chunk) * 100 + u64::from(at),
                chunk * 20 + at,
                &fields
            )));
            first += 1;
        }
        for at in 0..5_u8 {
            // What a chunk before began.
            let fields = [("IPString", "10.0.0.1"), ("ClientIP", "")];
            assert!(one.add(&made(
                CORE,
                140,
                u64::from(chunk) * 100 + 50,
                (chunk * 20 + at).saturating_sub(20),
                &fields
            )));
            first += 1;
        }
        chunks.push(one);
    }
    log(chunks)
}

fn whole(bytes: &[u8]) -> Events {
    let mut events = Events::default();
    ours::read(&mut Cursor::new(bytes), &mut events);
    events
}

#[test]
fn the_crate_reads_what_is_made() {
    let bytes = connections();
    let mut parser = EvtxParser::from_buffer(bytes.clone()).expect("the crate opens it");
    let mut ids: BTreeMap<String, u64> = BTreeMap::new();
    for record in parser.records_json_value() {
        let record = record.expect("the crate reads every record");
        let id = record
            .data
            .pointer("/Event/System/EventID")
            .expect("it has a number");
        *ids.entry(id.to_string()).or_insert(0) += 1;
        assert_eq!(
            record
                .data
                .pointer("/Event/System/Computer")
                .and_then(|name| name.as_str()),
            Some("srv.example")
        );
    }
    assert_eq!(
        ids,
        BTreeMap::from([("131".to_owned(), 60), ("140".to_owned(), 15)])
    );
    let events = whole(&bytes);
    assert_eq!((events.records, events.all_damage()), (75, Vec::new()));
    let counts: Vec<u32> = events.counts().into_values().collect();
    assert_eq!(counts, [60, 15]);
}

#[test]
fn parts_tell_what_the_whole_tells() {
    let bytes = connections();
    let expected = whole(&bytes);
    let numbers = (
        expected.records,
        expected.counts(),
        expected.first,
        expected.last,
    );
    let facts = expected.tally.facts();
    assert!(facts.iter().any(|(_, fact)| matches!(fact, Fact::ConnectionsLogged { wrong_credentials, .. } if *wrong_credentials > 0)));
    for count in 1..6 {
        let mut joined = Events::default();
        for (start, chunks) in ours::parts(u64::try_from(bytes.len()).expect("it fits"), count) {
            let mut part = Events::default();
            let number = start.saturating_sub(4096) / 65_536;
            let begin = usize::try_from(start).expect("it fits");
            ours::read_part(&mut Cursor::new(&bytes[begin..]), number, chunks, &mut part);
            joined.append(part);
        }
        assert_eq!(
            (joined.records, joined.counts(), joined.first, joined.last),
            numbers,
            "{count} parts"
        );
        assert_eq!(joined.tally.facts(), facts, "{count} parts");
    }
}

#[test]
fn an_attempt_is_followed_across_channels() {
    let mut core = Chunk::new(1);
    let client = [("ConnType", "TCP"), ("ClientIP", "[::ffff:10.0.0.9]:50123")];
    let refused = [("IPString", "10.0.0.9"), ("x", "")];
    assert!(core.add(&made(CORE, 131, 0, 1, &client)));
    assert!(core.add(&made(CORE, 140, 2, 1, &refused)));
    assert!(core.add(&made(
        CORE,
        131,
        3600,
        2,
        &[("ConnType", "TCP"), ("ClientIP", "10.0.0.7:1000")]
    )));
    let mut security = Chunk::new(1);
    let logon = [
        ("LogonType", "3"),
        ("Status", "0xc000006d"),
        ("SubStatus", "0xc000006a"),
        ("IpAddress", "10.0.0.9"),
        ("IpPort", "0"),
        ("TargetUserName", "anna"),
    ];
    assert!(security.add(&made(SECURITY, 4625, 1, 9, &logon)));
    let mut intake = Intake::default();
    intake.take("Security.evtx", &mut Cursor::new(log(vec![security])));
    intake.take("RdpCoreTS.evtx", &mut Cursor::new(log(vec![core])));
    let findings = intake.finish();
    let chains: Vec<String> = findings
        .joined
        .attempts
        .iter()
        .map(|(_, one)| one.chain())
        .collect();
    assert_eq!(
        chains,
        [
            "RdpCoreTS 131 → Security 4625 → RdpCoreTS 140",
            "RdpCoreTS 131"
        ]
    );
    let target = findings.subject("x");
    let evidence = findings.into_evidence(target, model::UnixSeconds(0));
    let attempts: Vec<_> = evidence
        .seen
        .iter()
        .filter_map(|seen| match &seen.fact {
            Fact::AttemptLogged { steps, failed, .. } => Some((seen.look, steps.len(), *failed)),
            _ => None,
        })
        .collect();
    assert_eq!(attempts.len(), 2);
    assert_eq!((attempts[0].1, attempts[0].2), (3, true));
    assert!(
        attempts[0].0.is_some() && attempts[0].0 != attempts[1].0,
        "each has a number of its own"
    );
}

#[test]
fn stale_headers_hide_nothing() {
    let mut bytes = connections();
    let honest = whole(&bytes).records;
    bytes[42] = 1;
    bytes[43] = 0;
    assert_eq!(whole(&bytes).records, honest);
}

#[test]
fn events_behind_an_overwritten_header_are_read() {
    let mut bytes = connections();
    let honest = whole(&bytes).records;
    bytes[..4096].fill(0);
    assert_eq!(whole(&bytes).records, honest);
    let mut intake = Intake::default();
    intake.take("log.evtx", &mut Cursor::new(bytes));
    let findings = intake.finish();
    assert_eq!(findings.damage.len(), 1, "{:?}", findings.damage);
    assert!(!findings.seen.is_empty());
}

#[test]
fn events_that_repeat_keep_what_they_belong_to() {
    let user = [
        ("Param1", "anna"),
        ("Param2", "EXAMPLE"),
        ("Param3", "10.0.0.9"),
    ];
    let (mut core, mut listener) = (Chunk::new(1), Chunk::new(1));
    for (at, port) in [(1_u8, "50001"), (2, "50002"), (3, "50003")] {
        let client = format!("10.0.0.9:{port}");
        let fields = [
            ("ConnType", "TCP"),
            ("ClientIP", client.as_str()),
            ("x", ""),
        ];
        let seconds = u64::from(at) * 10;
        assert!(core.add(&made(CORE, 131, seconds, at, &fields)));
        let mut logon = made(
            "Microsoft-Windows-TerminalServices-RemoteConnectionManager",
            1149,
            seconds + 1,
            at,
            &user,
        );
        if at == 3 {
            // Belongs to nothing that it names.
            logon.activity = [0; 16];
        }
        assert!(listener.add(&logon));
    }
    let mut intake = Intake::default();
    intake.take("log.evtx", &mut Cursor::new(log(vec![core, listener])));
    let told: Vec<(String, Option<u16>, Option<String>)> = intake
        .findings
        .moments
        .iter()
        .map(|one| (one.label.clone(), one.port, one.tie.clone()))
        .collect();
    let tie = |digit: &str| Some(digit.repeat(16));
    let opened = |port, digit| ("RdpCoreTS 131".to_owned(), Some(port), tie(digit));
    let let_in = |tie| ("RemoteConnectionManager 1149".to_owned(), None, tie);
    let expected = vec![
        opened(50_001, "01"),
        opened(50_002, "02"),
        opened(50_003, "03"),
        let_in(tie("01")),
        let_in(tie("02")),
        let_in(None),
    ];
    // Told in the order of the file.
    assert_eq!(told, expected);
}

#[test]
fn the_same_event_in_another_chunk_is_the_same() {
    let refused = |user: &'static str, at: u8| {
        let mut chunk = Chunk::new(1);
        let fields = [
            ("LogonType", "3"),
            ("Status", "0xc000006d"),
            ("SubStatus", "0xc000006a"),
            ("IpAddress", "10.0.0.9"),
            ("TargetUserName", user),
        ];
        assert!(chunk.add(&made(SECURITY, 4625, u64::from(at), at, &fields)));
        chunk
    };
    // The same template with other names in the same places.
    let mut other = Chunk::new(1);
    let fields = [
        ("LogonKind", "3"),
        ("Status", "0xc000006d"),
        ("SubStatus", "0xc000006a"),
        ("IpAddress", "10.0.0.9"),
        ("TargetUserName", "anna"),
    ];
    assert!(other.add(&made(SECURITY, 4625, 9, 9, &fields)));
    let events = whole(&log(vec![
        refused("anna", 1),
        refused("anna", 2),
        other,
        refused("bert", 3),
        refused("anna", 4),
    ]));
    assert_eq!(events.records, 5);
    let counted: Vec<(u32, Option<String>, Option<String>)> = events
        .tally
        .facts()
        .into_iter()
        .filter_map(|(_, fact)| match fact {
            Fact::EventLogged { times, fields, .. } => Some((
                times,
                fields.get("LogonType").cloned(),
                fields.get("TargetUserName").cloned(),
            )),
            _ => None,
        })
        .collect();
    let of = |text: &str| Some(text.to_owned());
    assert_eq!(
        counted,
        [
            (3, of("3"), of("anna")),
            (1, of("3"), of("bert")),
            (1, None, of("anna")),
        ]
    );
}
