//! Restrictions: columns of `user` with which a plugin keeps people out. A database that another program made may have
//! them although the plugin is not enabled here; they count all the same.

use crate::database::DatabaseError;
use crate::database::Param;
use crate::database::Row;
use crate::database::Statement;
use crate::database::Timestamp;
use crate::database::Tx;
use crate::error::ErrorCode;
use crate::error::codes;
use crate::schema;
use crate::schema::Table;
use crate::schema::quoted;

/// What does not restrict, besides `NULL`. Whatever else a column holds does: programs write flags in many forms.
const UNRESTRICTED: [&str; 4] = ["", "0", "false", "f"];

/// A restriction.
#[derive(Debug, PartialEq, Eq)]
pub struct Restriction {
    /// The field of `user`, such as `banned`.
    pub field: &'static str,
    /// The field with the time when it ends.
    pub ends: Option<&'static str>,
    /// The plugin that it belongs to, by its id in Better Auth.
    pub plugin: &'static str,
    /// What it refuses.
    pub bars: Bars,
    /// What the user is told.
    pub refusal: &'static ErrorCode,
    /// What it means while the plugin is not enabled, for operators: the rest of a sentence.
    pub meaning: &'static str,
}

/// What a restriction refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bars {
    /// Every session: none begins, and an existing one does not count.
    Sessions,
    /// Sessions that begin with a single factor.
    SingleFactor,
}

/// Every known restriction; the first one that applies is what a user is told.
pub const ALL: &[Restriction] = &[
    Restriction {
        field: "banned",
        ends: Some("banExpires"),
        plugin: "admin",
        bars: Bars::Sessions,
        refusal: codes::BANNED_USER,
        meaning: "banned users are refused and have no sessions; plugins.admin can lift bans",
    },
    Restriction {
        field: "twoFactorEnabled",
        ends: None,
        plugin: "two-factor",
        bars: Bars::SingleFactor,
        refusal: codes::TWO_FACTOR_REQUIRED,
        meaning: "users with a second factor cannot sign in, because this server cannot check it; \
                  sessions from elsewhere go on",
    },
];

/// A restriction and the column that holds it in this database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestrictingColumn {
    /// The restriction.
    pub restriction: &'static Restriction,
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    ends: Option<String>,
}

/// The restricting columns of the table of users, whoever made them.
pub fn find_columns(
    tx: &mut Tx<'_>,
    user: &Table,
) -> Result<Vec<RestrictingColumn>, DatabaseError> {
    let existing = schema::column_names(tx, &[&user.name])?;
    let existing: Vec<String> = existing.into_iter().map(|(_, column)| column).collect();
    let mut found = Vec::new();
    for restriction in ALL {
        let ends = restriction.ends.and_then(|field| of_field(user, field, &existing).next());
        let columns = of_field(user, restriction.field, &existing);
        found.extend(columns.map(|column| RestrictingColumn {
            restriction,
            table: user.name.clone(),
            column: column.clone(),
            ends: ends.cloned(),
        }));
    }
    Ok(found)
}

/// The columns of a field: the one that the configuration names, or the field's name in any spelling, such as
/// `two_factor_enabled`.
fn of_field<'a>(
    user: &'a Table,
    field: &'a str,
    existing: &'a [String],
) -> impl Iterator<Item = &'a String> {
    let declared = user.column(field).map(|column| column.name.as_str());
    existing.iter().filter(move |name| declared == Some(name.as_str()) || is_spelt(name, field))
}

/// Whether a name is that of a field in any spelling.
pub fn is_spelt(name: &str, field: &str) -> bool {
    let plain = |name: &str| name.replace('_', "").to_ascii_lowercase();
    plain(name) == plain(field)
}

/// Whether a name is that of a field that restricts, or of the time when that ends.
pub fn is_restricting(name: &str) -> bool {
    let fields = ALL.iter().flat_map(|restriction| [Some(restriction.field), restriction.ends]);
    fields.flatten().any(|field| is_spelt(name, field))
}

/// Tables in which Better Auth's plugin keeps second factors.
const SECOND_FACTORS: [&str; 4] = ["twoFactor", "twoFactors", "two_factor", "two_factors"];

/// The table with second factors of a database whose users have no column that says who has one: it has a name that
/// nothing tells.
pub fn second_factors_without_column(
    tx: &mut Tx<'_>,
    user: &Table,
) -> Result<Option<String>, DatabaseError> {
    if find_columns(tx, user)?.iter().any(|found| found.restriction.field == "twoFactorEnabled") {
        return Ok(None);
    }
    let columns = schema::column_names(tx, &SECOND_FACTORS)?;
    Ok(columns.into_iter().next().map(|(table, _)| table))
}

/// Reads the restrictions of a user.
pub struct Lookup {
    columns: Vec<RestrictingColumn>,
    statement: Statement,
}

impl Lookup {
    /// Reads these columns; `None` if there are none.
    pub fn new(user: &Table, columns: Vec<RestrictingColumn>) -> Option<Self> {
        let names = columns.iter().map(cells).collect::<Vec<_>>().join(", ");
        let form = user.column("id").map(|id| id.form).unwrap_or_default();
        let text = format!(r#"SELECT {names} FROM {} WHERE "id" = $1"#, quoted(&user.name));
        let statement = Statement::new(text, vec![form]);
        (!columns.is_empty()).then_some(Self { columns, statement })
    }

    /// Whether any of them bars this.
    pub fn bars(&self, barred: Bars) -> bool {
        self.columns.iter().any(|column| column.restriction.bars == barred)
    }

    /// The first restriction of a user that bars one of these, as the row is in this transaction. Whoever has no row is
    /// barred by each.
    pub fn find(
        &self,
        tx: &mut Tx<'_>,
        user_id: &str,
        barred: &[Bars],
    ) -> Result<Option<&'static Restriction>, DatabaseError> {
        let now = tx.now();
        let found = tx.find(&self.statement, &[user_id.into()], |row| {
            let mut columns = self.columns.iter().zip((0..).step_by(2));
            Ok(columns.find_map(|(RestrictingColumn { restriction, .. }, at)| {
                let applies = barred.contains(&restriction.bars) && restricts(row, at, now);
                applies.then_some(*restriction)
            }))
        })?;
        let every = || self.columns.iter().map(|column| column.restriction);
        let of_nobody = || every().find(|restriction| barred.contains(&restriction.bars));
        Ok(found.unwrap_or_else(of_nobody))
    }
}

/// The number of users whom a column restricts now; reads all whose flag is set.
pub fn count(tx: &mut Tx<'_>, column: &RestrictingColumn) -> Result<u64, DatabaseError> {
    let (cells, table, flag) = (cells(column), quoted(&column.table), quoted(&column.column));
    let sql = format!(
        "SELECT {cells} FROM {table} WHERE {flag} IS NOT NULL
        AND lower(CAST({flag} AS TEXT)) NOT IN ($1, $2, $3, $4)"
    );
    let now = tx.now();
    let all = tx.list(&sql, &UNRESTRICTED.map(Param::from), |row| Ok(restricts(row, 0, now)))?;
    Ok(all.iter().map(|restricts| u64::from(*restricts)).sum())
}

/// The flag as text, whatever its type, and the end.
fn cells(column: &RestrictingColumn) -> String {
    let ends = column.ends.as_deref().map_or_else(|| "NULL".to_owned(), quoted);
    format!("CAST({} AS TEXT), {ends}", quoted(&column.column))
}

/// Whether the flag at this position is set and the end after it has not passed. What cannot be read restricts.
fn restricts(row: &Row<'_>, at: usize, now: Timestamp) -> bool {
    let is_set = row.optional_text(at).map_or(true, |flag| {
        flag.is_some_and(|flag| !UNRESTRICTED.contains(&flag.trim().to_ascii_lowercase().as_str()))
    });
    is_set && end(row, at + 1).is_none_or(|end| now <= end)
}

fn end(row: &Row<'_>, at: usize) -> Option<Timestamp> {
    match row.optional_text(at) {
        Ok(Some(text)) if text.trim() == "0" => None,
        _ => row.optional_time(at).ok().flatten(),
    }
}
