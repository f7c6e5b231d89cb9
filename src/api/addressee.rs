//! The recipient of a message that an anonymous client asks for. Neither the answer nor the time it takes may tell
//! whether the address belongs to a user [contract 8.10].

use crate::api::email;
use crate::api::who;
use crate::crypto::random;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::error::AuthError;
use crate::instance::Instance;
use crate::models::User;
use crate::models::user;
use crate::rows::Additional;

/// The user with an address, or a placeholder for which the same work is done.
pub enum Addressee {
    /// A user with this address.
    Somebody(User),
    /// A placeholder: no user has this address.
    Nobody(User),
}

impl Addressee {
    /// Looks the user up again in this transaction: the address may have changed since. Runs the same statement for
    /// both.
    pub fn again(&self, tx: &mut Tx<'_>) -> Result<Self, AuthError> {
        let (Self::Somebody(was) | Self::Nobody(was)) = self;
        Ok(of(again(tx, was)?, &was.email))
    }
}

/// The user as the row is in this transaction, if it still has the address it was found by.
pub(super) fn again(tx: &mut Tx<'_>, was: &User) -> Result<Option<User>, AuthError> {
    let user = user::find(tx, &was.id)?;
    Ok(user.filter(|user| user.email == was.email))
}

/// Finds the recipient. An unknown address takes as long as a known one.
pub fn find(instance: &Instance, address: &str) -> Result<Addressee, AuthError> {
    let find = |tx: &mut Tx<'_>| who::by_address(address, |spelt| user::find_by_email(tx, spelt));
    if let Some(user) = instance.database().read(find)? {
        return Ok(Addressee::Somebody(user));
    }
    // In a file, a missing row is found faster than an existing one. On a server the round trip dominates.
    if !instance.database().is_remote() {
        instance.database().read(find)?;
    }
    Ok(Addressee::Nobody(nobody(&email::normalise(address))))
}

/// Wraps a user who was already looked up, or makes a placeholder with this name.
pub(super) fn of(user: Option<User>, name: &str) -> Addressee {
    user.map_or_else(|| Addressee::Nobody(nobody(name)), Addressee::Somebody)
}

fn nobody(address: &str) -> User {
    let epoch = Timestamp::EPOCH;
    User {
        id: random::id(),
        name: String::new(),
        email: email::normalise(address),
        email_verified: false,
        image: None,
        created_at: epoch,
        updated_at: epoch,
        additional: Additional::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::email_verification;
    use crate::api::fields::WrittenBy;
    use crate::api::messages::Link;
    use crate::api::password_reset;
    use crate::api::users;
    use crate::api::users::NewUser;
    use crate::api::users::UserChanges;
    use crate::config::Config;
    use crate::config::Transport;
    use crate::crypto::Secret;
    use crate::database::Clock;
    use crate::instance::Caller;
    use crate::instance::caller::Actor;
    use crate::schema;

    const ADA: &str = "ada@example.com";

    /// A message is written in a transaction that begins after the look-up, and the address can change in between.
    #[test]
    fn who_has_another_address_since_the_look_up_gets_no_message_at_the_former_one() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.secret = Some(Secret::new("a secret of at least thirty-two characters"));
        config.database.url = format!("sqlite:{}", folder.path().join("a.db").display()).into();
        config.email.transport = Some(Transport::File);
        config.email.file = folder.path().join("mail");
        let instance = Instance::of_the_core(config, Clock::SYSTEM);
        schema::migrate(instance.database(), instance.tables()).unwrap();
        let new = NewUser { email: ADA.to_owned(), ..NewUser::default() };
        let id = users::create(&instance, &new, &Caller::trusted(Actor::Program)).unwrap().id;

        let found = find(&instance, ADA).unwrap();
        let mails = || std::fs::read_to_string(folder.path().join("mail")).unwrap_or_default();
        let write = || {
            password_reset::tell_of_lock(&instance, &found, &Link::default()).unwrap();
            email_verification::send(&instance, &found, &Link::default()).unwrap();
        };
        let email = Some("new@example.com".to_owned());
        let changes = UserChanges { email, ..UserChanges::default() };
        users::update(
            &instance,
            &id,
            &changes,
            WrittenBy::Server,
            &Caller::trusted(Actor::Program),
        )
        .unwrap();
        write();
        assert_eq!(mails(), "");
        let changes = UserChanges { email: Some(ADA.to_owned()), ..UserChanges::default() };
        users::update(
            &instance,
            &id,
            &changes,
            WrittenBy::Server,
            &Caller::trusted(Actor::Program),
        )
        .unwrap();
        write();
        assert_eq!(mails().lines().count(), 2, "{}", mails());
    }
}
