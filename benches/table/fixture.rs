//! Databases with many users: everybody has one password and one session that never ends. They are made once, in
//! one transaction, and kept, so that every run of the table works on the same bytes.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::Secret;
use better_auth::crypto::cookie::Signer;
use better_auth::crypto::password::Algorithm;
use better_auth::crypto::password::Hasher;
use rusqlite::Connection;
use rusqlite::params;
use sha2::Digest as _;
use sha2::Sha256;

use crate::Result;
use crate::bench::Bench;

/// Signs the cookies of every contender.
pub(crate) const SECRET: &str = "the secret of the benchmark, which is no secret";
const PASSWORD: &str = "correct horse battery";
/// Far ahead, so that no session is over or due to be extended, whenever the fixture was made.
const EXPIRES_AT: &str = "2099-01-01T00:00:00.000Z";
/// Part of the names of the files: another form is another fixture.
const FORM: u32 = 1;
/// Users who take part in a load; they are spread over all of them.
const SAMPLE: u32 = 1000;

/// A database that is kept.
pub(crate) struct Fixture {
    users: u32,
    /// Where it is; rows that only read may use it itself.
    pub(crate) file: PathBuf,
}

impl Fixture {
    /// So many users, with passwords of ours.
    pub(crate) fn of(bench: &Bench, users: u32) -> Result<Self> {
        Self::with(bench, users, Algorithm::Argon2id)
    }

    /// The same with upstream's passwords.
    pub(crate) fn of_upstream(bench: &Bench, users: u32) -> Result<Self> {
        Self::with(bench, users, Algorithm::Scrypt)
    }

    fn with(bench: &Bench, users: u32, algorithm: Algorithm) -> Result<Self> {
        let name = format!("{users}-{algorithm:?}-{FORM}.db").to_lowercase();
        let file = bench.fixtures.join(name);
        if !file.exists() {
            eprintln!("making {users} users …");
            let unfinished = file.with_extension("unfinished");
            drop(fs::remove_file(&unfinished));
            fill(&unfinished, users, algorithm)?;
            fs::rename(&unfinished, &file)?;
        }
        Ok(Self { users, file })
    }

    /// A database of its own for a contender, with all of this in it.
    pub(crate) fn copy(&self, bench: &Bench, name: &str) -> Result<PathBuf> {
        let copy = bench.work.join(format!("{name}.db"));
        for left in ["db-wal", "db-shm"].map(|extension| copy.with_extension(extension)) {
            // A server that was killed leaves what belongs to the database before this one.
            drop(fs::remove_file(left));
        }
        fs::copy(&self.file, &copy)?;
        Ok(copy)
    }

    /// The users who take part in a load.
    pub(crate) fn sample(&self) -> impl Iterator<Item = u32> {
        let step = (self.users / SAMPLE).max(1);
        (0..self.users).step_by(usize::try_from(step).unwrap_or(1))
    }

    /// Their addresses.
    pub(crate) fn addresses(&self) -> Vec<String> {
        self.sample().map(address).collect()
    }

    /// Their cookies, as a browser sends them.
    pub(crate) fn cookies(&self) -> Vec<String> {
        let signer = Signer::new(&[Secret::new(SECRET)]);
        let cookie = |n| format!("better-auth.session_token={}", signer.sign(&token(n)));
        self.sample().map(cookie).collect()
    }
}

/// The address of the user with this number.
pub(crate) fn address(number: u32) -> String {
    format!("user{number}@example.com")
}

fn id(kind: u32, number: u32) -> String {
    format!("019a0000-{kind:04x}-7000-8000-{number:012x}")
}

/// Scattered, as random ones are.
fn token(number: u32) -> String {
    hex::encode(Sha256::digest(number.to_le_bytes())).chars().take(32).collect()
}

fn time(number: u32) -> String {
    let (minutes, seconds) = (number / 60, number % 60);
    let (hours, minutes) = (minutes / 60, minutes % 60);
    let (days, hours) = (hours / 24, hours % 24);
    format!("2026-01-{:02}T{hours:02}:{minutes:02}:{seconds:02}.000Z", 1 + days)
}

fn fill(file: &Path, users: u32, algorithm: Algorithm) -> Result<()> {
    let mut config = Config::default();
    config.database.url = format!("sqlite:{}", file.display()).into();
    BetterAuth::new(config)?.migrate()?;
    let hash = Hasher::new(1, 0).hash(algorithm, &Secret::new(PASSWORD))?;

    let mut database = Connection::open(file)?;
    database.execute_batch(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000",
    )?;
    let all = database.transaction()?;
    {
        let mut user = all.prepare(r#"INSERT INTO "user" VALUES (?1, ?2, ?3, 1, NULL, ?4, ?4)"#)?;
        let mut account = all.prepare(
            r#"INSERT INTO "account" ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
               VALUES (?1, ?2, 'credential', ?2, ?3, ?4, ?4)"#,
        )?;
        let mut session = all.prepare(
            r#"INSERT INTO "session" VALUES (?1, ?2, ?3, ?4, ?4, '203.0.113.7',
               'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', ?5)"#,
        )?;
        for number in 0..users {
            let (user_id, now) = (id(1, number), time(number));
            user.execute(params![user_id, format!("User {number}"), address(number), now])?;
            account.execute(params![id(2, number), user_id, hash, now])?;
            session.execute(params![id(3, number), EXPIRES_AT, token(number), now, user_id])?;
        }
    }
    all.commit()?;
    database.execute_batch("PRAGMA journal_mode = WAL")?;
    Ok(())
}
