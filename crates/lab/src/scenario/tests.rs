use super::*;

const SMALLEST: &str = r#"
format = "rdpdoctor/scenario/1"
what = "Nothing is wrong."
expect = { outcome = "healthy" }
"#;

#[test]
fn every_scenario_reads() {
    let names = names();
    assert!(!names.is_empty());
    for name in &names {
        let scenario = find(name).unwrap_or_else(|error| panic!("{error}"));
        assert!(scenario.what.ends_with('.'), "{name}: `what` is a sentence");
        let phase = name.split('/').next().unwrap();
        assert!(
            ["healthy", "gateway", "proxy"].contains(&phase)
                || model::Phase::ALL.iter().any(|known| known.slug() == phase),
            "{name}: no such phase"
        );
        // A host on which nothing is wrong may stand beside its neighbours on a rung, too.
        let named = phase == "healthy" || name.contains("/healthy");
        let healthy = scenario.expect.outcome == Outcome::Healthy;
        assert!(healthy || !named, "{name}");
        assert!(!named || scenario.expect.top.is_none(), "{name}");
        assert!(healthy || scenario.expect.top.is_some(), "{name}");
        assert_eq!(phase == "gateway", scenario.gateway.is_some(), "{name}");
        assert_eq!(phase == "proxy", scenario.proxy.is_some(), "{name}");
    }
}

#[test]
fn the_smallest_scenario_is_healthy() {
    let scenario = read("healthy/smallest", SMALLEST).unwrap();
    assert_eq!(scenario.client, Client::default());
    assert_eq!(scenario.server, Script::default());
}

#[test]
fn what_is_not_known_is_refused_by_name() {
    let check = |change: &str, word: &str| {
        let error = read("healthy/odd", &format!("{SMALLEST}\n{change}")).unwrap_err();
        let mut text = error.to_string();
        if let Error::Malformed { source, .. } = &error {
            text = source.to_string();
        }
        assert!(text.contains(word), "{change}: {text}");
    };
    check("[server]\nsecurty = \"windows-nla\"", "securty");
    check("[server]\nsecurity = \"windows-11\"", "windows-11");
    check("[server.tls]\nlowest = \"1.4\"", "1.4");
    check("[server.answers]\nany = \"refuse x\"", "failure code");
    check(
        "[server.answers]\n\"tls+nla\" = \"close\"",
        "`nla` is no security protocol",
    );
    check(
        "[[server.fault]]\nat = \"request\"\ndoes = \"explode\"",
        "explode",
    );
    check(
        "[[server.fault]]\nat = \"confirm\"\ndoes = \"drip\"",
        "no answer is due",
    );
    check(
        "[[server.fault]]\nat = \"request\"\ndoes = \"truncate\"",
        "needs `bytes`",
    );
    check(
        "[[server.fault]]\nat = \"request\"\ndoes = \"alert\"",
        "needs a number",
    );
    check(
        "[[link.toxic]]\nkind = \"delay\"\nms = 3\nway = \"up\"",
        "up",
    );
    check(
        "[[network.address]]\nip = \"10.0.0.1\"\nicmp = { type = 3, code = 1 }",
        "unreachable",
    );
    check("[server.certificate]\nexpired = true", "expired");
    let other = SMALLEST.replace("scenario/1", "scenario/2");
    let error = read("healthy/newer", &other).unwrap_err();
    assert!(
        matches!(error, Error::Malformed { source, .. } if source.to_string().contains("scenario/2"))
    );
}

#[test]
fn expectations_are_whole() {
    let ill = SMALLEST.replace("{ outcome = \"healthy\" }", "{ outcome = \"failing\" }");
    assert!(matches!(read("tcp/x", &ill), Err(Error::Senseless { .. })));
    let well = SMALLEST.replace("\"healthy\" }", "\"healthy\", top = \"tcp.refused\" }");
    assert!(matches!(
        read("healthy/x", &well),
        Err(Error::Senseless { .. })
    ));
}

#[test]
fn names_are_found_short_and_misspelt() {
    let full = names().pop().unwrap();
    let short = full.split('/').next_back().unwrap().to_owned();
    assert_eq!(find(&full).unwrap().id, full);
    match find(&short) {
        Ok(scenario) => assert_eq!(scenario.id, full),
        Err(Error::Ambiguous { among, .. }) => assert!(among.contains(&full)),
        Err(error) => panic!("{error}"),
    }
    assert_eq!(find(&full.replace('/', ".")).unwrap().id, full);
    assert!(matches!(
        find(&format!("{full}x")),
        Err(Error::Unknown { near: Some(_), .. })
    ));
    assert!(matches!(
        find("quite-another-thing"),
        Err(Error::Unknown { near: None, .. })
    ));
}

#[test]
fn connections_are_chosen() {
    let when = |text: &str| toml::from_str::<When>(text).unwrap();
    let hits = |when: When| {
        (1..=9)
            .filter(|number| when.applies(*number, 1, 0))
            .collect::<Vec<_>>()
    };
    assert_eq!(hits(when("")), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert_eq!(hits(when("every = 3")), [3, 6, 9]);
    assert_eq!(hits(when("every = 3\nfrom = 1")), [1, 4, 7]);
    assert_eq!(hits(when("from = 2\nto = 4")), [2, 3, 4]);
    assert_eq!(hits(when("percent = 0")), [0; 0]);
    assert!(when("open_over = 1").applies(1, 2, 0) && !when("open_over = 1").applies(1, 1, 0));
}

#[test]
fn payloads_are_text_or_digits() {
    #[derive(Deserialize)]
    struct Wrapped {
        payload: Payload,
    }
    let read = |text: &str| toml::from_str::<Wrapped>(text).map(|wrapped| wrapped.payload.0);
    assert_eq!(read("payload = \"SSH-2.0\\r\\n\"").unwrap(), b"SSH-2.0\r\n");
    assert_eq!(
        read("payload = \"hex:0300 0013\"").unwrap(),
        [3, 0, 0, 0x13]
    );
    assert!(read("payload = \"hex:030\"").is_err());
    assert!(read("payload = \"hex:0g\"").is_err());
}

#[test]
fn the_documented_scenario_reads() {
    let page = include_str!("../../../../docs/lab.md");
    let (_, rest) = page.split_once("```toml\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let scenario = read("secure/documented", example).unwrap();
    assert_eq!(scenario.server.fault.len(), 1);
    for entry in crate::toxics::TOXICS {
        assert!(
            page.contains(&format!("`{}`", entry.name)),
            "{} is not described",
            entry.name
        );
    }
}
