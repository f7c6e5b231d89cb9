//! What the connections of this process have open, and those that read and are kept.

use std::collections::VecDeque;
use std::ops::Deref;
use std::sync::Arc;
use std::thread;
use std::thread::ThreadId;

use rusqlite::Connection;

use crate::database::files::FileId;
use crate::database::files::WalFiles;
use crate::database::sqlite::Sqlite;
use crate::database::sqlite::access::Access;
use crate::database::sqlite::access::ImmutableFile;
use crate::database::sqlite::connection::Cache;

/// Idle reading connections that are kept open.
const IDLE_READERS_MAX: usize = 16;

/// What the connections of this process have open.
#[derive(Default)]
pub(super) struct Connections {
    /// The database that they are connected to.
    pub(super) file: Option<FileId>,
    /// Its log and the index of that, once they were seen.
    pub(super) beside: Option<WalFiles>,
    /// What they can do.
    pub(super) access: Access,
    /// Counts how often all of them were given up for new ones.
    pub(super) generation: u64,
    /// Whether there were any at some time.
    pub(super) had_any: bool,
    /// Readers that somebody uses at the moment.
    pub(super) on_loan: usize,
    /// Those that nobody uses; from the end they are lent.
    pub(super) idle: VecDeque<ReadConnection>,
}

/// A reading connection.
pub(super) struct ReadConnection {
    pub(super) connection: Connection,
    pub(super) cache: Cache,
    /// How its database stood when it was opened as one that never changes.
    pub(super) still: Option<Arc<ImmutableFile>>,
    /// Who had it the last time.
    pub(super) thread: ThreadId,
}

impl Connections {
    /// The connection that this thread had the last time, whose pages may still be near, or any other.
    pub(super) fn take_idle(&mut self) -> Option<ReadConnection> {
        let thread = thread::current().id();
        let is_own =
            |kept: &ReadConnection| kept.thread == thread && matches!(kept.cache, Cache::Large);
        match self.idle.iter().rposition(is_own) {
            Some(own) => self.idle.remove(own),
            None => self.idle.pop_back().map(|kept| ReadConnection { thread, ..kept }),
        }
    }

    /// What is open is nobody's any more: those on loan are closed when they come back.
    pub(super) fn give_up(&mut self) {
        let generation = self.generation + 1;
        let (had_any, on_loan) = (self.had_any, self.on_loan);
        *self = Self { generation, had_any, on_loan, ..Self::default() };
    }
}

/// A connection on loan.
pub(in crate::database) struct Reader<'a> {
    pub(super) kept: Option<ReadConnection>,
    pub(super) generation: u64,
    pub(super) home: &'a Sqlite,
}

impl Reader<'_> {
    /// Whether what was read of it holds together.
    pub(super) fn is_sound(&self) -> bool {
        let still = self.kept.as_ref().and_then(|kept| kept.still.as_ref());
        still.is_none_or(|still| still.stands(&self.home.file))
    }
}

impl Deref for Reader<'_> {
    type Target = Connection;

    #[expect(clippy::expect_used, reason = "only `drop` takes the connection out")]
    fn deref(&self) -> &Connection {
        let kept = self.kept.as_ref().expect("a reader has its connection until it is dropped");
        &kept.connection
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let kept = self.kept.take();
        let mut connections = self.home.connections();
        connections.on_loan -= 1;
        match kept {
            Some(kept)
                if connections.generation == self.generation
                    && connections.idle.len() < IDLE_READERS_MAX =>
            {
                match kept.cache {
                    Cache::Large => connections.idle.push_back(kept),
                    Cache::Medium | Cache::Small => connections.idle.push_front(kept),
                }
            }
            former => {
                // Closed before anybody hears that it is back. Only readers that were given up are waited for, and
                // telling nobody costs as much as telling somebody: a system call.
                drop(former);
                self.home.returned.notify_all();
            }
        }
    }
}
