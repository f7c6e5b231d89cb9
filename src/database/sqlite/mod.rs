//! The embedded database: how connections are opened, and which are kept.

mod access;
mod connection;
mod connections;
mod error;

use std::fs;
use std::fs::OpenOptions;
use std::io;
use std::num::NonZero;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::thread;
use std::time::Duration;

use rusqlite::Connection;

use crate::database::DatabaseError;
use crate::database::Form;
use crate::database::files;
use crate::database::files::FileId;
use crate::database::files::WalFiles;
use crate::database::writer::Writer;

use access::Access;
use access::ImmutableFile;
use access::may_read;
use access::may_write;
use connection::Cache;
use connection::configure;
use connection::open_file;
use connection::open_still;
use connection::switch_to_wal;
use connections::Connections;
use connections::ReadConnection;
use connections::Reader;

pub(super) use connection::each;
pub(super) use connection::execute;
pub(super) use connection::write_back;
pub(super) use error::error;

/// How a connection is opened.
type Open = fn(&Path) -> rusqlite::Result<Connection>;

/// How often something is read that changes meanwhile although it was to stay as it is.
const READS_MAX: usize = 8;

/// Says whether it ended well: then what it wrote stays.
pub(super) type Job<'a> = dyn FnMut(&Connection) -> bool + 'a;

pub(super) struct Sqlite {
    file: PathBuf,
    /// Readers that keep many pages: as many as read at the same moment on a busy machine.
    large_max: usize,
    connections: Mutex<Connections>,
    /// A reader that was on loan is back, or closed.
    returned: Condvar,
    writer: Writer,
}

impl Sqlite {
    pub(super) fn new(file: PathBuf) -> Self {
        let large_max = thread::available_parallelism().map_or(1, NonZero::get);
        Self {
            file,
            large_max,
            connections: Mutex::default(),
            returned: Condvar::new(),
            writer: Writer::new(),
        }
    }

    /// Runs a job: on a reading connection, or on the one that writes, and then it is on the disk.
    pub(super) fn run(&self, form: Form, job: &mut Job<'_>) -> Result<(), DatabaseError> {
        match form {
            Form::Reading => self.read(job),
            Form::Single | Form::Transaction | Form::SchemaChange => {
                self.writer.write(self, form, job)
            }
        }
    }

    fn read(&self, job: &mut Job<'_>) -> Result<(), DatabaseError> {
        for _ in 0..READS_MAX {
            let reader = self.reader()?;
            // What it answers is its caller's.
            let _is_well = job(&reader);
            if reader.is_sound() {
                return Ok(());
            }
        }
        Err(self.gone("is being written"))
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
        if !self.claim(&mut connections, found)? || connections.access.is_outdated(&self.file) {
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
        let Some(kept) = self.open_reader(cache)? else {
            return Ok(None);
        };
        self.connections().on_loan += 1;
        Ok(Some(Reader { kept: Some(kept), generation, home: self }))
    }

    fn open_reader(&self, cache: Cache) -> Result<Option<ReadConnection>, DatabaseError> {
        let opened = self.open_reader_as(cache, open_file, None);
        match opened {
            Err(DatabaseError::Unavailable(_)) => match ImmutableFile::of(&self.file) {
                Ok(Some(still)) => self.open_reader_as(cache, open_still, Some(Arc::new(still))),
                _ => opened,
            },
            _ => opened,
        }
    }

    fn open_reader_as(
        &self,
        cache: Cache,
        open: Open,
        still: Option<Arc<ImmutableFile>>,
    ) -> Result<Option<ReadConnection>, DatabaseError> {
        let connection = self.open(cache, open)?;
        connection.pragma_update(None, "query_only", true).map_err(error)?;
        let is_admitted = self.admit(&connection, still.as_ref())?;
        let thread = thread::current().id();
        Ok(is_admitted.then_some(ReadConnection { connection, cache, still, thread }))
    }

    /// The writing connection. Write-ahead logging lets readers go on while it writes, and
    /// `synchronous=FULL` makes "committed" mean "on the disk".
    pub(super) fn open_writer(&self) -> Result<Connection, DatabaseError> {
        may_write(&self.file).map_err(DatabaseError::ReadOnly)?;
        let connection = self.open(Cache::Medium, open_file)?;
        switch_to_wal(&connection).map_err(|reason| self.opening(reason))?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(error)?;
        if self.admit(&connection, None)? {
            Ok(connection)
        } else {
            Err(self.gone("has lost its log"))
        }
    }

    /// Opens the database and reads nothing of it yet.
    fn open(&self, cache: Cache, open: Open) -> Result<Connection, DatabaseError> {
        let is_claimed = self.claim_now()?;
        let mut connection = open(&self.file).map_err(|reason| self.opening(reason))?;
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
    fn admit(
        &self,
        connection: &Connection,
        still: Option<&Arc<ImmutableFile>>,
    ) -> Result<bool, DatabaseError> {
        connection
            .pragma_query_value(None, "schema_version", |_| Ok(()))
            .map_err(|reason| self.opening(reason))?;
        let beside = WalFiles::of(&self.file).map_err(|reason| self.unavailable(&reason))?;
        let found = self.find_file()?;
        let mut connections = self.connections();
        if !self.claim(&mut connections, found)?
            || connections.beside.is_some() && connections.beside != beside
        {
            return Ok(false);
        }
        connections.beside = beside;
        connections.had_any = true;
        if let Some(still) = still {
            connections.access = Access::ImmutableFile(Arc::clone(still));
        } else if connection.is_readonly("main").map_err(error)? {
            connections.access = Access::ReadOnly;
        }
        Ok(true)
    }

    /// Whether the database and its log are the ones that the connections have.
    pub(super) fn standing(&self) -> Result<FileState, DatabaseError> {
        let found = self.find_file()?;
        let connections = self.connections();
        Ok(match (connections.file, &connections.beside) {
            (None, _) => FileState::InPlace { log_bytes: 0 },
            (file, _) if file != found => FileState::Elsewhere,
            _ if connections.access.is_outdated(&self.file) => FileState::Outdated,
            (_, Some(beside)) if !beside.is_in_place() => match connections.access {
                Access::Full => FileState::WithoutLog,
                // Who may not write has nothing in it.
                _ => FileState::Outdated,
            },
            (_, beside) => {
                FileState::InPlace { log_bytes: beside.as_ref().map_or(0, WalFiles::log_bytes) }
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
        connections.give_up();
        Ok(())
    }

    /// Gives up connections that were opened while less was allowed. What they have open is shared by all of a process,
    /// so new ones would get no more as long as one of them is there.
    pub(super) fn reopen(&self, patience: Duration) {
        let mut connections = self.connections();
        connections.give_up();
        let are_out = |connections: &mut Connections| 0 < connections.on_loan;
        // Nobody gets another one meanwhile: whoever asks waits for the writer, which waits here.
        connections.access = Access::Closed;
        let waited = self.returned.wait_timeout_while(connections, patience, are_out);
        let (mut connections, _) = waited.unwrap_or_else(PoisonError::into_inner);
        connections.access = Access::default();
    }

    /// What was opened to write cannot be written: what stands beside the database was opened when less was allowed.
    pub(super) fn note_refusal(&self) {
        self.connections().access = Access::ReadOnly;
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
        match fs::metadata(&self.file) {
            Ok(metadata) if metadata.len() == 0 => Ok(false),
            // SQLite looks at what it is: reading the file here would release the locks of its connections.
            Ok(_) => self.reader().map(|_| true),
            Err(reason) if reason.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(reason) => Err(self.unavailable(&reason)),
        }
    }

    pub(super) fn is_read_only(&self) -> bool {
        let place = if self.file.exists() { &self.file } else { files::folder(&self.file) };
        // Root may write what is marked, and should not by accident.
        let is_marked = fs::metadata(place).is_ok_and(|metadata| metadata.permissions().readonly());
        is_marked || may_write(&self.file).is_err()
    }

    /// Whether it could be written now.
    pub(super) fn check_writable(&self) -> Result<(), DatabaseError> {
        may_write(&self.file).map_err(DatabaseError::ReadOnly)
    }

    pub(super) fn place(&self) -> String {
        self.file.display().to_string()
    }

    pub(super) fn full_place(&self) -> String {
        let path = fs::canonicalize(&self.file).or_else(|_| std::path::absolute(&self.file));
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
            DatabaseError::Unavailable(reason) | DatabaseError::ReadOnly(reason) => {
                let why = may_read(&self.file).err();
                let why = why.map(|why| format!("; {why}")).unwrap_or_default();
                self.gone(&format!("cannot be opened: {reason}{why}"))
            }
            other => other,
        }
    }
}

/// How a database stands to the connections of this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileState {
    /// It is the one that they have.
    InPlace {
        /// The size of its log.
        log_bytes: u64,
    },
    /// It is, and it could be written by now, or must be read in another way.
    Outdated,
    /// It is, but somebody has removed its log, or put another one there.
    WithoutLog,
    /// Theirs is gone, or another one has its name.
    Elsewhere,
}
