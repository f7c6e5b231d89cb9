//! How the database does, for those who watch. One thread looks at it, and everybody else gets what it saw last: nobody
//! who asks for health waits for a disk, and a thread that waits for one is an answer, too.

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

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long one may take.
const LOOK_TIME: Duration = Duration::from_secs(2);

/// The thread that looks; it ends when this is dropped, and nobody waits for that.
pub(super) struct Probe {
    seen: watch::Receiver<Option<Seen>>,
    _goes_on: Sender<()>,
}

/// What was seen.
#[derive(Clone)]
struct Seen {
    at: Instant,
    problem: Option<&'static str>,
    messages_waiting: Option<u64>,
}

impl Probe {
    /// Starts it.
    pub(super) fn start(auth: &Arc<BetterAuth>) -> io::Result<Self> {
        let (tell, seen) = watch::channel(None);
        let (goes_on, is_over) = mpsc::channel();
        // A look that hangs keeps what it holds from being closed, and nothing else does.
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

    /// The code of what is wrong, if something is.
    pub(super) async fn problem(&self) -> Option<&'static str> {
        // Only the very first look is waited for.
        let mut seen = self.seen.clone();
        drop(time::timeout(LOOK_TIME, seen.wait_for(Option::is_some)).await);
        self.fresh().map_or(Some("TIMEOUT"), |seen| seen.problem)
    }

    /// Messages that wait to be sent, if that is known and there can be any.
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
