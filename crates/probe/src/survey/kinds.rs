//! What cipher suites are made of, and where they stand in the questions of a survey.

use std::cmp::Reverse;
use std::sync::OnceLock;

use model::codes::{CipherSuite, TlsVersion};

use super::suites::VERSIONS;

/// A segment of the suites, in the order in which servers commonly like them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Segment {
    Usual(u8),
    Exotic(u8),
}

/// The segment of what no server is known to have.
pub(super) const REST: u8 = 7;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) exchange: Exchange,
    pub(super) auth: Auth,
    pub(super) cipher: Cipher,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Exchange {
    Ecdhe,
    Dhe,
    Rsa,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Auth {
    Rsa,
    Ecdsa,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cipher {
    Aead,
    Cbc,
    TripleDes,
    ExoticAead,
    ExoticCbc,
    Other,
}

/// A place for each number that a suite can have: plans are made after every answer, and ask this of every suite.
struct Table<T>(Vec<Option<T>>);

impl<T: Copy> Table<T> {
    fn of(rows: impl Iterator<Item = (CipherSuite, T)>) -> Self {
        let mut table = Self(Vec::new());
        for (suite, value) in rows {
            if let Some(place) = place_of(suite) {
                if table.0.len() <= place {
                    table.0.resize(place.saturating_add(1), None);
                }
                if let Some(slot) = table.0.get_mut(place) {
                    *slot = Some(value);
                }
            }
        }
        table
    }

    fn get(&self, suite: CipherSuite) -> Option<T> {
        self.0.get(place_of(suite)?).copied().flatten()
    }
}

/// Where a suite stands in a table: one block of 256 after the other.
fn place_of(suite: CipherSuite) -> Option<usize> {
    let block = match suite.0 >> 8 {
        0x00 => 0,
        0x13 => 1,
        0xC0 => 2,
        0xCC => 3,
        _ => return None,
    };
    Some(usize::from((block << 8) | (suite.0 & 0xFF)))
}

/// What a suite is made of.
pub(super) fn kind(suite: CipherSuite) -> Kind {
    static KINDS: OnceLock<Table<Kind>> = OnceLock::new();
    let kinds = KINDS.get_or_init(|| {
        let all = VERSIONS
            .into_iter()
            .flat_map(|version| [belonging(version, false), belonging(version, true)]);
        Table::of(all.flatten().map(|suite| (suite, kind_of(suite))))
    });
    kinds.get(suite).unwrap_or_else(|| kind_of(suite))
}

/// What a suite is made of, by its name in the registry.
pub(super) fn kind_of(suite: CipherSuite) -> Kind {
    let name = suite.name().unwrap_or_default();
    let (exchange, auth) = match name.split_once("_WITH_").map(|(keys, _)| keys) {
        Some("TLS_ECDHE_RSA") => (Exchange::Ecdhe, Auth::Rsa),
        Some("TLS_ECDHE_ECDSA") => (Exchange::Ecdhe, Auth::Ecdsa),
        Some("TLS_DHE_RSA") => (Exchange::Dhe, Auth::Rsa),
        Some("TLS_RSA") => (Exchange::Rsa, Auth::Rsa),
        _ => (Exchange::Other, Auth::Other),
    };
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let cipher = if has(&["RMD", "draft"]) {
        Cipher::Other
    } else if has(&["CCM", "ARIA", "CAMELLIA"]) {
        if has(&["CCM", "GCM"]) {
            Cipher::ExoticAead
        } else {
            Cipher::ExoticCbc
        }
    } else if has(&["AES_128_GCM", "AES_256_GCM", "CHACHA20"]) {
        Cipher::Aead
    } else if has(&["AES_128_CBC", "AES_256_CBC"]) {
        Cipher::Cbc
    } else if has(&["3DES"]) {
        Cipher::TripleDes
    } else {
        Cipher::Other
    };
    Kind {
        exchange,
        auth,
        cipher,
    }
}

pub(super) fn kind_of_curves(suite: CipherSuite) -> bool {
    kind(suite).exchange == Exchange::Ecdhe
}

/// Where a suite stands in the questions of a version; `None` when the version has no such suite or it is weak.
pub(super) fn segment(version: TlsVersion, suite: CipherSuite) -> Option<Segment> {
    static SEGMENTS: OnceLock<Vec<(TlsVersion, Table<Segment>)>> = OnceLock::new();
    let segments = SEGMENTS.get_or_init(|| {
        let of = |version| {
            let own = ordered(version).iter();
            Table::of(own.map(move |suite| (*suite, place(version, *suite))))
        };
        VERSIONS.map(|version| (version, of(version))).into()
    });
    let (_, own) = segments.iter().find(|(own, _)| *own == version)?;
    own.get(suite)
}

pub(super) fn place(version: TlsVersion, suite: CipherSuite) -> Segment {
    if version >= TlsVersion::TLS1_3 {
        let usual = matches!(suite.0, 0x1301..=0x1303);
        return if usual {
            Segment::Usual(0)
        } else {
            Segment::Exotic(REST)
        };
    }
    let Kind {
        exchange, cipher, ..
    } = kind(suite);
    let name = suite.name().unwrap_or_default();
    let forward = matches!(exchange, Exchange::Ecdhe | Exchange::Dhe);
    let sha1 = name.ends_with("_SHA");
    let strong = name.contains("_256_");
    // What OpenSSL has of these families; of the others, nobody is known to have any.
    let common = name.contains("CCM")
        || name.contains("ARIA_128_GCM")
        || name.contains("ARIA_256_GCM")
        || (name.contains("CAMELLIA") && cipher == Cipher::ExoticCbc);
    match (cipher, forward) {
        _ if exchange == Exchange::Other => Segment::Exotic(REST),
        // As Windows orders them.
        (Cipher::Aead, true) if exchange == Exchange::Dhe => Segment::Usual(2),
        (Cipher::Aead, true) if strong || name.contains("CHACHA") => Segment::Usual(0),
        (Cipher::Aead, true) => Segment::Usual(1),
        (Cipher::Cbc, true) if !sha1 => Segment::Usual(3),
        (Cipher::Cbc | Cipher::TripleDes, true) => Segment::Usual(4),
        (Cipher::Aead, false) => Segment::Usual(5),
        (Cipher::Cbc, false) if !sha1 => Segment::Usual(6),
        (Cipher::Cbc | Cipher::TripleDes, false) => Segment::Usual(7),
        (Cipher::Other, _) => Segment::Exotic(REST),
        _ if !common => Segment::Exotic(REST),
        // With a short tag, which most lists leave out.
        _ if name.ends_with("CCM_8") => Segment::Exotic(6),
        (Cipher::ExoticAead, true) => Segment::Exotic(0),
        (Cipher::ExoticCbc, true) => Segment::Exotic(1),
        (Cipher::ExoticAead, false) if name.contains("CCM") => Segment::Exotic(2),
        (Cipher::ExoticAead, false) => Segment::Exotic(3),
        (Cipher::ExoticCbc, false) if !sha1 => Segment::Exotic(4),
        (Cipher::ExoticCbc, false) => Segment::Exotic(5),
    }
}

/// The suites of a version that are not weak, segment by segment, most wanted first.
pub(super) fn ordered(version: TlsVersion) -> &'static [CipherSuite] {
    static ORDERED: OnceLock<Vec<(TlsVersion, Vec<CipherSuite>)>> = OnceLock::new();
    rows(&ORDERED, version, false)
}

/// The weak suites of a version, in the order of their numbers.
pub(super) fn weak(version: TlsVersion) -> &'static [CipherSuite] {
    static WEAK: OnceLock<Vec<(TlsVersion, Vec<CipherSuite>)>> = OnceLock::new();
    rows(&WEAK, version, true)
}

pub(super) fn rows(
    table: &'static OnceLock<Vec<(TlsVersion, Vec<CipherSuite>)>>,
    version: TlsVersion,
    weak: bool,
) -> &'static [CipherSuite] {
    let make = || {
        VERSIONS
            .iter()
            .map(|version| {
                let mut suites = belonging(*version, weak);
                suites.sort_by_key(|suite| {
                    let name = suite.name().unwrap_or_default();
                    (
                        place(*version, *suite),
                        Reverse(name.contains("_256_")),
                        name.contains("3DES"),
                        kind(*suite).exchange,
                        suite.0,
                    )
                });
                (*version, suites)
            })
            .collect()
    };
    table
        .get_or_init(make)
        .iter()
        .find(|(own, _)| *own == version)
        .map_or(&[], |(_, suites)| suites)
}

/// The suites that can be picked in a version, by their names in the registry.
pub(super) fn belonging(version: TlsVersion, wanted_weak: bool) -> Vec<CipherSuite> {
    const BLOCKS: &[(u16, u16)] = &[
        (0x0000, 0x00FE),
        (0x1301, 0x1307),
        (0xC001, 0xC0FF),
        (0xCCA8, 0xCCAF),
    ];
    // Suites for keys we do not have, and numbers that are no suites.
    const OTHER_KEYS: &[&str] = &[
        "PSK",
        "SRP",
        "KRB5",
        "GOST",
        "FORTEZZA",
        "ECCPWD",
        "SCSV",
        "NULL_WITH_NULL",
    ];
    // Authenticated encryption and other digests than SHA-1 came with TLS 1.2 (RFC 5246 section 1.2).
    const SINCE_1_2: &[&str] = &["GCM", "CCM", "POLY1305", "SHA256", "SHA384"];
    let belongs = |suite: &CipherSuite| {
        let Some(name) = suite.name() else {
            return false;
        };
        let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
        let of_1_3 = suite.0 >> 8 == 0x13;
        let fits = match version {
            TlsVersion::TLS1_3 => of_1_3,
            TlsVersion::TLS1_2 => !of_1_3,
            TlsVersion::SSL3 => !of_1_3 && !name.contains("ECDH") && !has(SINCE_1_2),
            _ => !of_1_3 && !has(SINCE_1_2),
        };
        fits && !has(OTHER_KEYS)
            && (is_weak(*suite) && version != TlsVersion::TLS1_3) == wanted_weak
    };
    BLOCKS
        .iter()
        .flat_map(|&(first, last)| first..=last)
        .map(CipherSuite)
        .filter(belongs)
        .collect()
}

/// A suite without encryption or authentication, or with a cipher or key that can be broken.
pub fn is_weak(suite: CipherSuite) -> bool {
    const WEAK: &[&str] = &[
        "_NULL_", "anon", "EXPORT", "RC4", "RC2", "IDEA", "SEED", "WITH_DES", "DES40",
    ];
    suite
        .name()
        .is_some_and(|name| WEAK.iter().any(|word| name.contains(word)))
}
