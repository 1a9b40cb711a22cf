//! How fast, and how much at once: the rate, the share of a subnet, and a window that adapts to what this
//! machine and the network bear.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;

use model::Micros;

/// The smallest window.
const LEAST: usize = 8;
/// The window a sweep begins with.
const FIRST: usize = 64;
/// A connection that takes so long to open lost its first packet: the system repeats it after a second.
const LATE: Micros = Micros::from_millis(950);
/// Of so many connections that opened, one in ten may open late before the window shrinks.
const JUDGED: u32 = 64;
/// The window shrinks at most once in this time.
const REST: Micros = Micros::from_secs(1);

/// How a sweep treats the network.
#[derive(Clone, Debug, PartialEq)]
pub struct Pace {
    /// Hosts begun in a second at most; `None` for as fast as it goes.
    pub rate: Option<f64>,
    /// Hosts of one /24 or /64 looked at at the same time.
    pub per_subnet: usize,
    /// Each host waits for a random time up to this before it is looked at.
    pub jitter: Micros,
    /// Hosts looked at at the same time.
    pub at_once: usize,
    /// The time by which a silent host is given up; every wait is a share of it.
    pub timeout: Micros,
}

impl Pace {
    const fn share(&self, of_sixty: u64) -> Micros {
        Micros(self.timeout.0 / 60 * of_sixty)
    }

    /// Wait for the resolver: 5 s of 6.
    pub(crate) const fn resolve_patience(&self) -> Micros {
        self.share(50)
    }

    /// Wait for an answer to the SYN: 4 s of 6, which covers the repetitions after 1 s and 3 s.
    pub(crate) const fn connect_patience(&self) -> Micros {
        self.share(40)
    }

    /// Wait for an answer on an open connection: 4 s of 6.
    pub(crate) const fn answer_patience(&self) -> Micros {
        self.share(40)
    }

    /// No connection lasts longer, however slowly its peer drips: four times the timeout.
    pub(crate) const fn longest(&self) -> Micros {
        self.timeout.times(4)
    }
}

/// Whether a host may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clearance {
    /// At once.
    Go,
    /// Not before this moment.
    At(Micros),
    /// When another is done.
    Full,
}

/// Lets hosts in.
#[derive(Debug)]
pub(super) struct Gate {
    /// Time between two hosts.
    interval: Option<Micros>,
    /// The moment for which the next host is due.
    due: Micros,
    per_subnet: usize,
    /// Subnets with hosts that are being looked at. Never iterated.
    subnets: HashMap<Subnet, usize>,
    jitter: Micros,
    random: u64,
    most: usize,
    window: usize,
    /// As many were being looked at as may be, when the last ones were let in.
    full: bool,
    /// The window grew too far once: from then on it grows slowly.
    careful: bool,
    since_growth: usize,
    judged: u32,
    late: u32,
    shrunk_at: Option<Micros>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Subnet {
    V4([u8; 3]),
    V6([u8; 8]),
}

impl Subnet {
    const fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(v4) => {
                let [a, b, c, _] = v4.octets();
                Self::V4([a, b, c])
            }
            IpAddr::V6(v6) => {
                let [a, b, c, d, e, f, g, h, ..] = v6.octets();
                Self::V6([a, b, c, d, e, f, g, h])
            }
        }
    }
}

impl Gate {
    pub(super) fn new(pace: &Pace, most: usize) -> Self {
        let interval = pace.rate.filter(|rate| *rate > 0.0).map(|rate| {
            let duration = std::time::Duration::try_from_secs_f64(1.0 / rate).unwrap_or_default();
            Micros(
                u64::try_from(duration.as_micros())
                    .unwrap_or(u64::MAX)
                    .max(1),
            )
        });
        Self {
            interval,
            due: Micros::ZERO,
            per_subnet: pace.per_subnet.max(1),
            subnets: HashMap::new(),
            jitter: pace.jitter,
            random: RandomState::new().hash_one(most) | 1,
            most: most.max(1),
            window: FIRST.min(most.max(1)),
            full: false,
            careful: false,
            since_growth: 0,
            judged: 0,
            late: 0,
            shrunk_at: None,
        }
    }

    pub(super) const fn window(&self) -> usize {
        self.window
    }

    /// Whether one more may begin.
    pub(super) fn clearance(&self, now: Micros, in_flight: usize) -> Clearance {
        if in_flight >= self.window {
            Clearance::Full
        } else if self.interval.is_some() && self.due > now {
            Clearance::At(self.due)
        } else {
            Clearance::Go
        }
    }

    /// No more are let in for now, and so many are being looked at.
    pub(super) fn closed(&mut self, in_flight: usize) {
        self.full = in_flight >= self.window;
    }

    /// One begins.
    pub(super) fn spend(&mut self, now: Micros) {
        if let Some(interval) = self.interval {
            // What was not used in the last tenth of a second may be made up for, and no more.
            let earliest = Micros(now.0.saturating_sub(100_000));
            self.due = self.due.max(earliest).plus(interval);
        }
    }

    /// A random wait, when one is wanted.
    pub(super) fn jitter(&mut self) -> Option<Micros> {
        if self.jitter == Micros::ZERO {
            return None;
        }
        // xorshift64: spread is all that is asked of it.
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        Some(Micros(self.random % self.jitter.0.saturating_add(1)))
    }

    /// A host of this address begins; `false` when its subnet is busy.
    pub(super) fn enter(&mut self, address: IpAddr) -> bool {
        if self.per_subnet >= self.most {
            return true;
        }
        let busy = self.subnets.entry(Subnet::of(address)).or_insert(0);
        if *busy >= self.per_subnet {
            return false;
        }
        *busy = busy.saturating_add(1);
        true
    }

    /// The same, however busy it is.
    pub(super) fn enter_anyway(&mut self, address: IpAddr) {
        if self.per_subnet < self.most {
            let busy = self.subnets.entry(Subnet::of(address)).or_insert(0);
            *busy = busy.saturating_add(1);
        }
    }

    /// A host of this address is done.
    pub(super) fn leave(&mut self, address: IpAddr) {
        if self.per_subnet >= self.most {
            return;
        }
        let subnet = Subnet::of(address);
        if let Some(busy) = self.subnets.get_mut(&subnet) {
            *busy = busy.saturating_sub(1);
            if *busy == 0 {
                self.subnets.remove(&subnet);
            }
        }
    }

    /// A host is done; `opened_after` says how long its connection took to open, when it did. First packets that
    /// are lost in numbers say that this is too much for the way.
    pub(super) fn learn(&mut self, now: Micros, in_flight: usize, opened_after: Option<Micros>) {
        if let Some(took) = opened_after {
            self.judged = self.judged.saturating_add(1);
            if took >= LATE {
                self.late = self.late.saturating_add(1);
            }
            if self.judged >= JUDGED {
                if self.late.saturating_mul(10) > self.judged {
                    self.shrink(now, in_flight);
                }
                (self.judged, self.late) = (0, 0);
            }
        }
        // Grows only when it is made use of. Silent hosts are all given up in the same moment.
        if self.full || in_flight.saturating_add(1) >= self.window {
            self.since_growth = self.since_growth.saturating_add(1);
            if !self.careful || self.since_growth >= self.window {
                self.since_growth = 0;
                self.window = self.window.saturating_add(1).min(self.most);
            }
        }
    }

    /// Less at once.
    pub(super) fn shrink(&mut self, now: Micros, in_flight: usize) {
        if self.shrunk_at.is_some_and(|at| now.since(at) < REST) {
            return;
        }
        self.shrunk_at = Some(now);
        self.careful = true;
        let used = self.window.min(in_flight.max(LEAST));
        self.window = (used / 10 * 7).max(LEAST).min(self.most);
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn pace() -> Pace {
        Pace {
            rate: None,
            per_subnet: 2,
            jitter: Micros::ZERO,
            at_once: 1_000,
            timeout: Micros::from_secs(6),
        }
    }

    const fn address(c: u8, d: u8) -> IpAddr {
        IpAddr::V4(Ipv4Addr::new(10, 0, c, d))
    }

    #[test]
    fn a_subnet_takes_its_share_and_no_more() {
        let mut gate = Gate::new(&pace(), 1_000);
        assert!(gate.enter(address(1, 1)));
        assert!(gate.enter(address(1, 2)));
        assert!(!gate.enter(address(1, 3)), "the third of a /24");
        assert!(gate.enter(address(2, 1)), "another /24");
        gate.leave(address(1, 1));
        assert!(gate.enter(address(1, 3)));
        for (c, d) in [(1, 2), (1, 3), (2, 1)] {
            gate.leave(address(c, d));
        }
        assert!(gate.subnets.is_empty(), "nothing is kept of what is done");
    }

    #[test]
    fn a_rate_is_kept_however_the_time_passes() {
        let limited = Pace {
            rate: Some(100.0),
            ..pace()
        };
        let mut gate = Gate::new(&limited, 1_000);
        let mut begun = 0_u32;
        // A second in uneven steps, with a gap in the middle that may not be made up for at once.
        for now in (0..500_000_u64)
            .step_by(7_000)
            .chain((900_000..1_400_000).step_by(3_000))
        {
            while gate.clearance(Micros(now), 0) == Clearance::Go {
                gate.spend(Micros(now));
                begun += 1;
            }
        }
        // A second at 100 a second, and a tenth that may be made up for at the start and after the gap.
        assert!((95..=125).contains(&begun), "{begun}");
    }

    #[test]
    fn lost_first_packets_make_the_window_smaller() {
        let mut gate = Gate::new(&pace(), 1_000);
        for _ in 0..500 {
            gate.learn(Micros::ZERO, 999, Some(Micros::from_millis(2)));
        }
        let wide = gate.window();
        assert!(wide > 500, "{wide}");
        for _ in 0..JUDGED {
            gate.learn(Micros::from_secs(2), wide, Some(Micros::from_millis(1_020)));
        }
        let narrow = gate.window();
        assert!(narrow < wide, "{narrow} after {wide}");
        // From here on it grows by one for each round.
        for _ in 0..10 {
            gate.learn(Micros::from_secs(4), narrow, Some(Micros::from_millis(2)));
        }
        assert!(gate.window() <= narrow + 1);
    }

    #[test]
    fn silent_hosts_do_not_hold_up_the_others() {
        let mut gate = Gate::new(&pace(), 1_000);
        let mut rounds = 0;
        while gate.window() < 1_000 && rounds < 20 {
            let begun = gate.window();
            gate.closed(begun);
            for left in (0..begun).rev() {
                gate.learn(Micros::from_secs(4), left, None);
            }
            rounds += 1;
        }
        assert!(rounds < 6, "{rounds} rounds, {}", gate.window());
        // What was not full is wide enough.
        let wide = gate.window();
        gate.closed(10);
        for left in (0..10).rev() {
            gate.learn(Micros::from_secs(8), left, None);
        }
        assert_eq!(gate.window(), wide);
    }

    #[test]
    fn jitter_stays_below_its_limit() {
        let jittered = Pace {
            jitter: Micros::from_millis(5),
            ..pace()
        };
        let mut gate = Gate::new(&jittered, 1_000);
        let waits: Vec<Micros> = (0..200).filter_map(|_| gate.jitter()).collect();
        assert!(waits.iter().all(|wait| *wait <= Micros::from_millis(5)));
        assert!(waits.iter().any(|wait| *wait > Micros::from_millis(2)));
        assert_eq!(Gate::new(&pace(), 10).jitter(), None);
    }
}
