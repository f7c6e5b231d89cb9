//! The contenders that are no authentication service: HTTP servers that say the same bytes each time, on the
//! libraries that ours stands on, and those that do the least that a session takes besides; and ours with a sign-in
//! that hashes nothing, for the row of writes.

mod query;
mod without_password;
mod writes;

use std::convert::Infallible;
use std::error::Error;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use bytes::Bytes;
use http::Request;
use http::Response;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::Result;

/// Serves until it is killed; `argument` is a number of bytes, or a database.
pub(crate) fn serve(kind: &str, argument: &str) -> Result<()> {
    match kind {
        "hyper" => hyper_hello(argument.parse()?),
        "hyper-with-writes" => writes::serve(Path::new(argument)),
        "hyper-with-query" => query::serve(argument),
        "tiny-http" => tiny_http_hello(argument.parse()?),
        "without-password" => without_password::serve(Path::new(argument)),
        _ => Err(format!("no such server: {kind}").into()),
    }
}

fn ready(address: impl std::fmt::Display) {
    println!("listening on {address}");
}

fn hyper_hello(bytes: usize) -> Result<()> {
    let body = Bytes::from("x".repeat(bytes));
    on_hyper(move |_| {
        let answer = Response::new(Full::new(body.clone()));
        async { Ok::<_, Infallible>(answer) }
    })
}

/// Answers every request with this, on a thread of the runtime.
fn on_hyper<A, E>(
    answer: impl Fn(Request<Incoming>) -> A + Clone + Send + Sync + 'static,
) -> Result<()>
where
    A: Future<Output = std::result::Result<Response<Full<Bytes>>, E>> + Send + 'static,
    E: Into<Box<dyn Error + Send + Sync>> + 'static,
{
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        ready(listener.local_addr()?);
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let service = service_fn(answer.clone());
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            tokio::spawn(connection);
        }
    })
}

/// The token in the cookie of a request.
fn token(request: &Request<Incoming>) -> Option<&str> {
    let (_, signed) = request.headers().get("cookie")?.to_str().ok()?.split_once('=')?;
    signed.split('.').next()
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
