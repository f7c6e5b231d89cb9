//! Which rows a copy may write, replace and delete, and when it must not.

use crate::api::copy::CopyError;
use crate::api::copy::RowName;
use crate::database::Timestamp;
use crate::models::copied::LastCopy;
use crate::rows::any_table::AnyTable;
use crate::rows::any_table::Record;

/// What a copy does with a target that is not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// The target holds rows of the source and nothing else; what it lacks is written.
    #[default]
    Plain,
    /// The target may hold other data too, which stays.
    Merge,
    /// The target becomes equal to the source: what the source no longer has is deleted, what differs is replaced.
    Mirror,
}

/// What becomes of a row of the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TargetAction {
    /// It is the same in the source.
    Same,
    /// It is not in the source, and stays.
    Kept,
    /// The source's takes its place.
    Replaced,
    /// It is not in the source, and goes.
    Deleted,
}

/// The rules of one copy.
pub(super) struct Rules {
    mode: Mode,
    /// The last copy into the target, if it was one of this source.
    last: Option<LastCopy>,
    now: Timestamp,
}

impl Rules {
    pub(super) fn new(mode: Mode, last: Option<LastCopy>, now: Timestamp) -> Self {
        Self { mode, last, now }
    }

    /// Whether rows that were deleted in the target can be told from those that never were there.
    pub(super) fn knows_deleted(&self) -> bool {
        self.complete_at().is_some()
    }

    /// Everything that the source held at this time has come into the target.
    pub(super) fn complete_at(&self) -> Option<Timestamp> {
        self.last.as_ref()?.complete_at
    }

    /// When the last copy began that made the target a copy of the source and of nothing else.
    fn copied_at(&self) -> Option<Timestamp> {
        self.last.as_ref().filter(|last| last.is_whole).map(|last| last.begun_at)
    }

    /// What becomes of this row of the target, next to the one with the same key in the source.
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

    /// Whether this row of the source, which the target lacks, was deleted there and comes back. Only a mirror may do
    /// that.
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

    /// Only what came with an earlier copy and was left alone since is the source's to take back.
    fn may_be_lost(&self, table: &AnyTable<'_>, target: &Record) -> Result<(), CopyError> {
        let name = || RowName::new(table, target);
        let copied_at = self.copied_at().ok_or_else(|| CopyError::NotACopy(name()))?;
        let written = [target.created_at, target.updated_at];
        if written.into_iter().flatten().any(|written| copied_at < written) {
            return Err(CopyError::WrittenSince(name()));
        }
        Ok(())
    }

    /// Whether a copy of this time held this row, and it is good for something still.
    fn was_alive(&self, record: &Record, copied_at: Option<Timestamp>) -> bool {
        let was_copied =
            copied_at.zip(record.created_at).is_some_and(|(copied, created)| created <= copied);
        was_copied && record.expires_at.is_none_or(|end| self.now < end)
    }
}
