//! Opens connections: how, to which file, and whether it is the one that the others have.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rusqlite::Connection;

use crate::config::JournalMode;
use crate::database::DatabaseError;
use crate::database::files::WalFiles;
use crate::database::sqlite::Sqlite;
use crate::database::sqlite::access::Access;
use crate::database::sqlite::access::ImmutableFile;
use crate::database::sqlite::connection::Cache;
use crate::database::sqlite::connection::Open;
use crate::database::sqlite::connection::configure;
use crate::database::sqlite::connection::has_log;
use crate::database::sqlite::connection::leave_wal;
use crate::database::sqlite::connection::open_file;
use crate::database::sqlite::connection::open_immutable;
use crate::database::sqlite::connection::switch_to_wal;
use crate::database::sqlite::connections::ReadConnection;
use crate::database::sqlite::error;

/// How long readers have to finish before the journal is changed, which nobody else may see.
const PATIENCE: Duration = Duration::from_millis(100);

impl Sqlite {
    /// A new reading connection; `None` if the file was replaced.
    pub(super) fn open_reader(
        &self,
        cache: Cache,
    ) -> Result<Option<ReadConnection>, DatabaseError> {
        if self.file.is_immutable {
            let immutable = ImmutableFile::of(&self.file).map_err(|why| self.unavailable(&why))?;
            let without =
                "has a log or a journal, whose content a reader with immutable=1 would miss";
            let immutable = immutable.ok_or_else(|| self.gone(without))?;
            return self.open_reader_as(cache, open_immutable, Some(Arc::new(immutable)));
        }
        let opened = self.open_reader_as(cache, open_file, None);
        match opened {
            Err(DatabaseError::Unavailable(_)) => match ImmutableFile::of(&self.file) {
                Ok(Some(immutable)) => {
                    self.open_reader_as(cache, open_immutable, Some(Arc::new(immutable)))
                }
                _ => opened,
            },
            _ => opened,
        }
    }

    fn open_reader_as(
        &self,
        cache: Cache,
        open: Open,
        immutable: Option<Arc<ImmutableFile>>,
    ) -> Result<Option<ReadConnection>, DatabaseError> {
        let connection = self.open(cache, open)?;
        connection.pragma_update(None, "query_only", true).map_err(error)?;
        let is_admitted = self.admit(&connection, immutable.as_ref())?;
        let thread = thread::current().id();
        Ok(is_admitted.then_some(ReadConnection { connection, cache, immutable, thread }))
    }

    /// The writing connection. `synchronous=EXTRA` makes "committed" mean "on the disk": without it, a power failure
    /// could bring a deleted journal back, which undoes the write. With a log it is the same as `FULL`.
    pub(in crate::database) fn open_writer(&self) -> Result<Connection, DatabaseError> {
        self.file.may_write().map_err(DatabaseError::ReadOnly)?;
        let mut connection = self.open(Cache::Medium, open_file)?;
        match self.file.journal {
            JournalMode::Wal => {
                switch_to_wal(&connection).map_err(|reason| self.opening(reason))?;
            }
            JournalMode::Delete => {
                if has_log(&connection).map_err(|reason| self.opening(reason))? {
                    drop(connection);
                    connection = self.alone(PATIENCE, || self.open_without_log())?;
                }
            }
            JournalMode::Keep => {}
        }
        connection.pragma_update(None, "synchronous", "EXTRA").map_err(error)?;
        if self.admit(&connection, None)? {
            Ok(connection)
        } else {
            Err(self.gone("has lost its log"))
        }
    }

    /// Writes the log back and replaces it with a journal.
    fn open_without_log(&self) -> Result<Connection, DatabaseError> {
        let connection = self.open(Cache::Medium, open_file)?;
        match leave_wal(&connection).map_err(error) {
            Ok(()) => Ok(connection),
            Err(DatabaseError::Busy) => Err(self.gone(
                "has a write-ahead log and is open elsewhere, so database.journalMode = \"delete\" cannot take effect; \
                 stop the other programs, or give them the same option",
            )),
            Err(error) => Err(error),
        }
    }

    /// Opens the database without reading.
    fn open(&self, cache: Cache, open: Open) -> Result<Connection, DatabaseError> {
        let is_claimed = self.claim_now()?;
        let mut connection = open(&self.file).map_err(|reason| self.opening(reason))?;
        configure(&mut connection, cache).map_err(|reason| self.opening(reason))?;
        // A file that replaced it meanwhile would be read with the log of the other.
        if is_claimed && self.claim_now()? {
            Ok(connection)
        } else {
            Err(self.gone("is being replaced"))
        }
    }

    /// Reads for the first time, which opens the log, and returns whether the other connections have the same files.
    fn admit(
        &self,
        connection: &Connection,
        immutable: Option<&Arc<ImmutableFile>>,
    ) -> Result<bool, DatabaseError> {
        connection
            .pragma_query_value(None, "schema_version", |_| Ok(()))
            .map_err(|reason| self.opening(reason))?;
        let beside = WalFiles::of(&self.file.path).map_err(|reason| self.unavailable(&reason))?;
        let found = self.find_file()?;
        let mut connections = self.connections();
        if !self.claim(&mut connections, found)?
            || connections.beside.is_some() && connections.beside != beside
        {
            return Ok(false);
        }
        connections.beside = beside;
        connections.had_any = true;
        if let Some(immutable) = immutable {
            connections.access = Access::ImmutableFile(Arc::clone(immutable));
        } else if connection.is_readonly("main").map_err(error)? {
            connections.access = Access::ReadOnly;
        }
        Ok(true)
    }

    /// An error while a connection is opened, with the path.
    fn opening(&self, reason: rusqlite::Error) -> DatabaseError {
        match error(reason) {
            DatabaseError::NotADatabase(_) => DatabaseError::NotADatabase(self.place()),
            DatabaseError::Unavailable(reason) | DatabaseError::ReadOnly(reason) => {
                let why = self.file.may_read().err();
                let why = why.map(|why| format!("; {why}")).unwrap_or_default();
                self.gone(&format!("cannot be opened: {reason}{why}"))
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::SqliteUrl;
    use crate::database::sqlite::file::DatabaseFile;

    use super::*;

    #[test]
    fn what_is_committed_is_on_the_disk_with_every_journal() {
        let folder = tempfile::tempdir().unwrap();
        for (journal, expected) in [
            (JournalMode::Keep, "delete"),
            (JournalMode::Wal, "wal"),
            (JournalMode::Keep, "wal"),
            (JournalMode::Delete, "delete"),
        ] {
            let url = SqliteUrl::of(folder.path().join("test.db"));
            let sqlite = Sqlite::new(DatabaseFile::new(url, journal));
            sqlite.create().unwrap();
            let writer = sqlite.open_writer().unwrap();
            // 3 is `EXTRA`.
            let synchronous =
                writer.query_row("PRAGMA synchronous", [], |row| row.get::<_, i64>(0));
            assert_eq!(synchronous, Ok(3), "{journal:?}");
            assert_eq!(has_log(&writer), Ok(expected == "wal"), "{journal:?}");
        }
    }
}
