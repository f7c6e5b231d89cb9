//! The row of an endpoint: the single source for routing, guards, validation and documentation.

use http::Method;

use crate::error::AuthError;
use crate::error::ErrorCode;
use crate::http::Context;
use crate::http::Reply;
use crate::http::answer::Answer;
use crate::http::form::Form;
use crate::http::form::Member;

/// The function that runs once all checks have passed.
pub type Handler = fn(&mut Context<'_>) -> Result<Reply, AuthError>;

/// The session that an endpoint requires [contract 5, guards].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// No session.
    None,
    /// A session. `GET` accepts the cookie cache; other methods read the database.
    Session,
    /// A session that is read from the database.
    Sensitive,
    /// Like `Sensitive`, and created within `session.freshAge`.
    Fresh,
}

/// The body of an endpoint.
#[derive(Debug, Clone, Copy)]
pub enum Body {
    /// The body is ignored.
    Ignored,
    /// An optional object of this form.
    Optional(Form),
    /// A required object of this form.
    Required(Form),
    /// Raw bytes of one of these media types (`*/*` is any); see [`Context::bytes`].
    Bytes(&'static [&'static str]),
}

impl Body {
    /// A required object with these members.
    pub const fn object(members: &'static [Member]) -> Self {
        Self::Required(Form::Object(members))
    }

    /// The form of the object, if the endpoint reads one.
    pub const fn form(self) -> Option<Form> {
        match self {
            Self::Ignored | Self::Bytes(_) => None,
            Self::Optional(form) | Self::Required(form) => Some(form),
        }
    }
}

/// Additional fields that an endpoint reads: those of the configuration and of plugins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adds {
    /// The fields of a new user.
    NewUser,
    /// The fields of a user, all optional.
    User,
    /// The fields of a session, all optional.
    Session,
}

/// What an endpoint does to rows; hooks of plugins may refuse it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Creates a user.
    MakesUser,
    /// Updates fields of a user that clients or administrators set.
    ChangesUser,
    /// Creates a session.
    BeginsSession,
    /// Sets the password in its body.
    SetsPassword,
}

/// One row of the table of endpoints.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Endpoint {
    /// The method; `GET` includes `HEAD`.
    pub method: Method,
    /// The path below the base path, such as `/sign-up/email`; segments may be parameters
    /// (`:token`).
    pub path: &'static str,
    /// Whether the path starts at the root of the server, such as `/.well-known/jwks.json`, instead
    /// of the base path.
    pub is_at_root: bool,
    /// Whether pages of every origin may read the answer, without cookies.
    pub is_public: bool,
    /// The function that answers.
    pub handler: Handler,
    /// A one-line description.
    pub summary: &'static str,
    /// The group of endpoints or the plugin; set by the table of endpoints.
    pub group: &'static str,
    /// The session that the endpoint requires.
    pub guard: Guard,
    /// The query parameters, for validation and documentation; others are ignored.
    pub query: &'static [Member],
    /// The body.
    pub body: Body,
    /// Whether the endpoint reads HTML forms, and so needs protection against cross-site forms
    /// [contract 6.2].
    pub takes_forms: bool,
    /// Whether cross-site forms are rejected.
    pub guards_forms: bool,
    /// Whether the endpoint hashes or writes: an asynchronous engine runs it on a blocking thread.
    pub is_heavy: bool,
    /// Whether the endpoint reads only its request, and so never waits for the disk.
    pub is_instant: bool,
    /// Whether a `GET` has side effects, such as using a one-time link, and so must not run for
    /// `HEAD`.
    pub has_effects: bool,
    /// Whether the endpoint calls a provider: an engine runs it apart from endpoints that only
    /// write.
    pub asks_others: bool,
    /// The additional fields that it reads.
    pub adds: Option<Adds>,
    /// What it does that plugins may refuse.
    pub effects: &'static [Effect],
    /// The successful responses.
    pub answers: &'static [Answer],
    /// The errors, in addition to those that follow from the rest of the row.
    pub errors: &'static [&'static ErrorCode],
}

/// The cost of a request, so that an engine can keep slow requests apart from fast ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Never waits.
    Instant,
    /// Microseconds, unless the disk hangs; it is answered in line.
    Light,
    /// Light work, but it waits for a database or storage on another machine.
    Waiting,
    /// Hashes or writes.
    Writing,
    /// Calls another server, which may be slow or not answer at all.
    Asking,
}

const NO_MEMBERS: Body = Body::Optional(Form::Object(&[]));

impl Endpoint {
    /// A `GET` endpoint; it reads no body.
    pub const fn get(path: &'static str, handler: Handler) -> Self {
        Self::new(Method::GET, path, handler, Body::Ignored, false)
    }

    /// A `POST` endpoint: heavy, with an optional body without fields by default.
    pub const fn post(path: &'static str, handler: Handler) -> Self {
        Self::new(Method::POST, path, handler, NO_MEMBERS, true)
    }

    /// A `PATCH` endpoint; see [`Endpoint::post`].
    pub const fn patch(path: &'static str, handler: Handler) -> Self {
        Self::new(Method::PATCH, path, handler, NO_MEMBERS, true)
    }

    /// A `PUT` endpoint; see [`Endpoint::post`].
    pub const fn put(path: &'static str, handler: Handler) -> Self {
        Self::new(Method::PUT, path, handler, NO_MEMBERS, true)
    }

    /// A `DELETE` endpoint; see [`Endpoint::post`].
    pub const fn delete(path: &'static str, handler: Handler) -> Self {
        Self::new(Method::DELETE, path, handler, NO_MEMBERS, true)
    }

    const fn new(
        method: Method,
        path: &'static str,
        handler: Handler,
        body: Body,
        is_heavy: bool,
    ) -> Self {
        Self {
            method,
            path,
            is_at_root: false,
            is_public: false,
            handler,
            summary: "",
            group: "",
            guard: Guard::None,
            query: &[],
            body,
            takes_forms: false,
            guards_forms: true,
            is_heavy,
            is_instant: false,
            has_effects: false,
            asks_others: false,
            adds: None,
            effects: &[],
            answers: &[],
            errors: &[],
        }
    }

    /// Places the path at the root of the server.
    #[must_use]
    pub const fn at_root(mut self) -> Self {
        self.is_at_root = true;
        self
    }

    /// Lets pages of every origin read the answer, without cookies.
    #[must_use]
    pub const fn public(mut self) -> Self {
        self.is_public = true;
        self
    }

    /// Sets the one-line description.
    #[must_use]
    pub const fn summary(mut self, summary: &'static str) -> Self {
        self.summary = summary;
        self
    }

    /// Sets the required session.
    #[must_use]
    pub const fn guard(mut self, guard: Guard) -> Self {
        self.guard = guard;
        self
    }

    /// Sets the body.
    #[must_use]
    pub const fn body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    /// Sets the query parameters.
    #[must_use]
    pub const fn query(mut self, query: &'static [Member]) -> Self {
        self.query = query;
        self
    }

    /// Marks an endpoint as heavy whose method does not imply it: it writes, waits or computes for
    /// long.
    #[must_use]
    pub const fn heavy(mut self) -> Self {
        self.is_heavy = true;
        self
    }

    /// Marks an endpoint that reads only its request.
    #[must_use]
    pub const fn instant(mut self) -> Self {
        self.is_instant = true;
        self
    }

    /// Marks a `GET` with side effects, which must not run for `HEAD`: link scanners send such
    /// requests.
    #[must_use]
    pub const fn has_effects(mut self) -> Self {
        self.has_effects = true;
        self.heavy()
    }

    /// Marks an endpoint that calls a provider, and so may take as long as the provider does.
    #[must_use]
    pub const fn asks_others(mut self) -> Self {
        self.asks_others = true;
        self.heavy()
    }

    /// Accepts HTML forms.
    #[must_use]
    pub const fn takes_forms(mut self) -> Self {
        self.takes_forms = true;
        self
    }

    /// Accepts cross-site HTML forms: some providers send their response as a form.
    #[must_use]
    pub const fn takes_foreign_forms(mut self) -> Self {
        self.guards_forms = false;
        self.takes_forms()
    }

    /// Sets the additional fields that it reads.
    #[must_use]
    pub const fn adds(mut self, adds: Adds) -> Self {
        self.adds = Some(adds);
        self
    }

    /// Sets what it does that plugins may refuse.
    #[must_use]
    pub const fn effects(mut self, effects: &'static [Effect]) -> Self {
        self.effects = effects;
        self
    }

    /// Sets the successful responses.
    #[must_use]
    pub const fn answers(mut self, answers: &'static [Answer]) -> Self {
        self.answers = answers;
        self
    }

    /// Sets the errors, in addition to those that follow from guard, fields and method.
    #[must_use]
    pub const fn errors(mut self, errors: &'static [&'static ErrorCode]) -> Self {
        self.errors = errors;
        self
    }

    /// Whether the endpoint answers this method. `HEAD` is `GET` without a body [RFC 9110 9.3.2].
    pub(super) fn takes(&self, method: &Method) -> bool {
        *method == self.method || (*method == Method::HEAD && self.method == Method::GET)
    }

    /// Whether this method must not trigger the side effects of a `GET`.
    pub(super) fn is_only_looked_at(&self, method: &Method) -> bool {
        *method == Method::HEAD && self.has_effects
    }

    /// Whether it redirects to a URL in the query.
    pub(super) fn leads_on(&self) -> bool {
        self.query.iter().any(|field| field.name == "callbackURL")
    }

    /// The accepted media types, in the order of the error message.
    pub const fn media_types(&self) -> &'static [&'static str] {
        match self.body {
            Body::Bytes(media_types) => media_types,
            _ if self.takes_forms => &["application/x-www-form-urlencoded", "application/json"],
            _ => &["application/json"],
        }
    }
}
