//! Tests against a real server, started by `tests/server/run`.

mod about;
mod account;
mod cases;
mod certificates;
mod crashes;
mod dialogue;
mod dns;
mod editor;
mod fault_table;
mod faults;
mod files;
mod full_disk;
mod in_rooms;
mod killed;
mod kinds;
mod levels;
mod lines;
mod login;
mod memory;
mod modes;
mod once;
mod other_clients;
mod people;
mod proxies;
mod queue;
mod reconnect;
mod relay;
mod rooms;
#[path = "../support/schema.rs"]
mod schema;
mod send;
mod tokens;
mod trust;
mod unread;
mod upgrades;
mod uploads;
