//! The basic settings exchange: against another implementation, and against answers of a real xrdp with each of
//! its levels of encryption (0.9.21 on Debian 12, with keys of its own).

use ironrdp_core::decode;
use ironrdp_pdu::mcs::ConnectInitial;
use ironrdp_pdu::x224::{X224, X224Data};
use model::RdpCertificate;
use model::codes::{EncryptionLevel, EncryptionMethods, Protocols};
use wire::settings::{self, ServerSettings};
use wire::x224;

#[test]
fn another_implementation_reads_what_is_sent() {
    let bytes = settings::connect_initial(EncryptionMethods::ALL, Protocols::RDP);
    let data = decode::<X224<X224Data<'_>>>(&bytes).unwrap().0;
    let initial = decode::<ConnectInitial>(&data.data).unwrap();
    let blocks = initial.conference_create_request.gcc_blocks();
    assert_eq!(
        blocks.security.encryption_methods.bits(),
        EncryptionMethods::ALL.0
    );
    assert_eq!(blocks.core.client_name, "rdpdoctor");
}

fn of_xrdp(name: &str) -> ServerSettings {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus/connect-response")
        .join(format!("xrdp-{name}"));
    #[expect(clippy::disallowed_methods, reason = "a test reads its corpus")]
    let bytes = std::fs::read(path).expect("the corpus is there");
    settings::read_connect_response(&bytes).expect("a connect response")
}

#[test]
fn what_xrdp_answers_is_read() {
    let with_key = |method, level| ServerSettings {
        version: 0x0008_0004,
        method,
        level,
        random: 32,
        certificate: RdpCertificate::Proprietary,
        key_bits: 2048,
    };
    assert_eq!(
        of_xrdp("high"),
        with_key(EncryptionMethods::RC4_128, EncryptionLevel::HIGH)
    );
    assert_eq!(
        of_xrdp("low"),
        with_key(EncryptionMethods::RC4_40, EncryptionLevel::LOW)
    );
    assert_eq!(
        of_xrdp("fips"),
        with_key(EncryptionMethods::FIPS, EncryptionLevel::FIPS)
    );
    assert_eq!(
        of_xrdp("none"),
        ServerSettings {
            random: 0,
            certificate: RdpCertificate::None,
            key_bits: 0,
            ..with_key(EncryptionMethods::default(), EncryptionLevel::NONE)
        }
    );
}

/// The routing token of [MS-RDPBCGR] 3.2.5.3.1.1 for 172.31.249.216 and port 3389.
#[test]
fn a_routing_token_is_the_address_turned_round() {
    let token = x224::routing_token("172.31.249.216:3389".parse().unwrap());
    assert_eq!(token, "Cookie: msts=3640205228.15629.0000");
    let request = x224::Request {
        offered: Some(Protocols::TLS),
        routing_token: Some(token),
        correlation: Some(*b"rdpdoctor looked"),
        flags: x224::CORRELATION_INFO_PRESENT,
        ..x224::Request::default()
    };
    let read = x224::read_request(&request.encode()).whole().unwrap();
    assert_eq!(read, request);
}
