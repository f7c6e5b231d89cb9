//! The row of an endpoint: the single source for routing, guards, validation and documentation.

use http::Method;

use crate::error::AuthError;
use crate::error::ErrorCode;
use crate::http::Context;
use crate::http::Reply;
use crate::http::answer::Answer;
use crate::http::form::Form;
use crate::http::form::Member;

/// What an endpoint does once everything before it has passed.
pub type Handler = fn(&mut Context<'_>) -> Result<Reply, AuthError>;

/// Who may call an endpoint [contract 5, guards].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// Everybody.
    None,
    /// A client with a session. For `GET` the browser's copy of it counts; other methods ask the database.
    Session,
    /// Whoever has a session in the database at this moment.
    Sensitive,
    /// The same, and signed in within `session.freshAge`.
    Fresh,
}

/// What an endpoint reads as its body.
#[derive(Debug, Clone, Copy)]
pub enum Body {
    /// Nothing: whatever is sent is not looked at.
    Ignored,
    /// An object of this form, if there is a body at all.
    Optional(Form),
    /// An object of this form, which must be there.
    Required(Form),
    /// Bytes of one of these media types (`*/*` is any), as they are ([`Context::bytes`]).
    Bytes(&'static [&'static str]),
}

impl Body {
    /// An object of these members, which must be there.
    pub const fn object(members: &'static [Member]) -> Self {
        Self::Required(Form::Object(members))
    }

    /// The form of the object, where one is read.
    pub const fn form(self) -> Option<Form> {
        match self {
            Self::Ignored | Self::Bytes(_) => None,
            Self::Optional(form) | Self::Required(form) => Some(form),
        }
    }
}

/// Fields that an endpoint reads besides those of its row: the ones that the configuration and plugins add.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adds {
    /// Those of a new user.
    NewUser,
    /// Those of a user, all of which may be left out.
    User,
    /// Those of a session, in the same way.
    Session,
}

/// What an endpoint does to rows that hooks of plugins look at, and may refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Makes a user.
    MakesUser,
    /// Changes fields of a user that clients or administrators set.
    ChangesUser,
    /// Begins a session.
    BeginsSession,
    /// Sets a password that its body has.
    SetsPassword,
}

/// One row of the table of endpoints.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Endpoint {
    /// The method it answers; `GET` stands for `HEAD` too.
    pub method: Method,
    /// Below the base path, such as `/sign-up/email`; segments may be parameters (`:token`).
    pub path: &'static str,
    /// Whether the path begins at the root of the server, such as `/.well-known/jwks.json`, and not below the base
    /// path.
    pub is_at_root: bool,
    /// Whether pages of every origin may read what it answers, without their cookies.
    pub is_public: bool,
    /// What it does.
    pub handler: Handler,
    /// One line for people.
    pub summary: &'static str,
    /// The family that it belongs to, or the plugin; set where the table is put together.
    pub group: &'static str,
    /// Who may call it.
    pub guard: Guard,
    /// What it reads of the query, for the checks and the documentation; others are let be.
    pub query: &'static [Member],
    /// What it reads.
    pub body: Body,
    /// Reads HTML forms too, and so is guarded against those of other sites [contract 6.2].
    pub takes_forms: bool,
    /// Whether those of other sites are refused.
    pub guards_forms: bool,
    /// Hashes or writes: an asynchronous engine runs it on a blocking thread.
    pub is_heavy: bool,
    /// Reads nothing but its request: it waits for no disk, whatever happens to that.
    pub is_instant: bool,
    /// A `GET` that does something once, such as using up a link, and so is not run for `HEAD`.
    pub has_effects: bool,
    /// Asks a provider: an engine lets it wait apart from those that only write.
    pub asks_others: bool,
    /// What else it reads.
    pub adds: Option<Adds>,
    /// What it does that plugins may refuse.
    pub effects: &'static [Effect],
    /// What it answers.
    pub answers: &'static [Answer],
    /// What it may refuse with, besides what follows from the rest of the row.
    pub errors: &'static [&'static ErrorCode],
}

/// What answering a request takes, for an engine that must not let everything wait for the slowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// It waits for nothing and nobody.
    Instant,
    /// Microseconds, unless the disk hangs: it is answered in line.
    Light,
    /// As much work, but it waits for another machine that keeps the data.
    Waiting,
    /// It hashes or writes.
    Writing,
    /// It asks another server, which may be slow or silent.
    Asking,
}

const NO_MEMBERS: Body = Body::Optional(Form::Object(&[]));

impl Endpoint {
    /// A row for `GET`: reads no body.
    pub const fn get(path: &'static str, handler: Handler) -> Self {
        Self::new(Method::GET, path, handler, Body::Ignored, false)
    }

    /// A row for `POST`: heavy, with an optional body of no fields until said otherwise.
    pub const fn post(path: &'static str, handler: Handler) -> Self {
        Self::new(Method::POST, path, handler, NO_MEMBERS, true)
    }

    /// A row for `PATCH`, as [`Endpoint::post`].
    pub const fn patch(path: &'static str, handler: Handler) -> Self {
        Self::new(Method::PATCH, path, handler, NO_MEMBERS, true)
    }

    /// A row for `PUT`, as [`Endpoint::post`].
    pub const fn put(path: &'static str, handler: Handler) -> Self {
        Self::new(Method::PUT, path, handler, NO_MEMBERS, true)
    }

    /// A row for `DELETE`, as [`Endpoint::post`].
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

    /// Says that its path begins at the root of the server.
    #[must_use]
    pub const fn at_root(mut self) -> Self {
        self.is_at_root = true;
        self
    }

    /// Says that pages of every origin may read what it answers, without their cookies.
    #[must_use]
    pub const fn public(mut self) -> Self {
        self.is_public = true;
        self
    }

    /// Says in one line what it does.
    #[must_use]
    pub const fn summary(mut self, summary: &'static str) -> Self {
        self.summary = summary;
        self
    }

    /// Says who may call it.
    #[must_use]
    pub const fn guard(mut self, guard: Guard) -> Self {
        self.guard = guard;
        self
    }

    /// Says what it reads.
    #[must_use]
    pub const fn body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    /// Says what it reads of the query.
    #[must_use]
    pub const fn query(mut self, query: &'static [Member]) -> Self {
        self.query = query;
        self
    }

    /// Says that it keeps a thread although its method promises not to: it writes, waits or works for long.
    #[must_use]
    pub const fn heavy(mut self) -> Self {
        self.is_heavy = true;
        self
    }

    /// Says that it reads nothing but its request.
    #[must_use]
    pub const fn instant(mut self) -> Self {
        self.is_instant = true;
        self
    }

    /// Says that opening it does what opening it again does not: programs that look at links with `HEAD` do not do it.
    #[must_use]
    pub const fn has_effects(mut self) -> Self {
        self.has_effects = true;
        self.heavy()
    }

    /// Says that it asks a provider, and so may take as long as that does.
    #[must_use]
    pub const fn asks_others(mut self) -> Self {
        self.asks_others = true;
        self.heavy()
    }

    /// Says that HTML forms are read too.
    #[must_use]
    pub const fn takes_forms(mut self) -> Self {
        self.takes_forms = true;
        self
    }

    /// Says that the forms of other sites are read: a provider sends its answer like that.
    #[must_use]
    pub const fn takes_foreign_forms(mut self) -> Self {
        self.guards_forms = false;
        self.takes_forms()
    }

    /// Says which added fields are read, too.
    #[must_use]
    pub const fn adds(mut self, adds: Adds) -> Self {
        self.adds = Some(adds);
        self
    }

    /// Says what is done that plugins may refuse.
    #[must_use]
    pub const fn effects(mut self, effects: &'static [Effect]) -> Self {
        self.effects = effects;
        self
    }

    /// Says what it answers.
    #[must_use]
    pub const fn answers(mut self, answers: &'static [Answer]) -> Self {
        self.answers = answers;
        self
    }

    /// Says what it may refuse with, besides what its guard, its fields and its method say already.
    #[must_use]
    pub const fn errors(mut self, errors: &'static [&'static ErrorCode]) -> Self {
        self.errors = errors;
        self
    }

    /// Whether it answers this method. `HEAD` is `GET` without a body [RFC 9110 9.3.2].
    pub(super) fn takes(&self, method: &Method) -> bool {
        *method == self.method || (*method == Method::HEAD && self.method == Method::GET)
    }

    /// Whether this method only looks whether there is something that a `GET` would do.
    pub(super) fn is_only_looked_at(&self, method: &Method) -> bool {
        *method == Method::HEAD && self.has_effects
    }

    /// Whether it sends people on to a place in the query.
    pub(super) fn leads_on(&self) -> bool {
        self.query.iter().any(|field| field.name == "callbackURL")
    }

    /// Media types it reads, in the order that the error message lists them.
    pub const fn media_types(&self) -> &'static [&'static str] {
        match self.body {
            Body::Bytes(media_types) => media_types,
            _ if self.takes_forms => &["application/x-www-form-urlencoded", "application/json"],
            _ => &["application/json"],
        }
    }
}
