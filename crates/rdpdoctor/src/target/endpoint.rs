//! A host and a port as people write them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::failure::Failure;

/// A host and a port, as they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The name or address.
    pub host: String,
    /// The port; `None` when none was given.
    pub port: Option<u16>,
    /// The address, when the host is one.
    pub address: Option<IpAddr>,
    /// The scope of a link-local IPv6 address.
    pub zone: Option<String>,
}

/// Reads `host`, `host:port`, `[v6]:port`, or a bare IPv6 address.
pub fn endpoint(text: &str) -> Result<Endpoint, Failure> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Failure::usage(
            "the target is empty; give a host: rdpdoctor srv01",
        ));
    }
    if let Some((scheme, _)) = text.split_once("://") {
        return Err(Failure::usage(format!(
            "{} is a link of the kind {scheme}://, which is no Remote Desktop; give the host alone, or an rdp:// link",
            quoted(text)
        )));
    }
    if let Some(rest) = text.strip_prefix('[') {
        let Some((inside, after)) = rest.split_once(']') else {
            return Err(Failure::usage(format!(
                "{} has no closing bracket; write [IPV6]:PORT",
                quoted(text)
            )));
        };
        let port = match after {
            "" => None,
            after => match after.strip_prefix(':') {
                Some(digits) => Some(port(text, digits)?),
                None => {
                    return Err(Failure::usage(format!(
                        "{} goes on after the bracket; write [IPV6]:PORT",
                        quoted(text)
                    )));
                }
            },
        };
        return v6(text, inside, port)?.ok_or_else(|| {
            Failure::usage(format!(
                "{} is not an IPv6 address; only those stand in brackets",
                quoted(inside)
            ))
        });
    }
    // More than one colon: an IPv6 address, or a slip.
    if text.matches(':').count() > 1 {
        return v6(text, text, None)?.ok_or_else(|| {
            Failure::usage(format!(
                "{} is neither HOST:PORT nor an IPv6 address; an IPv6 address with a port is written [IPV6]:PORT",
                quoted(text)
            ))
        });
    }
    let (host, port) = match text.split_once(':') {
        Some((host, digits)) => (host, Some(port(text, digits)?)),
        None => (text, None),
    };
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        is_of_one_host(address.into())?;
        return Ok(Endpoint {
            host: host.to_owned(),
            port,
            address: Some(IpAddr::V4(address)),
            zone: None,
        });
    }
    name(text, host)?;
    Ok(Endpoint {
        host: host.to_owned(),
        port,
        address: None,
        zone: None,
    })
}

/// Reads an IPv6 address with an optional zone; `None` when it is none.
fn v6(whole: &str, text: &str, port: Option<u16>) -> Result<Option<Endpoint>, Failure> {
    let (digits, zone) = match text.split_once('%') {
        Some((digits, zone)) => (digits, Some(zone)),
        None => (text, None),
    };
    let Ok(address) = digits.parse::<Ipv6Addr>() else {
        return Ok(None);
    };
    if zone.is_some_and(str::is_empty) {
        return Err(Failure::usage(format!(
            "{} names no interface after the %; write fe80::1%eth0",
            quoted(whole)
        )));
    }
    is_of_one_host(address.into())?;
    if address.is_unicast_link_local() && zone.is_none() {
        return Err(Failure::usage(format!(
            "{address} is a link-local address, which exists on every interface; say on which: {address}%eth0"
        )));
    }
    Ok(Some(Endpoint {
        host: address.to_string(),
        port,
        address: Some(IpAddr::V6(address)),
        zone: zone.map(str::to_owned),
    }))
}

/// Refuses addresses that no host has.
fn is_of_one_host(address: IpAddr) -> Result<(), Failure> {
    let everybody = match address {
        IpAddr::V4(address) => address.is_broadcast() || address.is_multicast(),
        IpAddr::V6(address) => address.is_multicast(),
    };
    if address.is_unspecified() {
        return Err(Failure::usage(format!(
            "{address} is the address of no host; for this machine give localhost"
        )));
    }
    if everybody {
        return Err(Failure::usage(format!(
            "{address} is an address of many hosts at once; give one host"
        )));
    }
    Ok(())
}

/// Reads a port.
fn port(whole: &str, digits: &str) -> Result<u16, Failure> {
    let wrong = |why: &str| {
        Err(Failure::usage(format!(
            "{} has no usable port: {why}; ports are 1 to 65535, and Remote Desktop's is 3389 unless it was changed",
            quoted(whole)
        )))
    };
    if digits.is_empty() {
        return wrong("nothing stands after the colon");
    }
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return wrong(&format!("{} is not a number", quoted(digits)));
    }
    match digits.parse::<u16>() {
        Ok(0) => wrong("0 is not a port"),
        Ok(port) => Ok(port),
        Err(_) => wrong(&format!("{digits} is too large")),
    }
}

/// Says why something cannot be a name, for everything that resolvers would misread or refuse.
fn name(whole: &str, host: &str) -> Result<(), Failure> {
    let refuse = |why: String| Err(Failure::usage(why));
    let shown = quoted(whole);
    if host.is_empty() {
        return refuse(format!(
            "{shown} names no host before the colon; write HOST:PORT"
        ));
    }
    if host == "-" {
        return refuse(
            "a host was expected, not standard input; rdpdoctor analyze - reads a file from there"
                .to_owned(),
        );
    }
    if let Some((_, host)) = host.rsplit_once('@') {
        return refuse(format!(
            "{shown} holds a user; give the host alone: rdpdoctor {host}"
        ));
    }
    if host.starts_with("\\\\") {
        let host = host
            .trim_start_matches('\\')
            .split('\\')
            .next()
            .unwrap_or_default();
        return refuse(format!(
            "{shown} is the name of a share; give the host alone: rdpdoctor {host}"
        ));
    }
    if let Some(character) = host.chars().find(|c| c.is_whitespace()) {
        let what = if character == ' ' {
            "a space"
        } else {
            "white space"
        };
        return refuse(format!(
            "{shown} is not a host name: it holds {what}; give one host, and options before or after it"
        ));
    }
    if let Some((_, bits)) = host.split_once('/')
        && bits.parse::<u8>().is_ok()
    {
        return refuse(format!("{shown} is a whole network; give one host"));
    }
    if let Some(character) = host
        .chars()
        .find(|c| !c.is_alphanumeric() && !matches!(c, '.' | '-' | '_'))
    {
        return refuse(format!(
            "{shown} is not a host name: {} does not belong in one; give HOST, HOST:PORT or the path of a .rdp file",
            quoted(&character.to_string())
        ));
    }
    if looks_like_a_code(host) {
        return refuse(format!(
            "{shown} is a number, not a host; rdpdoctor explain {host} says what it means"
        ));
    }
    let labels = host.strip_suffix('.').unwrap_or(host);
    if labels.split('.').any(str::is_empty) {
        return refuse(format!(
            "{shown} is not a host name: two dots in a row, or one at the beginning"
        ));
    }
    // A name that ends in a number would be read as an old form of IPv4 address: 10.1 as 10.0.0.1.
    if labels
        .rsplit('.')
        .next()
        .is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()))
    {
        return refuse(format!(
            "{shown} is neither a name nor an IPv4 address; an address has four numbers from 0 to 255, without leading zeros"
        ));
    }
    if let Some(long) = labels.split('.').find(|label| label.len() > 63) {
        return refuse(format!(
            "{shown} is not a host name: the part {} is longer than 63 characters",
            quoted(long)
        ));
    }
    if labels.len() > 253 {
        return refuse(format!(
            "{shown} is not a host name: it is longer than 253 characters"
        ));
    }
    Ok(())
}

/// The words are one number: `0x904`, `2308`, `-2146893022`.
pub fn looks_like_a_code(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    match digits
        .strip_prefix("0x")
        .or_else(|| digits.strip_prefix("0X"))
    {
        Some(hexadecimal) => {
            !hexadecimal.is_empty() && hexadecimal.bytes().all(|b| b.is_ascii_hexdigit())
        }
        None => !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()),
    }
}

/// The words in quotes, short and harmless enough for one line.
pub fn quoted(words: &str) -> String {
    let mut short: String = words.chars().take(80).collect();
    if short.len() < words.len() {
        short.push('…');
    }
    format!("\"{}\"", crate::report::wrap::harmless(&short))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_read() {
        let check = |text: &str,
                     host: &str,
                     port: Option<u16>,
                     address: Option<&str>,
                     zone: Option<&str>| {
            let read = endpoint(text).unwrap_or_else(|failure| panic!("{text}: {}", failure.says));
            let expect = Endpoint {
                host: host.to_owned(),
                port,
                address: address.map(|address| address.parse().unwrap()),
                zone: zone.map(str::to_owned),
            };
            assert_eq!(read, expect, "{text}");
        };
        check("srv01", "srv01", None, None, None);
        check(
            " srv01.corp.example. ",
            "srv01.corp.example.",
            None,
            None,
            None,
        );
        check("srv_01:3390", "srv_01", Some(3390), None, None);
        check("bücher.example", "bücher.example", None, None, None);
        check("10.20.1.15", "10.20.1.15", None, Some("10.20.1.15"), None);
        check(
            "10.20.1.15:1",
            "10.20.1.15",
            Some(1),
            Some("10.20.1.15"),
            None,
        );
        check("::1", "::1", None, Some("::1"), None);
        check("[::1]", "::1", None, Some("::1"), None);
        check(
            "[2001:DB8::15]:65535",
            "2001:db8::15",
            Some(65535),
            Some("2001:db8::15"),
            None,
        );
        check(
            "fe80::1%eth0",
            "fe80::1",
            None,
            Some("fe80::1"),
            Some("eth0"),
        );
        check(
            "[fe80::1%12]:3390",
            "fe80::1",
            Some(3390),
            Some("fe80::1"),
            Some("12"),
        );
    }

    #[test]
    fn what_is_no_endpoint_is_refused_with_a_reason() {
        let check = |text: &str, says: &str| {
            let failure = endpoint(text).expect_err(text);
            assert!(failure.says.contains(says), "{text}: {}", failure.says);
            assert!(!failure.says.ends_with('.'), "{}", failure.says);
            assert_eq!(failure.status.number(), 2);
        };
        check("", "empty");
        check("  ", "empty");
        check("my host", "a space");
        check("srv\t01", "white space");
        check("srv01:", "nothing stands after the colon");
        check("srv01:rdp", "not a number");
        check("srv01:0", "0 is not a port");
        check("srv01:65536", "too large");
        check("srv01:99999999999999999999", "too large");
        check("srv01:+1", "not a number");
        check(":3389", "no host");
        check("[::1", "closing bracket");
        check("[::1]3389", "after the bracket");
        check("[srv01]:3389", "only those stand in brackets");
        check("srv01:33:89", "neither HOST:PORT nor an IPv6");
        check("fe80::1", "link-local");
        check("fe80::1%", "no interface");
        check("https://rdweb.example.com", "https://");
        check("http://10.0.0.1:8080/x", "http://");
        check("user@srv01", "rdpdoctor srv01");
        check("\\\\srv01\\share", "rdpdoctor srv01");
        check("10.0.0.0/24", "whole network");
        check("srv01/path", "does not belong");
        check("srv*", "does not belong");
        check("0x904", "explain 0x904");
        check("2308", "explain 2308");
        check("10.1", "four numbers");
        check("10.20.1.300", "four numbers");
        check("010.020.001.015", "four numbers");
        check("a..b", "two dots");
        check(".b", "two dots");
        check(&"a".repeat(64), "longer than 63");
        check(&["a"; 200].join("."), "longer than 253");
    }
}
