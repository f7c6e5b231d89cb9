//! Where links in messages lead, and whether it is a person who follows one.

use http::header::ACCEPT;

use crate::api::messages::Link;
use crate::http::context::Context;

impl Context<'_> {
    /// Where the endpoints begin, such as `https://auth.example.com/api/auth`. A request of which this cannot be known
    /// has been refused.
    pub fn base_url(&self) -> String {
        let origin = self.origin().unwrap_or_default();
        format!("{origin}{}", self.site().base_path)
    }

    /// A link that sends people on to the place in this field of the body.
    pub fn link(&self, field: &str) -> Link {
        self.link_to(self.input.text(field).map(str::to_owned))
    }

    /// A link that sends people on to this place, which has been checked.
    pub fn link_to(&self, callback: Option<String>) -> Link {
        Link { base_url: self.base_url(), callback, client: Some(self.client()) }
    }

    /// Whether a browser shows the answer to a person.
    pub fn wants_page(&self) -> bool {
        self.header(ACCEPT.as_str()).is_some_and(|accept| accept.contains("text/html"))
    }
}
