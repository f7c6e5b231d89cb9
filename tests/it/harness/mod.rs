//! What the tests share: a site to talk to, requests and answers, the binary, a server of its own.

pub(crate) mod cli;
pub(crate) mod connection;
mod described;
pub(crate) mod gate;
pub(crate) mod grammar;
pub(crate) mod mailbox;
pub(crate) mod options;
pub(crate) mod patience;
pub(crate) mod pooler;
pub(crate) mod postgres;
pub(crate) mod provider;
pub(crate) mod redis;
pub(crate) mod request;
pub(crate) mod server;
pub(crate) mod site;
pub(crate) mod smtp;

pub(crate) use cli::Folder;
pub(crate) use connection::Connection;
pub(crate) use gate::Gate;
pub(crate) use mailbox::Mail;
pub(crate) use patience::at_once;
pub(crate) use patience::until;
pub(crate) use pooler::Pooler;
pub(crate) use postgres::Cluster;
pub(crate) use postgres::Postgres;
pub(crate) use provider::Provider;
pub(crate) use redis::Redis;
pub(crate) use request::Answer;
pub(crate) use request::Request;
pub(crate) use site::Site;
pub(crate) use site::members;
pub(crate) use smtp::SmtpServer;
