//! Connection settings: what `.rdp` files and `rdp://` links hold.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use intake::rdpfile::{self, Content};
use model::Damage;

use super::endpoint::quoted;
use crate::failure::Failure;

/// The settings of one connection, in the order in which they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Names in lower case, with values.
    pub all: Vec<(String, String)>,
    /// What could not be read.
    pub damage: Vec<Damage>,
}

impl Settings {
    /// The words of a setting, without blanks around them; `None` when it is absent or empty. Of several
    /// settings with one name the last counts.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.all
            .iter()
            .rev()
            .find(|(written, _)| written == name)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// The number of a setting.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.text(name)?.parse().ok()
    }
}

/// The largest connection file that is read; real ones have a few KiB.
const LARGEST: u64 = 1 << 20;

/// Reads a connection file.
pub fn file(path: &Path) -> Result<Settings, Failure> {
    let shown = path.display();
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
        .map_err(|error| {
            Failure::usage(format!(
                "cannot read the connection file {shown}: {error}; give the path of a .rdp file, or a host"
            ))
        })?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST) {
        return Err(Failure::usage(format!(
            "{shown} is no connection file: it is larger than 1 MiB"
        )));
    }
    let read = rdpfile::read(&bytes);
    let all: Vec<(String, String)> = read
        .lines
        .iter()
        .filter_map(|line| match &line.content {
            Content::Setting(setting) => Some((setting.folded(), setting.value.clone())),
            Content::Blank | Content::Other(_) => None,
        })
        .collect();
    if all.is_empty() {
        return Err(Failure::usage(format!(
            "{shown} is no connection file: no line of it reads name:type:value"
        )));
    }
    Ok(Settings {
        all,
        damage: read.damage,
    })
}

/// What an `rdp://` link holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// A host, perhaps with a port: `rdp://srv01:3390`.
    Endpoint(String),
    /// Settings: `rdp://full%20address=s:srv01:3390&audiomode=i:2`.
    Settings(Settings),
}

/// Reads an `rdp://` link; `None` when the words are none.
pub fn link(text: &str) -> Result<Option<Link>, Failure> {
    let text = text.trim();
    let Some(rest) = text
        .split_at_checked("rdp://".len())
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("rdp://"))
        .map(|(_, rest)| rest)
    else {
        return Ok(None);
    };
    let decoded = |part: &str| {
        decode(part).ok_or_else(|| {
            Failure::usage(format!(
                "{} is not a readable link: a percent sign in it is not followed by two hexadecimal digits of UTF-8",
                quoted(text)
            ))
        })
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if !authority.contains('=') {
        let host = authority.rsplit('@').next().unwrap_or_default();
        if host.is_empty() {
            return Err(Failure::usage(format!("{} names no host", quoted(text))));
        }
        return Ok(Some(Link::Endpoint(decoded(host)?)));
    }
    let mut settings = Settings::default();
    for pair in rest.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = decoded(value)?;
        // A value carries its type in front: s:, i: or b:.
        let value = value.split_once(':').map_or("", |(_, value)| value);
        settings
            .all
            .push((decoded(name)?.trim().to_lowercase(), value.to_owned()));
    }
    Ok(Some(Link::Settings(settings)))
}

/// Undoes percent encoding; `None` when it is broken or no UTF-8.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        let value = digit()? * 16 + digit()?;
        bytes.push(u8::try_from(value).ok()?);
    }
    String::from_utf8(bytes).ok()
}
