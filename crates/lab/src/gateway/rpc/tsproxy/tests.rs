//! What the examples of the specification ([MS-TSGU] 4.1.1) are as bytes. It gives their values; NDR gives the rest.

use super::*;

/// Words of 32 bits.
fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16()
        .chain([0])
        .flat_map(u16::to_le_bytes)
        .collect()
}

/// Two shorts in a word.
const fn pair(low: u16, high: u16) -> u32 {
    let ([a, b], [c, d]) = (low.to_le_bytes(), high.to_le_bytes());
    u32::from_le_bytes([a, b, c, d])
}

#[test]
fn a_client_says_what_it_can() {
    let stub = words(&[
        0x5643,
        0x5643,
        0x0002_0000,
        pair(0x5452, 0x5643),
        0x0002_0004,
        1,
        pair(1, 1),
        0,
        1,
        1,
        1,
        0x1F,
    ]);
    assert_eq!(create_tunnel(&stub), Some(Begins::Capable(0x1F)));
    // What Windows puts behind a call for lack of a better place ([MS-RPCE] 2.2.2.13).
    let trailed = [&stub[..], &[0x8A, 0xE3, 0x13, 0x71]].concat();
    assert_eq!(create_tunnel(&trailed), Some(Begins::Capable(0x1F)));
    for end in 0..stub.len() {
        assert_eq!(create_tunnel(&stub[..end]), None, "{end}");
    }
    let mut other = stub.clone();
    other.splice(4..8, words(&[0x4054]));
    assert_eq!(create_tunnel(&other), None, "two types");
    assert_eq!(
        create_tunnel(&words(&[0x4054, 0x4054, 0x0002_0000])),
        Some(Begins::Otherwise)
    );
}

#[test]
fn a_tunnel_is_created_as_specified() {
    let created = Created {
        nonce: [7; 16],
        capabilities: 1,
        consent: None,
        tunnel: [9; 20],
        number: 1,
    };
    let head = words(&[0x0002_0000, 0x4552, 0x4552, 0x0002_0004, 0, 0, 0]);
    let caps = words(&[
        pair(0x5452, 0x5643),
        0x0002_000C,
        1,
        pair(1, 1),
        0,
        1,
        1,
        1,
        1,
    ]);
    let tail = [vec![9; 20], words(&[1, 0])].concat();
    let expected = [&head[..], &[7; 16], &words(&[0x0002_0008]), &caps, &tail].concat();
    assert_eq!(tunnel_created(&created), expected);

    // With something to agree to, TSG_PACKET_CAPS_RESPONSE.
    let agree = Created {
        consent: Some(Some("Accept")),
        ..created.clone()
    };
    let head = words(&[0x0002_0000, 0x4350, 0x4350, 0x0002_0004, 0, 0, 0]);
    let message = words(&[1, 1, 1, 1, 0x0002_000C]);
    let caps = words(&[
        pair(0x5452, 0x5643),
        0x0002_0010,
        1,
        pair(1, 1),
        0,
        1,
        1,
        1,
        1,
    ]);
    let text = [
        words(&[1, 1, 7, 0x0002_0014, 7]),
        wide("Accept"),
        vec![0; 2],
    ]
    .concat();
    let expected = [
        &head[..],
        &[7; 16],
        &words(&[0x0002_0008]),
        &message,
        &caps,
        &text,
        &tail,
    ]
    .concat();
    assert_eq!(tunnel_created(&agree), expected);

    // With nothing to agree to, the message is there and empty.
    let empty = Created {
        consent: Some(None),
        ..created
    };
    let message = words(&[1, 1, 0, 1, 0x0002_000C]);
    let expected = [
        &head[..],
        &[7; 16],
        &words(&[0x0002_0008]),
        &message,
        &caps,
        &words(&[0, 0, 0, 0]),
        &tail,
    ]
    .concat();
    assert_eq!(tunnel_created(&empty), expected);
    let refused = [words(&[0]), vec![0; 20], words(&[0, 0x8007_59D8])].concat();
    assert_eq!(tunnel_refused(0x8007_59D8), refused);
}

#[test]
fn a_tunnel_is_authorized_as_specified() {
    let stub = [
        vec![9; 20],
        words(&[
            0x5152,
            0x5152,
            0x0002_0000,
            0,
            0x0002_0004,
            10,
            0,
            0,
            10,
            0,
            10,
        ]),
        wide("mymachine"),
    ]
    .concat();
    assert_eq!(authorize_tunnel(&stub), Some(([9; 20], true)));
    for end in 0..stub.len() {
        assert_eq!(authorize_tunnel(&stub[..end]), None, "{end}");
    }
    let answer = tunnel_authorized(0, None);
    let mut expected = words(&[0x0002_0000, 0x5052, 0x5052, 0x0002_0004, 0x5152, 0, 0, 0]);
    expected.extend([0; 32 + 4]);
    assert_eq!(answer, expected);
    let answer = tunnel_authorized(0x4000_0000 | 0x01 | 0x10, Some(30));
    let expected = words(&[
        0x0002_0000,
        0x5052,
        0x5052,
        0x0002_0004,
        0x5152,
        0,
        0x0002_0008,
        4,
        0,
        1,
        1,
        0,
        0,
        0,
        0,
        1,
        4,
        30,
        0,
    ]);
    assert_eq!(answer, expected);
}

#[test]
fn a_message_is_asked_for_and_brought_as_specified() {
    let stub = [vec![9; 20], words(&[1, 0x4752, 0x4752, 0x0002_0000, 1])].concat();
    assert_eq!(make_tunnel_call(&stub), Some(([9; 20], 1)));
    let expected = [
        words(&[
            0x0002_0000,
            0x4750,
            0x4750,
            0x0002_0004,
            1,
            2,
            1,
            2,
            0x0002_0008,
            1,
            0,
            5,
            0x0002_000C,
            5,
        ]),
        wide("Test"),
        vec![0; 2],
        words(&[0]),
    ]
    .concat();
    assert_eq!(service_message("Test"), expected);
    assert_eq!(no_packet(0x8007_071A), words(&[0, 0x8007_071A]));
}

#[test]
fn a_channel_leads_where_the_client_says() {
    let names = [words(&[12, 0, 12]), wide("myTsMachine")].concat();
    let stub = [
        vec![9; 20],
        // The port of the example: 3389 and the protocol 3.
        words(&[0x0002_0000, 1, 0, 0, 222_101_507, 1, 0x0002_0004]),
        names.clone(),
    ]
    .concat();
    let expected = ([9; 20], vec!["myTsMachine".to_owned()], 3389);
    assert_eq!(create_channel(&stub), Some(expected));
    for end in 0..stub.len() {
        assert_eq!(create_channel(&stub[..end]), None, "{end}");
    }
    // With another name beside it.
    let stub = [
        vec![9; 20],
        words(&[0x0002_0000, 1, 0x0002_0004, 1, 222_101_507]),
        words(&[1, 0x0002_0008]),
        names,
        words(&[1, 0x0002_000C, 2, 0, 2]),
        wide("x"),
    ]
    .concat();
    let (_, names, _) = create_channel(&stub).unwrap();
    assert_eq!(names, ["myTsMachine", "x"]);
    let greedy = [vec![9; 20], words(&[0, 51, 0, 0, 222_101_507])].concat();
    assert_eq!(create_channel(&greedy), None, "more names than allowed");

    let mut created = vec![8; 20];
    created.extend(words(&[1, 0]));
    assert_eq!(channel_created(&[8; 20], 1, 0), created);
    assert_eq!(closed(&NO_HANDLE, 0), [0; 24]);
}

#[test]
fn data_is_taken_as_in_the_example() {
    let handle = [
        0, 0, 0, 0, 0x36, 0x41, 0x18, 0x41, 0xDD, 0x2D, 0x84, 0x43, 0x83, 0x63, 0x82, 0xCC, 0xB6,
        0xEA, 0xF3, 0xF9,
    ];
    let data = [0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 4, 4, 0, 0, 3];
    let stub = [&handle[..], &data].concat();
    assert_eq!(send_to_server(&stub), (handle, Ok(vec![4, 0, 0, 3])));
    assert_eq!(setup_receive_pipe(&stub), handle);
    let with = |at: usize, byte: u8| {
        let mut damaged = stub.clone();
        damaged[at] = byte;
        send_to_server(&damaged).1
    };
    assert_eq!(with(23, 0), Err(Unsendable::Lengths), "nothing at all");
    assert_eq!(with(27, 0), Err(Unsendable::Lengths), "no buffers");
    assert_eq!(with(27, 4), Err(Unsendable::Lengths), "four buffers");
    assert_eq!(with(31, 5), Err(Unsendable::Lengths), "more than in all");
    assert_eq!(with(31, 0), Err(Unsendable::Empty), "an empty buffer");
    assert_eq!(
        send_to_server(&stub[..33]).1,
        Err(Unsendable::Empty),
        "less than it says"
    );
    let three = [
        &handle[..],
        &[0, 0, 0, 15, 0, 0, 0, 3],
        &[0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2],
        &[1, 2, 3],
    ]
    .concat();
    assert_eq!(send_to_server(&three).1, Ok(vec![1, 2, 3]));
}
