//! The limits of concurrent requests, in total and per client; more are rejected.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

/// Counts requests, in total and by client.
pub(super) struct Gate {
    max: usize,
    per_client_max: usize,
    inside: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    total: usize,
    of: HashMap<Option<IpAddr>, usize>,
}

/// The permit of a request, released when dropped.
pub(super) struct RequestPermit {
    gate: Arc<Gate>,
    client: Option<IpAddr>,
}

impl Gate {
    pub(super) fn new(max: usize, per_client_max: usize) -> Self {
        Self { max, per_client_max, inside: Mutex::default() }
    }

    /// Admits a request of this client, unless there are too many.
    pub(super) fn enter(self: &Arc<Self>, client: Option<IpAddr>) -> Option<RequestPermit> {
        let mut inside = self.lock();
        if self.max <= inside.total {
            return None;
        }
        let count = inside.of.entry(client).or_insert(0);
        if self.per_client_max <= *count {
            return None;
        }
        *count += 1;
        inside.total += 1;
        drop(inside);
        Some(RequestPermit { gate: Arc::clone(self), client })
    }

    /// The current number of requests.
    pub(super) fn count(&self) -> usize {
        self.lock().total
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for RequestPermit {
    fn drop(&mut self) {
        let mut inside = self.gate.lock();
        inside.total -= 1;
        if let Entry::Occupied(mut count) = inside.of.entry(self.client) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_takes_more_than_a_share_and_all_together_no_more_than_there_is() {
        let gate = Arc::new(Gate::new(3, 2));
        let client = |last| Some(IpAddr::from([192, 0, 2, last]));
        let first = [gate.enter(client(1)).unwrap(), gate.enter(client(1)).unwrap()];
        assert!(gate.enter(client(1)).is_none());
        let other = gate.enter(client(2)).unwrap();
        assert!(gate.enter(client(3)).is_none());
        drop(first);
        assert!(gate.enter(client(3)).is_some());
        assert_eq!(gate.count(), 1);
        drop(other);
        assert!(gate.lock().of.is_empty());
    }
}
