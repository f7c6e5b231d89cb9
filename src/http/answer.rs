//! The successful responses of endpoints, as data.

use crate::http::form::Form;

/// The content of a response.
#[derive(Debug, Clone, Copy)]
pub enum Content {
    /// `application/json`
    Json(&'static Form),
    /// `text/html`
    Page,
    /// No body.
    Nothing,
}

/// A successful response of an endpoint.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub content: Content,
    /// When the endpoint sends this response, in a few words; empty if it is the only one.
    pub when: &'static str,
}

impl Answer {
    /// 200 with JSON of this form.
    pub const fn json(form: &'static Form) -> Self {
        Self { status: 200, content: Content::Json(form), when: "" }
    }

    /// 200 with a page.
    pub const fn page() -> Self {
        Self { status: 200, content: Content::Page, when: "" }
    }

    /// 302 to another URL.
    pub const fn redirect() -> Self {
        Self { status: 302, content: Content::Nothing, when: "" }
    }

    /// 404 without a body, as for a path that does not exist.
    pub const fn not_there() -> Self {
        Self { status: 404, content: Content::Nothing, when: "" }
    }

    /// Sets the status.
    #[must_use]
    pub const fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Sets the condition.
    #[must_use]
    pub const fn when(mut self, when: &'static str) -> Self {
        self.when = when;
        self
    }
}
