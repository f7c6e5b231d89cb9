//! Restrictions of users that belong to no plugin of this instance: another program put them into the database.

use std::fmt;
use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::RwLock;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::database::DatabaseError;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::error::AuthError;
use crate::error::codes;
use crate::instance::Instance;
use crate::instance::caller::Caller;
use crate::instance::proof::Proof;
use crate::instance::proof::Strength;
use crate::models::SessionWithUser;
use crate::models::User;
use crate::models::restriction;
use crate::models::restriction::Bars;
use crate::models::restriction::Lookup;
use crate::models::restriction::RestrictingColumn;

/// How long the columns of the table are known: another program may add one while this server runs.
const KNOWN_FOR: Duration = Duration::from_secs(60);

/// The field that says who has a second factor.
const SECOND_FACTOR: &str = "twoFactorEnabled";

/// What is known of the columns.
#[derive(Default)]
pub(super) struct Restrictions {
    seen: RwLock<Option<Seen>>,
    /// Until when the columns are known and none of them bars sessions, in milliseconds since 1970: all that the lookup
    /// of a session asks.
    spares_sessions_until: AtomicI64,
}

impl Restrictions {
    fn spares_sessions(&self, now: Timestamp) -> bool {
        let until = Timestamp::from_millis(self.spares_sessions_until.load(Ordering::Acquire));
        // A clock that was set back must not keep it known for longer.
        now < until && until.before(KNOWN_FOR) <= now
    }
}

struct Seen {
    at: Timestamp,
    columns: Vec<ForeignRestriction>,
    lookup: Option<Arc<Lookup>>,
}

/// A restricting column whose plugin is not enabled. Displays as what it means here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignRestriction {
    /// The column.
    pub column: RestrictingColumn,
    /// Whether `user.ignoreRestrictions` names it.
    pub is_ignored: bool,
}

impl ForeignRestriction {
    /// Table and column, such as `user.banned`.
    pub fn place(&self) -> String {
        format!("{}.{}", self.column.table, self.column.column)
    }
}

impl fmt::Display for ForeignRestriction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let restriction = self.column.restriction;
        let (field, plugin) = (restriction.field, restriction.plugin);
        if self.is_ignored {
            return write!(
                f,
                "ignored, as user.ignoreRestrictions says: whom {plugin} restricts is let in"
            );
        }
        let meaning = restriction.meaning;
        write!(f, "{meaning}; user.ignoreRestrictions = [{field:?}] would let them in all the same")
    }
}

impl Instance {
    /// Whether a user may have a session: asks every plugin, and the restrictions that belong to none.
    ///
    /// # Errors
    /// Those of plugins, and `BANNED_USER`.
    pub fn admit(
        &self,
        tx: &mut Tx<'_>,
        caller: &Caller<'_>,
        user: &User,
    ) -> Result<(), AuthError> {
        self.ask_plugins_to_admit(tx, caller, user)?;
        self.refuse_restricted(tx, user, &[Bars::Sessions])
    }

    /// As [`Instance::admit`], for a sign-in with this proof.
    ///
    /// # Errors
    /// As [`Instance::admit`], and `TWO_FACTOR_REQUIRED`.
    pub fn admit_proof(
        &self,
        tx: &mut Tx<'_>,
        caller: &Caller<'_>,
        proof: &Proof<'_>,
    ) -> Result<(), AuthError> {
        self.ask_plugins_to_admit(tx, caller, proof.user)?;
        let barred: &[Bars] = match proof.strength {
            Strength::Single => &[Bars::Sessions, Bars::SingleFactor],
            Strength::Multiple => &[Bars::Sessions],
        };
        self.refuse_restricted(tx, proof.user, barred)
    }

    fn refuse_restricted(
        &self,
        tx: &mut Tx<'_>,
        user: &User,
        barred: &[Bars],
    ) -> Result<(), AuthError> {
        let Some(lookup) = self.restriction_lookup(tx)? else { return Ok(()) };
        match lookup.find(tx, &user.id, barred)? {
            Some(restriction) => Err(restriction.refusal.into()),
            None => Ok(()),
        }
    }

    /// Whether a session that was found counts: every plugin accepts it, and no restriction that belongs to none bars
    /// its user. Reads again only in a database that has such restrictions.
    pub fn accepts_session(
        &self,
        found: &SessionWithUser,
        now: Timestamp,
    ) -> Result<bool, AuthError> {
        Ok(self.do_plugins_accept(found, now)
            && (self.restrictions.spares_sessions(now)
                || !self.database().read(|tx| self.bars_sessions(tx, &found.user.id))?))
    }

    /// As [`Instance::accepts_session`], in this transaction.
    pub fn accepts_session_in(
        &self,
        tx: &mut Tx<'_>,
        found: &SessionWithUser,
    ) -> Result<bool, AuthError> {
        Ok(self.do_plugins_accept(found, tx.now()) && !self.bars_sessions(tx, &found.user.id)?)
    }

    fn bars_sessions(&self, tx: &mut Tx<'_>, user_id: &str) -> Result<bool, DatabaseError> {
        match self.restriction_lookup(tx)?.filter(|lookup| lookup.bars(Bars::Sessions)) {
            Some(lookup) => Ok(lookup.find(tx, user_id, &[Bars::Sessions])?.is_some()),
            None => Ok(false),
        }
    }

    /// Reads restrictions of users; `None` if no column counts. Looks for columns at the first use, and again when
    /// that was a minute ago.
    fn restriction_lookup(&self, tx: &mut Tx<'_>) -> Result<Option<Arc<Lookup>>, DatabaseError> {
        let known = self.restrictions.seen.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(seen) = &*known
            && seen.at <= tx.now()
            && tx.now() < seen.at.after(KNOWN_FOR)
        {
            return Ok(seen.lookup.clone());
        }
        drop(known);
        self.look_for_restrictions(tx)
    }

    fn look_for_restrictions(&self, tx: &mut Tx<'_>) -> Result<Option<Arc<Lookup>>, DatabaseError> {
        let columns = self.foreign_restrictions(tx)?;
        let counting = columns.iter().filter(|found| !found.is_ignored);
        let counting = counting.map(|found| found.column.clone()).collect();
        let lookup = self.user_table().and_then(|user| Lookup::new(user, counting)).map(Arc::new);
        let spares_sessions = lookup.as_ref().is_none_or(|lookup| !lookup.bars(Bars::Sessions));
        let until = if spares_sessions { tx.now().after(KNOWN_FOR).as_millis() } else { 0 };
        self.restrictions.spares_sessions_until.store(until, Ordering::Release);
        let mut seen = self.restrictions.seen.write().unwrap_or_else(PoisonError::into_inner);
        let before = seen.as_ref().map(|seen| seen.columns.as_slice()).unwrap_or_default();
        for found in columns.iter().filter(|found| !before.contains(found)) {
            tracing::warn!("{}: {found}", found.place());
        }
        *seen = Some(Seen { at: tx.now(), columns, lookup: lookup.clone() });
        Ok(lookup)
    }

    /// The restricting columns of the database that belong to no plugin of this instance.
    pub fn foreign_restrictions(
        &self,
        tx: &mut Tx<'_>,
    ) -> Result<Vec<ForeignRestriction>, DatabaseError> {
        let Some(user) = self.user_table() else { return Ok(Vec::new()) };
        let ignored = &self.config().user.ignore_restrictions;
        let columns = restriction::find_columns(tx, user)?.into_iter();
        let foreign = columns.filter(|found| !self.is_field_of_a_plugin(found.restriction.field));
        let named = |found: &RestrictingColumn| {
            ignored.iter().any(|field| field == found.restriction.field)
        };
        Ok(foreign
            .map(|column| ForeignRestriction { is_ignored: named(&column), column })
            .collect())
    }

    /// Logs the restricting columns that were found, for a server that starts.
    ///
    /// # Errors
    /// `CONFIG_INVALID` if there are second factors and nothing says which users have one.
    pub fn announce_restrictions(&self) -> Result<(), AuthError> {
        self.database().read(|tx| self.restriction_lookup(tx).map(drop))?;
        let is_settled = self.is_field_of_a_plugin(SECOND_FACTOR)
            || self.config().user.ignore_restrictions.iter().any(|field| field == SECOND_FACTOR);
        let (false, Some(user)) = (is_settled, self.user_table()) else { return Ok(()) };
        let lost = |tx: &mut Tx<'_>| restriction::second_factors_without_column(tx, user);
        let Some(table) = self.database().read(lost)? else { return Ok(()) };
        let user = &user.name;
        let problem = format!(
            "{table} holds second factors, and {user} has no column {SECOND_FACTOR}: users would sign in without \
             theirs. Name the column with user.additionalFields.{SECOND_FACTOR} (type = \"boolean\", input = false, \
             fieldName), or set user.ignoreRestrictions = [\"{SECOND_FACTOR}\"]"
        );
        Err(AuthError::new(codes::CONFIG_INVALID).with_message(problem))
    }
}
