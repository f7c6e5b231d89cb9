//! Which rows a copy may write, replace and delete.

use crate::api::copy::CopyError;
use crate::api::copy::RowName;
use crate::database::Timestamp;
use crate::models::copied::LastCopy;
use crate::rows::any_table::AnyTable;
use crate::rows::any_table::Record;

/// How a copy treats a target that is not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// The target may only contain rows of the source; missing ones are written.
    #[default]
    Plain,
    /// The target may contain other data, which stays.
    Merge,
    /// The target becomes equal to the source: additional rows are deleted, different ones replaced.
    Mirror,
}

/// What to do with a row of the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TargetAction {
    /// Equal to the source.
    Same,
    /// Not in the source; stays.
    Kept,
    /// Replaced by the row of the source.
    Replaced,
    /// Not in the source; deleted.
    Deleted,
}

/// The rules of one copy.
pub(super) struct Rules {
    mode: Mode,
    /// The last copy into the target, if it came from this source.
    last: Option<LastCopy>,
    now: Timestamp,
}

impl Rules {
    pub(super) fn new(mode: Mode, last: Option<LastCopy>, now: Timestamp) -> Self {
        Self { mode, last, now }
    }

    /// Whether rows deleted in the target can be told from rows that never existed there.
    pub(super) fn knows_deleted(&self) -> bool {
        self.complete_at().is_some()
    }

    /// The time up to which the target holds everything from the source.
    pub(super) fn complete_at(&self) -> Option<Timestamp> {
        self.last.as_ref()?.complete_at
    }

    /// When the last copy began that made the target a copy of this source only.
    fn copied_at(&self) -> Option<Timestamp> {
        self.last.as_ref().filter(|last| last.is_whole).map(|last| last.begun_at)
    }

    /// What to do with this row of the target, given the row with the same key in the source.
    pub(super) fn action(
        &self,
        table: &AnyTable<'_>,
        target: &Record,
        source: Option<&Record>,
    ) -> Result<TargetAction, CopyError> {
        let name = || RowName::new(table, target);
        match (self.mode, source) {
            (_, Some(source)) if source == target => Ok(TargetAction::Same),
            (Mode::Mirror, Some(_)) => {
                self.may_be_lost(table, target).map(|()| TargetAction::Replaced)
            }
            (Mode::Mirror, None) => self.may_be_lost(table, target).map(|()| TargetAction::Deleted),
            (_, Some(_)) => Err(CopyError::Differs(name())),
            (Mode::Plain, None) => Err(CopyError::OtherData(name())),
            (Mode::Merge, None) if self.was_alive(target, self.copied_at()) => {
                Err(CopyError::GoneFromSource(name()))
            }
            (Mode::Merge, None) => Ok(TargetAction::Kept),
        }
    }

    /// Whether a row that the target lacks was deleted there and would be written again. Only a mirror may do that.
    pub(super) fn comes_back(
        &self,
        table: &AnyTable<'_>,
        source: &Record,
    ) -> Result<bool, CopyError> {
        let comes_back = self.was_alive(source, self.complete_at());
        if comes_back && self.mode != Mode::Mirror {
            return Err(CopyError::GoneFromTarget(RowName::new(table, source)));
        }
        Ok(comes_back)
    }

    /// Only rows that came with an earlier copy and have not changed since may be replaced or deleted.
    fn may_be_lost(&self, table: &AnyTable<'_>, target: &Record) -> Result<(), CopyError> {
        let name = || RowName::new(table, target);
        let copied_at = self.copied_at().ok_or_else(|| CopyError::NotACopy(name()))?;
        let written = [target.created_at, target.updated_at];
        if written.into_iter().flatten().any(|written| copied_at < written) {
            return Err(CopyError::WrittenSince(name()));
        }
        Ok(())
    }

    /// Whether a copy made at this time included the row, and it has not expired.
    fn was_alive(&self, record: &Record, copied_at: Option<Timestamp>) -> bool {
        let was_copied =
            copied_at.zip(record.created_at).is_some_and(|(copied, created)| created <= copied);
        was_copied && record.expires_at.is_none_or(|end| self.now < end)
    }
}
