//! Scenarios on loopback show what they show in memory. No time is asserted: waits only bound a hang.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use lab::loopback::{self, Error, Served, Settings};
use lab::scenario;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const REQUEST: &[u8] = &[
    0x03, 0x00, 0x00, 0x13, 0x0E, 0xE0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x08, 0x00, 0x0B,
    0x00, 0x00, 0x00,
];

/// Long enough for anything that comes at all.
const HANG: Duration = Duration::from_secs(20);

async fn serve(rest: &str) -> Served {
    let text = format!(
        "format = \"rdpdoctor/scenario/1\"\nwhat = \"A test.\"\nexpect = {{ outcome = \"healthy\" }}\n{rest}"
    );
    let scenario = scenario::read("healthy/test", &text).unwrap();
    loopback::serve(&scenario, Settings::default())
        .await
        .unwrap()
}

/// What a client gets for a connection request: the bytes, and how it ended.
async fn ask(address: SocketAddr) -> (Vec<u8>, Option<ErrorKind>) {
    let mut got = Vec::new();
    let talk = async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(REQUEST).await?;
        stream.read_to_end(&mut got).await
    };
    let ended = timeout(HANG, talk).await.expect("no hang");
    (got, ended.err().map(|error| error.kind()))
}

#[tokio::test]
async fn a_refusal_arrives_and_the_end_is_orderly() {
    let served = serve("[server.answers]\nany = \"refuse 5\"").await;
    let (got, ended) = ask(served.addresses[0]).await;
    assert_eq!(ended, None);
    assert_eq!(
        got.last_chunk(),
        Some(&[0x03, 0x00, 0x08, 0x00, 0x05, 0x00, 0x00, 0x00])
    );
    assert_eq!(served.connections(), 1);
}

#[tokio::test]
async fn a_reset_is_a_reset() {
    let served = serve("[[server.fault]]\nat = \"request\"\ndoes = \"reset\"").await;
    let (got, ended) = ask(served.addresses[0]).await;
    assert_eq!((got.len(), ended), (0, Some(ErrorKind::ConnectionReset)));
}

#[tokio::test]
async fn an_answer_drips_through_a_slow_link() {
    let served = serve(
        "[server.answers]\nany = \"refuse 1\"\n[link]\nround_trip_ms = 2\n[[link.toxic]]\nkind = \"drip\"\nbytes = 3\nms = 1",
    )
    .await;
    let (got, ended) = ask(served.addresses[0]).await;
    assert_eq!((got.len(), ended), (19, None));
}

#[tokio::test]
async fn a_link_resets_in_the_middle_of_an_answer() {
    let served = serve("[[link.toxic]]\nkind = \"reset\"\nafter_bytes = 10").await;
    let (_, ended) = ask(served.addresses[0]).await;
    assert_eq!(ended, Some(ErrorKind::ConnectionReset));
}

#[tokio::test]
async fn an_address_refuses_while_another_opens() {
    let served = serve(
        "[server]\nsecurity = \"xrdp-rdp\"\n[[server.fault]]\nat = \"confirm\"\ndoes = \"close\"\n[[network.address]]\nip = \"10.0.0.1\"\nsyn = \"refused\"\n[[network.address]]\nip = \"10.0.0.2\"",
    )
    .await;
    assert_eq!(served.addresses[0].port(), served.addresses[1].port());
    assert_eq!(
        ask(served.addresses[0]).await.1,
        Some(ErrorKind::ConnectionRefused)
    );
    assert_eq!(ask(served.addresses[1]).await.0.len(), 19);
}

#[tokio::test]
async fn a_port_is_refused_after_some_connections() {
    let served = serve(
        "[server.answers]\nany = \"close\"\n[[network.address]]\nip = \"10.0.0.1\"\nsyn = \"refused\"\nwhen = { from = 3 }",
    )
    .await;
    assert_eq!(ask(served.addresses[0]).await.1, None);
    assert_eq!(ask(served.addresses[0]).await.1, None);
    assert_eq!(
        ask(served.addresses[0]).await.1,
        Some(ErrorKind::ConnectionRefused)
    );
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_silent_port_says_nothing() {
    let served = serve("[[network.address]]\nip = \"10.0.0.1\"\nsyn = \"silent\"").await;
    let opened = timeout(
        Duration::from_millis(700),
        TcpStream::connect(served.addresses[0]),
    )
    .await;
    assert!(opened.is_err(), "{opened:?}");
}

#[tokio::test]
async fn dropping_it_ends_everything() {
    let served = serve("[[server.fault]]\nat = \"accept\"\ndoes = \"silence\"").await;
    let address = served.addresses[0];
    let mut stream = TcpStream::connect(address).await.unwrap();
    drop(served);
    let ended = timeout(HANG, stream.read(&mut [0; 1]))
        .await
        .expect("no hang");
    assert!(matches!(ended, Ok(0) | Err(_)));
    let again = timeout(HANG, TcpStream::connect(address))
        .await
        .expect("no hang");
    assert_eq!(
        again.map(drop).map_err(|error| error.kind()),
        Err(ErrorKind::ConnectionRefused)
    );
}

#[tokio::test]
async fn what_only_a_network_can_do_is_refused_by_name() {
    let text = "format = \"rdpdoctor/scenario/1\"\nwhat = \"A test.\"\nexpect = { outcome = \"failing\", top = \"reach.x\", family = \"x\" }\n[[network.address]]\nip = \"10.0.0.1\"\nsyn = \"unreachable\"\nicmp = { type = 3, code = 13 }";
    let scenario = scenario::read("reach/test", text).unwrap();
    let error = loopback::serve(&scenario, Settings::default())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::InMemoryOnly { .. }));
    assert!(error.to_string().contains("reach/test"), "{error}");
}
