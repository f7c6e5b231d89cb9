//! Brings a database up to date, in a single transaction.

use std::fmt;

use crate::database::Database;
use crate::database::DatabaseError;
use crate::database::Dialect;
use crate::database::Tx;
use crate::error::AuthError;
use crate::error::codes;
use crate::schema::diff::Plan;
use crate::schema::diff::diff;
use crate::schema::diff::from_nothing;
use crate::schema::diff::refers_to_others;
use crate::schema::table::Table;

/// Why a migration failed; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MigrateError {
    /// The file or its folder cannot be written; holds the location.
    ReadOnly(String),
    /// The existing tables contradict the required ones; one sentence each.
    Blocked(Vec<String>),
    /// A database error.
    Database(DatabaseError),
}

impl fmt::Display for MigrateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReadOnly(place) => write!(f, "{place} is read-only; nothing was changed"),
            Self::Blocked(problems) => {
                write!(f, "{}; nothing was changed", problems.join("; "))
            }
            Self::Database(error) => write!(f, "{error}; nothing was changed"),
        }
    }
}

impl std::error::Error for MigrateError {}

impl From<DatabaseError> for MigrateError {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

impl From<MigrateError> for AuthError {
    fn from(error: MigrateError) -> Self {
        let code = match &error {
            // What a migration lacks, running another one does not add.
            MigrateError::Blocked(_) | MigrateError::Database(DatabaseError::Schema(_)) => {
                codes::MIGRATION_BLOCKED
            }
            MigrateError::ReadOnly(_) => codes::DATABASE_READ_ONLY,
            MigrateError::Database(error) => Self::from(error.clone()).code(),
        };
        Self::new(code).with_cause(error)
    }
}

/// What the database lacks. Only reads, and needs no existing database.
///
/// # Errors
/// [`DatabaseError::NotADatabase`], [`DatabaseError::Unavailable`].
pub fn plan(database: &Database, needed: &[Table]) -> Result<Plan, DatabaseError> {
    let (dialect, exists) = (database.dialect(), database.exists()?);
    // An empty schema of PostgreSQL may have a set of tables beside it.
    if exists || dialect == Dialect::Postgres {
        database.read(|tx| diff(tx, needed))
    } else {
        Ok(from_nothing(needed, dialect))
    }
}

/// References that lead to other tables than the configuration says, one sentence each: what they refer to is there.
///
/// # Errors
/// [`DatabaseError`] when the database cannot be read.
pub fn misdirected(database: &Database, needed: &[Table]) -> Result<Vec<String>, DatabaseError> {
    database.read(|tx| refers_to_others(tx, needed))
}

/// Adds what the database lacks and returns it. Several processes may migrate at once: the plan is made again inside
/// the transaction, so all but the first find nothing to do.
///
/// # Errors
/// [`MigrateError`]; nothing was changed then.
pub fn migrate(database: &Database, needed: &[Table]) -> Result<Plan, MigrateError> {
    migrate_and(database, needed, |_, _| Ok(()))
}

/// As [`migrate`], and runs `and` in the same transaction if anything is added.
pub fn migrate_and<E: From<MigrateError> + From<DatabaseError>>(
    database: &Database,
    needed: &[Table],
    mut and: impl FnMut(&mut Tx<'_>, &Plan) -> Result<(), E>,
) -> Result<Plan, E> {
    let seen = plan(database, needed)?;
    if !seen.problems.is_empty() {
        return Err(MigrateError::Blocked(seen.problems).into());
    }
    if seen.steps.is_empty() {
        return Ok(seen);
    }
    if database.is_read_only() {
        return Err(MigrateError::ReadOnly(database.place()).into());
    }
    database.create()?;
    database.change_schema(|tx| {
        let plan = diff(tx, needed)?;
        if !plan.problems.is_empty() {
            return Err(MigrateError::Blocked(plan.problems).into());
        }
        for step in &plan.steps {
            tx.execute(&step.sql, &[])?;
        }
        diff(tx, needed)?.require_nothing()?;
        and(tx, &plan)?;
        Ok(plan)
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::thread;

    use super::*;
    use crate::database::Clock;
    use crate::schema::needed;
    use crate::schema::observe;
    use crate::schema::render;

    /// As created by the migration of Better Auth 1.7.25.
    const THEIRS: &str = r#"
        create table "user" ("id" text not null primary key, "name" text not null, "email" text not null unique, "emailVerified" integer not null, "image" text, "createdAt" date not null, "updatedAt" date not null);
        create table "session" ("id" text not null primary key, "expiresAt" date not null, "token" text not null unique, "createdAt" date not null, "updatedAt" date not null, "ipAddress" text, "userAgent" text, "userId" text not null references "user" ("id") on delete cascade);
        create table "account" ("id" text not null primary key, "accountId" text not null, "providerId" text not null, "userId" text not null references "user" ("id") on delete cascade, "accessToken" text, "refreshToken" text, "idToken" text, "accessTokenExpiresAt" date, "refreshTokenExpiresAt" date, "scope" text, "password" text, "createdAt" date not null, "updatedAt" date not null);
        create table "verification" ("id" text not null primary key, "identifier" text not null, "value" text not null, "expiresAt" date not null, "createdAt" date not null, "updatedAt" date not null);
        create index "session_userId_idx" on "session" ("userId");
        create index "account_userId_idx" on "account" ("userId");
        create index "verification_identifier_idx" on "verification" ("identifier");"#;

    fn tables() -> Vec<Table> {
        needed(&crate::config::Config::default())
    }

    struct Place {
        folder: tempfile::TempDir,
    }

    impl Place {
        fn new() -> Self {
            Self { folder: tempfile::tempdir().unwrap() }
        }

        fn file(&self) -> std::path::PathBuf {
            self.folder.path().join("test.db")
        }

        fn open(&self) -> Database {
            Database::sqlite(self.file(), Clock::SYSTEM)
        }

        /// A database created with these statements.
        fn holding(sql: &str) -> Self {
            let place = Self::new();
            let database = place.open();
            database.create().unwrap();
            let statements = sql.split(';').filter(|statement| !statement.trim().is_empty());
            for statement in statements {
                database.write(|tx| tx.execute(statement, &[])).unwrap();
            }
            place
        }

        fn plan(&self) -> Plan {
            plan(&self.open(), &tables()).unwrap()
        }

        fn migrate(&self) -> Result<Plan, MigrateError> {
            migrate(&self.open(), &tables())
        }
    }

    #[test]
    fn a_missing_and_an_empty_file_get_everything_once() {
        for is_empty in [false, true] {
            let place = Place::new();
            if is_empty {
                fs::write(place.file(), "").unwrap();
            }
            assert_eq!(place.plan().steps.len(), 10);
            assert_eq!(place.file().exists(), is_empty);
            assert_eq!(place.migrate().unwrap().steps.len(), 10);
            assert!(place.migrate().unwrap().is_empty());
        }
    }

    #[test]
    fn schema_sql_holds_what_a_migration_runs() {
        let steps = Place::new().plan().steps;
        let flat = |text: &str| text.split_whitespace().collect::<String>();
        let whole = flat(&render(&tables()));
        for step in steps {
            assert!(whole.contains(&flat(&format!("{};", step.sql))), "{}", step.sql);
        }
    }

    #[test]
    fn a_database_of_better_auths_needs_nothing_and_is_not_touched() {
        let place = Place::holding(THEIRS);
        let before = fs::read(place.file()).unwrap();
        assert!(place.migrate().unwrap().is_empty());
        assert_eq!(fs::read(place.file()).unwrap(), before);
    }

    #[test]
    fn what_is_missing_is_added_and_filled() {
        let sql = THEIRS
            .replace(r#""emailVerified" integer not null, "image" text, "createdAt" date not null, "updatedAt" date not null"#, r#""createdAt" date not null"#)
            .replace(r#"create index "account_userId_idx" on "account" ("userId");"#, "")
            .replace(r#""email" text not null unique"#, r#""email" text not null"#);
        let row = r#"insert into "user" values ('1', 'A', 'a@b.co', '2026-01-01T00:00:00.000Z')"#;
        let place = Place::holding(&format!("{sql};{row}"));
        let done: Vec<String> =
            place.migrate().unwrap().steps.iter().map(ToString::to_string).collect();
        assert_eq!(
            done,
            [
                "create unique index user_email_uidx on user (email)",
                "add column user.emailVerified",
                "add column user.image",
                "add column user.updatedAt",
                "create index account_userId_idx on account (userId)",
            ]
        );
        assert!(place.plan().is_empty());
        let sql = r#"SELECT "emailVerified", "updatedAt" FROM "user""#;
        let row = place.open().read(|tx| tx.find(sql, &[], |row| Ok((row.flag(0)?, row.time(1)))));
        assert!(matches!(row, Ok(Some((false, Ok(_))))));
    }

    #[test]
    fn extra_columns_tables_and_rows_stay_as_they_are() {
        let sql = THEIRS.replace(
            r#""image" text"#,
            r#""image" text, "plan" text, "age" integer not null default 1"#,
        ) + r#";create table "post" ("id" integer primary key, "title" text not null);
              insert into "post" values (1, 'x')"#;
        let place = Place::holding(&sql);
        assert!(place.plan().is_empty());
    }

    #[test]
    fn what_looks_right_and_is_not_is_noticed() {
        let indexed = |sql: &str| {
            THEIRS.replace(r#"create index "session_userId_idx" on "session" ("userId")"#, sql)
        };
        let cases = [
            (
                THEIRS.replace(r#""image" text"#, r#""image" text not null"#),
                "user.image must be filled",
            ),
            (
                THEIRS.replace(
                    r#""image" text"#,
                    r#""image" text, "plan" text not null default null"#,
                ),
                "user.plan must be filled",
            ),
            (
                THEIRS.replace(r#""image" text"#, r#""image" text generated always as ('x')"#),
                "user.image is computed",
            ),
            (
                THEIRS.replacen(r#""name" text not null"#, r#""name" uuid not null"#, 1),
                r#"user.name is declared as "uuid""#,
            ),
            (
                indexed(r#"create index "session_userId_idx" on "user" ("name")"#),
                "an index session_userId_idx exists already",
            ),
        ];
        for (sql, expected) in cases {
            let problems = Place::holding(&sql).plan().problems;
            assert!(
                problems.iter().any(|problem| problem.starts_with(expected)),
                "{expected}: {problems:?}"
            );
        }
        let partial = indexed(r#"create index "part" on "session" ("userId") where "token" = 'x'"#);
        let keyless = THEIRS
            .replacen(r#""id" text not null primary key"#, r#""id" text not null"#, 1)
            .replace(r#" references "user" ("id") on delete cascade"#, "");
        for (sql, expected) in [
            (partial, "create index session_userId_idx on session (userId)"),
            (keyless, "create unique index user_id_uidx on user (id)"),
        ] {
            let steps = Place::holding(&sql).migrate().unwrap().steps;
            assert_eq!(steps.iter().map(ToString::to_string).collect::<Vec<_>>(), [expected]);
        }
    }

    #[test]
    fn an_issuer_column_is_noticed_and_no_problem() {
        let issuer = r#""account" ("id" text not null primary key, "issuer" text not null,"#;
        let sql = THEIRS.replace(r#""account" ("id" text not null primary key,"#, issuer);
        let place = Place::holding(&sql);
        assert!(place.plan().is_empty());
        let has_issuer = |place: &Place| {
            let tables = place.open().read(|tx| observe(tx, &tables())).unwrap().unwrap();
            let account = tables.iter().find(|table| table.model == "account").unwrap();
            account.column("issuer").is_some()
        };
        assert!(has_issuer(&place) && !has_issuer(&Place::holding(THEIRS)));
    }

    #[test]
    fn what_cannot_be_mended_is_explained_and_nothing_is_changed() {
        let cases = [
            (
                THEIRS.replace(
                    r#""createdAt" date not null, "updatedAt" date not null);"#,
                    r#""createdAt" blob not null, "updatedAt" date not null);"#,
                ),
                r#"user.createdAt is declared as "blob"; expected date"#,
            ),
            (
                THEIRS.replace(r#""token" text not null unique, "#, ""),
                "session has no column token",
            ),
            (
                THEIRS.replace(r#""image" text"#, r#""image" text, "plan" text not null"#),
                "user.plan must be filled",
            ),
            (
                THEIRS.replace(r#""email" text not null unique"#, r#""email" text not null"#)
                    + r#";insert into "user" values ('1','','a@b.co',0,null,'',''), ('2','','a@b.co',0,null,'','')"#,
                "user.email must be unique, and 1 of its values",
            ),
            (r#"create view "user" as select 1 as "id""#.to_owned(), "user is a view"),
            (
                THEIRS.replacen(
                    r#""id" text not null primary key"#,
                    r#""id" integer not null primary key"#,
                    1,
                ),
                r#"user.id is declared as "integer"; set advanced.database.generateId"#,
            ),
        ];
        for (sql, expected) in cases {
            let place = Place::holding(&sql);
            let before = fs::read(place.file()).unwrap();
            let error = place.migrate().unwrap_err();
            assert!(matches!(error, MigrateError::Blocked(_)), "{expected}: {error}");
            assert!(error.to_string().starts_with(expected), "{error}");
            assert_eq!(fs::read(place.file()).unwrap(), before);
        }
    }

    #[test]
    fn a_file_of_another_kind_stays_as_it_is() {
        let place = Place::new();
        fs::write(place.file(), "not a database at all").unwrap();
        let error = place.migrate().unwrap_err();
        assert!(matches!(error, MigrateError::Database(DatabaseError::NotADatabase(_))));
        assert_eq!(fs::read(place.file()).unwrap(), b"not a database at all");
    }

    #[test]
    fn a_read_only_file_stays_as_it_is() {
        let place = Place::holding(r#"create table "other" ("id" text)"#);
        let mut permissions = fs::metadata(place.file()).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(place.file(), permissions).unwrap();
        let before = fs::read(place.file()).unwrap();
        assert!(matches!(place.migrate(), Err(MigrateError::ReadOnly(_))));
        assert_eq!(fs::read(place.file()).unwrap(), before);
    }

    #[test]
    fn of_many_processes_that_start_on_a_new_file_one_makes_it() {
        let place = Place::new();
        let start = std::sync::Barrier::new(8);
        let steps: usize = thread::scope(|scope| {
            let open = || {
                let database = place.open();
                start.wait();
                migrate(&database, &tables()).unwrap().steps.len()
            };
            let calls: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
            calls.into_iter().map(|call| call.join().unwrap()).sum()
        });
        assert_eq!(steps, 10);
    }

    #[test]
    fn of_many_that_migrate_at_once_one_does_it() {
        let place = Place::new();
        let steps: usize = thread::scope(|scope| {
            let calls: Vec<_> =
                (0..8).map(|_| scope.spawn(|| place.migrate().unwrap().steps.len())).collect();
            calls.into_iter().map(|call| call.join().unwrap()).sum()
        });
        assert_eq!(steps, 10);
    }
}
