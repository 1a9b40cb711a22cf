//! The set-up of a session and what a server says of it, in clear or inside TLS ([MS-RDPBCGR] 1.3.1.1):
//! settings, channels, licence, capabilities, the first picture, and the reasons for an end.

use model::{Fact, Message, Micros, Phase};

use super::{Facts, From, State, Watch};
use crate::mcs::{self, Mcs, Settings};
use crate::share::{self, Share};
use crate::{Read, x224};

/// STATUS_VALID_CLIENT ([MS-RDPBCGR] 2.2.1.12.1.3): an error alert that tells of success.
const VALID_CLIENT: u32 = 7;
/// Behind the set-up a server sends so much only where a session runs; current ones paint in dynamic channels, which
/// are not read.
const SESSION_BYTES: usize = 4_096;

/// How far the set-up came.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SetUp {
    io_channel: Option<u16>,
    /// What follows is encrypted by RDP itself.
    sealed: bool,
    /// When the first channel was asked for.
    joining: Option<Micros>,
    joined: u16,
    /// When the client information was sent.
    informed: Option<Micros>,
    licensed: bool,
    active: bool,
    shown: bool,
    notified: bool,
    /// Bytes from the server since the set-up was over.
    since: usize,
}

impl SetUp {
    pub(super) const fn shown(&self) -> bool {
        self.shown
    }

    pub(super) const fn is_notified(&self) -> bool {
        self.notified
    }

    pub(super) const fn is_sealed(&self) -> bool {
        self.sealed
    }
}

impl Watch {
    /// The message at the front: MCS in a TPKT, or the short form of the session's data.
    pub(super) fn set_up_message(
        &mut self,
        now: Micros,
        from: From,
        bytes: &[u8],
        facts: &mut Facts,
    ) -> Read<()> {
        let read = self.set_up_or_data(now, from, bytes, facts);
        if let (Read::Whole { used, .. }, From::Server) = (&read, from)
            && matches!(self.last, Message::FontMap)
        {
            self.session.since = self.session.since.saturating_add(*used);
            if self.session.since >= SESSION_BYTES {
                self.painted(now, facts);
            }
        }
        read
    }

    fn set_up_or_data(
        &mut self,
        now: Micros,
        from: From,
        bytes: &[u8],
        facts: &mut Facts,
    ) -> Read<()> {
        if bytes.first() == Some(&0x03) {
            return match x224::read_tpkt(bytes) {
                Read::Whole { value, used } => {
                    self.mcs(now, from, value, facts);
                    Read::Whole { value: (), used }
                }
                Read::Partial => Read::Partial,
                Read::Not => Read::Not,
            };
        }
        if !self.session.active {
            return Read::Not;
        }
        match share::read_fast(bytes) {
            Read::Whole {
                value: paints,
                used,
            } => {
                if paints && from == From::Server {
                    self.painted(now, facts);
                }
                Read::Whole { value: (), used }
            }
            Read::Partial => Read::Partial,
            Read::Not => Read::Not,
        }
    }

    fn mcs(&mut self, now: Micros, from: From, tpdu: &[u8], facts: &mut Facts) {
        let Some(message) = mcs::read(tpdu) else {
            return;
        };
        match (from, message) {
            (From::Client, Mcs::ConnectInitial) => {
                self.reached(Message::McsConnectInitial, now);
                self.asks(Message::McsConnectResponse, now);
                self.state = State::SetUp;
            }
            (From::Server, Mcs::ConnectResponse(settings)) => {
                self.settings(now, &settings, facts);
            }
            (From::Client, Mcs::AttachRequest | Mcs::JoinRequest(_)) => {
                self.session.joining.get_or_insert(now);
                self.reached(Message::ChannelJoin, now);
                self.asks(Message::ChannelJoined, now);
            }
            (From::Server, Mcs::AttachConfirm(result)) => {
                self.joined(now, None, result, facts);
            }
            (From::Server, Mcs::JoinConfirm { result, channel }) => {
                self.joined(now, Some(channel), result, facts);
            }
            (From::Server, Mcs::Disconnect(reason)) => {
                let after = self.last;
                self.tell(
                    facts,
                    self.phase(),
                    Fact::ServerDisconnected { reason, after },
                );
                self.refused = true;
                self.asked = None;
            }
            (_, Mcs::Data { channel, data }) => {
                let io = self.session.io_channel.is_none_or(|io| io == channel);
                if io && !self.session.sealed {
                    self.share(now, from, data, facts);
                } else if self.session.sealed && from == From::Client {
                    self.session.informed.get_or_insert(now);
                }
            }
            _ => {}
        }
    }

    fn settings(&mut self, now: Micros, settings: &Settings, facts: &mut Facts) {
        self.session.io_channel = settings.io_channel;
        // An answer without the network's data is not understood, and neither is what follows it.
        self.session.sealed = settings.encryption_method != 0 || settings.io_channel.is_none();
        self.refused |= settings.result != 0;
        let answered = Fact::SettingsAnswered {
            result: settings.result,
            version: settings.version,
            encryption_method: settings.encryption_method,
            encryption_level: settings.encryption_level,
            channels: settings.channels,
            side_transports: settings.multitransport,
        };
        self.tell(facts, Phase::Settings, answered);
        self.answered(now, Phase::Settings, Message::McsConnectResponse, facts);
    }

    fn joined(&mut self, now: Micros, channel: Option<u16>, result: u8, facts: &mut Facts) {
        if result == 0 {
            self.session.joined = self
                .session
                .joined
                .saturating_add(u16::from(channel.is_some()));
        } else {
            let refused = Fact::ChannelRefused { channel, result };
            self.tell(facts, Phase::Settings, refused);
            self.refused = true;
        }
        // One answer of many: only the sum of them is told.
        self.asked = None;
        self.reached(Message::ChannelJoined, now);
    }

    fn share(&mut self, now: Micros, from: From, data: &[u8], facts: &mut Facts) {
        let message = share::read(data, self.session.licensed);
        match (from, message) {
            (From::Client, Share::ClientInfo { logs_on }) => {
                if let Some(since) = self.session.joining {
                    let joined = Fact::ChannelsJoined {
                        channels: self.session.joined,
                        took: now.since(since),
                    };
                    self.tell(facts, Phase::Settings, joined);
                }
                self.session.informed = Some(now);
                if let Some(logs_on) = logs_on {
                    let informed = Fact::ClientInformed { logs_on };
                    self.tell(facts, Phase::Settings, informed);
                }
                self.reached(Message::ClientInformation, now);
                self.asks(Message::LicenseDone, now);
            }
            (From::Client, Share::License { .. }) => {
                self.reached(Message::LicenseResponse, now);
            }
            (From::Server, Share::License { message, error }) => {
                self.license(now, message, error, facts);
            }
            (From::Server, Share::DemandActive) => {
                let since = self.session.informed.unwrap_or(now);
                let took = now.since(since);
                self.session.licensed = true;
                self.session.active = true;
                self.tell(facts, Phase::Activate, Fact::CapabilitiesOffered { took });
                self.answered(now, Phase::Activate, Message::DemandActive, facts);
            }
            (From::Client, Share::ConfirmActive) => {
                self.reached(Message::ConfirmActive, now);
                self.asks(Message::FontMap, now);
            }
            (From::Server, Share::FontMap) => {
                self.answered(now, Phase::Activate, Message::FontMap, facts);
                if !self.session.shown {
                    self.asks(Message::SessionData, now);
                }
            }
            (From::Server, Share::Update) => self.painted(now, facts),
            (From::Server, Share::ErrorInfo(code)) if code != 0 => {
                self.tell(facts, self.phase(), Fact::ErrorInfoSent { code });
                self.refused = true;
            }
            (From::Server, Share::Logon { error }) => {
                self.session.notified = true;
                let (kind, about) = error.map_or((None, 0), |(kind, about)| (Some(kind), about));
                self.tell(facts, Phase::Session, Fact::LogonNotified { kind, about });
                if kind.is_none() {
                    self.painted(now, facts);
                }
            }
            (From::Server, Share::DeactivateAll) => {
                let after = self.last;
                // xrdp and others do so to change the size of the desktop, and go on.
                self.tell(facts, self.phase(), Fact::SessionDeactivated { after });
            }
            (From::Server, Share::Redirection(redirection)) => {
                let sent = Fact::ServerRedirected {
                    to: redirection.to,
                    session: redirection.session,
                    token: redirection.token,
                };
                self.asked = None;
                self.tell(facts, Phase::Session, sent);
                self.over();
            }
            _ => {}
        }
    }

    fn license(&mut self, now: Micros, message: u8, error: Option<u32>, facts: &mut Facts) {
        let ends = matches!(
            message,
            share::ERROR_ALERT | share::NEW_LICENSE | share::UPGRADE_LICENSE
        );
        if !ends {
            self.reached(Message::LicenseRequest, now);
            return;
        }
        self.session.licensed = true;
        let answer = Fact::LicenseAnswered { message, error };
        self.tell(facts, Phase::License, answer);
        self.answered(now, Phase::License, Message::LicenseDone, facts);
        if error.is_none_or(|error| error == VALID_CLIENT) {
            self.asks(Message::DemandActive, now);
        } else {
            self.refused = true;
        }
    }

    /// A picture came, or what only a session sends: everything up to the desktop was passed.
    fn painted(&mut self, now: Micros, facts: &mut Facts) {
        if !std::mem::replace(&mut self.session.shown, true) && self.last != Message::SessionData {
            let took = now.since(self.opened_on.unwrap_or(now));
            self.tell(facts, Phase::Session, Fact::SessionRan { took });
            self.answered(now, Phase::Session, Message::SessionData, facts);
        }
        self.last_at = Some(now);
    }
}
