//! What the tests of the generated files share.

pub(crate) mod completions;
pub(crate) mod fresh;
pub(crate) mod manual;
pub(crate) mod reference_pages;
pub(crate) mod roff;
pub(crate) mod synopsis;
