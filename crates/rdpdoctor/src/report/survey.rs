//! What a survey found that a server takes and refuses, as data and as the lines of a short table.

use model::codes::{CipherSuite, NegFlags, Protocols, TlsVersion};
use model::{Ending, Evidence, Fact, RdpCertificate, SuiteOrder, TlsRefusal};
use probe::survey::offers::{Answer, Extra};
use probe::survey::{NegotiationSurvey, RdpSecurity, is_weak};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Line;
use super::handshakes::{self, PostQuantumReport, ResumptionReport};

/// The version of CredSSP that current clients offer.
const NEWEST_CREDSSP: u32 = 6;

/// What a survey found that the server takes and refuses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SurveyReport {
    /// Security protocols that were chosen at least once, in the words people know.
    pub supported: Vec<String>,
    /// The one it insists on; `null` when it leaves the choice to the client, or when that was not found out.
    pub required: Option<String>,
    /// What its answers say it can do beside.
    pub flags: Vec<String>,
    /// Each set of security protocols that was offered, and the answer.
    pub offers: Vec<OfferReport>,
    /// Requests that carried more than usual, and whether that made a difference.
    pub extras: Vec<ExtraReport>,
    /// The version of CredSSP it answers with, for a client that offers 6; `null` when NLA was not answered.
    #[serde(default)]
    pub credssp: Option<u32>,
    /// How it answers clients that offer older versions of CredSSP.
    #[serde(default)]
    pub credssp_versions: Vec<CredSspReport>,
    /// The way to log on that it takes of Kerberos and NTLM; `null` when it was not asked or does not say.
    #[serde(default)]
    pub logon_way: Option<String>,
    /// How it encrypts without TLS, for a client that can do every method.
    pub rdp_security: Option<RdpSecurityReport>,
    /// What it takes of each version of TLS, newest first.
    pub tls: Vec<TlsVersionReport>,
    /// Groups it exchanges keys with, in the order in which it chose them.
    pub groups: Vec<String>,
    /// The size of a prime of its own for key exchange, in bits.
    pub prime_bits: Option<u32>,
    /// Signatures it was seen to make in TLS 1.2.
    pub signatures: Vec<String>,
    /// It signs with SHA-1 when a client offers nothing else.
    pub signs_sha1: Option<bool>,
    /// What it agrees to up to TLS 1.2; `null` when that was not seen.
    pub terms: Option<TermsReport>,
    /// How it answers a hello with a post-quantum key share; `null` when it was not asked.
    #[serde(default)]
    pub post_quantum: Option<PostQuantumReport>,
    /// Whether sessions of TLS are taken up again, newest version first.
    #[serde(default)]
    pub resumption: Vec<ResumptionReport>,
    /// Where it can be found out whether the certificate is revoked: lists, and OCSP. Nobody was asked.
    #[serde(default)]
    pub revocation: Vec<String>,
    /// The table: what each line is about, and what it says.
    pub lines: Vec<Line>,
}

/// An offer of security protocols and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OfferReport {
    /// The protocols in the words people know.
    pub offered: String,
    /// `requestedProtocols`; `null` for a request without negotiation.
    pub requested: Option<u32>,
    /// `selectedProtocol`; zero also when it confirmed without negotiation.
    pub selected: Option<u32>,
    /// The failure code, when it refused.
    pub refused: Option<u32>,
    /// The answer in the words people know.
    pub answer: String,
}

/// A version of CredSSP that was offered, and the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CredSspReport {
    /// The version that was offered.
    pub offered: u32,
    /// The version it answered with; `null` when it did not answer with one.
    pub answered: Option<u32>,
    /// What came instead of a challenge, in words.
    pub instead: Option<String>,
}

/// What a request carried more than usual.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExtraReport {
    /// What it carried.
    pub what: String,
    /// It was answered as without it; `null` when that cannot be said.
    pub alike: Option<bool>,
    /// The answer.
    pub answer: String,
}

/// How Standard RDP Security encrypts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RdpSecurityReport {
    /// `encryptionMethod`.
    pub method: u32,
    /// `encryptionLevel`.
    pub level: u32,
    /// Size of the server's random in bytes.
    pub random_bytes: u32,
    /// The kind of its certificate.
    #[schemars(extend("enum" = ["none", "proprietary", "x509", "unreadable"]))]
    pub certificate: String,
    /// The size of its key in bits; zero when it showed none.
    pub key_bits: u32,
    /// The version of the protocol it speaks, as it numbers it.
    pub version: u32,
}

/// What a server takes of a version of TLS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TlsVersionReport {
    /// The version.
    pub version: String,
    /// It speaks it.
    pub spoken: bool,
    /// The suites it takes, weak ones last.
    pub suites: Vec<SuiteReport>,
    /// Whose order decides: the list is in the server's order unless this is `client`.
    #[schemars(extend("enum" = ["server", "server-in-part", "client", "unknown"]))]
    pub order: String,
    /// Everything was asked: what is not listed is refused.
    pub complete: bool,
    /// How it turned the version down.
    pub refusal: Option<String>,
}

/// A cipher suite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SuiteReport {
    /// Its number in the IANA registry.
    pub number: u16,
    /// Its name there.
    pub name: String,
    /// It encrypts or authenticates nothing, or can be broken.
    pub weak: bool,
}

/// What a server agrees to up to TLS 1.2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TermsReport {
    /// Secure renegotiation (RFC 5746).
    pub renegotiation: bool,
    /// The extended master secret (RFC 7627).
    pub extended_master_secret: bool,
    /// Session tickets (RFC 5077).
    pub tickets: bool,
    /// Sessions have numbers to resume them by.
    pub sessions: bool,
    /// Compression, which gives secrets away.
    pub compression: bool,
    /// The application protocol it chose when those of the web were offered.
    pub application: Option<String>,
}

/// The survey in the evidence; `None` when none was made.
pub fn survey(evidence: &Evidence) -> Option<SurveyReport> {
    let made = ["offers", "suites"];
    evidence
        .tried
        .iter()
        .any(|tried| made.contains(&tried.probe.as_str()) && tried.at.is_some())
        .then_some(())?;
    let mut report = SurveyReport::default();
    report.negotiation(&probe::survey::negotiation(evidence));
    for seen in &evidence.seen {
        report.learn(&seen.fact);
    }
    report.authentication(evidence);
    (report.post_quantum, report.resumption) = handshakes::read(evidence);
    report.lines = report.table();
    Some(report)
}

impl SurveyReport {
    fn negotiation(&mut self, survey: &NegotiationSurvey) {
        for &(protocol, _, word) in Protocols::NAMED {
            if survey.supported.has(protocol) {
                self.supported.push(word.to_owned());
            }
        }
        if survey.standard {
            self.supported.push(Protocols::RDP.to_string());
        }
        self.required = survey.required().map(|required| required.to_string());
        const FLAGS: &[(NegFlags, &str)] = &[
            (NegFlags::EXTENDED_CLIENT_DATA, "extended client data"),
            (NegFlags::GRAPHICS_PIPELINE, "graphics pipeline"),
            (NegFlags::RESTRICTED_ADMIN, "Restricted Admin"),
            (
                NegFlags::REDIRECTED_AUTHENTICATION,
                "Remote Credential Guard",
            ),
        ];
        if let Some(flags) = survey.flags {
            let set = FLAGS.iter().filter(|(flag, _)| flags.has(*flag));
            self.flags = set.map(|(_, word)| (*word).to_owned()).collect();
        }
        self.offers = survey
            .answers
            .iter()
            .map(|(offered, answer)| OfferReport {
                offered: offered.map_or_else(|| "no negotiation".to_owned(), set_words),
                requested: offered.map(|offered| offered.0),
                selected: match answer {
                    Answer::Chosen(chosen) => Some(chosen.0),
                    Answer::Plain => Some(0),
                    _ => None,
                },
                refused: match answer {
                    Answer::Refused(code) => Some(code.0),
                    _ => None,
                },
                answer: answer_words(*answer),
            })
            .collect();
        self.extras = survey
            .extended
            .iter()
            .map(|(extra, _, answer)| ExtraReport {
                what: match extra {
                    Extra::RoutingToken => "a routing token",
                    Extra::Correlation => "a correlation id",
                }
                .to_owned(),
                alike: survey.alike(*extra),
                answer: answer_words(*answer),
            })
            .collect();
        self.rdp_security = survey.rdp_security.map(rdp_security);
    }

    fn learn(&mut self, fact: &Fact) {
        match fact {
            Fact::TlsVersionSurveyed {
                version,
                suites,
                order,
                complete,
                refusal,
            } => self.tls.push(TlsVersionReport {
                version: version.to_string(),
                spoken: !suites.is_empty(),
                suites: suites.iter().copied().map(suite).collect(),
                order: match order {
                    SuiteOrder::Server => "server",
                    SuiteOrder::ServerInPart => "server-in-part",
                    SuiteOrder::Client => "client",
                    SuiteOrder::Unknown => "unknown",
                }
                .to_owned(),
                complete: *complete,
                refusal: refusal.map(refusal_words),
            }),
            Fact::TlsSurveyed {
                groups,
                groups_complete: _,
                prime_bits,
                signatures,
                signs_sha1,
                renegotiation: Some(renegotiation),
                extended_master_secret: Some(extended_master_secret),
                tickets: Some(tickets),
                sessions: Some(sessions),
                compression: Some(compression),
                application,
            } => {
                self.groups = groups.iter().map(ToString::to_string).collect();
                self.prime_bits = *prime_bits;
                self.signatures = signatures.iter().map(ToString::to_string).collect();
                self.signs_sha1 = *signs_sha1;
                self.terms = Some(TermsReport {
                    renegotiation: *renegotiation,
                    extended_master_secret: *extended_master_secret,
                    tickets: *tickets,
                    sessions: *sessions,
                    compression: *compression,
                    application: application.clone(),
                });
            }
            Fact::CertificateSeen { certificate, .. } if self.revocation.is_empty() => {
                let lists = certificate.revocation_lists.iter().cloned();
                let answers = certificate.revocation_answers.iter();
                let answers = answers.map(|address| format!("{address} (OCSP)"));
                self.revocation = lists.chain(answers).collect();
            }
            Fact::NtlmChallenged { version, .. } if self.credssp.is_none() => {
                self.credssp = Some(*version);
            }
            Fact::TlsSurveyed { groups, .. } => {
                self.groups = groups.iter().map(ToString::to_string).collect();
            }
            _ => {}
        }
    }

    /// What each version of CredSSP, and the question for a way to log on, was answered with.
    fn authentication(&mut self, evidence: &Evidence) {
        for look in evidence
            .tried
            .iter()
            .filter(|tried| tried.probe == "credssp")
        {
            let facts = || {
                let own = evidence
                    .seen
                    .iter()
                    .filter(|seen| seen.look == Some(look.look));
                own.map(|seen| &seen.fact)
            };
            let offered = facts().find_map(|fact| match fact {
                Fact::CredSspOffered { version, .. } => Some(*version),
                _ => None,
            });
            let Some(offered) = offered else {
                continue;
            };
            let way = facts().find_map(|fact| match fact {
                Fact::LogonNegotiated {
                    mechanism: Some(mechanism),
                    rejected: false,
                    ..
                } => Some(mechanism.says().to_owned()),
                _ => None,
            });
            self.logon_way = self.logon_way.take().or(way);
            if offered == NEWEST_CREDSSP {
                continue;
            }
            let answered = facts().find_map(|fact| match fact {
                Fact::NtlmChallenged { version, .. } => Some(*version),
                _ => None,
            });
            let instead = facts().find_map(|fact| match fact {
                Fact::CredSspRefused { error, .. } => {
                    Some(format!("refuses with {}", error.told()))
                }
                Fact::CredSspAnswered { .. } | Fact::LogonNegotiated { .. } => {
                    Some("answers with something else".to_owned())
                }
                Fact::Ended { how, .. } => Some(match how {
                    Ending::Silence => "stays silent".to_owned(),
                    _ => "ends the connection".to_owned(),
                }),
                _ => None,
            });
            if answered.is_some() || instead.is_some() {
                self.credssp_versions.push(CredSspReport {
                    offered,
                    answered,
                    instead: instead.filter(|_| answered.is_none()),
                });
            }
        }
        self.credssp_versions
            .sort_by_key(|version| std::cmp::Reverse(version.offered));
    }

    /// What older clients meet, in the fewest words.
    fn older_clients(&self) -> Vec<String> {
        let mut said: Vec<(String, Vec<String>)> = Vec::new();
        for version in &self.credssp_versions {
            let (says, about) = match (version.answered, &version.instead) {
                (Some(answered), _) if answered == version.offered => {
                    ("it answers with the same".to_owned(), version.offered)
                }
                (Some(answered), _) => (
                    format!("it answers with version {answered}"),
                    version.offered,
                ),
                (None, instead) => (
                    format!("it {}", instead.as_deref().unwrap_or("says nothing")),
                    version.offered,
                ),
            };
            match said.iter_mut().find(|(own, _)| *own == says) {
                Some((_, offered)) => offered.push(about.to_string()),
                None => said.push((says, vec![about.to_string()])),
            }
        }
        said.into_iter()
            .map(|(says, offered)| format!("offered {}: {says}", offered.join(", ")))
            .collect()
    }

    /// The table.
    fn table(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut line = |about: &str, says: String| {
            lines.push(Line {
                about: about.to_owned(),
                says,
            });
        };
        if !self.offers.is_empty() {
            let supported = match self.supported.as_slice() {
                [] => "nothing that was offered".to_owned(),
                supported => supported.join(", "),
            };
            line("supported", supported);
            line(
                "required",
                match &self.required {
                    Some(required) => required.clone(),
                    None if self.supported.is_empty() => "not found out".to_owned(),
                    None => "none in particular: the client\u{2019}s offer decides".to_owned(),
                },
            );
            // Offers with the same answer share a line.
            let mut answers: Vec<(&str, Vec<&str>)> = Vec::new();
            for offer in &self.offers {
                match answers
                    .iter_mut()
                    .find(|(answer, _)| *answer == offer.answer)
                {
                    Some((_, offers)) => offers.push(&offer.offered),
                    None => answers.push((&offer.answer, vec![&offer.offered])),
                }
            }
            for (index, (answer, offers)) in answers.iter().enumerate() {
                let about = if index == 0 { "when offered" } else { "" };
                line(about, format!("{}: it {answer}", offers.join(", ")));
            }
            if !self.flags.is_empty() {
                line("also can", self.flags.join(", "));
            }
            for (word, says) in MODES {
                let has = |list: &[String]| list.iter().any(|held| held == word);
                if has(&self.flags) || has(&self.supported) {
                    line(word, (*says).to_owned());
                }
            }
            for extra in &self.extras {
                if extra.alike == Some(false) {
                    line("differs", format!("with {}: {}", extra.what, extra.answer));
                }
            }
        }
        if let Some(version) = self.credssp {
            let age = match version {
                ..5 => {
                    ", from before the update of 2018: a client that insists on the update goes no further"
                }
                _ => "",
            };
            line("CredSSP", format!("version {version}, with NTLM{age}"));
        }
        for says in self.older_clients() {
            line("", says);
        }
        if let Some(way) = &self.logon_way {
            line("logon", format!("of Kerberos and NTLM it takes {way}"));
        }
        if let Some(security) = &self.rdp_security {
            line("RDP security", rdp_security_words(security));
        }
        self.tls_table(&mut line);
        lines
    }

    fn tls_table(&self, line: &mut impl FnMut(&str, String)) {
        let mut refused: Vec<(String, Vec<&str>)> = Vec::new();
        for version in &self.tls {
            if !version.spoken {
                let how = match (&version.refusal, version.complete) {
                    (Some(refusal), _) => format!("refused ({refusal})"),
                    (None, true) => "refused".to_owned(),
                    (None, false) => "not found out".to_owned(),
                };
                match refused.iter_mut().find(|(known, _)| *known == how) {
                    Some((_, versions)) => versions.push(&version.version),
                    None => refused.push((how, vec![&version.version])),
                }
                continue;
            }
            let count = super::words::count(version.suites.len(), "suite");
            let order = match version.order.as_str() {
                "server" => ", in the server\u{2019}s order",
                "server-in-part" => ", in the server\u{2019}s order as far as it is known",
                "client" => "; the client\u{2019}s order decides",
                _ => "",
            };
            let rest = if version.complete {
                ""
            } else {
                "; not everything was asked, a larger --budget goes on"
            };
            line(&version.version, format!("{count}{order}{rest}"));
            let (weak, usual): (Vec<_>, Vec<_>) =
                version.suites.iter().partition(|suite| suite.weak);
            for suite in usual.iter().take(SHOWN) {
                line("", suite.name.clone());
            }
            if let Some(more @ 1..) = usual.len().checked_sub(SHOWN) {
                line(
                    "",
                    format!("and {more} more (-v or --format json lists all)"),
                );
            }
            for suite in weak {
                line("", format!("{} (weak)", suite.name));
            }
        }
        for (how, versions) in refused {
            line(&versions.join(", "), how);
        }
        if !self.groups.is_empty() || self.prime_bits.is_some() {
            let mut groups = self.groups.clone();
            if let Some(bits) = self.prime_bits {
                groups.push(format!("a prime of its own with {bits} bits"));
            }
            line("groups", groups.join(", "));
        }
        if let Some(large) = &self.post_quantum {
            line(
                "post-quantum",
                format!("a hello of {} bytes: {}", large.hello_bytes, large.answer),
            );
        }
        if !self.signatures.is_empty() {
            let sha1 = match self.signs_sha1 {
                Some(true) => "; also with SHA-1, for a client that offers nothing else",
                Some(false) => "; not with SHA-1",
                None => "",
            };
            line("signs", format!("{}{sha1}", self.signatures.join(", ")));
        }
        if !self.revocation.is_empty() {
            line(
                "revocation",
                format!("{}; not asked", self.revocation.join(", ")),
            );
        }
        handshakes::resumption_table(&self.resumption, line);
        if let Some(terms) = &self.terms {
            let told = [
                (terms.renegotiation, "secure renegotiation"),
                (terms.extended_master_secret, "extended master secret"),
                (terms.tickets, "session tickets"),
                (terms.sessions, "session numbers"),
                (terms.compression, "compression (gives secrets away)"),
            ];
            let with = |wanted: bool| {
                let own = told.iter().filter(move |(has, _)| *has == wanted);
                own.map(|(_, word)| word.trim_end_matches(" (gives secrets away)"))
                    .collect::<Vec<&str>>()
            };
            let mut says = match with(true).as_slice() {
                [] => "nothing of what was offered".to_owned(),
                has => has.join(", "),
            };
            if !with(false).is_empty() {
                says = format!("{says}; not {}", list(&with(false)));
            }
            line("agrees to", says);
            if let Some(application) = &terms.application {
                line(
                    "ALPN",
                    format!(
                        "{application}, which no Remote Desktop server speaks: something else ends TLS here"
                    ),
                );
            }
        }
    }
}

/// Ways to log on that a reader may not know, by the words of [`SurveyReport::flags`] and
/// [`SurveyReport::supported`].
const MODES: &[(&str, &str)] = &[
    (
        "Restricted Admin",
        "a client may log on without sending its password (mstsc /restrictedAdmin)",
    ),
    (
        "Remote Credential Guard",
        "a client may keep its Kerberos tickets to itself (mstsc /remoteGuard)",
    ),
    (
        "RDSTLS",
        "takes what a connection broker gives a client that it sends on; nobody begins with it",
    ),
    (
        "Entra",
        "takes a token of Microsoft Entra ID in place of a password; that logon is not tried",
    ),
];

/// The most suites of a version in the table.
const SHOWN: usize = 4;

/// A set of protocols, in the words of `--offer`.
fn set_words(offered: Protocols) -> String {
    const WORDS: &[(Protocols, &str)] = &[
        (Protocols::TLS, "TLS"),
        (Protocols::HYBRID, "NLA"),
        (Protocols::HYBRID_EX, "NLA-EX"),
        (Protocols::RDSTLS, "RDSTLS"),
        (Protocols::RDSAAD, "Entra"),
    ];
    let words: Vec<&str> = WORDS
        .iter()
        .filter(|(protocol, _)| offered.has(*protocol))
        .map(|(_, word)| *word)
        .collect();
    match words.as_slice() {
        [] => offered.to_string(),
        words => words.join(" + "),
    }
}

fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

fn answer_words(answer: Answer) -> String {
    match answer {
        Answer::Chosen(chosen) => format!("takes {chosen}"),
        Answer::Plain => "takes RDP security, confirmed without negotiation".to_owned(),
        Answer::Refused(code) => format!("refuses ({code})"),
        Answer::Ended(Ending::Closed) => "closes the connection".to_owned(),
        Answer::Ended(Ending::Reset) => "resets the connection".to_owned(),
        Answer::Ended(Ending::Silence) => "gives no answer".to_owned(),
        Answer::Ended(Ending::Unreachable) => "cannot be reached".to_owned(),
        Answer::Strange => "answers with what is no answer to that".to_owned(),
    }
}

fn refusal_words(refusal: TlsRefusal) -> String {
    match refusal {
        TlsRefusal::Alert(alert) => format!("alert {alert}"),
        TlsRefusal::Ended(Ending::Closed) => "closes the connection".to_owned(),
        TlsRefusal::Ended(Ending::Reset) => "resets the connection".to_owned(),
        TlsRefusal::Ended(Ending::Silence | Ending::Unreachable) => "gives no answer".to_owned(),
        TlsRefusal::Version(TlsVersion::SSL3) => "answers with SSL 3.0".to_owned(),
        TlsRefusal::Version(version) => format!("answers with {version}"),
    }
}

fn suite(suite: CipherSuite) -> SuiteReport {
    SuiteReport {
        number: suite.0,
        name: suite.to_string(),
        weak: is_weak(suite),
    }
}

fn rdp_security(security: RdpSecurity) -> RdpSecurityReport {
    RdpSecurityReport {
        method: security.method.0,
        level: security.level.0,
        random_bytes: security.random,
        certificate: match security.certificate {
            RdpCertificate::None => "none",
            RdpCertificate::Proprietary => "proprietary",
            RdpCertificate::X509 => "x509",
            RdpCertificate::Unreadable => "unreadable",
        }
        .to_owned(),
        key_bits: security.key_bits,
        version: security.version,
    }
}

fn rdp_security_words(security: &RdpSecurityReport) -> String {
    use model::codes::{EncryptionLevel, EncryptionMethods};
    let method = EncryptionMethods(security.method);
    let level = EncryptionLevel(security.level);
    if method == EncryptionMethods::default() {
        return format!("{method} (level {level}): everything goes in clear, passwords too");
    }
    let key = match (security.certificate.as_str(), security.key_bits) {
        ("none", _) => "no certificate".to_owned(),
        ("proprietary", bits) => {
            format!("a key of {bits} bits that proves nobody\u{2019}s identity")
        }
        ("x509", 0) => "an X.509 certificate".to_owned(),
        ("x509", bits) => format!("an X.509 certificate with a key of {bits} bits"),
        _ => "a certificate that cannot be read".to_owned(),
    };
    format!("{method}, level {level}, {key}")
}
