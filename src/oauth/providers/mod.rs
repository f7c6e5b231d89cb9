//! Every provider that Better Auth knows, one file each.

mod apple;
mod atlassian;
mod cloudflare;
mod cognito;
mod discord;
mod dropbox;
mod facebook;
mod figma;
pub mod generic;
mod github;
mod gitlab;
mod google;
mod huggingface;
mod kakao;
mod kick;
mod line;
mod linear;
mod linkedin;
mod microsoft;
mod naver;
mod notion;
mod paybin;
mod paypal;
mod polar;
mod railway;
mod reddit;
mod roblox;
mod salesforce;
mod slack;
mod spotify;
mod tiktok;
mod twitch;
mod twitter;
mod vercel;
mod vk;
mod wechat;
mod zoom;

use crate::oauth::Provider;

/// All of them, in the order of their ids.
pub const ALL: &[&Provider] = &[
    &apple::PROVIDER,
    &atlassian::PROVIDER,
    &cloudflare::PROVIDER,
    &cognito::PROVIDER,
    &discord::PROVIDER,
    &dropbox::PROVIDER,
    &facebook::PROVIDER,
    &figma::PROVIDER,
    &github::PROVIDER,
    &gitlab::PROVIDER,
    &google::PROVIDER,
    &huggingface::PROVIDER,
    &kakao::PROVIDER,
    &kick::PROVIDER,
    &line::PROVIDER,
    &linear::PROVIDER,
    &linkedin::PROVIDER,
    &microsoft::PROVIDER,
    &naver::PROVIDER,
    &notion::PROVIDER,
    &paybin::PROVIDER,
    &paypal::PROVIDER,
    &polar::PROVIDER,
    &railway::PROVIDER,
    &reddit::PROVIDER,
    &roblox::PROVIDER,
    &salesforce::PROVIDER,
    &slack::PROVIDER,
    &spotify::PROVIDER,
    &tiktok::PROVIDER,
    &twitch::PROVIDER,
    &twitter::PROVIDER,
    &vercel::PROVIDER,
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
