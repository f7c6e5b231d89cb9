//! A user, named by id or e-mail address wherever a command takes one.

use better_auth::BetterAuth;
use better_auth::User;
use better_auth::codes;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;

/// The user whom somebody named.
pub(crate) fn find(auth: &BetterAuth, who: &str) -> Result<User, Failure> {
    auth.api().find_user(who)?.ok_or_else(|| {
        let message = format!("no user has the id or e-mail address {who:?}");
        Failure { code: codes::USER_NOT_FOUND.name, ..Failure::new(Exit::NotFound, message) }
    })
}
