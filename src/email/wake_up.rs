//! Wakes a thread that waits for work.

use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

/// A flag and a condition variable: set by the producers of work, awaited by the thread that does
/// it.
#[derive(Default)]
pub struct WakeUp {
    is_due: Mutex<bool>,
    condition: Condvar,
}

impl WakeUp {
    /// Wakes the waiting thread, or makes its next wait return immediately.
    pub fn notify(&self) {
        *self.is_due.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.condition.notify_one();
    }

    /// Waits for a notification, at most this long.
    pub fn wait(&self, at_most: Duration) {
        let is_due = self.is_due.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.condition.wait_timeout_while(is_due, at_most, |is_due| !*is_due);
        let (mut is_due, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *is_due = false;
    }
}
