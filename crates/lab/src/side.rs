//! The side transport over UDP of a host, as far as its first answer: SYN and SYN+ACK ([MS-RDPEUDP] 3.1.5.1.3).
//!
//! No session follows: what would go over it belongs to a session that the lab does not have.

use std::io;

use tokio::net::UdpSocket;
use wire::rdpeudp::Syn;

/// Larger than any datagram of the handshake.
const LARGEST: usize = 2_048;
/// The number that its own datagrams begin with: a server of the lab keeps nothing secret.
const SEQUENCE: u32 = 0x7264_7064;

/// What a host that speaks versions up to `version` answers to a datagram; nothing to what begins no connection.
pub fn answer(datagram: &[u8], version: u16) -> Option<Vec<u8>> {
    let syn = Syn::read(datagram).filter(|syn| syn.acknowledges.is_none())?;
    Some(syn.answer(SEQUENCE, version).encode())
}

/// Answers what comes until the task is dropped; with `None`, listens and says nothing.
pub(crate) async fn serve(socket: UdpSocket, version: Option<u16>) {
    let mut buffer = [0; LARGEST];
    loop {
        // An error is about a client that is gone.
        let received: io::Result<_> = socket.recv_from(&mut buffer).await;
        let Ok((length, from)) = received else {
            tokio::task::yield_now().await;
            continue;
        };
        let datagram = buffer.get(..length).unwrap_or_default();
        if let Some(bytes) = version.and_then(|version| answer(datagram, version)) {
            let _ = socket.send_to(&bytes, from).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::rdpeudp::{VERSION_1, VERSION_2, VERSION_3};

    #[test]
    fn the_older_of_both_versions_is_spoken() {
        let asks = Syn::client(7, VERSION_2).encode();
        for (own, spoken) in [
            (VERSION_1, VERSION_1),
            (VERSION_2, VERSION_2),
            (VERSION_3, VERSION_2),
        ] {
            let answered = answer(&asks, own).unwrap();
            let read = Syn::read(&answered).unwrap();
            assert_eq!((read.acknowledges, read.spoken()), (Some(7), spoken));
            assert_eq!(answered.len(), 1232);
            // What is an answer begins nothing.
            assert_eq!(answer(&answered, own), None);
        }
        assert_eq!(answer(b"no such datagram", VERSION_2), None);
        assert_eq!(answer(&[], VERSION_2), None);
    }
}
