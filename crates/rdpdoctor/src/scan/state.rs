//! What of a scan is done, in a small file: an interrupted scan goes on where it was.
//!
//! Hosts have numbers in the order in which they are given. The file says up to which number all are done, which
//! ones beyond it are too, and a sum over the hosts up to there, by which other hosts are told from the same
//! ones. What was written to the output comes before the file that says so: after a crash a host may be looked
//! at twice and none is forgotten.

use std::collections::{BTreeSet, VecDeque};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use model::Target;
use serde::{Deserialize, Serialize};

use super::tally::Tally;
use crate::failure::Failure;
use crate::target::endpoint::quoted;

/// The version of the file.
const SCHEMA: &str = "rdpdoctor/scan-state/1";

/// The file.
#[derive(Debug, Serialize, Deserialize)]
struct Saved {
    schema: String,
    /// All hosts with smaller numbers are done.
    below: u64,
    /// A sum over those hosts.
    sum: u64,
    /// Hosts that are done beside them.
    beyond: BTreeSet<u64>,
    /// What they came to.
    tally: Tally,
}

/// What is done and what is not.
#[derive(Debug)]
pub struct State {
    path: Option<PathBuf>,
    /// All hosts with smaller numbers are done.
    below: u64,
    sum: u64,
    /// Hosts from `below` on: done or not, and the sum up to and with them.
    window: VecDeque<(bool, u64)>,
    /// Done in an earlier run.
    before: BTreeSet<u64>,
    /// Up to which number the earlier run had done all, and the sum it had then.
    verify: Option<(u64, u64)>,
    /// How many were done in an earlier run.
    pub resumed: u64,
}

/// What is to be done with the next host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Look at it; it has this number.
    Look(u64),
    /// It was done in an earlier run.
    Done,
}

impl State {
    /// Nothing is done, or what the file says.
    pub fn open(path: Option<&Path>) -> Result<(Self, Tally), Failure> {
        let mut state = Self {
            path: path.map(Path::to_owned),
            below: 0,
            sum: 0,
            window: VecDeque::new(),
            before: BTreeSet::new(),
            verify: None,
            resumed: 0,
        };
        let Some(path) = path else {
            return Ok((state, Tally::default()));
        };
        let text = match std::fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                // Found out before the work, not after it.
                state.save(&Tally::default())?;
                return Ok((state, Tally::default()));
            }
            Err(error) => {
                return Err(Failure::usage(format!(
                    "cannot read {}: {error}",
                    quoted(&path.display().to_string())
                )));
            }
        };
        let saved: Saved = serde_json::from_slice(&text)
            .ok()
            .filter(|saved: &Saved| saved.schema == SCHEMA)
            .ok_or_else(|| {
                Failure::usage(format!(
                    "{} is not the state of a scan; give another file, or remove it to begin anew",
                    quoted(&path.display().to_string())
                ))
            })?;
        let beyond = u64::try_from(saved.beyond.len()).unwrap_or(u64::MAX);
        state.resumed = saved.below.saturating_add(beyond);
        state.verify = (saved.below > 0).then_some((saved.below, saved.sum));
        state.before = saved.beyond;
        Ok((state, saved.tally))
    }

    /// The next host.
    pub fn step(&mut self, target: &Target) -> Result<Step, Failure> {
        let length = u64::try_from(self.window.len()).unwrap_or(u64::MAX);
        let number = self.below.saturating_add(length);
        let sum = self.window.back().map_or(self.sum, |(_, sum)| *sum);
        let sum = add(sum, target);
        let earlier = self.verify.is_some_and(|(below, _)| number < below);
        if let Some((below, known)) = self.verify
            && number.saturating_add(1) == below
        {
            if known != sum {
                // What the file says stays as it is.
                return Err(self.other_hosts());
            }
            self.verify = None;
        }
        if earlier {
            self.below = number.saturating_add(1);
            self.sum = sum;
            return Ok(Step::Done);
        }
        let done = self.before.remove(&number);
        self.window.push_back((done, sum));
        if done {
            self.advance();
            return Ok(Step::Done);
        }
        Ok(Step::Look(number))
    }

    /// There are no more hosts.
    pub fn exhausted(&self) -> Result<(), Failure> {
        match self.verify {
            Some(_) => Err(self.other_hosts()),
            None => Ok(()),
        }
    }

    fn other_hosts(&self) -> Failure {
        let path = self.path.as_deref().map(|path| path.display().to_string());
        Failure::usage(format!(
            "{} belongs to a scan of other hosts; give the same hosts in the same order, or another file",
            quoted(&path.unwrap_or_default())
        ))
    }

    /// This host is done.
    pub fn done(&mut self, number: u64) {
        let index = number
            .checked_sub(self.below)
            .and_then(|index| usize::try_from(index).ok());
        if let Some((done, _)) = index.and_then(|index| self.window.get_mut(index)) {
            *done = true;
        }
        self.advance();
    }

    fn advance(&mut self) {
        while let Some(&(true, sum)) = self.window.front() {
            self.window.pop_front();
            self.below = self.below.saturating_add(1);
            self.sum = sum;
        }
    }

    /// Writes the file: the old one stays until the new one is whole.
    pub fn save(&self, tally: &Tally) -> anyhow::Result<()> {
        let Some(path) = &self.path else {
            return Ok(());
        };
        // Until the earlier run's hosts have come by, the file says more than we know.
        if self.verify.is_some() {
            return Ok(());
        }
        let beyond = self
            .window
            .iter()
            .zip(self.below..)
            .filter(|((done, _), _)| *done)
            .map(|(_, number)| number)
            .chain(self.before.iter().copied())
            .collect();
        let saved = Saved {
            schema: SCHEMA.to_owned(),
            below: self.below,
            sum: self.sum,
            beyond,
            tally: tally.clone(),
        };
        let shown = path.display();
        let mut name = path.as_os_str().to_owned();
        name.push(".new");
        let new = PathBuf::from(name);
        let mut file = std::fs::File::create(&new)
            .with_context(|| format!("cannot write the state of the scan beside {shown}"))?;
        let text = serde_json::to_vec(&saved).context("cannot write the state of the scan")?;
        file.write_all(&text)
            .and_then(|()| std::fs::rename(&new, path))
            .with_context(|| format!("cannot write the state of the scan to {shown}"))
    }
}

/// FNV-1a over what tells one host from another.
fn add(sum: u64, target: &Target) -> u64 {
    let address = target.address.map(|address| address.to_string());
    let host = address.unwrap_or_else(|| target.host.0.to_ascii_lowercase());
    host.bytes()
        .chain([0])
        .chain(target.port.to_be_bytes())
        .fold(sum ^ 0xCBF2_9CE4_8422_2325, |sum, byte| {
            (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
        })
}

#[cfg(test)]
mod tests {
    use model::{ClientProfile, HostName};

    use super::*;

    fn host(name: &str) -> Target {
        Target {
            input: name.to_owned(),
            host: HostName(name.to_owned()),
            port: 3389,
            address: None,
            zone: None,
            gateway: None,
            proxy: None,
            client: ClientProfile::default(),
        }
    }

    #[test]
    fn what_is_done_is_not_done_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let hosts: Vec<Target> = (0..10).map(|n| host(&format!("srv{n}"))).collect();
        let (mut state, tally) = State::open(Some(&path)).unwrap();
        for host in hosts.iter().take(8) {
            assert!(matches!(state.step(host), Ok(Step::Look(_))));
        }
        // Out of order, and not all.
        for number in [1, 0, 2, 5, 7] {
            state.done(number);
        }
        state.save(&tally).unwrap();
        let (mut again, _) = State::open(Some(&path)).unwrap();
        assert_eq!(again.resumed, 5);
        let todo: Vec<u64> = hosts
            .iter()
            .filter_map(|host| match again.step(host).unwrap() {
                Step::Look(number) => Some(number),
                Step::Done => None,
            })
            .collect();
        assert_eq!(todo, [3, 4, 6, 8, 9]);
        again.exhausted().unwrap();
        for number in todo {
            again.done(number);
        }
        assert!(again.window.is_empty(), "nothing is held of what is done");
        again.save(&tally).unwrap();
        let (mut third, _) = State::open(Some(&path)).unwrap();
        assert!(
            hosts
                .iter()
                .all(|host| third.step(host).unwrap() == Step::Done)
        );
    }

    #[test]
    fn other_hosts_are_noticed_before_any_is_looked_at() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let (mut state, tally) = State::open(Some(&path)).unwrap();
        for number in 0..3 {
            state.step(&host(&format!("srv{number}"))).unwrap();
            state.done(number);
        }
        state.save(&tally).unwrap();
        let (mut other, _) = State::open(Some(&path)).unwrap();
        assert_eq!(other.step(&host("srv0")).unwrap(), Step::Done);
        assert_eq!(other.step(&host("another")).unwrap(), Step::Done);
        assert!(other.step(&host("srv2")).is_err());
        let (mut fewer, _) = State::open(Some(&path)).unwrap();
        fewer.step(&host("srv0")).unwrap();
        assert!(fewer.exhausted().is_err());
    }

    #[test]
    fn a_file_of_something_else_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hosts.txt");
        std::fs::write(&path, "srv01\n").unwrap();
        assert!(State::open(Some(&path)).is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"srv01\n");
    }
}
