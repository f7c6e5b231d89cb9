//! A plugin in a crate of its own: users invite addresses, and an invited user shows the code from the email before the
//! first session begins. It has a table, one-time values, an email, a challenge, an event listener, commands, an endpoint
//! at the root of the server, and a filter in the list of users. Nothing else knows of it.
//!
//! Run it with `cargo run --example plugin`. `docs/plugins.md` says what else a plugin can do.

mod endpoints;
mod invitations;
mod model;
mod operations;

use std::error::Error;
use std::fs;

use better_auth::BetterAuth;
use better_auth::Config;
use better_auth::Peer;
use better_auth::Request;
use better_auth::Response;
use better_auth::config::Transport;
use better_auth::operations::command_line;
use bytes::Bytes;
use serde_json::Value;
use serde_json::json;

use invitations::Invitations;

const BOB: &str = "bob@example.com";

#[expect(clippy::print_stdout, reason = "an example talks to its reader")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut config = Config::default();
    config.email.transport = Some(Transport::File);
    let auth = BetterAuth::builder(config).plugin(Invitations).build()?;
    auth.migrate()?;

    let ada = json!({"name": "Ada", "email": "ada@example.com", "password": "correct horse"});
    let ada = send(&auth, "/api/auth/sign-up/email", "", &ada)?;
    send(&auth, "/api/auth/invitations", &cookies(&ada), &json!({"email": BOB}))?;
    let mails = fs::read_to_string("emails.jsonl")?;
    let mail: Value = serde_json::from_str(mails.lines().last().ok_or("an email")?)?;
    println!("{}", mail.get("subject").and_then(Value::as_str).unwrap_or_default());

    // Bob signs up and has no session yet.
    let bob = json!({"name": "Bob", "email": BOB, "password": "battery staple"});
    let challenge = send(&auth, "/api/auth/sign-up/email", "", &bob)?;
    let pending = cookies(&challenge);
    let confirm = "/api/auth/invitations/confirm";
    let wrong = send(&auth, confirm, &pending, &json!({"code": "no code"}))?;
    let right = send(&auth, confirm, &pending, &json!({"code": mail.get("code")}))?;
    let again = send(&auth, confirm, &pending, &json!({"code": mail.get("code")}))?;
    let open = send(&auth, "/.well-known/invitations", "", &Value::Null)?;
    for answer in [&challenge, &wrong, &right, &again, &open] {
        let body: Value = serde_json::from_slice(answer.body())?;
        let shown = body.get("code").or(body.pointer("/user/email")).unwrap_or(&body);
        println!("{} {shown}", answer.status().as_u16());
    }

    // A program makes its own command line of the rows, those of the library and those of the plugin.
    let groups = command_line::groups(auth.operations())
        .map(|group| command_line::with_operations(group, auth.operations()));
    let grammar = clap::Command::new("plugin").subcommands(groups);
    for words in [
        ["invitations", "create", "ada@example.com", "eve@example.com"].as_slice(),
        &["invitations", "list", "ada@example.com"],
        &["users", "list", "--filter", "invited"],
    ] {
        let words = [&["plugin"], words].concat();
        let matches = grammar.clone().try_get_matches_from(words)?;
        let (row, arguments) = command_line::matched(auth.operations(), &matches).ok_or("a row")?;
        let shown = row.run_matches(&auth.call(), arguments, &mut |_question| true)?;
        println!("{}", (shown.ok_or("nothing was asked")?.json)()?);
    }
    Ok(())
}

/// The cookies that a browser would send from now on.
fn cookies(response: &Response<Bytes>) -> String {
    let set = response.headers().get_all("set-cookie").iter();
    let pairs = set.filter_map(|line| line.to_str().ok()?.split(';').next());
    pairs.filter(|pair| !pair.ends_with('=')).collect::<Vec<_>>().join("; ")
}

fn send(
    auth: &BetterAuth,
    path: &str,
    cookies: &str,
    body: &Value,
) -> Result<Response<Bytes>, Box<dyn Error>> {
    let request = Request::builder()
        .method(if body.is_null() { "GET" } else { "POST" })
        .uri(path)
        .header("host", "localhost:3000")
        .header("origin", "http://localhost:3000")
        .header("content-type", "application/json")
        .header("cookie", cookies)
        .body(Bytes::from(body.to_string()))?;
    Ok(auth.handle(request, Peer::unknown()))
}
