//! Whether people read along, and how much fits on their screen.

use std::io::{self, IsTerminal};

use super::people::Style;

/// Where nothing tells the width.
const WIDTH: usize = 80;

/// Whether standard output is a terminal.
pub fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// How to show on standard output; `no_color` is the person's wish for plain characters.
pub fn style(no_color: bool) -> Style {
    let width = terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
    Style { width: width.filter(|width| *width > 0).unwrap_or(WIDTH), bold: is_terminal() && !no_color }
}
