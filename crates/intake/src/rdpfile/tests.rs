use model::codes::Protocols;
use proptest::prelude::*;

use super::*;

const SMALL: &str = "screen mode id:i:2\r\nfull address:s:srv.example:3390\r\n\r\n\
    gatewayhostname:s:gw.example\r\ngatewayusagemethod:i:1\r\ngatewayprofileusagemethod:i:1\r\n\
    enablecredsspsupport:i:0\r\nstray line\r\nFull Address:s:[2001:db8::1]:3391";

fn encodings() -> [Encoding; 7] {
    [
        Encoding::Utf8,
        Encoding::Utf8Marked,
        Encoding::Utf16LeMarked,
        Encoding::Utf16Le,
        Encoding::Utf16BeMarked,
        Encoding::Utf16Be,
        Encoding::Ansi,
    ]
}

fn written(text: &str, encoding: Encoding) -> Vec<u8> {
    let mut bytes = encoding.mark().to_vec();
    bytes.extend(encoding.encode(text));
    bytes
}

#[test]
fn the_encoding_changes_nothing() {
    for encoding in encodings() {
        let bytes = written(SMALL, encoding);
        let file = read(&bytes);
        assert_eq!(file.damage, [], "{encoding:?}");
        assert_eq!(file.to_bytes(), bytes, "{encoding:?}");
        assert_eq!(file.lines.len(), 9, "{encoding:?}");
        let address = file.address().unwrap();
        assert_eq!(
            (address.host.0.as_str(), address.port),
            ("2001:db8::1", Some(3391)),
            "the last of two lines counts"
        );
        let gateway = file.gateway().unwrap();
        assert_eq!(gateway.used, GatewayUse::Always);
        assert_eq!(file.offers(), Protocols::TLS);
    }
}

#[test]
fn addresses_are_read_as_people_write_them() {
    for (text, host, port) in [
        ("srv", "srv", None),
        (" srv:3390 ", "srv", Some(3390)),
        ("10.0.0.1:1", "10.0.0.1", Some(1)),
        ("2001:db8::1", "2001:db8::1", None),
        ("[2001:db8::1]", "2001:db8::1", None),
        ("[fe80::1%3]:3389", "fe80::1%3", Some(3389)),
        ("srv:", "srv", None),
    ] {
        let address = Address::of(text).unwrap();
        assert_eq!(
            (address.host.0.as_str(), address.port),
            (host, port),
            "{text}"
        );
    }
    for text in ["", "  ", ":3389", "srv:0", "srv:99999", "srv:rdp", "[::1"] {
        assert_eq!(Address::of(text), None, "{text}");
    }
}

#[test]
fn an_edit_touches_one_line() {
    for encoding in encodings() {
        let mut file = read(&written(SMALL, encoding));
        file.set("enablecredsspsupport", 'i', "1");
        file.set("authentication level", 'i', "2");
        file.remove("gatewayhostname");
        let expected = SMALL
            .replace("enablecredsspsupport:i:0", "enablecredsspsupport:i:1")
            .replace("gatewayhostname:s:gw.example\r\n", "")
            + "\r\nauthentication level:i:2\r\n";
        assert_eq!(
            file.to_bytes(),
            written(&expected, encoding),
            "{encoding:?}"
        );
    }
}

#[test]
fn a_conversion_of_line_ends_is_undone_for_reading() {
    let bytes = written(
        "full address:s:srv\r\nserver port:i:3390\r\nusername:s:u\r\n",
        Encoding::Utf16LeMarked,
    );
    let mut broken = Vec::new();
    for byte in bytes {
        if byte == b'\n' {
            broken.push(b'\r');
        }
        broken.push(byte);
    }
    let file = read(&broken);
    assert_eq!(file.address().unwrap().port, Some(3390));
    assert!(!file.damage.is_empty());
    assert!(!file.is_usable());
    assert_eq!(file.to_bytes(), broken, "and kept as it was");
}

fn says(text: &str) -> String {
    read(text.as_bytes())
        .lint()
        .iter()
        .map(|remark| {
            format!(
                "{} {} {}\n",
                remark.grade.says(),
                remark.setting,
                remark.says
            )
        })
        .collect()
}

#[test]
fn contradictions_are_said() {
    for (text, expected) in [
        (
            "full address:s:a\nfull address:s:b\n",
            "suspect full address",
        ),
        (
            "full address:s:a:1\nserver port:i:2\n",
            "suspect server port",
        ),
        ("full address:i:a\n", "type i where s belongs"),
        ("authentication level:i:yes\n", "no whole number"),
        ("authentication level:i:9\n", "not a value we know"),
        (
            "full address:s:a\nsignscope:s:Server Port\nsignature:s:AQ==\n",
            "weak signscope not covered by the signature: full address",
        ),
        ("full address:s:a\nsignature:s:AQ==\n", "names no settings"),
        (
            "gatewayusagemethod:i:1\nfull address:s:a\n",
            "none is named",
        ),
        (
            "full address:s:10.0.0.1\nenablerdsaadauth:i:1\n",
            "needs the name of the host",
        ),
        (
            "full address:s:${HOST}\n",
            "unusable full address the placeholder",
        ),
        (
            "full address:s:a\nfoo:i:1\n",
            "note foo not a setting we know",
        ),
        ("/v:srv\n/u:me\n", "command line arguments"),
        ("", "unusable"),
    ] {
        assert!(says(text).contains(expected), "{text}\n{}", says(text));
    }
}

#[test]
fn a_plain_file_has_nothing_suspect() {
    let text =
        "full address:s:srv.example\r\nauthentication level:i:2\r\nenablecredsspsupport:i:1\r\n";
    assert!(
        read(text.as_bytes())
            .lint()
            .iter()
            .all(|remark| remark.grade == Grade::Note)
    );
}

proptest! {
    #[test]
    fn any_bytes_are_kept(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let file = read(&bytes);
        prop_assert_eq!(file.to_bytes(), bytes);
        let _ = (file.lint(), file.address(), file.gateway());
    }

    #[test]
    fn any_prefix_is_kept(cut in 0usize..700, which in 0usize..7) {
        let bytes = written(SMALL, encodings()[which]);
        let bytes = &bytes[..cut.min(bytes.len())];
        let file = read(bytes);
        prop_assert_eq!(file.to_bytes(), bytes);
        let _ = file.lint();
    }
}
