//! One incident, recorded from three places under clocks that disagree: `recordings/record-joined.sh`.

use std::io::Cursor;

use intake::Intake;
use intake::story::{Clock, Joined, Matched};

const CAPTURE: &[u8] = include_bytes!("../recordings/joined/server.pcap");
const SERVER: &[u8] = include_bytes!("../recordings/joined/xrdp.log");
const CLIENT: &[u8] = include_bytes!("../recordings/joined/xfreerdp.log");

fn joined(files: &[(&str, &[u8])]) -> Joined {
    let mut intake = Intake::default();
    for (name, bytes) in files {
        intake.take(name, &mut Cursor::new(bytes));
    }
    intake.finish().joined
}

fn clock<'j>(joined: &'j Joined, teller: &str) -> &'j Clock {
    joined
        .clocks
        .iter()
        .find(|clock| clock.teller == teller)
        .expect("who tells an attempt has a clock")
}

#[test]
fn clocks_are_held_against_each_other() {
    let joined = joined(&[
        ("server.pcap", CAPTURE),
        ("xrdp.log", SERVER),
        ("xfreerdp.log", CLIENT),
    ]);
    for line in &joined.lines {
        println!(
            "{:?} {} {} {}",
            line.at, line.attempt, line.step.teller, line.step.label
        );
    }
    println!("{:#?}\n{:#?}", joined.clocks, joined.contradictions);
    assert_eq!(clock(&joined, "server.pcap").how, Matched::Reference);
    let server = clock(&joined, "xrdp");
    // xrdp writes whole seconds, and ran 192 s ahead.
    assert_eq!((server.how, server.matched), (Matched::ByPort, 4));
    assert!(
        (191_000_000..=192_500_000).contains(&server.ahead.unwrap()),
        "{server:?}"
    );
    // The client's log tells neither day nor address: three attempts in the same distances tie it.
    let client = clock(&joined, "xfreerdp.log");
    assert_eq!((client.how, client.matched), (Matched::ByOrder, 3));
    assert!(intake::story::within_a_day(client.ahead.unwrap()).abs() < 1_000_000);
    // The reset was made on the client's side: the server's capture holds none.
    let said: Vec<&str> = joined
        .contradictions
        .iter()
        .map(|one| one.says.as_str())
        .collect();
    assert!(!said.is_empty() && said.iter().all(|said| said.contains(
        "xfreerdp.log says that the other end reset the connection; in server.pcap the server sent none"
    )), "{said:#?}");
}

#[test]
fn order_of_files_changes_nothing() {
    let one = joined(&[("a.pcap", CAPTURE), ("b.log", SERVER), ("c.log", CLIENT)]);
    let other = joined(&[("c.log", CLIENT), ("b.log", SERVER), ("a.pcap", CAPTURE)]);
    assert_eq!(one, other);
    assert_eq!(one.common(), 4);
}

#[test]
fn without_the_capture_port_and_order_still_tie() {
    let joined = joined(&[("xrdp.log", SERVER), ("xfreerdp.log", CLIENT)]);
    let client = clock(&joined, "xfreerdp.log");
    assert_eq!(client.how, Matched::ByOrder);
    // Both run on clocks of their own: 192 s apart.
    let apart = intake::story::within_a_day(client.ahead.unwrap());
    assert!((-193_000_000..=-190_000_000).contains(&apart), "{apart}");
}
