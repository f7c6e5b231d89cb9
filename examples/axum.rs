//! An axum application with users: the REST API mounted under `/api/auth`, and a page of its own that knows who
//! is signed in.
//!
//! Run it with `cargo run --example axum`, then:
//!
//! ```text
//! curl -i localhost:3000/api/auth/sign-up/email -H 'content-type: application/json' \
//!     -d '{"name":"Ada","email":"ada@example.com","password":"correct horse"}' -c cookies
//! curl -b cookies localhost:3000/
//! ```

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::body::to_bytes;
use axum::extract::ConnectInfo;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::any;
use axum::routing::get;
use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::Peer;
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;

const BODY_BYTES_MAX: usize = 1024 * 1024;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let auth = Arc::new(BetterAuth::new(Config::default())?);
    auth.migrate()?;
    let app = Router::new()
        .route("/", get(home))
        .route("/api/auth/{*path}", any(authenticate))
        .with_state(auth);
    let port = std::env::args().nth(1).map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    #[expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]
    {
        println!("listening on http://{}", listener.local_addr()?);
    }
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await?;
    Ok(())
}

/// Everything below `/api/auth`: hashing and writing block, so they get a thread that may.
async fn authenticate(
    State(auth): State<Arc<BetterAuth>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    request: Request,
) -> Result<Response, StatusCode> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, BODY_BYTES_MAX).await.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
    let request = better_auth::Request::from_parts(parts, body);
    let answer = spawn_blocking(move || auth.handle(request, Peer::at(from.ip()))).await;
    Ok(answer.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?.map(Body::from))
}

/// A page of the application: finding a session takes microseconds, so it needs no thread of its own.
async fn home(
    State(auth): State<Arc<BetterAuth>>,
    headers: HeaderMap,
) -> Result<String, StatusCode> {
    let session = auth.api().get_session(&headers).map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    Ok(match session {
        Some(found) => format!("Hello, {}!\n", found.user.name),
        None => "Hello, stranger!\n".to_owned(),
    })
}
