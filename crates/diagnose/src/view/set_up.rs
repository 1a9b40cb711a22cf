//! What clues ask about the set-up of a session.

use model::{Ending, Fact, LookId, Message};

use super::View;
use crate::cause::Reading;

/// STATUS_VALID_CLIENT ([MS-RDPBCGR] 2.2.1.12.1.3): an error alert that tells of success.
const VALID_CLIENT: u32 = 7;

/// Settings, channels and client information are being exchanged.
pub(crate) const fn in_settings(after: Message) -> bool {
    matches!(
        after,
        Message::McsConnectInitial
            | Message::McsConnectResponse
            | Message::ChannelJoin
            | Message::ChannelJoined
            | Message::ClientInformation
    )
}

/// Licensing is over, and no picture has come.
pub(crate) const fn in_activation(after: Message) -> bool {
    matches!(
        after,
        Message::LicenseDone | Message::DemandActive | Message::ConfirmActive | Message::FontMap
    )
}

/// Licensing ended well.
pub(crate) fn is_licensed(error: Option<u32>) -> bool {
    error.is_none_or(|error| error == VALID_CLIENT)
}

impl<'e> View<'e> {
    /// The connection ended right behind client information that brought a user and a password, and no logon of NLA
    /// came before it: that was the logon.
    pub fn closed_on_logon_inside(&self) -> Reading<'e> {
        let of = |look: Option<LookId>, wanted: fn(&Fact) -> bool| {
            self.seen()
                .any(|seen| seen.look == look && wanted(&seen.fact))
        };
        self.read(|observation| match &observation.fact {
            Fact::Ended {
                how: Ending::Closed | Ending::Reset,
                after: Message::ClientInformation,
                ..
            } if self.as_client(observation) => {
                let brought = |fact: &Fact| matches!(fact, Fact::ClientInformed { logs_on: true });
                let accepted = |fact: &Fact| matches!(fact, Fact::LogonAccepted { .. });
                (of(observation.look, brought) && !of(observation.look, accepted)).then_some(true)
            }
            _ => None,
        })
    }

    /// The licensing exchange ended with one of these errors.
    pub fn license_error(&self, expect: &[u32]) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::LicenseAnswered { error, .. } => {
                Some(error.is_some_and(|error| expect.contains(&error)))
            }
            _ => None,
        })
    }

    /// Inside the session the server told of a failed logon with one of these.
    pub fn notified(&self, expect: &[u32]) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::LogonNotified {
                kind: Some(_),
                about,
            } => expect.contains(about).then_some(true),
            _ => None,
        })
    }
}
