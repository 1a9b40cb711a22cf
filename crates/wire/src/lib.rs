//! RDP and its neighbours as bytes: codecs and sans-IO machines.
//!
//! Codecs read from bytes that may end or be damaged anywhere and write well-formed messages, for the
//! client and the server side alike. [`machine`] says what goes into a machine and what comes out.

#![warn(missing_docs)]

mod ber;
pub mod certificate;
pub mod climb;
pub mod credssp;
mod cursor;
mod decoders;
pub mod dns;
pub mod dtls;
pub mod http;
pub mod kerberos;
pub mod machine;
pub mod mcs;
pub mod ntlm;
pub mod rdpeudp;
pub mod rpch;
pub mod service;
pub mod settings;
pub mod share;
pub mod socks;
pub mod spnego;
pub mod tls;
pub mod tsgu;
pub mod watch;
pub mod websocket;
pub mod x224;

pub use cursor::Read;
pub use decoders::{DECODERS, Decoder};
