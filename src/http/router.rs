//! From method and path to the row of the endpoint [contract 1.3].

use std::borrow::Cow;
use std::collections::HashMap;

use http::Method;

use crate::http::endpoint::Endpoint;

/// Every endpoint by its path.
pub struct Router {
    whole: Rows,
    /// Those whose last segment is a parameter, by what stands before it.
    below: Rows,
}

type Rows = HashMap<&'static str, Vec<Endpoint>>;

/// A row, and what stands in the path where the row has a parameter.
pub type Found<'r, 'a> = (&'r Endpoint, Option<&'a str>);

impl Router {
    /// The router of these rows. Of two with the same method and path the first answers.
    pub fn new(endpoints: Vec<Endpoint>) -> Self {
        let (mut whole, mut below) = (Rows::new(), Rows::new());
        for endpoint in endpoints {
            match endpoint.path.rsplit_once("/:") {
                Some((parent, _)) => below.entry(parent).or_default().push(endpoint),
                None => whole.entry(endpoint.path).or_default().push(endpoint),
            }
        }
        Self { whole, below }
    }

    /// The row for a path below the base path, compared byte for byte; one that names the whole path
    /// goes before one with a parameter.
    pub fn find<'a>(&self, method: &Method, path: &'a str) -> Option<Found<'_, 'a>> {
        if let Some(endpoint) = row(&self.whole, method, path) {
            return Some((endpoint, None));
        }
        let (parent, last) = path.rsplit_once('/').filter(|(_, last)| !last.is_empty())?;
        row(&self.below, method, parent).map(|endpoint| (endpoint, Some(last)))
    }

    /// The path of the rows for this path, whatever their method, with the name of a parameter in its place.
    pub fn pattern(&self, path: &str) -> Option<&'static str> {
        let rows = self.whole.get(path).or_else(|| {
            let (parent, _) = path.rsplit_once('/').filter(|(_, last)| !last.is_empty())?;
            self.below.get(parent)
        });
        rows?.first().map(|row| row.path)
    }

    /// Every row, in the order of paths.
    pub fn endpoints(&self) -> Vec<&Endpoint> {
        let mut all: Vec<&Endpoint> =
            self.whole.values().chain(self.below.values()).flatten().collect();
        all.sort_by_key(|endpoint| (endpoint.path, endpoint.method.as_str()));
        all
    }
}

fn row<'r>(rows: &'r Rows, method: &Method, path: &str) -> Option<&'r Endpoint> {
    rows.get(path)?.iter().find(|endpoint| endpoint.takes(method))
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
    fn what_a_path_is_known_as_is_its_rows_own_text() {
        fn nothing(
            _: &mut crate::http::Context<'_>,
        ) -> Result<crate::http::Reply, crate::AuthError> {
            crate::http::Reply::redirect("/")
        }
        let rows = [Endpoint::get("/a/:token", nothing), Endpoint::post("/a/b", nothing)];
        let router = Router::new(rows.into());
        let pattern = Some("/a/:token");
        for (path, expected) in [
            ("/a/x", pattern),
            ("/a/b", Some("/a/b")),
            ("/a/x/y", None),
            ("/a/", None),
            ("/a", None),
            ("/b/x", None),
        ] {
            assert_eq!(router.pattern(path), expected, "{path}");
        }
        assert!(router.find(&Method::GET, "/a/x").is_some_and(|(_, found)| found == Some("x")));
        assert!(router.find(&Method::GET, "/a/x/y").is_none());
        assert!(router.find(&Method::POST, "/a/b").is_some_and(|(_, found)| found.is_none()));
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
