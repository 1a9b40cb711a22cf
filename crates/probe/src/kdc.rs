//! Asks the Kerberos servers (KDCs) of a realm: which there are, whether they answer, and what they say to a request
//! that proves nothing. No password and nothing made of one is sent, so no account can be locked.

use std::hash::{BuildHasher as _, RandomState};
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use model::codes::RecordType;
use model::fact::{KdcFailure, KdcName, KdcQuestion, KdcWay};
use model::{Ending, Fact, HostName, Micros, Phase, Place, UnixSeconds};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;
use wire::dns::Data;
use wire::kerberos::{self, AsRequest};
use wire::{Read, http};

use crate::ask::{self, Outcome};
use crate::connect::{Opening, connect};
use crate::drive::{Voice, ending};
use crate::look::{KdcVisit, RealmInquiry};
use crate::{Error, resolve};

/// Where facts of Kerberos belong: it is one of the two ways to log on.
pub(crate) const PLACE: Place = Place::host(Phase::Authenticate);

/// How often a datagram is sent.
pub(crate) const SENT: u32 = 2;
/// The most servers that are kept of an answer.
const MOST: usize = 8;
/// The most servers whose addresses are asked for.
const ADDRESSED: usize = 3;
/// The longest answer of a proxy.
const LONGEST: usize = 2 * kerberos::LARGEST;
/// A host that surely has no account: the name is set aside for what does not exist ([RFC 2606] section 2).
///
/// [RFC 2606]: https://www.rfc-editor.org/rfc/rfc2606
const NO_SUCH_HOST: &str = "rdpdoctor-asks.invalid";

/// Asks name servers for the servers of a realm, and tells them with their addresses.
pub(crate) async fn find(inquiry: &RealmInquiry, voice: &Voice) -> Result<(), Error> {
    let own = ask::own_name_servers();
    let servers = match (inquiry.servers.as_slice(), own) {
        ([], Some(Fact::SettingFound { value, .. })) => ask::addresses_of(&value),
        (named, _) => named.to_vec(),
    };
    let Some(&server) = servers.first() else {
        return Err(Error::NoNameServer);
    };
    for way in [KdcWay::Tcp, KdcWay::Udp] {
        let word = if way == KdcWay::Tcp { "_tcp" } else { "_udp" };
        let name = format!("_kerberos.{word}.{}", inquiry.realm.0.trim_end_matches('.'));
        let began = voice.clock.now();
        let outcome =
            ask::exchange(server, &name, RecordType::SRV, inquiry.patience, voice).await?;
        let mut named = Vec::new();
        if let Outcome::Answered(answer, _) = &outcome {
            let mut records: Vec<_> = answer
                .records
                .iter()
                .filter_map(|record| match &record.data {
                    // A target of "." says that there is none (RFC 2782).
                    Data::Service {
                        priority,
                        weight,
                        port,
                        target,
                    } if !target.trim_end_matches('.').is_empty() => {
                        Some((*priority, u16::MAX - weight, *port, target.clone()))
                    }
                    _ => None,
                })
                .take(MOST)
                .collect();
            records.sort();
            for (_, _, port, target) in records {
                named.push(KdcName {
                    kdc: HostName(target),
                    port,
                    addresses: Vec::new(),
                });
            }
        }
        for kdc in named.iter_mut().take(ADDRESSED) {
            match addresses(&kdc.kdc, server, inquiry.patience, voice).await? {
                Some(addresses) => kdc.addresses = addresses,
                None => break,
            }
        }
        let now = voice.clock.now();
        let why = named.is_empty().then(|| ask::failure(&outcome));
        let fact = Fact::KdcsNamed {
            realm: inquiry.realm.clone(),
            way,
            kdcs: named,
            why,
            server,
            took: now.since(began),
        };
        voice.fact(now, PLACE, fact);
        if !matches!(outcome, Outcome::Answered(..)) {
            // It will not answer the other question either.
            break;
        }
    }
    Ok(())
}

/// The addresses of a server of the realm, by the same name server; `None` when it went silent.
async fn addresses(
    name: &HostName,
    server: SocketAddr,
    patience: Micros,
    voice: &Voice,
) -> Result<Option<Vec<IpAddr>>, Error> {
    let (v4, v6) = tokio::join!(
        ask::exchange(server, &name.0, RecordType::A, patience, voice),
        ask::exchange(server, &name.0, RecordType::AAAA, patience, voice)
    );
    let mut addresses = Vec::new();
    for outcome in [v4?, v6?] {
        match outcome {
            Outcome::Answered(answer, _) => addresses.extend(answer.addresses()),
            _ => return Ok(None),
        }
    }
    Ok(Some(addresses))
}

/// What came of a request.
pub(crate) enum Got {
    Answer(Vec<u8>),
    Not(KdcFailure),
}

/// Puts one question to one server, or to a proxy.
pub(crate) async fn visit(
    visit: &KdcVisit,
    opened_at: UnixSeconds,
    voice: &Voice,
) -> Result<(), Error> {
    let clock = voice.clock;
    let began = clock.now();
    let realm = visit.realm.0.trim_end_matches('.').to_uppercase();
    let message = request(visit, &realm);
    let to = address(visit, voice).await?;
    let got = match to {
        None => Got::Not(KdcFailure::NoAddress),
        Some(to) => exchange(visit, to, visit.way, &realm, &message, voice).await?,
    };
    let now = clock.now();
    let answer = match &got {
        Got::Answer(bytes) => kerberos::read_answer(bytes).ok_or(KdcFailure::NotKerberos),
        Got::Not(why) => Err(*why),
    };
    let fact = match answer {
        Ok(answer) => Fact::KdcAnswered {
            realm: visit.realm.clone(),
            kdc: visit.kdc.clone(),
            to,
            way: visit.way,
            asked: visit.question,
            named: visit.is_named,
            error: answer.error,
            usual_salt: answer
                .salt
                .map(|salt| salt.eq_ignore_ascii_case(&format!("{realm}{}", visit.user))),
            encryption: answer.kinds,
            other_realm: answer
                .realm
                .filter(|other| !other.eq_ignore_ascii_case(&realm))
                .map(HostName),
            clock: answer.clock,
            seen_at: wall(opened_at, now),
            took: now.since(began),
        },
        Err(why) => Fact::KdcUnanswered {
            realm: visit.realm.clone(),
            kdc: visit.kdc.clone(),
            to,
            way: visit.way,
            why,
            waited: now.since(began),
        },
    };
    voice.fact(now, PLACE, fact);
    Ok(())
}

/// Where the server, or the proxy, is.
pub(crate) async fn address(visit: &KdcVisit, voice: &Voice) -> Result<Option<SocketAddr>, Error> {
    let given = visit.kdc.0.parse::<IpAddr>();
    Ok(match (visit.to, given) {
        (Some(to), _) => Some(to),
        (None, Ok(address)) => Some(SocketAddr::new(address, visit.port)),
        (None, Err(_)) => match resolve::look_up(&visit.kdc, visit.patience, voice.clock).await? {
            Fact::NameResolved { addresses, .. } => addresses
                .first()
                .map(|address| SocketAddr::new(*address, visit.port)),
            _ => None,
        },
    })
}

/// Takes one message to the server and an answer back.
pub(crate) async fn exchange(
    visit: &KdcVisit,
    to: SocketAddr,
    way: KdcWay,
    realm: &str,
    message: &[u8],
    voice: &Voice,
) -> Result<Got, Error> {
    match way {
        KdcWay::Udp => by_udp(to, message, visit.patience).await,
        KdcWay::Tcp => by_tcp(to, message, visit.patience, voice).await,
        KdcWay::Proxy => {
            let message = kerberos::for_proxy(message, realm);
            by_proxy(visit, to, &message, voice).await
        }
    }
}

fn request(visit: &KdcVisit, realm: &str) -> Vec<u8> {
    let host = visit.host.0.trim_end_matches('.').to_lowercase();
    let service = match visit.question {
        KdcQuestion::User => ["krbtgt", realm],
        KdcQuestion::Service => ["TERMSRV", &host],
        KdcQuestion::NoSuchService => ["TERMSRV", NO_SUCH_HOST],
    };
    let drawn = RandomState::new().hash_one(0_u8) & u64::from(u32::MAX);
    AsRequest {
        realm,
        user: &visit.user,
        service: &service,
        nonce: u32::try_from(drawn).unwrap_or_default(),
    }
    .encode()
}

/// The wall clock at a moment of the case.
pub(crate) fn wall(opened_at: UnixSeconds, at: Micros) -> UnixSeconds {
    let seconds = i64::try_from(at.as_millis() / 1000).unwrap_or(i64::MAX);
    UnixSeconds(opened_at.0.saturating_add(seconds))
}

async fn by_udp(to: SocketAddr, message: &[u8], patience: Micros) -> Result<Got, Error> {
    let ours = |operation| {
        move |source| Error::Socket {
            operation,
            to,
            source,
        }
    };
    let any: IpAddr = match to {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0)).await.map_err(ours("open"))?;
    let exchange = async {
        // Only what comes from there is handed out, and errors from there are told.
        socket.connect(to).await?;
        let each = Duration::from_micros(patience.0 / u64::from(SENT));
        let mut buffer = vec![0; 16 * 1024];
        for _ in 0..SENT {
            socket.send(message).await?;
            if let Ok(received) = timeout(each, socket.recv(&mut buffer)).await {
                let bytes = buffer.get(..received?).unwrap_or_default();
                return Ok(Some(bytes.to_vec()));
            }
        }
        Ok(None)
    };
    let exchanged: std::io::Result<Option<Vec<u8>>> = exchange.await;
    match exchanged {
        Ok(Some(bytes)) => Ok(Got::Answer(bytes)),
        Ok(None) => Ok(Got::Not(KdcFailure::Silent)),
        Err(error) => match error.kind() {
            ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset => {
                Ok(Got::Not(KdcFailure::Refused))
            }
            ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
                Ok(Got::Not(KdcFailure::Unreachable))
            }
            _ => Err(ours("ask with")(error)),
        },
    }
}

/// Why a connection did not open.
fn unopened(fact: &Fact) -> KdcFailure {
    match fact {
        Fact::TcpRefused { .. } => KdcFailure::Refused,
        Fact::TcpSilent { .. } => KdcFailure::Silent,
        _ => KdcFailure::Unreachable,
    }
}

fn ended(how: Ending) -> KdcFailure {
    match how {
        Ending::Silence => KdcFailure::Silent,
        Ending::Unreachable => KdcFailure::Unreachable,
        Ending::Closed | Ending::Reset => KdcFailure::Closed,
    }
}

async fn by_tcp(
    to: SocketAddr,
    message: &[u8],
    patience: Micros,
    voice: &Voice,
) -> Result<Got, Error> {
    let mut stream = match connect(to, patience, None, voice.clock).await? {
        Opening::Open(stream, ..) => stream,
        Opening::Reset(..) => return Ok(Got::Not(KdcFailure::Closed)),
        Opening::Not(_, fact) => return Ok(Got::Not(unopened(&fact))),
    };
    let end = voice.clock.now().plus(patience);
    // A failed write is told by the read that follows.
    let _ = stream.write_all(&kerberos::framed(message)).await;
    let mut received = Vec::new();
    loop {
        match kerberos::read_framed(&received) {
            Read::Whole { value, .. } => return Ok(Got::Answer(value.to_vec())),
            Read::Not => return Ok(Got::Not(KdcFailure::NotKerberos)),
            Read::Partial => {}
        }
        if let Err(how) = more(&mut stream, &mut received, end, voice).await {
            return Ok(Got::Not(ended(how)));
        }
    }
}

/// Waits for more bytes.
async fn more(
    stream: &mut TcpStream,
    received: &mut Vec<u8>,
    end: Micros,
    voice: &Voice,
) -> Result<(), Ending> {
    let mut buffer = vec![0; 16 * 1024];
    match timeout(voice.clock.until(end), stream.read(&mut buffer)).await {
        Ok(Ok(0)) => Err(Ending::Closed),
        Ok(Ok(length)) => {
            received.extend(buffer.get(..length).unwrap_or_default());
            Ok(())
        }
        Ok(Err(error)) => Err(ending(&error)),
        Err(_) => Err(Ending::Silence),
    }
}

/// Posts a message to a proxy ([MS-KKDCP] 2.1), and reads the message that comes back.
async fn by_proxy(
    visit: &KdcVisit,
    to: SocketAddr,
    message: &[u8],
    voice: &Voice,
) -> Result<Got, Error> {
    let mut stream = match connect(to, visit.patience, None, voice.clock).await? {
        Opening::Open(stream, ..) => stream,
        Opening::Reset(..) => return Ok(Got::Not(KdcFailure::Closed)),
        Opening::Not(_, fact) => return Ok(Got::Not(unopened(&fact))),
    };
    let name = visit.kdc.0.trim_end_matches('.');
    let mut tls = tls::Client::new(&tls::ClientHello {
        server_name: Some(name)
            .filter(|name| name.parse::<IpAddr>().is_err())
            .map(str::to_owned),
        ..tls::ClientHello::default()
    })?;
    let bare = if name.contains(':') {
        format!("[{name}]")
    } else {
        name.to_owned()
    };
    let host = if visit.port == 443 {
        bare
    } else {
        format!("{bare}:{}", visit.port)
    };
    let request = format!(
        "POST {} HTTP/1.1\r\nCache-Control: no-cache\r\nPragma: no-cache\r\nUser-Agent: kerberos/1.0\r\n\
         Content-type: application/kerberos\r\nContent-Length: {}\r\nHost: {host}\r\nConnection: close\r\n\r\n",
        visit.path,
        message.len()
    );
    let end = voice.clock.now().plus(visit.patience.times(2));
    let (mut raw, mut plain) = (Vec::new(), Vec::new());
    let over = loop {
        let progress = tls.step();
        plain.extend(tls.take_plain());
        if let tls::Progress::Up(_) = progress {
            tls.write_plain(&[request.as_bytes(), message].concat());
        }
        let outgoing = tls.take_outgoing();
        if !outgoing.is_empty() {
            // A failed write is told by the read that follows.
            let _ = timeout(voice.clock.until(end), stream.write_all(&outgoing)).await;
        }
        match progress {
            tls::Progress::Failed(_) => return Ok(Got::Not(KdcFailure::Tls)),
            tls::Progress::Closed => break Ending::Closed,
            _ if is_whole(&plain) || plain.len() > LONGEST => break Ending::Closed,
            _ => {}
        }
        raw.clear();
        if let Err(how) = more(&mut stream, &mut raw, end, voice).await {
            break how;
        }
        tls.received(&raw);
    };
    let Read::Whole { value: head, used } = http::read_head(&plain) else {
        return Ok(Got::Not(if plain.is_empty() {
            ended(over)
        } else {
            KdcFailure::NotKerberos
        }));
    };
    if head.status != 200 {
        return Ok(Got::Not(KdcFailure::Proxy {
            status: head.status,
        }));
    }
    let rest = plain.get(used..).unwrap_or_default();
    let body = match http::read_body(&head, rest) {
        Read::Whole { value, .. } => value,
        // It ended with the connection, or before its own end.
        _ => rest.to_vec(),
    };
    Ok(match kerberos::from_proxy(&body) {
        Some(message) => Got::Answer(message.to_vec()),
        None => Got::Not(KdcFailure::NotKerberos),
    })
}

/// The whole answer of a proxy is there, or what came is none.
fn is_whole(plain: &[u8]) -> bool {
    let Read::Whole { value: head, used } = http::read_head(plain) else {
        return false;
    };
    let rest = plain.get(used..).unwrap_or_default();
    !matches!(http::read_body(&head, rest), Read::Partial)
}
