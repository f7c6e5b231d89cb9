//! What a check found.

use serde::Serialize;

use crate::api::check::remedy::Remedy;
use crate::api::check::remedy::reading;
use crate::database::Form;
use crate::rows::checked_table::Fault;
use crate::rows::checked_table::WrongValue;
use crate::schema::Column;
use crate::schema::Table;

/// A value that is wrong. It is named, and never shown: it may be a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The table, by its name in the database.
    pub table: String,
    /// The id of the row; `None` where it has none.
    pub row: Option<String>,
    /// The column, by its name in the database.
    pub column: String,
    /// What is wrong.
    pub fault: Fault,
    /// What the program takes the value for.
    pub read_as: &'static str,
    /// What a repair does; `None` where a person must decide.
    pub repair: Option<&'static str>,
}

/// How many values of a column have the same fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Count {
    /// The table, by its name in the database.
    pub table: String,
    /// The column, by its name in the database.
    pub column: String,
    /// What is wrong.
    pub fault: Fault,
    /// How many there are.
    pub values: u64,
    /// Those of them for which a repair writes another value.
    pub repairable: u64,
    /// Those of them whose row belongs to nobody, and can be deleted.
    pub deletable: u64,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Rows that were looked at.
    pub rows: u64,
    /// The first findings, as many as were asked for.
    pub findings: Vec<Finding>,
    /// All findings, by column and fault.
    pub counts: Vec<Count>,
    /// What is declared otherwise than the program would, and columns with times in several forms; one sentence each.
    pub warnings: Vec<String>,
}

impl Report {
    /// How many values are wrong.
    pub fn values(&self) -> u64 {
        self.counts.iter().map(|count| count.values).sum()
    }

    /// Those of them that a repair replaces.
    pub fn repairable(&self) -> u64 {
        self.counts.iter().map(|count| count.repairable).sum()
    }

    /// References that lead nowhere, whose rows can be deleted.
    pub fn deletable(&self) -> u64 {
        self.counts.iter().map(|count| count.deletable).sum()
    }

    pub(super) fn add(
        &mut self,
        (table, row): (&Table, Option<&String>),
        wrong: &WrongValue<'_>,
        remedy: &Remedy,
        limit: usize,
    ) {
        let (column, fault) = (&wrong.column.name, wrong.fault);
        let is_same = |count: &&mut Count| {
            count.table == table.name && count.column == *column && count.fault == fault
        };
        if self.counts.iter_mut().find(is_same).is_none() {
            let (table, column) = (table.name.clone(), column.clone());
            let none = Count { table, column, fault, values: 0, repairable: 0, deletable: 0 };
            self.counts.push(none);
        }
        if let Some(count) = self.counts.iter_mut().find(is_same) {
            count.values += 1;
            count.repairable += u64::from(matches!(remedy, Remedy::Write(..)));
            count.deletable += u64::from(matches!(remedy, Remedy::Delete));
        }
        if self.findings.len() < limit {
            self.findings.push(Finding {
                table: table.name.clone(),
                row: row.cloned(),
                column: column.clone(),
                fault,
                read_as: reading(wrong),
                repair: remedy.words(),
            });
        }
    }
}

/// How many times of a column are stored in each form.
#[derive(Default)]
pub(super) struct Forms<'a>(Vec<(&'a Column, Vec<(Form, u64)>)>);

impl<'a> Forms<'a> {
    pub(super) fn add(&mut self, column: &'a Column, form: Form) {
        let is_it = |(other, _): &&mut (&Column, _)| std::ptr::eq(*other, column);
        let Some((_, forms)) = self.0.iter_mut().find(is_it) else {
            self.0.push((column, vec![(form, 1)]));
            return;
        };
        match forms.iter_mut().find(|(other, _)| *other == form) {
            Some((_, count)) => *count += 1,
            None => forms.push((form, 1)),
        }
    }

    /// A sentence for each column with more than one.
    pub(super) fn mixed(&self, table: &Table) -> impl Iterator<Item = String> {
        let mixed = self.0.iter().filter(|(_, forms)| 1 < forms.len());
        mixed.map(|(column, forms)| {
            let each = forms.iter().map(|(form, count)| format!("{count} as {form}"));
            let each: Vec<String> = each.collect();
            format!(
                "{}.{} holds times in several forms: {}",
                table.name,
                column.name,
                each.join(", ")
            )
        })
    }
}
