//! `rdpdoctor watch`: keeps looking at some hosts and tells what changes.

pub mod change;
pub mod host;
mod record;
mod screen;
pub mod view;

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};
use jiff::Timestamp;
use model::Evidence;
use probe::{Case, Depth, Options};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::time::{Instant, sleep_until};

use crate::answer;
use crate::check::{conclude, interrupted, now, runtime};
use crate::cli::{Format, OutputArguments, time};
use crate::failure::{Failure, Status};
use crate::report::page::Colors;
use crate::report::wrap::harmless;
use crate::scan::line::ScanTarget;
use crate::target::{Asked, wanted};
use host::{Host, Much, Rhythm};
use record::Record;
use screen::{Key, Screen};
use view::Scene;

/// The most hosts that are watched; more are for a scan.
const MOST_HOSTS: usize = 100;
/// Connections of a full look.
const FULL: usize = 8;

/// The hosts, and how often to look at them.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct WatchArguments {
    /// The hosts, each in one of the forms of a check.
    #[arg(value_name = "TARGET", required = true, num_args = 1.., value_hint = ValueHint::Hostname)]
    pub targets: Vec<String>,
    /// Time between looks at a host; more after resets, and where the budget asks for it.
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = interval)]
    pub interval: Duration,
    /// Connections to a host in an hour at most.
    #[arg(long, value_name = "NUMBER", default_value_t = 240, value_parser = clap::value_parser!(u16).range(4..=3600))]
    pub budget: u16,
    /// Write every look to this file; 'rdpdoctor analyze FILE' reads it.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub record: Option<PathBuf>,
    /// End after so many looks at each host.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    pub looks: Option<u64>,
    /// Print a line for each change, and draw nothing; so too when stdout is no terminal.
    #[arg(long)]
    pub plain: bool,
    /// Use no colours; the same as --color never.
    #[arg(long)]
    pub no_color: bool,
}

fn interval(text: &str) -> Result<Duration, String> {
    let interval = time(text)?;
    if interval < Duration::from_secs(1) {
        return Err(format!(
            "{text:?} is too often; at least a second lies between looks"
        ));
    }
    Ok(interval)
}

/// Looks until the user has seen enough.
pub fn run(arguments: &WatchArguments, output: &OutputArguments) -> Result<Status, Failure> {
    if answer::format(output) != Format::Text || output.output.is_some() {
        return Err(Failure::usage(
            "a watch is for people; --record FILE writes every look for programs and for rdpdoctor analyze",
        ));
    }
    if arguments.targets.len() > MOST_HOSTS {
        return Err(Failure::usage(format!(
            "{} hosts are more than anybody watches; rdpdoctor scan looks at many",
            arguments.targets.len()
        )));
    }
    let started = Timestamp::now();
    let rhythm = Rhythm {
        interval: arguments.interval.as_secs_f64() * 1000.0,
        budget: f64::from(arguments.budget),
    };
    let mut hosts: Vec<Host> = Vec::new();
    for word in &arguments.targets {
        let target = wanted(word, Asked::default())?.target;
        let shown = ScanTarget {
            input: String::new(),
            host: target.host.0.clone(),
            port: target.port,
            name: None,
            file: None,
            line: None,
        }
        .endpoint();
        if !hosts.iter().any(|host| host.shown == shown) {
            hosts.push(Host::new(target, shown, rhythm, started));
        }
    }
    let record = arguments.record.as_deref().map(Record::open).transpose()?;
    let layout = answer::layout(output);
    let drawn = !arguments.plain && std::io::stdout().is_terminal();
    let scene = Scene {
        hosts,
        selected: 0,
        now: started,
        paused: false,
        bell: false,
        zone: layout.zone,
        letters: layout.letters,
        colors: if arguments.no_color {
            Colors::None
        } else {
            layout.colors
        },
    };
    let runtime = runtime()?;
    let watched = runtime.block_on(async {
        let screen = if drawn { Some(Screen::open()?) } else { None };
        watch(scene, screen, record, arguments.looks).await
    });
    // The resolver of the system cannot be called back; nobody waits for it.
    runtime.shutdown_background();
    watched
}

/// A look that is over.
struct Looked {
    index: usize,
    much: Much,
    evidence: Evidence,
}

async fn watch(
    mut scene: Scene,
    mut screen: Option<Screen>,
    mut record: Option<Record>,
    most: Option<u64>,
) -> Result<Status, Failure> {
    let (tell, mut told) = unbounded_channel();
    let interrupted = interrupted();
    tokio::pin!(interrupted);
    loop {
        scene.now = Timestamp::now();
        begin(&mut scene, most, &tell);
        if let Some(screen) = &mut screen {
            screen.draw(&scene)?;
        }
        let enough = |host: &Host| most.is_some_and(|most| host.looks >= most);
        if scene.hosts.iter().all(enough) {
            return Ok(status(&scene));
        }
        let wake = Instant::now() + nap(&scene, screen.is_some());
        tokio::select! {
            () = &mut interrupted => return Ok(Status::Healthy),
            key = screen::key(&mut screen) => match key {
                Key::Quit => return Ok(Status::Healthy),
                key => press(&mut scene, key),
            },
            Some(looked) = told.recv() => {
                if let Some(record) = &mut record {
                    record.write(&looked.evidence)?;
                }
                if !saw(&mut scene, looked, screen.is_some())? {
                    // Whoever read has read enough.
                    return Ok(status(&scene));
                }
            }
            () = sleep_until(wake) => {}
        }
    }
}

/// Begins the looks that are due.
fn begin(scene: &mut Scene, most: Option<u64>, tell: &UnboundedSender<Looked>) {
    if scene.paused {
        return;
    }
    let at = scene.now;
    for (index, host) in scene.hosts.iter_mut().enumerate() {
        if most.is_some_and(|most| host.looks >= most) {
            continue;
        }
        let Some(much) = host.turn(at) else {
            continue;
        };
        let options = match much {
            Much::One => Options::of(Depth::Quick),
            Much::Full => Options {
                connections: FULL,
                ..Options::of(Depth::Standard)
            },
        };
        let mut case = Case::open(host.target.clone(), options, now());
        let tell = tell.clone();
        tokio::spawn(async move {
            case.run(|_| {}).await;
            // Nobody listens when the watch is over.
            let _ = tell.send(Looked {
                index,
                much,
                evidence: case.evidence,
            });
        });
    }
}

/// Takes a look in; `false` when nobody reads any more.
fn saw(scene: &mut Scene, looked: Looked, drawn: bool) -> Result<bool, Failure> {
    let at = Timestamp::now();
    let report = conclude(&looked.evidence, Vec::new());
    let Some(host) = scene.hosts.get_mut(looked.index) else {
        return Ok(true);
    };
    let seen_before = host.last.is_some();
    let changed = host.saw(looked.much, &looked.evidence, report, at);
    if drawn {
        if scene.bell && seen_before && !changed.is_empty() {
            let _ = std::io::stdout().write_all(b"\x07");
        }
        return Ok(true);
    }
    let moment = at
        .to_zoned(scene.zone.clone())
        .strftime("%Y-%m-%d %H:%M:%S %Z")
        .to_string();
    let lines: String = changed
        .iter()
        .map(|change| {
            format!(
                "{moment}  {}: {}\n",
                harmless(&host.shown),
                harmless(&change.says)
            )
        })
        .collect();
    let mut out = anstream::AutoStream::never(std::io::stdout().lock());
    match out.write_all(lines.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Failure::could_not_look(format!(
            "cannot write to stdout: {error}"
        ))),
    }
}

fn press(scene: &mut Scene, key: Key) {
    let last = scene.hosts.len().saturating_sub(1);
    match key {
        Key::Up => scene.selected = scene.selected.saturating_sub(1),
        Key::Down => scene.selected = scene.selected.saturating_add(1).min(last),
        Key::Pause => scene.paused = !scene.paused,
        Key::Bell => scene.bell = !scene.bell,
        Key::Look => {
            let at = scene.now;
            if let Some(host) = scene.hosts.get_mut(scene.selected) {
                host.hurry(at);
            }
        }
        Key::Quit | Key::Redraw => {}
    }
}

/// Until something is due; drawn clocks go on meanwhile.
fn nap(scene: &Scene, drawn: bool) -> Duration {
    let due = scene
        .hosts
        .iter()
        .filter(|host| !host.looking)
        .map(|host| host.left(scene.now))
        .fold(60_000.0, f64::min)
        // A host that is due and waits for its budget.
        .max(250.0);
    let due = Duration::try_from_secs_f64(due / 1000.0).unwrap_or(Duration::from_secs(1));
    if drawn {
        due.min(Duration::from_secs(1))
    } else {
        due
    }
}

fn status(scene: &Scene) -> Status {
    let fails = |host: &Host| host.last.as_ref().is_some_and(|(_, seen)| !seen.works);
    if scene.hosts.iter().any(fails) {
        Status::Finding
    } else {
        Status::Healthy
    }
}
