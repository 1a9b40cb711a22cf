//! Errors and exit statuses of FreeRDP.

use super::macros::table;
use super::space;

table! {
    /// Classes of FreeRDP errors (the high word).
    FREERDP_ERROR_CLASS in space::FREERDP_ERROR_CLASS {
        0 "FREERDP_ERROR_ERRBASE_CLASS" ANY Success "high word 0: no error";
        1 "FREERDP_ERROR_ERRINFO_CLASS" ANY ServerEnded "high word 1: the low word is a Set Error Info code that the server sent";
        2 "FREERDP_ERROR_CONNECT_CLASS" ANY ClientFault "high word 2: the low word is a connect error that the client found";
    }
}

table! {
    /// Errors of FreeRDP while it connects.
    FREERDP_CONNECT_ERROR in space::FREERDP_CONNECT_ERROR {
        0x0002_0001 "ERRCONNECT_PRE_CONNECT_FAILED" ANY ClientSettings "the preparation before connecting failed";
        0x0002_0002 "ERRCONNECT_CONNECT_UNDEFINED" ANY ClientFault "connecting failed and FreeRDP does not say how";
        0x0002_0003 "ERRCONNECT_POST_CONNECT_FAILED" SESSION ClientFault "the preparation after connecting failed";
        0x0002_0004 "ERRCONNECT_DNS_ERROR" RESOLVE NameNotResolved "the name could not be resolved";
        0x0002_0005 "ERRCONNECT_DNS_NAME_NOT_FOUND" RESOLVE NameNotResolved "there is no host of that name";
        0x0002_0006 "ERRCONNECT_CONNECT_FAILED" TCP ConnectFailed "no TCP connection could be opened";
        0x0002_0007 "ERRCONNECT_MCS_CONNECT_INITIAL_ERROR" SETTINGS SettingsClosed "the first MCS message could not be sent", note "the low word 7 has nothing to do with the 7 of mstsc";
        0x0002_0008 "ERRCONNECT_TLS_CONNECT_FAILED" SECURE TlsHandshake "the TLS handshake failed", note "also what FreeRDP makes of the negotiation failure SSL_CERT_NOT_ON_SERVER";
        0x0002_0009 "ERRCONNECT_AUTHENTICATION_FAILED" AUTHENTICATE AuthenticationFailed "the authentication failed without a finer status";
        0x0002_000A "ERRCONNECT_INSUFFICIENT_PRIVILEGES" AUTHENTICATE LogonRight "the server says that the user's right is missing";
        0x0002_000B "ERRCONNECT_CONNECT_CANCELLED" ANY Cancelled "the connection was cancelled";
        0x0002_000C "ERRCONNECT_SECURITY_NEGO_CONNECT_FAILED" NEGOTIATE NegotiationRefused "no security protocol could be agreed on, or the server closed instead of answering";
        0x0002_000D "ERRCONNECT_CONNECT_TRANSPORT_FAILED" ANY SocketClosed "reading from or writing to the connection failed: the peer closed or reset it";
        0x0002_000E "ERRCONNECT_PASSWORD_EXPIRED" AUTHENTICATE PasswordExpired "the password has run out";
        0x0002_000F "ERRCONNECT_PASSWORD_CERTAINLY_EXPIRED" AUTHENTICATE TlsInternal "FreeRDP guesses that the password has run out", note "a guess from a TLS alert 80 in place of a CredSSP status; any fault of the server's CredSSP looks the same";
        0x0002_0010 "ERRCONNECT_CLIENT_REVOKED" AUTHENTICATE AccountDisabled "the Kerberos principal is disabled or locked";
        0x0002_0011 "ERRCONNECT_KDC_UNREACHABLE" AUTHENTICATE NoLogonServer "no key distribution centre (KDC) could be reached";
        0x0002_0012 "ERRCONNECT_ACCOUNT_DISABLED" AUTHENTICATE AccountDisabled "the account is disabled";
        0x0002_0013 "ERRCONNECT_PASSWORD_MUST_CHANGE" AUTHENTICATE PasswordExpired "the password must be changed";
        0x0002_0014 "ERRCONNECT_LOGON_FAILURE" AUTHENTICATE WrongCredentials "the logon failed";
        0x0002_0015 "ERRCONNECT_WRONG_PASSWORD" AUTHENTICATE WrongCredentials "the password is wrong";
        0x0002_0016 "ERRCONNECT_ACCESS_DENIED" AUTHENTICATE LogonRight "access was denied after the credentials were accepted, or by a gateway";
        0x0002_0017 "ERRCONNECT_ACCOUNT_RESTRICTION" AUTHENTICATE AccountRestriction "a restriction of the account forbids this logon";
        0x0002_0018 "ERRCONNECT_ACCOUNT_LOCKED_OUT" AUTHENTICATE AccountLocked "the account is locked out";
        0x0002_0019 "ERRCONNECT_ACCOUNT_EXPIRED" AUTHENTICATE AccountExpired "the account is past its end date";
        0x0002_001A "ERRCONNECT_LOGON_TYPE_NOT_GRANTED" AUTHENTICATE LogonRight "this kind of logon is not granted to the user";
        0x0002_001B "ERRCONNECT_NO_OR_MISSING_CREDENTIALS" ANY NoCredentials "no credentials were given";
        0x0002_001C "ERRCONNECT_ACTIVATION_TIMEOUT" ACTIVATE ActivationStall "the session did not become active in time";
        0x0002_001D "ERRCONNECT_TARGET_BOOTING" BROKER BrokerTarget "the machine behind the broker is still starting";
        0x0002_001E "ERRCONNECT_HYBRID_REQUIRED_BY_SERVER" NEGOTIATE NlaRequired "the server insists on NLA and this client has it switched off";
    }
}

table! {
    /// Exit status of xfreerdp.
    XFREERDP_EXIT in space::XFREERDP_EXIT {
        0 "XF_EXIT_SUCCESS" ANY Success "the session ended as it should";
        1 "XF_EXIT_DISCONNECT" ANY AdminAction "the server said: disconnected by an administrator's tool";
        2 "XF_EXIT_LOGOFF" ANY UserAction "the server said: signed off";
        3 "XF_EXIT_IDLE_TIMEOUT" ANY IdleLimit "the server said: idle for too long";
        4 "XF_EXIT_LOGON_TIMEOUT" ANY SessionLimit "the server said: the time of the session is over";
        5 "XF_EXIT_CONN_REPLACED" ANY SessionReplaced "the server said: another connection took over";
        6 "XF_EXIT_OUT_OF_MEMORY" ANY ServerResources "the server said: out of memory";
        7 "XF_EXIT_CONN_DENIED" ANY ServerDenied "the server said: connection denied", note "here the 7 really came from the server, over a connection that had reached MCS";
        8 "XF_EXIT_CONN_DENIED_FIPS" ANY Fips "the server said: denied for reasons of FIPS";
        9 "XF_EXIT_USER_PRIVILEGES" ANY LogonRight "the server said: the user's right is missing";
        10 "XF_EXIT_FRESH_CREDENTIALS_REQUIRED" ANY FreshCredentials "the server said: type the credentials";
        11 "XF_EXIT_DISCONNECT_BY_USER" ANY UserAction "the server said: disconnected by the user";
        16 "XF_EXIT_LICENSE_INTERNAL" ANY LicenseServer "licensing: internal fault of the server", sure Medium;
        17 "XF_EXIT_LICENSE_NO_LICENSE_SERVER" ANY LicenseServer "licensing: no licence server", sure Medium;
        18 "XF_EXIT_LICENSE_NO_LICENSE" ANY LicenseServer "licensing: no licence left", sure Medium;
        19 "XF_EXIT_LICENSE_BAD_CLIENT_MSG" ANY LicenseClient "licensing: invalid message from the client", sure Medium;
        20 "XF_EXIT_LICENSE_HWID_DOESNT_MATCH" ANY LicenseClient "licensing: the stored licence belongs to other hardware", sure Medium;
        21 "XF_EXIT_LICENSE_BAD_CLIENT" ANY LicenseClient "licensing: the stored licence is malformed", sure Medium;
        22 "XF_EXIT_LICENSE_CANT_FINISH_PROTOCOL" ANY LicenseProtocol "licensing: the exchange could not be finished", sure Medium;
        23 "XF_EXIT_LICENSE_CLIENT_ENDED_PROTOCOL" ANY LicenseProtocol "licensing: the client ended the exchange", sure Medium;
        24 "XF_EXIT_LICENSE_BAD_CLIENT_ENCRYPTION" ANY LicenseClient "licensing: wrongly encrypted", sure Medium;
        25 "XF_EXIT_LICENSE_CANT_UPGRADE" ANY LicenseClient "licensing: the stored licence could not be renewed", sure Medium;
        26 "XF_EXIT_LICENSE_NO_REMOTE_CONNECTIONS" ANY LicenseHost "licensing: the server may not accept remote connections", sure Medium;
        32 "XF_EXIT_RDP" ANY ClientData "the server reported a protocol error (Set Error Info from 0x10C9 to 0x1193)";
        128 "XF_EXIT_PARSE_ARGUMENTS" ANY ClientSettings "the command line is wrong";
        129 "XF_EXIT_MEMORY" ANY ClientMemory "the client had no memory left";
        130 "XF_EXIT_PROTOCOL" ANY ClientFault "a protocol error inside the client";
        131 "XF_EXIT_CONN_FAILED" ANY ConnectFailed "connecting failed in a way that has no exit status of its own";
        132 "XF_EXIT_AUTH_FAILURE" ANY AuthenticationFailed "the authentication failed";
        133 "XF_EXIT_NEGO_FAILURE" ANY NegotiationRefused "no security protocol could be agreed on";
        134 "XF_EXIT_LOGON_FAILURE" ANY WrongCredentials "the logon failed";
        135 "XF_EXIT_ACCOUNT_LOCKED_OUT" ANY AccountLocked "the account is locked out";
        136 "XF_EXIT_PRE_CONNECT_FAILED" ANY ClientSettings "the preparation before connecting failed";
        137 "XF_EXIT_CONNECT_UNDEFINED" ANY ClientFault "connecting failed and FreeRDP does not say how";
        138 "XF_EXIT_POST_CONNECT_FAILED" ANY ClientFault "the preparation after connecting failed";
        139 "XF_EXIT_DNS_ERROR" ANY NameNotResolved "the name could not be resolved";
        140 "XF_EXIT_DNS_NAME_NOT_FOUND" ANY NameNotResolved "there is no host of that name";
        141 "XF_EXIT_CONNECT_FAILED" ANY ConnectFailed "no TCP connection could be opened";
        142 "XF_EXIT_MCS_CONNECT_INITIAL_ERROR" ANY SettingsClosed "the first MCS message could not be sent";
        143 "XF_EXIT_TLS_CONNECT_FAILED" ANY TlsHandshake "the TLS handshake failed";
        144 "XF_EXIT_INSUFFICIENT_PRIVILEGES" ANY LogonRight "the server says that the user's right is missing";
        145 "XF_EXIT_CONNECT_CANCELLED" ANY Cancelled "the connection was cancelled";
        147 "XF_EXIT_CONNECT_TRANSPORT_FAILED" ANY SocketClosed "the connection broke: the peer closed or reset it";
        148 "XF_EXIT_CONNECT_PASSWORD_EXPIRED" ANY PasswordExpired "the password has run out";
        149 "XF_EXIT_CONNECT_PASSWORD_MUST_CHANGE" ANY PasswordExpired "the password must be changed";
        150 "XF_EXIT_CONNECT_KDC_UNREACHABLE" ANY NoLogonServer "no key distribution centre (KDC) could be reached";
        151 "XF_EXIT_CONNECT_ACCOUNT_DISABLED" ANY AccountDisabled "the account is disabled";
        152 "XF_EXIT_CONNECT_PASSWORD_CERTAINLY_EXPIRED" ANY TlsInternal "FreeRDP guesses that the password has run out", note "a guess from a TLS alert 80; any fault of the server's CredSSP looks the same";
        153 "XF_EXIT_CONNECT_CLIENT_REVOKED" ANY AccountDisabled "the Kerberos principal is disabled or locked";
        154 "XF_EXIT_CONNECT_WRONG_PASSWORD" ANY WrongCredentials "the password is wrong";
        155 "XF_EXIT_CONNECT_ACCESS_DENIED" ANY LogonRight "access was denied after the credentials were accepted, or by a gateway";
        156 "XF_EXIT_CONNECT_ACCOUNT_RESTRICTION" ANY AccountRestriction "a restriction of the account forbids this logon";
        157 "XF_EXIT_CONNECT_ACCOUNT_EXPIRED" ANY AccountExpired "the account is past its end date";
        158 "XF_EXIT_CONNECT_LOGON_TYPE_NOT_GRANTED" ANY LogonRight "this kind of logon is not granted to the user";
        159 "XF_EXIT_CONNECT_NO_OR_MISSING_CREDENTIALS" ANY NoCredentials "no credentials were given";
        160 "XF_EXIT_CONNECT_TARGET_BOOTING" ANY BrokerTarget "the machine behind the broker is still starting";
        161 "XF_EXIT_CONNECT_HYBRID_REQUIRED_BY_SERVER" ANY NlaRequired "the server insists on NLA and this client has it switched off";
        255 "XF_EXIT_UNKNOWN" ANY Unknown "a result that has no exit status of its own";
    }
}
