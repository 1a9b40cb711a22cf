//! The figures over the generated cases.

use std::collections::BTreeMap;

use lab::scenario::Outcome;

use super::generated::{Found, Group, Scored};
use super::score::{CONFIDENT, Claim, number, reliability, share};
use super::table::Section;

/// The sections over generated cases.
pub fn of(scored: &[Scored], endless: &[String]) -> Vec<Section> {
    vec![
        one_fault(scored, endless),
        two_faults(scored),
        cut_short(scored),
        left_out(scored),
        one_missing(scored),
        contradicted(scored),
        unwritten(scored),
    ]
}

fn group<'s>(scored: &'s [Scored], groups: &[Group]) -> Vec<&'s Scored> {
    scored
        .iter()
        .filter(|one| groups.contains(&one.group))
        .collect()
}

fn one_fault(scored: &[Scored], endless: &[String]) -> Section {
    let mut section = Section::of(
        "Generated cases, one fault or none",
        "Every scenario of the lab, each time with another seed and clock: as written, and on links and servers it \
         was not written for. *Its own cause* is the one the scenario was written for. Some causes look the same \
         from outside, and a scenario names them: *or one that looks the same* counts these and its family. For \
         *drawn*, the true cause of a case is drawn among those that look the same: by how often reports name its \
         family (reports the priors were not set by, and one more for each family, split evenly among its causes), \
         or evenly; never one that cannot end a connection as this one ended (what hangs resets nothing), unless it ended \
         late, when somebody's time had run out who may have waited for either. Nothing can be right about such a case more often than the commonest of them occurs. Which of \
         those that look the same a scenario was written for is its author's choice and no draw: where a verdict \
         shares a hundred between three of them, the first of them with a third, it is its own cause every time or \
         never, so that this calibration has no target; the drawn one has.",
    );
    let all = group(scored, &[Group::Written, Group::Elsewhere]);
    let ill: Vec<&Scored> = all
        .iter()
        .copied()
        .filter(|one| !one.is_healthy())
        .collect();
    let healthy: Vec<&Scored> = all.iter().copied().filter(|one| one.is_healthy()).collect();
    let telling: Vec<&Scored> = ill
        .iter()
        .copied()
        .filter(|one| one.alike.len() == 1)
        .collect();
    section.number("cases", number(all.len()), 0, "thousands");
    section.number("of them healthy", number(healthy.len()), 0, "");
    section.share(
        "healthy, degraded or failing: right",
        share(&all, |one| outcome(one)),
        "",
    );
    section.share(
        "healthy is healthy",
        share(&healthy, |one| outcome(one)),
        "100 %",
    );
    section.share(
        "its own cause first",
        share(&ill, |one| one.place_of(one.own.as_ref()) == Some(0)),
        "97 %",
    );
    section.share(
        "of them with others that look the same",
        1.0 - number(telling.len()) / number(ill.len().max(1)),
        "",
    );
    section.share(
        "its own cause among three",
        share(&ill, |one| {
            one.place_of(one.own.as_ref())
                .is_some_and(|place| place < 3)
        }),
        "",
    );
    section.share(
        "its own cause first, where nothing looks the same",
        share(&telling, |one| one.place_of(one.own.as_ref()) == Some(0)),
        "97 %",
    );
    section.share(
        "its own cause or one that looks the same first",
        share(&ill, |one| {
            one.findings.first().is_some_and(|first| one.fits(first))
        }),
        "",
    );
    section.share(
        "the cause drawn by reports first",
        share(&ill, |one| one.place_of(one.drawn.as_ref()) == Some(0)),
        "",
    );
    section.share(
        "the most that any judge could reach of these",
        ill.iter().map(|one| one.most).sum::<f64>() / number(ill.len().max(1)),
        "",
    );
    section.share(
        "the cause drawn by reports among three",
        share(&ill, |one| {
            one.place_of(one.drawn.as_ref())
                .is_some_and(|place| place < 3)
        }),
        "",
    );
    section.share(
        "at least 90 % sure of another than its own",
        share(&all, |one| {
            sure_and(one, |first| !is_so(one, first, one.own.as_deref()))
        }),
        "0.5 % at most",
    );
    section.share(
        "at least 90 % sure of another than the one drawn by reports",
        share(&all, |one| {
            sure_and(one, |first| !is_so(one, first, one.drawn.as_deref()))
        }),
        "0.5 % at most",
    );
    section.share(
        "at least 90 % sure, and not even one that looks the same",
        share(&all, |one| sure_and(one, |first| !one.fits(first))),
        "",
    );
    let firsts = |right: &dyn Fn(&Scored, &Found) -> bool| -> Vec<Claim> {
        ill.iter()
            .filter_map(|one| {
                let first = one.findings.first()?;
                Some(Claim {
                    said: first.sure,
                    right: right(one, first),
                })
            })
            .collect()
    };
    section.reliable(
        "the first finding is its own cause",
        reliability(&firsts(&|one, first| is_so(one, first, one.own.as_deref()))),
        "",
    );
    section.reliable(
        "the first finding is the cause drawn by reports",
        reliability(&firsts(&|one, first| {
            is_so(one, first, one.drawn.as_deref())
        })),
        "0.05 at most",
    );
    section.reliable(
        "the first finding is the cause drawn evenly",
        reliability(&firsts(&|one, first| {
            is_so(one, first, one.drawn_evenly.as_deref())
        })),
        "",
    );
    let every: Vec<Claim> = ill
        .iter()
        .flat_map(|one| {
            one.findings.iter().map(|found| Claim {
                said: found.sure,
                right: is_so(one, found, one.drawn.as_deref()),
            })
        })
        .collect();
    section.reliable(
        "any finding is the cause drawn by reports",
        reliability(&every),
        "",
    );
    section.reliable(
        "those that look the same, taken together",
        reliability(&together(&ill)),
        "0.05 at most",
    );
    let times: Vec<f64> = all
        .iter()
        .map(|one| one.took.as_secs_f64() * 1000.0)
        .collect();
    section.number(
        "milliseconds a diagnosis takes",
        times.iter().sum::<f64>() / number(times.len().max(1)),
        2,
        "2 at most",
    );
    section.number(
        "milliseconds, slowest",
        times.iter().copied().fold(0.0, f64::max),
        2,
        "2 at most",
    );
    section.remarks = endless
        .iter()
        .map(|one| format!("could not be played: {one}"))
        .collect();
    section
}

/// A finding is so: it is that cause, or it lets the connection live and is one of those that fit. Such findings
/// stand beside each other, and more than one of them can be so.
fn is_so(one: &Scored, found: &Found, cause: Option<&str>) -> bool {
    Some(found.cause) == cause || (!found.blocking && one.fits(found))
}

/// What each verdict gave to all that look the same when the first is one of them, else to the first.
fn together(cases: &[&Scored]) -> Vec<Claim> {
    cases
        .iter()
        .filter_map(|one| {
            let first = one.findings.first()?;
            let right = one.fits(first);
            let said = if right {
                let fitting = one.findings.iter().filter(|found| one.fits(found));
                fitting.map(|found| found.sure).sum::<f64>().min(1.0)
            } else {
                first.sure
            };
            Some(Claim { said, right })
        })
        .collect()
}

fn two_faults(scored: &[Scored]) -> Section {
    let mut section = Section::of(
        "Generated cases, two faults at once",
        "A fault of the name or of the certificate beside another one. The second counts when what it shows in was \
         seen: behind a connection that ends before TLS there is no certificate to be seen.",
    );
    let both: Vec<&Scored> = group(scored, &[Group::Two])
        .into_iter()
        .filter(|one| one.second.is_some())
        .collect();
    section.number("cases", number(both.len()), 0, "");
    let first = |one: &Scored| one.findings.iter().any(|found| one.fits(found));
    let second = |one: &Scored| one.place_of(one.second.as_ref()).is_some();
    section.share(
        "the first is among the findings",
        share(&both, |one| first(one)),
        "",
    );
    section.share(
        "the second is among the findings",
        share(&both, |one| second(one)),
        "",
    );
    section.share(
        "both are",
        share(&both, |one| first(one) && second(one)),
        "",
    );
    let mut missed: BTreeMap<&str, (usize, String)> = BTreeMap::new();
    for one in both.iter().filter(|one| !first(one) || !second(one)) {
        let entry = missed.entry(one.name.as_str()).or_default();
        entry.0 += 1;
        entry.1 = told(one);
    }
    section.remarks = missed
        .into_iter()
        .take(10)
        .map(|(name, (times, told))| format!("{name} ×{times}: {told}"))
        .collect();
    section
}

fn cut_short(scored: &[Scored]) -> Section {
    let mut section = Section::of(
        "Generated cases, looks cut short",
        "Failing cases interrupted at a random moment. When nothing that went wrong had been seen yet, only \"unknown\" \
         is right, and no blocking cause may be named. A lesser trouble that the whole case shows beside its own \
         cause may be told before that one shows.",
    );
    let cut = group(scored, &[Group::CutShort]);
    let blind: Vec<&Scored> = cut.iter().copied().filter(|one| !one.knowable).collect();
    let seeing: Vec<&Scored> = cut.iter().copied().filter(|one| one.knowable).collect();
    section.number("cases", number(cut.len()), 0, "");
    section.number(
        "of them with nothing wrong seen yet",
        number(blind.len()),
        0,
        "",
    );
    section.share(
        "unknown when unknowable: no cause named as blocking, not called failing",
        share(&blind, |one| {
            one.outcome != diagnose::Outcome::Failing
                && !one.findings.iter().any(|found| found.blocking)
        }),
        "100 %",
    );
    section.share(
        "the others: its own cause, or one that looks the same, first",
        share(&seeing, |one| {
            one.findings.first().is_some_and(|first| one.fits(first))
        }),
        "",
    );
    section.share(
        "at least 90 % sure, and not even one that looks the same",
        share(&cut, |one| sure_and(one, |first| !one.fits(first))),
        "0.5 % at most",
    );
    section.remarks = sure_and_wrong(&cut);
    section
}

fn left_out(scored: &[Scored]) -> Section {
    let mut section = Section::of(
        "Generated cases, facts missing",
        "Failing cases of which a fact in four was left out, whichever they are: the reason itself, what speaks \
         against a rival, the rung before. What is left may speak for another cause; it must not make sure of it.",
    );
    let cases = group(scored, &[Group::LeftOut]);
    doubts(&mut section, &cases);
    section.reliable(
        "those that look the same, taken together",
        reliability(&together(&cases)),
        "",
    );
    section
}

/// What is said where something is missing, and how sure.
fn doubts(section: &mut Section, cases: &[&Scored]) {
    let seeing: Vec<&Scored> = cases.iter().copied().filter(|one| one.knowable).collect();
    section.number("cases", number(cases.len()), 0, "");
    section.share(
        "where something wrong is left to be seen: its own cause, or one that looks the same, first",
        share(&seeing, |one| {
            one.findings.first().is_some_and(|first| one.fits(first))
        }),
        "",
    );
    section.share(
        "at least 90 % sure, and not even one that looks the same",
        share(cases, |one| sure_and(one, |first| !one.fits(first))),
        "0.5 % at most",
    );
    section.remarks = sure_and_wrong(cases);
}

fn one_missing(scored: &[Scored]) -> Section {
    let mut section = Section::of(
        "Scenarios, one thing missing",
        "Every failing scenario as it is written, once for every fact, every kind of facts and every look in it, each \
         time without that one. What is missing must widen the doubt.",
    );
    doubts(&mut section, &group(scored, &[Group::OneMissing]));
    section
}

fn contradicted(scored: &[Scored]) -> Section {
    let mut section = Section::of(
        "Generated cases, contradicted",
        "Failing cases, and beside what was seen of each the looks at the same host when nothing was wrong with it.",
    );
    let cases = group(scored, &[Group::Contradicted]);
    section.number("cases", number(cases.len()), 0, "");
    section.share(
        "called healthy",
        share(&cases, |one| one.outcome == diagnose::Outcome::Healthy),
        "",
    );
    let mut healthy: Vec<&str> = cases
        .iter()
        .filter(|one| one.outcome == diagnose::Outcome::Healthy)
        .map(|one| one.name.split(" on ").next().unwrap_or_default())
        .collect();
    healthy.sort_unstable();
    healthy.dedup();
    let healthy = healthy.join(", ");
    section.share(
        "its own cause, or one that looks the same, among the findings",
        share(&cases, |one| {
            one.findings.iter().any(|found| one.fits(found))
        }),
        "",
    );
    section.share(
        "at least 90 % sure that another one blocks the connection",
        share(&cases, |one| {
            sure_and(one, |first| first.blocking && !one.fits(first))
        }),
        "0.5 % at most",
    );
    section.remarks = sure_and_wrong(&cases);
    if !healthy.is_empty() {
        section.remarks.push(format!("called healthy: {healthy}"));
    }
    section
}

/// The cases with a confident first finding that does not fit, each once.
fn sure_and_wrong(cases: &[&Scored]) -> Vec<String> {
    let mut missed: BTreeMap<&str, String> = BTreeMap::new();
    for one in cases
        .iter()
        .filter(|one| sure_and(one, |first| first.blocking && !one.fits(first)))
    {
        missed.entry(one.name.as_str()).or_insert_with(|| told(one));
    }
    missed
        .into_iter()
        .take(10)
        .map(|(name, told)| format!("{name}: {told}"))
        .collect()
}

fn unwritten(scored: &[Scored]) -> Section {
    let mut section = Section::of(
        "Generated cases, faults nobody wrote a clue for",
        "Healthy servers that close, half-close, reset or fall silent at a random moment, after a random time, and links \
         that close, reset or stop at a random byte in either direction: many different faults do that, and which one \
         cannot be known from outside. Those that no connection of the client's met are left out.",
    );
    let cases = group(scored, &[Group::Unwritten]);
    section.number("cases", number(cases.len()), 0, "");
    section.share(
        "at least 90 % sure of one cause, although nobody could be",
        share(&cases, |one| {
            one.findings
                .iter()
                .any(|found| found.blocking && found.sure >= CONFIDENT)
        }),
        "",
    );
    section.share(
        "called healthy",
        share(&cases, |one| one.outcome == diagnose::Outcome::Healthy),
        "0 %",
    );
    section
}

fn outcome(one: &Scored) -> bool {
    matches!(
        (one.expected, one.outcome),
        (Outcome::Healthy, diagnose::Outcome::Healthy)
            | (Outcome::Degraded, diagnose::Outcome::Degraded)
            | (Outcome::Failing, diagnose::Outcome::Failing)
    )
}

/// The first finding is confident, on a host that is not healthy or is not called so, and something is so of it.
fn sure_and(one: &Scored, is: impl Fn(&Found) -> bool) -> bool {
    one.findings
        .first()
        .is_some_and(|first| first.sure >= CONFIDENT && is(first))
        && !(one.is_healthy() && one.outcome == diagnose::Outcome::Healthy)
}

/// What was found, in short.
fn told(one: &Scored) -> String {
    let found: Vec<String> = one
        .findings
        .iter()
        .take(4)
        .map(|found| format!("{} {:.0} %", found.cause, 100.0 * found.sure))
        .collect();
    if found.is_empty() {
        "nothing".to_owned()
    } else {
        found.join(", ")
    }
}

/// Prints the cases that are not right in the strict sense, each kind once.
pub fn misses(scored: &[Scored]) {
    let mut missed: BTreeMap<(Group, &str), (usize, &Scored)> = BTreeMap::new();
    for one in scored {
        let wrong = match one.group {
            Group::Two => false,
            Group::CutShort => !one.knowable && one.findings.iter().any(|found| found.blocking),
            Group::LeftOut | Group::OneMissing | Group::Contradicted => {
                sure_and(one, |first| first.blocking && !one.fits(first))
            }
            Group::Unwritten => one
                .findings
                .iter()
                .any(|found| found.blocking && found.sure >= CONFIDENT),
            Group::Written | Group::Elsewhere => {
                !outcome(one) || (!one.is_healthy() && one.place_of(one.own.as_ref()) != Some(0))
            }
        };
        if wrong {
            missed
                .entry((one.group, one.name.as_str()))
                .or_insert((0, one))
                .0 += 1;
        }
    }
    for ((group, name), (times, one)) in missed {
        println!(
            "{group:?} {name} ×{times}: {:?} expected, {:?}: {}",
            one.own.as_deref().unwrap_or("nothing"),
            one.outcome,
            told(one)
        );
    }
    // Where those that fit are told with less than they deserve.
    let mut doubted: BTreeMap<&str, (f64, &Scored)> = BTreeMap::new();
    for one in scored {
        let given: f64 = one
            .findings
            .iter()
            .filter(|found| one.fits(found))
            .map(|found| found.sure)
            .sum();
        if one.group == Group::Written && !one.is_healthy() && given < 0.95 {
            doubted.entry(one.name.as_str()).or_insert((given, one));
        }
    }
    for (name, (given, one)) in doubted {
        println!("doubted {:.0} % in {name}: {}", given * 100.0, told(one));
    }
    // How those that look the same share what is left.
    let mut shared: BTreeMap<&str, &Scored> = BTreeMap::new();
    for one in scored {
        if one.group == Group::Written && one.alike.len() > 1 {
            shared.entry(one.name.as_str()).or_insert(one);
        }
    }
    for (name, one) in shared {
        println!(
            "look the same in {name}: {}  ({})",
            one.alike.join(", "),
            told(one)
        );
    }
}
