//! A list of breached passwords in the format of "Have I Been Pwned": sorted lines, each a SHA-1 in
//! hexadecimal digits with an optional colon and count. It is searched on disk, because it has tens
//! of gigabytes.

use std::cmp::Ordering;
use std::fs::File;
use std::io;
use std::io::Read as _;
use std::io::Seek as _;
use std::io::SeekFrom;
use std::path::Path;

use ring::digest::SHA1_FOR_LEGACY_USE_ONLY;
use ring::digest::digest;

use crate::crypto::Secret;
use crate::files;

/// Hexadecimal digits of a SHA-1.
const DIGITS: usize = 40;
/// Maximum bytes of a line: a hash, a colon, a count and the end of the line.
const LINE_BYTES_MAX: usize = 64;
/// The number of positions that are checked; checking all lines would take minutes.
const SAMPLES: u64 = 64;

/// Upper-case digits, which sort like the list.
type Hash = [u8; DIGITS];

/// Whether the list contains this password. The file is opened for each search, so a newer list
/// applies immediately.
pub(super) fn holds(path: &Path, password: &Secret) -> io::Result<bool> {
    let wanted = hash(password);
    let mut list = List::open(path)?;
    // The line, if it exists, starts at or after `from` and before `to`.
    let (mut from, mut to) = (0, list.length);
    while from < to {
        let middle = from.midpoint(to);
        match list.line_after(middle)? {
            Some(line) if line.begin < to => match line.hash.cmp(&wanted) {
                Ordering::Less => from = line.end,
                Ordering::Equal => return Ok(true),
                Ordering::Greater => to = middle,
            },
            _ => to = middle,
        }
    }
    Ok(false)
}

/// Checks samples all over the list, so that a wrong format or order is noticed at startup.
pub(super) fn check(path: &Path) -> io::Result<()> {
    let mut list = List::open(path)?;
    let mut last = [0; DIGITS];
    for sample in 0..SAMPLES {
        let place = list.length / SAMPLES * sample;
        let Some(line) = list.line_after(place)? else { break };
        if line.hash < last {
            return Err(invalid(format!("the list is not sorted by hash at byte {}", line.begin)));
        }
        last = line.hash;
    }
    if last == [0; DIGITS] { Err(invalid("the list is empty".to_owned())) } else { Ok(()) }
}

fn hash(password: &Secret) -> Hash {
    let digest = digest(&SHA1_FOR_LEGACY_USE_ONLY, password.expose().as_bytes());
    let mut digits = [0; DIGITS];
    let text = hex::encode_upper(digest);
    digits.iter_mut().zip(text.bytes()).for_each(|(digit, from)| *digit = from);
    digits
}

struct List {
    file: File,
    length: u64,
}

struct HashLine {
    begin: u64,
    /// The start of the next line.
    end: u64,
    hash: Hash,
}

impl List {
    fn open(path: &Path) -> io::Result<Self> {
        let file = files::open(path)?;
        let length = file.metadata()?.len();
        Ok(Self { file, length })
    }

    /// The first line that starts at or after this byte.
    fn line_after(&mut self, byte: u64) -> io::Result<Option<HashLine>> {
        let mut begin = byte;
        let mut bytes = self.read(byte.saturating_sub(1))?;
        if 0 < byte {
            let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
                let is_end = self.length <= byte - 1 + bytes.len() as u64;
                return if is_end { Ok(None) } else { Err(no_hash(byte)) };
            };
            begin = byte + end as u64;
            bytes = bytes.split_off(end + 1);
        }
        if bytes.is_empty() {
            return Ok(None);
        }
        let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let end = begin + line.len() as u64;
        let digits = line.first_chunk::<DIGITS>().filter(|digits| {
            let rest = line.get(DIGITS..).unwrap_or_default();
            digits.iter().all(u8::is_ascii_hexdigit)
                && matches!(rest.first(), None | Some(b':' | b'\r'))
        });
        match digits {
            Some(digits) if line.len() < LINE_BYTES_MAX => Ok(Some(HashLine {
                begin,
                end,
                hash: digits.map(|digit| digit.to_ascii_uppercase()),
            })),
            _ => Err(no_hash(begin)),
        }
    }

    /// Reads two lines from this byte on, or the rest.
    fn read(&mut self, from: u64) -> io::Result<Vec<u8>> {
        self.file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::with_capacity(2 * LINE_BYTES_MAX);
        (&self.file).take(2 * LINE_BYTES_MAX as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

fn no_hash(byte: u64) -> io::Error {
    invalid(format!("expected a SHA-1 of {DIGITS} hexadecimal digits at byte {byte} of the list"))
}

fn invalid(problem: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, problem)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn list(passwords: &[String], end: &str, has_counts: bool) -> tempfile::NamedTempFile {
        let mut lines: Vec<String> = passwords
            .iter()
            .enumerate()
            .map(|(at, password)| {
                let hash = String::from_utf8(hash(&Secret::new(password)).to_vec()).unwrap();
                if has_counts { format!("{hash}:{}", "7".repeat(at % 12 + 1)) } else { hash }
            })
            .collect();
        lines.sort();
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), lines.join(end)).unwrap();
        file
    }

    fn text(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        file
    }

    #[test]
    fn the_hash_is_the_one_that_lists_of_breached_passwords_have() {
        let digits = hash(&Secret::new("password"));
        assert_eq!(&digits, b"5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8");
        let lower = text("5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8:9545824\r\n");
        assert!(holds(lower.path(), &Secret::new("password")).unwrap());
        check(lower.path()).unwrap();
    }

    #[test]
    fn a_file_of_another_kind_or_order_is_named() {
        let (low, high) = ("0".repeat(39) + "1", "F".repeat(40));
        for (content, said) in [
            (String::new(), "the list is empty"),
            (
                "password\n123456\n".to_owned(),
                "expected a SHA-1 of 40 hexadecimal digits at byte 0",
            ),
            ("8846F7EAEE8FB117AD06BDD830B7586C:1\n".to_owned(), "expected a SHA-1"),
            (format!("{low}x\n"), "expected a SHA-1"),
            ("x".repeat(10_000), "expected a SHA-1"),
            (format!("{high}\n").repeat(100) + &format!("{low}\n").repeat(100), "not sorted"),
        ] {
            let file = text(&content);
            let error = check(file.path()).unwrap_err().to_string();
            assert!(error.contains(said), "{content:.50}: {error}");
        }
        assert!(check(Path::new("/nowhere/list")).is_err());
        assert!(holds(Path::new("/nowhere/list"), &Secret::new("x")).is_err());
        assert!(holds(text("nonsense\n").path(), &Secret::new("x")).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_list_holds_what_was_put_there_and_nothing_else(
            passwords in proptest::collection::btree_set("[a-z]{1,6}", 1..200),
            others in proptest::collection::vec("[a-z]{1,6}", 1..50),
            end in prop_oneof![Just("\n"), Just("\r\n")],
            has_counts in any::<bool>(),
        ) {
            let passwords: Vec<String> = passwords.into_iter().collect();
            let file = list(&passwords, end, has_counts);
            check(file.path()).unwrap();
            for password in passwords.iter().chain(&others) {
                let found = holds(file.path(), &Secret::new(password)).unwrap();
                prop_assert_eq!(found, passwords.contains(password), "{}", password);
            }
        }
    }
}
