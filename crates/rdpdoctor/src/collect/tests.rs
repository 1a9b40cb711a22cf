use std::io::Read as _;

use model::{Fact, HostName, Observation, Source};
use proptest::prelude::*;
use wire::http::base64;

use super::*;

const LOG: &str = "\
[20261121-13:45:05] [INFO ] Socket 14: AF_INET6 connection received from ::ffff:ADDRESS port 39018
[20261121-13:45:05] [INFO ] Connected client computer name: CLIENT
[20261121-13:45:06] [ERROR] Cannot read private key file /home/USER/key.pem: Permission denied
Nov 21 13:45:05 HOST xrdp[12]: [INFO ] ++ created session (access granted): username USER, ip ADDRESS:1 - socket: 12
[11:12:13:456] [1:2] [ERROR][com.freerdp.crypto] - The hostname used for this connection (HOST.DOMAIN:3389)
token CODED
";

fn arguments(no_redact: bool) -> CollectArguments {
    CollectArguments {
        target: None,
        from: Vec::new(),
        no_redact,
        root: PathBuf::from("/nowhere-at-all"),
        days: 1,
        script: None,
        part: None,
    }
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Members in which every name stands in every way in which names stand.
fn planted(host: &str, domain: &str, user: &str, client: &str, address: &str) -> Vec<Member> {
    let fill = |text: &str| {
        text.replace("ADDRESS", address)
            .replace("CLIENT", client)
            .replace("USER", user)
            .replace("HOST", host)
            .replace("DOMAIN", domain)
            .replace(
                "CODED",
                &base64(&utf16(&format!("{user} on {host}.{domain}"))),
            )
    };
    let event = Event {
        provider: "Microsoft-Windows-Security-Auditing".to_owned(),
        id: 4625,
        computer: format!("{}.{domain}", host.to_uppercase()),
        at: Some(model::UnixMicros(1_790_000_000_000_000)),
        fields: [
            ("TargetUserName", user),
            ("TargetDomainName", domain.split('.').next().unwrap()),
            ("WorkstationName", client),
            ("IpAddress", address),
            ("LogonType", "3"),
            ("Status", "0xc000006d"),
            ("SubStatus", "0xc000006a"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec(),
        ..Event::default()
    };
    let mut evidence = Evidence::of(
        model::Target {
            input: format!("{host}.{domain}"),
            host: HostName(format!("{host}.{domain}")),
            port: 3389,
            address: address.parse().ok(),
            zone: None,
            gateway: None,
            proxy: None,
            client: model::ClientProfile::default(),
        },
        UnixSeconds(1_790_000_000),
    );
    evidence.seen.push(Observation {
        at: None,
        place: None,
        source: Source::Probe,
        vantage: String::new(),
        look: None,
        fact: Fact::OtherServiceAnswered {
            service: model::Service::Http,
            first_bytes: model::Bytes(
                format!("HTTP/1.1 302\r\nLocation: https://{host}.{domain}/").into_bytes(),
            ),
        },
    });
    vec![
        Member {
            name: format!("users/{user}/xrdp.log"),
            content: Content::Text(fill(LOG)),
        },
        Member {
            name: "from/1-Security.evtx.xml".to_owned(),
            content: Content::Events(vec![event]),
        },
        Member {
            name: "evidence.json".to_owned(),
            content: Content::Evidence(Box::new(evidence)),
        },
    ]
}

/// The files of an archive.
fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().to_owned(), bytes)
        })
        .collect()
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    let folded = bytes.to_ascii_lowercase();
    let needle = needle.to_ascii_lowercase();
    folded.windows(needle.len()).any(|window| window == needle)
}

fn bundle(members: Vec<Member>, no_redact: bool) -> (Report, Vec<u8>) {
    let (report, made) = conclude(&members);
    let bundle = Bundle::of(members, &report, &arguments(no_redact), &made).unwrap();
    (report, bundle.zip().unwrap())
}

/// Causes and verdicts of a bundle that is read.
fn verdict(archive: &[u8]) -> Vec<(String, crate::report::Verdict)> {
    let mut intake = Intake::default();
    intake.take("bundle.zip", &mut Cursor::new(archive));
    let findings = intake.finish();
    let target = findings.subject("bundle.zip");
    let report = crate::check::conclude(&findings.into_evidence(target, now()), Vec::new());
    causes(&report)
}

fn causes(report: &Report) -> Vec<(String, crate::report::Verdict)> {
    report
        .findings
        .iter()
        .map(|finding| (finding.cause.clone(), finding.verdict))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn no_name_and_no_address_is_in_any_byte(
        host in "[a-z]{4,8}[0-9]{2}q",
        domain in "[a-z]{5,9}z\\.(test|local|corp|de|co\\.uk)",
        user in "[a-z]{4,9}x\\.?[a-z]{3}",
        client in "[A-Z]{4}-PC[0-9]{3}",
        net in proptest::sample::select(vec!["10.23", "172.19", "192.168", "93.184", "100.99"]),
        last in (20..250_u8, 20..250_u8),
    ) {
        let address = format!("{net}.{}.{}", last.0, last.1);
        let (report, archive) = bundle(planted(&host, &domain, &user, &client, &address), false);
        for (name, bytes) in unpacked(&archive) {
            for secret in [&host, &domain, &user, &client, &address] {
                let mut ways = vec![secret.as_bytes().to_vec(), utf16(secret)];
                for before in ["", "x", "xy"] {
                    for bytes in [secret.as_bytes().to_vec(), utf16(secret)] {
                        let mut padded = before.as_bytes().to_vec();
                        padded.extend(&bytes);
                        let coded = base64(&padded).into_bytes();
                        // The letters at the ends also depend on what stands beside.
                        ways.push(coded[4..coded.len() - 4].to_vec());
                    }
                }
                let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
                ways.push(hex.into_bytes());
                for way in ways {
                    prop_assert!(
                        !holds(&bytes, &way) && !holds(name.as_bytes(), &way),
                        "{secret} is in {name}: {}",
                        String::from_utf8_lossy(&bytes)
                    );
                }
            }
        }
        // What is sent on leads to the same verdict as what was collected.
        prop_assert_eq!(verdict(&archive), causes(&report));
        let (_, open) = bundle(planted(&host, &domain, &user, &client, &address), true);
        prop_assert_eq!(verdict(&open), causes(&report));
    }
}

#[test]
fn a_bundle_without_pseudonyms_keeps_names_and_drops_secrets() {
    let members = vec![Member {
        name: "settings/etc/xrdp/xrdp.ini".to_owned(),
        content: Content::Text(
            "[Globals]\nport=3389\n[x]\nusername=kowalski\npassword=hunter2\n".to_owned(),
        ),
    }];
    let (_, archive) = bundle(members, true);
    let files = unpacked(&archive);
    let (_, ini) = files
        .iter()
        .find(|(name, _)| name.ends_with("xrdp.ini"))
        .unwrap();
    assert!(holds(ini, b"kowalski") && !holds(ini, b"hunter2"));
}

#[test]
fn another_root_is_looked_at_and_nothing_is_changed_there() {
    let root = tempfile::tempdir().unwrap();
    let put = |path: &str, text: &str| {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    put("etc/hostname", "krakow-ts\n");
    put(
        "etc/passwd",
        "root:x:0:0::/root:/bin/sh\nkowalski:x:1000:1000:Jan Kowalski,,,:/home/kowalski:/bin/sh\n",
    );
    put(
        "etc/xrdp/xrdp.ini",
        "[Globals]\nport=3389\nsecurity_layer=tls\n",
    );
    put(
        "var/log/syslog",
        "Nov 21 13:45:05 krakow-ts sshd[1]: Accepted for kowalski\nNov 21 13:45:05 krakow-ts xrdp[2]: [INFO ] listening to port 3389 on 0.0.0.0\n",
    );
    put(
        "home/kowalski/.xsession-errors",
        "Xsession: X session started for kowalski\n",
    );
    put(
        "var/lib/dpkg/status",
        "Package: xrdp\nVersion: 0.9.21.1-1\n\nPackage: bash\nVersion: 5\n",
    );
    let (hosts, users) = linux::names(root.path());
    assert_eq!(
        (hosts, users),
        (
            vec!["krakow-ts".to_owned()],
            vec!["kowalski".to_owned(), "Jan Kowalski".to_owned()]
        )
    );
    let pieces = linux::gather(root.path(), 7);
    let names: Vec<&str> = pieces.iter().map(|piece| piece.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "settings/etc/xrdp/xrdp.ini",
            "logs/var/log/syslog",
            "users/kowalski/.xsession-errors",
            "versions.txt"
        ]
    );
    assert!(
        !pieces[1].text.contains("sshd"),
        "other programs' lines stay where they are"
    );
    assert!(pieces[3].text.contains("package xrdp 0.9.21.1-1") && !pieces[3].text.contains("bash"));
}

#[cfg(unix)]
#[test]
fn what_the_pseudonyms_stand_for_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.json");
    fs::write(&path, "").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    private(&path, "{}").unwrap();
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
}
