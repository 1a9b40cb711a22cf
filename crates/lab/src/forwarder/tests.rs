//! A proxy and its client joined in memory.

use super::*;
use crate::server::Do;

struct Bench {
    forwarder: Forwarder,
    behind: bool,
    got: Vec<u8>,
    ended: Option<Do>,
    port: u16,
}

impl Bench {
    fn of(rest: &str) -> Self {
        let text = format!(
            "format = \"rdpdoctor/scenario/1\"\nwhat = \"A test.\"\nexpect = {{ outcome = \"healthy\" }}\n[proxy]\n{rest}"
        );
        let script = crate::scenario::read("proxy/test", &text)
            .unwrap()
            .proxy
            .unwrap();
        let mut forwarder = Forwarder::new(&script, &[], UnixSeconds(0), 1).unwrap();
        assert!(forwarder.client(Micros::ZERO, 1, Net::Opened).is_empty());
        Self {
            forwarder,
            behind: true,
            got: Vec::new(),
            ended: None,
            port: 0,
        }
    }

    fn carry_out(&mut self, orders: Vec<Order>) {
        for order in orders {
            let orders = match order {
                Order::Client(1, Do::Send(bytes)) => {
                    self.got.extend(bytes);
                    continue;
                }
                Order::Client(_, ended) => {
                    self.ended = Some(ended);
                    continue;
                }
                Order::Dial { tunnel, port, .. } => {
                    self.port = port;
                    let net = if self.behind {
                        Behind::Opened
                    } else {
                        Behind::Failed
                    };
                    self.forwarder.behind(Micros::ZERO, tunnel, net)
                }
                Order::Forward(tunnel, bytes) => {
                    self.forwarder
                        .behind(Micros::ZERO, tunnel, Behind::Bytes(&bytes))
                }
                Order::Hangup(_) => continue,
            };
            self.carry_out(orders);
        }
    }

    /// Says something; returns what comes for it.
    fn say(&mut self, bytes: &[u8]) -> Vec<u8> {
        let orders = self.forwarder.client(Micros::ZERO, 1, Net::Bytes(bytes));
        self.carry_out(orders);
        std::mem::take(&mut self.got)
    }

    fn ask(&mut self, head: &str) -> String {
        String::from_utf8_lossy(&self.say(head.as_bytes())).into_owned()
    }
}

const CONNECT: &str = "CONNECT pc:3389 HTTP/1.1\r\nHost: pc:3389\r\n";

#[test]
fn connect_leads_to_the_server_and_back() {
    let mut bench = Bench::of("");
    // What is said before the answer is not lost.
    let answer = bench.ask(&format!("{CONNECT}\r\nearly"));
    assert!(
        answer.starts_with("HTTP/1.1 200 Connection established\r\n"),
        "{answer}"
    );
    assert!(answer.ends_with("\r\n\r\nearly"), "{answer}");
    assert_eq!(bench.port, 3389);
    assert_eq!(bench.say(b"more"), b"more");
    let orders = bench.forwarder.behind(Micros::ZERO, 1, Behind::Ended);
    bench.carry_out(orders);
    assert_eq!(bench.ended, Some(Do::Close));
}

#[test]
fn an_http_proxy_asks_and_refuses() {
    let check = |rest: &str, head: &str, behind: bool, status: &str| {
        let mut bench = Bench::of(rest);
        bench.behind = behind;
        let answer = bench.ask(&format!("{head}\r\n"));
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
    };
    check("schemes = [\"basic\"]", CONNECT, true, "407");
    let known = format!("{CONNECT}Proxy-Authorization: Basic bGFiOlBhc3N3MHJkIQ==\r\n");
    check("schemes = [\"basic\"]", &known, true, "200");
    let wrong = format!("{CONNECT}Proxy-Authorization: Basic bGFiOng=\r\n");
    check("schemes = [\"basic\"]", &wrong, true, "407");
    check("ports = [443]", CONNECT, true, "403");
    check("", CONNECT, false, "503");
    check("unreachable = 504", CONNECT, false, "504");
    check("", "GET http://pc/ HTTP/1.1\r\n", true, "405");
    check(
        "[[proxy.fault]]\nat = \"request\"\ndoes = \"status\"\nstatus = 502",
        CONNECT,
        true,
        "502",
    );
}

#[test]
fn socks_leads_to_the_server_and_back() {
    let mut bench = Bench::of("kind = \"socks5\"");
    // In pieces: a message is read when it is whole.
    assert_eq!(bench.say(&[5, 2, 0]), [0_u8; 0]);
    assert_eq!(bench.say(&[2]), [5, 0]);
    let name = [&[5, 1, 0, 3, 2][..], b"pc", &[0x0D, 0x3D]].concat();
    assert_eq!(bench.say(&name), bound(0));
    assert_eq!(bench.port, 3389);
    assert_eq!(bench.say(b"more"), b"more");
}

#[test]
fn socks_asks_and_refuses() {
    let logon = |password: &[u8]| [&[1, 3][..], b"lab", &[9], password].concat();
    let asked = "kind = \"socks5\"\nschemes = [\"basic\"]";
    let mut bench = Bench::of(asked);
    assert_eq!(bench.say(&[5, 2, 0, 2]), [5, 2]);
    assert_eq!(bench.say(&logon(b"Passw0rd!")), [1, 0]);
    assert_eq!(bench.say(&[5, 1, 0, 1, 10, 0, 0, 1, 0x0D, 0x3D]), bound(0));

    let mut bench = Bench::of(asked);
    bench.say(&[5, 1, 2]);
    assert_eq!(bench.say(&logon(b"password!")), [1, 1]);
    assert_eq!(bench.ended, Some(Do::Close));

    let mut bench = Bench::of(asked);
    assert_eq!(bench.say(&[5, 1, 0]), [5, 0xFF]);
    assert_eq!(bench.ended, Some(Do::Close));

    for (rest, request, code) in [
        ("", [5, 2, 0, 1, 10, 0, 0, 1, 0x0D, 0x3D], 7),
        ("", [5, 1, 0, 9, 10, 0, 0, 1, 0x0D, 0x3D], 8),
        ("\nports = [443]", [5, 1, 0, 1, 10, 0, 0, 1, 0x0D, 0x3D], 2),
        (
            "\n[[proxy.fault]]\nat = \"request\"\ndoes = \"code\"\ncode = 4",
            [5, 1, 0, 1, 10, 0, 0, 1, 0x0D, 0x3D],
            4,
        ),
    ] {
        let mut bench = Bench::of(&format!("kind = \"socks5\"{rest}"));
        bench.say(&[5, 1, 0]);
        assert_eq!(bench.say(&request), bound(code), "{rest}");
        assert_eq!(bench.ended, Some(Do::Close), "{rest}");
    }
    let mut bench = Bench::of("kind = \"socks5\"");
    bench.behind = false;
    bench.say(&[5, 1, 0]);
    assert_eq!(bench.say(&[5, 1, 0, 1, 10, 0, 0, 1, 0x0D, 0x3D]), bound(5));
    // SOCKS 4 is another protocol.
    let mut bench = Bench::of("kind = \"socks5\"");
    assert_eq!(bench.say(&[4, 1, 0x0D, 0x3D]), [0_u8; 0]);
    assert_eq!(bench.ended, Some(Do::Close));
}
