//! The one writer: jobs that arrive together run one after the other and share a single commit.
//!
//! Whoever has a job runs it itself under the lock, inside a savepoint of the open transaction. The
//! last of those who wait commits for all, so one `fsync` serves the whole batch, jobs may borrow
//! from their caller, and no thread stands between them and the database. Those who wait for a commit
//! do so under a lock of their batch, and wake up without meeting the next one.
//!
//! A batch knows how many came to the one before it, or while that was committed. It waits for as many, for
//! less time than the commit takes that this spares; whoever writes alone waits for nobody.

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
use crate::database::Form;
use crate::database::sqlite::FileState;
use crate::database::sqlite::Job;
use crate::database::sqlite::Sqlite;
use crate::database::sqlite::error;
use crate::database::sqlite::write_back;

/// Jobs that share a commit at most, so that the first of them does not wait for long.
const BATCH_JOBS_MAX: usize = 128;
/// How long a batch waits for more jobs at most, however long commits take.
const GATHERING_MAX: Duration = Duration::from_millis(5);
/// Bytes of the log beyond which it is emptied. SQLite begins it anew only at a moment when nobody reads,
/// and on a busy server there is none.
const LOG_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// How long writes wait for those who read the log, so that it can be emptied.
const PATIENCE: Duration = Duration::from_millis(100);

pub(super) struct Writer {
    /// Those who wait for the lock; while there are any, the batch stays open for them.
    queued: AtomicUsize,
    state: Mutex<WriterState>,
}

#[derive(Default)]
struct WriterState {
    connection: Option<Connection>,
    batch: Option<Batch>,
    /// Jobs that the next batch may hope for: those of the last one and those that waited when it ended.
    expected: usize,
    /// What the last commit took.
    commit_time: Duration,
    /// Bytes of the log that it had when it could not be emptied.
    log_bytes: u64,
}

/// With whom a job shares its commit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CommitGroup {
    Batch,
    None,
}

struct Batch {
    jobs: usize,
    /// Jobs that it waits for.
    expected: usize,
    /// Whether somebody sees to it that it does not wait too long.
    is_watched: bool,
    outcome: Arc<Outcome>,
}

/// What becomes of a batch.
#[derive(Default)]
struct Outcome {
    result: Mutex<Option<Result<(), DatabaseError>>>,
    known: Condvar,
}

/// A batch that has ended, and those who wait for it do not know yet.
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

    /// Runs the job in the batch that is open, or in a new one, and answers when what it wrote is on the disk.
    pub(super) fn write(
        &self,
        home: &Sqlite,
        form: Form,
        job: &mut Job<'_>,
    ) -> Result<(), DatabaseError> {
        match self.write_with(home, form, job, CommitGroup::Batch) {
            // A foreign key that is checked at the commit fails for the whole batch, and one of its jobs is to blame.
            Err(DatabaseError::ForeignKey(_)) => {
                self.write_with(home, form, job, CommitGroup::None)
            }
            end => end,
        }
    }

    fn write_with(
        &self,
        home: &Sqlite,
        form: Form,
        job: &mut Job<'_>,
        company: CommitGroup,
    ) -> Result<(), DatabaseError> {
        self.queued.fetch_add(1, Ordering::SeqCst);
        let mut state = self.lock();
        self.queued.fetch_sub(1, Ordering::SeqCst);

        if company == CommitGroup::None
            && let Some(others) = self.commit(&mut state, home)
        {
            others.tell();
        }
        let outcome = state.join_batch(home)?;
        let result = state.run(form, job);
        let ended = match company {
            CommitGroup::None => self.commit(&mut state, home),
            CommitGroup::Batch => self.gather(state, &outcome).and_then(|mut state| {
                let is_due = !state.expects_more() && self.queued() == 0;
                if is_due || state.is_over() { self.commit(&mut state, home) } else { None }
            }),
        };
        // The next batch has begun when those of this one wake up.
        if let Some(ended) = ended {
            ended.tell();
        }
        // A panic goes on only now, when the others of the batch are served.
        let is_well = result.unwrap_or_else(|panic| resume_unwind(panic))?;
        if is_well { outcome.wait() } else { Ok(()) }
    }

    /// Gives the connections up if the database is no longer the one that they have.
    pub(super) fn turn_over(&self, home: &Sqlite) -> Result<(), DatabaseError> {
        let mut state = self.lock();
        let ended = self.commit(&mut state, home);
        let result = state.turn_over(home);
        drop(state);
        if let Some(ended) = ended {
            ended.tell();
        }
        result
    }

    /// Waits for others, if the batch can hope for them; nothing if somebody else does so, or it has ended.
    fn gather<'a>(
        &'a self,
        mut state: MutexGuard<'a, WriterState>,
        outcome: &Arc<Outcome>,
    ) -> Option<MutexGuard<'a, WriterState>> {
        if self.queued() != 0 || !state.expects_more() || state.is_over() {
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

    fn commit(&self, state: &mut WriterState, home: &Sqlite) -> Option<EndedBatch> {
        let ended = state.commit(home)?;
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
    /// Whether it is known before the time is over.
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
    fn join_batch(&mut self, home: &Sqlite) -> Result<Arc<Outcome>, DatabaseError> {
        if let Some(batch) = &mut self.batch {
            batch.jobs += 1;
            return Ok(Arc::clone(&batch.outcome));
        }
        self.turn_over(home)?;
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => home.open_writer()?,
        };
        match run(&connection, "BEGIN IMMEDIATE") {
            Ok(()) => self.connection = Some(connection),
            Err(reason) => {
                match reason.sqlite_error_code() {
                    Some(ErrorCode::DatabaseBusy) => self.connection = Some(connection),
                    Some(ErrorCode::ReadOnly) => home.note_refusal(),
                    // A new connection may fare better.
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

    /// Whether nobody else may join the batch: it is full, or SQLite has ended its transaction.
    fn is_over(&self) -> bool {
        self.batch.as_ref().is_some_and(|batch| BATCH_JOBS_MAX <= batch.jobs)
            || self.connection.as_ref().is_some_and(Connection::is_autocommit)
    }

    /// Whether the batch waits for others.
    fn expects_more(&self) -> bool {
        self.batch.as_ref().is_some_and(|batch| batch.jobs < batch.expected)
    }

    /// Makes the caller the one who watches the batch, unless somebody does, and answers for how long. Half of a
    /// commit is well spent on sparing one [PostgreSQL `commit_delay`].
    fn watch(&mut self) -> Option<Duration> {
        let batch = self.batch.as_mut().filter(|batch| !batch.is_watched)?;
        batch.is_watched = true;
        Some((self.commit_time / 2).min(GATHERING_MAX))
    }

    /// Lets this batch end without those who have not come; `false` if it has ended.
    fn expect_no_more(&mut self, outcome: &Arc<Outcome>) -> bool {
        match &mut self.batch {
            Some(batch) if Arc::ptr_eq(&batch.outcome, outcome) => {
                batch.expected = 0;
                true
            }
            _ => false,
        }
    }

    /// Runs one job; what it wrote goes away again if it fails or panics. SQLite itself takes back what a single
    /// statement did that fails.
    fn run(&self, form: Form, job: &mut Job<'_>) -> thread::Result<Result<bool, DatabaseError>> {
        let Some(connection) = &self.connection else {
            return Ok(Err(DatabaseError::Busy));
        };
        if form == Form::Single {
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
            // When even this fails the transaction is gone, and `commit` sees that.
            drop(run(connection, "ROLLBACK TO job").and_then(|()| run(connection, "RELEASE job")));
        }
        result
    }

    /// Ends the batch, well or badly, if there is one.
    fn commit(&mut self, home: &Sqlite) -> Option<EndedBatch> {
        let batch = self.batch.take()?;
        let result = match &self.connection {
            // SQLite ends the transaction by itself on a full disk or a failing one.
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
            // Closing rolls back whatever is open and leaves nothing half-broken behind.
            self.connection = None;
        }
        let result = result.and_then(|()| self.confirm(home));
        Some(EndedBatch { jobs: batch.jobs, outcome: batch.outcome, result })
    }

    /// Sees that what was committed is where the next process looks for it.
    fn confirm(&mut self, home: &Sqlite) -> Result<(), DatabaseError> {
        match home.standing()? {
            FileState::InPlace { log_bytes } => {
                self.keep_log_short(log_bytes);
                Ok(())
            }
            FileState::WithoutLog | FileState::Outdated => self.turn_over(home),
            FileState::Elsewhere => {
                self.turn_over(home)?;
                Err(home.gone("was replaced while it was written"))
            }
        }
    }

    fn keep_log_short(&mut self, log_bytes: u64) {
        if let Some(connection) = &mut self.connection
            && self.log_bytes + LOG_BYTES_MAX < log_bytes
        {
            // Somebody who reads for long is not waited for at every commit.
            let is_done = write_back(connection, PATIENCE).is_ok();
            self.log_bytes = if is_done { 0 } else { log_bytes };
        }
    }

    /// Gives the connections up if they have other files than those that are there now. What is in a log
    /// that has lost its name goes into the database first: nobody else will ever read it.
    fn turn_over(&mut self, home: &Sqlite) -> Result<(), DatabaseError> {
        let standing = home.standing()?;
        if let FileState::InPlace { .. } = standing {
            return Ok(());
        }
        if standing == FileState::Outdated {
            self.connection = None;
            home.reopen(PATIENCE);
            return Ok(());
        }
        let written = match &mut self.connection {
            Some(connection) => write_back(connection, PATIENCE),
            None => home.write_back(PATIENCE),
        };
        if standing == FileState::WithoutLog {
            written?;
        }
        tracing::error!(file = home.place(), ?standing, "the files of the database were changed");
        self.connection = None;
        home.give_up(standing == FileState::Elsewhere)
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
    use crate::database::Clock;
    use crate::database::Database;
    use crate::database::Param;
    use crate::database::Unique;

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
        // Of two rows the second one is there already.
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

    /// As SQLite does by itself on a full disk or a failing one.
    #[test]
    fn when_the_transaction_ends_in_a_job_everybody_is_told_what_is_there() {
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
        let home = Sqlite::new(folder.path().join("test.db"));
        home.create().unwrap();
        let writer = Writer::new();
        let has_begun = AtomicBool::new(false);
        let write = || {
            let mut job = |_: &Connection| {
                let is_first = !has_begun.swap(true, Ordering::SeqCst);
                // The first one ends when the others are in line.
                while is_first && writer.queued() < TOGETHER - 1 {
                    thread::yield_now();
                }
                true
            };
            writer.write(&home, Form::Transaction, &mut job).unwrap();
        };
        thread::scope(|scope| (0..TOGETHER).for_each(|_| drop(scope.spawn(write))));
        assert_eq!(writer.lock().expected, TOGETHER);
        // Nobody joins this one.
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

    /// SQLite begins its log anew at a moment when nobody reads. Here there is none.
    #[test]
    fn the_log_stays_short_although_somebody_always_reads() {
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
