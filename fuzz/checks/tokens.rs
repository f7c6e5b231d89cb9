//! Signed and encrypted values: a line that is signed, and what a stranger sends instead.

use better_auth::Secret;
use better_auth::crypto::assertion::SigningKey;
use better_auth::crypto::cookie::Signer;
use better_auth::crypto::jwe::Sealer;
use better_auth::crypto::jwks;
use better_auth::crypto::jwt;
use better_auth::crypto::jwt::Token;
use better_auth::crypto::vault::Key;
use better_auth::crypto::vault::Vault;
use http::header;
use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::utf8_percent_encode;
use serde_json::Value;
use serde_json::json;

use super::first_line;
use super::site::Site;
use super::site::get;

/// Seconds since 1970; what the claims below are held against.
const NOW: i64 = 1_795_440_000;

struct Keys {
    signer: Signer,
    sealer: Sealer,
    vault: Vault,
}

thread_local! {
    static KEYS: Keys = {
        // New each time, so that no input can be one that was signed before.
        let secret = better_auth::crypto::random::secret();
        Keys {
            signer: Signer::new(std::slice::from_ref(&secret)),
            sealer: Sealer::new(std::slice::from_ref(&secret), "better-auth-session"),
            vault: Vault::new(vec![Key { version: None, secret: secret.clone() }, Key { version: Some(2), secret }]),
        }
    };
    static SITE: Site = Site::with(|_| {});
}

/// What was signed or sealed here opens as what it was, and nothing else opens at all.
pub fn check(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let (value, sent) = first_line(text.as_bytes());
    let [value, sent] = [value, sent].map(|part| std::str::from_utf8(part).unwrap());
    KEYS.with(|keys| {
        what_is_made_here(keys, value, sent);
        what_is_sent(keys, sent);
    });
    keys_of_others(value, sent);
    SITE.with(|site| follow(site, sent));
}

fn what_is_made_here(keys: &Keys, value: &str, sent: &str) {
    if !value.is_empty() {
        let signed = keys.signer.sign(value);
        assert_eq!(keys.signer.open(&signed).as_deref(), Some(value));
        // Another spelling of the same escapes may open, as the same.
        let opened = keys.signer.open(&spoil(&signed, sent));
        assert!(opened.is_none_or(|opened| opened == value), "{signed}");
    }
    let claims = json!({"value": value, "exp": NOW + 1}).to_string();
    let token = jwt::sign(&keys.signer, &claims);
    assert_eq!(jwt::check(&keys.signer, &token, NOW), Token::Valid(claims.clone().into()));
    assert_eq!(jwt::check(&keys.signer, &token, NOW + 1), Token::Expired);
    let opened = jwt::open(&keys.signer, &spoil(&token, sent), NOW);
    assert!(opened.is_none_or(|opened| opened == claims.as_bytes()), "{token}");

    let sealed = keys.sealer.seal(&claims).unwrap();
    assert_eq!(keys.sealer.open(&sealed, NOW).as_deref(), Some(claims.as_bytes()));
    let opened = keys.sealer.open(&spoil(&sealed, sent), NOW);
    assert!(opened.is_none_or(|opened| opened == claims.as_bytes()), "{sealed}");
    assert_eq!(jwt::open(&keys.signer, &sealed, NOW), None);

    let sealed = keys.vault.seal(value).unwrap();
    assert!(Vault::is_sealed(&sealed));
    assert_eq!(keys.vault.open(&sealed).as_deref(), Some(value));
    assert_eq!(keys.vault.for_purpose(sent).open(&sealed), None);
    let opened = keys.vault.open(&spoil(&sealed, sent));
    assert!(opened.is_none_or(|opened| opened == value), "{sealed}");
    // Claims without a time, or that are none, open only as what they were.
    let odd = jwt::open(&keys.signer, &jwt::sign(&keys.signer, value), NOW);
    assert!(odd.is_none_or(|opened| opened == value.as_bytes()));
}

fn what_is_sent(keys: &Keys, sent: &str) {
    assert_eq!(keys.signer.open(sent), None);
    assert_eq!(jwt::check(&keys.signer, sent, NOW), Token::Invalid);
    assert_eq!(keys.sealer.open(sent, NOW), None);
    assert_eq!(keys.vault.open(sent), None);
}

/// Keys and tokens of providers come from outside together; a key of nobody's opens nothing.
fn keys_of_others(keys: &str, token: &str) {
    if let Ok(keys) = serde_json::from_str::<Value>(keys) {
        let opened = jwks::open(&keys, token);
        assert!(opened.is_none_or(|claims| claims.is_object()));
    }
    for algorithm in ["RS256", "PS512", "ES256", "ES384", "EdDSA", keys] {
        let key = SigningKey::read(&Secret::new(token), algorithm);
        assert!(key.is_none_or(|key| key.sign("{}", "{}").is_some()));
    }
}

/// Nobody is let in by what is no token.
fn follow(site: &Site, sent: &str) {
    let token = utf8_percent_encode(sent, NON_ALPHANUMERIC);
    for link in
        ["/verify-email?token=", "/delete-user/callback?token=", "/callback/github?code=x&state="]
    {
        if let Some(request) = get(&format!("/api/auth{link}{token}")) {
            let answer = site.ask(request);
            site.check(&answer);
            let sets = |line: &http::HeaderValue| {
                line.as_bytes().starts_with(b"better-auth.session_token=")
            };
            assert!(!answer.headers().get_all(header::SET_COOKIE).iter().any(sets), "{answer:?}");
        }
    }
}

/// A token with one byte changed; where and how is the stranger's choice.
fn spoil(token: &str, choice: &str) -> String {
    let mut bytes = token.as_bytes().to_vec();
    let mut choice = choice.bytes();
    let mut next = || usize::from(choice.next().unwrap_or(b'7'));
    let at = (next() * 256 + next()) % bytes.len();
    let to = u8::try_from(next() % 0x5f).unwrap() + 0x20;
    bytes[at] = if bytes[at] == to { to ^ 1 } else { to };
    String::from_utf8(bytes).unwrap()
}
