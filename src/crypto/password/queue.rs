//! A fixed number of threads that hash one password after the other. When each caller hashed on its own thread and woke
//! the next one, a core was idle for milliseconds until the system had moved that thread there.
//!
//! Jobs wait in a [`FairQueue`]: a client with many passwords delays only itself. When the queue is full, the client
//! with the most jobs loses one.

use std::io;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::mpsc;
use std::thread;

use argon2::Block;

use crate::fair_queue::Client;
use crate::fair_queue::FairQueue;

/// Memory blocks of an earlier hash: reusing them takes a third less time than new ones.
pub(super) type Memory = Vec<Block>;
type HashJob = Box<dyn FnOnce(&mut Memory) -> NotifyCaller + Send>;
/// Sends the result of a job to its caller.
type NotifyCaller = Box<dyn FnOnce() + Send>;

/// The threads and the waiting jobs.
pub(super) struct Queue {
    shared: Arc<Shared>,
    threads_max: usize,
    waiting_max: usize,
}

#[derive(Default)]
struct Shared {
    state: Mutex<QueueState>,
    come: Condvar,
}

#[derive(Default)]
struct QueueState {
    jobs: FairQueue<HashJob>,
    threads: usize,
    /// Threads without a job.
    idle: usize,
    memories: Vec<Memory>,
    is_over: bool,
}

impl Queue {
    pub(super) fn new(threads_max: usize, waiting_max: usize) -> Self {
        Self { shared: Arc::default(), threads_max, waiting_max }
    }

    /// Waits for a thread and its result; `None` when the queue is full.
    pub(super) fn run<T: Send + 'static>(
        &self,
        client: Client,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Option<T> {
        let (tell, told) = mpsc::sync_channel(1);
        let job: HashJob = Box::new(move |memory| {
            let answer = catch_unwind(AssertUnwindSafe(|| work(memory)));
            // The caller is waiting for it.
            Box::new(move || drop(tell.send(answer)))
        });
        self.push(client, job);
        // Dropping a job closes its channel.
        told.recv().ok().map(|answer| answer.unwrap_or_else(|panic| resume_unwind(panic)))
    }

    /// Queues a job, and starts a thread if none is idle and the limit allows it.
    fn push(&self, client: Client, job: HashJob) {
        let mut state = self.shared.lock();
        // If no thread can be started, the existing ones do the work.
        if state.idle <= state.jobs.len()
            && state.threads < self.threads_max
            && self.begin().is_ok()
        {
            state.threads += 1;
            state.idle += 1;
        }
        if state.threads == 0 {
            return;
        }
        state.jobs.push(client, job);
        let is_full = self.waiting_max + state.idle < state.jobs.len();
        let shed = is_full.then(|| state.jobs.shed(client));
        drop(state);
        drop(shed);
        self.shared.come.notify_one();
    }

    fn begin(&self) -> io::Result<()> {
        let shared = Arc::clone(&self.shared);
        thread::Builder::new().name("hash".to_owned()).spawn(move || shared.serve()).map(drop)
    }

    /// The number of running and of waiting jobs.
    pub(super) fn load(&self) -> (usize, usize) {
        let state = self.shared.lock();
        let taken = state.idle.min(state.jobs.len());
        (state.threads - state.idle + taken, state.jobs.len() - taken)
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.shared.lock().is_over = true;
        self.shared.come.notify_all();
    }
}

impl Shared {
    fn serve(&self) {
        let mut state = self.lock();
        loop {
            let has_none = |state: &mut QueueState| state.jobs.len() == 0 && !state.is_over;
            state = self.come.wait_while(state, has_none).unwrap_or_else(PoisonError::into_inner);
            let Some(job) = state.jobs.pop() else {
                return;
            };
            state.idle -= 1;
            let mut memory = state.memories.pop().unwrap_or_default();
            drop(state);
            let tell = job(&mut memory);
            state = self.lock();
            state.idle += 1;
            state.memories.push(memory);
            drop(state);
            // When the caller is notified, this thread is already idle.
            tell();
            state = self.lock();
        }
    }

    fn lock(&self) -> MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;
    use std::sync::atomic::AtomicUsize;
    use std::sync::atomic::Ordering;

    use super::*;

    #[test]
    fn no_more_run_at_once_than_there_are_threads() {
        let queue = Queue::new(2, 100);
        let counts = Arc::new((AtomicUsize::new(0), AtomicUsize::new(0)));
        let work = |n| {
            let counts = Arc::clone(&counts);
            let answer = queue.run(None, move |_| {
                let (running, most) = &*counts;
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                thread::yield_now();
                running.fetch_sub(1, Ordering::SeqCst);
                n
            });
            assert_eq!(answer, Some(n));
        };
        thread::scope(|scope| {
            for n in 0..50 {
                let work = &work;
                scope.spawn(move || work(n));
            }
        });
        assert!((1..=2).contains(&counts.1.load(Ordering::SeqCst)));
        assert!(queue.shared.lock().threads <= 2);
    }

    #[test]
    fn a_full_queue_refuses_at_once() {
        let queue = Queue::new(1, 1);
        let (go, gone) = mpsc::channel::<()>();
        let (begin, begun) = mpsc::channel();
        thread::scope(|scope| {
            let queue = &queue;
            scope.spawn(move || {
                queue.run(None, move |_| {
                    begin.send(()).unwrap();
                    gone.recv().unwrap();
                })
            });
            begun.recv().unwrap();
            assert_eq!(queue.load(), (1, 0));
            let second = scope.spawn(|| queue.run(None, |_| 2));
            while queue.load() != (1, 1) {
                thread::yield_now();
            }
            assert_eq!(queue.run(None, |_| 3), None);
            go.send(()).unwrap();
            assert_eq!(second.join().unwrap(), Some(2));
        });
        assert_eq!(queue.run(None, |_| 4), Some(4));
        assert_eq!(queue.load(), (0, 0));
    }

    /// The order in which jobs run that arrive while the only thread is busy.
    fn order_of(queue: &Queue, jobs: &[(u8, u8)]) -> Vec<u8> {
        let (go, gone) = mpsc::channel::<()>();
        let (begin, begun) = mpsc::channel();
        queue.push(
            None,
            Box::new(move |_| {
                begin.send(()).unwrap();
                gone.recv().unwrap();
                Box::new(|| ())
            }),
        );
        begun.recv().unwrap();
        let (run, names) = mpsc::channel();
        for (last, name) in jobs.iter().copied() {
            let run = run.clone();
            let client = Some(IpAddr::from([192, 0, 2, last]));
            queue.push(client, Box::new(move |_| Box::new(move || run.send(name).unwrap())));
        }
        drop(run);
        go.send(()).unwrap();
        names.iter().collect()
    }

    #[test]
    fn the_first_password_of_a_client_waits_for_one_of_each_other() {
        let jobs = [(1, 10), (1, 11), (1, 12), (2, 20), (3, 30)];
        assert_eq!(order_of(&Queue::new(1, 5), &jobs), [10, 20, 30, 11, 12]);
    }

    #[test]
    fn a_client_that_fills_the_queue_makes_room_for_another() {
        let jobs = [(1, 10), (1, 11), (1, 12), (1, 13), (2, 20), (2, 21), (3, 30)];
        assert_eq!(order_of(&Queue::new(1, 3), &jobs), [10, 20, 30]);
    }

    #[test]
    fn memory_is_kept_for_the_next_one() {
        let queue = Queue::new(1, 0);
        queue.run(None, |memory| memory.resize(8, Block::new())).unwrap();
        assert_eq!(queue.run(None, |memory| memory.len()), Some(8));
    }

    #[test]
    fn a_panic_is_its_callers_and_the_thread_goes_on() {
        let queue = Queue::new(1, 0);
        let result = catch_unwind(AssertUnwindSafe(|| queue.run(None, |_| panic!("a bug"))));
        assert!(result.is_err());
        assert_eq!(queue.run(None, |_| 1), Some(1));
        assert_eq!(queue.shared.lock().threads, 1);
    }

    #[test]
    fn threads_end_with_their_queue() {
        let queue = Queue::new(2, 0);
        queue.run(None, |_| ()).unwrap();
        let shared = Arc::downgrade(&queue.shared);
        drop(queue);
        while shared.strong_count() != 0 {
            thread::yield_now();
        }
    }
}
