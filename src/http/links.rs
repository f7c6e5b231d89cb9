//! The targets of links in emails, and whether the client is a browser.

use http::header::ACCEPT;

use crate::api::messages::Link;
use crate::http::context::Context;

impl Context<'_> {
    /// The URL of the endpoints, such as `https://auth.example.com/api/auth`. Requests for which it
    /// is unknown were refused before.
    pub fn base_url(&self) -> String {
        let origin = self.origin().unwrap_or_default();
        format!("{origin}{}", self.site().base_path)
    }

    /// A link that redirects to the URL in this field of the body.
    pub fn link(&self, field: &str) -> Link {
        self.link_to(self.input.text(field).map(str::to_owned))
    }

    /// A link that redirects to this URL, which was validated before.
    pub fn link_to(&self, callback: Option<String>) -> Link {
        Link { base_url: self.base_url(), callback, client: Some(self.client()) }
    }

    /// Whether the client is a browser that shows a page.
    pub fn wants_page(&self) -> bool {
        self.header(ACCEPT.as_str()).is_some_and(|accept| accept.contains("text/html"))
    }
}
