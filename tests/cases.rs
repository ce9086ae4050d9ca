//! Each of the 54 acceptance cases of `chat unread` (issue 3) has a test against real servers that names it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The source of the tests against real servers.
fn sources() -> String {
    let server = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/server");
    let entries =
        [server.clone(), server.join("cases")].into_iter().flat_map(|folder| fs::read_dir(folder).expect("a folder"));
    let files = entries.map(|entry| entry.expect("an entry").path());
    let is_source = |file: &std::path::PathBuf| file.extension().is_some_and(|extension| extension == "rs");
    files.filter(is_source).map(|file| fs::read_to_string(file).expect("UTF-8")).collect()
}

/// The numbers in a comment such as `// Cases 41, 42 and 47: why.`; none in another line.
fn numbers(line: &str) -> Vec<u32> {
    let Some(comment) = line.trim_start().strip_prefix("// Case") else { return Vec::new() };
    let list = comment.strip_prefix('s').unwrap_or(comment).split([':', '.']).next().unwrap_or_default();
    list.split([',', ' ']).filter_map(|word| word.parse().ok()).collect()
}

#[test]
fn every_acceptance_case_has_a_test_against_real_servers() {
    let sources = sources();
    let lines: Vec<&str> = sources.lines().collect();
    // The comment is the first line of the test's function.
    let tests = lines.windows(3).filter(|lines| lines[0].trim() == "#[test]");
    let mut names: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for (number, name) in tests.flat_map(|lines| numbers(lines[2]).into_iter().map(|number| (number, lines[1]))) {
        names.entry(number).or_default().push(name);
    }
    let missing: Vec<u32> = (1..=54).filter(|number| !names.contains_key(number)).collect();
    assert!(missing.is_empty(), "no test in tests/server begins with a comment “// Case N.” for {missing:?}");
    assert_eq!(names.len(), 54, "there are 54 cases: {names:?}");
}

#[test]
fn every_test_that_needs_something_of_a_server_is_there() {
    let sources = sources();
    let needs = include_str!("server/needs");
    for line in needs.lines().filter(|line| !line.starts_with('#')) {
        let name = line.split_whitespace().next().and_then(|path| path.rsplit("::").next()).unwrap_or_default();
        assert!(sources.contains(&format!("fn {name}(")), "tests/server/needs: there is no test {name}");
    }
}

/// A need that nobody meets is a test that runs nowhere.
#[test]
fn every_need_is_met_by_a_variant() {
    let met: Vec<&str> =
        include_str!("server/impossible").split(|letter: char| !letter.is_alphanumeric() && letter != '-').collect();
    let needs = include_str!("server/needs").lines().filter(|line| !line.starts_with('#'));
    for need in needs.filter_map(|line| line.split_whitespace().nth(1)).flat_map(|needs| needs.split(',')) {
        assert!(met.contains(&need), "tests/server/impossible: no variant has {need}");
    }
}
