//! What clues ask about addresses and ports.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

use model::codes::IcmpError;
use model::fact::SettingValue;
use model::{Ending, Fact, FactKind, Leg, LookId, Micros, NameFailure, Observation, Resolver};

use super::View;
use crate::cause::Reading;

/// The time after which a first packet that got no answer is sent again, once or more: after one second, then at double
/// the time or each second (RFC 6298 section 2; Linux, `tcp_syn_linear_timeouts`).
pub(crate) fn is_sent_again(took: Micros) -> bool {
    let after = |seconds: u64| {
        let due = Micros::from_millis(seconds.saturating_mul(1000));
        (due..due.plus(Micros::from_millis(500))).contains(&took)
    };
    (1..=5).chain([7, 15]).any(after)
}

/// Packets of a connection took far longer there and back than the quickest of them: they waited in a queue, or had to
/// be sent again.
fn is_held_up(fact: &Fact) -> bool {
    const LONG: Micros = Micros::from_millis(150);
    matches!(
        fact,
        Fact::PathMeasured { round_trip, shortest: Some(shortest), .. }
            if *round_trip >= LONG && *round_trip >= shortest.times(10)
    )
}

/// A device that is not the host says that a rule forbids the connection.
pub(crate) fn forbids(to: IpAddr, icmp: IcmpError) -> bool {
    icmp.from != Some(to)
        && (icmp.is_prohibition()
            || matches!(
                (icmp.v6, icmp.kind, icmp.code),
                (false, 3, 3) | (true, 1, 4)
            ))
}

impl<'e> View<'e> {
    /// Like [`Self::any`], on the way to a proxy alone.
    pub fn proxy_leg(&self, judge: impl Fn(&'e Fact) -> Option<bool>) -> Reading<'e> {
        if self.leg == Leg::Proxy {
            self.any(judge)
        } else {
            Reading::Silent
        }
    }

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

    /// Of several addresses of one family every one is dead, and one of the other family opens.
    pub fn whole_family_dead(&self, v6: bool) -> Reading<'e> {
        let several = self
            .addresses()
            .keys()
            .filter(|to| to.is_ipv6() == v6)
            .count()
            > 1;
        if several && matches!(self.one_family_dead(v6), Reading::For(_)) {
            // The first one is another clue's.
            let dead = self.seen().filter(|observation| {
                self.opened(&observation.fact)
                    .is_some_and(|(to, _)| to.is_ipv6() == v6)
            });
            return dead.last().map_or(Reading::Silent, Reading::For);
        }
        Reading::Silent
    }

    /// One address opened on some attempts and did not on others, and not only at first.
    pub fn same_address_differs(&self) -> Reading<'e> {
        if matches!(self.opened_at_first(), Reading::For(_)) {
            return Reading::Silent;
        }
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

    /// An ICMP message of this kind came about an address, and the address opened all the same. Against, when it never
    /// opened, and when nothing of that kind came about what did not.
    pub fn turned_away_now_and_then(
        &self,
        judge: impl Fn(IpAddr, IcmpError) -> bool,
    ) -> Reading<'e> {
        let addresses = self.addresses();
        self.read(|observation| {
            let (to, opened) = self.opened(&observation.fact)?;
            let (open, dead) = addresses.get(&to).copied()?;
            match &observation.fact {
                Fact::TcpUnreachable {
                    icmp: Some(icmp), ..
                } => Some(open && judge(to.ip(), *icmp)),
                _ if opened && dead => None,
                _ => Some(false),
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

    /// An address opened at first and then on no attempt any more, and one of the two more than once. Against,
    /// when it opened again after it had not.
    pub fn opened_at_first(&self) -> Reading<'e> {
        let mut last_open: BTreeMap<SocketAddr, (Micros, u32)> = BTreeMap::new();
        let mut dead: BTreeMap<SocketAddr, Vec<(Micros, &'e Observation)>> = BTreeMap::new();
        for observation in self.seen() {
            if let (Some((to, opened)), Some(at)) = (self.opened(&observation.fact), observation.at)
            {
                if opened {
                    let (last, times) = last_open.entry(to).or_insert((at, 0));
                    *last = at.max(*last);
                    *times = times.saturating_add(1);
                } else {
                    dead.entry(to).or_default().push((at, observation));
                }
            }
        }
        let mut against = None;
        for (to, dead) in dead {
            let Some((open, times)) = last_open.get(&to) else {
                continue;
            };
            let before = dead.iter().find(|(at, _)| at < open);
            match (before, dead.as_slice()) {
                (Some((_, observation)), _) => against = against.or(Some(*observation)),
                (None, [(_, first), rest @ ..]) if *times > 1 || !rest.is_empty() => {
                    return Reading::For(first);
                }
                (None, _) => {}
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
        let asked = self.port();
        self.all(|fact| match fact {
            Fact::PortTested { port, opened, .. } if *port == asked => Some(!opened),
            _ => None,
        })
    }

    /// A name that was asked for is known when it is written in full.
    pub fn found_in_full(&self) -> Reading<'e> {
        let short = self.target().host.folded();
        self.any(|fact| match fact {
            Fact::NameResolved { name, .. } => {
                let full = name.folded();
                let longer = full
                    .strip_prefix(&short)
                    .is_some_and(|rest| rest.starts_with('.') && rest.len() > 1);
                longer.then_some(true)
            }
            _ => None,
        })
    }

    /// Another name server gives other addresses for the name than the system's resolver.
    pub fn other_addresses_elsewhere(&self) -> Reading<'e> {
        let ours: Vec<_> = self
            .seen()
            .filter_map(|observation| match &observation.fact {
                Fact::NameResolved {
                    addresses,
                    via: Resolver::System,
                    ..
                } => Some(addresses),
                _ => None,
            })
            .collect();
        self.any(|fact| match fact {
            Fact::NameResolved {
                addresses,
                via: Resolver::Server(_),
                ..
            } if !ours.is_empty() => Some(
                ours.iter()
                    .all(|own| !own.iter().any(|address| addresses.contains(address))),
            ),
            _ => None,
        })
    }

    /// What the name servers that this machine is set to ask say of the name, when its resolver found nothing:
    /// judged by why each gives no address, `None` where it gives one. For, when one is as judged.
    pub fn own_name_servers(
        &self,
        judge: impl Fn(Option<NameFailure>) -> Option<bool>,
    ) -> Reading<'e> {
        let (mut own, mut found) = (BTreeSet::new(), false);
        for observation in self.seen() {
            match &observation.fact {
                Fact::SettingFound {
                    key, name, value, ..
                } if key == "/etc/resolv.conf" && name == "nameserver" => {
                    let texts = match value {
                        SettingValue::Text(text) => std::slice::from_ref(text),
                        SettingValue::Texts(texts) => texts.as_slice(),
                        _ => &[],
                    };
                    own.extend(texts.iter().filter_map(|text| text.parse::<IpAddr>().ok()));
                }
                Fact::NameResolved {
                    via: Resolver::System,
                    ..
                } => found = true,
                _ => {}
            }
        }
        if found {
            return Reading::Silent;
        }
        self.any(|fact| match fact {
            Fact::NameNotResolved {
                why,
                via: Resolver::Server(server),
                ..
            } if own.contains(&server.ip()) => judge(Some(*why)),
            Fact::NameResolved {
                via: Resolver::Server(server),
                ..
            } if own.contains(&server.ip()) => judge(None),
            _ => None,
        })
    }

    /// The hosts file gives the name other addresses than a name server does.
    pub fn hosts_file_differs(&self) -> Reading<'e> {
        let theirs: Vec<&[IpAddr]> = self
            .seen()
            .filter_map(|observation| match &observation.fact {
                Fact::NameResolved {
                    addresses,
                    via: Resolver::Server(_),
                    ..
                } => Some(addresses.as_slice()),
                _ => None,
            })
            .collect();
        self.any(|fact| match fact {
            Fact::HostsFileSaid { addresses, .. } if !theirs.is_empty() => Some(
                !theirs
                    .iter()
                    .any(|theirs| addresses.iter().any(|address| theirs.contains(address))),
            ),
            _ => None,
        })
    }

    /// The host's own settings know other addresses than those that were dialled.
    pub fn settings_name_other_addresses(&self) -> Reading<'e> {
        let dialled: BTreeSet<IpAddr> = self
            .seen()
            .filter_map(|observation| match &observation.fact {
                Fact::TcpSilent { to, .. } | Fact::TcpUnreachable { to, .. } => Some(to.ip()),
                _ => None,
            })
            .collect();
        if dialled.is_empty() {
            return Reading::Silent;
        }
        let of_interface = |key: &str, name: &str| {
            key.to_ascii_lowercase()
                .contains(r"\tcpip\parameters\interfaces")
                && (name.eq_ignore_ascii_case("IPAddress")
                    || name.eq_ignore_ascii_case("DhcpIPAddress"))
        };
        let given = |value: &SettingValue| -> Vec<IpAddr> {
            let texts = match value {
                SettingValue::Text(text) => std::slice::from_ref(text),
                SettingValue::Texts(texts) => texts.as_slice(),
                _ => &[],
            };
            let addresses = texts.iter().filter_map(|text| text.parse().ok());
            addresses
                .filter(|address: &IpAddr| !address.is_unspecified())
                .collect()
        };
        self.all(|fact| match fact {
            Fact::SettingFound {
                key, name, value, ..
            } if of_interface(key, name) => {
                let addresses = given(value);
                (!addresses.is_empty())
                    .then(|| !addresses.iter().any(|address| dialled.contains(address)))
            }
            _ => None,
        })
    }

    /// The client's packets had to be sent again, or none had.
    pub fn sent_in_vain(&self) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::Retransmitted { by_client, .. } if *by_client > 1 => Some(true),
            Fact::Retransmitted { by_client: 0, .. } => Some(false),
            _ => None,
        })
    }

    /// The address is one that a machine gives itself when it gets none (RFC 3927, RFC 4291): it works on its own
    /// cable only.
    pub fn gave_itself_an_address(&self) -> Reading<'e> {
        let local = |address: &IpAddr| match address {
            IpAddr::V4(v4) => v4.is_link_local(),
            IpAddr::V6(v6) => v6.is_unicast_link_local(),
        };
        let zoned = self.target().zone.is_some();
        self.all(|fact| match fact {
            Fact::NameResolved {
                addresses,
                via: Resolver::System,
                ..
            } => Some(!addresses.is_empty() && addresses.iter().all(local)),
            Fact::AddressGiven { address } => Some(local(address) && !zoned),
            _ => None,
        })
    }

    /// Several connections took long to open, and all that were made, over a way that is not long.
    pub fn opens_late_always(&self) -> Reading<'e> {
        /// The first packet of a connection is sent again after a second.
        const LATE: Micros = Micros::from_millis(900);
        let long_way = self.seen().any(|observation| {
            matches!(&observation.fact, Fact::PathMeasured { shortest: Some(shortest), .. }
                if shortest.times(2) > LATE)
        });
        let took: Vec<Micros> = self
            .seen()
            .filter_map(|observation| match &observation.fact {
                Fact::TcpOpened { took, .. } => Some(*took),
                _ => None,
            })
            .collect();
        if long_way || took.len() < 2 || took.iter().any(|took| *took <= LATE) {
            return Reading::Silent;
        }
        self.any(|fact| matches!(fact, Fact::TcpOpened { .. }).then_some(true))
    }

    /// Packets got lost or were held up, and came through when they were sent again: at least two, on connections that
    /// went on. Against, when many packets went on and hardly one had to be sent again.
    pub fn came_when_sent_again(&self) -> Reading<'e> {
        /// So many packets tell a way that loses none.
        const ENOUGH: u32 = 20;
        let cut_off = self.cut_off();
        let went_on =
            |look: Option<LookId>| look.map_or(cut_off.is_empty(), |_| !cut_off.contains(&look));
        let (mut again, mut sent, mut held_up) = (0_u32, 0_u32, 0_u32);
        let mut most: Option<(u32, &'e Observation)> = None;
        let (mut late, mut prompt) = (0_u32, 0_u32);
        for observation in self.seen().filter(|observation| went_on(observation.look)) {
            match &observation.fact {
                Fact::TcpOpened { took, .. } if is_sent_again(*took) => {
                    late = late.saturating_add(1);
                }
                Fact::TcpOpened { .. } => prompt = prompt.saturating_add(1),
                Fact::PathMeasured { .. } if is_held_up(&observation.fact) => {
                    held_up = held_up.saturating_add(1);
                }
                Fact::Retransmitted {
                    by_client,
                    by_server,
                    of,
                } => {
                    let own = by_client.saturating_add(by_server.unwrap_or_default());
                    again = again.saturating_add(own);
                    sent = sent.saturating_add(*of);
                    if most.is_none_or(|(most, _)| own > most) {
                        most = Some((own, observation));
                    }
                }
                _ => {}
            }
        }
        // A first packet that is lost on each connection is another matter.
        let lost = again
            .saturating_add(held_up)
            .saturating_add(if prompt > 0 { late } else { 0 });
        match most {
            Some((1.., observation)) if lost > 1 && lost.saturating_mul(20) > sent => {
                Reading::For(observation)
            }
            Some((_, observation)) if sent >= ENOUGH => Reading::Against(observation),
            _ => Reading::Silent,
        }
    }

    /// Packets on an open connection were not taken, and another connection to the same address opened late or not at
    /// all: what is lost meets now this packet and now that one. Against, when connections open at once each time.
    pub fn lost_here_and_there(&self) -> Reading<'e> {
        let cut_off = self.cut_off();
        let in_vain = self.seen().find(|observation| {
            matches!(observation.fact, Fact::Retransmitted { by_client: 2.., .. })
                && !cut_off.is_empty()
                && (observation.look.is_none() || cut_off.contains(&observation.look))
        });
        let troubled = |observation: &&Observation| match observation.fact {
            Fact::TcpSilent { .. } => self.opened(&observation.fact).is_some(),
            Fact::TcpOpened { took, .. } => is_sent_again(took),
            _ => false,
        };
        let prompt = self.seen().find(|observation| {
            matches!(observation.fact, Fact::TcpOpened { took, .. } if !is_sent_again(took))
        });
        let troubles = self.seen().filter(troubled).count();
        match (in_vain, prompt) {
            (Some(in_vain), Some(_)) if troubles > 0 => Reading::For(in_vain),
            (Some(_), Some(prompt)) => Reading::Against(prompt),
            _ => Reading::Silent,
        }
    }

    /// The connections that ended in another way than a session does.
    fn cut_off(&self) -> BTreeSet<Option<LookId>> {
        let ran: BTreeSet<LookId> = self
            .seen()
            .filter(|observation| matches!(observation.fact, Fact::SessionRan { .. }))
            .filter_map(|observation| observation.look)
            .collect();
        self.seen()
            .filter(|observation| {
                matches!(
                    observation.fact,
                    Fact::Ended { .. } | Fact::ClientEnded { .. }
                )
            })
            .map(|observation| observation.look)
            .filter(|look| look.is_none_or(|look| !ran.contains(&look)))
            .collect()
    }

    /// On a connection that ended in silence, packets of the server came while an earlier one was missing.
    pub fn server_packets_missing(&self) -> Reading<'e> {
        let silent: BTreeSet<LookId> = self
            .seen()
            .filter(|observation| {
                matches!(
                    observation.fact,
                    Fact::Ended {
                        how: Ending::Silence,
                        ..
                    }
                )
            })
            .filter_map(|observation| observation.look)
            .collect();
        self.read(|observation| match &observation.fact {
            Fact::PathMeasured {
                after_a_gap: Some(number),
                ..
            } if self.as_client(observation)
                && observation.look.is_some_and(|look| silent.contains(&look)) =>
            {
                (*number > 0).then_some(true)
            }
            _ => None,
        })
    }

    /// The time a connection to an address takes to open varies widely, lost packets aside.
    pub fn opens_unsteadily(&self) -> Reading<'e> {
        /// So many openings tell a habit from chance.
        const ENOUGH: usize = 4;
        /// From here on a packet was sent again, which is another matter.
        const SENT_AGAIN: Micros = Micros::from_millis(900);
        const WIDE: Micros = Micros::from_millis(80);
        let mut times: BTreeMap<SocketAddr, Vec<(Micros, &'e Observation)>> = BTreeMap::new();
        for observation in self.seen() {
            if let Fact::TcpOpened { to, took } = observation.fact
                && took < SENT_AGAIN
            {
                times.entry(to).or_default().push((took, observation));
            }
        }
        let mut steady = None;
        for mut times in times.into_values().filter(|times| times.len() >= ENOUGH) {
            times.sort_by_key(|(took, _)| *took);
            let (Some((shortest, _)), Some((longest, observation))) = (times.first(), times.last())
            else {
                continue;
            };
            // One that is late stands for itself; the way is unsteady when a quarter of them is.
            let late = times.len() / 4;
            let habit = times
                .iter()
                .rev()
                .nth(late)
                .map_or(*longest, |(took, _)| *took);
            if habit.since(*shortest) >= WIDE && habit >= shortest.times(2) {
                return Reading::For(observation);
            }
            steady = steady.or(Some(*observation));
        }
        steady.map_or(Reading::Silent, Reading::Against)
    }

    /// Every connection took long to open. From a second on that may be a lost packet: then answers have to
    /// be as late.
    pub fn far_away(&self) -> Reading<'e> {
        const FAR: Micros = Micros::from_millis(300);
        const SENT_AGAIN: Micros = Micros::from_millis(950);
        // What is sent again comes late on a short way, too.
        if matches!(self.came_when_sent_again(), Reading::For(_)) {
            return Reading::Silent;
        }
        let answers_late = self.seen().any(|observation| {
            matches!(&observation.fact, Fact::AnswerTook { first, .. } if *first >= SENT_AGAIN)
        });
        self.all(|fact| match fact {
            Fact::TcpOpened { took, .. } => {
                Some(*took >= FAR && (*took < SENT_AGAIN || answers_late))
            }
            _ => None,
        })
    }
}
