//! The rows and their SQL, one file per table; nobody else writes any.
//!
//! A statement is a constant beside the function that runs it, the same text for every database:
//! quoted names, `$1` parameters that first appear in rising order, `RETURNING`, no clock and no
//! randomness of the database's own.

pub mod account;
pub mod session;
pub mod user;

pub use account::Account;
pub use session::Session;
pub use session::SessionWithUser;
pub use user::User;

/// The page of a list: how many rows, after how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Rows at most.
    pub limit: u32,
    /// Rows passed over first.
    pub offset: u32,
}

/// Which way a list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Smallest or oldest first.
    Ascending,
    /// Largest or newest first.
    #[default]
    Descending,
}

impl Direction {
    fn sql(self) -> &'static str {
        match self {
            Self::Ascending => "ASC",
            Self::Descending => "DESC",
        }
    }
}

/// What a person typed as a search, as a pattern of `LIKE … ESCAPE '!'` that finds it anywhere.
fn like_pattern(search: &str) -> String {
    let mut pattern = String::with_capacity(search.len() + 2);
    pattern.push('%');
    for character in search.chars() {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_finds_its_wildcards_as_they_are_written() {
        assert_eq!(like_pattern("50%_!a"), "%50!%!_!!a%");
    }
}
