//! Why connections fail: the catalogue, a folder for each rung.

use crate::cause::Cause;

pub mod activate;
pub mod authenticate;
pub mod license;
pub mod negotiate;
pub mod reach;
pub mod resolve;
pub mod secure;
pub mod session;
pub mod settings;
pub mod tcp;
pub mod tunnel;

/// The causes of each rung, in ladder order.
const RUNGS: &[&[&Cause]] = &[
    resolve::CAUSES,
    reach::CAUSES,
    tcp::CAUSES,
    negotiate::CAUSES,
    secure::CAUSES,
    authenticate::CAUSES,
    tunnel::CAUSES,
    settings::CAUSES,
    license::CAUSES,
    activate::CAUSES,
    session::CAUSES,
];

/// Every cause, in ladder order.
pub static CAUSES: &[&Cause] = &flatten();

#[expect(
    clippy::indexing_slicing,
    reason = "run by the compiler: an index out of bounds does not build"
)]
const COUNT: usize = {
    let mut count = 0;
    let mut rung = 0;
    while rung < RUNGS.len() {
        count += RUNGS[rung].len();
        rung += 1;
    }
    count
};

#[expect(
    clippy::indexing_slicing,
    reason = "run by the compiler: an index out of bounds does not build"
)]
const fn flatten() -> [&'static Cause; COUNT] {
    let mut all = [RUNGS[0][0]; COUNT];
    let (mut at, mut rung) = (0, 0);
    while rung < RUNGS.len() {
        let mut place = 0;
        while place < RUNGS[rung].len() {
            all[at] = RUNGS[rung][place];
            at += 1;
            place += 1;
        }
        rung += 1;
    }
    all
}
