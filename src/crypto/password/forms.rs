//! A password as it was typed, and as this program and Better Auth hash it.

use std::iter;

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use crate::crypto::Secret;

/// Both forms of a password.
pub(super) struct Forms {
    /// What other systems hash.
    pub(super) typed: Zeroizing<String>,
    /// NFKC, so that a password does not depend on the keyboard.
    pub(super) normalised: Zeroizing<String>,
}

impl Forms {
    pub(super) fn of(password: &Secret) -> Self {
        let typed = password.expose();
        // Measured first: a growing string would leave unwiped copies behind.
        let length = typed.nfkc().map(char::len_utf8).sum();
        let mut normalised = Zeroizing::new(String::with_capacity(length));
        normalised.extend(typed.nfkc());
        Self { typed: Zeroizing::new(typed.to_owned()), normalised }
    }

    /// Every form that a hash may be of if nothing tells who made it: ours, then that of others. For nearly all
    /// passwords they are one.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        let other = (self.typed != self.normalised).then_some(self.typed.as_str());
        iter::once(self.normalised.as_str()).chain(other)
    }
}
