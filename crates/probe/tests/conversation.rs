//! One connection in memory: our side against a TLS server and messages written by hand.

use model::codes::{NegFailure, Protocols, TlsAlert, TlsVersion};
use model::{Ending, Fact, FactKind, Message, Micros, Phase, Place, Resumption, UnixSeconds};
use probe::{Ascent, Conversation, Do, Net, SessionUse, Sessions};
use proptest::prelude::*;
use tls::{ClientHello, Groups, Identity, Server, ServerContext, ServerSettings};
use wire::climb::Wish;
use wire::tls::Hello;

/// X.224 Connection Confirm with RDP_NEG_RSP, selectedProtocol HYBRID.
const CHOOSES_NLA: &[u8] = &[
    0x03, 0x00, 0x00, 0x13, 0x0E, 0xD0, 0x00, 0x00, 0x12, 0x34, 0x00, 0x02, 0x0F, 0x08, 0x00, 0x02,
    0x00, 0x00, 0x00,
];
/// The same with selectedProtocol SSL.
const CHOOSES_TLS: &[u8] = &[
    0x03, 0x00, 0x00, 0x13, 0x0E, 0xD0, 0x00, 0x00, 0x12, 0x34, 0x00, 0x02, 0x0F, 0x08, 0x00, 0x01,
    0x00, 0x00, 0x00,
];
/// X.224 Connection Confirm with RDP_NEG_FAILURE, HYBRID_REQUIRED_BY_SERVER.
const WANTS_NLA: &[u8] = &[
    0x03, 0x00, 0x00, 0x13, 0x0E, 0xD0, 0x00, 0x00, 0x12, 0x34, 0x00, 0x03, 0x00, 0x08, 0x00, 0x05,
    0x00, 0x00, 0x00,
];
/// A TSRequest with an NTLM CHALLENGE.
const CHALLENGE: &[u8] = include_bytes!("../../wire/corpus/credssp/challenge");

fn ascent() -> Ascent {
    let offers = Protocols::TLS | Protocols::HYBRID;
    let patience = Micros::from_secs(4);
    Ascent {
        kerberos: false,
        to: "192.0.2.7:3389".parse().unwrap(),
        relay: None,
        connect_patience: patience,
        segments: None,
        wish: Wish::new(Some(offers), Phase::Authenticate, patience),
        hello: ClientHello::default(),
        session: SessionUse::None,
        enough: &[],
        due: Micros::from_millis(5_500),
        farewell: Micros::ZERO,
        credentials: None,
        host: "192.0.2.7".to_owned(),
    }
}

fn settings() -> ServerSettings {
    let chain = include_bytes!("files/certificate.pem");
    let key = include_bytes!("files/key.pem");
    ServerSettings::of(Identity::from_pem(chain, key).unwrap())
}

/// The far end: a confirm, then TLS, then the same words to whatever is said inside it.
struct Peer {
    confirm: &'static [u8],
    tls: Option<Server>,
    answer: &'static [u8],
    confirmed: bool,
}

impl Peer {
    fn on(&mut self, bytes: &[u8]) -> Vec<u8> {
        if !self.confirmed {
            self.confirmed = true;
            return self.confirm.to_vec();
        }
        let Some(tls) = &mut self.tls else {
            return Vec::new();
        };
        tls.received(bytes);
        for _ in 0..2 {
            tls.step();
        }
        if !tls.take_plain().is_empty() {
            tls.write_plain(self.answer);
        }
        tls.take_outgoing()
    }
}

/// What came of a conversation.
#[derive(Debug, Default)]
struct Outcome {
    facts: Vec<Fact>,
    sent: Vec<Vec<u8>>,
    judged: Vec<Vec<Vec<u8>>>,
    closed: bool,
}

impl Outcome {
    fn kinds(&self) -> Vec<FactKind> {
        self.facts.iter().map(Fact::kind).collect()
    }

    fn ended(&self) -> Option<(Ending, Message)> {
        self.facts.iter().find_map(|fact| match fact {
            Fact::Ended { how, after, .. } => Some((*how, *after)),
            _ => None,
        })
    }
}

/// Plays a conversation, handing at most `piece` bytes at once to our side; a peer that says nothing more
/// ends it in this manner.
fn play(ascent: Ascent, peer: Peer, piece: usize, end: Ending) -> Outcome {
    play_with(Sessions::default(), ascent, peer, piece, end)
}

/// The same for one of several that share the sessions that they keep.
fn play_with(
    sessions: Sessions,
    ascent: Ascent,
    mut peer: Peer,
    piece: usize,
    end: Ending,
) -> Outcome {
    let conversation = Conversation::new(ascent, UnixSeconds(1_800_000_000));
    let mut conversation = conversation.sharing(sessions);
    let mut outcome = Outcome::default();
    let mut now = Micros::from_millis(10);
    let mut acts = conversation.on(now, Net::Opened);
    loop {
        let mut answers = Vec::new();
        let mut waits = false;
        for act in acts {
            assert!(!outcome.closed, "nothing follows the close: {act:?}");
            match act {
                Do::Send(bytes) => {
                    answers.extend(peer.on(&bytes));
                    outcome.sent.push(bytes);
                }
                Do::Wake(moment) => {
                    assert!(moment >= now);
                    waits = true;
                }
                Do::Fact(Place { .. }, fact) => outcome.facts.push(fact),
                Do::Judge(chain) => outcome.judged.push(chain),
                Do::Broke(why) => panic!("{why}"),
                Do::Close => outcome.closed = true,
            }
        }
        if outcome.closed {
            assert!(conversation.on(now, Net::Bytes(b"late")).is_empty());
            return outcome;
        }
        assert!(waits, "who neither closes nor waits hangs");
        now = now.plus(Micros::from_millis(1));
        acts = if answers.is_empty() {
            conversation.on(now, Net::Ended(end))
        } else {
            let mut acts = Vec::new();
            for bytes in answers.chunks(piece) {
                acts.extend(conversation.on(now, Net::Bytes(bytes)));
            }
            acts
        };
    }
}

fn healthy() -> Peer {
    Peer {
        confirm: CHOOSES_NLA,
        tls: Some(Server::new(&settings()).unwrap()),
        answer: CHALLENGE,
        confirmed: false,
    }
}

#[test]
fn the_whole_ladder() {
    let outcome = play(ascent(), healthy(), usize::MAX, Ending::Silence);
    for kind in [
        FactKind::NegotiationOffered,
        FactKind::NegotiationChosen,
        FactKind::TlsOffered,
        FactKind::TlsChosen,
        FactKind::TlsEstablished,
        FactKind::CertificateSeen,
        FactKind::CredSspOffered,
        FactKind::NtlmChallenged,
    ] {
        assert!(
            outcome.kinds().contains(&kind),
            "{kind:?} in {:?}",
            outcome.kinds()
        );
    }
    assert_eq!(outcome.ended(), None);
    assert_eq!(outcome.judged, [settings().identity.chain]);
    // Request, hello, finished, NEGOTIATE, and a farewell inside TLS.
    let farewell = outcome.sent.last().unwrap();
    assert_eq!((outcome.sent.len(), farewell[0]), (5, 23));
}

#[test]
fn a_refusal_ends_it() {
    let peer = Peer {
        confirm: WANTS_NLA,
        tls: None,
        answer: b"",
        confirmed: false,
    };
    let outcome = play(ascent(), peer, 3, Ending::Closed);
    assert!(outcome.facts.iter().any(|fact| matches!(
        fact,
        Fact::NegotiationRefused {
            code: NegFailure::HYBRID_REQUIRED_BY_SERVER,
            ..
        }
    )));
    assert_eq!(outcome.sent.len(), 1);
}

#[test]
fn an_alert_is_told() {
    let settings = ServerSettings {
        lowest: TlsVersion::TLS1_3,
        ..settings()
    };
    let peer = Peer {
        tls: Some(Server::new(&settings).unwrap()),
        ..healthy()
    };
    let hello = ClientHello {
        highest: TlsVersion::TLS1_2,
        ..ClientHello::default()
    };
    let outcome = play(
        Ascent { hello, ..ascent() },
        peer,
        usize::MAX,
        Ending::Closed,
    );
    let alerted = Fact::TlsAlerted {
        alert: TlsAlert::PROTOCOL_VERSION,
        after: Message::ClientHello,
    };
    assert!(outcome.facts.contains(&alerted), "{:?}", outcome.facts);
    assert!(!outcome.kinds().contains(&FactKind::TlsRejected));
}

#[test]
fn each_ending_is_told_with_the_message_before_it() {
    for how in [
        Ending::Closed,
        Ending::Reset,
        Ending::Silence,
        Ending::Unreachable,
    ] {
        let peer = Peer {
            confirm: b"",
            tls: None,
            answer: b"",
            confirmed: false,
        };
        let outcome = play(ascent(), peer, 1, how);
        assert_eq!(outcome.ended(), Some((how, Message::ConnectionRequest)));

        let peer = Peer {
            confirm: CHOOSES_TLS,
            tls: None,
            answer: b"",
            confirmed: false,
        };
        let outcome = play(ascent(), peer, 1, how);
        assert_eq!(outcome.ended(), Some((how, Message::ClientHello)));

        let peer = Peer {
            answer: b"",
            ..healthy()
        };
        let outcome = play(ascent(), peer, usize::MAX, how);
        assert_eq!(outcome.ended(), Some((how, Message::CredSspNegotiate)));
    }
}

#[test]
fn a_reset_before_anything_was_said() {
    let mut conversation = Conversation::new(ascent(), UnixSeconds(0));
    let acts = conversation.on(Micros(5), Net::Ended(Ending::Reset));
    assert!(acts.iter().any(|act| matches!(
        act,
        Do::Fact(
            _,
            Fact::Ended {
                how: Ending::Reset,
                after: Message::TcpHandshake,
                ..
            }
        )
    )));
    assert_eq!(acts.last(), Some(&Do::Close));
}

#[test]
fn waits_are_cut_when_it_is_late() {
    let wake = |opened: Micros| {
        let mut conversation = Conversation::new(ascent(), UnixSeconds(0));
        let acts = conversation.on(opened, Net::Opened);
        acts.into_iter()
            .rev()
            .find_map(|act| match act {
                Do::Wake(moment) => Some(moment.since(opened)),
                _ => None,
            })
            .unwrap()
    };
    assert_eq!(wake(Micros::from_millis(20)), Micros::from_secs(4));
    assert_eq!(wake(Micros::from_millis(3_000)), Micros::from_millis(2_500));
    assert_eq!(wake(Micros::from_millis(9_000)), Micros::from_secs(2));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn pieces_make_no_difference(piece in 1_usize..400) {
        let whole = play(ascent(), healthy(), usize::MAX, Ending::Silence);
        let pieces = play(ascent(), healthy(), piece, Ending::Silence);
        let but_times = |outcome: &Outcome| {
            let mut kinds = outcome.kinds();
            kinds.sort();
            kinds
        };
        prop_assert_eq!(but_times(&whole), but_times(&pieces));
    }

    #[test]
    fn any_bytes_come_to_an_end(
        confirm in any::<bool>(),
        bytes in proptest::collection::vec(any::<u8>(), 0..2_000),
        piece in 1_usize..300,
    ) {
        let mut conversation = Conversation::new(ascent(), UnixSeconds(0));
        let mut acts = conversation.on(Micros(1), Net::Opened);
        if confirm {
            acts.extend(conversation.on(Micros(2), Net::Bytes(CHOOSES_TLS)));
        }
        for bytes in bytes.chunks(piece) {
            acts.extend(conversation.on(Micros(3), Net::Bytes(bytes)));
        }
        acts.extend(conversation.on(Micros(4), Net::Ended(Ending::Closed)));
        prop_assert_eq!(acts.iter().filter(|act| **act == Do::Close).count(), 1);
        prop_assert!(acts.iter().any(|act| matches!(act, Do::Fact(_, fact) if fact.kind() != FactKind::NegotiationOffered)));
    }
}

/// What became of sessions that were to be taken up again.
fn resumptions(outcome: &Outcome) -> Vec<(TlsVersion, Resumption)> {
    let told = outcome.facts.iter().filter_map(|fact| match fact {
        Fact::TlsResumption { version, what } => Some((*version, *what)),
        _ => None,
    });
    told.collect()
}

#[test]
fn a_session_that_was_given_is_taken_up_again() {
    for version in [TlsVersion::TLS1_2, TlsVersion::TLS1_3] {
        for (ciphers, suites) in [
            ("ALL:@SECLEVEL=0", "TLS_AES_256_GCM_SHA384"),
            (
                "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0",
                "TLS_AES_128_GCM_SHA256",
            ),
        ] {
            let settings = ServerSettings {
                ciphers: ciphers.to_owned(),
                suites: Some(suites.to_owned()),
                ..settings()
            };
            let server = ServerContext::new(&settings).unwrap();
            let peer = |server: &ServerContext| Peer {
                tls: Some(Server::of(server).unwrap()),
                ..healthy()
            };
            let sessions = Sessions::default();
            let surveys = |hello, session| Ascent {
                wish: Wish {
                    surveys: true,
                    hello,
                    until: Phase::Secure,
                    ..ascent().wish
                },
                hello: ClientHello {
                    lowest: version,
                    highest: version,
                    groups: Groups::PostQuantum,
                    ..ClientHello::default()
                },
                session,
                ..ascent()
            };
            let play = |ascent, peer, piece| {
                play_with(sessions.clone(), ascent, peer, piece, Ending::Silence)
            };
            let keeps = surveys(None, SessionUse::Keep(Micros::from_millis(50)));
            let resumes = surveys(Some(Hello::classic(version, version)), SessionUse::Resume);
            // Without one that was kept, nothing is tried.
            let nothing = play(resumes.clone(), peer(&server), 7);
            assert_eq!(resumptions(&nothing), []);
            let kept = play(keeps, peer(&server), 7);
            assert_eq!(
                resumptions(&kept),
                [(version, Resumption::Given)],
                "{kept:?}"
            );
            assert!(kept.kinds().contains(&FactKind::TlsEstablished), "{kept:?}");
            let taken = play(resumes.clone(), peer(&server), 7);
            assert_eq!(
                resumptions(&taken),
                [(version, Resumption::Taken)],
                "{taken:?}"
            );
            // A server that shares nothing between its connections, as xrdp, cannot take it up.
            let other = ServerContext::new(&settings).unwrap();
            let refused = play(resumes, peer(&other), 7);
            assert_eq!(
                resumptions(&refused),
                [(version, Resumption::Refused)],
                "{refused:?}"
            );
        }
    }
}

#[test]
fn the_word_on_a_handshake_of_tls13_is_waited_for() {
    let wait = Micros::from_millis(50);
    let looks = |demands_certificate, piece| {
        let settings = ServerSettings {
            demands_certificate,
            ..settings()
        };
        let server = ServerContext::new(&settings).unwrap();
        let peer = Peer {
            confirm: CHOOSES_TLS,
            tls: Some(Server::of(&server).unwrap()),
            ..healthy()
        };
        let ascent = Ascent {
            session: SessionUse::Settle(wait),
            ..ascent()
        };
        play(ascent, peer, piece, Ending::Silence)
    };
    for piece in [usize::MAX, 7] {
        // It comes behind our own end of the handshake (RFC 8446 section 4.4.2.4).
        let refused = looks(true, piece);
        let alert = refused.facts.iter().find_map(|fact| match fact {
            Fact::TlsAlerted { alert, after } => Some((*alert, *after)),
            _ => None,
        });
        assert_eq!(
            alert,
            Some((TlsAlert(116), Message::ClientFinished)),
            "{:?}",
            refused.facts
        );
        let content = looks(false, piece);
        assert!(!content.kinds().contains(&FactKind::TlsAlerted));
        assert_eq!(content.ended(), None);
        assert!(content.closed);
    }
}
