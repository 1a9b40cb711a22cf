//! What goes wrong over RPC: on purpose, and because of what clients do.

use super::super::association::CallId;
use super::*;
use crate::chance::Chance;

#[test]
fn what_leads_nowhere_is_told() {
    for (method, path, length, status) in [
        (
            "RPC_OUT_DATA",
            "/rpc/rpcproxy.dll?gw:593",
            76,
            "503 RPC Error: 6ba",
        ),
        (
            "RPC_IN_DATA",
            "/rpc/rpcproxy.dll",
            1 << 20,
            "503 RPC Error: 6ba",
        ),
        ("GET", "/rpc/rpcproxy.dll?gw:3388", 0, "405 "),
        ("RPC_OUT_DATA", "/elsewhere", 0, "404 "),
    ] {
        let mut client = Client::of("");
        client.bench.open(OUT);
        let head = format!("{method} {path} HTTP/1.1\r\n{BASIC}Content-Length: {length}\r\n\r\n");
        let answer = client.bench.ask(OUT, &head);
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{answer}"
        );
    }
    // What is served can be absent, and have nothing behind it.
    for (rpc, status) in [("absent", "404 "), ("no-server", "503 RPC Error: 6ba")] {
        let mut bench = Bench::of(&format!("rpc = \"{rpc}\""));
        bench.open(OUT);
        let head = format!("RPC_IN_DATA {PATH}{BASIC}Content-Length: 1048576\r\n\r\n");
        let answer = bench.ask(OUT, &head);
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{answer}"
        );
    }
}

#[test]
fn a_wrong_password_inside_is_told_with_the_first_call() {
    let mut client = Client::of("");
    client.connects();
    client.binds("password");
    assert_eq!(
        client.call(opnum::CREATE_TUNNEL, &create_tunnel(0)),
        [Got::Fault(2, 5)]
    );
    // Nobody logged on at all.
    let mut client = Client::of("");
    client.connects();
    let mut bare = bind(INTEGRITY, b"");
    bare.truncate(bare.len() - 8);
    let length = u16::try_from(bare.len()).unwrap();
    bare.splice(8..10, length.to_le_bytes());
    assert_eq!(client.says(IN, &bare)[2], kind::BIND_ACK);
    let body = pdu::response(0, 0);
    let request = pdu::write(kind::REQUEST, flag::WHOLE, 3, &body, 0);
    let answer = client.says(IN, &request);
    assert_eq!(client.reads(&answer), [Got::Fault(3, 5)]);
}

#[test]
fn providers_that_are_not_known_are_refused() {
    let mut client = Client::of("");
    client.connects();
    let mut asked = bind(INTEGRITY, b"NTLMSSP\0\x01\0\0\0");
    let at = asked.len() - 12 - 8;
    // RPC_C_AUTHN_GSS_KERBEROS.
    asked[at] = 16;
    assert_eq!(client.says(IN, &asked), pdu::bind_nak(2, 8));
}

#[test]
fn a_connection_is_bound_once() {
    let mut client = Client::of("");
    client.connects();
    client.binds("Passw0rd!");
    let again = client.says(IN, &bind(INTEGRITY, b"NTLMSSP\0\x01\0\0\0"));
    assert_eq!(again, [0_u8; 0]);
    assert_eq!(client.ended(IN), Some(Do::Close));
}

#[test]
fn a_signature_that_is_wrong_ends_it() {
    let mut client = Client::of("");
    client.connects();
    client.binds("Passw0rd!");
    let mut request = client.request(2, flag::WHOLE, opnum::CREATE_TUNNEL, &create_tunnel(0));
    request[40] ^= 1;
    assert_eq!(client.says(IN, &request), [0_u8; 0]);
    assert_eq!(
        [OUT, IN].map(|number| client.ended(number)),
        [Some(Do::Close), Some(Do::Close)]
    );
}

#[test]
fn codes_are_what_methods_say() {
    let cases = [
        ("tunnel", 0x8007_59F8_u32),
        ("tunnel-auth", 0x8007_59DB),
        ("channel", 0x8007_59DA),
    ];
    for (at, no) in cases {
        let mut client = Client::of(&format!(
            "[[gateway.fault]]\nat = \"{at}\"\ndoes = \"code\"\ncode = {no}"
        ));
        client.connects();
        client.binds("Passw0rd!");
        let created = client.answered(opnum::CREATE_TUNNEL, &create_tunnel(0));
        if at == "tunnel" {
            assert_eq!((created.len(), code(&created)), (32, no));
            continue;
        }
        let tunnel = handle(&created, created.len() - 28);
        let authorized = client.answered(opnum::AUTHORIZE_TUNNEL, &authorize_tunnel(&tunnel));
        if at == "tunnel-auth" {
            assert_eq!(authorized, words(&[0, no]));
            // What comes next is out of turn.
            let created = client.answered(opnum::CREATE_CHANNEL, &create_channel(&tunnel));
            assert_eq!(code(&created), 5);
            continue;
        }
        let got = client.call(opnum::CREATE_CHANNEL, &create_channel(&tunnel));
        assert_eq!(got, [Got::Fault(client.next - 1, no)]);
        assert!(client.bench.names.is_empty());
        // A client that goes on all the same gets the last word of the pipe.
        let got = client.call(opnum::SETUP_RECEIVE_PIPE, &[0; 20]);
        assert_eq!(
            got,
            [Got::Response(client.next - 1, flag::WHOLE, words(&[5]))]
        );
    }
}

#[test]
fn a_code_with_an_end_ends_it() {
    let mut client = Client::of(
        "[[gateway.fault]]\nat = \"tunnel\"\ndoes = \"code\"\ncode = 5\nthen = \"reset\"",
    );
    client.connects();
    client.binds("Passw0rd!");
    let created = client.answered(opnum::CREATE_TUNNEL, &create_tunnel(0));
    assert_eq!(code(&created), 5);
    assert_eq!(
        [OUT, IN].map(|number| client.ended(number)),
        [Some(Do::Reset), Some(Do::Reset)]
    );
}

#[test]
fn a_server_that_is_not_reached_is_told_in_a_fault() {
    let mut client = Client::of("");
    client.bench.behind = false;
    client.connects();
    client.binds("Passw0rd!");
    let created = client.answered(opnum::CREATE_TUNNEL, &create_tunnel(0));
    let tunnel = handle(&created, created.len() - 28);
    client.answered(opnum::AUTHORIZE_TUNNEL, &authorize_tunnel(&tunnel));
    let got = client.call(opnum::CREATE_CHANNEL, &create_channel(&tunnel));
    assert_eq!(got, [Got::Fault(client.next - 1, 0x59DD)]);
}

#[test]
fn codes_before_the_first_method_are_faults() {
    for at in ["handshake", "extended-auth"] {
        let mut client = Client::of(&format!(
            "[[gateway.fault]]\nat = \"{at}\"\ndoes = \"code\"\ncode = 0x800759E8"
        ));
        client.connects();
        if at == "handshake" {
            let answer = client.says(IN, &bind(INTEGRITY, b"NTLMSSP\0\x01\0\0\0"));
            assert_eq!(client.reads(&answer), [Got::Fault(2, 0x8007_59E8)]);
        } else {
            client.binds("Passw0rd!");
            let got = client.call(opnum::CREATE_TUNNEL, &create_tunnel(0));
            assert_eq!(got, [Got::Fault(2, 0x8007_59E8)]);
        }
    }
}

#[test]
fn ends_come_where_they_are_wanted() {
    for (does, ended) in [
        ("close", Some(Do::Close)),
        ("reset", Some(Do::Reset)),
        ("silence", None),
    ] {
        for at in [
            "handshake",
            "extended-auth",
            "tunnel",
            "tunnel-auth",
            "channel",
            "data",
        ] {
            let mut client = Client::of(&format!(
                "[[gateway.fault]]\nat = \"{at}\"\ndoes = \"{does}\""
            ));
            client.connects();
            let negotiate = b"NTLMSSP\0\x01\0\0\0";
            if at == "handshake" {
                assert_eq!(client.says(IN, &bind(INTEGRITY, negotiate)), [0_u8; 0]);
            } else {
                client.binds("Passw0rd!");
                let mut tunnel = [0; 20];
                let mut channel = [0; 20];
                for (moment, opnum) in [
                    ("tunnel", opnum::CREATE_TUNNEL),
                    ("tunnel-auth", opnum::AUTHORIZE_TUNNEL),
                    ("channel", opnum::CREATE_CHANNEL),
                    ("data", opnum::SETUP_RECEIVE_PIPE),
                ] {
                    if at == "extended-auth" {
                        break;
                    }
                    let stub = match moment {
                        "tunnel" => create_tunnel(0),
                        "tunnel-auth" => authorize_tunnel(&tunnel),
                        "channel" => create_channel(&tunnel),
                        _ => channel.to_vec(),
                    };
                    let got = client.call(opnum, &stub);
                    if at == moment {
                        assert_eq!(got, [], "{at}");
                        break;
                    }
                    let [Got::Response(_, _, stub)] = got.as_slice() else {
                        panic!("{got:?}");
                    };
                    match moment {
                        "tunnel" => tunnel = handle(stub, stub.len() - 28),
                        "channel" => channel = handle(stub, 0),
                        _ => {}
                    }
                }
            }
            client.passes(0);
            let ends = [OUT, IN].map(|number| client.ended(number));
            assert_eq!(ends, [ended.clone(), ended.clone()], "{does} {at}");
        }
    }
}

#[test]
fn answers_are_cut_off_and_drip() {
    let mut client = Client::of(
        "[[gateway.fault]]\nat = \"tunnel\"\ndoes = \"truncate\"\nbytes = 20\nthen = \"reset\"",
    );
    client.connects();
    client.binds("Passw0rd!");
    let request = client.request(2, flag::WHOLE, opnum::CREATE_TUNNEL, &create_tunnel(0));
    assert_eq!(client.says(IN, &request).len(), 20);
    assert_eq!(client.ended(OUT), Some(Do::Reset));

    let mut client = Client::of(
        "[[gateway.fault]]\nat = \"handshake\"\ndoes = \"drip\"\nbytes = 50\nafter_ms = 10",
    );
    client.connects();
    let asked = bind(INTEGRITY, b"NTLMSSP\0\x01\0\0\0");
    let mut answer = client.says(IN, &asked);
    assert_eq!(answer.len(), 50);
    client.passes(1_000);
    answer.extend(client.got());
    assert_eq!(
        answer.len(),
        usize::from(Header::read(&answer).unwrap().length)
    );
}

#[test]
fn faults_meet_the_channel_they_are_meant_for() {
    // Something on the way holds the IN channel back: CONN/C2 never comes.
    let mut client =
        Client::of("[[gateway.fault]]\nat = \"logon\"\ndoes = \"silence\"\non = \"rpc-in\"");
    let answer = client.connects();
    assert!(answer.ends_with(&rts::out_is_open(120_000)));
    assert_eq!(client.ended(OUT), None);
    // Something else does not let the OUT channel through.
    let mut client = Client::of(
        "[[gateway.fault]]\nat = \"logon\"\ndoes = \"status\"\nstatus = 502\non = \"rpc-out\"",
    );
    let answer = client.connects();
    assert!(answer.starts_with(b"HTTP/1.1 502 "));
    // A fault on either is one on both.
    let mut client =
        Client::of("[[gateway.fault]]\nat = \"request\"\ndoes = \"reset\"\non = \"rpc\"");
    client.bench.open(IN);
    client
        .bench
        .ask(IN, &format!("RPC_IN_DATA {PATH}Content-Length: 0\r\n\r\n"));
    assert_eq!(client.ended(IN), Some(Do::Reset));
}

#[test]
fn a_server_that_ends_it_is_told_in_the_pipe() {
    let mut client = Client::of("");
    let (_, tunnel) = client.pipe();
    let pipe = client.next - 1;
    let at = *client.bench.gateway.rpc.lines.keys().next().unwrap();
    let now = client.bench.now;
    let orders = client
        .bench
        .gateway
        .behind(now, at, crate::front::Behind::Ended);
    client.bench.carry_out(orders);
    let answer = client.got();
    let expected = [Got::Response(pipe, flag::WHOLE, words(&[0xA0]))];
    assert_eq!(client.reads(&answer), expected);
    // The client closes the tunnel, and is not told twice.
    assert_eq!(client.answered(opnum::CLOSE_TUNNEL, &tunnel), [0; 24]);
}

#[test]
fn a_code_while_data_flows_is_the_last_word_of_the_pipe() {
    let mut client = Client::of(
        "[[gateway.fault]]\nat = \"data\"\ndoes = \"code\"\ncode = 0x59F6\nafter_ms = 500",
    );
    let (channel, _) = client.pipe();
    let pipe = client.next - 1;
    client.call(opnum::SEND_TO_SERVER, &send(&channel, &[1]));
    client.passes(499);
    assert_eq!(client.got(), [0_u8; 0]);
    client.passes(1);
    let answer = client.got();
    let expected = [Got::Response(pipe, flag::LAST, words(&[0x59F6]))];
    assert_eq!(client.reads(&answer), expected);
    assert_eq!(client.ended(OUT), Some(Do::Close));
}

#[test]
fn a_message_waits_for_a_call_that_asks_for_one() {
    for asks_first in [true, false] {
        let mut client =
            Client::of("[[gateway.fault]]\nat = \"data\"\ndoes = \"message\"\ntext = \"Soon\"");
        let (channel, tunnel) = client.channel();
        let calls = [
            (opnum::MAKE_TUNNEL_CALL, tunnel_call(&tunnel, 1)),
            (opnum::SETUP_RECEIVE_PIPE, channel.to_vec()),
        ];
        let (first, second) = if asks_first { (0, 1) } else { (1, 0) };
        let waits = client.next + u32::from(!asks_first);
        assert_eq!(client.call(calls[first].0, &calls[first].1), []);
        let got = client.call(calls[second].0, &calls[second].1);
        let expected = Got::Response(waits, flag::WHOLE, tsproxy::service_message("Soon"));
        assert_eq!(got, [expected]);
    }
}

#[test]
fn calls_out_of_turn_are_refused() {
    let mut client = Client::of("");
    client.connects();
    client.binds("Passw0rd!");
    let nobody = [9; 20];
    for (opnum, stub, status) in [
        (
            opnum::AUTHORIZE_TUNNEL,
            authorize_tunnel(&nobody),
            0x1C00_001A,
        ),
        (opnum::CREATE_CHANNEL, create_channel(&nobody), 0x1C00_001A),
        (opnum::SEND_TO_SERVER, send(&nobody, &[1]), 0x4E3),
        (opnum::CREATE_TUNNEL, vec![1, 2, 3], 0x6F7),
        (0, vec![], 0x1C01_0002),
        (10, vec![], 0x1C01_0002),
    ] {
        let got = client.call(opnum, &stub);
        assert_eq!(got, [Got::Fault(client.next - 1, status)], "{opnum}");
    }
    for (opnum, stub) in [
        (opnum::AUTHORIZE_TUNNEL, authorize_tunnel(&[0; 20])),
        (opnum::MAKE_TUNNEL_CALL, tunnel_call(&[0; 20], 1)),
        (opnum::CREATE_CHANNEL, create_channel(&[0; 20])),
        (opnum::CLOSE_CHANNEL, nobody.to_vec()),
        (opnum::CLOSE_TUNNEL, vec![0; 20]),
        (opnum::SETUP_RECEIVE_PIPE, nobody.to_vec()),
    ] {
        assert_eq!(code(&client.answered(opnum, &stub)), 5, "{opnum}");
    }
    // A cookie is for gateways of another kind.
    let got = client.answered(opnum::CREATE_TUNNEL, &words(&[0x4054, 0x4054, 0]));
    assert_eq!(code(&got), 0x8007_59D8);
}

#[test]
fn what_breaks_the_rules_ends_it() {
    let recycles = rts::write(rts::flag::RECYCLE_CHANNEL, &[]);
    for (first, then) in [
        // Half a virtual connection is none to speak on.
        (Some(opens_in()), bind(INTEGRITY, b"NTLMSSP\0\x01\0\0\0")),
        (None, bind(INTEGRITY, b"NTLMSSP\0\x01\0\0\0")),
        (None, opens_out(WINDOW)),
        (Some(opens_in()), opens_in()),
        (None, b"GET / HTTP/1.1\r\n\r\n".to_vec()),
        (None, recycles),
    ] {
        let mut client = Client::of("");
        client.bench.open(IN);
        let head = format!("RPC_IN_DATA {PATH}{BASIC}Content-Length: 1073741824\r\n\r\n");
        client.bench.ask(IN, &head);
        if let Some(pdu) = first {
            client.bench.say(IN, &pdu);
        }
        client.bench.say(IN, &then);
        assert_eq!(client.ended(IN), Some(Do::Close), "{then:?}");
        assert!(client.bench.gateway.rpc.lines.is_empty());
    }
    // A window that is too small.
    let mut client = Client::of("");
    client.bench.open(OUT);
    let head = format!("RPC_OUT_DATA {PATH}{BASIC}Content-Length: 76\r\n\r\n");
    client.bench.say(OUT, head.as_bytes());
    client.bench.say(OUT, &opens_out(8_191));
    assert_eq!(client.ended(OUT), Some(Do::Close));
}

#[test]
fn a_channel_that_is_used_up_is_over() {
    let mut client = Client::of("");
    client.bench.open(IN);
    let head = format!("RPC_IN_DATA {PATH}{BASIC}Content-Length: 110\r\n\r\n");
    client.bench.ask(IN, &head);
    client.bench.say(IN, &opens_in());
    assert_eq!(client.ended(IN), None);
    client.bench.say(IN, &[5, 0, 20, 3, 0x10, 0, 0]);
    assert_eq!(client.ended(IN), Some(Do::Close));
}

#[test]
fn a_fault_without_a_logon_has_no_token() {
    let at = CallId {
        number: 7,
        context: 1,
    };
    let fault = Association::new(1).fault(at, 5).unwrap();
    assert_eq!(fault.len(), 32);
    assert_eq!(fault[..4], [5, 0, 3, 0x23]);
    assert_eq!(
        fault[16..],
        [0, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0]
    );
}

#[test]
fn nonsense_ends_calmly() {
    let mut chance = Chance::of(11);
    for round in 0_u32..300 {
        let mut client = Client::of("");
        client.connects();
        let mut bytes = if round % 2 == 0 {
            client.binds("Passw0rd!");
            let count = usize::try_from(chance.below(120)).unwrap();
            let opnum = u16::try_from(chance.below(11)).unwrap();
            let stub = chance.bytes(count);
            client.request(2, flag::WHOLE, opnum, &stub)
        } else {
            bind(INTEGRITY, b"NTLMSSP\0\x01\0\0\0")
        };
        if round % 3 == 0 {
            for _ in 0..3 {
                let at =
                    usize::try_from(chance.below(u64::try_from(bytes.len()).unwrap())).unwrap();
                bytes[at] = chance.bytes(1)[0];
            }
        }
        for piece in bytes.chunks(7) {
            if client.ended(IN).is_none() {
                client.bench.say(IN, piece);
            }
        }
        let now = client.bench.now;
        for number in [IN, OUT] {
            client.bench.gateway.client(now, number, Net::Ended);
        }
        assert!(client.bench.gateway.rpc.lines.is_empty());
        assert!(client.bench.gateway.rpc.halves.is_empty());
    }
}
