//! Laws that hold for every reader of [`intake::READERS`].

use std::io::Cursor;

use intake::{Findings, Intake, READERS};
use proptest::prelude::*;

const WIDE: fn(&str) -> Vec<u8> = |text| {
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    bytes
};

/// A small file of each kind that can be written down here; the kinds in bytes have tests of their own.
fn samples() -> Vec<(&'static str, Vec<u8>)> {
    let mut policy = b"PReg\x01\0\0\0".to_vec();
    policy.extend(
        WIDE(
            "[Software\\Policies\\Microsoft\\Windows NT\\Terminal Services\0;fDenyTSConnections\0;",
        )
        .split_off(2),
    );
    policy.extend(4_u32.to_le_bytes());
    policy.extend(*b";\0");
    policy.extend(4_u32.to_le_bytes());
    policy.extend(*b";\0");
    policy.extend(1_u32.to_le_bytes());
    policy.extend(*b"]\0");
    vec![
        ("connection file", WIDE("full address:s:srv.example\r\nenablecredsspsupport:i:0\r\n")),
        ("policy file", policy),
        (
            "registry export",
            WIDE("Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server]\r\n\"fDenyTSConnections\"=dword:00000001\r\n"),
        ),
        (
            "policy report",
            b"<Rsop xmlns='http://www.microsoft.com/GroupPolicy/Rsop'><ComputerResults><RegistrySetting><KeyPath>SOFTWARE\\Policies\\Microsoft\\Windows NT\\Terminal Services</KeyPath><Value><Name>fDenyTSConnections</Name><Number>1</Number></Value></RegistrySetting></ComputerResults></Rsop>".to_vec(),
        ),
        (
            "event log in XML",
            b"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='TermDD'/><EventID>56</EventID></System></Event>".to_vec(),
        ),
        (
            "event log in JSON",
            br#"[{"ProviderName":"TermDD","Id":56,"TimeCreated":"2026-11-21T08:00:00Z"}]"#.to_vec(),
        ),
        (
            "report or evidence of rdpdoctor",
            br#"{"schema":"rdpdoctor/evidence/1","target":{"input":"srv","host":"srv","port":3389,"address":null,"zone":null},"opened_at":1780272000,"seen":[{"at":5,"source":"stated","fact":"behaviour-stated","value":{"words":"works by IP","symptom":"works-by-address","holds":true}}],"tried":[]}"#.to_vec(),
        ),
        (
            "log or output of a command",
            b"Mar 16 15:52:46 srv xrdp[1]: [ERROR] SSL_accept: I/O error\n".to_vec(),
        ),
    ]
}

fn read(bytes: &[u8]) -> Findings {
    let mut intake = Intake::default();
    intake.take("sample", &mut Cursor::new(bytes));
    intake.finish()
}

fn known(kind: &str) -> bool {
    READERS.iter().any(|reader| reader.name == kind)
}

#[test]
fn samples_go_to_their_readers() {
    for (kind, bytes) in samples() {
        assert!(known(kind), "{kind}");
        let findings = read(&bytes);
        assert_eq!(findings.files[0].kind, Some(kind), "{:?}", findings.files);
        assert_eq!(findings.damage, [], "{kind}");
        assert!(!findings.seen.is_empty(), "{kind} tells nothing");
    }
}

#[test]
fn any_prefix_is_calm() {
    for (_, bytes) in samples() {
        for cut in 0..bytes.len() {
            let _ = read(&bytes[..cut]);
            // A reader that is handed what it would not recognise is calm too.
            for reader in READERS {
                (reader.read)(
                    "sample",
                    &mut Cursor::new(&bytes[..cut]),
                    &mut Findings::default(),
                );
            }
        }
    }
}

#[test]
fn packing_changes_nothing() {
    use std::io::Write as _;
    for (kind, bytes) in samples() {
        let plain = read(&bytes);
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&bytes).unwrap();
        let gzip = gzip.finish().unwrap();
        let zstd = zstd::encode_all(bytes.as_slice(), 1).unwrap();
        let mut tar = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_ustar();
        header.set_size(u64::try_from(bytes.len()).unwrap());
        header.set_mode(0o644);
        header.set_cksum();
        tar.append_data(&mut header, "inside", bytes.as_slice())
            .unwrap();
        let tar = tar.into_inner().unwrap();
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("inside", zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(&bytes).unwrap();
        let zip = zip.finish().unwrap().into_inner();
        let nested = zstd::encode_all(tar.as_slice(), 1).unwrap();
        for packed in [gzip, zstd, tar, zip, nested] {
            let findings = read(&packed);
            let facts = |findings: &Findings| -> Vec<_> {
                findings
                    .seen
                    .iter()
                    .map(|seen| seen.observation.fact.clone())
                    .collect()
            };
            assert_eq!(facts(&findings), facts(&plain), "{kind}");
            assert_eq!(findings.damage, [], "{kind}");
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_calm(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = read(&bytes);
        for reader in READERS {
            (reader.read)("sample", &mut Cursor::new(&bytes), &mut Findings::default());
        }
    }

    #[test]
    fn changed_samples_are_calm(which in 0usize..7, at in 0usize..400, with in any::<u8>()) {
        let (_, mut bytes) = samples().swap_remove(which);
        if let Some(byte) = bytes.get_mut(at) {
            *byte = with;
        }
        let _ = read(&bytes);
    }
}

/// Every file of every corpus goes through its reader, whole, cut and with bytes changed, and every reader has a
/// corpus.
#[test]
fn corpora_replay() {
    for reader in READERS {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("corpus")
            .join(reader.slug());
        let mut files = 0;
        for entry in std::fs::read_dir(&folder).expect(reader.name) {
            #[expect(clippy::disallowed_methods, reason = "a test reads its corpus")]
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            let feed = |bytes: &[u8]| {
                (reader.read)("corpus", &mut Cursor::new(bytes), &mut Findings::default());
            };
            feed(&bytes);
            assert!((reader.recognises)(&bytes), "{} knows its own", reader.name);
            let step = (bytes.len() / 300).max(1);
            for end in (0..bytes.len()).step_by(step) {
                feed(&bytes[..end]);
            }
            for at in (0..bytes.len()).step_by(step) {
                let mut bent = bytes.clone();
                bent[at] ^= 0xFF;
                feed(&bent);
            }
            files += 1;
        }
        assert!(files > 0, "{} has an empty corpus", reader.name);
    }
}
