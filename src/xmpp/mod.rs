//! The protocol: one file per feature, named by its purpose.
//!
//! Functions take a [`session::Session`] and return types of `conversation/`; no XML leaves this folder.
//!
//! From the bottom up: [`wire`] and [`guard`] (bytes), [`stream`] (elements), [`connect`], [`tls`], [`encryption`], [`login`] and
//! [`session`] (getting in), [`iq`] and [`stanza`] (questions, answers, whom to believe), then the features.

mod acts;
pub mod archive;
pub mod authorities;
mod binding;
mod bookmarks;
mod build;
mod connect;
mod content;
pub mod credentials;
pub mod delivery;
mod dialect;
pub mod displayed;
mod encrypted;
mod encryption;
pub mod endpoint;
pub mod fast;
mod files;
mod flight;
mod guard;
pub mod handover;
mod incoming;
mod iq;
mod login;
pub mod mailbox;
pub mod marking;
mod mechanism;
pub mod memory;
mod mode;
pub mod occupancy;
pub mod offline;
pub mod original;
mod private_storage;
pub mod progress;
pub mod proxy;
mod read_node;
mod receipts;
pub mod resend;
pub mod rooms;
mod roster;
mod sasl;
mod scram;
#[cfg(test)]
mod scripted_server;
pub mod session;
mod stanza;
mod stream;
pub(crate) mod tls;
mod token;
mod upgrade;
pub mod upload;
mod wire;
