//! The survey of `--full` beside its peers, at one and the same xrdp: how long each takes, and what each finds.
//!
//! Peers that are not installed are left out, aloud: `sslscan`, `nmap` and `testssl.sh` come with Debian, `sslyze`
//! from PyPI (looked for in PATH and in `target/tools/sslyze/bin`).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::park_timeout;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::shell::{cargo, command, output, root, run, target, which};

/// How many times faster than each peer the survey should be.
const TARGET: f64 = 10.0;
/// How long a peer may take.
const PATIENCE: &str = "400";

/// What a tool found: TLS suites by version and name.
type Found = BTreeSet<String>;

/// Starts an xrdp and times every tool at it.
pub fn bench(runs: u32) -> Result<()> {
    let build = ["build", "--locked", "--release", "--package", "rdpdoctor"];
    run(&mut cargo(build))?;
    ensure!(
        which("xrdp").is_some(),
        "xrdp is not installed: cargo xtask setup"
    );
    let folder = root().join("target/survey-bench");
    fs::create_dir_all(&folder).context("cannot make a folder for the server")?;
    let server = Server::start(&folder)?;
    let at = format!("127.0.0.1:{}", server.port);

    let program = target().join("release/rdpdoctor");
    let (mut times, mut ours, mut names) = (Vec::new(), Found::new(), BTreeMap::new());
    let mut connections = 0;
    let before = server.processor();
    for _ in 0..runs.max(1) {
        let began = Instant::now();
        let told = command(
            &program.to_string_lossy(),
            ["--full", "--format", "json", &at],
        )
        .output()
        .context("cannot start rdpdoctor")?;
        times.push(began.elapsed());
        let report: Value =
            serde_json::from_slice(&told.stdout).context("rdpdoctor wrote no report")?;
        connections = at_path(&report, "/connections")
            .as_u64()
            .unwrap_or_default();
        names = of_report(&report);
        ours = names.values().cloned().collect();
    }
    let used = server.processor().saturating_sub(before) / runs.max(1);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    times.sort();
    let own = times.get(times.len() / 2).copied().unwrap_or_default();
    println!(
        "{:12} {:8.2} s           {:3} suites, {connections} connections: negotiation, RDP security, versions, suites, \
         order, groups, signatures",
        "rdpdoctor",
        own.as_secs_f64(),
        ours.len()
    );
    println!("{:12} {}", "", times_of_survey(&program, &at)?);
    println!(
        "{:12} xrdp itself needs {:.2} s of processor for these connections, on {cores} of them at least {:.2} s",
        "",
        used.as_secs_f64(),
        used.as_secs_f64() / f64::from(u32::try_from(cores).unwrap_or(1)),
    );

    for (name, words) in peers(&at) {
        let Some((first, rest)) = words.split_first() else {
            continue;
        };
        if which(first).is_none() && !Path::new(first).exists() {
            println!("{name:12} is not installed");
            continue;
        }
        let mut peer = Command::new("timeout");
        peer.arg(PATIENCE)
            .arg(first)
            .args(rest)
            .current_dir(&folder);
        let began = Instant::now();
        let told = peer
            .output()
            .with_context(|| format!("cannot start {name}"))?;
        let took = began.elapsed();
        // What they said, for whoever doubts the count.
        fs::write(folder.join(format!("{name}.out")), &told.stdout)
            .with_context(|| format!("cannot keep what {name} said"))?;
        let theirs = of_peer(name, &String::from_utf8_lossy(&told.stdout), &names);
        let ratio = took.as_secs_f64() / own.as_secs_f64().max(0.001);
        let verdict = if theirs.is_empty() {
            "  asks TLS without what RDP says before it, and finds nothing"
        } else if ratio >= TARGET {
            ""
        } else {
            "  below the target of 10"
        };
        println!(
            "{name:12} {:8.2} s  {ratio:7.1} ×  {:3} suites{verdict}",
            took.as_secs_f64(),
            theirs.len()
        );
        if !theirs.is_empty() {
            differences(&ours, &theirs);
        }
    }
    Ok(())
}

/// What is at a place of a document; nothing where there is no such place.
fn at_path<'v>(document: &'v Value, path: &str) -> &'v Value {
    document.pointer(path).unwrap_or(&Value::Null)
}

/// How long the questions about TLS took together.
fn times_of_survey(program: &Path, at: &str) -> Result<String> {
    let told = command(
        &program.to_string_lossy(),
        ["--full", "--format", "json", at],
    )
    .output()
    .context("cannot start rdpdoctor")?;
    let report: Value = serde_json::from_slice(&told.stdout).context("no report")?;
    let attempts = at_path(&report, "/attempts")
        .as_array()
        .cloned()
        .unwrap_or_default();
    let asked: Vec<(f64, f64)> = attempts
        .iter()
        .filter(|attempt| attempt.get("probe").is_some_and(|probe| probe == "suites"))
        .filter_map(|attempt| {
            let at = attempt.get("at_ms")?.as_f64()?;
            Some((at, at + attempt.get("took_ms")?.as_f64()?))
        })
        .collect();
    let first = asked.iter().map(|(at, _)| *at).fold(f64::MAX, f64::min);
    let last = asked.iter().map(|(_, end)| *end).fold(0.0, f64::max);
    let one = asked
        .iter()
        .map(|(at, end)| end - at)
        .fold(f64::MAX, f64::min);
    Ok(format!(
        "{} questions about TLS in {:.0} ms; the quickest took {one:.1} ms by itself",
        asked.len(),
        last - first
    ))
}

fn peers(at: &str) -> Vec<(&'static str, Vec<String>)> {
    let port = at.rsplit(':').next().unwrap_or_default().to_owned();
    let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let sslyze = root().join("target/tools/sslyze/bin/sslyze");
    let sslyze = if sslyze.exists() {
        sslyze.to_string_lossy().into_owned()
    } else {
        "sslyze".to_owned()
    };
    vec![
        ("sslscan", own(&["sslscan", "--rdp", "--xml=-", at])),
        (
            "nmap",
            own(&[
                "nmap",
                "-Pn",
                "-n",
                "-p",
                &port,
                "--script",
                "+ssl-enum-ciphers,+rdp-enum-encryption",
                "127.0.0.1",
            ]),
        ),
        (
            "sslyze",
            own(&[&sslyze, "--starttls", "rdp", "--json_out=-", at]),
        ),
        (
            "testssl.sh",
            own(&[
                if which("testssl").is_some() {
                    "testssl"
                } else {
                    "testssl.sh"
                },
                "--color",
                "0",
                "--warnings",
                "off",
                "--protocols",
                "--each-cipher",
                at,
            ]),
        ),
    ]
}

/// The suites of our report, by number.
fn of_report(report: &Value) -> BTreeMap<u64, String> {
    let versions = at_path(report, "/survey/tls")
        .as_array()
        .cloned()
        .unwrap_or_default();
    versions
        .iter()
        .flat_map(|version| {
            at_path(version, "/suites")
                .as_array()
                .cloned()
                .unwrap_or_default()
        })
        .filter_map(|suite| {
            Some((
                suite.get("number")?.as_u64()?,
                suite.get("name")?.as_str()?.to_owned(),
            ))
        })
        .collect()
}

/// The names of suites in what a peer wrote. sslscan writes numbers, which our report names.
fn of_peer(name: &str, text: &str, names: &BTreeMap<u64, String>) -> Found {
    match name {
        "sslscan" => text
            .lines()
            // Groups have numbers, too.
            .filter(|line| line.contains("<cipher "))
            .filter_map(|line| line.split("id=\"0x").nth(1))
            .filter_map(|rest| u64::from_str_radix(rest.get(..4)?, 16).ok())
            .map(|number| match names.get(&number) {
                Some(name) => name.clone(),
                None => format!("0x{number:04X}"),
            })
            .collect(),
        "sslyze" => {
            let told: Value = serde_json::from_str(&readable(text)).unwrap_or_default();
            let mut found = Found::new();
            accepted(&told, false, &mut found);
            found
        }
        _ => text
            .split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
            .filter(|word| word.starts_with("TLS_") && word.len() > 12)
            .map(|word| match word {
                "TLS_AKE_WITH_AES_128_GCM_SHA256" => "TLS_AES_128_GCM_SHA256".to_owned(),
                "TLS_AKE_WITH_AES_256_GCM_SHA384" => "TLS_AES_256_GCM_SHA384".to_owned(),
                "TLS_AKE_WITH_CHACHA20_POLY1305_SHA256" => {
                    "TLS_CHACHA20_POLY1305_SHA256".to_owned()
                }
                word => word.to_owned(),
            })
            .collect(),
    }
}

/// The report without numbers that no machine word holds: sslyze writes the modulus of a key as one.
fn readable(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit());
        let (run, behind) = rest.split_at(digits.unwrap_or(rest.len()));
        kept.push_str(if run.len() > 100 { "0" } else { run });
        let next = behind.find(|letter: char| letter.is_ascii_digit());
        let (words, behind) = behind.split_at(next.unwrap_or(behind.len()));
        kept.push_str(words);
        rest = behind;
    }
    kept
}

/// Suites under `accepted_cipher_suites` of sslyze's report.
fn accepted(told: &Value, within: bool, found: &mut Found) {
    match told {
        Value::Array(items) => items.iter().for_each(|item| accepted(item, within, found)),
        Value::Object(fields) => {
            for (name, field) in fields {
                if within && name == "name" {
                    found.extend(field.as_str().map(str::to_owned));
                }
                let within = match name.as_str() {
                    "accepted_cipher_suites" => true,
                    "rejected_cipher_suites" => false,
                    _ => within,
                };
                accepted(field, within, found);
            }
        }
        _ => {}
    }
}

/// Names what one found and the other did not.
fn differences(ours: &Found, theirs: &Found) {
    let line = |who: &str, missing: Vec<&String>| {
        if missing.is_empty() {
            return;
        }
        let names: Vec<&str> = missing.iter().take(6).map(|name| name.as_str()).collect();
        let more = missing.len().saturating_sub(names.len());
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        println!("{:12} {who}: {}{more}", "", names.join(", "));
    };
    line("we alone", ours.difference(theirs).collect());
    line("they alone", theirs.difference(ours).collect());
}

/// An xrdp on loopback.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    fn start(folder: &Path) -> Result<Self> {
        let free = TcpListener::bind(("127.0.0.1", 0)).context("no free port")?;
        let port = free.local_addr().context("no free port")?.port();
        drop(free);
        let (key, certificate) = (folder.join("key.pem"), folder.join("certificate.pem"));
        let file = |path: &PathBuf| path.to_string_lossy().into_owned();
        output(&mut command(
            "openssl",
            [
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "30",
                "-subj",
                "/CN=survey.test",
                "-keyout",
                &file(&key),
                "-out",
                &file(&certificate),
            ],
        ))?;
        let ini = folder.join("xrdp.ini");
        let text = format!(
            "[Globals]\nini_version=1\nfork=true\nport=tcp://127.0.0.1:{port}\ntcp_nodelay=true\n\
             security_layer=negotiate\ncrypt_level=high\ncertificate={}\nkey_file={}\n\
             ssl_protocols=TLSv1.2, TLSv1.3\ntls_ciphers=HIGH\nallow_channels=true\n\
             [Logging]\nLogFile={}\nLogLevel=ERROR\nEnableSyslog=false\n[Channels]\n\
             [Xorg]\nname=Xorg\nlib=libxup.so\nusername=ask\npassword=ask\nip=127.0.0.1\nport=-1\ncode=20\n",
            file(&certificate),
            file(&key),
            file(&folder.join("xrdp.log")),
        );
        fs::write(&ini, text).context("cannot write the settings of xrdp")?;
        let process = Command::new("xrdp")
            .args(["--nodaemon", "--config"])
            .arg(&ini)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start xrdp")?;
        let server = Self { process, port };
        for _ in 0..100 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(server);
            }
            park_timeout(Duration::from_millis(50));
        }
        anyhow::bail!("xrdp does not listen on port {port}")
    }
}

impl Server {
    /// The time of the processor that it and its children have used, as far as they have ended (Linux).
    fn processor(&self) -> Duration {
        /// What `/proc` counts in (USER_HZ).
        const TICK: Duration = Duration::from_millis(10);
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process.id()));
        let stat = stat.unwrap_or_default();
        // The name of the program, in brackets, may hold spaces; utime, stime, cutime and cstime stand together.
        let fields = stat.rsplit(')').next().unwrap_or_default();
        let ticks: u32 = fields
            .split_whitespace()
            .skip(11)
            .take(4)
            .filter_map(|ticks| ticks.parse::<u32>().ok())
            .sum();
        TICK * ticks
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It ends by itself when it was killed before.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suites_stand_in_a_report_beside_a_key() {
        let modulus = "7".repeat(617);
        let text = format!(
            r#"{{"rsa_n": {modulus}, "key_size": 2048, "accepted_cipher_suites": [{{"cipher_suite": {{"name":
            "TLS_AES_128_GCM_SHA256"}}}}], "rejected_cipher_suites": [{{"cipher_suite": {{"name": "TLS_RSA_WITH_RC4_128_SHA"}}}}]}}"#
        );
        let found = of_peer("sslyze", &text, &BTreeMap::new());
        assert_eq!(found, Found::from(["TLS_AES_128_GCM_SHA256".to_owned()]));
    }
}
