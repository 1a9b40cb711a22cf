//! ClientHello: read from clients in captures, and written by hand for surveys (RFC 8446 section 4.1.2).

use model::codes::{CipherSuite, TlsSignature, TlsVersion};

use super::session::Kept;
use super::{Content, HANDSHAKE_HEADER, RECORD_HEADER, handshake, handshake_message, record};
use crate::cursor::{Cursor, low8, low16, put_run16};

/// Extension numbers of the IANA registry.
mod extension {
    pub const SERVER_NAME: u16 = 0;
    pub const SUPPORTED_GROUPS: u16 = 10;
    pub const EC_POINT_FORMATS: u16 = 11;
    pub const SIGNATURE_ALGORITHMS: u16 = 13;
    pub const APPLICATION_PROTOCOLS: u16 = 16;
    pub const PADDING: u16 = 21;
    pub const EXTENDED_MASTER_SECRET: u16 = 23;
    pub const SESSION_TICKET: u16 = 35;
    pub const PRE_SHARED_KEY: u16 = 41;
    pub const SUPPORTED_VERSIONS: u16 = 43;
    pub const PSK_KEY_EXCHANGE_MODES: u16 = 45;
    pub const KEY_SHARE: u16 = 51;
}

/// What a ClientHello offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientHello {
    /// The lowest version it names. A hello without `supported_versions` names only the highest one
    /// and accepts, for all the server can tell, everything from SSL 3.0 up: then this is the version
    /// of its record, which clients set to their lowest.
    pub lowest: TlsVersion,
    /// The highest version it names.
    pub highest: TlsVersion,
    /// `cipher_suites`, without the values of RFC 8701 (GREASE).
    pub suites: Vec<CipherSuite>,
    /// `supported_groups`, without the values of RFC 8701.
    pub groups: Vec<u16>,
    /// The `host_name` of `server_name`.
    pub server_name: Option<String>,
    /// It offers to resume a session (a session ticket or a pre-shared key).
    pub resumes: bool,
    /// `legacy_session_id`: the number of a session to resume, up to TLS 1.2.
    pub session: Vec<u8>,
}

/// A value reserved by RFC 8701 to keep servers tolerant.
const fn is_grease(value: u16) -> bool {
    let [high, low] = value.to_be_bytes();
    high == low && low & 0x0F == 0x0A
}

/// Reads the body of a ClientHello; `record` is the version of the record it came in.
pub fn read_client_hello(body: &[u8], record: TlsVersion) -> Option<ClientHello> {
    let mut cursor = Cursor(body);
    let legacy = TlsVersion(cursor.u16()?);
    cursor.take(32)?; // random
    let session = cursor.run8()?.to_vec();
    let suites = numbers(cursor.run16()?).map(CipherSuite).collect();
    cursor.run8(); // legacy_compression_methods
    let mut hello = ClientHello {
        lowest: record.min(legacy),
        highest: legacy,
        suites,
        groups: Vec::new(),
        server_name: None,
        resumes: false,
        session,
    };
    let mut extensions = Cursor(cursor.run16().unwrap_or_default());
    while let (Some(kind), Some(value)) = (extensions.u16(), extensions.run16()) {
        match kind {
            extension::SERVER_NAME => hello.server_name = server_name(value),
            extension::SUPPORTED_GROUPS => {
                hello.groups = numbers(Cursor(value).run16().unwrap_or_default()).collect();
            }
            extension::SUPPORTED_VERSIONS => {
                let versions = numbers(Cursor(value).run8().unwrap_or_default()).map(TlsVersion);
                if let (Some(lowest), Some(highest)) = (versions.clone().min(), versions.max()) {
                    (hello.lowest, hello.highest) = (lowest, highest);
                }
            }
            // session_ticket with a ticket in it; pre_shared_key.
            extension::SESSION_TICKET => hello.resumes |= !value.is_empty(),
            extension::PRE_SHARED_KEY => hello.resumes = true,
            _ => {}
        }
    }
    Some(hello)
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u16> + Clone {
    bytes
        .chunks_exact(2)
        .filter_map(|pair| Cursor(pair).u16())
        .filter(|&number| !is_grease(number))
}

fn server_name(value: &[u8]) -> Option<String> {
    let mut list = Cursor(Cursor(value).run16()?);
    while let (Some(kind), Some(name)) = (list.u8(), list.run16()) {
        if kind == 0 {
            return Some(String::from_utf8_lossy(name).into_owned());
        }
    }
    None
}

/// A ClientHello to be written. It can start a handshake but not finish one: its key shares are
/// public constants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hello {
    /// The lowest version offered. Only a hello that offers TLS 1.3 can name it.
    pub lowest: TlsVersion,
    /// The highest version offered.
    pub highest: TlsVersion,
    /// The suites, most wanted first.
    pub suites: Vec<CipherSuite>,
    /// The groups, most wanted first; empty leaves the extension out.
    pub groups: Vec<u16>,
    /// The name of the server.
    pub server_name: Option<String>,
    /// Pad the record to this many bytes, header included.
    pub padded_to: Option<usize>,
    /// What a survey varies.
    pub survey: Survey,
}

/// What a survey varies in a hello, beside versions, suites and groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// The signature algorithms, most wanted first; empty for the usual ones.
    pub signatures: Vec<TlsSignature>,
    /// Leave the key share out, so that a server with TLS 1.3 has to name the group it wants.
    pub without_share: bool,
    /// Offer a session ticket.
    pub ticket: bool,
    /// Offer compression.
    pub compression: bool,
    /// Application protocols to offer.
    pub applications: Vec<String>,
    /// A session to take up again.
    pub resumes: Option<Resume>,
}

/// A session to take up again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resume {
    /// What was kept of it.
    pub session: Kept,
    /// How old its ticket is, in milliseconds.
    pub age: u32,
}

impl Hello {
    /// A hello with the suites and groups that clients of RDP have offered since Windows 7.
    pub fn classic(lowest: TlsVersion, highest: TlsVersion) -> Self {
        let mut suites = Vec::new();
        if highest >= TlsVersion::TLS1_3 {
            suites.extend([0x1302, 0x1301, 0x1303]);
        }
        if lowest <= TlsVersion::TLS1_2 {
            if highest >= TlsVersion::TLS1_2 {
                suites.extend([0xC02C, 0xC02B, 0xC030, 0xC02F, 0x009F, 0x009E]);
                suites.extend([0xC024, 0xC023, 0xC028, 0xC027]);
                suites.extend([0x009D, 0x009C, 0x003D, 0x003C]);
            }
            suites.extend([
                0xC00A, 0xC009, 0xC014, 0xC013, 0x0039, 0x0033, 0x0035, 0x002F, 0x000A,
            ]);
        }
        if lowest < TlsVersion::TLS1_2 {
            suites.extend([0x0005, 0x0004]);
        }
        Self {
            lowest,
            highest,
            suites: suites.into_iter().map(CipherSuite).collect(),
            groups: vec![0x001D, 0x0017, 0x0018, 0x0019],
            server_name: None,
            padded_to: None,
            survey: Survey::default(),
        }
    }

    /// Writes it as a record.
    pub fn encode(&self) -> Vec<u8> {
        let mut body = self
            .highest
            .min(TlsVersion::TLS1_2)
            .0
            .to_be_bytes()
            .to_vec();
        body.extend(RANDOM);
        let session: &[u8] = match &self.survey.resumes {
            // Middleboxes expect a session to resume (RFC 8446 appendix D.4).
            _ if self.highest >= TlsVersion::TLS1_3 => &RANDOM,
            Some(resume) => &resume.session.id,
            None => &[],
        };
        let session = session.get(..32).unwrap_or(session);
        body.push(low8(session.len()));
        body.extend(session);
        let suites: Vec<u8> = self
            .suites
            .iter()
            .take(1_000)
            // TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746).
            .chain(&[CipherSuite(0x00FF)])
            .flat_map(|suite| suite.0.to_be_bytes())
            .collect();
        put_run16(&mut body, &suites);
        // DEFLATE (RFC 3749) before none.
        body.extend(if self.survey.compression {
            &[2, 1, 0][..]
        } else {
            &[1, 0]
        });
        let mut extensions = self.extensions();
        if let Some(wanted) = self.padded_to {
            let bare = RECORD_HEADER + HANDSHAKE_HEADER + body.len() + 2 + extensions.len();
            // An extension's own header takes four bytes; one record holds 2^14.
            let padding = wanted.min(16_384).saturating_sub(bare);
            if padding >= 4 {
                put_extension(&mut extensions, extension::PADDING, &vec![0; padding - 4]);
            }
        }
        // The proof is over everything before it, so it comes last (RFC 8446 section 4.2.11).
        let resumes = self.survey.resumes.as_ref();
        let proves = resumes
            .filter(|resume| self.highest >= TlsVersion::TLS1_3 && resume.session.has_ticket());
        if let Some(resume) = proves {
            let shared = resume.session.pre_shared_key(resume.age);
            put_extension(&mut extensions, extension::PRE_SHARED_KEY, &shared);
        }
        if !extensions.is_empty() {
            put_run16(&mut body, &extensions);
        }
        let mut message = handshake_message(handshake::CLIENT_HELLO, &body);
        if let Some(resume) = proves {
            resume.session.prove(&mut message);
        }
        let version = if self.highest == TlsVersion::SSL3 {
            self.highest
        } else {
            TlsVersion::TLS1_0
        };
        record(Content::Handshake, version, &message)
    }

    pub(crate) fn extensions(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if self.highest == TlsVersion::SSL3 {
            return out;
        }
        if let Some(name) = &self.server_name {
            let mut entry = vec![0];
            put_run16(
                &mut entry,
                name.as_bytes().get(..255).unwrap_or(name.as_bytes()),
            );
            let mut list = Vec::new();
            put_run16(&mut list, &entry);
            put_extension(&mut out, extension::SERVER_NAME, &list);
        }
        if !self.groups.is_empty() {
            let groups: Vec<u8> = self
                .groups
                .iter()
                .take(100)
                .flat_map(|group| group.to_be_bytes())
                .collect();
            let mut list = Vec::new();
            put_run16(&mut list, &groups);
            put_extension(&mut out, extension::SUPPORTED_GROUPS, &list);
            put_extension(&mut out, extension::EC_POINT_FORMATS, &[1, 0]);
        }
        if self.highest >= TlsVersion::TLS1_2 {
            let own: Vec<u16> = self.survey.signatures.iter().map(|own| own.0).collect();
            let algorithms: Vec<u8> = if own.is_empty() {
                &SIGNATURE_ALGORITHMS[..]
            } else {
                &own
            }
            .iter()
            .take(100)
            .flat_map(|algorithm| algorithm.to_be_bytes())
            .collect();
            let mut list = Vec::new();
            put_run16(&mut list, &algorithms);
            put_extension(&mut out, extension::SIGNATURE_ALGORITHMS, &list);
        }
        put_extension(&mut out, extension::EXTENDED_MASTER_SECRET, &[]);
        let resumes = self.survey.resumes.as_ref();
        let ticket = resumes
            .filter(|_| self.highest < TlsVersion::TLS1_3)
            .map_or(&[][..], |resume| &resume.session.ticket);
        if self.survey.ticket || !ticket.is_empty() {
            put_extension(&mut out, extension::SESSION_TICKET, ticket);
        }
        if !self.survey.applications.is_empty() {
            let mut names = Vec::new();
            for name in self.survey.applications.iter().take(8) {
                let name = name.as_bytes().get(..32).unwrap_or(name.as_bytes());
                names.push(low8(name.len()));
                names.extend(name);
            }
            let mut list = Vec::new();
            put_run16(&mut list, &names);
            put_extension(&mut out, extension::APPLICATION_PROTOCOLS, &list);
        }
        if self.highest >= TlsVersion::TLS1_3 {
            let versions: Vec<u8> = [0x0304_u16, 0x0303, 0x0302, 0x0301]
                .into_iter()
                .filter(|&version| (self.lowest.0..=self.highest.0).contains(&version))
                .flat_map(u16::to_be_bytes)
                .collect();
            let mut list = vec![low8(versions.len())];
            list.extend(versions);
            put_extension(&mut out, extension::SUPPORTED_VERSIONS, &list);
            put_extension(&mut out, extension::PSK_KEY_EXCHANGE_MODES, &[1, 1]);
            put_extension(&mut out, extension::KEY_SHARE, &self.key_shares());
        }
        out
    }

    /// A share for the most wanted group we have a constant for, or for each of them where a server that asks again
    /// would tell nothing; none makes the server ask again.
    fn key_shares(&self) -> Vec<u8> {
        let mut shares = Vec::new();
        if self.survey.without_share {
            put_run16(&mut shares, &[]);
            return shares;
        }
        let most = if self.survey.resumes.is_some() { 2 } else { 1 };
        let known = self.groups.iter().filter_map(|&group| match group {
            0x001D => Some((group, X25519_BASE.as_slice())),
            0x0017 => Some((group, P256_BASE.as_slice())),
            _ => None,
        });
        for (group, key) in known.take(most) {
            shares.extend(group.to_be_bytes());
            put_run16(&mut shares, key);
        }
        let mut list = Vec::new();
        put_run16(&mut list, &shares);
        list
    }
}

fn put_extension(out: &mut Vec<u8>, kind: u16, value: &[u8]) {
    out.extend(kind.to_be_bytes());
    out.extend(low16(value.len()).to_be_bytes());
    out.extend(value);
}

/// Nothing is derived from it, so it need not be secret.
const RANDOM: [u8; 32] = *b"rdpdoctor asks, and derives none";

/// ECDSA, RSA-PSS and RSA with SHA-256, SHA-384, SHA-512 and SHA-1 (RFC 8446 section 4.2.3).
const SIGNATURE_ALGORITHMS: [u16; 12] = [
    0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201, 0x0202,
];

/// The base point of X25519 (RFC 7748 section 4.1): a valid public key that everybody knows.
const X25519_BASE: [u8; 32] = {
    let mut base = [0; 32];
    base[0] = 9;
    base
};

/// The base point of P-256 (FIPS 186-4 D.1.2.3), uncompressed.
const P256_BASE: [u8; 65] = [
    0x04, 0x6B, 0x17, 0xD1, 0xF2, 0xE1, 0x2C, 0x42, 0x47, 0xF8, 0xBC, 0xE6, 0xE5, 0x63, 0xA4, 0x40,
    0xF2, 0x77, 0x03, 0x7D, 0x81, 0x2D, 0xEB, 0x33, 0xA0, 0xF4, 0xA1, 0x39, 0x45, 0xD8, 0x98, 0xC2,
    0x96, 0x4F, 0xE3, 0x42, 0xE2, 0xFE, 0x1A, 0x7F, 0x9B, 0x8E, 0xE7, 0xEB, 0x4A, 0x7C, 0x0F, 0x9E,
    0x16, 0x2B, 0xCE, 0x33, 0x57, 0x6B, 0x31, 0x5E, 0xCE, 0xCB, 0xB6, 0x40, 0x68, 0x37, 0xBF, 0x51,
    0xF5,
];
