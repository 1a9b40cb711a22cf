//! `--guided` at a real terminal: a pseudo-terminal with a person's keys behind it, Ctrl-C among them.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use nix::pty::openpty;

/// A program that says nothing for so long hangs.
const HANGS: Duration = Duration::from_secs(60);
/// What every question ends with.
const PROMPT: &str = "[y/n/Enter/q]";

/// The program at a terminal.
struct Terminal {
    program: Child,
    keys: File,
    screen: Receiver<Vec<u8>>,
    shown: String,
}

impl Terminal {
    /// Looks at a port that is closed, where many causes are left to ask about.
    fn guided() -> Self {
        let terminal = openpty(None, None).unwrap();
        let side = || Stdio::from(terminal.slave.try_clone().unwrap());
        // The terminal has to be the one that controls the program: only then is Ctrl-C a signal. When the first
        // process of a terminal ends, what was not read from it is lost, so that a shell stays until it was.
        let program = Command::new("setsid")
            .args(["--ctty", "--wait", "sh", "-c"])
            .arg(r#"trap : INT; "$0" "$@"; printf 'ended with %s.\n' $?; read -r bye"#)
            .arg(assert_cmd::cargo::cargo_bin!("rdpdoctor"))
            .args([
                "127.0.0.1:1",
                "--guided",
                "--no-progress",
                "--color",
                "never",
            ])
            .env("TERM", "dumb")
            .stdin(side())
            .stdout(side())
            .stderr(side())
            .spawn()
            .unwrap();
        drop(terminal.slave);
        let keys = File::from(terminal.master);
        let mut seen = keys.try_clone().unwrap();
        let (sends, screen) = channel();
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            // A terminal whose program is gone ends with an error.
            while let Ok(count @ 1..) = seen.read(&mut bytes) {
                if sends
                    .send(bytes.iter().take(count).copied().collect())
                    .is_err()
                {
                    break;
                }
            }
        });
        Self {
            program,
            keys,
            screen,
            shown: String::new(),
        }
    }

    /// Waits until `words` were shown so often.
    fn shows(&mut self, words: &str, times: usize) {
        while self.shown.matches(words).count() < times {
            let bytes = self.screen.recv_timeout(HANGS);
            let bytes = bytes
                .map_err(|error| format!("{error}: {}", self.shown))
                .unwrap();
            self.shown.push_str(&String::from_utf8_lossy(&bytes));
        }
    }

    fn types(&mut self, keys: &[u8]) {
        self.keys.write_all(keys).unwrap();
    }

    /// Waits for the end, and gives what was shown.
    fn ends(mut self) -> String {
        self.shows("ended with 1.", 1);
        self.types(b"\n");
        self.program.wait().unwrap();
        self.shown
    }
}

/// The report stands there whole, whatever was answered.
fn reported(shown: String) -> String {
    assert!(shown.contains("Who can mend it"), "{shown}");
    assert!(shown.contains("Not checked"), "{shown}");
    shown
}

#[test]
fn a_person_answers_and_the_answers_count() {
    let mut terminal = Terminal::guided();
    terminal.shows(PROMPT, 1);
    terminal.types(b"y\n");
    terminal.shows(PROMPT, 2);
    terminal.types(b"perhaps\n");
    terminal.shows("is no answer", 1);
    terminal.shows(PROMPT, 3);
    terminal.types(b"n\n");
    terminal.shows(PROMPT, 4);
    terminal.types(b"q\n");
    let shown = reported(terminal.ends());
    assert!(shown.contains("A few questions"), "{shown}");
    assert_eq!(shown.matches(PROMPT).count(), 4, "{shown}");
}

#[test]
fn it_can_be_left_with_q_the_end_of_input_or_ctrl_c() {
    for keys in [&b"q\n"[..], b"\x04", b"\x03"] {
        let mut terminal = Terminal::guided();
        terminal.shows(PROMPT, 1);
        terminal.types(keys);
        let shown = reported(terminal.ends());
        assert_eq!(shown.matches(PROMPT).count(), 1, "{keys:?}: {shown}");
    }
}

#[test]
fn it_can_be_left_after_an_answer() {
    let mut terminal = Terminal::guided();
    terminal.shows(PROMPT, 1);
    terminal.types(b"y\n");
    terminal.shows(PROMPT, 2);
    terminal.types(b"\x03");
    reported(terminal.ends());
}
