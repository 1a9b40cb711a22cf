//! Flow control on the two channels of a virtual connection ([MS-RPCH] 3.2.1.1.4 to 3.2.1.5.1). PDUs of RPC count, RTS
//! PDUs and HTTP do not.

use std::collections::VecDeque;

use super::rts::{Ack, Cookie};

/// The window that Windows takes ([MS-RPCH] note 15).
pub(super) const WINDOW: u32 = 0x0001_0000;
/// The length that both channels are announced with: one gibibyte, as Windows does ([MS-RPCH] notes 8 and 10).
pub(super) const LIFETIME: u32 = 0x4000_0000;
/// The windows that are allowed ([MS-RPCH] 2.2.3.5.1).
const WINDOWS: std::ops::RangeInclusive<u32> = 8 * 1024..=256 * 1024;
/// More than this does not wait for a client that takes nothing.
const MOST_WAITING: usize = 8 * 1024 * 1024;
/// When so much of the OUT channel's length is left, Windows begins to recycle it ([MS-RPCH] note 51).
const RESERVE: u64 = 8 * 1024;

/// What goes to the client.
#[derive(Debug)]
pub(super) struct Outgoing {
    pub channel: Cookie,
    window: u32,
    /// BytesSent.
    sent: u32,
    /// Sender AvailableWindow; what was sent too much is less than nothing.
    available: i64,
    queue: VecDeque<Vec<u8>>,
    waiting: usize,
    /// What still fits into the channel.
    left: u64,
}

impl Outgoing {
    /// A channel whose receiver has so much room; nothing where that is not allowed.
    pub fn new(channel: Cookie, window: u32) -> Option<Self> {
        WINDOWS.contains(&window).then(|| Self {
            channel,
            window,
            sent: 0,
            available: i64::from(window),
            queue: VecDeque::new(),
            waiting: 0,
            left: u64::from(LIFETIME),
        })
    }

    /// Nothing waits, and there is room for so much.
    pub fn is_free(&self, length: usize) -> bool {
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        self.queue.is_empty() && self.available >= length
    }

    /// So much was sent.
    pub fn sends(&mut self, length: usize) {
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        self.sent = self.sent.wrapping_add(length);
        self.available = self.available.saturating_sub(i64::from(length));
        self.left = self.left.saturating_sub(u64::from(length));
    }

    /// Another PDU waits.
    pub fn push(&mut self, pdu: Vec<u8>) {
        self.waiting = self.waiting.saturating_add(pdu.len());
        self.queue.push_back(pdu);
    }

    /// The next PDU that may be sent now.
    pub fn next(&mut self) -> Option<Vec<u8>> {
        let length = i64::try_from(self.queue.front()?.len()).unwrap_or(i64::MAX);
        if self.available < length {
            return None;
        }
        let pdu = self.queue.pop_front()?;
        self.waiting = self.waiting.saturating_sub(pdu.len());
        self.sends(pdu.len());
        Some(pdu)
    }

    /// The client takes too little, or the channel is used up: recycling one is not spoken here.
    pub fn is_stuck(&self) -> bool {
        self.waiting > MOST_WAITING || self.left < RESERVE
    }

    /// The client got so much and has so much room ([MS-RPCH] 3.2.1.5.1.2). False when it cannot be.
    pub fn acknowledged(&mut self, ack: &Ack) -> bool {
        if ack.channel != self.channel {
            // To be discarded.
            return true;
        }
        if ack.window > self.window {
            return false;
        }
        // FreeRDP 2 counts responses and forgets bind_ack: what it says it got lags behind by that, and no more.
        let under_way = self.sent.wrapping_sub(ack.received);
        self.available = i64::from(ack.window).saturating_sub(i64::from(under_way));
        true
    }
}

/// What comes from the client. A PDU is read as it comes, so that all of the window is free again at once.
#[derive(Debug)]
pub(super) struct Incoming {
    pub channel: Cookie,
    /// BytesReceived.
    received: u32,
    /// AvailableWindowAdvertised.
    advertised: u32,
}

impl Incoming {
    pub const fn new(channel: Cookie) -> Self {
        Self {
            channel,
            received: 0,
            advertised: WINDOW,
        }
    }

    /// So much came; what is to be acknowledged when less than half of the window is open ([MS-RPCH] note 27).
    pub fn receives(&mut self, length: usize) -> Option<Ack> {
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        self.received = self.received.wrapping_add(length);
        self.advertised = self.advertised.saturating_sub(length);
        if self.advertised >= WINDOW / 2 {
            return None;
        }
        self.advertised = WINDOW;
        Some(Ack {
            received: self.received,
            window: WINDOW,
            channel: self.channel,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// [MS-RPCH] 4.2, with numbers that are allowed: a hundred times its own.
    #[test]
    fn the_example_of_the_specification_comes_out() {
        let mut out = Outgoing::new([1; 16], 100_000).unwrap();
        let ack = |received, window| Ack {
            received,
            window,
            channel: [1; 16],
        };
        out.sends(25_000);
        assert_eq!(out.available, 75_000);
        out.sends(50_000);
        assert_eq!(out.available, 25_000);
        assert!(out.acknowledged(&ack(25_000, 85_000)));
        assert_eq!(out.available, 35_000);
        assert!(out.acknowledged(&ack(75_000, 55_000)));
        assert_eq!(out.available, 55_000);
        assert!(out.acknowledged(&ack(75_000, 100_000)));
        assert_eq!(out.available, 100_000);
        assert!(
            !out.acknowledged(&ack(75_000, 100_001)),
            "more than there is"
        );
        let stranger = Ack {
            channel: [2; 16],
            ..ack(0, 7)
        };
        assert!(out.acknowledged(&stranger));
        assert_eq!(out.available, 100_000);
    }

    #[test]
    fn what_finds_no_room_waits_in_order() {
        let mut out = Outgoing::new([1; 16], 8192).unwrap();
        for byte in 0..4 {
            out.push(vec![byte; 4096]);
        }
        assert_eq!(out.next().map(|pdu| pdu[0]), Some(0));
        assert_eq!(out.next().map(|pdu| pdu[0]), Some(1));
        assert_eq!(out.next(), None);
        let ack = Ack {
            received: 4096,
            window: 8192,
            channel: [1; 16],
        };
        assert!(out.acknowledged(&ack));
        assert_eq!(out.next().map(|pdu| pdu[0]), Some(2));
        assert_eq!(out.next(), None);
        assert!(!out.is_free(1));
    }

    #[test]
    fn nothing_grows_without_bounds() {
        let mut out = Outgoing::new([1; 16], 8192).unwrap();
        while !out.is_stuck() {
            out.push(vec![0; 1024 * 1024]);
        }
        assert!(out.waiting <= MOST_WAITING + 1024 * 1024);
        assert!(Outgoing::new([1; 16], 8191).is_none());
        assert!(Outgoing::new([1; 16], 256 * 1024 + 1).is_none());
    }

    #[test]
    fn half_a_window_is_acknowledged() {
        let mut incoming = Incoming::new([2; 16]);
        assert_eq!(incoming.receives(32_768), None);
        let ack = incoming.receives(1).unwrap();
        assert_eq!((ack.received, ack.window), (32_769, 65_536));
        assert_eq!(incoming.receives(32_768), None);
    }
}
