//! Archives that other collectors make: `analyze` reads them as far as their files allow.
//!
//! The layout is that of Microsoft's MSRD-Collect: folders and files carry the name of the machine in front, `reg export`
//! writes into `.txt`, PowerShell's `Out-File` writes UTF-16, `netstat` is asked with `-anobq`, and members of the
//! archive are named with backslashes.

use std::fs;
use std::io::{Cursor, Write as _};

use serde_json::Value;
use zip::write::SimpleFileOptions;

use crate::usage::rdpdoctor;

const FOLDER: &str = "MSRD-Results-SRV01-20260903_101112";

/// UTF-16 with its mark, as PowerShell writes a text.
fn wide(text: &str) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend(
        text.replace('\n', "\r\n")
            .encode_utf16()
            .flat_map(u16::to_le_bytes),
    );
    bytes
}

fn archive(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        archive
            .start_file(format!("{FOLDER}\\{name}"), SimpleFileOptions::default())
            .unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// What every archive holds, whatever is wrong.
fn usual() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        (
            "SRV01_MSRD-Collect-Log.txt",
            wide("2026/09/03 10:11:12.123 [Core] Collecting Core data\n2026/09/03 10:11:13.001 [Core] reg export 'HKLM\\SOFTWARE\\Policies' ... /y\n"),
        ),
        (
            "SRV01_MSRD-Diag.html",
            b"<html><head><title>MSRD-Diag</title></head><body><table><tr><td>fDenyTSConnections</td></tr></table></body></html>".to_vec(),
        ),
        ("SRV01_EventLogs\\LocaleMetaData\\SRV01_System_1033.MTA", vec![0x5A; 900]),
        (
            "SRV01_SystemInfo\\SRV01_SystemInfo.txt",
            wide("Computer name               : SRV01\nModel                       : Virtual Machine\nOperating System            : Microsoft Windows Server 2022 Datacenter 64-bit\n"),
        ),
        (
            "SRV01_Networking\\SRV01_Ipconfig.txt",
            wide("\nConfiguration IP de Windows\n\n   Nom de l\u{2019}h\u{F4}te . . . . . . . . . . : SRV01\n   Suffixe DNS principal . . . . . . : corp.example\n\n   Adresse IPv4. . . . . . . . . . . . . .: 10.4.4.4(pr\u{E9}f\u{E9}r\u{E9})\n"),
        ),
        (
            "SRV01_RegistryKeys\\SRV01_HKLM-SW-Policies.txt",
            wide("Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies]\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\Terminal Services]\n\"MinEncryptionLevel\"=dword:00000003\n\n"),
        ),
    ]
}

fn terminal_server(deny: u32) -> (&'static str, Vec<u8>) {
    (
        "SRV01_RegistryKeys\\SRV01_HKLM-System-CCS-Control-TerminalServer.txt",
        wide(&format!(
            "Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server]\n\"fDenyTSConnections\"=dword:{deny:08x}\n\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp]\n\"PortNumber\"=dword:00000d3d\n\"UserAuthentication\"=dword:00000001\n\"SecurityLayer\"=dword:00000002\n\n"
        )),
    )
}

fn netstat(listens: bool) -> (&'static str, Vec<u8>) {
    let rdp = "  TCP    0.0.0.0:3389           0.0.0.0:0              ABH\u{D6}REN         1384\n  TermService\n [svchost.exe]\n";
    (
        "SRV01_Networking\\SRV01_Netstat.txt",
        wide(&format!(
            "\nAktive Verbindungen\n\n  Proto  Lokale Adresse         Remoteadresse          Status           PID\n  TCP    0.0.0.0:135            0.0.0.0:0              ABH\u{D6}REN         900\n  RpcSs\n [svchost.exe]\n{}  TCP    10.4.4.4:3389          0.0.0.0:0              BOUND           77\n [other.exe]\n",
            if listens { rdp } else { "" }
        )),
    )
}

fn services(starts: &str, state: &str) -> (&'static str, Vec<u8>) {
    (
        "SRV01_SystemInfo\\SRV01_Services.txt",
        wide(&format!(
            "\nProcessId DisplayName                  StartMode State   Name        PathName                                             StartName\n--------- -----------                  --------- -----   ----        --------                                             ---------\n      900 Remoteprozeduraufruf (RPC)   Auto      Running RpcSs       C:\\Windows\\system32\\svchost.exe -k rpcss -p          NT AUTHORITY\\NetworkService\n        0 Remotedesktopdienste         {starts:9} {state:7} TermService C:\\Windows\\System32\\svchost.exe -k NetworkService   NT Authority\\NetworkService\n"
        )),
    )
}

/// What an event log exported as XML would hold, in place of one in Windows' own form.
fn events(id: u32, provider: &str, data: &str) -> (&'static str, Vec<u8>) {
    (
        "SRV01_EventLogs\\SRV01_System.xml",
        wide(&format!(
            "<Events><Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='{provider}'/><EventID>{id}</EventID><TimeCreated SystemTime='2026-09-03T08:00:00Z'/><Computer>SRV01.corp.example</Computer></System><EventData>{data}</EventData></Event></Events>"
        )),
    )
}

fn analyzed(bytes: &[u8]) -> (Option<i32>, Value) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("{FOLDER}.zip"));
    fs::write(&path, bytes).unwrap();
    let output = rdpdoctor()
        .args(["--format", "json", "analyze"])
        .arg(path)
        .output()
        .unwrap();
    let report = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (output.status.code(), report)
}

fn first(report: &Value) -> &str {
    report["findings"][0]["cause"].as_str().unwrap_or_default()
}

#[test]
fn an_archive_of_another_collector_is_read_as_far_as_it_goes() {
    let with = |more: Vec<(&'static str, Vec<u8>)>| {
        let mut members = usual();
        members.extend(more);
        analyzed(&archive(&members))
    };
    let (status, report) = with(vec![
        terminal_server(1),
        netstat(false),
        services("Manual", "Running"),
    ]);
    assert_eq!(
        (status, first(&report)),
        (Some(1), "tcp.remote-desktop-off"),
        "{report:#}"
    );
    let (status, report) = with(vec![
        terminal_server(0),
        netstat(false),
        services("Disabled", "Stopped"),
    ]);
    assert_eq!(
        (status, first(&report)),
        (Some(1), "tcp.service-stopped"),
        "{report:#}"
    );
    // Nothing is wrong by these files: what is said of a server that works is no finding.
    let (_, report) = with(vec![
        terminal_server(0),
        netstat(true),
        services("Manual", "Running"),
    ]);
    assert_eq!(report["findings"], serde_json::json!([]), "{report:#}");
    let (status, report) = with(vec![
        terminal_server(0),
        netstat(true),
        services("Manual", "Running"),
        events(
            36870,
            "Schannel",
            "<Data Name='Type'>server</Data><Data Name='ErrorCode'>0x8009030D</Data><Data Name='ErrorStatus'>10001</Data>",
        ),
    ]);
    assert_eq!(status, Some(1));
    assert!(
        [
            "negotiate.key-unreadable",
            "secure.key-store-permissions",
            "secure.key-unusable"
        ]
        .contains(&first(&report)),
        "{report:#}"
    );
}

#[test]
fn an_archive_that_breaks_off_tells_what_came_before() {
    let mut members = usual();
    members.push(terminal_server(1));
    members.push(("SRV01_SystemInfo\\SRV01_Last.txt", vec![b'x'; 64]));
    let whole = archive(&members);
    // Without its end an archive has no list; at any length something calm is said.
    for part in 1..16 {
        let (status, _) = analyzed(&whole[..whole.len() * part / 16]);
        assert!(status.is_some_and(|status| status <= 3), "{part}");
    }
    let (status, report) = analyzed(&whole[..whole.len() - 30]);
    assert_eq!(
        (status, first(&report)),
        (Some(1), "tcp.remote-desktop-off")
    );
    let damage = report["damage"].to_string();
    assert!(damage.contains("list of members"), "{damage}");
}
