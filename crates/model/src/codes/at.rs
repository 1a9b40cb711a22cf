//! Short names of places, for the tables.

use crate::ladder::{Leg, Phase, Place};

pub const ANY: Option<Place> = None;
pub const RESOLVE: Option<Place> = Some(Place::host(Phase::Resolve));
pub const TCP: Option<Place> = Some(Place::host(Phase::Tcp));
pub const LISTEN: Option<Place> = TCP;
pub const NEGOTIATE: Option<Place> = Some(Place::host(Phase::Negotiate));
pub const SECURE: Option<Place> = Some(Place::host(Phase::Secure));
pub const AUTHENTICATE: Option<Place> = Some(Place::host(Phase::Authenticate));
pub const SETTINGS: Option<Place> = Some(Place::host(Phase::Settings));
pub const LICENSE: Option<Place> = Some(Place::host(Phase::License));
pub const ACTIVATE: Option<Place> = Some(Place::host(Phase::Activate));
pub const SESSION: Option<Place> = Some(Place::host(Phase::Session));
pub const GATEWAY_LOGON: Option<Place> = on(Leg::Gateway, Phase::Authenticate);
pub const GATEWAY_SECURE: Option<Place> = on(Leg::Gateway, Phase::Secure);
pub const TUNNEL: Option<Place> = on(Leg::Gateway, Phase::Tunnel);
pub const BROKER: Option<Place> = on(Leg::Broker, Phase::Session);
pub const SIDE: Option<Place> = on(Leg::Side, Phase::Reach);

const fn on(leg: Leg, phase: Phase) -> Option<Place> {
    Some(Place { leg, phase })
}
