//! What endpoints answer, as data. The description of the API is made from it, and every test of an endpoint
//! holds the answer against it.

/// The form of a value in an answer.
#[derive(Debug, Clone, Copy)]
pub enum Json {
    /// Any text.
    Text,
    /// A moment in UTC, such as `2026-11-23T12:00:00.000Z`.
    Time,
    /// A whole number, zero or more.
    Count,
    /// A whole number.
    Integer,
    /// True or false.
    Flag,
    /// Always this one of the two.
    Always(bool),
    /// Nothing.
    Null,
    /// This or nothing.
    OrNull(&'static Self),
    /// Whatever somebody else says.
    Any,
    /// Any number of these.
    List(&'static Self),
    /// These members.
    Object(&'static [Member]),
    /// A user, with the fields that the configuration and plugins add and clients may see.
    User,
    /// A session, in the same way.
    Session,
    /// One of these forms.
    OneOf(&'static [Self]),
}

impl Json {
    /// `{"status":true}`
    pub const STATUS: Self = Self::Object(&[Member::always("status", Self::Always(true))]);
    /// `{"success":true}`
    pub const SUCCESS: Self = Self::Object(&[Member::always("success", Self::Always(true))]);
    /// `{"user":…}`
    pub const USER: Self = Self::Object(&[Member::always("user", Self::User)]);
    /// `{"session":…,"user":…}`
    pub const SESSION_WITH_USER: Self = Self::Object(&[
        Member::always("session", Self::Session),
        Member::always("user", Self::User),
    ]);
    /// The token of a session that began, and whose it is.
    pub const SIGNED_IN: Self = Self::Object(&[
        Member::always("redirect", Self::Flag),
        Member::always("token", Self::Text),
        Member::sometimes("url", Self::Text),
        Member::always("user", Self::User),
    ]);
    /// The same where no session may have begun.
    pub const TOKEN_AND_USER: Self = Self::Object(&[
        Member::always("token", Self::OrNull(&Self::Text)),
        Member::always("user", Self::User),
    ]);
}

/// The members of a user besides those that are added, in the order in which they are sent; the id comes last.
pub const USER: &[Member] = &[
    Member::always("name", Json::Text),
    Member::always("email", Json::Text),
    Member::always("emailVerified", Json::Flag),
    Member::always("image", Json::OrNull(&Json::Text)),
    Member::always("createdAt", Json::Time),
    Member::always("updatedAt", Json::Time),
];

/// The same of a session.
pub const SESSION: &[Member] = &[
    Member::always("expiresAt", Json::Time),
    Member::always("token", Json::Text),
    Member::always("createdAt", Json::Time),
    Member::always("updatedAt", Json::Time),
    Member::always("ipAddress", Json::OrNull(&Json::Text)),
    Member::always("userAgent", Json::OrNull(&Json::Text)),
    Member::always("userId", Json::Text),
];

/// A member of an object.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub value: Json,
    /// Whether it is there in every answer.
    pub is_always: bool,
}

impl Member {
    /// A member of every answer.
    pub const fn always(name: &'static str, value: Json) -> Self {
        Self { name, value, is_always: true }
    }

    /// A member that may be missing.
    pub const fn sometimes(name: &'static str, value: Json) -> Self {
        Self { name, value, is_always: false }
    }
}

/// What an answer carries.
#[derive(Debug, Clone, Copy)]
pub enum Content {
    /// `application/json`
    Json(&'static Json),
    /// `text/html`
    Page,
    /// No body.
    Nothing,
}

/// One of the ways in which an endpoint answers when it does not refuse.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub content: Content,
    /// When it is this one, in a few words; empty where there is no other.
    pub when: &'static str,
}

impl Answer {
    /// 200 with JSON of this form.
    pub const fn json(form: &'static Json) -> Self {
        Self { status: 200, content: Content::Json(form), when: "" }
    }

    /// 200 with a page.
    pub const fn page() -> Self {
        Self { status: 200, content: Content::Page, when: "" }
    }

    /// 302 to another place.
    pub const fn redirect() -> Self {
        Self { status: 302, content: Content::Nothing, when: "" }
    }

    /// 404 without a body, as for a path that does not exist.
    pub const fn not_there() -> Self {
        Self { status: 404, content: Content::Nothing, when: "" }
    }

    /// The same with another status.
    #[must_use]
    pub const fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The same with the circumstances.
    #[must_use]
    pub const fn when(mut self, when: &'static str) -> Self {
        self.when = when;
        self
    }
}
