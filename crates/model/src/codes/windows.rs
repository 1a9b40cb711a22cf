//! Win32, Winsock and HRESULT values of Windows ([MS-ERREF]), and the error numbers of Unix.

use super::macros::table;
use super::space;

table! {
    /// Other HRESULT values of Windows.
    HRESULT in space::HRESULT {
        0x8000_4001 "E_NOTIMPL" ANY Unknown "the function is not implemented";
        0x8000_4004 "E_ABORT" ANY Cancelled "the operation was broken off";
        0x8000_4005 "E_FAIL" ANY Unknown "an error without a reason", note "beside TsSslEvent names in event 226 it stands for a TLS handshake that broke off";
        0x8000_FFFF "E_UNEXPECTED" ANY Unknown "an error that should not happen";
        0x8001_0108 "RPC_E_DISCONNECTED" ANY ServiceFault "the object has gone: its process ended";
        0x8004_0154 "REGDB_E_CLASSNOTREG" ANY Unknown "a component is not registered on this machine";
        0x8007_0005 "E_ACCESSDENIED" ANY AccessDenied "access is denied";
        0x8007_000E "E_OUTOFMEMORY" ANY ServerResources "there is no memory left";
        0x8007_0057 "E_INVALIDARG" ANY Unknown "a parameter is wrong";
        0x8008_0005 "CO_E_SERVER_EXEC_FAILURE" AUTHENTICATE AuthenticationFailed "a helper process of Windows could not be started", note "seen with clients after the Windows updates of January 2026; the failing part is on the client";
        0x8009_000D "NTE_NO_KEY" SECURE ServerKey "the key does not exist";
        0x8009_000F "NTE_EXISTS" SECURE ServerKey "the key set exists already";
        0x8009_0010 "NTE_PERM" SECURE ServerKey "access to the key store is denied";
        0x8009_0011 "NTE_NOT_FOUND" SECURE ServerKey "the key was not found";
        0x8009_0016 "NTE_BAD_KEYSET" SECURE ServerKey "the key set does not exist";
        0x8009_0019 "NTE_KEYSET_NOT_DEF" SECURE ServerKey "no key set is defined";
        0x8009_001F "NTE_BAD_KEYSET_PARAM" SECURE ServerKey "the key set was asked for in the wrong way";
        0x8009_0020 "NTE_FAIL" SECURE ServerKey "the cryptographic provider failed inside";
        0x8009_0022 "NTE_SILENT_CONTEXT" AUTHENTICATE SmartCard "the key needs a question to the user, and none may be asked";
        0x8009_002C "NTE_DECRYPTION_FAILURE" SECURE TlsCorruption "the data could not be decrypted";
        0x8009_2004 "CRYPT_E_NOT_FOUND" SECURE ServerKey "the certificate or a property of it was not found";
        0x8009_2009 "CRYPT_E_NO_MATCH" SECURE CertificateName "no certificate fits what was looked for";
        0x8009_200B "CRYPT_E_NO_KEY_PROPERTY" SECURE ServerKey "the certificate names no private key";
        0x8009_200C "CRYPT_E_NO_DECRYPT_CERT" SECURE ServerKey "certificate and private key for decryption were not found";
        0x8009_2010 "CRYPT_E_REVOKED" SECURE CertificateRevoked "the certificate is revoked";
        0x8009_2012 "CRYPT_E_NO_REVOCATION_CHECK" SECURE Revocation "nobody could check whether the certificate is revoked";
        0x8009_2013 "CRYPT_E_REVOCATION_OFFLINE" SECURE Revocation "the server that knows about revocation could not be reached";
        0x8009_6004 "TRUST_E_CERT_SIGNATURE" SECURE CertificateBad "the signature of the certificate does not hold";
        0x800B_0101 "CERT_E_EXPIRED" SECURE CertificateExpired "a certificate is outside its dates";
        0x800B_0106 "CERT_E_PURPOSE" SECURE CertificateBad "the certificate is used for something it is not made for";
        0x800B_0108 "CERT_E_MALFORMED" SECURE CertificateBad "the certificate lacks an important value";
        0x800B_0109 "CERT_E_UNTRUSTEDROOT" SECURE CertificateUntrusted "the chain of certificates ends at an authority that is not trusted";
        0x800B_010A "CERT_E_CHAINING" SECURE CertificateUntrusted "no chain of certificates leads to a trusted authority";
        0x800B_010C "CERT_E_REVOKED" SECURE CertificateRevoked "the issuer revoked the certificate";
        0x800B_010E "CERT_E_REVOCATION_FAILURE" SECURE Revocation "the check for revocation did not come to an end";
        0x800B_010F "CERT_E_CN_NO_MATCH" SECURE CertificateName "the name in the certificate is not the name that was connected to";
        0x800B_0110 "CERT_E_WRONG_USAGE" SECURE CertificateBad "the certificate is not made for this use";
        0x800B_0111 "TRUST_E_EXPLICIT_DISTRUST" SECURE CertificateUntrusted "the certificate is marked as not to be trusted";
        0x800B_0112 "CERT_E_UNTRUSTEDCA" SECURE CertificateUntrusted "an authority in the chain is not trusted for this";
        0x8010_006B "SCARD_W_WRONG_CHV" AUTHENTICATE SmartCard "the PIN of the smart card is wrong";
        0x8010_006C "SCARD_W_CHV_BLOCKED" AUTHENTICATE SmartCard "the smart card is blocked";
    }
}

table! {
    /// Win32 error codes.
    WIN32 in space::WIN32 {
        2 "ERROR_FILE_NOT_FOUND" ANY Unknown "a file or registry value is missing";
        3 "ERROR_PATH_NOT_FOUND" ANY Unknown "a folder or registry path is missing";
        5 "ERROR_ACCESS_DENIED" ANY AccessDenied "access is denied";
        6 "ERROR_INVALID_HANDLE" ANY Unknown "a handle is not valid";
        8 "ERROR_NOT_ENOUGH_MEMORY" ANY ServerResources "there is no memory left for the request";
        14 "ERROR_OUTOFMEMORY" ANY ServerResources "there is no memory left to finish the work";
        31 "ERROR_GEN_FAILURE" ANY Unknown "a device does not work";
        50 "ERROR_NOT_SUPPORTED" AUTHENTICATE CredSspMismatch "the request is not supported";
        51 "ERROR_REM_NOT_LIST" TCP Unreachable "the network path is not found";
        53 "ERROR_BAD_NETPATH" TCP Unreachable "the network path is not found";
        59 "ERROR_UNEXP_NET_ERR" ANY SocketReset "something unexpected happened on the network";
        64 "ERROR_NETNAME_DELETED" ANY SocketClosed "the other end is gone: the connection was closed";
        65 "ERROR_NETWORK_ACCESS_DENIED" ANY AccessDenied "access over the network is denied";
        67 "ERROR_BAD_NET_NAME" RESOLVE NameNotResolved "the network name is not found";
        71 "ERROR_REQ_NOT_ACCEP" ANY ConnectionLimit "the computer has as many connections as it may have";
        86 "ERROR_INVALID_PASSWORD" AUTHENTICATE WrongCredentials "the password is wrong";
        87 "ERROR_INVALID_PARAMETER" ANY Unknown "a parameter is wrong";
        109 "ERROR_BROKEN_PIPE" ANY SocketClosed "the other end of the pipe is gone";
        121 "ERROR_SEM_TIMEOUT" ANY Timeout "a wait was over before the answer came";
        122 "ERROR_INSUFFICIENT_BUFFER" ANY Unknown "a buffer is too small";
        170 "ERROR_BUSY" ANY ServerResources "what is asked for is in use";
        183 "ERROR_ALREADY_EXISTS" ANY Unknown "something of that name exists already";
        1008 "ERROR_NO_TOKEN" AUTHENTICATE AuthenticationFailed "there is no token to act with";
        1051 "ERROR_DEPENDENT_SERVICES_RUNNING" ANY ServiceFault "other running services need the service that is to stop";
        1053 "ERROR_SERVICE_REQUEST_TIMEOUT" ANY ServiceFault "the service did not answer in time";
        1056 "ERROR_SERVICE_ALREADY_RUNNING" ANY ServiceFault "the service runs already";
        1058 "ERROR_SERVICE_DISABLED" ANY ServiceFault "the service is disabled";
        1060 "ERROR_SERVICE_DOES_NOT_EXIST" ANY ServiceFault "there is no such service";
        1062 "ERROR_SERVICE_NOT_ACTIVE" ANY ServiceFault "the service is not running";
        1067 "ERROR_PROCESS_ABORTED" ANY ServiceFault "the process of the service ended unexpectedly";
        1068 "ERROR_SERVICE_DEPENDENCY_FAIL" ANY ServiceFault "a service on which this one depends did not start";
        1069 "ERROR_SERVICE_LOGON_FAILED" ANY ServiceFault "the account of the service could not log on";
        1070 "ERROR_SERVICE_START_HANG" ANY ServiceFault "the service hangs while it starts";
        1075 "ERROR_SERVICE_DEPENDENCY_DELETED" ANY ServiceFault "a service on which this one depends does not exist";
        1077 "ERROR_SERVICE_NEVER_STARTED" ANY ServiceFault "nobody has started the service since the machine came up";
        1079 "ERROR_DIFFERENT_SERVICE_ACCOUNT" ANY ServiceFault "the service shares a process with services of another account";
        1115 "ERROR_SHUTDOWN_IN_PROGRESS" ANY ServerRestart "the computer is shutting down";
        1219 "ERROR_SESSION_CREDENTIAL_CONFLICT" AUTHENTICATE AuthenticationFailed "there are connections to the server under another user name";
        1222 "ERROR_NO_NETWORK" TCP Unreachable "there is no network";
        1225 "ERROR_CONNECTION_REFUSED" TCP ConnectFailed "the other system refused the connection";
        1229 "ERROR_CONNECTION_INVALID" ANY SocketClosed "there is no such connection any more";
        1231 "ERROR_NETWORK_UNREACHABLE" TCP Unreachable "the network cannot be reached";
        1232 "ERROR_HOST_UNREACHABLE" TCP Unreachable "the host cannot be reached";
        1233 "ERROR_PROTOCOL_UNREACHABLE" TCP Unreachable "the host does not know the protocol";
        1234 "ERROR_PORT_UNREACHABLE" TCP ConnectFailed "nothing serves that port on the host";
        1235 "ERROR_REQUEST_ABORTED" ANY Cancelled "the request was given up";
        1237 "ERROR_RETRY" ANY Unknown "the operation should be tried again";
        1240 "ERROR_LOGIN_WKSTA_RESTRICTION" AUTHENTICATE AccountRestriction "the account may not log on from this workstation";
        1244 "ERROR_NOT_AUTHENTICATED" AUTHENTICATE AuthenticationFailed "the user was not authenticated";
        1245 "ERROR_NOT_LOGGED_ON" AUTHENTICATE AuthenticationFailed "the user is not logged on to the network";
        1260 "ERROR_ACCESS_DISABLED_BY_POLICY" ANY AccessDenied "a policy blocks the program";
        1265 "ERROR_DOWNGRADE_DETECTED" AUTHENTICATE Kerberos "the attempt looks like a downgrade of the authentication";
        1300 "ERROR_NOT_ALL_ASSIGNED" AUTHENTICATE LogonRight "not all rights asked for are held";
        1307 "ERROR_INVALID_OWNER" ANY AccessDenied "that identity may not be made the owner";
        1311 "ERROR_NO_LOGON_SERVERS" AUTHENTICATE NoLogonServer "no logon server is available";
        1312 "ERROR_NO_SUCH_LOGON_SESSION" AUTHENTICATE AuthenticationFailed "there is no such logon session: the credentials are not available there";
        1314 "ERROR_PRIVILEGE_NOT_HELD" AUTHENTICATE LogonRight "a right that is needed is not held";
        1317 "ERROR_NO_SUCH_USER" AUTHENTICATE WrongCredentials "there is no account of that name";
        1326 "ERROR_LOGON_FAILURE" AUTHENTICATE WrongCredentials "wrong user name or password";
        1327 "ERROR_ACCOUNT_RESTRICTION" AUTHENTICATE AccountRestriction "an account restriction forbids the logon";
        1328 "ERROR_INVALID_LOGON_HOURS" AUTHENTICATE LogonHours "the account may not log on at this hour";
        1329 "ERROR_INVALID_WORKSTATION" AUTHENTICATE AccountRestriction "the account may not log on to this computer";
        1330 "ERROR_PASSWORD_EXPIRED" AUTHENTICATE PasswordExpired "the password has expired";
        1331 "ERROR_ACCOUNT_DISABLED" AUTHENTICATE AccountDisabled "the account is disabled";
        1332 "ERROR_NONE_MAPPED" AUTHENTICATE WrongCredentials "the name belongs to no account that is known";
        1351 "ERROR_CANT_ACCESS_DOMAIN_INFO" AUTHENTICATE NoLogonServer "the domain controller gives no answer about the domain";
        1355 "ERROR_NO_SUCH_DOMAIN" AUTHENTICATE NoLogonServer "the domain does not exist or cannot be reached";
        1385 "ERROR_LOGON_TYPE_NOT_GRANTED" AUTHENTICATE LogonRight "this kind of logon is not granted to the user";
        1396 "ERROR_WRONG_TARGET_NAME" AUTHENTICATE Kerberos "the name of the target is not the name of who answered";
        1397 "ERROR_MUTUAL_AUTH_FAILED" AUTHENTICATE Kerberos "the server could not prove who it is: its password at the domain controller is out of date";
        1398 "ERROR_TIME_SKEW" AUTHENTICATE ClockSkew "the clocks of client and server are too far apart";
        1450 "ERROR_NO_SYSTEM_RESOURCES" ANY ServerResources "the system has no resources left for the request";
        1453 "ERROR_WORKING_SET_QUOTA" ANY ServerResources "the quota does not suffice for the request";
        1460 "ERROR_TIMEOUT" ANY Timeout "the time allowed is over";
        1722 "RPC_S_SERVER_UNAVAILABLE" ANY ServiceFault "the RPC server is not available";
        1723 "RPC_S_SERVER_TOO_BUSY" ANY ServerResources "the RPC server is too busy";
        1726 "RPC_S_CALL_FAILED" ANY ServiceFault "the remote procedure call failed";
        1727 "RPC_S_CALL_FAILED_DNE" ANY ServiceFault "the remote procedure call failed before it was carried out";
        1753 "EPT_S_NOT_REGISTERED" ANY ServiceFault "the service has not registered an end point";
        1786 "ERROR_NO_TRUST_LSA_SECRET" AUTHENTICATE TrustBroken "this computer has no secret for its domain";
        1787 "ERROR_NO_TRUST_SAM_ACCOUNT" AUTHENTICATE TrustBroken "the domain has no account for this computer";
        1788 "ERROR_TRUSTED_DOMAIN_FAILURE" AUTHENTICATE TrustBroken "the trust between two domains is broken";
        1789 "ERROR_TRUSTED_RELATIONSHIP_FAILURE" AUTHENTICATE TrustBroken "the trust between this computer and its domain is broken";
        1790 "ERROR_TRUST_FAILURE" AUTHENTICATE TrustBroken "the logon over the network failed";
        1792 "ERROR_NETLOGON_NOT_STARTED" AUTHENTICATE NoLogonServer "the Netlogon service is not running";
        1793 "ERROR_ACCOUNT_EXPIRED" AUTHENTICATE AccountExpired "the account has expired";
        1807 "ERROR_NOLOGON_INTERDOMAIN_TRUST_ACCOUNT" AUTHENTICATE AccountRestriction "the account belongs to a trust between domains and is not for users";
        1808 "ERROR_NOLOGON_WORKSTATION_TRUST_ACCOUNT" AUTHENTICATE AccountRestriction "the account belongs to a computer and is not for users";
        1809 "ERROR_NOLOGON_SERVER_TRUST_ACCOUNT" AUTHENTICATE AccountRestriction "the account belongs to a server and is not for users";
        1907 "ERROR_PASSWORD_MUST_CHANGE" AUTHENTICATE PasswordExpired "the password must be changed before the first logon";
        1908 "ERROR_DOMAIN_CONTROLLER_NOT_FOUND" AUTHENTICATE NoLogonServer "no domain controller was found";
        1909 "ERROR_ACCOUNT_LOCKED_OUT" AUTHENTICATE AccountLocked "the account is locked out";
        1931 "ERROR_CONTEXT_EXPIRED" SECURE TlsClosed "the security context has ended";
        7001 "ERROR_CTX_WINSTATION_NAME_INVALID" ANY ServiceFault "that session name is not valid";
        7003 "ERROR_CTX_PD_NOT_FOUND" ANY Listener "the protocol driver of the listener is missing";
        7004 "ERROR_CTX_WD_NOT_FOUND" ANY Listener "the connection driver of the listener is missing";
        7007 "ERROR_CTX_CLOSE_PENDING" ANY ServerResources "the session is just being closed";
        7017 "ERROR_CTX_TD_ERROR" ANY SocketClosed "the transport driver of the terminal connection met an error";
        7022 "ERROR_CTX_WINSTATION_NOT_FOUND" ANY ServerEnded "there is no such session";
        7024 "ERROR_CTX_WINSTATION_BUSY" ANY ServerResources "the connection is busy with another request";
        7025 "ERROR_CTX_BAD_VIDEO_MODE" ANY GraphicsStream "the video mode of the session does not suit the client";
        7037 "ERROR_CTX_LOGON_DISABLED" AUTHENTICATE LogonRight "interactive logons are switched off for the user";
        7040 "ERROR_CTX_CLIENT_QUERY_TIMEOUT" ANY Timeout "the client did not answer the server's first message";
        7045 "ERROR_CTX_WINSTATION_ACCESS_DENIED" AUTHENTICATE LogonRight "access to that session is denied";
        7049 "ERROR_CTX_INVALID_WD" ANY Listener "the connection driver of the listener is not valid";
        7052 "ERROR_CTX_CLIENT_LICENSE_IN_USE" LICENSE LicenseServer "as many client licences are in use as there are";
        7053 "ERROR_CTX_CLIENT_LICENSE_NOT_SET" LICENSE LicenseServer "the connection was turned away for lack of a licence";
        7054 "ERROR_CTX_LICENSE_NOT_AVAILABLE" LICENSE LicenseServer "the computer allows a limited number of connections, and all are taken";
        7055 "ERROR_CTX_LICENSE_CLIENT_INVALID" LICENSE LicenseClient "the client is not licensed for this system";
        7056 "ERROR_CTX_LICENSE_EXPIRED" LICENSE LicenseHost "the licence of the system has run out";
        7060 "ERROR_CTX_WINSTATIONS_DISABLED" ANY LogonsDisabled "remote logons are switched off on the server";
        7061 "ERROR_CTX_ENCRYPTION_LEVEL_REQUIRED" ANY RdpSecurity "the encryption level does not suffice for this session";
        7062 "ERROR_CTX_SESSION_IN_USE" ANY SessionContention "another user is logged on, and only that user or an administrator may log on";
        7063 "ERROR_CTX_NO_FORCE_LOGOFF" ANY SessionContention "the user at the console may not be signed off";
        7064 "ERROR_CTX_ACCOUNT_RESTRICTION" AUTHENTICATE AccountRestriction "an account restriction forbids the logon";
        7065 "ERROR_RDP_PROTOCOL_ERROR" ANY NotRdp "a part of the protocol found an error in the stream and dropped the client";
        7068 "ERROR_CTX_SECURITY_LAYER_ERROR" SECURE TlsHandshake "the security layer of the server found an error in the stream and dropped the client";
        7069 "ERROR_TS_INCOMPATIBLE_SESSIONS" ANY SessionContention "the two sessions do not go together";
    }
}

table! {
    /// Winsock error codes.
    WINSOCK in space::WINSOCK {
        10004 "WSAEINTR" ANY Cancelled "the call was interrupted";
        10013 "WSAEACCES" TCP ConnectForbidden "this machine forbids the connection: a firewall or a missing permission";
        10022 "WSAEINVAL" ANY Unknown "a parameter is wrong";
        10024 "WSAEMFILE" ANY ServerResources "too many sockets are open";
        10035 "WSAEWOULDBLOCK" ANY Progress "the call would have had to wait: no error by itself";
        10038 "WSAENOTSOCK" ANY ClientFault "the handle is no socket";
        10047 "WSAEAFNOSUPPORT" ANY BadAddress "the address does not go with the protocol";
        10048 "WSAEADDRINUSE" ANY ListenFailed "the port is taken by another program";
        10049 "WSAEADDRNOTAVAIL" ANY BadAddress "the address is not valid here";
        10050 "WSAENETDOWN" TCP Unreachable "the network of this machine is down";
        10051 "WSAENETUNREACH" TCP Unreachable "the network cannot be reached";
        10052 "WSAENETRESET" ANY SocketReset "keep-alive found that the connection is dead";
        10053 "WSAECONNABORTED" ANY SocketReset "software on this machine broke the connection off";
        10054 "WSAECONNRESET" ANY SocketReset "the other end reset the connection";
        10055 "WSAENOBUFS" ANY ServerResources "there is no room left for another socket or its data";
        10057 "WSAENOTCONN" ANY SocketClosed "the socket is not connected";
        10058 "WSAESHUTDOWN" ANY SocketClosed "the socket was already shut down in that direction";
        10060 "WSAETIMEDOUT" ANY Timeout "no answer came in time";
        10061 "WSAECONNREFUSED" TCP ConnectRefused "the port is closed: the other end refused";
        10064 "WSAEHOSTDOWN" TCP Unreachable "the host is down";
        10065 "WSAEHOSTUNREACH" TCP Unreachable "the host cannot be reached";
        10091 "WSASYSNOTREADY" ANY ClientFault "the network system of this machine is not ready";
        10093 "WSANOTINITIALISED" ANY ClientFault "Winsock was not started";
        11001 "WSAHOST_NOT_FOUND" RESOLVE NameNotResolved "there is no host of that name";
        11002 "WSATRY_AGAIN" RESOLVE NameNotResolved "the name server gave no answer; a later try may get one";
        11003 "WSANO_RECOVERY" RESOLVE NameNotResolved "the look-up of the name failed for good";
        11004 "WSANO_DATA" RESOLVE NameNotResolved "the name exists and has no address of the kind asked for";
    }
}

table! {
    /// Error numbers of Linux and macOS.
    ERRNO in space::ERRNO {
        1 "EPERM" TCP ConnectForbidden "this machine forbids the connection (Linux)";
        13 "EACCES" TCP ConnectForbidden "this machine forbids the connection: permission denied";
        22 "EINVAL" ANY BadAddress "the address or a parameter is not valid";
        24 "EMFILE" ANY ServerResources "too many files and sockets are open in the process";
        32 "EPIPE" ANY SocketClosed "the other end is gone: nobody reads what is sent";
        98 "EADDRINUSE" ANY ListenFailed "the port is taken by another program (Linux)";
        99 "EADDRNOTAVAIL" ANY BadAddress "the address does not belong to this machine (Linux)";
        100 "ENETDOWN" TCP Unreachable "the network of this machine is down (Linux)";
        101 "ENETUNREACH" TCP Unreachable "the network cannot be reached (Linux)";
        103 "ECONNABORTED" ANY SocketReset "this machine broke the connection off (Linux)";
        104 "ECONNRESET" ANY SocketReset "the other end reset the connection (Linux)";
        110 "ETIMEDOUT" ANY Timeout "no answer came in time (Linux)";
        111 "ECONNREFUSED" TCP ConnectRefused "the port is closed: the other end refused (Linux)";
        112 "EHOSTDOWN" TCP Unreachable "the host is down (Linux)";
        113 "EHOSTUNREACH" TCP Unreachable "the host cannot be reached (Linux)";
        115 "EINPROGRESS" ANY Progress "the connection is being opened: no error by itself (Linux)";
        48 "EADDRINUSE" ANY ListenFailed "the port is taken by another program (macOS)";
        49 "EADDRNOTAVAIL" ANY BadAddress "the address does not belong to this machine (macOS)";
        50 "ENETDOWN" TCP Unreachable "the network of this machine is down (macOS)";
        51 "ENETUNREACH" TCP Unreachable "the network cannot be reached (macOS)";
        53 "ECONNABORTED" ANY SocketReset "this machine broke the connection off (macOS)";
        54 "ECONNRESET" ANY SocketReset "the other end reset the connection (macOS)";
        60 "ETIMEDOUT" ANY Timeout "no answer came in time (macOS)";
        61 "ECONNREFUSED" TCP ConnectRefused "the port is closed: the other end refused (macOS)";
        64 "EHOSTDOWN" TCP Unreachable "the host is down (macOS)";
        65 "EHOSTUNREACH" TCP Unreachable "the host cannot be reached (macOS)";
    }
}
