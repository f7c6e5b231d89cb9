//! Length limits of stored texts that come from clients, providers and other servers, so that none of them can fill the
//! disk. The tests compare the table with every column.

use crate::error::AuthError;
use crate::error::codes;
use crate::models::User;

/// The length limit of a stored text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    /// Its table and column, or the part of the column.
    pub text: &'static str,
    /// The most bytes (UTF-8; lists and objects as JSON).
    pub bytes_max: usize,
    /// What happens to a longer text, for the documentation.
    pub beyond: &'static str,
}

macro_rules! texts_of {
    ($($(#[$doc:meta])* $name:ident $text:literal $bytes_max:literal $beyond:literal;)*) => {
        $($(#[$doc])* pub const $name: Length =
            Length { text: $text, bytes_max: $bytes_max, beyond: $beyond };)*
        /// Every limit.
        pub const ALL: &[Length] = &[$($name),*];
    };
}

texts_of! {
    /// An id.
    USER_ID "user.id" 64 "made here";
    /// A display name.
    USER_NAME "user.name" 1_024 "refused; a provider's is cut";
    /// An address [RFC 5321 4.5.3.1.3].
    USER_EMAIL "user.email" 254 "refused";
    /// A picture: its URL, or a small one itself (`data:`).
    USER_IMAGE "user.image" 65_536 "refused; a provider's is left out";
    /// The value of an additional field.
    FIELD "additional fields" 8_192 "refused";
    /// An indexed value: PostgreSQL indexes no more than a third of a page.
    INDEXED_FIELD "additional fields with unique or index" 1_024 "refused";
    /// An id.
    SESSION_ID "session.id" 64 "made here";
    /// A token.
    SESSION_TOKEN "session.token" 64 "made here";
    /// An id.
    SESSION_USER_ID "session.userId" 64 "made here";
    /// An IP address.
    SESSION_IP_ADDRESS "session.ipAddress" 64 "written from the address itself";
    /// The `User-Agent` header.
    SESSION_USER_AGENT "session.userAgent" 1_024 "cut";
    /// An id.
    ACCOUNT_ID "account.id" 64 "made here";
    /// The user's id at a provider.
    ACCOUNT_ACCOUNT_ID "account.accountId" 1_024 "signs nobody in";
    /// A name from the configuration.
    ACCOUNT_PROVIDER_ID "account.providerId" 1_024 "a name of the configuration";
    /// The issuer of a provider.
    ACCOUNT_ISSUER "account.issuer" 1_024 "a name of the configuration";
    /// An id.
    ACCOUNT_USER_ID "account.userId" 64 "made here";
    /// A provider's token; encryption doubles its size.
    ACCOUNT_ACCESS_TOKEN "account.accessToken" 32_768 "left out";
    /// A provider's token; encryption doubles its size.
    ACCOUNT_REFRESH_TOKEN "account.refreshToken" 32_768 "left out";
    /// A provider's token.
    ACCOUNT_ID_TOKEN "account.idToken" 32_768 "left out";
    /// The scopes that a provider granted.
    ACCOUNT_SCOPE "account.scope" 4_096 "left out";
    /// A hash.
    ACCOUNT_PASSWORD "account.password" 512 "made here";
    /// An id.
    VERIFICATION_ID "verification.id" 64 "made here";
    /// A purpose and a token, which may be an address.
    VERIFICATION_IDENTIFIER "verification.identifier" 512 "refused";
    /// What a one-time token stands for: a user, or a sign-in in progress.
    VERIFICATION_VALUE "verification.value" 20_480 "refused";
    /// A redirect target of a sign-in by provider.
    PLACE "callbackURL, redirectTo, errorCallbackURL, newUserCallbackURL" 4_096 "refused";
    /// Data that an application attaches to such a sign-in.
    ADDITIONAL_DATA "additionalData of a sign-in" 4_096 "refused";
    /// An id.
    RATE_LIMIT_ID "rateLimit.id" 64 "made here";
    /// A client and a path pattern.
    RATE_LIMIT_KEY "rateLimit.key" 512 "made here";
    /// An id.
    OUTBOX_ID "emailOutbox.id" 64 "made here";
    /// A kind of message.
    OUTBOX_KIND "emailOutbox.kind" 64 "made here";
    /// An address.
    OUTBOX_RECIPIENT "emailOutbox.recipient" 254 "as user.email";
    /// A message with its user and its link.
    OUTBOX_PAYLOAD "emailOutbox.payload" 1_048_576 "a link and the row of a user, within their limits";
    /// The delivery status of a message.
    OUTBOX_STATUS "emailOutbox.status" 64 "made here";
    /// The error from a mail server or webhook.
    OUTBOX_LAST_ERROR "emailOutbox.lastError" 1_024 "cut";
}

impl Length {
    /// Whether a text is within the limit.
    pub fn fits(&self, text: &str) -> bool {
        text.len() <= self.bytes_max
    }

    /// Refuses a longer text; `name` appears in the error.
    ///
    /// # Errors
    /// `VALIDATION_ERROR`.
    pub fn check(&self, name: &str, text: &str) -> Result<(), AuthError> {
        if self.fits(text) {
            return Ok(());
        }
        let message =
            format!("{name}: has {} bytes, and {} are allowed", text.len(), self.bytes_max);
        Err(AuthError::new(codes::VALIDATION_ERROR).with_message(message))
    }

    /// Cuts a text to the limit, at the end of a character.
    pub fn cut<'a>(&self, text: &'a str) -> &'a str {
        let end =
            (0..=self.bytes_max.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
        text.get(..end.unwrap_or_default()).unwrap_or_default()
    }
}

/// Refuses values of a user that are too long. Stored values may stay as they are.
pub(super) fn check_user(was: Option<&User>, user: &User) -> Result<(), AuthError> {
    let before = was.map(texts).unwrap_or_default();
    let limits = [(USER_NAME, "name"), (USER_EMAIL, "email"), (USER_IMAGE, "image")];
    for (((limit, name), text), before) in limits.iter().zip(texts(user)).zip(before) {
        if text != before {
            limit.check(name, text)?;
        }
    }
    Ok(())
}

fn texts(user: &User) -> [&str; 3] {
    [&user.name, &user.email, user.image.as_deref().unwrap_or_default()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_the_end_of_a_character() {
        let limit = Length { bytes_max: 4, ..USER_NAME };
        for (text, cut) in
            [("", ""), ("abcd", "abcd"), ("abcde", "abcd"), ("aäöü", "aä"), ("😀😀", "😀")]
        {
            assert_eq!(limit.cut(text), cut);
        }
        assert!(limit.fits("abcd") && !limit.fits("aäöü"));
        let refused = limit.check("name", "abcde").unwrap_err();
        assert_eq!(refused.message(), "name: has 5 bytes, and 4 are allowed");
    }
}
