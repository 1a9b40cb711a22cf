//! Who logs on.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use zeroize::Zeroizing;

use crate::kerberos::Key;

/// Something that nobody may see: it is not written, not shown and not kept, and wiped when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes it in.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("")
    }
}

/// A name that cannot be a user's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a user is written NAME, DOMAIN\\NAME or NAME@REALM")]
pub struct NotAName;

/// A ticket for a host, and the key that goes with it.
#[derive(Debug)]
pub struct Ticket {
    /// Who has it, as the server writes realm and name.
    pub user: [Vec<u8>; 2],
    /// The ticket.
    pub ticket: Vec<u8>,
    /// The key.
    pub key: Key,
    /// What the clock of whoever gave it is ahead of this machine's, in seconds.
    pub ahead: i64,
}

/// Where a ticket is kept between the look that gets it and the one that uses it. It is no part of what two users are
/// compared by.
#[derive(Clone, Debug, Default)]
struct Kept(Arc<Mutex<Option<Ticket>>>);

impl PartialEq for Kept {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Kept {}

/// A user and a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    user: String,
    domain: Option<String>,
    password: Secret,
    ticket: Kept,
}

impl Credentials {
    /// Reads `NAME`, `DOMAIN\NAME` or `NAME@REALM`.
    pub fn of(name: &str, password: Secret) -> Result<Self, NotAName> {
        let (domain, user) = split(name)?;
        Ok(Self {
            user: user.to_owned(),
            domain: domain.map(str::to_owned),
            password,
            ticket: Kept::default(),
        })
    }

    /// Keeps a ticket that was got for this user.
    pub fn keep(&self, ticket: Ticket) {
        *self.ticket.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(ticket);
    }

    /// Takes the ticket out: it is used once.
    pub fn take_ticket(&self) -> Option<Ticket> {
        let mut kept = self.ticket.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.take()
    }

    /// What CredSSP hands to a server that may have the password itself: domain, user and password as UTF-16.
    pub fn to_hand_over(&self) -> [Zeroizing<Vec<u8>>; 3] {
        let wide = |text: &str| {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            Zeroizing::new(bytes)
        };
        [
            wide(self.domain.as_deref().unwrap_or_default()),
            wide(&self.user),
            wide(&self.password.0),
        ]
    }

    pub(crate) fn password(&self) -> &str {
        &self.password.0
    }

    /// The user, without the domain before it.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The domain, when one was given before the user.
    pub fn domain(&self) -> Option<&str> {
        self.domain.as_deref()
    }

    pub(crate) fn of_connector(&self) -> ironrdp_connector::Credentials {
        ironrdp_connector::Credentials::UsernamePassword {
            username: self.user.clone(),
            password: self.password.0.to_string(),
        }
    }

    pub(crate) const fn nobody() -> ironrdp_connector::Credentials {
        ironrdp_connector::Credentials::UsernamePassword {
            username: String::new(),
            password: String::new(),
        }
    }
}

/// The domain before the user, when there is one, and the user.
pub fn split(name: &str) -> Result<(Option<&str>, &str), NotAName> {
    let (domain, user) = match name.split_once('\\') {
        Some((domain, user)) if !domain.is_empty() => (Some(domain), user),
        Some(_) => return Err(NotAName),
        None => (None, name),
    };
    let fits = |text: &str| !text.is_empty() && !text.contains(['\\', '\0', '\r', '\n']);
    if fits(user) && domain.is_none_or(fits) {
        Ok((domain, user))
    } else {
        Err(NotAName)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_three_forms() {
        assert_eq!(split("alice"), Ok((None, "alice")));
        assert_eq!(split("CORP\\alice"), Ok((Some("CORP"), "alice")));
        assert_eq!(split("alice@corp.test"), Ok((None, "alice@corp.test")));
        for wrong in ["", "\\alice", "CORP\\", "A\\B\\c", "a\nb"] {
            assert_eq!(split(wrong), Err(NotAName), "{wrong:?}");
        }
    }

    #[test]
    fn a_secret_is_not_shown() {
        let credentials = Credentials::of("alice", Secret::new("tell nobody".to_owned())).unwrap();
        assert!(
            !format!("{credentials:?}").contains("nobody"),
            "{credentials:?}"
        );
    }
}
