//! The clock that cuts off calls which take too long.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;

use wasmtime::Engine;

use crate::{HostError, Limits};

/// A thread that ticks as long as this lives.
#[derive(Debug)]
pub(crate) struct Ticker {
    _stops_when_dropped: Sender<()>,
}

impl Ticker {
    /// Begins to tick for an engine.
    pub(crate) fn start(engine: &Engine) -> Result<Self, HostError> {
        let (sender, receiver) = channel();
        let engine = engine.weak();
        let tick = move || {
            while receiver.recv_timeout(Limits::TICK) == Err(RecvTimeoutError::Timeout) {
                let Some(engine) = engine.upgrade() else { return };
                engine.increment_epoch();
            }
        };
        thread::Builder::new()
            .name("portcullis-ticker".to_owned())
            .spawn(tick)
            .map_err(|error| HostError::Runtime(error.to_string()))?;
        Ok(Self { _stops_when_dropped: sender })
    }
}
