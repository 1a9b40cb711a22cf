//! What certificates hosts showed at earlier checks from here: a small file of this user's, so that a changed
//! certificate can be told from one that was always so.
//!
//! It holds names of hosts, names in their certificates, thumbprints and days, nothing secret; its owner alone
//! can read it, and it is bounded. A host on loopback is not kept, because a tunnel leads to another host each time.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use model::{
    Certificate, CertificateChange, Damage, Evidence, Fact, Intent, Leg, Observation, Phase, Place,
    Source, UnixSeconds,
};
use serde::{Deserialize, Serialize};

use crate::folders;

/// The version of the format.
const SCHEMA: &str = "rdpdoctor/certificates/1";
/// The most hosts that are kept; those not seen for longest go first.
const MOST_HOSTS: usize = 4_096;
/// The most certificates of one host: behind one name there may be several machines.
const MOST_OF_A_HOST: usize = 4;
/// The most characters of a name in a certificate.
const MOST_OF_A_NAME: usize = 256;
/// The largest file that is read or written.
const LARGEST: u64 = 8 << 20;
/// How long another check may hold the file.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often it is tried for.
const PACE: Duration = Duration::from_millis(5);

/// Everything that is remembered.
#[derive(Debug, Default, Serialize, Deserialize)]
struct History {
    schema: String,
    /// The one seen last comes last.
    hosts: Vec<Host>,
}

/// What is remembered of a host.
#[derive(Debug, Serialize, Deserialize)]
struct Host {
    host: String,
    port: u16,
    /// The one seen last comes last.
    certificates: Vec<Shown>,
}

/// A certificate that was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Shown {
    sha1: String,
    sha256: String,
    subject: String,
    issuer: String,
    self_signed: bool,
    first: i64,
    last: i64,
}

/// Holds the certificate of the evidence against what is remembered, adds what that tells, and remembers it.
pub fn recall(evidence: &mut Evidence) {
    if let Some(file) = file() {
        recall_in(&file, evidence);
    }
}

fn recall_in(file: &Path, evidence: &mut Evidence) {
    let Some(own) = shown(evidence) else {
        return;
    };
    let host = evidence.target.host.0.to_lowercase();
    match learn(file, &host, evidence.target.port, own) {
        Ok(fact) => evidence.seen.extend(fact.map(|fact| Observation {
            at: None,
            place: Some(Place::host(Phase::Secure)),
            source: Source::Probe,
            vantage: String::new(),
            look: None,
            fact,
        })),
        Err(says) => evidence.damage.push(Damage {
            place: file.display().to_string(),
            says,
        }),
    }
}

/// The certificate that the client meets; `None` for a host that is not worth remembering.
fn shown(evidence: &Evidence) -> Option<Shown> {
    let direct = evidence.target.proxy.is_none() && evidence.target.gateway.is_none();
    let loopback = evidence
        .seen
        .iter()
        .any(|seen| matches!(&seen.fact, Fact::TcpOpened { to, .. } if to.ip().is_loopback()));
    if direct && loopback {
        return None;
    }
    evidence.seen.iter().find_map(|seen| {
        let attempt = evidence.attempt(seen.look?)?;
        let on_host = seen.place.is_some_and(|place| place.leg == Leg::Host);
        match &seen.fact {
            Fact::CertificateSeen {
                certificate,
                seen_at,
            } if on_host && attempt.intent == Intent::AsClient => {
                Some(Shown::of(certificate, *seen_at))
            }
            _ => None,
        }
    })
}

/// Reads, takes in and writes, while no other check does.
fn learn(file: &Path, host: &str, port: u16, own: Shown) -> Result<Option<Fact>, String> {
    let failed = |error: io::Error| format!("cannot keep it: {error}");
    let folder = file.parent().unwrap_or(file);
    if private_folder(folder).is_err() {
        // This user has no place for such files; a check needs none.
        return Ok(None);
    }
    let _held = hold(&file.with_extension("lock")).map_err(failed)?;
    let mut history = read(file)?;
    let fact = history.learn(host, port, own);
    write(file, &mut history).map_err(failed)?;
    Ok(fact)
}

impl Shown {
    fn of(certificate: &Certificate, now: UnixSeconds) -> Self {
        let short = |name: &str| name.chars().take(MOST_OF_A_NAME).collect();
        Self {
            sha1: certificate.sha1.clone(),
            sha256: certificate.sha256.clone(),
            subject: short(&certificate.subject),
            issuer: short(&certificate.issuer),
            self_signed: certificate.self_signed,
            first: now.0,
            last: now.0,
        }
    }

    /// How this one fits one that was seen before.
    fn beside(&self, before: &Self) -> CertificateChange {
        if self.sha256 == before.sha256 {
            CertificateChange::Same
        } else if self.subject != before.subject {
            CertificateChange::OtherName
        } else if self.issuer == before.issuer && self.self_signed == before.self_signed {
            CertificateChange::Renewed
        } else {
            CertificateChange::OtherIssuer
        }
    }
}

impl History {
    /// Takes a certificate in, and says how it fits what was known of the host.
    fn learn(&mut self, host: &str, port: u16, own: Shown) -> Option<Fact> {
        let known = self
            .hosts
            .iter()
            .position(|known| known.host == host && known.port == port);
        let mut known = match known {
            Some(at) => self.hosts.remove(at),
            None => Host {
                host: host.to_owned(),
                port,
                certificates: Vec::new(),
            },
        };
        let same = known
            .certificates
            .iter()
            .position(|shown| shown.sha256 == own.sha256);
        let same = same.map(|at| known.certificates.remove(at));
        let fact =
            same.as_ref()
                .or(known.certificates.last())
                .map(|before| Fact::CertificateRecalled {
                    change: own.beside(before),
                    sha1: before.sha1.clone(),
                    sha256: before.sha256.clone(),
                    issuer: before.issuer.clone(),
                    first: UnixSeconds(before.first),
                    last: UnixSeconds(before.last),
                });
        let first = same.map_or(own.first, |before| before.first);
        known.certificates.push(Shown { first, ..own });
        let surplus = known.certificates.len().saturating_sub(MOST_OF_A_HOST);
        known.certificates.drain(..surplus);
        self.hosts.push(known);
        let surplus = self.hosts.len().saturating_sub(MOST_HOSTS);
        self.hosts.drain(..surplus);
        fact
    }
}

/// Where the file is; `None` where this user has no place for such files.
fn file() -> Option<PathBuf> {
    Some(folders::state()?.join("certificates.json"))
}

/// Waits until no other check has the file; the lock goes with what is given back.
fn hold(lock: &Path) -> io::Result<File> {
    let open = private().truncate(false).open(lock)?;
    let begun = Instant::now();
    // Nobody sends: it only paces.
    let (_quiet, pace) = std::sync::mpsc::channel::<()>();
    loop {
        match open.try_lock() {
            Ok(()) => return Ok(open),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if begun.elapsed() < PATIENCE => {
                let _ = pace.recv_timeout(PACE);
            }
            Err(TryLockError::WouldBlock) => {
                return Err(io::Error::other("another check holds it"));
            }
        }
    }
}

fn read(file: &Path) -> Result<History, String> {
    const MENDS: &str =
        "it was left as it is; move it away to begin a new one, or check with --no-history";
    let size = match fs::metadata(file) {
        Ok(metadata) => metadata.len(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(History::default()),
        Err(error) => return Err(format!("cannot look at it: {error}")),
    };
    if size > LARGEST {
        return Err(format!(
            "it is larger than a history of certificates can be; {MENDS}"
        ));
    }
    let text = fs::read(file).map_err(|error| format!("cannot read it: {error}"))?;
    match serde_json::from_slice::<History>(&text) {
        Ok(history) if history.schema == SCHEMA => Ok(history),
        Ok(_) => Err(format!("it was written by another version; {MENDS}")),
        Err(_) => Err(format!("it is no history of certificates; {MENDS}")),
    }
}

/// Writes beside it and puts it in place, so that a crash leaves the old one.
fn write(file: &Path, history: &mut History) -> io::Result<()> {
    SCHEMA.clone_into(&mut history.schema);
    let text = loop {
        let text = serde_json::to_vec(history)?;
        let size = u64::try_from(text.len()).unwrap_or(u64::MAX);
        if size <= LARGEST || history.hosts.is_empty() {
            break text;
        }
        history.hosts.drain(..history.hosts.len().div_ceil(2));
    };
    let beside = file.with_extension("new");
    let written = private()
        .truncate(true)
        .open(&beside)
        .and_then(|mut open| open.write_all(&text))
        .and_then(|()| fs::rename(&beside, file));
    if written.is_err() {
        // It may not have been made.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// A file that its owner alone can read.
fn private() -> fs::OpenOptions {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}

fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(name: &str, now: i64) -> Shown {
        Shown {
            sha1: format!("{name}1"),
            sha256: name.to_owned(),
            subject: "CN=pc".to_owned(),
            issuer: "CN=authority".to_owned(),
            self_signed: false,
            first: now,
            last: now,
        }
    }

    fn told(fact: Option<Fact>) -> Option<(CertificateChange, String, i64, i64)> {
        match fact {
            Some(Fact::CertificateRecalled {
                change,
                sha256,
                first,
                last,
                ..
            }) => Some((change, sha256, first.0, last.0)),
            _ => None,
        }
    }

    #[test]
    fn a_new_certificate_is_a_change_and_one_seen_before_is_none() {
        use CertificateChange::{OtherIssuer, OtherName, Renewed, Same};
        let mut history = History::default();
        let mut learn = |own| told(history.learn("pc", 3389, own));
        assert_eq!(learn(shown("a", 1)), None);
        assert_eq!(learn(shown("a", 2)), Some((Same, "a".to_owned(), 1, 1)));
        assert_eq!(learn(shown("b", 3)), Some((Renewed, "a".to_owned(), 1, 2)));
        // Two machines behind one name take turns.
        assert_eq!(learn(shown("a", 4)), Some((Same, "a".to_owned(), 1, 2)));
        let other = Shown {
            issuer: "CN=box".to_owned(),
            ..shown("c", 5)
        };
        assert_eq!(learn(other), Some((OtherIssuer, "a".to_owned(), 1, 4)));
        let elsewhere = Shown {
            subject: "CN=srv".to_owned(),
            ..shown("d", 6)
        };
        assert_eq!(learn(elsewhere), Some((OtherName, "c".to_owned(), 5, 5)));
    }

    #[test]
    fn hosts_and_ports_are_kept_apart() {
        let mut history = History::default();
        assert!(history.learn("pc", 3389, shown("a", 1)).is_none());
        assert!(history.learn("pc", 3390, shown("b", 1)).is_none());
        assert!(history.learn("srv", 3389, shown("c", 1)).is_none());
    }

    #[test]
    fn hosts_and_certificates_are_bounded() {
        let mut history = History::default();
        for number in 0..50 {
            history.learn("pc", 3389, shown(&number.to_string(), number));
        }
        assert_eq!(history.hosts[0].certificates.len(), MOST_OF_A_HOST);
        for number in 0..MOST_HOSTS + 10 {
            history.learn(&format!("pc-{number}"), 3389, shown("a", 0));
        }
        assert_eq!(history.hosts.len(), MOST_HOSTS);
        assert_ne!(history.hosts[0].host, "pc");
    }

    #[test]
    fn a_file_is_never_larger_than_what_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("certificates.json");
        let long = "\u{1}".repeat(MOST_OF_A_NAME);
        let mut history = History::default();
        for number in 0..MOST_HOSTS {
            let own = Shown {
                subject: long.clone(),
                issuer: long.clone(),
                ..shown("a", 0)
            };
            history.learn(&format!("pc-{number}"), 3389, own);
        }
        write(&file, &mut history).unwrap();
        assert!(fs::metadata(&file).unwrap().len() <= LARGEST);
        let kept = read(&file).unwrap();
        assert_eq!(
            kept.hosts.last().unwrap().host,
            format!("pc-{}", MOST_HOSTS - 1)
        );
    }

    #[test]
    fn what_is_written_is_read_again_and_foreign_files_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state/rdpdoctor/certificates.json");
        assert_eq!(learn(&file, "pc", 3389, shown("a", 100)), Ok(None));
        let again = learn(&file, "pc", 3389, shown("a", 200)).unwrap();
        assert_eq!(told(again).unwrap().0, CertificateChange::Same);
        assert_eq!(read(&file).unwrap().hosts[0].certificates.len(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        for foreign in ["", "[]", "{\"schema\":\"other/1\",\"hosts\":[]}"] {
            fs::write(&file, foreign).unwrap();
            let says = learn(&file, "pc", 3389, shown("a", 300)).unwrap_err();
            assert!(says.contains("--no-history"), "{says}");
            assert_eq!(fs::read_to_string(&file).unwrap(), foreign);
        }
    }

    #[test]
    fn checks_beside_each_other_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("certificates.json");
        std::thread::scope(|scope| {
            for number in 0..8 {
                let file = &file;
                scope.spawn(move || learn(file, &format!("pc-{number}"), 3389, shown("a", 1)));
            }
        });
        assert_eq!(read(&file).unwrap().hosts.len(), 8);
    }
}
