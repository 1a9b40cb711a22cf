//! Canonical diagnoses in every format.

use diagnose::{
    Cause, Diagnosis, Finding, Lead, NotChecked, Outcome, Reason, Rung, RungOutcome, Severity,
    Side, Verdict,
};
use model::codes::{NegFlags, Protocols};
use model::{
    Attempt, AttemptOutcome, ClientProfile, Ending, Evidence, Fact, HostName, Intent, Leg, LookId,
    Message, Micros, Observation, Phase, Place, Source, Target, Trace, UnixSeconds,
};
use rdpdoctor::report::page::{Colors, Detail, Layout, Letters};
use rdpdoctor::report::text::text;
use rdpdoctor::report::{Report, html, json, markdown, wrap};

/// 2026-11-21 10:42:07 UTC.
const OPENED: UnixSeconds = UnixSeconds(1_795_257_727);

const fn cause(
    id: &'static str,
    family: &'static str,
    phase: Phase,
    side: Side,
    title: &'static str,
) -> Cause {
    Cause {
        id,
        family,
        phase,
        side,
        severity: Severity::Blocking,
        title,
        page: "",
        prior: -3,
        clues: &[],
        topics: &[],
        explains: false,
        asks: &[],
        roots: &[],
        remedies: &["server.renew-certificate"],
    }
}

static KEY: Cause = cause(
    "secure.key-unusable",
    "cert-key-unusable",
    Phase::Secure,
    Side::Server,
    "The server cannot use the private key of its Remote Desktop certificate",
);
static SOFTWARE: Cause = cause(
    "secure.security-software",
    "security-software",
    Phase::Secure,
    Side::Server,
    "Security software on the server resets the connection when TLS begins",
);
static FORWARDER: Cause = cause(
    "negotiate.forwarder-without-backend",
    "proxy-misroute",
    Phase::Negotiate,
    Side::Network,
    "A forwarder or load balancer with nothing behind it",
);
static HANGS: Cause = cause(
    "negotiate.service-hangs",
    "termservice-down",
    Phase::Negotiate,
    Side::Server,
    "The Remote Desktop service on the host hangs",
);
static EXPIRES: Cause = cause(
    "secure.certificate-expires-soon",
    "rdp-cert-stale",
    Phase::Secure,
    Side::Server,
    "The certificate of the server expires in 6 days (2026-11-27)",
);

fn case(host: &str) -> Evidence {
    Evidence::of(
        Target {
            input: host.to_owned(),
            host: HostName(host.to_owned()),
            port: 3389,
            address: None,
            zone: None,
            gateway: None,
            proxy: None,
            client: ClientProfile::default(),
        },
        OPENED,
    )
}

fn look(
    evidence: &mut Evidence,
    number: u32,
    intent: Intent,
    says: &str,
    facts: Vec<(Phase, Fact)>,
) {
    let began = u64::from(number) * 1_000;
    evidence.tried.push(Attempt {
        look: LookId(number),
        probe: "climb".to_owned(),
        intent,
        says: says.to_owned(),
        outcome: AttemptOutcome::Ran,
        at: Some(Micros(began)),
        took: Some(Micros(76_300)),
        trace: Trace::LogLine,
    });
    for (index, (phase, fact)) in facts.into_iter().enumerate() {
        evidence.seen.push(Observation {
            at: Some(Micros(began + 20_000 * u64::try_from(index).unwrap())),
            place: Some(Place::host(phase)),
            source: Source::Probe,
            vantage: String::new(),
            look: Some(LookId(number)),
            fact,
        });
    }
}

fn opened() -> (Phase, Fact) {
    let to = "10.20.1.15:3389".parse().unwrap();
    (
        Phase::Tcp,
        Fact::TcpOpened {
            to,
            took: Micros(23_100),
        },
    )
}

fn chosen() -> (Phase, Fact) {
    let fact = Fact::NegotiationChosen {
        offered: Some(Protocols(11)),
        chosen: Protocols::HYBRID,
        flags: NegFlags(0x1f),
    };
    (Phase::Negotiate, fact)
}

fn ended(phase: Phase, how: Ending, after: Message, waited: u64) -> (Phase, Fact) {
    (
        phase,
        Fact::Ended {
            how,
            after,
            waited: Micros(waited),
            partial: 0,
        },
    )
}

fn rung(phase: Phase, outcome: RungOutcome, took: Option<u64>, says: &str) -> Rung {
    Rung {
        place: Place::host(phase),
        outcome,
        started: took.map(|_| Micros(0)),
        took: took.map(Micros),
        says: says.to_owned(),
    }
}

fn finding(
    cause: &'static Cause,
    verdict: Verdict,
    weight_db: i32,
    probability: f64,
    because: &[&str],
) -> Finding {
    Finding {
        cause,
        leg: Leg::Host,
        severity: cause.severity,
        verdict,
        weight_db,
        probability,
        because: because
            .iter()
            .enumerate()
            .map(|(evidence, says)| Reason {
                says: (*says).to_owned(),
                evidence,
                weight_db: 20,
            })
            .collect(),
        despite: Vec::new(),
        unknown: Vec::new(),
    }
}

fn lead(look: &str, why: &str, command: Option<&str>) -> Lead {
    Lead {
        look: look.to_owned(),
        why: why.to_owned(),
        command: command.map(str::to_owned),
    }
}

/// A reset at every ClientHello: one likely cause and a rival.
fn key_unusable() -> (Evidence, Diagnosis) {
    use RungOutcome::{Failed, NotReached, Passed, Skipped};
    let mut evidence = case("srv01.corp.example");
    look(
        &mut evidence,
        1,
        Intent::AsClient,
        "10.20.1.15:3389 as mstsc",
        vec![
            opened(),
            chosen(),
            ended(Phase::Secure, Ending::Reset, Message::ClientHello, 600),
        ],
    );
    look(
        &mut evidence,
        2,
        Intent::Contrast,
        "TLS 1.2 alone",
        vec![opened()],
    );
    let mut top = finding(
        &KEY,
        Verdict::Likely,
        33,
        0.8412,
        &[
            "the server reset the connection 0.6 ms after our ClientHello",
            "the same with TLS 1.0, 1.1, 1.2 and 1.3, with small and with large ClientHello messages",
        ],
    );
    top.despite = vec![Reason {
        says: "one of five connections got an alert".to_owned(),
        evidence: 2,
        weight_db: -3,
    }];
    top.unknown = vec!["whether event 36870 is in the server's System log"];
    let diagnosis = Diagnosis {
        outcome: Outcome::Failing,
        reached: Some(Place::host(Phase::Negotiate)),
        stopped_at: Some(Place::host(Phase::Secure)),
        rungs: vec![
            rung(Phase::Resolve, Passed, Some(4_000), "10.20.1.15"),
            rung(Phase::Reach, Skipped, None, ""),
            rung(Phase::Tcp, Passed, Some(23_100), "open"),
            rung(
                Phase::Negotiate,
                Passed,
                Some(24_400),
                "NLA or TLS; NLA is required",
            ),
            rung(
                Phase::Secure,
                Failed,
                Some(25_000),
                "reset 0.6 ms after our ClientHello",
            ),
            rung(Phase::Authenticate, NotReached, None, ""),
            rung(Phase::Settings, NotReached, None, ""),
        ],
        findings: vec![
            top,
            finding(
                &SOFTWARE,
                Verdict::Possible,
                12,
                0.0913,
                &["the reset came from the host itself"],
            ),
        ],
        leads: vec![lead(
            "look at the System log of srv01 for event 36870 of Schannel at 10:42:07 UTC",
            "it says which key could not be used, and tells the causes apart",
            None,
        )],
        not_checked: vec![
            NotChecked {
                what: "logon".to_owned(),
                why: "no --user".to_owned(),
            },
            NotChecked {
                what: "RDP-UDP".to_owned(),
                why: String::new(),
            },
        ],
    };
    (evidence, diagnosis)
}

/// Two causes that nothing tells apart from here.
fn silent_listener() -> (Evidence, Diagnosis) {
    use RungOutcome::{Failed, NotReached, Passed};
    let mut evidence = case("10.20.1.15");
    look(
        &mut evidence,
        1,
        Intent::AsClient,
        "10.20.1.15:3389 as mstsc",
        vec![
            opened(),
            ended(
                Phase::Negotiate,
                Ending::Silence,
                Message::ConnectionRequest,
                4_000_000,
            ),
        ],
    );
    let because = ["no answer to the connection request in 4.0 s"];
    let diagnosis = Diagnosis {
        outcome: Outcome::Failing,
        reached: Some(Place::host(Phase::Tcp)),
        stopped_at: Some(Place::host(Phase::Negotiate)),
        rungs: vec![
            rung(Phase::Tcp, Passed, Some(18_000), "open"),
            rung(
                Phase::Negotiate,
                Failed,
                None,
                "no answer to the connection request in 4.0 s (2 of 2)",
            ),
            rung(Phase::Secure, NotReached, None, ""),
            rung(Phase::Authenticate, NotReached, None, ""),
        ],
        findings: vec![
            finding(&FORWARDER, Verdict::Possible, 10, 0.46, &because),
            finding(&HANGS, Verdict::Possible, 10, 0.41, &because),
        ],
        leads: vec![lead(
            "run the same check from inside that network",
            "a hanging service answers nobody, a forwarder only concerns this side",
            Some("rdpdoctor 10.20.1.15"),
        )],
        not_checked: Vec::new(),
    };
    (evidence, diagnosis)
}

/// It works, but.
fn degraded() -> (Evidence, Diagnosis) {
    use RungOutcome::{Passed, Warned};
    let mut evidence = case("pc-17.corp.example");
    look(
        &mut evidence,
        1,
        Intent::AsClient,
        "10.20.1.15:3389 as mstsc",
        vec![opened(), chosen()],
    );
    let mut top = finding(
        &EXPIRES,
        Verdict::Proven,
        40,
        1.0,
        &["it is valid until 2026-11-27 08:00 UTC"],
    );
    top.severity = Severity::Degrading;
    let diagnosis = Diagnosis {
        outcome: Outcome::Degraded,
        reached: Some(Place::host(Phase::Authenticate)),
        stopped_at: None,
        rungs: vec![
            rung(Phase::Resolve, Passed, Some(4_000), "10.20.1.15"),
            rung(Phase::Tcp, Passed, Some(23_100), "open"),
            rung(
                Phase::Negotiate,
                Passed,
                Some(24_400),
                "NLA or TLS; NLA is required",
            ),
            rung(
                Phase::Secure,
                Warned,
                Some(48_000),
                "TLS 1.3, certificate expires in 6 days (2026-11-27)",
            ),
            rung(
                Phase::Authenticate,
                Passed,
                Some(31_000),
                "NLA, asks for a logon (CORP\\, Windows build 20348)",
            ),
        ],
        findings: vec![top],
        leads: Vec::new(),
        not_checked: Vec::new(),
    };
    (evidence, diagnosis)
}

/// It works, but, and two causes explain the same observation.
fn degraded_by_rivals() -> (Evidence, Diagnosis) {
    let (evidence, mut diagnosis) = degraded();
    let because = ["TLS was offered and the server chose RDP security"];
    diagnosis.findings = [&KEY, &SOFTWARE]
        .map(|cause| {
            let mut finding = finding(cause, Verdict::Possible, 10, 0.49, &because);
            finding.severity = Severity::Degrading;
            finding
        })
        .into();
    diagnosis.rungs.truncate(3);
    diagnosis.rungs[2].outcome = RungOutcome::Warned;
    (evidence, diagnosis)
}

/// Nothing to find.
fn healthy() -> (Evidence, Diagnosis) {
    let (evidence, mut diagnosis) = degraded();
    diagnosis.outcome = Outcome::Healthy;
    diagnosis.findings.clear();
    for rung in &mut diagnosis.rungs {
        rung.outcome = RungOutcome::Passed;
    }
    diagnosis.leads = vec![lead(
        "give the codes you saw, if it still fails",
        "then the cause is the account, the session or this client",
        Some("rdpdoctor explain 0x904 0x7"),
    )];
    (evidence, diagnosis)
}

/// Interrupted before anything was known.
fn interrupted() -> (Evidence, Diagnosis) {
    let mut evidence = case("srv\u{1b}[31m01");
    evidence.interrupted = true;
    let diagnosis = Diagnosis {
        outcome: Outcome::Unknown,
        reached: None,
        stopped_at: None,
        rungs: vec![rung(Phase::Resolve, RungOutcome::NotReached, None, "")],
        findings: Vec::new(),
        leads: Vec::new(),
        not_checked: Vec::new(),
    };
    (evidence, diagnosis)
}

pub fn cases() -> Vec<(&'static str, Report)> {
    [
        ("key_unusable", key_unusable()),
        ("silent_listener", silent_listener()),
        ("degraded", degraded()),
        ("degraded_by_rivals", degraded_by_rivals()),
        ("healthy", healthy()),
        ("interrupted", interrupted()),
    ]
    .into_iter()
    .map(|(name, (evidence, diagnosis))| (name, Report::of(&evidence, &diagnosis)))
    .collect()
}

#[test]
fn in_text() {
    for (name, report) in cases() {
        insta::assert_snapshot!(format!("text_{name}"), text(&report, &Layout::default()));
    }
}

#[test]
fn in_text_with_everything_in_ascii() {
    let layout = Layout {
        letters: Letters::Ascii,
        detail: Detail::Everything,
        width: 60,
        ..Layout::default()
    };
    for (name, report) in cases() {
        let page = text(&report, &layout);
        assert!(page.is_ascii(), "{page}");
        if name == "key_unusable" {
            insta::assert_snapshot!("everything_key_unusable", page);
        }
    }
}

#[test]
fn in_one_sentence() {
    let layout = Layout {
        detail: Detail::Verdict,
        ..Layout::default()
    };
    let verdicts: Vec<String> = cases()
        .iter()
        .map(|(_, report)| text(report, &layout))
        .collect();
    insta::assert_snapshot!("verdicts", verdicts.concat());
}

#[test]
fn in_markdown() {
    for (name, report) in cases() {
        insta::assert_snapshot!(format!("markdown_{name}"), markdown::markdown(&report));
    }
}

#[test]
fn in_html() {
    for (name, report) in cases() {
        let page = html::html(&report);
        // Nothing is fetched, and the report comes back out of the page.
        assert!(
            !page.contains("http://") && !page.contains("https://") && !page.contains("src="),
            "{name}"
        );
        let (_, data) = page.split_once("id=\"report\">").unwrap();
        let (data, _) = data.split_once("</script>").unwrap();
        let read: Report = serde_json::from_str(data).unwrap();
        assert_eq!(
            json::line(&read).unwrap(),
            json::line(&report).unwrap(),
            "{name}"
        );
        if name == "key_unusable" {
            let page = page.replace(env!("CARGO_PKG_VERSION"), "VERSION");
            insta::assert_snapshot!("html_key_unusable", page);
        }
        if let Some(folder) = std::env::var_os("CLI_PAGES") {
            std::fs::write(
                std::path::Path::new(&folder).join(format!("{name}.html")),
                &page,
            )
            .unwrap();
        }
    }
}

#[test]
fn in_json() {
    let (_, report) = cases().swap_remove(0);
    let document = json::document(&report).unwrap();
    insta::assert_snapshot!(
        "json_key_unusable",
        document.replace(env!("CARGO_PKG_VERSION"), "VERSION")
    );
    let line = json::line(&report).unwrap();
    assert_eq!(line.matches('\n').count(), 1);
    let read: Report = serde_json::from_str(&line).unwrap();
    assert_eq!(json::document(&read).unwrap(), document);
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for (name, report) in cases() {
        for columns in [40, 60, 80, 110] {
            let layout = Layout {
                width: columns,
                ..Layout::default()
            };
            for line in text(&report, &layout).lines() {
                // Commands are pasted, so they stay whole.
                if !line.starts_with("       rdpdoctor") {
                    assert!(
                        wrap::width(line) <= columns,
                        "{name} at {columns}: {line:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn colours_change_nothing_but_colour() {
    for (_, report) in cases() {
        let plain = text(&report, &Layout::default());
        let coloured = text(
            &report,
            &Layout {
                colors: Colors::Ansi,
                ..Layout::default()
            },
        );
        let stripped = anstream::adapter::strip_str(&coloured).to_string();
        assert_eq!(stripped, plain);
        // Red is for the failing rung alone.
        let red = coloured
            .lines()
            .filter(|line| line.contains("\u{1b}[31m"))
            .count();
        let failed = plain.lines().filter(|line| line.starts_with(" ✖")).count();
        assert_eq!(red, failed, "{coloured}");
    }
}
