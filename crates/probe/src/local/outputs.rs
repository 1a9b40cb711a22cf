//! What commands of Windows write, by what is the same in every language: numbers, addresses, names of programs.

use std::collections::BTreeMap;
use std::net::SocketAddr;

/// Lines that are read of one output.
const MOST: usize = 20_000;

/// The listeners in what `netstat -ano -p TCP` writes, with the numbers of their processes.
pub fn listeners(text: &str) -> Vec<(SocketAddr, u32)> {
    text.lines()
        .take(MOST)
        .filter_map(|line| {
            let words: Vec<&str> = line.split_ascii_whitespace().collect();
            // The word for the state is translated; a listener has no foreign address.
            match words.as_slice() {
                ["TCP", local, "0.0.0.0:0" | "[::]:0", .., process] => {
                    Some((local.parse().ok()?, process.parse().ok()?))
                }
                _ => None,
            }
        })
        .collect()
}

/// The names of processes by their numbers, in what `tasklist /fo csv /nh` writes.
pub fn processes(text: &str) -> BTreeMap<u32, String> {
    text.lines()
        .take(MOST)
        .filter_map(|line| {
            let mut fields = line.trim().strip_prefix('"')?.split("\",\"");
            let name = fields.next()?.to_owned();
            Some((fields.next()?.parse().ok()?, name))
        })
        .collect()
}

/// An interface: name, largest packet, and whether it is connected.
pub type Interface = (String, u32, Option<bool>);

/// The interfaces in what `netsh interface ipv4 show interfaces` writes: index, metric, MTU, state, name.
pub fn interfaces(text: &str) -> Vec<Interface> {
    text.lines()
        .take(MOST)
        .filter_map(|line| {
            let mut words = line.split_ascii_whitespace();
            let _index: u32 = words.next()?.parse().ok()?;
            let _metric: u32 = words.next()?.parse().ok()?;
            let mtu: u32 = words.next()?.parse().ok()?;
            let state = words.next()?;
            let name = words.collect::<Vec<_>>().join(" ");
            let up = match state {
                "connected" => Some(true),
                "disconnected" => Some(false),
                // Another language.
                _ => None,
            };
            // The loopback carries packets of any size.
            (!name.is_empty() && mtu != u32::MAX).then_some((name, mtu, up))
        })
        .collect()
}

/// The hosts for which `cmdkey /list` names a stored credential of Remote Desktop.
pub fn stored(text: &str) -> Vec<String> {
    text.lines()
        .take(MOST)
        .filter_map(|line| {
            let (_, host) = line.split_once("TERMSRV/")?;
            Some(host.trim().to_owned())
        })
        .collect()
}

/// Text in the encoding a command of Windows chose.
pub fn text(bytes: &[u8]) -> String {
    let wide = bytes.starts_with(&[0xFF, 0xFE])
        || bytes.get(1).is_some_and(|second| *second == 0)
        || bytes.get(3).is_some_and(|fourth| *fourth == 0);
    if !wide {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let units: Vec<u16> = bytes
        .chunks_exact(2)
        .filter_map(|pair| pair.first_chunk().map(|pair| u16::from_le_bytes(*pair)))
        .collect();
    String::from_utf16_lossy(&units)
        .trim_start_matches('\u{feff}')
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listeners_are_known_in_any_language() {
        let text = "\r\nAktive Verbindungen\r\n\r\n  Proto  Lokale Adresse         Remoteadresse          Status           PID\r\n  TCP    0.0.0.0:3389           0.0.0.0:0              ABH\u{d6}REN         1184\r\n  TCP    [::]:3389              [::]:0                 ABH\u{d6}REN         1184\r\n  TCP    10.0.0.7:3389          10.0.0.9:50112         HERGESTELLT     1184\r\n";
        assert_eq!(
            listeners(text),
            [
                ("0.0.0.0:3389".parse().unwrap(), 1184),
                ("[::]:3389".parse().unwrap(), 1184)
            ]
        );
    }

    #[test]
    fn processes_have_names() {
        let text = "\"System Idle Process\",\"0\",\"Services\",\"0\",\"8 K\"\r\n\"svchost.exe\",\"1184\",\"Services\",\"0\",\"24.512 K\"\r\nINFO: x\r\n";
        let all = processes(text);
        assert_eq!(all.get(&1184).map(String::as_str), Some("svchost.exe"));
        assert_eq!(all.len(), 2);
    }

    #[test]
    fn interfaces_have_an_mtu() {
        let text = "\r\nIdx     Met         MTU          State                Name\r\n---  ----------  ----------  ------------  ---------------------------\r\n  1          75  4294967295  connected     Loopback Pseudo-Interface 1\r\n 12          25        1400  connected     Corp VPN\r\n  7           5        1500  Verbunden     Ethernet 2\r\n";
        assert_eq!(
            interfaces(text),
            [
                ("Corp VPN".to_owned(), 1400, Some(true)),
                ("Ethernet 2".to_owned(), 1500, None)
            ]
        );
    }

    #[test]
    fn stored_credentials_are_told_by_host() {
        let text = "\nGespeicherte Anmeldeinformationen:\n    Ziel: Domain:target=TERMSRV/srv01.corp.example\n    Benutzer: CORP\\ann\n    Ziel: LegacyGeneric:target=git:https://x\n";
        assert_eq!(stored(text), ["srv01.corp.example"]);
    }

    #[test]
    fn wide_text_is_read() {
        let wide: Vec<u8> = "\u{feff}<Event/>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(text(&wide), "<Event/>");
        assert_eq!(text(&wide[2..]), "<Event/>");
        assert_eq!(text(b"<Event/>"), "<Event/>");
        assert_eq!(text(b""), "");
    }
}
