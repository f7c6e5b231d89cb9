//! What an operation answers: an output that serialises for programs, and for people words and a table.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::database::Timestamp;
use crate::error::AuthError;

/// The output of an operation.
pub trait Outcome: Serialize + JsonSchema + 'static {
    /// What people look at; nothing where the words say it all.
    fn view(&self) -> Option<View> {
        None
    }
}

/// An output, with what is said about it.
pub struct Done<O> {
    output: O,
    said: Vec<Said>,
    failure: Option<AuthError>,
}

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// What was done, such as `banned ada@example.com`.
    Done(String),
    /// How things stand.
    Status(String),
    /// What should be known even when all goes well.
    Warning(String),
}

impl<O> Done<O> {
    /// Something was done.
    pub fn new(what: impl Into<String>, output: O) -> Self {
        Self::saying([Said::Done(what.into())], output)
    }

    /// What is said.
    pub fn saying(said: impl Into<Vec<Said>>, output: O) -> Self {
        Self { output, said: said.into(), failure: None }
    }

    /// The same, but it failed, if there is an error; only people see the output then.
    #[must_use]
    pub fn failing(mut self, failure: Option<AuthError>) -> Self {
        self.failure = failure;
        self
    }

    /// The output, or why it failed.
    pub fn output(self) -> Result<O, AuthError> {
        self.failure.map_or(Ok(self.output), Err)
    }
}

/// An output of which nothing has to be said.
impl<O> From<O> for Done<O> {
    fn from(output: O) -> Self {
        Self::saying([], output)
    }
}

/// An output for whoever shows it.
pub struct Presented {
    /// For programs: it is made when it is asked for.
    pub json: Box<dyn Fn() -> Result<Value, AuthError>>,
    /// For people: what happened.
    pub said: Vec<Said>,
    /// For people: what there is to look at.
    pub view: Option<View>,
    /// Why it failed although there is something to show.
    pub failure: Option<AuthError>,
}

impl<O: Outcome> Done<O> {
    /// All forms of it.
    pub fn presented(self) -> Presented {
        let Self { output, said, failure } = self;
        let view = output.view();
        let json = Box::new(move || serde_json::to_value(&output).map_err(AuthError::internal));
        Presented { json, said, view, failure }
    }
}

/// Something that is shown as a row or by itself.
pub trait Record {
    /// The names of its cells.
    const HEADERS: &'static [&'static str];
    /// Cells that people look for, beside the first: a narrow terminal takes its room from others.
    const KEPT: &'static [usize] = &[];

    /// Its cells.
    fn cells(&self) -> Vec<Cell>;

    /// What only some deployments have: names and values that follow when it is shown by itself.
    fn more(&self) -> Vec<(String, String)> {
        Vec::new()
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Any text.
    Text(String),
    /// An instant, in the form that suits the reader.
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

/// Records as a table, or one of them by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// The names of the cells.
    pub headers: &'static [&'static str],
    /// Cells that a narrow terminal keeps.
    pub kept: &'static [usize],
    /// The cells of each record.
    pub rows: Vec<Vec<Cell>>,
    /// One or many.
    pub form: Form,
}

/// How records stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// One, with the names and values that follow.
    One(Vec<(String, String)>),
    /// A list.
    List {
        /// What JSON calls it.
        name: &'static str,
        /// How many there are, if that was counted.
        total: Option<u64>,
        /// The offset of the next page, if there is one.
        next: Option<u32>,
    },
}

impl View {
    /// One record, its cells below one another.
    pub fn one(record: &impl Record) -> Self {
        Self::new(std::slice::from_ref(record), Form::One(record.more()))
    }

    /// All there are, under the name that JSON gives them.
    pub fn list(name: &'static str, records: &[impl Record]) -> Self {
        Self::page(name, records, None, None)
    }

    /// Some of them: how many there are, if that was counted, and the offset of the next page, if there is one.
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
