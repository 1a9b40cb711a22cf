//! `collect`: the archive, the script for Windows, and what `analyze` makes of both.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use serde_json::Value;

use crate::powershell;
use crate::usage::rdpdoctor;

const SCRIPT: &str = include_str!("../src/collect/collector.ps1");

/// Everything the collector may call: it looks, and changes nothing. `Remove-Item` is for `-Clean` alone.
const CALLED: &[&str] = &[
    "Add-Name",
    "Add-Section",
    "Remove-Item",
    "ConvertTo-Json",
    "ForEach-Object",
    "Get-Acl",
    "Get-ChildItem",
    "Get-CimInstance",
    "Get-HexText",
    "Get-ItemProperty",
    "Get-KeyText",
    "Get-Location",
    "Get-NetFirewallRule",
    "Get-Numbered",
    "Get-Packed",
    "Get-Pseudonym",
    "Get-Seconds",
    "Get-Service",
    "Get-ValueText",
    "Get-WinEvent",
    "Join-Path",
    "New-Object",
    "Out-String",
    "Select-Object",
    "Sort-Object",
    "Test-Path",
    "Where-Object",
    "certutil.exe",
    "ipconfig.exe",
    "netstat.exe",
    "qwinsta.exe",
];

#[test]
fn the_script_runs_in_windows_powershell_and_only_looks() {
    for arguments in [&["--part", "3"][..], &[], &["--no-redact"]] {
        let output = rdpdoctor()
            .args(["collect", "--script", "powershell"])
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success());
        let script = String::from_utf8(output.stdout).unwrap();
        assert_eq!(powershell::faults(&script), Vec::<String>::new());
        assert!(!script.contains("__"), "every default is filled in");
    }
    let called =
        powershell::commands(&SCRIPT.replace("__PART__", "0").replace("__NO_REDACT__", ""));
    let unknown: Vec<&String> = called
        .iter()
        .filter(|name| !CALLED.contains(&name.as_str()))
        .collect();
    assert!(unknown.is_empty(), "not known to be harmless: {unknown:?}");
}

/// What the script would write on a server whose key cannot be read, packed as it packs.
fn bundle() -> Vec<u8> {
    let text = "\
=====RDPDOCTOR BUNDLE 1=====
=====RDPDOCTOR FILE registry.reg=====
Windows Registry Editor Version 5.00\r
\r
[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\ComputerName\\ComputerName]\r
\"ComputerName\"=\"host-1\"\r
\r
[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server]\r
\"fDenyTSConnections\"=dword:00000000\r
\r
=====RDPDOCTOR FILE services.txt=====
SERVICE_NAME: TermService\r
        STATE              : 4  Running\r
        START_TYPE         : 3\r
\r
=====RDPDOCTOR FILE evidence.json=====
{\"schema\":\"rdpdoctor/evidence/1\",\"target\":{\"input\":\"\",\"host\":\"\",\"port\":3389,\"address\":null,\"zone\":null,\
\"gateway\":null,\"client\":{\"program\":null,\"offers\":11}},\"opened_at\":1795248000,\"seen\":[{\"place\":{\"leg\":\"host\",\
\"phase\":\"secure\"},\"source\":\"registry\",\"vantage\":\"the key store\",\"fact\":\"setting-found\",\"value\":{\"key\":\
\"C:\\\\ProgramData\\\\Microsoft\\\\Crypto\\\\RSA\\\\MachineKeys\\\\f686\",\"name\":\"readable by NETWORK SERVICE\",\
\"value\":{\"number\":0},\"policy\":false}},{\"place\":{\"leg\":\"host\",\"phase\":\"secure\"},\"source\":\"registry\",\
\"vantage\":\"the certificate store\",\"fact\":\"certificate-seen\",\"value\":{\"certificate\":{\"subject\":\"CN=host-1\",\
\"common_name\":\"host-1\",\"issuer\":\"CN=host-1\",\"serial\":\"01\",\"dns_names\":[],\"addresses\":[],\"not_before\":1795000000,\
\"not_after\":1810000000,\"key\":\"rsa\",\"key_bits\":2048,\"signature\":\"1.2.840.113549.1.1.11\",\"weak_signature\":false,\
\"extended_key_usage\":[\"1.3.6.1.5.5.7.3.1\"],\"signs\":null,\"enciphers\":null,\"is_authority\":false,\"self_signed\":true,\
\"sha1\":\"00\",\"sha256\":\"00\",\"chain\":1},\"seen_at\":1795248000}}],\"tried\":[],\"damage\":[],\"interrupted\":false}
=====RDPDOCTOR FILE events/System.xml=====
<Events><Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Schannel'/>\
<EventID>36870</EventID><TimeCreated SystemTime='2026-11-21T08:00:00Z'/><Computer>host-1</Computer></System><EventData>\
<Data Name='Type'>server</Data><Data Name='ErrorCode'>0x8009030d</Data></EventData></Event></Events>
=====RDPDOCTOR END=====
";
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(text.as_bytes()).unwrap();
    packer.finish().unwrap()
}

fn base64(bytes: &[u8]) -> String {
    openssl::base64::encode_block(bytes)
}

/// The parts as they come out of Azure Run Command, with what it writes around them.
fn parts(size: usize) -> Vec<String> {
    let coded = base64(&bundle());
    let pieces: Vec<&[u8]> = coded.as_bytes().chunks(size).collect();
    let of = pieces.len();
    pieces
        .iter()
        .enumerate()
        .map(|(at, piece)| {
            format!(
                "[stdout]\r\n-----BEGIN RDPDOCTOR PART {n}/{of} 3f9a12cd-----\r\n{}\r\n-----END RDPDOCTOR PART {n}/{of}-----\r\n[stderr]\r\n",
                std::str::from_utf8(piece).unwrap(),
                n = at + 1,
            )
        })
        .collect()
}

fn analyzed(paths: &[&Path]) -> Value {
    let output = rdpdoctor()
        .args(["--format", "json", "analyze"])
        .args(paths)
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn found(report: &Value) -> Vec<(String, String)> {
    report["findings"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| (one["cause"].to_string(), one["verdict"].to_string()))
        .collect()
}

#[test]
fn parts_in_any_order_are_the_bundle() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("bundle.txt.gz");
    fs::write(&whole, bundle()).unwrap();
    let expected = analyzed(&[&whole]);
    assert_eq!(expected["target"]["host"], "host-1");
    assert_eq!(
        expected["damage"],
        Value::Array(Vec::new()),
        "everything in it can be read"
    );
    assert!(
        expected["evidence"]
            .to_string()
            .contains("certificate-seen")
    );
    assert_eq!(
        found(&expected)[0].0,
        "\"secure.key-unusable\"",
        "{}",
        expected["findings"]
    );

    let mut pieces = parts(200);
    assert!(pieces.len() > 4);
    pieces.reverse();
    let (some, rest) = pieces.split_at(2);
    let (one, other) = (
        folder.path().join("one.txt"),
        folder.path().join("other.txt"),
    );
    fs::write(&one, some.concat()).unwrap();
    fs::write(&other, rest.concat()).unwrap();
    let joined = analyzed(&[&one, &other]);
    assert_eq!(found(&joined), found(&expected));
    assert_eq!(joined["damage"], Value::Array(Vec::new()));
}

#[test]
fn a_missing_part_is_named_and_what_stands_before_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("parts.txt");
    let mut pieces = parts(200);
    let of = pieces.len();
    pieces.remove(of - 2);
    fs::write(&path, pieces.concat()).unwrap();
    let report = analyzed(&[&path]);
    let damage = report["damage"].to_string();
    assert!(
        damage.contains(&format!(
            "missing of {of} parts: {}; run the collector with -Part {}",
            of - 1,
            of - 1
        )),
        "{damage}"
    );
    assert!(
        report["evidence"].to_string().contains("TermService"),
        "{}",
        report["evidence"]
    );
}

#[test]
fn a_bundle_can_be_made_and_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root");
    let put = |path: &str, text: &str| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    put("etc/hostname", "krakow-ts\n");
    put(
        "etc/xrdp/xrdp.ini",
        "[Globals]\nport=3389\nsecurity_layer=tls\nkey_file=/etc/xrdp/key.pem\n",
    );
    put(
        "var/log/xrdp.log",
        "[20261121-13:45:05] [INFO ] Socket 14: AF_INET6 connection received from ::ffff:10.23.7.9 port 39018\n\
         [20261121-13:45:06] [ERROR] Cannot read private key file /etc/xrdp/key.pem: Permission denied\n",
    );
    let bundle = folder.path().join("case.zip");
    let output = rdpdoctor()
        .arg("collect")
        .arg("--root")
        .arg(&root)
        .arg("-o")
        .arg(&bundle)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mapping = fs::read_to_string(folder.path().join("case.zip.mapping.json")).unwrap();
    assert!(mapping.contains("krakow-ts") && mapping.contains("10.23.7.9"));
    let open = folder.path().join("open.zip");
    let output = rdpdoctor()
        .args(["collect", "--no-redact", "--root"])
        .arg(&root)
        .arg("-o")
        .arg(&open)
        .output()
        .unwrap();
    assert!(output.status.success());
    let (hidden, open) = (analyzed(&[&bundle]), analyzed(&[&open]));
    assert_eq!(found(&hidden), found(&open));
    assert!(!found(&hidden).is_empty());
    assert!(!hidden.to_string().contains("10.23.7.9"));
    assert!(open.to_string().contains("10.23.7.9"));
}

#[test]
fn a_report_can_be_written_without_names() {
    let folder = tempfile::tempdir().unwrap();
    let events = folder.path().join("events.xml");
    fs::write(
        &events,
        "<Events><Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>\
         <Provider Name='Microsoft-Windows-Security-Auditing'/><EventID>4825</EventID>\
         <TimeCreated SystemTime='2026-11-21T08:00:00Z'/><Computer>krakow-ts.huta.test</Computer></System><EventData>\
         <Data Name='AccountName'>kowalski</Data><Data Name='ClientAddress'>10.23.7.9</Data></EventData></Event></Events>",
    )
    .unwrap();
    for format in ["text", "json", "html", "markdown"] {
        let path = folder.path().join("report");
        let output = rdpdoctor()
            .args(["--redact", "--format", format, "-o"])
            .arg(&path)
            .arg("analyze")
            .arg("-v")
            .arg(&events)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        let text = fs::read_to_string(&path).unwrap();
        for name in ["krakow", "huta", "kowalski", "10.23.7.9"] {
            assert!(!text.to_lowercase().contains(name), "{format}: {name}");
        }
        assert!(text.contains("host-1"), "{format}");
    }
    let mapping = fs::read_to_string(folder.path().join("report.mapping.json")).unwrap();
    assert!(mapping.contains("kowalski"));
}
