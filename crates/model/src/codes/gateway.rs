//! Results of an RD Gateway ([MS-TSGU]).

use super::code::Code;
use super::macros::table;
use super::space;

table! {
    /// Results of an RD Gateway.
    RDGATEWAY_MSTSGU in space::RDGATEWAY_MSTSGU {
        0x8007_59D8 "E_PROXY_INTERNALERROR" TUNNEL GatewayFault "the gateway failed inside: its catch-all";
        0x8007_59DA "E_PROXY_RAP_ACCESSDENIED" TUNNEL GatewayResource "a resource policy (RAP) of the gateway does not let this user reach this target";
        0x8007_59DB "E_PROXY_NAP_ACCESSDENIED" GATEWAY_LOGON GatewayPolicy "a connection policy (CAP) of the gateway does not let this user in";
        0x8007_59DF "E_PROXY_ALREADYDISCONNECTED" TUNNEL GatewaySession "the tunnel or channel was already closed";
        0x8007_59ED "E_PROXY_QUARANTINE_ACCESSDENIED" GATEWAY_LOGON GatewayPolicy "the health policy of the gateway turned the client away";
        0x8007_59EE "E_PROXY_NOCERTAVAILABLE" GATEWAY_LOGON GatewayCertificate "the gateway found no certificate to use";
        0x8007_59F7 "E_PROXY_COOKIE_BADPACKET" GATEWAY_LOGON GatewayPolicy "the gateway could not read the cookie that the client brought";
        0x8007_59F8 "E_PROXY_COOKIE_AUTHENTICATION_ACCESS_DENIED" GATEWAY_LOGON GatewayPolicy "the additional authentication of the gateway refused the user";
        0x8007_59F9 "E_PROXY_UNSUPPORTED_AUTHENTICATION_METHOD" GATEWAY_LOGON GatewayPolicy "client and gateway use different kinds of authentication";
        0x8007_59E9 "E_PROXY_CAPABILITYMISMATCH" GATEWAY_LOGON GatewayPolicy "the client lacks a capability on which the gateway insists";
        0x0000_59DD "HRESULT_CODE(E_PROXY_TS_CONNECTFAILED)" TUNNEL GatewayTarget "the gateway could not connect to the target";
        0x0000_59E6 "HRESULT_CODE(E_PROXY_MAXCONNECTIONSREACHED)" TUNNEL GatewayLimit "the gateway has as many connections as it may have";
        0x0000_59D8 "HRESULT_CODE(E_PROXY_INTERNALERROR)" TUNNEL GatewayFault "the gateway failed inside";
        0x0000_04CA "ERROR_GRACEFUL_DISCONNECT" ANY UserAction "the client closed the connection";
        0x0000_59E8 "HRESULT_CODE(E_PROXY_NOTSUPPORTED)" TUNNEL GatewayFault "the gateway received a packet that it does not know";
        0x8009_030C "SEC_E_LOGON_DENIED" GATEWAY_LOGON GatewayPolicy "the gateway refused the user's credentials";
        0x0000_0005 "ERROR_ACCESS_DENIED" TUNNEL GatewayPolicy "the gateway does not let this user take the step";
        0x0000_59F6 "HRESULT_CODE(E_PROXY_SESSIONTIMEOUT)" SESSION GatewaySession "the session through the gateway reached its time limit";
        0x0000_59FA "HRESULT_CODE(E_PROXY_REAUTH_AUTHN_FAILED)" SESSION GatewayPolicy "authenticating again failed: the credentials are no longer valid";
        0x0000_59FB "HRESULT_CODE(E_PROXY_REAUTH_CAP_FAILED)" SESSION GatewayPolicy "authenticating again failed: the connection policy no longer lets the user in";
        0x0000_59FC "HRESULT_CODE(E_PROXY_REAUTH_RAP_FAILED)" SESSION GatewayResource "authenticating again failed: the resource policy no longer allows the target";
        0x0000_59FD "HRESULT_CODE(E_PROXY_SDR_NOT_SUPPORTED_BY_TS)" TUNNEL GatewayResource "the target cannot do the policy exchange on which the gateway insists";
        0x0000_5A00 "HRESULT_CODE(E_PROXY_REAUTH_NAP_FAILED)" SESSION GatewayPolicy "authenticating again failed: the client no longer passes the health policy";
        0x0000_04D4 "HRESULT_CODE(E_PROXY_CONNECTIONABORTED)" SESSION GatewaySession "the gateway ended the connection: an administrator, a time limit or a failed renewal";
        0x0000_00A0 "ERROR_BAD_ARGUMENTS" SESSION GatewayTarget "the target closed its connection to the gateway without warning", note "what the gateway sees where a direct client would show 0x904";
        0x0000_03E3 "ERROR_OPERATION_ABORTED" TUNNEL GatewaySession "the receiving half came after the connection timer had run out", from "[MS-TSGU]" "3.2.6";
        0x0000_04E3 "ERROR_ONLY_IF_CONNECTED" TUNNEL GatewayFault "data was sent before the channel was ready", from "[MS-TSGU]" "3.2.6";
        0x0000_0057 "ERROR_INVALID_PARAMETER" TUNNEL GatewayFault "the gateway cannot use what it was asked with", from "[MS-TSGU]" "2.2.6.2";
        0x8007_071A "HRESULT_FROM_WIN32(RPC_S_CALL_CANCELLED)" TUNNEL GatewaySession "the gateway gave up the call: the connection is being closed", from "[MS-TSGU]" "2.2.6.2";
        0x0000_0006 "RPC_X_SS_CONTEXT_MISMATCH" TUNNEL GatewayFault "the gateway does not know the tunnel or channel it was asked about", from "[MS-RPCE]" "3.1.1.5.5";
        0x0000_046A "RPC_S_SERVER_OUT_OF_MEMORY" TUNNEL GatewayLimit "the RPC server of the gateway has no memory left", from "[MS-RPCE]" "3.1.1.5.5";
        0x0000_06B5 "RPC_S_UNKNOWN_IF" TUNNEL GatewayFault "the RPC server that was reached is no RD Gateway", from "[MS-RPCE]" "3.1.1.5.5";
        0x0000_06BA "RPC_S_SERVER_UNAVAILABLE" TUNNEL ServiceFault "behind the web server, the RPC server of the gateway does not answer", from "[MS-RPCH]" "2.1.2.1.3";
        0x0000_06BB "RPC_S_SERVER_TOO_BUSY" TUNNEL GatewayLimit "the RPC server of the gateway takes no more for the moment", from "[MS-RPCE]" "2.2.2.5";
        0x0000_06BE "RPC_S_CALL_FAILED" TUNNEL GatewayFault "the gateway broke a call off and does not say why", from "[MS-RPCE]" "3.1.1.5.5";
        0x0000_06BF "RPC_S_CALL_FAILED_DNE" TUNNEL GatewayFault "the gateway did not carry a call out and does not say why", from "[MS-RPCE]" "3.1.1.5.5";
        0x0000_06C0 "RPC_S_PROTOCOL_ERROR" TUNNEL GatewayFault "the RPC server of the gateway does not take what it was sent", from "[MS-RPCE]" "3.1.1.5.5";
        0x0000_06C2 "RPC_S_UNSUPPORTED_TRANS_SYN" TUNNEL GatewayFault "the RPC server of the gateway takes another form of calls", from "[MS-RPCE]" "3.1.1.5.5";
        0x0000_06D1 "RPC_S_PROCNUM_OUT_OF_RANGE" TUNNEL GatewayFault "the RPC server of the gateway does not know the call", from "[MS-RPCE]" "3.1.1.5.5";
        0x0000_06D3 "RPC_S_UNKNOWN_AUTHN_SERVICE" TUNNEL GatewayPolicy "the RPC server of the gateway does not take NTLM", from "[MS-RPCE]" "2.2.2.5";
        0x0000_06F7 "RPC_X_BAD_STUB_DATA" TUNNEL GatewayFault "an answer of the gateway, or a call to it, cannot be read", from "[MS-RPCE]" "3.1.1.5.5";
        0x0000_0721 "RPC_S_SEC_PKG_ERROR" TUNNEL GatewayFault "the logon inside the connection failed and nobody says why", from "[MS-RPCE]" "3.3.1.5.2.1";
        0x8009_0308 "SEC_E_INVALID_TOKEN" TUNNEL GatewayFault "what the gateway says to the logon inside the connection cannot be read", from "[MS-RPCE]" "3.3.1.5.2.1";
        0x8009_030F "SEC_E_MESSAGE_ALTERED" TUNNEL GatewayFault "an answer is not signed as the gateway would sign it", from "[MS-RPCE]" "3.3.1.5.2.2";
        0x8007_59DD "E_PROXY_TS_CONNECTFAILED" TUNNEL GatewayTarget "the gateway could not connect to the target", from "FreeRDP" "libfreerdp/core/gateway/tsg.h";
    }
}

table! {
    /// Results of an RD Gateway that only client logs show.
    RDGATEWAY_CLIENT_LOG in space::RDGATEWAY_CLIENT_LOG {
        0x8007_5A0F "" TUNNEL GatewayFault "seen where the gateway that was contacted is no working RD Gateway", from "one public incident note" "", sure Low;
    }
}

/// The entry of a code that a gateway answered with. The same result comes as an HRESULT and as the bare number
/// inside it.
pub fn find(code: u32) -> Option<&'static Code> {
    /// FACILITY_WIN32 of an HRESULT that failed.
    const WIN32: u32 = 0x8007_0000;
    let bare = |number: u32| {
        if number & 0xFFFF_0000 == WIN32 {
            number & 0xFFFF
        } else {
            number
        }
    };
    let number = |known: &Code| known.number.and_then(|number| u32::try_from(number).ok());
    RDGATEWAY_MSTSGU
        .iter()
        .find(|known| number(known) == Some(code))
        .or_else(|| {
            RDGATEWAY_MSTSGU
                .iter()
                .find(|known| number(known).map(bare) == Some(bare(code)))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::Topic;

    #[test]
    fn codes_are_found_in_both_forms() {
        for code in [0x8007_59DD, 0x59DD] {
            assert_eq!(
                find(code).map(|known| known.topic),
                Some(Topic::GatewayTarget)
            );
        }
        assert_eq!(
            find(0x8007_59E6).map(|known| known.topic),
            Some(Topic::GatewayLimit)
        );
        assert_eq!(
            find(0x8007_59DB).map(|known| known.topic),
            Some(Topic::GatewayPolicy)
        );
        assert_eq!(
            find(0x8009_030C).map(|known| known.name),
            Some("SEC_E_LOGON_DENIED")
        );
        assert_eq!(find(0x1234_5678), None);
    }
}
