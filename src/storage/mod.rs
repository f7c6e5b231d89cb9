//! Secondary storage: texts under keys that expire, shared by all servers [contract 11.6].
//!
//! Beside the database, as it is neither SQL nor HTTP; only this room knows the driver. What the texts mean is up to
//! `models`.

mod connections;
mod error;

use std::path::PathBuf;
use std::time::Duration;

use redis::cmd;

use crate::config::SecondaryStorage;

pub use error::StorageError;

use connections::Connections;

/// How often an edit is retried after concurrent changes.
const EDITS_MAX: usize = 64;
/// Keys per step of a scan.
const WALK_STEP: usize = 500;

/// Gets and deletes.
const TAKE: &str = "local text = redis.call('GET', KEYS[1])
if text then redis.call('DEL', KEYS[1]) end
return text";
/// Compare and set: writes, or deletes if the new text is empty, unless the text has changed. The lifetime of a key is
/// never shortened; only the storage knows what is left of it, independent of the servers' clocks.
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
/// Counts. The first count begins the window; a counter without expiry gets one. The count `max` begins another window.
const INCREMENT: &str = "local count = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
local window = left < 0 and ARGV[1]
if count == tonumber(ARGV[2]) then window = ARGV[3] end
if window then
  redis.call('EXPIRE', KEYS[1], window)
  left = window * 1000
end
return {count, left}";
/// The count of the current window, and the time left.
const COUNT: &str =
    "return {tonumber(redis.call('GET', KEYS[1]) or 0), redis.call('PTTL', KEYS[1])}";

/// A storage, shared by all threads; it connects at the first use.
pub struct Storage {
    connections: Connections,
    prefix: String,
}

/// What to do with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Leave it unchanged.
    Leave,
    /// Replace it, with this lifetime or the remaining one, whichever is longer.
    Put(String, Duration),
    /// Replace it and keep the remaining lifetime.
    Replace(String),
    /// Delete it.
    Remove,
}

impl Storage {
    /// The configured storage, if any.
    pub fn new(options: &SecondaryStorage) -> Option<Self> {
        let url = options.url.as_ref()?;
        let connections =
            Connections::new(url.clone(), options.ca_file.clone().map(PathBuf::into_boxed_path));
        Some(Self { connections, prefix: options.key_prefix.clone() })
    }

    /// Checks that the storage responds.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] if it does not, [`StorageError::Busy`] when every connection is in use,
    /// [`StorageError::Other`] for any other error.
    pub fn check(&self) -> Result<(), StorageError> {
        self.connections.run(|connection| cmd("PING").query(connection))
    }

    /// The text under a key.
    pub fn get(&self, key: &str) -> Result<Option<String>, StorageError> {
        let key = self.full(key);
        self.connections.run(|connection| cmd("GET").arg(&key).query(connection))
    }

    /// Sets a text with a lifetime in whole seconds, at least one.
    pub fn set(&self, key: &str, text: &str, ttl: Duration) -> Result<(), StorageError> {
        let (key, seconds) = (self.full(key), whole_seconds(ttl));
        self.connections.run(|connection| {
            cmd("SET").arg(&key).arg(text).arg("EX").arg(seconds).query(connection)
        })
    }

    /// Deletes a key; `false` if it did not exist.
    pub fn remove(&self, key: &str) -> Result<bool, StorageError> {
        let key = self.full(key);
        self.connections.run(|connection| cmd("DEL").arg(&key).query(connection))
    }

    /// Gets and deletes a key. Of several concurrent calls one gets it.
    pub fn take(&self, key: &str) -> Result<Option<String>, StorageError> {
        let key = self.full(key);
        self.connections.run(|connection| cmd("EVAL").arg(TAKE).arg(1).arg(&key).query(connection))
    }

    /// Changes a text despite concurrent changes: `edit` gets the current text, and is called again if that has
    /// changed. Returns whether anything was changed.
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

    /// Counts under a key, with a window that begins with the first count; returns the count and the time left. All
    /// servers share the counter.
    pub fn increment(&self, key: &str, window: Duration) -> Result<(u64, Duration), StorageError> {
        self.increment_up_to(key, window, (0, Duration::ZERO))
    }

    /// As [`Storage::increment`]; the count `max` begins another window, which lasts for `then`.
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

    /// The count under a key and the time left of its window; 0 if there is none.
    pub fn count(&self, key: &str) -> Result<(u64, Duration), StorageError> {
        let key = self.full(key);
        let (count, left): (u64, i64) = self
            .connections
            .run(|connection| cmd("EVAL").arg(COUNT).arg(1).arg(&key).query(connection))?;
        Ok((count, Duration::from_millis(u64::try_from(left).unwrap_or_default())))
    }

    /// Calls `each` with every key with this prefix, without the prefix of the deployment. Concurrent changes may be missed,
    /// and a key may occur twice. Takes time in proportion to all keys.
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

/// Rounds down, so that nothing expires too late.
fn whole_seconds(ttl: Duration) -> u64 {
    ttl.as_secs().max(1)
}

/// Escapes a text so that it matches only itself as a pattern.
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
