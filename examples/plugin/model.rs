//! The rows of the plugin and their SQL.

use better_auth::database::DatabaseError;
use better_auth::database::Statement;
use better_auth::database::Timestamp;
use better_auth::database::Tx;
use better_auth::record;
use better_auth::rows;
use better_auth::rows::Bind;
use better_auth::rows::Binder;
use better_auth::rows::Insert;
use better_auth::rows::Query;
use better_auth::schema::Column;
use better_auth::schema::Fill;
use better_auth::schema::Index;
use better_auth::schema::Kind;
use better_auth::schema::Table;

/// An address that a user has invited.
pub(crate) struct Invitation {
    pub(crate) id: String,
    pub(crate) inviter_id: String,
    pub(crate) email: String,
    /// The user who signed up with the address.
    pub(crate) user_id: Option<String>,
    /// When that user showed the code.
    pub(crate) confirmed_at: Option<Timestamp>,
    pub(crate) created_at: Timestamp,
}

record!(Invitation in "invitation" {
    id: "id",
    inviter_id: "inviterId",
    email: "email",
    user_id: "userId",
    confirmed_at: "confirmedAt",
    created_at: "createdAt",
});

pub(crate) fn table() -> Table {
    let columns = vec![
        Column::new("id", Kind::Text, Fill::Nothing),
        Column::new("inviterId", Kind::Text, Fill::Nothing)
            .references("user")
            .indexed(Index::Needed),
        Column::new("email", Kind::Text, Fill::Nothing).indexed(Index::Needed),
        Column::nullable("userId", Kind::Text).indexed(Index::Needed),
        Column::nullable("confirmedAt", Kind::Time),
        Column::new("createdAt", Kind::Time, Fill::Now),
    ];
    Table::new("invitation", columns)
}

/// One text for every database; names in braces become those of the deployment.
pub(crate) struct Sql {
    pub(crate) insert: Insert<Invitation>,
    of_inviter: Query<Invitation>,
    open: Query<Invitation>,
    accept: Statement,
    confirm: Statement,
    count: Statement,
}

/// A condition on users for lists: those who were invited.
pub(crate) const WAS_INVITED: &str =
    "EXISTS (SELECT 1 FROM {@invitation} WHERE {invitation.userId} = {user.id})";

impl Bind for Sql {
    const MODEL: &'static str = "invitation";

    fn bind(binder: &mut Binder<'_>) -> Self {
        Self {
            insert: binder.insert(),
            of_inviter: binder.find(&["inviterId"]),
            open: binder.query("SELECT {*} FROM {@} WHERE {userId} = $1 AND {confirmedAt} IS NULL"),
            accept: binder
                .statement("UPDATE {@} SET {userId} = $1 WHERE {email} = $2 AND {userId} IS NULL"),
            confirm: binder.statement(
                "UPDATE {@} SET {confirmedAt} = $1 WHERE {userId} = $2 AND {confirmedAt} IS NULL",
            ),
            count: binder.statement("SELECT COUNT(*) FROM {@} WHERE {userId} IS NULL"),
        }
    }
}

pub(crate) fn of_inviter(tx: &mut Tx<'_>, user_id: &str) -> Result<Vec<Invitation>, DatabaseError> {
    tx.statements::<Sql>()?.of_inviter.all(tx, &[user_id.into()])
}

/// The invitation that a user has not confirmed yet.
pub(crate) fn open(tx: &mut Tx<'_>, user_id: &str) -> Result<Option<Invitation>, DatabaseError> {
    tx.statements::<Sql>()?.open.one(tx, &[user_id.into()])
}

pub(crate) fn accept(tx: &mut Tx<'_>, user_id: &str, email: &str) -> Result<u64, DatabaseError> {
    tx.execute(&tx.statements::<Sql>()?.accept, &[user_id.into(), email.into()])
}

pub(crate) fn confirm(tx: &mut Tx<'_>, user_id: &str) -> Result<u64, DatabaseError> {
    tx.execute(&tx.statements::<Sql>()?.confirm, &[tx.now().into(), user_id.into()])
}

/// How many addresses have not signed up yet.
pub(crate) fn count_open(tx: &mut Tx<'_>) -> Result<u64, DatabaseError> {
    rows::count(tx, &tx.statements::<Sql>()?.count, &[])
}
