//! What a script for Windows PowerShell 5.1 must not hold, told from its syntax tree. No PowerShell runs here.

use std::collections::BTreeSet;

use tree_sitter::{Node, Parser};

/// Commands, parameters, variables and values that came after 5.1, or went away after it.
const ELSEWHERE: &[&str] = &[
    "Get-Error",
    "Get-WmiObject",
    "Join-String",
    "Test-Json",
    "-AsHashtable",
    "-AsUTC",
    "-Parallel",
    "-PSEdition",
    "$IsWindows",
    "$IsLinux",
    "utf8NoBOM",
];

/// What would not run in Windows PowerShell 5.1, in words; empty when nothing was found.
pub fn faults(script: &str) -> Vec<String> {
    let mut parser = Parser::new();
    parser
        .set_language(&tree_sitter_powershell::LANGUAGE.into())
        .unwrap();
    let tree = parser.parse(script, None).unwrap();
    let mut found = Vec::new();
    visit(tree.root_node(), &mut |node| {
        let text = node.utf8_text(script.as_bytes()).unwrap_or("");
        let line = node.start_position().row + 1;
        if node.is_error() || node.is_missing() {
            found.push(format!(
                "line {line}: cannot be read: {}",
                text.chars().take(60).collect::<String>()
            ));
        }
        // What came with later versions.
        if node.child_count() == 0 && matches!(text, "??" | "??=" | "?." | "?[" | "&&" | "||") {
            found.push(format!("line {line}: {text} needs PowerShell 7"));
        }
        if node.kind().contains("ternary") {
            found.push(format!(
                "line {line}: a choice with ? and : needs PowerShell 7"
            ));
        }
        if matches!(
            node.kind(),
            "command_name" | "command_parameter" | "variable" | "generic_token"
        ) && ELSEWHERE.iter().any(|word| text.eq_ignore_ascii_case(word))
        {
            found.push(format!(
                "line {line}: {text} is not in every PowerShell from 5.1 on"
            ));
        }
    });
    for (at, line) in script.lines().enumerate() {
        if !line.is_ascii() {
            found.push(format!(
                "line {}: letters beyond ASCII are read in the code page of the machine",
                at + 1
            ));
        }
    }
    found
}

/// The commands that a script calls.
pub fn commands(script: &str) -> BTreeSet<String> {
    let mut parser = Parser::new();
    parser
        .set_language(&tree_sitter_powershell::LANGUAGE.into())
        .unwrap();
    let tree = parser.parse(script, None).unwrap();
    let mut found = BTreeSet::new();
    visit(tree.root_node(), &mut |node| {
        if node.kind() == "command_name" {
            found.insert(node.utf8_text(script.as_bytes()).unwrap_or("").to_owned());
        }
    });
    found
}

fn visit<'t>(node: Node<'t>, see: &mut dyn FnMut(Node<'t>)) {
    see(node);
    for at in 0..node.child_count() {
        if let Some(child) = node.child(at) {
            visit(child, see);
        }
    }
}

#[test]
fn what_needs_a_later_version_is_found() {
    assert_eq!(
        faults("$a = Get-Date\nif ($a) { 'x' } else { 'y' }\n"),
        Vec::<String>::new()
    );
    assert_eq!(
        faults("$a = 'really ?? && ||' # and ?. here\n"),
        Vec::<String>::new()
    );
    for broken in [
        "if ($a) { 'x' ",
        "$a = $b ?? 'x'",
        "Get-Item a && Get-Item b",
        "$a = 'gr\u{FC}n'",
        "1..3 | ForEach-Object -Parallel { $_ }",
        "$a = $b ? 1 : 2",
        "if ($IsWindows) { 'x' }",
        "$a = Get-Content a | ConvertFrom-Json -AsHashtable",
        "Set-Content a b -Encoding utf8NoBOM",
        "Get-WmiObject Win32_Service",
    ] {
        assert!(!faults(broken).is_empty(), "{broken}");
    }
}
