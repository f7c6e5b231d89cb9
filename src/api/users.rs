//! Users: made by sign-up or by an administrator, changed, listed, deleted [contract 8.2, 8.9, 8.13].

use crate::api::email;
use crate::api::passwords;
use crate::api::sessions;
use crate::api::sessions::Client;
use crate::crypto::Secret;
use crate::crypto::random;
use crate::database::DatabaseError;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Instance;
use crate::models::Page;
use crate::models::Session;
use crate::models::User;
use crate::models::account;
use crate::models::session;
use crate::models::user;
use crate::models::user::UserFilter;

/// A user to be made.
#[derive(Default)]
pub struct NewUser {
    /// The address; stored in lower case.
    pub email: String,
    /// Display name; may be empty.
    pub name: String,
    /// URL of a picture.
    pub image: Option<String>,
    /// Whether the address is known to be theirs.
    pub email_verified: bool,
    /// Without one the user cannot sign in with a password yet.
    pub password: Option<Secret>,
}

/// What to change of a user; `None` leaves a field as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserChanges {
    /// Display name.
    pub name: Option<String>,
    /// The address; stored in lower case.
    pub email: Option<String>,
    /// URL of a picture; `Some(None)` removes it.
    pub image: Option<Option<String>>,
    /// Whether the address is known to be theirs.
    pub email_verified: Option<bool>,
}

/// What sign-up answers.
#[derive(Debug)]
pub struct SignedUp {
    /// The new user, or one that looks like it where the address is taken and must not show.
    pub user: User,
    /// The session, unless the user has to do something first.
    pub session: Option<Session>,
}

/// Makes a user. The password is hashed before the transaction begins.
///
/// # Errors
/// `INVALID_EMAIL`, `PASSWORD_TOO_SHORT`, `PASSWORD_TOO_LONG`,
/// `USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL`, `SCHEMA_MISMATCH`, `SERVER_BUSY`.
pub fn create(instance: &Instance, new: &NewUser) -> Result<User, AuthError> {
    let hash = prepare(instance, new)?;
    instance.database().write(|tx| insert(tx, instance, new, hash.as_ref()))
}

/// Makes a user who asks for it, and signs them in where the configuration says so.
///
/// Where a new user is not signed in, a taken address is answered as if it were free: the answer
/// must not tell who has an account.
///
/// # Errors
/// As [`create`], and `EMAIL_PASSWORD_SIGN_UP_DISABLED`.
pub fn sign_up(
    instance: &Instance,
    new: &NewUser,
    client: &Client,
    remember: bool,
) -> Result<SignedUp, AuthError> {
    let options = &instance.config().email_and_password;
    if !options.enabled || options.disable_sign_up {
        return Err(codes::EMAIL_PASSWORD_SIGN_UP_DISABLED.into());
    }
    let signs_in = options.auto_sign_in && !options.require_email_verification;
    let hash = prepare(instance, new)?;
    let result: Result<SignedUp, AuthError> = instance.database().write(|tx| {
        let user = insert(tx, instance, new, hash.as_ref())?;
        let session = if signs_in {
            Some(sessions::insert(tx, instance, &user.id, client, remember)?)
        } else {
            None
        };
        Ok(SignedUp { user, session })
    });
    match result {
        Err(error) if error.is(codes::USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL) && !signs_in => {
            let user = row(new, instance.database().clock().now());
            Ok(SignedUp { user, session: None })
        }
        result => result,
    }
}

fn prepare(instance: &Instance, new: &NewUser) -> Result<Option<Secret>, AuthError> {
    if !email::is_valid(&new.email) {
        return Err(codes::INVALID_EMAIL.into());
    }
    instance.layout()?;
    let Some(password) = &new.password else {
        return Ok(None);
    };
    passwords::check_length(instance, password)?;
    passwords::hash(instance, password).map(Some)
}

fn insert(
    tx: &mut Tx<'_>,
    instance: &Instance,
    new: &NewUser,
    hash: Option<&Secret>,
) -> Result<User, AuthError> {
    let user = row(new, tx.now());
    user::insert(tx, &user).map_err(taken)?;
    if let Some(hash) = hash {
        passwords::insert(tx, &user.id, hash, instance.layout()?.has_issuer())?;
    }
    Ok(user)
}

fn row(new: &NewUser, now: Timestamp) -> User {
    User {
        id: random::id(),
        name: new.name.clone(),
        email: email::normalise(&new.email),
        email_verified: new.email_verified,
        image: new.image.clone(),
        created_at: now,
        updated_at: now,
    }
}

/// A second user with the same address is the domain's business, any other failure is not.
fn taken(error: DatabaseError) -> AuthError {
    match error {
        DatabaseError::Unique(constraint) if constraint.ends_with("email") => {
            codes::USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL.into()
        }
        error => error.into(),
    }
}

/// Changes a user and answers the row as it is then.
///
/// # Errors
/// `USER_NOT_FOUND`, `INVALID_EMAIL`, `USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL`.
pub fn update(
    instance: &Instance,
    user_id: &str,
    changes: &UserChanges,
) -> Result<User, AuthError> {
    if changes.email.as_deref().is_some_and(|address| !email::is_valid(address)) {
        return Err(codes::INVALID_EMAIL.into());
    }
    instance.database().write(|tx| {
        let Some(mut user) = user::find(tx, user_id)? else {
            return Err(codes::USER_NOT_FOUND.into());
        };
        apply(&mut user, changes);
        user.updated_at = tx.now();
        user::update(tx, &user).map_err(taken)?;
        Ok(user)
    })
}

fn apply(user: &mut User, changes: &UserChanges) {
    if let Some(name) = &changes.name {
        user.name.clone_from(name);
    }
    if let Some(address) = &changes.email {
        let address = email::normalise(address);
        // Nobody has shown yet that the new address is theirs.
        user.email_verified &= address == user.email;
        user.email = address;
    }
    if let Some(image) = &changes.image {
        user.image.clone_from(image);
    }
    if let Some(email_verified) = changes.email_verified {
        user.email_verified = email_verified;
    }
}

/// Deletes a user with their sessions and accounts.
///
/// # Errors
/// `USER_NOT_FOUND`.
pub fn delete(instance: &Instance, user_id: &str) -> Result<(), AuthError> {
    instance.database().write(|tx| {
        session::delete_of_user(tx, user_id)?;
        account::delete_of_user(tx, user_id)?;
        if user::delete(tx, user_id)? { Ok(()) } else { Err(codes::USER_NOT_FOUND.into()) }
    })
}

/// The user with this id or address.
///
/// # Errors
/// What the database answers, here and below.
pub fn find(instance: &Instance, id_or_email: &str) -> Result<Option<User>, AuthError> {
    Ok(instance.database().read(|tx| match user::find(tx, id_or_email)? {
        None if id_or_email.contains('@') => {
            user::find_by_email(tx, &email::normalise(id_or_email))
        }
        found => Ok(found),
    })?)
}

/// One page of users.
///
/// # Errors
/// As [`find`].
pub fn list(instance: &Instance, filter: &UserFilter, page: Page) -> Result<Vec<User>, AuthError> {
    Ok(instance.database().read(|tx| user::list(tx, filter, page))?)
}

/// How many users the filter lets through; takes as long as there are many.
///
/// # Errors
/// As [`find`].
pub fn count(instance: &Instance, filter: &UserFilter) -> Result<u64, AuthError> {
    Ok(instance.database().read(|tx| user::count(tx, filter))?)
}
