//! The sign-in methods, one file each, and the function in which all of them end.

pub mod link;
pub mod password;
pub mod provider;
pub mod sign_up;
pub mod social;

use crate::api::sessions;
use crate::api::sessions::UnpublishedSession;
use crate::database::Tx;
use crate::error::AuthError;
use crate::instance::Caller;
use crate::instance::EventKind;
use crate::instance::Instance;
use crate::instance::proof::Entered;
use crate::instance::proof::Method;
use crate::instance::proof::Outcome;
use crate::instance::proof::Proof;

/// Creates a session for a user who was authenticated in this transaction, or opens a challenge.
/// Plugins and restrictions of other programs decide whether the user may sign in, then plugins whether a challenge is
/// required. While it
/// is open, there is no session row, cookie, cached copy or token.
///
/// # Errors
/// `BANNED_USER`, `TWO_FACTOR_REQUIRED`, and those of plugins.
pub fn enter(
    tx: &mut Tx<'_>,
    instance: &Instance,
    caller: &Caller<'_>,
    proof: &Proof<'_>,
) -> Result<Entered<UnpublishedSession>, AuthError> {
    let Proof { user, method, met, remember, .. } = *proof;
    instance.admit_proof(tx, caller, proof)?;
    let position = |met| instance.challenges().position(|known| known.purpose == met);
    let first = met.and_then(position).map_or(0, |last| last + 1);
    let mut client_values = Vec::new();
    for challenge in instance.challenges().skip(first) {
        let Some(decision) = (challenge.rule)(tx, instance, caller, proof)? else { continue };
        client_values.extend(decision.client_values);
        if let Some(answer) = decision.challenge {
            let kind = EventKind::SignInChallenged { method };
            instance.emit(tx, caller, Some(&user.id), kind)?;
            return Ok(Entered { outcome: Outcome::Challenge(answer), client_values });
        }
    }
    let begun = sessions::insert(tx, instance, caller, user, remember)?;
    let kind = EventKind::SignedIn { method, session_id: begun.id() };
    instance.emit(tx, caller, Some(&user.id), kind)?;
    Ok(Entered { outcome: Outcome::Session(begun), client_values })
}

/// Passes on the result of a sign-in, and emits an event if it was refused. Only called after real work: a refusal
/// before a lookup or a hash must write nothing.
fn heard<T>(
    instance: &Instance,
    caller: &Caller<'_>,
    method: Method<'_>,
    user_id: Option<&str>,
    done: Result<T, AuthError>,
) -> Result<T, AuthError> {
    if let Err(error) = &done
        && error.code().status < 500
    {
        let kind = EventKind::SignInRefused { method, code: error.code() };
        instance.record(caller, user_id, kind);
    }
    done
}
