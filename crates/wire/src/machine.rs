//! What goes into a machine and what comes out of it. A machine opens no socket, reads no clock and
//! returns no error: a refusal, a silence and garbage are facts.

use model::codes::{CipherSuite, TlsAlert, TlsVersion};
use model::{Ending, Fact, Micros, Place};

/// What happened on a connection, as both a live driver and a capture reader can tell it.
#[derive(Clone, Debug)]
pub enum Seen<'a> {
    /// The TCP connection is open.
    Opened,
    /// Raw bytes went from the client to the server.
    Sent(&'a [u8]),
    /// Raw bytes came from the server to the client.
    Received(&'a [u8]),
    /// So many raw bytes went from the client to the server, and the capture does not hold them.
    SentUnseen(usize),
    /// So many raw bytes came from the server to the client, and the capture does not hold them.
    ReceivedUnseen(usize),
    /// Bytes went from the client to the server inside TLS.
    PlainSent(&'a [u8]),
    /// Bytes came from the server to the client inside TLS.
    PlainReceived(&'a [u8]),
    /// The TLS handshake completed.
    TlsUp(TlsUp),
    /// The TLS library could not go on.
    TlsFailed(TlsFailure),
    /// The connection ended, or the time allowed was over ([`Ending::Silence`]).
    Ended(Ending),
    /// The client itself ended the connection, as only a capture sees it.
    Left(Ending),
}

/// A completed TLS handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsUp {
    /// The version.
    pub version: TlsVersion,
    /// The suite.
    pub suite: CipherSuite,
    /// The server's certificates, encoded, its own first.
    pub certificates: Vec<Vec<u8>>,
}

/// A TLS handshake that our side could not go on with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFailure {
    /// The alert our side sent or would have sent, when there is one.
    pub alert: Option<TlsAlert>,
    /// The alert the server sent, in clear or encrypted, when that is why.
    pub received: Option<TlsAlert>,
    /// The words of the TLS library.
    pub reason: String,
}

/// What a machine wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Send these raw bytes.
    Send(Vec<u8>),
    /// Begin TLS: from here on raw bytes belong to the TLS session.
    StartTls,
    /// Send these bytes inside TLS.
    SendPlain(Vec<u8>),
    /// Begin the logon of NLA, or the set-up of a session: what is said from here on is a whole client's to
    /// say. It goes inside TLS where there is TLS.
    StartSession,
    /// At this moment hand in [`Ending::Silence`], unless another `Wake` came after this one.
    Wake(Micros),
    /// This is known.
    Fact(Place, Fact),
    /// The look is satisfied or over: close the connection.
    Done,
}
