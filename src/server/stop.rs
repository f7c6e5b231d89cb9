//! The word that ends a server, from whichever thread it comes.

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
    /// A handle that nobody has used yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends the server in an orderly way; a second call does nothing.
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

    /// Waits for it, for so long at most, and answers whether it was told to stop.
    pub fn wait(&self, at_most: Duration) -> bool {
        let (tell, told) = mpsc::channel();
        // Nobody listens any more when the time is over.
        self.on_stop(move || _ = tell.send(()));
        told.recv_timeout(at_most).is_ok()
    }

    /// Calls back when the server is to stop, at once if it is already.
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
