//! What the tests of the generated files share.

pub(crate) mod fresh;
pub(crate) mod manual;
pub(crate) mod manual_common;
pub(crate) mod roff;
pub(crate) mod synopsis;
