use std::io::Cursor;

use model::{Fact, SettingValue};
use proptest::prelude::*;
use regf::{DataType, HiveBuilder};

use super::*;
use crate::reader::Intake;

const SERVER: &str = r"HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server";

fn read(name: &str, bytes: &[u8]) -> Findings {
    let mut intake = Intake::default();
    intake.take(name, &mut Cursor::new(bytes));
    intake.finish()
}

fn setting(findings: &Findings, key: &str, name: &str) -> Option<(SettingValue, bool)> {
    findings
        .seen
        .iter()
        .find_map(|seen| match &seen.observation.fact {
            Fact::SettingFound {
                key: found,
                name: called,
                value,
                policy,
            } if found == key && called == name => Some((value.clone(), *policy)),
            _ => None,
        })
}

/// A small SYSTEM hive whose second control set is in use, with Remote Desktop denied or allowed.
fn hive(denied: u32) -> Vec<u8> {
    let mut builder = HiveBuilder::new().unwrap();
    let root = builder.root_offset();
    let select = builder.add_key(root, "Select").unwrap();
    builder
        .add_value(select, "Current", DataType::Dword, &2_u32.to_le_bytes())
        .unwrap();
    for (set, denied) in [("ControlSet001", 1 - denied), ("ControlSet002", denied)] {
        let mut at = builder.add_key(root, set).unwrap();
        for part in ["Control", "Terminal Server"] {
            at = builder.add_key(at, part).unwrap();
        }
        builder
            .add_value(
                at,
                "fDenyTSConnections",
                DataType::Dword,
                &denied.to_le_bytes(),
            )
            .unwrap();
        let stations = builder.add_key(at, "WinStations").unwrap();
        let listener = builder.add_key(stations, "RDP-Tcp").unwrap();
        builder
            .add_value(
                listener,
                "PortNumber",
                DataType::Dword,
                &3390_u32.to_le_bytes(),
            )
            .unwrap();
        let name: Vec<u8> = "srv".encode_utf16().flat_map(u16::to_le_bytes).collect();
        builder
            .add_value(listener, "Comment", DataType::String, &name)
            .unwrap();
    }
    builder.to_bytes().unwrap()
}

#[test]
fn the_control_set_in_use_is_read() {
    let findings = read("SYSTEM", &hive(1));
    assert_eq!(findings.damage, []);
    assert_eq!(
        setting(&findings, SERVER, "fDenyTSConnections"),
        Some((SettingValue::Number(1), false))
    );
    let listener = format!(r"{SERVER}\WinStations\RDP-Tcp");
    assert_eq!(
        setting(&findings, &listener, "PortNumber"),
        Some((SettingValue::Number(3390), false))
    );
    assert_eq!(
        setting(&findings, &listener, "Comment"),
        Some((SettingValue::Text("srv".to_owned()), false))
    );
}

#[test]
fn exports_are_read_in_both_forms() {
    let text = "Windows Registry Editor Version 5.00\r\n\r\n; a comment\r\n\
        [HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server]\r\n\
        \"fDenyTSConnections\"=dword:00000001\r\n\"Bytes\"=hex:01,02,\\\r\n  03\r\n\
        \"Text \\\"a\\\\b\\\"\"=\"c:\\\\d\"\r\n\"Gone\"=-\r\n\
        [HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\Terminal Services]\r\n\
        \"MaxIdleTime\"=dword:000493e0\r\n\
        [HKEY_LOCAL_MACHINE\\SOFTWARE\\Other]\r\n\"x\"=dword:1\r\n";
    for encoding in [
        crate::encoding::Encoding::Utf16LeMarked,
        crate::encoding::Encoding::Ansi,
    ] {
        let mut bytes = encoding.mark().to_vec();
        bytes.extend(encoding.encode(text));
        let findings = read("x.reg", &bytes);
        assert_eq!(findings.damage, [], "{encoding:?}");
        assert_eq!(findings.seen.len(), 5, "{:?}", findings.seen);
        assert_eq!(
            setting(&findings, SERVER, "fDenyTSConnections"),
            Some((SettingValue::Number(1), false))
        );
        assert_eq!(
            setting(&findings, SERVER, "Bytes"),
            Some((SettingValue::Bytes(Bytes(vec![1, 2, 3])), false))
        );
        assert_eq!(
            setting(&findings, SERVER, r#"Text "a\b""#),
            Some((SettingValue::Text(r"c:\d".to_owned()), false))
        );
        assert_eq!(
            setting(&findings, SERVER, "Gone"),
            Some((SettingValue::Removed, false))
        );
        assert_eq!(
            setting(
                &findings,
                r"HKLM\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services",
                "MaxIdleTime"
            ),
            Some((SettingValue::Number(300_000), true))
        );
    }
}

fn pol(entries: &[(&str, &str, u32, &[u8])]) -> Vec<u8> {
    let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let mut bytes = b"PReg\x01\0\0\0".to_vec();
    for (key, name, kind, data) in entries {
        bytes.extend(wide(&format!("[{key}\0;{name}\0;")));
        bytes.extend(kind.to_le_bytes());
        bytes.extend(wide(";"));
        bytes.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        bytes.extend(wide(";"));
        bytes.extend_from_slice(data);
        bytes.extend(wide("]"));
    }
    bytes
}

const POLICIES: &str = r"SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services";

#[test]
fn policy_files_are_policies() {
    let bytes = pol(&[
        (POLICIES, "fDenyTSConnections", 4, &1_u32.to_le_bytes()),
        (POLICIES, "**del.SecurityLayer", 1, b" \0\0\0"),
        (r"Software\Policies\Other", "x", 4, &1_u32.to_le_bytes()),
    ]);
    let findings = read("Machine/Registry.pol", &bytes);
    assert_eq!(findings.damage, []);
    let key = format!(r"HKLM\{POLICIES}");
    assert_eq!(
        setting(&findings, &key, "fDenyTSConnections"),
        Some((SettingValue::Number(1), true))
    );
    assert_eq!(
        setting(&findings, &key, "SecurityLayer"),
        Some((SettingValue::Removed, true))
    );
    assert_eq!(findings.seen.len(), 2);
}

#[test]
fn reports_of_policies_are_policies() {
    let text = r#"<?xml version="1.0" encoding="utf-16"?><Rsop xmlns="http://www.microsoft.com/GroupPolicy/Rsop">
        <ComputerResults><ExtensionData><Extension xmlns:q2="http://x"><q2:RegistrySetting>
        <q2:KeyPath>SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services</q2:KeyPath>
        <q2:Value><q2:Name>UserAuthentication</q2:Name><q2:Number>1</q2:Number></q2:Value>
        </q2:RegistrySetting></Extension></ExtensionData></ComputerResults></Rsop>"#;
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let findings = read("gp.xml", &bytes);
    assert_eq!(findings.damage, []);
    assert_eq!(
        setting(
            &findings,
            &format!(r"HKLM\{POLICIES}"),
            "UserAuthentication"
        ),
        Some((SettingValue::Number(1), true))
    );
}

/// A log of the form of Windows 8.1 and later that turns one hive into another of the same size.
fn log(before: &[u8], after: &[u8], sequence: u32) -> Vec<u8> {
    use regf::transaction_log::{DirtyPageReference, LogEntry};
    let mut head = before[..512].to_vec();
    head[4..8].copy_from_slice(&sequence.to_le_bytes());
    head[8..12].copy_from_slice(&sequence.to_le_bytes());
    head[28..32].copy_from_slice(&6_u32.to_le_bytes());
    let sum = head[..508].chunks(4).fold(0_u32, |sum, four| {
        sum ^ u32::from_le_bytes(four.try_into().unwrap())
    });
    head[508..512].copy_from_slice(&sum.to_le_bytes());
    let mut references = Vec::new();
    let mut pages = Vec::new();
    for at in (4096..after.len()).step_by(512) {
        if before[at..at + 512] != after[at..at + 512] {
            references.push(DirtyPageReference {
                offset: u32::try_from(at - 4096).unwrap(),
                size: 512,
            });
            pages.push(after[at..at + 512].to_vec());
        }
    }
    let entry = LogEntry {
        signature: *b"HvLE",
        size: u32::try_from((40 + references.len() * 8 + pages.len() * 512).next_multiple_of(512))
            .unwrap(),
        flags: 0,
        sequence_number: sequence,
        hive_bins_data_size: u32::try_from(after.len() - 4096).unwrap(),
        dirty_pages_count: u32::try_from(pages.len()).unwrap(),
        hash1: 0,
        hash2: 0,
        page_references: references,
        dirty_pages: pages,
    };
    entry.write(&mut head).unwrap();
    head
}

#[test]
fn changes_that_are_only_in_the_log_are_seen() {
    let (mut before, after) = (hive(1), hive(0));
    assert_eq!(before.len(), after.len());
    let sequence = u32::from_le_bytes(before[8..12].try_into().unwrap());
    before[4..8].copy_from_slice(&(sequence + 1).to_le_bytes());
    let log = log(&before, &after, sequence + 1);
    for order in [[0, 1], [1, 0]] {
        let mut intake = Intake::default();
        for which in order {
            let (name, bytes) = [("c/SYSTEM", &before), ("c/system.LOG1", &log)][which];
            intake.take(name, &mut Cursor::new(bytes));
        }
        let findings = intake.finish();
        assert_eq!(findings.damage, []);
        assert_eq!(
            setting(&findings, SERVER, "fDenyTSConnections"),
            Some((SettingValue::Number(0), false))
        );
    }
    let alone = read("c/SYSTEM", &before);
    assert_eq!(
        setting(&alone, SERVER, "fDenyTSConnections"),
        Some((SettingValue::Number(1), false))
    );
    assert!(
        alone.damage[0].says.contains("transaction logs"),
        "{:?}",
        alone.damage
    );
}

#[test]
fn any_prefix_of_a_hive_is_calm() {
    let whole = hive(1);
    for cut in 0..whole.len().min(9000) {
        let findings = read("SYSTEM", &whole[..cut]);
        assert!(
            cut < 4 || !findings.damage.is_empty(),
            "{cut} bytes are not whole"
        );
    }
}

proptest! {
    #[test]
    fn broken_hives_are_calm(at in 0usize..12_288, with in any::<u8>(), more in 0usize..12_288) {
        let mut bytes = hive(1);
        for place in [at, more] {
            if let Some(byte) = bytes.get_mut(place) {
                *byte = with;
            }
        }
        let _ = read("SYSTEM", &bytes);
    }

    #[test]
    fn broken_policies_are_calm(cut in 0usize..300, at in 0usize..300, with in any::<u8>()) {
        let mut bytes = pol(&[(POLICIES, "fDenyTSConnections", 4, &1_u32.to_le_bytes())]);
        if let Some(byte) = bytes.get_mut(at) {
            *byte = with;
        }
        bytes.truncate(cut);
        let _ = read("Registry.pol", &bytes);
    }
}
