//! A server and a link that misbehave on purpose, and the scenarios that use them.
//!
//! A [`scenario`] says what a client meets, from its name's resolution to CredSSP, and what the doctor has
//! to find. A [`server`] and the [`toxics`] of the link play it without sockets; a [`line::Line`] is both
//! in one. [`loopback`] serves it to whoever dials. A [`middle::Middle`] sits before a real server and damages
//! what passes; [`proxy`] serves that. A [`gateway`] stands before a server
//! as an RD Gateway does, a [`forwarder`] as a proxy does; [`front::serve`] serves both.

pub mod answers;
mod carry;
pub mod certificate;
pub mod chance;
mod door;
pub mod forwarder;
pub mod front;
pub mod gateway;
pub mod http;
pub mod line;
pub mod loopback;
pub mod middle;
pub mod ntlm;
pub mod proxy;
pub mod scenario;
pub mod server;
pub mod side;
pub mod toxics;

pub use tls::KeyLog;
