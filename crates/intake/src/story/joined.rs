//! Attempts of several tellers on one time line: clocks held against each other, and what contradicts what.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use model::{Attempt as Look, Ending, Fact, LookId, Phase, Source, UnixMicros};

use super::{Attempt, Dated, Moment, Part, Side};
use crate::findings::Seen;

/// Attempts of one teller that are held against those of another: the last ones.
const MOST_COMPARED: usize = 200;
/// Lines of the time line: the last ones.
const MOST_LINES: usize = 1_000;
/// Clocks further apart than this (in microseconds) are not of one incident: zones reach 14 hours.
const FURTHEST: i64 = 15 * 3_600 * 1_000_000;
/// Two attempts whose offset differs by less than this (in microseconds) are taken to run on the same clocks.
const SAME_OFFSET: i64 = 4_000_000;
const DAY: i64 = 86_400 * 1_000_000;

/// What several files tell of the same attempts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Joined {
    /// Every attempt that logs tell; those of captures are told as connections. With its number: attempts of
    /// several tellers that are the same have the same number.
    pub attempts: Vec<(u32, Attempt)>,
    /// The clocks, each held against the one that the time line is written in.
    pub clocks: Vec<Clock>,
    /// What happened, in order, on one clock.
    pub lines: Vec<Line>,
    /// What contradicts what.
    pub contradictions: Vec<Contradiction>,
}

/// The clock of a teller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Whose clock.
    pub teller: String,
    /// The teller it was held against; the same for the one that the time line is written in.
    pub reference: String,
    /// How far it is ahead of that, in microseconds; `None` when nothing ties them.
    pub ahead: Option<i64>,
    /// Attempts that both tell.
    pub matched: usize,
    /// What ties them.
    pub how: Matched,
    /// How far it can be believed.
    pub dated: Dated,
}

/// What ties the attempts of two tellers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matched {
    /// Address and port of the client.
    ByPort,
    /// The same distance between several attempts.
    ByOrder,
    /// One attempt each, taken to be the same.
    Assumed,
    /// Nothing: the clock is taken to be right.
    Unmatched,
    /// It is the clock the others were held against.
    Reference,
}

/// A line of the time line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When, on the clock of the reference.
    pub at: UnixMicros,
    /// The number of the attempt.
    pub attempt: u32,
    /// The step.
    pub step: Moment,
    /// The connection of a capture it was seen on.
    pub look: Option<LookId>,
}

/// What two tellers say differently about the same attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// In words.
    pub says: String,
    /// The number of the attempt.
    pub attempt: u32,
    /// Who tells it.
    pub tellers: Vec<String>,
}

/// Joins what logs tell with the connections of captures.
pub fn join(moments: Vec<Moment>, seen: &[Seen], tried: &[Look]) -> Joined {
    let mut all = super::attempts(moments);
    all.extend(captured(seen, tried));
    shorten(&mut all);
    let mut tellers: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, attempt) in all.iter().enumerate() {
        tellers.entry(attempt.teller.clone()).or_default().push(at);
    }
    for own in tellers.values_mut() {
        own.sort_by_key(|&at| all.get(at).map(Attempt::began));
    }
    let Some(reference) = reference(&all, &tellers) else {
        return Joined::default();
    };
    let mut placed: BTreeMap<String, Clock> = BTreeMap::new();
    let mut group: BTreeMap<usize, u32> = BTreeMap::new();
    let mut next = 1_u32;
    let own = tellers.get(&reference).cloned().unwrap_or_default();
    for &at in &own {
        group.insert(at, next);
        next = next.saturating_add(1);
    }
    placed.insert(
        reference.clone(),
        Clock {
            teller: reference.clone(),
            reference: reference.clone(),
            ahead: Some(0),
            matched: own.len(),
            how: Matched::Reference,
            dated: dated(&all, &own),
        },
    );
    // Each further teller against whom of those placed it has most in common with.
    loop {
        let mut best: Option<(Estimate, String, String)> = None;
        for (teller, theirs) in &tellers {
            if placed.contains_key(teller) {
                continue;
            }
            for known in placed.keys() {
                let Some(ours) = tellers.get(known) else {
                    continue;
                };
                let Some(estimate) = estimate(&all, ours, theirs) else {
                    continue;
                };
                if best
                    .as_ref()
                    .is_none_or(|(other, ..)| estimate.rank() > other.rank())
                {
                    best = Some((estimate, teller.clone(), known.clone()));
                }
            }
        }
        let Some((estimate, teller, known)) = best else {
            break;
        };
        let base = placed
            .get(&known)
            .and_then(|clock| clock.ahead)
            .unwrap_or(0);
        let theirs = tellers.get(&teller).cloned().unwrap_or_default();
        for &(ours, theirs) in &estimate.pairs {
            if let Some(&number) = group.get(&ours) {
                group.insert(theirs, number);
            }
        }
        placed.insert(
            teller.clone(),
            Clock {
                teller,
                reference: reference.clone(),
                ahead: Some(base.saturating_add(estimate.offset)),
                matched: estimate.pairs.len(),
                how: estimate.how,
                dated: dated(&all, &theirs),
            },
        );
    }
    for (teller, own) in &tellers {
        placed.entry(teller.clone()).or_insert_with(|| Clock {
            teller: teller.clone(),
            reference: reference.clone(),
            ahead: None,
            matched: 0,
            how: Matched::Unmatched,
            dated: dated(&all, own),
        });
        for &at in own {
            group.entry(at).or_insert_with(|| {
                let number = next;
                next = next.saturating_add(1);
                number
            });
        }
    }
    let contradictions = contradictions(&all, &group, &tellers, &placed);
    let mut lines: Vec<Line> = Vec::new();
    for (at, attempt) in all.iter().enumerate() {
        let ahead = placed
            .get(&attempt.teller)
            .and_then(|clock| clock.ahead)
            .unwrap_or(0);
        let number = group.get(&at).copied().unwrap_or(0);
        lines.extend(attempt.steps.iter().map(|step| Line {
            at: UnixMicros(step.at.0.saturating_sub(ahead)),
            attempt: number,
            step: step.clone(),
            look: attempt.look,
        }));
    }
    // At the same moment a beginning comes first; otherwise in the order in which each teller wrote.
    lines.sort_by_key(|line| {
        let begins = line.step.part == Part::Opens;
        (line.at, !begins, line.attempt)
    });
    let extra = lines.len().saturating_sub(MOST_LINES);
    lines.drain(..extra);
    let attempts = all
        .into_iter()
        .enumerate()
        .filter(|(_, attempt)| attempt.look.is_none())
        .map(|(at, attempt)| (group.get(&at).copied().unwrap_or(0), attempt))
        .collect();
    let mut clocks: Vec<Clock> = placed.into_values().collect();
    clocks.sort_by_key(|clock| clock.how != Matched::Reference);
    Joined {
        attempts,
        clocks,
        lines,
        contradictions,
    }
}

/// Takes the folders from names of files, where no two are then the same.
fn shorten(all: &mut [Attempt]) {
    let tellers: BTreeSet<String> = all.iter().map(|one| one.teller.clone()).collect();
    let last = |name: &str| -> String {
        name.rsplit(['/', '\\', '!'])
            .next()
            .unwrap_or(name)
            .to_owned()
    };
    let short: BTreeSet<String> = tellers.iter().map(|name| last(name)).collect();
    if short.len() != tellers.len() || short.contains("") {
        return;
    }
    for one in all {
        one.teller = last(&one.teller);
        for step in &mut one.steps {
            step.teller.clone_from(&one.teller);
        }
    }
}

fn dated(all: &[Attempt], own: &[usize]) -> Dated {
    own.iter()
        .filter_map(|&at| all.get(at))
        .map(|one| one.dated)
        .max()
        .unwrap_or(Dated::Wholly)
}

/// The teller whose clock the time line is written in: one that tells its zone, best a capture, which has
/// the finest clock, then a server.
fn reference(all: &[Attempt], tellers: &BTreeMap<String, Vec<usize>>) -> Option<String> {
    tellers
        .iter()
        .min_by_key(|(_, own)| {
            let side = own.first().and_then(|&at| all.get(at)).map(|one| one.side);
            let order = match side {
                Some(Side::Path) => 0,
                Some(Side::Server) => 1,
                _ => 2,
            };
            (dated(all, own), order, usize::MAX - own.len())
        })
        .map(|(teller, _)| teller.clone())
}

#[derive(Debug)]
struct Estimate {
    /// How far the second clock is ahead of the first.
    offset: i64,
    pairs: Vec<(usize, usize)>,
    how: Matched,
}

impl Estimate {
    fn rank(&self) -> (bool, usize) {
        (self.how == Matched::ByPort, self.pairs.len())
    }
}

/// How the clocks of two tellers stand to each other, by the attempts that both tell.
fn estimate(all: &[Attempt], ours: &[usize], theirs: &[usize]) -> Option<Estimate> {
    let last = |own: &[usize]| -> Vec<(usize, Attempt)> {
        own.iter()
            .rev()
            .take(MOST_COMPARED)
            .rev()
            .filter_map(|&at| Some((at, all.get(at)?.clone())))
            .collect()
    };
    let (ours, theirs) = (last(ours), last(theirs));
    let mut exact = Vec::new();
    for (at, one) in &ours {
        let Some(port) = one.port else { continue };
        let same: Vec<&(usize, Attempt)> = theirs
            .iter()
            .filter(|(_, other)| other.port == Some(port) && other.from == one.from)
            .collect();
        // A port that comes twice ties nothing for certain.
        if let [(other, attempt)] = same.as_slice() {
            exact.push((*at, *other, difference(one, attempt).1));
        }
    }
    if !exact.is_empty() {
        let mut offsets: Vec<i64> = exact.iter().map(|&(.., offset)| offset).collect();
        offsets.sort_unstable();
        let offset = *offsets.get(offsets.len() / 2)?;
        return Some(Estimate {
            offset,
            pairs: exact.into_iter().map(|(a, b, _)| (a, b)).collect(),
            how: Matched::ByPort,
        });
    }
    let sides = (ours.first()?.1.side, theirs.first()?.1.side);
    if sides.0 == sides.1 {
        return None;
    }
    let mut differences: Vec<(i64, usize, usize, i64)> = Vec::new();
    for (at, one) in &ours {
        for (other_at, other) in &theirs {
            let conflict = matches!((one.from, other.from), (Some(a), Some(b)) if a != b)
                || matches!((one.port, other.port), (Some(a), Some(b)) if a != b);
            let (offset, written) = difference(one, other);
            if !conflict && offset.abs() <= FURTHEST {
                differences.push((offset, *at, *other_at, written));
            }
        }
    }
    differences.sort_unstable();
    let mut best: Vec<(usize, usize, i64, i64)> = Vec::new();
    let mut second = 0;
    let mut start = 0;
    for end in 0..differences.len() {
        let Some(&(high, ..)) = differences.get(end) else {
            break;
        };
        while differences
            .get(start)
            .is_some_and(|&(low, ..)| high - low > SAME_OFFSET)
        {
            start += 1;
        }
        let mut used = (BTreeSet::new(), BTreeSet::new());
        let window: Vec<(usize, usize, i64, i64)> = differences
            .get(start..=end)
            .unwrap_or_default()
            .iter()
            .filter(|(_, a, b, _)| {
                let new = !used.0.contains(a) && !used.1.contains(b);
                if new {
                    used.0.insert(*a);
                    used.1.insert(*b);
                }
                new
            })
            .map(|&(offset, a, b, written)| (a, b, offset, written))
            .collect();
        let nearer = |pairs: &[(usize, usize, i64, i64)]| {
            pairs
                .first()
                .map_or(i64::MAX, |(.., offset, _)| offset.abs())
        };
        let overlaps = best
            .last()
            .is_some_and(|(.., offset, _)| (high - offset).abs() <= 2 * SAME_OFFSET);
        if window.len() > best.len()
            || (window.len() == best.len() && nearer(&window) < nearer(&best))
        {
            if !overlaps {
                second = best.len();
            }
            best = window;
        } else if !overlaps {
            second = second.max(window.len());
        }
    }
    let least = ours.len().min(theirs.len());
    let how = match best.len() {
        0 => return None,
        1 if ours.len() == 1 && theirs.len() == 1 => Matched::Assumed,
        1 => return None,
        // Two distances that fit as well leave it open.
        many if many > second && many * 2 > least => Matched::ByOrder,
        _ => return None,
    };
    let mut offsets: Vec<(i64, i64)> = best
        .iter()
        .map(|&(_, _, near, written)| (near, written))
        .collect();
    offsets.sort_unstable();
    let &(_, offset) = offsets.get(offsets.len() / 2)?;
    Some(Estimate {
        offset,
        pairs: best.into_iter().map(|(a, b, ..)| (a, b)).collect(),
        how,
    })
}

/// How far the second is ahead of the first: as it counts, and as the two are written. They differ where days are
/// not told: then they are the ones that fit best.
fn difference(one: &Attempt, other: &Attempt) -> (i64, i64) {
    let written = other.began().0.saturating_sub(one.began().0);
    if one.dated != Dated::WithoutDay && other.dated != Dated::WithoutDay {
        return (written, written);
    }
    (within_a_day(written), written)
}

/// The same span without whole days, at most half a day either way.
pub fn within_a_day(span: i64) -> i64 {
    let rest = span.rem_euclid(DAY);
    if rest > DAY / 2 { rest - DAY } else { rest }
}

/// The connections of captures as attempts.
fn captured(seen: &[Seen], tried: &[Look]) -> Vec<Attempt> {
    let mut all: BTreeMap<LookId, Attempt> = BTreeMap::new();
    let ends: BTreeMap<LookId, SocketAddr> = tried
        .iter()
        .filter(|look| look.probe == "capture")
        .filter_map(|look| {
            let client = look.says.split_once(" to ")?.0.parse().ok()?;
            Some((look.look, client))
        })
        .collect();
    for one in seen {
        let observation = &one.observation;
        let (Source::Capture, Some(look), Some(at)) =
            (observation.source, observation.look, one.at)
        else {
            continue;
        };
        let Some(client) = ends.get(&look) else {
            continue;
        };
        let Some((part, label, says)) = told(&observation.fact) else {
            continue;
        };
        let attempt = all.entry(look).or_insert_with(|| Attempt {
            teller: observation.vantage.clone(),
            side: Side::Path,
            dated: Dated::Wholly,
            from: Some(client.ip().to_canonical()),
            port: Some(client.port()),
            look: Some(look),
            steps: Vec::new(),
            ties: Vec::new(),
        });
        attempt.take(Moment {
            at,
            dated: Dated::Wholly,
            teller: observation.vantage.clone(),
            file: observation.vantage.clone(),
            source: Source::Capture,
            side: Side::Path,
            tie: None,
            from: Some(client.ip().to_canonical()),
            port: Some(client.port()),
            part,
            phase: observation.place.map(|place| place.phase),
            label: label.to_owned(),
            says,
        });
    }
    all.into_values().collect()
}

/// The label of a step of a capture at which the server reset the connection.
const SERVER_RESET: &str = "reset by server";
/// The label of a step of a capture at which the server closed the connection.
const SERVER_CLOSED: &str = "closed by server";
/// The label of a step of a capture at which the client reset the connection.
const CLIENT_RESET: &str = "reset by client";
/// The label of a step of a capture at which the connection opened.
const OPENED: &str = "opened";
/// The label of a step of a capture at which nothing answered.
const SILENT: &str = "silent";

/// What a fact of a capture says of its connection.
fn told(fact: &Fact) -> Option<(Part, &'static str, String)> {
    let say = |part, label, says: &str| Some((part, label, says.to_owned()));
    match fact {
        Fact::TcpOpened { .. } => say(Part::Opens, OPENED, "the connection opened"),
        Fact::TcpRefused { .. } => say(Part::Fails, "refused", "the connection was refused"),
        Fact::TcpSilent { .. } => say(Part::Fails, SILENT, "no answer to the first packet"),
        Fact::TcpUnreachable { .. } => {
            say(Part::Fails, "unreachable", "the host could not be reached")
        }
        Fact::NegotiationChosen { chosen, .. } => Some((
            Part::Goes,
            "negotiated",
            format!("the server chose security protocol {}", chosen.0),
        )),
        Fact::NegotiationRefused { code, .. } => Some((
            Part::Fails,
            "negotiation refused",
            format!("the server refused the negotiation: {code}"),
        )),
        Fact::TlsChosen { .. } => say(Part::Goes, "ServerHello", "the server answered TLS"),
        Fact::TlsAlerted { alert, .. } => {
            Some((Part::Fails, "TLS alert", format!("a TLS alert: {alert}")))
        }
        Fact::SessionRan { .. } => say(Part::Session, "session", "data as only a session has it"),
        Fact::Ended { how, .. } => {
            let (label, says) = match how {
                Ending::Reset => (SERVER_RESET, "the server's side reset the connection"),
                Ending::Closed => (
                    SERVER_CLOSED,
                    "the server closed the connection in good order",
                ),
                Ending::Silence => (SILENT, "nothing more came from the server"),
                Ending::Unreachable => ("unreachable", "an ICMP error ended the connection"),
            };
            say(Part::Fails, label, says)
        }
        Fact::ClientEnded { how, .. } => match how {
            Ending::Reset => say(Part::Ends, CLIENT_RESET, "the client reset the connection"),
            _ => say(
                Part::Ends,
                "closed by client",
                "the client closed the connection",
            ),
        },
        _ => None,
    }
}

/// A moment of a log says that its side saw a reset.
fn saw_reset(step: &Moment) -> bool {
    step.source != Source::Capture && step.label.ends_with("TCP_RESET")
}

/// What the tellers of one attempt say differently.
fn contradictions(
    all: &[Attempt],
    group: &BTreeMap<usize, u32>,
    tellers: &BTreeMap<String, Vec<usize>>,
    clocks: &BTreeMap<String, Clock>,
) -> Vec<Contradiction> {
    let mut members: BTreeMap<u32, Vec<&Attempt>> = BTreeMap::new();
    for (&at, &number) in group {
        members.entry(number).or_default().extend(all.get(at));
    }
    let has = |one: &Attempt, label: &str| one.steps.iter().any(|step| step.label == label);
    let mut found = Vec::new();
    for (&number, same) in &members {
        let on = |side| same.iter().copied().filter(move |one| one.side == side);
        let mut say = |says: String, tellers: &[&Attempt]| {
            found.push(Contradiction {
                says,
                attempt: number,
                tellers: tellers.iter().map(|one| one.teller.clone()).collect(),
            });
        };
        for client in on(Side::Client) {
            for path in on(Side::Path) {
                let reset = client.steps.iter().any(saw_reset);
                if reset && !has(path, SERVER_RESET) {
                    let instead = if has(path, SERVER_CLOSED) {
                        "the server closed it in good order"
                    } else if has(path, CLIENT_RESET) {
                        "the only reset comes from the client's side"
                    } else {
                        "no reset at all"
                    };
                    say(
                        format!(
                            "{} says that the other end reset the connection; in {} the server sent none ({instead}): it \
                             was made between the place of that capture and the client",
                            client.teller, path.teller,
                        ),
                        &[client, path],
                    );
                }
            }
            for server in on(Side::Server) {
                let early = client.steps.iter().find(|step| {
                    step.part == Part::Fails
                        && step.phase.is_some_and(|phase| phase <= Phase::Secure)
                });
                if let Some(step) = early
                    && server.reached_session()
                    && !client.reached_session()
                {
                    say(
                        format!(
                            "{} tells of a session, and {} of a failure before the logon ({}): what the server talks to \
                             is not this client, or the two were matched wrongly",
                            server.teller, client.teller, step.says
                        ),
                        &[client, server],
                    );
                }
            }
        }
        let captures: Vec<&Attempt> = on(Side::Path).collect();
        for (at, one) in captures.iter().enumerate() {
            for other in captures.iter().skip(at + 1) {
                for (here, there) in [(one, other), (other, one)] {
                    if has(here, SERVER_RESET) && !has(there, SERVER_RESET) {
                        say(
                            format!(
                                "{} shows a reset from the server's side, and {} shows that the server sent none: \
                                 something between the two places made it",
                                here.teller, there.teller
                            ),
                            &[here, there],
                        );
                    }
                    if has(here, SILENT) && has(there, OPENED) && !has(here, OPENED) {
                        say(
                            format!(
                                "{} shows the server's answers, and none of them arrives in {}: they are dropped \
                                 between the two places",
                                there.teller, here.teller
                            ),
                            &[here, there],
                        );
                    }
                }
            }
        }
        // A server that logs every connection, and not this one.
        for (teller, own) in tellers {
            let logged: Vec<&Attempt> = own.iter().filter_map(|&at| all.get(at)).collect();
            let Some(clock) = clocks.get(teller) else {
                continue;
            };
            let (Some(first), Some(last)) = (logged.first(), logged.last()) else {
                continue;
            };
            let sure = matches!(
                clock.how,
                Matched::ByPort | Matched::ByOrder | Matched::Reference
            );
            if first.side != Side::Server || !sure || same.iter().any(|one| one.teller == *teller) {
                continue;
            }
            let opened = same.iter().find(|one| {
                one.side == Side::Path && has(one, OPENED)
                    || one.side == Side::Client
                        && one.steps.iter().any(|step| {
                            step.part != Part::Opens
                                && step.phase.is_some_and(|phase| phase > Phase::Tcp)
                        })
            });
            let Some(opened) = opened else { continue };
            let Some(ours) = clocks.get(&opened.teller).and_then(|clock| clock.ahead) else {
                continue;
            };
            let at = opened
                .began()
                .0
                .saturating_sub(ours)
                .saturating_add(clock.ahead.unwrap_or(0));
            let related = tellers.iter().any(|(other, _)| {
                other != teller && *other == opened.teller && shares(group, tellers, teller, other)
            });
            // One of about that time that was matched with nothing may be this one.
            let maybe = logged
                .iter()
                .any(|one| (one.began().0 - at).abs() < 2 * SAME_OFFSET);
            if related && !maybe && at > first.began().0 && at < last.began().0 {
                say(
                    format!(
                        "{} shows a connection that opened ({}), and {teller} holds nothing of it, though it tells of \
                         others before and after: it did not come to that service, or something before it answered",
                        opened.teller,
                        opened
                            .client()
                            .unwrap_or_else(|| "of a client that is not named".to_owned()),
                    ),
                    &[opened],
                );
            }
        }
    }
    found
}

/// Two tellers have an attempt in common.
fn shares(
    group: &BTreeMap<usize, u32>,
    tellers: &BTreeMap<String, Vec<usize>>,
    one: &str,
    other: &str,
) -> bool {
    let numbers = |teller: &str| -> BTreeSet<u32> {
        tellers
            .get(teller)
            .into_iter()
            .flatten()
            .filter_map(|at| group.get(at).copied())
            .collect()
    };
    !numbers(one).is_disjoint(&numbers(other))
}

impl Joined {
    /// Attempts told by several.
    pub fn common(&self) -> usize {
        let mut tellers: BTreeMap<u32, BTreeSet<&str>> = BTreeMap::new();
        for line in &self.lines {
            tellers
                .entry(line.attempt)
                .or_default()
                .insert(&line.step.teller);
        }
        tellers.values().filter(|told| told.len() > 1).count()
    }

    /// Nothing was joined and nothing is to be told.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}
