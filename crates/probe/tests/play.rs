//! Plays whole cases in virtual time, in worlds described by a function.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use model::codes::{CipherSuite, NegFlags, Protocols, TlsVersion};
use model::{
    Attempt, AttemptOutcome, ClientProfile, Ending, Evidence, Fact, FactKind, HostName, Intent,
    LogonMechanism, LookId, Message, Micros, NameFailure, NtlmChallenge, Phase, Place, Resolver,
    Target, UnixSeconds,
};
use probe::{Ascent, Case, Look, Options};

pub const HOST: &str = "10.0.0.7";
pub const ROUND_TRIP: Micros = Micros::from_millis(20);

/// What a look sees: each fact with the time from the beginning of the look. It ends with the last.
pub type Script = Vec<(Micros, Fact)>;

/// What came of a case.
#[derive(Debug)]
pub struct Run {
    pub evidence: Evidence,
    pub over: Micros,
    pub most_at_once: usize,
}

impl Run {
    /// What was tried, beside the side transport.
    pub fn says(&self) -> Vec<&str> {
        self.evidence
            .tried
            .iter()
            .filter(|tried| tried.probe != "side")
            .map(|tried| tried.says.as_str())
            .collect()
    }

    /// A look at a further address of the name that opened nothing.
    fn met_nobody(&self, tried: &Attempt) -> bool {
        tried.intent == Intent::Contrast
            && tried.says.parse::<SocketAddr>().is_ok()
            && !self.evidence.seen.iter().any(|seen| {
                seen.look == Some(tried.look) && seen.fact.kind() == FactKind::TcpOpened
            })
    }

    pub fn connections(&self) -> usize {
        let ran = self
            .evidence
            .tried
            .iter()
            .filter(|tried| tried.at.is_some());
        ran.filter(|tried| {
            !["resolve", "name-server", "side", "trace", "sizes"].contains(&tried.probe.as_str())
        })
        .filter(|tried| !self.met_nobody(tried))
        .count()
    }
}

pub fn target(host: &str) -> Target {
    Target {
        input: host.to_owned(),
        host: HostName::from(host),
        port: 3389,
        address: host.parse().ok(),
        zone: None,
        gateway: None,
        proxy: None,
        client: ClientProfile::default(),
    }
}

/// Plays a case; `world` is asked about each look and its number among the connections.
pub fn run(target: Target, options: Options, mut world: impl FnMut(&Look, usize) -> Script) -> Run {
    let mut case = Case::open(target, options, UnixSeconds(0));
    let mut due: BTreeMap<(Micros, u32, usize), (LookId, Option<Fact>)> = BTreeMap::new();
    let (mut now, mut events, mut connections) = (Micros::ZERO, 0_usize, 0_usize);
    let mut running: Vec<LookId> = Vec::new();
    let mut most_at_once = 0;
    for _ in 0..1_000 {
        let next = case.next(now);
        for (id, look) in next.begin {
            let mut at = now;
            for (after, fact) in world(&since(&look, now), connections) {
                at = at.max(now.plus(after));
                events += 1;
                due.insert((at, id.0, events), (id, Some(fact)));
            }
            events += 1;
            due.insert((at, id.0, events), (id, None));
            if look.connects() {
                connections += 1;
                running.push(id);
            }
            most_at_once = most_at_once.max(running.len());
        }
        assert!(
            case.next(now).begin.is_empty(),
            "asking twice begins nothing twice"
        );
        if next.over {
            assert!(due.is_empty() && !case.evidence.interrupted);
            return Run {
                evidence: case.evidence,
                over: now,
                most_at_once,
            };
        }
        assert!(case.evidence.interrupted);
        let first = due.first_key_value().map(|((at, ..), _)| *at);
        match (first, next.wake) {
            (Some(at), Some(wake)) if wake < at => now = wake.max(now),
            (None, Some(wake)) => now = wake.max(now),
            _ => {
                let ((at, ..), (id, fact)) = due.pop_first().unwrap();
                now = at;
                match fact {
                    Some(fact) => case.record(id, now, place(&fact), fact),
                    None => {
                        running.retain(|running| *running != id);
                        case.end(id, now, AttemptOutcome::Ran);
                    }
                }
            }
        }
    }
    panic!("the case does not end: {:?}", case.evidence.tried);
}

/// The look as it is when time is counted from its beginning.
pub fn since(look: &Look, now: Micros) -> Look {
    let mut look = look.clone();
    if let Look::Climb(ascent) = &mut look {
        ascent.due = ascent.due.since(now);
    }
    look
}

pub fn place(fact: &Fact) -> Place {
    Place::host(match fact {
        Fact::NameResolved { .. } | Fact::NameNotResolved { .. } => Phase::Resolve,
        Fact::TcpOpened { .. } | Fact::TcpRefused { .. } => Phase::Tcp,
        _ => Phase::Negotiate,
    })
}

/// A climb up to the rung where it ends in some manner.
pub fn climb(ascent: &Ascent, stops: Option<(Phase, Ending)>) -> Script {
    let r = ROUND_TRIP;
    let patience = ascent.patience(r);
    let offers = ascent.wish.offers;
    let mut script = vec![
        (
            r,
            Fact::TcpOpened {
                to: ascent.to,
                took: r,
            },
        ),
        (r, Fact::NegotiationOffered { offered: offers }),
    ];
    let end = |from: Micros, how, after| {
        let waited = if how == Ending::Silence { patience } else { r };
        (
            from.plus(waited),
            Fact::Ended {
                how,
                after,
                waited,
                partial: 0,
            },
        )
    };
    if let Some((Phase::Negotiate, how)) = stops {
        script.push(end(r, how, Message::ConnectionRequest));
        return script;
    }
    let offers = offers.unwrap_or(Protocols::RDP);
    let chosen = [Protocols::HYBRID, Protocols::TLS]
        .into_iter()
        .find(|protocol| offers.has(*protocol))
        .unwrap_or(Protocols::RDP);
    script.push((
        r.times(2),
        Fact::NegotiationChosen {
            offered: Some(offers),
            chosen,
            flags: NegFlags(0),
        },
    ));
    if ascent.wish.until <= Phase::Negotiate || chosen == Protocols::RDP {
        return script;
    }
    let version = TlsVersion::TLS1_2;
    script.push((
        r.times(2),
        Fact::TlsOffered {
            lowest: version,
            highest: version,
            size: 200,
        },
    ));
    if let Some((Phase::Secure, how)) = stops {
        script.push(end(r.times(2), how, Message::ClientHello));
        return script;
    }
    let suite = CipherSuite(0xC030);
    script.push((
        r.times(4),
        Fact::TlsEstablished {
            version,
            suite,
            took: r.times(2),
        },
    ));
    if ascent.wish.until <= Phase::Secure || !chosen.has_nla() {
        return script;
    }
    script.push((
        r.times(4),
        Fact::CredSspOffered {
            version: 6,
            mechanism: Some(LogonMechanism::Ntlm),
        },
    ));
    if let Some((Phase::Authenticate, how)) = stops {
        script.push(end(r.times(4), how, Message::CredSspNegotiate));
        return script;
    }
    let challenged = Fact::NtlmChallenged {
        version: 6,
        challenge: NtlmChallenge::default(),
        seen_at: UnixSeconds(0),
    };
    script.push((r.times(5), challenged));
    script
}

pub fn refused(to: SocketAddr) -> Script {
    vec![(
        ROUND_TRIP,
        Fact::TcpRefused {
            to,
            took: ROUND_TRIP,
        },
    )]
}

/// Resolves a name to these addresses, refuses knocks, and leaves climbs to `climbs`.
pub fn world(
    addresses: &'static [&'static str],
    mut climbs: impl FnMut(&Ascent, usize) -> Script,
) -> impl FnMut(&Look, usize) -> Script {
    move |look, number| match look {
        Look::Resolve { name, .. } => vec![(
            Micros::from_millis(5),
            Fact::NameResolved {
                name: name.clone(),
                addresses: addresses.iter().map(|ip| ip.parse().unwrap()).collect(),
                via: Resolver::System,
                took: Micros::from_millis(5),
            },
        )],
        Look::Knock { to, .. } => {
            vec![(
                ROUND_TRIP,
                Fact::OtherPortAnswered {
                    to: *to,
                    opened: false,
                },
            )]
        }
        Look::Load(burden) => vec![(
            ROUND_TRIP,
            Fact::ConnectionsHeld {
                to: burden.to,
                asked: burden.at_once,
                held: burden.at_once,
                silent: false,
                limit: None,
                dropped: 0,
            },
        )],
        Look::Trace(_) | Look::Sizes(_) => Vec::new(),
        // Nobody answers questions.
        Look::Ask(inquiry) => vec![(
            inquiry.patience,
            Fact::NameNotResolved {
                name: inquiry.name.clone(),
                why: NameFailure::Timeout,
                via: Resolver::Server(inquiry.server),
                took: inquiry.patience,
            },
        )],
        Look::Gateway(_) | Look::Direct { .. } => panic!("no gateway was asked for"),
        Look::Realm(_) | Look::Kdc(_) | Look::Ticket(_) => panic!("no realm was asked for"),
        Look::Side { to, .. } => vec![(
            ROUND_TRIP,
            Fact::UdpAnswered {
                to: *to,
                version: Some(2),
                mtu: Some(1232),
                took: ROUND_TRIP,
            },
        )],
        Look::Climb(ascent) => climbs(ascent, number),
    }
}

pub fn silent(ascent: &Ascent) -> Script {
    let waited = ascent.connect_patience;
    vec![(
        waited,
        Fact::TcpSilent {
            to: ascent.to,
            waited,
        },
    )]
}
