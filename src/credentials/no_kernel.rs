//! Where there is no Linux there is no kernel keyring.

use jid::BareJid;

use super::{Password, Problem};

pub(super) const NAME: &str = "kernel keyring";
const ABSENT: Problem = Problem::Absent("only Linux has one");

pub(super) fn get(_: &str, _: &BareJid) -> Result<Password, Problem> {
    Err(ABSENT)
}

pub(super) fn set(_: &str, _: &BareJid, _: &Password) -> Result<(), Problem> {
    Err(ABSENT)
}

pub(super) fn delete(_: &str, _: &BareJid) -> Result<(), Problem> {
    Err(ABSENT)
}
