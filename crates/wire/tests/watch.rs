//! The passive machine: the laws of its kind, and what it tells about each manner of ending.
//! It is long because each manner is a course of its own, message by message, beside what it must tell.

#![expect(clippy::panic, reason = "a course that goes wrong is a failed test")]

use model::codes::{CipherSuite, NegFailure, NegFlags, NtStatus, Protocols, TlsAlert, TlsVersion};
use model::{Bytes, Ending, Fact, FactKind, Message, Micros, Phase, Place, Service};
use proptest::prelude::*;
use wire::credssp::TsRequest;
use wire::machine::{Seen, TlsFailure};
use wire::tls::{self, AlertLevel};
use wire::watch::{State, Watch};
use wire::x224::{self, Answer};

use crate::play::{Event, OPENED_AT, ms, transcript, unhex};

const NLA: Protocols = Protocols::HYBRID;

fn request() -> Event {
    Event::Sent(x224::connection_request(Some(Protocols::TLS | NLA), None))
}

fn confirm(protocols: Protocols) -> Event {
    Event::Received(x224::connection_confirm(Answer::Chosen {
        protocols,
        flags: NegFlags(0),
    }))
}

fn tls12() -> Vec<Event> {
    transcript(include_str!("files/tls12.play"), TlsVersion::TLS1_2, 0xC030)
}

fn tls13() -> Vec<Event> {
    transcript(include_str!("files/tls13.play"), TlsVersion::TLS1_3, 0x1302)
}

fn tls10() -> Vec<Event> {
    transcript(include_str!("files/tls10.play"), TlsVersion::TLS1_0, 0xC014)
}

fn client_rejects() -> Vec<Event> {
    transcript(
        include_str!("files/tls12-client-rejects.play"),
        TlsVersion::TLS1_2,
        0,
    )
}

fn server_refuses() -> Vec<Event> {
    transcript(
        include_str!("files/tls10-refused.play"),
        TlsVersion::TLS1_0,
        0,
    )
}

/// Recordings of every kind of course.
fn courses() -> Vec<Vec<Event>> {
    let after_confirm = |bytes: &[u8]| {
        vec![
            Event::Opened,
            request(),
            confirm(NLA),
            Event::Received(bytes.to_vec()),
        ]
    };
    let answer = |bytes: &[u8]| vec![Event::Opened, request(), Event::Received(bytes.to_vec())];
    let mut garbage_inside = tls12();
    garbage_inside.truncate(garbage_inside.len() - 2);
    garbage_inside.push(Event::PlainReceived(b"What is this?\r\nand more".to_vec()));
    vec![
        tls10(),
        tls12(),
        tls13(),
        client_rejects(),
        server_refuses(),
        answer(&x224::connection_confirm(Answer::Refused(
            NegFailure::HYBRID_REQUIRED_BY_SERVER,
        ))),
        answer(&x224::connection_confirm(Answer::Plain)),
        answer(b"SSH-2.0-OpenSSH_9.2\r\nmore"),
        answer(&unhex("15 0303 0002 02 46 1703")),
        answer(&unhex(
            "03000016 11 d0 0001 0002 00 c0 01 0a c1 02 0100 0300",
        )),
        answer(&unhex("0300000b 06 80 0000 1234 03 ff")),
        answer(&[0xAA; 700]),
        answer(&[0xFF, 0xFD, 0x18, 0xFF, 0xFD, 0x20]),
        after_confirm(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
        after_confirm(&[0; 300]),
        after_confirm(&unhex("16 0303 0006 02 ffffff 0000")),
        after_confirm(&unhex("16 0303 0006 02 000002 0303")),
        garbage_inside,
        vec![
            Event::Opened,
            Event::Received(b"220 mail ESMTP\r\n".to_vec()),
        ],
    ]
}

fn told_by(events: &[Event], ending: Option<Ending>) -> Vec<(Place, Fact)> {
    let mut watch = Watch::new(OPENED_AT);
    let mut facts = Vec::new();
    let mut now = 0;
    for event in events {
        now += 10;
        watch.on(ms(now), event.seen(), &mut facts);
        assert!(watch.held() <= 512 * 1024);
    }
    if let Some(how) = ending {
        watch.on(ms(now + 10), Seen::Ended(how), &mut facts);
        assert_eq!((watch.state(), watch.held()), (State::Over, 0));
    }
    facts
}

/// Without times and the number of pieces, which depend on how the bytes arrive.
fn timeless(facts: Vec<(Place, Fact)>) -> Vec<(Place, Fact)> {
    let zero = Micros::ZERO;
    facts
        .into_iter()
        .map(|(place, mut fact)| {
            match &mut fact {
                Fact::AnswerTook {
                    first,
                    whole,
                    pieces,
                    ..
                } => {
                    (*first, *whole, *pieces) = (zero, zero, 0);
                }
                Fact::TlsEstablished { took, .. } | Fact::SessionRan { took } => *took = zero,
                Fact::Ended { waited, .. } => *waited = zero,
                Fact::CertificateSeen { seen_at, .. } | Fact::NtlmChallenged { seen_at, .. } => {
                    *seen_at = OPENED_AT;
                }
                _ => {}
            }
            (place, fact)
        })
        .collect()
}

/// The same bytes in pieces of at most these sizes, one after the other.
fn split(events: &[Event], sizes: &[usize]) -> Vec<Event> {
    let mut sizes = sizes.iter().copied().cycle();
    let mut pieces = Vec::new();
    for event in events {
        let mut whole = event.clone();
        let Some(bytes) = whole.bytes().map(std::mem::take) else {
            pieces.push(whole);
            continue;
        };
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(sizes.next().unwrap_or(1).min(rest.len()));
            let mut part = event.clone();
            *part.bytes().expect("bytes") = piece.to_vec();
            pieces.push(part);
            rest = after;
        }
    }
    pieces
}

#[test]
fn single_bytes_give_the_same_facts() {
    for course in courses() {
        let whole = timeless(told_by(&course, Some(Ending::Closed)));
        let pieces = timeless(told_by(&split(&course, &[1]), Some(Ending::Closed)));
        assert_eq!(whole, pieces);
    }
}

#[test]
fn any_prefix_is_calm() {
    for course in courses() {
        let mut watch = Watch::new(OPENED_AT);
        let mut facts = Vec::new();
        for piece in split(&course, &[1]) {
            let mut ended = Vec::new();
            watch
                .clone()
                .on(ms(1), Seen::Ended(Ending::Reset), &mut ended);
            assert!(ended.len() <= 2, "{ended:?}");
            assert!(
                ended
                    .iter()
                    .filter(|(_, fact)| fact.kind() == FactKind::Ended)
                    .count()
                    <= 1
            );
            watch.on(ms(1), piece.seen(), &mut facts);
        }
        assert_eq!(timeless(facts), timeless(told_by(&course, None)));
    }
}

proptest! {
    #[test]
    fn any_split_gives_the_same_facts(
        course in prop::sample::select(courses()),
        sizes in prop::collection::vec(1_usize..700, 1..20),
    ) {
        let whole = timeless(told_by(&course, Some(Ending::Reset)));
        let pieces = timeless(told_by(&split(&course, &sizes), Some(Ending::Reset)));
        prop_assert_eq!(whole, pieces);
    }

    #[test]
    fn any_damage_is_calm(
        course in prop::sample::select(courses()),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>()), 1..6),
        sizes in prop::collection::vec(1_usize..700, 1..9),
    ) {
        let mut course = course;
        for (event, at, value) in damage {
            let count = course.len();
            if let Some(bytes) = course[event.index(count)].bytes() && !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = value;
            }
        }
        let whole = timeless(told_by(&course, Some(Ending::Closed)));
        let pieces = timeless(told_by(&split(&course, &sizes), Some(Ending::Closed)));
        prop_assert_eq!(whole, pieces);
    }

    #[test]
    fn any_flood_is_bounded(
        begin in prop::collection::vec(any::<u8>(), 0..12), filler in any::<u8>(), confirmed in any::<bool>(),
    ) {
        let mut events = vec![Event::Opened, request()];
        if confirmed {
            events.push(confirm(NLA));
        }
        events.push(Event::Received(begin));
        events.extend((0..60).map(|_| Event::Received(vec![filler; 16_000])));
        told_by(&events, Some(Ending::Silence));
    }
}

// Courses of a connection

fn kinds(facts: &[(Place, Fact)]) -> Vec<FactKind> {
    facts.iter().map(|(_, fact)| fact.kind()).collect()
}

#[test]
fn a_healthy_tls12_connection_is_told_rung_by_rung() {
    use FactKind::*;
    for (events, version) in [(tls12(), TlsVersion::TLS1_2), (tls10(), TlsVersion::TLS1_0)] {
        let facts = told_by(&events, None);
        assert_eq!(
            kinds(&facts),
            [
                NegotiationOffered,
                NegotiationChosen,
                AnswerTook,
                TlsOffered,
                TlsChosen,
                AnswerTook,
                CertificateSeen,
                TlsEstablished,
                CredSspOffered,
                NtlmChallenged,
                AnswerTook,
            ]
        );
        let Fact::TlsChosen {
            version: chosen,
            suite,
        } = facts[4].1
        else {
            panic!()
        };
        assert_eq!(chosen, version);
        let took = ms(30);
        assert_eq!(
            facts[7].1,
            Fact::TlsEstablished {
                version,
                suite,
                took
            }
        );
        let Fact::CertificateSeen {
            certificate,
            seen_at,
        } = &facts[6].1
        else {
            panic!()
        };
        assert_eq!(certificate.dns_names, ["host.example.test"]);
        assert_eq!(*seen_at, OPENED_AT);
        let Fact::NtlmChallenged {
            version, challenge, ..
        } = &facts[9].1
        else {
            panic!()
        };
        assert_eq!((*version, challenge.target.as_deref()), (6, Some("Server")));
        assert_eq!(facts[9].0, Place::host(Phase::Authenticate));
    }
}

#[test]
fn the_certificate_of_tls13_comes_from_the_library() {
    use FactKind::*;
    let facts = told_by(&tls13(), Some(Ending::Closed));
    assert_eq!(
        kinds(&facts),
        [
            NegotiationOffered,
            NegotiationChosen,
            AnswerTook,
            TlsOffered,
            TlsChosen,
            AnswerTook,
            TlsEstablished,
            CertificateSeen,
            CredSspOffered,
            NtlmChallenged,
            AnswerTook,
            Ended,
        ]
    );
    let Fact::Ended { after, .. } = facts[11].1 else {
        panic!()
    };
    assert_eq!(after, Message::CredSspChallenge);
}

/// A capture sees no keys: the handshake is complete all the same, and up to TLS 1.2 the order of the
/// encrypted messages tells where it stopped.
#[test]
fn without_keys_the_handshake_is_still_seen() {
    let blind = |events: Vec<Event>| -> Vec<Event> {
        let raw =
            |event: &Event| matches!(event, Event::Opened | Event::Sent(_) | Event::Received(_));
        events.into_iter().filter(raw).collect()
    };
    for (events, after, certificate) in [
        (tls10(), Message::CredSspChallenge, true),
        (tls12(), Message::CredSspChallenge, true),
        (tls13(), Message::ClientFinished, false),
    ] {
        let facts = told_by(&blind(events), Some(Ending::Reset));
        let kinds = kinds(&facts);
        assert!(kinds.contains(&FactKind::TlsEstablished));
        assert_eq!(kinds.contains(&FactKind::CertificateSeen), certificate);
        let Some((place, Fact::Ended { after: last, .. })) = facts.last() else {
            panic!()
        };
        assert_eq!((*last, place.phase), (after, Phase::Authenticate));
    }
}

#[test]
fn a_client_that_refuses_the_certificate_is_told_once() {
    let reset = told_by(&client_rejects(), Some(Ending::Reset));
    let rejected = Fact::TlsRejected {
        alert: TlsAlert::UNKNOWN_CA,
        reason: "the certificate's authority is unknown".into(),
    };
    assert_eq!(reset.last().unwrap().1, rejected);

    let mut watch = Watch::new(OPENED_AT);
    let mut facts = Vec::new();
    for event in client_rejects() {
        watch.on(ms(1), event.seen(), &mut facts);
    }
    let failure = TlsFailure {
        alert: None,
        received: None,
        reason: "self-signed".into(),
    };
    watch.on(ms(1), Seen::TlsFailed(failure), &mut facts);
    watch.on(ms(1), Seen::Ended(Ending::Closed), &mut facts);
    let rejected = Fact::TlsRejected {
        alert: TlsAlert::UNKNOWN_CA,
        reason: "self-signed".into(),
    };
    assert_eq!(facts.last().unwrap().1, rejected);
    assert_eq!(
        kinds(&facts)
            .iter()
            .filter(|kind| **kind == FactKind::TlsRejected)
            .count(),
        1
    );
}

#[test]
fn an_alert_and_a_close_are_told_in_order() {
    let facts = told_by(&server_refuses(), Some(Ending::Closed));
    let alert = TlsAlert::PROTOCOL_VERSION;
    let after = Message::ClientHello;
    assert_eq!(
        facts[facts.len() - 2..],
        [
            (
                Place::host(Phase::Secure),
                Fact::TlsAlerted { alert, after }
            ),
            (
                Place::host(Phase::Secure),
                Fact::Ended {
                    how: Ending::Closed,
                    after,
                    waited: ms(20),
                    partial: 0
                }
            ),
        ]
    );
}

/// xrdp says MCS Disconnect Provider Ultimatum in clear behind its alert.
#[test]
fn a_farewell_in_clear_behind_an_alert_is_not_a_strange_answer() {
    let farewell = vec![0x03, 0x00, 0x00, 0x09, 0x02, 0xF0, 0x80, 0x21, 0x80];
    let mut events = server_refuses();
    events.push(Event::Received(farewell));
    let kinds = kinds(&told_by(&events, Some(Ending::Closed)));
    assert!(kinds.contains(&FactKind::TlsAlerted), "{kinds:?}");
    assert!(!kinds.contains(&FactKind::NotTls), "{kinds:?}");
    assert!(!kinds.contains(&FactKind::Unreadable), "{kinds:?}");
}

fn ends_with(events: &[Event], how: Ending) -> (Phase, Message, Micros, u32) {
    match told_by(events, Some(how)).last() {
        Some((
            place,
            Fact::Ended {
                after,
                waited,
                partial,
                how: told,
            },
        )) => {
            assert_eq!(*told, how);
            (place.phase, *after, *waited, *partial)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_end_says_after_what() {
    use Message::*;
    let hello = Event::Sent(tls::Hello::classic(TlsVersion::TLS1_0, TlsVersion::TLS1_2).encode());
    let half = Event::Received(vec![0x16, 0x03, 0x03, 0x00, 0x50, 0x02]);
    let opened = Event::Opened;
    type End = (Phase, Message, u64, u32);
    let table: &[(&[Event], End)] = &[
        (
            std::slice::from_ref(&opened),
            (Phase::Negotiate, TcpHandshake, 10, 0),
        ),
        (
            &[opened.clone(), request()],
            (Phase::Negotiate, ConnectionRequest, 10, 0),
        ),
        (
            &[
                opened.clone(),
                request(),
                Event::Received(unhex("0300001309d0")),
            ],
            (Phase::Negotiate, ConnectionRequest, 20, 6),
        ),
        (
            &[opened.clone(), request(), confirm(NLA)],
            (Phase::Secure, ConnectionConfirm, 10, 0),
        ),
        (
            &[opened.clone(), request(), confirm(NLA), hello.clone()],
            (Phase::Secure, ClientHello, 10, 0),
        ),
        (
            &[opened.clone(), request(), confirm(NLA), hello.clone(), half],
            (Phase::Secure, ClientHello, 20, 6),
        ),
        (
            &[opened.clone(), hello],
            (Phase::Secure, ClientHello, 10, 0),
        ),
        (&tls12()[..5], (Phase::Secure, ServerHelloDone, 10, 0)),
        (&tls12()[..6], (Phase::Secure, ClientFinished, 10, 0)),
        (&tls12()[..7], (Phase::Authenticate, ServerFinished, 10, 0)),
        (&tls12()[..8], (Phase::Authenticate, ServerFinished, 20, 0)),
        (
            &tls12()[..9],
            (Phase::Authenticate, CredSspNegotiate, 10, 0),
        ),
        (&tls12(), (Phase::Authenticate, CredSspChallenge, 20, 0)),
        (&tls13()[..5], (Phase::Secure, ServerHelloDone, 10, 0)),
        (&tls13()[..6], (Phase::Authenticate, ClientFinished, 10, 0)),
    ];
    for (events, (phase, after, waited, partial)) in table {
        for how in [
            Ending::Closed,
            Ending::Reset,
            Ending::Silence,
            Ending::Unreachable,
        ] {
            assert_eq!(
                ends_with(events, how),
                (*phase, *after, ms(*waited), *partial)
            );
        }
    }
}

#[test]
fn a_refusal_is_the_end() {
    let code = NegFailure::SSL_NOT_ALLOWED_BY_SERVER;
    let events = [
        Event::Opened,
        request(),
        Event::Received(x224::connection_confirm(Answer::Refused(code))),
    ];
    let facts = told_by(&events, Some(Ending::Closed));
    let offered = Some(Protocols::TLS | NLA);
    let took = Fact::AnswerTook {
        message: Message::ConnectionConfirm,
        first: ms(10),
        whole: ms(10),
        pieces: 1,
    };
    let facts: Vec<Fact> = facts.into_iter().map(|(_, fact)| fact).collect();
    assert_eq!(
        facts,
        [
            Fact::NegotiationOffered { offered },
            Fact::NegotiationRefused { offered, code },
            took
        ]
    );
}

#[test]
fn the_time_and_the_pieces_of_an_answer_are_told() {
    let whole = x224::connection_confirm(Answer::Plain);
    let mut watch = Watch::new(OPENED_AT);
    let mut facts = Vec::new();
    watch.on(ms(0), Seen::Opened, &mut facts);
    watch.on(ms(5), request().seen(), &mut facts);
    watch.on(ms(17), Seen::Received(&whole[..4]), &mut facts);
    watch.on(ms(20), Seen::Received(&whole[4..6]), &mut facts);
    watch.on(ms(45), Seen::Received(&whole[6..]), &mut facts);
    let took = Fact::AnswerTook {
        message: Message::ConnectionConfirm,
        first: ms(12),
        whole: ms(40),
        pieces: 3,
    };
    assert_eq!(facts.last().unwrap().1, took);
    assert_eq!(watch.chosen(), Some(Protocols::RDP));
}

#[test]
fn other_services_are_told_with_their_words() {
    let table: &[(&[u8], Service, &[u8])] = &[
        (b"SSH-2.0-x\r\nmore", Service::Ssh, b"SSH-2.0-x\r\n"),
        (
            b"HTTP/1.1 400 Bad Request\r\nServer: x\r\n",
            Service::Http,
            b"HTTP/1.1 400 Bad Request\r\n",
        ),
        (
            &[0x15, 3, 1, 0, 2, 2, 40, 9],
            Service::Tls,
            &[0x15, 3, 1, 0, 2, 2, 40],
        ),
        (&[0x99; 400], Service::Unknown, &[0x99; 256]),
        (&[0x99; 4], Service::Unknown, &[0x99; 4]),
    ];
    for (answer, service, first) in table {
        let before = [Event::Opened, Event::Received(answer.to_vec())];
        let after = [Event::Opened, request(), Event::Received(answer.to_vec())];
        for events in [&before[..], &after[..]] {
            let facts = told_by(events, Some(Ending::Closed));
            let told = Fact::OtherServiceAnswered {
                service: *service,
                first_bytes: Bytes(first.to_vec()),
            };
            assert_eq!(
                facts.last().unwrap(),
                &(Place::host(Phase::Negotiate), told)
            );
        }
    }
}

#[test]
fn what_is_not_tls_is_told_as_that() {
    let facts = told_by(
        &[
            Event::Opened,
            request(),
            confirm(NLA),
            Event::Sent(tls::Hello::classic(TlsVersion::TLS1_2, TlsVersion::TLS1_2).encode()),
            Event::Received(b"HTTP/1.0 400 Bad\r\nx".to_vec()),
        ],
        None,
    );
    let first_bytes = Bytes(b"HTTP/1.0 400 Bad\r\n".to_vec());
    assert_eq!(
        facts.last().unwrap(),
        &(Place::host(Phase::Secure), Fact::NotTls { first_bytes })
    );
}

#[test]
fn a_warning_counts_only_when_the_connection_ends_with_it() {
    let mut events = tls12();
    let warning = tls::alert(AlertLevel::Warning, TlsAlert::UNRECOGNIZED_NAME);
    events.insert(4, Event::Received(warning));
    let healthy = told_by(&events, Some(Ending::Closed));
    assert!(!kinds(&healthy).contains(&FactKind::TlsAlerted));
    let cut = told_by(&events[..5], Some(Ending::Closed));
    assert_eq!(kinds(&cut)[4..], [FactKind::TlsAlerted, FactKind::Ended]);
}

#[test]
fn an_encrypted_alert_is_told_by_the_library() {
    let mut watch = Watch::new(OPENED_AT);
    let mut facts = Vec::new();
    for event in &tls13()[..7] {
        watch.on(ms(1), event.seen(), &mut facts);
    }
    let received = Some(TlsAlert::CERTIFICATE_REQUIRED);
    let failure = TlsFailure {
        alert: None,
        received,
        reason: "alert 116".into(),
    };
    watch.on(ms(2), Seen::TlsFailed(failure), &mut facts);
    let alert = TlsAlert::CERTIFICATE_REQUIRED;
    assert_eq!(
        facts.last().unwrap().1,
        Fact::TlsAlerted {
            alert,
            after: Message::ClientFinished
        }
    );
}

#[test]
fn a_credssp_refusal_keeps_its_number() {
    let mut events = tls12();
    events.truncate(events.len() - 2);
    events.push(Event::PlainReceived(
        TsRequest::with_error(3, 0xC000_006D).encode(),
    ));
    let facts = told_by(&events, Some(Ending::Closed));
    let refused = Fact::CredSspRefused {
        version: 3,
        error: NtStatus::STATUS_LOGON_FAILURE,
        named: Some(false),
    };
    assert_eq!(facts[facts.len() - 2].1, refused);
    assert_eq!(facts[facts.len() - 1].1.kind(), FactKind::AnswerTook);
}

#[test]
fn a_token_that_is_no_ntlm_is_kept() {
    let mut events = tls12();
    events.truncate(events.len() - 2);
    events.push(Event::PlainReceived(
        TsRequest::with_token(5, b"krb".to_vec()).encode(),
    ));
    let facts = told_by(&events, None);
    let token = Bytes(b"krb".to_vec());
    assert_eq!(
        facts[facts.len() - 2].1,
        Fact::CredSspAnswered { version: 5, token }
    );
}

#[test]
fn the_hello_is_told_with_its_size_over_records() {
    let whole = tls::Hello {
        padded_to: Some(3000),
        ..tls::Hello::classic(TlsVersion::TLS1_2, TlsVersion::TLS1_3)
    }
    .encode();
    let (first, second) = whole[5..].split_at(1000);
    let mut pieces = tls::record(tls::Content::Handshake, TlsVersion::TLS1_0, first);
    pieces.extend(tls::record(
        tls::Content::Handshake,
        TlsVersion::TLS1_0,
        second,
    ));
    for (bytes, size) in [(whole, 3000), (pieces, 3005)] {
        let facts = told_by(
            &[Event::Opened, request(), confirm(NLA), Event::Sent(bytes)],
            None,
        );
        let (lowest, highest) = (TlsVersion::TLS1_2, TlsVersion::TLS1_3);
        assert_eq!(
            facts.last().unwrap().1,
            Fact::TlsOffered {
                lowest,
                highest,
                size
            }
        );
    }
}

#[test]
fn a_retry_is_no_choice() {
    let retry = tls::ServerHello {
        version: TlsVersion::TLS1_3,
        suite: CipherSuite(0x1301),
        retry: true,
    };
    let message = tls::handshake_message(2, &tls::server_hello(retry, [0; 32]));
    let answer = tls::record(tls::Content::Handshake, TlsVersion::TLS1_2, &message);
    let mut events = tls13();
    let hello = events[3].clone();
    events.insert(4, Event::Received(answer));
    events.insert(5, hello);
    let facts = told_by(&events, None);
    let count = |kind| kinds(&facts).iter().filter(|other| **other == kind).count();
    assert_eq!(
        (count(FactKind::TlsOffered), count(FactKind::TlsChosen)),
        (1, 1)
    );
    assert_eq!(count(FactKind::TlsEstablished), 1);
    assert_eq!(
        ends_with(&events[..5], Ending::Reset).1,
        Message::ServerHello
    );
}

/// Encrypted records to and fro, as they follow a handshake.
fn exchange(rounds: usize, from_server: usize) -> Vec<Event> {
    let record = |length| {
        tls::record(
            tls::Content::ApplicationData,
            TlsVersion::TLS1_2,
            &vec![0; length],
        )
    };
    (0..rounds)
        .flat_map(|_| {
            [
                Event::Sent(record(120)),
                Event::Received(record(from_server)),
            ]
        })
        .collect()
}

#[test]
fn a_session_behind_encryption_is_told_and_its_end_is_not_that_of_a_rung() {
    for course in [tls12(), tls13()] {
        let mut events: Vec<Event> = course[..7].to_vec();
        events.extend(exchange(30, 900));
        let facts = told_by(&events, Some(Ending::Reset));
        let ended = &facts[facts.len() - 2..];
        assert_eq!(kinds(ended), [FactKind::SessionRan, FactKind::Ended]);
        assert_eq!(ended[1].0, Place::host(Phase::Session));
        let Fact::Ended { after, .. } = ended[1].1 else {
            panic!()
        };
        assert_eq!(after, Message::SessionData);
        // A few messages, or many that carry nothing, are no session.
        for few in [exchange(3, 900), exchange(30, 30)] {
            let events: Vec<Event> = course[..7].iter().cloned().chain(few).collect();
            let facts = told_by(&events, Some(Ending::Reset));
            assert!(!kinds(&facts).contains(&FactKind::SessionRan));
        }
    }
}

#[test]
fn a_session_in_clear_is_told() {
    let initial = Event::Sent(unhex("0300000d 02f080 7f65 82 0001 00"));
    let response = Event::Received(unhex("0300000d 02f080 7f66 82 0001 00"));
    let mut events = vec![Event::Opened, request(), confirm(Protocols::RDP)];
    events.extend([initial, response]);
    for _ in 0..6 {
        events.push(Event::Sent(unhex("0300000c 02f080 04010001 00")));
        events.push(Event::Received(vec![0x04; 1000]));
    }
    assert_eq!(
        ends_with(&events[..4], Ending::Closed).1,
        Message::McsConnectInitial
    );
    assert_eq!(
        ends_with(&events[..6], Ending::Closed).1,
        Message::McsConnectResponse
    );
    let whole = told_by(&events, Some(Ending::Closed));
    assert!(kinds(&whole).contains(&FactKind::SessionRan));
    let pieces = told_by(&split(&events, &[1, 7, 40]), Some(Ending::Closed));
    assert_eq!(timeless(whole), timeless(pieces));
}

#[test]
fn a_client_that_leaves_accuses_nobody() {
    let mut watch = Watch::new(OPENED_AT);
    let mut facts = Vec::new();
    for (at, event) in (0..).zip([Event::Opened, request(), confirm(NLA)]) {
        watch.on(ms(at), event.seen(), &mut facts);
    }
    watch.on(ms(9), Seen::Left(Ending::Reset), &mut facts);
    watch.on(ms(9), Seen::Ended(Ending::Closed), &mut facts);
    let after = Message::ConnectionConfirm;
    let left = Fact::ClientEnded {
        how: Ending::Reset,
        after,
        waited: ms(7),
    };
    assert_eq!(facts.last().unwrap(), &(Place::host(Phase::Secure), left));
}

#[test]
fn a_client_that_waited_in_vain_tells_of_a_silence() {
    let mut watch = Watch::new(OPENED_AT);
    let mut facts = Vec::new();
    watch.on(ms(0), Seen::Opened, &mut facts);
    watch.on(ms(1), request().seen(), &mut facts);
    watch.on(ms(20_001), Seen::Left(Ending::Reset), &mut facts);
    let silence = Fact::Ended {
        how: Ending::Silence,
        after: Message::ConnectionRequest,
        waited: ms(20_000),
        partial: 0,
    };
    assert_eq!(facts.last().unwrap().1, silence);
}

/// What a capture lost must not be taken for what a server did.
#[test]
fn bytes_nobody_recorded_accuse_nobody() {
    let mut events = tls12();
    events.truncate(7);
    events.extend(exchange(30, 900));
    for at in 1..events.len() {
        let mut watch = Watch::new(OPENED_AT);
        let mut facts = Vec::new();
        for (position, event) in events.iter().enumerate() {
            let seen = match event {
                Event::Sent(bytes) if position == at => Seen::SentUnseen(bytes.len()),
                Event::Received(bytes) if position == at => Seen::ReceivedUnseen(bytes.len()),
                event => event.seen(),
            };
            watch.on(ms(1), seen, &mut facts);
        }
        watch.on(ms(1), Seen::Ended(Ending::Closed), &mut facts);
        let kinds = kinds(&facts);
        let strange = [
            FactKind::NotTls,
            FactKind::Unreadable,
            FactKind::OtherServiceAnswered,
        ];
        assert!(
            !kinds.iter().any(|kind| strange.contains(kind)),
            "{at}: {facts:?}"
        );
        let told = kinds.contains(&FactKind::Ended);
        assert_eq!(told, at >= 7, "{at}: {kinds:?}");
        assert_eq!(kinds.contains(&FactKind::SessionRan), at >= 7);
    }
}
