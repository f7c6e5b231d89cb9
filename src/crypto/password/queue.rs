//! Who may hash now: a fixed number of slots, each with memory that is used again and again.

use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use argon2::Block;

/// The slots and those who wait for one.
pub(super) struct Queue {
    state: Mutex<State>,
    freed: Condvar,
    running_max: usize,
    waiting_max: usize,
}

#[derive(Default)]
struct State {
    running: usize,
    waiting: usize,
    memories: Vec<Vec<Block>>,
}

impl Queue {
    pub(super) fn new(running_max: usize, waiting_max: usize) -> Self {
        Self { state: Mutex::default(), freed: Condvar::new(), running_max, waiting_max }
    }

    /// Waits for a slot; `None` when too many wait already.
    pub(super) fn enter(&self) -> Option<Slot<'_>> {
        let mut state = self.lock();
        if self.running_max <= state.running {
            if self.waiting_max <= state.waiting {
                return None;
            }
            state.waiting += 1;
            state = self
                .freed
                .wait_while(state, |state| self.running_max <= state.running)
                .unwrap_or_else(PoisonError::into_inner);
            state.waiting -= 1;
        }
        state.running += 1;
        let memory = state.memories.pop().unwrap_or_default();
        Some(Slot { queue: self, memory })
    }

    /// How many run and how many wait.
    pub(super) fn load(&self) -> (usize, usize) {
        let state = self.lock();
        (state.running, state.waiting)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to hash, given back when it is dropped.
pub(super) struct Slot<'a> {
    queue: &'a Queue,
    memory: Vec<Block>,
}

impl Slot<'_> {
    /// Blocks that an earlier hash left; to use them again takes a third less time than new ones.
    pub(super) fn memory(&mut self) -> &mut Vec<Block> {
        &mut self.memory
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        let mut state = self.queue.lock();
        state.running -= 1;
        state.memories.push(std::mem::take(&mut self.memory));
        drop(state);
        self.queue.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::sync::atomic::Ordering;
    use std::thread;

    use super::*;

    #[test]
    fn no_more_run_at_once_than_there_are_slots() {
        let queue = Queue::new(2, 100);
        let (running, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..50 {
                scope.spawn(|| {
                    let slot = queue.enter().unwrap();
                    most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    thread::yield_now();
                    running.fetch_sub(1, Ordering::SeqCst);
                    drop(slot);
                });
            }
        });
        assert!((1..=2).contains(&most.load(Ordering::SeqCst)));
    }

    #[test]
    fn memory_is_kept_for_the_next_one() {
        let queue = Queue::new(1, 0);
        queue.enter().unwrap().memory().resize(8, Block::new());
        assert_eq!(queue.enter().unwrap().memory().len(), 8);
    }
}
