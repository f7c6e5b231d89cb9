//! The core's tables, as in Better Auth 1.6 and 1.7.3+ [contract 11.1].

use crate::schema::table::Column;
use crate::schema::table::Fill;
use crate::schema::table::Index;
use crate::schema::table::Kind::BigNumber;
use crate::schema::table::Kind::Flag;
use crate::schema::table::Kind::Number;
use crate::schema::table::Kind::Text;
use crate::schema::table::Kind::Time;
use crate::schema::table::Table;

/// Every table of Better Auth that this program knows, as configured or, where the configuration has none, as it is by
/// default.
pub(super) fn every(needed: &[Table]) -> Vec<Table> {
    let all = [user(), session(), account(), verification(), rate_limit()];
    let known = |table: Table| {
        let configured = needed.iter().find(|needed| needed.model == table.model);
        configured.cloned().unwrap_or(table)
    };
    all.into_iter().map(known).collect()
}

pub(super) fn user() -> Table {
    Table::new(
        "user",
        vec![
            Column::new("id", Text, Fill::Nothing),
            Column::new("name", Text, Fill::Empty),
            Column::new("email", Text, Fill::Nothing).unique(),
            Column::new("emailVerified", Flag, Fill::False),
            Column::nullable("image", Text),
            Column::new("createdAt", Time, Fill::Now).stamped().indexed(Index::Helpful),
            Column::new("updatedAt", Time, Fill::Now).stamped(),
        ],
    )
}

pub(super) fn session() -> Table {
    Table::new(
        "session",
        vec![
            Column::new("id", Text, Fill::Nothing),
            Column::new("expiresAt", Time, Fill::Nothing),
            Column::new("token", Text, Fill::Nothing).unique(),
            Column::new("createdAt", Time, Fill::Now).stamped().indexed(Index::Helpful),
            Column::new("updatedAt", Time, Fill::Now),
            Column::nullable("ipAddress", Text),
            Column::nullable("userAgent", Text),
            Column::new("userId", Text, Fill::Nothing).references("user").indexed(Index::Needed),
        ],
    )
}

pub(super) fn account() -> Table {
    Table::new(
        "account",
        vec![
            Column::new("id", Text, Fill::Nothing),
            Column::new("accountId", Text, Fill::Nothing),
            Column::new("providerId", Text, Fill::Nothing),
            Column::new("userId", Text, Fill::Nothing).references("user").indexed(Index::Needed),
            Column::nullable("accessToken", Text),
            Column::nullable("refreshToken", Text),
            Column::nullable("idToken", Text),
            Column::nullable("accessTokenExpiresAt", Time),
            Column::nullable("refreshTokenExpiresAt", Time),
            Column::nullable("scope", Text),
            Column::nullable("password", Text),
            Column::new("createdAt", Time, Fill::Now).stamped(),
            Column::new("updatedAt", Time, Fill::Now),
        ],
    )
}

pub(super) fn verification() -> Table {
    Table::new(
        "verification",
        vec![
            Column::new("id", Text, Fill::Nothing),
            Column::new("identifier", Text, Fill::Nothing).indexed(Index::Needed),
            Column::new("value", Text, Fill::Nothing),
            Column::new("expiresAt", Time, Fill::Nothing).indexed(Index::Helpful),
            Column::new("createdAt", Time, Fill::Now).stamped(),
            Column::new("updatedAt", Time, Fill::Now).stamped(),
        ],
    )
}

/// Only if requests are counted in the database.
pub(super) fn rate_limit() -> Table {
    Table::new(
        "rateLimit",
        vec![
            Column::new("id", Text, Fill::Nothing),
            Column::new("key", Text, Fill::Nothing).unique(),
            Column::new("count", Number, Fill::Nothing),
            Column::new("lastRequest", BigNumber, Fill::Nothing),
        ],
    )
}

/// Only if there is an outbox.
pub(super) fn email_outbox() -> Table {
    Table::new(
        "emailOutbox",
        vec![
            Column::new("id", Text, Fill::Nothing),
            Column::new("kind", Text, Fill::Nothing),
            Column::new("recipient", Text, Fill::Nothing),
            Column::new("payload", Text, Fill::Nothing),
            Column::new("status", Text, Fill::Nothing),
            Column::new("attempts", Number, Fill::Nothing),
            Column::nullable("lastError", Text),
            Column::nullable("nextAttemptAt", Time).indexed(Index::Needed),
            Column::new("expiresAt", Time, Fill::Nothing),
            Column::new("createdAt", Time, Fill::Now).stamped().indexed(Index::Helpful),
            Column::new("updatedAt", Time, Fill::Now),
        ],
    )
}

/// Only in targets of `db copy`: the record of the last copy.
pub(super) fn database_copy() -> Table {
    Table::new(
        "databaseCopy",
        vec![
            Column::new("id", Text, Fill::Nothing),
            Column::new("begunAt", Time, Fill::Nothing),
            Column::nullable("completeAt", Time),
            Column::new("isWhole", Flag, Fill::Nothing),
        ],
    )
}
