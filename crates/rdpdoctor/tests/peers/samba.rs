//! A domain controller of Samba: its own name server, its Kerberos and its accounts. One test, because a machine bears
//! one at a time.

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use super::doctor::{facts, look};
use super::kerberos::{PASSWORD, answers, log_on, server, tickets};
use super::network::{NAME, Network, SERVER, Side};

const REALM: &str = "AD.LAB.TEST";

/// A domain of its own.
struct Domain {
    settings: PathBuf,
}

impl Domain {
    /// Makes a domain with these users, and gives the host its keys.
    fn new(network: &Network, users: &[&str]) -> Self {
        let folder = network.folder().join("dc");
        let settings = folder.join("etc/smb.conf");
        let domain = Self { settings };
        let target = format!("--targetdir={}", folder.display());
        let address = format!("--host-ip={SERVER}");
        let provision = [
            "domain",
            "provision",
            &target,
            "--realm=AD.LAB.TEST",
            "--domain=ADLAB",
            "--adminpass=Passw0rd!Lab",
            "--server-role=dc",
            "--dns-backend=SAMBA_INTERNAL",
            "--host-name=dc1",
            &address,
            "--use-rfc2307",
        ];
        network.run(Side::Server, "samba-tool", provision);
        // Everything it would share with a Samba of the machine stays within the test.
        let text = fs::read_to_string(&domain.settings).unwrap();
        let own: String = text
            .lines()
            .filter(|line| !line.contains("dns forwarder"))
            .map(|line| match line.trim() {
                "[global]" => format!(
                    "[global]\npid directory = {0}\nncalrpc dir = {0}/rpc\nntp signd socket directory = {0}/ntp\n",
                    folder.display()
                ),
                _ => format!("{line}\n"),
            })
            .collect();
        fs::write(&domain.settings, own).unwrap();
        for user in users {
            domain.tool(network, &["user", "create", user, PASSWORD]);
        }
        let service = format!("TERMSRV/{NAME}");
        let keytab = network.folder().join("host.keytab").display().to_string();
        domain.tool(network, &["computer", "create", "desk"]);
        domain.tool(network, &["spn", "add", &service, "desk$"]);
        // A host that joins says itself that it has keys for AES ([MS-KILE] 2.2.7).
        let change = "dn: CN=desk,CN=Computers,DC=ad,DC=lab,DC=test\nchangetype: modify\n\
                      replace: msDS-SupportedEncryptionTypes\nmsDS-SupportedEncryptionTypes: 24\n";
        let change = network.write("desk.ldif", change);
        let accounts = folder.join("private/sam.ldb");
        let words = [OsStr::new("-H"), accounts.as_os_str(), change.as_os_str()];
        network.run(Side::Server, "ldbmodify", words);
        let own = [
            "user",
            "setpassword",
            "desk$",
            "--newpassword=Own-Passw0rd!",
        ];
        domain.tool(network, &own);
        let principal = format!("--principal={service}");
        domain.tool(network, &["domain", "exportkeytab", &keytab, &principal]);
        // The server of the test finds its own realm by this alone.
        network.write(
            "krb5.conf",
            format!("[libdefaults]\ndefault_realm = {REALM}\ndns_lookup_kdc = false\n"),
        );
        domain
    }

    /// A change to the accounts of the domain.
    fn tool(&self, network: &Network, words: &[&str]) {
        let settings = format!("--configfile={}", self.settings.display());
        let words = words.iter().copied().chain([settings.as_str()]);
        network.run(Side::Server, "samba-tool", words);
    }

    /// The controller begins to answer, with a clock that goes so many minutes fast. Gives back its process.
    fn start(&self, network: &mut Network, fast: u32) -> u32 {
        let settings = format!("--configfile={}", self.settings.display());
        let clock = format!("+{fast}m");
        let words = ["-f", &clock, "samba", "-i", "-M", "single", &settings];
        let command: Command = network.command(Side::Server, "faketime", words);
        let process = network.start("samba", command);
        for port in [53, 88] {
            network.listening(port);
        }
        process
    }
}

/// Why Kerberos gave this user no ticket, and the cause that comes first.
fn refused(network: &Network, user: &str, password: &str) -> (Vec<Option<u64>>, Value) {
    let report = log_on(network, &format!("{user}@{REALM}"), password, &[]);
    let cause = report["findings"][0]["cause"].clone();
    (tickets(&report), cause)
}

#[test]
fn a_domain_controller_of_samba() {
    let mut network = Network::new();
    let users = ["lab", "away", "stale", "gone"];
    let domain = Domain::new(&network, &users);
    domain.tool(&network, &["user", "disable", "away"]);
    let change = ["user", "setpassword", "stale", "--newpassword=Passw0rd!"];
    let change: Vec<&str> = change
        .into_iter()
        .chain(["--must-change-at-next-login"])
        .collect();
    domain.tool(&network, &change);
    domain.tool(&network, &["user", "setexpiry", "gone", "--days=0"]);
    let process = domain.start(&mut network, 0);
    server(&mut network);

    // Without a password: the records of its name server, and what it says of user and host.
    let report = look(&network, &[NAME, "--realm", "lab@AD.LAB.TEST"]);
    let story = || format!("{report:#}\n{}", network.logs());
    let named = facts(&report, "kdcs-named");
    assert_eq!(named.len(), 2, "{}", story());
    assert!(
        named
            .iter()
            .all(|named| named["kdcs"][0]["addresses"][0] == SERVER),
        "{}",
        story()
    );
    let user = answers(&report, "user");
    assert!(
        user.iter().all(|answer| answer["error"] == 25),
        "{}",
        story()
    );
    assert_eq!(report["outcome"], "healthy", "{}", story());

    // With one, as the client of a domain writes it in both ways.
    for user in ["lab@AD.LAB.TEST", "AD.LAB.TEST\\lab"] {
        let report = log_on(&network, user, PASSWORD, &[]);
        let story = || format!("{report:#}\n{}", network.logs());
        assert_eq!(tickets(&report), [None, None], "{}", story());
        let taken = facts(&report, "logon-negotiated");
        assert_eq!(taken[0]["mechanism"], "kerberos", "{}", story());
        assert_eq!(facts(&report, "logon-accepted").len(), 1, "{}", story());
        assert_eq!(report["outcome"], "healthy", "{}", story());
    }

    // Every other word on a user and the password, once each.
    for (user, password, error, expected) in [
        ("lab", "wrong", 24, "authenticate.wrong-credentials"),
        ("away", PASSWORD, 18, "authenticate.account-disabled"),
        ("stale", PASSWORD, 23, "authenticate.password-expired"),
        ("gone", PASSWORD, 18, "authenticate.account-disabled"),
    ] {
        let (given, cause) = refused(&network, user, password);
        assert_eq!(given, [Some(error)], "{user}: {}", network.logs());
        assert_eq!(cause, expected, "{user}");
    }
    let (none, cause) = refused(&network, "nobody", PASSWORD);
    assert_eq!(none, [], "{}", network.logs());
    assert_eq!(cause, "authenticate.wrong-credentials");

    // Its clock is ten minutes fast: it gives tickets, and the host does not take them yet.
    network.end(process);
    domain.start(&mut network, 10);
    let report = log_on(&network, "lab@AD.LAB.TEST", PASSWORD, &[]);
    let story = || format!("{report:#}\n{}", network.logs());
    assert_eq!(tickets(&report), [None, None], "{}", story());
    let causes: Vec<_> = report["findings"].as_array().unwrap().iter().collect();
    assert_eq!(
        causes[0]["cause"],
        "authenticate.clocks-refused",
        "{}",
        story()
    );
    assert!(
        causes
            .iter()
            .any(|finding| finding["cause"] == "authenticate.clocks-differ"),
        "{}",
        story()
    );
    assert!(
        report["kerberos"].to_string().contains("10 minutes away"),
        "{}",
        story()
    );
}
