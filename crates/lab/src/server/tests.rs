use super::*;
use crate::scenario::{self, Scenario};

const NLA_EX: Protocols = Protocols(0x0B);

fn scenario(text: &str) -> Scenario {
    let text = format!(
        "format = \"rdpdoctor/scenario/1\"\nwhat = \"A test.\"\nexpect = {{ outcome = \"healthy\" }}\n{text}"
    );
    scenario::read("healthy/test", &text).unwrap_or_else(|error| match error {
        scenario::Error::Malformed { source, .. } => panic!("{source}"),
        error => panic!("{error}"),
    })
}

/// A client that goes as far as it can, and what it saw.
struct Play {
    server: Server,
    now: Micros,
    seen: Vec<&'static str>,
    got: Vec<u8>,
    pieces: usize,
    ended: Option<&'static str>,
}

impl Play {
    fn new(text: &str) -> Self {
        let names = ["pc-17.lab.test".to_owned(), "127.0.0.1".to_owned()];
        let script = scenario(text).server;
        let host = Host::new(&script, &names, UnixSeconds(1_780_000_000), 1).unwrap();
        let mut play = Self {
            server: host.connection(1, 1),
            now: Micros::ZERO,
            seen: Vec::new(),
            got: Vec::new(),
            pieces: 0,
            ended: None,
        };
        play.feed(Net::Opened);
        play
    }

    /// Hands in what happened and does what is due, however late.
    fn feed(&mut self, net: Net<'_>) {
        let mut net = net;
        loop {
            let mut wake = None;
            for step in self.server.on(self.now, net) {
                assert_eq!(
                    self.ended.filter(|_| !matches!(step, Do::Close)),
                    None,
                    "{step:?}"
                );
                match step {
                    Do::Send(bytes) => {
                        self.got.extend(bytes);
                        self.pieces += 1;
                    }
                    Do::Close => self.ended = Some("closed"),
                    Do::HalfClose => self.ended = Some("half-closed"),
                    Do::Reset => self.ended = Some("reset"),
                    Do::Wake(at) => wake = Some(at),
                }
            }
            let Some(at) = wake else { return };
            assert!(at > self.now);
            self.now = at;
            net = Net::Time;
        }
    }

    fn sends(&mut self, bytes: &[u8], size: usize) {
        for part in bytes.chunks(size) {
            self.feed(Net::Bytes(part));
        }
    }

    /// Goes through the connection, sending at most `size` bytes at once.
    fn runs(mut self, offers: Protocols, size: usize) -> Self {
        self.sends(&x224::connection_request(Some(offers), None), size);
        let chosen = match x224::read_confirm(&self.got) {
            Read::Whole {
                value: x224::Reply::Confirm(answer),
                used,
            } => {
                self.got.drain(..used);
                match answer {
                    x224::Answer::Chosen { protocols, .. } => protocols,
                    x224::Answer::Refused(_) => return self.saw("refused"),
                    x224::Answer::Plain => return self.saw("plain"),
                }
            }
            Read::Whole { .. } | Read::Not => return self.saw("strange confirm"),
            Read::Partial => return self.saw("no confirm"),
        };
        self.seen.push("confirm");
        if chosen == Protocols::RDP {
            return self;
        }
        let mut client = tls::Client::new(&tls::ClientHello::default()).unwrap();
        loop {
            match client.step() {
                tls::Progress::Up(_) => {
                    self.seen.push("tls");
                    break;
                }
                tls::Progress::Failed(failure) => {
                    let hello = client.take_outgoing();
                    self.sends(&hello, size);
                    return self.saw(match failure.received {
                        Some(_) => "alert",
                        None => "bad tls",
                    });
                }
                _ => {}
            }
            let out = client.take_outgoing();
            if out.is_empty() && self.got.is_empty() {
                return self.saw("no tls");
            }
            self.sends(&out, size);
            client.received(&std::mem::take(&mut self.got));
        }
        if !chosen.has_nla() {
            return self;
        }
        client.write_plain(&credssp::TsRequest::with_token(6, ntlm::negotiate()).encode());
        let out = client.take_outgoing();
        self.sends(&out, size);
        client.received(&std::mem::take(&mut self.got));
        client.step();
        let plain = client.take_plain();
        match credssp::read(&plain) {
            Read::Whole { value, .. } if value.error_code.is_some() => self.saw("credssp error"),
            Read::Whole { value, .. } => {
                let token = value.nego_token.unwrap_or_default();
                let read = ntlm::read_challenge(&token);
                self.saw(if read.is_some() {
                    "challenge"
                } else {
                    "strange token"
                })
            }
            Read::Partial if plain.is_empty() => self.saw("no challenge"),
            Read::Partial => self.saw("part of a challenge"),
            Read::Not => self.saw("strange challenge"),
        }
    }

    fn saw(mut self, what: &'static str) -> Self {
        self.seen.push(what);
        self
    }
}

fn check(text: &str, seen: &[&str], ended: Option<&str>) {
    for size in [usize::MAX, 7, 1] {
        let play = Play::new(text).runs(NLA_EX, size);
        assert_eq!(
            (play.seen.as_slice(), play.ended),
            (seen, ended),
            "{text}\nin pieces of {size}"
        );
    }
}

fn fault(at: &str, does: &str) -> String {
    format!("[[server.fault]]\nat = {at:?}\n{does}")
}

#[test]
fn healthy_servers_go_all_the_way() {
    check("", &["confirm", "tls", "challenge"], None);
    check(
        "[server]\nsecurity = \"shadow-nla\"",
        &["confirm", "tls", "challenge"],
        None,
    );
    check(
        "[server]\nsecurity = \"xrdp-tls\"",
        &["confirm", "tls"],
        None,
    );
    check("[server]\nsecurity = \"xrdp-rdp\"", &["confirm"], None);
    check("[server]\nsecurity = \"windows-xp\"", &["plain"], None);
    check(
        "[server]\nthink_ms = 30",
        &["confirm", "tls", "challenge"],
        None,
    );
    check(
        "[server.tls]\nhighest = \"1.2\"",
        &["confirm", "tls", "challenge"],
        None,
    );
    check(
        "[server.tls]\nlowest = \"1.0\"\nhighest = \"1.0\"",
        &["confirm", "tls", "challenge"],
        None,
    );
    check(
        "[server.certificate]\nkey = \"rsa-1024\"",
        &["confirm", "tls", "challenge"],
        None,
    );
    check(
        "[server.certificate]\nkey = \"ec-p256\"\ndigest = \"sha1\"",
        &["confirm", "tls", "challenge"],
        None,
    );
    check(
        "[server.certificate]\nissuer = \"A CA\"",
        &["confirm", "tls", "challenge"],
        None,
    );
    // The client's key share is of another group: the server asks for a second ClientHello.
    check(
        "[server.tls]\ngroups = \"P-384\"",
        &["confirm", "tls", "challenge"],
        None,
    );
}

#[test]
fn each_stage_ends_in_each_manner() {
    let stages: [(&str, &[&str]); 7] = [
        ("accept", &["no confirm"]),
        ("request", &["no confirm"]),
        ("confirm", &["confirm", "no tls"]),
        ("client-hello", &["confirm", "no tls"]),
        ("tls", &["confirm", "tls", "no challenge"]),
        ("credssp", &["confirm", "tls", "no challenge"]),
        ("challenge", &["confirm", "tls", "challenge"]),
    ];
    for (stage, seen) in stages {
        for (does, ended) in [
            ("close", Some("closed")),
            ("reset", Some("reset")),
            ("half-close", Some("half-closed")),
            ("silence", None),
        ] {
            check(
                &fault(stage, &format!("does = {does:?}\nafter_ms = 20")),
                seen,
                ended,
            );
        }
    }
}

#[test]
fn answers_are_damaged() {
    check(
        &fault("request", "does = \"truncate\"\nbytes = 9"),
        &["no confirm"],
        Some("closed"),
    );
    check(
        &fault("request", "does = \"garbage\"\npayload = \"hex:ffffffff\""),
        &["strange confirm"],
        None,
    );
    check(
        &fault(
            "client-hello",
            "does = \"truncate\"\nbytes = 100\nthen = \"reset\"",
        ),
        &["confirm", "no tls"],
        Some("reset"),
    );
    check(
        &fault(
            "client-hello",
            "does = \"garbage\"\npayload = \"hex:0300000902f0802180\"",
        ),
        &["confirm", "bad tls"],
        None,
    );
    check(
        &fault("client-hello", "does = \"alert\"\nalert = 80"),
        &["confirm", "alert"],
        Some("closed"),
    );
    check(
        &fault("credssp", "does = \"truncate\"\nbytes = 20"),
        &["confirm", "tls", "part of a challenge"],
        Some("closed"),
    );
    check(
        &fault("credssp", "does = \"garbage\"\npayload = \"nonsense\""),
        &["confirm", "tls", "strange challenge"],
        None,
    );
}

#[test]
fn answers_are_late_and_in_pieces() {
    let play = Play::new(&fault("request", "does = \"delay\"\nafter_ms = 700")).runs(NLA_EX, 100);
    assert_eq!(play.now, Micros::from_millis(700));
    assert_eq!(play.seen, ["confirm", "tls", "challenge"]);
    let play =
        Play::new(&fault("request", "does = \"drip\"\nafter_ms = 2")).runs(Protocols::RDP, 100);
    assert_eq!((play.pieces, play.now), (19, Micros::from_millis(38)));
    check(
        &fault("client-hello", "does = \"drip\"\nbytes = 10"),
        &["confirm", "tls", "challenge"],
        None,
    );
}

#[test]
fn refusals_are_those_of_the_script() {
    check(
        "[server.answers]\nany = \"refuse 4\"",
        &["refused"],
        Some("closed"),
    );
    check(
        "[server.answers]\nany = \"reset\"",
        &["no confirm"],
        Some("reset"),
    );
    check("[server.answers]\nany = \"silence\"", &["no confirm"], None);
    check(
        "[server.answers]\n\"tls+hybrid+hybrid-ex\" = \"refuse 77\"",
        &["refused"],
        Some("closed"),
    );
    check(
        "[server.answers]\nabsent = \"close\"\ntls = \"close\"",
        &["confirm", "tls", "challenge"],
        None,
    );
    check(
        "[server.credssp]\nerror = 0x80090302",
        &["confirm", "tls", "credssp error"],
        Some("closed"),
    );
}

#[test]
fn a_wrong_key_and_missing_versions_fail_in_tls() {
    check(
        "[server.certificate]\nkey_of_another = true",
        &["confirm", "bad tls"],
        Some("closed"),
    );
    check(
        "[server.tls]\nciphers = \"NULL-SHA256:@SECLEVEL=0\"\nhighest = \"1.2\"",
        &["confirm", "alert"],
        Some("closed"),
    );
}

#[test]
fn faults_look_at_the_hello() {
    check(
        &fault(
            "client-hello",
            "does = \"reset\"\nwhen = { hello_over = 4000 }",
        ),
        &["confirm", "tls", "challenge"],
        None,
    );
    check(
        &fault(
            "client-hello",
            "does = \"reset\"\nwhen = { hello_over = 90 }",
        ),
        &["confirm", "no tls"],
        Some("reset"),
    );
    check(
        &fault(
            "client-hello",
            "does = \"reset\"\nwhen = { offers_over = \"1.2\" }",
        ),
        &["confirm", "no tls"],
        Some("reset"),
    );
    check(
        &fault(
            "client-hello",
            "does = \"reset\"\nwhen = { offers_up_to = \"1.2\" }",
        ),
        &["confirm", "tls", "challenge"],
        None,
    );
}

#[test]
fn the_challenge_says_what_the_script_says() {
    let names = ["pc-17.lab.test".to_owned()];
    let script = scenario("[server.ntlm]\ndomain = \"CORP\"\ndns_domain = \"corp.test\"\nversion = [6, 1, 7601]\nclock_off_s = -900").server;
    let host = Host::new(&script, &names, UnixSeconds(1_780_000_000), 1).unwrap();
    let clock = clock(host.opened_at, Micros::from_secs(2));
    let says = challenge(&host.script.ntlm, &host.computer, clock);
    assert_eq!(says.netbios_computer, Some(HostName::from("PC-17")));
    assert_eq!(says.netbios_domain, Some(HostName::from("CORP")));
    assert_eq!(says.version, Some((6, 1, 7601)));
    assert_eq!(says.clock, Some(UnixSeconds(1_779_999_102)));
}

#[test]
fn other_services_say_who_they_are() {
    for (word, service) in [
        ("ssh", Service::Ssh),
        ("http", Service::Http),
        ("tls", Service::Tls),
        ("vnc", Service::Vnc),
        ("smtp", Service::Smtp),
        ("ftp", Service::Ftp),
        ("telnet", Service::Telnet),
        ("smb", Service::Smb),
    ] {
        let mut play = Play::new(&format!("[server]\nservice = {word:?}"));
        play.sends(&x224::connection_request(Some(NLA_EX), None), usize::MAX);
        assert_eq!(wire::service::recognise(&play.got), Some(service), "{word}");
    }
    check(
        "[server]\nservice = \"other-x224\"",
        &["strange confirm"],
        None,
    );
    check(
        "[server]\nservice = \"unknown\"",
        &["strange confirm"],
        Some("closed"),
    );
}

#[test]
fn a_tls_service_speaks_tls_when_asked_directly() {
    let mut play = Play::new("[server]\nservice = \"tls\"");
    let mut client = tls::Client::new(&tls::ClientHello::default()).unwrap();
    for _ in 0..3 {
        if let tls::Progress::Up(_) = client.step() {
            return;
        }
        play.sends(&client.take_outgoing(), usize::MAX);
        client.received(&std::mem::take(&mut play.got));
    }
    panic!("no handshake");
}

#[test]
fn any_bytes_are_calm() {
    for seed in 0..200 {
        let mut chance = Chance::of(seed);
        for prefix in [&[][..], &[0x03, 0x00][..], &[0x16, 0x03, 0x01][..]] {
            let mut play = Play::new("");
            let size = usize::try_from(chance.below(2000)).unwrap();
            let bytes = [prefix, &chance.bytes(size)].concat();
            play.sends(&bytes, 300);
            play.feed(Net::Ended);
            assert_eq!(play.ended, Some("closed"));
        }
    }
}

#[test]
fn a_flood_is_not_kept() {
    let mut play = Play::new("");
    play.sends(&x224::connection_request(Some(NLA_EX), None), usize::MAX);
    // Records of a handshake message that never ends.
    let mut endless = vec![0x16, 0x03, 0x01, 0x40, 0x00, 0x01, 0x07, 0x00, 0x00];
    endless.resize(5 + 0x4000, 0);
    for _ in 0..60 {
        if play.ended.is_none() {
            play.sends(&endless, usize::MAX);
        }
    }
    assert_eq!(play.ended, Some("closed"));
    assert!(play.server.incoming.is_empty());
}
