//! Every decoder under a name, fed with arbitrary bytes: what fuzz targets and the replay of their
//! corpora go through.

use model::codes::TlsVersion;
use model::{Ending, Micros, UnixSeconds};

use crate::cursor::Cursor;
use crate::machine::Seen;
use crate::watch::Watch;
use crate::{
    certificate, credssp, dns, dtls, http, kerberos, mcs, ntlm, rdpeudp, rpch, service, settings,
    share, socks, spnego, tls, tsgu, websocket, x224,
};

/// The name and the entry of a decoder.
pub type Decoder = (&'static str, fn(&[u8]));

/// Every decoder, in ladder order. The corpus of each is `corpus/<name>/`.
pub const DECODERS: &[Decoder] = &[
    ("dns-answer", |bytes| {
        if let Some(answer) = dns::read_answer(bytes) {
            let _ = (answer.aliases(), answer.addresses(), answer.names());
        }
    }),
    ("x224-request", |bytes| {
        let _ = x224::read_request(bytes);
    }),
    ("x224-confirm", |bytes| {
        let _ = x224::read_confirm(bytes);
    }),
    ("service", |bytes| {
        let _ = service::recognise(bytes);
    }),
    ("tls-record", |bytes| {
        let _ = tls::read_record(bytes);
    }),
    ("tls-handshake", |bytes| {
        let Some(message) = tls::read_handshake(bytes, 1 << 17).whole() else {
            return;
        };
        let _ = tls::read_client_hello(message.body, TlsVersion::TLS1_0);
        let _ = tls::read_server_hello(message.body);
        let _ = tls::read_terms(message.body);
        for suite in [0xC02F, 0x009F, 0x0018].map(model::codes::CipherSuite) {
            let _ = tls::read_key_exchange(message.body, suite, TlsVersion::TLS1_2);
        }
        let _ = tls::read_certificates(message.body);
        let _ = tls::read_certificate_request(message.body, TlsVersion::TLS1_2);
    }),
    ("certificate", |bytes| {
        let _ = certificate::read(bytes, 0);
    }),
    ("credssp", |bytes| {
        let _ = credssp::missing(bytes);
        let _ = credssp::read(bytes);
    }),
    ("ntlm", |bytes| {
        let _ = ntlm::find(bytes);
        let _ = ntlm::read_challenge(bytes);
    }),
    ("kerberos", |bytes| {
        let _ = kerberos::read_answer(bytes);
        let _ = kerberos::read_framed(bytes);
        let _ = kerberos::from_proxy(bytes).map(kerberos::read_answer);
        let _ = kerberos::ticket::read_reply(bytes);
        let _ = kerberos::ticket::read_part(bytes);
        let _ = kerberos::ticket::read_proof(bytes);
        let _ = kerberos::ticket::read_proof_part(bytes);
    }),
    ("spnego", |bytes| {
        let _ = spnego::read_offer(bytes);
        let _ = spnego::unframed(bytes);
        let _ = spnego::shows_ticket(bytes);
        if let Some(token) = spnego::read_response(bytes).and_then(|response| response.token) {
            let _ = spnego::unframed(&token);
        }
    }),
    ("connect-response", |bytes| {
        let _ = settings::read_connect_response(bytes);
    }),
    ("mcs", |bytes| {
        let _ = mcs::read(bytes);
    }),
    ("share", |bytes| {
        let _ = share::read(bytes, false);
        let _ = share::read(bytes, true);
        let _ = share::read_fast(bytes);
    }),
    ("dtls", |bytes| {
        let _ = dtls::read_answer(bytes);
    }),
    ("rdpeudp", |bytes| {
        let _ = rdpeudp::Syn::read(bytes);
    }),
    ("http", |bytes| {
        if let Some(head) = http::read_head(bytes).whole() {
            let _ = http::read_body(&head, bytes);
            let _ = head.schemes("www-authenticate");
            let _ = (head.body(), head.keeps_alive());
        }
    }),
    ("socks", |bytes| {
        let _ = socks::read_method(bytes);
        let _ = socks::read_password_status(bytes);
        let _ = socks::read_reply(bytes);
    }),
    ("tsgu", |bytes| {
        let _ = tsgu::read(bytes);
    }),
    ("rpch", |bytes| {
        let _ = rpch::pdu::read(bytes);
        let mut client = rpch::client::Client::new(rpch::client::Names {
            connection: [0; 16],
            out_channel: [0; 16],
            in_channel: [0; 16],
            association: [0; 16],
        });
        client.received(bytes);
        while client.next(&mut Gullible).is_some() {}
        let _ = client.take_outgoing();
    }),
    ("tsproxy", |bytes| {
        let _ = rpch::tsproxy::read_tunnel(bytes);
        let _ = rpch::tsproxy::read_authorization(bytes, u32::MAX);
        let _ = rpch::tsproxy::read_channel(bytes);
    }),
    ("websocket", |bytes| {
        let _ = websocket::read(bytes);
    }),
    ("watch", watched),
];

/// Takes every signature.
struct Gullible;

impl rpch::client::Protection for Gullible {
    fn sign(&mut self, _: &[u8]) -> Option<[u8; rpch::pdu::SIGNATURE]> {
        None
    }

    fn checks(&mut self, _: &[u8], _: &[u8]) -> bool {
        true
    }
}

/// Feeds a [`Watch`] with pieces: a byte that says who sent it and whether inside TLS, a length in one
/// byte, and so many bytes.
fn watched(bytes: &[u8]) {
    let mut cursor = Cursor(bytes);
    let mut watch = Watch::new(UnixSeconds(0));
    let mut facts = Vec::new();
    let mut now = Micros::ZERO;
    watch.on(now, Seen::Opened, &mut facts);
    while let (Some(kind), Some(length)) = (cursor.u8(), cursor.u8()) {
        let piece = cursor.take(usize::from(length)).unwrap_or(cursor.0);
        now = now.plus(Micros(1));
        let seen = match kind & 3 {
            0 => Seen::Sent(piece),
            1 => Seen::Received(piece),
            2 => Seen::PlainSent(piece),
            _ => Seen::PlainReceived(piece),
        };
        watch.on(now, seen, &mut facts);
    }
    watch.on(now, Seen::Ended(Ending::Closed), &mut facts);
}
