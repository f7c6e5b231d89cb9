//! The parts of stored hashes: base64, numbers, parameters. Each function gives `None` for what it cannot read.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::GeneralPurpose;
use base64::engine::GeneralPurposeConfig;
use zeroize::Zeroizing;

/// A shorter key could be met by chance.
const KEY_BYTES_MIN: usize = 16;

/// Bits that do not count may have any value, as some programs leave them.
pub(super) const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_allow_trailing_bits(true)
    .with_decode_padding_mode(DecodePaddingMode::RequireNone);
const BASE64: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);

/// Base64 with or without padding, in the alphabets of RFC 4648, or in that of passlib (`.` for `+`).
pub(super) fn base64(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut plain = Zeroizing::new(String::with_capacity(text.len()));
    plain.extend(text.trim_end_matches('=').chars().map(|character| match character {
        '.' | '-' => '+',
        '_' => '/',
        other => other,
    }));
    BASE64.decode(plain.as_bytes()).ok().map(Zeroizing::new)
}

/// Digits and nothing else.
pub(super) fn number(text: &str) -> Option<u32> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

/// `name=value,…`: the values in the order of the names. A name that is unknown or repeated cannot be read.
pub(super) fn parameters<'a, const N: usize>(
    text: &'a str,
    names: [&str; N],
) -> Option<[Option<&'a str>; N]> {
    let mut values = [None; N];
    for part in text.split(',') {
        let (name, value) = part.split_once('=')?;
        let (_, place) = names.iter().zip(&mut values).find(|(known, _)| **known == name)?;
        if place.replace(value).is_some() {
            return None;
        }
    }
    Some(values)
}

/// `$id$parameters$salt$key`, the form of PHC strings and of passlib.
pub(super) struct Phc<'a> {
    pub(super) id: &'a str,
    pub(super) parameters: &'a str,
    pub(super) salt: Zeroizing<Vec<u8>>,
    pub(super) key: Zeroizing<Vec<u8>>,
}

impl<'a> Phc<'a> {
    pub(super) fn parse(stored: &'a str) -> Option<Self> {
        let mut parts = stored.strip_prefix('$')?.split('$');
        let (id, parameters) = (parts.next()?, parts.next()?);
        let (salt, key) = (base64(parts.next()?)?, key(base64(parts.next()?)?)?);
        parts.next().is_none().then_some(Self { id, parameters, salt, key })
    }
}

/// A key that is long enough to prove anything.
pub(super) fn key<K: AsRef<[u8]>>(bytes: K) -> Option<K> {
    (KEY_BYTES_MIN <= bytes.as_ref().len()).then_some(bytes)
}
