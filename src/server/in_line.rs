//! Places for requests that are answered on the threads of the runtime. There is one thread more
//! than places: even if all places wait for a disk, one thread reads requests and answers those
//! that need no disk.

use std::future::ready;
use std::io;
use std::num::NonZero;
use std::sync::Arc;
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
    places_max: usize,
}

impl InLine {
    pub(super) fn new() -> Self {
        let places_max = places();
        Self { places: Arc::new(Semaphore::new(places_max)), places_max }
    }

    /// Takes a place, released when dropped; `None` if none becomes free.
    pub(super) async fn enter(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            return Some(place);
        }
        time::timeout(WAIT, Arc::clone(&self.places).acquire_owned()).await.ok()?.ok()
    }

    /// Watches the threads of the runtime until the result is dropped. While a place is taken, it
    /// wakes a thread periodically: the thread that polls sockets and timers may be the one that
    /// hangs, and no other takes over by itself.
    pub(super) fn watch(&self, runtime: &Handle) -> io::Result<Sender<()>> {
        let (goes_on, is_over) = mpsc::channel();
        let (places, places_max) = (Arc::clone(&self.places), self.places_max);
        let runtime = runtime.clone();
        thread::Builder::new().name("watcher".to_owned()).spawn(move || {
            while is_over.recv_timeout(WAIT) == Err(RecvTimeoutError::Timeout) {
                if places.available_permits() < places_max {
                    runtime.spawn(ready(()));
                }
            }
        })?;
        Ok(goes_on)
    }
}

/// The number of places: the number of processors.
pub(super) fn places() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}
