//! Users whom a plugin of another program restricts, in a database that is shared with it: columns as Better Auth's
//! `two-factor` and `admin` make them, while no plugin here knows them.

mod columns;
mod sessions;
mod start;
mod ways_in;

use better_auth::Config;
use better_auth::database::Database;
use better_auth::database::DatabaseError;
use better_auth::database::Dialect;

use crate::harness::Answer;
use crate::harness::Site;

const ADA: &str = "ada@example.com";

/// What `two-factor` adds, and what `admin` adds.
fn as_made_by_the_plugins(database: &Database) {
    for name in ["twoFactorEnabled", "banned"] {
        add(database, name, flag(database));
    }
    add(database, "banReason", "text");
    add(database, "banExpires", time(database));
}

/// The type of a flag, as Better Auth's migration chooses it.
fn flag(database: &Database) -> &'static str {
    match database.dialect() {
        Dialect::Sqlite => "integer",
        Dialect::Postgres => "boolean",
    }
}

fn time(database: &Database) -> &'static str {
    match database.dialect() {
        Dialect::Sqlite => "date",
        Dialect::Postgres => "timestamptz",
    }
}

/// Adds a column of this type to the table of users.
fn add(database: &Database, name: &str, kind: &str) {
    run(database, &format!(r#"ALTER TABLE "user" ADD COLUMN "{name}" {kind}"#));
}

/// Changes every user, as another program does.
fn set(database: &Database, change: &str) {
    run(database, &format!(r#"UPDATE "user" SET {change}"#));
}

fn run(database: &Database, sql: &str) {
    let done: Result<u64, DatabaseError> = database.write(|tx| tx.execute(sql, &[]));
    done.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// A site whose database has the columns of the plugins from the beginning.
fn site(change: impl FnOnce(&mut Config)) -> Site {
    let site = Site::with_mail(change);
    as_made_by_the_plugins(site.auth.database());
    site
}

/// Fails if an answer hands out anything of a session.
fn hands_out_nothing(site: &Site, answer: &Answer) {
    assert_eq!(site.stored("session"), 0, "{answer:?}");
    let has_value = |line: &&str| !line.split(';').next().unwrap().ends_with('=');
    let set: Vec<&str> = answer.set_cookies().into_iter().filter(has_value).collect();
    assert!(set.iter().all(|line| !line.contains("session")), "{set:?}");
    assert!(answer.header("set-auth-token").is_none(), "{answer:?}");
}
