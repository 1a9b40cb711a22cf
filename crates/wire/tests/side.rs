//! The side transport's first datagrams against an independent state machine, which is both client and server.

use ironrdp_core::decode;
use ironrdp_rdpeudp::pdu::{UdpVersion, V1Datagram};
use ironrdp_rdpeudp::{ConnectionConfig, MonotonicInstant, RdpeudpConnection};
use wire::rdpeudp::{Syn, VERSION_1, VERSION_2, VERSION_3};

const HASH: [u8; 32] = [7; 32];

fn now() -> MonotonicInstant {
    MonotonicInstant::from_millis(0)
}

fn config(version: UdpVersion) -> ConnectionConfig {
    ConnectionConfig {
        initial_sequence_number: 4_711,
        cookie_hash: Some(HASH),
        offer_version: version,
        ..ConnectionConfig::default()
    }
}

#[test]
fn a_server_of_others_answers_our_syn() {
    for version in [VERSION_1, VERSION_2] {
        let syn = Syn::client(42, version);
        let datagram: V1Datagram = decode(&syn.encode()).unwrap();
        let mut server =
            RdpeudpConnection::accept(config(UdpVersion::V3), &datagram, now()).unwrap();
        let answer = server.poll_transmit(now()).unwrap();
        let answer = Syn::read(&answer.contents).unwrap();
        assert_eq!(
            (answer.acknowledges, answer.spoken(), answer.mtu()),
            (Some(42), version, 1232)
        );
        assert_eq!(answer.sequence, 4_711);
    }
    // With the cookie of a session it is the third.
    let syn = Syn {
        cookie_hash: Some(HASH),
        ..Syn::client(42, VERSION_3)
    };
    let datagram: V1Datagram = decode(&syn.encode()).unwrap();
    let mut server = RdpeudpConnection::accept(config(UdpVersion::V3), &datagram, now()).unwrap();
    let answer = server.poll_transmit(now()).unwrap();
    assert_eq!(Syn::read(&answer.contents).unwrap().spoken(), VERSION_3);
}

#[test]
fn a_client_of_others_takes_our_answer() {
    for (offered, version) in [
        (UdpVersion::V1, VERSION_1),
        (UdpVersion::V2, VERSION_2),
        (UdpVersion::V3, VERSION_3),
    ] {
        let mut client = RdpeudpConnection::connect(
            ConnectionConfig {
                cookie_hash: (version == VERSION_3).then_some(HASH),
                ..config(offered)
            },
            now(),
        )
        .unwrap();
        let asks = client.poll_transmit(now()).unwrap();
        let asks = Syn::read(&asks.contents).unwrap();
        assert_eq!((asks.sequence, asks.version), (4_711, Some(version)));
        assert_eq!(asks.cookie_hash, (version == VERSION_3).then_some(HASH));
        let mut answer = asks.answer(42, VERSION_3).encode();
        client.handle_datagram(&mut answer, now()).unwrap();
        assert!(client.is_established());
        assert_eq!(client.mtu(), Some(1232));
    }
}
