//! Everything that can be known about a connection. Facts do not know their source: a reset seen by a
//! probe, in a capture or in a log is the same fact.
//! It is long because all kinds stand in one list, in the order of the ladder.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::certificate::{Certificate, CertificateChange};
use crate::codes::{
    CipherSuite, DnsCode, EncryptionLevel, EncryptionMethods, IcmpError, KerberosEncryption,
    KerberosError, NegFailure, NegFlags, NtStatus, Protocols, RecordType, Symptom, TlsAlert,
    TlsGroup, TlsSignature, TlsVersion, Topic,
};
use crate::ntlm::NtlmChallenge;
use crate::text::{Bytes, HostName};
use crate::time::{Micros, UnixMicros, UnixSeconds};

macro_rules! facts {
    ($($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $field_doc:literal])+ $field:ident: $type:ty,)* })+) => {
        /// One thing known.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(remote = "Self", tag = "fact", content = "value", rename_all = "kebab-case")]
        pub enum Fact {
            $($(#[doc = $doc])+ $name { $($(#[doc = $field_doc])+ $field: $type,)* },)+
        }

        /// The kind of a fact, without its values.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum FactKind {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Fact {
            /// Its kind.
            pub const fn kind(&self) -> FactKind {
                match self {
                    $(Self::$name { .. } => FactKind::$name,)+
                }
            }
        }

        impl FactKind {
            /// Every kind, in ladder order.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// What is known when a fact of this kind is known.
            pub const fn says(self) -> &'static str {
                match self {
                    $(Self::$name => concat!($($doc),+).trim_ascii(),)+
                }
            }
        }
    };
}

impl Serialize for Fact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

/// A hundred kinds are much code, and it would be there again for each sort of reader: all of them read through what
/// is gathered for a flattened field, of which there is one sort.
impl<'de> Deserialize<'de> for Fact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Gathered {
            #[serde(flatten, with = "Fact")]
            fact: Fact,
        }
        Gathered::deserialize(deserializer).map(|gathered| gathered.fact)
    }
}

facts! {
    /// The host was given as an address: no name had to be resolved.
    AddressGiven {
        /// The address.
        address: IpAddr,
    }
    /// The name has addresses.
    NameResolved {
        /// The name asked for.
        name: HostName,
        /// All addresses, in the order of the answer.
        addresses: Vec<IpAddr>,
        /// Who answered.
        via: Resolver,
        /// Time until the answer.
        took: Micros,
    }
    /// The name has no usable answer.
    NameNotResolved {
        /// The name asked for.
        name: HostName,
        /// Why not.
        why: NameFailure,
        /// Who answered, or was asked in vain.
        via: Resolver,
        /// Time until the answer.
        took: Micros,
    }
    /// A name server was asked directly, and answered.
    NameServerAnswered {
        /// The name server.
        server: SocketAddr,
        /// The name asked for.
        name: HostName,
        /// The kind of record asked for.
        question: RecordType,
        /// The code of the answer (RCODE).
        code: DnsCode,
        /// The server is responsible for the name (AA).
        authoritative: bool,
        /// The server asks others for what it does not know (RA).
        recursive: bool,
        /// What the name stands for, alias by alias.
        aliases: Vec<HostName>,
        /// The addresses in the answer.
        addresses: Vec<IpAddr>,
        /// The names in the answer, when an address was asked for its name.
        names: Vec<HostName>,
        /// How long the answer may be kept, in seconds; `None` for one without records.
        ttl: Option<u32>,
        /// The server knows EDNS.
        edns: bool,
        /// The answer was too large for a datagram and came over TCP.
        over_tcp: bool,
        /// Time until the answer.
        took: Micros,
    }
    /// The hosts file of this machine has lines for the name: no name server is asked.
    HostsFileSaid {
        /// The file.
        file: String,
        /// The name.
        name: HostName,
        /// The addresses in those lines.
        addresses: Vec<IpAddr>,
    }
    /// This machine has no way to send packets to the address.
    NoRoute {
        /// The address.
        to: SocketAddr,
        /// What this machine's network stack said.
        os_error: i32,
    }
    /// This machine itself forbade the connection (a local firewall or permission).
    LocallyForbidden {
        /// The address.
        to: SocketAddr,
        /// What this machine's network stack said.
        os_error: i32,
    }
    /// The TCP connection opened.
    TcpOpened {
        /// The address.
        to: SocketAddr,
        /// Time from SYN to SYN-ACK: one round trip, when no SYN was lost.
        took: Micros,
    }
    /// On this connection both sides were kept to small segments, which fit any path.
    SegmentsLimited {
        /// The most bytes of a segment.
        bytes: u16,
    }
    /// The SYN was answered with a reset: something is there and nothing listens.
    TcpRefused {
        /// The address.
        to: SocketAddr,
        /// Time until the answer.
        took: Micros,
    }
    /// The SYN was answered with an ICMP error, or the last hop could not deliver it.
    TcpUnreachable {
        /// The address.
        to: SocketAddr,
        /// The ICMP error and who sent it, where the system tells.
        icmp: Option<IcmpError>,
        /// What this machine's network stack said.
        os_error: i32,
        /// Time until the answer.
        took: Micros,
    }
    /// No answer to the SYN at all.
    TcpSilent {
        /// The address.
        to: SocketAddr,
        /// How long we waited.
        waited: Micros,
    }
    /// Probes that live for one hop, two hops and so on were sent to the port, and these routers answered.
    PathTraced {
        /// The address.
        to: SocketAddr,
        /// Who answered at each hop, up to the last that did; `None` for one that did not.
        hops: Vec<Option<IpAddr>>,
        /// The hop from which the host, or a filter in its name, answered.
        answered_at: Option<u8>,
    }
    /// Packets of several sizes that may not be cut into pieces were sent to a port nobody listens on.
    PacketSizesTried {
        /// The address.
        to: IpAddr,
        /// The largest that came through, in bytes with all headers.
        passed: Option<u32>,
        /// The smallest that was lost without a word.
        lost: Option<u32>,
        /// The size of packets that a router said it takes (ICMP).
        told: Option<u32>,
    }
    /// Another port of the same host answered (a reset is an answer): the host is up.
    OtherPortAnswered {
        /// The address and the other port.
        to: SocketAddr,
        /// It opened; otherwise it was refused.
        opened: bool,
    }
    /// An X.224 connection request was sent.
    NegotiationOffered {
        /// The security protocols in it; `None` when the request carried no negotiation.
        offered: Option<Protocols>,
    }
    /// An X.224 connection request carried more than security protocols and a cookie.
    RequestExtended {
        /// It carried an `mstshash` cookie too.
        cookie: bool,
        /// It carried a routing token, as a connection broker hands it out.
        routing_token: bool,
        /// It carried a correlation id (RDP_NEG_CORRELATION_INFO).
        correlation: bool,
        /// It asked for Restricted Admin mode.
        restricted_admin: bool,
        /// It asked for Remote Credential Guard.
        redirected_authentication: bool,
    }
    /// The server chose a security protocol (RDP_NEG_RSP).
    NegotiationChosen {
        /// What was offered.
        offered: Option<Protocols>,
        /// What the server chose.
        chosen: Protocols,
        /// The flags of the answer.
        flags: NegFlags,
    }
    /// The server refused the security protocols offered (RDP_NEG_FAILURE).
    NegotiationRefused {
        /// What was offered.
        offered: Option<Protocols>,
        /// The reason given.
        code: NegFailure,
    }
    /// The server confirmed without negotiation data: it knows only Standard RDP Security.
    NegotiationPlain {
        /// What was offered.
        offered: Option<Protocols>,
    }
    /// Something that is no RDP server answered.
    OtherServiceAnswered {
        /// What it looks like.
        service: Service,
        /// Its first bytes.
        first_bytes: Bytes,
    }
    /// An answer of the expected protocol that cannot be read.
    Unreadable {
        /// The message it should have been.
        message: Message,
        /// Its first bytes.
        first_bytes: Bytes,
    }
    /// How long an answer took and in how many pieces it came.
    AnswerTook {
        /// The answer.
        message: Message,
        /// From our message to its first byte.
        first: Micros,
        /// From our message to its last byte.
        whole: Micros,
        /// Reads it took to get it.
        pieces: u32,
    }
    /// A TLS ClientHello was sent.
    TlsOffered {
        /// The lowest version in it.
        lowest: TlsVersion,
        /// The highest version in it.
        highest: TlsVersion,
        /// Its size in bytes, record header included.
        size: u32,
    }
    /// The server chose a TLS version and cipher suite (ServerHello).
    TlsChosen {
        /// The version.
        version: TlsVersion,
        /// The suite.
        suite: CipherSuite,
    }
    /// What a ServerHello agrees to beside version and suite; told when a survey asks for it.
    TlsTerms {
        /// Secure renegotiation (RFC 5746).
        renegotiation: bool,
        /// The extended master secret (RFC 7627).
        extended_master_secret: bool,
        /// Session tickets (RFC 5077).
        tickets: bool,
        /// The session has a number by which it can be resumed.
        session: bool,
        /// Compression, which gives secrets away.
        compression: bool,
        /// The application protocol it chose (RFC 7301).
        application: Option<String>,
    }
    /// With what the server exchanges keys and how it signs that; told when a survey asks for it.
    TlsKeyExchanged {
        /// The group.
        group: Option<TlsGroup>,
        /// The size of a prime of the server's own, in bits.
        prime_bits: Option<u32>,
        /// How the exchange is signed; before TLS 1.2 the version decides that.
        signature: Option<TlsSignature>,
    }
    /// A session of TLS that can be taken up again was given, or somebody tried to take one up; told when a survey asks.
    TlsResumption {
        /// The version of TLS.
        version: TlsVersion,
        /// What became of it.
        what: Resumption,
    }
    /// What a survey found of one version of TLS.
    TlsVersionSurveyed {
        /// The version.
        version: TlsVersion,
        /// The suites the server takes, weak ones last; none when it does not speak the version.
        suites: Vec<CipherSuite>,
        /// Whose order decides which is taken.
        order: SuiteOrder,
        /// Everything was asked: what is not listed is refused.
        complete: bool,
        /// How it turned the version down.
        refusal: Option<TlsRefusal>,
    }
    /// What a survey found of TLS beside versions and suites.
    TlsSurveyed {
        /// Groups the server exchanges keys with, in the order in which it chose them.
        groups: Vec<TlsGroup>,
        /// The usual curves were all asked for.
        groups_complete: bool,
        /// The size of a prime of its own, in bits.
        prime_bits: Option<u32>,
        /// Signatures it was seen to make in TLS 1.2.
        signatures: Vec<TlsSignature>,
        /// It signs with SHA-1 when a client offers nothing else.
        signs_sha1: Option<bool>,
        /// Up to TLS 1.2, secure renegotiation (RFC 5746).
        renegotiation: Option<bool>,
        /// Up to TLS 1.2, the extended master secret (RFC 7627).
        extended_master_secret: Option<bool>,
        /// Up to TLS 1.2, session tickets (RFC 5077).
        tickets: Option<bool>,
        /// Up to TLS 1.2, sessions have numbers to resume them by.
        sessions: Option<bool>,
        /// Up to TLS 1.2, compression, which gives secrets away.
        compression: Option<bool>,
        /// The application protocol it chose of those of the web.
        application: Option<String>,
    }
    /// The server sent a TLS alert in clear.
    TlsAlerted {
        /// The alert.
        alert: TlsAlert,
        /// The last message seen before it.
        after: Message,
    }
    /// Our side of TLS could not accept what the server sent.
    TlsRejected {
        /// The alert we sent, or would have sent.
        alert: TlsAlert,
        /// The words of the TLS library.
        reason: String,
    }
    /// The TLS handshake completed.
    TlsEstablished {
        /// The version.
        version: TlsVersion,
        /// The suite.
        suite: CipherSuite,
        /// From ClientHello to the end of the handshake.
        took: Micros,
    }
    /// The server answered a ClientHello with its whole first flight, and the look asked for no more.
    ServerFlightSeen {
        /// The flight holds a key exchange, which only the holder of the private key can sign.
        signed: bool,
    }
    /// Something that is not TLS came where a ServerHello was due.
    NotTls {
        /// Its first bytes.
        first_bytes: Bytes,
    }
    /// The server showed a certificate.
    CertificateSeen {
        /// What it says.
        certificate: Box<Certificate>,
        /// The clock of this machine when it was seen.
        seen_at: UnixSeconds,
    }
    /// The certificate was held against the trust store of this machine.
    CertificateTrust {
        /// The outcome.
        trust: Trust,
    }
    /// This machine remembers which certificate the host showed before.
    CertificateRecalled {
        /// How the one it shows fits the remembered one.
        change: CertificateChange,
        /// SHA-1 of the remembered one, in hexadecimal digits: the same one, or the one seen last.
        sha1: String,
        /// SHA-256 of the remembered one, in hexadecimal digits.
        sha256: String,
        /// The distinguished name of the issuer of the remembered one.
        issuer: String,
        /// When it was first seen.
        first: UnixSeconds,
        /// When it was last seen.
        last: UnixSeconds,
    }
    /// A certificate could not be read.
    CertificateUnreadable {
        /// Its first bytes.
        first_bytes: Bytes,
    }
    /// The server said how it encrypts without TLS (Standard RDP Security).
    RdpSecuritySeen {
        /// The method it chose among those offered; none when it does not encrypt.
        method: EncryptionMethods,
        /// How much it encrypts.
        level: EncryptionLevel,
        /// Size of its random in bytes, from which keys are made; zero without encryption.
        random: u32,
        /// The kind of its certificate.
        certificate: RdpCertificate,
        /// Size of its public key in bits; zero when it showed none.
        key_bits: u32,
        /// The version of the protocol it speaks, as it numbers it.
        version: u32,
    }
    /// A name server was asked for the Kerberos servers (KDCs) of a realm.
    KdcsNamed {
        /// The realm.
        realm: HostName,
        /// The way to them that was asked about.
        way: KdcWay,
        /// Those that were named, the preferred one first.
        kdcs: Vec<KdcName>,
        /// Why none was named.
        why: Option<NameFailure>,
        /// The name server.
        server: SocketAddr,
        /// Time until all answers.
        took: Micros,
    }
    /// A Kerberos server answered a request for a ticket that proves nothing (AS-REQ without pre-authentication).
    KdcAnswered {
        /// The realm.
        realm: HostName,
        /// The server, or the proxy to the servers.
        kdc: HostName,
        /// Its address.
        to: Option<SocketAddr>,
        /// The way to it.
        way: KdcWay,
        /// What the ticket was asked for.
        asked: KdcQuestion,
        /// It was asked for a user who was named; otherwise for one that hardly exists.
        named: bool,
        /// Why it gave no ticket; `None` when it gave one.
        error: Option<KerberosError>,
        /// The kinds of encryption for which it names keys of the user: all, or the best alone.
        encryption: Vec<KerberosEncryption>,
        /// The user's keys are made with the name that was asked for (the salt is realm and name).
        usual_salt: Option<bool>,
        /// Another realm that it names.
        other_realm: Option<HostName>,
        /// Its clock.
        clock: Option<UnixSeconds>,
        /// The clock of this machine when it was seen.
        seen_at: UnixSeconds,
        /// Time until the answer.
        took: Micros,
    }
    /// A Kerberos server gave no answer of Kerberos.
    KdcUnanswered {
        /// The realm.
        realm: HostName,
        /// The server, or the proxy to the servers.
        kdc: HostName,
        /// Its address, when it has one.
        to: Option<SocketAddr>,
        /// The way to it.
        way: KdcWay,
        /// What came instead.
        why: KdcFailure,
        /// How long it took.
        waited: Micros,
    }
    /// A Kerberos server answered a user's proof, or a request for a ticket to the host that came with one.
    TicketAnswered {
        /// The realm.
        realm: HostName,
        /// The server, or the proxy to the servers.
        kdc: HostName,
        /// The way to it.
        way: KdcWay,
        /// What the ticket was asked for: the realm itself with the user's password, or the host.
        asked: KdcQuestion,
        /// The host, when the ticket was asked for Remote Desktop on it (`TERMSRV/`).
        service: Option<HostName>,
        /// Why it gave no ticket; `None` when it gave one.
        error: Option<KerberosError>,
        /// Another realm that it names, where the host is.
        other_realm: Option<HostName>,
        /// How its ticket is encrypted.
        encryption: Option<KerberosEncryption>,
        /// Time until the answer.
        took: Micros,
    }
    /// CredSSP began: the first token of NTLM or Kerberos was sent in a TSRequest.
    CredSspOffered {
        /// The CredSSP version offered.
        version: u32,
        /// The way to log on that the token begins; `None` when it begins none, or it cannot be told.
        mechanism: Option<LogonMechanism>,
    }
    /// The server answered CredSSP with an NTLM CHALLENGE.
    NtlmChallenged {
        /// The CredSSP version the server answered with.
        version: u32,
        /// What the challenge says.
        challenge: NtlmChallenge,
        /// The clock of this machine when it was seen.
        seen_at: UnixSeconds,
    }
    /// The server answered CredSSP with the way to log on that it takes, which is not NTLM's challenge (SPNEGO).
    LogonNegotiated {
        /// The CredSSP version the server answered with.
        version: u32,
        /// The way it takes; `None` when it names none.
        mechanism: Option<LogonMechanism>,
        /// It takes none of those that were offered.
        rejected: bool,
        /// What Kerberos says where it refuses the ticket.
        error: Option<KerberosError>,
    }
    /// The server answered CredSSP with a token that is not an NTLM CHALLENGE.
    CredSspAnswered {
        /// The CredSSP version the server answered with.
        version: u32,
        /// The first bytes of its token.
        token: Bytes,
    }
    /// The server ended CredSSP with an error code.
    CredSspRefused {
        /// The CredSSP version the server answered with.
        version: u32,
        /// The `errorCode` of the TSRequest.
        error: NtStatus,
        /// The client had said who it is, by the last message of NTLM or by a ticket; not known of every recording.
        named: Option<bool>,
    }
    /// Encrypted, the server's last CredSSP answer was too small to hold more than an error code.
    CredSspAnswerTooSmall {
        /// Its size in bytes, as encrypted.
        size: u32,
    }
    /// The server accepted the logon of NLA: it proved that it knows the session key and the client's password
    /// was right.
    LogonAccepted {
        /// The CredSSP version the server answered with.
        version: u32,
    }
    /// After the logon the server said whether this user may connect (Early User Authorization Result).
    LogonAuthorized {
        /// `authorizationResult`: 0 when the user may.
        result: u32,
    }
    /// The server answered the basic settings (MCS Connect Response).
    SettingsAnswered {
        /// The result of MCS; 0 when the settings were accepted.
        result: u8,
        /// The version of RDP the server tells of.
        version: Option<u32>,
        /// The methods of RDP's own encryption it chose; 0 for none.
        encryption_method: u32,
        /// The level of RDP's own encryption it asks for; 0 for none.
        encryption_level: u32,
        /// How many virtual channels it gives.
        channels: u16,
        /// The side transports it can do; `None` when it tells of none.
        side_transports: Option<u32>,
    }
    /// The server refused the user or a channel when the channels were joined.
    ChannelRefused {
        /// The channel; `None` for the user.
        channel: Option<u16>,
        /// The result of MCS.
        result: u8,
    }
    /// All channels were joined.
    ChannelsJoined {
        /// How many.
        channels: u16,
        /// From the first request to the last answer.
        took: Micros,
    }
    /// The client told about itself and its user (Client Info).
    ClientInformed {
        /// With the user's name and password, to log on with.
        logs_on: bool,
    }
    /// The server said how the licensing exchange ends.
    LicenseAnswered {
        /// The kind of licensing message.
        message: u8,
        /// The code of an error alert; `None` when a licence was given. 7 is a success.
        error: Option<u32>,
    }
    /// The server sent its capabilities: it is about to show a desktop.
    CapabilitiesOffered {
        /// From the client's information until then.
        took: Micros,
    }
    /// The server sent the client on to another host or session.
    ServerRedirected {
        /// The host, when one was told.
        to: Option<HostName>,
        /// The session to ask for there.
        session: u32,
        /// A token for a load balancer came with it.
        token: bool,
    }
    /// The server said why it ends the connection (Set Error Info).
    ErrorInfoSent {
        /// The code.
        code: u32,
    }
    /// Inside the session the server told of a logon.
    LogonNotified {
        /// The kind of notification when the logon did not go through; `None` when somebody is logged on.
        kind: Option<u32>,
        /// What the notification is about.
        about: u32,
    }
    /// The server took the session down without ending the connection.
    SessionDeactivated {
        /// The last message that was sent or received.
        after: Message,
    }
    /// The server took its leave of MCS (Disconnect Provider Ultimatum).
    ServerDisconnected {
        /// The reason of MCS.
        reason: u8,
        /// The last message that was sent or received.
        after: Message,
    }
    /// The connection ended before the look was satisfied.
    Ended {
        /// How it ended.
        how: Ending,
        /// The last message that was sent or received.
        after: Message,
        /// Time from that message to the end; for silence, how long we waited.
        waited: Micros,
        /// Bytes of an unfinished message that had arrived.
        partial: u32,
    }
    /// The client itself ended the connection before the look was satisfied.
    ClientEnded {
        /// How it ended it.
        how: Ending,
        /// The last message that was sent or received.
        after: Message,
        /// Time from that message to the end.
        waited: Micros,
    }
    /// Data went both ways as only a session does: everything up to the desktop was passed.
    SessionRan {
        /// From the opening of the connection until that was certain.
        took: Micros,
    }
    /// Bytes of the server's message kept coming, and it was not whole when the time allowed was over.
    Trickled {
        /// The last whole message before.
        after: Message,
        /// Bytes of the unfinished message.
        bytes: u32,
        /// From the first of these bytes to the last.
        over: Micros,
        /// From the last of these bytes to the end.
        idle: Micros,
    }
    /// Segments were sent again, so packets were lost or late on the way.
    Retransmitted {
        /// Segments the client sent again.
        by_client: u32,
        /// Segments the server sent again; `None` where only the client's end could be seen.
        by_server: Option<u32>,
        /// Segments with data on this connection, those included.
        of: u32,
    }
    /// What was sent on an open connection was sent back by somebody on the way, with an ICMP error.
    SentBack {
        /// The address.
        to: SocketAddr,
        /// What the error says. Who sent it is not told of an open connection.
        why: Unreached,
    }
    /// What this machine's network stack measured on the connection, from its opening to its end.
    PathMeasured {
        /// The address.
        to: SocketAddr,
        /// The usual round trip, smoothed.
        round_trip: Micros,
        /// How far round trips lay from it.
        variation: Micros,
        /// The shortest round trip, where the system tells.
        shortest: Option<Micros>,
        /// The largest packet the path is known to take, in bytes.
        mtu: u32,
        /// The most bytes of data in a packet to the host.
        segment: u32,
        /// Packets of the server that came while an earlier one was missing, where the system tells.
        after_a_gap: Option<u32>,
    }
    /// The reset took another number of hops than the server's other packets: it may not be the server's.
    ResetFromElsewhere {
        /// The time to live of the reset.
        ttl: u8,
        /// The time to live of the server's other packets.
        usual: u8,
    }
    /// Large segments were sent again and again and never confirmed, while smaller ones were.
    LargeSegmentsLost {
        /// The server sent them; otherwise the client did.
        by_server: bool,
        /// Bytes of data in the one that was sent most often.
        lost: u32,
        /// How often it was sent again.
        times: u32,
        /// Bytes of data in the largest one that was confirmed.
        passed: u32,
        /// The size of packets that a router said it takes (ICMP), when one said so.
        told: Option<u32>,
    }
    /// A proxy opened the connection it was asked for.
    ProxyConnected {
        /// The proxy.
        proxy: SocketAddr,
        /// Whom it was asked for.
        asked: HostName,
        /// Time from asking to its answer.
        took: Micros,
    }
    /// A proxy on the way refused to open the connection.
    ProxyRefused {
        /// The proxy.
        proxy: SocketAddr,
        /// Whom it was asked for.
        asked: HostName,
        /// Its answer: the status of HTTP, or the reply of SOCKS 5; 254 when a SOCKS 5 proxy refused user and
        /// password, 255 when it takes none of the ways to log on that it was offered.
        answer: u16,
        /// The ways to log on that it asks for, when it said so.
        wants: Option<Vec<String>>,
        /// The way in which a user logged on to it, when that was tried before.
        logon: Option<String>,
    }
    /// The web server of an RD Gateway answered the request that begins a way into it.
    GatewayAnswered {
        /// The way.
        way: GatewayWay,
        /// The HTTP status.
        status: u16,
        /// The ways to log on that it offers.
        offers: Vec<String>,
        /// What it calls itself (`Server`); empty when it does not.
        server: String,
        /// The way to log on with which the credentials were sent; `None` when none were.
        logon: Option<String>,
        /// The title of the page for people that came with it; `None` when none came.
        page: Option<String>,
        /// Time from the request to its answer.
        took: Micros,
    }
    /// An RD Gateway offers no way to log on that takes the name and password at hand.
    GatewayTakesNoPassword {
        /// The ways to log on that it offers.
        offers: Vec<String>,
    }
    /// An RD Gateway answered a step of the way through it.
    GatewayStepped {
        /// The step.
        step: GatewayStep,
        /// The code of the answer, an HRESULT; 0 when the step was passed.
        code: u32,
        /// Time from asking to its answer.
        took: Micros,
    }
    /// What an RD Gateway asks of those it lets through, and allows them.
    GatewayTerms {
        /// What users have to agree to before they come through.
        consent: Option<String>,
        /// It ends sessions that are idle for so many minutes.
        idle: Option<u32>,
        /// `redirFlags`: which devices it keeps from being redirected.
        redirection: Option<u32>,
        /// The port of its side transport over UDP.
        udp_port: Option<u16>,
    }
    /// The host was tried directly, beside the gateway or proxy that the client goes through.
    DirectWay {
        /// The address.
        to: SocketAddr,
        /// It opened.
        opened: bool,
    }
    /// The first datagram of the side transport over UDP was answered.
    UdpAnswered {
        /// The address.
        to: SocketAddr,
        /// The version of RDP-UDP that was agreed on; `None` for DTLS without it.
        version: Option<u16>,
        /// The largest datagram both sides take, in bytes, when the answer told it.
        mtu: Option<u16>,
        /// Time until the answer.
        took: Micros,
    }
    /// The first datagrams of the side transport over UDP were not answered.
    UdpSilent {
        /// The address.
        to: SocketAddr,
        /// How many were sent.
        sent: u32,
        /// How long an answer was waited for.
        waited: Micros,
    }
    /// The first datagram of the side transport over UDP was answered with an ICMP error.
    UdpUnreachable {
        /// The address.
        to: SocketAddr,
        /// The error, and who sent it.
        icmp: IcmpError,
    }
    /// TLS or DTLS inside the side transport over UDP, as far as it went in clear.
    UdpSecured {
        /// The address.
        to: SocketAddr,
        /// The version the server chose; `None` where it chose none.
        version: Option<TlsVersion>,
        /// The cipher suite the server chose.
        suite: Option<CipherSuite>,
        /// The server asked for a cookie first (HelloVerifyRequest).
        verified: bool,
        /// The name in the server's certificate, where it could be read.
        name: Option<String>,
        /// An alert that went in clear.
        alert: Option<TlsAlert>,
        /// The server sent it, not the client.
        by_server: bool,
        /// Both sides went on encrypted.
        established: bool,
    }
    /// A Windows event log holds this event; equal events are told once, with how often and when.
    EventLogged {
        /// The provider, as it names itself.
        provider: String,
        /// The number of the event; it means something only together with the provider.
        id: u32,
        /// The machine that logged it.
        computer: HostName,
        /// What the event carries that tells it from others of its number, by name.
        fields: BTreeMap<String, String>,
        /// How often it was logged.
        times: u32,
        /// When it was first logged.
        first: Option<UnixMicros>,
        /// When it was last logged.
        last: Option<UnixMicros>,
    }
    /// A log holds a line whose meaning is known; equal lines are told once, with how often and when.
    LogSaid {
        /// The program that wrote it: `xrdp`, `freerdp` …
        program: String,
        /// The name of its meaning in the table of log patterns.
        symbol: String,
        /// The parts of the line that carry a value.
        values: Vec<String>,
        /// The line, or its beginning.
        line: String,
        /// How often it was written.
        times: u32,
        /// When it was first written.
        first: Option<UnixMicros>,
        /// When it was last written.
        last: Option<UnixMicros>,
    }
    /// A setting has this value in a registry, a policy or a configuration file.
    SettingFound {
        /// The registry key with its root, such as `HKLM\SYSTEM\CurrentControlSet`, or the file and section.
        key: String,
        /// The name of the value.
        name: String,
        /// What it is set to.
        value: SettingValue,
        /// A policy sets it: it wins over a local value.
        policy: bool,
    }
    /// A service of the machine, and whether it runs.
    ServiceFound {
        /// Its short name, such as `TermService`.
        name: String,
        /// It runs; `None` when that was not told.
        running: Option<bool>,
        /// How it starts, in the words of the system; empty when that was not told.
        starts: String,
    }
    /// A program of the machine listens on an address.
    ListenerFound {
        /// The address; unspecified for all.
        at: SocketAddr,
        /// The number of the process, when it was told.
        process: Option<u32>,
        /// The name of its program, when it was told.
        program: Option<String>,
    }
    /// The list of listeners of the machine was seen and a port was not in it.
    ListenerMissing {
        /// The TCP port.
        port: u16,
    }
    /// A file that a server of this machine needs, as its service would find it.
    FileFound {
        /// The path, behind links.
        path: String,
        /// What the server needs it for.
        role: FileRole,
        /// It is there.
        exists: bool,
        /// Permission bits; `None` where the system has none or the file is missing.
        mode: Option<u32>,
        /// Numbers of its owner and group.
        owner: Option<(u32, u32)>,
        /// The user the server runs as.
        reader: String,
        /// That user may read it; `None` when that cannot be told.
        readable: Option<bool>,
    }
    /// The private key and the certificate a server of this machine is set up with were compared.
    KeyCompared {
        /// The file of the certificate.
        certificate: String,
        /// The file of the key.
        key: String,
        /// They belong together; `None` when one of them cannot be understood.
        belongs: Option<bool>,
    }
    /// A program that Remote Desktop needs or is used with, and whether it is installed.
    ProgramFound {
        /// Its name: `xrdp`, `Xorg`, `xfreerdp` …
        name: String,
        /// Where it is; `None` when it is not where such a program would be.
        path: Option<String>,
        /// Its version, when it was told.
        version: Option<String>,
    }
    /// What a packet filter of the machine does with new connections from other machines to a TCP port.
    FilterFound {
        /// The filter: `nftables`, `iptables`, `Windows Firewall`.
        filter: String,
        /// The port.
        port: u16,
        /// What it does with them.
        does: Filtering,
        /// The rule or policy that does it, in the filter's own words.
        rule: String,
        /// The rule asks for more than the port, such as where a connection comes from: only some are meant.
        some: bool,
    }
    /// A security policy of the system (AppArmor, SELinux) kept a program from something.
    AccessDenied {
        /// The policy: `AppArmor`, `SELinux`.
        policy: String,
        /// The program that was kept from it.
        program: String,
        /// What it was kept from.
        object: String,
        /// How often.
        times: u32,
        /// When it was last kept from it.
        last: Option<UnixMicros>,
    }
    /// A network interface of the machine.
    InterfaceFound {
        /// Its name.
        name: String,
        /// It is up; `None` when that was not told.
        up: Option<bool>,
        /// The largest packet it carries, in bytes.
        mtu: Option<u32>,
        /// It is the end of a tunnel: a VPN, most often.
        tunnel: bool,
    }
    /// Whether the clock of the machine follows a time server.
    ClockFound {
        /// It does.
        synchronised: bool,
        /// Who says so.
        by: String,
    }
    /// A client of the machine remembers the certificate of a host.
    HostRemembered {
        /// Where it remembers it.
        store: String,
        /// The host.
        host: HostName,
        /// The port.
        port: u16,
        /// The fingerprint, hexadecimal without separators; empty when it keeps the certificate otherwise.
        fingerprint: String,
    }
    /// So many connections were held open at once, in a test that was asked for.
    ConnectionsHeld {
        /// The address.
        to: SocketAddr,
        /// How many were to be held.
        asked: u32,
        /// How many were held.
        held: u32,
        /// They said nothing; otherwise each asked as a client does and got an answer.
        silent: bool,
        /// How the next one fared, when it was not taken. Beside silent ones, the next one asked.
        limit: Option<Limit>,
        /// How many of those held the host had ended by then.
        dropped: u32,
    }
    /// After a test had met a limit and closed its connections, single ones were tried again.
    AnsweredAfterLoad {
        /// The address.
        to: SocketAddr,
        /// One got an answer.
        again: bool,
        /// Time until then.
        waited: Micros,
    }
    /// Somebody else's look at the TCP port, as a command told it.
    PortTested {
        /// The host as it was given to the command.
        host: HostName,
        /// The port.
        port: u16,
        /// It opened.
        opened: bool,
        /// How often this was told.
        times: u32,
    }
    /// What a server's own log tells of the connections it got from one address, as a count of how far they came.
    ConnectionsLogged {
        /// The server.
        computer: HostName,
        /// The address they came from; `None` when it was not logged.
        from: Option<IpAddr>,
        /// Connections.
        seen: u32,
        /// Those that ended in the security layer: TLS or CredSSP.
        ended_at_security: u32,
        /// Those that were refused for a wrong user name or password.
        wrong_credentials: u32,
        /// Those that came to a session.
        reached_session: u32,
        /// When the first began.
        first: Option<UnixMicros>,
        /// When the last began.
        last: Option<UnixMicros>,
    }
    /// The logs of a machine tell the steps of one attempt to connect.
    AttemptLogged {
        /// The machine; where its logs name none, the file.
        computer: HostName,
        /// The address of the client, when it was logged.
        from: Option<IpAddr>,
        /// The steps in order, by the short name of the log and the number or name: `RdpCoreTS 131`.
        steps: Vec<String>,
        /// Something failed on the way.
        failed: bool,
        /// It came to a session.
        session: bool,
    }
    /// A person says that a client or a log showed this code.
    CodeStated {
        /// The code as it was given.
        words: String,
        /// The namespace in which it was read.
        namespace: String,
        /// The number, as the namespace writes it.
        number: String,
        /// The name in the specification; empty when it has none.
        name: String,
        /// What it says.
        says: String,
        /// What it is about.
        topic: Topic,
    }
    /// A person says in words what happened.
    SymptomStated {
        /// The words that tell it.
        words: String,
        /// What they are about.
        topic: Topic,
    }
    /// A person says how the connection behaves: what works beside it, since when, for whom, and what not.
    BehaviourStated {
        /// The words that tell it; the name of the symptom when it was given by name or as an answer.
        words: String,
        /// What is so.
        symptom: Symptom,
        /// It is so; otherwise the person says that it is not.
        holds: bool,
    }
    /// A person says it in these words, among others.
    WordsStated {
        /// Those of the words that reports of failing connections are told in, in lower case and in their order.
        words: Vec<String>,
    }
}

/// Whose order decides which suite is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SuiteOrder {
    /// The server's, which is the order of the list.
    Server,
    /// The server's; some in the list were not held against each other.
    ServerInPart,
    /// The client's.
    Client,
    /// It was not found out, or there is nothing to choose.
    Unknown,
}

/// How a server turns down a version of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TlsRefusal {
    /// With this alert.
    Alert(TlsAlert),
    /// It ended the connection.
    Ended(Ending),
    /// It answered with another version.
    Version(TlsVersion),
}

/// Kinds of certificates of Standard RDP Security.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RdpCertificate {
    /// None.
    None,
    /// A key signed with a key that everybody knows.
    Proprietary,
    /// A chain of X.509 certificates, as a licence server issues them.
    X509,
    /// One that cannot be read.
    Unreadable,
}

/// What a setting is set to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettingValue {
    /// A whole number.
    Number(u64),
    /// A text.
    Text(String),
    /// Several texts.
    Texts(Vec<String>),
    /// Bytes, or their beginning.
    Bytes(Bytes),
    /// It is taken away: `-` in a registry export, or a deletion by policy.
    Removed,
}

/// A way to the Kerberos servers of a realm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KdcWay {
    /// UDP.
    Udp,
    /// TCP.
    Tcp,
    /// A proxy over HTTPS ([MS-KKDCP]).
    Proxy,
}

impl KdcWay {
    /// How a person says it.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Udp => "over UDP",
            Self::Tcp => "over TCP",
            Self::Proxy => "as proxy",
        }
    }
}

/// What becomes of a session that can be taken up again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resumption {
    /// The server gave one.
    Given,
    /// The server took it up again.
    Taken,
    /// The server began a new one instead.
    Refused,
}

/// A way to log on that client and server agree on (SPNEGO).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogonMechanism {
    /// Kerberos.
    Kerberos,
    /// Kerberos between two users.
    UserToUser,
    /// NTLM.
    Ntlm,
    /// The extended agreement of Windows.
    NegoEx,
    /// Another one.
    Other,
}

impl LogonMechanism {
    /// How a person says it.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Kerberos => "Kerberos",
            Self::UserToUser => "Kerberos between users",
            Self::Ntlm => "NTLM",
            Self::NegoEx => "NEGOEX",
            Self::Other => "an unknown way",
        }
    }
}

/// A Kerberos server as a name server names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KdcName {
    /// Its name.
    pub kdc: HostName,
    /// Its port.
    pub port: u16,
    /// Its addresses, as far as they were asked for.
    pub addresses: Vec<IpAddr>,
}

/// What a ticket was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KdcQuestion {
    /// For the realm itself: does it know the user?
    User,
    /// For Remote Desktop on the host: does it know `TERMSRV/` and the host's name?
    Service,
    /// For Remote Desktop on a host that does not exist: would it say so?
    NoSuchService,
}

/// What came instead of an answer of Kerberos.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KdcFailure {
    /// Its name has no address.
    NoAddress,
    /// Nobody listens there.
    Refused,
    /// Packets do not get there.
    Unreachable,
    /// Nothing.
    Silent,
    /// The end of the connection.
    Closed,
    /// Something that is not Kerberos.
    NotKerberos,
    /// TLS with the proxy did not come up.
    Tls,
    /// The proxy answered with another status of HTTP than 200.
    Proxy {
        /// The status.
        status: u16,
    },
}

impl KdcFailure {
    /// What a person says of it.
    pub fn says(self) -> String {
        match self {
            Self::NoAddress => "has no address".to_owned(),
            Self::Refused => "refuses: nothing listens there".to_owned(),
            Self::Unreachable => "cannot be reached".to_owned(),
            Self::Silent => "gives no answer".to_owned(),
            Self::Closed => "closes the connection".to_owned(),
            Self::NotKerberos => "answers with something that is not Kerberos".to_owned(),
            Self::Tls => "cannot agree on TLS".to_owned(),
            Self::Proxy { status } => format!("answers with HTTP {status}"),
        }
    }
}

/// A way into an RD Gateway ([MS-TSGU] 2.1), or what stands beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GatewayWay {
    /// HTTP with an offer to go on as a WebSocket: what current clients begin with.
    WebSocket,
    /// Two HTTP connections; this is the one that answers come on.
    Http,
    /// The second of them, which requests go on.
    HttpIn,
    /// RPC over HTTP, as clients before Windows 8 did; of its two channels, the one that answers come on.
    Rpc,
    /// The second of them, which requests go on.
    RpcIn,
    /// The Kerberos proxy beside the gateway ([MS-KKDCP]).
    KdcProxy,
}

impl GatewayWay {
    /// What a person calls it.
    pub const fn says(self) -> &'static str {
        match self {
            Self::WebSocket => "HTTP with WebSocket",
            Self::Http => "HTTP",
            Self::HttpIn => "HTTP, the second channel",
            Self::Rpc => "RPC over HTTP",
            Self::RpcIn => "RPC over HTTP, the second channel",
            Self::KdcProxy => "the Kerberos proxy",
        }
    }
}

/// Steps of the way through an RD Gateway, in order ([MS-TSGU] 1.3.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GatewayStep {
    /// Client and gateway agree on a version and on further authentication.
    Handshake,
    /// The tunnel is made.
    Tunnel,
    /// The connection policies (CAP) decide about the user.
    Authorization,
    /// The resource policies (RAP) decide about the host, and the gateway connects to it.
    Channel,
    /// The gateway ended the channel.
    Close,
}

impl GatewayStep {
    /// What a person calls it.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Handshake => "the handshake",
            Self::Tunnel => "the tunnel",
            Self::Authorization => "the connection policies",
            Self::Channel => "the channel to the host",
            Self::Close => "the open channel",
        }
    }
}

/// What an ICMP error said that came back for something sent, as far as the system tells it apart (RFC 1812 section
/// 5.2.7.1, RFC 4443 section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unreached {
    /// The network cannot be reached, or may not be.
    Network,
    /// The host cannot be reached, or may not be.
    Host,
    /// The port is closed.
    Port,
    /// It is forbidden.
    Forbidden,
    /// Anything else.
    Other,
}

impl Unreached {
    /// What a person says of it.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Network => "the network cannot be reached or is forbidden",
            Self::Host => "the host cannot be reached or is forbidden",
            Self::Port => "the port is closed",
            Self::Forbidden => "it is forbidden",
            Self::Other => "it cannot be delivered",
        }
    }
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// The peer closed in good order (FIN).
    Closed,
    /// The connection was reset (RST).
    Reset,
    /// Nothing more came within the time allowed.
    Silence,
    /// An ICMP error or a lost route broke it.
    Unreachable,
}

/// How a connection fared that a host did not take beside others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// Its SYN was answered with a reset.
    Refused,
    /// Its SYN was not answered.
    NotOpened,
    /// The network said that the host cannot be reached.
    Unreachable,
    /// It opened and was reset.
    Reset,
    /// It opened and was closed.
    Closed,
    /// It opened and its request was not answered.
    NotAnswered,
}

impl Limit {
    /// What a person says of it, after "the next one".
    pub const fn says(self) -> &'static str {
        match self {
            Self::Refused => "was refused",
            Self::NotOpened => "was not answered at all",
            Self::Unreachable => "could not reach the host",
            Self::Reset => "was taken and reset",
            Self::Closed => "was taken and closed",
            Self::NotAnswered => "was taken and got no answer",
        }
    }
}

/// Messages of the connection sequence, in the order in which they are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Message {
    /// The TCP handshake.
    TcpHandshake,
    /// What a client asks a proxy for: a connection to the host.
    ProxyRequest,
    /// The request that begins a way into an RD Gateway.
    GatewayRequest,
    /// A packet of a step through an RD Gateway.
    GatewayPacket,
    /// X.224 Connection Request, from the client.
    ConnectionRequest,
    /// X.224 Connection Confirm, from the server.
    ConnectionConfirm,
    /// TLS ClientHello, from the client.
    ClientHello,
    /// TLS ServerHello, from the server.
    ServerHello,
    /// TLS Certificate, from the server (in clear up to TLS 1.2).
    Certificate,
    /// TLS ServerHelloDone, or with TLS 1.3 the encrypted rest of the server's flight.
    ServerHelloDone,
    /// The client's last flight of the TLS handshake.
    ClientFinished,
    /// The server's last flight of the TLS handshake.
    ServerFinished,
    /// TSRequest with an NTLM NEGOTIATE, from the client.
    CredSspNegotiate,
    /// TSRequest with an NTLM CHALLENGE, from the server.
    CredSspChallenge,
    /// TSRequest with an NTLM AUTHENTICATE, from the client.
    CredSspAuthenticate,
    /// TSRequest with the proof that the server knows the session key, from the server.
    CredSspAccepted,
    /// TSRequest with the credentials, from the client.
    CredSspCredentials,
    /// Early User Authorization Result, from the server.
    LogonAuthorization,
    /// MCS Connect Initial, from the client.
    McsConnectInitial,
    /// MCS Connect Response, from the server.
    McsConnectResponse,
    /// A request to attach the user or to join a channel, from the client.
    ChannelJoin,
    /// The answer to it, from the server.
    ChannelJoined,
    /// Client information, from the client: name, password or none, and how it is set up.
    ClientInformation,
    /// A licensing message that is not the last, from the server.
    LicenseRequest,
    /// A licensing message, from the client.
    LicenseResponse,
    /// The last licensing message, from the server.
    LicenseDone,
    /// The server's capabilities.
    DemandActive,
    /// The client's capabilities.
    ConfirmActive,
    /// The last message of the set-up, from the server.
    FontMap,
    /// Anything after a session was set up.
    SessionData,
}

/// Who answers questions about names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resolver {
    /// The system's resolver, as a client on this machine would use it.
    System,
    /// A DNS server asked directly.
    Server(SocketAddr),
}

/// What a server needs a file for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileRole {
    /// Its settings.
    Settings,
    /// Its certificate.
    Certificate,
    /// Its private key.
    Key,
    /// What starts a session.
    Session,
}

/// What a packet filter does with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Filtering {
    /// It lets it through.
    Passes,
    /// It throws it away without a word.
    Drops,
    /// It refuses it.
    Rejects,
}

/// Why a name has no usable answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameFailure {
    /// There is no such name.
    NoSuchName,
    /// The name exists and has no address.
    NoAddress,
    /// The resolver could not get an answer (SERVFAIL, or no server reached).
    ServerFailure,
    /// The name server refuses to answer us (REFUSED).
    Refused,
    /// The name server is not responsible for the name and asks nobody else (a lame answer, or a referral).
    Lame,
    /// Nothing answers questions about names at the server's address.
    NoServer,
    /// No answer within the time allowed.
    Timeout,
    /// The text cannot be a name.
    Malformed,
    /// Another failure.
    Other,
}

/// Services that answer where RDP was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// An SSH server.
    Ssh,
    /// A web server.
    Http,
    /// TLS without the X.224 exchange before it: a web server, a gateway, or a Windows listener asked directly.
    Tls,
    /// A VNC server.
    Vnc,
    /// A mail server.
    Smtp,
    /// An FTP server.
    Ftp,
    /// A Telnet server.
    Telnet,
    /// SMB or NetBIOS.
    Smb,
    /// Another protocol over TPKT and X.224, such as S7comm.
    OtherX224,
    /// It sends back what it is sent.
    Echo,
    /// Unknown.
    Unknown,
}

impl Service {
    /// What a person calls it.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Ssh => "an SSH server",
            Self::Http => "a web server",
            Self::Tls => "a TLS service that does not wait for RDP's first message",
            Self::Vnc => "a VNC server",
            Self::Smtp => "a mail server",
            Self::Ftp => "an FTP server",
            Self::Telnet => "a Telnet server",
            Self::Smb => "a file server (SMB)",
            Self::OtherX224 => "another protocol over X.224",
            Self::Echo => "a service that sends back what it is sent",
            Self::Unknown => "an unknown service",
        }
    }
}

/// How a certificate fares against a trust store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trust {
    /// It leads to a trusted authority.
    Trusted,
    /// It is signed by itself: normal for RDP, and every client asks about it once.
    SelfSigned,
    /// Its issuer is unknown here.
    UnknownIssuer,
    /// Another reason, in the words of the library.
    Other(String),
}
