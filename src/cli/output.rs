//! The only place that prints: data to stdout as table, JSON or CSV, everything else to stderr.

use std::fmt::Display;
use std::io;
use std::io::IsTerminal as _;
use std::io::Write as _;

use better_auth::config::env;
use better_auth::database::Timestamp;
use clap::ColorChoice;
use clap::ValueEnum;
use comfy_table::Cell;
use comfy_table::Color;
use comfy_table::ColumnConstraint;
use comfy_table::ContentArrangement;
use comfy_table::Row;
use comfy_table::Table;
use comfy_table::Width;
use comfy_table::presets;
use dialoguer::console::Term;
use serde::Serialize;
use serde_json::Value;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::terminal::Colour;
use crate::cli::terminal::harmless;
use crate::cli::terminal::paint;

/// Width that a kept cell gets in any case, the mark of what is cut included.
const KEPT_WIDTH_MAX: u16 = 24;

/// The form of data on stdout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Table,
    /// For programs: what the REST API would answer
    Json,
    /// For spreadsheets
    Csv,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum When {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl From<When> for ColorChoice {
    fn from(when: When) -> Self {
        match when {
            When::Auto => Self::Auto,
            When::Always => Self::Always,
            When::Never => Self::Never,
        }
    }
}

/// Something that is shown as a row or by itself.
pub(crate) trait Record: Serialize {
    /// The names of its cells.
    const HEADERS: &'static [&'static str];
    /// Cells that people look for, beside the first: a narrow terminal takes its room from others.
    const KEPT: &'static [usize] = &[];

    /// Its cells, as text; times in the form that suits the reader.
    fn cells(&self, time: TimeForm) -> Vec<String>;

    /// What only some deployments have: names and values that follow when it is shown by itself.
    fn more(&self) -> Vec<(String, String)> {
        Vec::new()
    }
}

/// How an instant is written.
pub(crate) type TimeForm = fn(Timestamp) -> String;

/// A page of records under the name that the REST API gives them.
pub(crate) struct Page<'a, T> {
    pub(crate) name: &'static str,
    pub(crate) records: &'a [T],
    pub(crate) total: Option<u64>,
}

pub(crate) struct Output {
    format: Format,
    is_quiet: bool,
    is_coloured: bool,
    is_coloured_below: bool,
    width: Option<u16>,
}

impl Output {
    pub(crate) fn new(format: Format, is_quiet: bool, when: When) -> Self {
        let is_on = |terminal: &Term| match when {
            When::Always => true,
            When::Never => false,
            When::Auto => !env::no_color() && terminal.features().colors_supported(),
        };
        let stdout = Term::stdout();
        Self {
            format,
            is_quiet,
            is_coloured: is_on(&stdout),
            is_coloured_below: is_on(&Term::stderr()),
            width: io::stdout().is_terminal().then(|| stdout.size().1),
        }
    }

    /// Whether what stands on stderr may be coloured.
    pub(crate) fn is_coloured_below(&self) -> bool {
        self.is_coloured_below
    }

    pub(crate) fn is_quiet(&self) -> bool {
        self.is_quiet
    }

    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// Many records.
    pub(crate) fn list<T: Record>(&self, page: &Page<'_, T>) -> Result<(), Failure> {
        match self.format {
            Format::Json => {
                let mut object = serde_json::json!({ page.name: page.records });
                if let (Value::Object(object), Some(total)) = (&mut object, page.total) {
                    object.insert("total".to_owned(), total.into());
                }
                return json(&object);
            }
            Format::Csv => csv(T::HEADERS, page.records.iter().map(|record| record.cells(exact)))?,
            Format::Table if page.records.is_empty() => {
                self.status(format_args!("no {}", page.name));
            }
            Format::Table => print(&self.table(page.records))?,
        }
        if let Some(total) = page.total {
            self.status(format_args!("{} of {total} {}", page.records.len(), page.name));
        }
        Ok(())
    }

    /// One record, its cells below one another.
    pub(crate) fn one<T: Record>(&self, record: &T) -> Result<(), Failure> {
        match self.format {
            Format::Json => json(record),
            Format::Csv => csv(T::HEADERS, std::iter::once(record.cells(exact))),
            Format::Table => {
                let pairs = T::HEADERS.iter().zip(record.cells(short));
                let pairs = pairs.map(|(header, cell)| ((*header).to_owned(), cell));
                self.pairs(pairs.chain(record.more()))
            }
        }
    }

    /// Names and values below one another.
    pub(crate) fn pairs(
        &self,
        pairs: impl Iterator<Item = (String, String)>,
    ) -> Result<(), Failure> {
        if self.format == Format::Csv {
            return csv(&["name", "value"], pairs.map(|(name, value)| vec![name, value]));
        }
        let mut table = self.empty_table();
        for (name, value) in pairs {
            table.add_row([Cell::new(name).fg(Color::Cyan), Cell::new(harmless(&value))]);
        }
        print(&table)
    }

    fn table<T: Record>(&self, records: &[T]) -> Table {
        let mut table = self.empty_table();
        let name = |header: &&str| Cell::new(header.to_uppercase()).fg(Color::Cyan);
        let mut header = Row::from(T::HEADERS.iter().map(name).collect::<Vec<_>>());
        header.max_height(1);
        table.set_header(header);
        for record in records {
            let cells: Vec<String> =
                record.cells(short).iter().map(|cell| harmless(cell).into_owned()).collect();
            let mut row = Row::from(cells);
            row.max_height(1);
            table.add_row(row);
        }
        let widths = table.column_max_content_widths();
        for (column, width) in T::KEPT.iter().filter_map(|i| Some((*i, *widths.get(*i)?))) {
            let least =
                ColumnConstraint::LowerBoundary(Width::Fixed(width.min(KEPT_WIDTH_MAX) + 2));
            if let Some(column) = table.column_mut(column) {
                column.set_constraint(least);
            }
        }
        // An id is there to be copied: the other columns make room for it.
        if let Some(id) = table.column_mut(0) {
            id.set_constraint(ColumnConstraint::ContentWidth);
        }
        table
    }

    fn empty_table(&self) -> Table {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_truncation_indicator("…");
        if self.is_coloured {
            table.enforce_styling()
        } else {
            table.force_no_tty()
        };
        match self.width {
            Some(width) => {
                table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
            }
            None => {
                table.set_content_arrangement(ContentArrangement::Disabled);
            }
        }
        table
    }

    /// What happened, unless nobody wants to know.
    pub(crate) fn done(&self, what: impl Display) {
        if !self.is_quiet {
            let mark = paint("done", Colour::Green, self.is_coloured_below);
            say(format_args!("{mark}: {}", harmless(&what.to_string())));
        }
    }

    /// What is going on, unless nobody wants to know.
    pub(crate) fn status(&self, what: impl Display) {
        if !self.is_quiet {
            say(harmless(&what.to_string()));
        }
    }

    /// What should be known even when all goes well.
    pub(crate) fn warn(&self, what: impl Display) {
        say(format_args!("{}: {what}", paint("warning", Colour::Yellow, self.is_coloured_below)));
    }

    /// Why a command failed, and what to do.
    pub(crate) fn fail(&self, failure: &Failure) {
        if failure.is_broken_pipe {
            return;
        }
        let mark = |text, colour| paint(text, colour, self.is_coloured_below);
        say(format_args!("{}: {}", mark("error", Colour::Red), harmless(&failure.message)));
        for cause in &failure.causes {
            say(format_args!("  because {}", harmless(cause)));
        }
        if let Some(hint) = &failure.hint {
            say(format_args!("{}: {hint}", mark("hint", Colour::Cyan)));
        }
        if self.is_json() {
            fail_as_json(failure);
        }
    }
}

/// Why a command failed, for programs: one line on stderr.
pub(crate) fn fail_as_json(failure: &Failure) {
    let message =
        failure.causes.iter().fold(failure.message.clone(), |all, cause| format!("{all}: {cause}"));
    let exit = failure.exit as u8;
    say(serde_json::json!({ "message": message, "code": failure.code, "exit": exit }));
}

/// Text on stdout as it is, such as a script or a secret.
pub(crate) fn raw(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// Any value on stdout as JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(io::Error::other)?;
    raw(&format!("{text}\n"))
}

fn print(table: &Table) -> Result<(), Failure> {
    let lines: Vec<String> = table.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    raw(&lines.concat())
}

fn csv(headers: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<(), Failure> {
    let mut writer = csv::Writer::from_writer(io::stdout().lock());
    let failed = |error: csv::Error| match error.into_kind() {
        csv::ErrorKind::Io(error) => Failure::from(error),
        other => Failure::new(Exit::Failed, format!("{other:?}")),
    };
    writer.write_record(headers).map_err(failed)?;
    for cells in rows {
        writer.write_record(cells.iter().map(|cell| no_formula(cell))).map_err(failed)?;
    }
    Ok(writer.flush()?)
}

/// A line on stderr; when nobody can read it there is nothing left to do.
fn say(line: impl Display) {
    drop(writeln!(io::stderr().lock(), "{line}"));
}

/// An instant for programs: as the REST API writes it.
fn exact(time: Timestamp) -> String {
    time.to_string()
}

/// An instant for people: minutes, in UTC.
fn short(time: Timestamp) -> String {
    let text = time.to_string();
    match text.split_once('T') {
        Some((day, time)) => {
            format!("{day} {} UTC", time.chars().take(5).collect::<String>())
        }
        None => text,
    }
}

/// A cell that a spreadsheet would run as a formula gets an apostrophe [OWASP CSV Injection].
fn no_formula(cell: &str) -> String {
    let quote = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("{quote}{cell}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_runs_no_name() {
        assert_eq!(no_formula("=1+1"), "'=1+1");
        assert_eq!(no_formula("Ada"), "Ada");
    }

    #[test]
    fn times_are_short_for_people() {
        let time = Timestamp::parse("2026-11-23T13:22:46.875Z").unwrap();
        assert_eq!(short(time), "2026-11-23 13:22 UTC");
    }

    #[derive(Serialize)]
    struct Person(&'static str);

    impl Record for Person {
        const HEADERS: &'static [&'static str] = &["id", "email", "name", "created"];
        const KEPT: &'static [usize] = &[1];

        fn cells(&self, _: TimeForm) -> Vec<String> {
            let cells = ["0199c0de-0000-7000-8000-000000000000", self.0, "Ada Lovelace", "today"];
            cells.map(str::to_owned).to_vec()
        }
    }

    fn lines(width: u16, email: &'static str) -> Vec<String> {
        let output = Output {
            format: Format::Table,
            is_quiet: false,
            is_coloured: false,
            is_coloured_below: false,
            width: Some(width),
        };
        output.table(&[Person(email)]).lines().collect()
    }

    #[test]
    fn a_narrow_terminal_cuts_what_is_not_looked_for() {
        for width in [100, 70, 40] {
            let lines = lines(width, "ada@example.com");
            assert_eq!(lines.len(), 2, "{width}: {lines:#?}");
            assert!(lines[0].contains("EMAIL"), "{lines:#?}");
            let found = " 0199c0de-0000-7000-8000-000000000000  ada@example.com ";
            assert!(lines[1].starts_with(found), "{width}: {lines:#?}");
        }
        assert!(lines(70, "ada@example.com")[1].contains('…'));
        let long = "a.very.long.address.that.somebody.chose@a.very.long.name.example";
        let line = lines(80, long).remove(1);
        assert!(line.contains(" a.very.long.address.tha… "), "{line}");
    }
}
