//! How long tests wait, and for what: whatever never comes ends the test that waits for it, and says what it was.

use std::collections::BTreeMap;
use std::io;
use std::io::Write as _;
use std::process::Child;
use std::process::ExitStatus;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::Once;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;
use std::time::Instant;

/// Far more than anything takes; a machine may be slow.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);
/// The same for what cannot be given up without giving up the whole run.
const LAST_PATIENCE: Duration = Duration::from_secs(600);
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Waits until something holds.
#[track_caller]
pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "waited {PATIENCE:?} in vain: {what}");
        thread::park_timeout(LOOK_EVERY);
    }
}

/// Waits until a process ends; one that does not is killed.
#[track_caller]
pub(crate) fn ended(child: &mut Child, what: &str) -> ExitStatus {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if deadline <= Instant::now() {
            child.kill().unwrap();
            let status = child.wait().unwrap();
            // A second panic would hide the first.
            assert!(thread::panicking(), "{what} did not end within {PATIENCE:?}");
            return status;
        }
        thread::park_timeout(LOOK_EVERY);
    }
}

/// What that many answer who do the same at the same moment; each gets its number.
pub(crate) fn at_once<T: Send>(count: usize, job: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let (arrived, all_are_here) = (Mutex::new(0), Condvar::new());
    let meet = || {
        let mut arrived = arrived.lock().unwrap();
        *arrived += 1;
        all_are_here.notify_all();
        // Whoever could not be started is not waited for, as a `Barrier` would.
        let waited = all_are_here.wait_timeout_while(arrived, PATIENCE, |arrived| *arrived < count);
        assert!(!waited.unwrap().1.timed_out(), "not all of {count} came");
    };
    thread::scope(|scope| {
        let (meet, job) = (&meet, &job);
        let run = move |n| {
            meet();
            job(n)
        };
        let jobs: Vec<_> = (0..count).map(|n| scope.spawn(move || run(n))).collect();
        jobs.into_iter().map(|job| job.join().unwrap()).collect()
    })
}

/// Ends a load when it is dropped: a check that fails must not leave it running for ever.
pub(crate) struct Over<'a>(pub(crate) &'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// What runs in this process and has no deadline: since when, and what it is.
static WATCHED: Mutex<BTreeMap<u64, (Instant, String)>> = Mutex::new(BTreeMap::new());

/// Runs what has no deadline of its own. A thread cannot be ended from outside, so what takes too long ends the whole
/// run, and says what it was.
pub(crate) fn watched<T>(what: String, job: impl FnOnce() -> T) -> T {
    static WATCH: Once = Once::new();
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    WATCH.call_once(|| drop(thread::spawn(watch)));
    let watched = Watched(NUMBER.fetch_add(1, Ordering::Relaxed));
    lock().insert(watched.0, (Instant::now(), what));
    let answer = job();
    drop(watched);
    answer
}

struct Watched(u64);

impl Drop for Watched {
    fn drop(&mut self) {
        lock().remove(&self.0);
    }
}

fn lock() -> MutexGuard<'static, BTreeMap<u64, (Instant, String)>> {
    WATCHED.lock().unwrap_or_else(PoisonError::into_inner)
}

fn watch() {
    loop {
        thread::park_timeout(Duration::from_secs(1));
        let watched = lock();
        let late = watched.values().find(|(since, _)| LAST_PATIENCE < since.elapsed());
        if let Some((_, what)) = late {
            // Not `eprintln!`: the harness would keep it back.
            let line = format!("\nwaited {LAST_PATIENCE:?} in vain: {what}\n\n");
            drop(io::stderr().write_all(line.as_bytes()));
            std::process::abort();
        }
    }
}
