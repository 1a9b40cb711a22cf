//! Numbers of the clients: what dialogs and release notes show.

use super::macros::table;
use super::space;

table! {
    /// The first number of the dialog of mstsc.
    MSTSC_DISC_REASON in space::MSTSC_DISC_REASON {
        0x0 "disconnectReasonNoInfo" ANY NoInfo "the client kept no reason for the end", note "CredSSP failures often come with 0 here while the real HRESULT stands in the sentence of the dialog";
        0x1 "disconnectReasonLocalNotError" ANY UserAction "the end was asked for on this machine";
        0x2 "disconnectReasonRemoteByUser" ANY UserAction "the end was asked for inside the session";
        0x3 "disconnectReasonByServer" ANY ServerEnded "the server said goodbye properly; its reason is the second number";
        0x104 "disconnectReasonDNSLookupFailed" RESOLVE NameNotResolved "the name of the computer could not be turned into an address";
        0x106 "disconnectReasonOutOfMemory" ANY ClientMemory "the client had no memory left";
        0x108 "disconnectReasonConnectionTimedOut" TCP Timeout "the connection was not ready in the time allowed";
        0x204 "disconnectReasonSocketConnectFailed" TCP ConnectFailed "no TCP connection could be opened";
        0x206 "disconnectReasonOutOfMemory2" ANY ClientMemory "the client had no memory left (second place that reports it)";
        0x208 "disconnectReasonHostNotFound" RESOLVE NameNotResolved "no computer of that name was found";
        0x304 "disconnectReasonWinsockSendFailed" ANY SocketIo "sending on the socket failed";
        0x306 "disconnectReasonOutOfMemory3" ANY ClientMemory "the client had no memory left (third place that reports it)";
        0x308 "disconnectReasonInvalidIPAddr" RESOLVE BadAddress "the address is no valid address";
        0x404 "disconnectReasonSocketRecvFailed" ANY SocketIo "receiving from the socket failed";
        0x406 "disconnectReasonInvalidSecurityData" SETTINGS RdpSecurity "the security data that the server sent does not hold together";
        0x408 "disconnectReasonInternalError" ANY ClientFault "something went wrong inside the client";
        0x506 "disconnectReasonInvalidEncryption" SETTINGS RdpSecurity "no encryption method of Standard RDP Security suits both sides";
        0x508 "disconnectReasonDNSLookupFailed2" RESOLVE NameNotResolved "the look-up of the name failed (second place that reports it)";
        0x604 "disconnectReasonGetHostByNameFailed" RESOLVE NameNotResolved "the resolver of this machine gave no address for the name";
        0x606 "disconnectReasonInvalidServerSecurityInfo" SETTINGS RdpSecurity "the security block of the server's settings is invalid";
        0x608 "disconnectReasonTimerError" ANY ClientFault "a timer of the client could not be used";
        0x704 "disconnectReasonTimeoutOccurred" ANY Timeout "the other side stopped answering";
        0x706 "disconnectReasonServerCertificateUnpackErr" SETTINGS RdpSecurity "the certificate inside the security settings of the server cannot be unpacked";
        0x804 "disconnectReasonInvalidIP" RESOLVE BadAddress "the IP address is no valid address";
        0x807 "SSL_ERR_LOGON_FAILURE" AUTHENTICATE WrongCredentials "network level authentication refused user name or password";
        0x808 "disconnectReasonLicensingFailed" LICENSE LicenseProtocol "the licensing exchange failed";
        0x904 "disconnectReasonAtClientWinsockFDCLOSE" ANY SocketClosed "the socket was closed by the other end, without an RDP goodbye", note "names neither a cause nor a rung of the ladder: any close of the TCP stream, at any time, looks like this";
        0x906 "disconnectReasonInternalSecurityError" ANY RdpSecurity "the security layer of the client failed inside";
        0x908 "disconnectReasonLicensingTimeout" LICENSE LicenseProtocol "the licensing exchange took too long";
        0xA06 "disconnectReasonInternalSecurityError2" ANY RdpSecurity "the security layer of the client failed inside (second place that reports it)";
        0xA07 "SSL_ERR_NO_SUCH_USER" AUTHENTICATE WrongCredentials "there is no account of that name";
        0xB06 "disconnectReasonEncryptionError" ANY RdpSecurity "something to be sent could not be encrypted";
        0xB07 "SSL_ERR_ACCOUNT_DISABLED" AUTHENTICATE AccountDisabled "the account is disabled";
        0xC06 "disconnectReasonDecryptionError" ANY RdpSecurity "something that was received could not be decrypted";
        0xC07 "SSL_ERR_ACCOUNT_RESTRICTION" AUTHENTICATE AccountRestriction "a restriction of the account forbids this logon";
        0xC08 "disconnectReasonClientDecompressionError" SESSION GraphicsStream "compressed data from the server could not be unpacked";
        0xD07 "SSL_ERR_ACCOUNT_LOCKED_OUT" AUTHENTICATE AccountLocked "the account is locked out";
        0xE07 "SSL_ERR_ACCOUNT_EXPIRED" AUTHENTICATE AccountExpired "the account is past its end date";
        0xF07 "SSL_ERR_PASSWORD_EXPIRED" AUTHENTICATE PasswordExpired "the password has run out";
        0x1207 "SSL_ERR_PASSWORD_MUST_CHANGE" AUTHENTICATE PasswordExpired "the password must be changed before this logon";
        0x1607 "SSL_ERR_DELEGATION_POLICY" AUTHENTICATE DelegationPolicy "a policy of the client forbids handing credentials to this server";
        0x1707 "SSL_ERR_POLICY_NTLM_ONLY" AUTHENTICATE DelegationPolicy "credentials may not be handed over because the server proved itself through NTLM alone";
        0x1807 "SSL_ERR_NO_AUTHENTICATING_AUTHORITY" AUTHENTICATE NoLogonServer "nobody who could check the logon was reached";
        0x1B07 "SSL_ERR_CERT_EXPIRED" SECURE CertificateExpired "the certificate that was shown has run out";
        0x1C07 "SSL_ERR_SMARTCARD_WRONG_PIN" AUTHENTICATE SmartCard "the PIN of the smart card is wrong";
        0x2107 "SSL_ERR_FRESH_CRED_REQUIRED_BY_SERVER" AUTHENTICATE FreshCredentials "the server wants credentials typed for this connection, not saved ones";
        0x2207 "SSL_ERR_SMARTCARD_CARD_BLOCKED" AUTHENTICATE SmartCard "the smart card is blocked";
    }
}

table! {
    /// The class in the low byte of the first number of mstsc.
    MSTSC_DISC_REASON_CLASS in space::MSTSC_DISC_REASON_CLASS {
        0x0 "informational" ANY NoInfo "0 to 3: not an error class; each value is explained by itself", from "Microsoft Learn: IMsTscAxEvents::OnDisconnected" "", sure Medium;
        0x4 "socket/network" ANY SocketIo "low byte 4: names and sockets; the high byte tells which step", from "Microsoft Learn: IMsTscAxEvents::OnDisconnected" "", sure Medium;
        0x6 "security layer" ANY RdpSecurity "low byte 6: the security layer of the client, out of memory included", from "Microsoft Learn: IMsTscAxEvents::OnDisconnected" "", sure Medium;
        0x7 "TLS/CredSSP" AUTHENTICATE AuthenticationFailed "low byte 7: results of TLS and CredSSP: accounts, policies, certificates, smart cards", from "Microsoft Learn: IMsTscAxEvents::OnDisconnected" "", sure Medium;
        0x8 "client core" ANY ClientFault "low byte 8: the core of the client: time-outs, licensing, unpacking", from "Microsoft Learn: IMsTscAxEvents::OnDisconnected" "", sure Medium;
    }
}

table! {
    /// The second number of the dialog of mstsc (extended error code).
    EXT_DISC_REASON in space::EXT_DISC_REASON {
        0x0 "exDiscReasonNoInfo" ANY NoInfo "the server had given no reason by then";
        0x1 "exDiscReasonAPIInitiatedDisconnect" SESSION AdminAction "someone disconnected the session with a management tool";
        0x2 "exDiscReasonAPIInitiatedLogoff" SESSION AdminAction "someone signed the session off with a management tool";
        0x3 "exDiscReasonServerIdleTimeout" SESSION IdleLimit "the session was idle for longer than the server allows";
        0x4 "exDiscReasonServerLogonTimeout" SESSION SessionLimit "the time allowed for the session or its logon is over";
        0x5 "exDiscReasonReplacedByOtherConnection" SESSION SessionReplaced "another connection has taken the session over";
        0x6 "exDiscReasonOutOfMemory" ANY ServerResources "the server had no memory left";
        0x7 "exDiscReasonServerDeniedConnection" ANY ServerDenied "the server denied the connection and gave no further reason", note "the same number on the wire can only be sent after TLS and MCS; beside 0x904 it is most likely a value the client filled in";
        0x8 "exDiscReasonServerDeniedConnectionFips" ANY Fips "the server denied the connection for reasons of security (FIPS)";
        0x9 "exDiscReasonServerInsufficientPrivileges" AUTHENTICATE LogonRight "the user has no right to connect to the server";
        0xA "exDiscReasonServerFreshCredsRequired" AUTHENTICATE FreshCredentials "the server wants credentials typed for this connection";
        0xB "exDiscReasonRpcInitiatedDisconnectByUser" SESSION UserAction "the user disconnected from inside the session";
        0xC "exDiscReasonLogoffByUser" SESSION UserAction "the user signed out";
        0x19 "exDiscReasonShutdown" ANY ServerRestart "the computer is shutting down", from "MsRdpEx" "com/mstscax.h, type library";
        0x1A "exDiscReasonReboot" ANY ServerRestart "the computer is restarting", from "MsRdpEx" "com/mstscax.h, type library";
        0x100 "exDiscReasonLicenseInternal" LICENSE LicenseServer "the licensing of the server failed inside";
        0x101 "exDiscReasonLicenseNoLicenseServer" LICENSE LicenseServer "no licence server could be found";
        0x102 "exDiscReasonLicenseNoLicense" LICENSE LicenseServer "there was no valid licence to give out";
        0x103 "exDiscReasonLicenseErrClientMsg" LICENSE LicenseClient "the server received an invalid licensing message";
        0x104 "exDiscReasonLicenseHwidDoesntMatchLicense" LICENSE LicenseClient "the stored licence belongs to other hardware";
        0x105 "exDiscReasonLicenseErrClientLicense" LICENSE LicenseClient "the stored licence of the client is malformed";
        0x106 "exDiscReasonLicenseCantFinishProtocol" LICENSE LicenseProtocol "the network broke the licensing exchange";
        0x107 "exDiscReasonLicenseClientEndedProtocol" LICENSE LicenseProtocol "the client ended the licensing exchange early";
        0x108 "exDiscReasonLicenseErrClientEncryption" LICENSE LicenseClient "a licensing message was encrypted wrongly";
        0x109 "exDiscReasonLicenseCantUpgradeLicense" LICENSE LicenseClient "the stored licence could not be renewed or upgraded";
        0x10A "exDiscReasonLicenseNoRemoteConnections" LICENSE LicenseHost "the computer is not licensed to accept remote connections";
        0x10B "exDiscReasonLicenseCreatingLicStoreAccDenied" LICENSE LicenseClient "this user may not create the licence store in the registry of the client";
        0x300 "exDiscReasonRdpEncInvalidCredentials" ANY WrongCredentials "a shared desktop refused the credentials";
        0x1000 "exDiscReasonProtocolRangeStart" ANY ClientData "first number of the range kept for protocol errors; the value itself is a Set Error Info code";
        0x7FFF "exDiscReasonProtocolRangeEnd" ANY ClientData "last number of the range kept for protocol errors";
    }
}

table! {
    /// Fatal errors of the mstsc control (OnFatalError).
    MSTSCAX_FATAL_ERROR in space::MSTSCAX_FATAL_ERROR {
        0 "IMsTscAxEvents::OnFatalError" ANY ClientFault "an unknown fault inside the control";
        1 "IMsTscAxEvents::OnFatalError" ANY ClientFault "an internal fault of the control (1)";
        2 "IMsTscAxEvents::OnFatalError" ANY ClientMemory "the control had no memory left";
        3 "IMsTscAxEvents::OnFatalError" ANY ClientFault "the control could not create its window";
        4 "IMsTscAxEvents::OnFatalError" ANY ClientFault "an internal fault of the control (2)";
        5 "IMsTscAxEvents::OnFatalError" ANY ClientFault "an internal fault of the control: a state that cannot be";
        6 "IMsTscAxEvents::OnFatalError" ANY ClientFault "an internal fault of the control (4)";
        7 "IMsTscAxEvents::OnFatalError" ANY ClientFault "the control cannot recover from a fault while it connects";
        100 "IMsTscAxEvents::OnFatalError" ANY ClientFault "Winsock could not be started on the client";
    }
}

table! {
    /// Logon errors of the mstsc control (OnLogonError).
    MSTSCAX_LOGON_ERROR in space::MSTSCAX_LOGON_ERROR {
        -1 "ERROR_CODE_ACCESS_DENIED" SESSION LogonRight "the user was denied access at the logon screen";
        -2 "ARBITRATION_CODE_CONTINUE_LOGON" SESSION Progress "the logon goes on";
        -3 "ARBITRATION_CODE_CONTINUE_TERMINATE" SESSION SessionContention "the logon is being ended without a word";
        -4 "ARBITRATION_CODE_RECONN_OPTIONS" SESSION SessionContention "the server asks which disconnected session to take";
        -5 "ARBITRATION_CODE_BUMP_OPTIONS" SESSION SessionContention "the server asks whether to end someone else's session";
        -6 "ARBITRATION_CODE_NOPERM_DIALOG" SESSION LogonRight "the server tells the user that the permission is missing";
        -7 "ARBITRATION_CODE_REFUSED_DIALOG" SESSION SessionContention "the server tells that the other session cannot be disconnected";
        0 "LOGON_FAILED_BAD_PASSWORD" SESSION WrongCredentials "the logon failed: the credentials are not valid";
        1 "LOGON_FAILED_UPDATE_PASSWORD" SESSION PasswordExpired "the logon failed: the password must be changed first";
        2 "LOGON_FAILED_OTHER" SESSION AuthenticationFailed "the logon failed for another reason";
        3 "LOGON_WARNING" SESSION Progress "the logon screen shows the user a warning";
    }
}

table! {
    /// Both numbers of the dialog of mstsc, as people report them.
    MSTSC_DIALOG_PAIR in space::MSTSC_DIALOG_PAIR {
        0x904 / 0x7 "" ANY SocketClosed "the socket was closed by the other end while the client was connecting; the 7 most likely carries nothing", from "lamco-admin/wayland-rdp; natfrp/wiki" "docs/archive/sessions/SESSION-HANDOVER-RDP-TESTING.md + commit f60a793; discussions/683";
        0x104 / 0x0 "" RESOLVE NameNotResolved "the name could not be resolved", from "tailscale/tailscale" "issues/15149";
        0x204 / 0x0 "" TCP ConnectFailed "no TCP connection could be opened", from "sebaxakerhtc/rdpwrap.ini" "issues/305";
        0x108 / 0x0 "" ANY Timeout "the connection was not ready in time, often while \"securing\" was shown", from "public incident note" "", sure Low;
        0xD06 / 0x0 "" SESSION GraphicsStream "a protocol error ended the session", from "neutrinolabs/xrdp; mRemoteNG/mRemoteNG" "issues/3571; mRemoteNGDocumentation/known_issues.rst", sure Medium;
        0x4 / 0x0 "" ANY Unknown "a session-ended error without a published meaning", from "neutrinolabs/xrdp; stascorp/rdpwrap" "issues/3015; issues/571, issues/1340", sure Low;
        0x0 / 0x0 "" AUTHENTICATE AuthenticationFailed "the pair says nothing; the real code stands in the sentence of the dialog", from "mRemoteNG/mRemoteNG" "issues/3088";
        0x3 / 0x0 "" SESSION ServerEnded "the server ended the connection and gave no reason", from "stascorp/rdpwrap" "issues/4473, issues/3697", sure Low;
        0x3 / 0x11 "" SESSION GraphicsDriver "the server ended the connection: its display driver failed to start", from "web reports only; numbers verified in MS-RDPBCGR" "skills/windows-protocols/MS-RDPBCGR/MS-RDPBCGR.md#2.2.5.1.1", sure Medium;
        0x3 / 0x12 "" SESSION GraphicsDriver "the server ended the connection: its display driver cannot be used", from "web reports only; numbers verified in MS-RDPBCGR" "skills/windows-protocols/MS-RDPBCGR/MS-RDPBCGR.md#2.2.5.1.1", sure Medium;
        0x1608 / 0x0 "" BROKER CertificateExpired "the certificate in the saved connection information of Azure Virtual Desktop has run out", from "Microsoft AVD support article (certificate in the connection information expired)" "", sure Medium;
        0x3000008 / 0x0 "" TUNNEL GatewayFault "the way through an RD Gateway failed", from "public incident note" "", sure Low;
        0x1108 / 0x0 "" SESSION GraphicsStream "the client gave up on the graphics that the server sent", from "lamco-admin/wayland-rdp" "docs/archive/sessions-2025-12/SESSION-SUMMARY-EGFX-BREAKTHROUGH-2025-12-24.md", sure Medium;
    }
}

table! {
    /// First numbers of mstsc that Microsoft does not document.
    MSTSC_PRIMARY_UNDOCUMENTED in space::MSTSC_PRIMARY_UNDOCUMENTED {
        0xB08 "UI_ERR_NORMAL_DISCONNECT (name used by third-party clients)" ANY UserAction "a normal end, which third-party clients treat as no error", from "mRemoteNG/mRemoteNG" "mRemoteNG/Connection/Protocol/RDP/RdpProtocol.cs";
        0x708 "" TCP SelfConnect "the client refuses to connect to the machine it runs on", from "public test note" "", sure Low;
        0x1104 "" ANY NotRdp "the client found an error in the protocol", from "stascorp/rdpwrap" "issues/363", sure Low;
        0x2104 "" SECURE CertificateBad "connecting failed until the certificate of the server was made anew", from "xrdp" "issues/1922", sure Medium;
        0x516 "" ANY Unknown "no meaning was found in any source; its low byte fits no published class", note "check whether the decimal 516 was meant, which is 0x204", from "no source found" "", sure Low;
    }
}

table! {
    /// First numbers for which the Windows client has a sentence of its own.
    MSTSC_DESCRIBED in space::MSTSC_DESCRIBED {
        0x10A "" AUTHENTICATE SmartCard "the smart card service is not running on the client", sure Medium;
        0x20A "" AUTHENTICATE SmartCard "there is no smart card reader", sure Medium;
        0x30A "" AUTHENTICATE SmartCard "there is no smart card in the reader", sure Medium;
        0x40A "" AUTHENTICATE SmartCard "the smart card system of the client failed", sure Medium;
        0x708 "" ANY SelfConnect "the client refuses a console session of its own machine, because one is already in progress", sure Medium;
        0xB04 "" ANY SocketIo "an error stopped the connection", sure Medium;
        0xB09 "" ANY NlaRequired "the server insists on NLA and this client cannot do it or has it switched off", sure Medium;
        0xD09 "" ANY FreshCredentials "a policy of the client wants a typed password, and the server cannot take credentials given that way", sure Medium;
        0xE06 "" ANY Fips "the client cannot do the FIPS encryption that the server demands", sure Medium;
        0xE08 "" ANY SessionContention "taking the session up again failed", sure Medium;
        0xE09 "" AUTHENTICATE AuthenticationFailed "the server does not support Restricted Admin mode", sure Medium;
        0xF08 "" AUTHENTICATE DelegationPolicy "a policy of the client forbids sending credentials to this server", sure Medium;
        0x1007 "" AUTHENTICATE LogonHours "the account may not log on at this hour", sure Medium;
        0x1008 "" ANY ClientMemory "the client is short of graphics memory", sure Medium;
        0x1107 "" AUTHENTICATE AccountRestriction "the account may not log on from this computer", sure Medium;
        0x1307 "" AUTHENTICATE LogonRight "this kind of logon (from the network, or interactive) is not granted to the user", sure Medium;
        0x1407 "" AUTHENTICATE Kerberos "Kerberos would need its user-to-user form", sure Medium;
        0x1D07 "" AUTHENTICATE ClockSkew "the clocks of client and server are too far apart", sure Medium;
        0x2507 "" ANY SessionContention "the programs could not be connected again automatically", sure Medium;
        0x2604 "" ANY ClientData "the versions of client and server do not go together", sure Medium;
        0x2000001 "" ANY SessionContention "a remote program could not be connected again", sure Medium;
        0x2000002 "" ANY RemoteApp "the server does not offer single programs (RemoteApp)", sure Medium;
        0x3000001 "" GATEWAY_LOGON GatewayPolicy "the gateway did not accept user name or password", sure Medium;
        0x3000002 "" GATEWAY_SECURE GatewayCertificate "whether the certificate of the gateway is revoked could not be checked", sure Medium;
        0x3000003 "" GATEWAY_SECURE GatewayCertificate "the certificate of the gateway has a wrong name, has run out, or is not trusted", sure Medium;
        0x3000004 "" GATEWAY_SECURE GatewayCertificate "the certificate of the gateway is revoked", sure Medium;
        0x3000005 "" GATEWAY_SECURE GatewayCertificate "the identity of the gateway cannot be verified", sure Medium;
        0x3000006 "" GATEWAY_SECURE GatewayCertificate "the certificate of the gateway carries another name", sure Medium;
        0x3000007 "" GATEWAY_SECURE GatewayCertificate "the certificate of the gateway has run out or is revoked", sure Medium;
        0x3000008 "" TUNNEL GatewayTarget "an error occurred at or before the target behind the gateway", sure Medium;
        0x3000009 "" TUNNEL GatewayFault "sending data to the gateway failed: it is unavailable for now, or the network is down", sure Medium;
        0x300000A "" TUNNEL GatewayFault "receiving data from the gateway failed: it is unavailable for now, or the network is down", sure Medium;
        0x300000B "" GATEWAY_LOGON GatewayPolicy "the gateway wants another way to log on", sure Medium;
        0x300000C "" TUNNEL GatewayFault "the address of the gateway is wrong, or it cannot be reached", sure Medium;
        0x300000D "" TUNNEL GatewayFault "the gateway is unavailable for now", sure Medium;
        0x300000E "" ANY ClientFault "a component of the client is missing or has the wrong version", sure Medium;
        0x300000F "" TUNNEL GatewayLimit "the gateway is short of resources", sure Medium;
        0x3000010 "" ANY ClientFault "the client has a wrong version of rpcrt4.dll", sure Medium;
        0x3000011 "" AUTHENTICATE SmartCard "there is no smart card service on the client", sure Medium;
        0x3000012 "" AUTHENTICATE SmartCard "the smart card was removed", sure Medium;
        0x3000013 "" AUTHENTICATE SmartCard "there is no smart card", sure Medium;
        0x3000014 "" AUTHENTICATE SmartCard "the smart card was removed and is needed to stay connected", sure Medium;
        0x3000015 "" GATEWAY_LOGON GatewayPolicy "the gateway did not accept user name or password (second place that reports it)", sure Medium;
        0x3000017 "" TUNNEL GatewayFault "the security package failed on the way to the gateway", sure Medium;
        0x3000018 "" TUNNEL GatewaySession "the gateway ended the connection", sure Medium;
        0x3000019 "" ANY AdminAction "an administrator ended the connection at the gateway", sure Medium;
        0x300001A "" GATEWAY_LOGON GatewayPolicy "the gateway did not accept the credentials or the smart card", sure Medium;
        0x300001B "" TUNNEL GatewayResource "a resource policy (RAP) does not let the user reach the target, or the name was given in another form than it expects", sure Medium;
        0x300001C "" GATEWAY_LOGON GatewayPolicy "a connection policy (CAP) does not let the user or computer in, or another way to log on is expected", sure Medium;
        0x300001F "" GATEWAY_LOGON GatewayPolicy "an administrator has restricted access to the gateway", sure Medium;
        0x3000020 "" TUNNEL GatewayFault "the web proxy on the way wants a logon", sure Medium;
        0x3000021 "" AUTHENTICATE PasswordExpired "the password has run out or must be changed", sure Medium;
        0x3000022 "" TUNNEL GatewayLimit "the gateway has as many connections as it may have", sure Medium;
        0x3000023 "" TUNNEL GatewayFault "the gateway does not support the request", sure Medium;
        0x3000024 "" GATEWAY_LOGON GatewayPolicy "the client lacks a capability on which the gateway insists", sure Medium;
        0x3000025 "" TUNNEL GatewayFault "gateway and client do not go together", sure Medium;
        0x3000026 "" AUTHENTICATE SmartCard "the credentials of the smart card are not valid", sure Medium;
        0x3000027 "" GATEWAY_LOGON GatewayPolicy "the computer did not pass the health check of the gateway", sure Medium;
        0x3000028 "" GATEWAY_SECURE GatewayCertificate "the gateway has no certificate configured", sure Medium;
        0x3000029 "" GATEWAY_LOGON GatewayPolicy "a policy of the client does not allow this gateway", sure Medium;
        0x300002A "" GATEWAY_LOGON GatewayPolicy "the health check of the gateway failed, or its certificate did not pass", sure Medium;
        0x300002B "" GATEWAY_LOGON GatewayPolicy "the gateway wants a password, not a smart card", sure Medium;
        0x300002C "" GATEWAY_LOGON GatewayPolicy "the gateway wants a smart card, not a password", sure Medium;
        0x300002D "" AUTHENTICATE SmartCard "there is no smart card reader", sure Medium;
        0x300002F "" TUNNEL GatewayFault "a firewall on the way wants a logon and none was given", sure Medium;
        0x3000030 "" TUNNEL GatewayFault "a firewall on the way did not accept the logon", sure Medium;
        0x3000032 "" ANY IdleLimit "the session through the gateway was idle for too long", sure Medium;
        0x3000033 "" TUNNEL GatewaySession "the session through the gateway reached its time limit", sure Medium;
        0x3000034 "" GATEWAY_LOGON GatewayPolicy "the cookie for the gateway is not valid", sure Medium;
        0x3000035 "" GATEWAY_LOGON GatewayPolicy "the gateway refused the cookie", sure Medium;
        0x3000037 "" GATEWAY_LOGON GatewayPolicy "the gateway expects another kind of authentication", sure Medium;
        0x3000038 "" TUNNEL GatewaySession "authenticating again at the gateway failed", sure Medium;
        0x3000039 "" TUNNEL GatewaySession "the gateway's renewed check of the permission failed", sure Medium;
        0x300003B "" TUNNEL GatewayTarget "gateway and target could not exchange policies", sure Medium;
        0x300003C "" AUTHENTICATE SmartCard "the smart card or its certificate cannot be used", sure Medium;
        0x300003D "" GATEWAY_LOGON GatewayPolicy "a web site wants a logon first", sure Medium;
        0x300003E "" GATEWAY_LOGON GatewayPolicy "a web site for authentication wants a logon first", sure Medium;
        0x300003F "" TUNNEL GatewaySession "the session ended, and a web site wants a logon before it goes on", sure Medium;
        0x3000040 "" TUNNEL GatewaySession "the session ended, and a logon at the web site for authentication is wanted", sure Medium;
        0x3000041 "" TUNNEL GatewaySession "the renewed health check of the gateway failed", sure Medium;
        0x3000042 "" GATEWAY_LOGON GatewayPolicy "the cookie for the gateway is too big", sure Medium;
        0x3000044 "" TUNNEL GatewayFault "the proxy that is configured does not lead to the gateway", sure Medium;
        0x3000045 "" AUTHENTICATE LogonRight "the user has no permission for this resource", sure Medium;
        0x3000046 "" ANY Broker "no machine is available at the moment", sure Medium;
        0x3000047 "" ANY BrokerTarget "an error occurred on the way to the resource", sure Medium;
        0x3000049 "" ANY ClientSettings "the client is too old", sure Medium;
        0x300004A "" TUNNEL GatewayFault "the network does not let the HTTPS ports through that are needed", sure Medium;
        0x300004B "" ANY BrokerTarget "more machines are being made ready", sure Medium;
        0x300004C "" ANY ClientSettings "the user name differs from the one of the subscription", sure Medium;
        0x300004D "" ANY ConnectionLimit "too many users at the service", sure Medium;
        0x300004E "" ANY ConnectionLimit "the limit of users is reached", sure Medium;
        0x300004F "" LICENSE LicenseHost "the trial period of the service is over", sure Medium;
        0x3000050 "" AUTHENTICATE LogonRight "the user no longer has access to the service", sure Medium;
    }
}

table! {
    /// The first number of mstsc as third-party clients print it.
    DECIMAL_FORM in space::DECIMAL_FORM {
        516 "same code, decimal print" ANY ConnectFailed "third-party clients print 0x204 in decimal", from "mRemoteNG/mRemoteNG; 1Remote/1Remote" "issues/2224; issues/108";
        264 "same code, decimal print" ANY Timeout "third-party clients print 0x108 in decimal", from "kmscode/mRemote3G" "issues/54";
        3334 "same code, decimal print" ANY GraphicsStream "third-party clients print 0xD06 in decimal", from "mRemoteNG/mRemoteNG; kmscode/mRemote3G" "issues/1194; issues/30";
        1798 "same code, decimal print" ANY RdpSecurity "third-party clients print 0x706 in decimal", from "xrdp" "issues/195";
    }
}

table! {
    /// Errors of the macOS client (Microsoft Remote Desktop, Windows App).
    MACOS_CLIENT in space::MACOS_CLIENT {
        0x907 "" SECURE CertificateBad "the macOS client does not accept the certificate of the server";
        0x2407 "" AUTHENTICATE LogonRight "the macOS client: the user is not authorized for remote access";
        0x507 "" ANY Unknown "the macOS client: an error that version 10.6.3 mended without naming its cause";
        0x607 "" TUNNEL GatewayFault "the macOS client: the way through an RD Gateway over RPC failed";
        0x207 "" AUTHENTICATE CredSspMismatch "the macOS client: the server lacks the CredSSP update of 2018, or insists on it";
        0x204 "" TUNNEL ConnectFailed "the macOS client: no connection; once also trouble on a gateway's channels";
        0x904 "" SESSION SocketClosed "the macOS client: the socket was closed; also seen as random drops through an RD Gateway";
        0xD06 "" SESSION GraphicsStream "the macOS client: a protocol error while running a RemoteApp";
        0x3000064 "" TUNNEL GatewaySession "the macOS client: the connection through an RD Gateway was dropped";
        0x30000066 "" TUNNEL GatewayFault "the macOS client: connecting through an RD Gateway failed";
        0x30000069 "" TUNNEL GatewayFault "the macOS client: falling back to another security protocol failed at an RD Gateway";
        0x5000007 "" TUNNEL GatewayFault "the macOS client: connecting through an RD Gateway failed";
    }
}

table! {
    /// Errors of clients of Azure Virtual Desktop.
    AVD_CLIENT in space::AVD_CLIENT {
        0x3000047 "" TCP BrokerTarget "connecting to a host of Azure Virtual Desktop failed", from "public AVD workshop page" "", sure Low;
    }
}
