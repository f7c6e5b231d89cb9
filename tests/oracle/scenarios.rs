//! The scenarios of `scenarios.toml`: requests that follow one another under options of their own, with the
//! cookies that a browser would keep.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

use crate::compare;
use crate::server::{Answer, Server};

const SCENARIOS: &str = include_str!("scenarios.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    name: String,
    options: Value,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
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
    let file: File = toml::from_str(SCENARIOS).unwrap();
    file.scenario
}

impl Scenario {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn options(&self) -> Value {
        self.options.clone()
    }

    /// Takes every step on both sides and lists what differs without a reason, or has a reason in vain.
    pub(crate) fn problems(&self, original: &Server, ours: &Server) -> Vec<String> {
        let (mut theirs, mut ours) = (Browser::new(original), Browser::new(ours));
        let mut problems = Vec::new();
        for (at, step) in self.steps.iter().enumerate() {
            let theirs = compare::expected(compare::masked(&theirs.take(step)));
            let ours = compare::masked(&ours.take(step));
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

/// A server and the cookies that it set.
struct Browser<'a> {
    server: &'a Server,
    cookies: IndexMap<String, String>,
}

impl<'a> Browser<'a> {
    fn new(server: &'a Server) -> Self {
        Self { server, cookies: IndexMap::new() }
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
        headers.extend(step.headers.clone());
        let mut request = self.server.request(method, path);
        for (name, value) in headers.into_iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(name, value.replace("{origin}", self.server.origin()));
        }
        let answer = match &step.body {
            Some(body) => self.server.send(request.body(body.clone()).unwrap()),
            None => self.server.send(request.body(()).unwrap()),
        };
        for line in answer.all("set-cookie") {
            let (pair, attributes) = line.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            let is_gone = attributes.contains("Max-Age=0;");
            self.set(name, if is_gone { "" } else { value });
        }
        answer
    }

    fn set(&mut self, name: &str, value: &str) {
        if value.is_empty() {
            self.cookies.shift_remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}
