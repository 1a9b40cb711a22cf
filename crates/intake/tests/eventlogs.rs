//! Labelled event logs.

use std::collections::BTreeMap;

use intake::eventlog::{Events, evtx, moment};
use model::Fact;
use serde_json::Value;

use crate::shared::{Tally, labelled, text};

fn events(mut bytes: &[u8]) -> Events {
    let mut events = Events::default();
    evtx::read(&mut bytes, &mut events);
    events
}

/// Counts as the labels write them: by provider and number, logons also by type.
fn counts(events: Events) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    let numbered = events.counts.clone();
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
