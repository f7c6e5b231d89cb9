//! Connections to another machine: as many as are needed, up to a limit. While nobody is there requests are refused
//! at once instead of waiting in line for the same deadline.

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

/// Nobody was there.
struct Outage {
    until: Instant,
    reason: String,
}

/// Why there is no place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NoPlace {
    /// All are taken, and none became free in time.
    Busy,
    /// Nobody was there a moment ago, for this reason.
    Unavailable(String),
}

impl<C> Pool<C> {
    /// A pool of so many connections, for one of which a request waits so long.
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
        Ok(PoolSlot { home: self })
    }

    fn lock(&self) -> MutexGuard<'_, PoolState<C>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place among the connections; it is free again when this goes.
pub(crate) struct PoolSlot<'a, C> {
    home: &'a Pool<C>,
}

impl<C> PoolSlot<'_, C> {
    /// The connection that was used last, if one is idle.
    pub(crate) fn idle(&self) -> Option<C> {
        self.home.lock().idle.pop()
    }

    /// Keeps a connection that is still good for the next one.
    pub(crate) fn keep(&self, connection: C) {
        self.home.lock().idle.push(connection);
    }

    /// A connection turned out to be dead: its neighbours are as old.
    pub(crate) fn distrust_idle(&self) {
        let old = std::mem::take(&mut self.home.lock().idle);
        drop(old);
    }

    /// Nobody is there; for so long nobody else tries.
    pub(crate) fn nobody_there(&self, reason: String, pause: Duration) {
        self.distrust_idle();
        self.home.lock().down = Some(Outage { until: Instant::now() + pause, reason });
    }
}

impl<C> Drop for PoolSlot<'_, C> {
    fn drop(&mut self) {
        self.home.lock().taken -= 1;
        self.home.freed.notify_one();
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
    fn whoever_waits_gets_the_next_place() {
        let pool = Pool::<u8>::new(1, Duration::from_secs(30));
        let place = pool.place();
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| pool.place().is_ok());
            drop(place);
            assert!(waits.join().unwrap());
        });
    }

    #[test]
    fn while_nobody_is_there_nobody_tries() {
        let pool = Pool::<u8>::new(2, Duration::ZERO);
        let place = pool.place().unwrap();
        place.keep(1);
        place.nobody_there("gone".to_owned(), Duration::from_secs(600));
        assert_eq!(place.idle(), None);
        assert_eq!(pool.place().err(), Some(NoPlace::Unavailable("gone".to_owned())));
        place.nobody_there("gone".to_owned(), Duration::ZERO);
        assert!(pool.place().is_ok());
    }
}
