//! Background work of a server: sends pending emails, and deletes expired data.

use std::io;
use std::sync::Arc;
use std::sync::Weak;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::RecvTimeoutError;
use std::thread;
use std::time::Duration;

use crate::auth::BetterAuth;
use crate::server::Stop;
use crate::server::recurring::Recurring;

/// The interval of checking for emails of other processes and for due retries.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The pause after the transport was unreachable; it doubles each time.
const PAUSE: Duration = Duration::from_secs(1);
/// The longest pause.
const PAUSE_MAX: Duration = Duration::from_secs(30);
/// The interval of cleanups.
const CLEAN_EVERY: Duration = Duration::from_secs(60);

/// The background threads.
pub(super) struct Worker {
    sender_ended: Receiver<()>,
}

impl Worker {
    /// Starts the threads; they end with the server.
    pub(super) fn start(auth: &Arc<BetterAuth>, stop: &Stop) -> io::Result<Self> {
        // The cleaner must not keep the database open: its last owner closes it and removes the
        // write-ahead log.
        let (cleaner, stopped) = (Arc::downgrade(auth), on_stop(stop));
        thread::Builder::new()
            .name("cleaner".to_owned())
            .spawn(move || clean(&cleaner, &stopped))?;

        let is_stopped = Arc::new(AtomicBool::new(false));
        let (flag, waiting) = (Arc::clone(&is_stopped), Arc::clone(auth));
        let stopped = on_stop(stop);
        stop.on_stop(move || {
            flag.store(true, Ordering::Release);
            waiting.wake_sender();
        });
        let (end, sender_ended) = mpsc::channel();
        let sender = Arc::clone(auth);
        thread::Builder::new().name("sender".to_owned()).spawn(move || {
            send(&sender, &is_stopped, &stopped);
            drop(sender);
            // The receiver may have given up.
            _ = end.send(());
        })?;
        Ok(Self { sender_ended })
    }

    /// Waits until the email being sent is settled, so that it is not sent again; at most this
    /// long.
    pub(super) fn join(self, at_most: Duration) {
        if self.sender_ended.recv_timeout(at_most).is_err() {
            tracing::warn!("an email is still being sent; it may be sent again");
        }
    }
}

/// A channel that signals the stop.
fn on_stop(stop: &Stop) -> Receiver<()> {
    let (tell, stopped) = mpsc::channel();
    // The receiver is gone if the thread has already ended.
    stop.on_stop(move || _ = tell.send(()));
    stopped
}

fn clean(auth: &Weak<BetterAuth>, stopped: &Receiver<()>) {
    let mut cleanup = Recurring::new("deleting expired data");
    while stopped.recv_timeout(CLEAN_EVERY) == Err(RecvTimeoutError::Timeout)
        && let Some(auth) = auth.upgrade()
    {
        cleanup.note(&auth.clean_up());
    }
}

fn send(auth: &BetterAuth, is_stopped: &AtomicBool, stopped: &Receiver<()>) {
    let goes_on = || !is_stopped.load(Ordering::Acquire);
    let mut pause = PAUSE;
    let mut sending = Recurring::new("sending messages");
    while goes_on() {
        let outcome = auth.send_messages(&goes_on);
        sending.note(&outcome);
        let is_reachable = outcome.is_ok_and(|sent| sent.unreachable.is_none());
        if is_reachable {
            pause = PAUSE;
            auth.wait_for_messages(LOOK_EVERY);
        } else {
            // New emails do not end this pause, only a stop does.
            _ = stopped.recv_timeout(pause);
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }
}
