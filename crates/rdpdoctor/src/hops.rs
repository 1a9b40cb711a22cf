//! What stands between here and the host on purpose, as it is said on the command line: `--gateway` and `--proxy`.

use std::env;

use clap::Args;
use model::HostName;
use probe::hop::{Credentials, GATEWAY_PORT, Gateway, GatewayUse, Proxy, ProxyKind, Secret};

use crate::failure::Failure;
use crate::logon::{self, Wanted};
use crate::target::endpoint::{endpoint, quoted};

/// The environment variable with the password for the proxy.
const PROXY_PASSWORD: &str = "RDPDOCTOR_PROXY_PASSWORD";
/// The environment variable with the password for the gateway.
const GATEWAY_PASSWORD: &str = "RDPDOCTOR_GATEWAY_PASSWORD";
/// The ports of proxies that are given without one (RFC 1928, and the usual one of web proxies).
const SOCKS_PORT: u16 = 1080;
const HTTP_PORT: u16 = 8080;

/// What stands on the way.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
pub struct HopArguments {
    /// Go through this RD Gateway; none: not even through the one of the connection file.
    #[arg(long, value_name = "HOST[:PORT]")]
    pub gateway: Option<String>,
    /// Log on to the gateway as this user, and not again once it was refused; the password is asked for, or taken from
    /// RDPDOCTOR_GATEWAY_PASSWORD, or with --password-stdin from standard input. A logon that fails counts toward a lock-out.
    #[arg(long, value_name = "USER")]
    pub gateway_user: Option<String>,
    /// Go through this proxy: http://HOST:PORT or socks5://HOST:PORT, with USER@ before the host; env: the one of
    /// ALL_PROXY or HTTPS_PROXY.
    #[arg(long, value_name = "URL")]
    pub proxy: Option<String>,
}

impl HopArguments {
    /// Both sets of options.
    pub fn and(self, other: Self) -> Self {
        Self {
            gateway: self.gateway.or(other.gateway),
            gateway_user: self.gateway_user.or(other.gateway_user),
            proxy: self.proxy.or(other.proxy),
        }
    }

    /// The gateway to go through: the one that was asked for, else that of the connection file.
    pub fn gateway(
        &self,
        of_file: Option<Gateway>,
        stdin: bool,
    ) -> Result<Option<Gateway>, Failure> {
        let gateway = match self.gateway.as_deref() {
            None => of_file,
            Some("none") => None,
            Some(text) => Some(gateway(text, GatewayUse::Always)?),
        };
        let Some(user) = &self.gateway_user else {
            return Ok(gateway);
        };
        let Some(gateway) = gateway else {
            return Err(Failure::usage(
                "--gateway-user names a user, and no gateway is on the way; add --gateway HOST",
            ));
        };
        let password = logon::password(
            &Wanted {
                option: "--gateway-user",
                variable: GATEWAY_PASSWORD,
                on: &gateway.host.0,
                user,
            },
            stdin,
        )?;
        Ok(Some(Gateway {
            credentials: Some(Credentials {
                user: user.clone(),
                password: Secret::new(password),
            }),
            ..gateway
        }))
    }

    /// The proxy to go through. Remote Desktop clients pay no heed to the environment, so neither do we unless asked.
    pub fn proxy(&self, host: &str, stdin: bool) -> Result<Option<Proxy>, Failure> {
        match self.proxy.as_deref() {
            None | Some("none") => Ok(None),
            Some("env") => match from_environment(host) {
                Some(text) => proxy(&text, stdin).map(Some),
                None => Ok(None),
            },
            Some(text) => proxy(text, stdin).map(Some),
        }
    }
}

/// Reads `HOST` or `HOST:PORT`.
pub fn gateway(text: &str, used: GatewayUse) -> Result<Gateway, Failure> {
    let text = text.strip_prefix("https://").unwrap_or(text);
    let at = endpoint(text.trim_end_matches('/'))?;
    Ok(Gateway {
        host: HostName(at.host),
        port: at.port.unwrap_or(GATEWAY_PORT),
        used,
        credentials: None,
    })
}

/// The proxy that the environment names for this host, if any (the variables that curl reads).
fn from_environment(host: &str) -> Option<String> {
    let read = |names: [&str; 2]| {
        names
            .into_iter()
            .find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()))
    };
    let spared = read(["no_proxy", "NO_PROXY"]).is_some_and(|list| is_spared(&list, host));
    if spared {
        return None;
    }
    read(["https_proxy", "HTTPS_PROXY"]).or_else(|| read(["all_proxy", "ALL_PROXY"]))
}

/// The host is in a list of names and suffixes between commas.
fn is_spared(list: &str, host: &str) -> bool {
    let host = host.trim_end_matches('.').to_lowercase();
    list.split(',').map(str::trim).any(|entry| {
        let entry = entry.trim_start_matches('.').to_lowercase();
        entry == "*"
            || (!entry.is_empty() && (host == entry || host.ends_with(&format!(".{entry}"))))
    })
}

/// Reads `http://[USER@]HOST[:PORT]` and `socks5://…`. A proxy without a scheme speaks HTTP.
fn proxy(text: &str, stdin: bool) -> Result<Proxy, Failure> {
    let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
    let kind = match scheme.to_ascii_lowercase().as_str() {
        "http" => ProxyKind::Http,
        "socks5" | "socks5h" | "socks" => ProxyKind::Socks5,
        _ => {
            return Err(Failure::usage(format!(
                "{} is no proxy that is known; write http://HOST:PORT or socks5://HOST:PORT",
                quoted(text)
            )));
        }
    };
    let rest = rest.trim_end_matches('/');
    let (user, at) = match rest.rsplit_once('@') {
        Some((user, at)) => (Some(user), at),
        None => (None, rest),
    };
    if user.is_some_and(|user| user.contains(':')) {
        return Err(Failure::usage(format!(
            "a password does not belong on the command line, where others can read it; write USER@HOST, and the \
             password into the environment variable {PROXY_PASSWORD}"
        )));
    }
    let at = endpoint(at)?;
    let credentials = match user.filter(|user| !user.is_empty()) {
        None => None,
        Some(user) => {
            let password = logon::password(
                &Wanted {
                    option: "--proxy",
                    variable: PROXY_PASSWORD,
                    on: &at.host,
                    user,
                },
                stdin,
            )?;
            Some(Credentials {
                user: user.to_owned(),
                password: Secret::new(password),
            })
        }
    };
    Ok(Proxy {
        kind,
        host: HostName(at.host),
        port: at.port.unwrap_or(match kind {
            ProxyKind::Http => HTTP_PORT,
            ProxyKind::Socks5 => SOCKS_PORT,
        }),
        credentials,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_read() {
        for (text, kind, host, port) in [
            ("http://10.0.0.1:3128", ProxyKind::Http, "10.0.0.1", 3128),
            ("proxy.example", ProxyKind::Http, "proxy.example", 8080),
            (
                "HTTP://proxy.example/",
                ProxyKind::Http,
                "proxy.example",
                8080,
            ),
            (
                "socks5://[fd99:1::1]:9050",
                ProxyKind::Socks5,
                "fd99:1::1",
                9050,
            ),
            (
                "socks5h://proxy.example",
                ProxyKind::Socks5,
                "proxy.example",
                1080,
            ),
        ] {
            let proxy =
                proxy(text, false).unwrap_or_else(|failure| panic!("{text}: {}", failure.says));
            assert_eq!(
                (proxy.kind, proxy.host.0.as_str(), proxy.port),
                (kind, host, port),
                "{text}"
            );
        }
        for (text, says) in [
            ("ftp://x:1", "is no proxy"),
            (
                "http://me:secret@x:1",
                "does not belong on the command line",
            ),
            ("http://", "empty"),
        ] {
            let said = proxy(text, false).expect_err(text).says;
            assert!(said.contains(says), "{text}: {said}");
            assert!(!said.contains("secret"), "{said}");
        }
    }

    #[test]
    fn gateways_are_read() {
        let read = |text: &str| {
            let gateway = gateway(text, GatewayUse::Always).unwrap();
            (gateway.host.0, gateway.port)
        };
        assert_eq!(read("gw.example"), ("gw.example".to_owned(), 443));
        assert_eq!(read("gw.example:8443"), ("gw.example".to_owned(), 8443));
        assert_eq!(read("https://gw.example/"), ("gw.example".to_owned(), 443));
    }

    #[test]
    fn hosts_are_spared_by_name_and_suffix() {
        for (list, host, spared) in [
            ("corp.example", "srv.corp.example", true),
            (".corp.example, other", "corp.example.", true),
            ("*", "srv", true),
            ("corp.example", "notcorp.example", false),
            ("", "srv", false),
        ] {
            assert_eq!(is_spared(list, host), spared, "{list} {host}");
        }
    }
}
