//! What clues ask about addresses and ports.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use model::codes::IcmpError;
use model::{Fact, FactKind, Leg, Micros, Observation};

use super::View;
use crate::cause::Reading;

impl<'e> View<'e> {
    /// Whether each address of the name opened at least once.
    fn addresses(&self) -> BTreeMap<SocketAddr, (bool, bool)> {
        let mut addresses: BTreeMap<SocketAddr, (bool, bool)> = BTreeMap::new();
        for observation in self.seen() {
            if let Some((to, opened)) = self.opened(&observation.fact) {
                let (open, dead) = addresses.entry(to).or_default();
                *open |= opened;
                *dead |= !opened;
            }
        }
        addresses
    }

    /// Whether a fact says that an address opened or did not, on the port that was asked for.
    fn opened(&self, fact: &Fact) -> Option<(SocketAddr, bool)> {
        let (to, opened) = match fact {
            Fact::TcpOpened { to, .. } => (*to, true),
            Fact::TcpRefused { to, .. }
            | Fact::TcpSilent { to, .. }
            | Fact::TcpUnreachable { to, .. } => (*to, false),
            _ => return None,
        };
        (self.leg != Leg::Host || to.port() == self.target().port).then_some((to, opened))
    }

    /// Judges each address, by whether it ever opened, when one address at least opened.
    pub fn one_of_many(&self, judge: impl Fn(IpAddr, bool) -> Option<bool>) -> Reading<'e> {
        let addresses = self.addresses();
        if !addresses.values().any(|(open, _)| *open) {
            return Reading::Silent;
        }
        self.read(|observation| {
            let (to, _) = self.opened(&observation.fact)?;
            judge(to.ip(), addresses.get(&to).is_some_and(|(open, _)| *open))
        })
    }

    /// Every address of one family is dead and one of the other family opens.
    pub fn one_family_dead(&self, v6: bool) -> Reading<'e> {
        let addresses = self.addresses();
        let opens = |family: bool| {
            addresses
                .iter()
                .any(|(to, (open, _))| to.is_ipv6() == family && *open)
        };
        if !opens(!v6) {
            return Reading::Silent;
        }
        let alive = opens(v6);
        self.read(|observation| {
            let (to, _) = self.opened(&observation.fact)?;
            (to.is_ipv6() == v6).then_some(!alive)
        })
    }

    /// One address opened on some attempts and did not on others.
    pub fn same_address_differs(&self) -> Reading<'e> {
        let addresses = self.addresses();
        self.read(|observation| {
            let (to, opened) = self.opened(&observation.fact)?;
            let (open, dead) = addresses.get(&to).copied()?;
            match (open && dead, opened) {
                (true, false) => Some(true),
                (true, true) => None,
                (false, _) => Some(false),
            }
        })
    }

    /// The host is up and its addresses are private ones.
    pub fn private_address(&self) -> Reading<'e> {
        if !self
            .seen()
            .any(|observation| observation.fact.kind() == FactKind::OtherPortAnswered)
        {
            return Reading::Silent;
        }
        self.all(|fact| match fact {
            Fact::NameResolved { addresses, .. } => Some(
                !addresses.is_empty() && addresses.iter().all(|a| crate::names::is_private(*a)),
            ),
            Fact::AddressGiven { address } => Some(crate::names::is_private(*address)),
            _ => None,
        })
    }

    /// An address opened at first and does no longer. Against, when it opened after it had not.
    pub fn opened_at_first(&self) -> Reading<'e> {
        let mut opened_at: BTreeMap<SocketAddr, Micros> = BTreeMap::new();
        let mut dead_at: BTreeMap<SocketAddr, (Micros, &'e Observation)> = BTreeMap::new();
        for observation in self.seen() {
            if let (Some((to, opened)), Some(at)) = (self.opened(&observation.fact), observation.at)
            {
                if opened {
                    let last = opened_at.entry(to).or_insert(at);
                    *last = at.max(*last);
                } else {
                    let first = dead_at.entry(to).or_insert((at, observation));
                    if at < first.0 {
                        *first = (at, observation);
                    }
                }
            }
        }
        let mut against = None;
        for (to, (dead, observation)) in dead_at {
            match opened_at.get(&to) {
                Some(opened) if *opened <= dead => return Reading::For(observation),
                Some(_) => against = against.or(Some(observation)),
                None => {}
            }
        }
        against.map_or(Reading::Silent, Reading::Against)
    }

    /// What the network said of a SYN, judged by address and error.
    pub fn icmp(&self, judge: impl Fn(IpAddr, IcmpError) -> Option<bool>) -> Reading<'e> {
        self.any(|fact| match fact {
            Fact::TcpUnreachable {
                to,
                icmp: Some(icmp),
                ..
            } => judge(to.ip(), *icmp),
            _ => None,
        })
    }

    /// Somebody else's tests of the target's port failed; against, when one succeeded.
    pub fn port_tested(&self) -> Reading<'e> {
        let asked = self.target().port;
        self.all(|fact| match fact {
            Fact::PortTested { port, opened, .. } if *port == asked => Some(!opened),
            _ => None,
        })
    }
}
