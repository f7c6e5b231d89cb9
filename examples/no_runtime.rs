//! The same without an asynchronous runtime: a plain thread answers requests with `tiny_http`, and users are made
//! and listed by calls.
//!
//! Run it with `cargo run --example no_runtime`, then `curl localhost:3000/api/auth/ok`.

use std::error::Error;
use std::io::Cursor;
use std::io::Read as _;

use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::ListUsers;
use better_auth::NewUser;
use better_auth::Peer;
use better_auth::Secret;
use better_auth::codes;

const BODY_BYTES_MAX: u64 = 1024 * 1024;

#[expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]
fn main() -> Result<(), Box<dyn Error>> {
    let auth = BetterAuth::new(Config::default())?;
    auth.migrate()?;
    create_first_user(&auth)?;
    for user in auth.api().list_users(&ListUsers { limit: 20, ..ListUsers::default() })?.users {
        println!("{} {}", user.created_at, user.email);
    }

    let port: u16 = std::env::args().nth(1).map_or(Ok(3000), |port| port.parse())?;
    let server = tiny_http::Server::http(("127.0.0.1", port)).map_err(|error| error.to_string())?;
    println!("listening on http://{}", server.server_addr());
    for request in server.incoming_requests() {
        // Whoever hung up gets no answer; the next one does.
        drop(answer(&auth, request));
    }
    Ok(())
}

fn create_first_user(auth: &BetterAuth) -> Result<(), Box<dyn Error>> {
    let first = NewUser {
        email: "admin@example.com".to_owned(),
        name: "Admin".to_owned(),
        email_verified: true,
        password: Some(Secret::new("change me soon")),
        ..NewUser::default()
    };
    match auth.api().create_user(&first) {
        Err(error) if error.is(codes::USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL) => Ok(()),
        result => Ok(result.map(drop)?),
    }
}

fn answer(auth: &BetterAuth, mut request: tiny_http::Request) -> Result<(), Box<dyn Error>> {
    let mut body = Vec::new();
    request.as_reader().take(BODY_BYTES_MAX).read_to_end(&mut body)?;
    let mut converted =
        better_auth::Request::builder().method(request.method().as_str()).uri(request.url());
    for header in request.headers() {
        converted = converted.header(header.field.as_str().as_str(), header.value.as_str());
    }
    let peer = request.remote_addr().map_or(Peer::unknown(), |from| Peer::at(from.ip()));
    let (parts, body) = auth.handle(converted.body(body.into())?, peer).into_parts();
    let headers = parts.headers.iter().filter_map(|(name, value)| {
        tiny_http::Header::from_bytes(name.as_str(), value.as_bytes()).ok()
    });
    let length = body.len();
    request.respond(tiny_http::Response::new(
        parts.status.as_u16().into(),
        headers.collect(),
        Cursor::new(body),
        Some(length),
        None,
    ))?;
    Ok(())
}
