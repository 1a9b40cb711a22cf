//! Labelled event logs.

use std::collections::BTreeMap;

use evtx::EvtxParser;
use intake::eventlog::{Events, moment, wanted};
use model::Fact;
use serde_json::Value;

use crate::shared::{Tally, labelled, text};

fn events(mut bytes: &[u8]) -> Events {
    let mut events = Events::default();
    intake::eventlog::evtx::read(&mut bytes, &mut events);
    events
}

/// Counts as the labels write them: by provider and number, logons also by type.
fn counts(events: Events) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    let numbered = events.counts();
    for (_, fact) in events.tally.facts() {
        if let Fact::EventLogged {
            provider,
            id,
            fields,
            times,
            ..
        } = fact
        {
            let provider = match provider.as_str() {
                "Microsoft-Windows-Security-Auditing" => "Security",
                other => other,
            };
            let key = match (id, fields.get("LogonType")) {
                (4624 | 4625, Some(kind)) => format!("{provider}/{id}/type{kind}"),
                _ => format!("{provider}/{id}"),
            };
            *counts.entry(key).or_insert(0) += u64::from(times);
        }
    }
    // Connections through the filter are kept only when they are about Remote Desktop; the label counts all.
    if let Some(&all) = numbered.get(&("Microsoft-Windows-Security-Auditing".to_owned(), 5156)) {
        counts.insert("Security/5156".to_owned(), u64::from(all));
    }
    counts
}

#[test]
fn labels_agree() {
    let Some((folder, labels)) = labelled("evtx") else {
        return;
    };
    let mut tally = Tally::default();
    for label in &labels {
        let name = text(label, "/file");
        let bytes = std::fs::read(folder.join(name)).expect("a labelled file is there");
        let events = events(&bytes);
        let records = label.pointer("/truth/records").and_then(Value::as_u64);
        tally.note(Some(events.records) == records, || {
            format!(
                "{name}: {} records, label {records:?}; {:?}",
                events.records, events.damage
            )
        });
        for (path, ours) in [("/truth/first", events.first), ("/truth/last", events.last)] {
            let theirs = moment(text(label, path));
            tally.note(ours == theirs, || {
                format!("{name}: {path} {ours:?}, label {theirs:?}")
            });
        }
        let damage = events.all_damage();
        let ours = counts(events);
        let theirs = label
            .pointer("/truth/event_counts")
            .and_then(Value::as_object);
        for (key, value) in theirs.into_iter().flatten() {
            tally.note(ours.get(key).copied() == value.as_u64(), || {
                format!("{name}: {key} is {:?}, label {value}", ours.get(key))
            });
        }
        println!("{name}: {damage:?}");
    }
    tally.close("event logs", &[]);
}

/// Counts of wanted events by the crate that decodes everything.
fn judged(bytes: &[u8]) -> BTreeMap<(String, u32), u32> {
    let mut counts = BTreeMap::new();
    let mut parser = EvtxParser::from_buffer(bytes.to_vec()).expect("the crate opens it");
    for record in parser.records_json_value().flatten() {
        let system = |path: &str| record.data.pointer(&format!("/Event/System/{path}"));
        let provider = system("Provider/#attributes/Name")
            .and_then(Value::as_str)
            .unwrap_or("");
        let id = system("EventID/#text")
            .or_else(|| system("EventID"))
            .unwrap_or(&Value::Null);
        let id = id
            .as_u64()
            .or_else(|| id.as_str()?.parse().ok())
            .and_then(|id| u32::try_from(id).ok());
        if let Some(id) = id
            && wanted::of(provider).is_some_and(|wanted| wanted.has(id))
        {
            *counts.entry((provider.to_owned(), id)).or_insert(0) += 1;
        }
    }
    counts
}

#[test]
fn the_crate_that_decodes_everything_agrees() {
    let Some((folder, labels)) = labelled("evtx") else {
        return;
    };
    let mut compared = 0;
    for label in &labels {
        let name = text(label, "/file");
        let bytes = std::fs::read(folder.join(name)).expect("a labelled file is there");
        if bytes.len() < 1_300_000 {
            assert_eq!(events(&bytes).counts(), judged(&bytes), "{name}");
            compared += 1;
        }
    }
    println!("event logs: {compared} compared with the crate");
}

#[test]
fn any_prefix_and_any_change_is_calm() {
    let Some((folder, _)) = labelled("evtx") else {
        return;
    };
    let bytes =
        std::fs::read(folder.join("szechuan-RDPClient-Operational.evtx")).expect("it is there");
    let whole = events(&bytes).records;
    for cut in (0..bytes.len()).step_by(997) {
        assert!(events(&bytes[..cut]).records <= whole);
    }
    for at in (4096..12_000).step_by(13) {
        for with in [0, 0xFF, 0x0C] {
            let mut bytes = bytes.clone();
            bytes[at] = with;
            let _ = events(&bytes);
        }
    }
}
