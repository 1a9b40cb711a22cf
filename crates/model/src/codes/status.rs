//! NTSTATUS and SSPI results that servers answer with during CredSSP, and that event logs and drivers
//! carry ([MS-ERREF] 2.1.1 and 2.3.1).

use super::macros::codes;
use super::space;

codes! {
    /// An NTSTATUS, or an SSPI HRESULT, as `errorCode` of a TSRequest carries it ([MS-CSSP] 2.2.1).
    NtStatus(u32) {
        in space::NTSTATUS_NLA {
            STATUS_UNSUCCESSFUL = 0xC000_0001, "the operation failed, without a reason", ANY Unknown;
            STATUS_ACCESS_VIOLATION = 0xC000_0005, "a program touched memory that is not its own and was ended", ANY ServerCrash;
            STATUS_INVALID_PARAMETER = 0xC000_000D, "a parameter is wrong", ANY Unknown;
            STATUS_NO_MEMORY = 0xC000_0017, "there is no memory left", ANY ServerResources;
            STATUS_ACCESS_DENIED = 0xC000_0022, "access is denied", AUTHENTICATE LogonRight;
            STATUS_OBJECT_NAME_NOT_FOUND = 0xC000_0034, "there is no object of that name", ANY Unknown;
            STATUS_OBJECT_PATH_NOT_FOUND = 0xC000_003A, "the path does not exist", ANY Unknown;
            STATUS_PORT_CONNECTION_REFUSED = 0xC000_0041, "a service on this machine refused the call", ANY ServiceFault;
            STATUS_NO_LOGON_SERVERS = 0xC000_005E, "no logon server is available", AUTHENTICATE NoLogonServer;
            STATUS_NO_SUCH_LOGON_SESSION = 0xC000_005F, "there is no such logon session: the credentials are not available there", AUTHENTICATE AuthenticationFailed;
            STATUS_PRIVILEGE_NOT_HELD = 0xC000_0061, "a right that is needed is not held", AUTHENTICATE LogonRight;
            STATUS_NO_SUCH_USER = 0xC000_0064, "there is no account of that name", AUTHENTICATE WrongCredentials;
            STATUS_WRONG_PASSWORD = 0xC000_006A, "the account exists and the password is wrong", AUTHENTICATE WrongCredentials;
            STATUS_ILL_FORMED_PASSWORD = 0xC000_006B, "the password is malformed", AUTHENTICATE WrongCredentials;
            STATUS_PASSWORD_RESTRICTION = 0xC000_006C, "the new password breaks a rule for passwords", AUTHENTICATE PasswordExpired;
            STATUS_LOGON_FAILURE = 0xC000_006D, "wrong user name or password", AUTHENTICATE WrongCredentials;
            STATUS_ACCOUNT_RESTRICTION = 0xC000_006E, "an account restriction forbids the logon", AUTHENTICATE AccountRestriction;
            STATUS_INVALID_LOGON_HOURS = 0xC000_006F, "the account may not log on at this hour", AUTHENTICATE LogonHours;
            STATUS_INVALID_WORKSTATION = 0xC000_0070, "the account may not log on from this workstation", AUTHENTICATE AccountRestriction;
            STATUS_PASSWORD_EXPIRED = 0xC000_0071, "the password has expired", AUTHENTICATE PasswordExpired;
            STATUS_ACCOUNT_DISABLED = 0xC000_0072, "the account is disabled", AUTHENTICATE AccountDisabled;
            STATUS_NONE_MAPPED = 0xC000_0073, "the name belongs to no account that is known", AUTHENTICATE WrongCredentials;
            STATUS_NO_TOKEN = 0xC000_007C, "there is no token to act with", AUTHENTICATE AuthenticationFailed;
            STATUS_INSUFFICIENT_RESOURCES = 0xC000_009A, "the system has no resources left for the request", ANY ServerResources;
            STATUS_IO_TIMEOUT = 0xC000_00B5, "an input or output operation took too long", AUTHENTICATE Timeout;
            STATUS_NOT_SUPPORTED = 0xC000_00BB, "the request is not supported", AUTHENTICATE CredSspMismatch;
            STATUS_BAD_NETWORK_PATH = 0xC000_00BE, "the network path is not found", TCP Unreachable;
            STATUS_BAD_NETWORK_NAME = 0xC000_00CC, "the network name is not found", RESOLVE NameNotResolved;
            STATUS_REQUEST_NOT_ACCEPTED = 0xC000_00D0, "the computer has as many connections as it may have", ANY ConnectionLimit;
            STATUS_INVALID_SERVER_STATE = 0xC000_00DC, "the account database of the server is in the wrong state", AUTHENTICATE NoLogonServer;
            STATUS_NO_SUCH_DOMAIN = 0xC000_00DF, "the domain does not exist", AUTHENTICATE NoLogonServer;
            STATUS_INTERNAL_ERROR = 0xC000_00E5, "an internal error", ANY Unknown;
            STATUS_NO_SUCH_PACKAGE = 0xC000_00FE, "the authentication package is unknown", AUTHENTICATE AuthenticationFailed;
            STATUS_BAD_LOGON_SESSION_STATE = 0xC000_0104, "the logon session is in the wrong state", AUTHENTICATE AuthenticationFailed;
            STATUS_CANCELLED = 0xC000_0120, "the request was cancelled", ANY Cancelled;
            STATUS_TIME_DIFFERENCE_AT_DC = 0xC000_0133, "the clocks of client and domain controller are too far apart", AUTHENTICATE ClockSkew;
            STATUS_LOCAL_DISCONNECT = 0xC000_013B, "this side closed the connection", ANY SocketClosed;
            STATUS_REMOTE_DISCONNECT = 0xC000_013C, "the other side closed the connection", ANY SocketClosed;
            STATUS_PIPE_BROKEN = 0xC000_014B, "the other end of the pipe is gone", ANY SocketClosed;
            STATUS_LOGON_NOT_GRANTED = 0xC000_0155, "the logon was asked for and not granted", AUTHENTICATE LogonRight;
            STATUS_LOGON_TYPE_NOT_GRANTED = 0xC000_015B, "this kind of logon is not granted to the user", AUTHENTICATE LogonRight;
            STATUS_INVALID_DEVICE_STATE = 0xC000_0184, "the device is in no state for the request", AUTHENTICATE SocketClosed, note "in TermDD event 56 as D0000184: the server wrote to a connection that was already gone";
            STATUS_NO_TRUST_LSA_SECRET = 0xC000_018A, "this computer has no secret for its domain", AUTHENTICATE TrustBroken;
            STATUS_NO_TRUST_SAM_ACCOUNT = 0xC000_018B, "the domain has no account for this computer", AUTHENTICATE TrustBroken;
            STATUS_TRUSTED_DOMAIN_FAILURE = 0xC000_018C, "the trust between two domains is broken", AUTHENTICATE TrustBroken;
            STATUS_TRUSTED_RELATIONSHIP_FAILURE = 0xC000_018D, "the trust between this computer and its domain is broken", AUTHENTICATE TrustBroken;
            STATUS_TRUST_FAILURE = 0xC000_0190, "the logon over the network failed", AUTHENTICATE TrustBroken;
            STATUS_NETLOGON_NOT_STARTED = 0xC000_0192, "the Netlogon service is not running", AUTHENTICATE NoLogonServer;
            STATUS_ACCOUNT_EXPIRED = 0xC000_0193, "the account has expired", AUTHENTICATE AccountExpired;
            STATUS_NOLOGON_INTERDOMAIN_TRUST_ACCOUNT = 0xC000_0198, "the account belongs to a trust between domains and is not for users", AUTHENTICATE AccountRestriction;
            STATUS_NOLOGON_WORKSTATION_TRUST_ACCOUNT = 0xC000_0199, "the account belongs to a computer and is not for users", AUTHENTICATE AccountRestriction;
            STATUS_NOLOGON_SERVER_TRUST_ACCOUNT = 0xC000_019A, "the account belongs to a server and is not for users", AUTHENTICATE AccountRestriction;
            STATUS_DOMAIN_TRUST_INCONSISTENT = 0xC000_019B, "what is known about the trusted domain contradicts itself", AUTHENTICATE TrustBroken;
            STATUS_USER_SESSION_DELETED = 0xC000_0203, "the session of the user is gone", ANY ServerEnded;
            STATUS_CONNECTION_DISCONNECTED = 0xC000_020C, "the connection is closed", ANY SocketClosed;
            STATUS_CONNECTION_RESET = 0xC000_020D, "the connection was reset", ANY SocketReset;
            STATUS_PASSWORD_MUST_CHANGE = 0xC000_0224, "the password must be changed before the first logon", AUTHENTICATE PasswordExpired;
            STATUS_NOT_FOUND = 0xC000_0225, "the object was not found", ANY Unknown;
            STATUS_DOMAIN_CONTROLLER_NOT_FOUND = 0xC000_0233, "no domain controller was found", AUTHENTICATE NoLogonServer;
            STATUS_ACCOUNT_LOCKED_OUT = 0xC000_0234, "the account is locked out", AUTHENTICATE AccountLocked;
            STATUS_CONNECTION_REFUSED = 0xC000_0236, "the other end refused the connection", TCP ConnectRefused;
            STATUS_GRACEFUL_DISCONNECT = 0xC000_0237, "the connection was closed in good order", ANY SocketClosed;
            STATUS_CONNECTION_INVALID = 0xC000_023A, "there is no such connection any more", ANY SocketClosed;
            STATUS_NETWORK_UNREACHABLE = 0xC000_023C, "the network cannot be reached", TCP Unreachable;
            STATUS_HOST_UNREACHABLE = 0xC000_023D, "the host cannot be reached", TCP Unreachable;
            STATUS_PORT_UNREACHABLE = 0xC000_023F, "nothing serves that port on the host", TCP ConnectRefused;
            STATUS_REQUEST_ABORTED = 0xC000_0240, "the request was given up", ANY Cancelled;
            STATUS_CONNECTION_ABORTED = 0xC000_0241, "this side broke the connection off", ANY SocketReset;
            STATUS_LOGIN_TIME_RESTRICTION = 0xC000_0247, "the account may not log on at this hour", AUTHENTICATE LogonHours;
            STATUS_LOGIN_WKSTA_RESTRICTION = 0xC000_0248, "the account may not log on from this workstation", AUTHENTICATE AccountRestriction;
            STATUS_INSUFFICIENT_LOGON_INFO = 0xC000_0250, "too little is known about the account to log it on", AUTHENTICATE AuthenticationFailed;
            STATUS_UNFINISHED_CONTEXT_DELETED = 0xC000_02EE, "the security context was dropped before it was complete", AUTHENTICATE CredSspAborted;
            STATUS_PKINIT_NAME_MISMATCH = 0xC000_02F9, "the name of the KDC does not go with its certificate", AUTHENTICATE Kerberos;
            STATUS_SMARTCARD_LOGON_REQUIRED = 0xC000_02FA, "the account may log on with a smart card only", AUTHENTICATE SmartCard;
            STATUS_KDC_INVALID_REQUEST = 0xC000_02FB, "the KDC received an invalid request", AUTHENTICATE Kerberos;
            STATUS_PKINIT_FAILURE = 0xC000_0320, "Kerberos could not check the certificate of the KDC for a smart card logon", AUTHENTICATE SmartCard;
            STATUS_SMARTCARD_SUBSYSTEM_FAILURE = 0xC000_0321, "Kerberos could not use the smart card", AUTHENTICATE SmartCard;
            STATUS_NO_KERB_KEY = 0xC000_0322, "the target has no usable Kerberos key", AUTHENTICATE Kerberos;
            STATUS_BAD_BINDINGS = 0xC000_035B, "the channel bindings of the client do not fit this TLS connection", AUTHENTICATE Interception;
            STATUS_NETWORK_SESSION_EXPIRED = 0xC000_035C, "the session on the network has run out", ANY SessionLimit;
            STATUS_SMARTCARD_WRONG_PIN = 0xC000_0380, "the PIN of the smart card is wrong", AUTHENTICATE SmartCard;
            STATUS_SMARTCARD_CARD_BLOCKED = 0xC000_0381, "the smart card is blocked", AUTHENTICATE SmartCard;
            STATUS_SMARTCARD_CARD_NOT_AUTHENTICATED = 0xC000_0382, "no PIN was given to the smart card", AUTHENTICATE SmartCard;
            STATUS_SMARTCARD_NO_CARD = 0xC000_0383, "there is no smart card in the reader", AUTHENTICATE SmartCard;
            STATUS_SMARTCARD_NO_KEY_CONTAINER = 0xC000_0384, "the smart card holds no such key container", AUTHENTICATE SmartCard;
            STATUS_SMARTCARD_NO_CERTIFICATE = 0xC000_0385, "the smart card holds no such certificate", AUTHENTICATE SmartCard;
            STATUS_SMARTCARD_NO_KEYSET = 0xC000_0386, "the smart card holds no such key set", AUTHENTICATE SmartCard;
            STATUS_SMARTCARD_IO_ERROR = 0xC000_0387, "talking to the smart card failed", AUTHENTICATE SmartCard;
            STATUS_DOWNGRADE_DETECTED = 0xC000_0388, "the attempt looks like a downgrade of the authentication", AUTHENTICATE Kerberos;
            STATUS_SMARTCARD_CERT_REVOKED = 0xC000_0389, "the certificate of the smart card is revoked", AUTHENTICATE SmartCard;
            STATUS_REVOCATION_OFFLINE_C = 0xC000_038B, "whether the certificate of the smart card is revoked could not be found out", AUTHENTICATE SmartCard;
            STATUS_PKINIT_CLIENT_FAILURE = 0xC000_038C, "the KDC does not trust the certificate of the smart card", AUTHENTICATE SmartCard;
            STATUS_SMARTCARD_CERT_EXPIRED = 0xC000_038D, "the certificate of the smart card has run out", AUTHENTICATE SmartCard;
            STATUS_AUTHENTICATION_FIREWALL_FAILED = 0xC000_0413, "selective authentication keeps this account away from this computer", AUTHENTICATE LogonRight;
            STATUS_NTLM_BLOCKED = 0xC000_0418, "NTLM is switched off, and Kerberos was not possible", AUTHENTICATE NtlmBlocked;
            STATUS_FROM_WIN32_MORE_DATA = 0xC007_00EA, "the logon was not accepted: servers built on FreeRDP 2 and 3, GNOME's among them, say this number whatever the reason", AUTHENTICATE WrongCredentials;
            STATUS_CTX_CLOSE_PENDING = 0xC00A_0006, "the terminal connection is just being closed", ANY ServerResources;
            STATUS_CTX_TD_ERROR = 0xC00A_0010, "the transport driver of the terminal connection met an error", ANY SocketClosed;
            STATUS_CTX_LICENSE_CLIENT_INVALID = 0xC00A_0012, "the client is not licensed for this system", LICENSE LicenseClient;
            STATUS_CTX_LICENSE_NOT_AVAILABLE = 0xC00A_0013, "as many logons are licensed as there are", LICENSE LicenseServer;
            STATUS_CTX_LICENSE_EXPIRED = 0xC00A_0014, "the licence of the system has run out", LICENSE LicenseHost;
            STATUS_CTX_WINSTATION_NOT_FOUND = 0xC00A_0015, "there is no such session", ANY ServerEnded;
            STATUS_CTX_WINSTATION_BUSY = 0xC00A_0017, "the terminal connection is busy with another request", ANY ServerResources;
            STATUS_CTX_CLIENT_QUERY_TIMEOUT = 0xC00A_0026, "the client did not answer the server's first message", ANY Timeout;
            STATUS_CTX_WINSTATION_ACCESS_DENIED = 0xC00A_002B, "access to that session is denied", AUTHENTICATE LogonRight;
            STATUS_RDP_PROTOCOL_ERROR = 0xC00A_0032, "a part of the protocol found an error in the stream and dropped the client", ANY NotRdp;
            STATUS_CTX_CLIENT_LICENSE_NOT_SET = 0xC00A_0033, "the connection was turned away for lack of a licence", LICENSE LicenseServer;
            STATUS_CTX_CLIENT_LICENSE_IN_USE = 0xC00A_0034, "as many client licences are in use as there are", LICENSE LicenseServer;
            STATUS_CTX_LOGON_DISABLED = 0xC00A_0037, "interactive logons are switched off for the user", AUTHENTICATE LogonRight;
            STATUS_CTX_SECURITY_LAYER_ERROR = 0xC00A_0038, "the security layer of the server found an error in the stream and dropped the client", SECURE TlsHandshake;
            STATUS_TS_INCOMPATIBLE_SESSIONS = 0xC00A_0039, "the two sessions do not go together", ANY SessionContention;
        }
        in space::SSPI_HRESULT {
            SEC_E_INSUFFICIENT_MEMORY = 0x8009_0300, "there is no memory left for the security package", ANY ServerResources;
            SEC_E_INVALID_HANDLE = 0x8009_0301, "a handle of the security package is not valid", ANY ClientFault;
            SEC_E_UNSUPPORTED_FUNCTION = 0x8009_0302, "the function asked for is not supported", AUTHENTICATE CredSspMismatch;
            SEC_E_TARGET_UNKNOWN = 0x8009_0303, "the target name is unknown or cannot be reached", AUTHENTICATE Kerberos;
            SEC_E_INTERNAL_ERROR = 0x8009_0304, "the local security authority cannot be reached", AUTHENTICATE NoLogonServer;
            SEC_E_SECPKG_NOT_FOUND = 0x8009_0305, "the security package does not exist", AUTHENTICATE AuthenticationFailed;
            SEC_E_NOT_OWNER = 0x8009_0306, "the credentials belong to someone else", AUTHENTICATE AuthenticationFailed;
            SEC_E_CANNOT_INSTALL = 0x8009_0307, "the security package could not be started", AUTHENTICATE AuthenticationFailed;
            SEC_E_INVALID_TOKEN = 0x8009_0308, "the token is not valid", SECURE NotTls;
            SEC_E_CANNOT_PACK = 0x8009_0309, "the credentials could not be packed for the security package", AUTHENTICATE AuthenticationFailed;
            SEC_E_QOP_NOT_SUPPORTED = 0x8009_030A, "the security package cannot protect messages in the way asked for", AUTHENTICATE AuthenticationFailed;
            SEC_E_NO_IMPERSONATION = 0x8009_030B, "the security context does not allow acting as the client", AUTHENTICATE AuthenticationFailed;
            SEC_E_LOGON_DENIED = 0x8009_030C, "the logon was denied", AUTHENTICATE WrongCredentials;
            SEC_E_UNKNOWN_CREDENTIALS = 0x8009_030D, "the credentials are not recognized", SECURE ServerKey, note "in Schannel event 36870: the private key of the server's certificate cannot be used";
            SEC_E_NO_CREDENTIALS = 0x8009_030E, "the security package has no credentials", AUTHENTICATE NoCredentials;
            SEC_E_MESSAGE_ALTERED = 0x8009_030F, "a message or its signature was altered on the way", SECURE Interception;
            SEC_E_OUT_OF_SEQUENCE = 0x8009_0310, "a message came out of turn", AUTHENTICATE Interception;
            SEC_E_NO_AUTHENTICATING_AUTHORITY = 0x8009_0311, "no authority that could authenticate was reached", AUTHENTICATE NoLogonServer;
            SEC_E_BAD_PKGID = 0x8009_0316, "the package asked for is not the one in use", AUTHENTICATE AuthenticationFailed;
            SEC_E_CONTEXT_EXPIRED = 0x8009_0317, "the security context has ended: the peer closed TLS", SECURE TlsClosed;
            SEC_E_INCOMPLETE_MESSAGE = 0x8009_0318, "the message is not complete yet", SECURE TlsHandshake;
            SEC_E_INCOMPLETE_CREDENTIALS = 0x8009_0320, "the credentials are not complete: a client certificate is wanted", SECURE ClientCertificateRequired;
            SEC_E_BUFFER_TOO_SMALL = 0x8009_0321, "a buffer is too small", ANY ClientFault;
            SEC_E_WRONG_PRINCIPAL = 0x8009_0322, "the name of the target is not the name of who answered", AUTHENTICATE Kerberos;
            SEC_E_TIME_SKEW = 0x8009_0324, "the clocks of the two machines are too far apart", AUTHENTICATE ClockSkew;
            SEC_E_UNTRUSTED_ROOT = 0x8009_0325, "the chain of certificates ends at an authority that is not trusted", SECURE CertificateUntrusted;
            SEC_E_ILLEGAL_MESSAGE = 0x8009_0326, "a message is unexpected or badly formed", SECURE NotTls;
            SEC_E_CERT_UNKNOWN = 0x8009_0327, "the certificate could not be processed", SECURE CertificateBad;
            SEC_E_CERT_EXPIRED = 0x8009_0328, "the certificate has run out", SECURE CertificateExpired;
            SEC_E_ENCRYPT_FAILURE = 0x8009_0329, "the data could not be encrypted", SECURE TlsCorruption;
            SEC_E_DECRYPT_FAILURE = 0x8009_0330, "the data could not be decrypted", SECURE TlsCorruption;
            SEC_E_ALGORITHM_MISMATCH = 0x8009_0331, "the two sides have no algorithm in common", SECURE TlsCipher;
            SEC_E_SECURITY_QOS_FAILED = 0x8009_0332, "the quality of protection asked for cannot be had", AUTHENTICATE Kerberos;
            SEC_E_UNFINISHED_CONTEXT_DELETED = 0x8009_0333, "the security context was dropped before it was complete", AUTHENTICATE CredSspAborted;
            SEC_E_NO_TGT_REPLY = 0x8009_0334, "Kerberos gave no ticket-granting ticket", AUTHENTICATE Kerberos;
            SEC_E_NO_IP_ADDRESSES = 0x8009_0335, "no address is known with which to reach the KDC", AUTHENTICATE Kerberos;
            SEC_E_WRONG_CREDENTIAL_HANDLE = 0x8009_0336, "the credentials do not go with this security context", AUTHENTICATE AuthenticationFailed;
            SEC_E_CRYPTO_SYSTEM_INVALID = 0x8009_0337, "the cryptography of the system is not valid", SECURE TlsCredential;
            SEC_E_MAX_REFERRALS_EXCEEDED = 0x8009_0338, "Kerberos was sent from realm to realm too often", AUTHENTICATE Kerberos;
            SEC_E_MUST_BE_KDC = 0x8009_0339, "only a KDC may do that", AUTHENTICATE Kerberos;
            SEC_E_STRONG_CRYPTO_NOT_SUPPORTED = 0x8009_033A, "strong cryptography is not available here", SECURE TlsCipher;
            SEC_E_TOO_MANY_PRINCIPALS = 0x8009_033B, "several accounts carry the same principal name", AUTHENTICATE Kerberos;
            SEC_E_NO_PA_DATA = 0x8009_033C, "the KDC asks for proof of identity without saying which", AUTHENTICATE Kerberos;
            SEC_E_PKINIT_NAME_MISMATCH = 0x8009_033D, "the name in the certificate is not the name of the user", AUTHENTICATE SmartCard;
            SEC_E_SMARTCARD_LOGON_REQUIRED = 0x8009_033E, "the account may log on with a smart card only", AUTHENTICATE SmartCard;
            SEC_E_SHUTDOWN_IN_PROGRESS = 0x8009_033F, "the system is shutting down", ANY ServerRestart;
            SEC_E_KDC_INVALID_REQUEST = 0x8009_0340, "the KDC received an invalid request", AUTHENTICATE Kerberos;
            SEC_E_KDC_UNABLE_TO_REFER = 0x8009_0341, "the KDC cannot name the realm of the target", AUTHENTICATE Kerberos;
            SEC_E_KDC_UNKNOWN_ETYPE = 0x8009_0342, "the KDC does not support the kind of encryption asked for", AUTHENTICATE Kerberos;
            SEC_E_UNSUPPORTED_PREAUTH = 0x8009_0343, "the KDC does not know the kind of proof offered", AUTHENTICATE Kerberos;
            SEC_E_DELEGATION_REQUIRED = 0x8009_0345, "the target wants delegation, which is not allowed here", AUTHENTICATE DelegationPolicy;
            SEC_E_BAD_BINDINGS = 0x8009_0346, "the channel bindings do not fit this TLS connection", AUTHENTICATE Interception;
            SEC_E_MULTIPLE_ACCOUNTS = 0x8009_0347, "several accounts share the name", AUTHENTICATE Kerberos;
            SEC_E_NO_KERB_KEY = 0x8009_0348, "the target has no usable Kerberos key", AUTHENTICATE Kerberos;
            SEC_E_CERT_WRONG_USAGE = 0x8009_0349, "the certificate is not made for this use", SECURE CertificateBad;
            SEC_E_DOWNGRADE_DETECTED = 0x8009_0350, "the attempt looks like a downgrade of the authentication", AUTHENTICATE Kerberos;
            SEC_E_SMARTCARD_CERT_REVOKED = 0x8009_0351, "the certificate of the smart card is revoked", AUTHENTICATE SmartCard;
            SEC_E_ISSUING_CA_UNTRUSTED = 0x8009_0352, "the authority behind the smart card's certificate is not trusted", AUTHENTICATE SmartCard;
            SEC_E_REVOCATION_OFFLINE_C = 0x8009_0353, "whether the smart card's certificate is revoked could not be found out", AUTHENTICATE SmartCard;
            SEC_E_PKINIT_CLIENT_FAILURE = 0x8009_0354, "the certificate of the smart card is not trusted", AUTHENTICATE SmartCard;
            SEC_E_SMARTCARD_CERT_EXPIRED = 0x8009_0355, "the certificate of the smart card has run out", AUTHENTICATE SmartCard;
            SEC_E_NO_S4U_PROT_SUPPORT = 0x8009_0356, "the domain controller cannot act for the user in this way", AUTHENTICATE Kerberos;
            SEC_E_CROSSREALM_DELEGATION_FAILURE = 0x8009_0357, "the user cannot be represented across realms", AUTHENTICATE Kerberos;
            SEC_E_REVOCATION_OFFLINE_KDC = 0x8009_0358, "whether the KDC's certificate is revoked could not be found out", AUTHENTICATE Kerberos;
            SEC_E_ISSUING_CA_UNTRUSTED_KDC = 0x8009_0359, "the authority behind the KDC's certificate is not trusted", AUTHENTICATE Kerberos;
            SEC_E_KDC_CERT_EXPIRED = 0x8009_035A, "the certificate of the KDC has run out", AUTHENTICATE Kerberos;
            SEC_E_KDC_CERT_REVOKED = 0x8009_035B, "the certificate of the KDC is revoked", AUTHENTICATE Kerberos;
            SEC_E_INVALID_PARAMETER = 0x8009_035D, "a parameter for the security package is wrong", ANY Unknown;
            SEC_E_DELEGATION_POLICY = 0x8009_035E, "a policy forbids handing credentials to this target", AUTHENTICATE DelegationPolicy;
            SEC_E_POLICY_NLTM_ONLY = 0x8009_035F, "a policy forbids handing credentials over NTLM alone", AUTHENTICATE DelegationPolicy;
        }
    }
}

impl NtStatus {
    /// The result that is meant. A server built on `sspi`, such as IronRDP's, sends the low word of an SSPI result as if
    /// it were an error of Win32 in an NTSTATUS; no such error belongs to a logon.
    #[must_use]
    pub const fn meant(self) -> Self {
        match self.0 {
            0xC007_0300..=0xC007_036F => Self(0x8009_0000 | (self.0 & 0xFFFF)),
            _ => self,
        }
    }

    /// The number with its name, and the result that is meant where that is another.
    pub fn told(self) -> String {
        let meant = self.meant();
        if meant == self {
            self.to_string()
        } else {
            format!("{self} (for {meant})")
        }
    }
}
