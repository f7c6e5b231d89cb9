//! The outbox: sending messages, retrying, giving up.

use std::time::Duration;

use crate::api::limits;
use crate::api::one_time;
use crate::database::DatabaseError;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::email::Failure;
use crate::email::Message;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Instance;
use crate::models::outbox;
use crate::models::outbox::Leased;
use crate::models::outbox::OutboxEntry;
use crate::models::outbox::OutboxFilter;
use crate::rows::Page;

/// The delay before the second attempt; it doubles with each attempt.
const PAUSE: Duration = Duration::from_secs(5);
/// The longest delay.
const PAUSE_MAX: Duration = Duration::from_secs(10 * 60);
/// How long a delivered or abandoned message is listed.
const KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The result of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SendSummary {
    /// Delivered messages.
    pub sent: u64,
    /// Messages that will be retried.
    pub later: u64,
    /// Messages that were given up.
    pub given_up: u64,
    /// Why the run stopped early: the mail server cannot be reached, so the other messages can wait too.
    pub unreachable: Option<String>,
}

impl SendSummary {
    fn count(&mut self, outcome: &Result<(), Failure>) {
        match outcome {
            Ok(()) => self.sent += 1,
            Err(Failure::Refused(_)) => self.given_up += 1,
            Err(Failure::Later(_)) => self.later += 1,
            Err(Failure::Unreachable(reason)) => {
                self.later += 1;
                self.unreachable = Some(reason.clone());
            }
        }
    }
}

/// A delivery attempt and its result.
struct Attempt {
    leased: Leased,
    outcome: Result<(), Failure>,
}

/// Sends due messages one after the other until none is left, the mail server is unreachable, or `goes_on` returns
/// `false`. Blocks meanwhile. One write per message: the result of one and the lease of the next share it.
pub fn send_due(instance: &Instance, goes_on: &dyn Fn() -> bool) -> Result<SendSummary, AuthError> {
    let mut sent = SendSummary::default();
    if !instance.mailer().keeps_outbox() || !instance.database().read(outbox::is_due)? {
        return Ok(sent);
    }
    let mut last: Option<Attempt> = None;
    loop {
        let is_over = sent.unreachable.is_some() || !goes_on();
        let lease = instance.mailer().lease();
        let leased = instance.database().write(|tx| {
            last.as_ref().map_or(Ok(()), |attempt| settle(tx, attempt))?;
            if is_over { Ok(None) } else { outbox::lease(tx, tx.now().after(lease)) }
        })?;
        let Some(leased) = leased else {
            return Ok(sent);
        };
        let outcome = deliver(instance, &leased, instance.database().clock().now());
        sent.count(&outcome);
        last = Some(Attempt { leased, outcome });
    }
}

fn deliver(instance: &Instance, leased: &Leased, now: Timestamp) -> Result<(), Failure> {
    if leased.expires_at <= now {
        let reason = "its link was over before it could be sent".to_owned();
        return Err(Failure::Refused(reason));
    }
    let message: Message = serde_json::from_str(&leased.payload)
        .map_err(|_| Failure::Refused("the row cannot be read".to_owned()))?;
    instance.mailer().deliver(&message, now)
}

fn settle(tx: &mut Tx<'_>, attempt: &Attempt) -> Result<(), DatabaseError> {
    let Attempt { leased, outcome } = attempt;
    let id = leased.id.as_str();
    match outcome {
        Ok(()) => {
            tracing::info!(id, "message sent");
            outbox::sent(tx, id)
        }
        Err(Failure::Refused(reason)) => {
            tracing::error!(id, reason, "message given up");
            outbox::failed(tx, leased, limits::OUTBOX_LAST_ERROR.cut(reason))
        }
        Err(Failure::Later(reason) | Failure::Unreachable(reason)) => {
            tracing::warn!(id, reason, "message not sent, will be retried");
            outbox::later(
                tx,
                leased,
                tx.now().after(pause(leased.attempts)),
                limits::OUTBOX_LAST_ERROR.cut(reason),
            )
        }
    }
}

fn pause(attempts: i64) -> Duration {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(16);
    PAUSE.saturating_mul(1 << doublings).min(PAUSE_MAX)
}

/// Deletes expired one-time tokens, old settled messages, and expired rows of plugins.
pub fn clean_up(instance: &Instance) -> Result<(), AuthError> {
    let keeps_outbox = instance.mailer().keeps_outbox();
    // In small transactions, so that no other writer waits long.
    loop {
        let deleted = instance.database().write(|tx| {
            let settled =
                if keeps_outbox { outbox::delete_settled(tx, tx.now().before(KEPT))? } else { 0 };
            let expired = one_time::delete_expired(tx, instance)?;
            Ok::<u64, AuthError>(settled + expired + instance.clean_up_plugins(tx)?)
        })?;
        if deleted == 0 {
            return Ok(());
        }
    }
}

/// The number of waiting messages; `None` without an outbox.
pub fn count_waiting(instance: &Instance) -> Result<Option<u64>, AuthError> {
    if !instance.mailer().keeps_outbox() {
        return Ok(None);
    }
    Ok(Some(instance.database().read(outbox::count_waiting)?))
}

/// One page of messages, newest first.
///
/// # Errors
/// `OUTBOX_NOT_KEPT`, or a database error.
pub fn list(
    instance: &Instance,
    filter: &OutboxFilter,
    page: Page,
) -> Result<Vec<OutboxEntry>, AuthError> {
    require_outbox(instance)?;
    Ok(instance.database().read(|tx| outbox::list(tx, filter, page))?)
}

/// Makes messages due at once: the one with this id, or all undelivered ones whose link has not expired. Returns how
/// many.
pub fn retry(instance: &Instance, id: Option<&str>) -> Result<u64, AuthError> {
    require_outbox(instance)?;
    let count = instance.database().write_one(|tx| outbox::retry(tx, id))?;
    instance.mailer().sender_wake_up().notify();
    Ok(count)
}

fn require_outbox(instance: &Instance) -> Result<(), AuthError> {
    if instance.mailer().keeps_outbox() { Ok(()) } else { Err(codes::OUTBOX_NOT_KEPT.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_ten_minutes() {
        let seconds: Vec<u64> = [1, 2, 3, 7, 8, 1000].map(|n| pause(n).as_secs()).to_vec();
        assert_eq!(seconds, [5, 10, 20, 320, 600, 600]);
    }
}
