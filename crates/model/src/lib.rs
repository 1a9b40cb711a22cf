//! The nouns of rdpdoctor: what someone tries to reach, what was seen on the way, and the names of the
//! numbers that RDP and its neighbours use. Plain data, no behaviour beyond reading it. Start here.
//!
//! A [`Target`] is climbed rung by rung ([`Phase`], [`Leg`], [`Place`]). Whatever tells something about
//! a rung tells it as a [`Fact`]; with its provenance it is an [`Observation`], and all observations of
//! a case are its [`Evidence`].

#![warn(missing_docs)]

pub mod certificate;
pub mod codes;
pub mod evidence;
pub mod fact;
pub mod ini;
pub mod ladder;
pub mod ntlm;
pub mod plan;
pub mod target;
pub mod text;
pub mod time;

pub use certificate::{Certificate, CertificateChange, KeyKind};
pub use evidence::{
    Attempt, AttemptOutcome, Damage, Evidence, Intent, LookId, Observation, Source, Trace,
};
pub use fact::{
    Ending, Fact, FactKind, FileRole, Filtering, Limit, LogonMechanism, Message, NameFailure,
    RdpCertificate, Resolver, Resumption, Service, SettingValue, SuiteOrder, TlsRefusal, Trust,
    Unreached,
};
pub use ladder::{Leg, Phase, Place};
pub use ntlm::NtlmChallenge;
pub use target::{ClientProfile, Target};
pub use text::{Bytes, HostName};
pub use time::{Micros, UnixMicros, UnixSeconds};
