//! Questions to name servers and their answers ([RFC 1035] section 4), as far as finding a host needs them.
//!
//! [RFC 1035]: https://www.rfc-editor.org/rfc/rfc1035

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use model::codes::{DnsCode, RecordType};

use crate::cursor::{Cursor, low8};

/// QR: the message is an answer.
const RESPONSE: u16 = 0x8000;
/// AA: the server is responsible for the name.
const AUTHORITATIVE: u16 = 0x0400;
/// TC: the answer did not fit.
const TRUNCATED: u16 = 0x0200;
/// RD: the server should ask others.
const RECURSION_DESIRED: u16 = 0x0100;
/// RA: the server asks others.
const RECURSION_AVAILABLE: u16 = 0x0080;
/// CLASS IN.
const INTERNET: u16 = 1;
/// The payload that [RFC 9715] recommends for answers over UDP: it fits any usual path in one packet.
///
/// [RFC 9715]: https://www.rfc-editor.org/rfc/rfc9715
const PAYLOAD: u16 = 1_232;
/// The most records of one answer that are read.
const MOST_RECORDS: u16 = 256;
/// The longest name, in bytes of its labels with their lengths.
const LONGEST_NAME: usize = 255;
/// The longest label.
const LONGEST_LABEL: usize = 63;
/// The most pointers followed in one name. Each leads further back, so that no name is endless.
const MOST_POINTERS: usize = 32;

/// An answer, as far as it could be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The number of the question.
    pub id: u16,
    /// RCODE, with the bits that EDNS adds.
    pub code: DnsCode,
    /// AA: the server is responsible for the name.
    pub authoritative: bool,
    /// TC: the answer did not fit into a datagram.
    pub truncated: bool,
    /// RA: the server asks others for what it does not know.
    pub recursive: bool,
    /// The answer carries an OPT record: the server knows EDNS.
    pub edns: bool,
    /// The name and kind that were asked for, as the server repeats them.
    pub question: Option<(String, RecordType)>,
    /// The records of the answer section, in order.
    pub records: Vec<Record>,
    /// Other servers are named as those to ask (NS records in the authority section).
    pub refers: bool,
    /// The authority section says that this is all there is (SOA record).
    pub denies: bool,
    /// It ends before all its records.
    pub cut: bool,
}

/// A record of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The name it belongs to.
    pub name: String,
    /// Its kind.
    pub kind: RecordType,
    /// How long it may be kept, in seconds.
    pub ttl: u32,
    /// What it holds.
    pub data: Data,
}

/// What a record holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// A or AAAA.
    Address(IpAddr),
    /// CNAME, NS or PTR.
    Name(String),
    /// SRV ([RFC 2782]).
    ///
    /// [RFC 2782]: https://www.rfc-editor.org/rfc/rfc2782
    Service {
        /// Lower is asked first.
        priority: u16,
        /// The share among equals.
        weight: u16,
        /// The port.
        port: u16,
        /// The host.
        target: String,
    },
    /// Anything else, or what cannot be read.
    Other,
}

impl Answer {
    /// The names that the one asked for stands for, in order: the chain of its aliases.
    pub fn aliases(&self) -> Vec<String> {
        let mut here = match &self.question {
            Some((name, _)) => name.clone(),
            None => return Vec::new(),
        };
        let mut chain: Vec<String> = Vec::new();
        while let Some(next) = self.records.iter().find_map(|record| match &record.data {
            Data::Name(next)
                if record.kind == RecordType::CNAME && record.name.eq_ignore_ascii_case(&here) =>
            {
                Some(next)
            }
            _ => None,
        }) {
            // A chain that comes back to itself ends there.
            let known = chain.iter().any(|known| known.eq_ignore_ascii_case(next));
            chain.push(next.clone());
            if known {
                break;
            }
            here.clone_from(next);
        }
        chain
    }

    /// The addresses in it, each once.
    pub fn addresses(&self) -> Vec<IpAddr> {
        let mut addresses = Vec::new();
        for record in &self.records {
            if let Data::Address(address) = record.data
                && !addresses.contains(&address)
            {
                addresses.push(address);
            }
        }
        addresses
    }

    /// The names that an address has (PTR).
    pub fn names(&self) -> Vec<String> {
        let names = self.records.iter().filter(|r| r.kind == RecordType::PTR);
        names
            .filter_map(|record| match &record.data {
                Data::Name(name) => Some(name.clone()),
                _ => None,
            })
            .collect()
    }

    /// How long the whole answer may be kept: its shortest-lived record decides.
    pub fn ttl(&self) -> Option<u32> {
        self.records.iter().map(|record| record.ttl).min()
    }
}

/// The name under which an address is asked for its name ([RFC 1035] section 3.5, [RFC 3596] section 2.5).
///
/// [RFC 1035]: https://www.rfc-editor.org/rfc/rfc1035
/// [RFC 3596]: https://www.rfc-editor.org/rfc/rfc3596
pub fn reverse(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, d] = v4.octets();
            format!("{d}.{c}.{b}.{a}.in-addr.arpa")
        }
        IpAddr::V6(v6) => {
            let digits = v6.octets().into_iter().rev();
            let mut name: String = digits
                .map(|byte| format!("{:x}.{:x}.", byte & 0x0F, byte >> 4))
                .collect();
            name.push_str("ip6.arpa");
            name
        }
    }
}

/// Writes a question; `None` when the text cannot be a name on the wire.
pub fn write_question(id: u16, name: &str, kind: RecordType, edns: bool) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(64);
    let additional = u16::from(edns);
    for field in [id, RECURSION_DESIRED, 1, 0, 0, additional] {
        out.extend(field.to_be_bytes());
    }
    let began = out.len();
    for label in name.strip_suffix('.').unwrap_or(name).split('.') {
        if label.is_empty() || label.len() > LONGEST_LABEL || !label.is_ascii() {
            return None;
        }
        out.push(low8(label.len()));
        out.extend(label.as_bytes());
    }
    out.push(0);
    if out.len().saturating_sub(began) > LONGEST_NAME {
        return None;
    }
    out.extend(kind.0.to_be_bytes());
    out.extend(INTERNET.to_be_bytes());
    if edns {
        // The root as name, OPT, the payload as class, no extended code, version 0, no flags, no options.
        out.push(0);
        out.extend(RecordType::OPT.0.to_be_bytes());
        out.extend(PAYLOAD.to_be_bytes());
        out.extend([0; 4 + 2]);
    }
    Some(out)
}

/// Reads an answer; `None` when the bytes are none.
pub fn read_answer(bytes: &[u8]) -> Option<Answer> {
    let mut cursor = Cursor(bytes);
    let id = cursor.u16()?;
    let flags = cursor.u16()?;
    if flags & RESPONSE == 0 {
        return None;
    }
    let (questions, answers) = (cursor.u16()?, cursor.u16()?);
    let (authorities, additionals) = (cursor.u16()?, cursor.u16()?);
    let mut answer = Answer {
        id,
        code: DnsCode(flags & 0x000F),
        authoritative: flags & AUTHORITATIVE != 0,
        truncated: flags & TRUNCATED != 0,
        recursive: flags & RECURSION_AVAILABLE != 0,
        ..Answer::default()
    };
    answer.cut = read_sections(
        bytes,
        &mut cursor,
        [questions, answers, authorities, additionals],
        &mut answer,
    )
    .is_none();
    Some(answer)
}

/// Reads what the header counts; `None` when the bytes end before it.
fn read_sections<'a>(
    bytes: &'a [u8],
    cursor: &mut Cursor<'a>,
    [questions, answers, authorities, additionals]: [u16; 4],
    answer: &mut Answer,
) -> Option<()> {
    for _ in 0..questions.min(MOST_RECORDS) {
        let name = read_name(bytes, cursor)?;
        let kind = RecordType(cursor.u16()?);
        let _class = cursor.u16()?;
        answer.question.get_or_insert((name, kind));
    }
    for _ in 0..answers.min(MOST_RECORDS) {
        let (record, _) = read_record(bytes, cursor)?;
        answer.records.push(record);
    }
    for _ in 0..authorities.min(MOST_RECORDS) {
        let (record, _) = read_record(bytes, cursor)?;
        answer.refers |= record.kind == RecordType::NS;
        answer.denies |= record.kind == RecordType::SOA;
    }
    for _ in 0..additionals.min(MOST_RECORDS) {
        let (record, _) = read_record(bytes, cursor)?;
        if record.kind == RecordType::OPT {
            answer.edns = true;
            // The highest byte of what is elsewhere the time to live extends the code (RFC 6891 section 6.1.3).
            let high = u16::try_from(record.ttl >> 24).unwrap_or_default();
            answer.code = DnsCode((high << 4) | (answer.code.0 & 0x000F));
        }
    }
    Some(())
}

/// Reads a record and its class.
fn read_record<'a>(bytes: &'a [u8], cursor: &mut Cursor<'a>) -> Option<(Record, u16)> {
    let name = read_name(bytes, cursor)?;
    let kind = RecordType(cursor.u16()?);
    let class = cursor.u16()?;
    let ttl = (u32::from(cursor.u16()?) << 16) | u32::from(cursor.u16()?);
    let run = cursor.run16()?;
    let data = read_data(bytes, kind, run, cursor.0.len()).unwrap_or(Data::Other);
    Some((
        Record {
            name,
            kind,
            ttl,
            data,
        },
        class,
    ))
}

/// Reads what a record holds. `after` is how much of the message follows it: names in it may point back.
fn read_data(bytes: &[u8], kind: RecordType, run: &[u8], after: usize) -> Option<Data> {
    let whole = bytes.len().checked_sub(after)?;
    let at = whole.checked_sub(run.len())?;
    match kind {
        RecordType::A => {
            let octets: [u8; 4] = run.try_into().ok()?;
            Some(Data::Address(Ipv4Addr::from(octets).into()))
        }
        RecordType::AAAA => {
            let octets: [u8; 16] = run.try_into().ok()?;
            Some(Data::Address(Ipv6Addr::from(octets).into()))
        }
        RecordType::CNAME | RecordType::NS | RecordType::PTR => {
            let mut cursor = Cursor(bytes.get(at..whole)?);
            Some(Data::Name(read_name(bytes, &mut cursor)?))
        }
        RecordType::SRV => {
            let mut cursor = Cursor(bytes.get(at..whole)?);
            Some(Data::Service {
                priority: cursor.u16()?,
                weight: cursor.u16()?,
                port: cursor.u16()?,
                target: read_name(bytes, &mut cursor)?,
            })
        }
        _ => None,
    }
}

/// Reads a name, which may end in a pointer to an earlier one ([RFC 1035] section 4.1.4).
///
/// [RFC 1035]: https://www.rfc-editor.org/rfc/rfc1035
fn read_name<'a>(bytes: &'a [u8], cursor: &mut Cursor<'a>) -> Option<String> {
    let mut name = String::new();
    let mut length = 0_usize;
    // Where the name begins: what it points to has come before.
    let mut lowest = bytes.len().checked_sub(cursor.0.len())?;
    let mut jumped: Option<Cursor<'a>> = None;
    for _ in 0..=MOST_POINTERS.saturating_add(LONGEST_NAME) {
        let here = jumped.as_mut().unwrap_or(cursor);
        let first = here.u8()?;
        match first & 0xC0 {
            0x00 if first == 0 => return Some(name),
            0x00 => {
                let label = here.take(usize::from(first))?;
                length = length.checked_add(label.len())?.checked_add(1)?;
                if length >= LONGEST_NAME {
                    return None;
                }
                if !name.is_empty() {
                    name.push('.');
                }
                label.iter().for_each(|byte| put_letter(&mut name, *byte));
            }
            0xC0 => {
                let low = here.u8()?;
                let to = usize::from(u16::from_be_bytes([first & 0x3F, low]));
                if to >= lowest {
                    return None;
                }
                lowest = to;
                jumped = Some(Cursor(bytes.get(to..)?));
            }
            _ => return None,
        }
    }
    None
}

/// A byte of a label as it is written for people ([RFC 4343] section 2.1).
///
/// [RFC 4343]: https://www.rfc-editor.org/rfc/rfc4343
fn put_letter(name: &mut String, byte: u8) {
    match byte {
        b'.' | b'\\' => {
            name.push('\\');
            name.push(char::from(byte));
        }
        0x21..=0x7E => name.push(char::from(byte)),
        _ => name.push_str(&format!("\\{byte:03}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answer of [RFC 1035] section 4.1.4's kind: a question, an alias, and the address of what it stands for,
    /// with every name that occurs twice a pointer.
    fn alias() -> Vec<u8> {
        let mut bytes = write_question(7, "rds.lab.test", RecordType::A, false).unwrap();
        bytes[2..4].copy_from_slice(&0x8580_u16.to_be_bytes());
        bytes[6..8].copy_from_slice(&2_u16.to_be_bytes());
        // rds.lab.test CNAME pc-17.lab.test, 300 s; "lab.test" begins at 16.
        bytes.extend([0xC0, 12, 0, 5, 0, 1, 0, 0, 1, 44, 0, 8]);
        bytes.extend(b"\x05pc-17\xC0\x10");
        // pc-17.lab.test A 10.20.1.15, 60 s; its name begins at 42.
        bytes.extend([0xC0, 42, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 20, 1, 15]);
        bytes
    }

    #[test]
    fn an_alias_is_followed() {
        let answer = read_answer(&alias()).unwrap();
        assert_eq!(
            answer.question,
            Some(("rds.lab.test".to_owned(), RecordType::A))
        );
        assert_eq!(answer.aliases(), ["pc-17.lab.test"]);
        assert_eq!(
            answer.addresses(),
            ["10.20.1.15".parse::<IpAddr>().unwrap()]
        );
        assert_eq!((answer.ttl(), answer.code), (Some(60), DnsCode::NO_ERROR));
        assert!(answer.authoritative && answer.recursive && !answer.truncated && !answer.cut);
    }

    #[test]
    fn what_was_understood_before_the_end_is_kept() {
        let whole = alias();
        let cut = read_answer(&whole[..whole.len() - 3]).unwrap();
        assert!(cut.cut);
        assert_eq!(cut.aliases(), ["pc-17.lab.test"]);
        assert!(cut.addresses().is_empty());
    }

    #[test]
    fn a_pointer_forwards_or_to_itself_is_no_name() {
        for to in [12_u8, 40] {
            let mut bytes = vec![0, 1, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0];
            bytes.extend([0xC0, to, 0, 1, 0, 1]);
            bytes.resize(60, 0);
            let answer = read_answer(&bytes).unwrap();
            // A pointer to itself reads the same place again, which does not lie further back.
            assert!(answer.cut, "{to}");
        }
    }

    #[test]
    fn an_alias_of_itself_ends() {
        let mut bytes = write_question(7, "a.test", RecordType::A, false).unwrap();
        bytes[2..4].copy_from_slice(&0x8180_u16.to_be_bytes());
        bytes[6..8].copy_from_slice(&1_u16.to_be_bytes());
        bytes.extend([0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, 2, 0xC0, 12]);
        assert_eq!(read_answer(&bytes).unwrap().aliases(), ["a.test", "a.test"]);
    }

    #[test]
    fn edns_extends_the_code() {
        let mut bytes = write_question(9, "a.test", RecordType::AAAA, true).unwrap();
        bytes[2..4].copy_from_slice(&0x8000_u16.to_be_bytes());
        let version = bytes.len() - 6;
        bytes[version] = 1;
        let answer = read_answer(&bytes).unwrap();
        assert!(answer.edns);
        assert_eq!(answer.code, DnsCode::BAD_VERSION);
    }

    #[test]
    fn names_that_do_not_fit_are_not_asked_for() {
        let long = "a".repeat(64);
        for name in ["", "a..b", "bücher.example", &long] {
            assert_eq!(write_question(1, name, RecordType::A, true), None, "{name}");
        }
        assert!(write_question(1, "srv01.corp.example.", RecordType::A, true).is_some());
    }

    #[test]
    fn addresses_are_asked_for_backwards() {
        assert_eq!(
            reverse("10.20.1.15".parse().unwrap()),
            "15.1.20.10.in-addr.arpa"
        );
        let v6 = reverse("2001:db8::1".parse().unwrap());
        assert!(v6.starts_with("1.0.0.0.0.0"), "{v6}");
        assert!(v6.ends_with("8.b.d.0.1.0.0.2.ip6.arpa"), "{v6}");
    }
}
