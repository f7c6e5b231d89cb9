//! Places for requests that are answered on the threads of the runtime. There is one thread more than places, so
//! whatever a disk keeps waiting, there is a thread that reads requests, and answers those that need no disk.

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

/// How long a place is waited for: many times what an answer takes there, unless the disk hangs.
const WAIT: Duration = Duration::from_millis(100);

/// The places.
pub(super) struct InLine(Arc<Semaphore>);

impl InLine {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(places())))
    }

    /// A place, until it is dropped; `None` where those who have one do not come to an end.
    pub(super) async fn enter(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(place) = Arc::clone(&self.0).try_acquire_owned() {
            return Some(place);
        }
        time::timeout(WAIT, Arc::clone(&self.0).acquire_owned()).await.ok()?.ok()
    }

    /// Wakes a thread of the runtime again and again while a place is taken, until the answer is dropped: the one that
    /// looks after sockets and timers may be the one that hangs, and no other one takes that over by itself.
    pub(super) fn keep_awake(&self, runtime: &Handle) -> io::Result<Sender<()>> {
        let (goes_on, is_over) = mpsc::channel();
        let (places, runtime) = (Arc::clone(&self.0), runtime.clone());
        thread::Builder::new().name("waker".to_owned()).spawn(move || {
            while is_over.recv_timeout(WAIT) == Err(RecvTimeoutError::Timeout) {
                if places.available_permits() < self::places() {
                    runtime.spawn(ready(()));
                }
            }
        })?;
        Ok(goes_on)
    }
}

/// How many there are: as many as work at the same moment.
pub(super) fn places() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}
