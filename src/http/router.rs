//! Routing from method and path to the row of an endpoint [contract 1.3].

use std::borrow::Cow;
use std::collections::HashMap;

use http::Method;

use crate::http::endpoint::Endpoint;

/// Every endpoint by its path.
#[derive(Default)]
pub struct Router {
    whole: HashMap<&'static str, Vec<Endpoint>>,
    /// Endpoints with parameters, in the order in which they are tried.
    patterns: Vec<Endpoint>,
}

/// The path parameters of a request by name, not decoded.
pub type Parameters<'a> = Vec<(&'static str, &'a str)>;

/// A row and the values of its path parameters.
pub type RouteMatch<'r, 'a> = (&'r Endpoint, Parameters<'a>);

impl Router {
    /// Builds the router. The first of two rows with the same method and path answers.
    pub fn new(endpoints: impl IntoIterator<Item = Endpoint>) -> Self {
        let mut router = Self::default();
        for endpoint in endpoints {
            if endpoint.path.contains("/:") {
                router.patterns.push(endpoint);
            } else {
                router.whole.entry(endpoint.path).or_default().push(endpoint);
            }
        }
        router
    }

    /// The row for a path, compared byte for byte; exact paths take precedence over parameters.
    pub fn find<'a>(&self, method: &Method, path: &'a str) -> Option<RouteMatch<'_, 'a>> {
        let whole = self.whole.get(path).into_iter().flatten();
        if let Some(endpoint) = whole.into_iter().find(|endpoint| endpoint.takes(method)) {
            return Some((endpoint, Parameters::new()));
        }
        let mut patterns = self.patterns.iter().filter(|endpoint| endpoint.takes(method));
        patterns.find_map(|endpoint| Some((endpoint, parameters(endpoint.path, path)?)))
    }

    /// The path in the rows that matches this path for any method, with the names of parameters.
    pub fn pattern(&self, path: &str) -> Option<&'static str> {
        let whole = self.whole.get(path).and_then(|rows| rows.first());
        let pattern = || self.patterns.iter().find(|row| parameters(row.path, path).is_some());
        whole.or_else(pattern).map(|row| row.path)
    }

    /// Whether pages of every origin may read a row with this path.
    pub(super) fn is_public(&self, path: &str) -> bool {
        let whole = self.whole.get(path).into_iter().flatten();
        let mut patterns = self.patterns.iter().filter(|row| parameters(row.path, path).is_some());
        whole.into_iter().any(|row| row.is_public) || patterns.any(|row| row.is_public)
    }

    /// Every row, in the order of paths.
    pub fn endpoints(&self) -> Vec<&Endpoint> {
        let mut all: Vec<&Endpoint> = self.whole.values().flatten().chain(&self.patterns).collect();
        all.sort_by_key(|endpoint| (endpoint.path, endpoint.method.as_str()));
        all
    }
}

/// The parameters of a path, if it matches the pattern. Parameters are never empty.
fn parameters<'a>(pattern: &'static str, path: &'a str) -> Option<Parameters<'a>> {
    let (mut found, mut segments) = (Parameters::new(), path.split('/'));
    for expected in pattern.split('/') {
        let segment = segments.next()?;
        match expected.strip_prefix(':') {
            Some(name) if !segment.is_empty() => found.push((name, segment)),
            None if segment == expected => {}
            _ => return None,
        }
    }
    segments.next().is_none().then_some(found)
}

/// The path as browsers resolve it: without `.` and `..` segments. Nothing is decoded.
pub fn normalise(path: &str) -> Cow<'_, str> {
    let is_plain = !path.contains(['.', '\\']) && !path.contains("%2e") && !path.contains("%2E");
    if is_plain {
        return Cow::Borrowed(path);
    }
    match url::Url::parse("http://localhost").and_then(|base| base.join(&format!(".{path}"))) {
        Ok(url) => Cow::Owned(url.path().to_owned()),
        Err(_) => Cow::Borrowed(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_path_is_known_as_is_its_rows_own_text() {
        fn nothing(
            _: &mut crate::http::Context<'_>,
        ) -> Result<crate::http::Reply, crate::AuthError> {
            crate::http::Reply::redirect("/")
        }
        let router = Router::new([
            Endpoint::get("/a/:token", nothing),
            Endpoint::post("/a/b", nothing),
            Endpoint::put("/c/:id/d/:key", nothing),
        ]);
        let pattern = Some("/a/:token");
        for (path, expected) in [
            ("/a/x", pattern),
            ("/a/b", Some("/a/b")),
            ("/a/x/y", None),
            ("/a/", None),
            ("/a", None),
            ("/b/x", None),
            ("/c/1/d/2", Some("/c/:id/d/:key")),
            ("/c/1/e/2", None),
            ("/c//d/2", None),
            ("/c/1/d/2/", None),
        ] {
            assert_eq!(router.pattern(path), expected, "{path}");
        }
        let found = |method: Method, path| router.find(&method, path).map(|(_, found)| found);
        assert_eq!(found(Method::GET, "/a/x"), Some(vec![("token", "x")]));
        assert_eq!(found(Method::GET, "/a/b"), Some(vec![("token", "b")]));
        assert_eq!(found(Method::GET, "/a/x/y"), None);
        assert_eq!(found(Method::POST, "/a/b"), Some(Vec::new()));
        assert_eq!(found(Method::PUT, "/c/1/d/2"), Some(vec![("id", "1"), ("key", "2")]));
    }

    #[test]
    fn dot_segments_go_and_everything_else_stays() {
        for (path, expected) in [
            ("/api/auth/ok", "/api/auth/ok"),
            ("/api/auth/./ok", "/api/auth/ok"),
            ("/api/auth/x/../ok", "/api/auth/ok"),
            ("/api/auth/x/%2e%2E/ok", "/api/auth/ok"),
            ("/api/auth//ok", "/api/auth//ok"),
            ("//x/./y", "//x/y"),
            ("/api/auth/%6fk", "/api/auth/%6fk"),
            ("/../../ok", "/ok"),
        ] {
            assert_eq!(normalise(path), expected, "{path}");
        }
    }
}
