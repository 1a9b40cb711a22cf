//! Kerberos against another implementation, and against what an MIT krb5kdc 1.20 said.

use model::UnixSeconds;
use model::codes::{KerberosEncryption, KerberosError};
use picky_krb::messages::{AsReq, KdcProxyMessage};
use wire::Read;
use wire::kerberos::{AsRequest, for_proxy, framed, from_proxy, read_answer, read_framed};

const PREAUTH: &[u8] = include_bytes!("../corpus/kerberos/preauth");
const UNKNOWN: &[u8] = include_bytes!("../corpus/kerberos/unknown");
const EXPIRED: &[u8] = include_bytes!("../corpus/kerberos/expired");
const NO_SERVICE: &[u8] = include_bytes!("../corpus/kerberos/noservice");
const NO_ENCRYPTION: &[u8] = include_bytes!("../corpus/kerberos/etype");
const TICKET: &[u8] = include_bytes!("../corpus/kerberos/ticket");

const REQUEST: AsRequest<'static> = AsRequest {
    realm: "LAB.TEST",
    user: "lab",
    service: &["TERMSRV", "desk.lab.test"],
    nonce: 0xFFFF_FFFF,
};

#[test]
fn requests_are_what_another_implementation_reads() {
    let bytes = REQUEST.encode();
    let read: AsReq = picky_asn1_der::from_bytes(&bytes).unwrap();
    let body = &read.0.req_body.0;
    let names = |name: &picky_krb::data_types::PrincipalName| {
        let strings = &name.name_string.0.0;
        strings
            .iter()
            .map(|string| string.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(read.0.pvno.0.0, [5]);
    assert_eq!(read.0.msg_type.0.0, [10]);
    assert!(read.0.padata.0.is_none());
    assert_eq!(body.realm.0.to_string(), "LAB.TEST");
    assert_eq!(names(&body.cname.0.as_ref().unwrap().0), ["lab"]);
    assert_eq!(
        names(&body.sname.0.as_ref().unwrap().0),
        ["TERMSRV", "desk.lab.test"]
    );
    assert_eq!(body.nonce.0.0, [0x7F, 0xFF, 0xFF, 0xFF]);
    let kinds: Vec<&[u8]> = body.etype.0.0.iter().map(|kind| &kind.0[..]).collect();
    assert_eq!(kinds, [[18], [17], [20], [19], [23]]);
    // They come back the same.
    assert_eq!(picky_asn1_der::to_vec(&read).unwrap(), bytes);
}

#[test]
fn a_server_that_wants_a_password_tells_of_clock_and_keys() {
    let answer = read_answer(PREAUTH).unwrap();
    assert_eq!(answer.error, Some(KerberosError::PREAUTH_REQUIRED));
    assert_eq!(answer.realm.as_deref(), Some("LAB.TEST"));
    assert_eq!(answer.kinds, [KerberosEncryption::AES256]);
    assert_eq!(answer.salt.as_deref(), Some("LAB.TESTlab"));
    // 2026-11-21 20:38:40 UTC.
    assert_eq!(answer.clock, Some(UnixSeconds(1_795_293_520)));
}

#[test]
fn refusals_are_told_apart() {
    for (bytes, error) in [
        (UNKNOWN, KerberosError::USER_UNKNOWN),
        (EXPIRED, KerberosError::PASSWORD_EXPIRED),
        (NO_SERVICE, KerberosError::SERVICE_UNKNOWN),
        (NO_ENCRYPTION, KerberosError::ENCRYPTION),
    ] {
        let answer = read_answer(bytes).unwrap();
        assert_eq!(answer.error, Some(error));
        assert!(answer.clock.is_some() && answer.kinds.is_empty() && answer.salt.is_none());
    }
}

#[test]
fn a_ticket_without_proof_is_known_for_what_it_is() {
    let answer = read_answer(TICKET).unwrap();
    assert_eq!(answer.error, None);
    assert_eq!(answer.realm.as_deref(), Some("LAB.TEST"));
    assert_eq!(answer.kinds, [KerberosEncryption::AES256]);
    assert_eq!(answer.salt.as_deref(), Some("LAB.TESTopen"));
}

#[test]
fn keys_made_in_another_way_than_usual_are_told() {
    /// A field of less than 128 bytes.
    fn field(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let value = parts.concat();
        [&[tag, u8::try_from(value.len()).unwrap()], &value[..]].concat()
    }
    let entry = |kind: u8, parameters: Option<&[u8]>| {
        let kind = field(0xA0, &[&[2, 1, kind]]);
        let salt = field(0xA1, &[&field(0x1B, &[b"LAB.TESTlab"])]);
        let parameters =
            parameters.map_or_else(Vec::new, |bytes| field(0xA2, &[&field(4, &[bytes])]));
        field(0x30, &[&kind, &salt, &parameters])
    };
    let told = |entries: &[Vec<u8>]| {
        let entries: Vec<&[u8]> = entries.iter().map(|entry| &entry[..]).collect();
        // ETYPE-INFO2, as an error tells of it (RFC 4120 sections 5.2.7.5 and 5.9.1).
        let kind = field(0xA1, &[&[2, 1, 19]]);
        let value = field(0xA2, &[&field(4, &[&field(0x30, &entries)])]);
        let methods = field(0x30, &[&field(0x30, &[&kind, &value])]);
        let code = field(0xA6, &[&[2, 1, 25]]);
        let data = field(0xAC, &[&field(4, &[&methods])]);
        read_answer(&field(0x7E, &[&field(0x30, &[&code, &data])])).unwrap()
    };
    let usual = told(&[entry(18, None), entry(17, Some(&[0, 0, 0x10, 0]))]);
    assert_eq!(
        usual.kinds,
        [KerberosEncryption::AES256, KerberosEncryption::AES128]
    );
    assert!(usual.unusual.is_empty());
    let mixed = told(&[entry(18, Some(&[0, 1, 0, 0])), entry(17, None)]);
    assert_eq!(mixed.unusual, [KerberosEncryption::AES256]);
}

#[test]
fn streams_and_proxies_carry_the_same() {
    let whole = framed(PREAUTH);
    assert_eq!(
        read_framed(&whole),
        Read::Whole {
            value: PREAUTH,
            used: whole.len()
        }
    );
    for end in 0..whole.len() {
        assert_eq!(read_framed(&whole[..end]), Read::Partial);
    }
    assert_eq!(read_framed(b"HTTP/1.1 400"), Read::Not);

    let request = REQUEST.encode();
    let message = for_proxy(&request, "LAB.TEST");
    let read = KdcProxyMessage::from_raw(&message).unwrap();
    assert_eq!(read.kerb_message.0.0, framed(&request));
    let realm = read.target_domain.0.unwrap();
    assert_eq!(realm.0.to_string(), "LAB.TEST");
    assert_eq!(from_proxy(&message), Some(&request[..]));
    let bare = KdcProxyMessage::from_raw_kerb_message(PREAUTH).unwrap();
    assert_eq!(from_proxy(&bare.to_vec().unwrap()), Some(PREAUTH));
}
