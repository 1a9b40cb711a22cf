//! What every remedy of the catalogue is written with.

pub(crate) use model::plan::{
    Action, Guarded, Hive, Key, Machine, PlannedStep, RegistryValue, Rights, Start, System, Value,
};
pub(crate) use model::{Fact, FactKind, SettingValue};

pub(crate) use crate::cause::Side;
pub(crate) use crate::draft::*;
pub(crate) use crate::remedy::{BLANK, Remedy, Risk, remedy};
