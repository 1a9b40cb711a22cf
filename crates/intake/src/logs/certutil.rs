//! `certutil -store NAME`: certificates of a store and where their keys are, by what is the same in every language: the
//! name of the store, `CN=`, `(sha1):`, the equals signs of the key's place, and numbers of errors.

use model::{Fact, SettingValue};

/// Certificates of one output that are told.
const MOST: usize = 200;
/// The store in which a listener keeps the certificate that it made for itself.
const LISTENER: &str = "Remote Desktop";
/// There is no key where the certificate says that it is.
const NTE_BAD_KEYSET: &str = "0x80090016";
const KEYS: &str = r"HKLM\SOFTWARE\Microsoft\SystemCertificates";

/// An output while it is read.
#[derive(Debug, Default)]
pub(super) struct Store {
    name: String,
    open: Option<Shown>,
    told: usize,
}

/// A certificate while its lines are read.
#[derive(Debug, Default)]
struct Shown {
    /// What stands behind the last `CN=` before the thumbprint: issuers come before subjects.
    subject: String,
    thumbprint: String,
    /// What stands behind equals signs: the container of the key, then its provider.
    place: Vec<String>,
    missing: bool,
}

impl Store {
    /// Reads a line; what is known of the certificate before it goes into `facts`.
    pub fn line(&mut self, text: &str, facts: &mut Vec<Fact>) {
        let line = text.trim();
        let rule = line.len() > 20 && line.starts_with("=====") && line.ends_with("=====");
        if (rule && line.contains(|c: char| c.is_ascii_digit())) || line.starts_with("CertUtil:") {
            self.finish(facts);
            if rule {
                self.open = Some(Shown::default());
            }
            return;
        }
        let Some(shown) = &mut self.open else {
            // The store stands before its certificates: its name, then what this Windows calls it.
            if let Some((name, called)) = line.split_once(" \"")
                && called.ends_with('"')
                && !called.contains(['=', ':'])
            {
                name.clone_into(&mut self.name);
            }
            return;
        };
        if let Some((_, digits)) = line.split_once("(sha1):") {
            let digits: String = digits.chars().filter(|c| !c.is_whitespace()).collect();
            if digits.len() == 40 && digits.chars().all(|c| c.is_ascii_hexdigit()) {
                shown.thumbprint = digits.to_ascii_uppercase();
            }
        } else if shown.thumbprint.is_empty() {
            if let Some((_, name)) = line.split_once("CN=") {
                name.split(',')
                    .next()
                    .unwrap_or_default()
                    .clone_into(&mut shown.subject);
            }
        } else {
            if let Some((_, value)) = line.split_once(" = ")
                && shown.place.len() < 2
            {
                shown.place.push(value.to_owned());
            }
            shown.missing |= line.contains(NTE_BAD_KEYSET);
        }
    }

    /// Ends the certificate that is being read.
    pub fn finish(&mut self, facts: &mut Vec<Fact>) {
        let Some(shown) = self.open.take() else {
            return;
        };
        if shown.thumbprint.is_empty() || self.name.is_empty() || self.told >= MOST {
            return;
        }
        self.told += 1;
        let key = format!(r"{KEYS}\{}\Certificates\{}", self.name, shown.thumbprint);
        let mut setting = |name: &str, value| {
            facts.push(Fact::SettingFound {
                key: key.clone(),
                name: name.to_owned(),
                value,
                policy: false,
            });
        };
        setting("Certificate", SettingValue::Text(shown.subject));
        // Which certificate of another store the listener uses, this output does not say.
        if !self.name.eq_ignore_ascii_case(LISTENER) {
            return;
        }
        let mut place = shown.place.into_iter();
        match place.next().filter(|_| !shown.missing) {
            Some(container) => {
                setting("KeyContainer", SettingValue::Text(container));
                if let Some(provider) = place.next() {
                    setting("KeyProvider", SettingValue::Text(provider));
                }
            }
            None => setting("KeyContainer", SettingValue::Removed),
        }
    }
}
