//! The only module that prints: data to stdout as table, JSON or CSV, everything else to stderr.

use std::fmt::Display;
use std::io;
use std::io::IsTerminal as _;
use std::io::Write as _;

use better_auth::config::env;
use better_auth::database::Timestamp;
use better_auth::operations::outcome::Cell;
use better_auth::operations::outcome::Form;
use better_auth::operations::outcome::Presented;
use better_auth::operations::outcome::Said;
use better_auth::operations::outcome::View;
use clap::ColorChoice;
use clap::ValueEnum;
use comfy_table::Color;
use comfy_table::ColumnConstraint;
use comfy_table::ContentArrangement;
use comfy_table::Row;
use comfy_table::Table;
use comfy_table::Width;
use comfy_table::presets;
use dialoguer::console::Term;
use serde::Serialize;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::terminal::Colour;
use crate::cli::terminal::harmless;
use crate::cli::terminal::harmless_json;
use crate::cli::terminal::paint;

/// Minimum width of a kept cell, including the mark of a cut.
const KEPT_WIDTH_MAX: u16 = 24;

/// The first characters of formulas, including full-width ones; spreadsheets skip leading blanks.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// The format of data on stdout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For terminals
    #[default]
    Table,
    /// For programs: exactly as in the REST API
    Json,
    /// For spreadsheets: formulas are disabled, and control characters are escaped as in tables
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

/// How a time is written.
type TimeForm = fn(Timestamp) -> String;

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

    /// Whether stderr is coloured.
    pub(crate) fn is_coloured_below(&self) -> bool {
        self.is_coloured_below
    }

    pub(crate) fn is_quiet(&self) -> bool {
        self.is_quiet
    }

    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// Shows the outcome of an operation. `is_cut_by_hand` says whether the length of a list was
    /// requested.
    pub(crate) fn present(
        &self,
        presented: &Presented,
        is_cut_by_hand: bool,
    ) -> Result<(), Failure> {
        for said in &presented.said {
            match said {
                Said::Done(what) => self.done(what),
                Said::Status(how) => self.status(how),
                Said::Warning(what) => self.warn(what),
            }
        }
        if self.is_json() {
            json(&(presented.json)()?)?;
        }
        presented.view.as_ref().map_or(Ok(()), |view| self.view(view, is_cut_by_hand))
    }

    /// Shows records, or one of them, and how to get further ones. Not used for JSON, which
    /// contains both.
    pub(crate) fn view(&self, view: &View, is_cut_by_hand: bool) -> Result<(), Failure> {
        match (self.format, &view.form) {
            (Format::Json, _) => {}
            (Format::Csv, _) => csv(view.headers, view.rows.iter().map(|row| texts(row, exact)))?,
            (Format::Table, Form::One(more)) => {
                let cells = view.rows.iter().flat_map(|row| texts(row, short));
                let pairs = view.headers.iter().map(|header| (*header).to_owned()).zip(cells);
                self.pairs(pairs.chain(more.iter().cloned()))?;
            }
            (Format::Table, Form::List { name, .. }) if view.rows.is_empty() => {
                self.status(format_args!("no {name}"));
            }
            (Format::Table, Form::List { .. }) => print(&self.table(view))?,
        }
        if let Form::List { name, total, next } = &view.form {
            if let (Some(total), false) = (total, self.is_json()) {
                self.status(format_args!("{} of {total} {name}", view.rows.len()));
            }
            if let Some(next) = next {
                self.say_more(name, *next, is_cut_by_hand);
            }
        }
        Ok(())
    }

    /// Tells that there are more rows; without `--limit` as a warning, which `--quiet` shows too.
    fn say_more(&self, name: &str, next: u32, is_cut_by_hand: bool) {
        if is_cut_by_hand {
            self.status(format_args!(
                "there are more {name}; use --offset {next} for the next page"
            ));
        } else {
            self.warn(format_args!(
                "there are more {name}; use --limit for longer pages, --offset {next} for the next page"
            ));
        }
    }

    /// Names and values, one per line.
    pub(crate) fn pairs(
        &self,
        pairs: impl Iterator<Item = (String, String)>,
    ) -> Result<(), Failure> {
        if self.format == Format::Csv {
            return csv(&["name", "value"], pairs.map(|(name, value)| vec![name, value]));
        }
        let mut table = self.empty_table();
        for (name, value) in pairs {
            let name = comfy_table::Cell::new(harmless(&name)).fg(Color::Cyan);
            table.add_row([name, comfy_table::Cell::new(harmless(&value))]);
        }
        print(&table)
    }

    fn table(&self, view: &View) -> Table {
        let mut table = self.empty_table();
        let name = |header: &&str| comfy_table::Cell::new(header.to_uppercase()).fg(Color::Cyan);
        let mut header = Row::from(view.headers.iter().map(name).collect::<Vec<_>>());
        header.max_height(1);
        table.set_header(header);
        for cells in &view.rows {
            let cells = texts(cells, short);
            let mut row = Row::from(cells.iter().map(|cell| harmless(cell)).collect::<Vec<_>>());
            row.max_height(1);
            table.add_row(row);
        }
        let widths = table.column_max_content_widths();
        for (column, width) in view.kept.iter().filter_map(|i| Some((*i, *widths.get(*i)?))) {
            let least =
                ColumnConstraint::LowerBoundary(Width::Fixed(width.min(KEPT_WIDTH_MAX) + 2));
            if let Some(column) = table.column_mut(column) {
                column.set_constraint(least);
            }
        }
        // Ids are for copying: the other columns shrink first.
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

    /// Says what was done, unless `--quiet`.
    pub(crate) fn done(&self, what: impl Display) {
        if !self.is_quiet {
            let mark = paint("done", Colour::Green, self.is_coloured_below);
            say(format_args!("{mark}: {}", harmless(&what.to_string())));
        }
    }

    /// Shows progress or status, unless `--quiet`.
    pub(crate) fn status(&self, what: impl Display) {
        if !self.is_quiet {
            say(harmless(&what.to_string()));
        }
    }

    /// Shows a warning.
    pub(crate) fn warn(&self, what: impl Display) {
        let mark = paint("warning", Colour::Yellow, self.is_coloured_below);
        say(format_args!("{mark}: {}", harmless(&what.to_string())));
    }

    /// Shows a failure.
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
            say(format_args!("{}: {}", mark("hint", Colour::Cyan), harmless(hint)));
        }
        if self.is_json() {
            fail_as_json(failure);
        }
    }
}

/// Shows a failure for programs: one line on stderr.
pub(crate) fn fail_as_json(failure: &Failure) {
    let message =
        failure.causes.iter().fold(failure.message.clone(), |all, cause| format!("{all}: {cause}"));
    let exit = failure.exit as u8;
    let object = serde_json::json!({ "message": message, "code": failure.code, "exit": exit });
    say(harmless_json(&object.to_string()));
}

/// Writes text to stdout as it is, such as a script or a secret.
pub(crate) fn raw(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// Writes a value to stdout as JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(io::Error::other)?;
    raw(&format!("{}\n", harmless_json(&text)))
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
        writer.write_record(cells.iter().map(|cell| csv_cell(cell))).map_err(failed)?;
    }
    Ok(writer.flush()?)
}

/// Writes a line to stderr; there is nothing to do if that fails.
fn say(line: impl Display) {
    drop(writeln!(io::stderr().lock(), "{line}"));
}

/// Cells as text, with times in this format.
fn texts(cells: &[Cell], time: TimeForm) -> Vec<String> {
    let text = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        Cell::Time(at) => time(*at),
    };
    cells.iter().map(text).collect()
}

/// A time for programs, as in the REST API.
fn exact(time: Timestamp) -> String {
    time.to_string()
}

/// A time for terminals: minutes, in UTC.
fn short(time: Timestamp) -> String {
    let text = time.to_string();
    match text.split_once('T') {
        Some((day, time)) => {
            format!("{day} {} UTC", time.chars().take(5).collect::<String>())
        }
        None => text,
    }
}

/// A cell as in a table, so that a record is one line; JSON has the exact values. A cell that a
/// spreadsheet would run as a formula gets an apostrophe [OWASP CSV Injection].
fn csv_cell(cell: &str) -> String {
    let cell = harmless(cell);
    let quote = if cell.trim_start().starts_with(FORMULA) { "'" } else { "" };
    format!("{quote}{cell}")
}

#[cfg(test)]
mod tests {
    use better_auth::operations::outcome::Record;

    use super::*;

    #[test]
    fn a_spreadsheet_runs_no_name() {
        for name in ["=1+1", "+1", "-1", "@sum(a1)", " =1+1", "\u{a0}=1", "\u{ff1d}1+1"] {
            assert_eq!(csv_cell(name), format!("'{name}"));
        }
        // The escape of a tab or a line end does not start a formula.
        assert_eq!(csv_cell("\t=1"), "\\u{9}=1");
        assert_eq!(csv_cell("Ada = 1"), "Ada = 1");
    }

    #[test]
    fn times_are_short_for_people() {
        let time = Timestamp::parse("2026-11-23T13:22:46.875Z").unwrap();
        assert_eq!(short(time), "2026-11-23 13:22 UTC");
    }

    struct Person(&'static str);

    impl Record for Person {
        const HEADERS: &'static [&'static str] = &["id", "email", "name", "created"];
        const KEPT: &'static [usize] = &[1];

        fn cells(&self) -> Vec<Cell> {
            let cells = ["0199c0de-0000-7000-8000-000000000000", self.0, "Ada Lovelace", "today"];
            cells.map(Cell::from).to_vec()
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
        output.table(&View::list("people", &[Person(email)])).lines().collect()
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
