//! The row of a provider: where it is asked, how, and where its answers have what is wanted.

use serde_json::Value;

use crate::config::ProviderOptions;
use crate::oauth::identity::Call;

/// A provider as data.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Provider {
    /// The name in URLs and in `account.providerId`.
    pub id: &'static str,
    /// The name that people know.
    pub name: &'static str,
    /// Where people are sent; with `{…}` where an option stands.
    pub authorize: &'static str,
    /// Where a code becomes tokens; the same.
    pub token: &'static str,
    /// Who it is.
    pub user_info: UserInfo,
    /// Where to find that in the answer.
    pub profile: Profile,
    /// Scopes that are asked for by default.
    pub scopes: &'static [&'static str],
    /// Which other scopes are asked for, and in which order.
    pub more_scopes: MoreScopes,
    /// Whether the code is bound to this server [RFC 7636].
    pub pkce: Pkce,
    /// How the token endpoint knows this application.
    pub auth: TokenAuth,
    /// Parameters that are sent only to providers which know them.
    pub sends: &'static [Parameter],
    /// Parameters that are always the same, unless a request says else.
    pub fixed: &'static [(&'static str, &'static str)],
    /// Parameters that are always the same, whatever a request says.
    pub forced: &'static [(&'static str, &'static str)],
    /// How the URL is written, where it is not as everywhere else.
    pub style: Style,
    /// Whether the provider is of no use without a client secret.
    pub needs_secret: bool,
    /// Whether it renews tokens.
    pub refreshes: bool,
    /// How a token is checked that an application got by itself; without, none is taken.
    pub id_token: IdToken,
}

/// Who it is.
#[derive(Debug, Clone, Copy)]
pub enum UserInfo {
    /// The claims of the token that came with the others.
    IdToken,
    /// What this URL answers to the access token.
    Get(&'static str),
    /// The same by `POST` without a body.
    Post(&'static str),
    /// What the provider's own file knows to ask.
    Own(fn(&Call<'_>) -> Option<Value>),
}

/// Where an answer has what is wanted: JSON pointers [RFC 6901], the first that leads to something
/// counts.
#[derive(Debug, Clone, Copy)]
pub struct Profile {
    /// What names a person for good.
    pub subject: &'static [&'static str],
    /// The display name.
    pub name: &'static [&'static str],
    /// The address.
    pub email: &'static [&'static str],
    /// A picture.
    pub image: &'static [&'static str],
    /// What must be true for the address to be known as theirs; nothing: it never is.
    pub verified: &'static [&'static str],
    /// Whether a person without an address gets one that leads nowhere.
    pub has_placeholder: bool,
}

/// Which scopes are asked for besides the default ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoreScopes {
    /// Those of the options, then those of the request.
    OptionsFirst,
    /// The other way round.
    RequestFirst,
    /// Those of the request, then those of the options, and `openid` before all others.
    OpenIdFirst,
    /// Options first, and none twice.
    Distinct,
    /// None.
    None,
}

/// Whether a code is bound to the server that asked for it [RFC 7636].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pkce {
    /// The provider does not know it.
    Off,
    /// It is.
    On,
    /// It is, unless the options say no.
    Optional,
    /// Only the token endpoint hears of it.
    TokenOnly,
}

/// How a token is checked that an application got by itself.
#[derive(Debug, Clone, Copy)]
pub enum IdToken {
    /// None is taken.
    Never,
    /// By its signature and claims.
    IdTokenRules(IdTokenRules),
    /// By asking this URL.
    Asked(&'static str),
}

/// What a signed token must be like.
#[derive(Debug, Clone, Copy)]
pub struct IdTokenRules {
    /// Where the keys are.
    pub keys: &'static str,
    /// Who may have signed; empty where the provider's own file looks at that.
    pub issuers: &'static [&'static str],
    /// Seconds after which it is too old, whatever it says itself.
    pub age_max: Option<i64>,
    /// Whether the nonce may stand in it as its SHA-256.
    pub hashes_nonce: bool,
    /// Whether a token that is none, such as an access token, is let through: the profile is asked for
    /// with it then.
    pub takes_opaque: bool,
    /// What else must be true.
    pub check: fn(&Value, &ProviderOptions) -> bool,
}

impl IdTokenRules {
    /// A token of this issuer that is at most an hour old.
    pub const fn new(keys: &'static str, issuers: &'static [&'static str]) -> Self {
        let check = |_: &Value, _: &ProviderOptions| true;
        let age_max = Some(60 * 60);
        Self { keys, issuers, age_max, hashes_nonce: false, takes_opaque: false, check }
    }
}

/// How the token endpoint knows this application.
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
    /// Who is probably signing in.
    LoginHint,
    /// What binds a token to the sign-in that it is asked for in.
    Nonce,
    /// What people are asked.
    Prompt,
    /// The same, with a default.
    PromptOr(&'static str),
    /// How the page shows itself.
    Display,
    /// The domain that people must be of.
    HostedDomain,
    /// Whether a refresh token is wanted.
    AccessType,
    /// How long the token lives.
    Duration,
    /// That the answer comes as a form.
    FormPost,
    /// That a token comes beside the code.
    CodeAndIdToken,
    /// Claims that the token is to have.
    Claims(&'static [&'static str]),
    /// Under this name, the value of an option.
    Of(&'static str, fn(&ProviderOptions) -> Option<String>),
    /// The same, only where this scope is asked for.
    OfWithScope(&'static str, &'static str, fn(&ProviderOptions) -> Option<String>),
}

/// How the URL is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// As everywhere else.
    Usual,
    /// With the scopes at the end, their spaces as `%20`.
    ScopeLast,
    /// Without what a request adds.
    Closed,
    /// With this name for the client id, scopes between commas, and nothing that is not needed.
    Short(Short),
}

/// The short style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Short {
    /// The parameter with the client id.
    pub client: &'static str,
    /// Whether the client key stands there instead.
    pub is_key: bool,
    /// The parameter with the page's language, and its default.
    pub lang: Option<&'static str>,
    /// What the page's own script wants to see behind the `#`.
    pub fragment: Option<&'static str>,
}

impl Provider {
    /// A row with what every provider has: OAuth with PKCE and a secret in the body.
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

    /// Says where the answer has what is wanted, if not where OpenID Connect has it.
    #[must_use]
    pub const fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Says which scopes are asked for by default.
    #[must_use]
    pub const fn scopes(mut self, scopes: &'static [&'static str]) -> Self {
        self.scopes = scopes;
        self
    }

    /// Says which others are.
    #[must_use]
    pub const fn more_scopes(mut self, more: MoreScopes) -> Self {
        self.more_scopes = more;
        self
    }

    /// Says whether codes are bound.
    #[must_use]
    pub const fn pkce(mut self, pkce: Pkce) -> Self {
        self.pkce = pkce;
        self
    }

    /// Says that the secret stands in a header.
    #[must_use]
    pub const fn basic(mut self) -> Self {
        self.auth = TokenAuth::Basic;
        self
    }

    /// Says which parameters it knows.
    #[must_use]
    pub const fn sends(mut self, sends: &'static [Parameter]) -> Self {
        self.sends = sends;
        self
    }

    /// Says what is sent unless a request says else.
    #[must_use]
    pub const fn fixed(mut self, fixed: &'static [(&'static str, &'static str)]) -> Self {
        self.fixed = fixed;
        self
    }

    /// Says what is sent whatever a request says.
    #[must_use]
    pub const fn forced(mut self, forced: &'static [(&'static str, &'static str)]) -> Self {
        self.forced = forced;
        self
    }

    /// Says how its URL is written.
    #[must_use]
    pub const fn style(mut self, style: Style) -> Self {
        self.style = style;
        self
    }

    /// Says how a token is checked that an application got by itself.
    #[must_use]
    pub const fn id_token(mut self, id_token: IdToken) -> Self {
        self.id_token = id_token;
        self
    }

    /// Says that it renews no tokens.
    #[must_use]
    pub const fn no_refresh(mut self) -> Self {
        self.refreshes = false;
        self
    }

    /// Says that it is of no use without a secret.
    #[must_use]
    pub const fn needs_secret(mut self) -> Self {
        self.needs_secret = true;
        self
    }
}

impl Profile {
    /// A profile that has a subject and nothing else.
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

    /// Says where the name is.
    #[must_use]
    pub const fn name(mut self, name: &'static [&'static str]) -> Self {
        self.name = name;
        self
    }

    /// Says where the address is.
    #[must_use]
    pub const fn email(mut self, email: &'static [&'static str]) -> Self {
        self.email = email;
        self
    }

    /// Says where the picture is.
    #[must_use]
    pub const fn image(mut self, image: &'static [&'static str]) -> Self {
        self.image = image;
        self
    }

    /// Says what must be true for the address to be known as theirs.
    #[must_use]
    pub const fn verified(mut self, verified: &'static [&'static str]) -> Self {
        self.verified = verified;
        self
    }

    /// Says that a person without an address gets one that leads nowhere.
    #[must_use]
    pub const fn placeholder(mut self) -> Self {
        self.has_placeholder = true;
        self
    }
}
