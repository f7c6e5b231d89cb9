//! The least that a server does which begins and ends sessions: one row per request, which is on the disk when the
//! answer leaves, as many in a commit as have come meanwhile; no users, no signature, no checks.

use std::error::Error;
use std::iter;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::thread;

use http::Response;
use http_body_util::Full;
use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::Result;
use crate::bare::on_hyper;
use crate::bare::token;
use crate::sqlite;

/// Writes that share a commit at most, as many as in ours.
const BATCH_MAX: usize = 128;

/// A statement, its token, and whom to tell that it is on the disk.
type Write = (&'static str, String, oneshot::Sender<()>);

pub(super) fn serve(file: &Path) -> Result<()> {
    let mut database = sqlite::writer(file)?;
    let (send, writes) = mpsc::channel::<Write>();
    thread::spawn(move || {
        if let Err(error) = write(&mut database, &writes) {
            eprintln!("{error}");
        }
    });
    let count = Arc::new(AtomicU32::new(0));
    on_hyper(move |request| {
        let (tell, told) = oneshot::channel();
        let (sql, token, cookie) = if let Some(token) = token(&request) {
            (sqlite::DELETE, token.to_owned(), None)
        } else {
            let token = sqlite::token(count.fetch_add(1, Ordering::Relaxed));
            let cookie = format!("better-auth.session_token={token}.signature");
            (sqlite::INSERT, token, Some(cookie))
        };
        let sent = send.send((sql, token, tell));
        async move {
            sent.map_err(|_| "nobody writes any more")?;
            told.await?;
            let mut answer = Response::builder();
            // Who is told a token signs out with it: only those that were begun are told.
            if let Some(cookie) = cookie {
                answer = answer.header("set-cookie", cookie);
            }
            Ok::<_, Box<dyn Error + Send + Sync>>(answer.body(Full::default())?)
        }
    })
}

/// Writes whatever comes, in batches.
fn write(database: &mut Connection, writes: &Receiver<Write>) -> Result<()> {
    while let Ok(first) = writes.recv() {
        let batch: Vec<Write> =
            iter::once(first).chain(writes.try_iter().take(BATCH_MAX - 1)).collect();
        let transaction = database.transaction()?;
        for (sql, token, _) in &batch {
            sqlite::write(&transaction, sql, token)?;
        }
        transaction.commit()?;
        for (_, _, tell) in batch {
            // A client that has gone wants no answer.
            let _gone = tell.send(());
        }
    }
    Ok(())
}
