//! The files that the connections of this process have open, and the idle reading connections.

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

/// The maximum number of idle reading connections.
const IDLE_READERS_MAX: usize = 16;

/// The state shared by all connections of this process.
#[derive(Default)]
pub(super) struct Connections {
    /// The database file that they have open.
    pub(super) file: Option<FileId>,
    /// Its log and the index of that, once they were seen.
    pub(super) beside: Option<WalFiles>,
    /// What they can do.
    pub(super) access: Access,
    /// How often all of them were replaced.
    pub(super) generation: u64,
    /// Whether there has ever been one.
    pub(super) had_any: bool,
    /// Readers in use.
    pub(super) on_loan: usize,
    /// Idle readers, taken from the end.
    pub(super) idle: VecDeque<ReadConnection>,
}

/// A reading connection.
pub(super) struct ReadConnection {
    pub(super) connection: Connection,
    pub(super) cache: Cache,
    /// The state of an immutable database when this was opened.
    pub(super) immutable: Option<Arc<ImmutableFile>>,
    /// The thread that used it last.
    pub(super) thread: ThreadId,
}

impl Connections {
    /// The connection that this thread used last, whose pages may still be in the CPU cache, or any other.
    pub(super) fn take_idle(&mut self) -> Option<ReadConnection> {
        let thread = thread::current().id();
        let is_own =
            |kept: &ReadConnection| kept.thread == thread && matches!(kept.cache, Cache::Large);
        match self.idle.iter().rposition(is_own) {
            Some(own) => self.idle.remove(own),
            None => self.idle.pop_back().map(|kept| ReadConnection { thread, ..kept }),
        }
    }

    /// Drops the idle connections; those in use are closed when they are returned.
    pub(super) fn give_up(&mut self) {
        let generation = self.generation + 1;
        let (had_any, on_loan) = (self.had_any, self.on_loan);
        *self = Self { generation, had_any, on_loan, ..Self::default() };
    }
}

/// A connection in use.
pub(in crate::database) struct Reader<'a> {
    pub(super) kept: Option<ReadConnection>,
    pub(super) generation: u64,
    pub(super) home: &'a Sqlite,
}

impl Reader<'_> {
    /// Whether what was read is consistent.
    pub(super) fn is_sound(&self) -> bool {
        let immutable = self.kept.as_ref().and_then(|kept| kept.immutable.as_ref());
        immutable.is_none_or(|immutable| immutable.is_unchanged(&self.home.file))
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
                // Closed before waiting threads are notified. Notifying costs a system call, and only readers that were
                // given up are waited for.
                drop(former);
                self.home.returned.notify_all();
            }
        }
    }
}
