//! Which user is meant by an id or an address, as it was typed.
//!
//! Sign-up stores addresses in lower case, but an adopted database may hold them in any spelling. So an address is looked
//! for as it was typed, and then in lower case.

use crate::api::email;
use crate::database::DatabaseError;
use crate::database::Tx;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Instance;
use crate::models::User;
use crate::models::user;

/// What a search by address finds: as it was typed, else in lower case. Both are searched whatever the first finds, so
/// that the time tells nothing.
pub(super) fn by_address<T>(
    typed: &str,
    mut search: impl FnMut(&str) -> Result<Option<T>, DatabaseError>,
) -> Result<Option<T>, DatabaseError> {
    let normalised = email::normalise(typed);
    let exact = if normalised == typed { None } else { search(typed)? };
    let found = search(&normalised)?;
    Ok(exact.or(found))
}

/// The user with this id or address, for the shell and for programs. An address that is not stored as it was typed is
/// compared with all stored addresses in lower case.
///
/// # Errors
/// `AMBIGUOUS_USER` when that names several users.
pub fn find(instance: &Instance, id_or_email: &str) -> Result<Option<User>, AuthError> {
    instance.database().read(|tx| {
        if let Some(user) = user::find(tx, id_or_email)? {
            return Ok(Some(user));
        }
        if !id_or_email.contains('@') {
            return Ok(None);
        }
        match user::find_by_email(tx, id_or_email)? {
            Some(user) => Ok(Some(user)),
            None => in_any_spelling(tx, id_or_email),
        }
    })
}

fn in_any_spelling(tx: &mut Tx<'_>, typed: &str) -> Result<Option<User>, AuthError> {
    let normalised = email::normalise(typed);
    let mut found = user::find_in_any_case(tx, &normalised)?;
    // What lower case is beyond ASCII is the database's own matter; which addresses are the same is not.
    found.retain(|user| email::normalise(&user.email) == normalised);
    if found.len() <= 1 {
        return Ok(found.pop());
    }
    let each = found.iter().map(|user| format!("{:?} (id {})", user.email, user.id));
    let each = each.collect::<Vec<_>>().join(" and ");
    let message = format!("{typed:?} could be {each}");
    Err(AuthError::new(codes::AMBIGUOUS_USER).with_message(message))
}
