//! What every record of the catalogue is written with.

pub(crate) use model::codes::{KerberosError, NegFailure, Protocols, TlsAlert, TlsVersion, Topic};
pub(crate) use model::{
    CertificateChange, Ending, Fact, FactKind, Filtering, KeyKind, Message, Micros, NameFailure,
    Phase, Resolver, Service, Trust,
};

pub(crate) use crate::asks;
pub(crate) use crate::cause::{BLANK, Cause, Clue, Reading, Severity, Side, Weight, cause, logged};
pub(crate) use crate::clues;
pub(crate) use crate::names;
pub(crate) use crate::view::{
    BorneOut, KNOWN_STATUS, View, at_hello, at_logon, in_activation, in_handshake, in_settings,
    renews_itself,
};
