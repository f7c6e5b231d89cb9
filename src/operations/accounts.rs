//! `accounts`: the linked accounts of a user.

use schemars::JsonSchema;
use serde::Serialize;

use crate::api::accounts;
use crate::error::AuthError;
use crate::error::codes;
use crate::models::Account;
use crate::operations::Call;
use crate::operations::Done;
use crate::operations::Operation;
use crate::operations::Outcome;
use crate::operations::outcome::Cell;
use crate::operations::outcome::Record;
use crate::operations::outcome::View;

/// Lists the accounts of a user.
pub const LIST: Operation<ListAccounts, AccountList> =
    Operation::new("accounts.list", ("account", "list"), list);

/// Unlinks an account.
pub const UNLINK: Operation<UnlinkAccount, Unlinked> =
    Operation::new("accounts.unlink", ("account", "unlink"), unlink)
        .refuses(&[
            codes::ACCOUNT_NOT_FOUND,
            codes::AMBIGUOUS_ACCOUNT,
            codes::FAILED_TO_UNLINK_LAST_ACCOUNT,
        ])
        .asks(which_to_unlink);

crate::operations::input! {
    /// List a user's linked accounts, without secrets
    #[command(after_help = "\
Examples:
  better-auth accounts list --user ada@example.com
  better-auth accounts list --user ada@example.com --json | jq -r '.accounts[].providerId'")]
    #[derive(Debug)]
    pub struct ListAccounts {
        /// Id or email address of the user
        #[arg(long)]
        pub user: String,
    }
}

/// The accounts of a user, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AccountList {
    /// All accounts.
    pub accounts: Vec<Account>,
}

impl Outcome for AccountList {
    fn view(&self) -> Option<View> {
        Some(View::list("accounts", &self.accounts))
    }
}

impl Record for Account {
    const HEADERS: &'static [&'static str] = &["id", "provider", "account", "scopes", "linked"];
    const KEPT: &'static [usize] = &[1];

    fn cells(&self) -> Vec<Cell> {
        vec![
            self.id.as_str().into(),
            self.provider_id.as_str().into(),
            self.account_id.as_str().into(),
            self.scopes.join(" ").into(),
            self.created_at.into(),
        ]
    }
}

fn list(call: &Call<'_>, input: &ListAccounts) -> Result<Done<AccountList>, AuthError> {
    let accounts = accounts::list(call.instance(), &call.user(&input.user)?.id)?;
    Ok(AccountList { accounts }.into())
}

crate::operations::input! {
    /// Unlink an account of a user
    ///
    /// The last account cannot be unlinked, unless account.accountLinking.allowUnlinkingAll is set.
    #[command(after_help = "\
Examples:
  better-auth accounts unlink github --user ada@example.com
  better-auth accounts unlink 0199c0de-0000-7000-8000-000000000000 --user ada@example.com --yes")]
    #[derive(Debug)]
    pub struct UnlinkAccount {
        /// Id of the account, or the provider if the user has one account there
        pub account: String,
        /// Id or email address of the user
        #[arg(long)]
        pub user: String,
    }
}

/// The result of unlinking an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Unlinked {
    status: bool,
}

impl Outcome for Unlinked {}

fn which_to_unlink(
    call: &Call<'_>,
    input: &mut UnlinkAccount,
) -> Result<Option<String>, AuthError> {
    let user = call.user(&input.user)?;
    let mut named = accounts::list(call.instance(), &user.id)?;
    named.retain(|account| [&account.id, &account.provider_id].contains(&&input.account));
    let [account] = named.as_slice() else {
        let (label, account) = (user.label(), &input.account);
        return Err(if named.is_empty() {
            AuthError::new(codes::ACCOUNT_NOT_FOUND)
                .with_message(format!("{label} has no account {account:?}"))
        } else {
            AuthError::new(codes::AMBIGUOUS_ACCOUNT)
                .with_message(format!("{label} has several accounts at {account}"))
                .with_hint("specify the account by its id")
        });
    };
    let question = format!("Unlink {} from {}?", account.provider_id, user.label());
    *input = UnlinkAccount { account: account.id.clone(), user: user.id };
    Ok(Some(question))
}

fn unlink(call: &Call<'_>, input: &UnlinkAccount) -> Result<Done<Unlinked>, AuthError> {
    let user = call.user(&input.user)?;
    let accounts = accounts::list(call.instance(), &user.id)?;
    let account = accounts.iter().find(|account| account.id == input.account);
    let account = account.ok_or(codes::ACCOUNT_NOT_FOUND)?;
    accounts::unlink(call.instance(), &user.id, &account.id, &call.caller())?;
    let what = format!("{} unlinked from {}", account.provider_id, user.label());
    Ok(Done::new(what, Unlinked { status: true }))
}
