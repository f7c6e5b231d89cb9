//! What plugins do around endpoints, core endpoints included: before the body is checked, and with the
//! reply.

use serde_json::Value;

use crate::error::AuthError;
use crate::http::answer::Answer;
use crate::http::context::Context;
use crate::http::endpoint::Effect;
use crate::http::refusals::Refusal;
use crate::http::reply::Reply;

/// The endpoints that a hook runs around.
#[derive(Debug, Clone, Copy)]
pub enum Paths {
    /// All of them.
    All,
    /// Those with one of these paths, as they stand in the rows.
    These(&'static [&'static str]),
    /// Those whose paths begin with one of these.
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

/// Runs after origins and redirect targets were checked, before the body is [contract 1.2]. It may change
/// the body, present a session, or refuse the request.
#[derive(Debug, Clone, Copy)]
pub struct Before {
    /// Where.
    pub paths: Paths,
    /// What; the body is as it was read, `None` where there is none.
    pub run: fn(&mut Context<'_>, &mut Option<Value>) -> Result<(), AuthError>,
}

/// Runs when the endpoint has answered, unless that was an error.
#[derive(Debug, Clone, Copy)]
pub struct After {
    /// Where.
    pub paths: Paths,
    /// What; answers the reply that is sent.
    pub run: fn(&mut Context<'_>, Reply) -> Result<Reply, AuthError>,
}

/// A way to present a session besides the cookie: a scheme of the `Authorization` header [RFC 9110 11.1].
#[derive(Debug, Clone, Copy)]
pub struct Scheme {
    /// Its name, such as `bearer`.
    pub name: &'static str,
    /// What stands behind it, in one line.
    pub description: &'static str,
}

/// The hooks of every plugin, in the order of the plugins, and what they mean for callers.
#[derive(Debug, Default)]
pub struct EndpointHooks {
    /// Before the endpoint.
    pub before: Vec<Before>,
    /// After it.
    pub after: Vec<After>,
    /// What plugins answer in place of endpoints, such as a challenge.
    pub answers: Vec<(Effect, Answer)>,
    /// What those on rows may refuse.
    pub refusals: Vec<Refusal>,
    /// How sessions may be presented besides the cookie.
    pub schemes: Vec<Scheme>,
}

impl EndpointHooks {
    /// Runs what comes before this endpoint.
    pub fn before(
        &self,
        cx: &mut Context<'_>,
        path: &str,
        body: &mut Option<Value>,
    ) -> Result<(), AuthError> {
        let mut hooks = self.before.iter().filter(|hook| hook.paths.hold(path));
        hooks.try_for_each(|hook| (hook.run)(cx, body))
    }

    /// Runs what comes after this endpoint.
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
