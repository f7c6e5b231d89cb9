//! Whom a stranger wants to be written to: the answer, and the time it takes, must not tell whether there
//! is somebody [contract 8.10].

use crate::api::email;
use crate::api::users;
use crate::api::users::NewUser;
use crate::api::users::Prepared;
use crate::api::who;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::error::AuthError;
use crate::instance::Instance;
use crate::models::User;
use crate::models::user;

/// Whoever has this address, or somebody who does not exist, to do the same work for.
pub(super) enum Addressee {
    /// There is such a user.
    Somebody(User),
    /// There is none.
    Nobody(User),
}

/// Looks up whom a stranger wants to be written to; finding nobody takes as long as finding somebody.
pub(super) fn find(instance: &Instance, address: &str) -> Result<Addressee, AuthError> {
    let find = |tx: &mut Tx<'_>| who::by_address(address, |spelt| user::find_by_email(tx, spelt));
    if let Some(user) = instance.database().read(find)? {
        return Ok(Addressee::Somebody(user));
    }
    // Reading no row is faster than reading one.
    instance.database().read(find)?;
    Ok(Addressee::Nobody(nobody(&email::normalise(address))))
}

/// Somebody who was found already, or nobody of this name.
pub(super) fn of(user: Option<User>, name: &str) -> Addressee {
    user.map_or_else(|| Addressee::Nobody(nobody(name)), Addressee::Somebody)
}

fn nobody(address: &str) -> User {
    let epoch = Timestamp::from_millis(0);
    let new = NewUser { email: address.to_owned(), ..NewUser::default() };
    users::row(&new, &Prepared::default(), epoch)
}
