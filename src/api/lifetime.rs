//! How long a session lives, and whether use extends it [contract 5]. The row alone decides: nothing that a client
//! sends makes a session live longer.

use std::time::Duration;

use crate::database::Timestamp;
use crate::instance::Instance;
use crate::models::Session;

/// The longest lifetime of a session without `rememberMe`.
const NOT_REMEMBERED: Duration = Duration::from_secs(24 * 60 * 60);
/// Better Auth reads its clock once per column, and the clocks of servers differ a little. A session that is not to be
/// extended is shorter than `session.expiresIn` by at least twice this.
const TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// The lifetime of a new session.
pub(super) fn of_new(instance: &Instance, remember: bool) -> Duration {
    let whole = instance.config().session.expires_in;
    // The row must show that it is not to be extended, so it is shorter than others.
    let brief = || NOT_REMEMBERED.min(whole.saturating_sub(tolerance(whole) * 2));
    if remember { whole } else { brief() }
}

/// Whether a session is due to be extended now.
pub(super) fn is_due(instance: &Instance, session: &Session, now: Timestamp) -> bool {
    let options = &instance.config().session;
    let due_at = session.expires_at.before(options.expires_in).after(options.update_age);
    !options.disable_session_refresh && is_remembered(instance, session) && due_at <= now
}

/// Whether a session was given `session.expiresIn` as its lifetime, and so may be extended, unless a plugin forbids it,
/// as for impersonation. A session with a shorter lifetime, as after `rememberMe: false`, expires as its row says.
///
/// The row alone decides, not what the client sends. The span from `updatedAt` to `expiresAt` is never longer than the
/// lifetime that a session was given, and the span from `createdAt` never shorter. Changing the fields of a session
/// only moves `updatedAt` and keeps both true. The same holds for rows that Better Auth wrote.
/// session moves `updatedAt` alone and keeps both true. The same holds for rows that Better Auth wrote.
pub fn is_remembered(instance: &Instance, session: &Session) -> bool {
    let lifetime = instance.config().session.expires_in;
    let tolerance = tolerance(lifetime);
    session.expires_at <= session.updated_at.after(lifetime + tolerance)
        && session.created_at.after(lifetime) <= session.expires_at.after(tolerance)
        && instance.extends_session(session)
}

/// How far the lifetime in a row may be from the one that was given.
fn tolerance(lifetime: Duration) -> Duration {
    TOLERANCE.min(lifetime / 8)
}
