//! Databases that Kysely, Drizzle and Prisma made for the real Better Auth, opened by our program while the TypeScript
//! server works on them: what either writes, the other uses, and in the same form.
#![cfg(test)]

mod checks;
mod facts;
mod layout;
#[expect(dead_code, reason = "the oracle suite uses more of it")]
#[path = "../oracle/ours.rs"]
mod ours;
mod place;
#[expect(dead_code, reason = "the other suite uses more of it")]
#[path = "../it/harness/postgres.rs"]
mod postgres;
#[path = "../oracle/presence.rs"]
mod presence;
mod rows;
mod seeded;
#[expect(dead_code, reason = "the oracle suite uses more of it")]
#[path = "../oracle/server.rs"]
mod server;
mod times;

use std::collections::BTreeMap;
use std::panic;
use std::panic::AssertUnwindSafe;

use crate::checks::CHECKS;
use crate::checks::Check;
use crate::checks::OPENS;
use crate::layout::Layout;
use crate::seeded::Seeded;

/// A test for each layout, and their names.
macro_rules! layouts {
    ($($name:ident)*) => {
        const NAMES: &[&str] = &[$(stringify!($name)),*];
        $(
            #[test]
            fn $name() {
                both_work_on(stringify!($name));
            }
        )*
    };
}

layouts! {
    kysely_sqlite
    kysely_sqlite_renamed
    kysely_sqlite_serial
    kysely_sqlite_uuid
    kysely_sqlite_fields
    kysely_postgresql
    kysely_postgresql_renamed
    kysely_postgresql_serial
    kysely_postgresql_uuid
    kysely_postgresql_ids_of_the_database
    kysely_postgresql_fields
    kysely_postgresql_types
    kysely_postgresql_schema
    kysely_postgresql_timestamp
    drizzle_sqlite
    drizzle_sqlite_camel_case
    drizzle_sqlite_plural
    drizzle_sqlite_serial
    drizzle_sqlite_uuid
    drizzle_sqlite_ids_of_the_database
    drizzle_sqlite_seconds
    drizzle_sqlite_text
    drizzle_sqlite_fields
    drizzle_postgresql
    drizzle_postgresql_camel_case
    drizzle_postgresql_plural
    drizzle_postgresql_serial
    drizzle_postgresql_uuid
    drizzle_postgresql_time_zone
    drizzle_postgresql_schema
    drizzle_postgresql_fields
    prisma_sqlite
    prisma_sqlite_milliseconds
    prisma_sqlite_serial
    prisma_sqlite_fields
    prisma_postgresql
    prisma_postgresql_mapped
    prisma_postgresql_serial
    prisma_postgresql_uuid
    prisma_postgresql_ids_of_the_client
    prisma_postgresql_schema
    prisma_postgresql_fields
}

#[test]
fn every_layout_has_a_test() {
    let layouts: Vec<String> = layout::all().into_iter().map(|layout| layout.name).collect();
    assert_eq!(layouts, NAMES);
}

/// All checks on one layout; those that it says are known to fail must fail.
fn both_work_on(name: &str) {
    let Some(seeded) = Seeded::make(Layout::named(name)) else { return };
    let mut failed = BTreeMap::new();
    let (opens, others) = (&[OPENS], CHECKS);
    failed.extend(failing(opens, &seeded));
    if failed.is_empty() {
        failed.extend(failing(others, &seeded));
    }
    let known = &seeded.layout.known;
    let is_as_known =
        failed.len() == known.len() && known.iter().all(|name| failed.contains_key(name.as_str()));
    let reports: Vec<String> = failed.iter().map(|(name, why)| format!("{name}: {why}")).collect();
    assert!(is_as_known, "{name}: known to fail: {known:?}; failed:\n{}", reports.join("\n"));
}

/// The checks that fail, with what they say.
fn failing<'a>(
    checks: &'a [(&str, Check)],
    seeded: &Seeded,
) -> impl Iterator<Item = (&'a str, String)> {
    checks.iter().filter_map(|(name, check)| {
        let why = panic::catch_unwind(AssertUnwindSafe(|| check(seeded))).err()?;
        let text = why.downcast_ref::<String>().cloned();
        let text = text.or_else(|| why.downcast_ref::<&str>().map(|&text| text.to_owned()));
        Some((*name, text.unwrap_or_else(|| "it panicked".to_owned())))
    })
}
