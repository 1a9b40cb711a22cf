//! What is kept of sessions of TLS between two looks at a host, so that the second can take one up again.

use std::sync::{Arc, Mutex, PoisonError};

use model::Micros;
use model::codes::TlsVersion;
use wire::tls::{Kept, Resume};

/// Sessions that looks of one case kept, the latest of each version.
#[derive(Clone, Debug, Default)]
pub struct Sessions(Arc<Mutex<Vec<(Kept, Micros)>>>);

/// What a look does with them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SessionUse {
    /// Nothing.
    #[default]
    None,
    /// Where TLS 1.3 is the last that is looked at, it waits so long for the server's word on our end of the handshake,
    /// which comes behind it (RFC 8446 section 4.4.2.4).
    Settle(Micros),
    /// It keeps the session that it makes, and waits so long for one to be given.
    Keep(Micros),
    /// It takes up the one that was kept of its version.
    Resume,
}

impl Sessions {
    /// Keeps a session, as a TLS library wrote it down at this moment; its version, when it can be taken up again.
    pub(crate) fn keep(&self, written: &[u8], now: Micros) -> Option<TlsVersion> {
        let kept = Kept::read(written).filter(Kept::is_resumable)?;
        let version = kept.version;
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|(own, _)| own.version != version);
        sessions.push((kept, now));
        Some(version)
    }

    /// The session of a version, with its age at this moment.
    pub(crate) fn of(&self, version: TlsVersion, now: Micros) -> Option<Resume> {
        let sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (session, since) = sessions.iter().find(|(own, _)| own.version == version)?;
        Some(Resume {
            session: session.clone(),
            age: u32::try_from(now.since(*since).as_millis()).unwrap_or(u32::MAX),
        })
    }
}
