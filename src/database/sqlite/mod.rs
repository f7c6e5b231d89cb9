//! The embedded database: how connections are opened, and which are kept.

mod connection;
mod error;

use std::collections::VecDeque;
use std::fs::OpenOptions;
use std::io;
use std::num::NonZero;
use std::ops::Deref;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::thread;
use std::thread::ThreadId;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::OpenFlags;

use crate::database::DatabaseError;
use crate::database::Form;
use crate::database::files;
use crate::database::files::Beside;
use crate::database::files::FileId;
use crate::database::writer::Writer;

use connection::Cache;
use connection::configure;
use connection::switch_to_wal;

pub(super) use connection::each;
pub(super) use connection::execute;
pub(super) use connection::write_back;
pub(super) use error::error;

/// Says whether it ended well: then what it wrote stays.
pub(super) type Job<'a> = dyn FnMut(&Connection) -> bool + 'a;

/// Idle reading connections that are kept open.
const IDLE_READERS_MAX: usize = 16;

pub(super) struct Sqlite {
    file: PathBuf,
    /// Readers that keep many pages: as many as read at the same moment on a busy machine.
    large_max: usize,
    connections: Mutex<Connections>,
    writer: Writer,
}

/// What the connections of this process have open.
#[derive(Default)]
struct Connections {
    /// The database that they are connected to.
    file: Option<FileId>,
    /// Its log and the index of that, once they were seen.
    beside: Option<Beside>,
    /// Counts how often all of them were given up for new ones.
    generation: u64,
    /// Whether there were any at some time.
    had_any: bool,
    /// Readers that somebody uses at the moment.
    on_loan: usize,
    /// Those that nobody uses; from the end they are lent.
    idle: VecDeque<Kept>,
}

/// A reading connection.
struct Kept {
    connection: Connection,
    cache: Cache,
    /// Who had it the last time.
    thread: ThreadId,
}

impl Connections {
    /// The connection that this thread had the last time, whose pages may still be near, or any other.
    fn take_idle(&mut self) -> Option<Kept> {
        let thread = thread::current().id();
        let is_own = |kept: &Kept| kept.thread == thread && matches!(kept.cache, Cache::Large);
        match self.idle.iter().rposition(is_own) {
            Some(own) => self.idle.remove(own),
            None => self.idle.pop_back().map(|kept| Kept { thread, ..kept }),
        }
    }
}

impl Sqlite {
    pub(super) fn new(file: PathBuf) -> Self {
        let large_max = thread::available_parallelism().map_or(1, NonZero::get);
        Self { file, large_max, connections: Mutex::default(), writer: Writer::new() }
    }

    /// Runs a job: on a reading connection, or on the one that writes, and then it is on the disk.
    pub(super) fn run(&self, form: Form, job: &mut Job<'_>) -> Result<(), DatabaseError> {
        match form {
            Form::Reading => {
                let reader = self.reader()?;
                // What it answers is its caller's.
                let _is_well = job(&reader);
                Ok(())
            }
            Form::Single | Form::Transaction | Form::SchemaChange => {
                self.writer.write(self, form, job)
            }
        }
    }

    /// Lends a connection that can only read; it comes back when it is dropped.
    pub(super) fn reader(&self) -> Result<Reader<'_>, DatabaseError> {
        if let Some(reader) = self.find_reader()? {
            return Ok(reader);
        }
        self.writer.turn_over(self)?;
        self.find_reader()?.ok_or_else(|| self.gone("is being replaced"))
    }

    /// An idle connection or a new one; `None` when the others have other files than those that are there.
    fn find_reader(&self) -> Result<Option<Reader<'_>>, DatabaseError> {
        let found = self.find_file()?;
        let mut connections = self.connections();
        if !self.claim(&mut connections, found)? {
            return Ok(None);
        }
        let generation = connections.generation;
        if let Some(kept) = connections.take_idle() {
            connections.on_loan += 1;
            return Ok(Some(Reader { kept: Some(kept), generation, home: self }));
        }
        // Nobody has one left: all that there are are on loan.
        let cache = if connections.on_loan < self.large_max { Cache::Large } else { Cache::Small };
        drop(connections);
        let Some(connection) = self.open_reader(cache)? else {
            return Ok(None);
        };
        self.connections().on_loan += 1;
        let kept = Some(Kept { connection, cache, thread: thread::current().id() });
        Ok(Some(Reader { kept, generation, home: self }))
    }

    fn open_reader(&self, cache: Cache) -> Result<Option<Connection>, DatabaseError> {
        let connection = self.open(cache)?;
        connection.pragma_update(None, "query_only", true).map_err(error)?;
        Ok(self.admit(&connection)?.then_some(connection))
    }

    /// The writing connection. Write-ahead logging lets readers go on while it writes, and
    /// `synchronous=FULL` makes "committed" mean "on the disk".
    pub(super) fn open_writer(&self) -> Result<Connection, DatabaseError> {
        let connection = self.open(Cache::Medium)?;
        switch_to_wal(&connection).map_err(|reason| self.opening(reason))?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(error)?;
        if self.admit(&connection)? { Ok(connection) } else { Err(self.gone("has lost its log")) }
    }

    /// Opens the database and reads nothing of it yet.
    fn open(&self, cache: Cache) -> Result<Connection, DatabaseError> {
        let is_claimed = self.claim_now()?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = Connection::open_with_flags(&self.file, flags);
        let mut connection = opened.map_err(|reason| self.opening(reason))?;
        configure(&mut connection, cache).map_err(|reason| self.opening(reason))?;
        // One that took its place meanwhile would be read with the log of the other.
        if is_claimed && self.claim_now()? {
            Ok(connection)
        } else {
            Err(self.gone("is being replaced"))
        }
    }

    fn find_file(&self) -> Result<Option<FileId>, DatabaseError> {
        files::find(&self.file).map_err(|reason| self.unavailable(&reason))
    }

    /// Whether what was found is what the connections have; the first one takes what it finds.
    fn claim(
        &self,
        connections: &mut Connections,
        found: Option<FileId>,
    ) -> Result<bool, DatabaseError> {
        match (connections.file, found) {
            (None, Some(_)) => {
                connections.file = found;
                Ok(true)
            }
            (None, None) if connections.had_any => Err(self.gone("is no longer there")),
            (None, None) => Err(DatabaseError::Missing(self.place())),
            (file, found) => Ok(file == found),
        }
    }

    fn claim_now(&self) -> Result<bool, DatabaseError> {
        let found = self.find_file()?;
        self.claim(&mut self.connections(), found)
    }

    /// Reads for the first time, which opens the log, and says whether it is the log of the others.
    fn admit(&self, connection: &Connection) -> Result<bool, DatabaseError> {
        connection
            .pragma_query_value(None, "schema_version", |_| Ok(()))
            .map_err(|reason| self.opening(reason))?;
        let beside = Beside::of(&self.file).map_err(|reason| self.unavailable(&reason))?;
        let found = self.find_file()?;
        let mut connections = self.connections();
        if !self.claim(&mut connections, found)?
            || connections.beside.is_some() && connections.beside != beside
        {
            return Ok(false);
        }
        connections.beside = beside;
        connections.had_any = true;
        Ok(true)
    }

    /// Whether the database and its log are the ones that the connections have.
    pub(super) fn standing(&self) -> Result<Standing, DatabaseError> {
        let found = self.find_file()?;
        let connections = self.connections();
        Ok(match (connections.file, &connections.beside) {
            (None, _) => Standing::InPlace { log_bytes: 0 },
            (file, _) if file != found => Standing::Elsewhere,
            (_, Some(beside)) if !beside.is_in_place() => Standing::WithoutLog,
            (_, beside) => {
                Standing::InPlace { log_bytes: beside.as_ref().map_or(0, Beside::log_bytes) }
            }
        })
    }

    /// As the function of that name, by a connection that nobody uses.
    pub(super) fn write_back(&self, patience: Duration) -> Result<(), DatabaseError> {
        let mut connections = self.connections();
        let is_open = 0 < connections.on_loan;
        match connections.idle.back_mut() {
            Some(kept) => write_back(&mut kept.connection, patience),
            None if is_open => Err(self.gone("has lost its log")),
            // The last one that was closed left nothing behind.
            None => Ok(()),
        }
    }

    /// Gives all connections up; those on loan are closed when they come back. What stands beside a database
    /// that has moved away is set aside.
    pub(super) fn give_up(&self, has_moved: bool) -> Result<(), DatabaseError> {
        let mut connections = self.connections();
        if has_moved && let Some(beside) = &connections.beside {
            let aside = beside.set_aside().map_err(|reason| self.unavailable(&reason))?;
            if let Some(aside) = aside {
                let (file, log) = (self.place(), aside.display().to_string());
                tracing::error!(file, log, "set the log of the former database aside");
            }
        }
        connections.generation += 1;
        connections.file = None;
        connections.beside = None;
        connections.idle.clear();
        Ok(())
    }

    /// Closes readers of a file that could not be written when they were opened: as long as they have it
    /// open nobody else gets more than they have.
    pub(super) fn forget_read_only(&self) {
        let mut connections = self.connections();
        connections.idle.retain(|kept| kept.connection.is_readonly("main") == Ok(false));
    }

    fn connections(&self) -> MutexGuard<'_, Connections> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn create(&self) -> Result<(), DatabaseError> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(&self.file) {
            Ok(_) => Ok(()),
            Err(reason) if reason.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(reason) => Err(self.unavailable(&reason)),
        }
    }

    pub(super) fn exists(&self) -> Result<bool, DatabaseError> {
        match std::fs::metadata(&self.file) {
            Ok(metadata) if metadata.len() == 0 => Ok(false),
            // SQLite looks at what it is: reading the file here would release the locks of its connections.
            Ok(_) => self.reader().map(|_| true),
            Err(reason) if reason.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(reason) => Err(self.unavailable(&reason)),
        }
    }

    pub(super) fn is_read_only(&self) -> bool {
        let place = if self.file.exists() { Some(self.file.as_path()) } else { self.folder() };
        place
            .and_then(|place| std::fs::metadata(place).ok())
            .is_some_and(|metadata| metadata.permissions().readonly())
    }

    fn folder(&self) -> Option<&Path> {
        let folder = self.file.parent()?;
        Some(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
    }

    pub(super) fn place(&self) -> String {
        self.file.display().to_string()
    }

    pub(super) fn full_place(&self) -> String {
        let path = std::fs::canonicalize(&self.file).or_else(|_| std::path::absolute(&self.file));
        path.map_or_else(|_| self.place(), |path| path.display().to_string())
    }

    fn unavailable(&self, reason: &io::Error) -> DatabaseError {
        DatabaseError::Unavailable(format!("{}: {reason}", self.place()))
    }

    pub(super) fn gone(&self, what: &str) -> DatabaseError {
        DatabaseError::Unavailable(format!("{} {what}", self.place()))
    }

    /// An error of a connection that begins, with the place that it was to lead to.
    fn opening(&self, reason: rusqlite::Error) -> DatabaseError {
        match error(reason) {
            DatabaseError::NotADatabase(_) => DatabaseError::NotADatabase(self.place()),
            DatabaseError::Unavailable(reason) => self.gone(&format!("cannot be opened: {reason}")),
            other => other,
        }
    }
}

/// How a database stands to the connections of this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is the one that they have.
    InPlace {
        /// The size of its log.
        log_bytes: u64,
    },
    /// It is, but somebody has removed its log, or put another one there.
    WithoutLog,
    /// Theirs is gone, or another one has its name.
    Elsewhere,
}

/// A connection on loan.
pub(super) struct Reader<'a> {
    kept: Option<Kept>,
    generation: u64,
    home: &'a Sqlite,
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
        let mut connections = self.home.connections();
        connections.on_loan -= 1;
        if let Some(kept) = self.kept.take()
            && connections.generation == self.generation
            && connections.idle.len() < IDLE_READERS_MAX
        {
            match kept.cache {
                Cache::Large => connections.idle.push_back(kept),
                Cache::Medium | Cache::Small => connections.idle.push_front(kept),
            }
        }
    }
}
