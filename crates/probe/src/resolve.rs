//! Asks the system's resolver, as a client on this machine would.

use std::net::IpAddr;
use std::time::Duration;

use dns_lookup::{AddrInfoHints, LookupError, LookupErrorKind, SockType};
use model::{Fact, HostName, Micros, NameFailure, Resolver};
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::Error;
use crate::drive::Clock;

/// Looks a name up, for at most `patience`.
///
/// The system's resolver cannot be interrupted, so it runs in a thread of its own that nothing waits for:
/// neither the end of this look nor the end of the runtime.
pub(crate) async fn look_up(
    name: &HostName,
    patience: Micros,
    clock: Clock,
) -> Result<Fact, Error> {
    let began = clock.now();
    let failed = |why| Fact::NameNotResolved {
        name: name.clone(),
        why,
        via: Resolver::System,
        took: clock.now().since(began),
    };
    if !can_be_a_name(&name.0) {
        return Ok(failed(NameFailure::Malformed));
    }
    let (answer, answered) = oneshot::channel();
    let asked = name.0.clone();
    std::thread::Builder::new()
        .name("resolver".to_owned())
        .spawn(move || {
            // Nobody listens when the time was over.
            let _ = answer.send(addresses(&asked));
        })
        .map_err(Error::Thread)?;
    Ok(
        match timeout(Duration::from_micros(patience.0), answered).await {
            Ok(Ok(Ok(addresses))) if addresses.is_empty() => failed(NameFailure::NoAddress),
            Ok(Ok(Ok(addresses))) => Fact::NameResolved {
                name: name.clone(),
                addresses,
                via: Resolver::System,
                took: clock.now().since(began),
            },
            Ok(Ok(Err(error))) => failed(failure(&error)),
            // The thread ended without an answer.
            Ok(Err(_)) => failed(NameFailure::Other),
            Err(_) => failed(NameFailure::Timeout),
        },
    )
}

/// Asks the system's resolver and waits for it, however long it takes.
pub(crate) fn ask_system(name: &str) -> Result<Vec<IpAddr>, NameFailure> {
    addresses(name).map_err(|error| failure(&error))
}

/// Every address, A and AAAA, in the order of the answer, each once.
fn addresses(name: &str) -> Result<Vec<IpAddr>, LookupError> {
    let hints = AddrInfoHints {
        socktype: SockType::Stream.into(),
        ..AddrInfoHints::default()
    };
    let mut addresses = Vec::new();
    for found in dns_lookup::getaddrinfo(Some(name), None, Some(hints))? {
        let address = found?.sockaddr.ip();
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    Ok(addresses)
}

/// What the resolver's error number says.
fn failure(error: &LookupError) -> NameFailure {
    match error.kind() {
        LookupErrorKind::NoName => NameFailure::NoSuchName,
        LookupErrorKind::NoData => NameFailure::NoAddress,
        LookupErrorKind::Again | LookupErrorKind::Fail => NameFailure::ServerFailure,
        _ => NameFailure::Other,
    }
}

/// Whether the text is worth asking about (RFC 1035 section 2.3.4); underscores and other characters that
/// some networks use are let through.
pub(crate) fn can_be_a_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let whole = !name.is_empty() && name.len() <= 253;
    whole
        && name
            .split('.')
            .all(|label| !label.is_empty() && label.len() <= 63)
        && !name
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || "/\\:@?#[]%".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_cannot_be_a_name_is_not_asked_about() {
        let long = "a".repeat(64);
        for name in [
            "",
            ".",
            "a..b",
            "two words",
            "a/b",
            "host:3389",
            "tab\there",
            &long,
        ] {
            assert!(!can_be_a_name(name), "{name:?}");
        }
        for name in [
            "localhost",
            "srv01.corp.example.",
            "under_score.example",
            "bücher.example",
        ] {
            assert!(can_be_a_name(name), "{name:?}");
        }
    }

    #[test]
    fn errors_are_told_by_number() {
        let said = |number| failure(&LookupError::new(number));
        if cfg!(target_os = "linux") {
            assert_eq!(said(-2), NameFailure::NoSuchName);
            assert_eq!(said(-3), NameFailure::ServerFailure);
            assert_eq!(said(-4), NameFailure::ServerFailure);
            assert_eq!(said(-5), NameFailure::NoAddress);
            assert_eq!(said(-10), NameFailure::Other);
        }
        if cfg!(windows) {
            assert_eq!(said(11001), NameFailure::NoSuchName);
            assert_eq!(said(11002), NameFailure::ServerFailure);
            assert_eq!(said(11004), NameFailure::NoAddress);
        }
    }
}
