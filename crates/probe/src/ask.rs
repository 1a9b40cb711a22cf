//! Asks name servers directly, one question at a time, and tells every answer before any of them is put together.
//!
//! The exchange is ours and not a library's, because a resolver hides what is looked for here: it follows aliases,
//! asks again elsewhere, keeps answers, and turns codes into errors.

use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, ErrorKind, Read as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use model::codes::{DnsCode, RecordType};
use model::fact::SettingValue;
use model::{Fact, HostName, Micros, NameFailure, Phase, Place, Resolver};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;
use wire::dns::{self, Answer};

use crate::Error;
use crate::drive::Voice;
use crate::look::Inquiry;

/// The most suffixes that a short name is completed with.
const SUFFIXES: usize = 4;
/// How often a question is sent over UDP before it counts as unanswered.
pub(crate) const SENT: u32 = 2;
/// The most datagrams that are read for one question: what is not its answer is passed over.
const READ: usize = 32;
/// The longest hosts file or list of suffixes that is read.
const LONGEST_FILE: u64 = 1 << 20;

/// Where Unix keeps what its resolver asks.
pub(crate) const RESOLV_CONF: &str = "/etc/resolv.conf";
/// The word before a name server in it.
pub(crate) const NAME_SERVER: &str = "nameserver";

/// What became of a question.
pub(crate) enum Outcome {
    Answered(Answer, Micros),
    Silent(Micros),
    /// The host of the server says that nothing answers questions there.
    Nobody(Micros),
}

/// Asks, and tells what is answered.
pub(crate) async fn ask(inquiry: &Inquiry, voice: &Voice) -> Result<(), Error> {
    for name in names(inquiry) {
        let mut resolved = false;
        let outcomes = match inquiry.kinds.as_slice() {
            [one] => vec![(*one, question(inquiry, &name, *one, voice).await?)],
            [one, other, ..] => {
                let (first, second) = tokio::join!(
                    question(inquiry, &name, *one, voice),
                    question(inquiry, &name, *other, voice)
                );
                vec![(*one, first?), (*other, second?)]
            }
            [] => Vec::new(),
        };
        if let Some(fact) = together(inquiry.server, &name, &outcomes) {
            resolved = matches!(fact, Fact::NameResolved { .. });
            tell(fact, voice);
        }
        if resolved {
            break;
        }
    }
    Ok(())
}

fn tell(fact: Fact, voice: &Voice) {
    voice.fact(voice.clock.now(), Place::host(Phase::Resolve), fact);
}

/// A short name is asked for as this machine would complete it; it says little to ask a name server for one.
fn names(inquiry: &Inquiry) -> Vec<String> {
    let name = inquiry.name.0.trim_end_matches('.');
    let is_short = !name.contains('.') && inquiry.kinds.contains(&RecordType::A);
    if !is_short || inquiry.name.0.ends_with('.') {
        return vec![name.to_owned()];
    }
    let mut names: Vec<String> = suffixes()
        .into_iter()
        .map(|suffix| format!("{name}.{suffix}"))
        .collect();
    if names.is_empty() {
        names.push(name.to_owned());
    }
    names
}

/// Asks one question, and again when there is no answer; tells the answer.
async fn question(
    inquiry: &Inquiry,
    name: &str,
    kind: RecordType,
    voice: &Voice,
) -> Result<Outcome, Error> {
    let (outcome, over_tcp) =
        exchanged(inquiry.server, name, kind, inquiry.patience, voice).await?;
    if let Outcome::Answered(answer, took) = &outcome {
        let names = |names: Vec<String>| names.into_iter().map(HostName).collect();
        tell(
            Fact::NameServerAnswered {
                server: inquiry.server,
                name: HostName(name.to_owned()),
                question: kind,
                code: answer.code,
                authoritative: answer.authoritative,
                recursive: answer.recursive,
                aliases: names(answer.aliases()),
                addresses: answer.addresses(),
                names: names(answer.names()),
                ttl: answer.ttl(),
                edns: answer.edns,
                over_tcp,
                took: *took,
            },
            voice,
        );
    }
    Ok(outcome)
}

/// Asks one question, and again when there is no answer; tells nothing.
pub(crate) async fn exchange(
    server: SocketAddr,
    name: &str,
    kind: RecordType,
    patience: Micros,
    voice: &Voice,
) -> Result<Outcome, Error> {
    let (outcome, _) = exchanged(server, name, kind, patience, voice).await?;
    Ok(outcome)
}

/// The same, with whether the answer came over TCP.
async fn exchanged(
    server: SocketAddr,
    name: &str,
    kind: RecordType,
    patience: Micros,
    voice: &Voice,
) -> Result<(Outcome, bool), Error> {
    let failed = |source| Error::Socket {
        operation: "ask with",
        to: server,
        source,
    };
    let began = voice.clock.now();
    let took = || voice.clock.now().since(began);
    // Servers of old do not know EDNS and say so.
    let mut edns = true;
    let mut over_tcp = false;
    let outcome = loop {
        let id = number();
        let Some(bytes) = dns::write_question(id, name, kind, edns) else {
            return Err(Error::Name(name.to_owned()));
        };
        let asked = if over_tcp {
            by_tcp(server, &bytes, patience).await
        } else {
            by_udp(server, &bytes, id, patience).await
        };
        match asked {
            Ok(Some(answer)) if answer.code == DnsCode::FORMAT_ERROR && edns => edns = false,
            Ok(Some(answer)) if answer.truncated && !over_tcp => over_tcp = true,
            Ok(Some(answer)) => break Outcome::Answered(answer, took()),
            Ok(None) => break Outcome::Silent(took()),
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset
                ) =>
            {
                break Outcome::Nobody(took());
            }
            Err(error) => return Err(failed(error)),
        }
    };
    Ok((outcome, over_tcp))
}

/// What the answers about one name say together; nothing where no addresses were asked for.
fn together(server: SocketAddr, name: &str, outcomes: &[(RecordType, Outcome)]) -> Option<Fact> {
    let addresses_wanted = |kind: &RecordType| matches!(*kind, RecordType::A | RecordType::AAAA);
    if outcomes.is_empty() || !outcomes.iter().all(|(kind, _)| addresses_wanted(kind)) {
        return None;
    }
    let name = HostName(name.to_owned());
    let via = Resolver::Server(server);
    let took = outcomes
        .iter()
        .map(|(_, outcome)| match outcome {
            Outcome::Answered(_, took) | Outcome::Silent(took) | Outcome::Nobody(took) => *took,
        })
        .max()
        .unwrap_or_default();
    let addresses: Vec<IpAddr> = outcomes
        .iter()
        .flat_map(|(_, outcome)| match outcome {
            Outcome::Answered(answer, _) => answer.addresses(),
            _ => Vec::new(),
        })
        .collect();
    if !addresses.is_empty() {
        return Some(Fact::NameResolved {
            name,
            addresses,
            via,
            took,
        });
    }
    // The worst of both says most.
    const WORST_FIRST: [NameFailure; 7] = [
        NameFailure::NoSuchName,
        NameFailure::Refused,
        NameFailure::ServerFailure,
        NameFailure::Timeout,
        NameFailure::NoServer,
        NameFailure::Lame,
        NameFailure::NoAddress,
    ];
    let whys: Vec<NameFailure> = outcomes.iter().map(|(_, one)| failure(one)).collect();
    let why = WORST_FIRST.into_iter().find(|why| whys.contains(why));
    Some(Fact::NameNotResolved {
        name,
        why: why.unwrap_or(NameFailure::Other),
        via,
        took,
    })
}

/// Why an answer without an address has none.
pub(crate) fn failure(outcome: &Outcome) -> NameFailure {
    let answer = match outcome {
        Outcome::Answered(answer, _) => answer,
        Outcome::Silent(_) => return NameFailure::Timeout,
        Outcome::Nobody(_) => return NameFailure::NoServer,
    };
    match answer.code {
        // It names others instead of an answer, or has none and does not look for one. An answer that says so
        // with authority, or with the record that proves it, is no such thing.
        DnsCode::NO_ERROR
            if !answer.authoritative && !answer.denies && (answer.refers || !answer.recursive) =>
        {
            NameFailure::Lame
        }
        DnsCode::NO_ERROR => NameFailure::NoAddress,
        DnsCode::NO_SUCH_NAME => NameFailure::NoSuchName,
        DnsCode::REFUSED => NameFailure::Refused,
        _ => NameFailure::ServerFailure,
    }
}

/// Asks over UDP, for at most `patience`; `None` without an answer.
async fn by_udp(
    server: SocketAddr,
    question: &[u8],
    id: u16,
    patience: Micros,
) -> io::Result<Option<Answer>> {
    let any: IpAddr = match server {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0)).await?;
    // Only what comes from there is handed out, and errors from there are told.
    socket.connect(server).await?;
    let each = Duration::from_micros(patience.0 / u64::from(SENT));
    let mut buffer = vec![0; 4096];
    for _ in 0..SENT {
        socket.send(question).await?;
        let heard = timeout(each, async {
            for _ in 0..READ {
                let length = socket.recv(&mut buffer).await?;
                let bytes = buffer.get(..length).unwrap_or_default();
                if let Some(answer) = dns::read_answer(bytes).filter(|answer| answer.id == id) {
                    return Ok(Some(answer));
                }
            }
            Ok(None)
        });
        match heard.await {
            Ok(Ok(Some(answer))) => return Ok(Some(answer)),
            Ok(Ok(None)) | Err(_) => {}
            Ok(Err(error)) => return Err(error),
        }
    }
    Ok(None)
}

/// Asks over TCP, where a message follows its length ([RFC 7766] section 8).
///
/// [RFC 7766]: https://www.rfc-editor.org/rfc/rfc7766
async fn by_tcp(
    server: SocketAddr,
    question: &[u8],
    patience: Micros,
) -> io::Result<Option<Answer>> {
    let asked = async {
        let mut stream = TcpStream::connect(server).await?;
        let length = u16::try_from(question.len()).unwrap_or(u16::MAX);
        let mut message = length.to_be_bytes().to_vec();
        message.extend(question);
        stream.write_all(&message).await?;
        let mut length = [0; 2];
        stream.read_exact(&mut length).await?;
        let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
        stream.read_exact(&mut answer).await?;
        io::Result::Ok(dns::read_answer(&answer))
    };
    match timeout(Duration::from_micros(patience.0), asked).await {
        Ok(Err(error)) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
        Ok(answered) => answered,
        Err(_) => Ok(None),
    }
}

/// A number for a question that nobody can guess.
fn number() -> u16 {
    u16::try_from(RandomState::new().hash_one(0_u8) & 0xFFFF).unwrap_or_default()
}

/// What this machine completes short names with, as far as a file says it.
fn suffixes() -> Vec<String> {
    if cfg!(unix) {
        read_suffixes(&read(RESOLV_CONF))
    } else {
        Vec::new()
    }
}

/// The name servers that this machine is set to ask, as a file says it.
pub(crate) fn own_name_servers() -> Option<Fact> {
    let servers = if cfg!(unix) {
        read_name_servers(&read(RESOLV_CONF))
    } else {
        Vec::new()
    };
    (!servers.is_empty()).then(|| Fact::SettingFound {
        key: RESOLV_CONF.to_owned(),
        name: NAME_SERVER.to_owned(),
        value: SettingValue::Texts(servers),
        policy: false,
    })
}

/// The name servers that such a setting names, with the usual port.
pub(crate) fn addresses_of(value: &SettingValue) -> Vec<SocketAddr> {
    const DNS: u16 = 53;
    let SettingValue::Texts(texts) = value else {
        return Vec::new();
    };
    texts
        .iter()
        .filter_map(|text| text.parse::<IpAddr>().ok())
        .map(|address| SocketAddr::new(address, DNS))
        .collect()
}

/// The first three `nameserver` lines count (resolv.conf(5)).
fn read_name_servers(text: &str) -> Vec<String> {
    const COUNT: usize = 3;
    text.lines()
        .filter_map(|line| {
            let mut words = line.split_ascii_whitespace();
            (words.next() == Some(NAME_SERVER)).then(|| words.next())?
        })
        .take(COUNT)
        .map(str::to_owned)
        .collect()
}

/// The last `search` or `domain` line counts (resolv.conf(5)).
fn read_suffixes(text: &str) -> Vec<String> {
    let mut suffixes = Vec::new();
    for line in text.lines() {
        let mut words = line.split_ascii_whitespace();
        if matches!(words.next(), Some("search" | "domain")) {
            suffixes = words
                .map(|word| word.trim_end_matches('.').to_owned())
                .filter(|word| !word.is_empty())
                .take(SUFFIXES)
                .collect();
        }
    }
    suffixes
}

/// What the hosts file of this machine says of a name, when it says anything.
pub(crate) fn hosts_file(name: &HostName) -> Option<Fact> {
    let file = if cfg!(windows) {
        let root = std::env::var("SystemRoot").unwrap_or_else(|_| r"C:\Windows".to_owned());
        format!(r"{root}\System32\drivers\etc\hosts")
    } else {
        "/etc/hosts".to_owned()
    };
    let addresses = read_hosts(&read(&file), name);
    (!addresses.is_empty()).then(|| Fact::HostsFileSaid {
        file,
        name: name.clone(),
        addresses,
    })
}

/// The addresses of the lines that hold the name (hosts(5)).
fn read_hosts(text: &str, name: &HostName) -> Vec<IpAddr> {
    let wanted = name.folded();
    let mut addresses = Vec::new();
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default();
        let mut words = line.split_ascii_whitespace();
        let address = words
            .next()
            .map(|word| word.split('%').next().unwrap_or(word));
        let Some(Ok(address)) = address.map(str::parse::<IpAddr>) else {
            continue;
        };
        let named = words.any(|word| word.trim_end_matches('.').eq_ignore_ascii_case(&wanted));
        if named && !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    addresses
}

/// The text of a small file; empty when it cannot be read, which only loses what it would tell.
fn read(file: &str) -> String {
    let mut bytes = Vec::new();
    if let Ok(opened) = std::fs::File::open(file) {
        let _ = opened.take(LONGEST_FILE).read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(answer: Answer) -> Outcome {
        Outcome::Answered(answer, Micros(1))
    }

    #[test]
    fn answers_without_an_address_are_kept_apart() {
        let with = |code| Answer {
            code,
            recursive: true,
            ..Answer::default()
        };
        for (answer, why) in [
            (with(DnsCode::NO_ERROR), NameFailure::NoAddress),
            (with(DnsCode::NO_SUCH_NAME), NameFailure::NoSuchName),
            (with(DnsCode::SERVER_FAILURE), NameFailure::ServerFailure),
            (with(DnsCode::REFUSED), NameFailure::Refused),
            (
                Answer {
                    refers: true,
                    ..Answer::default()
                },
                NameFailure::Lame,
            ),
            (Answer::default(), NameFailure::Lame),
            (
                Answer {
                    denies: true,
                    ..Answer::default()
                },
                NameFailure::NoAddress,
            ),
            (
                Answer {
                    authoritative: true,
                    refers: true,
                    ..Answer::default()
                },
                NameFailure::NoAddress,
            ),
        ] {
            assert_eq!(failure(&answered(answer.clone())), why, "{answer:?}");
        }
        assert_eq!(failure(&Outcome::Silent(Micros(1))), NameFailure::Timeout);
        assert_eq!(failure(&Outcome::Nobody(Micros(1))), NameFailure::NoServer);
    }

    #[test]
    fn the_worst_of_two_answers_is_told() {
        let server = SocketAddr::from(([10, 0, 0, 53], 53));
        let outcomes = [
            (RecordType::A, answered(Answer::default())),
            (
                RecordType::AAAA,
                answered(Answer {
                    code: DnsCode::SERVER_FAILURE,
                    ..Answer::default()
                }),
            ),
        ];
        let fact = together(server, "srv.test", &outcomes).unwrap();
        assert!(
            matches!(
                fact,
                Fact::NameNotResolved {
                    why: NameFailure::ServerFailure,
                    ..
                }
            ),
            "{fact:?}"
        );
        let reverse = [(RecordType::PTR, Outcome::Silent(Micros(1)))];
        assert_eq!(together(server, "1.0.0.10.in-addr.arpa", &reverse), None);
    }

    #[test]
    fn hosts_files_are_read_as_systems_read_them() {
        let text = "127.0.0.1 localhost\n# 10.0.0.1 srv\n10.0.0.2\tother SRV.lab.test. # srv\nfe80::1%eth0 srv.lab.test\nnonsense srv.lab.test\n";
        let said = |name: &str| read_hosts(text, &HostName::from(name));
        let both: Vec<IpAddr> = vec!["10.0.0.2".parse().unwrap(), "fe80::1".parse().unwrap()];
        assert_eq!(said("srv.lab.test"), both);
        assert!(said("srv").is_empty());
    }

    #[test]
    fn the_last_list_of_suffixes_counts() {
        let text = "nameserver 10.0.0.53\ndomain old.test\nsearch lab.test. corp.example\n";
        assert_eq!(read_suffixes(text), ["lab.test", "corp.example"]);
        assert!(read_suffixes("nameserver 10.0.0.53\n").is_empty());
        assert_eq!(read_name_servers(text), ["10.0.0.53"]);
    }
}
