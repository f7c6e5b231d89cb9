//! The commands of the plugin: `invitations create`, `invitations list`.

use better_auth::AuthError;
use better_auth::operations::AnyOperation;
use better_auth::operations::Call;
use better_auth::operations::Done;
use better_auth::operations::Operation;
use better_auth::operations::Outcome;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::invitations;
use crate::model;
use crate::model::Invitation;

/// One row each: a command in its group, a JSON operation, and their schemas.
pub(crate) const ALL: &[&dyn AnyOperation] = &[
    &Operation::new("invitations.create", ("invitation", "create"), create).sends_messages(),
    &Operation::new("invitations.list", ("invitation", "list"), list),
];

/// Invite an address on behalf of a user
#[derive(Clone, Deserialize, JsonSchema, clap::Args)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CreateInvitation {
    /// Id or email address of the user who invites
    inviter: String,
    /// The address to invite
    email: String,
}

/// List the addresses that a user has invited
#[derive(Clone, Deserialize, JsonSchema, clap::Args)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ListInvitations {
    /// Id or email address of the user who invites
    inviter: String,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Shown {
    email: String,
    has_signed_up: bool,
    is_confirmed: bool,
}

impl From<Invitation> for Shown {
    fn from(row: Invitation) -> Self {
        let is_confirmed = row.confirmed_at.is_some();
        Self { email: row.email, has_signed_up: row.user_id.is_some(), is_confirmed }
    }
}

#[derive(Serialize, JsonSchema)]
struct InvitationList {
    invitations: Vec<Shown>,
}

impl Outcome for Shown {}
impl Outcome for InvitationList {}

fn create(call: &Call<'_>, input: &CreateInvitation) -> Result<Done<Shown>, AuthError> {
    let inviter = call.user(&input.inviter)?;
    let made = invitations::invite(call.instance(), &call.caller(), &inviter, &input.email)?;
    Ok(Done::new(format!("invited {}", made.email), made.into()))
}

fn list(call: &Call<'_>, input: &ListInvitations) -> Result<Done<InvitationList>, AuthError> {
    let id = call.user(&input.inviter)?.id;
    let found = call.instance().database().read(|tx| model::of_inviter(tx, &id))?;
    let invitations = found.into_iter().map(Shown::from).collect();
    Ok(InvitationList { invitations }.into())
}
