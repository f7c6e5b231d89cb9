//! The health of the database. One thread checks it, and health checks return its last result: they
//! never wait for a disk, and a hanging check is a result, too.

use std::io;
use std::sync::Arc;
use std::sync::mpsc;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use tokio::sync::watch;
use tokio::time;

use crate::auth::BetterAuth;
use crate::server::recurring::Recurring;

/// The interval of checks.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The time limit of a check.
const LOOK_TIME: Duration = Duration::from_secs(2);

/// The checking thread; it ends after this is dropped.
pub(super) struct Probe {
    seen: watch::Receiver<Option<Seen>>,
    _goes_on: Sender<()>,
}

/// The result of a check.
#[derive(Clone)]
struct Seen {
    at: Instant,
    problem: Option<&'static str>,
    messages_waiting: Option<u64>,
}

impl Probe {
    /// Starts the thread.
    pub(super) fn start(auth: &Arc<BetterAuth>) -> io::Result<Self> {
        let (tell, seen) = watch::channel(None);
        let (goes_on, is_over) = mpsc::channel();
        // A hanging check must only keep its own resources open.
        let auth = Arc::downgrade(auth);
        thread::Builder::new().name("probe".to_owned()).spawn(move || {
            let (mut health, mut outbox) =
                (Recurring::new("the check for readiness"), Recurring::new("counting messages"));
            while let Some(auth) = auth.upgrade() {
                tell.send_replace(Some(look(&auth, &mut health, &mut outbox)));
                drop(auth);
                if is_over.recv_timeout(LOOK_EVERY) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
        })?;
        Ok(Self { seen, _goes_on: goes_on })
    }

    /// The error code of a failed check.
    pub(super) async fn problem(&self) -> Option<&'static str> {
        // Waits only for the first check.
        let mut seen = self.seen.clone();
        drop(time::timeout(LOOK_TIME, seen.wait_for(Option::is_some)).await);
        self.fresh().map_or(Some("TIMEOUT"), |seen| seen.problem)
    }

    /// The number of pending emails, if known and if there is an outbox.
    pub(super) fn messages_waiting(&self) -> Option<u64> {
        self.fresh()?.messages_waiting
    }

    fn fresh(&self) -> Option<Seen> {
        let seen = self.seen.borrow().clone();
        seen.filter(|seen| seen.at.elapsed() < LOOK_EVERY + LOOK_TIME)
    }
}

fn look(auth: &BetterAuth, health: &mut Recurring, outbox: &mut Recurring) -> Seen {
    let checked = auth.check();
    health.note(&checked);
    let waiting = auth.messages_waiting();
    outbox.note(&waiting);
    Seen {
        at: Instant::now(),
        problem: checked.err().map(|error| error.code().name),
        messages_waiting: waiting.ok().flatten(),
    }
}
