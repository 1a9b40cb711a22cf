//! Who logs on.

use std::fmt;

use zeroize::Zeroizing;

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

/// A user and a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    user: String,
    domain: Option<String>,
    password: Secret,
}

impl Credentials {
    /// Reads `NAME`, `DOMAIN\NAME` or `NAME@REALM`.
    pub fn of(name: &str, password: Secret) -> Result<Self, NotAName> {
        let (domain, user) = split(name)?;
        Ok(Self {
            user: user.to_owned(),
            domain: domain.map(str::to_owned),
            password,
        })
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
