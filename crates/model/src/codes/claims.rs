//! What is claimed about 0x904 and 0x7, and how the claims fare against what is written and traced.

use serde::Serialize;

use super::code::Confidence;

/// A claim that people read about a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What it is about, in a word.
    pub about: &'static str,
    /// What is claimed.
    pub claim: &'static str,
    /// How it fares.
    pub verdict: Verdict,
    /// Why.
    pub why: &'static str,
    /// The document it was held against.
    pub document: &'static str,
    /// The place in that document.
    pub section: &'static str,
    /// How sure that is.
    pub confidence: Confidence,
}

/// How a claim fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is written down, or was traced.
    Confirmed,
    /// A look can decide it, and it is worth the look.
    Testable,
    /// Something speaks for it, nothing decides it.
    Plausible,
    /// Something speaks against it, nothing decides it.
    Doubtful,
    /// Wrong but for rare cases.
    MostlyRefuted,
    /// Wrong.
    Refuted,
}

impl Verdict {
    /// The word for it.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Testable => "plausible, a look decides",
            Self::Plausible => "plausible",
            Self::Doubtful => "doubtful",
            Self::MostlyRefuted => "mostly refuted",
            Self::Refuted => "refuted",
        }
    }
}

macro_rules! claims {
    ($($about:literal $claim:literal $verdict:ident $why:literal, from $document:literal $section:literal, sure $sure:ident;)+) => {
        /// Every claim.
        pub static CLAIMS: &[Claim] = &[$(Claim {
            about: $about,
            claim: $claim,
            verdict: Verdict::$verdict,
            why: $why,
            document: $document,
            section: $section,
            confidence: Confidence::$sure,
        },)+];
    };
}

claims! {
    "0x904" "0x904 is the first number of the dialog and means 2308: the socket was closed" Confirmed "Microsoft publishes the number and its name; it says that the stream ended under the client, and nothing more", from "Microsoft Learn: IMsTscAxEvents::OnDisconnected" "discReason", sure High;
    "0x904" "the low byte of the first number is a class, and 4 stands for sockets" Plausible "every published value ending in 04 is about names or sockets; Microsoft has not written the rule down", from "Microsoft Learn: IMsTscAxEvents::OnDisconnected" "discReason", sure Medium;
    "0x904" "0x904 belongs to one step of the connection" Refuted "the table names no step, and a release note for macOS uses the number for drops in the middle of a session", from "Microsoft: what is new in the macOS client" "10.2.12", sure High;
    "0x7" "the second number 7 is called \"server denied connection\"" Confirmed "the enumeration and the type library of the client both have it", from "Microsoft Learn: ExtendedDisconnectReasonCode" "values", sure High;
    "0x7" "on the wire, 7 is ERRINFO_SERVER_DENIED_CONNECTION" Confirmed "the list of Set Error Info codes has it, and a client keeps the code to report it with the disconnect that follows", from "[MS-RDPBCGR]" "2.2.5.1.1, 3.2.5.7.1", sure High;
    "0x7" "the 7 in the dialog was sent by the server" Doubtful "a server can send it only after TLS, NLA and MCS, and hosts on which TLS cannot even start bring the same dialog", from "[MS-RDPBCGR]" "2.2.5.1, 3.3.5.7.1", sure Medium;
    "0x7" "the pair 0x904/0x7 can come from a server that did send 7" Confirmed "one traced case: a server built on IronRDP sent the denial after the certificate was accepted, and dropped the connection", from "Devolutions/IronRDP" "commits abc391c1, 84015c94", sure High;
    "0x7" "beside 0x904 the client fills in the 7 by itself" Plausible "the same pair comes through one relay that drops the stream while the host answers by other ways; nobody at Microsoft has said so", from "natfrp/wiki; Microsoft support articles" "discussions/683; event-id-troubleshoot-vm-rdp-connecton", sure Medium;
    "0x7" "7 means that the user lacks the right to log on" Refuted "for missing rights a server has to send 9", from "[MS-RDPBCGR]" "3.3.5.7.1.1", sure High;
    "extended" "the second number is always one of the published extended codes" Refuted "0x11 and 0x12 are seen there and exist only as Set Error Info codes; 25 and 26 exist only in the type library", from "Microsoft Learn: ExtendedDisconnectReasonCode; [MS-RDPBCGR]" "values; 2.2.5.1.1", sure High;
    "extended" "the sentence of the dialog follows from the two numbers" Confirmed "the client control makes the sentence from both", from "Microsoft Learn: IMsTscAxEvents::OnDisconnected" "remarks", sure High;
    "extended" "a server that denies properly shows as 0x904" Doubtful "a proper goodbye has a first number of its own, 3", from "Microsoft Learn: IMsTscAxEvents::OnDisconnected" "discReason", sure Medium;
    "network" "an unstable or slow network is the cause" Doubtful "loss alone ends as a time-out; 0x904 needs a close or a reset, and one that comes every time and at once speaks against chance", from "Microsoft Learn: IMsTscAxEvents::OnDisconnected" "discReason", sure Medium;
    "firewall" "a firewall blocks port 3389" MostlyRefuted "a blocked or closed port ends as 0x204, 0x104 or 0x108; only a device that accepts first and closes then brings 0x904", from "Microsoft Learn: IMsTscAxEvents::OnDisconnected" "discReason", sure Medium;
    "udp" "switching UDP off cures it" Refuted "before there is a session there is no UDP: it begins after licensing, and when it fails the session goes on over TCP", from "[MS-RDPBCGR]" "1.3.1.1, 2.2.15.2", sure High;
    "certificate" "the client does not trust the certificate" Doubtful "distrust asks the user; an expired certificate has 0x1B07, and the macOS client has 0x907", from "Microsoft Learn: IMsTscAxEvents::OnDisconnected" "discReason", sure Medium;
    "certificate" "the server cannot use its certificate or private key" Testable "TCP opens, the negotiation is answered, TLS dies: events 1057, 1058, Schannel 36870 to 36872 on the server; a clean server would answer negotiation failure 3", from "Microsoft support articles" "event-id-troubleshoot-vm-rdp-connecton", sure High;
    "tls" "TLS versions or ciphers are switched off on one side" Testable "shows as an alert or a drop at the ClientHello, and as Schannel 36874 or 36888; the articles about disabled TLS and FIPS show the same sentence", from "Microsoft support articles" "troubleshoot-rdp-internal-error, cannot-connect-rdp-azure-vm", sure Medium;
    "nla" "a wrong password or NLA is the cause" Doubtful "failed logons have numbers of their own (0x807, 0xA07 to 0xF07, 0x1207, 0x1607 to 0x1807) and server events 140 and 4625", from "Microsoft Learn: IMsTscAxEvents::OnDisconnected" "discReason", sure Medium;
    "nla" "client and server want different security protocols" Doubtful "a server has to answer that with a negotiation failure 1, 2, 5 or 6; some drop instead: old IronRDP, and xrdp when the offer holds bits above 0x0B", from "[MS-RDPBCGR]; IronRDP; xrdp" "2.2.1.2.2; commit 02b9f4ef; libxrdp/xrdp_iso.c", sure High;
    "licence" "a licence is missing" Refuted "licensing has its own first numbers (0x808, 0x908) and second numbers (0x100 to 0x10B)", from "Microsoft Learn: ExtendedDisconnectReasonCode" "values", sure High;
    "limit" "there are too many connections" Plausible "an old Microsoft article ties the number to a full listener; xrdp and relays drop over their limits too", from "Microsoft KB Q192165" "Windows NT 4.0 Terminal Server", sure Low;
    "cache" "deleting the cache, default.rdp or the history helps" Refuted "nothing in the tables or the specification ties the caches of the client to a closed socket", from "Microsoft Learn: IMsTscAxEvents::OnDisconnected" "discReason", sure Medium;
    "service" "the Remote Desktop service is stopped" MostlyRefuted "without a listener the port refuses (0x204); a service that hangs ends as a time-out (0x108)", from "Microsoft Learn: IMsTscAxEvents::OnDisconnected" "discReason", sure Medium;
    "behaviour" "a server may close without a word" Confirmed "for many packets that it cannot accept, the specification only tells a server to drop the connection", from "[MS-RDPBCGR]" "3.3.5.3", sure High;
    "behaviour" "the set-up has timers" Confirmed "the server gives up after 60 s, the client after 300 s: a drop near 60 s points at the timer of the server", from "[MS-RDPBCGR]" "3.3.6.1, 3.2.6.1", sure High;
    "decoding" "the number 7 by itself names the error" Refuted "it is a denial (extended and on the wire), a fatal error while connecting (OnFatalError), an exit status of xfreerdp, the low word of a FreeRDP error, and in licensing a success", from "several" "see rdpdoctor explain 7", sure High;
}
