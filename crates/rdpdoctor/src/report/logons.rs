//! How often a gateway was logged on to.

use serde_json::Value;

use super::{AttemptReport, EvidenceReport, Report};

/// The look that goes through a gateway.
const PASSAGE: &str = "passage";

/// A look that would log on to a gateway did: nobody logs on who is not asked to, or cannot as he is asked to.
pub(super) fn was_tried(report: &Report, attempt: &AttemptReport) -> bool {
    if attempt.probe != PASSAGE {
        return true;
    }
    let own = |seen: &&EvidenceReport| seen.look == Some(attempt.look);
    let mut seen = report.evidence.iter().filter(own);
    let asked = |seen: &EvidenceReport| {
        let status = seen.value.get("status").and_then(Value::as_u64);
        let logon = seen.value.get("logon").is_some_and(|way| !way.is_null());
        seen.fact == "gateway-answered" && (logon || status == Some(401))
    };
    let none = |seen: &EvidenceReport| seen.fact == "gateway-takes-no-password";
    seen.clone().any(asked) && !seen.any(none)
}

/// Logons at a gateway that let at least one in. Each channel asks for one, and RPC inside them for one more.
pub(super) fn at_gateway(report: &Report) -> Option<String> {
    /// ERROR_ACCESS_DENIED, SEC_E_LOGON_DENIED and RPC_S_SEC_PKG_ERROR: what a logon inside RPC is refused with.
    const REFUSED_INSIDE: [u64; 3] = [5, 0x8009_030C, 0x721];
    let of = |fact: &'static str| report.evidence.iter().filter(move |seen| seen.fact == fact);
    let number = |seen: &EvidenceReport, name: &str| seen.value.get(name)?.as_u64();
    let text = |seen: &EvidenceReport, name: &str| {
        let value = seen.value.get(name)?.as_str()?;
        Some(value.to_owned())
    };
    let with_logon = || of("gateway-answered").filter(|seen| text(seen, "logon").is_some());
    // A gateway answers a logon with 401 or 403 when it lets nobody in.
    let refuses = |seen: &&EvidenceReport| matches!(number(seen, "status"), Some(401 | 403));
    let mut refused = with_logon().filter(refuses).count();
    let mut let_in = with_logon().count().saturating_sub(refused);
    let is_second = |seen: &EvidenceReport| text(seen, "way").as_deref() == Some("rpc-in");
    let mut asked = of("gateway-answered").filter(|seen| text(seen, "logon").is_none());
    let asks = asked.any(|seen| is_second(seen) && number(seen, "status") == Some(401));
    let stepped = |name: &str, fits: &dyn Fn(u64) -> bool| {
        of("gateway-stepped").any(|seen| {
            text(seen, "step").as_deref() == Some(name) && number(seen, "code").is_some_and(fits)
        })
    };
    // Only a refusal answers the second channel of RPC, and the logon inside.
    if asks && !with_logon().any(is_second) {
        let_in = let_in.saturating_add(1);
    }
    let by_rpc = of("gateway-answered").any(is_second);
    if by_rpc && stepped("handshake", &|code| code == 0) {
        if stepped("tunnel", &|code| REFUSED_INSIDE.contains(&code)) {
            refused = refused.saturating_add(1);
        } else {
            let_in = let_in.saturating_add(1);
        }
    }
    let failed = if refused > 0 {
        " in, and one that failed and may count towards a lock-out"
    } else {
        " in"
    };
    match let_in {
        0 => None,
        1 => Some(format!("one logon at the gateway, which let it{failed}")),
        2 => Some(format!(
            "two logons of one user at the gateway, which let them{failed}"
        )),
        _ => Some(format!(
            "three logons of one user at the gateway, which let them{failed}"
        )),
    }
}
