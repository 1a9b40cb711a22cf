//! Whole cases against peers on loopback that misbehave in one way each.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use model::{
    AttemptOutcome, ClientProfile, Ending, Evidence, Fact, HostName, Intent, Message, Micros,
    NameFailure, Service, Target, UnixSeconds,
};
use probe::{Case, Depth, Options};

/// A target as it would be typed.
fn target(host: &str, port: u16) -> Target {
    Target {
        input: format!("{host}:{port}"),
        host: HostName::from(host),
        port,
        address: host.parse().ok(),
        zone: None,
        gateway: None,
        proxy: None,
        client: ClientProfile::default(),
    }
}

fn look(target: Target, options: Options) -> Evidence {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut case = Case::open(target, options, UnixSeconds(1_800_000_000));
    runtime.block_on(case.run(|_| ()));
    case.evidence
}

/// Short waits: these peers are on loopback and never answer late.
fn hasty(depth: Depth) -> Options {
    Options {
        timeout: Micros::from_millis(300),
        ..Options::of(depth)
    }
}

/// Serves every connection with `serve` for as long as the process lives.
fn peer(serve: impl Fn(TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || listener.incoming().flatten().for_each(serve));
    address
}

fn request(stream: &mut TcpStream) {
    // TPKT header: version, reserved, length
    let mut header = [0; 4];
    stream.read_exact(&mut header).unwrap();
    let length = usize::from(u16::from_be_bytes([header[2], header[3]]));
    stream.read_exact(&mut vec![0; length - 4]).unwrap();
}

fn ends(evidence: &Evidence) -> Vec<(Ending, Message)> {
    evidence
        .seen
        .iter()
        .filter_map(|seen| match seen.fact {
            Fact::Ended { how, after, .. } => Some((how, after)),
            _ => None,
        })
        .collect()
}

/// The looks that connect and climb, without the question for the side transport beside them.
fn climbs(evidence: &Evidence) -> Vec<&model::Attempt> {
    evidence
        .tried
        .iter()
        .filter(|tried| tried.probe == "climb")
        .collect()
}

#[test]
fn a_close_after_the_request() {
    let at = peer(|mut stream| request(&mut stream));
    let evidence = look(target("127.0.0.1", at.port()), hasty(Depth::Quick));
    assert_eq!(
        ends(&evidence),
        [(Ending::Closed, Message::ConnectionRequest)]
    );
    assert_eq!(evidence.tried.len(), 1);
    assert_eq!(evidence.tried[0].intent, Intent::AsClient);
    assert!(!evidence.interrupted);
}

#[test]
fn a_reset_after_the_request() {
    let at = peer(|mut stream| {
        request(&mut stream);
        socket2::SockRef::from(&stream)
            .set_linger(Some(std::time::Duration::ZERO))
            .unwrap();
    });
    let evidence = look(target("127.0.0.1", at.port()), hasty(Depth::Standard));
    let ends = ends(&evidence);
    assert!(ends.len() > 2 && ends.len() <= 8, "{ends:?}");
    assert!(
        ends.iter().all(|(how, _)| *how == Ending::Reset),
        "{ends:?}"
    );
    let second = climbs(&evidence)[1];
    assert_eq!(second.says, format!("{at}, the same once more"));
    assert_eq!(second.intent, Intent::AsClient);
}

#[test]
fn silence_after_the_request() {
    // Accepted by the system, never read.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let evidence = look(target("127.0.0.1", at.port()), hasty(Depth::Standard));
    let ends = ends(&evidence);
    assert!(
        ends.contains(&(Ending::Silence, Message::ConnectionRequest)),
        "{ends:?}"
    );
    assert!(
        ends.iter().all(|(how, _)| *how == Ending::Silence),
        "{ends:?}"
    );
    let climbs = climbs(&evidence).len();
    assert!(climbs > 4 && climbs <= 8, "{climbs}");
    drop(listener);
}

#[test]
fn another_service_is_recognised_and_left_alone() {
    let at = peer(|mut stream| {
        stream
            .write_all(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")
            .unwrap();
        let _ = stream.read(&mut [0; 64]);
    });
    let evidence = look(target("127.0.0.1", at.port()), hasty(Depth::Standard));
    let service = evidence.seen.iter().find_map(|seen| match &seen.fact {
        Fact::OtherServiceAnswered { service, .. } => Some(*service),
        _ => None,
    });
    assert_eq!(service, Some(Service::Ssh));
    // Once more tells whether it is the only one there.
    assert_eq!(climbs(&evidence).len(), 2);
}

#[test]
fn garbage_is_a_fact() {
    for garbage in [
        &b"\x00\x01\x02\x03\xff\xfe"[..],
        &[0x03, 0x00, 0x00, 0x00],
        &[0xAA; 4096],
    ] {
        let at = peer(|mut stream| {
            request(&mut stream);
            let _ = stream.write_all(garbage);
        });
        let evidence = look(target("127.0.0.1", at.port()), hasty(Depth::Quick));
        assert!(
            evidence.seen.iter().any(|seen| matches!(
                seen.fact,
                Fact::OtherServiceAnswered { .. } | Fact::Unreadable { .. } | Fact::Ended { .. }
            )),
            "{:?}",
            evidence.seen
        );
    }
}

#[test]
fn a_closed_port_is_tried_twice() {
    // Bound and not listening: nobody else gets the port meanwhile.
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
    socket.bind(&any.into()).unwrap();
    let port = socket.local_addr().unwrap().as_socket().unwrap().port();
    let evidence = look(target("127.0.0.1", port), hasty(Depth::Standard));
    let refused = evidence
        .seen
        .iter()
        .filter(|seen| matches!(seen.fact, Fact::TcpRefused { .. }))
        .count();
    // Twice there, and once where Remote Desktop usually listens.
    assert_eq!((refused, evidence.tried.len()), (2, 3));
    assert_eq!(evidence.tried[1].says, "127.0.0.1:3389");
    assert_eq!(evidence.tried[1].outcome, AttemptOutcome::Ran);
}

#[test]
fn a_name_without_an_answer_ends_the_case() {
    let evidence = look(target("two words", 3389), hasty(Depth::Standard));
    let why = evidence.seen.iter().find_map(|seen| match seen.fact {
        Fact::NameNotResolved { why, .. } => Some(why),
        _ => None,
    });
    assert_eq!(why, Some(NameFailure::Malformed));
    assert_eq!((evidence.tried.len(), evidence.interrupted), (1, false));
}

#[test]
fn a_dropped_case_keeps_what_it_saw() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut case = Case::open(
        target("127.0.0.1", at.port()),
        Options::default(),
        UnixSeconds(0),
    );
    runtime.block_on(async {
        let (opened, seen) = tokio::sync::oneshot::channel();
        let mut opened = Some(opened);
        let run = case.run(|progress| {
            if let probe::Progress::Seen(seen) = progress
                && let Fact::NegotiationOffered { .. } = seen.fact
                && let Some(opened) = opened.take()
            {
                opened.send(()).unwrap();
            }
        });
        // Ctrl-C at the moment the request was sent.
        tokio::select! {
            () = run => unreachable!("the peer never answers"),
            _ = seen => {}
        }
    });
    assert!(case.evidence.interrupted);
    assert!(
        case.evidence
            .seen
            .iter()
            .any(|seen| matches!(seen.fact, Fact::TcpOpened { .. }))
    );
    assert_eq!(case.evidence.tried[0].took, None);
}
