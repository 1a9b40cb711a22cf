//! Results and flags inside the connection sequence ([MS-RDPBCGR]).

use super::macros::table;
use super::space;

table! {
    /// Flags of the negotiation request.
    NEG_REQ_FLAGS in space::NEG_REQ_FLAGS {
        0x1 "RESTRICTED_ADMIN_MODE_REQUIRED" NEGOTIATE ProtocolOffer "the client asks for a logon that leaves no credentials on the server (Restricted Admin)";
        0x2 "REDIRECTED_AUTHENTICATION_MODE_REQUIRED" NEGOTIATE ProtocolOffer "the client asks for Remote Credential Guard";
        0x8 "CORRELATION_INFO_PRESENT" NEGOTIATE ProtocolOffer "an identity for correlating logs follows in the request";
    }
}

table! {
    /// Security protocols that a client offers.
    REQUESTED_PROTOCOLS in space::REQUESTED_PROTOCOLS {
        0x0 "PROTOCOL_RDP" NEGOTIATE ProtocolOffer "the client offers Standard RDP Security alone";
        0x1 "PROTOCOL_SSL" NEGOTIATE ProtocolOffer "the client offers TLS without NLA";
        0x2 "PROTOCOL_HYBRID" NEGOTIATE ProtocolOffer "the client offers NLA: CredSSP over TLS";
        0x4 "PROTOCOL_RDSTLS" NEGOTIATE ProtocolOffer "the client offers RDSTLS, as redirected connections use it";
        0x8 "PROTOCOL_HYBRID_EX" NEGOTIATE ProtocolOffer "the client offers NLA with the early word on authorization";
        0x10 "PROTOCOL_RDSAAD" NEGOTIATE ProtocolOffer "the client offers a Microsoft Entra logon";
    }
}

table! {
    /// The security protocol that a server chose.
    SELECTED_PROTOCOL in space::SELECTED_PROTOCOL {
        0x0 "PROTOCOL_RDP" NEGOTIATE Progress "the server chose Standard RDP Security: no TLS follows";
        0x1 "PROTOCOL_SSL" NEGOTIATE Progress "the server chose TLS without NLA";
        0x2 "PROTOCOL_HYBRID" NEGOTIATE Progress "the server chose NLA: TLS, then CredSSP";
        0x4 "PROTOCOL_RDSTLS" NEGOTIATE Progress "the server chose RDSTLS";
        0x8 "PROTOCOL_HYBRID_EX" NEGOTIATE Progress "the server chose NLA with the early word on authorization";
        0x10 "PROTOCOL_RDSAAD" NEGOTIATE Progress "the server chose a Microsoft Entra logon";
    }
}

table! {
    /// Flags of the negotiation response.
    NEG_RSP_FLAGS in space::NEG_RSP_FLAGS {
        0x1 "EXTENDED_CLIENT_DATA_SUPPORTED" NEGOTIATE Progress "the server takes extended client data";
        0x2 "DYNVC_GFX_PROTOCOL_SUPPORTED" NEGOTIATE Progress "the server knows the graphics pipeline";
        0x4 "NEGRSP_FLAG_RESERVED" NEGOTIATE Progress "a flag without a meaning so far";
        0x8 "RESTRICTED_ADMIN_MODE_SUPPORTED" NEGOTIATE Progress "the server takes Restricted Admin logons";
        0x10 "REDIRECTED_AUTHENTICATION_MODE_SUPPORTED" NEGOTIATE Progress "the server takes Remote Credential Guard";
    }
}

table! {
    /// The early user authorization result of CredSSP.
    EARLY_USER_AUTH in space::EARLY_USER_AUTH {
        0 "AUTHZ_SUCCESS" AUTHENTICATE Success "the user may come in";
        5 "AUTHZ_ACCESS_DENIED" AUTHENTICATE LogonRight "the credentials are right, and the user may not come in";
    }
}

table! {
    /// Reasons of an MCS disconnect.
    MCS_DISCONNECT_ULTIMATUM in space::MCS_DISCONNECT_ULTIMATUM {
        1 "rn-provider-initiated" ANY AdminAction "the session was ended from the administrator's side";
        3 "rn-user-requested" ANY UserAction "the session was ended from the user's side";
    }
}

table! {
    /// Results of MCS requests.
    MCS_RESULT in space::MCS_RESULT {
        0 "rt-successful" SETTINGS Success "an MCS request was accepted", from "[MS-RDPBCGR]" "3.3.5.3.3.1, 3.3.5.3.7, 3.3.5.3.9";
        14 "rt-unspecified-failure" SETTINGS McsFailure "an MCS request was rejected", from "[MS-RDPBCGR]" "3.3.5.3.3.1, 3.3.5.3.7, 3.3.5.3.9";
    }
}

table! {
    /// Results of an RDSTLS authentication.
    RDSTLS_RESULT in space::RDSTLS_RESULT {
        0 "RDSTLS_RESULT_SUCCESS" AUTHENTICATE Success "RDSTLS accepted the credentials";
        5 "RDSTLS_RESULT_ACCESS_DENIED" AUTHENTICATE LogonRight "RDSTLS: the user has no permission";
        1326 "RDSTLS_RESULT_LOGON_FAILURE" AUTHENTICATE WrongCredentials "RDSTLS: user name or password is wrong";
        1328 "RDSTLS_RESULT_INVALID_LOGON_HOURS" AUTHENTICATE LogonHours "RDSTLS: outside the hours allowed for this account";
        1330 "RDSTLS_RESULT_PASSWORD_EXPIRED" AUTHENTICATE PasswordExpired "RDSTLS: the password has run out";
        1331 "RDSTLS_RESULT_ACCOUNT_DISABLED" AUTHENTICATE AccountDisabled "RDSTLS: the account is disabled";
        1907 "RDSTLS_RESULT_PASSWORD_MUST_CHANGE" AUTHENTICATE PasswordExpired "RDSTLS: the password must be changed";
        1909 "RDSTLS_RESULT_ACCOUNT_LOCKED_OUT" AUTHENTICATE AccountLocked "RDSTLS: the account is locked out";
    }
}

table! {
    /// Kinds of logon notifications inside a session.
    LOGON_ERROR_TYPE in space::LOGON_ERROR_TYPE {
        0xFFFF_FFF8 "LOGON_MSG_SESSION_BUSY_OPTIONS" SESSION SessionContention "the server shows who is in the session and what can be done";
        0xFFFF_FFF9 "LOGON_MSG_DISCONNECT_REFUSED" SESSION SessionContention "the server shows that the other session cannot be disconnected";
        0xFFFF_FFFA "LOGON_MSG_NO_PERMISSION" SESSION LogonRight "the server shows that the permission is missing";
        0xFFFF_FFFB "LOGON_MSG_BUMP_OPTIONS" SESSION SessionContention "the server shows that someone else holds the session";
        0xFFFF_FFFC "LOGON_MSG_RECONNECT_OPTIONS" SESSION SessionContention "the server offers disconnected sessions to take up";
        0xFFFF_FFFD "LOGON_MSG_SESSION_TERMINATE" SESSION SessionContention "the session is being ended";
        0xFFFF_FFFE "LOGON_MSG_SESSION_CONTINUE" SESSION Progress "the logon goes on";
        0xFFFF_FFFF "ERROR_CODE_ACCESS_DENIED" SESSION AuthenticationFailed "the logon failed for good";
    }
}

table! {
    /// Data of logon notifications inside a session.
    LOGON_ERROR_DATA in space::LOGON_ERROR_DATA {
        0 "LOGON_FAILED_BAD_PASSWORD" SESSION WrongCredentials "the credentials are not valid";
        1 "LOGON_FAILED_UPDATE_PASSWORD" SESSION PasswordExpired "the password must be changed first";
        2 "LOGON_FAILED_OTHER" SESSION AuthenticationFailed "the logon failed for another reason";
        3 "LOGON_WARNING" SESSION Progress "the logon screen shows a warning";
    }
}

table! {
    /// Progress that a server reports while it redirects.
    STATUS_INFO in space::STATUS_INFO {
        0x401 "TS_STATUS_FINDING_DESTINATION" BROKER BrokerProgress "a destination is being looked for";
        0x402 "TS_STATUS_LOADING_DESTINATION" BROKER BrokerProgress "the destination is being prepared";
        0x403 "TS_STATUS_BRINGING_SESSION_ONLINE" BROKER BrokerProgress "the destination makes itself ready";
        0x404 "TS_STATUS_REDIRECTING_TO_DESTINATION" BROKER BrokerProgress "the client is being sent on";
        0x501 "TS_STATUS_VM_LOADING" BROKER BrokerProgress "the image of the virtual machine is being loaded";
        0x502 "TS_STATUS_VM_WAKING" BROKER BrokerProgress "the virtual machine is being woken";
        0x503 "TS_STATUS_VM_STARTING" BROKER BrokerProgress "the virtual machine is starting";
        0x504 "TS_STATUS_VM_STARTING_MONITORING" BROKER BrokerProgress "watching of the virtual machine is being started";
        0x505 "TS_STATUS_VM_RETRYING_MONITORING" BROKER BrokerProgress "watching of the virtual machine is being tried again";
    }
}

table! {
    /// Error codes of the licensing exchange.
    LICENSE_ERROR in space::LICENSE_ERROR {
        2 "ERR_NO_LICENSE" LICENSE LicenseClient "the client says that it has no licence";
        1 "ERR_INVALID_SERVER_CERTIFICATE" LICENSE LicenseProtocol "the licensing certificate of the server is not valid";
        3 "ERR_INVALID_MAC" LICENSE LicenseProtocol "a licensing message failed its integrity check";
        4 "ERR_INVALID_SCOPE" LICENSE LicenseProtocol "the scope of the licence does not fit";
        6 "ERR_NO_LICENSE_SERVER" LICENSE LicenseServer "there is no licence server";
        7 "STATUS_VALID_CLIENT" LICENSE Success "licensing is done: the client is welcome", note "a success that carries the number 7";
        8 "ERR_INVALID_CLIENT" LICENSE LicenseClient "the client is refused a licence";
        11 "ERR_INVALID_PRODUCTID" LICENSE LicenseProtocol "the product of the licence does not fit";
        12 "ERR_INVALID_MESSAGE_LEN" LICENSE LicenseProtocol "a licensing message has the wrong length";
    }
}

table! {
    /// What a client answers about the side transport.
    MULTITRANSPORT_HRRESPONSE in space::MULTITRANSPORT_HRRESPONSE {
        0x0000_0000 "S_OK" SIDE Success "the client opened the UDP side transport";
        0x8000_4004 "E_ABORT" SIDE UdpTransport "the client could not open the UDP side transport; the session goes on over TCP";
    }
}

table! {
    /// Results of a Microsoft Entra logon.
    RDS_AAD_AUTH_RESULT in space::RDS_AAD_AUTH_RESULT {
        0x0000_0000 "S_OK" AUTHENTICATE Success "the Entra logon was accepted";
        0x8007_0005 "E_ACCESSDENIED" AUTHENTICATE LogonRight "the Entra user may not connect to this server";
        0x8009_0308 "SEC_E_INVALID_TOKEN" AUTHENTICATE Entra "the server could not use the Entra token";
        0xD000_006D "STATUS_LOGON_FAILURE" AUTHENTICATE WrongCredentials "the Entra logon was refused: user name or password";
        0xD000_005E "STATUS_NO_LOGON_SERVERS" AUTHENTICATE NoLogonServer "the Entra logon met no domain controller";
        0xD000_006F "STATUS_INVALID_LOGON_HOURS" AUTHENTICATE LogonHours "the Entra logon came outside the hours allowed";
        0xD000_0070 "STATUS_INVALID_WORKSTATION" AUTHENTICATE AccountRestriction "the Entra logon is not allowed from this workstation";
        0xD000_0071 "STATUS_PASSWORD_EXPIRED" AUTHENTICATE PasswordExpired "the Entra logon met a password that has run out";
        0xD000_0072 "STATUS_ACCOUNT_DISABLED" AUTHENTICATE AccountDisabled "the Entra logon met a disabled account";
    }
}
