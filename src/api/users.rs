//! Users: created by sign-up or by an administrator, changed, listed, deleted [contract 8.2, 8.9, 8.13].

use serde_json::Map;
use serde_json::Value;

use crate::api::challenge;
use crate::api::credentials;
use crate::api::email;
use crate::api::fields;
use crate::api::fields::WrittenBy;
use crate::api::limits;
use crate::api::messages;
use crate::api::messages::MessageStatus;
use crate::api::messages::Outgoing;
use crate::api::password_policy;
use crate::api::reset_links;
use crate::api::sessions;
use crate::crypto::Secret;
use crate::crypto::random;
use crate::database::DatabaseError;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::database::Unique;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Caller;
use crate::instance::EventKind;
use crate::instance::Instance;
use crate::models::User;
use crate::models::account;
use crate::models::user;
use crate::models::user::UserFilter;
use crate::rows::Additional;
use crate::rows::Page;
use crate::schema::Column;

/// A user to create.
#[derive(Clone, Default)]
pub struct NewUser {
    /// The email address; stored in lower case.
    pub email: String,
    /// Display name; may be empty.
    pub name: String,
    /// URL of a picture.
    pub image: Option<String>,
    /// Whether the address is verified.
    pub email_verified: bool,
    /// Without a password the user cannot sign in with one yet.
    pub password: Option<Secret>,
    /// Values of `user.additionalFields` by name.
    pub additional: Map<String, Value>,
}

/// Changes to a user; `None` leaves a field as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserChanges {
    /// Display name.
    pub name: Option<String>,
    /// The email address; stored in lower case.
    pub email: Option<String>,
    /// URL of a picture; `Some(None)` removes it.
    pub image: Option<Option<String>>,
    /// Whether the address is verified.
    pub email_verified: Option<bool>,
    /// Values of `user.additionalFields` by name; `null` removes one that is not required.
    pub additional: Map<String, Value>,
}

/// Creates a user. The password is hashed before the transaction begins.
///
/// # Errors
/// `INVALID_EMAIL`, `PASSWORD_TOO_SHORT`, `PASSWORD_TOO_LONG`,
/// `USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL`, `MISSING_FIELD`, `VALIDATION_ERROR`, `SCHEMA_MISMATCH`,
/// `SERVER_BUSY`, and what `caller` refuses.
pub fn create(instance: &Instance, new: &NewUser, caller: &Caller<'_>) -> Result<User, AuthError> {
    create_with(instance, new, caller, |_, _, _| Ok(())).map(|(user, _)| user)
}

/// Creates a user, runs `and` in the same transaction, and sends the messages.
pub(super) fn create_with(
    instance: &Instance,
    new: &NewUser,
    caller: &Caller<'_>,
    mut and: impl FnMut(&mut Tx<'_>, &mut Outgoing<'_>, &User) -> Result<(), AuthError>,
) -> Result<(User, Option<MessageStatus>), AuthError> {
    let prepared = prepare(instance, new, WrittenBy::Server)?;
    messages::post(instance, |tx, outgoing| {
        caller.recheck(tx)?;
        let user = insert(tx, instance, new, &prepared, caller)?;
        and(tx, outgoing, &user)?;
        Ok(user)
    })
}

/// A validated user, prepared before the transaction begins.
#[derive(Default)]
pub(super) struct Prepared {
    hash: Option<Secret>,
    additional: Additional,
}

pub(super) fn prepare(
    instance: &Instance,
    new: &NewUser,
    written_by: WrittenBy,
) -> Result<Prepared, AuthError> {
    if !email::is_valid(&new.email) {
        return Err(codes::INVALID_EMAIL.into());
    }
    if let Some(password) = &new.password {
        password_policy::check_new(instance, password)?;
    }
    let fields = &instance.config().user.additional_fields;
    let additional = fields::for_new_row(fields, &new.additional, written_by)?;
    instance.require_migrated()?;
    let hash = new.password.as_ref().map(|password| credentials::hash(instance, password));
    Ok(Prepared { hash: hash.transpose()?, additional })
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    instance: &Instance,
    new: &NewUser,
    prepared: &Prepared,
    caller: &Caller<'_>,
) -> Result<User, AuthError> {
    let mut user = row(new, prepared, tx.now());
    instance.before_user_insert(tx, &mut user)?;
    limits::check_user(None, &user)?;
    user::insert(tx, &mut user).map_err(|error| taken(instance, error))?;
    if let Some(hash) = &prepared.hash {
        credentials::insert(tx, &user.id, hash)?;
    }
    instance.emit(tx, caller, Some(&user.id), EventKind::UserCreated(&user))?;
    Ok(user)
}

/// Creates a user who signs in without a password.
pub(super) fn insert_without_password(
    tx: &mut Tx<'_>,
    instance: &Instance,
    new: &NewUser,
    caller: &Caller<'_>,
) -> Result<User, AuthError> {
    let fields = &instance.config().user.additional_fields;
    let additional = fields::for_new_row(fields, &new.additional, WrittenBy::Server)?;
    insert(tx, instance, new, &Prepared { hash: None, additional }, caller)
}

pub(super) fn row(new: &NewUser, prepared: &Prepared, now: Timestamp) -> User {
    User {
        id: random::id(),
        name: new.name.clone(),
        email: email::normalise(&new.email),
        email_verified: new.email_verified,
        image: new.image.clone(),
        created_at: now,
        updated_at: now,
        additional: prepared.additional.clone(),
    }
}

/// The error for a unique value that another user has: the address is taken, or the value of a field, for which a
/// plugin may have an error of its own.
pub(super) fn taken(instance: &Instance, error: DatabaseError) -> AuthError {
    let DatabaseError::Unique(unique) = &error else {
        return error.into();
    };
    let Some(name) = taken_field(instance, unique) else {
        return error.into();
    };
    if name == "email" {
        return codes::USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL.into();
    }
    let message = || format!("{name}: another user has this value already");
    let of_the_core = || AuthError::new(codes::VALUE_ALREADY_TAKEN).with_message(message());
    instance.taken(name).map_or_else(of_the_core, AuthError::from)
}

/// The address, or the additional field, that these unique columns hold.
fn taken_field<'a>(instance: &'a Instance, unique: &Unique) -> Option<&'a str> {
    let table = instance.tables().iter().find(|table| table.model == "user")?;
    let is_known = |column: &&Column| column.added.is_some() || column.field == "email";
    let mut columns = table.columns.iter().filter(is_known);
    let column = columns.find(|column| unique.is_on(&table.name, &column.name))?;
    Some(&column.field)
}

/// Stores a changed user after the plugins' hooks. Every change of a user passes through here. A new address makes the
/// password reset links void that were sent to the old one.
pub(super) fn save(
    tx: &mut Tx<'_>,
    instance: &Instance,
    caller: &Caller<'_>,
    was: &User,
    user: &mut User,
) -> Result<(), AuthError> {
    instance.before_user_update(tx, caller, was, user)?;
    limits::check_user(Some(was), user)?;
    let fields = &instance.config().user.additional_fields;
    fields::check_lengths(fields, &was.additional, &user.additional)?;
    user::update(tx, user).map_err(|error| taken(instance, error))?;
    let mut emit = |kind| instance.emit(tx, caller, Some(&user.id), kind);
    emit(EventKind::UserUpdated { was, user })?;
    if user.email_verified && !was.email_verified {
        emit(EventKind::EmailVerified)?;
    }
    let has_other_address = user.email != was.email;
    if has_other_address {
        emit(EventKind::EmailChanged { from: &was.email, to: &user.email })?;
        reset_links::void(tx, instance, &user.id)?;
    }
    // What was proved of the former address, or of one that counts no longer as the user's, is worth nothing.
    if has_other_address || (was.email_verified && !user.email_verified) {
        challenge::void(tx, instance, &user.id)?;
    }
    Ok(())
}

/// Changes a user and returns the new row.
///
/// # Errors
/// `USER_NOT_FOUND`, `INVALID_EMAIL`, `USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL`, `FIELD_NOT_ALLOWED`,
/// `VALIDATION_ERROR`, `BAD_REQUEST` when there is nothing to change, and what `caller` refuses.
pub fn update(
    instance: &Instance,
    user_id: &str,
    changes: &UserChanges,
    written_by: WrittenBy,
    caller: &Caller<'_>,
) -> Result<User, AuthError> {
    let fields = &instance.config().user.additional_fields;
    let additional = fields::changes(fields, &changes.additional, written_by)?;
    let changes = &UserChanges { additional, ..changes.clone() };
    if *changes == UserChanges::default() {
        return Err(fields::nothing_to_update());
    }
    if changes.email.as_deref().is_some_and(|address| !email::is_valid(address)) {
        return Err(codes::INVALID_EMAIL.into());
    }
    let user = instance.database().write(|tx| {
        caller.recheck(tx)?;
        let Some(was) = user::find(tx, user_id)? else {
            return Err(codes::USER_NOT_FOUND.into());
        };
        let mut user = was.clone();
        apply(&mut user, changes);
        fields::apply(fields, &mut user.additional, &changes.additional);
        save(tx, instance, caller, &was, &mut user)?;
        Ok::<_, AuthError>(user)
    })?;
    sessions::refresh(instance, &user)?;
    Ok(user)
}

fn apply(user: &mut User, changes: &UserChanges) {
    if let Some(name) = &changes.name {
        user.name.clone_from(name);
    }
    if let Some(address) = &changes.email {
        let address = email::normalise(address);
        // The new address is not verified yet.
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

/// Changes a user's address and returns the new row; `None` when the address is taken.
pub(super) fn set_email(
    tx: &mut Tx<'_>,
    instance: &Instance,
    caller: &Caller<'_>,
    (user_id, address): (&str, &str),
    verified: bool,
) -> Result<Option<User>, AuthError> {
    let Some(was) = user::find(tx, user_id)? else {
        return Err(codes::USER_NOT_FOUND.into());
    };
    if user::find_by_email(tx, address)?.is_some() {
        return Ok(None);
    }
    let mut user = User { email: address.to_owned(), email_verified: verified, ..was.clone() };
    save(tx, instance, caller, &was, &mut user)?;
    Ok(Some(user))
}

/// Deletes a user with their sessions and accounts.
///
/// # Errors
/// `USER_NOT_FOUND`, and what `caller` refuses.
pub fn delete(instance: &Instance, user_id: &str, caller: &Caller<'_>) -> Result<(), AuthError> {
    instance.database().write(|tx| {
        caller.recheck(tx)?;
        remove(tx, instance, user_id, caller)
    })
}

/// Deletes all of these users, or none.
pub fn delete_all(instance: &Instance, ids: &[&str], caller: &Caller<'_>) -> Result<(), AuthError> {
    instance.database().write(|tx| {
        caller.recheck(tx)?;
        ids.iter().try_for_each(|id| remove(tx, instance, id, caller))
    })
}

/// As [`delete`], in the current transaction.
pub(super) fn remove(
    tx: &mut Tx<'_>,
    instance: &Instance,
    user_id: &str,
    caller: &Caller<'_>,
) -> Result<(), AuthError> {
    instance.before_user_delete(tx, user_id)?;
    // A listener may keep the id in a column that refers to the user.
    instance.emit(tx, caller, Some(user_id), EventKind::UserDeleted)?;
    sessions::end_for_good(tx, instance, user_id)?;
    account::delete_of_user(tx, user_id)?;
    if user::delete(tx, user_id)? { Ok(()) } else { Err(codes::USER_NOT_FOUND.into()) }
}

/// The user with this id.
///
/// # Errors
/// `USER_NOT_FOUND`, or a database error.
pub fn get(instance: &Instance, id: &str) -> Result<User, AuthError> {
    let user = instance.database().read(|tx| user::find(tx, id))?;
    user.ok_or_else(|| codes::USER_NOT_FOUND.into())
}

/// One page of users.
pub fn list(instance: &Instance, filter: &UserFilter, page: Page) -> Result<Vec<User>, AuthError> {
    Ok(instance.database().read(|tx| user::list(tx, filter, page))?)
}

/// The number of users that match the filter; takes time in proportion.
pub fn count(instance: &Instance, filter: &UserFilter) -> Result<u64, AuthError> {
    Ok(instance.database().read(|tx| user::count(tx, filter))?)
}
