//! The set-up of a session: what is written is what `ironrdp-pdu` reads, and what the watch makes of it.

use ironrdp_core::decode;
use ironrdp_pdu::mcs as oracle;
use ironrdp_pdu::rdp::headers::{ShareControlPdu, ShareDataPdu};
use ironrdp_pdu::rdp::server_license::LicensePdu;
use ironrdp_pdu::x224::X224;
use model::codes::{NegFlags, Protocols};
use model::{Ending, Fact, FactKind, Message, Micros, Phase, UnixSeconds};
use wire::machine::Seen;
use wire::mcs::{self, Mcs, Settings};
use wire::share::{self, Share};
use wire::watch::Watch;
use wire::x224;

const SERVER: u16 = 1002;
const IO: u16 = 1003;
const SHARE: u32 = 0x0001_03EA;

fn settings() -> Settings {
    Settings {
        version: Some(0x0008_0004),
        io_channel: Some(IO),
        channels: 3,
        message_channel: Some(1010),
        multitransport: Some(0x0101),
        ..Settings::default()
    }
}

fn told(share: &[u8]) -> Vec<u8> {
    mcs::write_indication(SERVER, IO, share)
}

fn tpdu(message: &[u8]) -> &[u8] {
    x224::read_tpkt(message).whole().unwrap()
}

#[test]
fn the_answer_to_the_settings_is_read_back() {
    let message = mcs::write_connect_response(&settings());
    assert_eq!(
        mcs::read(tpdu(&message)),
        Some(Mcs::ConnectResponse(settings()))
    );
    let data = decode::<X224<ironrdp_pdu::x224::X224Data<'_>>>(&message);
    let data = data.map(|data| data.0.data.into_owned());
    let response: oracle::ConnectResponse = decode(&data.unwrap()).unwrap();
    let blocks = response.conference_create_response.into_gcc_blocks();
    assert_eq!(blocks.network.io_channel, IO);
    assert_eq!(blocks.network.channel_ids.len(), 3);
    assert_eq!(blocks.message_channel.unwrap().mcs_message_channel_id, 1010);
}

#[test]
fn results_and_reasons_are_those_of_the_oracle() {
    let message = mcs::write_attach_confirm(0, 1007);
    match decode::<X224<oracle::McsMessage<'_>>>(&message).unwrap().0 {
        oracle::McsMessage::AttachUserConfirm(confirm) => {
            assert_eq!((confirm.result, confirm.initiator_id), (0, 1007));
        }
        other => panic!("{other:?}"),
    }
    for result in [0, 1, 7, 14, 15] {
        let message = mcs::write_attach_confirm(result, 1007);
        assert_eq!(mcs::read(tpdu(&message)), Some(Mcs::AttachConfirm(result)));
        let message = mcs::write_join_confirm(result, 1007, 1004);
        let channel = 1004;
        assert_eq!(
            mcs::read(tpdu(&message)),
            Some(Mcs::JoinConfirm { result, channel })
        );
    }
    for (reason, name) in [
        (1, oracle::DisconnectReason::ProviderInitiated),
        (3, oracle::DisconnectReason::UserRequested),
    ] {
        let message = mcs::write_disconnect(reason);
        assert_eq!(mcs::read(tpdu(&message)), Some(Mcs::Disconnect(reason)));
        match decode::<X224<oracle::McsMessage<'_>>>(&message).unwrap().0 {
            oracle::McsMessage::DisconnectProviderUltimatum(ultimatum) => {
                assert_eq!(ultimatum.reason, name);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn messages_of_the_share_are_those_of_the_oracle() {
    let license = share::write_license_alert(7);
    assert!(matches!(
        decode::<LicensePdu>(&license),
        Ok(LicensePdu::LicensingErrorMessage(_))
    ));
    assert_eq!(
        share::read(&license, false),
        Share::License {
            message: share::ERROR_ALERT,
            error: Some(7)
        }
    );
    let info = share::write_error_info(7, SERVER, SHARE);
    let header = decode::<ironrdp_pdu::rdp::headers::ShareControlHeader>(&info).unwrap();
    let ShareControlPdu::Data(data) = header.share_control_pdu else {
        panic!("no data");
    };
    assert!(matches!(
        data.share_data_pdu,
        ShareDataPdu::ServerSetErrorInfo(_)
    ));
    assert_eq!(share::read(&info, true), Share::ErrorInfo(7));
    assert_eq!(
        share::read(
            &share::write_logon(Some((u32::MAX, 1)), SERVER, SHARE),
            true
        ),
        Share::Logon {
            error: Some((u32::MAX, 1))
        }
    );
    match share::read(&share::write_redirection(SERVER, "pc-18.lab.test"), true) {
        Share::Redirection(sent) => assert_eq!(sent.to.unwrap().0, "pc-18.lab.test"),
        other => panic!("{other:?}"),
    }
    let picture = share::write_picture();
    assert_eq!(share::read_fast(&picture).whole(), Some(true));
    assert_eq!(
        share::read(&share::write_deactivate_all(SERVER, SHARE), true),
        Share::DeactivateAll
    );
}

/// A client's request to send this on the I/O channel.
fn asked(share: &[u8]) -> Vec<u8> {
    let mut message = told(share);
    message[7] = 25 << 2;
    message
}

/// The head of a Client Info, with these flags and the length of a user's name.
fn client_information(flags: u32, user: u16) -> Vec<u8> {
    let header = [0x40, 0, 0, 0];
    let code_page = [0; 4];
    let lengths = [0, user, 0, 0, 0].map(u16::to_le_bytes);
    [
        &header[..],
        &code_page,
        &flags.to_le_bytes(),
        lengths.as_flattened(),
    ]
    .concat()
}

#[test]
fn a_logon_in_the_client_information_is_told() {
    for (flags, user, logs_on) in [(0x08, 8, true), (0x08, 0, false), (0, 8, false)] {
        assert_eq!(
            share::read(&client_information(flags, user), false),
            Share::ClientInfo {
                logs_on: Some(logs_on)
            }
        );
    }
    assert_eq!(
        share::read(&client_information(0x08, 8)[..12], false),
        Share::ClientInfo { logs_on: None }
    );
}

/// The kinds of facts of a whole set-up in clear, and the rung it ends on.
fn watch(server_says: &[Vec<u8>], pieces: usize) -> (Vec<Fact>, Phase) {
    let connect_initial = [&[3, 0, 0, 11, 2, 0xF0, 0x80, 0x7F, 0x65, 1, 0][..]].concat();
    let confirm = x224::connection_confirm(x224::Answer::Chosen {
        protocols: Protocols::RDP,
        flags: NegFlags(0),
    });
    let attach = vec![3, 0, 0, 8, 2, 0xF0, 0x80, 10 << 2];
    let info = asked(&client_information(0x08, 8));
    let client = [
        x224::connection_request(Some(Protocols::RDP), None),
        connect_initial,
        attach,
        info,
    ];
    let first = [
        confirm,
        mcs::write_connect_response(&settings()),
        mcs::write_attach_confirm(0, 1007),
    ];
    let mut watch = Watch::new(UnixSeconds(0));
    let mut facts = Vec::new();
    watch.on(Micros(0), Seen::Opened, &mut facts);
    let mut now = 0;
    let mut turn = |watch: &mut Watch, sent: Option<&Vec<u8>>, got: Option<&Vec<u8>>| {
        now += 1000;
        if let Some(sent) = sent {
            watch.on(Micros(now), Seen::Sent(sent), &mut facts);
        }
        for piece in got.into_iter().flat_map(|got| got.chunks(pieces)) {
            watch.on(Micros(now + 1), Seen::Received(piece), &mut facts);
        }
    };
    for (sent, got) in client.iter().zip(first.iter().chain([&Vec::new()])) {
        turn(&mut watch, Some(sent), Some(got));
    }
    for got in server_says {
        turn(&mut watch, None, Some(got));
    }
    let phase = watch.phase();
    watch.on(Micros(100_000), Seen::Ended(Ending::Closed), &mut facts);
    // Times and pieces are those of the arrival.
    let facts = facts.into_iter().map(|(_, fact)| fact);
    let facts = facts.filter(|fact| fact.kind() != FactKind::AnswerTook);
    (facts.collect(), phase)
}

#[test]
fn the_watch_tells_each_step_however_it_arrives() {
    let says = [
        told(&share::write_license_alert(7)),
        told(&share::write_demand_active(SERVER, SHARE, &[])),
        told(&share::write_data(0x28, SERVER, SHARE, &[0; 8])),
        share::write_picture(),
        told(&share::write_error_info(3, SERVER, SHARE)),
        mcs::write_disconnect(1),
    ];
    let whole = watch(&says, 4096);
    assert_eq!(whole, watch(&says, 1));
    let kinds: Vec<FactKind> = whole.0.iter().map(Fact::kind).collect();
    for kind in [
        FactKind::SettingsAnswered,
        FactKind::ChannelsJoined,
        FactKind::ClientInformed,
        FactKind::LicenseAnswered,
        FactKind::CapabilitiesOffered,
        FactKind::SessionRan,
        FactKind::ErrorInfoSent,
        FactKind::ServerDisconnected,
    ] {
        assert_eq!(
            kinds.iter().filter(|told| **told == kind).count(),
            1,
            "{kind:?} in {kinds:?}"
        );
    }
    assert_eq!(whole.1, Phase::Session);
}

#[test]
fn a_set_up_that_is_cut_off_says_where() {
    let refused = [told(&share::write_license_alert(6))];
    let (facts, phase) = watch(&refused, 4096);
    assert_eq!(phase, Phase::Activate);
    assert!(facts.contains(&Fact::LicenseAnswered {
        message: share::ERROR_ALERT,
        error: Some(6)
    }));
    let (facts, phase) = watch(&[], 4096);
    assert_eq!(phase, Phase::Settings);
    assert!(facts.iter().any(|fact| matches!(
        fact,
        Fact::Ended {
            after: Message::ClientInformation,
            ..
        }
    )));
}
