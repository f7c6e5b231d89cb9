//! The contenders that are no authentication service: HTTP servers that say the same bytes each time, on the
//! libraries that ours stands on, one of them after the query that a session needs; and ours with a sign-in that hashes
//! nothing, for the row of writes.

use std::cell::OnceCell;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use better_auth::AuthError;
use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::Plugin;
use better_auth::Secret;
use better_auth::api::sessions;
use better_auth::api::sessions::NewSession;
use better_auth::codes;
use better_auth::http::Body;
use better_auth::http::Context;
use better_auth::http::Endpoint;
use better_auth::http::Field;
use better_auth::http::Reply;
use better_auth::http::input::Kind;
use better_auth::http::reply::Done;
use better_auth::server::ServeOptions;
use better_auth::server::Stop;
use better_auth::server::serve as serve_ours;
use bytes::Bytes;
use http::Response;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rusqlite::Connection;
use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;
use serde_json::Map;
use tokio::net::TcpListener;

use crate::Result;
use crate::fixture;

/// Serves until it is killed; `argument` is a number of bytes, or a database.
pub(crate) fn serve(kind: &str, argument: &str) -> Result<()> {
    match kind {
        "hyper" => hyper_hello(argument.parse()?),
        "hyper-with-query" => hyper_with_query(argument),
        "tiny-http" => tiny_http_hello(argument.parse()?),
        "without-password" => without_password(Path::new(argument)),
        _ => Err(format!("no such server: {kind}").into()),
    }
}

fn ready(address: impl std::fmt::Display) {
    println!("listening on {address}");
}

fn hyper_hello(bytes: usize) -> Result<()> {
    let body = Bytes::from("x".repeat(bytes));
    on_hyper(move |_| Ok::<_, Infallible>(body.clone()))
}

/// Answers every request with these bytes, on a thread of the runtime.
fn on_hyper<E>(
    answer: impl Fn(&http::Request<Incoming>) -> std::result::Result<Bytes, E> + Clone + Send + 'static,
) -> Result<()>
where
    E: std::error::Error + Send + Sync + 'static,
{
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        ready(listener.local_addr()?);
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let answer = answer.clone();
            let service = service_fn(move |request| {
                let answered = answer(&request);
                async { answered.map(|body| Response::new(Full::new(body))) }
            });
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            tokio::spawn(connection);
        }
    })
}

thread_local! {
    /// A connection per thread: nobody waits for another one.
    static DATABASE: OnceCell<Connection> = const { OnceCell::new() };
}

/// The least that a server does which looks sessions up: the query of ours on a prepared statement, all columns of
/// the row, no signature, no JSON, none of our limits, counts and headers. Answers as many bytes as are wanted.
fn hyper_with_query(argument: &str) -> Result<()> {
    let (bytes, file) = argument.split_once(' ').ok_or("BYTES DATABASE")?;
    let (bytes, file) = (bytes.parse()?, file.to_owned());
    on_hyper(move |request| {
        let cookie = request.headers().get("cookie").and_then(|line| line.to_str().ok());
        find(&file, cookie.unwrap_or_default(), bytes).map(Bytes::from)
    })
}

const FIND: &str = r#"SELECT "user".*, "session".* FROM "session"
    JOIN "user" ON "user"."id" = "session"."userId" WHERE "session"."token" = ?1"#;
/// KiB of pages, as many as a connection of ours keeps.
const CACHE_KIB: i64 = 20 * 1024;

fn find(file: &str, cookie: &str, bytes: usize) -> rusqlite::Result<Vec<u8>> {
    let (_, signed) = cookie.split_once('=').unwrap_or_default();
    let (token, _) = signed.split_once('.').unwrap_or_default();
    DATABASE.with(|database| {
        let database = if let Some(database) = database.get() {
            database
        } else {
            let opened = open(file)?;
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

fn open(file: &str) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(file, flags)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    database.pragma_update(None, "cache_size", -CACHE_KIB)?;
    Ok(database)
}

fn tiny_http_hello(bytes: usize) -> Result<()> {
    let server = tiny_http::Server::http("127.0.0.1:0").map_err(|error| error.to_string())?;
    ready(server.server_addr());
    let server = Arc::new(server);
    let body = "x".repeat(bytes);
    let cores = thread::available_parallelism()?.get();
    let answer = || {
        while let Ok(request) = server.recv() {
            // A client that has gone wants no answer.
            drop(request.respond(tiny_http::Response::from_string(body.as_str())));
        }
    };
    thread::scope(|scope| (0..cores).for_each(|_| drop(scope.spawn(answer))));
    Ok(())
}

/// Signs in whoever gives an address.
struct WithoutPassword;

const ADDRESS: Body = Body::Required(&[Field::required("email", Kind::NonEmptyText)]);

impl Plugin for WithoutPassword {
    fn id(&self) -> &'static str {
        "without-password"
    }

    fn endpoints(&self) -> Vec<Endpoint> {
        vec![Endpoint::post("/sign-in/without-password", sign_in).body(ADDRESS)]
    }
}

/// What is left of `/sign-in/email` without the hash: one query for the user, one transaction, one session.
fn sign_in(cx: &mut Context<'_>) -> std::result::Result<Reply, AuthError> {
    let instance = cx.instance();
    let address = cx.input.text("email").unwrap_or_default();
    let found = instance.database().read(|tx| instance.users().find_with_hash(tx, address))?;
    let (user, _) = found.ok_or_else(|| AuthError::from(codes::USER_NOT_FOUND))?;
    let (client, lifetime) = (cx.client(), instance.config().session.expires_in);
    let new = NewSession { user: &user, client: &client, lifetime, fields: Map::new() };
    let begun = instance.database().write(|tx| sessions::begin(tx, instance, &new))?;
    cx.set_session_cookie(&begun.publish(instance)?, true)?;
    Reply::json(&Done::SUCCESS)
}

fn without_password(database: &Path) -> Result<()> {
    let mut config = Config::default();
    config.secret = Some(Secret::new(fixture::SECRET));
    config.database.url = format!("sqlite:{}", database.display()).into();
    let auth = Arc::new(BetterAuth::builder(config).plugin(WithoutPassword).build()?);
    auth.prepare()?;
    let options = ServeOptions { port: 0, ..ServeOptions::default() };
    serve_ours(auth, &options, &Stop::new(), ready)?;
    Ok(())
}
