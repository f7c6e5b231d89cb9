//! What may be stored of what clients, providers and other servers send, so that no stranger fills the disk: how long
//! each text may be. The tests hold the table against every column.

use crate::error::AuthError;
use crate::error::codes;
use crate::models::User;

/// A text that is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    /// Its table and column, or what of the column.
    pub text: &'static str,
    /// Bytes of it (UTF-8; of lists and the like as JSON).
    pub bytes_max: usize,
    /// What becomes of a longer one, in words for documentation.
    pub beyond: &'static str,
}

macro_rules! texts_of {
    ($($(#[$doc:meta])* $name:ident $text:literal $bytes_max:literal $beyond:literal;)*) => {
        $($(#[$doc])* pub const $name: Length =
            Length { text: $text, bytes_max: $bytes_max, beyond: $beyond };)*
        /// Every text that is stored.
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
    /// A value of an additional field.
    FIELD "additional fields" 8_192 "refused";
    /// A value that an index holds: PostgreSQL keeps no more than a third of a page there.
    INDEXED_FIELD "additional fields with unique or index" 1_024 "refused";
    /// An id.
    SESSION_ID "session.id" 64 "made here";
    /// A token.
    SESSION_TOKEN "session.token" 64 "made here";
    /// An id.
    SESSION_USER_ID "session.userId" 64 "made here";
    /// An address of the network.
    SESSION_IP_ADDRESS "session.ipAddress" 64 "written from the address itself";
    /// What a client calls itself.
    SESSION_USER_AGENT "session.userAgent" 1_024 "cut";
    /// An id.
    ACCOUNT_ID "account.id" 64 "made here";
    /// Who somebody is at a provider.
    ACCOUNT_ACCOUNT_ID "account.accountId" 1_024 "signs nobody in";
    /// A name of the configuration.
    ACCOUNT_PROVIDER_ID "account.providerId" 1_024 "a name of the configuration";
    /// A provider's name for itself.
    ACCOUNT_ISSUER "account.issuer" 1_024 "a name of the configuration";
    /// An id.
    ACCOUNT_USER_ID "account.userId" 64 "made here";
    /// A provider's token; encrypted it takes twice as much.
    ACCOUNT_ACCESS_TOKEN "account.accessToken" 32_768 "left out";
    /// A provider's token; encrypted it takes twice as much.
    ACCOUNT_REFRESH_TOKEN "account.refreshToken" 32_768 "left out";
    /// A provider's token.
    ACCOUNT_ID_TOKEN "account.idToken" 32_768 "left out";
    /// What a provider allows.
    ACCOUNT_SCOPE "account.scope" 4_096 "left out";
    /// A hash.
    ACCOUNT_PASSWORD "account.password" 512 "made here";
    /// An id.
    VERIFICATION_ID "verification.id" 64 "made here";
    /// A purpose and a token, which may be an address.
    VERIFICATION_IDENTIFIER "verification.identifier" 512 "refused";
    /// What a value stands for that works once: a user, or a sign-in that is under way.
    VERIFICATION_VALUE "verification.value" 20_480 "refused";
    /// What a sign-in by a provider leads on to.
    PLACE "callbackURL, redirectTo, errorCallbackURL, newUserCallbackURL" 4_096 "refused";
    /// What an application wants to find again after such a sign-in.
    ADDITIONAL_DATA "additionalData of a sign-in" 4_096 "refused";
    /// An id.
    RATE_LIMIT_ID "rateLimit.id" 64 "made here";
    /// A client and the pattern of a path.
    RATE_LIMIT_KEY "rateLimit.key" 512 "made here";
    /// An id.
    OUTBOX_ID "emailOutbox.id" 64 "made here";
    /// A kind of message.
    OUTBOX_KIND "emailOutbox.kind" 64 "made here";
    /// An address.
    OUTBOX_RECIPIENT "emailOutbox.recipient" 254 "as user.email";
    /// A message with its user and its link.
    OUTBOX_PAYLOAD "emailOutbox.payload" 1_048_576 "a link and the row of a user, within their limits";
    /// How a message stands.
    OUTBOX_STATUS "emailOutbox.status" 64 "made here";
    /// What a mail server or a webhook says.
    OUTBOX_LAST_ERROR "emailOutbox.lastError" 1_024 "cut";
}

impl Length {
    /// Whether a text is short enough.
    pub fn fits(&self, text: &str) -> bool {
        text.len() <= self.bytes_max
    }

    /// Refuses a longer text; `name` is what the caller calls it.
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

    /// As much of a text as may be, up to the end of a character.
    pub fn cut<'a>(&self, text: &'a str) -> &'a str {
        let end =
            (0..=self.bytes_max.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
        text.get(..end.unwrap_or_default()).unwrap_or_default()
    }
}

/// Refuses what a user is to hold and is too long; what they hold already stays, whoever wrote it.
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
