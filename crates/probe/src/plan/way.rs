//! When it is worth looking at the way itself: probes that open no connection, and so cost the host none.

use model::{Intent, Micros, Phase};

use super::view::{Unopened, View};
use super::{Order, Role, Sight};
use crate::case::Depth;
use crate::look::{Look, Route};
use crate::probes::{SIZES, TRACE};

/// Only Linux hands the ICMP errors about a packet to the socket that sent it.
const TOLD: bool = cfg!(target_os = "linux");

/// Adds the probes that were not sent.
pub(super) fn want(sight: &Sight<'_>, now: Micros, orders: &mut Vec<Order>) {
    if !TOLD || sight.options.depth == Depth::Quick {
        return;
    }
    let patience = sight.options.shortest_patience();
    for begun in sight.begun {
        let (Role::Main(index), Some(to)) = (begun.role, begun.look.to()) else {
            continue;
        };
        let view = View::of(sight, begun);
        let (done, stalls_at) = view.stalls(sight);
        // Where packets stop that are not answered.
        let silent = matches!(view.unopened, Some(Unopened::Silent));
        let full = sight.options.depth == Depth::Full;
        if full && !view.opened && done && silent && !sight.has(Role::Trace(index)) {
            orders.push(Order {
                role: Role::Trace(index),
                probe: &TRACE,
                intent: Intent::Contrast,
                says: format!("the way to {to}"),
                look: Look::Trace(Route { to, patience }),
            });
        }
        // A handshake that stalls once packets become large.
        let stalled = view.opened && view.failed() && view.silent() && (done || stalls_at <= now);
        let large = matches!(view.phase, Phase::Secure | Phase::Authenticate);
        if stalled && large && !sight.has(Role::Sizes) {
            orders.push(Order {
                role: Role::Sizes,
                probe: &SIZES,
                intent: Intent::Contrast,
                says: format!("packets of several sizes to {}", to.ip()),
                look: Look::Sizes(Route {
                    to,
                    patience: Micros(patience.0 / 4),
                }),
            });
            return;
        }
    }
}
