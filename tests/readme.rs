//! README.md must not promise other exit codes than the program has.

use chat::ExitCode;

#[test]
fn the_readme_has_the_exit_codes_of_the_program() {
    let readme = include_str!("../README.md");
    let is_row = |line: &&str| line.trim_start_matches("| ").starts_with(|first: char| first.is_ascii_digit());
    let rows: Vec<&str> = readme.lines().filter(is_row).collect();
    let expected = ExitCode::ALL.map(|code| format!("| {} | {} |", code.number(), code.sentence()));
    assert_eq!(rows, expected);
}
