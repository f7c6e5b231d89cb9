//! The scenarios of `scenarios.toml`: requests that follow one another under options of their own, with the
//! cookies that a browser would keep.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::compare;
use crate::ours::Site;
use crate::server::{Answer, Server};

const SCENARIOS: [&str; 3] = [
    include_str!("scenarios.toml"),
    include_str!("plugins.toml"),
    include_str!("shared_options.toml"),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    name: String,
    options: Value,
    /// Why it is not compared with a secondary storage.
    rows_only: Option<String>,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    /// Seconds to let pass first.
    #[serde(default)]
    wait: u64,
    /// Method and path below the base path.
    call: String,
    body: Option<String>,
    /// Headers over the usual ones; "" leaves one out.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// Cookies that the browser is made to hold before it sends this; "" removes one.
    #[serde(default)]
    cookies: BTreeMap<String, String>,
    /// Why our answer differs on purpose.
    differs: Option<String>,
}

#[derive(Deserialize)]
struct File {
    scenario: Vec<Scenario>,
}

pub(crate) fn all() -> Vec<Scenario> {
    SCENARIOS.iter().flat_map(|text| toml::from_str::<File>(text).unwrap().scenario).collect()
}

impl Scenario {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn is_for_storages(&self) -> bool {
        self.rows_only.is_none()
    }

    pub(crate) fn options(&self) -> Value {
        self.options.clone()
    }

    /// Takes every step on both sides and lists what differs without a reason, or has a reason in vain.
    pub(crate) fn problems(
        &self,
        original: (&Server, &Site),
        ours: (&Server, &Site),
    ) -> Vec<String> {
        let (mut theirs, mut ours) = (Browser::new(original), Browser::new(ours));
        let mut problems = Vec::new();
        for (at, step) in self.steps.iter().enumerate() {
            // Nothing else makes the clock of the original go on.
            thread::park_timeout(Duration::from_secs(step.wait));
            let answer = compare::expected(compare::masked(&theirs.take(step)));
            let theirs = theirs.with_mails(answer);
            let answer = compare::masked(&ours.take(step));
            let ours = ours.with_mails(answer);
            let name = format!("{}. {}", at + 1, step.call);
            match (theirs == ours, &step.differs) {
                (true, None) | (false, Some(_)) => {}
                (true, Some(_)) => problems.push(format!("{name}: alike by now")),
                (false, None) => {
                    problems.push(format!("{name}\n  theirs {theirs}\n  ours   {ours}"));
                }
            }
        }
        problems
    }
}

/// A server, the cookies that it set, and the messages that it sent.
struct Browser<'a> {
    server: &'a Server,
    site: &'a Site,
    cookies: IndexMap<String, String>,
    mails: Vec<Value>,
    /// What stands for `{id of …}` and `{token of …}`: by address, the newest that was seen.
    known: BTreeMap<String, String>,
}

impl<'a> Browser<'a> {
    fn new((server, site): (&'a Server, &'a Site)) -> Self {
        Self { server, site, cookies: IndexMap::new(), mails: Vec::new(), known: BTreeMap::new() }
    }

    /// The answer, and what was sent meanwhile; tokens and the server's own origin are masked.
    fn with_mails(&mut self, mut answer: Value) -> Value {
        let before = self.mails.len();
        self.mails = self.site.mails();
        let sent = self.mails.iter().skip(before).map(|mail| {
            let mut user = mail["user"].clone();
            compare::mask(&mut user);
            json!({
                "kind": mail["kind"],
                "to": mail["to"],
                "url": mail["url"],
                "newEmail": mail["newEmail"],
                "user": user,
                "claims": mail["token"].as_str().and_then(claims),
            })
        });
        answer["mails"] = sent.collect();
        for at in ["/body/url", "/headers/location"] {
            if let Some(url) = answer.pointer_mut(at).filter(|url| url.is_string()) {
                *url = masked_url(url.as_str().unwrap());
            }
        }
        let origin = self.server.origin();
        let escaped = origin.replace(':', "%3A").replace('/', "%2F");
        let mut text = answer.to_string().replace(origin, "{origin}").replace(&escaped, "{origin}");
        for mail in &self.mails {
            if let Some(token) = mail["token"].as_str() {
                let shape = if token.contains('.') { "JWT" } else { &token.len().to_string() };
                text = text.replace(token, &format!("<token: {shape}>"));
            }
        }
        serde_json::from_str(&text).unwrap()
    }

    /// Replaces `{token}` by the newest token that was sent, and `{earlier token}` by the one before.
    fn filled(&self, text: &str) -> String {
        let tokens: Vec<&str> =
            self.mails.iter().rev().filter_map(|mail| mail["token"].as_str()).collect();
        let text = text
            .replace("{token}", tokens.first().unwrap_or(&"none"))
            .replace("{earlier token}", tokens.get(1).unwrap_or(&"none"));
        self.known.iter().fold(text, |text, (name, value)| text.replace(name, value))
    }

    fn take(&mut self, step: &Step) -> Answer {
        for (name, value) in &step.cookies {
            self.set(name, value);
        }
        let (method, path) = step.call.split_once(' ').unwrap();
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut headers = BTreeMap::from([("cookie".to_owned(), cookies.join("; "))]);
        if !cookies.is_empty() {
            headers.insert("origin".to_owned(), "{origin}".to_owned());
        }
        if step.body.is_some() {
            headers.insert("content-type".to_owned(), "application/json".to_owned());
        }
        headers.extend(step.headers.iter().map(|(name, value)| (name.clone(), self.filled(value))));
        let mut request = self.server.request(method, &self.filled(path));
        for (name, value) in headers.into_iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(name, value.replace("{origin}", self.server.origin()));
        }
        let answer = match &step.body {
            Some(body) => self.server.send(request.body(self.filled(body)).unwrap()),
            None => self.server.send(request.body(()).unwrap()),
        };
        if let Ok(body) = serde_json::from_str(&answer.body) {
            self.note(&body, None);
        }
        for line in answer.all("set-cookie") {
            let (pair, attributes) = line.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            let is_gone = attributes.contains("Max-Age=0;");
            self.set(name, if is_gone { "" } else { value });
        }
        answer
    }

    /// Notes the ids of users, and the tokens that stand beside them.
    fn note(&mut self, value: &Value, token: Option<&str>) {
        let here = value["token"].as_str().or(value["session"]["token"].as_str()).or(token);
        if let (Some(email), Some(id)) = (value["email"].as_str(), value["id"].as_str()) {
            self.known.insert(format!("{{id of {email}}}"), id.to_owned());
            if let Some(token) = here {
                self.known.insert(format!("{{token of {email}}}"), token.to_owned());
            }
        }
        match value {
            Value::Object(members) => members.values().for_each(|member| self.note(member, here)),
            Value::Array(items) => items.iter().for_each(|item| self.note(item, None)),
            _ => {}
        }
    }

    fn set(&mut self, name: &str, value: &str) {
        if value.is_empty() {
            self.cookies.shift_remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

/// What a JSON Web Token says, with its times as a span and without what we alone say.
fn claims(token: &str) -> Option<Value> {
    let claims = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let mut claims: Value = serde_json::from_slice(&claims).ok()?;
    let lifetime = claims["exp"].as_i64()? - claims["iat"].as_i64()?;
    let members = claims.as_object_mut()?;
    let ours = ["exp", "iat", "hosted", "passwordStamp", "encryptedSessionToken"];
    members.retain(|name, _| !ours.contains(&name.as_str()));
    members.insert("lifetime".to_owned(), json!(lifetime));
    compare::mask(&mut claims);
    Some(claims)
}

/// A URL without what is new each time a person is sent to a provider.
fn masked_url(url: &str) -> Value {
    let mut masked = url.to_owned();
    for name in ["state", "code_challenge"] {
        let Some((before, rest)) = masked.split_once(&format!("{name}=")) else { continue };
        let length = rest.find(['&', '#']).unwrap_or(rest.len());
        masked = format!("{before}{name}=<{length} characters>{}", rest.get(length..).unwrap());
    }
    json!(masked)
}
