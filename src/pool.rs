//! A bounded pool of connections to another machine. While that is unreachable, requests are refused at once instead of
//! waiting for the same timeout.

use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::Instant;

pub(crate) struct Pool<C> {
    places: usize,
    wait: Duration,
    state: Mutex<PoolState<C>>,
    freed: Condvar,
}

struct PoolState<C> {
    idle: Vec<C>,
    taken: usize,
    down: Option<Outage>,
}

/// The machine was unreachable.
struct Outage {
    until: Instant,
    reason: String,
}

/// Why there is no place in the pool.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NoPlace {
    /// All places are taken, and none became free in time.
    Busy,
    /// The machine was unreachable a moment ago, for this reason.
    Unavailable(String),
}

impl<C> Pool<C> {
    /// A pool of this many connections, and how long a request waits for one.
    pub(crate) fn new(places: usize, wait: Duration) -> Self {
        let state = PoolState { idle: Vec::new(), taken: 0, down: None };
        Self { places, wait, state: Mutex::new(state), freed: Condvar::new() }
    }

    /// Waits for a place.
    pub(crate) fn place(&self) -> Result<PoolSlot<'_, C>, NoPlace> {
        let is_full = |state: &mut PoolState<C>| self.places <= state.taken;
        let (mut state, _) = self
            .freed
            .wait_timeout_while(self.lock(), self.wait, is_full)
            .unwrap_or_else(PoisonError::into_inner);
        if is_full(&mut state) {
            return Err(NoPlace::Busy);
        }
        if let Some(down) = &state.down
            && Instant::now() < down.until
        {
            return Err(NoPlace::Unavailable(down.reason.clone()));
        }
        state.down = None;
        state.taken += 1;
        Ok(PoolSlot { pool: self })
    }

    fn lock(&self) -> MutexGuard<'_, PoolState<C>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in the pool; dropping it frees the place.
pub(crate) struct PoolSlot<'a, C> {
    pool: &'a Pool<C>,
}

impl<C> PoolSlot<'_, C> {
    /// The most recently used idle connection.
    pub(crate) fn idle(&self) -> Option<C> {
        self.pool.lock().idle.pop()
    }

    /// Returns a usable connection to the pool.
    pub(crate) fn keep(&self, connection: C) {
        self.pool.lock().idle.push(connection);
    }

    /// Drops the idle connections: one turned out to be dead, and the others are as old.
    pub(crate) fn drop_idle(&self) {
        let old = std::mem::take(&mut self.pool.lock().idle);
        drop(old);
    }

    /// Records that the machine is unreachable: no request tries to connect for `pause`.
    pub(crate) fn mark_unreachable(&self, reason: String, pause: Duration) {
        self.drop_idle();
        self.pool.lock().down = Some(Outage { until: Instant::now() + pause, reason });
    }
}

impl<C> Drop for PoolSlot<'_, C> {
    fn drop(&mut self) {
        self.pool.lock().taken -= 1;
        self.pool.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_is_taken_is_refused_and_free_again_afterwards() {
        let pool = Pool::<u8>::new(1, Duration::ZERO);
        let place = pool.place();
        assert_eq!(pool.place().err(), Some(NoPlace::Busy));
        drop(place);
        assert!(pool.place().is_ok());
    }

    #[test]
    fn a_waiting_request_gets_the_next_place() {
        let pool = Pool::<u8>::new(1, Duration::from_secs(30));
        let place = pool.place();
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| pool.place().is_ok());
            drop(place);
            assert!(waits.join().unwrap());
        });
    }

    #[test]
    fn no_request_tries_while_the_machine_is_unreachable() {
        let pool = Pool::<u8>::new(2, Duration::ZERO);
        let place = pool.place().unwrap();
        place.keep(1);
        place.mark_unreachable("gone".to_owned(), Duration::from_secs(600));
        assert_eq!(place.idle(), None);
        assert_eq!(pool.place().err(), Some(NoPlace::Unavailable("gone".to_owned())));
        place.mark_unreachable("gone".to_owned(), Duration::ZERO);
        assert!(pool.place().is_ok());
    }
}
