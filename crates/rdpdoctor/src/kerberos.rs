//! What is said about Kerberos on the command line: `--realm` and `--kdc-proxy`.

use clap::Args;
use model::HostName;
use probe::{KdcProxy, Options};

use crate::failure::Failure;
use crate::target::endpoint::{endpoint, quoted};

/// The port of a proxy, and its place on the web server, unless told otherwise ([MS-KKDCP] 2.1).
const PORT: u16 = 443;
const PATH: &str = "/KdcProxy";

/// What is known of Kerberos.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
pub struct KerberosArguments {
    /// Ask the Kerberos servers of this realm too, without a password; with a user, also what they say of them and the host.
    #[arg(long, value_name = "[USER@]REALM")]
    pub realm: Option<String>,
    /// Ask the Kerberos servers through this proxy: its name, or https://HOST:PORT/PATH.
    #[arg(long, value_name = "URL")]
    pub kdc_proxy: Option<String>,
}

impl KerberosArguments {
    /// Both sets of options.
    pub fn and(self, other: Self) -> Self {
        Self {
            realm: self.realm.or(other.realm),
            kdc_proxy: self.kdc_proxy.or(other.kdc_proxy),
        }
    }

    /// Fills in the options of a check: what was said, else what a user such as NAME@REALM and the connection file say.
    pub fn fill(&self, options: &mut Options, of_file: Option<String>) -> Result<(), Failure> {
        let kerberos = &mut options.kerberos;
        if let Some(text) = &self.realm {
            let (user, realm) = realm(text)?;
            kerberos.user = user;
            kerberos.realm = Some(realm);
            // Without a name before it, the realm is that of who logs on.
            if kerberos.user.is_none()
                && let Some(credentials) = &options.credentials
            {
                let name = credentials.user();
                kerberos.user = name.split('@').next().map(str::to_owned);
            }
        } else if let Some(credentials) = &options.credentials {
            let (name, domain) = match (credentials.domain(), credentials.user().rsplit_once('@')) {
                (Some(domain), _) => (credentials.user(), Some(domain)),
                (None, Some((name, domain))) => (name, Some(domain)),
                (None, None) => (credentials.user(), None),
            };
            // What has no dot is a name of NTLM, and none that name servers know.
            if let Some(domain) = domain.filter(|domain| domain.contains('.')) {
                kerberos.user = Some(name.to_owned());
                kerberos.realm = Some(HostName(domain.to_owned()));
            }
        }
        kerberos.proxy = match (&self.kdc_proxy, of_file) {
            (Some(text), _) => Some(proxy(text)?),
            // What a file says wrongly is said by `rdpdoctor analyze`, and no reason not to look.
            (None, Some(text)) => proxy(&text).ok(),
            (None, None) => None,
        };
        Ok(())
    }
}

/// Reads `REALM` or `USER@REALM`.
fn realm(text: &str) -> Result<(Option<String>, HostName), Failure> {
    let (user, realm) = match text.rsplit_once('@') {
        Some((user, realm)) => (Some(user), realm),
        None => (None, text),
    };
    let fits = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    let is_realm = realm.len() <= 253 && realm.split('.').all(fits);
    let is_user = user.is_none_or(|user| {
        !user.is_empty() && user.len() <= 256 && !user.chars().any(char::is_control)
    });
    if !is_realm || !is_user {
        return Err(Failure::usage(format!(
            "{} is no Kerberos realm; write CORP.EXAMPLE or lena@CORP.EXAMPLE",
            quoted(text)
        )));
    }
    Ok((user.map(str::to_owned), HostName(realm.to_owned())))
}

/// Reads `HOST` and `https://HOST:PORT/PATH`.
fn proxy(text: &str) -> Result<KdcProxy, Failure> {
    let wrong = || {
        Failure::usage(format!(
            "{} is no Kerberos proxy; write https://HOST/KdcProxy",
            quoted(text)
        ))
    };
    let rest = match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => rest,
        Some(_) => return Err(wrong()),
        None => text,
    };
    let (at, path) = rest.split_once('/').unwrap_or((rest, ""));
    if path.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(wrong());
    }
    let at = endpoint(at)?;
    Ok(KdcProxy {
        host: HostName(at.host),
        port: at.port.unwrap_or(PORT),
        path: if path.is_empty() {
            PATH.to_owned()
        } else {
            format!("/{path}")
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn realms_are_read() {
        let read = |text: &str| {
            let (user, HostName(name)) = realm(text).map_err(|failure| failure.says)?;
            Ok::<_, String>((user, name))
        };
        assert_eq!(read("LAB.TEST"), Ok((None, "LAB.TEST".to_owned())));
        assert_eq!(
            read("lab@LAB.TEST"),
            Ok((Some("lab".to_owned()), "LAB.TEST".to_owned()))
        );
        for wrong in ["", "@LAB.TEST", "lab@", "LAB..TEST", "LAB TEST", "a\n@LAB"] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn proxies_are_read() {
        let read = |text: &str| {
            let proxy = proxy(text).unwrap_or_else(|failure| panic!("{text}: {}", failure.says));
            (proxy.host.0, proxy.port, proxy.path)
        };
        let usual = ("gw.example".to_owned(), 443, "/KdcProxy".to_owned());
        assert_eq!(read("https://gw.example/KdcProxy"), usual);
        assert_eq!(read("gw.example"), usual);
        assert_eq!(
            read("https://gw.example:8443/x"),
            ("gw.example".to_owned(), 8443, "/x".to_owned())
        );
        assert!(proxy("http://gw.example").is_err());
        assert!(proxy("https://gw.example/a b").is_err());
    }
}
