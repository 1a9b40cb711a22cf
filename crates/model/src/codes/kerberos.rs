//! The numbers of Kerberos ([RFC 4120] section 7.5). They are told with their names where a Kerberos server
//! answered, and are no codes that people are shown.
//!
//! [RFC 4120]: https://www.rfc-editor.org/rfc/rfc4120

use std::fmt;

use serde::{Deserialize, Serialize};

/// The `error-code` of a KRB-ERROR ([RFC 4120] section 7.5.9).
///
/// [RFC 4120]: https://www.rfc-editor.org/rfc/rfc4120
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KerberosError(pub u32);

impl KerberosError {
    /// The user's entry has expired.
    pub const NAME_EXPIRED: Self = Self(1);
    /// The user is unknown.
    pub const USER_UNKNOWN: Self = Self(6);
    /// The service is unknown.
    pub const SERVICE_UNKNOWN: Self = Self(7);
    /// Several accounts have the name of the service.
    pub const NOT_UNIQUE: Self = Self(8);
    /// A policy forbids it: hours, machines, or the kind of logon.
    pub const POLICY: Self = Self(12);
    /// No encryption in common.
    pub const ENCRYPTION: Self = Self(14);
    /// The user's account may not be used.
    pub const USER_REVOKED: Self = Self(18);
    /// The password has expired.
    pub const PASSWORD_EXPIRED: Self = Self(23);
    /// The password is wrong.
    pub const WRONG_PASSWORD: Self = Self(24);
    /// What proves the password cannot be decrypted.
    pub const BAD_INTEGRITY: Self = Self(31);
    /// A password is wanted.
    pub const PREAUTH_REQUIRED: Self = Self(25);
    /// The ticket is from the future, for the clock of whoever reads it.
    pub const NOT_YET_VALID: Self = Self(33);
    /// The clocks are too far apart.
    pub const CLOCKS: Self = Self(37);
    /// The answer does not fit into a datagram.
    pub const TOO_BIG: Self = Self(52);
    /// Another realm is responsible.
    pub const WRONG_REALM: Self = Self(68);

    /// Said to somebody who proved a password, it ends the logon: no client goes on to NTLM behind it.
    pub const fn ends_logon(self) -> bool {
        matches!(self.0, 1 | 12 | 18 | 21 | 23 | 24 | 31 | 37)
    }

    /// Its name in the specification.
    pub const fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            1 => "KDC_ERR_NAME_EXP",
            2 => "KDC_ERR_SERVICE_EXP",
            3 => "KDC_ERR_BAD_PVNO",
            6 => "KDC_ERR_C_PRINCIPAL_UNKNOWN",
            7 => "KDC_ERR_S_PRINCIPAL_UNKNOWN",
            8 => "KDC_ERR_PRINCIPAL_NOT_UNIQUE",
            9 => "KDC_ERR_NULL_KEY",
            12 => "KDC_ERR_POLICY",
            13 => "KDC_ERR_BADOPTION",
            14 => "KDC_ERR_ETYPE_NOSUPP",
            16 => "KDC_ERR_PADATA_TYPE_NOSUPP",
            18 => "KDC_ERR_CLIENT_REVOKED",
            19 => "KDC_ERR_SERVICE_REVOKED",
            20 => "KDC_ERR_TGT_REVOKED",
            21 => "KDC_ERR_CLIENT_NOTYET",
            22 => "KDC_ERR_SERVICE_NOTYET",
            23 => "KDC_ERR_KEY_EXPIRED",
            24 => "KDC_ERR_PREAUTH_FAILED",
            25 => "KDC_ERR_PREAUTH_REQUIRED",
            26 => "KDC_ERR_SERVER_NOMATCH",
            27 => "KDC_ERR_MUST_USE_USER2USER",
            29 => "KDC_ERR_SVC_UNAVAILABLE",
            31 => "KRB_AP_ERR_BAD_INTEGRITY",
            32 => "KRB_AP_ERR_TKT_EXPIRED",
            33 => "KRB_AP_ERR_TKT_NYV",
            34 => "KRB_AP_ERR_REPEAT",
            35 => "KRB_AP_ERR_NOT_US",
            37 => "KRB_AP_ERR_SKEW",
            41 => "KRB_AP_ERR_MODIFIED",
            44 => "KRB_AP_ERR_BADKEYVER",
            45 => "KRB_AP_ERR_NOKEY",
            52 => "KRB_ERR_RESPONSE_TOO_BIG",
            60 => "KRB_ERR_GENERIC",
            61 => "KRB_ERR_FIELD_TOOLONG",
            68 => "KDC_ERR_WRONG_REALM",
            _ => return None,
        })
    }

    /// What it says, as a person would say it.
    pub const fn says(self) -> Option<&'static str> {
        Some(match self.0 {
            1 => "the account has expired",
            6 => "the domain knows no such user",
            7 => "the domain knows no such service",
            8 => "several accounts have this name",
            12 => "a policy forbids it",
            14 => "no encryption in common",
            18 => "the account is disabled, locked or expired",
            19 => "the account of the service may not be used",
            21 => "the account may not be used yet",
            23 => "the password has expired",
            24 => "the password is wrong",
            25 => "it asks for the password",
            27 => "it gives tickets for this name to another user alone",
            29 => "the service of the domain is not available",
            31 => "it cannot be decrypted: password or key is another one",
            32 => "the ticket has expired",
            33 => "the ticket is not valid yet",
            34 => "the ticket was used before",
            35 => "the ticket is for another host",
            37 => "the clocks are too far apart",
            41 => "the ticket cannot be decrypted: the host has another key than the domain",
            44 => "the host has an older or newer key than the domain",
            45 => "the host has no key for its name",
            52 => "the answer is too large for a datagram",
            68 => "another realm is responsible",
            _ => return None,
        })
    }
}

impl fmt::Display for KerberosError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        self.name().map_or(Ok(()), |name| write!(f, " {name}"))
    }
}

/// A kind of encryption of Kerberos ([RFC 3961] section 8, and the registry at IANA).
///
/// [RFC 3961]: https://www.rfc-editor.org/rfc/rfc3961
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KerberosEncryption(pub i32);

impl KerberosEncryption {
    /// AES with 256 bits and SHA-1.
    pub const AES256: Self = Self(18);
    /// AES with 128 bits and SHA-1.
    pub const AES128: Self = Self(17);
    /// AES with 128 bits and SHA-256.
    pub const AES128_SHA256: Self = Self(19);
    /// AES with 256 bits and SHA-384.
    pub const AES256_SHA384: Self = Self(20);
    /// RC4, which gives passwords away to whoever guesses.
    pub const RC4: Self = Self(23);

    /// Its name, as people write it.
    pub const fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            1 => "DES-CRC",
            3 => "DES-MD5",
            16 => "3DES",
            17 => "AES-128",
            18 => "AES-256",
            19 => "AES-128 with SHA-256",
            20 => "AES-256 with SHA-384",
            23 => "RC4",
            24 => "RC4 for export",
            25 => "Camellia-128",
            26 => "Camellia-256",
            _ => return None,
        })
    }

    /// It is one of DES or RC4.
    pub const fn is_weak(self) -> bool {
        matches!(self.0, 1..=3 | 23 | 24)
    }
}

impl fmt::Display for KerberosEncryption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "type {}", self.0),
        }
    }
}
