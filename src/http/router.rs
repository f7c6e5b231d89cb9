//! From method and path to the row of the endpoint [contract 1.3].

use std::borrow::Cow;
use std::collections::HashMap;

use http::Method;

use crate::http::endpoint::Endpoint;

/// Every endpoint by its path.
pub struct Router(HashMap<&'static str, Vec<&'static Endpoint>>);

impl Router {
    /// The router of these tables. Of two rows with the same method and path the first answers; a
    /// test keeps our own tables free of such pairs.
    pub fn new(tables: &[&'static [Endpoint]]) -> Self {
        let mut paths: HashMap<&'static str, Vec<&'static Endpoint>> = HashMap::new();
        for endpoint in tables.iter().copied().flatten() {
            paths.entry(endpoint.path).or_default().push(endpoint);
        }
        Self(paths)
    }

    /// The row for a path below the base path, compared byte for byte.
    pub fn find(&self, method: &Method, path: &str) -> Option<&'static Endpoint> {
        self.0.get(path)?.iter().copied().find(|endpoint| endpoint.method == *method)
    }

    /// Every row, in the order of paths.
    pub fn endpoints(&self) -> Vec<&'static Endpoint> {
        let mut all: Vec<&'static Endpoint> = self.0.values().flatten().copied().collect();
        all.sort_by_key(|endpoint| (endpoint.path, endpoint.method.as_str()));
        all
    }
}

/// A path as browsers understand it: without `.` and `..` segments. Nothing is decoded.
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
