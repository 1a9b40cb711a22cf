//! The Windows side on a Linux machine: compiled with Debian's second toolchain, which brings the source of its
//! standard library so that it can be built for Windows, linked by MinGW, and run under Wine.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::setup;
use crate::shell::{cargo, command, output, root, run};

const TARGET: &str = "x86_64-pc-windows-gnu";
/// The toolchain of the packages rustc-web and cargo-web.
pub const RUSTC: &str = "/usr/bin/rustc";
pub const CARGO: &str = "/usr/bin/cargo";
pub const LINKER: &str = "x86_64-w64-mingw32-gcc";

/// Wine 8 lacks the library from which Rust's standard library takes random numbers.
const SHIM: &str = "\
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE place, SIZE_T size) {
    return SystemFunction036(place, (ULONG)size);
}
";

/// A listener as a Windows host has it, with what somebody changed.
const PREPARED: &str = r#"Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Terminal Server]
"fDenyTSConnections"=dword:00000000
"fSingleSessionPerUser"=dword:00000001

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp]
"PortNumber"=dword:00000d3e
"SecurityLayer"=dword:00000002
"UserAuthentication"=dword:00000001
"MinEncryptionLevel"=dword:00000003
"MaxInstanceCount"=dword:00000005
"fEnableWinStation"=dword:00000001
"SSLCertificateSHA1Hash"=hex:01,02,03,04,05,06,07,08,09,0a,0b,0c,0d,0e,0f,10,11,12,13,14

[HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services]
"MaxIdleTime"=dword:000dbba0

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Server]
"Enabled"=dword:00000000
"DisabledByDefault"=dword:00000001

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules]
"RemoteDesktop-UserMode-In-TCP"="v2.31|Action=Allow|Active=FALSE|Dir=In|Protocol=6|LPort=3389|App=%SystemRoot%\\system32\\svchost.exe|Svc=termservice|Name=@FirewallAPI.dll,-28775|"

[HKEY_CURRENT_USER\SOFTWARE\Microsoft\Terminal Server Client\Servers\srv01.corp.example]
"UsernameHint"="CORP\\ann"
"#;

/// Compiles the program for Windows and shows under Wine that it works there.
pub fn windows() -> Result<()> {
    let missing = setup::windows()?;
    if !missing.is_empty() {
        let missing = missing.join(", ");
        if std::env::var("CI").is_ok_and(|ci| ci == "true") {
            bail!("with CI=true the Windows side may not be left out; missing: {missing}");
        }
        println!("The Windows side is skipped; missing: {missing}");
        return Ok(());
    }
    run(&mut build())?;
    let wine = Wine::prepare()?;
    wine.starts()?;
    wine.explains_the_same()?;
    wine.checks_a_server()?;
    wine.reads_its_registry()?;
    wine.mends_its_registry()?;
    wine.keeps_the_laws_of_repair(&tests()?)?;
    println!("windows: compiled for {TARGET} and run under Wine");
    Ok(())
}

/// Where the Windows side is built: a folder of its own, because compiler and standard library are others.
fn folder() -> PathBuf {
    root().join("target/windows")
}

fn build() -> Command {
    compile([
        "build",
        "--package",
        "rdpdoctor",
        "-Zbuild-std=std,panic_unwind",
    ])
}

/// Compiles the tests of `repair` and says where they are.
fn tests() -> Result<PathBuf> {
    let mut build = compile([
        "test",
        "--no-run",
        "--package",
        "repair",
        "--test",
        "main",
        "--message-format=json",
        "-Zbuild-std=std,panic_unwind,test",
    ]);
    let told = output(&mut build)?;
    told.lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find_map(|told| {
            let named = told.pointer("/target/name").and_then(Value::as_str) == Some("main");
            let program = told.get("executable").and_then(Value::as_str)?;
            named.then(|| PathBuf::from(program))
        })
        .context("cargo does not say where the tests of repair are")
}

fn compile<const N: usize>(arguments: [&str; N]) -> Command {
    let mut build = command(CARGO, arguments);
    build
        .args(["--locked", "--target", TARGET])
        .env("RUSTC", RUSTC)
        // -Zbuild-std is for nightly compilers; this one has the source of exactly its own library.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", folder())
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", LINKER);
    build
}

/// A Windows of our own.
struct Wine {
    prefix: PathBuf,
    program: PathBuf,
    /// The same program for this machine.
    native: PathBuf,
}

impl Wine {
    /// Lays the program and what it lacks into a folder, and makes a fresh registry.
    fn prepare() -> Result<Self> {
        let place = folder().join("run");
        fs::create_dir_all(&place).with_context(|| format!("cannot make {}", place.display()))?;
        let built = folder().join(TARGET).join("debug/rdpdoctor.exe");
        let program = place.join("rdpdoctor.exe");
        fs::copy(&built, &program).with_context(|| format!("cannot copy {}", built.display()))?;
        let source = place.join("shim.c");
        fs::write(&source, SHIM).with_context(|| format!("cannot write {}", source.display()))?;
        run(command(LINKER, ["-shared", "-o"])
            .arg(place.join("bcryptprimitives.dll"))
            .arg(&source)
            .arg("-ladvapi32"))?;
        run(&mut cargo(["build", "--locked", "--package", "rdpdoctor"]))?;
        let prefix = folder().join("prefix");
        if prefix.exists() {
            fs::remove_dir_all(&prefix)
                .with_context(|| format!("cannot clear {}", prefix.display()))?;
        }
        Ok(Self {
            prefix,
            program,
            native: crate::shell::target().join("debug/rdpdoctor"),
        })
    }

    fn command(&self, program: &Path, arguments: &[&str]) -> Command {
        // What hangs under Wine hangs for good.
        let mut wine = command("timeout", ["120", "wine"]);
        wine.arg(program)
            .args(arguments)
            .env("WINEPREFIX", &self.prefix)
            .env("WINEDEBUG", "-all")
            .env_remove("DISPLAY")
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        wine
    }

    /// What the program prints, however it ends.
    fn says(&self, arguments: &[&str]) -> Result<String> {
        said(self.command(&self.program, arguments))
    }

    fn starts(&self) -> Result<()> {
        let said = self.says(&["--version"])?;
        ensure!(
            said.starts_with("rdpdoctor "),
            "under Wine --version says {said:?}"
        );
        Ok(())
    }

    fn explains_the_same(&self) -> Result<()> {
        let words = ["explain", "0x904", "0x7", "--color", "never"];
        let here = said(native(&self.native, &words))?;
        let there = self.says(&words)?;
        ensure!(
            !here.is_empty() && here == there,
            "explain says\n{here}\nhere and\n{there}\nunder Wine"
        );
        Ok(())
    }

    /// A server of the lab on this machine, looked at from Windows and from here: the same verdict.
    fn checks_a_server(&self) -> Result<()> {
        for fault in [
            "secure/alert-handshake-failure",
            "negotiate/no-certificate",
            "negotiate/xrdp-key",
        ] {
            let served = Lab::serve(&self.native, fault)?;
            let words = [
                "check",
                &served.address,
                "--format",
                "json",
                "--no-progress",
            ];
            let here = verdict(&said(native(&self.native, &words))?)?;
            let there = verdict(&self.says(&words)?)?;
            ensure!(
                here == there,
                "{fault}: {here:?} here and {there:?} under Wine"
            );
        }
        Ok(())
    }

    /// The registry read live and the same registry read from a file tell the same.
    fn reads_its_registry(&self) -> Result<()> {
        let file = folder().join("run/prepared.reg");
        fs::write(&file, PREPARED).with_context(|| format!("cannot write {}", file.display()))?;
        let import = Path::new("reg");
        said(self.command(import, &["import", &file.to_string_lossy()]))?;
        let words = ["--format", "json", "--no-progress"];
        let from_file = {
            let path = file.to_string_lossy();
            settings(&said(native(
                &self.native,
                &[&["analyze", &path][..], &words].concat(),
            ))?)?
        };
        let live = settings(&self.says(&[&["inspect"][..], &words].concat())?)?;
        ensure!(
            from_file.len() > 10,
            "only {} settings are read of the file",
            from_file.len()
        );
        let lost: Vec<&String> = from_file.iter().filter(|one| !live.contains(one)).collect();
        ensure!(
            lost.is_empty(),
            "the live look lacks {lost:#?}; it has {live:#?}"
        );
        Ok(())
    }

    /// What stands below the settings of Remote Desktop.
    fn settings_of_remote_desktop(&self) -> Result<String> {
        let file = folder().join("run/exported.reg");
        let branch = r"HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server";
        let words = ["export", branch, &file.to_string_lossy(), "/y"];
        said(self.command(Path::new("reg"), &words))?;
        let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        Ok(bytes.escape_ascii().to_string())
    }

    fn term_service_runs(&self) -> Result<bool> {
        let told = said(self.command(Path::new("sc"), &["query", "TermService"]))?;
        Ok(told.contains("RUNNING"))
    }

    /// A plan is carried out by the program itself, with a service restarted, and taken back: by hand, and by the
    /// process that stands by when nobody keeps it.
    fn mends_its_registry(&self) -> Result<()> {
        let plan = folder().join("run/plan.json");
        let receipts = folder().join("run/receipts");
        if receipts.exists() {
            fs::remove_dir_all(&receipts)
                .with_context(|| format!("cannot clear {}", receipts.display()))?;
        }
        let draft = || {
            let words = ["fix", "secure.key-unusable", "--system", "windows"];
            let more = ["--remedy", "server.rebind-certificate", "--format", "json"];
            let drafted = said(native(&self.native, &[&words[..], &more].concat()))?;
            fs::write(&plan, drafted).with_context(|| format!("cannot write {}", plan.display()))
        };
        said(self.command(Path::new("net"), &["start", "TermService"]))?;
        ensure!(self.term_service_runs()?, "TermService does not start");
        let before = self.settings_of_remote_desktop()?;

        let (file, receipts) = (plan.to_string_lossy(), receipts.to_string_lossy());
        let fix = |more: &[&str]| {
            let common = ["--state-dir", &receipts, "--format", "json"];
            state(&self.says(&[&["fix"][..], more, &common].concat())?)
        };
        let apply = [&*file, "--apply", "--yes", "--hold", "--here", "server"];
        draft()?;
        let made = fix(&apply)?;
        ensure!(made == "held", "under Wine the plan comes to be {made:?}");
        let changed = self.settings_of_remote_desktop()?;
        ensure!(
            changed != before,
            "the plan changed nothing in the registry"
        );
        ensure!(self.term_service_runs()?, "TermService was not started");
        let undone = fix(&["--undo", "last"])?;
        ensure!(undone == "taken-back", "the undo ends with {undone:?}");
        let back = self.settings_of_remote_desktop()?;
        ensure!(back == before, "the registry is not as it was:\n{back}");
        ensure!(self.term_service_runs()?, "TermService does not run again");

        draft()?;
        let made = fix(&[&apply[..], &["--undo-after", "5s"]].concat())?;
        ensure!(made == "held", "the second time it comes to be {made:?}");
        let settled = (0..60).any(|_| fix(&["--list"]).is_ok_and(|state| state == "taken-back"));
        ensure!(settled, "nobody took back what nobody kept");
        let back = self.settings_of_remote_desktop()?;
        ensure!(
            back == before,
            "whoever stood by did not put it back:\n{back}"
        );
        Ok(())
    }

    /// What holds for plans and their undo on Linux holds here, in files and in the registry.
    fn keeps_the_laws_of_repair(&self, tests: &Path) -> Result<()> {
        // Beside the library that Wine lacks.
        let program = folder().join("run/repair-tests.exe");
        fs::copy(tests, &program).with_context(|| format!("cannot copy {}", tests.display()))?;
        let told = said(self.command(&program, &[]))?;
        print!("{told}");
        ensure!(
            told.contains("test result: ok."),
            "the tests of repair fail under Wine"
        );
        Ok(())
    }
}

/// What `fix` says about the state of what it carried out, each state once.
fn state(receipt: &str) -> Result<String> {
    let told: Value =
        serde_json::from_str(receipt).with_context(|| format!("no receipt: {receipt}"))?;
    let one = [told.clone()];
    let states: BTreeSet<&str> = told
        .as_array()
        .map_or(&one[..], Vec::as_slice)
        .iter()
        .filter_map(|receipt| receipt.get("state")?.as_str())
        .collect();
    Ok(Vec::from_iter(states).join(", "))
}

/// The program on this machine, in the letters that Windows shows.
fn native(program: &Path, arguments: &[&str]) -> Command {
    let mut native = Command::new(program);
    native
        .args(arguments)
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null());
    native
}

/// What a command prints. Its status tells of findings, so it is not looked at.
fn said(mut command: Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("cannot start {command:?}"))?;
    String::from_utf8(output.stdout).with_context(|| format!("{command:?} prints no text"))
}

/// The outcome of a report and its first finding.
fn verdict(report: &str) -> Result<(String, String)> {
    let report: Value =
        serde_json::from_str(report).with_context(|| format!("no report: {report}"))?;
    let text = |place: &str| {
        let value = report.pointer(place).and_then(Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    Ok((text("/outcome"), text("/findings/0/cause")))
}

/// Every setting of a report.
fn settings(report: &str) -> Result<Vec<String>> {
    let report: Value =
        serde_json::from_str(report).with_context(|| format!("no report: {report}"))?;
    let evidence = report.get("evidence").and_then(Value::as_array);
    Ok(evidence
        .into_iter()
        .flatten()
        .filter(|seen| seen.get("fact").and_then(Value::as_str) == Some("setting-found"))
        .filter_map(|seen| Some(seen.get("value")?.to_string().to_ascii_lowercase()))
        .collect())
}

/// A server of the lab, until it is dropped.
struct Lab {
    child: Child,
    address: String,
}

impl Lab {
    fn serve(program: &Path, fault: &str) -> Result<Self> {
        let mut child = Command::new(program)
            .args(["lab", fault])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start the lab")?;
        let lines = child.stdout.take().map(BufReader::new);
        let mut lab = Self {
            child,
            address: String::new(),
        };
        for line in lines.into_iter().flat_map(BufReader::lines).take(20) {
            let line = line.context("the lab says nothing")?;
            let address = line
                .split([' ', ','])
                .find(|word| word.starts_with("127.0.0.1:"));
            if let Some(address) = address {
                address
                    .trim_end_matches(['.', ':'])
                    .clone_into(&mut lab.address);
                return Ok(lab);
            }
        }
        bail!("the lab does not say where it listens");
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        // It serves until it is told to stop.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
