//! The requests of `requests.toml`, sent to both sides, and what is left of the answers when everything that
//! is new each time has been masked.

use std::cell::Cell;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::server::{Answer, Server};

const REQUESTS: &str = include_str!("requests.toml");
const DIFFERENCES: &str = include_str!("differences.toml");
const PASSWORD: &str = "password1";
/// Headers that clients depend on; the rest is the server's own business.
const HEADERS: [&str; 6] =
    ["cache-control", "content-type", "location", "pragma", "set-auth-token", "x-retry-after"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    r#as: Option<Sender>,
    body: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Sender {
    Ann,
    New,
    Brief,
}

/// A server, the sender that requests share on it, and how many others have signed up.
struct Side<'a> {
    server: &'a Server,
    ann: (String, String),
    others: Cell<u32>,
}

/// Sends everything to both and lists what `differences.toml` does not explain, and what it explains in vain.
pub(crate) fn problems(original: &Server, ours: &Server) -> Vec<String> {
    let requests: BTreeMap<String, BTreeMap<String, Case>> = toml::from_str(REQUESTS).unwrap();
    let mut reasons: BTreeMap<String, String> = toml::from_str(DIFFERENCES).unwrap();
    let (original, ours) = (Side::new(original), Side::new(ours));
    let mut problems = Vec::new();
    for (call, cases) in &requests {
        for (what, case) in cases {
            let name = format!("{call}: {what}");
            let theirs = expected(original.answer(call, case));
            let ours = ours.answer(call, case);
            match (theirs == ours, reasons.remove(&name)) {
                (true, None) | (false, Some(_)) => {}
                (true, Some(_)) => problems.push(format!("{name}: alike by now")),
                (false, None) => {
                    problems.push(format!("{name}\n  theirs {theirs}\n  ours   {ours}"));
                }
            }
        }
    }
    problems.extend(reasons.keys().map(|name| format!("{name}: no such request")));
    problems
}

impl<'a> Side<'a> {
    fn new(server: &'a Server) -> Self {
        let ann = sign_up(server, "ann@example.com", true);
        Self { server, ann, others: Cell::new(0) }
    }

    fn answer(&self, call: &str, case: &Case) -> Value {
        let (method, path) = call.split_once(' ').unwrap();
        let sender = case.r#as.map(|sender| self.sender(sender));
        let (email, cookie) = sender.unwrap_or_default();
        let mut headers = BTreeMap::new();
        if case.body.is_some() {
            headers.insert("content-type", "application/json");
        }
        if !cookie.is_empty() {
            headers.extend([("cookie", cookie.as_str()), ("origin", "{origin}")]);
        }
        headers.extend(case.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let mut request = self.server.request(method, path);
        for (name, value) in headers.into_iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(name, value.replace("{origin}", self.server.origin()));
        }
        let answer = match &case.body {
            Some(body) => self.server.send(request.body(body.replace("{email}", &email)).unwrap()),
            None => self.server.send(request.body(()).unwrap()),
        };
        masked(&answer)
    }

    /// Address and cookies of a sender.
    fn sender(&self, sender: Sender) -> (String, String) {
        let new = |remembered| {
            // Both sides count alike, so that their senders have the same addresses.
            self.others.set(self.others.get() + 1);
            let email = format!("other-{}@example.com", self.others.get());
            sign_up(self.server, &email, remembered)
        };
        match sender {
            Sender::Ann => self.ann.clone(),
            Sender::New => new(true),
            Sender::Brief => new(false),
        }
    }
}

fn sign_up(server: &Server, email: &str, remembered: bool) -> (String, String) {
    let body =
        json!({"name": "Ann", "email": email, "password": PASSWORD, "rememberMe": remembered});
    let answer = server.post("/sign-up/email", &body);
    assert_eq!(answer.status, 200, "{answer:?}");
    (email.to_owned(), answer.cookies())
}

pub(crate) fn masked(answer: &Answer) -> Value {
    let mut headers: BTreeMap<&str, &str> =
        HEADERS.iter().filter_map(|name| Some((*name, answer.all(name).next()?))).collect();
    headers.entry("set-auth-token").and_modify(|token| *token = "<new>");
    let cookies: Vec<String> = answer.all("set-cookie").map(masked_cookie).collect();
    let mut body = serde_json::from_str(&answer.body).unwrap_or_else(|_| json!(answer.body));
    if headers.get("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
        body = json!("a page");
    }
    mask(&mut body);
    json!({"status": answer.status, "headers": headers, "cookies": cookies, "body": body})
}

/// What we must answer where the original answers this: the same and no less, and no more than what
/// `docs/differences.md` says of every answer. All are `no-store`; the body of an error names its status, which
/// the official client overwrites with the same number, and a code where the original has none.
pub(crate) fn expected(mut theirs: Value) -> Value {
    theirs["headers"]["cache-control"] = json!("no-store");
    let status = theirs["status"].as_u64().unwrap_or_default();
    if let Some(error) = theirs["body"].as_object_mut()
        && 400 <= status
    {
        error.insert("status".to_owned(), json!(status));
        let code = if status == 429 { "RATE_LIMIT_EXCEEDED" } else { "BAD_REQUEST" };
        error.entry("code").or_insert_with(|| json!(code));
    }
    theirs
}

/// A session token and a cached session are new each time; any other cookie must be the same, for the
/// secret is.
fn masked_cookie(line: &str) -> String {
    let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let is_new = ["session_token", "session_data", "admin_session", "state"]
        .iter()
        .any(|new| name.contains(new));
    let value = if is_new && !value.is_empty() { "<new>" } else { value };
    format!("{name}={value};{attributes}")
}

/// Masks what is new each time: ids, tokens, times.
pub(crate) fn mask(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match (name.as_str(), &*member) {
                    // Ids may have any form, and the original never looks at the socket for an address.
                    (
                        "id" | "userId" | "accountId" | "impersonatedBy" | "ipAddress",
                        Value::String(_),
                    ) => {
                        *member = json!(format!("<{name}>"));
                    }
                    ("token", Value::String(token)) => {
                        *member = json!(format!("<{} characters>", token.len()));
                    }
                    (
                        "createdAt" | "updatedAt" | "expiresAt" | "banExpires",
                        Value::String(time),
                    ) => {
                        *member = json!(time.replace(|c: char| c.is_ascii_digit(), "0"));
                    }
                    _ => mask(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask),
        _ => {}
    }
}
