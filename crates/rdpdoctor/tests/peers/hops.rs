//! What stands on the way on purpose: real proxies (tinyproxy, microsocks), a real web server where a gateway should
//! be (nginx), and filters before the side transport.

use serde_json::Value;

use super::certificates::{self, Certificate};
use super::doctor::{Expect, check, check_with, facts, fails};
use super::network::{NAME, Network, SERVER, Side};
use super::servers::{Xrdp, shadow, xrdp};

/// The router, where proxies stand.
const ROUTER: &str = "10.99.1.1";

/// Starts tinyproxy, which lets CONNECT through to this port alone.
fn tinyproxy(network: &mut Network, port: u16) -> String {
    let file = network.write(
        "tinyproxy.conf",
        format!("Port 8888\nListen {ROUTER}\nTimeout 20\nMaxClients 50\nConnectPort {port}\nLogLevel Info\n"),
    );
    let command = network.command(
        Side::Router,
        "tinyproxy",
        ["-d".to_owned(), "-c".to_owned(), file.display().to_string()],
    );
    network.start("tinyproxy", command);
    waits(network, 8888);
    format!("http://{ROUTER}:8888")
}

/// Starts microsocks, for anybody or for one user.
fn microsocks(network: &mut Network, logon: &[&str]) -> String {
    let fixed = ["-i", ROUTER, "-p", "1080"];
    let command = network.command(Side::Router, "microsocks", fixed.iter().chain(logon));
    network.start("microsocks", command);
    waits(network, 1080);
    format!("socks5://{ROUTER}:1080")
}

fn waits(network: &mut Network, port: u16) {
    let filter = format!("sport = :{port}");
    network.until("a proxy", |network| {
        !network
            .run(Side::Router, "ss", ["-ltnH", &filter])
            .is_empty()
    });
}

/// Starts a web server with TLS where a gateway should be, that answers everything like this.
fn web_server(network: &mut Network, answers: &str) {
    let files = certificates::issue(network, Certificate::HEALTHY);
    let folder = network.folder().display().to_string();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {folder}/{kind};"))
        .concat();
    let file = network.write(
        "gateway.conf",
        format!(
            "daemon off; master_process off; pid {folder}/gateway.pid; error_log stderr;\n\
             events {{}}\nhttp {{ access_log off; {temporary} server {{ listen 443 ssl; ssl_certificate {}; \
             ssl_certificate_key {}; {answers} }} }}\n",
            files.certificate.display(),
            files.key.display()
        ),
    );
    let command = network.command(
        Side::Server,
        "nginx",
        ["-c".to_owned(), file.display().to_string()],
    );
    network.start("nginx", command);
    network.listening(443);
}

/// The rung of a leg in a report.
fn rung<'r>(report: &'r Value, leg: &str, phase: &str) -> &'r Value {
    report["phases"]
        .as_array()
        .unwrap()
        .iter()
        .find(|rung| rung["leg"] == leg && rung["phase"] == phase)
        .unwrap_or_else(|| panic!("no {leg}/{phase} in {report:#}"))
}

/// The cause that comes first.
fn first(report: &Value) -> &str {
    report["findings"][0]["cause"].as_str().unwrap_or_default()
}

#[test]
fn a_web_proxy_connects() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    let proxy = tinyproxy(&mut network, 3389);
    let report = check_with(&network, &["--proxy", &proxy, SERVER], Expect::HEALTHY);
    assert_eq!(rung(&report, "proxy", "negotiate")["outcome"], "passed");
    assert_eq!(rung(&report, "host", "negotiate")["outcome"], "passed");
}

#[test]
fn a_web_proxy_lets_through_web_pages_alone() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    let proxy = tinyproxy(&mut network, 443);
    let report = check_with(
        &network,
        &["--proxy", &proxy, SERVER],
        fails("proxy/negotiate", &["proxy-misroute"]),
    );
    assert_eq!(first(&report), "negotiate.proxy-refuses");
}

#[test]
fn a_web_proxy_finds_nobody_listening() {
    let mut network = Network::new();
    let proxy = tinyproxy(&mut network, 3389);
    let report = check_with(
        &network,
        &["--proxy", &proxy, SERVER],
        fails("proxy/negotiate", &["proxy-misroute"]),
    );
    assert_eq!(first(&report), "negotiate.proxy-cannot-reach");
}

#[test]
fn no_proxy_listens() {
    let network = Network::new();
    let proxy = format!("http://{ROUTER}:8888");
    let report = check_with(
        &network,
        &["--proxy", &proxy, SERVER],
        fails("proxy/tcp", &["proxy-misroute"]),
    );
    assert_eq!(first(&report), "negotiate.proxy-unreachable");
}

#[test]
fn socks_connects_by_name_and_address() {
    let mut network = Network::new();
    shadow(&mut network, "nla", Certificate::HEALTHY);
    let proxy = microsocks(&mut network, &[]);
    check_with(&network, &["--proxy", &proxy, SERVER], Expect::HEALTHY);
}

#[test]
fn socks_wants_a_logon() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    let proxy = microsocks(&mut network, &["-u", "me", "-P", "right"]);
    let report = check_with(
        &network,
        &["--proxy", &proxy, SERVER],
        fails("proxy/negotiate", &["proxy-misroute"]),
    );
    assert_eq!(first(&report), "negotiate.proxy-wants-logon");
    // With the password it opens, and without it is refused; neither is in the report.
    for (password, outcome) in [("right", "healthy"), ("wrong", "failing")] {
        let mut command = network.command(
            Side::Client,
            env!("CARGO_BIN_EXE_rdpdoctor"),
            [
                "--format",
                "json",
                "--proxy",
                "socks5://me@10.99.1.1:1080",
                SERVER,
            ],
        );
        command.env("RDPDOCTOR_PROXY_PASSWORD", password);
        let text = String::from_utf8(command.output().unwrap().stdout).unwrap();
        let report: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(report["outcome"], outcome, "{text}");
        if password == "wrong" {
            assert_eq!(first(&report), "negotiate.proxy-refuses-logon");
            // It would count each time.
            assert_eq!(facts(&report, "proxy-refused").len(), 1, "{text}");
        }
        assert!(
            !text.contains(password) || password == "right" && !text.contains("\"right\""),
            "{text}"
        );
    }
}

#[test]
fn a_socks_server_is_no_web_proxy() {
    let mut network = Network::new();
    microsocks(&mut network, &[]);
    let proxy = format!("http://{ROUTER}:1080");
    let report = check_with(
        &network,
        &["--proxy", &proxy, SERVER],
        fails("proxy/negotiate", &["proxy-misroute"]),
    );
    assert_eq!(first(&report), "negotiate.proxy-unreachable");
}

/// What a web server says where a gateway should be, and what it must be called.
fn gateway(answers: &str, stopped_at: &str, cause: &str) -> Value {
    let mut network = Network::new();
    web_server(&mut network, answers);
    let report = check_with(
        &network,
        &["--gateway", NAME, "pc-17.inside.lab.test"],
        Expect {
            exit: 1,
            outcome: "failing",
            stopped_at: Some(stopped_at),
            families: &["gateway-transport", "gateway-policy"],
            rivals: false,
        },
    );
    assert_eq!(first(&report), cause, "{report:#}");
    report
}

#[test]
fn a_web_server_without_a_gateway() {
    gateway("return 404;", "gateway/tunnel", "tunnel.not-a-gateway");
}

#[test]
fn a_web_server_with_pages() {
    // nginx answers 405 to the method of a gateway on a page.
    let page = "location / { root /nowhere; }";
    gateway(page, "gateway/tunnel", "tunnel.not-a-gateway");
}

#[test]
fn a_portal_in_place_of_a_gateway() {
    gateway(
        "return 302 https://portal.lab.test/;",
        "gateway/tunnel",
        "tunnel.not-a-gateway",
    );
}

#[test]
fn a_web_server_that_forbids() {
    gateway("return 403;", "gateway/tunnel", "tunnel.forbidden");
}

#[test]
fn a_balancer_without_gateways() {
    gateway(
        "return 503;",
        "gateway/tunnel",
        "tunnel.nothing-behind-the-balancer",
    );
    gateway(
        "location / { proxy_pass http://127.0.0.1:9; }",
        "gateway/tunnel",
        "tunnel.nothing-behind-the-balancer",
    );
}

#[test]
fn nothing_listens_for_the_gateway() {
    let network = Network::new();
    let report = check_with(
        &network,
        &["--gateway", NAME, "pc-17.inside.lab.test"],
        fails("gateway/tcp", &["gateway-transport"]),
    );
    assert_eq!(first(&report), "tunnel.gateway-unreachable");
}

#[test]
fn a_gateway_that_asks_for_a_logon() {
    let mut network = Network::new();
    web_server(
        &mut network,
        "add_header WWW-Authenticate Negotiate always; add_header WWW-Authenticate NTLM always; return 401;",
    );
    // Its certificate is signed by itself: clients that do not trust it stop there.
    let report = check_with(
        &network,
        &["--gateway", NAME, "pc-17.inside.lab.test"],
        Expect {
            exit: 1,
            outcome: "degraded",
            stopped_at: None,
            families: &["gateway-cert"],
            rivals: false,
        },
    );
    let logon = rung(&report, "gateway", "authenticate");
    assert_eq!(logon["says"], "asks for a logon: Negotiate, NTLM");
}

#[test]
fn a_gateway_through_a_proxy() {
    let mut network = Network::new();
    web_server(&mut network, "return 404;");
    let proxy = tinyproxy(&mut network, 443);
    let report = check_with(
        &network,
        &[
            "--gateway",
            SERVER,
            "--proxy",
            &proxy,
            "pc-17.inside.lab.test",
        ],
        fails("gateway/tunnel", &["gateway-transport"]),
    );
    assert_eq!(rung(&report, "proxy", "negotiate")["outcome"], "passed");
}

#[test]
fn a_filter_drops_the_side_transport() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    network.forward("udp dport 3389 drop");
    let report = check(&network, Expect::HEALTHY);
    let side = rung(&report, "side", "reach");
    // xrdp has none: that nothing answers is no news.
    assert_eq!(side["outcome"], "skipped");
    assert_eq!(side["says"], "no answer: sessions run over TCP");
}

#[test]
fn a_router_forbids_the_side_transport() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    network.forward("udp dport 3389 reject with icmpx type admin-prohibited");
    let report = check_with(
        &network,
        &[SERVER],
        Expect {
            families: &["udp-transport-broken"],
            ..Expect::HEALTHY
        },
    );
    assert_eq!(report["findings"][0]["severity"], "note");
    assert_eq!(rung(&report, "side", "reach")["outcome"], "warned");
}

#[test]
fn a_host_says_that_it_has_no_side_transport() {
    let mut network = Network::new();
    xrdp(&mut network, Xrdp::default());
    let report = check(&network, Expect::HEALTHY);
    let side = rung(&report, "side", "reach");
    assert_eq!(side["says"], "not offered: sessions run over TCP");
}
