//! Progress on stderr: nothing for the first second, then the rung that the work is on.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::OutputArguments;

/// How long work may take before it shows that it goes on.
pub const PATIENCE: Duration = Duration::from_secs(1);

/// A line on the terminal that says what is going on.
#[derive(Debug)]
pub struct Progress {
    began: Instant,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Begins to count; shows nothing when nobody would see it or nobody wants it.
    pub fn begin(output: &OutputArguments) -> Self {
        let wanted = !output.quiet && !output.no_progress && std::io::stderr().is_terminal();
        let bar = wanted.then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
                bar.set_style(style.tick_chars("-\\|/ "));
            }
            bar
        });
        Self {
            began: Instant::now(),
            bar,
        }
    }

    /// Says what is going on.
    pub fn on(&self, what: &str) {
        let Some(bar) = &self.bar else { return };
        bar.set_message(what.to_owned());
        if bar.is_hidden() && self.began.elapsed() >= PATIENCE {
            self.show();
        }
    }

    /// Shows the line from here on.
    pub fn show(&self) {
        let Some(bar) = &self.bar else { return };
        bar.set_draw_target(ProgressDrawTarget::stderr());
        bar.enable_steady_tick(Duration::from_millis(120));
    }

    /// Says something beside the work.
    pub fn aside(&self, text: &str) {
        let say = || {
            // Without stderr there is nobody to tell.
            let _ = writeln!(anstream::stderr(), "{text}");
        };
        match &self.bar {
            Some(bar) => bar.suspend(say),
            None => say(),
        }
    }

    /// Takes the line away.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
