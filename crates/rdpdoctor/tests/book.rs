//! The book holds together: its links lead somewhere, its contents name every page, and it can be opened.

use std::collections::BTreeSet;
use std::path::Path;

use rdpdoctor::book::{broken_links, render};
use rdpdoctor::generate::book::whole;

use crate::usage::rdpdoctor;

#[test]
fn links_lead_somewhere() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let pages = whole();
    assert!(pages.len() > 200, "{} pages", pages.len());
    let broken = broken_links(&pages, |path| docs.join(path).exists());
    assert_eq!(broken, Vec::<String>::new());
    // The test can fail.
    let wrong = [(
        "a/b.md".to_owned(),
        "# B\n[x](c.md) [y](#z) [b](#b)".to_owned(),
    )];
    assert_eq!(
        broken_links(&wrong, |_| false),
        ["a/b.md: c.md", "a/b.md: #z"]
    );
}

#[test]
fn the_readme_links_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for name in ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"] {
        let text = std::fs::read_to_string(root.join(name)).unwrap();
        let broken = broken_links(&[(name.to_owned(), text)], |path| root.join(path).exists());
        assert_eq!(broken, Vec::<String>::new());
    }
}

#[test]
fn the_contents_name_every_page_once() {
    let pages = whole();
    let (first, contents) = &pages[0];
    assert_eq!(first, "SUMMARY.md");
    let mut named: Vec<&str> = contents
        .lines()
        .filter_map(|line| line.rsplit_once("](")?.1.strip_suffix(')'))
        .collect();
    let all: BTreeSet<&str> = pages[1..].iter().map(|(path, _)| path.as_str()).collect();
    named.sort_unstable();
    assert_eq!(named, all.into_iter().collect::<Vec<_>>());
}

#[cfg(feature = "lab")]
#[test]
fn every_story_is_played() {
    let played = whole()
        .into_iter()
        .filter(|(path, _)| path.starts_with("stories/"))
        .inspect(|(path, text)| assert!(!text.contains("cannot play"), "{path}"))
        .filter(|(_, text)| text.contains("Not checked: "))
        .count();
    assert!(played >= 9, "{played} stories have a report");
}

#[test]
fn the_book_is_written_and_a_page_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let output = rdpdoctor()
        .args(["book", "secure.key-unusable", "--to"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    let page = std::fs::read_to_string(said.trim()).unwrap();
    assert!(
        page.contains("<h1 id=\"the-server-cannot-use-the-private-key"),
        "{page}"
    );
    for link in page.split("href=\"").skip(1) {
        let link = link.split('"').next().unwrap();
        if !link.starts_with('#') && !link.contains("://") {
            let link = link.split('#').next().unwrap();
            assert!(
                Path::new(said.trim()).parent().unwrap().join(link).exists(),
                "{link}"
            );
        }
    }
    let unknown = rdpdoctor()
        .args(["book", "no-such-page", "--print", "--to"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert_eq!(unknown.status.code(), Some(2));
}

#[test]
fn markup_of_a_page_is_its_words() {
    let pages = [
        ("SUMMARY.md".to_owned(), "- [A <b>](a.md)\n".to_owned()),
        (
            "a.md".to_owned(),
            "# A <b>\n\n<script>x</script>\n\nSo `<i>` is.\n".to_owned(),
        ),
    ];
    let files = render(&pages);
    let page = &files["a.html"];
    assert!(!page.contains("<script>x"), "{page}");
    assert!(page.contains("<code>&lt;i&gt;</code>"), "{page}");
}
