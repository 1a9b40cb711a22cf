//! Code tables: names over the numbers that RDP and its neighbours use. Numbers come from the wire, so
//! every table is open: a number without a name is kept.
//!
//! All tables together are [`all`]; each [`Code`] says what it means, where it stands on the ladder, and
//! through its [`Topic`] what it rules in and out and where to look next.

mod at;
mod claims;
mod code;
pub mod dialog;
pub mod error_info;
pub mod events;
pub mod freerdp;
pub mod gateway;
mod kerberos;
pub mod log_lines;
mod macros;
mod names;
mod negotiation;
mod network;
pub mod space;
mod status;
mod suites;
pub mod symptom;
mod tls;
mod topic;
mod topics;
pub mod windows;
pub mod wire_results;

use code::named;

pub use claims::{CLAIMS, Claim, Verdict};
pub use code::{Code, Confidence, same_number};
pub use kerberos::{KerberosEncryption, KerberosError};
pub use names::{DnsCode, RecordType};
pub use negotiation::{EncryptionLevel, EncryptionMethods, NegFailure, NegFlags, Protocols};
pub use network::IcmpError;
pub use space::{Base, Space};
pub use status::NtStatus;
pub use symptom::{SYMPTOMS, Symptom};
pub use tls::{CipherSuite, TlsAlert, TlsGroup, TlsSignature, TlsVersion};
pub use topic::{Look, Lore, Topic};

/// One line of a code table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<N: 'static> {
    /// The number.
    pub number: N,
    /// The name in the specification.
    pub name: &'static str,
    /// What it says, as a person would say it.
    pub says: &'static str,
}

/// Every table.
pub static TABLES: &[&[Code]] = &[
    dialog::MSTSC_DISC_REASON,
    dialog::MSTSC_DISC_REASON_CLASS,
    dialog::EXT_DISC_REASON,
    dialog::MSTSCAX_FATAL_ERROR,
    dialog::MSTSCAX_LOGON_ERROR,
    dialog::MSTSC_DIALOG_PAIR,
    dialog::MSTSC_PRIMARY_UNDOCUMENTED,
    dialog::MSTSC_DESCRIBED,
    dialog::DECIMAL_FORM,
    dialog::MACOS_CLIENT,
    dialog::AVD_CLIENT,
    error_info::ERRORINFO,
    NegFailure::CODES,
    wire_results::NEG_REQ_FLAGS,
    wire_results::REQUESTED_PROTOCOLS,
    wire_results::SELECTED_PROTOCOL,
    wire_results::NEG_RSP_FLAGS,
    wire_results::EARLY_USER_AUTH,
    wire_results::MCS_DISCONNECT_ULTIMATUM,
    wire_results::MCS_RESULT,
    wire_results::RDSTLS_RESULT,
    wire_results::LOGON_ERROR_TYPE,
    wire_results::LOGON_ERROR_DATA,
    wire_results::STATUS_INFO,
    wire_results::LICENSE_ERROR,
    wire_results::MULTITRANSPORT_HRRESPONSE,
    wire_results::RDS_AAD_AUTH_RESULT,
    freerdp::FREERDP_ERROR_CLASS,
    freerdp::FREERDP_CONNECT_ERROR,
    freerdp::XFREERDP_EXIT,
    gateway::RDGATEWAY_MSTSGU,
    gateway::RDGATEWAY_CLIENT_LOG,
    NtStatus::CODES,
    windows::HRESULT,
    windows::WIN32,
    windows::WINSOCK,
    windows::ERRNO,
    TlsAlert::CODES,
    events::EVENT_RDPCLIENT,
    events::EVENT_RDPCORETS,
    events::EVENT_RDPCORETS_ADMIN,
    events::EVENT_RCM,
    events::EVENT_RCM_ADMIN,
    events::EVENT_RCM_SYSTEM,
    events::EVENT_LSM,
    events::EVENT_SCHANNEL,
    events::EVENT_TERMDD,
    events::EVENT_SESSIONBROKER,
    events::EVENT_SESSIONBROKER_CLIENT,
    events::EVENT_GATEWAY,
    events::EVENT_SECURITY,
    log_lines::LOG_XRDP,
    log_lines::LOG_XRDP_SESMAN,
    log_lines::LOG_FREERDP,
    log_lines::LOG_GUACD,
    log_lines::LOG_GNOME,
    log_lines::LOG_FAIL2BAN,
    log_lines::LOG_REMMINA,
    log_lines::LOG_XORG,
    log_lines::LOG_IIS_GATEWAY,
    log_lines::LOG_COMMANDS,
    log_lines::LOG_WINDOWS_EVENT226,
];

/// Every code of every table.
pub fn all() -> impl Iterator<Item = &'static Code> {
    TABLES.iter().copied().flatten()
}

/// The code of a table with this number.
pub fn numbered(table: &'static [Code], number: u32) -> Option<&'static Code> {
    let wanted = i64::from(number);
    table.iter().find(|code| {
        code.number
            .is_some_and(|number| same_number(number, wanted))
    })
}

/// The meaning of a line of a log, by its program and the name of its pattern.
pub fn of_line(program: &str, symbol: &str) -> Option<&'static Code> {
    all().find(|code| {
        code.name == symbol
            && !code.lines.is_empty()
            && code.space.slug.strip_prefix("log-") == Some(program)
    })
}

/// The meaning of a Windows event, by its provider and number.
pub fn of_event(provider: &str, id: u32) -> Option<&'static Code> {
    let spaces: &[&Space] = match provider {
        "Microsoft-Windows-TerminalServices-ClientActiveXCore"
        | "Microsoft-Windows-TerminalServices-RDPClient" => &[&space::EVENT_RDPCLIENT],
        "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS" => {
            &[&space::EVENT_RDPCORETS, &space::EVENT_RDPCORETS_ADMIN]
        }
        "Microsoft-Windows-TerminalServices-RemoteConnectionManager" | "TermService" => &[
            &space::EVENT_RCM,
            &space::EVENT_RCM_ADMIN,
            &space::EVENT_RCM_SYSTEM,
        ],
        "Microsoft-Windows-TerminalServices-LocalSessionManager" => &[&space::EVENT_LSM],
        "Schannel" | "Microsoft-Windows-Schannel-Events" => &[&space::EVENT_SCHANNEL],
        "TermDD" => &[&space::EVENT_TERMDD],
        "Microsoft-Windows-TerminalServices-SessionBroker" => &[&space::EVENT_SESSIONBROKER],
        "Microsoft-Windows-TerminalServices-SessionBroker-Client" => {
            &[&space::EVENT_SESSIONBROKER_CLIENT]
        }
        "Microsoft-Windows-TerminalServices-Gateway" => &[&space::EVENT_GATEWAY],
        "Microsoft-Windows-Security-Auditing" => &[&space::EVENT_SECURITY],
        _ => return None,
    };
    all().find(|code| code.number == Some(i64::from(id)) && spaces.contains(&code.space))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_code_is_listed_twice() {
        let mut seen = BTreeSet::new();
        for code in all().filter(|code| code.number.is_some()) {
            assert!(
                seen.insert((code.space.slug, code.number, code.pair, code.name)),
                "{} {}",
                code.space.slug,
                code.written()
            );
        }
    }

    #[test]
    fn sentences_can_follow_a_colon() {
        let ends = |words: &str| words.ends_with('.') || words.is_empty();
        for code in all() {
            assert!(!ends(code.says), "{}: {:?}", code.written(), code.says);
            assert!(!code.note.ends_with('.'), "{:?}", code.note);
        }
        for topic in Topic::ALL {
            let lore = topic.lore();
            assert!(!ends(lore.says), "{topic}");
            assert!(!ends(lore.rules_in), "{topic}");
            assert!(!lore.rules_out.ends_with('.'), "{topic}");
        }
    }

    #[test]
    fn every_namespace_has_codes_and_every_topic_too() {
        for space in space::ALL {
            assert!(all().any(|code| code.space == *space), "{}", space.slug);
        }
        for topic in Topic::ALL {
            assert!(all().any(|code| code.topic == *topic), "{topic}");
        }
    }

    #[test]
    fn numbered_codes_have_numbers_and_lines_have_words() {
        for code in all() {
            assert_eq!(
                code.number.is_none(),
                !code.lines.is_empty(),
                "{}",
                code.name
            );
            for line in code.lines {
                assert!(
                    line.split('*')
                        .any(|words| words.trim_end_matches('$').len() >= 4),
                    "{line:?} has no words to look for"
                );
            }
        }
    }

    #[test]
    fn suites_are_in_order() {
        assert!(suites::SUITES.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(
            CipherSuite(0xC02F).to_string(),
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
        );
        assert_eq!(CipherSuite(0xFFFE).to_string(), "0xFFFE");
    }

    #[test]
    fn signed_and_unsigned_are_the_same_bits() {
        assert!(same_number(-1, 0xFFFF_FFFF));
        assert!(same_number(0x8009_0302, -2_146_893_054));
        assert!(!same_number(1, 0xFFFF_FFFF));
    }

    #[test]
    fn newtypes_and_tables_say_the_same() {
        assert_eq!(
            NtStatus(0xC000_0224).name(),
            Some("STATUS_PASSWORD_MUST_CHANGE")
        );
        for code in NegFailure::CODES {
            assert_eq!(
                code.number
                    .and_then(|number| u32::try_from(number).ok())
                    .map(NegFailure)
                    .and_then(NegFailure::says),
                Some(code.says)
            );
        }
    }
}
