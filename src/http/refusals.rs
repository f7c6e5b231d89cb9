//! All errors that an endpoint may return: those of its row, of the deployment and of plugins. The
//! OpenAPI document is generated from it, and the tests compare the errors that they meet with it.

use http::Method;

use crate::error::ErrorCode;
use crate::error::codes;
use crate::http::answer::Answer;
use crate::http::endpoint::Adds;
use crate::http::endpoint::Body;
use crate::http::endpoint::Effect;
use crate::http::endpoint::Endpoint;
use crate::http::endpoint::Guard;
use crate::http::redirect;
use crate::http::site::Site;
use crate::models::restriction;

/// The errors that hooks of a plugin may return for an endpoint with this effect.
pub type Refusal = (Effect, &'static [&'static ErrorCode]);

/// Any endpoint may return these.
const EVERYWHERE: &[&ErrorCode] = &[
    codes::INTERNAL_SERVER_ERROR,
    codes::CONFIG_INVALID,
    codes::DATABASE_UNAVAILABLE,
    codes::DATABASE_READ_ONLY,
    codes::SCHEMA_MISMATCH,
    codes::FOREIGN_KEY_VIOLATION,
    codes::CONSTRAINT_VIOLATION,
    codes::SECONDARY_STORAGE_UNAVAILABLE,
    codes::SERVER_BUSY,
];
/// Errors of reading a body.
const READING: &[&ErrorCode] = &[codes::PAYLOAD_TOO_LARGE, codes::REQUEST_TIMEOUT];

impl Site {
    /// All answers of an endpoint: those of its row, and those that plugins return in its place.
    pub fn answers<'a>(&'a self, endpoint: &'a Endpoint) -> impl Iterator<Item = &'a Answer> {
        let others = self.hooks.answers.iter();
        let others = others.filter(|(effect, _)| endpoint.effects.contains(effect));
        endpoint.answers.iter().chain(others.map(|(_, answer)| answer))
    }

    /// All errors of an endpoint, in the order of their statuses, without duplicates.
    pub fn errors(&self, endpoint: &Endpoint) -> Vec<&'static ErrorCode> {
        let mut all = EVERYWHERE.to_vec();
        if self.origin.is_none() {
            all.push(codes::HOST_NOT_ALLOWED);
        }
        if self.limiter.counts(endpoint.path) {
            all.push(codes::RATE_LIMIT_EXCEEDED);
        }
        if endpoint.method != Method::GET {
            all.extend([READING, &[codes::INVALID_ORIGIN, codes::MISSING_OR_NULL_ORIGIN]].concat());
        }
        if endpoint.takes_forms && endpoint.guards_forms {
            all.push(codes::CROSS_SITE_NAVIGATION_LOGIN_BLOCKED);
        }
        all.extend(of_fields(endpoint));
        all.extend(of_guard(endpoint.guard));
        if endpoint.effects.contains(&Effect::BeginsSession) {
            all.extend(restriction::ALL.iter().map(|restriction| restriction.refusal));
        }
        all.extend(endpoint.errors);
        let refusals = self.hooks.refusals.iter();
        all.extend(
            refusals.filter(|(effect, _)| endpoint.effects.contains(effect)).flat_map(|row| row.1),
        );
        all.sort_by_key(|code| code.in_dialect(self.dialect).1);
        let mut seen = Vec::new();
        all.retain(|code| {
            let name_and_status = code.in_dialect(self.dialect);
            let is_new = !seen.contains(&name_and_status);
            seen.push(name_and_status);
            is_new
        });
        all
    }
}

fn of_fields(endpoint: &Endpoint) -> Vec<&'static ErrorCode> {
    let mut all = Vec::new();
    let has_body = !matches!(endpoint.body, Body::Ignored);
    if has_body {
        all.extend([codes::BAD_REQUEST, codes::UNSUPPORTED_MEDIA_TYPE]);
    }
    if has_body || !endpoint.query.is_empty() {
        all.push(codes::VALIDATION_ERROR);
    }
    // All redirect targets in the body of a writing request are checked, even if the row does not
    // list them.
    let is_looked_through = endpoint.method != Method::GET;
    for (_, _, code) in redirect::TARGETS.iter().filter(|_| is_looked_through) {
        all.extend([codes::BAD_REQUEST, codes::VALIDATION_ERROR, *code]);
    }
    if endpoint.leads_on() {
        all.extend([codes::BAD_REQUEST, codes::INVALID_CALLBACK_URL]);
    }
    let writes_a_user = |deed: &Effect| matches!(deed, Effect::MakesUser | Effect::ChangesUser);
    if endpoint.effects.iter().any(writes_a_user) {
        all.push(codes::VALUE_ALREADY_TAKEN);
    }
    if endpoint.effects.contains(&Effect::SetsPassword) {
        all.extend([codes::PASSWORD_TOO_SHORT, codes::PASSWORD_TOO_LONG]);
    }
    match endpoint.adds {
        Some(Adds::NewUser) => all.extend([codes::FIELD_NOT_ALLOWED, codes::MISSING_FIELD]),
        Some(Adds::User | Adds::Session) => all.push(codes::FIELD_NOT_ALLOWED),
        None => {}
    }
    all
}

fn of_guard(guard: Guard) -> &'static [&'static ErrorCode] {
    match guard {
        Guard::None => &[],
        Guard::Session | Guard::Sensitive => &[codes::UNAUTHORIZED, codes::FAILED_TO_GET_SESSION],
        Guard::Fresh => {
            &[codes::UNAUTHORIZED, codes::FAILED_TO_GET_SESSION, codes::SESSION_NOT_FRESH]
        }
    }
}
