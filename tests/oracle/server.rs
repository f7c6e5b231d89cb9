//! A server of either side that ends with its value, and the requests that tests send it.

use std::process::Child;

use serde_json::{Value, json};
use ureq::http::Request;
use ureq::http::request::Builder;
use ureq::{Agent, AsSendBody};

pub(crate) struct Server {
    child: Child,
    root: String,
    origin: String,
    agent: Agent,
}

/// What a server answered, read to the end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names in lower case, in the order in which they came.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Server {
    /// `origin` is the one that pages of this site have, whatever address the server listens on.
    pub(crate) fn new(child: Child, root: &str, origin: &str) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).max_redirects(0).build();
        let agent = config.into();
        Self { child, root: format!("{root}/api/auth"), origin: origin.to_owned(), agent }
    }

    /// Where the server listens, with the base path.
    pub(crate) fn root(&self) -> &str {
        &self.root
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// A request to this path below `/api/auth`, not yet sent.
    pub(crate) fn request(&self, method: &str, path: &str) -> Builder {
        Request::builder().method(method).uri(format!("{}{path}", self.root))
    }

    pub(crate) fn send(&self, request: Request<impl AsSendBody>) -> Answer {
        let mut reply = self.agent.run(request).expect("the server answers");
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        let headers = reply.headers().iter();
        Answer {
            status: reply.status().as_u16(),
            headers: headers
                .map(|(name, value)| (name.to_string(), text(value.as_bytes())))
                .collect(),
            body: reply.body_mut().read_to_string().expect("the answer is text"),
        }
    }

    /// Sends a JSON body without a cookie, as a script would.
    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        let request = self.request("POST", path).header("content-type", "application/json");
        self.send(request.body(body.to_string()).expect("the request is well formed"))
    }

    pub(crate) fn sign_in(&self, email: &str, password: &str) -> Answer {
        self.post("/sign-in/email", &json!({"email": email, "password": password}))
    }

    /// Signs out with a cookie, as a page of the site would.
    pub(crate) fn sign_out(&self, cookie: &str) -> Answer {
        let request = self.request("POST", "/sign-out").header("cookie", cookie);
        let request = request.header("origin", &self.origin);
        self.send(request.body(()).expect("the request is well formed"))
    }

    /// The body of `/get-session`, which is `null` when the cookie is worth nothing.
    pub(crate) fn get_session(&self, cookie: &str) -> Value {
        let request = self.request("GET", "/get-session").header("cookie", cookie);
        self.send(request.body(()).expect("the request is well formed")).json()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().expect("the server is stopped");
        self.child.wait().expect("the server has ended");
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("the answer is JSON")
    }

    /// All values of a header, which `set-cookie` may have several of.
    pub(crate) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let matching = self.headers.iter().filter(move |(other, _)| other == name);
        matching.map(|(_, value)| value.as_str())
    }

    /// All cookies that it sets, as a browser sends them back.
    pub(crate) fn cookies(&self) -> String {
        let pairs = self.all("set-cookie").filter_map(|line| line.split(';').next());
        pairs.filter(|pair| !pair.ends_with('=')).collect::<Vec<_>>().join("; ")
    }
}
