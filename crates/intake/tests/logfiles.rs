//! Labelled logs, and the words by which public threads were recognised.

use std::collections::BTreeMap;
use std::io::Cursor;

use intake::Intake;
use model::Fact;
use serde_json::Value;

use crate::shared::{Tally, labelled, text};

/// A label's words for something counted, and the symbol with which we count it.
const SAME: &[(&str, &str)] = &[
    ("created session (access granted)", "SESSION_NEW"),
    ("terminated session", "SESSION_OVER"),
    ("connection received", "TCP_ACCEPTED"),
    ("SSL_read: I/O error", "TLS_READ"),
    ("Connect-Initial failed", "MCS_CONNECT"),
    ("selected [SSL]", "NEG_RESULT"),
    ("TLS connection established", "CONN_TLS_OK"),
    ("Creating new client for protocol \"rdp\"", "GUACD_NEW"),
    ("Error connecting to RDP server", "GUACD_FAIL"),
    ("Disconnected by other connection", "GUACD_REPLACED"),
    ("Manually logged off", "GUACD_LOGOFF"),
];

#[test]
fn labels_agree() {
    let Some((folder, labels)) = labelled("logs") else {
        return;
    };
    let mut tally = Tally::default();
    for label in &labels {
        let name = text(label, "/file");
        let bytes = std::fs::read(folder.join(name)).expect("a labelled file is there");
        let mut intake = Intake::default();
        intake.take(name, &mut Cursor::new(bytes));
        let findings = intake.finish();
        let mut ours: BTreeMap<&str, u64> = BTreeMap::new();
        let mut closed = 0;
        for seen in &findings.seen {
            match &seen.observation.fact {
                Fact::LogSaid { symbol, times, .. } => {
                    *ours.entry(symbol).or_insert(0) += u64::from(*times)
                }
                Fact::PortTested {
                    opened: false,
                    times,
                    ..
                } => closed += times,
                _ => {}
            }
        }
        let counts = label.pointer("/truth/counts").and_then(Value::as_object);
        for (words, count) in counts.into_iter().flatten() {
            let Some((_, symbol)) = SAME.iter().find(|(same, _)| same == words) else {
                println!("{name}: {words} is not counted here");
                continue;
            };
            let ours = ours.get(symbol).copied().unwrap_or(0);
            tally.note(Some(ours) == count.as_u64(), || {
                format!("{name}: {words} {ours}, label {count}")
            });
        }
        if text(label, "/kind") == "log/xrdp-sesman" {
            tally.note(ours.get("WM_EXIT") == Some(&6), || {
                format!("{name}: {ours:?}")
            });
        }
        if text(label, "/truth/root_cause").contains("port_unreachable") {
            tally.note(closed == 8, || {
                format!("{name}: {closed} tests that failed")
            });
        }
    }
    tally.close("logs", &[]);
}
