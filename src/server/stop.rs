//! Stops a server from any thread.

use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::mpsc;
use std::time::Duration;

type Callback = Box<dyn FnOnce() + Send>;

/// A handle that stops a server; clones stop the same one.
#[derive(Clone, Default)]
pub struct Stop(Arc<Mutex<StopState>>);

#[derive(Default)]
struct StopState {
    is_stopped: bool,
    callbacks: Vec<Callback>,
}

impl Stop {
    /// A new handle.
    pub fn new() -> Self {
        Self::default()
    }

    /// Stops the server gracefully; a second call does nothing.
    pub fn stop(&self) {
        let callbacks = {
            let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            state.is_stopped = true;
            std::mem::take(&mut state.callbacks)
        };
        for callback in callbacks {
            callback();
        }
    }

    /// Waits for the stop, at most this long; returns whether it happened.
    pub fn wait(&self, at_most: Duration) -> bool {
        let (tell, told) = mpsc::channel();
        // The receiver is gone after the timeout.
        self.on_stop(move || _ = tell.send(()));
        told.recv_timeout(at_most).is_ok()
    }

    /// Calls back when the server is to stop, or immediately if it already is.
    pub(super) fn on_stop(&self, callback: impl FnOnce() + Send + 'static) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.is_stopped {
            drop(state);
            callback();
        } else {
            state.callbacks.push(Box::new(callback));
        }
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stop").finish_non_exhaustive()
    }
}
