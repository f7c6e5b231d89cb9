//! The core's tables, as Better Auth 1.6 and 1.7.3+ make them [contract 11.1].

use crate::schema::table::Column;
use crate::schema::table::Fill;
use crate::schema::table::Index;
use crate::schema::table::Kind::Count;
use crate::schema::table::Kind::Flag;
use crate::schema::table::Kind::Millis;
use crate::schema::table::Kind::Text;
use crate::schema::table::Kind::Time;
use crate::schema::table::Table;

pub(super) const TABLES: &[Table] = &[USER, SESSION, ACCOUNT, VERIFICATION];

const USER: Table = Table {
    name: "user",
    columns: &[
        Column::new("id", Text, Fill::Nothing),
        Column::new("name", Text, Fill::Empty),
        Column::new("email", Text, Fill::Nothing).unique(),
        Column::new("emailVerified", Flag, Fill::False),
        Column::nullable("image", Text),
        Column::new("createdAt", Time, Fill::Now).indexed(Index::Helpful),
        Column::new("updatedAt", Time, Fill::Now),
    ],
};

const SESSION: Table = Table {
    name: "session",
    columns: &[
        Column::new("id", Text, Fill::Nothing),
        Column::new("expiresAt", Time, Fill::Nothing),
        Column::new("token", Text, Fill::Nothing).unique(),
        Column::new("createdAt", Time, Fill::Now).indexed(Index::Helpful),
        Column::new("updatedAt", Time, Fill::Now),
        Column::nullable("ipAddress", Text),
        Column::nullable("userAgent", Text),
        Column::new("userId", Text, Fill::Nothing).references("user").indexed(Index::Needed),
    ],
};

const ACCOUNT: Table = Table {
    name: "account",
    columns: &[
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
        Column::new("createdAt", Time, Fill::Now),
        Column::new("updatedAt", Time, Fill::Now),
    ],
};

const VERIFICATION: Table = Table {
    name: "verification",
    columns: &[
        Column::new("id", Text, Fill::Nothing),
        Column::new("identifier", Text, Fill::Nothing).indexed(Index::Needed),
        Column::new("value", Text, Fill::Nothing),
        Column::new("expiresAt", Time, Fill::Nothing),
        Column::new("createdAt", Time, Fill::Now),
        Column::new("updatedAt", Time, Fill::Now),
    ],
};

/// Only where requests are counted in the database.
pub(super) const RATE_LIMIT: Table = Table {
    name: "rateLimit",
    columns: &[
        Column::new("id", Text, Fill::Nothing),
        Column::new("key", Text, Fill::Nothing).unique(),
        Column::new("count", Count, Fill::Nothing),
        Column::new("lastRequest", Millis, Fill::Nothing),
    ],
};
