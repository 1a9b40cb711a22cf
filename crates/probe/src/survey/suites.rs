//! Which versions, suites, groups and signatures of TLS a server takes, and whose order decides.
//!
//! A server answers a hello with the suite it likes best of those offered, so each answer tells one suite, and
//! offering the others next tells the next one. To ask for twenty suites one after the other takes twenty times
//! three round trips. So the suites stand in the order in which servers commonly like them, and one question for
//! each likely suite is asked side by side: it offers that suite, and behind it all later ones. A server with the
//! common order answers each with its own suite, all in the time of one question; and each answer also says that the
//! pick is liked better than everything behind it, so that the server's order comes out of the same answers. One
//! question has the order turned round: a server that then picks another suite follows the order of its client.
//! Curves are asked for in the same way.
//!
//! What no server of that kind is likely to have is asked together, in one question, and only a pick opens its
//! rows. A refusal proves for all suites that were offered that the server takes none of them; what neither was
//! picked nor is proven is asked in one last question. Where that finds one more, the server has an order of its
//! own, and each likely suite that is left is asked for by itself.
//!
//! It is long because a row, what is asked of it and what its answers prove are one state.

use std::cmp::Reverse;

use model::codes::{CipherSuite, TlsGroup, TlsSignature, TlsVersion};
use model::{Ending, Fact, KeyKind, LookId, Message, SuiteOrder, TlsRefusal};
use wire::tls::{Hello, Survey};

use super::handshakes;
use super::kinds::{
    Auth, Cipher, Exchange, Kind, REST, Segment, is_weak, kind, kind_of_curves, ordered, segment,
    weak,
};
use super::offers::Rider;
use crate::look::Look;
use crate::plan::{Begun, Role, Sight};

/// A row of questions: one waits for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// The only version offered.
    pub version: TlsVersion,
    /// What is asked.
    pub part: Part,
}

/// What a row asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Is the version spoken at all? Everything usual is offered, once.
    Whole,
    /// The suite at this place of those that clients of today offer, and behind it all later ones.
    Usual(u8),
    /// This suite by itself.
    Alone(u8),
    /// Those of them that need another key, or that few servers have; before TLS 1.2 everything rare and weak too.
    Other,
    /// Everything that hardly anybody offers, once.
    Exotics,
    /// A segment of these, when one was picked.
    Exotic(u8),
    /// The suite at this place of a segment that turned out to be had, and behind it the later ones of the segment.
    Rare(u8),
    /// Without encryption or authentication, with export keys, RC2, RC4, IDEA, SEED or single DES.
    Weak,
    /// Everything in the reverse order, once.
    Reversed,
    /// What was neither picked nor refused.
    Left,
    /// The curve at this place, and behind it all later ones.
    Curve(u8),
    /// Groups of this kind, without those that were seen.
    Groups(GroupKind),
    /// Signatures with SHA-1 alone, once.
    Sha1,
}

/// Kinds of groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupKind {
    /// Elliptic curves.
    Curves,
    /// Finite fields: one is enough to know.
    Fields,
    /// Those that withstand quantum computers.
    Quantum,
}

/// Versions, most telling first.
pub(super) const VERSIONS: [TlsVersion; 5] = [
    TlsVersion::TLS1_2,
    TlsVersion::TLS1_3,
    TlsVersion::TLS1_0,
    TlsVersion::TLS1_1,
    TlsVersion::SSL3,
];

/// Places of the usual suites.
const USUAL: u8 = 96;
/// Segments of the exotic suites; the last holds what no server has.
const EXOTIC: u8 = REST + 1;
/// Places of all suites of a version that are not weak.
const RARE: u8 = u8::MAX;

const CURVES: &[u16] = &[0x001D, 0x0017, 0x0018, 0x0019];
const FIELDS: &[u16] = &[0x0100, 0x0101, 0x0102];
const QUANTUM: &[u16] = &[0x11EC, 0x11EB, 0x11ED];
/// What a server's own groups are looked for with: everything that may be needed to answer at all.
const GROUPS: &[u16] = &[0x001D, 0x0017, 0x0018, 0x0019, 0x001E];

/// Signature algorithms in an order that is turned from question to question.
const SIGNATURES: [u16; 12] = [
    0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0403, 0x0503, 0x0603, 0x0203, 0x0201, 0x0202,
];
const SHA1_SIGNATURES: [u16; 3] = [0x0201, 0x0203, 0x0202];

impl Part {
    /// It asks for what hardly anybody offers.
    const fn is_rare(self) -> bool {
        matches!(
            self,
            Self::Exotic(_) | Self::Rare(_) | Self::Alone(_) | Self::Left
        )
    }
}

impl GroupKind {
    const fn groups(self) -> &'static [u16] {
        match self {
            Self::Curves => CURVES,
            Self::Fields => FIELDS,
            Self::Quantum => QUANTUM,
        }
    }
}

/// What a question came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// It is under way.
    Runs,
    /// The server picked this suite, of the version asked for.
    Picked(CipherSuite),
    /// It wants none of those offered.
    Refused,
    /// No answer, or one that tells nothing.
    Nothing,
}

/// A question of a survey and its answer.
#[derive(Clone, Debug)]
struct Asked {
    row: Row,
    offered: Vec<CipherSuite>,
    outcome: Outcome,
    groups: Vec<u16>,
    group: Option<TlsGroup>,
    refusal: Option<TlsRefusal>,
    /// Another question went along with it.
    carries: bool,
}

/// Everything asked so far.
pub(crate) struct Known {
    asked: Vec<Asked>,
    /// Questions that were never put, because what went along with them led to no TLS.
    void: Vec<Row>,
    /// Keys the server is known to have.
    rsa: bool,
    ecdsa: bool,
    /// The version that a whole handshake came to.
    established: Option<TlsVersion>,
    /// What the picks are made of.
    picked: Vec<Kind>,
    /// The picks of each version.
    found: Vec<(TlsVersion, Vec<CipherSuite>)>,
}

/// Connections that questions about rare suites leave for what is asked after everything else.
const LEFT_FOR_THE_LAST: usize = 2;
/// Questions about weak suites that are asked before the rare ones: a server that has more has all of them.
const WEAK_AT_FIRST: usize = 3;
/// Further connections they leave while others are asked: questions that nobody foresees.
const LEFT_MEANWHILE: usize = 12;

/// Every next question, most telling first.
pub(super) fn roles(sight: &Sight<'_>, known: &Known) -> Vec<Role> {
    let mut roles = Vec::new();
    let mut wanted = |versions: &[TlsVersion], parts: &dyn Fn() -> Vec<Part>| {
        for &version in versions {
            let rows = parts().into_iter().map(|part| Row { version, part });
            let rows = rows
                .filter(|row| row.part != Part::Weak || known.rows(*row).count() < WEAK_AT_FIRST);
            roles.extend(rows.filter_map(|row| known.role(row)));
        }
    };
    wanted(&VERSIONS, &|| {
        let first = [Part::Whole].into_iter();
        first
            .chain((0..USUAL).map(Part::Usual))
            .chain([Part::Reversed, Part::Other, Part::Exotics, Part::Weak])
            .collect()
    });
    // What beside suites: of the newest version, and of TLS 1.2 what TLS 1.3 encrypts.
    let newest = known.newest();
    wanted(newest.as_slice(), &|| {
        let kinds = [GroupKind::Fields, GroupKind::Quantum, GroupKind::Curves];
        let curves = (0..CURVES.len()).filter_map(|place| u8::try_from(place).ok());
        curves
            .map(Part::Curve)
            .chain(kinds.map(Part::Groups))
            .collect()
    });
    wanted(&[TlsVersion::TLS1_2], &|| vec![Part::Sha1]);
    // Rare suites are many where there are any, and no client needs them: they get what the others leave.
    let runs = known
        .asked
        .iter()
        .filter(|asked| asked.outcome == Outcome::Runs && !asked.row.part.is_rare())
        .count();
    let used = sight.begun.iter().filter(|begun| begun.look.connects());
    let needed = used
        .count()
        .saturating_add(known.likely_to_come())
        .saturating_add(handshakes::to_come(sight, known))
        .saturating_add(LEFT_FOR_THE_LAST);
    let waits = !roles.is_empty() || runs > 0;
    let room = sight.options.connections.saturating_sub(needed);
    let room = if waits {
        room.saturating_sub(LEFT_MEANWHILE)
    } else {
        room
    };
    let rare = VERSIONS.into_iter().flat_map(|version| {
        let alone = (0..USUAL).map(Part::Alone);
        alone
            .chain([Part::Left])
            .chain((0..EXOTIC).map(Part::Exotic))
            .chain((0..RARE).map(Part::Rare))
            .chain([Part::Weak])
            .map(move |part| Row { version, part })
    });
    let rare =
        rare.filter(|row| row.part != Part::Weak || known.rows(*row).count() >= WEAK_AT_FIRST);
    roles.extend(rare.filter_map(|row| known.role(row)).take(room));
    roles
}

/// What goes along with the first question of this row, where it was not asked elsewhere.
pub(crate) fn rider(sight: &Sight<'_>, known: &Known, row: Row, step: u16) -> Option<Rider> {
    let place = known.carriers().position(|own| own == row)?;
    let rider = super::offers::riders(sight).get(place).copied()?;
    (step == 0 && !super::offers::is_asked(sight, rider)).then_some(rider)
}

/// What goes along with questions that are under way or still to come.
pub(super) fn carried(sight: &Sight<'_>, known: &Known) -> Vec<Rider> {
    let riders = super::offers::riders(sight);
    let carries = |row: &Row| {
        let mut begun = sight.begun.iter();
        let own = |begun: &&Begun| matches!(begun.role, Role::Pick { row: own, .. } if own == *row);
        match begun.find(own) {
            Some(begun) => !begun.is_over(),
            None => known.next(*row).is_some(),
        }
    };
    let pairs = known.carriers().zip(riders);
    pairs
        .filter(|(row, _)| carries(row))
        .map(|(_, rider)| rider)
        .collect()
}

/// The hello of the next question of a row.
pub(crate) fn hello(known: &Known, row: Row, server_name: Option<String>) -> Hello {
    let mut signatures: Vec<TlsSignature> = SIGNATURES.map(TlsSignature).to_vec();
    if let Part::Usual(place) = row.part {
        signatures.rotate_left(usize::from(place) % 6);
    }
    let mut survey = Survey {
        signatures,
        ticket: true,
        compression: row.part == Part::Reversed,
        ..Survey::default()
    };
    let mut groups = GROUPS.to_vec();
    match row.part {
        Part::Groups(kind) => {
            groups = known.groups(row.version, kind);
            survey.without_share = true;
        }
        Part::Curve(place) => {
            groups = CURVES.iter().skip(place.into()).copied().collect();
            survey.without_share = true;
        }
        Part::Sha1 => survey.signatures = SHA1_SIGNATURES.map(TlsSignature).to_vec(),
        // Protocols that no Remote Desktop server speaks: one that takes them is something else.
        Part::Reversed => survey.applications = ["h2", "http/1.1"].map(str::to_owned).to_vec(),
        _ => {}
    }
    Hello {
        server_name,
        suites: known.next(row).unwrap_or_default(),
        groups,
        survey,
        ..Hello::classic(row.version, row.version)
    }
}

impl Known {
    pub(crate) fn of(sight: &Sight<'_>) -> Self {
        let offers = super::tls_offers(sight);
        let mut known = Self {
            asked: Vec::new(),
            void: Vec::new(),
            rsa: false,
            ecdsa: false,
            established: None,
            picked: Vec::new(),
            found: Vec::new(),
        };
        for begun in sight.begun {
            if let (Role::Pick { row, .. }, Look::Climb(ascent)) = (begun.role, &begun.look) {
                known.asked.push(Asked {
                    row,
                    offered: ascent
                        .wish
                        .hello
                        .as_ref()
                        .map(|hello| hello.suites.clone())
                        .unwrap_or_default(),
                    outcome: match begun.ended {
                        Some(_) => Outcome::Nothing,
                        None => Outcome::Runs,
                    },
                    groups: ascent
                        .wish
                        .hello
                        .as_ref()
                        .map(|hello| hello.groups.clone())
                        .unwrap_or_default(),
                    group: None,
                    refusal: None,
                    carries: ascent.wish.offers != offers
                        || ascent.wish.routing_token.is_some()
                        || ascent.wish.correlation.is_some(),
                });
            }
        }
        let looks: Vec<LookId> = sight
            .begun
            .iter()
            .filter(|begun| matches!(begun.role, Role::Pick { .. }))
            .map(|begun| begun.id)
            .collect();
        for seen in &sight.evidence.seen {
            match &seen.fact {
                Fact::CertificateSeen { certificate, .. } => match certificate.key {
                    KeyKind::Rsa => known.rsa = true,
                    KeyKind::Ec => known.ecdsa = true,
                    _ => {}
                },
                Fact::TlsEstablished { version, .. } => {
                    known.established.get_or_insert(*version);
                }
                _ => {}
            }
            // Looks are numbered as they are begun.
            let at = seen.look.and_then(|look| looks.binary_search(&look).ok());
            if let Some(asked) = at.and_then(|at| known.asked.get_mut(at)) {
                asked.learn(&seen.fact);
            }
        }
        let is_void = |asked: &Asked| asked.carries && asked.outcome == Outcome::Nothing;
        let void = known.asked.iter().filter(|asked| is_void(asked));
        known.void = void.map(|asked| asked.row).collect();
        known.asked.retain(|asked| !is_void(asked));
        for asked in &known.asked {
            if let Outcome::Picked(suite) = asked.outcome {
                let kind = kind(suite);
                match kind.auth {
                    Auth::Rsa => known.rsa = true,
                    Auth::Ecdsa => known.ecdsa = true,
                    Auth::Other => {}
                }
                if !known.picked.contains(&kind) {
                    known.picked.push(kind);
                }
            }
        }
        for version in VERSIONS {
            let found = found(known.of_version(version));
            known.found.push((version, found));
        }
        known
    }

    /// The next question of a row as a role; `None` while one is under way, and when nothing is left to ask.
    fn role(&self, row: Row) -> Option<Role> {
        self.next(row)?;
        let void = self.void.iter().filter(|void| **void == row);
        let step = u16::try_from(self.rows(row).count().saturating_add(void.count())).ok()?;
        Some(Role::Pick { row, step })
    }

    /// Questions that are put to nearly every server, in the order in which others go along with them.
    fn carriers(&self) -> impl Iterator<Item = Row> + '_ {
        let implied = TlsVersion::TLS1_2;
        let presumed = self.established >= Some(implied);
        let unknown = move |version: &TlsVersion| {
            self.established != Some(*version) && !(presumed && *version == implied)
        };
        let whole = VERSIONS.into_iter().filter(unknown);
        let whole = whole.map(|version| (version, Part::Whole));
        let rare = presumed.then_some((implied, Part::Exotics));
        whole
            .chain(rare)
            .map(|(version, part)| Row { version, part })
    }

    fn rows(&self, row: Row) -> impl Iterator<Item = &Asked> + Clone {
        self.asked.iter().filter(move |asked| asked.row == row)
    }

    fn of_version(&self, version: TlsVersion) -> impl Iterator<Item = &Asked> + Clone {
        self.asked
            .iter()
            .filter(move |asked| asked.row.version == version)
    }

    fn found(&self, version: TlsVersion) -> &[CipherSuite] {
        let own = self.found.iter().find(|(own, _)| *own == version);
        own.map_or(&[], |(_, found)| found)
    }

    /// The server speaks the version, as far as is known.
    pub(super) fn speaks(&self, version: TlsVersion) -> bool {
        self.established == Some(version) || !self.found(version).is_empty()
    }

    /// The newest version it speaks, once that is known.
    fn newest(&self) -> Option<TlsVersion> {
        let whole = Row {
            version: TlsVersion::TLS1_3,
            part: Part::Whole,
        };
        if self.speaks(TlsVersion::TLS1_3) {
            return Some(TlsVersion::TLS1_3);
        }
        let mut asked = self.rows(whole);
        let refused = asked.any(|asked| asked.outcome != Outcome::Runs);
        (refused && self.speaks(TlsVersion::TLS1_2)).then_some(TlsVersion::TLS1_2)
    }

    /// Whether the rows of a version are asked before one question told that it is spoken. Nearly every server
    /// with TLS 1.3 has TLS 1.2.
    fn presumed(&self, version: TlsVersion) -> bool {
        match version {
            TlsVersion::TLS1_2 => {
                let newer = self.established.is_some_and(|known| known >= version);
                // A refusal of what clients offer first says that there is no TLS 1.2.
                newer
                    && first_usual(&self.asked, version)
                        .is_none_or(|first| first.outcome != Outcome::Refused)
            }
            _ => self.established == Some(version),
        }
    }

    /// The suite goes with the server's key and with how it exchanges keys.
    fn fits(&self, suite: CipherSuite) -> bool {
        let kind = kind(suite);
        let key = match kind.auth {
            Auth::Rsa => self.rsa || !self.ecdsa,
            Auth::Ecdsa => self.ecdsa,
            Auth::Other => false,
        };
        let mut picked = self.picked.iter();
        key && match kind.exchange {
            Exchange::Ecdhe | Exchange::Rsa => true,
            Exchange::Dhe => picked.any(|own| own.exchange == Exchange::Dhe),
            Exchange::Other => false,
        }
    }

    /// The segment of a rare suite that some servers have and this one could, by its key.
    fn rare(&self, version: TlsVersion, suite: CipherSuite) -> Option<u8> {
        match segment(version, suite) {
            Some(Segment::Exotic(number)) if number != REST && self.fits(suite) => Some(number),
            _ => None,
        }
    }

    fn likely(&self, version: TlsVersion, suite: CipherSuite) -> bool {
        if version >= TlsVersion::TLS1_3 {
            return segment(version, suite) == Some(Segment::Usual(0));
        }
        let kind = kind(suite);
        let key = match kind.auth {
            Auth::Rsa => self.rsa || !self.ecdsa,
            Auth::Ecdsa => self.ecdsa,
            Auth::Other => false,
        };
        let picked = |same: &dyn Fn(&Kind) -> bool| self.picked.iter().any(same);
        let exchange = match kind.exchange {
            Exchange::Ecdhe | Exchange::Rsa => true,
            Exchange::Dhe => {
                picked(&|own| own.exchange == Exchange::Dhe && own.cipher == kind.cipher)
            }
            Exchange::Other => false,
        };
        let cipher = match kind.cipher {
            Cipher::Aead | Cipher::Cbc => true,
            Cipher::TripleDes => {
                picked(&|own| own.cipher == Cipher::TripleDes && own.exchange == kind.exchange)
            }
            Cipher::ExoticAead | Cipher::ExoticCbc | Cipher::Other => false,
        };
        key && exchange && cipher
    }

    /// Connections that questions about likely suites may still take.
    fn likely_to_come(&self) -> usize {
        VERSIONS
            .into_iter()
            .flat_map(|version| {
                (0..USUAL)
                    .map(Part::Usual)
                    .chain([Part::Other])
                    .map(move |part| Row { version, part })
            })
            .filter(|row| self.next(*row).is_some())
            .count()
    }

    /// The suites of the next question of a row.
    fn next(&self, row: Row) -> Option<Vec<CipherSuite>> {
        let version = row.version;
        if let Part::Usual(place) | Part::Alone(place) = row.part {
            ordered(version)
                .get(usize::from(place))
                .filter(|suite| is_usual(version, suite) && self.likely(version, **suite))?;
        }
        if let Part::Rare(place) = row.part {
            let suite = ordered(version).get(usize::from(place))?;
            self.rare(version, *suite)?;
        }
        let last = self.rows(row).last();
        if last.is_some_and(|last| !matches!(last.outcome, Outcome::Picked(_))) {
            return None;
        }
        let pick = last.and_then(|last| match last.outcome {
            Outcome::Picked(suite) => Some(suite),
            _ => None,
        });
        let found = self.found(version);
        let open = self.presumed(version) || !found.is_empty();
        let all = ordered(version);
        let unfound = |suite: &CipherSuite| !found.contains(suite);
        let once = |suites: Vec<CipherSuite>| (pick.is_none() && open).then_some(suites);
        let suites: Vec<CipherSuite> = match row.part {
            Part::Whole => {
                if pick.is_some() || self.presumed(version) || !found.is_empty() {
                    return None;
                }
                all.to_vec()
            }
            // The questions about curves ask for its suites, too.
            Part::Usual(_) if version >= TlsVersion::TLS1_3 => return None,
            Part::Usual(place) if open => {
                let place = usize::from(place);
                let own = all.get(place)?;
                // What was found in another question is offered once more, for its place in the order.
                let for_its_place = kind(*own).cipher == Cipher::TripleDes;
                if pick.is_some() || !(unfound(own) || for_its_place) {
                    return None;
                }
                let behind = all.iter().skip(place);
                behind
                    .filter(|suite| is_usual(version, suite))
                    .copied()
                    .collect()
            }
            Part::Alone(place) if open => {
                let own = all.get(usize::from(place))?;
                // The last question found one more: the server has an order of its own.
                let mut rows = self.of_version(version);
                let out_of_order = rows.any(|asked| {
                    asked.row.part == Part::Left && matches!(asked.outcome, Outcome::Picked(_))
                });
                if pick.is_some()
                    || !out_of_order
                    || !unfound(own)
                    || proven(self.of_version(version)).contains(own)
                {
                    return None;
                }
                vec![*own]
            }
            Part::Rare(place) if open => {
                let place = usize::from(place);
                let own = all.get(place)?;
                let number = self.rare(version, *own)?;
                // Its first answer said that the segment is had.
                let mut first = self.rows(Row {
                    version,
                    part: Part::Exotic(number),
                });
                let had = first.any(|asked| matches!(asked.outcome, Outcome::Picked(_)));
                if pick.is_some()
                    || !had
                    || !unfound(own)
                    || proven(self.of_version(version)).contains(own)
                {
                    return None;
                }
                let behind = all.iter().skip(place);
                behind
                    .filter(|suite| self.rare(version, **suite) == Some(number))
                    .copied()
                    .collect()
            }
            Part::Exotic(number) if open => {
                // Once the segment is known to be had, its suites are asked for side by side.
                let beside = |place: usize, suite: CipherSuite| {
                    let part = u8::try_from(place).map(Part::Rare);
                    self.rare(version, suite) == Some(number)
                        && part.is_ok_and(|part| {
                            let row = Row { version, part };
                            let mut asked = self.rows(row);
                            asked.any(|asked| asked.outcome == Outcome::Runs)
                                || self.next(row).is_some()
                        })
                };
                let mut places = all.iter().enumerate();
                if pick.is_some() && places.any(|(place, suite)| beside(place, *suite)) {
                    return None;
                }
                let exotic = |suite: &&CipherSuite| {
                    matches!(segment(version, **suite), Some(Segment::Exotic(_)))
                };
                let proven = proven(self.of_version(version));
                // A pick opens every row.
                if !found.iter().any(|suite| exotic(&suite)) {
                    return None;
                }
                // What does not go with the server's key or exchange stands with what nobody has.
                let own = |suite: &&CipherSuite| {
                    let place = match segment(version, **suite) {
                        Some(Segment::Exotic(place)) if self.fits(**suite) => place,
                        Some(Segment::Exotic(_)) => REST,
                        _ => return false,
                    };
                    place == number && unfound(suite) && !proven.contains(suite)
                };
                all.iter().filter(own).copied().collect()
            }
            Part::Other if open => {
                let old = version < TlsVersion::TLS1_2;
                let rare = |suite: &CipherSuite| {
                    old || matches!(segment(version, *suite), Some(Segment::Usual(_)))
                };
                let weak = if old { weak(version) } else { &[] };
                all.iter()
                    .chain(weak)
                    .filter(|suite| rare(suite) && unfound(suite))
                    .filter(|suite| !self.likely(version, **suite))
                    .copied()
                    .collect()
            }
            Part::Exotics => {
                let exotic = |suite: &&CipherSuite| {
                    matches!(segment(version, **suite), Some(Segment::Exotic(_)))
                };
                return once(all.iter().filter(exotic).copied().collect())
                    .filter(|suites| !suites.is_empty() && version >= TlsVersion::TLS1_2);
            }
            Part::Weak if open && version == TlsVersion::TLS1_2 => weak(version)
                .iter()
                .filter(|suite| unfound(suite))
                .copied()
                .collect(),
            Part::Reversed => {
                // One version tells for all: a program has one rule.
                let other = self
                    .asked
                    .iter()
                    .any(|asked| asked.row.part == Part::Reversed && asked.row.version != version);
                let mut suites = all.to_vec();
                suites.reverse();
                return once(suites).filter(|_| !other && found.len() > 1);
            }
            Part::Left if open => {
                let of_suites = if version >= TlsVersion::TLS1_3 {
                    CURVES.len()
                } else {
                    0
                };
                let curves = (0..of_suites).filter_map(|place| u8::try_from(place).ok());
                let curves = curves.map(Part::Curve);
                let others = self
                    .of_version(version)
                    .all(|asked| asked.outcome != Outcome::Runs)
                    && (0..USUAL)
                        .flat_map(|place| [Part::Usual(place), Part::Alone(place)])
                        .chain((0..EXOTIC).map(Part::Exotic))
                        .chain((0..RARE).map(Part::Rare))
                        .chain([Part::Other, Part::Exotics])
                        .chain(curves)
                        .all(|part| self.next(Row { version, part }).is_none());
                if !others || found.is_empty() {
                    return None;
                }
                let proven = proven(self.of_version(version));
                all.iter()
                    .filter(|suite| unfound(suite) && !proven.contains(suite))
                    .copied()
                    .collect()
            }
            Part::Curve(place) => {
                if last.is_some() || usize::from(place) >= CURVES.len() {
                    return None;
                }
                let mut suites = self.with_curves(version);
                // One after the other goes without, so that each of the answers tells a suite of TLS 1.3 as well.
                let usual = |suite: &CipherSuite| is_usual(version, suite);
                if suites.iter().filter(|suite| usual(suite)).count() > usize::from(place)
                    && version >= TlsVersion::TLS1_3
                {
                    suites.drain(..usize::from(place));
                }
                suites
            }
            Part::Groups(kind) => {
                let once = kind != GroupKind::Curves && last.is_some();
                let fields = kind != GroupKind::Curves && version < TlsVersion::TLS1_3;
                let none = self.groups(version, kind).is_empty();
                let told = last.is_none_or(|last| last.group.is_some());
                // What the questions side by side did not find is asked for together.
                let early = kind == GroupKind::Curves && {
                    let curves = self
                        .of_version(version)
                        .filter(|asked| matches!(asked.row.part, Part::Curve(_)))
                        .collect::<Vec<_>>();
                    let told = |asked: &&Asked| asked.group.is_some();
                    curves.iter().any(|asked| asked.outcome == Outcome::Runs)
                        || !curves.iter().any(told)
                };
                if once || fields || none || !told || early {
                    return None;
                }
                self.with_curves(version)
            }
            Part::Sha1 => {
                let forward = |suite: &&CipherSuite| {
                    matches!(kind(**suite).exchange, Exchange::Ecdhe | Exchange::Dhe)
                };
                if pick.is_some() {
                    return None;
                }
                found.iter().filter(forward).copied().collect()
            }
            _ => return None,
        };
        (!suites.is_empty()).then_some(suites)
    }

    /// Suites of a version that take a group of the client's.
    fn with_curves(&self, version: TlsVersion) -> Vec<CipherSuite> {
        if version >= TlsVersion::TLS1_3 {
            return ordered(version).to_vec();
        }
        let mut found = self.found(version).to_vec();
        found.retain(|suite| kind_of_curves(*suite));
        found
    }

    /// The groups of the next question: without those seen and those refused.
    fn groups(&self, version: TlsVersion, kind: GroupKind) -> Vec<u16> {
        let mut settled = Vec::new();
        for asked in self
            .of_version(version)
            .filter(|asked| asked.is_of_groups())
        {
            settled.extend(asked.group.map(|group| group.0));
            // Where suites were left out, it may be them that were missed.
            let all = asked.offered.len() >= self.with_curves(version).len();
            if asked.outcome == Outcome::Refused && all {
                settled.extend(&asked.groups);
            }
        }
        kind.groups()
            .iter()
            .filter(|group| !settled.contains(group))
            .copied()
            .collect()
    }
}

impl Asked {
    const fn is_of_groups(&self) -> bool {
        matches!(self.row.part, Part::Groups(_) | Part::Curve(_))
    }

    fn learn(&mut self, fact: &Fact) {
        match fact {
            Fact::TlsChosen { version, suite } if *version == self.row.version => {
                self.outcome = Outcome::Picked(*suite);
            }
            Fact::TlsChosen { version, .. } => self.refused(TlsRefusal::Version(*version)),
            Fact::TlsKeyExchanged { group, .. } => self.group = *group,
            Fact::TlsAlerted { alert, .. } => self.refused(TlsRefusal::Alert(*alert)),
            // Windows ends the connection where others send an alert.
            Fact::Ended {
                how: how @ (Ending::Closed | Ending::Reset),
                after: Message::ClientHello,
                ..
            } => self.refused(TlsRefusal::Ended(*how)),
            _ => {}
        }
    }

    fn refused(&mut self, how: TlsRefusal) {
        if !matches!(self.outcome, Outcome::Picked(_)) {
            self.outcome = Outcome::Refused;
            self.refusal.get_or_insert(how);
        }
    }
}

fn is_usual(version: TlsVersion, suite: &CipherSuite) -> bool {
    matches!(segment(version, *suite), Some(Segment::Usual(_)))
}

/// What was picked, each once.
fn found<'a>(asked: impl Iterator<Item = &'a Asked>) -> Vec<CipherSuite> {
    let mut found = Vec::new();
    for asked in asked {
        if let Outcome::Picked(suite) = asked.outcome
            && !found.contains(&suite)
        {
            found.push(suite);
        }
    }
    found
}

/// What was offered in questions that were refused. A refusal of groups or signatures says nothing of suites.
fn proven<'a>(asked: impl Iterator<Item = &'a Asked>) -> Vec<CipherSuite> {
    asked
        .filter(|asked| asked.outcome == Outcome::Refused)
        .filter(|asked| {
            !asked.is_of_groups() && !matches!(asked.row.part, Part::Sha1 | Part::Reversed)
        })
        .flat_map(|asked| asked.offered.iter().copied())
        .collect()
}

/// What the questions of a survey found together: a fact for each version that was asked for, newest first, and
/// one for the rest.
pub(crate) fn findings(sight: &Sight<'_>) -> Vec<Fact> {
    let known = Known::of(sight);
    let mut facts = Vec::new();
    let mut versions = VERSIONS;
    versions.sort_by_key(|version| Reverse(*version));
    let order = whose_order(&known.asked);
    for version in versions {
        let own = || known.of_version(version);
        if own().next().is_none() {
            continue;
        }
        let picked = found(own());
        let proven = proven(own());
        let settled = |suite: &CipherSuite| picked.contains(suite) || proven.contains(suite);
        let weak_asked = picked.is_empty() || weak(version).iter().all(settled);
        let (suites, total) = by_preference(version, &picked, own());
        facts.push(Fact::TlsVersionSurveyed {
            version,
            order: match order {
                _ if suites.len() < 2 => SuiteOrder::Unknown,
                SuiteOrder::Server if !total => SuiteOrder::ServerInPart,
                order => order,
            },
            complete: ordered(version).iter().all(settled) && weak_asked,
            refusal: own()
                .filter(|_| suites.is_empty())
                .find_map(|asked| asked.refusal),
            suites,
        });
    }
    if !facts.is_empty() {
        facts.push(known.habits(sight));
    }
    facts
}

impl Known {
    /// What was found beside versions and suites.
    fn habits(&self, sight: &Sight<'_>) -> Fact {
        let mut groups: Vec<TlsGroup> = Vec::new();
        for group in self
            .asked
            .iter()
            .filter(|asked| asked.is_of_groups())
            .filter_map(|asked| asked.group)
        {
            if !groups.contains(&group) {
                groups.push(group);
            }
        }
        let version = self
            .asked
            .iter()
            .find(|asked| asked.is_of_groups())
            .map(|asked| asked.row.version);
        let every =
            version.is_some_and(|version| self.groups(version, GroupKind::Curves).is_empty());
        let sha1 = self.asked.iter().find(|asked| asked.row.part == Part::Sha1);
        let (mut prime, mut signatures) = (None, Vec::new());
        let (mut terms, mut chosen): ([Option<bool>; 5], _) = ([None; 5], None);
        let looks = sight
            .begun
            .iter()
            .filter(|begun| matches!(begun.role, Role::Pick { .. }));
        let looks: Vec<LookId> = looks.map(|begun| begun.id).collect();
        for seen in &sight.evidence.seen {
            if !seen.look.is_some_and(|look| looks.contains(&look)) {
                continue;
            }
            match &seen.fact {
                Fact::TlsKeyExchanged {
                    prime_bits,
                    signature,
                    ..
                } => {
                    prime = prime.or(*prime_bits);
                    if let Some(signature) = signature
                        && !signatures.contains(signature)
                    {
                        signatures.push(*signature);
                    }
                }
                Fact::TlsTerms {
                    renegotiation,
                    extended_master_secret,
                    tickets,
                    session,
                    compression,
                    application,
                } => {
                    let told = [
                        renegotiation,
                        extended_master_secret,
                        tickets,
                        session,
                        compression,
                    ];
                    for (known, told) in terms.iter_mut().zip(told) {
                        *known = Some(known.unwrap_or_default() || *told);
                    }
                    if chosen.is_none() {
                        chosen.clone_from(application);
                    }
                }
                _ => {}
            }
        }
        let [
            renegotiation,
            extended_master_secret,
            tickets,
            sessions,
            compression,
        ] = terms;
        Fact::TlsSurveyed {
            groups,
            groups_complete: every,
            prime_bits: prime,
            signatures,
            signs_sha1: sha1.and_then(|asked| match asked.outcome {
                Outcome::Picked(_) => Some(true),
                Outcome::Refused => Some(false),
                Outcome::Runs | Outcome::Nothing => None,
            }),
            renegotiation,
            extended_master_secret,
            tickets,
            sessions,
            compression,
            application: chosen,
        }
    }
}

/// The question that offered everything a server is likely to have.
fn first_usual(asked: &[Asked], version: TlsVersion) -> Option<&Asked> {
    let usual = |asked: &&Asked| {
        asked.row.version == version && matches!(asked.row.part, Part::Usual(_) | Part::Curve(0))
    };
    asked.iter().filter(usual).min_by_key(|asked| asked.row)
}

/// Whose order decides, by the question with everything turned round.
fn whose_order(asked: &[Asked]) -> SuiteOrder {
    let pick = |asked: &Asked| match asked.outcome {
        Outcome::Picked(suite) => Some(suite),
        _ => None,
    };
    let reversed = asked.iter().find(|asked| asked.row.part == Part::Reversed);
    let Some(reversed) = reversed else {
        return SuiteOrder::Unknown;
    };
    let version = reversed.row.version;
    let whole = Row {
        version,
        part: Part::Whole,
    };
    let straight = asked
        .iter()
        .find(|asked| asked.row == whole)
        .or_else(|| first_usual(asked, version));
    match (straight.and_then(pick), pick(reversed)) {
        (Some(first), Some(last)) if first == last => SuiteOrder::Server,
        (Some(_), Some(_)) => SuiteOrder::Client,
        _ => SuiteOrder::Unknown,
    }
}

/// Sorts what was picked as the server likes it: a pick is liked better than everything else that was offered
/// with it. Also says whether the order is known throughout. Weak suites, which were asked for alone, come last.
fn by_preference<'a>(
    version: TlsVersion,
    picked: &[CipherSuite],
    asked: impl Iterator<Item = &'a Asked>,
) -> (Vec<CipherSuite>, bool) {
    let asked: Vec<&Asked> = asked
        .filter(|asked| asked.row.part != Part::Reversed)
        .collect();
    let better = |one: CipherSuite, other: CipherSuite| {
        asked
            .iter()
            .any(|asked| asked.outcome == Outcome::Picked(one) && asked.offered.contains(&other))
    };
    let mut left: Vec<CipherSuite> = ordered(version)
        .iter()
        .filter(|suite| picked.contains(suite))
        .copied()
        .collect();
    let mut sorted: Vec<CipherSuite> = Vec::new();
    let mut total = true;
    while !left.is_empty() {
        // The first that nothing left is liked better than; a server that contradicts itself has none.
        let top = left
            .iter()
            .position(|one| {
                left.iter()
                    .all(|other| other == one || !better(*other, *one))
            })
            .unwrap_or_default();
        let top = left.remove(top);
        if let Some(last) = sorted.last() {
            total &= better(*last, top);
        }
        sorted.push(top);
    }
    sorted.extend(picked.iter().filter(|suite| is_weak(**suite)));
    (sorted, total)
}

impl Row {
    /// The row in the words of an attempt.
    pub(crate) fn says(self, step: u16) -> String {
        let version = self.version;
        match self.part {
            Part::Whole => format!("{version}, every usual suite"),
            Part::Usual(place) | Part::Alone(place) | Part::Rare(place) => {
                let suite = ordered(version).get(usize::from(place));
                let suite = suite.map(|suite| suite.name().unwrap_or("a suite without a name"));
                let behind = match self.part {
                    Part::Alone(_) => " alone",
                    _ => " and what comes behind it",
                };
                format!("{version}, {}{behind}", suite.unwrap_or("a suite"))
            }
            Part::Other => format!("{version}, suites for other keys, question {step}"),
            Part::Exotics => format!("{version}, every rare suite"),
            Part::Exotic(number) => format!("{version}, rare suites {number}, question {step}"),
            Part::Weak => format!("{version}, weak suites, question {step}"),
            Part::Reversed => format!("{version}, the suites in reverse order"),
            Part::Left => format!("{version}, what is left, question {step}"),
            Part::Curve(place) => {
                let curve = CURVES.get(usize::from(place)).copied().map(TlsGroup);
                let curve = curve.map(|curve| curve.to_string()).unwrap_or_default();
                format!("{version}, the curve {curve} and what comes behind it")
            }
            Part::Groups(GroupKind::Curves) => format!("{version}, curves, question {step}"),
            Part::Groups(GroupKind::Fields) => format!("{version}, finite fields"),
            Part::Groups(GroupKind::Quantum) => format!("{version}, post-quantum groups"),
            Part::Sha1 => format!("{version}, signatures with SHA-1"),
        }
    }
}
