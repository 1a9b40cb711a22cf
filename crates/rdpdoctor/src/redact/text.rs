//! Text without the names and addresses in it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use regex::{Captures, Regex};
use wire::http::from_base64;

use super::{Kind, Redactor};

/// What looks like an address, an identity, a person at a place, or a full name of a machine.
static TOKENS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    plain(concat!(
        r"(?P<sid>\bS-1-(?:5-21|12-1)(?:-\d{1,10}){3,5}\b)",
        r"|(?P<card>\b[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}\b)",
        r"|(?P<v6>(?:[0-9A-Fa-f]{0,4}:){2,7}(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f]{1,4})?)",
        r"|(?P<v4>\b(?:\d{1,3}\.){3}\d{1,3}\b)",
        r"|(?P<mail>[\w.%+-]+@[\w-]+(?:\.[\w-]+)*)",
        r"|(?P<full>\b[\w][\w-]*(?:\.[\w-]+)+)",
        r"|(?P<coded>[A-Za-z0-9+/]{24,}={0,2})",
    ))
});

/// A pattern whose letters are those of ASCII and everything beyond, which is built and searched fast.
pub(super) fn plain(pattern: &str) -> Option<Regex> {
    let pattern = pattern
        .replace(r"\w", r"A-Za-z0-9_\x{80}-\x{10FFFF}")
        .replace(r"\d", "[0-9]")
        .replace(r"\b", r"(?-u:\b)");
    Regex::new(&pattern).ok()
}

/// Every pattern is there: without one, names would pass.
pub fn is_ready() -> bool {
    TOKENS.is_some() && SECRET.is_some() && super::learn::are_ready()
}

/// Names of settings whose values are never written anywhere.
static SECRET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    plain(
        r#"(?i)^(?P<key>\s*["']?[\w .:-]*(?:password|passwd|passphrase|secret|token|credential|pincode|cookie|private.?key)[\w .-]*["']?(?::[sb]:|\s*[=:]\s*))(?P<value>.+)$"#,
    )
});

/// The line sets a secret.
pub fn is_secret(line: &str) -> bool {
    SECRET
        .as_ref()
        .and_then(|secret| secret.captures(line))
        .is_some_and(|found| !harmless(found.name("value").map_or("", |value| value.as_str())))
}

/// A value that is no secret although its name says so.
fn harmless(value: &str) -> bool {
    let value = value.trim().trim_matches('"');
    value.is_empty()
        || value.starts_with('/')
        || value.starts_with("(removed)")
        || ["ask", "true", "false", "yes", "no", "0", "1", "none"]
            .iter()
            .any(|word| value.eq_ignore_ascii_case(word))
}

/// A line without the secret it sets.
pub fn without_secret(line: &str) -> Option<String> {
    let found = SECRET.as_ref()?.captures(line)?;
    let value = found.name("value")?.as_str();
    (!harmless(value)).then(|| {
        format!(
            "{}(removed)",
            found.name("key").map_or("", |key| key.as_str())
        )
    })
}

/// Endings of files and parts of programs, which are no top-level domains or not meant as such here.
const ENDINGS: &[&str] = &[
    "admx",
    "bin",
    "c",
    "cap",
    "cc",
    "cer",
    "cfg",
    "com",
    "conf",
    "cpp",
    "crt",
    "csv",
    "d",
    "dat",
    "desktop",
    "dll",
    "dmp",
    "drv",
    "err",
    "evt",
    "evtx",
    "exe",
    "gz",
    "h",
    "hpp",
    "htm",
    "html",
    "inf",
    "ini",
    "jar",
    "java",
    "js",
    "json",
    "jsonl",
    "kbx",
    "key",
    "lock",
    "log",
    "lua",
    "md",
    "mount",
    "msc",
    "msi",
    "mui",
    "old",
    "out",
    "path",
    "pcap",
    "pcapng",
    "pem",
    "pfx",
    "php",
    "pid",
    "pl",
    "png",
    "pol",
    "ps1",
    "psm1",
    "py",
    "rb",
    "rdp",
    "reg",
    "remmina",
    "rs",
    "scope",
    "service",
    "sh",
    "slice",
    "so",
    "sock",
    "socket",
    "swp",
    "sys",
    "tar",
    "target",
    "timer",
    "tmp",
    "toml",
    "ts",
    "txt",
    "vbs",
    "wim",
    "xml",
    "xsession-errors",
    "yaml",
    "yml",
    "zip",
    "zst",
];

/// Software that names itself like a domain, and places of public documents.
const SOFTWARE: &[&str] = &[
    "com.freerdp",
    "com.winpr",
    "com.apple",
    "microsoft.com",
    "schemas.microsoft.com",
    "w3.org",
    "www.w3.org",
    "org.freedesktop",
    "org.gnome",
    "org.remmina",
    "org.kde",
    "org.xrdp",
    "org.a11y",
    "freerdp.com",
    "xrdp.org",
    "x.org",
    "debian.org",
    "ubuntu.com",
    "github.com",
    "gitlab.com",
    "gnome.org",
    "remmina.org",
    "kernel.org",
    "system.",
    "microsoft.",
    "windows.",
    "login.microsoftonline.com",
];

/// The name belongs to software or to public documents, not to anybody's network.
pub fn is_public_software(name: &str) -> bool {
    let name = name.to_lowercase();
    SOFTWARE.iter().any(|known| {
        if let Some(prefix) = known.strip_suffix('.') {
            return name.split('.').next() == Some(prefix);
        }
        name == *known
            || name
                .strip_suffix(known)
                .is_some_and(|rest| rest.ends_with('.'))
            || name
                .strip_prefix(known)
                .is_some_and(|rest| rest.starts_with('.'))
    })
}

/// Last labels by which a word with dots is taken for the name of a machine, beside those of two letters. Names with
/// others are learned where a field or a phrase says that they are names.
const TOP: &[&str] = &[
    "ad",
    "academy",
    "agency",
    "app",
    "arpa",
    "asia",
    "bank",
    "berlin",
    "biz",
    "cat",
    "center",
    "city",
    "cloud",
    "club",
    "com",
    "company",
    "consulting",
    "corp",
    "corporate",
    "dev",
    "dom",
    "domain",
    "edu",
    "education",
    "energy",
    "eu",
    "example",
    "finance",
    "global",
    "gmbh",
    "gov",
    "group",
    "health",
    "home",
    "hospital",
    "host",
    "hosting",
    "info",
    "ing",
    "int",
    "intern",
    "internal",
    "intra",
    "intranet",
    "invalid",
    "io",
    "lan",
    "loc",
    "local",
    "localdomain",
    "me",
    "mil",
    "net",
    "network",
    "office",
    "online",
    "onmicrosoft",
    "org",
    "priv",
    "private",
    "pro",
    "school",
    "services",
    "shop",
    "site",
    "software",
    "solutions",
    "store",
    "systems",
    "team",
    "tech",
    "technology",
    "test",
    "university",
    "work",
    "works",
    "world",
    "xyz",
    "zone",
];

/// It is the full name of a machine or the name of a domain, as far as its form alone tells.
pub fn looks_like_a_full_name(name: &str) -> bool {
    is_full_name(name)
        && name.rsplit('.').next().is_some_and(|last| {
            let folded = last.to_lowercase();
            last.len() == 2
                || !last.is_ascii()
                || folded.starts_with("xn--")
                || TOP.contains(&folded.as_str())
        })
}

/// It can be the full name of a machine or the name of a domain, and is no file, number or software.
pub fn is_full_name(name: &str) -> bool {
    let Some((_, last)) = name.rsplit_once('.') else {
        return false;
    };
    let folded = last.to_lowercase();
    last.len() >= 2
        && last.chars().all(char::is_alphabetic)
        && !(ENDINGS.contains(&folded.as_str())
            && (folded != "com" || name.matches('.').count() == 0))
        && !name
            .split('.')
            .any(|label| label.is_empty() || label.starts_with('-') || label.ends_with('-'))
        && !name.contains("..")
        && !is_public_software(name)
}

impl Redactor {
    /// Learns every address in a text.
    pub fn addresses(&mut self, text: &str) {
        let Some(tokens) = TOKENS.as_ref() else {
            return;
        };
        for found in tokens.captures_iter(text) {
            if let Some(address) = address(&found) {
                self.addresses.learn(address);
            } else if let Some(name) = found.name("full")
                && looks_like_a_full_name(name.as_str())
            {
                self.host(name.as_str());
            } else if let Some(name) = found.name("mail")
                && let Some((user, domain)) = name.as_str().split_once('@')
                && domain.contains('.')
            {
                self.user(user);
                self.domain(domain);
            }
        }
    }

    /// The text without names and addresses. Secrets that lines set are removed.
    pub fn text(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            let bare = line.trim_end_matches(['\r', '\n']);
            match without_secret(bare) {
                Some(kept) => {
                    out.push_str(&self.words(&kept));
                    out.push_str(line.get(bare.len()..).unwrap_or("\n"));
                }
                None => out.push_str(&self.words(line)),
            }
        }
        out
    }

    /// A piece of text without names and addresses.
    pub fn words(&mut self, text: &str) -> String {
        let named = self.names_in(text);
        let Some(tokens) = TOKENS.as_ref() else {
            return named;
        };
        tokens
            .replace_all(&named, |found: &Captures<'_>| {
                let whole = found.get(0).map_or("", |whole| whole.as_str());
                self.token(found, whole).unwrap_or_else(|| whole.to_owned())
            })
            .into_owned()
    }

    fn token(&mut self, found: &Captures<'_>, whole: &str) -> Option<String> {
        if let Some(address) = address(found) {
            return Some(self.addresses.pseudonym(address)?.to_string());
        }
        if found.name("card").is_some() {
            if whole.bytes().all(|byte| matches!(byte, b'0' | b':' | b'-')) {
                return None;
            }
            let plain = whole.replace(':', "-").to_lowercase();
            if plain.starts_with("02-00-00-") || plain == "ff-ff-ff-ff-ff-ff" {
                return None;
            }
            self.learn(Kind::Card, &plain);
            let pseudonym = self.name(&plain)?.to_owned();
            return Some(if whole.contains(':') {
                pseudonym.replace('-', ":").to_lowercase()
            } else {
                pseudonym
            });
        }
        if found.name("sid").is_some() {
            return self.sid(whole);
        }
        if found.name("mail").is_some() {
            let (user, domain) = whole.split_once('@')?;
            if !domain.contains('.') {
                return None;
            }
            self.user(user);
            self.domain(domain);
            let user = self.name(user).unwrap_or(user).to_owned();
            let domain = self.name(domain).unwrap_or(domain).to_owned();
            return Some(format!("{user}@{domain}"));
        }
        if found.name("full").is_some() {
            if !is_full_name(whole) || is_pseudonym(whole) {
                return None;
            }
            let (label, domain) = whole.split_once('.')?;
            // Of another form it is one only when it is known.
            if !looks_like_a_full_name(whole)
                && (self.name(label).is_none() || self.name(domain).is_none())
            {
                return None;
            }
            self.host(whole);
            let (label, domain) = whole.split_once('.')?;
            let label = self.name(label)?.to_owned();
            let domain = self.name(domain).unwrap_or("domain.example").to_owned();
            return Some(format!("{label}.{domain}"));
        }
        found.name("coded")?;
        self.holds_a_name(whole).then(|| "(removed)".to_owned())
    }

    /// A SID whose middle stands for a machine or domain, and whose end for an account of it.
    fn sid(&mut self, sid: &str) -> Option<String> {
        let (head, rest) = if let Some(rest) = sid.strip_prefix("S-1-5-21-") {
            ("S-1-5-21", rest)
        } else {
            ("S-1-12-1", sid.strip_prefix("S-1-12-1-")?)
        };
        let parts: Vec<&str> = rest.split('-').collect();
        let (middle, account) = match parts.as_slice() {
            [a, b, c] => (format!("{a}-{b}-{c}"), None),
            [a, b, c, account, ..] => (format!("{a}-{b}-{c}"), Some(*account)),
            _ => return None,
        };
        if middle.starts_with("1-1-") {
            return None;
        }
        let number = |this: &mut Self, name: &str| -> Option<usize> {
            this.learn(Kind::Identity, name);
            usize::from_str_radix(this.name(name)?, 16).ok()
        };
        let middle_number = number(self, &middle)?;
        Some(match account {
            None => format!("{head}-1-1-{middle_number}"),
            // Accounts that every machine has keep their number.
            Some(known) if known.parse::<u32>().is_ok_and(|known| known < 1000) => {
                format!("{head}-1-1-{middle_number}-{known}")
            }
            Some(other) => {
                let account = number(self, &format!("{middle}-{other}"))?;
                format!("{head}-1-1-{middle_number}-{}", 1000 + account)
            }
        })
    }

    /// Names that were learned, wherever they stand as a word.
    fn names_in(&mut self, text: &str) -> String {
        if self.searched.is_none() {
            let names: Vec<String> = self
                .names
                .keys()
                .filter(|name| !self.known_in_place.contains(*name))
                .cloned()
                .collect();
            let Ok(search) = AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostLongest)
                .ascii_case_insensitive(true)
                .build(&names)
            else {
                return text.to_owned();
            };
            self.searched = Some((search, names));
        }
        let Some((search, names)) = &self.searched else {
            return text.to_owned();
        };
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        let mut at = 0;
        while let Some(found) = search.find(aho_corasick::Input::new(text).range(at..)) {
            let before = text
                .get(..found.start())
                .and_then(|text| text.chars().next_back());
            let after = text.get(found.end()..).and_then(|text| text.chars().next());
            let within =
                |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '-');
            if within(before) || within(after) {
                // The next may begin inside of this one.
                at = found.start() + 1;
                while !text.is_char_boundary(at) {
                    at += 1;
                }
                continue;
            }
            out.push_str(text.get(from..found.start()).unwrap_or_default());
            let pseudonym = names
                .get(found.pattern().as_usize())
                .and_then(|name| self.names.get(name))
                .map_or("", |(_, pseudonym)| pseudonym.as_str());
            out.push_str(pseudonym);
            from = found.end();
            at = from;
        }
        out.push_str(text.get(from..).unwrap_or_default());
        // Letters beyond ASCII have forms that the search above does not fold.
        if !text.is_ascii() {
            for (name, (_, pseudonym)) in &self.names {
                if !name.is_ascii() && !self.known_in_place.contains(name) {
                    out = replace_folded(&out, name, pseudonym);
                }
            }
        }
        out
    }

    /// The bytes hold a name that was learned, in one byte or two for a character, or coded in base64.
    pub fn holds_a_name(&mut self, coded: &str) -> bool {
        let Some(bytes) = base64(coded) else {
            return false;
        };
        self.bytes_hold_a_name(&bytes)
    }

    /// The bytes hold a name or an address that was learned, in one byte or two for a character.
    pub fn bytes_hold_a_name(&mut self, bytes: &[u8]) -> bool {
        let narrow: String = bytes.iter().map(|&byte| char::from(byte)).collect();
        let wide =
            |skip: usize| -> String {
                char::decode_utf16(bytes.get(skip..).unwrap_or_default().chunks_exact(2).map(
                    |pair| match pair {
                        [low, high] => u16::from_le_bytes([*low, *high]),
                        _ => 0,
                    },
                ))
                .map(|c| c.unwrap_or('\u{FFFD}'))
                .collect()
            };
        let utf8 = String::from_utf8_lossy(bytes).into_owned();
        [narrow, utf8, wide(0), wide(1)]
            .into_iter()
            .any(|text| self.words_without_codes(&text) != text)
    }

    fn words_without_codes(&mut self, text: &str) -> String {
        let named = self.names_in(text);
        if named != text {
            return named;
        }
        let Some(tokens) = TOKENS.as_ref() else {
            return named;
        };
        tokens
            .replace_all(&named, |found: &Captures<'_>| {
                let whole = found.get(0).map_or("", |whole| whole.as_str()).to_owned();
                if found.name("coded").is_some() {
                    return whole;
                }
                self.token(found, &whole).unwrap_or(whole)
            })
            .into_owned()
    }
}

fn is_pseudonym(name: &str) -> bool {
    let folded = name.to_lowercase();
    folded.ends_with(".example") && (folded.starts_with("host-") || folded.starts_with("domain-"))
}

fn replace_folded(text: &str, name: &str, pseudonym: &str) -> String {
    let folded = text.to_lowercase();
    if folded.len() != text.len() || !folded.contains(name) {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut from = 0;
    while let Some(at) = folded.get(from..).and_then(|rest| rest.find(name)) {
        out.push_str(text.get(from..from + at).unwrap_or_default());
        out.push_str(pseudonym);
        from += at + name.len();
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// The address that a token is.
fn address(found: &Captures<'_>) -> Option<IpAddr> {
    if let Some(v4) = found.name("v4") {
        return v4.as_str().parse::<Ipv4Addr>().ok().map(IpAddr::V4);
    }
    let v6 = found.name("v6")?;
    v6.as_str().parse::<Ipv6Addr>().ok().map(IpAddr::V6)
}

/// Reads base64 of either alphabet, broken over lines or not; `None` when it is none.
pub fn base64(text: &str) -> Option<Vec<u8>> {
    let mut letters: String = text
        .chars()
        .filter(|letter| !matches!(letter, '=' | '\r' | '\n' | ' '))
        .map(|letter| match letter {
            '-' => '+',
            '_' => '/',
            letter => letter,
        })
        .collect();
    // Four letters are three bytes; a single one at the end is none.
    if letters.len() % 4 == 1 {
        letters.pop();
    }
    from_base64(&letters)
}
