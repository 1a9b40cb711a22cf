//! Proves a password to a Kerberos server, and asks it for a ticket for the host, as a client does before it logs on.
//! The password itself is sent nowhere; a wrong one counts towards a lock-out, so it is proved once.

use std::time::{SystemTime, UNIX_EPOCH};

use model::codes::{KerberosEncryption, KerberosError};
use model::fact::{KdcFailure, KdcQuestion, KdcWay};
use model::{Fact, HostName, Micros, UnixSeconds};
use session::Ticket;
use session::kerberos::{Key, chance};
use wire::kerberos::ticket::{self, Authenticator, Reply, Sealed, usage};
use wire::kerberos::{self, AsRequest};

use crate::Error;
use crate::drive::Voice;
use crate::kdc::{self, Got, PLACE};
use crate::look::TicketVisit;

/// The moment by the clock of this machine, moved by so many seconds; microseconds beside it.
pub(crate) fn moment(ahead: i64) -> (UnixSeconds, u32) {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let seconds = i64::try_from(now.as_secs()).unwrap_or_default();
    (
        UnixSeconds(seconds.saturating_add(ahead)),
        now.subsec_micros(),
    )
}

/// One server, spoken to several times.
struct Server<'a> {
    visit: &'a TicketVisit,
    realm: String,
    way: KdcWay,
    voice: &'a Voice,
}

/// An answer, and when it was asked for.
struct Answered {
    bytes: Vec<u8>,
    began: Micros,
}

/// Gets the ticket, and keeps it with the credentials.
pub(crate) async fn get(visit: &TicketVisit, voice: &Voice) -> Result<(), Error> {
    let at = &visit.at;
    let mut server = Server {
        visit,
        realm: at.realm.0.trim_end_matches('.').to_uppercase(),
        // Tickets outgrow datagrams.
        way: match at.way {
            KdcWay::Udp => KdcWay::Tcp,
            way => way,
        },
        voice,
    };
    let krbtgt = ["krbtgt", server.realm.as_str()].map(str::to_owned);
    let request = AsRequest {
        realm: &server.realm.clone(),
        user: &at.user,
        service: &krbtgt.each_ref().map(String::as_str),
        nonce: number()?,
    };
    // What the key is made with, and the server's clock.
    let Some(answered) = server.ask(&request.encode()).await? else {
        return Ok(());
    };
    let Some(told) = kerberos::read_answer(&answered.bytes) else {
        server.not_kerberos(&answered);
        return Ok(());
    };
    let here = moment(0).0;
    let ahead = told.clock.map_or(0, |clock| clock.0.saturating_sub(here.0));
    let kind = match told.error {
        None | Some(KerberosError::PREAUTH_REQUIRED) if told.kinds.is_empty() => {
            KerberosEncryption::AES256
        }
        // A key that is made otherwise than the server's would count as a wrong password.
        None | Some(KerberosError::PREAUTH_REQUIRED) => told
            .kinds
            .iter()
            .find(|kind| Key::fits(kind.0) && !told.unusual.contains(kind))
            .copied()
            .ok_or(Error::NoKerberosKey)?,
        Some(error) => {
            server.refused(&answered, KdcQuestion::User, error, None);
            return Ok(());
        }
    };
    let salt = told
        .salt
        .unwrap_or_else(|| format!("{}{}", server.realm, at.user));
    let secret = Key::of_password(kind.0, &visit.credentials, &salt)?;

    let answered = if told.error.is_none() {
        answered
    } else {
        let (now, micros) = moment(ahead);
        let proof = Sealed {
            kind,
            bytes: secret.seal(usage::TIMESTAMP, &ticket::timestamp(now, micros))?,
        };
        match server.ask(&ticket::proven(&request, &proof)).await? {
            Some(answered) => answered,
            None => return Ok(()),
        }
    };
    let Some(first) = server.reply(&answered, KdcQuestion::User, &secret, usage::AS_REPLY)? else {
        return Ok(());
    };
    server.granted(&answered, KdcQuestion::User, &first);

    let host = at.host.0.trim_end_matches('.').to_lowercase();
    let wanted = ticket::wanted(&server.realm, &["TERMSRV", &host], number()?);
    let (sum_kind, sum) = first.key.checksum(usage::TGS_CHECKSUM, &wanted)?;
    let (now, micros) = moment(ahead);
    let authenticator = Authenticator {
        user: &first.reply.user,
        at: now,
        micros,
        checksum: (sum_kind, &sum),
        key: None,
        sequence: None,
    };
    let proof = Sealed {
        kind: KerberosEncryption(first.key.kind()),
        bytes: first
            .key
            .seal(usage::TGS_AUTHENTICATOR, &authenticator.encode())?,
    };
    let proof = ticket::presented(&first.reply.ticket, &proof, false);
    let Some(answered) = server.ask(&ticket::for_service(&wanted, &proof)).await? else {
        return Ok(());
    };
    let asked = KdcQuestion::Service;
    let Some(second) = server.reply(&answered, asked, &first.key, usage::TGS_REPLY)? else {
        return Ok(());
    };
    // A ticket for another realm's server: the host is said to be there.
    if let [service, realm, ..] = second.service.as_slice()
        && service.eq_ignore_ascii_case("krbtgt")
    {
        let elsewhere = Some(HostName(realm.clone()));
        server.refused(&answered, asked, KerberosError::WRONG_REALM, elsewhere);
        return Ok(());
    }
    server.granted(&answered, asked, &second);
    visit.credentials.keep(Ticket {
        user: [
            second.reply.user.realm().to_vec(),
            second.reply.user.name().to_vec(),
        ],
        ticket: second.reply.ticket,
        key: second.key,
        ahead,
    });
    Ok(())
}

fn number() -> Result<u32, Error> {
    Ok(u32::from_be_bytes(chance()?) & 0x7FFF_FFFF)
}

/// A ticket with its key.
struct Given {
    reply: Reply,
    key: Key,
    service: Vec<String>,
}

impl Server<'_> {
    /// Asks; what came instead of an answer is told.
    async fn ask(&mut self, message: &[u8]) -> Result<Option<Answered>, Error> {
        let at = &self.visit.at;
        let began = self.voice.clock.now();
        let to = kdc::address(at, self.voice).await?;
        let mut got = match to {
            None => Got::Not(KdcFailure::NoAddress),
            Some(to) => kdc::exchange(at, to, self.way, &self.realm, message, self.voice).await?,
        };
        // Where the one way is closed, the other is what answered before.
        if let (Got::Not(_), Some(to), KdcWay::Udp) = (&got, to, at.way)
            && self.way == KdcWay::Tcp
        {
            self.way = KdcWay::Udp;
            got = kdc::exchange(at, to, self.way, &self.realm, message, self.voice).await?;
        }
        match got {
            Got::Answer(bytes) => Ok(Some(Answered { bytes, began })),
            Got::Not(why) => {
                self.unanswered(began, why);
                Ok(None)
            }
        }
    }

    /// Reads a ticket and its key; a refusal is told.
    fn reply(
        &self,
        answered: &Answered,
        asked: KdcQuestion,
        secret: &Key,
        purpose: i32,
    ) -> Result<Option<Given>, Error> {
        let Some(reply) = ticket::read_reply(&answered.bytes) else {
            match kerberos::read_answer(&answered.bytes) {
                Some(kerberos::Answer {
                    error: Some(error),
                    realm,
                    ..
                }) => {
                    let other = realm
                        .filter(|realm| !realm.eq_ignore_ascii_case(&self.realm))
                        .map(HostName);
                    self.refused(answered, asked, error, other);
                }
                _ => self.not_kerberos(answered),
            }
            return Ok(None);
        };
        let part = (reply.part.kind.0 == secret.kind())
            .then(|| secret.open(purpose, &reply.part.bytes))
            .flatten()
            .and_then(|plain| ticket::read_part(&plain));
        let Some(part) = part else {
            // It gave a ticket without a proof, and the password does not open it.
            self.refused(answered, asked, KerberosError::WRONG_PASSWORD, None);
            return Ok(None);
        };
        Ok(Some(Given {
            key: Key::of(part.kind.0, part.key)?,
            service: part.service,
            reply,
        }))
    }

    fn granted(&self, answered: &Answered, asked: KdcQuestion, given: &Given) {
        let encryption = Some(KerberosEncryption(given.key.kind()));
        self.tell(answered, asked, None, None, encryption);
    }

    fn refused(
        &self,
        answered: &Answered,
        asked: KdcQuestion,
        error: KerberosError,
        other_realm: Option<HostName>,
    ) {
        self.tell(answered, asked, Some(error), other_realm, None);
    }

    fn tell(
        &self,
        answered: &Answered,
        asked: KdcQuestion,
        error: Option<KerberosError>,
        other_realm: Option<HostName>,
        encryption: Option<KerberosEncryption>,
    ) {
        let now = self.voice.clock.now();
        let at = &self.visit.at;
        let host = at.host.0.trim_end_matches('.').to_lowercase();
        let fact = Fact::TicketAnswered {
            realm: at.realm.clone(),
            kdc: at.kdc.clone(),
            way: self.way,
            asked,
            service: (asked == KdcQuestion::Service).then_some(HostName(host)),
            error,
            other_realm,
            encryption,
            took: now.since(answered.began),
        };
        self.voice.fact(now, PLACE, fact);
    }

    fn not_kerberos(&self, answered: &Answered) {
        self.unanswered(answered.began, KdcFailure::NotKerberos);
    }

    fn unanswered(&self, began: Micros, why: KdcFailure) {
        let now = self.voice.clock.now();
        let at = &self.visit.at;
        let fact = Fact::KdcUnanswered {
            realm: at.realm.clone(),
            kdc: at.kdc.clone(),
            to: at.to,
            way: self.way,
            why,
            waited: now.since(began),
        };
        self.voice.fact(now, PLACE, fact);
    }
}
