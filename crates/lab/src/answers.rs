//! How servers answer connection requests: tables of requested → answer, as observed on real ones.

use model::codes::{NegFailure, NegFlags, Protocols};
use serde::{Deserialize, Deserializer};

use crate::scenario::{Asked, Script, protocols};

/// A kind of server, by the table of its answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Security {
    /// Windows that requires NLA, as it comes.
    #[default]
    WindowsNla,
    /// Windows with NLA not required: security layer "negotiate".
    WindowsNegotiate,
    /// Windows with security layer "SSL" and NLA not required.
    WindowsTls,
    /// Windows with security layer "RDP".
    WindowsRdp,
    /// Windows Server 2008 or 2012, which know NLA but no early user authorization.
    WindowsOldNla,
    /// Windows XP and Server 2003: confirms without negotiation.
    WindowsXp,
    /// xrdp with `security_layer=negotiate`.
    XrdpNegotiate,
    /// xrdp with `security_layer=tls`.
    XrdpTls,
    /// xrdp with `security_layer=rdp`, or `negotiate` when it cannot read its key.
    XrdpRdp,
    /// xrdp with `security_layer=tls` when it cannot read its key.
    XrdpNoKey,
    /// FreeRDP's shadow server or GNOME Remote Desktop with NLA.
    ShadowNla,
    /// FreeRDP's shadow server with TLS, or its proxy.
    ShadowTls,
    /// FreeRDP's shadow server with RDP security.
    ShadowRdp,
    /// FreeRDP's shadow server without authentication, or weston.
    ShadowOpen,
    /// IronRDP's server with CredSSP: closes instead of refusing.
    IronrdpHybrid,
    /// IronRDP's server with TLS: closes instead of refusing.
    IronrdpTls,
}

/// An answer to a connection request, spelt `plain`, `tls` (or another protocol), `refuse 5`, `close`,
/// `reset`, `silence`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A confirm without negotiation.
    Plain,
    /// This protocol is chosen.
    Choose(Protocols),
    /// RDP_NEG_FAILURE.
    Refuse(NegFailure),
    /// The connection is closed.
    Close,
    /// The connection is reset.
    Reset,
    /// Nothing is said.
    Silence,
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;

        let text = String::deserialize(deserializer)?;
        match (text.as_str(), text.strip_prefix("refuse ")) {
            ("plain", _) => Ok(Self::Plain),
            ("close", _) => Ok(Self::Close),
            ("reset", _) => Ok(Self::Reset),
            ("silence", _) => Ok(Self::Silence),
            (_, Some(code)) => code
                .parse()
                .map(|code| Self::Refuse(NegFailure(code)))
                .map_err(|_| D::Error::custom(format!("`{code}` is no failure code"))),
            (words, None) => {
                let words: Vec<&str> = words.split('+').collect();
                protocols(&words)
                    .map(Self::Choose)
                    .map_err(D::Error::custom)
            }
        }
    }
}

/// The answer of `script` to a request for `asked`.
pub fn answer(script: &Script, asked: Option<Protocols>) -> Answer {
    let key = asked.map_or(Asked::Absent, Asked::Set);
    script
        .answers
        .get(&key)
        .or_else(|| script.answers.get(&Asked::Any))
        .copied()
        .unwrap_or_else(|| by_table(script.security, asked))
}

/// The flags of the answer of `script`.
pub fn flags(script: &Script) -> NegFlags {
    NegFlags(script.flags.unwrap_or(match script.security {
        Security::WindowsNla
        | Security::WindowsNegotiate
        | Security::WindowsTls
        | Security::WindowsRdp => 0x1F,
        Security::WindowsOldNla => 0x0B,
        Security::WindowsXp => 0x00,
        Security::XrdpNegotiate | Security::XrdpTls | Security::XrdpRdp | Security::XrdpNoKey => {
            0x01
        }
        Security::ShadowNla
        | Security::ShadowTls
        | Security::ShadowRdp
        | Security::ShadowOpen
        | Security::IronrdpHybrid
        | Security::IronrdpTls => 0x03,
    }))
}

fn by_table(security: Security, asked: Option<Protocols>) -> Answer {
    const RDP: Answer = Answer::Choose(Protocols::RDP);
    const TLS: Answer = Answer::Choose(Protocols::TLS);
    const NLA: Answer = Answer::Choose(Protocols::HYBRID);
    const NLA_EX: Answer = Answer::Choose(Protocols::HYBRID_EX);
    const NEEDS_TLS: Answer = Answer::Refuse(NegFailure::SSL_REQUIRED_BY_SERVER);
    const NO_TLS: Answer = Answer::Refuse(NegFailure::SSL_NOT_ALLOWED_BY_SERVER);
    const NO_CERTIFICATE: Answer = Answer::Refuse(NegFailure::SSL_CERT_NOT_ON_SERVER);
    const NEEDS_NLA: Answer = Answer::Refuse(NegFailure::HYBRID_REQUIRED_BY_SERVER);

    let set = asked.unwrap_or(Protocols::RDP);
    let tls = set.has(Protocols::TLS);
    let nla = set.has(Protocols::HYBRID);
    let nla_ex = set.has(Protocols::HYBRID_EX);
    let only_rdp = set == Protocols::RDP;
    match security {
        Security::WindowsNla if nla_ex => NLA_EX,
        Security::WindowsNla | Security::ShadowNla | Security::WindowsOldNla if nla => NLA,
        Security::WindowsNla | Security::ShadowNla | Security::WindowsOldNla => NEEDS_NLA,

        Security::WindowsNegotiate | Security::WindowsTls if nla_ex => NLA_EX,
        Security::WindowsNegotiate | Security::WindowsTls if nla => NLA,
        Security::WindowsNegotiate | Security::WindowsTls if tls => TLS,
        Security::WindowsNegotiate if asked.is_none() => Answer::Plain,
        Security::WindowsNegotiate => RDP,
        Security::WindowsTls => NEEDS_TLS,

        Security::WindowsXp => Answer::Plain,
        Security::WindowsRdp | Security::XrdpNegotiate | Security::XrdpRdp if asked.is_none() => {
            Answer::Plain
        }
        Security::WindowsRdp | Security::ShadowRdp if only_rdp => RDP,
        Security::WindowsRdp | Security::ShadowRdp => NO_TLS,

        Security::XrdpNegotiate | Security::XrdpTls if tls => TLS,
        Security::XrdpNegotiate | Security::XrdpRdp => RDP,
        Security::XrdpTls | Security::XrdpNoKey if asked.is_none() => Answer::Plain,
        Security::XrdpTls => NEEDS_TLS,
        Security::XrdpNoKey => NO_CERTIFICATE,

        Security::ShadowTls | Security::ShadowOpen | Security::IronrdpTls if tls => TLS,
        Security::ShadowTls => NEEDS_TLS,
        Security::ShadowOpen if only_rdp => RDP,
        Security::ShadowOpen => NO_TLS,

        Security::IronrdpHybrid if nla_ex => NLA_EX,
        Security::IronrdpHybrid if nla => NLA,
        Security::IronrdpHybrid | Security::IronrdpTls => Answer::Close,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers to a request without negotiation, and for RDP, TLS, HYBRID, and TLS with both HYBRIDs.
    fn row(security: Security) -> String {
        let all = Protocols::TLS | Protocols::HYBRID | Protocols::HYBRID_EX;
        let asked = [
            None,
            Some(Protocols::RDP),
            Some(Protocols::TLS),
            Some(Protocols::HYBRID),
            Some(all),
        ];
        let words: Vec<String> = asked
            .into_iter()
            .map(|asked| match by_table(security, asked) {
                Answer::Plain => "std".to_owned(),
                Answer::Choose(chosen) => format!("R{}", chosen.0),
                Answer::Refuse(code) => format!("F{}", code.0),
                Answer::Close => "EOF".to_owned(),
                Answer::Reset => "RST".to_owned(),
                Answer::Silence => "-".to_owned(),
            })
            .collect();
        words.join(" ")
    }

    #[test]
    fn tables_are_those_of_real_servers() {
        for (security, answers) in [
            (Security::XrdpNegotiate, "std R0 R1 R0 R1"),
            (Security::XrdpTls, "std F1 R1 F1 R1"),
            (Security::XrdpRdp, "std R0 R0 R0 R0"),
            (Security::XrdpNoKey, "std F3 F3 F3 F3"),
            (Security::ShadowNla, "F5 F5 F5 R2 R2"),
            (Security::ShadowTls, "F1 F1 R1 F1 R1"),
            (Security::ShadowRdp, "R0 R0 F2 F2 F2"),
            (Security::ShadowOpen, "R0 R0 R1 F2 R1"),
            (Security::IronrdpHybrid, "EOF EOF EOF R2 R8"),
            (Security::IronrdpTls, "EOF EOF R1 EOF R1"),
            (Security::WindowsNla, "F5 F5 F5 R2 R8"),
            (Security::WindowsOldNla, "F5 F5 F5 R2 R2"),
            (Security::WindowsNegotiate, "std R0 R1 R2 R8"),
            (Security::WindowsTls, "F1 F1 R1 R2 R8"),
            (Security::WindowsRdp, "std R0 F2 F2 F2"),
            (Security::WindowsXp, "std std std std std"),
        ] {
            assert_eq!(row(security), answers, "{security:?}");
        }
    }
}
