//! A connection to a [`Host`] through the link, sans-IO: what the client does goes in, what reaches the
//! client comes out.

use std::sync::Arc;

use model::Micros;

use crate::scenario::LinkSettings;
use crate::server::{Do, Host, Net, Server};
use crate::toxics::{Lane, Piece, Way};

/// A connection with everything between client and server.
pub struct Line {
    server: Server,
    to_server: Lane,
    to_client: Lane,
    /// When the server wants to be asked again.
    server_due: Option<Micros>,
    /// The most bytes of a segment in either direction.
    segments: usize,
}

impl Line {
    /// Connection `number` to `host`, counted from 1, opened while `open` with itself are open. Without the
    /// delays of `link`, a piece takes `one_way` from one side to the other.
    pub fn new(
        host: &Arc<Host>,
        link: &LinkSettings,
        one_way: Micros,
        number: u32,
        open: u32,
    ) -> Self {
        let chance = host.chance().part(u64::from(number)).part(1);
        let one_way = one_way.plus(Micros(link.round_trip_ms.saturating_mul(500)));
        let jitter = Micros(link.jitter_ms.saturating_mul(500));
        let lane = |way, part| Lane::new(&link.toxic, way, one_way, jitter, chance.part(part));
        Self {
            server: host.connection(number, open),
            to_server: lane(Way::ToServer, 0),
            to_client: lane(Way::ToClient, 1),
            server_due: None,
            segments: usize::MAX,
        }
    }

    /// The same with segments of at most so many bytes, as a client can ask for when it connects.
    #[must_use]
    pub fn in_segments_of(mut self, bytes: Option<u16>) -> Self {
        self.segments = bytes.map_or(usize::MAX, |bytes| usize::from(bytes).max(1));
        self
    }

    /// Takes in what the client did at `now`; says what reaches the client now, and when to ask again.
    ///
    /// The client opened the connection at `now` when that is [`Net::Opened`]: the server learns of it at
    /// once, and what it says then takes its way.
    pub fn on(&mut self, now: Micros, from_client: Net<'_>) -> Vec<Do> {
        match from_client {
            Net::Opened => self.serve(now, Net::Opened),
            Net::Bytes(bytes) => {
                for segment in bytes.chunks(self.segments) {
                    self.to_server.take(now, Piece::Bytes(segment.to_vec()));
                }
            }
            Net::Ended => self.to_server.take(now, Piece::Closed),
            Net::Time => {}
        }
        let mut reached = Vec::new();
        // A piece that arrives may cause answers that arrive at once.
        loop {
            if let Some(piece) = self.to_server.give(now) {
                match piece {
                    Piece::Bytes(bytes) => self.serve(now, Net::Bytes(&bytes)),
                    Piece::Closed => self.serve(now, Net::Ended),
                    Piece::Reset => {
                        self.serve(now, Net::Ended);
                        reached.push(Do::Reset);
                    }
                }
            } else if self.server_due.is_some_and(|due| due <= now) {
                self.serve(now, Net::Time);
            } else if let Some(piece) = self.to_client.give(now) {
                match piece {
                    Piece::Bytes(bytes) => reached.push(Do::Send(bytes)),
                    Piece::Closed => reached.push(Do::HalfClose),
                    Piece::Reset => {
                        self.serve(now, Net::Ended);
                        reached.push(Do::Reset);
                    }
                }
            } else {
                break;
            }
        }
        let dues = [self.to_server.due(), self.to_client.due(), self.server_due];
        reached.extend(dues.into_iter().flatten().min().map(Do::Wake));
        reached
    }

    fn serve(&mut self, now: Micros, net: Net<'_>) {
        self.server_due = None;
        for step in self.server.on(now, net) {
            match step {
                Do::Send(bytes) => {
                    for segment in bytes.chunks(self.segments) {
                        self.to_client.take(now, Piece::Bytes(segment.to_vec()));
                    }
                }
                Do::HalfClose | Do::Close => self.to_client.take(now, Piece::Closed),
                Do::Reset => self.to_client.take(now, Piece::Reset),
                Do::Wake(at) => self.server_due = Some(at),
            }
        }
    }
}
