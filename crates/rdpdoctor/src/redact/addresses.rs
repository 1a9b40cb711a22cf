//! Pseudonyms of addresses. A subnet keeps its kind (private, shared, link-local, unique local or public), and two
//! addresses of one subnet stay in one; no pseudonym lies in a subnet that occurs.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Pair;

/// Addresses that are learned.
const MOST: usize = 200_000;

/// What was learned of addresses.
#[derive(Debug, Default)]
pub struct Addresses {
    seen: BTreeSet<IpAddr>,
    /// The subnets that occur, as /24 or /64.
    nets: BTreeSet<IpAddr>,
    /// The pseudonym of each subnet.
    given: BTreeMap<IpAddr, IpAddr>,
    taken: BTreeSet<IpAddr>,
    /// The hosts of each subnet in the order in which they were given a pseudonym.
    hosts: BTreeMap<IpAddr, BTreeMap<IpAddr, u64>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Ten,
    OneSevenTwo,
    OneNineTwo,
    Shared,
    LinkLocal,
    Public,
    Unique,
    Global,
    LinkLocal6,
}

impl Addresses {
    /// Learns an address.
    pub fn learn(&mut self, address: IpAddr) {
        let address = address.to_canonical();
        if class(address).is_some() && self.seen.len() < MOST {
            self.seen.insert(address);
            self.nets.insert(net(address));
        }
    }

    /// The pseudonym of an address; `None` for those that say nothing of anybody.
    pub fn pseudonym(&mut self, address: IpAddr) -> Option<IpAddr> {
        let plain = address.to_canonical();
        let class = class(plain)?;
        self.learn(plain);
        let net = net(plain);
        let given = match self.given.get(&net) {
            Some(&given) => given,
            None => {
                // Where a kind has no subnet left, one that was never given to anybody stands for it.
                let given = (0..70_000)
                    .map(|number| numbered(class, number))
                    .chain((1_000..4_000_000).map(|number| numbered(Class::Public, number)))
                    .find(|given| !self.nets.contains(given) && !self.taken.contains(given))?;
                self.taken.insert(given);
                self.given.insert(net, given);
                given
            }
        };
        let hosts = self.hosts.entry(net).or_default();
        let next = u64::try_from(hosts.len()).unwrap_or(0) + 1;
        let host = *hosts.entry(plain).or_insert(next);
        let mapped = match (plain, given) {
            (IpAddr::V4(v4), IpAddr::V4(given)) => {
                let [a, b, c, _] = given.octets();
                // The ends of a subnet have a meaning of their own.
                let last = match v4.octets() {
                    [.., last @ (0 | 255)] => last,
                    _ => u8::try_from((host - 1) % 254 + 1).unwrap_or(1),
                };
                IpAddr::V4(Ipv4Addr::new(a, b, c, last))
            }
            (IpAddr::V6(_), IpAddr::V6(given)) => {
                IpAddr::V6(Ipv6Addr::from(u128::from(given) | u128::from(host)))
            }
            _ => return None,
        };
        match (address, mapped) {
            (IpAddr::V6(_), IpAddr::V4(v4)) => Some(IpAddr::V6(v4.to_ipv6_mapped())),
            _ => Some(mapped),
        }
    }

    /// Every address that was replaced.
    pub fn mapping(&self) -> Vec<Pair> {
        let mut copy = Self {
            seen: self.seen.clone(),
            nets: self.nets.clone(),
            given: self.given.clone(),
            taken: self.taken.clone(),
            hosts: self.hosts.clone(),
        };
        self.hosts
            .values()
            .flat_map(BTreeMap::keys)
            .filter_map(|&address| {
                Some(Pair {
                    kind: "address".to_owned(),
                    original: address.to_string(),
                    pseudonym: copy.pseudonym(address)?.to_string(),
                })
            })
            .collect()
    }
}

fn class(address: IpAddr) -> Option<Class> {
    match address {
        IpAddr::V4(v4) => match v4.octets() {
            [0 | 127 | 224..=239 | 255, ..] => None,
            [10, ..] => Some(Class::Ten),
            [172, 16..=31, ..] => Some(Class::OneSevenTwo),
            [192, 168, ..] => Some(Class::OneNineTwo),
            [100, 64..=127, ..] => Some(Class::Shared),
            [169, 254, ..] => Some(Class::LinkLocal),
            _ => Some(Class::Public),
        },
        IpAddr::V6(v6) => match v6.segments() {
            _ if v6.is_loopback() || v6.is_unspecified() || v6.is_multicast() => None,
            [0xFE80..=0xFEBF, ..] => Some(Class::LinkLocal6),
            [0xFC00..=0xFDFF, ..] => Some(Class::Unique),
            _ => Some(Class::Global),
        },
    }
}

/// The subnet of an address: /24, or /64.
fn net(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            IpAddr::V4(Ipv4Addr::new(a, b, c, 0))
        }
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// Subnets of a class, one after another.
fn numbered(class: Class, number: u64) -> IpAddr {
    let [.., a, high, low] = number.to_be_bytes();
    let v4 = |first: u8, second: u8| IpAddr::V4(Ipv4Addr::new(first, second, low, 0));
    let word = u16::from_be_bytes([high, low]);
    let v6 = |a: u16, b: u16| IpAddr::V6(Ipv6Addr::new(a, b, 0, word, 0, 0, 0, 0));
    match class {
        Class::Ten => v4(10, high),
        Class::OneSevenTwo => v4(172, 16 + high % 16),
        Class::OneNineTwo => IpAddr::V4(Ipv4Addr::new(192, 168, low, 0)),
        Class::Shared => v4(100, 64 + high % 64),
        Class::LinkLocal => IpAddr::V4(Ipv4Addr::new(169, 254, low, 0)),
        // The range for benchmarks, then what was never given to anybody.
        Class::Public if number < 512 => v4(198, 18 + high),
        Class::Public => IpAddr::V4(Ipv4Addr::new(240 + a % 15, high, low, 0)),
        Class::Unique => v6(0xFD00, 0),
        Class::Global => v6(0x2001, 0x0DB8),
        // Every machine is on this one.
        Class::LinkLocal6 => IpAddr::V6(Ipv6Addr::new(0xFE80, 0, 0, word, 0, 0, 0, 0)),
    }
}
