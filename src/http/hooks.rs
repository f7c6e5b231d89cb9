//! Hooks of plugins around endpoints, including core endpoints: before the body is validated, and
//! with the reply.

use serde_json::Value;

use crate::error::AuthError;
use crate::http::answer::Answer;
use crate::http::context::Context;
use crate::http::endpoint::Effect;
use crate::http::refusals::Refusal;
use crate::http::reply::Reply;

/// The endpoints of a hook.
#[derive(Debug, Clone, Copy)]
pub enum Paths {
    /// All endpoints.
    All,
    /// Endpoints with one of these paths, as in their rows.
    These(&'static [&'static str]),
    /// Endpoints whose paths start with one of these.
    Below(&'static [&'static str]),
}

impl Paths {
    fn hold(self, path: &str) -> bool {
        match self {
            Self::All => true,
            Self::These(paths) => paths.contains(&path),
            Self::Below(starts) => starts.iter().any(|start| path.starts_with(start)),
        }
    }
}

/// Runs after the checks of origins and redirect targets and before the validation of the body
/// [contract 1.2]. It may change the body, present a session, or refuse the request.
#[derive(Debug, Clone, Copy)]
pub struct Before {
    /// The endpoints.
    pub paths: Paths,
    /// The function; gets the parsed body, `None` if there is none.
    pub run: fn(&mut Context<'_>, &mut Option<Value>) -> Result<(), AuthError>,
}

/// Runs after an endpoint has succeeded.
#[derive(Debug, Clone, Copy)]
pub struct After {
    /// The endpoints.
    pub paths: Paths,
    /// The function; returns the reply to send.
    pub run: fn(&mut Context<'_>, Reply) -> Result<Reply, AuthError>,
}

/// An authentication scheme of the `Authorization` header, besides the session cookie [RFC 9110
/// 11.1].
#[derive(Debug, Clone, Copy)]
pub struct Scheme {
    /// Its name, such as `bearer`.
    pub name: &'static str,
    /// The credentials, in one line.
    pub description: &'static str,
}

/// The hooks of all plugins, in the order of the plugins, and what they add to the documentation.
#[derive(Debug, Default)]
pub struct EndpointHooks {
    /// Hooks before the endpoint.
    pub before: Vec<Before>,
    /// Hooks after the endpoint.
    pub after: Vec<After>,
    /// Answers of plugins in place of those of endpoints, such as a challenge.
    pub answers: Vec<(Effect, Answer)>,
    /// The errors of hooks on rows.
    pub refusals: Vec<Refusal>,
    /// The authentication schemes besides the cookie.
    pub schemes: Vec<Scheme>,
}

impl EndpointHooks {
    /// Runs the hooks before this endpoint.
    pub fn before(
        &self,
        cx: &mut Context<'_>,
        path: &str,
        body: &mut Option<Value>,
    ) -> Result<(), AuthError> {
        let mut hooks = self.before.iter().filter(|hook| hook.paths.hold(path));
        hooks.try_for_each(|hook| (hook.run)(cx, body))
    }

    /// Runs the hooks after this endpoint.
    pub fn after(
        &self,
        cx: &mut Context<'_>,
        path: &str,
        reply: Reply,
    ) -> Result<Reply, AuthError> {
        let mut hooks = self.after.iter().filter(|hook| hook.paths.hold(path));
        hooks.try_fold(reply, |reply, hook| (hook.run)(cx, reply))
    }
}
