//! What mends: a folder for each side.

use crate::remedy::Remedy;

pub mod client;
pub mod domain;
pub mod gateway;
pub mod name_service;
pub mod network;
pub mod server;

/// The remedies of each side.
const SIDES: &[&[&Remedy]] = &[
    client::REMEDIES,
    network::REMEDIES,
    server::REMEDIES,
    gateway::REMEDIES,
    name_service::REMEDIES,
    domain::REMEDIES,
];

/// Every remedy, side by side.
pub static REMEDIES: &[&Remedy] = &flatten();

#[expect(
    clippy::indexing_slicing,
    reason = "run by the compiler: an index out of bounds does not build"
)]
const COUNT: usize = {
    let mut count = 0;
    let mut side = 0;
    while side < SIDES.len() {
        count += SIDES[side].len();
        side += 1;
    }
    count
};

#[expect(
    clippy::indexing_slicing,
    reason = "run by the compiler: an index out of bounds does not build"
)]
const fn flatten() -> [&'static Remedy; COUNT] {
    let mut all = [SIDES[0][0]; COUNT];
    let (mut at, mut side) = (0, 0);
    while side < SIDES.len() {
        let mut place = 0;
        while place < SIDES[side].len() {
            all[at] = SIDES[side][place];
            at += 1;
            place += 1;
        }
        side += 1;
    }
    all
}
