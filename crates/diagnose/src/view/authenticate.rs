//! What clues ask about NLA.

use model::codes::{KerberosError, NtStatus, Topic};
use model::fact::KdcQuestion;
use model::{Fact, LogonMechanism, Message};

use super::View;
use crate::cause::Reading;

impl<'e> View<'e> {
    /// The server ended CredSSP with one of these results.
    pub fn status(&self, expect: &[u32]) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::CredSspRefused { error, .. } => Some(expect.contains(&error.meant().0)),
            _ => None,
        })
    }

    /// The server ended CredSSP with one of these results, which are about an account. Against, when it did before
    /// the client had said who it is: no account was meant.
    pub fn status_of_account(&self, expect: &[u32]) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::CredSspRefused { error, named, .. } => {
                Some(expect.contains(&error.meant().0) && *named != Some(false))
            }
            _ => None,
        })
    }

    /// The server ended CredSSP with a result about an account before the client had said who it is.
    pub fn refused_unnamed(&self) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::CredSspRefused { error, named, .. } => {
                (*named == Some(false) && is_about_an_account(*error)).then_some(true)
            }
            _ => None,
        })
    }

    /// Against, where the client and the server both speak a version of CredSSP from after the update of 2018; cites what
    /// the client offered.
    pub fn credssp_of_both_has_the_update(&self) -> Reading<'e> {
        /// The first version with the update ([MS-CSSP] 2.2.1).
        const UPDATED: u32 = 5;
        let server = self.any_as_client(|fact| match fact {
            Fact::NtlmChallenged { version, .. } | Fact::CredSspRefused { version, .. } => {
                (*version >= UPDATED).then_some(true)
            }
            _ => None,
        });
        match server {
            Reading::For(_) => self.any_as_client(|fact| match fact {
                Fact::CredSspOffered { version, .. } => (*version >= UPDATED).then_some(false),
                _ => None,
            }),
            _ => Reading::Silent,
        }
    }

    /// The first words of the client's logon hold a ticket of Kerberos, which is large.
    pub fn offered_a_ticket(&self) -> bool {
        self.seen().any(|observation| {
            self.as_client(observation)
                && matches!(
                    observation.fact,
                    Fact::CredSspOffered {
                        mechanism: Some(LogonMechanism::Kerberos),
                        ..
                    }
                )
        })
    }

    /// The host did not take the ticket it was shown because of the time in it. Against, when it took one.
    pub fn ticket_out_of_time(&self) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::LogonNegotiated {
                error: Some(error), ..
            } => [KerberosError::CLOCKS, KerberosError::NOT_YET_VALID]
                .contains(error)
                .then_some(true),
            Fact::LogonNegotiated {
                mechanism: Some(LogonMechanism::Kerberos),
                rejected: false,
                ..
            } => Some(false),
            _ => None,
        })
    }

    /// A Kerberos server answered with this error about the user who was named.
    pub fn kerberos(&self, expect: KerberosError) -> Reading<'e> {
        self.any(|fact| match fact {
            Fact::KdcAnswered {
                asked: KdcQuestion::User,
                named: true,
                error: Some(error),
                ..
            }
            | Fact::TicketAnswered {
                asked: KdcQuestion::User,
                error: Some(error),
                ..
            } => Some(*error == expect),
            _ => None,
        })
    }

    /// A Kerberos server refused the proof of a password, or took it.
    pub fn password_of_kerberos(&self) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::TicketAnswered {
                asked: KdcQuestion::User,
                error,
                ..
            } => match error {
                None => Some(false),
                Some(KerberosError::WRONG_PASSWORD | KerberosError::BAD_INTEGRITY) => Some(true),
                Some(_) => None,
            },
            _ => None,
        })
    }

    /// Kerberos does not know the name of the host. It does, when it gives another answer for it than for a name
    /// that nobody has: whoever answers both alike has looked at neither.
    pub fn unknown_to_kerberos(&self) -> Reading<'e> {
        let unknown = [KerberosError::SERVICE_UNKNOWN, KerberosError::NOT_UNIQUE];
        let says_so = self.seen().any(|seen| {
            matches!(
                &seen.fact,
                Fact::KdcAnswered {
                    asked: KdcQuestion::NoSuchService,
                    error: Some(KerberosError::SERVICE_UNKNOWN),
                    ..
                }
            )
        });
        self.any(|fact| match fact {
            // Asked with a password, it says so of every name.
            Fact::TicketAnswered {
                asked: KdcQuestion::Service,
                error,
                ..
            } => match error {
                Some(error) if unknown.contains(error) => Some(true),
                None => Some(false),
                _ => None,
            },
            Fact::KdcAnswered {
                asked: KdcQuestion::Service,
                error,
                ..
            } => match error {
                Some(error) if unknown.contains(error) => Some(true),
                None | Some(KerberosError::PREAUTH_REQUIRED) if says_so => Some(false),
                _ => None,
            },
            _ => None,
        })
    }

    /// No Kerberos server could be found or reached; one that answered any question could.
    pub fn no_kerberos(&self) -> Reading<'e> {
        let answered = self.any(|fact| match fact {
            Fact::KdcAnswered { .. } | Fact::TicketAnswered { .. } => Some(false),
            _ => None,
        });
        match answered {
            Reading::Silent => self.any(|fact| match fact {
                Fact::KdcUnanswered { .. } => Some(true),
                Fact::KdcsNamed { kdcs, .. } if kdcs.is_empty() => Some(true),
                _ => None,
            }),
            answered => answered,
        }
    }
}

/// How a connection ended when the logon began, when it ended there.
pub(crate) fn at_logon(after: Message, so: bool) -> Option<bool> {
    matches!(
        after,
        Message::ServerFinished
            | Message::CredSspNegotiate
            | Message::CredSspChallenge
            | Message::CredSspAuthenticate
    )
    .then_some(so)
}

/// A result that says something of an account, its password or its rights.
pub(crate) fn is_about_an_account(error: NtStatus) -> bool {
    NtStatus::CODES
        .iter()
        .find(|code| code.number == Some(i64::from(error.meant().0)))
        .is_some_and(|code| {
            matches!(
                code.topic,
                Topic::WrongCredentials
                    | Topic::AccountDisabled
                    | Topic::AccountExpired
                    | Topic::AccountLocked
                    | Topic::AccountRestriction
                    | Topic::LogonHours
                    | Topic::LogonRight
                    | Topic::PasswordExpired
            )
        })
}

/// The results of CredSSP that causes of their own explain.
pub(crate) const KNOWN_STATUS: &[u32] = &[
    0x8009_0300,
    0x8009_0302,
    0x8009_0303,
    0x8009_0304,
    0x8009_0305,
    0x8009_0308,
    0x8009_030C,
    0x8009_030E,
    0x8009_030F,
    0x8009_0310,
    0x8009_0311,
    0x8009_0322,
    0x8009_0324,
    0x8009_0342,
    0x8009_0345,
    0x8009_0346,
    0xC000_000D,
    0xC000_0017,
    0xC000_0022,
    0xC000_005E,
    0xC000_005F,
    0xC000_0061,
    0xC000_0064,
    0xC000_006A,
    0xC000_006B,
    0xC000_006C,
    0xC000_006D,
    0xC000_006E,
    0xC000_006F,
    0xC000_0070,
    0xC000_0071,
    0xC000_0072,
    0xC000_0073,
    0xC000_009A,
    0xC000_00B5,
    0xC000_00BB,
    0xC000_00D0,
    0xC000_00DC,
    0xC000_00DF,
    0xC000_0133,
    0xC000_0155,
    0xC000_015B,
    0xC000_018A,
    0xC000_018B,
    0xC000_018C,
    0xC000_018D,
    0xC000_0190,
    0xC000_0192,
    0xC000_0193,
    0xC000_0198,
    0xC000_0199,
    0xC000_019A,
    0xC000_019B,
    0xC000_0224,
    0xC000_0233,
    0xC000_0234,
    0xC000_0247,
    0xC000_0248,
    0xC000_02F9,
    0xC000_02FA,
    0xC000_02FB,
    0xC000_0320,
    0xC000_0321,
    0xC000_0322,
    0xC000_035B,
    0xC000_0380,
    0xC000_0381,
    0xC000_0382,
    0xC000_0383,
    0xC000_0384,
    0xC000_0385,
    0xC000_0386,
    0xC000_0387,
    0xC000_0388,
    0xC000_0389,
    0xC000_038A,
    0xC000_038B,
    0xC000_038C,
    0xC000_038D,
    0xC000_0413,
    0xC000_0418,
    0xC007_00EA,
    0xC00A_002B,
    0xC00A_0037,
];
