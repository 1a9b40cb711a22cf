//! RPC over HTTP v2 ([MS-RPCH]), as clients of an RD Gateway before Windows 8 speak it: the PDUs that keep a pair of
//! HTTP channels ([`rts`]), connection-oriented DCE/RPC inside them ([`pdu`], C706 chapter 12 and [MS-RPCE]), and
//! the calls of an RD Gateway ([`tsproxy`], [MS-TSGU] 3.2.6). [`client`] is the machine of a client.
//!
//! [MS-RPCE]: https://learn.microsoft.com/openspecs/windows_protocols/ms-rpce/
//! [MS-RPCH]: https://learn.microsoft.com/openspecs/windows_protocols/ms-rpch/
//! [MS-TSGU]: https://learn.microsoft.com/openspecs/windows_protocols/ms-tsgu/

pub mod client;
pub mod pdu;
pub mod rts;
pub mod tsproxy;

/// The error that a proxy puts behind its status ([MS-RPCH] 2.1.2.1.3): `RPC Error: 6ba`.
pub fn error_of(reason: &str) -> Option<u32> {
    let (_, rest) = reason.split_once("RPC Error:")?;
    let digits: String = rest
        .trim_start()
        .chars()
        .take_while(char::is_ascii_hexdigit)
        .collect();
    u32::from_str_radix(&digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_says_which_error_it_met() {
        assert_eq!(error_of("RPC Error: 6ba"), Some(0x6BA));
        assert_eq!(
            error_of("RPC Error: c0021012, EEInfo: AAAA"),
            Some(0xC002_1012)
        );
        for other in ["Service Unavailable", "RPC Error: ", "RPC Error: 123456789"] {
            assert_eq!(error_of(other), None, "{other}");
        }
    }
}
