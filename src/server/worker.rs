//! What a server does beside answering: sends the messages that wait, and removes what is over.

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

/// How soon a message is seen that another process left, or whose pause is over.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The pause when nobody takes messages; it doubles each time.
const PAUSE: Duration = Duration::from_secs(1);
/// The longest.
const PAUSE_MAX: Duration = Duration::from_secs(30);
/// Between two cleanups.
const CLEAN_EVERY: Duration = Duration::from_secs(60);

/// The threads beside the engine.
pub(super) struct Worker {
    sender_ended: Receiver<()>,
}

impl Worker {
    /// Starts them; they end when the server does.
    pub(super) fn start(auth: &Arc<BetterAuth>, stop: &Stop) -> io::Result<Self> {
        // Whoever is not at work does not hold the database: the last who has it closes it, and its log is gone.
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
            // Whoever waits for the end may have given up.
            _ = end.send(());
        })?;
        Ok(Self { sender_ended })
    }

    /// Waits until the message that is being sent is settled, so that it is not sent again; not for
    /// longer than this.
    pub(super) fn join(self, at_most: Duration) {
        if self.sender_ended.recv_timeout(at_most).is_err() {
            tracing::warn!("a message is still on its way; it may be sent again");
        }
    }
}

/// Hears when the server is to stop.
fn on_stop(stop: &Stop) -> Receiver<()> {
    let (tell, stopped) = mpsc::channel();
    // Nobody listens any more when the thread has ended already.
    stop.on_stop(move || _ = tell.send(()));
    stopped
}

fn clean(auth: &Weak<BetterAuth>, stopped: &Receiver<()>) {
    let mut cleanup = Recurring::new("removing what is over");
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
            // Messages that come meanwhile do not end this pause, only the end of the server does.
            _ = stopped.recv_timeout(pause);
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }
}
