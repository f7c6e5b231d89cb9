//! The `emailOutbox` row and its SQL: a message waiting for delivery.
//!
//! The row is written in the transaction that causes the message. A sender first takes a lease with one statement, so
//! that only one sender has it, and no longer than a delivery takes.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::database::DatabaseError;
use crate::database::Param;
use crate::database::Row;
use crate::database::Statement;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::rows::Bind;
use crate::rows::Binder;
use crate::rows::Cell;
use crate::rows::Page;
use crate::rows::Query;
use crate::rows::count as counted;

/// No retry is delayed for longer: a later time was written before the clock was set back.
const PUT_OFF_MAX: Duration = Duration::from_secs(60 * 60);
/// The most rows that a cleanup deletes.
const CLEANUP_MAX: i64 = 1000;

/// The status of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OutboxStatus {
    /// Waiting for the first or next attempt.
    Pending,
    /// Delivered.
    Sent,
    /// Given up; the row has the reason.
    Failed,
}

impl OutboxStatus {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Sent, Self::Failed];

    /// The name in the database and in lists.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }

    pub(crate) fn of(name: &str) -> Self {
        match name {
            "pending" => Self::Pending,
            "sent" => Self::Sent,
            _ => Self::Failed,
        }
    }
}

/// A message in the outbox, without its content, which contains a secret.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OutboxEntry {
    /// The message id, the beginning of its `Message-ID`.
    pub id: String,
    /// The kind of message, such as `reset-password`.
    pub kind: String,
    /// The address.
    pub recipient: String,
    /// The status.
    pub status: OutboxStatus,
    /// The number of attempts.
    pub attempts: i64,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// When the next attempt is due.
    pub next_attempt_at: Option<Timestamp>,
    /// When its link expires; it is not sent after that.
    pub expires_at: Timestamp,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A new message.
pub struct NewEntry<'a> {
    /// The message's id.
    pub id: &'a str,
    /// The kind of message.
    pub kind: &'a str,
    /// The address.
    pub recipient: &'a str,
    /// The message, serialised.
    pub payload: &'a str,
    /// When its link expires.
    pub expires_at: Timestamp,
    /// Whether to send it. One that is not takes the same work, is never listed, and is deleted by the next cleanup.
    pub is_real: bool,
}

/// A message leased by a sender.
pub struct Leased {
    /// The message's id.
    pub id: String,
    /// The message, serialised.
    pub payload: String,
    /// The number of attempts including this one; identifies the lease.
    pub attempts: i64,
    /// When its link expires.
    pub expires_at: Timestamp,
}

/// The status of a message that is not to be sent.
const VOID: &str = "void";

crate::record!(OutboxEntry in "emailOutbox" {
    id: "id",
    kind: "kind",
    recipient: "recipient",
    status: "status",
    attempts: "attempts",
    last_error: "lastError",
    next_attempt_at: "nextAttemptAt",
    expires_at: "expiresAt",
    created_at: "createdAt",
    updated_at: "updatedAt",
});

crate::record!(Leased in "emailOutbox" {
    id: "id",
    payload: "payload",
    attempts: "attempts",
    expires_at: "expiresAt",
});

impl Cell for OutboxStatus {
    fn read(row: &Row<'_>, at: usize) -> Result<Self, DatabaseError> {
        Ok(Self::of(&row.any_text(at)?.unwrap_or_default()))
    }

    fn param(&self) -> Param<'_> {
        self.name().into()
    }
}

/// The statements on the outbox.
pub(super) struct Sql {
    insert: Statement,
    lease: Query<Leased>,
    is_due: Statement,
    sent: Statement,
    later: Statement,
    failed: Statement,
    retry: Statement,
    delete_settled: Statement,
    list: Query<OutboxEntry>,
    count_waiting: Statement,
}

impl Bind for Sql {
    const MODEL: &'static str = "emailOutbox";

    fn bind(binder: &mut Binder<'_>) -> Self {
        Self {
            insert: binder.statement(
                "INSERT INTO {@} ({id}, {kind}, {recipient}, {payload}, {status}, {attempts},
                    {nextAttemptAt}, {expiresAt}, {createdAt}, {updatedAt})
                VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, $9)",
            ),
            lease: binder.query(
                "UPDATE {@} SET {attempts} = {attempts} + 1, {nextAttemptAt} = $1, {updatedAt} = $2
                WHERE ({nextAttemptAt} <= $2 OR $3 < {nextAttemptAt}) AND {id} =
                    (SELECT {id} FROM {@} WHERE {nextAttemptAt} <= $2 OR $3 < {nextAttemptAt}
                    ORDER BY {nextAttemptAt}, {id} LIMIT 1)
                RETURNING {*}",
            ),
            is_due: binder.statement(
                "SELECT 1 FROM {@} WHERE {nextAttemptAt} <= $1 OR $2 < {nextAttemptAt} LIMIT 1",
            ),
            sent: binder.statement(
                "UPDATE {@} SET {status} = 'sent', {payload} = '', {lastError} = NULL,
                {nextAttemptAt} = NULL, {updatedAt} = $1 WHERE {id} = $2",
            ),
            later: binder.statement(
                "UPDATE {@} SET {nextAttemptAt} = $1, {lastError} = $2, {updatedAt} = $3
                WHERE {id} = $4 AND {attempts} = $5 AND {status} = 'pending'",
            ),
            failed: binder.statement(
                "UPDATE {@} SET {status} = 'failed', {nextAttemptAt} = NULL, {lastError} = $1,
                {updatedAt} = $2 WHERE {id} = $3 AND {attempts} = $4 AND {status} = 'pending'",
            ),
            retry: binder.statement(
                "UPDATE {@} SET {status} = 'pending', {nextAttemptAt} = $1, {updatedAt} = $1
                WHERE {status} IN ('pending', 'failed') AND $1 < {expiresAt} AND ({id} = $2 OR $2 IS NULL)",
            ),
            delete_settled: binder.statement(
                "DELETE FROM {@} WHERE {id} IN
                (SELECT {id} FROM {@} WHERE {nextAttemptAt} IS NULL AND {updatedAt} < $1 LIMIT $2)",
            ),
            list: binder.query(
                "SELECT {*} FROM {@} WHERE {status} <> 'void'
                AND ({id} = $1 OR $1 IS NULL) AND ({status} = $2 OR $2 IS NULL)
                ORDER BY {createdAt} DESC, {id} DESC LIMIT $3 OFFSET $4",
            ),
            count_waiting: binder
                .statement("SELECT COUNT(*) FROM {@} WHERE {status} = 'pending'"),
        }
    }
}

/// Filters a list of messages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OutboxFilter {
    /// The one with this id.
    pub id: Option<String>,
    /// Only messages with this status.
    pub status: Option<OutboxStatus>,
}

/// Inserts a message that is due at once.
pub fn insert(tx: &mut Tx<'_>, new: &NewEntry<'_>) -> Result<(), DatabaseError> {
    let now = tx.now();
    let params = [
        Param::from(new.id),
        new.kind.into(),
        new.recipient.into(),
        new.payload.into(),
        if new.is_real { OutboxStatus::Pending.name() } else { VOID }.into(),
        if new.is_real { now.into() } else { Param::Null },
        new.expires_at.into(),
        now.into(),
        if new.is_real { now } else { Timestamp::EPOCH }.into(),
    ];
    tx.execute(&tx.statements::<Sql>()?.insert, &params).map(drop)
}

/// Leases the message that has been due for longest, until this time.
pub fn lease(tx: &mut Tx<'_>, until: Timestamp) -> Result<Option<Leased>, DatabaseError> {
    let now = tx.now();
    let params = [until.into(), now.into(), now.after(PUT_OFF_MAX).into()];
    tx.statements::<Sql>()?.lease.one(tx, &params)
}

/// Whether a message is due.
pub fn is_due(tx: &mut Tx<'_>) -> Result<bool, DatabaseError> {
    let now = tx.now();
    let params = [now.into(), now.after(PUT_OFF_MAX).into()];
    Ok(tx.find(&tx.statements::<Sql>()?.is_due, &params, |row| row.integer(0))?.is_some())
}

/// Marks a message as delivered, even if the lease was lost, and deletes its content.
pub fn sent(tx: &mut Tx<'_>, id: &str) -> Result<(), DatabaseError> {
    tx.execute(&tx.statements::<Sql>()?.sent, &[tx.now().into(), id.into()]).map(drop)
}

/// Records a failed attempt and the time of the next; has no effect if the lease was lost.
pub fn later(
    tx: &mut Tx<'_>,
    leased: &Leased,
    at: Timestamp,
    reason: &str,
) -> Result<(), DatabaseError> {
    let now = tx.now();
    let params =
        [at.into(), reason.into(), Param::from(now), (&leased.id).into(), leased.attempts.into()];
    tx.execute(&tx.statements::<Sql>()?.later, &params).map(drop)
}

/// Gives a message up; has no effect if the lease was lost.
pub fn failed(tx: &mut Tx<'_>, leased: &Leased, reason: &str) -> Result<(), DatabaseError> {
    let params = [reason.into(), tx.now().into(), Param::from(&leased.id), leased.attempts.into()];
    tx.execute(&tx.statements::<Sql>()?.failed, &params).map(drop)
}

/// Makes messages due at once: the one with this id, or all undelivered ones whose link has not expired. Returns how
/// many.
pub fn retry(tx: &mut Tx<'_>, id: Option<&str>) -> Result<u64, DatabaseError> {
    let id = id.map_or(Param::Null, Param::from);
    tx.execute(&tx.statements::<Sql>()?.retry, &[tx.now().into(), id])
}

/// Deletes a limited number of messages that were settled before this time.
pub fn delete_settled(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, DatabaseError> {
    tx.execute(&tx.statements::<Sql>()?.delete_settled, &[before.into(), CLEANUP_MAX.into()])
}

/// One page of the messages that match the filter, newest first.
pub fn list(
    tx: &mut Tx<'_>,
    filter: &OutboxFilter,
    page: Page,
) -> Result<Vec<OutboxEntry>, DatabaseError> {
    let params = [
        filter.id.as_ref().into(),
        filter.status.map_or(Param::Null, |status| status.name().into()),
        i64::from(page.limit).into(),
        i64::from(page.offset).into(),
    ];
    tx.statements::<Sql>()?.list.all(tx, &params)
}

/// The number of messages that wait for an attempt.
pub fn count_waiting(tx: &mut Tx<'_>) -> Result<u64, DatabaseError> {
    let sql = tx.statements::<Sql>()?;
    counted(tx, &sql.count_waiting, &[])
}
