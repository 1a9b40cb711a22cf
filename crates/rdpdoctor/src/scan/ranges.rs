//! Ranges of addresses: as people write them, in an order that spreads neighbours, and which are public.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::failure::Failure;
use crate::target::endpoint::quoted;

/// The most addresses of one range.
const MOST: u64 = 1 << 32;
/// Ranges up to this size are gone through in order; they are one subnet.
const ONE_SUBNET: u64 = 256;

/// Addresses from one to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// The first, IPv4 ones as they are mapped into IPv6.
    first: u128,
    /// How many.
    pub count: u64,
    /// What one address is from the next that is looked at.
    stride: u64,
    v4: bool,
    written: String,
}

/// An address as one number, IPv4 ones as they are mapped into IPv6.
pub fn mapped(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

/// Networks whose addresses belong to nobody in public (RFC 6890 and what it lists).
const SET_APART: &[(IpAddr, u8)] = &[
    (v4(0, 0, 0, 0), 8),
    (v4(10, 0, 0, 0), 8),
    (v4(100, 64, 0, 0), 10),
    (v4(127, 0, 0, 0), 8),
    (v4(169, 254, 0, 0), 16),
    (v4(172, 16, 0, 0), 12),
    (v4(192, 0, 0, 0), 24),
    (v4(192, 0, 2, 0), 24),
    (v4(192, 168, 0, 0), 16),
    (v4(198, 18, 0, 0), 15),
    (v4(198, 51, 100, 0), 24),
    (v4(203, 0, 113, 0), 24),
    (v4(224, 0, 0, 0), 3),
    (IpAddr::V6(Ipv6Addr::UNSPECIFIED), 127),
    (v6(0x2001, 0x0DB8), 32),
    (v6(0xFC00, 0), 7),
    (v6(0xFE80, 0), 10),
];

const fn v4(a: u8, b: u8, c: u8, d: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(a, b, c, d))
}

const fn v6(a: u16, b: u16) -> IpAddr {
    IpAddr::V6(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0))
}

impl Range {
    /// One address.
    pub fn single(address: IpAddr) -> Self {
        Self {
            first: mapped(address),
            count: 1,
            stride: 1,
            v4: address.is_ipv4(),
            written: String::new(),
        }
    }

    /// Reads `ADDRESS/LENGTH`, `ADDRESS/LENGTH:PORT`, `FIRST-LAST` or `FIRST-LAST_NUMBER`; `None` when the word is
    /// something else.
    pub fn of(word: &str) -> Result<Option<(Self, Option<u16>)>, Failure> {
        let word = word.trim();
        if let Some((network, rest)) = word.split_once('/')
            && let Ok(address) = network.trim_matches(['[', ']']).parse::<IpAddr>()
        {
            let (length, port) = match rest.split_once(':') {
                Some((length, port)) => (length, Some(port)),
                None => (rest, None),
            };
            let most = if address.is_ipv4() { 32 } else { 128 };
            let length: u32 = length
                .parse()
                .ok()
                .filter(|length| *length <= most)
                .ok_or_else(|| {
                    Failure::usage(format!(
                        "{} is no network: the number after the slash is 0 to {most}",
                        quoted(word)
                    ))
                })?;
            let port = match port.map(str::parse::<u16>) {
                None => None,
                Some(Ok(port)) if port != 0 => Some(port),
                Some(_) => {
                    return Err(Failure::usage(format!(
                        "{} has no usable port",
                        quoted(word)
                    )));
                }
            };
            let host_bits = most.saturating_sub(length);
            let count = 1_u64
                .checked_shl(host_bits)
                .filter(|count| *count <= MOST && host_bits < 64)
                .ok_or_else(|| {
                    Failure::usage(format!(
                        "{} has more addresses than anybody can look at; give the hosts in a list",
                        quoted(word)
                    ))
                })?;
            let mask = u128::from(count.saturating_sub(1));
            let first = mapped(address) & !mask;
            return Ok(Some((
                Self::new(first, count, address.is_ipv4(), word),
                port,
            )));
        }
        let Some((first, last)) = word.split_once('-') else {
            return Ok(None);
        };
        let Ok(first) = first.parse::<Ipv4Addr>() else {
            return Ok(None);
        };
        let [a, b, c, _] = first.octets();
        let last = match (last.parse::<Ipv4Addr>(), last.parse::<u8>()) {
            (Ok(last), _) => last,
            (_, Ok(d)) => Ipv4Addr::new(a, b, c, d),
            _ => return Ok(None),
        };
        let count = u64::from(last.to_bits())
            .checked_sub(u64::from(first.to_bits()))
            .map(|count| count.saturating_add(1))
            .ok_or_else(|| Failure::usage(format!("{} ends before it begins", quoted(word))))?;
        let first = mapped(IpAddr::V4(first));
        Ok(Some((Self::new(first, count, true, word), None)))
    }

    fn new(first: u128, count: u64, v4: bool, written: &str) -> Self {
        Self {
            first,
            count,
            stride: stride(count),
            v4,
            written: written.to_owned(),
        }
    }

    fn last(&self) -> u128 {
        self.first
            .saturating_add(u128::from(self.count.saturating_sub(1)))
    }

    /// The address is in it.
    pub fn has(&self, address: u128) -> bool {
        self.first <= address && address <= self.last()
    }

    /// The n-th address to look at. Large ranges are gone through in strides, so that one subnet is not asked for
    /// all of its hosts at once; each address comes up exactly once.
    pub fn nth(&self, index: u64) -> Option<IpAddr> {
        if index >= self.count {
            return None;
        }
        let offset = u128::from(index) * u128::from(self.stride) % u128::from(self.count);
        let address = Ipv6Addr::from_bits(self.first.checked_add(offset)?);
        Some(match address.to_ipv4_mapped() {
            Some(v4) if self.v4 => IpAddr::V4(v4),
            _ => IpAddr::V6(address),
        })
    }

    /// Some address of it may belong to somebody in public.
    pub fn is_public(&self) -> bool {
        !SET_APART.iter().any(|&(network, length)| {
            let bits = if network.is_ipv4() {
                u32::from(length).saturating_add(96)
            } else {
                u32::from(length)
            };
            let mask = u128::MAX
                .checked_shl(128_u32.saturating_sub(bits))
                .unwrap_or(0);
            let network = mapped(network);
            self.first & mask == network && self.last() & mask == network
        })
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// A step near the golden section that has no factor in common with the size, so that all are met once.
fn stride(count: u64) -> u64 {
    if count <= ONE_SUBNET {
        return 1;
    }
    // 0.618 of the size, in whole numbers.
    let golden = u64::try_from(u128::from(count) * 618_034 / 1_000_000).unwrap_or(1);
    (golden..count)
        .find(|step| gcd(*step, count) == 1)
        .unwrap_or(1)
}

const fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Many ranges, joined.
#[derive(Debug, Default)]
pub struct Ranges(Vec<(u128, u128)>);

impl Ranges {
    /// Adds one; [`Self::settle`] before asking.
    pub fn add(&mut self, range: &Range) {
        self.0.push((range.first, range.last()));
    }

    /// Puts them in order and joins those that touch.
    pub fn settle(&mut self) {
        self.0.sort_unstable();
        let mut joined: Vec<(u128, u128)> = Vec::new();
        for &(first, last) in &self.0 {
            match joined.last_mut() {
                Some(before) if first <= before.1.saturating_add(1) => {
                    before.1 = before.1.max(last);
                }
                _ => joined.push((first, last)),
            }
        }
        self.0 = joined;
    }

    /// The address is in one of them.
    pub fn has(&self, address: u128) -> bool {
        let after = self.0.partition_point(|(first, _)| *first <= address);
        after
            .checked_sub(1)
            .and_then(|index| self.0.get(index))
            .is_some_and(|(_, last)| address <= *last)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_address_of_a_range_comes_up_once() {
        for word in [
            "10.0.0.0/22",
            "10.0.0.5-10.0.3.77",
            "10.0.0.0/30",
            "10.0.0.7-9",
            "2001:db8::/118",
        ] {
            let (range, _) = Range::of(word).unwrap().unwrap();
            let all: BTreeSet<IpAddr> = (0..range.count).filter_map(|n| range.nth(n)).collect();
            assert_eq!(u64::try_from(all.len()).unwrap(), range.count, "{word}");
            assert!(all.iter().all(|address| range.has(mapped(*address))));
            assert_eq!(range.nth(range.count), None);
        }
    }

    #[test]
    fn neighbours_are_spread() {
        let (range, _) = Range::of("10.0.0.0/16").unwrap().unwrap();
        let subnets: Vec<u128> = (0..256)
            .filter_map(|n| range.nth(n))
            .map(|address| mapped(address) >> 8)
            .collect();
        let most = subnets
            .iter()
            .map(|subnet| subnets.iter().filter(|other| *other == subnet).count())
            .max();
        assert!(most <= Some(4), "{most:?} of 256 in one /24");
    }

    #[test]
    fn words_that_are_no_ranges_are_left_to_others() {
        for word in [
            "srv-01",
            "srv01",
            "10.0.0.1",
            "a/b",
            "10.0.0.1-x",
            "fe80::1%eth0",
        ] {
            assert_eq!(Range::of(word).unwrap(), None, "{word}");
        }
        for word in [
            "10.0.0.0/33",
            "2001:db8::/64",
            "10.0.0.9-3",
            "10.0.0.0/24:0",
            "::/0",
        ] {
            assert!(Range::of(word).is_err(), "{word}");
        }
        let (range, port) = Range::of("10.0.0.77/24:3390").unwrap().unwrap();
        assert_eq!((range.nth(0), port), (Some(v4(10, 0, 0, 0)), Some(3390)));
    }
}
