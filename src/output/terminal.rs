//! Whether people read along, and how much fits on their screen.

use std::io::{self, IsTerminal};

use terminal_size::terminal_size_of;

use super::people::Style;

/// Where nothing tells the width.
const WIDTH: usize = 80;

/// Whether standard output is a terminal.
pub fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// How to show on standard output; `no_color` is the person's wish for plain characters.
pub fn style(no_color: bool) -> Style {
    Style { width: width().filter(|width| *width > 0).unwrap_or(WIDTH), bold: is_terminal() && !no_color }
}

/// Of standard output, or where that goes into a pager, of the terminal that is left: a line that the pager had to break would
/// go on in the first column, where headings stand.
fn width() -> Option<usize> {
    let size = terminal_size_of(io::stdout())
        .or_else(|| terminal_size_of(io::stderr()))
        .or_else(|| terminal_size_of(io::stdin()));
    size.map(|(width, _)| usize::from(width.0))
}
