//! A provider as data: its endpoints, its parameters, and where its responses have the values.

use serde_json::Value;

use crate::config::ProviderOptions;
use crate::oauth::identity::Call;

/// A provider as data.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Provider {
    /// The name in URLs and in `account.providerId`.
    pub id: &'static str,
    /// The display name.
    pub name: &'static str,
    /// The authorization endpoint; `{…}` stands for an option.
    pub authorize: &'static str,
    /// The token endpoint, with the same placeholders.
    pub token: &'static str,
    /// The source of user information.
    pub user_info: UserInfo,
    /// Where user information has the values.
    pub profile: Profile,
    /// The default scopes.
    pub scopes: &'static [&'static str],
    /// Which other scopes are requested, and in which order.
    pub more_scopes: MoreScopes,
    /// The use of PKCE [RFC 7636].
    pub pkce: Pkce,
    /// The client authentication at the token endpoint.
    pub auth: TokenAuth,
    /// Optional parameters that this provider knows.
    pub sends: &'static [Parameter],
    /// Fixed parameters that a request can override.
    pub fixed: &'static [(&'static str, &'static str)],
    /// Fixed parameters that a request cannot override.
    pub forced: &'static [(&'static str, &'static str)],
    /// The style of the URL, if it is not the usual one.
    pub style: Style,
    /// Whether the client secret is required.
    pub needs_secret: bool,
    /// Whether it refreshes tokens.
    pub refreshes: bool,
    /// How an ID token that an application obtained itself is checked.
    pub id_token: IdToken,
}

/// A source of user information.
#[derive(Debug, Clone, Copy)]
pub enum UserInfo {
    /// The claims of the ID token.
    IdToken,
    /// `GET` of this URL with the access token.
    Get(&'static str),
    /// The same by `POST` without a body.
    Post(&'static str),
    /// A function in the provider's own file.
    Own(fn(&Call<'_>) -> Option<Value>),
}

/// Where user information has the values: JSON pointers [RFC 6901], of which the first match counts.
#[derive(Debug, Clone, Copy)]
pub struct Profile {
    /// The permanent id of the user.
    pub subject: &'static [&'static str],
    /// The display name.
    pub name: &'static [&'static str],
    /// The address.
    pub email: &'static [&'static str],
    /// A picture.
    pub image: &'static [&'static str],
    /// The values that must be true for the address to be verified; without any it never is.
    pub verified: &'static [&'static str],
    /// Whether a user without an address gets an undeliverable one.
    pub has_placeholder: bool,
}

/// Which scopes are requested besides the default ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoreScopes {
    /// Those of the options, then those of the request.
    OptionsFirst,
    /// Those of the request, then those of the options.
    RequestFirst,
    /// `openid`, those of the request, then those of the options.
    OpenIdFirst,
    /// Options first, without duplicates.
    Distinct,
    /// None.
    None,
}

/// The use of PKCE [RFC 7636].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pkce {
    /// Not supported.
    Off,
    /// Always.
    On,
    /// Unless the options disable it.
    Optional,
    /// Only at the token endpoint.
    TokenOnly,
}

/// How an ID token that an application obtained itself is checked.
#[derive(Debug, Clone, Copy)]
pub enum IdToken {
    /// Not accepted.
    Never,
    /// By its signature and claims.
    IdTokenRules(IdTokenRules),
    /// By a request to this URL.
    Asked(&'static str),
}

/// The requirements of an ID token.
#[derive(Debug, Clone, Copy)]
pub struct IdTokenRules {
    /// The URL of the keys.
    pub keys: &'static str,
    /// The accepted issuers; empty if the provider's own file checks that.
    pub issuers: &'static [&'static str],
    /// The maximum age in seconds, whatever its expiry.
    pub age_max: Option<i64>,
    /// Whether the nonce may appear as its SHA-256.
    pub hashes_nonce: bool,
    /// Whether an opaque token, such as an access token, is accepted: it then fetches the profile.
    pub takes_opaque: bool,
    /// An additional check.
    pub check: fn(&Value, &ProviderOptions) -> bool,
}

impl IdTokenRules {
    /// A token of these issuers that is at most an hour old.
    pub const fn new(keys: &'static str, issuers: &'static [&'static str]) -> Self {
        let check = |_: &Value, _: &ProviderOptions| true;
        let age_max = Some(60 * 60);
        Self { keys, issuers, age_max, hashes_nonce: false, takes_opaque: false, check }
    }
}

/// The client authentication at the token endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenAuth {
    /// Id and secret in the body.
    Post,
    /// Id and secret in the `Authorization` header.
    Basic,
}

/// A parameter that only some providers know.
#[derive(Debug, Clone, Copy)]
pub enum Parameter {
    /// The login hint.
    LoginHint,
    /// The nonce.
    Nonce,
    /// The prompt.
    Prompt,
    /// The prompt, with a default.
    PromptOr(&'static str),
    /// The display mode of the page.
    Display,
    /// The hosted domain.
    HostedDomain,
    /// The access type: whether a refresh token is wanted.
    AccessType,
    /// The lifetime of the token.
    Duration,
    /// Response mode `form_post`.
    FormPost,
    /// Response type `code id_token`.
    CodeAndIdToken,
    /// The claims of the ID token.
    Claims(&'static [&'static str]),
    /// An option's value under this name.
    Of(&'static str, fn(&ProviderOptions) -> Option<String>),
    /// The same, only if this scope is requested.
    OfWithScope(&'static str, &'static str, fn(&ProviderOptions) -> Option<String>),
}

/// The style of the URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// The usual one.
    Usual,
    /// With the scopes at the end, their spaces as `%20`.
    ScopeLast,
    /// Without additional parameters of the request.
    Closed,
    /// With this name for the client id, scopes separated by commas, and only necessary parameters.
    Short(Short),
}

/// The short style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Short {
    /// The parameter with the client id.
    pub client: &'static str,
    /// Whether it contains the client key instead.
    pub is_key: bool,
    /// The parameter with the language of the page, and its default.
    pub lang: Option<&'static str>,
    /// The fragment that the page's script expects.
    pub fragment: Option<&'static str>,
}

impl Provider {
    /// A provider with the usual settings: PKCE, and the secret in the body.
    pub const fn new(
        id: &'static str,
        name: &'static str,
        authorize: &'static str,
        token: &'static str,
        user_info: UserInfo,
    ) -> Self {
        Self {
            id,
            name,
            authorize,
            token,
            user_info,
            profile: Profile::OPENID,
            scopes: &[],
            more_scopes: MoreScopes::OptionsFirst,
            pkce: Pkce::On,
            auth: TokenAuth::Post,
            sends: &[],
            fixed: &[],
            forced: &[],
            style: Style::Usual,
            needs_secret: false,
            refreshes: true,
            id_token: IdToken::Never,
        }
    }

    /// Sets where the values are, if not as in OpenID Connect.
    #[must_use]
    pub const fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Sets the default scopes.
    #[must_use]
    pub const fn scopes(mut self, scopes: &'static [&'static str]) -> Self {
        self.scopes = scopes;
        self
    }

    /// Sets which other scopes are requested.
    #[must_use]
    pub const fn more_scopes(mut self, more: MoreScopes) -> Self {
        self.more_scopes = more;
        self
    }

    /// Sets the use of PKCE.
    #[must_use]
    pub const fn pkce(mut self, pkce: Pkce) -> Self {
        self.pkce = pkce;
        self
    }

    /// Sends the secret in a header.
    #[must_use]
    pub const fn basic(mut self) -> Self {
        self.auth = TokenAuth::Basic;
        self
    }

    /// Sets the parameters that it knows.
    #[must_use]
    pub const fn sends(mut self, sends: &'static [Parameter]) -> Self {
        self.sends = sends;
        self
    }

    /// Sets parameters that a request can override.
    #[must_use]
    pub const fn fixed(mut self, fixed: &'static [(&'static str, &'static str)]) -> Self {
        self.fixed = fixed;
        self
    }

    /// Sets parameters that a request cannot override.
    #[must_use]
    pub const fn forced(mut self, forced: &'static [(&'static str, &'static str)]) -> Self {
        self.forced = forced;
        self
    }

    /// Sets the style of the URL.
    #[must_use]
    pub const fn style(mut self, style: Style) -> Self {
        self.style = style;
        self
    }

    /// Sets how ID tokens that an application obtained itself are checked.
    #[must_use]
    pub const fn id_token(mut self, id_token: IdToken) -> Self {
        self.id_token = id_token;
        self
    }

    /// Marks that it does not refresh tokens.
    #[must_use]
    pub const fn no_refresh(mut self) -> Self {
        self.refreshes = false;
        self
    }

    /// Marks that the client secret is required.
    #[must_use]
    pub const fn needs_secret(mut self) -> Self {
        self.needs_secret = true;
        self
    }
}

impl Profile {
    /// A profile with a subject only.
    pub const fn new(subject: &'static [&'static str]) -> Self {
        Self {
            subject,
            name: &["/name"],
            email: &["/email"],
            image: &[],
            verified: &[],
            has_placeholder: false,
        }
    }

    /// The claims of OpenID Connect.
    pub const OPENID: Self =
        Self::new(&["/sub"]).image(&["/picture"]).verified(&["/email_verified"]);

    /// Sets where the name is.
    #[must_use]
    pub const fn name(mut self, name: &'static [&'static str]) -> Self {
        self.name = name;
        self
    }

    /// Sets where the address is.
    #[must_use]
    pub const fn email(mut self, email: &'static [&'static str]) -> Self {
        self.email = email;
        self
    }

    /// Sets where the picture is.
    #[must_use]
    pub const fn image(mut self, image: &'static [&'static str]) -> Self {
        self.image = image;
        self
    }

    /// Sets the values that must be true for the address to be verified.
    #[must_use]
    pub const fn verified(mut self, verified: &'static [&'static str]) -> Self {
        self.verified = verified;
        self
    }

    /// Gives a user without an address an undeliverable one.
    #[must_use]
    pub const fn placeholder(mut self) -> Self {
        self.has_placeholder = true;
        self
    }
}
