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
