//! Reports and the book in a real Chromium: no error, no sideways scrolling, nothing axe finds, by width and colours.

use std::path::PathBuf;
use std::process::Command;

use probe::{Depth, Options};
use rdpdoctor::rehearse::{Settings, play};
use rdpdoctor::report::html;
use serde_json::Value;

use super::node;

/// Faults whose pages differ most in what they hold.
const FAULTS: &[&str] = &[
    "secure/reset-at-hello",
    "secure/intercepted",
    "secure/mtu",
    "resolve/wrong-host",
    "tcp/filtered",
];

/// Seen through a gateway on loopback: one leg, and both.
const GATEWAYS: &[&str] = &["gateway/resource-denied", "gateway/healthy"];

/// Pages of the book that differ most in what they hold.
const PAGES: &[&str] = &[
    "start.html",
    "stories/01-after-a-clean-up.html",
    "codes/errorinfo.html",
    "causes/secure.key-unusable.html",
    "facts.html",
];

/// Where pictures of the pages go when somebody wants to look at them.
const SHOTS: &str = "RDPDOCTOR_SHOTS";

#[test]
fn pages_are_sound_in_a_browser() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    let mut page = |name: &str, text: String| {
        let path = folder
            .path()
            .join(format!("{}.html", name.replace('/', "-")));
        std::fs::write(&path, text).unwrap();
        files.push(path);
    };
    for (name, report) in crate::report::cases() {
        page(name, html::html(&report));
    }
    for fault in FAULTS {
        let scenario = lab::scenario::find(fault).unwrap();
        let evidence = play(&scenario, &Settings::default()).unwrap();
        page(
            fault,
            html::html(&rdpdoctor::check::conclude(&evidence, Vec::new())),
        );
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    for name in GATEWAYS {
        let scenario = lab::scenario::find(name).unwrap();
        let evidence = runtime.block_on(crate::gateways::seen(scenario));
        page(
            name,
            html::html(&rdpdoctor::check::conclude(&evidence, Vec::new())),
        );
    }
    let survey = Settings {
        options: Options::of(Depth::Full),
        ..Settings::default()
    };
    let scenario = lab::scenario::find("healthy/old-windows").unwrap();
    let evidence = play(&scenario, &survey).unwrap();
    let surveyed = rdpdoctor::check::conclude(&evidence, Vec::new());
    assert!(surveyed.survey.is_some());
    page("survey", html::html(&surveyed));
    let book = folder.path().join("book");
    for (path, text) in rdpdoctor::book::render(&rdpdoctor::generate::book::whole()) {
        let path = book.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    files.extend(PAGES.iter().map(|page| book.join(page)));
    let found = look(&files);
    assert_eq!(
        found["looked"].as_u64().unwrap(),
        u64::try_from(files.len() * 2 * 4).unwrap()
    );
    let wrong: Vec<&str> = found["wrong"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line.as_str().unwrap())
        .collect();
    assert_eq!(wrong, Vec::<&str>::new());

    // The look can find something.
    let bad = folder.path().join("bad.html");
    std::fs::write(
        &bad,
        "<!doctype html><p style='width:3000px;color:#eee'>Pale, wide and without a language.</p>\
         <script>console.error('x')</script>",
    )
    .unwrap();
    let wrong = look(&[bad])["wrong"].to_string();
    for word in [
        "console: x",
        "wider than 360",
        "color-contrast",
        "html-has-lang",
    ] {
        assert!(wrong.contains(word), "{word}: {wrong}");
    }
}

fn look(files: &[PathBuf]) -> Value {
    let tools = node::tools("browser", "look.mjs");
    let chromium = ["chromium", "chromium-browser"]
        .iter()
        .find_map(|name| {
            std::env::split_paths(&std::env::var_os("PATH")?)
                .map(|folder| folder.join(name))
                .find(|path| path.exists())
        })
        .expect("chromium is installed by cargo xtask test");
    let output = Command::new("node")
        .arg("look.mjs")
        .arg(chromium)
        .arg(std::env::var_os(SHOTS).unwrap_or_else(|| "-".into()))
        .args(files)
        .current_dir(&tools)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}
