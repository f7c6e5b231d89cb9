//! Places for requests that are answered on the threads of the runtime. There is one thread more
//! than places: even if all places wait for a disk, one thread reads requests and answers those
//! that need no disk. As long as the disk responds, that thread sleeps, because idle threads that
//! look for work slow the others down.

use std::future::ready;
use std::io;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::Semaphore;
use tokio::time;

/// How long to wait for a place: many times the usual duration of an answer, unless the disk hangs.
const WAIT: Duration = Duration::from_millis(100);

/// The places.
pub(super) struct InLine {
    places: Arc<Semaphore>,
    /// Whether a place was taken since the watcher's last check.
    is_moving: Arc<AtomicBool>,
}

impl InLine {
    pub(super) fn new() -> Self {
        Self { places: Arc::new(Semaphore::new(places())), is_moving: Arc::default() }
    }

    /// Takes a place, released when dropped; `None` if none becomes free.
    pub(super) async fn enter(&self) -> Option<OwnedSemaphorePermit> {
        let place = match Arc::clone(&self.places).try_acquire_owned() {
            Ok(place) => place,
            Err(_) => {
                time::timeout(WAIT, Arc::clone(&self.places).acquire_owned()).await.ok()?.ok()?
            }
        };
        self.is_moving.store(true, Ordering::Relaxed);
        Some(place)
    }

    /// Watches the threads of the runtime until the result is dropped. While a place is taken, it
    /// wakes a thread periodically: the thread that polls sockets and timers may be the one that
    /// hangs, and no other takes over by itself. The spare thread sleeps unless places are taken
    /// without progress.
    pub(super) fn watch(&self, runtime: &Handle) -> io::Result<Sender<()>> {
        let (goes_on, is_over) = mpsc::channel();
        let (places, is_moving) = (Arc::clone(&self.places), Arc::clone(&self.is_moving));
        let runtime = runtime.clone();
        thread::Builder::new().name("watcher".to_owned()).spawn(move || {
            let mut resting = Some(rest(&runtime));
            while is_over.recv_timeout(WAIT) == Err(RecvTimeoutError::Timeout) {
                let is_taken = places.available_permits() < self::places();
                if is_moving.swap(false, Ordering::Relaxed) {
                    resting.get_or_insert_with(|| rest(&runtime));
                } else if is_taken {
                    resting = None;
                }
                if is_taken {
                    runtime.spawn(ready(()));
                }
            }
        })?;
        Ok(goes_on)
    }
}

/// Keeps one thread of the runtime asleep until the result is dropped.
fn rest(runtime: &Handle) -> Sender<()> {
    let (rests, is_needed) = mpsc::channel::<()>();
    runtime.spawn(async move { is_needed.recv() });
    rests
}

/// The number of places: the number of processors.
pub(super) fn places() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}
