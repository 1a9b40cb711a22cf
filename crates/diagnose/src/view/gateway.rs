//! What clues ask of the way into and through an RD Gateway.

use model::codes::{Topic, gateway};
use model::fact::{GatewayStep, GatewayWay};
use model::{Fact, Leg, Message, Trust};

use super::View;
use crate::cause::Reading;
use crate::names;

/// SEC_E_LOGON_DENIED.
const LOGON_DENIED: u32 = 0x8009_030C;

/// What the web server said to the request that begins a way into the gateway.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer<'e> {
    pub status: u16,
    pub server: &'e str,
    pub logon: Option<&'e str>,
    pub offers: &'e [String],
    pub page: bool,
}

impl Answer<'_> {
    /// The web server of Windows, or the part of Windows behind it, spoke.
    pub fn is_microsoft(&self) -> bool {
        self.server.to_ascii_lowercase().starts_with("microsoft-")
    }

    /// It is what a gateway says: it asks for a logon, or lets in.
    pub fn is_gateways(&self) -> bool {
        self.status == 101
            || (self.status == 200 && !self.page)
            || (self.status == 401 && !self.offers.is_empty())
    }
}

/// What the fact says of a way that leads to a host; the Kerberos proxy does not.
pub(crate) fn answer(fact: &Fact) -> Option<Answer<'_>> {
    match fact {
        Fact::GatewayAnswered {
            way,
            status,
            offers,
            server,
            logon,
            page,
            ..
        } if leads_on(*way, *status, logon.is_some()) => Some(Answer {
            status: *status,
            server,
            logon: logon.as_deref(),
            offers,
            page: page.is_some(),
        }),
        _ => None,
    }
}

/// The answer is about a way that leads to a host. What a second channel answers repeats the first, but for a logon
/// that only it refuses, and for an error behind it.
fn leads_on(way: GatewayWay, status: u16, logs_on: bool) -> bool {
    match way {
        GatewayWay::KdcProxy | GatewayWay::HttpIn => false,
        GatewayWay::RpcIn => matches!(status, 401 | 503) && logs_on,
        GatewayWay::WebSocket | GatewayWay::Http | GatewayWay::Rpc => true,
    }
}

/// A way that clients took before there were WebSockets was answered, and as a gateway does.
fn is_older_way(fact: &Fact) -> Option<bool> {
    match fact {
        Fact::GatewayAnswered {
            way: GatewayWay::Http | GatewayWay::Rpc,
            ..
        } => answer(fact).map(|answer| answer.is_gateways()),
        _ => None,
    }
}

/// The gateway let the client through, and the channel ended later for a reason of the host or of the session's
/// own: that is no refusal, and nothing is broken on the way.
fn is_end_of_session(step: GatewayStep, code: u32) -> bool {
    let topic = gateway::find(code).map(|known| known.topic);
    step == GatewayStep::Close
        && matches!(topic, Some(Topic::GatewayTarget | Topic::GatewaySession))
}

impl<'e> View<'e> {
    /// Like [`Self::any`], on the way to a gateway alone: what a host does is no matter of its gateway.
    pub fn gateway_leg(&self, judge: impl Fn(&'e Fact) -> Option<bool>) -> Reading<'e> {
        if self.leg == Leg::Gateway {
            self.any_as_client(judge)
        } else {
            Reading::Silent
        }
    }

    /// Like [`Self::all`], on the way to a gateway alone.
    pub fn all_on_gateway(&self, judge: impl Fn(&'e Fact) -> Option<bool>) -> Reading<'e> {
        if self.leg == Leg::Gateway {
            self.all_as_client(judge)
        } else {
            Reading::Silent
        }
    }

    /// How the web server of the gateway answered the client. Where another way is answered as a gateway does, a
    /// refusal says nothing of the gateway.
    pub(crate) fn gateway_answered(
        &self,
        judge: impl Fn(Answer<'e>) -> Option<bool>,
    ) -> Reading<'e> {
        let older = self
            .seen()
            .any(|seen| is_older_way(&seen.fact) == Some(true));
        self.any_as_client(|fact| {
            let answer = answer(fact)?;
            let said = judge(answer);
            let excused = older && answer.logon.is_none() && answer.status != 407;
            said.filter(|said| !(*said && excused))
        })
    }

    /// An older way into the gateway is answered as a gateway does, and the usual one is not. Against, when none is
    /// or the usual one is.
    pub fn gateway_by_older_way(&self) -> Reading<'e> {
        let refused = self.seen().any(|seen| {
            let is_usual = |way: &GatewayWay| *way == GatewayWay::WebSocket;
            let usual = matches!(&seen.fact, Fact::GatewayAnswered { way, .. } if is_usual(way));
            let refused = |answer: Answer<'_>| !answer.is_gateways() && answer.status != 407;
            usual && answer(&seen.fact).is_some_and(refused)
        });
        self.any(|fact| match is_older_way(fact) {
            Some(led) if refused => Some(led),
            None if answer(fact)?.is_gateways() => Some(false),
            _ => None,
        })
    }

    /// The second channel of the way over two was refused. Against, when it was let in.
    pub fn gateway_refused_second(&self) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::GatewayAnswered {
                way: GatewayWay::HttpIn,
                status,
                ..
            } => Some(!matches!(status, 200 | 401)),
            // With 503 it names the error that it met behind it.
            Fact::GatewayAnswered {
                way: GatewayWay::RpcIn,
                status,
                ..
            } => Some(!matches!(status, 200 | 401 | 503)),
            _ => None,
        })
    }

    /// The gateway refused a step with a code about this. Against, when that step was passed.
    pub fn gateway_refused(&self, step: GatewayStep, topic: Topic) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::GatewayStepped {
                code: 0, step: at, ..
            } => (*at == step).then_some(false),
            Fact::GatewayStepped { step, code, .. } if is_end_of_session(*step, *code) => None,
            Fact::GatewayStepped { code, .. } => {
                // A logon that was refused is no policy, although its code stands among them.
                let known = gateway::find(*code).filter(|_| *code != LOGON_DENIED);
                known.and_then(|known| (known.topic == topic).then_some(true))
            }
            _ => None,
        })
    }

    /// The gateway refused a step with a code that is about none of the things that have a cause of their own.
    pub fn gateway_failed_inside(&self) -> Reading<'e> {
        let broke = self.seen().any(|seen| {
            let after = Message::GatewayPacket;
            matches!(seen.fact, Fact::Ended { after: known, .. } if known == after)
        });
        self.any_as_client(|fact| match fact {
            // A channel that opened and broke was no passage.
            Fact::GatewayStepped { code: 0, step, .. } => {
                (*step == GatewayStep::Channel && !broke).then_some(false)
            }
            Fact::GatewayStepped { step, code, .. } if is_end_of_session(*step, *code) => None,
            Fact::GatewayStepped { code, .. } => {
                let topic = gateway::find(*code).map(|known| known.topic);
                let own = matches!(
                    topic,
                    Some(
                        Topic::GatewayPolicy
                            | Topic::GatewayResource
                            | Topic::GatewayTarget
                            | Topic::GatewayLimit
                            | Topic::GatewayCertificate
                            | Topic::ServiceFault
                    )
                );
                (!own).then_some(true)
            }
            _ => None,
        })
    }

    /// The connection to the gateway ended after such a message, without a word that explains it.
    pub fn gateway_ended(&self, judge: impl Fn(Message) -> bool) -> Reading<'e> {
        self.gateway_leg(|fact| match fact {
            Fact::Ended { after, .. } => Some(judge(*after)),
            _ => None,
        })
    }

    /// The gateway's certificate is not for the name that the client enters. Against, when it is.
    pub fn gateway_misnamed(&self) -> Reading<'e> {
        let asked = self
            .target()
            .gateway
            .as_ref()
            .map(|gateway| gateway.folded());
        self.gateway_leg(|fact| match fact {
            Fact::CertificateSeen { certificate, .. } => {
                names::covers(certificate, asked.as_deref()?).map(|it| !it)
            }
            _ => None,
        })
    }

    /// The gateway's certificate is out of its time. Against, when it is in it.
    pub fn gateway_out_of_time(&self) -> Reading<'e> {
        self.gateway_leg(|fact| match fact {
            Fact::CertificateSeen {
                certificate,
                seen_at,
            } => Some(certificate.not_after < *seen_at || certificate.not_before > *seen_at),
            _ => None,
        })
    }

    /// The gateway's certificate is for other uses than a server's. Against, when it may serve.
    pub fn gateway_of_other_use(&self) -> Reading<'e> {
        self.gateway_leg(|fact| match fact {
            Fact::CertificateSeen { certificate, .. } => Some(!names::may_serve(certificate)),
            _ => None,
        })
    }

    /// The gateway ended the open channel with this code. Against, when with another.
    pub fn gateway_closed(&self, code: u32) -> Reading<'e> {
        self.any_as_client(|fact| match fact {
            Fact::GatewayStepped {
                step: GatewayStep::Close,
                code: told,
                ..
            } => Some(*told == code),
            _ => None,
        })
    }

    /// The gateway's certificate is not trusted here. Against, when it is.
    pub fn gateway_untrusted(&self) -> Reading<'e> {
        self.gateway_leg(|fact| match fact {
            Fact::CertificateTrust { trust } => Some(*trust != Trust::Trusted),
            _ => None,
        })
    }
}
