//! The least that a server does which looks sessions up.

use std::cell::OnceCell;

use http::Response;
use http_body_util::Full;
use rusqlite::Connection;

use crate::Result;
use crate::bare::on_hyper;
use crate::bare::token;
use crate::sqlite::reader;

thread_local! {
    /// A connection per thread: nobody waits for another one.
    static DATABASE: OnceCell<Connection> = const { OnceCell::new() };
}

/// The query of ours on a prepared statement, all columns of the row, no signature, no JSON, none of our limits, counts
/// and headers. Answers as many bytes as are wanted.
pub(super) fn serve(argument: &str) -> Result<()> {
    let (bytes, file) = argument.split_once(' ').ok_or("BYTES DATABASE")?;
    let (bytes, file) = (bytes.parse()?, file.to_owned());
    on_hyper(move |request| {
        let found = find(&file, token(&request).unwrap_or_default(), bytes);
        async { found.map(|body| Response::new(Full::new(body.into()))) }
    })
}

const FIND: &str = r#"SELECT "user".*, "session".* FROM "session"
    JOIN "user" ON "user"."id" = "session"."userId" WHERE "session"."token" = ?1"#;

fn find(file: &str, token: &str, bytes: usize) -> rusqlite::Result<Vec<u8>> {
    DATABASE.with(|database| {
        let database = if let Some(database) = database.get() {
            database
        } else {
            let opened = reader(file)?;
            database.get_or_init(|| opened)
        };
        let mut statement = database.prepare_cached(FIND)?;
        let columns = statement.column_count();
        let mut body = Vec::with_capacity(bytes);
        let mut rows = statement.query([token])?;
        let row = rows.next()?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
        for column in 0..columns {
            if let Ok(text) = row.get_ref(column)?.as_bytes() {
                body.extend_from_slice(text);
            }
        }
        body.resize(bytes, b'x');
        Ok(body)
    })
}
