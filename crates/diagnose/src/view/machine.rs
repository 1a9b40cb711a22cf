//! What clues ask of a machine that was looked at from inside: files, filters, programs, stores.

use model::fact::{FileRole, Filtering, SettingValue};
use model::{Fact, Observation, Source};

use super::View;
use crate::cause::Reading;

/// It was seen on a connection, not in a file.
pub(super) fn on_a_wire(observation: &Observation) -> bool {
    matches!(observation.source, Source::Probe | Source::Capture)
}

impl<'e> View<'e> {
    /// The user a server program runs as cannot read its key or its certificate, or one of them is missing.
    /// Against, when it can read both. Keys of Windows are no files of their service.
    pub fn key_closed(&self) -> Reading<'e> {
        let mut against = None;
        for observation in self.seen() {
            if let Fact::FileFound {
                role: FileRole::Key | FileRole::Certificate,
                path,
                exists,
                readable,
                ..
            } = &observation.fact
                && !path.contains('\\')
            {
                match (exists, readable) {
                    (false, _) | (true, Some(false)) => return Reading::For(observation),
                    (true, Some(true)) => against = Some(observation),
                    (true, None) => return Reading::Silent,
                }
            }
        }
        against.map_or(Reading::Silent, Reading::Against)
    }

    /// The account of a Windows service may not read its key. Against, when it may.
    pub fn windows_key_closed(&self) -> Reading<'e> {
        self.all(|fact| match fact {
            Fact::FileFound {
                role: FileRole::Key,
                path,
                readable: Some(readable),
                ..
            } if path.contains('\\') => Some(!readable),
            _ => None,
        })
    }

    /// The listener is told to use a certificate by its thumbprint, and the stores, which were read, hold none
    /// of that name. Against, when one of them does.
    pub fn bound_to_nothing(&self) -> Reading<'e> {
        let stored = |key: &str| {
            let (store, thumbprint) = key.rsplit_once('\\')?;
            store
                .to_ascii_lowercase()
                .contains(r"\systemcertificates\")
                .then(|| thumbprint.to_ascii_lowercase())
        };
        let held: Vec<String> = self
            .seen()
            .filter_map(|observation| match &observation.fact {
                Fact::SettingFound { key, .. } => stored(key),
                _ => None,
            })
            .collect();
        // A registry of which these branches were not read says nothing; SOFTWARE always has its version.
        let read = self.seen().any(|observation| {
            matches!(&observation.fact, Fact::SettingFound { key, .. }
                if key.eq_ignore_ascii_case(r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"))
        });
        self.any(|fact| match fact {
            Fact::SettingFound {
                name,
                value: SettingValue::Bytes(thumbprint),
                ..
            } if name.eq_ignore_ascii_case("SSLCertificateSHA1Hash")
                && thumbprint.0.len() == 20 =>
            {
                let is_held = held.contains(&thumbprint.to_string());
                (is_held || read).then_some(!is_held)
            }
            _ => None,
        })
    }

    /// A certificate that the listener uses has no private key here. Against, when the place of the key is known.
    pub fn certificate_without_key(&self) -> Reading<'e> {
        self.any(|fact| match fact {
            Fact::SettingFound {
                key, name, value, ..
            } if name == "KeyContainer" && key.contains("SystemCertificates") => {
                Some(*value == SettingValue::Removed)
            }
            _ => None,
        })
    }

    /// A security policy kept a server from a file that holds a key or a certificate, by its name.
    pub fn key_denied(&self) -> Reading<'e> {
        self.any(|fact| match fact {
            Fact::AccessDenied { object, .. } => {
                let object = object.to_ascii_lowercase();
                [".pem", ".key", ".crt", ".cer", "/ssl/", "/pki/"]
                    .iter()
                    .any(|part| object.contains(part))
                    .then_some(true)
            }
            _ => None,
        })
    }

    /// A packet filter of the host does this with connections to the target's port, with all or with some.
    /// Against, when it lets them through.
    pub fn filtered(&self, expect: Filtering, of_some: bool) -> Reading<'e> {
        let asked = self.port();
        self.any(|fact| match fact {
            Fact::FilterFound {
                port, does, some, ..
            } if *port == asked => match (does, some) {
                (Filtering::Passes, false) => Some(false),
                (does, some) => (*does == expect && *some == of_some).then_some(true),
            },
            _ => None,
        })
    }

    /// A client of this machine remembers another certificate for the target than the one that was shown.
    pub fn remembered_otherwise(&self) -> Reading<'e> {
        let target = self.target();
        let shown: Vec<&str> = self
            .seen()
            .filter_map(|observation| match &observation.fact {
                Fact::CertificateSeen { certificate, .. } if on_a_wire(observation) => {
                    Some(certificate.sha256.as_str())
                }
                _ => None,
            })
            .collect();
        if shown.is_empty() {
            return Reading::Silent;
        }
        self.all(|fact| match fact {
            Fact::HostRemembered {
                host,
                port,
                fingerprint,
                ..
            } if host.folded() == target.host.folded()
                && *port == target.port
                && fingerprint.len() == 64 =>
            {
                Some(
                    !shown
                        .iter()
                        .any(|shown| shown.eq_ignore_ascii_case(fingerprint)),
                )
            }
            _ => None,
        })
    }

    /// The server shows a certificate that is none of those it is set up with, by its own machine's files.
    pub fn not_the_one_set_up(&self) -> Reading<'e> {
        let set_up: Vec<&str> = self
            .seen()
            .filter_map(|observation| match &observation.fact {
                Fact::CertificateSeen { certificate, .. }
                    if observation.source == Source::Registry =>
                {
                    Some(certificate.sha256.as_str())
                }
                _ => None,
            })
            .collect();
        if set_up.is_empty() {
            return Reading::Silent;
        }
        self.all_observed(|observation| match &observation.fact {
            Fact::CertificateSeen { certificate, .. } if on_a_wire(observation) => {
                Some(!set_up.contains(&certificate.sha256.as_str()))
            }
            _ => None,
        })
    }
}
