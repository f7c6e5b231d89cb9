//! Every option in one table, for the documentation and the starter file.

/// One option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OptionRow {
    /// Its path, such as `session.expiresIn`.
    pub path: &'static str,
    /// What it holds, in words.
    pub kind: &'static str,
    /// Its default as JSON.
    pub default: &'static str,
    /// What it does, in one line.
    pub help: &'static str,
}

const fn row(
    path: &'static str,
    kind: &'static str,
    default: &'static str,
    help: &'static str,
) -> OptionRow {
    OptionRow { path, kind, default, help }
}

/// Every option, in the order of the documentation.
#[rustfmt::skip]
pub const OPTIONS: &[OptionRow] = &[
    row("appName", "text", r#""Better Auth""#, "The name that people see"),
    row("baseURL", "URL, or {allowedHosts, fallback, protocol}", "null", "Where this server stands, or the hosts that it may be called by; without it the origin of each request counts"),
    row("basePath", "path", r#""/api/auth""#, "Where the endpoints begin, unless baseURL has a path of its own"),
    row("secret", "secret", "null", "Signs cookies; without one a secret is generated beside the database"),
    row("secrets", "list of {version, value}", "[]", "Secrets for rotation: the first signs, all are accepted"),
    row("database.provider", "sqlite or postgresql", "null", "Which kind of database; the url says it as well"),
    row("database.url", "file, or URL", r#""sqlite:better-auth.db""#, "Where the data is: a file, relative to the working directory, or postgres://USER:PASSWORD@HOST/DATABASE; better in BETTER_AUTH_DATABASE_URL"),
    row("database.caFile", "file", "null", "Certificates (PEM) of the authority that is trusted for the database instead of the usual ones"),
    row("database.maxConnections", "number", "10", "Connections to PostgreSQL that one server opens at most"),
    row("database.preparedStatements", "true or false", "true", "Whether connections keep statements prepared; false behind a pool that lends one for each transaction, such as pgbouncer"),
    row("database.connectTimeout", "seconds", "5", "How long connecting to PostgreSQL may take"),
    row("database.statementTimeout", "seconds", "10", "How long one of its statements may take"),
    row("database.startTimeout", "seconds", "60", "How long `serve` waits for it to answer before it ends; 0 does not wait"),
    row("secondaryStorage.provider", "redis", "null", "Which kind of store keeps sessions, values that work once, and counts; none without it or a url"),
    row("secondaryStorage.url", "URL", "null", "Where it is: redis://[[USER]:PASSWORD@]HOST[:PORT][/NUMBER], rediss:// for TLS; better in BETTER_AUTH_REDIS_URL"),
    row("secondaryStorage.keyPrefix", "text", r#""better-auth:""#, "What every key begins with"),
    row("secondaryStorage.caFile", "file", "null", "Certificates (PEM) of the authority that is trusted for rediss:// instead of the usual ones"),
    row("trustedOrigins", "list of origins", "[]", "Other origins whose pages may call this server and be redirected to"),
    row("disabledPaths", "list of paths", "[]", "Paths below basePath that answer 404"),
    row("emailAndPassword.enabled", "true or false", "true", "Whether people sign up and in with a password"),
    row("emailAndPassword.disableSignUp", "true or false", "false", "Only administrators make users"),
    row("emailAndPassword.requireEmailVerification", "true or false", "false", "Nobody signs in before their address is verified"),
    row("emailAndPassword.autoSignIn", "true or false", "true", "Whether signing up signs in"),
    row("emailAndPassword.minPasswordLength", "number", "8", "Shortest password, in UTF-16 units"),
    row("emailAndPassword.maxPasswordLength", "number", "128", "Longest password, in UTF-16 units"),
    row("emailAndPassword.password.algorithm", "auto, argon2id or scrypt", r#""auto""#, "What new passwords are hashed with; auto is argon2id, or scrypt where the database began with it"),
    row("emailAndPassword.lockout.enabled", "true or false", "true", "Whether wrong passwords are counted for each name, and too many lock it"),
    row("emailAndPassword.lockout.maxAttempts", "3 to 100", "50", "Of so many wrong passwords the last one locks the name"),
    row("emailAndPassword.lockout.window", "seconds", "3600", "How long they are counted, from the first one on"),
    row("emailAndPassword.lockout.duration", "seconds", "3600", "How long nobody signs in with that name then; a new password and users unlock end it"),
    row("emailAndPassword.resetPasswordTokenExpiresIn", "seconds", "3600", "How long the link to a new password works"),
    row("emailAndPassword.revokeSessionsOnPasswordReset", "true or false", "false", "Whether a new password by link ends every session"),
    row("emailVerification.sendOnSignUp", "true or false", "null", "Whether signing up sends the message; by default where signing in requires it"),
    row("emailVerification.sendOnSignIn", "true or false", "false", "Whether signing in without a verified address sends it again"),
    row("emailVerification.autoSignInAfterVerification", "true or false", "false", "Whether opening the link signs in"),
    row("emailVerification.expiresIn", "seconds", "3600", "How long a link works"),
    row("email.transport", "none, log, file, smtp or webhook", "null", "How messages leave; on this machine alone the log, elsewhere none"),
    row("email.senders", "list of names", "null", "Which messages are sent: verification, reset-password, change-email, delete-account, existing-user-sign-up, user-invitation, account-locked, and those of plugins; all, where a transport is named"),
    row("email.from", "address", "null", "Who messages are from, such as Example <no-reply@example.com>"),
    row("email.replyTo", "address", "null", "Where answers go"),
    row("email.smtp.host", "text", "null", "The mail server of the smtp transport"),
    row("email.smtp.port", "number", "null", "Its port; by default 587 for starttls, 465 for tls, 25 for none"),
    row("email.smtp.security", "starttls, tls or none", r#""starttls""#, "How the connection to it is encrypted; required, never only tried"),
    row("email.smtp.username", "text", "null", "Who signs in there"),
    row("email.smtp.password", "secret", "null", "The password for that; better in BETTER_AUTH_SMTP_PASSWORD"),
    row("email.smtp.caFile", "file", "null", "Certificates (PEM) of authorities that are trusted besides the usual ones"),
    row("email.smtp.timeout", "seconds", "30", "How long it may be silent"),
    row("email.webhook.url", "URL", "null", "Where the webhook transport posts messages to"),
    row("email.webhook.secret", "secret", "null", "Signs them; better in BETTER_AUTH_WEBHOOK_SECRET"),
    row("email.webhook.timeout", "seconds", "10", "How long an answer may take"),
    row("email.file", "file", r#""emails.jsonl""#, "Where the file transport appends, one JSON object per line"),
    row("email.templates", "folder", "null", "Templates of your own, such as verification.txt and verification.html"),
    row("email.locale", "text", "null", "Prefers templates with this in their name, such as verification.de.txt for de"),
    row("socialProviders", "table of provider = {clientId, clientSecret, …}", "{}", "Who else can say who somebody is; docs/social.md has the providers and their options"),
    row("genericOAuth", "list of {providerId, clientId, clientSecret, discoveryUrl, …}", "[]", "The same for providers that are known only by their endpoints"),
    row("user.changeEmail.enabled", "true or false", "false", "Whether users may change their address"),
    row("user.changeEmail.updateEmailWithoutVerification", "true or false", "false", "Whether an address that was never verified changes at once"),
    row("user.additionalFields", "table of name = {type, required, input, returned, defaultValue, unique, index, bigint, fieldName}", "{}", "Columns that the application adds to users; type is string, number, boolean, date, json, string[], number[] or a list of texts"),
    row("user.deleteUser.enabled", "true or false", "false", "Whether users may delete themselves"),
    row("user.deleteUser.deleteTokenExpiresIn", "seconds", "86400", "How long the link works that asks whether they mean it"),
    row("session.expiresIn", "seconds", "604800", "How long a session lives without being used; one that was given another lifetime, by rememberMe, an impersonation or an earlier value of this, is not extended"),
    row("session.updateAge", "seconds", "86400", "How old the last extension must be before the next one"),
    row("session.freshAge", "seconds", "86400", "How long after signing in dangerous steps need no further proof; 0 means always"),
    row("session.deferSessionRefresh", "true or false", "false", "GET /get-session only reads and says needsRefresh; POST extends"),
    row("session.disableSessionRefresh", "true or false", "false", "Sessions are never extended"),
    row("session.storeSessionInDatabase", "true or false", "false", "With a secondary storage: sessions are rows of the database, too, and outlive its loss"),
    row("session.preserveSessionInDatabase", "true or false", "false", "Those rows only record what was: they stay when their session ends, and none is read"),
    row("session.cookieCache.enabled", "true or false", "false", "Browsers carry a signed copy of their session, and GET requests believe it until maxAge is over; not where cookies would take more than half of server.limits.headerBytes"),
    row("session.cookieCache.maxAge", "seconds", "300", "How long a copy counts"),
    row("session.cookieCache.strategy", "compact, jwt or jwe", r#""compact""#, "Signed JSON, a signed token, or an encrypted one"),
    row("session.cookieCache.version", "text", r#""1""#, "Copies of another version do not count; change it to void all of them"),
    row("session.cookieCache.refreshCache", "true, false or {updateAge}", "false", "Without effect where there is a database, as upstream: the copy is renewed from it"),
    row("session.additionalFields", "as user.additionalFields", "{}", "Columns that the application adds to sessions; /update-session sets them"),
    row("account.updateAccountOnSignIn", "true or false", "true", "Whether a sign-in by a provider stores the tokens that came with it"),
    row("account.storeAccountCookie", "true or false", "false", "Whether the browser carries the account that somebody signed in with, encrypted, for useAccountCookie; not where cookies would take more than half of server.limits.headerBytes"),
    row("account.encryptOAuthTokens", "true or false", "false", "Whether tokens of providers are encrypted in the database"),
    row("account.storeStateStrategy", "database or cookie", r#""database""#, "Where a sign-in that is under way is kept"),
    row("account.skipStateCookieCheck", "true or false", "false", "Accepts an answer from another browser than the one that asked; weakens security"),
    row("account.accountLinking.enabled", "true or false", "true", "Whether a user may have several ways in"),
    row("account.accountLinking.disableImplicitLinking", "true or false", "false", "Adds a way in only when a user who is signed in asks for it"),
    row("account.accountLinking.requireLocalEmailVerified", "true or false", "true", "Adds one to a user with the same address only if that is verified here, too; false weakens security"),
    row("account.accountLinking.trustedProviders", "list of providers", "[]", "Providers whose word on addresses is taken without proof"),
    row("account.accountLinking.allowDifferentEmails", "true or false", "false", "Whether a user may add a way in with another address"),
    row("account.accountLinking.updateUserInfoOnLink", "true or false", "false", "Whether adding a way in copies name and picture from the provider"),
    row("account.accountLinking.allowUnlinkingAll", "true or false", "false", "Whether users may remove their last way in"),
    row("verification.storeInDatabase", "true or false", "false", "With a secondary storage: the database keeps what works once, such as links to a new password"),
    row("rateLimit.enabled", "true or false", "null", "Whether requests are counted; by default where baseURL is https"),
    row("rateLimit.window", "seconds", "10", "How long a client must keep quiet for its count to begin again"),
    row("rateLimit.max", "number", "100", "Requests per client, path and window; /sign-in, /sign-up, /change-password: 3"),
    row("rateLimit.storage", "memory, database or secondary-storage", "null", "Where the counts are kept, the last two for several servers; by default the secondary storage if there is one, else memory"),
    row("rateLimit.customRules", "table of path = false or {window, max}", "{}", "Other rules by path, or by a pattern with *"),
    row("onAPIError.errorURL", "URL or path", "null", "The page for failed flows, instead of the built-in one"),
    row("plugins", "table of plugin = {options}", "{}", "What is switched on besides; docs/plugins.md has the plugins and their options"),
    row("server.admin.host", "name or address", r#""127.0.0.1""#, "Where metrics and health are listened for; whoever reaches it can read them"),
    row("server.admin.port", "number", "null", "The port for that; nobody listens without it, nor without serve --admin"),
    row("server.limits.connections", "number", "null", "Connections at once; by default as many as there are descriptors for, at most 16384"),
    row("server.limits.connectionsPerAddress", "number", "null", "Connections of one address at once, by default half of them; trustedProxies may have all"),
    row("server.limits.headerBytes", "number", "32768", "Bytes of a request's head; more is answered with 431"),
    row("server.limits.headers", "number", "100", "Headers of a request; more is answered with 431"),
    row("server.limits.headerTime", "seconds", "30", "For a request's head to arrive; longer is answered with 408"),
    row("server.limits.targetBytes", "number", "16384", "Bytes of a request's path and query; more is answered with 414"),
    row("server.limits.idleTime", "seconds", "60", "For the next request on a connection to begin; then it is closed"),
    row("server.limits.bodyBytes", "number", "1048576", "Bytes of a request's body; more is answered with 413"),
    row("server.limits.bodyTime", "seconds", "30", "For a request's body to arrive; longer is answered with 408"),
    row("server.limits.answerTime", "seconds", "60", "For a request that has arrived to be answered; longer is answered with 503"),
    row("server.limits.requests", "number", "1024", "Requests at once; more are answered with 503"),
    row("server.limits.requestsPerAddress", "number", "null", "Requests of one client at once, by default a quarter of them; more are answered with 503"),
    row("server.limits.writing", "number", "64", "Requests at once that hash or write; more wait, and clients take turns"),
    row("server.limits.asking", "number", "32", "Requests at once that ask another server; more wait, and clients take turns"),
    row("server.limits.passwordsWaiting", "number", "256", "Passwords that wait to be hashed; more are answered with 503"),
    row("server.limits.oneTimeTokensPerClient", "number", "1000", "One-time tokens (sign-ins by a provider that are under way, links to a new password or to the end of an account) that one client may ask for within ten minutes, so that none fills the disk; more are answered with 429. Raise it where another server signs many people in from one address"),
    row("server.limits.oneTimeTokens", "number", "100000", "The same for all clients of one server together; when half are taken the part of each client shrinks, and more are answered with 503"),
    row("server.limits.drainTime", "seconds", "30", "For running requests to end once the server stops"),
    row("server.outbound.time", "seconds", "10", "For the answer of a provider to arrive"),
    row("server.outbound.answerBytes", "number", "1048576", "Bytes of such an answer"),
    row("advanced.useSecureCookies", "true or false", "null", "Cookies go over HTTPS only; by default where baseURL is https"),
    row("advanced.cookiePrefix", "text", r#""better-auth""#, "What the names of cookies begin with"),
    row("advanced.defaultCookieAttributes.secure", "true or false", "null", "Sent over HTTPS only"),
    row("advanced.defaultCookieAttributes.httpOnly", "true or false", "null", "Hidden from scripts; false weakens security"),
    row("advanced.defaultCookieAttributes.sameSite", "lax, strict or none", "null", "Whether requests from other sites carry it; none forces secure"),
    row("advanced.defaultCookieAttributes.path", "path", "null", "The paths that it is sent to"),
    row("advanced.defaultCookieAttributes.domain", "domain", "null", "The domain that it is sent to"),
    row("advanced.defaultCookieAttributes.partitioned", "true or false", "null", "Kept apart by the embedding site; forces secure"),
    row("advanced.cookies.session_token.name", "text", "null", "Its name"),
    row("advanced.cookies.session_token.attributes.secure", "true or false", "null", "Sent over HTTPS only"),
    row("advanced.cookies.session_token.attributes.httpOnly", "true or false", "null", "Hidden from scripts; false weakens security"),
    row("advanced.cookies.session_token.attributes.sameSite", "lax, strict or none", "null", "Whether requests from other sites carry it; none forces secure"),
    row("advanced.cookies.session_token.attributes.path", "path", "null", "The paths that it is sent to"),
    row("advanced.cookies.session_token.attributes.domain", "domain", "null", "The domain that it is sent to"),
    row("advanced.cookies.session_token.attributes.partitioned", "true or false", "null", "Kept apart by the embedding site; forces secure"),
    row("advanced.cookies.session_data.name", "text", "null", "Its name"),
    row("advanced.cookies.session_data.attributes.secure", "true or false", "null", "Sent over HTTPS only"),
    row("advanced.cookies.session_data.attributes.httpOnly", "true or false", "null", "Hidden from scripts; false weakens security"),
    row("advanced.cookies.session_data.attributes.sameSite", "lax, strict or none", "null", "Whether requests from other sites carry it; none forces secure"),
    row("advanced.cookies.session_data.attributes.path", "path", "null", "The paths that it is sent to"),
    row("advanced.cookies.session_data.attributes.domain", "domain", "null", "The domain that it is sent to"),
    row("advanced.cookies.session_data.attributes.partitioned", "true or false", "null", "Kept apart by the embedding site; forces secure"),
    row("advanced.cookies.dont_remember.name", "text", "null", "Its name"),
    row("advanced.cookies.dont_remember.attributes.secure", "true or false", "null", "Sent over HTTPS only"),
    row("advanced.cookies.dont_remember.attributes.httpOnly", "true or false", "null", "Hidden from scripts; false weakens security"),
    row("advanced.cookies.dont_remember.attributes.sameSite", "lax, strict or none", "null", "Whether requests from other sites carry it; none forces secure"),
    row("advanced.cookies.dont_remember.attributes.path", "path", "null", "The paths that it is sent to"),
    row("advanced.cookies.dont_remember.attributes.domain", "domain", "null", "The domain that it is sent to"),
    row("advanced.cookies.dont_remember.attributes.partitioned", "true or false", "null", "Kept apart by the embedding site; forces secure"),
    row("advanced.crossSubDomainCookies.enabled", "true or false", "false", "One sign-in for several subdomains"),
    row("advanced.crossSubDomainCookies.domain", "domain", "null", "Their common domain; by default the host of baseURL"),
    row("advanced.allowPrivateAddresses", "true or false", "false", "Lets this server ask others in private networks and without encryption, such as a provider of one's own"),
    row("advanced.disableCSRFCheck", "true or false", "null", "Accepts requests with cookies, and sign-in forms, from any origin; weakens security. If it is not set, `advanced.disableOriginCheck = true` does the same"),
    row("advanced.disableOriginCheck", "true, false or list of paths", "false", "Checks neither origins nor redirect targets, anywhere or below these paths; weakens security. Logins by a navigation from another site stay blocked where the value is a list, or `advanced.disableCSRFCheck` is false"),
    row("advanced.skipTrailingSlashes", "true or false", "false", "/ok/ is served as /ok"),
    row("advanced.ipAddress.trustedProxies", "list of networks", "[]", "Proxies whose forwarded headers are believed"),
    row("advanced.ipAddress.ipAddressHeaders", "list of headers", r#"["x-forwarded-for"]"#, "Headers in which those proxies name the client"),
    row("advanced.ipAddress.disableIpTracking", "true or false", "false", "Addresses are neither looked at nor stored"),
    row("advanced.ipAddress.ipv6Subnet", "0 to 128", "64", "How many leading bits of an IPv6 address make one client"),
    row("advanced.errorCodes", "reference or upstream", r#""reference""#, "Whose names and statuses error bodies carry"),
];

/// Options in which a secret can stand, or in something below them.
const WITH_SECRETS: &[&str] = &[
    "secret",
    "secrets",
    "database.url",
    "secondaryStorage.url",
    "email.smtp.password",
    "email.webhook.url",
    "email.webhook.secret",
    "socialProviders",
    "genericOAuth",
    "plugins",
];

/// Whether an error may repeat what stands at this path: it is an option of the table, which holds no secret. What
/// stands where a table of options is expected can be anything.
pub(super) fn is_shown(path: &str) -> bool {
    let option = path.split('[').next().unwrap_or_default();
    OPTIONS.iter().any(|row| row.path == option) && !WITH_SECRETS.contains(&option)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::config::Config;

    #[test]
    fn the_table_holds_every_option_and_its_default() {
        let mut defaults = Vec::new();
        leaves("", &serde_json::to_value(Config::default()).unwrap(), &mut defaults);
        let mut listed: Vec<(String, Value)> = OPTIONS
            .iter()
            .map(|row| (row.path.to_owned(), serde_json::from_str(row.default).unwrap()))
            .collect();
        defaults.sort_by(|left, right| left.0.cmp(&right.0));
        listed.sort_by(|left, right| left.0.cmp(&right.0));
        assert_eq!(listed, defaults);
    }

    #[test]
    fn no_option_with_a_secret_is_shown() {
        for row in OPTIONS.iter().filter(|row| row.kind == "secret") {
            assert!(!is_shown(row.path), "{}", row.path);
        }
        for path in WITH_SECRETS {
            assert!(OPTIONS.iter().any(|row| row.path == *path), "{path} is no option");
        }
        assert!(is_shown("session.expiresIn") && is_shown("trustedOrigins[1]"));
        assert!(!is_shown("secrets[0].value") && !is_shown("database") && !is_shown("email.smtp"));
    }

    fn leaves(path: &str, value: &Value, found: &mut Vec<(String, Value)>) {
        match value {
            Value::Object(object) if !object.is_empty() => {
                for (key, value) in object {
                    let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                    leaves(&path, value, found);
                }
            }
            leaf => found.push((path.to_owned(), leaf.clone())),
        }
    }
}
