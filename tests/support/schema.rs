//! What `-j` writes, checked with the schema that is published in `schema/`.

use std::io::Write;
use std::process::{Command, Stdio};

/// Fails unless each of `lines` is an object of the schema, with no member that it does not name.
pub(crate) fn assert_valid(lines: &str) {
    let root = env!("CARGO_MANIFEST_DIR");
    let mut command = Command::new("/usr/bin/python3");
    command.arg(format!("{root}/tests/support/validate.py")).arg(format!("{root}/schema/output-1.json"));
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.expect("python3 runs; testbed/deps check installs what it needs");
    child.stdin.take().expect("a pipe").write_all(lines.as_bytes()).expect("it reads everything");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let checked = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    assert_eq!(checked, lines.lines().count().to_string());
}
