//! Every provider that Better Auth knows: plain rows in one file, the others in a file each.

mod apple;
mod cloudflare;
mod cognito;
mod discord;
mod facebook;
pub mod generic;
mod github;
mod gitlab;
mod google;
mod line;
mod linear;
mod microsoft;
mod naver;
mod notion;
mod paypal;
mod plain;
mod reddit;
mod twitter;
mod vk;
mod wechat;
mod zoom;

use crate::oauth::Provider;

/// All of them, sorted by id.
pub const ALL: &[&Provider] = &[
    &apple::PROVIDER,
    &plain::ATLASSIAN,
    &cloudflare::PROVIDER,
    &cognito::PROVIDER,
    &discord::PROVIDER,
    &plain::DROPBOX,
    &facebook::PROVIDER,
    &plain::FIGMA,
    &github::PROVIDER,
    &gitlab::PROVIDER,
    &google::PROVIDER,
    &plain::HUGGINGFACE,
    &plain::KAKAO,
    &plain::KICK,
    &line::PROVIDER,
    &linear::PROVIDER,
    &plain::LINKEDIN,
    &microsoft::PROVIDER,
    &naver::PROVIDER,
    &notion::PROVIDER,
    &plain::PAYBIN,
    &paypal::PROVIDER,
    &plain::POLAR,
    &plain::RAILWAY,
    &reddit::PROVIDER,
    &plain::ROBLOX,
    &plain::SALESFORCE,
    &plain::SLACK,
    &plain::SPOTIFY,
    &plain::TIKTOK,
    &plain::TWITCH,
    &twitter::PROVIDER,
    &plain::VERCEL,
    &vk::PROVIDER,
    &wechat::PROVIDER,
    &zoom::PROVIDER,
];

/// The provider with this id.
pub fn find(id: &str) -> Option<&'static Provider> {
    ALL.iter().copied().find(|provider| provider.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::PROVIDER_IDS;

    #[test]
    fn every_provider_that_can_be_configured_has_a_row() {
        assert!(ALL.iter().map(|provider| provider.id).eq(PROVIDER_IDS));
    }
}
