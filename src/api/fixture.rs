//! Fixtures for the unit tests of `api`.

use crate::api::users;
use crate::api::users::NewUser;
use crate::config::Config;
use crate::crypto::Secret;
use crate::database::Clock;
use crate::instance::Caller;
use crate::instance::Instance;
use crate::instance::caller::Actor;
use crate::models::User;
use crate::schema;

/// Ada's address.
pub(super) const ADA: &str = "ada@example.com";

/// A database with the user Ada, and her password.
pub(super) fn site() -> (tempfile::TempDir, Instance, User, Secret) {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::default();
    config.database.url = format!("sqlite:{}", folder.path().join("a.db").display()).into();
    config.email_and_password.lockout.max_attempts = 3;
    let instance = Instance::of_the_core(config, Clock::SYSTEM);
    schema::migrate(instance.database(), instance.tables()).unwrap();
    let password = Secret::new("correct horse battery");
    let new =
        NewUser { email: ADA.to_owned(), password: Some(password.clone()), ..NewUser::default() };
    let user = users::create(&instance, &new, &Caller::trusted(Actor::Program)).unwrap();
    (folder, instance, user, password)
}
