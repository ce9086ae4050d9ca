//! Text and JSON, sanitised; the only place that prints.
//!
//! The answer goes to standard output through [`Answer`], record by record; talk goes to standard error ([`talk`]).

mod answer;
#[cfg(test)]
mod examples;
pub mod json;
pub mod people;
pub mod progress;
pub mod reference;
pub mod sanitize;
pub mod talk;
pub mod terminal;
pub mod text;
mod words;
mod wrap;

pub use answer::Answer;
