//! Secondary storage: texts under keys that end by themselves, shared by every server [contract 11.6].
//!
//! A neighbour of the database: neither SQL nor HTTP, and only this room knows the driver. What the
//! texts say is the business of `models`.

mod connections;
mod error;

use std::path::PathBuf;
use std::time::Duration;

use redis::cmd;

use crate::config::SecondaryStorage;

pub use error::StorageError;

use connections::Connections;

/// How often a text is read again that somebody else changed in the meantime.
const EDITS_MAX: usize = 64;
/// Keys that one step of a walk looks at.
const WALK_STEP: usize = 500;

/// Deletes what it answers.
const TAKE: &str = "local text = redis.call('GET', KEYS[1])
if text then redis.call('DEL', KEYS[1]) end
return text";
/// Writes, or deletes where the new text is empty, unless the text is another one by now. A key never ends earlier
/// than it would have: what is left of its time is known here only, whatever the clocks of the servers say.
const REPLACE: &str = "if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
if ARGV[2] == '' then
  redis.call('DEL', KEYS[1])
  return 1
end
local left = redis.call('PTTL', KEYS[1])
if left == -1 and ARGV[3] == '' then
  redis.call('SET', KEYS[1], ARGV[2])
else
  redis.call('SET', KEYS[1], ARGV[2], 'PX', math.max(left, (tonumber(ARGV[3]) or 0) * 1000, 1))
end
return 1";
/// Counts; the first of a window begins it, and a count that would never end gets an end. One count may begin
/// another window.
const INCREMENT: &str = "local count = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
local window = left < 0 and ARGV[1]
if count == tonumber(ARGV[2]) then window = ARGV[3] end
if window then
  redis.call('EXPIRE', KEYS[1], window)
  left = window * 1000
end
return {count, left}";
/// The count of a window that is not over, and what is left of it.
const COUNT: &str =
    "return {tonumber(redis.call('GET', KEYS[1]) or 0), redis.call('PTTL', KEYS[1])}";

/// One store, shared by every thread; it connects at the first use.
pub struct Storage {
    connections: Connections,
    prefix: String,
}

/// What becomes of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// It stays as it is.
    Leave,
    /// It is this one, for so long, or longer where its key had more time left.
    Put(String, Duration),
    /// It is this one, for as long as its key had left.
    Replace(String),
    /// It goes.
    Remove,
}

impl Storage {
    /// The store that the configuration names, if it names one.
    pub fn new(options: &SecondaryStorage) -> Option<Self> {
        let url = options.url.as_ref()?;
        let connections =
            Connections::new(url.clone(), options.ca_file.clone().map(PathBuf::into_boxed_path));
        Some(Self { connections, prefix: options.key_prefix.clone() })
    }

    /// Asks whether it is there.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when it is not, [`StorageError::Busy`] when every connection is in use,
    /// [`StorageError::Other`] for what else it answers.
    pub fn check(&self) -> Result<(), StorageError> {
        self.connections.run(|connection| cmd("PING").query(connection))
    }

    /// The text under a key.
    pub fn get(&self, key: &str) -> Result<Option<String>, StorageError> {
        let key = self.full(key);
        self.connections.run(|connection| cmd("GET").arg(&key).query(connection))
    }

    /// Puts a text under a key for so long: whole seconds, at least one.
    pub fn set(&self, key: &str, text: &str, ttl: Duration) -> Result<(), StorageError> {
        let (key, seconds) = (self.full(key), whole_seconds(ttl));
        self.connections.run(|connection| {
            cmd("SET").arg(&key).arg(text).arg("EX").arg(seconds).query(connection)
        })
    }

    /// Removes a key; `false` when it was not there.
    pub fn remove(&self, key: &str) -> Result<bool, StorageError> {
        let key = self.full(key);
        self.connections.run(|connection| cmd("DEL").arg(&key).query(connection))
    }

    /// Removes a key and answers its text. Of those who try at the same moment one gets it.
    pub fn take(&self, key: &str) -> Result<Option<String>, StorageError> {
        let key = self.full(key);
        self.connections.run(|connection| cmd("EVAL").arg(TAKE).arg(1).arg(&key).query(connection))
    }

    /// Changes a text, whatever others do to it at the same moment: `edit` sees what is there, and is asked
    /// again when that is no longer true. Answers whether anything was changed.
    pub fn edit(
        &self,
        key: &str,
        mut edit: impl FnMut(Option<&str>) -> Edit,
    ) -> Result<bool, StorageError> {
        for _ in 0..EDITS_MAX {
            let found = self.get(key)?;
            let (text, seconds) = match edit(found.as_deref()) {
                Edit::Leave => return Ok(false),
                Edit::Put(text, ttl) => (text, whole_seconds(ttl).to_string()),
                Edit::Replace(text) => (text, String::new()),
                Edit::Remove => (String::new(), String::new()),
            };
            let (key, expected) = (self.full(key), found.unwrap_or_default());
            let is_done: bool = self.connections.run(|connection| {
                let mut replace = cmd("EVAL");
                replace.arg(REPLACE).arg(1).arg(&key).arg(&expected).arg(&text).arg(&seconds);
                replace.query(connection)
            })?;
            if is_done {
                return Ok(true);
            }
        }
        Err(StorageError::Busy)
    }

    /// Counts under a key whose window begins with its first count; answers the count and what is left of
    /// the window. Every server counts in the same place.
    pub fn increment(&self, key: &str, window: Duration) -> Result<(u64, Duration), StorageError> {
        self.increment_up_to(key, window, (0, Duration::ZERO))
    }

    /// As [`Storage::increment`]; the count that is `max` begins a window of its own, which lasts for `then`.
    pub fn increment_up_to(
        &self,
        key: &str,
        window: Duration,
        (max, then): (u64, Duration),
    ) -> Result<(u64, Duration), StorageError> {
        let (key, first, then) = (self.full(key), whole_seconds(window), whole_seconds(then));
        let (count, left) = self.connections.run(|connection| {
            let mut increment = cmd("EVAL");
            increment.arg(INCREMENT).arg(1).arg(&key).arg(first).arg(max).arg(then);
            increment.query(connection)
        })?;
        Ok((count, Duration::from_millis(left)))
    }

    /// The count under a key and what is left of its window; 0 where there is none.
    pub fn count(&self, key: &str) -> Result<(u64, Duration), StorageError> {
        let key = self.full(key);
        let (count, left): (u64, i64) = self
            .connections
            .run(|connection| cmd("EVAL").arg(COUNT).arg(1).arg(&key).query(connection))?;
        Ok((count, Duration::from_millis(u64::try_from(left).unwrap_or_default())))
    }

    /// Every key that begins like this, without the prefix, a part at a time; one that comes or goes meanwhile
    /// may be missed, and one may come twice. Takes as long as there are keys.
    pub fn walk<E: From<StorageError>>(
        &self,
        begin: &str,
        mut each: impl FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        let pattern = format!("{}*", escape(&self.full(begin)));
        let mut cursor = "0".to_owned();
        loop {
            let (next, keys): (String, Vec<String>) = self.connections.run(|connection| {
                let mut scan = cmd("SCAN");
                scan.arg(&cursor).arg("MATCH").arg(&pattern).arg("COUNT").arg(WALK_STEP);
                scan.query(connection)
            })?;
            for key in keys.iter().filter_map(|key| key.strip_prefix(&self.prefix)) {
                each(key)?;
            }
            if next == "0" {
                return Ok(());
            }
            cursor = next;
        }
    }

    fn full(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }
}

/// What is in whole seconds ends no later than it should.
fn whole_seconds(ttl: Duration) -> u64 {
    ttl.as_secs().max(1)
}

/// A text as a pattern that fits nothing else.
fn escape(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '*' | '?' | '[' | ']' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_no_pattern() {
        assert_eq!(escape(r"a*[b]?\"), r"a\*\[b\]\?\\");
    }
}
