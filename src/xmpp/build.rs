//! Small helpers to build elements.

use minidom::{Element, ElementBuilder};
use rxml::NcName;
use xmpp_parsers::ns;

pub(crate) trait With {
    /// Sets an attribute; `name` is a literal of this program.
    fn with(self, name: &'static str, value: &str) -> Self;
}

impl With for ElementBuilder {
    fn with(self, name: &'static str, value: &str) -> Self {
        self.attr(NcName::try_from(name).expect("the attribute names of this program are XML names"), value)
    }
}

/// A filled-in data form (XEP-0004).
pub(crate) fn form(form_type: &str, fields: &[(&str, &str)]) -> Element {
    let field = |name: &str, value: &str| {
        let value = Element::builder("value", ns::DATA_FORMS).append(value);
        Element::builder("field", ns::DATA_FORMS).with("var", name).append(value.build())
    };
    Element::builder("x", ns::DATA_FORMS)
        .with("type", "submit")
        .append(field("FORM_TYPE", form_type).with("type", "hidden").build())
        .append_all(fields.iter().map(|(name, value)| field(name, value).build()))
        .build()
}
