//! The outcome of an operation: an output that serialises for programs, and messages and a table
//! for terminals.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::database::Timestamp;
use crate::error::AuthError;

/// The output of an operation.
pub trait Outcome: Serialize + JsonSchema + 'static {
    /// The table or record to show; `None` if the messages are enough.
    fn view(&self) -> Option<View> {
        None
    }
}

/// An output and its messages.
pub struct Done<O> {
    output: O,
    said: Vec<Said>,
    failure: Option<AuthError>,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// What was done, such as `banned ada@example.com`.
    Done(String),
    /// The current status.
    Status(String),
    /// A warning, shown even with `--quiet`.
    Warning(String),
}

impl<O> Done<O> {
    /// An output with a message about what was done.
    pub fn new(what: impl Into<String>, output: O) -> Self {
        Self::saying([Said::Done(what.into())], output)
    }

    /// An output with messages.
    pub fn saying(said: impl Into<Vec<Said>>, output: O) -> Self {
        Self { output, said: said.into(), failure: None }
    }

    /// Adds an error: the operation failed, and the output is shown on terminals only.
    #[must_use]
    pub fn failing(mut self, failure: Option<AuthError>) -> Self {
        self.failure = failure;
        self
    }

    /// The output, or the error.
    pub fn output(self) -> Result<O, AuthError> {
        self.failure.map_or(Ok(self.output), Err)
    }
}

/// An output without messages.
impl<O> From<O> for Done<O> {
    fn from(output: O) -> Self {
        Self::saying([], output)
    }
}

/// An outcome for presentation.
pub struct Presented {
    /// Makes the output as JSON.
    pub json: Box<dyn Fn() -> Result<Value, AuthError>>,
    /// The messages.
    pub said: Vec<Said>,
    /// The table or record to show.
    pub view: Option<View>,
    /// The error, if it failed although there is something to show.
    pub failure: Option<AuthError>,
}

impl<O: Outcome> Done<O> {
    /// Converts the outcome for presentation.
    pub fn presented(self) -> Presented {
        let Self { output, said, failure } = self;
        let view = output.view();
        let json = Box::new(move || serde_json::to_value(&output).map_err(AuthError::internal));
        Presented { json, said, view, failure }
    }
}

/// A type that is shown as a row of a table or as a record.
pub trait Record {
    /// The headers of its cells.
    const HEADERS: &'static [&'static str];
    /// Cells that a narrow terminal keeps, besides the first; other cells are shortened for them.
    const KEPT: &'static [usize] = &[];

    /// Its cells.
    fn cells(&self) -> Vec<Cell>;

    /// Additional names and values of the record view, which only some deployments have.
    fn more(&self) -> Vec<(String, String)> {
        Vec::new()
    }
}

/// The value of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Any text.
    Text(String),
    /// A time, in the format of the output.
    Time(Timestamp),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Cell {
    fn from(flag: bool) -> Self {
        if flag { "yes" } else { "no" }.into()
    }
}

impl From<Timestamp> for Cell {
    fn from(time: Timestamp) -> Self {
        Self::Time(time)
    }
}

/// Records as a table, or a single record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// The headers.
    pub headers: &'static [&'static str],
    /// Cells that a narrow terminal keeps.
    pub kept: &'static [usize],
    /// The cells of each record.
    pub rows: Vec<Vec<Cell>>,
    /// One or many.
    pub form: Form,
}

/// The form of a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// A single record, with its additional names and values.
    One(Vec<(String, String)>),
    /// A list.
    List {
        /// The name of the list in JSON.
        name: &'static str,
        /// The total number, if it was counted.
        total: Option<u64>,
        /// The offset of the next page, if there is one.
        next: Option<u32>,
    },
}

impl View {
    /// A single record, with one line per cell.
    pub fn one(record: &impl Record) -> Self {
        Self::new(std::slice::from_ref(record), Form::One(record.more()))
    }

    /// A complete list, with its name in JSON.
    pub fn list(name: &'static str, records: &[impl Record]) -> Self {
        Self::page(name, records, None, None)
    }

    /// A page of a list, with the total number if it was counted and the offset of the next page if
    /// there is one.
    pub fn page(
        name: &'static str,
        records: &[impl Record],
        total: Option<u64>,
        next: Option<u32>,
    ) -> Self {
        Self::new(records, Form::List { name, total, next })
    }

    fn new<T: Record>(records: &[T], form: Form) -> Self {
        let rows = records.iter().map(Record::cells).collect();
        Self { headers: T::HEADERS, kept: T::KEPT, rows, form }
    }
}
