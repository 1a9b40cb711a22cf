//! How far a check goes beyond TLS, and as whom: the options for it, and where a password may come from.
//!
//! A password is never an argument: others on the machine see those. It is asked for at the terminal, read
//! from standard input, or taken from the environment.

use std::io::{BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use probe::{Credentials, Options, Secret, Until};
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};
use ratatui::crossterm::terminal;

use crate::failure::{Failure, Status};
use crate::report::wrap::harmless;

/// The name of the environment variable with the password.
const VARIABLE: &str = "RDPDOCTOR_PASSWORD";
/// The most letters of a password.
const LONGEST: usize = 512;

/// How far to go, and as whom.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
pub struct LogonArguments {
    /// Try one logon as this user; a wrong password counts towards a lock-out [the password: asked for, or RDPDOCTOR_PASSWORD]
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,
    /// Read passwords from standard input: a line for --user, one for --gateway-user, one for the user of --proxy.
    #[arg(long)]
    pub password_stdin: bool,
    /// How far to go.
    #[arg(long, value_name = "RUNG")]
    pub to: Option<Rung>,
}

/// How far to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Rung {
    /// Up to the logon: no session begins on the server (the default).
    Logon,
    /// Up to the first picture of a logon screen or desktop, then disconnect; with a user, a session may be left behind.
    Desktop,
}

impl LogonArguments {
    /// Both sets of options.
    pub fn and(self, other: Self) -> Self {
        Self {
            user: other.user.or(self.user),
            password_stdin: self.password_stdin || other.password_stdin,
            to: other.to.or(self.to),
        }
    }

    /// Fills in the options of a check, and asks for the password where one is needed.
    pub fn fill(&self, options: &mut Options, host: &str) -> Result<(), Failure> {
        options.until = match self.to {
            Some(Rung::Desktop) => Until::Desktop,
            Some(Rung::Logon) | None => Until::Logon,
        };
        let Some(user) = &self.user else {
            return Ok(());
        };
        // The name is looked at before anybody types a password.
        Credentials::of(user, Secret::new(String::new()))
            .map_err(|wrong| Failure::usage(format!("--user {}: {wrong}", harmless(user))))?;
        let password = self.password(user, host)?;
        let credentials = Credentials::of(user, password)
            .map_err(|wrong| Failure::usage(format!("--user {}: {wrong}", harmless(user))))?;
        options.credentials = Some(Arc::new(credentials));
        Ok(())
    }

    fn password(&self, user: &str, host: &str) -> Result<Secret, Failure> {
        password(
            &Wanted {
                option: "--user",
                variable: VARIABLE,
                on: host,
                user,
            },
            self.password_stdin,
        )
        .map(Secret::new)
    }
}

/// A password that is wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'w> {
    /// The option that names the user.
    pub(crate) option: &'w str,
    /// The environment variable that may hold it.
    pub(crate) variable: &'w str,
    /// Where the logon is tried.
    pub(crate) on: &'w str,
    /// Whose it is.
    pub(crate) user: &'w str,
}

/// A password: a line of standard input where that was said, else that of the environment, else what is typed. None at
/// all is nobody's password, and trying it would count as a wrong one.
pub(crate) fn password(wanted: &Wanted<'_>, stdin: bool) -> Result<String, Failure> {
    let Wanted {
        option,
        variable,
        on,
        user,
    } = *wanted;
    let whose = || format!("{option} {}", harmless(user));
    let (text, from) = if stdin {
        (line(&whose())?, "on standard input")
    } else if let Some(text) = std::env::var_os(variable) {
        let text = text
            .into_string()
            .map_err(|_| Failure::usage(format!("{variable} holds something that is no text")))?;
        (text, "in the environment")
    } else if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() {
        (asked(on, user)?, "typed")
    } else {
        return Err(Failure::usage(format!(
            "{option} needs a password, and there is no terminal to ask at; use --password-stdin or {variable}"
        )));
    };
    if text.is_empty() {
        return Err(Failure::usage(format!(
            "the password for {} is empty ({from}); nothing was tried, because it would count as a wrong one",
            whose()
        )));
    }
    Ok(text)
}

/// What is typed at the terminal.
fn asked(on: &str, user: &str) -> Result<String, Failure> {
    let mut err = std::io::stderr().lock();
    let _ = write!(
        err,
        "One logon will be tried on {}. A wrong password counts towards a lock-out; Ctrl-C leaves.\n\
         Password of {}: ",
        harmless(on),
        harmless(user)
    );
    let _ = err.flush();
    terminal::enable_raw_mode().context("cannot hide what is typed")?;
    let typed = typed();
    let _ = terminal::disable_raw_mode();
    let _ = writeln!(err);
    typed
}

/// A line of standard input, without its end.
fn line(whose: &str) -> Result<String, Failure> {
    let mut line = String::new();
    let most = u64::try_from(LONGEST.saturating_add(2)).unwrap_or(u64::MAX);
    let read = std::io::stdin().lock().take(most).read_line(&mut line);
    let read = read.map_err(|error| {
        Failure::usage(format!(
            "cannot read the password for {whose} from standard input: {error}"
        ))
    })?;
    if read == 0 {
        return Err(Failure::usage(format!(
            "standard input ended before the password for {whose}; with --password-stdin it holds a line for --user, one \
             for --gateway-user and one for the user of --proxy, as far as they are given"
        )));
    }
    let end = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(end);
    if line.len() > LONGEST {
        return Err(Failure::usage(format!(
            "the password for {whose} on standard input is longer than any"
        )));
    }
    Ok(line)
}

/// What is typed, up to the end of the line, unseen.
fn typed() -> Result<String, Failure> {
    let interrupted = || Failure {
        status: Status::Interrupted,
        says: "interrupted before anything was looked at".to_owned(),
    };
    let mut text = String::new();
    loop {
        let Event::Key(key) = event::read().context("cannot read what is typed")? else {
            continue;
        };
        if key.kind == KeyEventKind::Release {
            continue;
        }
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('c' | 'd') if control => return Err(interrupted()),
            KeyCode::Char('u') if control => text.clear(),
            KeyCode::Char(letter) if !control && text.len() < LONGEST => text.push(letter),
            KeyCode::Backspace => {
                text.pop();
            }
            KeyCode::Enter => return Ok(text),
            KeyCode::Esc => return Err(interrupted()),
            _ => {}
        }
    }
}
