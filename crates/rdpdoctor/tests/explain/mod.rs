//! `explain` from the outside, and its tables held against what they were taken from.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use assert_cmd::Command;
use model::codes::{self, Code, space};
use proptest::prelude::*;
use rdpdoctor::explain::answer::{Explanation, Kind};
use rdpdoctor::explain::{of_stream, of_words};

fn rdpdoctor(arguments: &[&str], stdin: &[u8]) -> (i32, String, String) {
    let output = Command::cargo_bin("rdpdoctor")
        .unwrap()
        .arg("explain")
        .args(arguments)
        .env("COLUMNS", "100")
        .write_stdin(stdin)
        .output()
        .unwrap();
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

/// What was found, one line for each answer.
fn found(explanation: &Explanation) -> String {
    let mut lines = String::new();
    for answer in &explanation.answers {
        let kind = serde_json::to_value(answer.kind).unwrap();
        let reading = match (answer.leader, answer.kind) {
            (Some(code), _) => [code.space.slug, &code.written(), code.name]
                .into_iter()
                .filter(|word| !word.is_empty())
                .collect::<Vec<_>>()
                .join(" "),
            (None, Kind::Words) => format!("about {}", answer.readings[0].topic),
            (None, _) => {
                let spaces: Vec<&str> = answer
                    .readings
                    .iter()
                    .map(|reading| reading.namespace)
                    .collect();
                format!("no single meaning: {}", spaces.join(", "))
            }
        };
        lines.push_str(&format!(
            "{}: {} = {reading}\n",
            kind.as_str().unwrap(),
            answer.given
        ));
    }
    if lines.is_empty() {
        lines.push_str("nothing\n");
    }
    lines
}

/// Every text of the golden file brings what stands below it. `RDPDOCTOR_BLESS=1` writes the file anew.
#[test]
fn pasted_texts_are_understood() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/explain/texts.txt");
    let golden = std::fs::read_to_string(&path).unwrap();
    let (head, texts) = golden.split_once("\n[text").unwrap();
    let mut fresh = head.to_owned() + "\n";
    let mut count = 0;
    for text in texts.split("\n[text") {
        let (about, rest) = text.split_once("]\n").unwrap();
        let (text, _) = rest.split_once("\n[found]\n").unwrap();
        let client = about
            .trim()
            .strip_prefix("client=")
            .and_then(rdpdoctor::explain::context::Program::of);
        let explanation = of_stream(text.as_bytes(), client).unwrap();
        fresh.push_str(&format!(
            "[text{about}]\n{text}\n[found]\n{}\n",
            found(&explanation)
        ));
        count += 1;
    }
    let fresh = fresh.trim_end().to_owned() + "\n";
    if std::env::var_os("RDPDOCTOR_BLESS").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    assert!(count >= 60, "{count} texts");
    for (old, new) in golden.lines().zip(fresh.lines()) {
        assert_eq!(old, new);
    }
    assert_eq!(golden, fresh);
}

/// Number and name of every code, as the golden file of this tree has them.
#[test]
fn the_tables_are_as_written_down() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/explain/codes.tsv");
    let fresh: String = codes::all()
        .map(|code| format!("{}\t{}\t{}\n", code.space.slug, code.written(), code.name))
        .collect();
    if std::env::var_os("RDPDOCTOR_BLESS").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap();
    for (old, new) in golden.lines().zip(fresh.lines()) {
        assert_eq!(old, new);
    }
    assert_eq!(golden, fresh);
}

/// Where the tables were taken from, when that folder lies beside the checkout: number by number and name by
/// name. Without it, the golden file above holds the tables.
#[test]
fn the_tables_equal_their_sources() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/codes");
    let Ok(files) = std::fs::read_dir(&folder) else {
        return;
    };
    let spaces: BTreeMap<String, &space::Space> = space::ALL
        .iter()
        .flat_map(|space| {
            let own = (space.slug.to_owned(), *space);
            space
                .also
                .iter()
                .map(|also| ((*also).to_owned(), *space))
                .chain([own])
        })
        .collect();
    let mut rows = 0;
    for file in files {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "tsv") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let mut lines = text.lines();
        let head: Vec<&str> = lines.next().unwrap().split('\t').collect();
        if head[0] == "topic" {
            rows += lines.clone().count();
            assert_eq!(lines.count(), codes::CLAIMS.len());
            continue;
        }
        for line in lines {
            rows += 1;
            let cells: BTreeMap<&str, &str> = head.iter().copied().zip(line.split('\t')).collect();
            let slug = cells["namespace"].to_lowercase().replace('_', "-");
            let space = spaces
                .get(cells["namespace"])
                .or_else(|| spaces.get(&slug))
                .unwrap_or_else(|| panic!("{line}"));
            let number: Option<i64> = cells["code_dec"].parse().ok();
            let symbol = cells["symbol"];
            let is_placeholder = symbol.starts_with('(') || space.slug == "mstsc-dialog-pair";
            let is_line = cells.contains_key("pattern");
            let second = (space.slug == "mstsc-dialog-pair").then(|| {
                i64::from_str_radix(cells["code_hex"].split("/0x").nth(1).unwrap(), 16).unwrap()
            });
            let matches = |code: &&Code| {
                code.space == *space
                    && (is_line || number.is_some_and(|number| code.number == Some(number)))
                    && (is_placeholder || code.name == symbol)
                    && code.pair == second
            };
            let code = codes::all()
                .find(matches)
                .unwrap_or_else(|| panic!("missing: {line}"));
            let confidence = serde_json::to_value(code.confidence).unwrap();
            assert_eq!(confidence.as_str(), Some(cells["confidence"]), "{line}");
            assert_ne!(
                code.says, cells["meaning_short"],
                "{line}: a sentence of its own"
            );
        }
    }
    assert_eq!(rows, 799);
}

#[test]
fn answers_come_in_every_form() {
    let (status, text, _) = rdpdoctor(&["0x904", "0x7"], b"");
    assert_eq!(status, 0);
    for words in [
        "closed",
        "carries nothing",
        "rdpdoctor HOST",
        "36870",
        "refuted",
        "plausible, a look decides",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let (status, json, _) = rdpdoctor(&["--format", "json", "2308", "7"], b"");
    assert_eq!(status, 0);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["schema"], "rdpdoctor/explain/1");
    let answer = &json["answers"][0];
    assert_eq!(answer["kind"], "pair");
    assert_eq!(answer["claims"].as_array().unwrap().len(), 27);
    for field in [
        "says",
        "rules_in",
        "rules_out",
        "causes",
        "next",
        "source",
        "confidence",
    ] {
        assert!(!answer["readings"][0][field].is_null(), "{field}");
    }
    assert!(
        !answer["readings"][0]["causes"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let (status, markdown, _) = rdpdoctor(&["--format", "markdown", "0xC0000224"], b"");
    assert_eq!(status, 0);
    assert!(
        markdown.contains("STATUS\\_PASSWORD\\_MUST\\_CHANGE"),
        "{markdown}"
    );
}

#[test]
fn pages_lists_and_searches() {
    let cause = diagnose::CAUSES[0].id;
    let remedy = diagnose::REMEDIES[0].id;
    for page in [cause, remedy, "negotiate", "secure"] {
        let (status, text, _) = rdpdoctor(&[page], b"");
        assert_eq!(status, 0, "{page}");
        assert!(text.lines().count() > 3, "{page}: {text}");
    }
    let (status, text, _) = rdpdoctor(&["--list"], b"");
    assert_eq!(status, 0);
    for space in space::ALL {
        assert!(text.contains(space.slug), "{}", space.slug);
    }
    for name in [
        "errorinfo",
        "mstsc_disc_reason",
        "xfreerdp",
        "System (Schannel)",
    ] {
        assert_eq!(rdpdoctor(&["--list", name], b"").0, 0, "{name}");
    }
    let (status, text, _) = rdpdoctor(&["--search", "license server"], b"");
    assert_eq!(status, 0);
    assert!(
        text.lines()
            .next()
            .unwrap()
            .to_lowercase()
            .contains("licenseserver")
            || text.contains("ERRINFO_LICENSE_NO_LICENSE_SERVER")
    );
}

#[test]
fn what_is_no_code_is_wrong_usage() {
    for (arguments, stdin, says) in [
        (&["hello"][..], &b""[..], "no code that is known"),
        (&["904"], b"", "did you mean 0x904"),
        (
            &["ERRINFO_LICENSE_NO_LICENSE_SERVR"],
            b"",
            "ERRINFO_LICENSE_NO_LICENSE_SERVER",
        ),
        (&["negotiat"], b"", "negotiate"),
        (&[], b"", "empty"),
        (&["-"], b" \n\n", "empty"),
        (&["-"], b"\xff\xfe\x00\x80", "no code"),
        (&["--list", "nothing-like-it"], b"", "no namespace"),
        (&["--search", "zzzz"], b"", "no code speaks of"),
    ] {
        let (status, stdout, stderr) = rdpdoctor(arguments, stdin);
        assert_eq!(status, 2, "{arguments:?}");
        assert!(stdout.is_empty(), "{arguments:?}");
        assert!(stderr.contains(says), "{arguments:?}: {stderr}");
        assert_eq!(stderr.lines().count(), 1, "{arguments:?}: {stderr}");
    }
}

#[test]
fn a_text_of_megabytes_is_read_to_its_end() {
    let mut text = b"nothing of note happens here, 10.0.0.7:3389 at 12:34:56\n".repeat(40_000);
    text.extend_from_slice(b"\xff\xfe ERRINFO_LICENSE_NO_LICENSE_SERVER \x80\n");
    let explanation = of_stream(text.as_slice(), None).unwrap();
    assert_eq!(
        found(&explanation),
        "name: ERRINFO_LICENSE_NO_LICENSE_SERVER = errorinfo 0x00000101 ERRINFO_LICENSE_NO_LICENSE_SERVER\n"
    );
    let one_line = vec![b'7'; 3_000_000];
    of_stream(one_line.as_slice(), None).unwrap();
}

#[test]
fn a_text_in_utf_16_is_read() {
    let text: Vec<u8> = "Error code: 0x904\r\nExtended error code: 0x7\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let explanation = of_stream(text.as_slice(), None).unwrap();
    assert_eq!(
        found(&explanation),
        "pair: 0x904 / 0x7 = mstsc-dialog-pair 0x904/0x7\n"
    );
}

#[test]
fn a_number_is_the_same_in_every_form() {
    let leader = |word: &str| {
        of_words(&[word.to_owned()], None)
            .answers
            .first()
            .and_then(|answer| answer.leader)
            .map(|code| (code.space.slug, code.number))
    };
    let wide: BTreeSet<i64> = codes::all()
        .filter(|code| code.pair.is_none())
        .filter_map(|code| code.number)
        .filter(|number| *number > 0x8000_0000)
        .collect();
    assert!(wide.len() > 150);
    for number in wide {
        let hex = leader(&format!("0x{number:X}"));
        assert!(
            hex.is_some() || leader(&number.to_string()).is_none(),
            "0x{number:X}"
        );
        for word in [
            format!("0x{number:x}"),
            format!("{number}"),
            format!("{}", number - (1 << 32)),
            format!("{number:08X}h"),
        ] {
            assert_eq!(leader(&word), hex, "{word}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_calm(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let explanation = of_stream(bytes.as_slice(), None).unwrap();
        prop_assert!(serde_json::to_string(&explanation).is_ok());
    }

    #[test]
    fn any_words_are_calm(words in prop::collection::vec("\\PC{0,24}|0x[0-9a-fA-F]{0,18}|-?[0-9]{0,22}|[A-Z_]{0,30}", 0..6)) {
        let explanation = of_words(&words, None);
        prop_assert!(explanation.answers.len() <= 40);
    }

    #[test]
    fn any_number_is_answered_alike_by_its_forms(number in 0_u32..) {
        let all = |word: String| of_words(&[word], None).answers.first().map(|answer| {
            answer.readings.iter().map(|reading| (reading.namespace, reading.decimal)).collect::<BTreeSet<_>>()
        });
        prop_assert_eq!(all(number.to_string()), all(format!("0x{number:X}")));
    }
}
