//! The JSON Schema of reports.

use model::{Leg, Phase};
use schemars::{Schema, SchemaGenerator, json_schema};

use super::Report;
use crate::scan::line::ScanLine;

/// The schema, as it is shipped in `docs/schema/report-1.json`.
pub fn report_schema() -> String {
    let schema = schemars::schema_for!(Report);
    // A schema is made of strings, numbers and maps with string keys: it always serializes.
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// The schema of a line of a scan, as it is shipped in `docs/schema/scan-1.json`.
pub fn scan_schema() -> String {
    let schema = schemars::schema_for!(ScanLine);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// The rungs of the ladder.
pub fn phases(_: &mut SchemaGenerator) -> Schema {
    let slugs: Vec<_> = Phase::ALL.iter().map(|phase| phase.slug()).collect();
    json_schema!({ "type": "string", "enum": slugs })
}

/// A rung of the ladder, or none.
pub fn phase_or_none(_: &mut SchemaGenerator) -> Schema {
    let slugs: Vec<_> = Phase::ALL
        .iter()
        .map(|phase| Some(phase.slug()))
        .chain([None])
        .collect();
    json_schema!({ "type": ["string", "null"], "enum": slugs })
}

/// The stretches of road.
pub fn legs(_: &mut SchemaGenerator) -> Schema {
    let slugs: Vec<_> = Leg::ALL.iter().map(|leg| leg.slug()).collect();
    json_schema!({ "type": "string", "enum": slugs })
}

/// The kinds of sources.
pub fn sources(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": ["probe", "capture", "event-log", "registry", "log", "stated"] })
}
