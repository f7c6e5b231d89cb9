//! The single writer: concurrent jobs run one after the other and share a commit (group commit).
//!
//! Each caller runs its own job under the lock, inside a savepoint of the open transaction. The last waiting caller
//! commits for all. So one `fsync` serves the whole batch, jobs may borrow from their caller, and no other thread is
//! involved. Callers wait for the commit on a lock of their batch, so that they do not compete with the next one.
//!
//! A batch expects as many jobs as came to the previous one or during its commit. It waits for them for less time than
//! the spared commit takes; a lone writer does not wait.

use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use rusqlite::Connection;
use rusqlite::ErrorCode;

use crate::database::DatabaseError;
use crate::database::JobKind;
use crate::database::sqlite::FileState;
use crate::database::sqlite::Job;
use crate::database::sqlite::Sqlite;
use crate::database::sqlite::error;
use crate::database::sqlite::write_back;

/// The most jobs that share a commit, so that the first one does not wait for long.
const BATCH_JOBS_MAX: usize = 128;
/// The longest time that a batch waits for more jobs, however long commits take.
const GATHERING_MAX: Duration = Duration::from_millis(5);
/// The size of the log in bytes at which it is truncated. SQLite itself restarts it only at a moment without readers,
/// and on a busy server there is none.
const LOG_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// How long a truncation of the log waits for its readers, and writes with it.
const PATIENCE: Duration = Duration::from_millis(100);

pub(super) struct Writer {
    /// Callers that wait for the lock; while there are any, the batch stays open.
    queued: AtomicUsize,
    state: Mutex<WriterState>,
}

#[derive(Default)]
struct WriterState {
    connection: Option<Connection>,
    batch: Option<Batch>,
    /// Jobs that the next batch can expect: those of the last one, and those that waited when it ended.
    expected: usize,
    /// The duration of the last commit.
    commit_time: Duration,
    /// The size of the log when it could not be truncated.
    log_bytes: u64,
}

/// Jobs that share a commit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CommitGroup {
    Batch,
    None,
}

struct Batch {
    jobs: usize,
    /// Jobs that it waits for.
    expected: usize,
    /// Whether a caller ends the wait in time.
    is_watched: bool,
    outcome: Arc<Outcome>,
}

/// The result of a batch.
#[derive(Default)]
struct Outcome {
    result: Mutex<Option<Result<(), DatabaseError>>>,
    known: Condvar,
}

/// A batch that has ended and whose callers are not notified yet.
#[must_use]
struct EndedBatch {
    jobs: usize,
    outcome: Arc<Outcome>,
    result: Result<(), DatabaseError>,
}

impl Writer {
    pub(super) fn new() -> Self {
        Self { queued: AtomicUsize::new(0), state: Mutex::default() }
    }

    /// Runs the job in the open batch, or in a new one, and returns when its writes are on the disk.
    pub(super) fn write(
        &self,
        sqlite: &Sqlite,
        kind: JobKind,
        job: &mut Job<'_>,
    ) -> Result<(), DatabaseError> {
        match self.write_with(sqlite, kind, job, CommitGroup::Batch) {
            // A foreign key that is checked at the commit fails the whole batch, because of one of its jobs.
            Err(DatabaseError::ForeignKey(_)) => {
                self.write_with(sqlite, kind, job, CommitGroup::None)
            }
            end => end,
        }
    }

    fn write_with(
        &self,
        sqlite: &Sqlite,
        kind: JobKind,
        job: &mut Job<'_>,
        company: CommitGroup,
    ) -> Result<(), DatabaseError> {
        self.queued.fetch_add(1, Ordering::SeqCst);
        let mut state = self.lock();
        self.queued.fetch_sub(1, Ordering::SeqCst);

        if company == CommitGroup::None
            && let Some(others) = self.commit(&mut state, sqlite)
        {
            others.tell();
        }
        let outcome = state.join_batch(sqlite)?;
        let result = state.run(kind, job);
        let ended = match company {
            CommitGroup::None => self.commit(&mut state, sqlite),
            CommitGroup::Batch => self.gather(state, &outcome).and_then(|mut state| {
                let is_due = !state.expects_more() && self.queued() == 0;
                if is_due || state.is_closed() { self.commit(&mut state, sqlite) } else { None }
            }),
        };
        // The next batch has begun when the callers of this one wake up.
        if let Some(ended) = ended {
            ended.tell();
        }
        // A panic resumes here, after the others of the batch have been notified.
        let is_well = result.unwrap_or_else(|panic| resume_unwind(panic))?;
        if is_well { outcome.wait() } else { Ok(()) }
    }

    /// Drops the connections if the database file was replaced.
    pub(super) fn reopen_if_replaced(&self, sqlite: &Sqlite) -> Result<(), DatabaseError> {
        let mut state = self.lock();
        let ended = self.commit(&mut state, sqlite);
        let result = state.reopen_if_replaced(sqlite);
        drop(state);
        if let Some(ended) = ended {
            ended.tell();
        }
        result
    }

    /// Waits for more jobs if the batch expects any; `None` if another caller does so, or the batch has ended.
    fn gather<'a>(
        &'a self,
        mut state: MutexGuard<'a, WriterState>,
        outcome: &Arc<Outcome>,
    ) -> Option<MutexGuard<'a, WriterState>> {
        if self.queued() != 0 || !state.expects_more() || state.is_closed() {
            return Some(state);
        }
        let limit = state.watch()?;
        drop(state);
        if outcome.wait_for(limit) {
            return None;
        }
        let mut state = self.lock();
        state.expect_no_more(outcome).then_some(state)
    }

    fn commit(&self, state: &mut WriterState, sqlite: &Sqlite) -> Option<EndedBatch> {
        let ended = state.commit(sqlite)?;
        state.expected = ended.jobs + self.queued();
        Some(ended)
    }

    fn queued(&self) -> usize {
        self.queued.load(Ordering::SeqCst)
    }

    fn lock(&self) -> MutexGuard<'_, WriterState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Outcome {
    /// Whether the result is known within the limit.
    fn wait_for(&self, limit: Duration) -> bool {
        let unknown = |result: &mut Option<_>| result.is_none();
        let waited = self.known.wait_timeout_while(self.lock(), limit, unknown);
        waited.unwrap_or_else(PoisonError::into_inner).0.is_some()
    }

    fn wait(&self) -> Result<(), DatabaseError> {
        let mut result = self.lock();
        loop {
            match &*result {
                Some(result) => return result.clone(),
                None => {
                    result = self.known.wait(result).unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Result<(), DatabaseError>>> {
        self.result.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EndedBatch {
    fn tell(self) {
        *self.outcome.lock() = Some(self.result);
        self.outcome.known.notify_all();
    }
}

impl WriterState {
    /// Opens the connection and the transaction unless they are open.
    fn join_batch(&mut self, sqlite: &Sqlite) -> Result<Arc<Outcome>, DatabaseError> {
        if let Some(batch) = &mut self.batch {
            batch.jobs += 1;
            return Ok(Arc::clone(&batch.outcome));
        }
        self.reopen_if_replaced(sqlite)?;
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => sqlite.open_writer()?,
        };
        match run(&connection, "BEGIN IMMEDIATE") {
            Ok(()) => self.connection = Some(connection),
            Err(reason) => {
                match reason.sqlite_error_code() {
                    Some(ErrorCode::DatabaseBusy) => self.connection = Some(connection),
                    Some(ErrorCode::ReadOnly) => sqlite.note_refusal(),
                    // A new connection may succeed.
                    _ => {}
                }
                return Err(error(reason));
            }
        }
        let outcome = Arc::<Outcome>::default();
        self.batch = Some(Batch {
            jobs: 1,
            expected: self.expected.min(BATCH_JOBS_MAX),
            is_watched: false,
            outcome: Arc::clone(&outcome),
        });
        Ok(outcome)
    }

    /// Whether the batch takes no more jobs: it is full, or SQLite has ended its transaction.
    fn is_closed(&self) -> bool {
        self.batch.as_ref().is_some_and(|batch| BATCH_JOBS_MAX <= batch.jobs)
            || self.connection.as_ref().is_some_and(Connection::is_autocommit)
    }

    /// Whether the batch waits for more jobs.
    fn expects_more(&self) -> bool {
        self.batch.as_ref().is_some_and(|batch| batch.jobs < batch.expected)
    }

    /// Makes the caller end the wait of the batch, unless another one does, and returns for how long. Half of a commit
    /// is worth spending to spare one [PostgreSQL `commit_delay`].
    fn watch(&mut self) -> Option<Duration> {
        let batch = self.batch.as_mut().filter(|batch| !batch.is_watched)?;
        batch.is_watched = true;
        Some((self.commit_time / 2).min(GATHERING_MAX))
    }

    /// Ends the wait for more jobs; `false` if the batch has ended.
    fn expect_no_more(&mut self, outcome: &Arc<Outcome>) -> bool {
        match &mut self.batch {
            Some(batch) if Arc::ptr_eq(&batch.outcome, outcome) => {
                batch.expected = 0;
                true
            }
            _ => false,
        }
    }

    /// Runs one job and rolls it back if it fails or panics. SQLite itself rolls back a single statement that fails.
    fn run(&self, kind: JobKind, job: &mut Job<'_>) -> thread::Result<Result<bool, DatabaseError>> {
        let Some(connection) = &self.connection else {
            return Ok(Err(DatabaseError::Busy));
        };
        if kind == JobKind::Single {
            return catch_unwind(AssertUnwindSafe(|| Ok(job(connection))));
        }
        if let Err(reason) = run(connection, "SAVEPOINT job") {
            return Ok(Err(error(reason)));
        }
        let result = catch_unwind(AssertUnwindSafe(|| {
            let is_well = job(connection);
            if is_well {
                run(connection, "RELEASE job").map_err(error)?;
            }
            Ok(is_well)
        }));
        if !matches!(result, Ok(Ok(true))) {
            // If even this fails the transaction is gone, and `commit` sees that.
            drop(run(connection, "ROLLBACK TO job").and_then(|()| run(connection, "RELEASE job")));
        }
        result
    }

    /// Commits or rolls back the batch, if there is one.
    fn commit(&mut self, sqlite: &Sqlite) -> Option<EndedBatch> {
        let batch = self.batch.take()?;
        let result = match &self.connection {
            // SQLite ends the transaction by itself on a full or failing disk.
            Some(connection) if connection.is_autocommit() => {
                Err(DatabaseError::Unavailable("the transaction was rolled back".to_owned()))
            }
            Some(connection) => {
                let began = Instant::now();
                let result = run(connection, "COMMIT").map_err(error);
                self.commit_time = began.elapsed();
                result
            }
            None => Err(DatabaseError::Busy),
        };
        if result.is_err() {
            // Closing rolls back whatever is open.
            self.connection = None;
        }
        let result = result.and_then(|()| self.confirm(sqlite));
        Some(EndedBatch { jobs: batch.jobs, outcome: batch.outcome, result })
    }

    /// Checks that the commit went to the file that the next process will open.
    fn confirm(&mut self, sqlite: &Sqlite) -> Result<(), DatabaseError> {
        match sqlite.file_state()? {
            FileState::InPlace { log_bytes } => {
                self.keep_log_short(log_bytes);
                Ok(())
            }
            FileState::WithoutLog | FileState::Outdated => self.reopen_if_replaced(sqlite),
            FileState::Elsewhere => {
                self.reopen_if_replaced(sqlite)?;
                Err(sqlite.gone("was replaced while it was written"))
            }
        }
    }

    fn keep_log_short(&mut self, log_bytes: u64) {
        if let Some(connection) = &mut self.connection
            && self.log_bytes + LOG_BYTES_MAX < log_bytes
        {
            // A long reader must not delay every commit.
            let is_done = write_back(connection, PATIENCE).is_ok();
            self.log_bytes = if is_done { 0 } else { log_bytes };
        }
    }

    /// Drops the connections if their files were replaced. What is in an unlinked log is first written into the
    /// database: no other process can read it.
    fn reopen_if_replaced(&mut self, sqlite: &Sqlite) -> Result<(), DatabaseError> {
        let state = sqlite.file_state()?;
        if let FileState::InPlace { .. } = state {
            return Ok(());
        }
        if state == FileState::Outdated {
            self.connection = None;
            sqlite.reopen(PATIENCE);
            return Ok(());
        }
        let written = match &mut self.connection {
            Some(connection) => write_back(connection, PATIENCE),
            None => sqlite.write_back(PATIENCE),
        };
        if state == FileState::WithoutLog {
            written?;
        }
        tracing::error!(
            file = sqlite.place(),
            ?state,
            "the database files were replaced or removed"
        );
        self.connection = None;
        sqlite.give_up(state == FileState::Elsewhere)
    }
}

fn run(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql).and_then(|mut statement| statement.execute([])).map(drop)
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::config::JournalMode;
    use crate::config::SqliteUrl;
    use crate::database::Clock;
    use crate::database::Database;
    use crate::database::Param;
    use crate::database::Unique;
    use crate::database::sqlite::DatabaseFile;

    fn database(folder: &tempfile::TempDir) -> Database {
        let database = Database::sqlite(folder.path().join("test.db"), Clock::SYSTEM);
        database.create().unwrap();
        database.write(|tx| tx.execute("CREATE TABLE t (n integer PRIMARY KEY)", &[])).unwrap();
        database
    }

    fn count(database: &Database) -> i64 {
        let sql = "SELECT COUNT(*) FROM t";
        database.read(|tx| tx.find(sql, &[], |row| row.integer(0))).unwrap().unwrap()
    }

    fn insert(database: &Database, n: i64) -> Result<u64, DatabaseError> {
        database.write(|tx| tx.execute("INSERT INTO t VALUES ($1)", &[Param::Integer(n)]))
    }

    #[test]
    fn a_job_that_fails_takes_nothing_of_its_batch_along() {
        let folder = tempfile::tempdir().unwrap();
        let database = database(&folder);
        let start = Barrier::new(32);
        let insert_even = |n: i64| {
            database.write(|tx| {
                tx.execute("INSERT INTO t VALUES ($1)", &[n.into()])?;
                (n % 2 == 0).then_some(()).ok_or(DatabaseError::Busy)
            })
        };
        thread::scope(|scope| {
            for n in 0..32 {
                let (start, insert_even) = (&start, &insert_even);
                scope.spawn(move || {
                    start.wait();
                    assert_eq!(insert_even(n).is_ok(), n % 2 == 0);
                });
            }
        });
        assert_eq!(count(&database), 16);
    }

    #[test]
    fn a_single_statement_that_fails_takes_nothing_of_its_batch_along() {
        let folder = tempfile::tempdir().unwrap();
        let database = database(&folder);
        insert(&database, 100).unwrap();
        let start = Barrier::new(32);
        // Every second insert violates the unique constraint.
        let sql = |n: i64| if n % 2 == 0 { "VALUES ($1)" } else { "VALUES ($1), (100)" };
        let write = |n: i64| {
            let sql = format!("INSERT INTO t {}", sql(n));
            database.write_one(|tx| tx.execute(&sql, &[n.into()]))
        };
        thread::scope(|scope| {
            for n in 0..32 {
                let (start, write) = (&start, &write);
                scope.spawn(move || {
                    start.wait();
                    let expected = match n % 2 {
                        0 => Ok(1),
                        _ => Err(DatabaseError::Unique(unique("t", "n"))),
                    };
                    assert_eq!(write(n), expected);
                });
            }
        });
        assert_eq!(count(&database), 17);
    }

    #[test]
    fn a_foreign_key_that_is_checked_at_the_commit_takes_nothing_of_its_batch_along() {
        let folder = tempfile::tempdir().unwrap();
        let database = database(&folder);
        let sql = "CREATE TABLE child (n REFERENCES t DEFERRABLE INITIALLY DEFERRED)";
        database.write(|tx| tx.execute(sql, &[])).unwrap();
        let start = Barrier::new(32);
        let write = |n: i64| match n % 4 {
            0 => database.write(|tx| tx.execute("INSERT INTO child VALUES (1000)", &[])),
            _ => insert(&database, n),
        };
        thread::scope(|scope| {
            for n in 0..32 {
                let (start, write) = (&start, &write);
                scope.spawn(move || {
                    start.wait();
                    match (n % 4, write(n)) {
                        (0, result) => assert!(matches!(result, Err(DatabaseError::ForeignKey(_)))),
                        (_, result) => assert_eq!(result, Ok(1)),
                    }
                });
            }
        });
        assert_eq!(count(&database), 24);
        let children =
            database.read(|tx| tx.find("SELECT COUNT(*) FROM child", &[], |row| row.integer(0)));
        assert_eq!(children, Ok(Some(0)));
    }

    /// As SQLite does by itself on a full or failing disk.
    #[test]
    fn when_a_job_ends_the_transaction_results_match_the_database() {
        let folder = tempfile::tempdir().unwrap();
        let database = database(&folder);
        let start = Barrier::new(32);
        let write = |n: i64| match n % 4 {
            0 => database.write(|tx| tx.execute("ROLLBACK", &[])),
            _ => insert(&database, n),
        };
        let told: Vec<i64> = thread::scope(|scope| {
            let jobs: Vec<_> = (0..32)
                .map(|n| {
                    let (start, write) = (&start, &write);
                    scope.spawn(move || {
                        start.wait();
                        let result = write(n);
                        assert!(n % 4 != 0 || result.is_err());
                        result.is_ok().then_some(n)
                    })
                })
                .collect();
            jobs.into_iter().filter_map(|job| job.join().unwrap()).collect()
        });
        let sql = "SELECT n FROM t ORDER BY n";
        let found = database.read(|tx| tx.list(sql, &[], |row| row.integer(0)));
        assert_eq!(found, Ok(told));
        insert(&database, 100).unwrap();
    }

    #[test]
    fn a_panic_in_a_job_leaves_the_writer_usable() {
        let folder = tempfile::tempdir().unwrap();
        let database = database(&folder);
        let result = catch_unwind(AssertUnwindSafe(|| {
            database.write::<(), DatabaseError>(|tx| {
                tx.execute("INSERT INTO t VALUES (1)", &[])?;
                panic!("a bug")
            })
        }));
        assert!(result.is_err());
        assert_eq!(count(&database), 0);
        insert(&database, 2).unwrap();
        assert_eq!(count(&database), 1);
    }

    #[test]
    fn a_batch_expects_as_many_as_came_to_the_last_one_and_ends_without_them() {
        const TOGETHER: usize = 8;
        let folder = tempfile::tempdir().unwrap();
        let file = SqliteUrl::of(folder.path().join("test.db"));
        let sqlite = Sqlite::new(DatabaseFile::new(file, JournalMode::Wal));
        sqlite.create().unwrap();
        let writer = Writer::new();
        let has_begun = AtomicBool::new(false);
        let write = || {
            let mut job = |_: &Connection| {
                let is_first = !has_begun.swap(true, Ordering::SeqCst);
                // The first one ends when the others are queued.
                while is_first && writer.queued() < TOGETHER - 1 {
                    thread::yield_now();
                }
                true
            };
            writer.write(&sqlite, JobKind::Transaction, &mut job).unwrap();
        };
        thread::scope(|scope| (0..TOGETHER).for_each(|_| drop(scope.spawn(write))));
        assert_eq!(writer.lock().expected, TOGETHER);
        // No other job joins this one.
        write();
        assert_eq!(writer.lock().expected, 1);
        write();
        assert!(writer.lock().batch.is_none());
    }

    #[test]
    fn a_second_row_with_the_same_key_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let database = database(&folder);
        insert(&database, 1).unwrap();
        assert_eq!(insert(&database, 1), Err(DatabaseError::Unique(unique("t", "n"))));
    }

    fn unique(table: &str, column: &str) -> Unique {
        Unique { table: table.to_owned(), columns: vec![column.to_owned()] }
    }

    #[test]
    fn an_acknowledged_write_is_seen_by_every_other_connection() {
        let folder = tempfile::tempdir().unwrap();
        let database = database(&folder);
        thread::scope(|scope| {
            for n in 0..200_i64 {
                let database = &database;
                scope.spawn(move || {
                    insert(database, n).unwrap();
                    let other = Database::sqlite(database.place(), Clock::SYSTEM);
                    let sql = "SELECT n FROM t WHERE n = $1";
                    let found = other.read(|tx| tx.find(sql, &[n.into()], |row| row.integer(0)));
                    assert_eq!(found, Ok(Some(n)));
                });
            }
        });
        assert_eq!(count(&database), 200);
    }

    /// SQLite restarts its log at a moment without readers. Here there is none.
    #[test]
    fn the_log_stays_short_with_constant_readers() {
        const ROW_BYTES: usize = 1024 * 1024;
        let folder = tempfile::tempdir().unwrap();
        let database = database(&folder);
        database.write(|tx| tx.execute("CREATE TABLE b (t text)", &[])).unwrap();
        let is_over = AtomicBool::new(false);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| read_until(&database, &is_over));
            }
            let text = "x".repeat(ROW_BYTES);
            for _ in 0..4 * LOG_BYTES_MAX / ROW_BYTES as u64 {
                let insert = |tx: &mut crate::database::Tx<'_>| {
                    tx.execute("INSERT INTO b VALUES ($1)", &[Param::from(&text)])?;
                    tx.execute("DELETE FROM b", &[])
                };
                database.write(insert).unwrap();
            }
            is_over.store(true, Ordering::SeqCst);
        });
        let log = std::fs::metadata(folder.path().join("test.db-wal")).unwrap().len();
        assert!(log <= LOG_BYTES_MAX * 5 / 2, "{log} bytes");
    }

    fn read_until(database: &Database, is_over: &AtomicBool) {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE;
        let connection = Connection::open_with_flags(database.place(), flags).unwrap();
        while !is_over.load(Ordering::SeqCst) {
            connection.execute_batch("BEGIN; SELECT COUNT(*) FROM t").unwrap();
            thread::park_timeout(Duration::from_millis(5));
            connection.execute_batch("COMMIT").unwrap();
        }
    }

    #[test]
    fn a_missing_file_and_a_file_of_another_kind_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let missing = Database::sqlite(folder.path().join("no.db"), Clock::SYSTEM);
        assert!(matches!(insert(&missing, 1), Err(DatabaseError::Missing(_))));
        assert!(!folder.path().join("no.db").exists());
        std::fs::write(folder.path().join("text.db"), "hello").unwrap();
        let text = Database::sqlite(folder.path().join("text.db"), Clock::SYSTEM);
        assert!(matches!(insert(&text, 1), Err(DatabaseError::NotADatabase(_))));
    }
}
