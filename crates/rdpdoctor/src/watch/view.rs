//! The picture of a watch: drawn anew from the state each time, in any size.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::change::{Tone, long};
use super::host::Host;
use crate::report::page::{Colors, Letters};
use crate::report::words::{self, duration};
use crate::report::wrap::{ascii, harmless, padded, width, wrap};
use crate::report::{Outcome, PhaseOutcome, PhaseReport, Report};

/// The widest line that is still easy to read.
const WIDEST: u16 = 120;
/// Heights from which parts are worth their lines.
const WITH_LADDER: u16 = 16;
/// The widest name of a host.
const NAME: usize = 32;

/// What is shown beside the hosts.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The hosts.
    pub hosts: Vec<Host>,
    /// The one whose ladder is shown.
    pub selected: usize,
    /// The moment.
    pub now: Timestamp,
    /// Nothing is looked at.
    pub paused: bool,
    /// The terminal rings on changes.
    pub bell: bool,
    /// The zone in which times are given.
    pub zone: TimeZone,
    /// The letters that may be used.
    pub letters: Letters,
    /// Colours.
    pub colors: Colors,
}

/// Draws it.
pub fn draw(frame: &mut Frame<'_>, scene: &Scene) {
    let area = frame.area();
    let area = Rect {
        width: area.width.min(WIDEST),
        ..area
    };
    let painter = Painter {
        scene,
        columns: usize::from(area.width),
    };
    let hosts = u16::try_from(scene.hosts.len()).unwrap_or(u16::MAX);
    let shown = hosts.min((area.height / 3).max(1));
    let ladder = if area.height >= WITH_LADDER {
        let free = area.height.saturating_sub(shown).saturating_sub(8);
        painter.about(usize::from(free))
    } else {
        Vec::new()
    };
    let tall = u16::try_from(ladder.len()).unwrap_or(0);
    let [head, list, about, changes, foot] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(shown),
        Constraint::Length(tall),
        Constraint::Min(1),
        Constraint::Length(1),
    ])
    .areas(area);
    frame.render_widget(Paragraph::new(painter.head()), head);
    frame.render_widget(Paragraph::new(painter.list(usize::from(shown))), list);
    frame.render_widget(Paragraph::new(ladder), about);
    frame.render_widget(
        Paragraph::new(painter.changes(usize::from(changes.height))),
        changes,
    );
    frame.render_widget(Paragraph::new(painter.foot()), foot);
}

struct Painter<'s> {
    scene: &'s Scene,
    columns: usize,
}

impl Painter<'_> {
    fn style(&self, color: Color) -> Style {
        match self.scene.colors {
            Colors::Ansi => Style::new().fg(color),
            Colors::None => Style::new(),
        }
    }

    fn quiet(&self) -> Style {
        match self.scene.colors {
            Colors::Ansi => Style::new().add_modifier(Modifier::DIM),
            Colors::None => Style::new(),
        }
    }

    /// Text that can be shown, and cannot do anything to the terminal.
    fn safe(&self, text: &str) -> String {
        let text = harmless(text);
        match self.scene.letters {
            Letters::Unicode => text,
            Letters::Ascii => ascii(&text),
        }
    }

    /// The same in at most so many columns.
    fn fitted(&self, text: &str, columns: usize) -> String {
        let text = self.safe(text);
        if width(&text) <= columns {
            return text;
        }
        let more = match self.scene.letters {
            Letters::Unicode => "…",
            Letters::Ascii => "~",
        };
        let mut fitted = String::new();
        for letter in text.chars() {
            if width(&fitted) + width(letter.encode_utf8(&mut [0; 4])) + 1 > columns {
                break;
            }
            fitted.push(letter);
        }
        fitted + more
    }

    fn clock(&self, moment: Timestamp) -> String {
        moment
            .to_zoned(self.scene.zone.clone())
            .strftime("%H:%M:%S")
            .to_string()
    }

    fn head(&self) -> Line<'static> {
        let zone = self
            .scene
            .now
            .to_zoned(self.scene.zone.clone())
            .strftime("%Z")
            .to_string();
        let working = self
            .scene
            .hosts
            .iter()
            .filter(|host| works(host) == Some(true))
            .count();
        let all = self.scene.hosts.len();
        let mut state = if all == 1 {
            String::new()
        } else {
            format!("{working} of {all} work   ")
        };
        if self.scene.paused {
            state.push_str("paused   ");
        }
        if self.scene.bell {
            state.push_str("bell on   ");
        }
        let left = "rdpdoctor watch";
        let mut right = format!("{state}{} {zone}", self.clock(self.scene.now));
        if width(left) + width(&right) >= self.columns {
            right = format!("{state}{}", self.clock(self.scene.now));
        }
        let gap = self.columns.saturating_sub(width(left) + width(&right));
        let bold = Style::new().add_modifier(Modifier::BOLD);
        Line::from(vec![
            Span::styled(left, bold),
            Span::raw(" ".repeat(gap.max(1))),
            Span::raw(self.safe(&right)),
        ])
    }

    /// One line a host; those around the selected one when there are too many.
    fn list(&self, lines: usize) -> Vec<Line<'static>> {
        let all = self.scene.hosts.len();
        let first = self
            .scene
            .selected
            .saturating_sub(lines / 2)
            .min(all.saturating_sub(lines));
        let name = self
            .scene
            .hosts
            .iter()
            .map(|host| width(&harmless(&host.shown)))
            .max()
            .unwrap_or(0)
            .clamp(8, NAME)
            .min(self.columns / 3);
        self.scene
            .hosts
            .iter()
            .enumerate()
            .skip(first)
            .take(lines)
            .map(|(index, host)| self.host(index, host, name))
            .collect()
    }

    fn host(&self, index: usize, host: &Host, name: usize) -> Line<'static> {
        let (mark, word, style) = self.state(host);
        let pointer = match (self.scene.hosts.len(), index == self.scene.selected) {
            (1, _) | (_, false) => "  ",
            (_, true) => "> ",
        };
        let took = host
            .last
            .as_ref()
            .and_then(|(_, seen)| seen.took)
            .map(duration)
            .unwrap_or_default();
        let shown = padded(&self.fitted(&host.shown, name), name);
        let head = format!("{pointer}{shown}  ");
        let state = format!("{mark} {word:<8}");
        let time = format!("{took:>7}  ");
        let used = width(&head) + width(&state) + width(&time);
        let mut spans = vec![
            Span::raw(head),
            Span::styled(self.safe(&state), style),
            Span::raw(time),
        ];
        spans.extend(self.sparkline(host, self.columns.saturating_sub(used)));
        Line::from(spans)
    }

    fn state(&self, host: &Host) -> (&'static str, &'static str, Style) {
        match host.last.as_ref().map(|(report, _)| report.outcome) {
            None => ("·", "looking", self.quiet()),
            Some(Outcome::Healthy) => ("✔", "healthy", self.style(Color::Green)),
            Some(Outcome::Degraded) => ("▲", "degraded", self.style(Color::Yellow)),
            Some(Outcome::Failing) => (
                "✖",
                "failing",
                self.style(Color::Red)
                    .add_modifier(match self.scene.colors {
                        Colors::Ansi => Modifier::BOLD,
                        Colors::None => Modifier::empty(),
                    }),
            ),
            Some(Outcome::Unknown) => ("·", "unknown", Style::new()),
        }
    }

    /// The last looks, newest on the right: the higher the longer, a cross for one that failed.
    fn sparkline(&self, host: &Host, columns: usize) -> Vec<Span<'static>> {
        let skip = host.times.len().saturating_sub(columns);
        let times: Vec<Option<f64>> = host.times.iter().skip(skip).copied().collect();
        let highest = times.iter().flatten().copied().fold(1.0, f64::max);
        let (bars, cross): (&[&str], &str) = match self.scene.letters {
            Letters::Unicode => (&["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"], "✖"),
            Letters::Ascii => (&["_", ".", "-", "=", "#"], "x"),
        };
        let mut spans = vec![Span::raw(" ".repeat(columns.saturating_sub(times.len())))];
        for time in times {
            spans.push(match time {
                None => Span::styled(cross, self.style(Color::Red)),
                Some(time) => {
                    #[expect(clippy::as_conversions, reason = "a share of a handful of bars")]
                    let step = (time / highest * bars.len() as f64).ceil() as usize;
                    let bar = bars.get(step.clamp(1, bars.len()) - 1).copied();
                    Span::raw(bar.unwrap_or_default())
                }
            });
        }
        spans
    }

    /// The ladder and the verdict of the selected host, in at most so many lines.
    fn about(&self, lines: usize) -> Vec<Line<'static>> {
        let Some(host) = self.scene.hosts.get(self.scene.selected) else {
            return Vec::new();
        };
        let mut about = vec![self.rule(&host.shown)];
        let Some(report) = host.report() else {
            about.push(Line::styled("  the first look is under way", self.quiet()));
            return about;
        };
        let last = host.last.as_ref().map_or(report, |(last, _)| last);
        for rung in &last.phases {
            if words::is_implied(last, rung) {
                continue;
            }
            about.push(self.rung(rung));
        }
        about.push(Line::default());
        for line in wrap(
            &self.safe(&self.verdict(report)),
            self.columns.saturating_sub(2),
        ) {
            about.push(Line::raw(format!("  {line}")));
        }
        if let (Some(since), Outcome::Failing) = (host.down_since, last.outcome) {
            let down = (self.scene.now.duration_since(since).as_secs_f64() * 1000.0).max(0.0);
            about.push(Line::styled(
                format!("  Since {}, for {}.", self.clock(since), long(down)),
                self.quiet(),
            ));
        }
        about.truncate(lines.max(1));
        about
    }

    /// The verdict in few lines: what it is, or what it may be.
    fn verdict(&self, report: &Report) -> String {
        let rivals: Vec<String> = match words::standing(report) {
            words::Standing::Several(rivals) => rivals
                .iter()
                .take(3)
                .map(|rival| format!("{} ({})", rival.title, words::share(rival.probability)))
                .collect(),
            _ => Vec::new(),
        };
        if rivals.is_empty() {
            report.summary.clone()
        } else {
            format!("Cannot be told apart from here: {}.", rivals.join("; "))
        }
    }

    fn rung(&self, rung: &PhaseReport) -> Line<'static> {
        let (mark, style) = match rung.outcome {
            PhaseOutcome::Passed => ("✔", self.style(Color::Green)),
            PhaseOutcome::Warned => ("▲", self.style(Color::Yellow)),
            PhaseOutcome::Failed => ("✖", self.style(Color::Red)),
            PhaseOutcome::Skipped | PhaseOutcome::NotReached => ("·", self.quiet()),
        };
        let took = rung.took_ms.map(duration).unwrap_or_default();
        let says = match rung.outcome {
            PhaseOutcome::NotReached => "not reached",
            _ => rung.says.as_str(),
        };
        let head = format!("{:<13}{took:>8}  ", words::rung(rung));
        let says = self.fitted(says, self.columns.saturating_sub(width(&head) + 4));
        Line::from(vec![
            Span::raw("  "),
            Span::styled(self.safe(mark), style),
            Span::raw(format!(" {head}{says}")),
        ])
    }

    fn rule(&self, title: &str) -> Line<'static> {
        let bar = match self.scene.letters {
            Letters::Unicode => "─",
            Letters::Ascii => "-",
        };
        let title = self.fitted(title, self.columns.saturating_sub(6));
        let rest = self.columns.saturating_sub(width(&title) + 4);
        Line::styled(
            format!("{bar}{bar} {title} {}", bar.repeat(rest)),
            self.quiet(),
        )
    }

    /// What changed, newest first, as many lines as there is room for.
    fn changes(&self, lines: usize) -> Vec<Line<'static>> {
        let mut drawn = vec![self.rule("changes")];
        let mut all: Vec<_> = self
            .scene
            .hosts
            .iter()
            .flat_map(|host| {
                host.changes
                    .iter()
                    .map(move |(at, change)| (at, host, change))
            })
            .collect();
        all.sort_by_key(|(at, ..)| std::cmp::Reverse(**at));
        let several = self.scene.hosts.len() > 1;
        for (at, host, change) in all.into_iter().take(lines.saturating_sub(1)) {
            let style = match change.tone {
                Tone::Good => self.style(Color::Green),
                Tone::Bad => self.style(Color::Red),
                Tone::Odd => self.style(Color::Yellow),
            };
            let name = if several {
                let most = (self.columns / 4).max(8);
                format!("{}  ", self.fitted(&host.shown, most))
            } else {
                String::new()
            };
            let head = format!("  {}  {name}", self.clock(*at));
            let says = self.fitted(&change.says, self.columns.saturating_sub(width(&head)));
            drawn.push(Line::from(vec![Span::raw(head), Span::styled(says, style)]));
        }
        drawn
    }

    fn foot(&self) -> Line<'static> {
        let next = self
            .scene
            .hosts
            .get(self.scene.selected)
            .map(|host| match (host.looking, self.scene.paused) {
                (true, _) => "looking".to_owned(),
                (_, true) => "paused".to_owned(),
                _ => format!(
                    "next look in {:.0} s",
                    (host.left(self.scene.now) / 1000.0).ceil()
                ),
            })
            .unwrap_or_default();
        let bell = if self.scene.bell {
            "b bell off"
        } else {
            "b bell"
        };
        let pause = if self.scene.paused {
            "space go on"
        } else {
            "space pause"
        };
        let mut keys = vec!["q quit", pause, "l look now", bell];
        if self.scene.hosts.len() > 1 {
            keys.push("j/k host");
        }
        // The keys that fit, the most needed ones first.
        let mut line = String::new();
        for key in keys {
            if width(&line) + width(key) + 3 + width(&next) < self.columns {
                line.push_str(key);
                line.push_str("   ");
            }
        }
        let gap = self.columns.saturating_sub(width(&line) + width(&next));
        let next = self.fitted(&next, self.columns);
        Line::styled(format!("{line}{}{next}", " ".repeat(gap)), self.quiet())
    }
}

/// The host works, as far as is known.
fn works(host: &Host) -> Option<bool> {
    host.last.as_ref().map(|(_, seen)| seen.works)
}
