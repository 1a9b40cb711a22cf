//! What every record of the catalogue is written with.

pub(crate) use model::codes::{NegFailure, Protocols, TlsAlert, TlsVersion};
pub(crate) use model::{
    Ending, Fact, FactKind, KeyKind, Message, Micros, NameFailure, Phase, Resolver, Service, Trust,
};

pub(crate) use crate::asks;
pub(crate) use crate::cause::{BLANK, Cause, Clue, Reading, Severity, Side, View, Weight, cause};
pub(crate) use crate::names;
