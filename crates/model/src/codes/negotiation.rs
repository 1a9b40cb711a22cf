//! The X.224 negotiation of security protocols ([MS-RDPBCGR] 2.2.1.1 and 2.2.1.2).

use std::fmt;
use std::ops::{BitOr, BitOrAssign};

use serde::{Deserialize, Serialize};

use super::macros::codes;
use super::space;

codes! {
    /// `failureCode` of RDP_NEG_FAILURE ([MS-RDPBCGR] 2.2.1.2.2).
    NegFailure(u32) {
        in space::NEG_FAILURE {
            SSL_REQUIRED_BY_SERVER = 1, "the server accepts only TLS or CredSSP", NEGOTIATE TlsRequired;
            SSL_NOT_ALLOWED_BY_SERVER = 2, "the server accepts only Standard RDP Security", NEGOTIATE TlsNotAllowed;
            SSL_CERT_NOT_ON_SERVER = 3, "the server has no usable certificate for TLS", NEGOTIATE NoServerCertificate;
            INCONSISTENT_FLAGS = 4, "the protocols offered do not go together", NEGOTIATE NegotiationRefused;
            HYBRID_REQUIRED_BY_SERVER = 5, "the server accepts only CredSSP", NEGOTIATE NlaRequired;
            SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER = 6, "the server wants TLS with a client certificate", NEGOTIATE ClientCertificateRequired;
        }
    }
}

/// A set of security protocols: `requestedProtocols` and `selectedProtocol` ([MS-RDPBCGR] 2.2.1.1.1).
///
/// The empty set is Standard RDP Security. Bits without a name are kept.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Protocols(pub u32);

impl Protocols {
    /// PROTOCOL_RDP: Standard RDP Security.
    pub const RDP: Self = Self(0x0000_0000);
    /// PROTOCOL_SSL: TLS.
    pub const TLS: Self = Self(0x0000_0001);
    /// PROTOCOL_HYBRID: CredSSP over TLS, known as Network Level Authentication (NLA).
    pub const HYBRID: Self = Self(0x0000_0002);
    /// PROTOCOL_RDSTLS.
    pub const RDSTLS: Self = Self(0x0000_0004);
    /// PROTOCOL_HYBRID_EX: CredSSP with the Early User Authorization Result.
    pub const HYBRID_EX: Self = Self(0x0000_0008);
    /// PROTOCOL_RDSAAD: Microsoft Entra authentication.
    pub const RDSAAD: Self = Self(0x0000_0010);

    /// The named bits with the words people know.
    pub const NAMED: &[(Self, &'static str, &'static str)] = &[
        (Self::TLS, "PROTOCOL_SSL", "TLS"),
        (Self::HYBRID, "PROTOCOL_HYBRID", "NLA"),
        (Self::RDSTLS, "PROTOCOL_RDSTLS", "RDSTLS"),
        (
            Self::HYBRID_EX,
            "PROTOCOL_HYBRID_EX",
            "NLA with early authorization",
        ),
        (Self::RDSAAD, "PROTOCOL_RDSAAD", "Entra"),
    ];

    /// Every protocol of `other` is in this set.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Some protocol of `other` is in this set.
    pub const fn has_any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// CredSSP, with or without early authorization, is in this set.
    pub const fn has_nla(self) -> bool {
        self.has_any(Self(Self::HYBRID.0 | Self::HYBRID_EX.0))
    }

    /// The set without the protocols of `other`.
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl BitOr for Protocols {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Protocols {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl fmt::Display for Protocols {
    /// The words people know: `TLS or NLA`. Of the two forms of NLA the plain one stands for both.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::RDP {
            return f.write_str("RDP security");
        }
        let mut rest = *self;
        let mut first = true;
        for &(bit, _, word) in Self::NAMED {
            if self.has(bit) {
                rest = rest.without(bit);
                if bit == Self::HYBRID_EX && self.has(Self::HYBRID) {
                    continue;
                }
                if !first {
                    f.write_str(" or ")?;
                }
                first = false;
                f.write_str(word)?;
            }
        }
        if rest != Self::RDP {
            if !first {
                f.write_str(" or ")?;
            }
            write!(f, "0x{:08X}", rest.0)?;
        }
        Ok(())
    }
}

/// `flags` of RDP_NEG_RSP ([MS-RDPBCGR] 2.2.1.2.1).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct NegFlags(pub u8);

impl NegFlags {
    /// EXTENDED_CLIENT_DATA_SUPPORTED.
    pub const EXTENDED_CLIENT_DATA: Self = Self(0x01);
    /// DYNVC_GFX_PROTOCOL_SUPPORTED.
    pub const GRAPHICS_PIPELINE: Self = Self(0x02);
    /// RESTRICTED_ADMIN_MODE_SUPPORTED.
    pub const RESTRICTED_ADMIN: Self = Self(0x08);
    /// REDIRECTED_AUTHENTICATION_MODE_SUPPORTED: Remote Credential Guard.
    pub const REDIRECTED_AUTHENTICATION: Self = Self(0x10);

    /// Every flag of `other` is set.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// A set of encryption methods of Standard RDP Security: `encryptionMethods` and `encryptionMethod`
/// ([MS-RDPBCGR] 2.2.1.3.3 and 2.2.1.4.3). The empty set is no encryption.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct EncryptionMethods(pub u32);

impl EncryptionMethods {
    /// 40BIT_ENCRYPTION_FLAG: RC4 with 40 bits.
    pub const RC4_40: Self = Self(0x0000_0001);
    /// 128BIT_ENCRYPTION_FLAG: RC4 with 128 bits.
    pub const RC4_128: Self = Self(0x0000_0002);
    /// 56BIT_ENCRYPTION_FLAG: RC4 with 56 bits.
    pub const RC4_56: Self = Self(0x0000_0008);
    /// FIPS_ENCRYPTION_FLAG: 3DES and SHA-1.
    pub const FIPS: Self = Self(0x0000_0010);
    /// Every method there is.
    pub const ALL: Self = Self(0x0000_001B);

    /// Methods with the words people know.
    pub const NAMED: &[(Self, &'static str)] = &[
        (Self::RC4_40, "RC4 with 40 bits"),
        (Self::RC4_56, "RC4 with 56 bits"),
        (Self::RC4_128, "RC4 with 128 bits"),
        (Self::FIPS, "3DES (FIPS)"),
    ];
}

impl fmt::Display for EncryptionMethods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("no encryption");
        }
        let mut rest = self.0;
        let mut words = Vec::new();
        for (method, word) in Self::NAMED {
            if self.0 & method.0 != 0 {
                rest &= !method.0;
                words.push((*word).to_owned());
            }
        }
        if rest != 0 {
            words.push(format!("0x{rest:08X}"));
        }
        f.write_str(&words.join(", "))
    }
}

/// How much is encrypted with Standard RDP Security: `encryptionLevel` ([MS-RDPBCGR] 2.2.1.4.3 and 5.3.1).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct EncryptionLevel(pub u32);

impl EncryptionLevel {
    /// ENCRYPTION_LEVEL_NONE.
    pub const NONE: Self = Self(0);
    /// ENCRYPTION_LEVEL_LOW: only what the client sends.
    pub const LOW: Self = Self(1);
    /// ENCRYPTION_LEVEL_CLIENT_COMPATIBLE: as strongly as the client can.
    pub const CLIENT_COMPATIBLE: Self = Self(2);
    /// ENCRYPTION_LEVEL_HIGH: as strongly as the server can.
    pub const HIGH: Self = Self(3);
    /// ENCRYPTION_LEVEL_FIPS.
    pub const FIPS: Self = Self(4);
}

impl fmt::Display for EncryptionLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NONE => f.write_str("none"),
            Self::LOW => f.write_str("low"),
            Self::CLIENT_COMPATIBLE => f.write_str("client compatible"),
            Self::HIGH => f.write_str("high"),
            Self::FIPS => f.write_str("FIPS"),
            Self(other) => write!(f, "0x{other:08X}"),
        }
    }
}
