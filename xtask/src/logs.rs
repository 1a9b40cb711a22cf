//! How fast and in how much memory logs are read: a large event log made by hand, or one that is given, beside
//! `evtx_dump` in the same run, and a log of xrdp of 1 GB. It measures; it asserts no time.

#[path = "../../crates/intake/tests/writer.rs"]
mod writer;

use std::fs::File;
use std::io::{BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::shell::{cargo, command, root, run, target};
use writer::{Chunk, Made, file_header};

/// The size of the files, in bytes.
const EVENTS: u64 = 650_000_000;
const LINES: u64 = 1_000_000_000;
/// What they are held against: bytes a second over all cores, and KiB resident.
const SPEED: f64 = 1e9;
const RESIDENT: u64 = 50 * 1024;

/// Makes the files, reads them and says how long that took.
pub fn bench(runs: u32) -> Result<()> {
    run(&mut cargo([
        "build",
        "--locked",
        "--release",
        "--package",
        "rdpdoctor",
    ]))?;
    let folder = root().join("target/bench");
    std::fs::create_dir_all(&folder).context("cannot make target/bench")?;
    let program = target().join("release/rdpdoctor");
    let made = folder.join("exposed.evtx");
    repeated(&made, &file_header(u16::MAX), &chunk(), EVENTS)?;
    let mut logs = vec![("event log made by hand".to_owned(), made)];
    if let Some(given) = std::env::var_os("RDPDOCTOR_BENCH_EVTX") {
        let bytes = std::fs::read(&given).context("cannot read RDPDOCTOR_BENCH_EVTX")?;
        let name = Path::new(&given).file_name().unwrap_or_default();
        let path = folder.join(format!("repeated-{}", name.to_string_lossy()));
        let (head, chunks) = bytes.split_at(bytes.len().min(4096));
        let whole = chunks.len() / 65_536 * 65_536;
        repeated(&path, head, chunks.get(..whole).unwrap_or_default(), EVENTS)?;
        logs.push((
            format!("the chunks of {}", PathBuf::from(given).display()),
            path,
        ));
    }
    let dump = [
        root().join("target/tools/bin/evtx_dump"),
        PathBuf::from("evtx_dump"),
    ]
    .into_iter()
    .find(|dump| {
        command(&dump.to_string_lossy(), ["--version"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    });
    println!("{:58} {:>9} {:>9} {:>10}", "", "MB/s", "seconds", "MiB");
    for (what, path) in &logs {
        let ours = timed(&program, &["-q", "analyze", &path.to_string_lossy()], runs)?;
        row(&format!("rdpdoctor analyze, {what}"), path, &ours)?;
        let size = path.metadata().context("the log is there")?.len();
        compare("  limit: 1000 MB/s", rate(size, ours.0) >= SPEED);
        compare("  limit: 50 MiB", ours.1 <= RESIDENT);
        match &dump {
            Some(dump) => {
                let theirs = timed(
                    dump,
                    &["-o", "jsonl", "-t", "2", &path.to_string_lossy()],
                    runs,
                )?;
                row(&format!("evtx_dump, two threads, {what}"), path, &theirs)?;
                println!("  {:.1} times as fast as evtx_dump", theirs.0 / ours.0);
            }
            None => {
                println!("  evtx_dump is not there: cargo install evtx --root target/tools")
            }
        }
    }
    let log = folder.join("xrdp.log");
    let lines = std::fs::read(root().join("crates/intake/recordings/joined/xrdp.log"))
        .context("cannot read the recorded log")?;
    repeated(&log, &[], &lines, LINES)?;
    let ours = timed(&program, &["-q", "analyze", &log.to_string_lossy()], runs)?;
    row("rdpdoctor analyze, log of xrdp", &log, &ours)?;
    compare("  limit: 50 MiB", ours.1 <= RESIDENT);
    Ok(())
}

fn compare(limit: &str, kept: bool) {
    println!("{limit}: {}", if kept { "kept" } else { "NOT kept" });
}

fn row(what: &str, path: &Path, taken: &(f64, u64)) -> Result<()> {
    let size = path.metadata().context("the log is there")?.len();
    println!(
        "{what:58} {:9.0} {:9.2} {:10.1}",
        rate(size, taken.0) / 1e6,
        taken.0,
        f64::from(u32::try_from(taken.1).unwrap_or(u32::MAX)) / 1024.0
    );
    Ok(())
}

fn rate(size: u64, seconds: f64) -> f64 {
    f64::from(u32::try_from(size).unwrap_or(u32::MAX)) / seconds
}

/// The median of the seconds a program takes, and the most KiB that were resident.
fn timed(program: &Path, arguments: &[&str], runs: u32) -> Result<(f64, u64)> {
    let mut seconds = Vec::new();
    let mut resident = 0;
    for _ in 0..runs.max(1) {
        let begun = Instant::now();
        let mut child = command(&program.to_string_lossy(), arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let peak = PathBuf::from(format!("/proc/{}/status", child.id()));
        let mut out = child.stdout.take().context("it has an output")?;
        let watched = std::thread::spawn(move || {
            let mut most = 0;
            // The file is gone when the process is.
            while let Some(now) = std::fs::read_to_string(&peak)
                .ok()
                .as_deref()
                .and_then(highest)
            {
                most = most.max(now);
                std::thread::park_timeout(std::time::Duration::from_millis(5));
            }
            most
        });
        let mut buffer = vec![0; 1 << 16];
        while out.read(&mut buffer).context("cannot read its output")? > 0 {}
        child.wait().context("it does not end")?;
        seconds.push(begun.elapsed().as_secs_f64());
        resident = resident.max(watched.join().unwrap_or(0));
    }
    seconds.sort_by(f64::total_cmp);
    let median = seconds.get(seconds.len() / 2).copied().unwrap_or(f64::NAN);
    Ok((median, resident))
}

/// The most that was resident, in KiB, of the words of the kernel.
fn highest(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_ascii_whitespace().next()?.parse().ok()
}

/// Writes a head, and a body as often as it fits.
fn repeated(path: &Path, head: &[u8], body: &[u8], size: u64) -> Result<()> {
    if path.metadata().is_ok_and(|kind| kind.len() >= size) {
        return Ok(());
    }
    let mut file = BufWriter::new(
        File::create(path).with_context(|| format!("cannot write {}", path.display()))?,
    );
    file.write_all(head)?;
    let mut written = u64::try_from(head.len())?;
    while written < size {
        file.write_all(body)?;
        written += u64::try_from(body.len())?;
    }
    file.flush()?;
    Ok(())
}

/// A chunk as an exposed server fills it: mostly what is no concern of a diagnosis, and refused logons.
fn chunk() -> Vec<u8> {
    let mut bytes = Vec::new();
    for (provider, id, fields) in [
        (
            "Service Control Manager",
            7036,
            [
                ("param1", "Windows Update"),
                ("param2", "running"),
                ("x", ""),
                ("y", ""),
                ("z", ""),
            ],
        ),
        (
            "Microsoft-Windows-Security-Auditing",
            4625,
            [
                ("LogonType", "3"),
                ("Status", "0xc000006d"),
                ("SubStatus", "0xc0000064"),
                ("IpAddress", "203.0.113.9"),
                ("TargetUserName", "ADMIN"),
            ],
        ),
        (
            "Microsoft-Windows-Kernel-General",
            16,
            [
                ("ExtraString", "a"),
                ("a", ""),
                ("b", ""),
                ("c", ""),
                ("d", ""),
            ],
        ),
        (
            "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS",
            131,
            [
                ("ConnType", "TCP"),
                ("ClientIP", "203.0.113.9:50123"),
                ("a", ""),
                ("b", ""),
                ("c", ""),
            ],
        ),
    ] {
        let mut chunk = Chunk::new(1);
        let mut at = 0_u64;
        loop {
            // Many addresses and ports, as scanners and guessers have them.
            let address = format!("203.0.113.{}", at % 40);
            let client = format!("{address}:{}", 49_152 + at % 16_000);
            let fields = fields.map(|(name, value)| match name {
                "IpAddress" => (name, address.as_str()),
                "ClientIP" => (name, client.as_str()),
                _ => (name, value),
            });
            let mut activity = [0xA5; 16];
            if let Some(front) = activity.first_chunk_mut() {
                *front = at.to_le_bytes();
            }
            let fits = chunk.add(&Made {
                provider,
                channel: "made by hand",
                computer: "srv.example",
                id,
                filetime: 134_082_720_000_000_000 + at * 10_000_000,
                activity,
                fields: &fields,
            });
            if !fits {
                break;
            }
            at += 1;
        }
        bytes.extend(chunk.finish());
    }
    bytes
}
