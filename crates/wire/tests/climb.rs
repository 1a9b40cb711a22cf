//! The active client, as plays.

use hex_literal::hex;
use model::codes::{NegFailure, NegFlags, Protocols, TlsAlert, TlsVersion};
use model::{Bytes, Ending, Fact, FactKind, LogonMechanism, Message, Micros, Phase, Service};
use wire::climb::{Begin, Climb, Wish};
use wire::credssp::TsRequest;
use wire::machine::{Output, Seen, TlsFailure};
use wire::ntlm;
use wire::tls::{self, AlertLevel, Hello};
use wire::x224::{self, Answer};

use crate::play::{Event, OPENED_AT, Play, ms, play, transcript};

const TLS: Protocols = Protocols::TLS;
const BOTH: Protocols = Protocols(Protocols::TLS.0 | Protocols::HYBRID.0);
const PATIENCE: Micros = Micros::from_secs(5);

fn wish(offers: Protocols, until: Phase) -> Wish {
    Wish::new(Some(offers), until, PATIENCE)
}

fn took(message: Message, millis: u64) -> Fact {
    Fact::AnswerTook {
        message,
        first: ms(millis),
        whole: ms(millis),
        pieces: 1,
    }
}

#[test]
fn nla_required() {
    let offered = Some(TLS);
    play(wish(TLS, Phase::Authenticate))
        .sends(&hex!("0300 0013 0ee0 0000 0000 00 0100 0800 01000000"))
        .notes(Phase::Negotiate, Fact::NegotiationOffered { offered })
        .at(12)
        .gets(&hex!("0300 0013 0ed0 0000 1234 00 0300 0800 05000000"))
        .notes(
            Phase::Negotiate,
            Fact::NegotiationRefused {
                offered,
                code: NegFailure::HYBRID_REQUIRED_BY_SERVER,
            },
        )
        .notes(Phase::Negotiate, took(Message::ConnectionConfirm, 12))
        .done();
}

fn confirmed(wish: Wish, chosen: Protocols) -> Play {
    let offered = wish.offers;
    let request = x224::connection_request(offered, wish.cookie.as_deref());
    let flags = NegFlags(0);
    play(wish)
        .sends(&request)
        .notes(Phase::Negotiate, Fact::NegotiationOffered { offered })
        .at(10)
        .gets(&x224::connection_confirm(Answer::Chosen {
            protocols: chosen,
            flags,
        }))
        .notes(
            Phase::Negotiate,
            Fact::NegotiationChosen {
                offered,
                chosen,
                flags,
            },
        )
        .notes(Phase::Negotiate, took(Message::ConnectionConfirm, 10))
}

#[test]
fn a_look_stops_where_it_was_told_to() {
    confirmed(wish(BOTH, Phase::Negotiate), Protocols::HYBRID).done();
    let cookie = Some("nobody".to_owned());
    confirmed(
        Wish {
            cookie,
            ..wish(BOTH, Phase::Negotiate)
        },
        TLS,
    )
    .done();
}

#[test]
fn standard_security_and_uninvited_choices_are_the_end() {
    confirmed(wish(BOTH, Phase::Authenticate), Protocols::RDP).done();
    confirmed(wish(TLS, Phase::Authenticate), Protocols::HYBRID).done();
    confirmed(wish(BOTH, Phase::Authenticate), Protocols::RDSTLS).done();
}

/// Goes through a recording as a driver would.
fn follow(mut play: Play, events: &[Event]) -> Play {
    use FactKind::*;
    for event in events {
        play = play.sees(event.seen());
        play = match event {
            Event::Up(_) => play,
            Event::Sent(bytes) if bytes.get(5) == Some(&1) => play.notes_kinds(&[TlsOffered]),
            Event::Received(bytes) if bytes.get(5) == Some(&2) => {
                play.notes_kinds(&[TlsChosen, AnswerTook, CertificateSeen])
            }
            Event::Received(bytes) if bytes.windows(3).any(|window| window == [0x16, 3, 3]) => {
                play.notes_kinds(&[TlsEstablished])
            }
            _ => play,
        };
    }
    play
}

#[test]
fn a_healthy_server_is_climbed_up_to_its_challenge() {
    let events = transcript(include_str!("files/tls12.play"), TlsVersion::TLS1_2, 0xC030);
    let negotiate = TsRequest::with_token(6, ntlm::negotiate()).encode();
    let challenge = events
        .iter()
        .find_map(|event| match event {
            Event::PlainReceived(bytes) => Some(bytes.clone()),
            _ => None,
        })
        .unwrap();
    let up = confirmed(wish(BOTH, Phase::Authenticate), Protocols::HYBRID).starts_tls();
    follow(up, &events[3..8])
        .sends_plain(&negotiate)
        .notes(
            Phase::Authenticate,
            Fact::CredSspOffered {
                version: 6,
                mechanism: Some(LogonMechanism::Ntlm),
            },
        )
        .at(30)
        .sees(Seen::PlainReceived(&challenge))
        .notes_kinds(&[FactKind::NtlmChallenged, FactKind::AnswerTook])
        .done();
    let up = confirmed(wish(BOTH, Phase::Secure), Protocols::HYBRID).starts_tls();
    follow(up, &events[3..8]).done();
    let up = confirmed(wish(BOTH, Phase::Authenticate), TLS).starts_tls();
    follow(up, &events[3..8]).done();
}

#[test]
fn a_silent_server_is_told_with_the_time_waited() {
    let request = x224::connection_request(Some(TLS), None);
    play(wish(TLS, Phase::Secure))
        .sends(&request)
        .notes_kinds(&[FactKind::NegotiationOffered])
        .at(5000)
        .ends(Ending::Silence)
        .notes(
            Phase::Negotiate,
            Fact::Ended {
                how: Ending::Silence,
                after: Message::ConnectionRequest,
                waited: ms(5000),
                partial: 0,
            },
        )
        .done();
}

#[test]
fn another_service_is_told_without_waiting_for_its_end() {
    play(wish(TLS, Phase::Secure))
        .sends(&x224::connection_request(Some(TLS), None))
        .notes_kinds(&[FactKind::NegotiationOffered])
        .gets(b"SSH-2.0-OpenSSH_9.2\r\n")
        .notes_kinds(&[FactKind::OtherServiceAnswered])
        .done();
    // Too little to be sure that it is all: a short wait, and no fact about the silence.
    play(wish(TLS, Phase::Secure))
        .sends(&x224::connection_request(Some(TLS), None))
        .notes_kinds(&[FactKind::NegotiationOffered])
        .gets(&[0x99, 0x01])
        .quiet()
        .at(400)
        .ends(Ending::Silence)
        .notes(
            Phase::Negotiate,
            Fact::OtherServiceAnswered {
                service: Service::Unknown,
                first_bytes: Bytes(vec![0x99, 0x01]),
            },
        )
        .done();
}

fn alerted() -> Play {
    let hello = Hello::classic(TlsVersion::TLS1_0, TlsVersion::TLS1_2).encode();
    confirmed(wish(BOTH, Phase::Secure), Protocols::HYBRID)
        .starts_tls()
        .sees(Seen::Sent(&hello))
        .notes_kinds(&[FactKind::TlsOffered])
        .gets(&tls::alert(AlertLevel::Fatal, TlsAlert::HANDSHAKE_FAILURE))
        .notes(
            Phase::Secure,
            Fact::TlsAlerted {
                alert: TlsAlert::HANDSHAKE_FAILURE,
                after: Message::ClientHello,
            },
        )
        .sees(Seen::TlsFailed(TlsFailure {
            alert: None,
            received: Some(TlsAlert::HANDSHAKE_FAILURE),
            reason: "handshake failure".into(),
        }))
}

#[test]
fn the_end_after_an_alert_is_waited_for_briefly() {
    alerted()
        .ends(Ending::Closed)
        .notes_kinds(&[FactKind::Ended])
        .done();
    alerted().ends(Ending::Silence).done();
}

#[test]
fn our_own_refusal_is_the_end() {
    let failure = TlsFailure {
        alert: Some(TlsAlert::DECODE_ERROR),
        received: None,
        reason: "bad extension".into(),
    };
    confirmed(wish(BOTH, Phase::Secure), Protocols::HYBRID)
        .starts_tls()
        .sees(Seen::TlsFailed(failure))
        .notes(
            Phase::Secure,
            Fact::TlsRejected {
                alert: TlsAlert::DECODE_ERROR,
                reason: "bad extension".into(),
            },
        )
        .done();
}

#[test]
fn a_hello_look_reads_the_flight_and_leaves() {
    let hello = Hello::classic(TlsVersion::TLS1_2, TlsVersion::TLS1_2);
    let bytes = hello.encode();
    let look = Wish {
        hello: Some(hello),
        ..wish(BOTH, Phase::Secure)
    };
    for (file, kinds) in [
        (
            include_str!("files/tls12.play"),
            &[
                FactKind::TlsChosen,
                FactKind::AnswerTook,
                FactKind::CertificateSeen,
            ][..],
        ),
        (
            include_str!("files/tls13.play"),
            &[FactKind::TlsChosen, FactKind::AnswerTook][..],
        ),
    ] {
        let events = transcript(file, TlsVersion::TLS1_2, 0);
        let Event::Received(flight) = &events[4] else {
            panic!()
        };
        confirmed(look.clone(), Protocols::HYBRID)
            .sends(&bytes)
            .notes_kinds(&[FactKind::TlsOffered])
            .gets(flight)
            .notes_kinds(kinds)
            .done();
    }
    let direct = Wish {
        begin: Begin::DirectTls,
        ..look
    };
    play(direct)
        .sends(&bytes)
        .notes_kinds(&[FactKind::TlsOffered])
        .at(3)
        .ends(Ending::Reset)
        .notes(
            Phase::Secure,
            Fact::Ended {
                how: Ending::Reset,
                after: Message::ClientHello,
                waited: ms(3),
                partial: 0,
            },
        )
        .done();
}

#[test]
fn tls_without_a_negotiation_goes_up_to_the_challenge() {
    let events = transcript(include_str!("files/tls12.play"), TlsVersion::TLS1_2, 0xC030);
    let look = Wish {
        begin: Begin::DirectTls,
        ..wish(BOTH, Phase::Authenticate)
    };
    let negotiate = TsRequest::with_token(6, ntlm::negotiate()).encode();
    let up = play(look).starts_tls();
    follow(up, &events[3..8])
        .sends_plain(&negotiate)
        .notes(
            Phase::Authenticate,
            Fact::CredSspOffered {
                version: 6,
                mechanism: Some(LogonMechanism::Ntlm),
            },
        )
        .at(30)
        .ends(Ending::Closed)
        .notes_kinds(&[FactKind::Ended])
        .done();
}

/// A server that drips one byte a second must not hold a look for longer than its patience.
#[test]
fn patience_is_per_answer_and_not_per_byte() {
    let mut climb = Climb::new(wish(TLS, Phase::Secure), OPENED_AT);
    let mut out = Vec::new();
    climb.on(ms(0), Seen::Opened, &mut out);
    climb.on(
        ms(0),
        Seen::Sent(&x224::connection_request(Some(TLS), None)),
        &mut out,
    );
    for (second, byte) in hex!("03000013").into_iter().enumerate() {
        let now = ms(1000 * u64::try_from(second).unwrap());
        climb.on(now, Seen::Received(&[byte]), &mut out);
    }
    let wakes: Vec<&Output> = out
        .iter()
        .filter(|output| matches!(output, Output::Wake(_)))
        .collect();
    assert_eq!(wakes.len(), 6);
    assert!(wakes.iter().all(|wake| **wake == Output::Wake(PATIENCE)));
}
