//! Names of a sweep: a few threads ask the system's resolver, because it can neither be waited for with others
//! nor be called back.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use model::{Fact, HostName, Micros, NameFailure, Resolver};

use super::{Bell, Waiting};
use crate::resolve;

/// Names asked for at the same time.
const AT_ONCE: usize = 32;
/// Threads at most: some may be stuck with names that were given up.
const THREADS: usize = 64;

/// What became of a name.
pub(super) struct Answer {
    pub(super) asked_at: Micros,
    pub(super) fact: Fact,
}

struct Question {
    waiting: Waiting,
    asked_at: Micros,
    until: Micros,
}

type Answers = (u64, Result<Vec<std::net::IpAddr>, NameFailure>);

/// Names being looked up.
pub(super) struct Names {
    bell: Bell,
    questions: BTreeMap<u64, Question>,
    deadlines: BTreeSet<(Micros, u64)>,
    number: u64,
    threads: usize,
    ask: Sender<(u64, HostName)>,
    asked: Arc<Mutex<Receiver<(u64, HostName)>>>,
    tell: Sender<Answers>,
    told: Receiver<Answers>,
}

impl Names {
    pub(super) fn new(bell: Bell) -> Self {
        let (ask, asked) = channel();
        let (tell, told) = channel();
        Self {
            bell,
            questions: BTreeMap::new(),
            deadlines: BTreeSet::new(),
            number: 0,
            threads: 0,
            ask,
            asked: Arc::new(Mutex::new(asked)),
            tell,
            told,
        }
    }

    pub(super) fn is_idle(&self) -> bool {
        self.questions.is_empty()
    }

    pub(super) fn has_room(&self) -> bool {
        self.questions.len() < AT_ONCE
    }

    /// Looks a name up, until this moment at most.
    pub(super) fn ask(&mut self, waiting: Waiting, now: Micros, until: Micros) {
        self.number = self.number.wrapping_add(1);
        let number = self.number;
        let name = waiting.asked.target.host.clone();
        self.questions.insert(
            number,
            Question {
                waiting,
                asked_at: now,
                until,
            },
        );
        self.deadlines.insert((until, number));
        if !resolve::can_be_a_name(&name.0) {
            let _ = self.tell.send((number, Err(NameFailure::Malformed)));
            self.bell.ring();
            return;
        }
        if self.threads < self.questions.len().min(THREADS) {
            self.spawn();
        }
        let _ = self.ask.send((number, name));
    }

    fn spawn(&mut self) {
        let (asked, tell, bell) = (
            Arc::clone(&self.asked),
            self.tell.clone(),
            self.bell.clone(),
        );
        let thread = std::thread::Builder::new()
            .name("resolver".to_owned())
            .spawn(move || {
                loop {
                    // One thread waits at the queue, the others behind it.
                    let next = match asked.lock() {
                        Ok(queue) => queue.recv(),
                        Err(_) => return,
                    };
                    let Ok((number, name)) = next else { return };
                    if tell.send((number, resolve::ask_system(&name.0))).is_err() {
                        return;
                    }
                    bell.ring();
                }
            });
        if thread.is_ok() {
            self.threads = self.threads.saturating_add(1);
        }
    }

    /// The next name that was answered, or whose time is over.
    pub(super) fn answered(&mut self, now: Micros) -> Option<(Waiting, Answer)> {
        while let Ok((number, answer)) = self.told.try_recv() {
            // Late answers find nobody.
            if let Some(question) = self.close(number) {
                return Some(conclude(question, now, answer));
            }
        }
        let &(until, number) = self.deadlines.first()?;
        if until > now {
            return None;
        }
        // The thread is stuck with it; another takes its place.
        self.threads = self.threads.saturating_sub(1);
        let question = self.close(number)?;
        Some(conclude(question, now, Err(NameFailure::Timeout)))
    }

    fn close(&mut self, number: u64) -> Option<Question> {
        let question = self.questions.remove(&number)?;
        self.deadlines.remove(&(question.until, number));
        Some(question)
    }
}

fn conclude(
    question: Question,
    now: Micros,
    answer: Result<Vec<std::net::IpAddr>, NameFailure>,
) -> (Waiting, Answer) {
    let Question {
        waiting, asked_at, ..
    } = question;
    let name = waiting.asked.target.host.clone();
    let took = now.since(asked_at);
    let not = |why| Fact::NameNotResolved {
        name: name.clone(),
        why,
        via: Resolver::System,
        took,
    };
    let fact = match answer {
        Ok(addresses) if addresses.is_empty() => not(NameFailure::NoAddress),
        Ok(addresses) => Fact::NameResolved {
            name: name.clone(),
            addresses,
            via: Resolver::System,
            took,
        },
        Err(why) => not(why),
    };
    (waiting, Answer { asked_at, fact })
}
