//! Evidence made by hand.

use std::net::{IpAddr, SocketAddr};

use model::codes::{CipherSuite, NegFailure, NegFlags, Protocols, TlsVersion};
use model::{
    Attempt, AttemptOutcome, Certificate, ClientProfile, Ending, Evidence, Fact, HostName, Intent,
    KeyKind, LogonMechanism, LookId, Message, Micros, NtlmChallenge, Observation, Phase, Place,
    Resolver, Source, Target, Trace, UnixSeconds,
};

pub const NOW: UnixSeconds = UnixSeconds(1_795_000_000);
pub const DAY: i64 = 86_400;

/// A case about this host.
pub fn case(host: &str) -> Evidence {
    let address: Option<IpAddr> = host.parse().ok();
    Evidence::of(
        Target {
            input: host.to_owned(),
            host: HostName(host.to_owned()),
            port: 3389,
            address,
            zone: None,
            gateway: None,
            proxy: None,
            client: ClientProfile::default(),
        },
        NOW,
    )
}

/// Adds to a case.
pub trait Tell: Sized {
    fn tell(self, look: u32, phase: Phase, fact: Fact) -> Self;
    fn look(self, look: u32, intent: Intent) -> Self;

    fn resolved(self, addresses: &[&str]) -> Self;
    fn opened(self, look: u32, to: &str) -> Self;
    fn chosen(self, look: u32, offered: Protocols, chosen: Protocols) -> Self;
    fn refused(self, look: u32, offered: Protocols, code: NegFailure) -> Self;
    fn tls(self, look: u32, version: TlsVersion, certificate: Certificate) -> Self;
    fn hello(self, look: u32) -> Self;
    fn challenged(self, look: u32, computer: &str) -> Self;
    fn ended(self, look: u32, phase: Phase, how: Ending, after: Message, millis: u64) -> Self;
}

impl Tell for Evidence {
    fn tell(mut self, look: u32, phase: Phase, fact: Fact) -> Self {
        let at = Micros::from_millis(u64::try_from(self.seen.len()).unwrap() * 5 + 1);
        self.seen.push(Observation {
            at: Some(at),
            place: Some(Place::host(phase)),
            source: Source::Probe,
            vantage: String::new(),
            look: Some(LookId(look)),
            fact,
        });
        self
    }

    fn look(mut self, look: u32, intent: Intent) -> Self {
        self.tried.push(Attempt {
            look: LookId(look),
            probe: "climb".to_owned(),
            intent,
            says: String::new(),
            outcome: AttemptOutcome::Ran,
            at: None,
            took: None,
            trace: Trace::LogLine,
        });
        self
    }

    fn resolved(self, addresses: &[&str]) -> Self {
        let name = self.target.host.clone();
        self.tell(
            0,
            Phase::Resolve,
            Fact::NameResolved {
                name,
                addresses: addresses.iter().map(|a| a.parse().unwrap()).collect(),
                via: Resolver::System,
                took: Micros::from_millis(4),
            },
        )
    }

    fn opened(self, look: u32, to: &str) -> Self {
        self.tell(
            look,
            Phase::Tcp,
            Fact::TcpOpened {
                to: at(to),
                took: Micros::from_millis(12),
            },
        )
    }

    fn chosen(self, look: u32, offered: Protocols, chosen: Protocols) -> Self {
        self.tell(
            look,
            Phase::Negotiate,
            Fact::NegotiationOffered {
                offered: Some(offered),
            },
        )
        .tell(
            look,
            Phase::Negotiate,
            Fact::NegotiationChosen {
                offered: Some(offered),
                chosen,
                flags: NegFlags(1),
            },
        )
    }

    fn refused(self, look: u32, offered: Protocols, code: NegFailure) -> Self {
        self.tell(
            look,
            Phase::Negotiate,
            Fact::NegotiationRefused {
                offered: Some(offered),
                code,
            },
        )
    }

    fn hello(self, look: u32) -> Self {
        self.tell(
            look,
            Phase::Secure,
            Fact::TlsOffered {
                lowest: TlsVersion::TLS1_0,
                highest: TlsVersion::TLS1_3,
                size: 300,
            },
        )
    }

    fn tls(self, look: u32, version: TlsVersion, certificate: Certificate) -> Self {
        self.hello(look)
            .tell(
                look,
                Phase::Secure,
                Fact::CertificateSeen {
                    certificate: Box::new(certificate),
                    seen_at: NOW,
                },
            )
            .tell(
                look,
                Phase::Secure,
                Fact::TlsEstablished {
                    version,
                    suite: CipherSuite(0xC02F),
                    took: Micros::from_millis(30),
                },
            )
    }

    fn challenged(self, look: u32, computer: &str) -> Self {
        self.tell(
            look,
            Phase::Authenticate,
            Fact::CredSspOffered {
                version: 6,
                mechanism: Some(LogonMechanism::Ntlm),
            },
        )
        .tell(
            look,
            Phase::Authenticate,
            Fact::NtlmChallenged {
                version: 6,
                challenge: NtlmChallenge {
                    netbios_domain: Some("CORP".into()),
                    netbios_computer: Some(
                        computer
                            .split('.')
                            .next()
                            .unwrap()
                            .to_uppercase()
                            .as_str()
                            .into(),
                    ),
                    dns_computer: Some(computer.into()),
                    version: Some((10, 0, 20348)),
                    clock: Some(NOW),
                    ..NtlmChallenge::default()
                },
                seen_at: NOW,
            },
        )
    }

    fn ended(self, look: u32, phase: Phase, how: Ending, after: Message, millis: u64) -> Self {
        self.tell(
            look,
            phase,
            Fact::Ended {
                how,
                after,
                waited: Micros::from_millis(millis),
                partial: 0,
            },
        )
    }
}

pub fn at(to: &str) -> SocketAddr {
    SocketAddr::new(to.parse().unwrap(), 3389)
}

pub const OFFER: Protocols = Protocols(0x0B);

/// A good certificate as a Windows host makes it for itself.
pub fn certificate(name: &str) -> Certificate {
    Certificate {
        subject: format!("CN={name}"),
        common_name: Some(name.to_owned()),
        issuer: format!("CN={name}"),
        serial: "01".to_owned(),
        dns_names: Vec::new(),
        addresses: Vec::new(),
        not_before: UnixSeconds(NOW.0 - 30 * DAY),
        not_after: UnixSeconds(NOW.0 + 150 * DAY),
        key: KeyKind::Rsa,
        key_bits: 2048,
        signature: "sha256WithRSAEncryption".to_owned(),
        weak_signature: false,
        extended_key_usage: vec!["serverAuth".to_owned()],
        signs: None,
        enciphers: None,
        is_authority: false,
        self_signed: true,
        sha1: "00".to_owned(),
        sha256: "00".to_owned(),
        chain: 0,
        revocation_lists: Vec::new(),
        revocation_answers: Vec::new(),
        issuer_certificates: Vec::new(),
    }
}
