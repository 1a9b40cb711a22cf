//! Evidence that does not come over the wire: what files, logs and people tell.

use std::collections::BTreeMap;

use model::Observation;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// What files, logs and people tell of the connection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Told {
    /// Nothing was dialled: this is all there is.
    pub alone: bool,
    /// Codes and words, as a person gives them.
    pub saw: Vec<String>,
    /// Files by their names, for the readers of files.
    pub files: BTreeMap<String, String>,
    /// Facts, as a file of evidence writes them.
    #[serde(deserialize_with = "facts")]
    pub facts: Vec<Observation>,
}

impl Told {
    /// Everything there is to know comes over the wire.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What makes no sense in it.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.alone && self.saw.is_empty() && self.files.is_empty() && self.facts.is_empty() {
            return Err("`alone` without anything that is told shows nothing".to_owned());
        }
        Ok(())
    }
}

/// Facts are read by what reads them from evidence: they are a hundred kinds, and a reader of their own from TOML
/// would be a fifth of a megabyte.
fn facts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Observation>, D::Error> {
    serde_json::Value::deserialize(deserializer)
        .and_then(|facts| serde_json::from_value(facts).map_err(D::Error::custom))
}
