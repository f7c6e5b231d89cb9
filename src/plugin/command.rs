//! What a plugin adds to the command line: rows, from which the grammar, the help and the completions
//! are made.

use std::collections::HashMap;

use crate::error::AuthError;
use crate::instance::Caller;
use crate::instance::Instance;
use crate::models::User;

/// A command such as `users ban`.
#[derive(Debug, Clone, Copy)]
pub struct Command {
    /// Its name, below `users`.
    pub name: &'static str,
    /// What it does, in one line.
    pub about: &'static str,
    /// Lines that can be typed, for `--help`.
    pub examples: &'static str,
    /// What it takes besides the user whom it is about; that one comes first.
    pub args: &'static [Arg],
    /// Does it.
    pub run: fn(&Instance, &Caller<'_>, &User, &Given) -> Result<Done, AuthError>,
}

/// What a command takes.
#[derive(Debug, Clone, Copy)]
pub struct Arg {
    /// Its name; that of an option is typed with `--` before it.
    pub name: &'static str,
    /// Its form.
    pub kind: ArgKind,
    /// What it is for, in one line.
    pub help: &'static str,
}

/// The form of what a command takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArgKind {
    /// One or several words by their place, which must be there; the text stands for them in the help.
    Words(&'static str),
    /// An option with a value; the text stands for it in the help.
    Value(&'static str),
}

/// What was typed.
#[derive(Debug, Clone, Default)]
pub struct Given {
    values: HashMap<&'static str, Vec<String>>,
}

impl Given {
    /// Notes what was typed for the argument with this name.
    pub fn insert(&mut self, name: &'static str, values: Vec<String>) {
        self.values.insert(name, values);
    }

    /// The words, or the values of an option.
    pub fn texts(&self, name: &str) -> &[String] {
        self.values.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The value of an option.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts(name).last().map(String::as_str)
    }
}

/// What a command did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// In words, such as `banned ada@example.com`.
    pub what: String,
    /// The user as they are then.
    pub user: User,
}

/// An option of the commands that make or change a user: short for `--field NAME=VALUE`, and checked.
#[derive(Debug, Clone, Copy)]
pub struct UserOption {
    /// The field that it sets, and its own name.
    pub field: &'static str,
    /// What stands for its value in the help.
    pub value_name: &'static str,
    /// What it is for, in one line.
    pub help: &'static str,
    /// Refuses values that nobody means.
    pub check: fn(&Instance, &str) -> Result<(), AuthError>,
}
