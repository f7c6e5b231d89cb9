//! Places for requests that are answered on the threads of the runtime. There is one thread more than places, so
//! whatever a disk keeps waiting, there is a thread that reads requests, and answers those that need no disk. As long as
//! the disk answers, that thread rests: threads that look for work cost those that have it.

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

/// How long a place is waited for: many times what an answer takes there, unless the disk hangs.
const WAIT: Duration = Duration::from_millis(100);

/// The places.
pub(super) struct InLine {
    places: Arc<Semaphore>,
    /// Whether one was taken since the watcher looked.
    is_moving: Arc<AtomicBool>,
}

impl InLine {
    pub(super) fn new() -> Self {
        Self { places: Arc::new(Semaphore::new(places())), is_moving: Arc::default() }
    }

    /// A place, until it is dropped; `None` where those who have one do not come to an end.
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

    /// Looks after the threads of the runtime until the answer is dropped. While a place is taken it wakes one again and
    /// again: the one that looks after sockets and timers may be the one that hangs, and no other one takes that over by
    /// itself. The spare one rests unless a place is taken and none was taken lately.
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

/// Keeps one thread of the runtime from everything until the answer is dropped.
fn rest(runtime: &Handle) -> Sender<()> {
    let (rests, is_needed) = mpsc::channel::<()>();
    runtime.spawn(async move { is_needed.recv() });
    rests
}

/// How many there are: as many as work at the same moment.
pub(super) fn places() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}
