//! What is going on, for whoever waits at a terminal; nobody is told of what is done within a second.

use std::io::{self, IsTerminal as _};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::output;

/// How long it takes until something is said.
const PATIENCE: Duration = Duration::from_secs(1);

/// What is going on. It is over when this is dropped.
pub(crate) struct Progress {
    phases: Option<Sender<&'static str>>,
    teller: Option<thread::JoinHandle<()>>,
}

impl Progress {
    /// The first of the things that are going on; each is told only if it is still going on after a second.
    pub(crate) fn begin(phase: &'static str) -> Self {
        if !io::stderr().is_terminal() {
            return Self { phases: None, teller: None };
        }
        Self::with(phase, PATIENCE, output::remark)
    }

    fn with(phase: &'static str, patience: Duration, say: impl Fn(&str) + Send + 'static) -> Self {
        let (sender, receiver) = channel();
        let teller = thread::Builder::new().spawn(move || tell(phase, patience, &receiver, say));
        // Where no thread can be had, there is more to worry about than progress.
        Self { phases: Some(sender), teller: teller.ok() }
    }

    /// What is going on from now on.
    pub(crate) fn next(&self, phase: &'static str) {
        if let Some(phases) = &self.phases {
            _ = phases.send(phase);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.phases = None;
        // Nothing is said behind what comes next.
        self.teller.take().into_iter().for_each(|teller| _ = teller.join());
    }
}

fn tell(mut phase: &'static str, patience: Duration, phases: &Receiver<&'static str>, say: impl Fn(&str)) {
    let begin = Instant::now();
    let mut told = "";
    loop {
        let wait = if told == phase { Duration::MAX } else { patience.saturating_sub(begin.elapsed()) };
        match phases.recv_timeout(wait) {
            Ok(next) => phase = next,
            Err(RecvTimeoutError::Timeout) => {
                say(&format!("{phase}…\n"));
                told = phase;
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};
    use std::time::{Duration, Instant};

    use super::Progress;

    /// What is said of two phases, the second of which begins once the first is told, or at once.
    fn said(patience: Duration) -> String {
        let text = Arc::new(Mutex::new(String::new()));
        let heard = Arc::clone(&text);
        let progress = Progress::with("reading", patience, move |line| text.lock().unwrap().push_str(line));
        for (phase, expected) in [("proving", "reading…\n"), ("", "reading…\nproving…\n")] {
            let begin = Instant::now();
            while patience < Duration::from_secs(1) && *heard.lock().unwrap() != expected {
                assert!(begin.elapsed() < Duration::from_mins(1), "never told");
                std::thread::yield_now();
            }
            if !phase.is_empty() {
                progress.next(phase);
            }
        }
        drop(progress);
        heard.lock().unwrap().clone()
    }

    #[test]
    fn what_takes_long_is_told_and_what_does_not_is_not() {
        assert_eq!(said(Duration::ZERO), "reading…\nproving…\n");
        assert_eq!(said(Duration::from_hours(1)), "");
    }
}
