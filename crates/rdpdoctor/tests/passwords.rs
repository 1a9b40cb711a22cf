//! Where passwords come from: lines of standard input in their order, the environment, or nowhere; and that none is
//! made up.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use lab::front::serve;
use lab::scenario;
use serde_json::Value;

use crate::gateways::on_loopback;

/// Runs the program with these lines on its standard input, and these variables.
fn run(arguments: &[String], lines: &str, variables: &[(&str, &str)]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rdpdoctor"))
        .args(["--no-progress", "--no-history", "--format", "json"])
        .args(arguments)
        .env_remove("RDPDOCTOR_PASSWORD")
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may refuse before it reads.
    let _ = child.stdin.take().unwrap().write_all(lines.as_bytes());
    child.wait_with_output().unwrap()
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

/// The facts of this kind in the report of a run through a gateway or proxy of the lab, whose address stands for `AT`.
fn facts(
    id: &str,
    arguments: &str,
    lines: &str,
    variables: &[(&'static str, &'static str)],
    kind: &str,
) -> Vec<Value> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let scenario = scenario::fronts().unwrap();
    let scenario = scenario.into_iter().find(|own| own.id == id).unwrap();
    let arguments = arguments.to_owned();
    let lines = lines.to_owned();
    let variables: Vec<(&'static str, &'static str)> = variables.to_vec();
    let output = runtime.block_on(async {
        let running = serve::serve(&scenario, on_loopback()).await.unwrap();
        let arguments = words(&arguments.replace("AT", &running.address.to_string()));
        tokio::task::spawn_blocking(move || run(&arguments, &lines, &variables))
            .await
            .unwrap()
    });
    assert_ne!(output.status.code(), Some(2), "{output:?}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let evidence = report["evidence"].as_array().unwrap().iter();
    evidence
        .filter(|seen| seen["fact"] == kind)
        .map(|seen| seen["value"].clone())
        .collect()
}

const THROUGH_PROXY: &str = "pc-17.lab.test --quick --proxy http://lab@AT --password-stdin";
const THROUGH_GATEWAY: &str =
    "localhost:1 --quick --gateway AT --gateway-user lab --password-stdin";

fn passes_proxy(arguments: &str, lines: &str, variables: &[(&'static str, &'static str)]) -> bool {
    let connected = facts(
        "proxy/healthy-basic",
        arguments,
        lines,
        variables,
        "proxy-connected",
    );
    !connected.is_empty()
}

fn passes_gateway(arguments: &str, lines: &str) -> bool {
    facts(
        "gateway/healthy-basic",
        arguments,
        lines,
        &[],
        "gateway-answered",
    )
    .iter()
    .any(|answer| {
        !answer["logon"].is_null() && matches!(answer["status"].as_u64(), Some(101 | 200))
    })
}

#[test]
fn a_proxy_gets_the_line_that_is_left() {
    assert!(passes_proxy(THROUGH_PROXY, "Passw0rd!\n", &[]));
    assert!(!passes_proxy(THROUGH_PROXY, "Other0ne!\n", &[]));
    // Whoever logs on to the host comes first.
    let both = format!("{THROUGH_PROXY} --user lena");
    assert!(passes_proxy(&both, "Other0ne!\nPassw0rd!\r\n", &[]));
    assert!(!passes_proxy(&both, "Passw0rd!\nOther0ne!\n", &[]));
}

#[test]
fn standard_input_goes_before_the_environment_where_it_was_asked_for() {
    let variable = [("RDPDOCTOR_PROXY_PASSWORD", "Other0ne!")];
    assert!(passes_proxy(THROUGH_PROXY, "Passw0rd!\n", &variable));
    let by_variable = THROUGH_PROXY.replace(" --password-stdin", "");
    let variable = [("RDPDOCTOR_PROXY_PASSWORD", "Passw0rd!")];
    assert!(passes_proxy(&by_variable, "Other0ne!\n", &variable));
}

#[test]
fn a_gateway_gets_the_line_behind_that_of_the_user() {
    assert!(passes_gateway(THROUGH_GATEWAY, "Passw0rd!\n"));
    let both = format!("{THROUGH_GATEWAY} --user lena");
    assert!(passes_gateway(&both, "Other0ne!\nPassw0rd!\n"));
    assert!(!passes_gateway(&both, "Passw0rd!\nOther0ne!\n"));
}

#[test]
fn no_password_is_made_up() {
    let endless = "x".repeat(100_000);
    for (arguments, lines, says) in [
        (
            "localhost:1 --user lena --password-stdin",
            "",
            "ended before the password for --user lena",
        ),
        ("localhost:1 --user lena --password-stdin", "\n", "is empty"),
        (
            "localhost:1 --user lena --password-stdin",
            &endless,
            "longer than any",
        ),
        ("localhost:1 --user lena", "", "no terminal"),
        (
            "localhost:1 --gateway localhost --gateway-user lena",
            "",
            "no terminal",
        ),
        (
            "localhost:1 --proxy http://lena@localhost",
            "",
            "no terminal",
        ),
        (
            "localhost:1 --user lena --gateway localhost --gateway-user gerd --password-stdin",
            "one\n",
            "ended before the password for --gateway-user gerd",
        ),
    ] {
        let output = run(&words(arguments), lines, &[]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments}: {said}");
        assert!(said.contains(says), "{arguments}: {said}");
        assert!(output.stdout.is_empty(), "{arguments}: {output:?}");
    }
    let variable = [("RDPDOCTOR_PASSWORD", "")];
    let output = run(&words("localhost:1 --user lena"), "", &variable);
    assert_eq!(output.status.code(), Some(2));
}
