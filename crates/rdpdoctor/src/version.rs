//! `rdpdoctor --version --verbose`: what this build is and what it knows, for a bug report.

use std::fmt::Write as _;

use model::codes;
use model::evidence::EVIDENCE_SCHEMA;
use model::plan::PLAN_SCHEMA;

use crate::report::REPORT_SCHEMA;

/// The version and everything about the build.
pub fn all() -> String {
    let mut said = format!("rdpdoctor {}\n", env!("CARGO_PKG_VERSION"));
    let features: Vec<&str> = [
        ("openssl", cfg!(feature = "openssl")),
        ("rustls", cfg!(feature = "rustls")),
        ("lab", cfg!(feature = "lab")),
    ]
    .into_iter()
    .filter_map(|(name, built)| built.then_some(name))
    .collect();
    let mut row = |name: &str, says: String| {
        // Writing to a string does not fail.
        let _ = writeln!(said, "{name:<10}{says}");
    };
    row(
        "for",
        format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
    );
    row("features", features.join(", "));
    row("TLS", probe::tls_library().to_owned());
    row(
        "knows",
        format!(
            "{} causes, {} remedies, {} codes, {} looks",
            diagnose::CAUSES.len(),
            diagnose::REMEDIES.len(),
            codes::all().count(),
            probe::PROBES.len()
        ),
    );
    row(
        "formats",
        format!("{REPORT_SCHEMA}, {EVIDENCE_SCHEMA}, {PLAN_SCHEMA}"),
    );
    said
}
