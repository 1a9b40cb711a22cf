//! The basic settings exchange as far as Standard RDP Security needs it: MCS Connect Initial and Response with
//! their GCC data ([MS-RDPBCGR] 2.2.1.3 and 2.2.1.4, T.125 section 7, T.124 section 8.7). What is sent names
//! nobody, and nothing after it is: the server's keys are read, and none are made.

use model::RdpCertificate;
use model::codes::{EncryptionLevel, EncryptionMethods, Protocols};

use crate::cursor::{Cursor, count32, low8, low16, size};
use crate::mcs;

const CS_CORE: u16 = 0xC001;
const CS_SECURITY: u16 = 0xC002;
const CS_NET: u16 = 0xC003;

/// The key of a GCC conference of RDP, and that of the client's user data ([MS-RDPBCGR] 4.1.3).
const CONFERENCE: [u8; 7] = [0x00, 0x05, 0x00, 0x14, 0x7C, 0x00, 0x01];
const CLIENT_KEY: &[u8; 4] = b"Duca";

/// What the server says of its security, and of its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerSettings {
    /// `version` of Server Core Data.
    pub version: u32,
    /// `encryptionMethod`.
    pub method: EncryptionMethods,
    /// `encryptionLevel`.
    pub level: EncryptionLevel,
    /// `serverRandomLen`, of what is there.
    pub random: u32,
    /// The kind of the certificate.
    pub certificate: RdpCertificate,
    /// The size of its key in bits.
    pub key_bits: u32,
}

/// Writes an MCS Connect Initial of a client that can do these methods, in a TPKT.
pub fn connect_initial(methods: EncryptionMethods, chosen: Protocols) -> Vec<u8> {
    let mut data = Vec::new();
    block(&mut data, CS_CORE, &core_data(chosen));
    let mut security = methods.0.to_le_bytes().to_vec();
    security.extend([0; 4]); // extEncryptionMethods: for French clients alone
    block(&mut data, CS_SECURITY, &security);
    block(&mut data, CS_NET, &[0; 4]); // no channels

    // ConnectGCCPDU: a conferenceCreateRequest named "1" with one piece of user data.
    let mut gcc = CONFERENCE.to_vec();
    let mut request = vec![0x00, 0x08, 0x00, 0x10, 0x00, 0x01, 0xC0, 0x00];
    request.extend(CLIENT_KEY);
    per_length(&mut request, data.len());
    request.extend(data);
    per_length(&mut gcc, request.len());
    gcc.extend(request);

    let mut body = Vec::new();
    ber(&mut body, &[0x04], &[1]); // callingDomainSelector
    ber(&mut body, &[0x04], &[1]); // calledDomainSelector
    ber(&mut body, &[0x01], &[0xFF]); // upwardFlag
    // targetParameters, minimumParameters, maximumParameters.
    for parameters in [
        [34, 2, 0, 1, 0, 1, 0xFFFF, 2],
        [1, 1, 1, 1, 0, 1, 0x0420, 2],
        [0xFFFF, 0xFC17, 0xFFFF, 1, 0, 1, 0xFFFF, 2],
    ] {
        let mut numbers = Vec::new();
        for number in parameters {
            ber_number(&mut numbers, number);
        }
        ber(&mut body, &[0x30], &numbers);
    }
    ber(&mut body, &[0x04], &gcc);
    let mut tpdu = vec![0x02, 0xF0, 0x80];
    ber(&mut tpdu, &[0x7F, 0x65], &body);

    let mut out = vec![0x03, 0x00];
    out.extend(low16(tpdu.len().saturating_add(4)).to_be_bytes());
    out.extend(tpdu);
    out
}

/// TS_UD_CS_CORE up to `serverSelectedProtocol`.
fn core_data(chosen: Protocols) -> Vec<u8> {
    let mut data = Vec::new();
    data.extend(0x0008_0004_u32.to_le_bytes()); // version: RDP 5.0 and later
    data.extend(1024_u16.to_le_bytes()); // desktopWidth
    data.extend(768_u16.to_le_bytes()); // desktopHeight
    data.extend(0xCA01_u16.to_le_bytes()); // colorDepth
    data.extend(0xAA03_u16.to_le_bytes()); // SASSequence
    data.extend(0x0409_u32.to_le_bytes()); // keyboardLayout
    data.extend(2600_u32.to_le_bytes()); // clientBuild
    for unit in "rdpdoctor".encode_utf16().chain([0; 7]) {
        data.extend(unit.to_le_bytes()); // clientName, 16 letters
    }
    data.extend(4_u32.to_le_bytes()); // keyboardType
    data.extend([0; 4]); // keyboardSubType
    data.extend(12_u32.to_le_bytes()); // keyboardFunctionKey
    data.extend([0; 64]); // imeFileName
    data.extend(0xCA01_u16.to_le_bytes()); // postBeta2ColorDepth
    data.extend(1_u16.to_le_bytes()); // clientProductId
    data.extend([0; 4]); // serialNumber
    data.extend(16_u16.to_le_bytes()); // highColorDepth
    data.extend(7_u16.to_le_bytes()); // supportedColorDepths
    data.extend(1_u16.to_le_bytes()); // earlyCapabilityFlags: RNS_UD_CS_SUPPORT_ERRINFO_PDU
    data.extend([0; 64]); // clientDigProductId
    data.extend([0, 0]); // connectionType, pad1octet
    data.extend(chosen.0.to_le_bytes()); // serverSelectedProtocol
    data
}

fn block(out: &mut Vec<u8>, kind: u16, body: &[u8]) {
    out.extend(kind.to_le_bytes());
    out.extend(low16(body.len().saturating_add(4)).to_le_bytes());
    out.extend(body);
}

/// A length of PER (X.691 section 10.9), in two bytes, which every peer takes.
fn per_length(out: &mut Vec<u8>, length: usize) {
    out.extend((low16(length) | 0x8000).to_be_bytes());
}

fn ber(out: &mut Vec<u8>, tag: &[u8], value: &[u8]) {
    out.extend(tag);
    match value.len() {
        short @ ..=0x7F => out.push(low8(short)),
        long => {
            out.push(0x82);
            out.extend(low16(long).to_be_bytes());
        }
    }
    out.extend(value);
}

fn ber_number(out: &mut Vec<u8>, number: u16) {
    match number.to_be_bytes() {
        [0, low] if low < 0x80 => ber(out, &[0x02], &[low]),
        [high, low] if high < 0x80 => ber(out, &[0x02], &[high, low]),
        [high, low] => ber(out, &[0x02], &[0, high, low]),
    }
}

/// Reads an MCS Connect Response: the bytes of its TPDU. `None` when it is none or holds no security data.
pub fn read_connect_response(tpdu: &[u8]) -> Option<ServerSettings> {
    let (mut version, mut security) = (0, None);
    for (kind, body) in mcs::server_blocks(tpdu)? {
        match kind {
            mcs::block::CORE => version = Cursor(body).u32_le().unwrap_or_default(),
            mcs::block::SECURITY => security = self::security(body),
            _ => {}
        }
    }
    let settings: ServerSettings = security?;
    Some(ServerSettings {
        version,
        ..settings
    })
}

/// TS_UD_SC_SEC1.
fn security(body: &[u8]) -> Option<ServerSettings> {
    let mut cursor = Cursor(body);
    let method = EncryptionMethods(cursor.u32_le()?);
    let level = EncryptionLevel(cursor.u32_le()?);
    let mut settings = ServerSettings {
        version: 0,
        method,
        level,
        random: 0,
        certificate: RdpCertificate::None,
        key_bits: 0,
    };
    // Without encryption neither random nor certificate follows.
    if let (Some(random), Some(certificate)) = (cursor.u32_le(), cursor.u32_le()) {
        let random = cursor.take(size(random));
        settings.random = count32(random.map_or(0, <[u8]>::len));
        if certificate > 0 {
            let read = random
                .and_then(|_| cursor.take(size(certificate)))
                .and_then(read_certificate);
            (settings.certificate, settings.key_bits) =
                read.unwrap_or((RdpCertificate::Unreadable, 0));
        }
    }
    Some(settings)
}

/// SERVER_CERTIFICATE: its kind, and the size of its key ([MS-RDPBCGR] 2.2.1.4.3.1).
fn read_certificate(bytes: &[u8]) -> Option<(RdpCertificate, u32)> {
    // CERT_CHAIN_VERSION_1 and 2, in the bits beside the one that says how long it is kept.
    const PROPRIETARY: u32 = 1;
    const X509: u32 = 2;
    let mut cursor = Cursor(bytes);
    match cursor.u32_le()? & 0x7FFF_FFFF {
        PROPRIETARY => {
            cursor.take(8)?; // dwSigAlgId, dwKeyAlgId
            cursor.take(2)?; // wPublicKeyBlobType
            let length = cursor.u16_le()?;
            let mut key = Cursor(cursor.take(usize::from(length))?);
            (key.take(4)? == b"RSA1").then_some(())?;
            key.u32_le()?; // keylen
            Some((RdpCertificate::Proprietary, key.u32_le()?))
        }
        X509 => {
            let count = cursor.u32_le()?;
            let mut last = None;
            // A chain has a handful; a wrong count ends with the bytes.
            for _ in 0..count {
                let length = cursor.u32_le()?;
                last = Some(cursor.take(size(length))?);
            }
            // The server's own is the last. Its key may be under an object identifier that no standard
            // knows for RSA, which is why only its size is asked for here.
            let bits = last.and_then(|der| crate::certificate::read(der, 0));
            Some((RdpCertificate::X509, bits.map_or(0, |read| read.key_bits)))
        }
        _ => None,
    }
}
