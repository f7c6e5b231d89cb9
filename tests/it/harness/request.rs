//! Requests as tests write them, answers as tests read them.

use http::HeaderMap;
use http::Method;
use serde_json::Value;

/// A request below the base path.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn new(method: Method, path: &str) -> Self {
        Self { method, path: path.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn get(path: &str) -> Self {
        Self::new(Method::GET, path)
    }

    pub(crate) fn post(path: &str) -> Self {
        Self::new(Method::POST, path)
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn json(self, value: &Value) -> Self {
        self.body("application/json", value.to_string())
    }

    pub(crate) fn body(self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let mut request = self.header("content-type", media_type);
        request.body = body.into();
        request
    }

    /// As a browser sends it from a page of this server: the cookies and the origin.
    pub(crate) fn signed_in(self, cookies: &str) -> Self {
        self.header("cookie", cookies).header("origin", super::site::ORIGIN)
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Status and code in one, for tables.
    pub(crate) fn outcome(&self) -> (u16, String) {
        (self.status, self.code())
    }

    /// Every `Set-Cookie` line, in order.
    pub(crate) fn set_cookies(&self) -> Vec<&str> {
        self.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap()).collect()
    }

    /// What a browser would send from now on, of the cookies that were set here.
    pub(crate) fn cookies(&self) -> String {
        let pairs = self.set_cookies().into_iter().map(|line| line.split(';').next().unwrap());
        pairs.filter(|pair| !pair.ends_with('=')).collect::<Vec<_>>().join("; ")
    }

    /// Whether the three cookies of a session are told to go.
    pub(crate) fn clears_session(&self) -> bool {
        ["session_token", "session_data", "dont_remember"].iter().all(|name| {
            let line = format!("better-auth.{name}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax");
            self.set_cookies().contains(&line.as_str())
        })
    }
}
