//! Finds a user by id or address.
//!
//! Sign-up stores addresses in lower case, but an adopted database may hold them in any spelling. So an address is
//! looked up as given, and then in lower case.

use crate::api::email;
use crate::database::DatabaseError;
use crate::database::Tx;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Instance;
use crate::models::User;
use crate::models::user;

/// Finds by address: as given, else in lower case. Both lookups always run, so that the time reveals nothing.
pub(super) fn by_address<T>(
    typed: &str,
    mut search: impl FnMut(&str) -> Result<Option<T>, DatabaseError>,
) -> Result<Option<T>, DatabaseError> {
    let normalised = email::normalise(typed);
    let exact = if normalised == typed { None } else { search(typed)? };
    let found = search(&normalised)?;
    Ok(exact.or(found))
}

/// The user with this id or address, for the command line and for programs. If the exact address is not stored, it is
/// compared with all stored addresses in lower case.
///
/// # Errors
/// `AMBIGUOUS_USER` when several users match.
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
    // Databases differ in lower case beyond ASCII; this decides which addresses are equal.
    found.retain(|user| email::normalise(&user.email) == normalised);
    if found.len() <= 1 {
        return Ok(found.pop());
    }
    let each = found.iter().map(|user| format!("{:?} (id {})", user.email, user.id));
    let each = each.collect::<Vec<_>>().join(" and ");
    let message = format!("{typed:?} could be {each}");
    Err(AuthError::new(codes::AMBIGUOUS_USER).with_message(message))
}
