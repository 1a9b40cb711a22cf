//! Kerberos: an MIT krb5kdc on the server's side, found by the records of a dnsmasq; and logons with its tickets at a
//! server that leaves them to MIT's GSSAPI.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::Value;

use super::certificates::{self, Certificate};
use super::doctor::{Expect, check_with, facts, look};
use super::network::{NAME, Network, SERVER, Side};
use super::servers::{Xrdp, dnsmasq_with, shadow, xrdp};

const REALM: &str = "LAB.TEST";

/// Name servers that name the KDC.
fn names(network: &mut Network) {
    let options = [
        format!("--host-record=kdc.lab.test,{SERVER}"),
        format!("--host-record={NAME},{SERVER}"),
        "--srv-host=_kerberos._udp.lab.test,kdc.lab.test,88".to_owned(),
        "--srv-host=_kerberos._tcp.lab.test,kdc.lab.test,88".to_owned(),
    ];
    dnsmasq_with(network, 53, &options);
}

/// A KDC with these principals, in the words of kadmin.
fn kdc(network: &mut Network, principals: &[&str]) {
    let folder = network.folder().to_path_buf();
    let here = folder.display();
    network.write(
        "krb5.conf",
        format!(
            "[libdefaults]\ndefault_realm = {REALM}\n[realms]\n{REALM} = {{ kdc = {SERVER} }}\n"
        ),
    );
    network.write(
        "kdc.conf",
        format!(
            "[kdcdefaults]\nkdc_ports = 88\nkdc_tcp_ports = 88\n[realms]\n{REALM} = {{\n database_name = {here}/principal\n \
             key_stash_file = {here}/stash\n acl_file = {here}/acl\n supported_enctypes = aes256-cts:normal\n \
             default_principal_flags = +preauth\n}}\n[logging]\nkdc = FILE:{here}/krb5kdc-own.log\n"
        ),
    );
    let with = |mut command: std::process::Command| {
        command
            .env("KRB5_CONFIG", folder.join("krb5.conf"))
            .env("KRB5_KDC_PROFILE", folder.join("kdc.conf"));
        command
    };
    let done = |network: &Network, program: &str, arguments: &[&str]| {
        let mut command = with(network.command(Side::Server, program, arguments));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{command:?}: {output:?}");
    };
    done(
        network,
        "kdb5_util",
        &["-r", REALM, "create", "-s", "-P", "x"],
    );
    for principal in principals {
        let query = format!("addprinc {principal}");
        done(network, "kadmin.local", &["-r", REALM, "-q", &query]);
    }
    // The keys of the host, where it has an entry.
    let entry = format!("TERMSRV/{NAME}");
    if principals
        .iter()
        .any(|principal| principal.ends_with(&entry))
    {
        let query = format!("ktadd -k {here}/host.keytab {entry}");
        done(network, "kadmin.local", &["-r", REALM, "-q", &query]);
    }
    let command = with(network.command(Side::Server, "krb5kdc", ["-n", "-r", REALM]));
    network.start("krb5kdc", command);
    network.listening(88);
}

/// The answers about the user, the host or a host that does not exist.
pub fn answers<'r>(report: &'r Value, asked: &str) -> Vec<&'r Value> {
    let mut all = facts(report, "kdc-answered");
    all.retain(|answer| answer["asked"] == asked);
    all
}

#[test]
fn a_domain_that_knows_user_and_host() {
    let mut network = Network::new();
    names(&mut network);
    xrdp(&mut network, Xrdp::default());
    let host = format!("-randkey TERMSRV/{NAME}");
    kdc(&mut network, &["-pw Passw0rd! lab", &host]);
    let report = check_with(
        &network,
        &[NAME, "--realm", "lab@LAB.TEST"],
        Expect::HEALTHY,
    );
    let named = facts(&report, "kdcs-named");
    assert_eq!(named.len(), 2, "{named:?}");
    assert!(
        named
            .iter()
            .all(|named| named["kdcs"][0]["addresses"][0] == SERVER),
        "{named:?}"
    );
    let user = answers(&report, "user");
    let mut ways: Vec<_> = user
        .iter()
        .filter_map(|user| user["way"].as_str())
        .collect();
    ways.sort_unstable();
    assert_eq!(ways, ["tcp", "udp"]);
    for answer in user {
        assert_eq!(answer["error"], 25, "{answer}");
        assert_eq!(answer["encryption"], serde_json::json!([18]));
        assert_eq!(answer["usual_salt"], true);
        let seconds = |field: &str| answer[field].as_i64().unwrap();
        assert!(
            seconds("clock").abs_diff(seconds("seen_at")) < 60,
            "{answer}"
        );
    }
    assert_eq!(answers(&report, "service")[0]["error"], 25);
    assert_eq!(answers(&report, "no-such-service")[0]["error"], 7);
    let table = report["kerberos"].to_string();
    assert!(
        table.contains("the domain knows TERMSRV/desk.lab.test"),
        "{table}"
    );
}

#[test]
fn a_domain_that_knows_neither() {
    let mut network = Network::new();
    names(&mut network);
    xrdp(&mut network, Xrdp::default());
    kdc(
        &mut network,
        &["-pw Passw0rd! lab", "-pw Passw0rd! -pwexpire yesterday old"],
    );
    let report = look(&network, &[NAME, "--realm", "nobody@LAB.TEST"]);
    let user = answers(&report, "user");
    assert!(user.iter().all(|answer| answer["error"] == 6), "{user:?}");
    // Nobody tells a stranger which hosts there are.
    assert!(answers(&report, "service").is_empty());

    let report = look(&network, &[NAME, "--realm", "lab@LAB.TEST"]);
    assert_eq!(answers(&report, "service")[0]["error"], 7);
    let table = report["kerberos"].to_string();
    assert!(
        table.contains("the domain knows no TERMSRV/desk.lab.test"),
        "{table}"
    );

    let report = look(&network, &[NAME, "--realm", "old@LAB.TEST"]);
    let user = answers(&report, "user");
    assert!(user.iter().all(|answer| answer["error"] == 23), "{user:?}");
    assert_eq!(report["outcome"], "healthy");
}

#[test]
fn no_server_of_the_domain_to_be_reached() {
    let mut network = Network::new();
    names(&mut network);
    xrdp(&mut network, Xrdp::default());
    let noted = |network: &Network| {
        let report = look(network, &[NAME, "--realm", REALM]);
        assert_eq!(report["outcome"], "healthy", "{report:#}");
        let finding = &report["findings"][0];
        assert_eq!(finding["cause"], "authenticate.kdc-unreachable");
        assert_eq!(finding["severity"], "note");
        let unanswered = facts(&report, "kdc-unanswered");
        unanswered
            .iter()
            .filter_map(|fact| fact["why"].as_str().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    assert_eq!(noted(&network), ["refused", "refused"]);
    network.forward("udp dport 88 drop; tcp dport 88 drop");
    assert_eq!(noted(&network), ["silent", "silent"]);

    let report = look(&network, &[NAME, "--realm", "OTHER.TEST"]);
    let named = facts(&report, "kdcs-named");
    assert!(
        named
            .iter()
            .all(|named| named["kdcs"] == serde_json::json!([])),
        "{named:?}"
    );
    assert_eq!(
        report["findings"][0]["cause"],
        "authenticate.kdc-unreachable"
    );
}

/// A web server with a Kerberos proxy (python3-kdcproxy), with the certificate of the xrdp beside it.
fn proxy(network: &mut Network) -> String {
    const PORT: u16 = 8443;
    network.write(
        "kdcproxy.conf",
        format!("[global]\nuse_dns = false\n[{REALM}]\nkerberos = kerberos+tcp://{SERVER}:88\n"),
    );
    let program = network.write(
        "serve.py",
        format!(
            "import ssl, kdcproxy\nfrom wsgiref.simple_server import make_server\n\
             server = make_server('{SERVER}', {PORT}, kdcproxy.Application())\n\
             context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)\n\
             context.load_cert_chain('certificate.pem', 'key.pem')\n\
             server.socket = context.wrap_socket(server.socket, server_side=True)\n\
             server.serve_forever()\n"
        ),
    );
    // The package belongs to the Python of the system.
    let mut command = network.command(Side::Server, "/usr/bin/python3", [&program]);
    command
        .current_dir(network.folder())
        .env("KDCPROXY_CONFIG", network.folder().join("kdcproxy.conf"));
    network.start("kdcproxy", command);
    network.listening(PORT);
    format!("https://{SERVER}:{PORT}/KdcProxy")
}

#[test]
fn a_proxy_reaches_the_domain_from_outside() {
    let mut network = Network::new();
    names(&mut network);
    xrdp(&mut network, Xrdp::default());
    let host = format!("-randkey TERMSRV/{NAME}");
    kdc(&mut network, &["-pw Passw0rd! lab", &host]);
    let proxy = proxy(&mut network);
    network.forward("udp dport 88 drop; tcp dport 88 drop");
    let arguments = [NAME, "--realm", "lab@LAB.TEST", "--kdc-proxy", &proxy];
    let report = check_with(&network, &arguments, Expect::HEALTHY);
    let user = answers(&report, "user");
    assert_eq!(user.len(), 1, "{user:?}");
    assert_eq!(user[0]["way"], "proxy");
    assert_eq!(user[0]["error"], 25);
    assert_eq!(answers(&report, "service")[0]["error"], 25);
    assert_eq!(answers(&report, "no-such-service")[0]["error"], 7);

    // The web server is there, and leads to nobody in this realm.
    let arguments = [NAME, "--realm", "lab@OTHER.TEST", "--kdc-proxy", &proxy];
    let report = look(&network, &arguments);
    let unanswered = facts(&report, "kdc-unanswered");
    assert_eq!(
        unanswered[0]["why"]["proxy"]["status"], 503,
        "{unanswered:?}"
    );
}

/// A server that takes logons of NLA with Kerberos.
pub fn server(network: &mut Network) {
    let files = certificates::issue(network, Certificate::HEALTHY);
    let program = network.write("credssp.py", include_str!("../data/credssp.py"));
    let mut command = network.command(Side::Server, "/usr/bin/python3", [&program]);
    command
        .args([SERVER, "3389"])
        .args([&files.certificate, &files.key])
        .arg(PASSWORD)
        .env("KRB5_CONFIG", network.folder().join("krb5.conf"))
        .env("KRB5_KTNAME", network.folder().join("host.keytab"))
        .env("KRB5RCACHENAME", "none:");
    network.start("credssp", command);
    network.listening(3389);
}

pub const PASSWORD: &str = "Passw0rd!";

/// Logs on as this user with this password.
pub fn log_on(network: &Network, user: &str, password: &str, more: &[&str]) -> Value {
    let fixed = [
        NAME,
        "--format",
        "json",
        "--no-progress",
        "--user",
        user,
        "--password-stdin",
    ];
    let mut command = network.command(
        Side::Client,
        env!("CARGO_BIN_EXE_rdpdoctor"),
        fixed.iter().chain(more),
    );
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(format!("{password}\n").as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("no report: {error}\n{output:?}\n{}", network.logs()))
}

/// Why each ticket was not given; nothing where it was.
pub fn tickets(report: &Value) -> Vec<Option<u64>> {
    facts(report, "ticket-answered")
        .iter()
        .map(|ticket| ticket["error"].as_u64())
        .collect()
}

/// The looks that were logons.
fn logons(report: &Value) -> usize {
    report["attempts"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|attempt| attempt["probe"] == "logon")
        .count()
}

#[test]
fn a_logon_with_a_ticket() {
    let mut network = Network::new();
    names(&mut network);
    let host = format!("-randkey TERMSRV/{NAME}");
    kdc(&mut network, &["-pw Passw0rd! lab", &host]);
    server(&mut network);
    for user in ["lab@LAB.TEST", "lab.test\\lab"] {
        let report = log_on(&network, user, PASSWORD, &[]);
        let story = || format!("{report:#}\n{}", network.logs());
        assert_eq!(report["outcome"], "healthy", "{}", story());
        assert_eq!(tickets(&report), [None, None], "{}", story());
        let taken = facts(&report, "logon-negotiated");
        assert_eq!(taken[0]["mechanism"], "kerberos", "{}", story());
        assert_eq!(facts(&report, "logon-accepted").len(), 1, "{}", story());
        assert_eq!(logons(&report), 1, "{}", story());
        let said = network.logs();
        assert!(
            said.contains("ticket of lab@LAB.TEST for TERMSRV/desk.lab.test@LAB.TEST"),
            "{said}"
        );
        assert!(said.contains("left without the password"), "{said}");
        assert!(
            report["kerberos"].to_string().contains("with Kerberos"),
            "{}",
            story()
        );
    }
}

#[test]
fn the_password_is_handed_over_for_a_desktop_alone() {
    let mut network = Network::new();
    names(&mut network);
    let host = format!("-randkey TERMSRV/{NAME}");
    kdc(&mut network, &["-pw Passw0rd! lab", &host]);
    server(&mut network);
    // This server has no desktop behind the logon, and leaves.
    let report = log_on(&network, "lab.test\\lab", PASSWORD, &["--to", "desktop"]);
    let said = network.logs();
    assert!(said.contains("handed over lab.test lab right"), "{said}");
    assert_eq!(facts(&report, "logon-accepted").len(), 1, "{report:#}");
}

#[test]
fn a_server_that_was_asked_names_its_way_to_log_on() {
    let mut network = Network::new();
    names(&mut network);
    let host = format!("-randkey TERMSRV/{NAME}");
    kdc(&mut network, &["-pw Passw0rd! lab", &host]);
    server(&mut network);
    let report = look(&network, &[NAME, "--full"]);
    let story = || format!("{report:#}\n{}", network.logs());
    assert_eq!(report["survey"]["logon_way"], "Kerberos", "{}", story());
    let versions: Vec<_> = report["survey"]["credssp_versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|version| (version["offered"].as_u64(), version["answered"].as_u64()))
        .collect();
    let same = [5, 4, 3, 2].map(|version| (Some(version), Some(version)));
    assert_eq!(versions, same, "{}", story());
}

#[test]
fn a_server_without_kerberos_is_tried_with_ntlm() {
    let mut network = Network::new();
    names(&mut network);
    let host = format!("-randkey TERMSRV/{NAME}");
    kdc(&mut network, &["-pw Passw0rd! lab", &host]);
    shadow(&mut network, "nla", Certificate::HEALTHY);
    let report = log_on(&network, "lab", PASSWORD, &["--realm", REALM]);
    let story = || format!("{report:#}\n{}", network.logs());
    assert_eq!(tickets(&report), [None, None], "{}", story());
    // FreeRDP 2 is built without Kerberos, and refuses the first token with a number of its own.
    let refused = facts(&report, "cred-ssp-refused");
    assert_eq!(refused[0]["named"], true, "{}", story());
    assert_eq!(logons(&report), 2, "{}", story());
    assert_eq!(facts(&report, "logon-accepted").len(), 1, "{}", story());
    // That NTLM is taken where Kerberos is not is no server that works now and then.
    assert_eq!(report["outcome"], "healthy", "{}", story());
    let table = report["kerberos"].to_string();
    assert!(
        table.contains("does not take the message with the ticket"),
        "{table}"
    );
}

#[test]
fn a_wrong_password_is_proved_once() {
    let mut network = Network::new();
    names(&mut network);
    let host = format!("-randkey TERMSRV/{NAME}");
    kdc(&mut network, &["-pw Passw0rd! lab", &host]);
    server(&mut network);
    let report = log_on(&network, "lab@LAB.TEST", "wrong", &[]);
    let story = || format!("{report:#}\n{}", network.logs());
    assert_eq!(tickets(&report), [Some(24)], "{}", story());
    // Nobody goes on to NTLM behind it, where it would count again.
    assert_eq!(logons(&report), 0, "{}", story());
    assert_eq!(report["outcome"], "failing", "{}", story());
    assert_eq!(
        report["findings"][0]["cause"],
        "authenticate.wrong-credentials"
    );
    assert_eq!(report["findings"][0]["verdict"], "proven");
}

#[test]
fn a_host_without_a_ticket_is_logged_on_to_with_ntlm() {
    let mut network = Network::new();
    names(&mut network);
    kdc(&mut network, &["-pw Passw0rd! lab"]);
    shadow(&mut network, "nla", Certificate::HEALTHY);
    let report = log_on(&network, "lab", PASSWORD, &["--realm", REALM]);
    let story = || format!("{report:#}\n{}", network.logs());
    assert_eq!(tickets(&report), [None, Some(7)], "{}", story());
    assert_eq!(logons(&report), 1, "{}", story());
    assert_eq!(facts(&report, "logon-accepted").len(), 1, "{}", story());
    let table = report["kerberos"].to_string();
    assert!(table.contains("with NTLM instead of Kerberos"), "{table}");
    assert!(table.contains("gives no ticket for the host"), "{table}");
}

#[test]
fn a_host_with_another_key_refuses_the_ticket() {
    let mut network = Network::new();
    names(&mut network);
    let host = format!("-randkey TERMSRV/{NAME}");
    kdc(&mut network, &["-pw Passw0rd! lab", &host]);
    // Its entry got new keys since it was given its own.
    let folder = network.folder().to_path_buf();
    let mut command = network.command(
        Side::Server,
        "kadmin.local",
        [
            "-r",
            REALM,
            "-q",
            &format!("cpw -randkey -keepold TERMSRV/{NAME}"),
        ],
    );
    command
        .env("KRB5_CONFIG", folder.join("krb5.conf"))
        .env("KRB5_KDC_PROFILE", folder.join("kdc.conf"));
    assert!(command.status().unwrap().success());
    server(&mut network);
    let report = log_on(&network, "lab@LAB.TEST", PASSWORD, &[]);
    let story = || format!("{report:#}\n{}", network.logs());
    assert_eq!(tickets(&report), [None, None], "{}", story());
    let refused = facts(&report, "logon-negotiated");
    assert!(
        refused
            .iter()
            .any(|refused| !refused["error"].is_null() || refused["rejected"] == true),
        "{}",
        story()
    );
    // The client goes on to NTLM, which this server refuses.
    assert_eq!(logons(&report), 2, "{}", story());
}
