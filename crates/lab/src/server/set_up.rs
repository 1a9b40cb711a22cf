//! The set-up of a session as the server plays it: settings, channels, licence, capabilities, the first
//! picture. Nobody is ever logged on.

use model::Micros;
use wire::mcs::{self, Mcs};
use wire::share::{self, Share};
use wire::{Read, x224};

use super::{Server, State};
use crate::scenario::{Stage, Then};

/// The I/O channel, as Windows numbers it.
const IO_CHANNEL: u16 = 1003;
/// The user channel of the client.
const USER: u16 = 1007;
/// The channel that the server itself speaks from.
const SERVER: u16 = 1002;
/// The share of this session.
const SHARE: u32 = 0x0001_03EA;
/// RDP 5 and later.
const VERSION: u32 = 0x0008_0004;
/// STATUS_VALID_CLIENT: licensing went well.
const VALID_CLIENT: u32 = 7;

/// How far the set-up came.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Progress {
    licensed: bool,
}

impl Server {
    /// Reads a message of the set-up.
    pub(super) fn set_up(&mut self, now: Micros) {
        let used = match x224::read_tpkt(&self.plain) {
            Read::Whole { used, .. } => used,
            Read::Partial => return,
            Read::Not => return self.end(now, Then::Close),
        };
        let message: Vec<u8> = self.plain.drain(..used).collect();
        let Some(tpdu) = x224::read_tpkt(&message).whole() else {
            return;
        };
        let script = self.host.script.session.clone();
        match mcs::read(tpdu) {
            Some(Mcs::ConnectInitial) => {
                let settings = mcs::Settings {
                    result: script.settings_result,
                    version: Some(VERSION),
                    encryption_method: script.encryption_method,
                    encryption_level: script.encryption_level,
                    io_channel: Some(IO_CHANNEL),
                    ..mcs::Settings::default()
                };
                if self.answer(now, Stage::Mcs, mcs::write_connect_response(&settings))
                    && script.settings_result != 0
                {
                    self.end(now, Then::Close);
                }
            }
            Some(Mcs::AttachRequest) => {
                let confirm = mcs::write_attach_confirm(0, USER);
                self.answer(now, Stage::Attach, confirm);
            }
            Some(Mcs::JoinRequest(channel)) => {
                let result = script.channel_result;
                self.say(now, mcs::write_join_confirm(result, USER, channel));
                if result != 0 {
                    self.end(now, Then::Close);
                }
            }
            Some(Mcs::Data { data, .. }) => match share::read(data, self.progress.licensed) {
                Share::ClientInfo { .. } => self.license(now),
                Share::ConfirmActive => self.activate(now),
                _ => {}
            },
            Some(Mcs::Disconnect(_)) | None => self.end(now, Then::Close),
            Some(_) => {}
        }
    }

    fn license(&mut self, now: Micros) {
        let script = self.host.script.session.clone();
        let error = script.license_error.unwrap_or(VALID_CLIENT);
        self.progress.licensed = true;
        let alert = indication(&share::write_license_alert(error));
        if !self.answer(now, Stage::ClientInfo, alert) {
            return;
        }
        if error != VALID_CLIENT {
            return self.end(now, Then::Close);
        }
        if let Some(code) = script.error_info {
            let told = indication(&share::write_error_info(code, SERVER, SHARE));
            self.say(now, told);
            return self.end(now, Then::Close);
        }
        if let Some(reason) = script.disconnects {
            self.say(now, mcs::write_disconnect(reason));
            return self.end(now, Then::Close);
        }
        if let Some(to) = &script.redirects_to {
            let sent = indication(&share::write_redirection(SERVER, to));
            self.say(now, sent);
            return;
        }
        let demand = share::write_demand_active(SERVER, SHARE, &capabilities());
        self.answer(now, Stage::License, indication(&demand));
    }

    fn activate(&mut self, now: Micros) {
        let data =
            |kind: u8, body: &[u8]| indication(&share::write_data(kind, SERVER, SHARE, body));
        // Synchronize, Control (Cooperate), Control (Granted), Font Map ([MS-RDPBCGR] 2.2.1.19 to 2.2.1.22).
        let [low, high] = USER.to_le_bytes();
        let [server_low, server_high] = SERVER.to_le_bytes();
        let end = [
            data(0x1F, &[0x01, 0x00, low, high]),
            data(0x14, &[0x04, 0x00, 0, 0, 0, 0, 0, 0]),
            data(
                0x14,
                &[0x02, 0x00, low, high, server_low, server_high, 0, 0],
            ),
            data(0x28, &[0, 0, 0, 0, 0x03, 0x00, 0x04, 0x00]),
        ];
        if !self.answer(now, Stage::Activate, end.concat()) {
            return;
        }
        if let Some([kind, about]) = self.host.script.session.logon_error {
            let told = indication(&share::write_logon(Some((kind, about)), SERVER, SHARE));
            self.say(now, told);
            return self.end(now, Then::Close);
        }
        self.answer(now, Stage::Picture, share::write_picture());
        self.state = State::Session;
    }
}

fn indication(message: &[u8]) -> Vec<u8> {
    mcs::write_indication(SERVER, IO_CHANNEL, message)
}

/// The capability sets that clients need to see: General and Bitmap ([MS-RDPBCGR] 2.2.7.1).
fn capabilities() -> Vec<(u16, Vec<u8>)> {
    let words = |words: &[u16]| words.iter().flat_map(|word| word.to_le_bytes()).collect();
    // osMajorType Windows, osMinorType NT; protocolVersion 0x0200; fast-path output and long credentials.
    let general = words(&[1, 3, 0x0200, 0, 0, 0x0415, 0, 0, 0, 0x0101]);
    // 16 bits a pixel, one bit, four and eight bits, 1024 by 768, resizing, compression, no drawing flags,
    // several rectangles.
    let bitmap = words(&[16, 1, 1, 1, 1024, 768, 0, 1, 1, 0, 1, 0]);
    vec![(1, general), (2, bitmap)]
}
