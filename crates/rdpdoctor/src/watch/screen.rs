//! The terminal: taken at the beginning, given back at the end however that comes.

use std::io::Stdout;

use anyhow::Context as _;
use ratatui::Terminal;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};
use ratatui::prelude::CrosstermBackend;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::view::{Scene, draw};
use crate::failure::Failure;

/// What a person wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The end.
    Quit,
    /// The host above.
    Up,
    /// The host below.
    Down,
    /// No looks, or looks again.
    Pause,
    /// Sound on changes, or none.
    Bell,
    /// A look at once.
    Look,
    /// Nothing but the picture anew: the terminal has another size.
    Redraw,
}

/// The terminal while it is ours.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<Stdout>>,
    keys: UnboundedReceiver<Key>,
}

impl Screen {
    /// Takes the terminal. It is given back when this is dropped, and when the program panics.
    pub fn open() -> Result<Self, Failure> {
        let terminal =
            ratatui::try_init().context("cannot draw on this terminal; --plain prints lines")?;
        let (tell, keys) = unbounded_channel();
        std::thread::Builder::new()
            .name("keys".to_owned())
            .spawn(move || {
                // Ends with the program: a terminal cannot be told to stop waiting.
                while let Ok(event) = event::read() {
                    if let Some(key) = meant(&event)
                        && tell.send(key).is_err()
                    {
                        return;
                    }
                }
                let _ = tell.send(Key::Quit);
            })
            .context("cannot start a thread for the keys")?;
        Ok(Self { terminal, keys })
    }

    /// Draws the picture.
    pub fn draw(&mut self, scene: &Scene) -> Result<(), Failure> {
        self.terminal
            .draw(|frame| draw(frame, scene))
            .context("cannot draw on the terminal")?;
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        ratatui::restore();
    }
}

/// The next key; without a screen, never.
pub async fn key(screen: &mut Option<Screen>) -> Key {
    match screen {
        Some(screen) => screen.keys.recv().await.unwrap_or(Key::Quit),
        None => std::future::pending().await,
    }
}

/// What an event of the terminal means.
fn meant(event: &Event) -> Option<Key> {
    let key = match event {
        Event::Resize(..) => return Some(Key::Redraw),
        Event::Key(key) if key.kind != KeyEventKind::Release => key,
        _ => return None,
    };
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    Some(match key.code {
        KeyCode::Char('c' | 'd') if control => Key::Quit,
        KeyCode::Char('l') if control => Key::Redraw,
        KeyCode::Char('q') | KeyCode::Esc => Key::Quit,
        KeyCode::Char('k') | KeyCode::Up => Key::Up,
        KeyCode::Char('j') | KeyCode::Down => Key::Down,
        KeyCode::Char(' ' | 'p') => Key::Pause,
        KeyCode::Char('b') => Key::Bell,
        KeyCode::Char('l') => Key::Look,
        _ => return None,
    })
}
