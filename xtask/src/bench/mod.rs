//! Benchmarks: ratios against a limit or a peer in the same run, never a time alone.

#[cfg(target_os = "linux")]
mod check;
#[cfg(target_os = "linux")]
mod link;

use anyhow::Result;
use clap::Subcommand;

/// What is timed.
#[derive(Subcommand)]
pub enum Bench {
    /// A check of a healthy and of a silent host over links with round-trip times of 1, 20 and 100 ms;
    /// needs root on Linux, xrdp, and for more columns FreeRDP's shadow server and nmap.
    Check {
        /// Runs of each; the median is shown.
        #[arg(long, default_value_t = 5)]
        runs: usize,
    },
}

/// Runs a benchmark.
pub fn bench(what: Bench) -> Result<()> {
    match what {
        #[cfg(target_os = "linux")]
        Bench::Check { runs } => check::check(runs),
        #[cfg(not(target_os = "linux"))]
        Bench::Check { .. } => anyhow::bail!("the link of this benchmark needs Linux"),
    }
}
