//! Lines that Remote Desktop software writes to its logs.

use super::macros::lines;
use super::space;

lines! {
    /// Lines of the log of xrdp.
    LOG_XRDP in space::LOG_XRDP {
        "LISTEN_OK" LISTEN Listener "the server listens", lines ["listening to port * on "], from "xrdp" "xrdp/xrdp_listen.c";
        "LISTEN_FAIL" LISTEN ListenFailed "the server could not open its listening port", lines ["trans_listen_address failed"], from "xrdp" "xrdp/xrdp_listen.c";
        "TCP_ACCEPTED" TCP Progress "a TCP connection reached the server", lines ["Socket *: connection accepted from", "Socket *: AF_INET connection received from", "Socket *: AF_INET6 connection received from"], from "xrdp" "common/os_calls.c";
        "FIRST_BYTES_MISSING" ANY NotRdp "the peer closed, or sent nothing, where a packet header was due", lines ["libxrdp_force_read: header read error"], from "xrdp" "libxrdp/libxrdp.c", sure Medium;
        "BAD_TPKT_LENGTH" NEGOTIATE NotRdp "a packet header carries an impossible length", lines ["libxrdp_force_read: bad header length"], from "xrdp" "libxrdp/libxrdp.c", sure Medium;
        "X224_CR_FAIL" NEGOTIATE NotRdp "the connection request could not be received or read", lines ["Connection Sequence: CR-TPDU (Connection Request) failed"], from "xrdp" "libxrdp/xrdp_iso.c";
        "X224_CR_LENGTH" NEGOTIATE NotRdp "the length in the connection request does not fit", lines ["Invalid length indicator in [ITU-T X.224] CR-TPDU"], from "xrdp" "libxrdp/xrdp_iso.c";
        "NEG_REQ_FLAGS" NEGOTIATE ProtocolOffer "the client set negotiation flags that this server refuses; it closes the connection", lines ["Unsupported [MS-RDPBCGR] RDP_NEG_REQ flags"], from "xrdp" "libxrdp/xrdp_iso.c";
        "NEG_REQ_PROTOCOLS" NEGOTIATE ProtocolOffer "the client offered protocols that this server does not know; it closes without an answer", lines ["Unknown requested protocol flag [MS-RDPBCGR] RDP_NEG_REQ"], from "xrdp" "libxrdp/xrdp_iso.c";
        "NEG_TLS_REQUIRED" NEGOTIATE TlsRequired "the server accepts TLS alone and the client did not offer it", lines ["Server requires TLS for security, but the client did not request TLS"], from "xrdp" "libxrdp/xrdp_iso.c";
        "NEG_NO_CERT" NEGOTIATE ServerKey "TLS is not offered because certificate or key cannot be read", lines ["Cannot accept TLS connections because certificate or private key file is not readable"], from "xrdp" "libxrdp/xrdp_iso.c";
        "NEG_RESULT" NEGOTIATE Progress "what the server allows, what the client offered, what was chosen", lines ["Security protocol: configured [*], requested [*], selected [*]"], from "xrdp" "libxrdp/xrdp_iso.c";
        "TLS_CLOSE_NOTIFY" SECURE ClientRefused "TLS was closed in good order before the handshake was over", lines ["SSL_accept: Server closed TLS connection"], from "xrdp" "common/ssl_calls.c";
        "TLS_IO" SECURE TlsClosed "the connection ended in the middle of the TLS handshake", lines ["SSL_accept: I/O error"], from "xrdp" "common/ssl_calls.c";
        "TLS_PROTOCOL" SECURE TlsHandshake "the TLS handshake was rejected; the library's reasons follow", lines ["SSL_accept: Failure in SSL library (protocol error?)"], from "xrdp" "common/ssl_calls.c";
        "TLS_KEY_LOAD" SECURE ServerKey "the private key cannot be loaded", lines ["Error loading TLS private key from "], from "xrdp" "common/ssl_calls.c";
        "TLS_CERT_LOAD" SECURE ServerKey "the chain of certificates cannot be loaded", lines ["Error loading TLS certificate chain from "], from "xrdp" "common/ssl_calls.c";
        "TLS_KEY_MISMATCH" SECURE ServerKey "key and certificate do not belong together", lines ["Private key * and certificate * do not match"], from "xrdp" "common/ssl_calls.c";
        "TLS_KEY_ENCRYPTED" SECURE ServerKey "the key file is protected by a passphrase", lines ["Encryption is not supported for "], from "xrdp" "common/ssl_calls.c";
        "TLS_CIPHER_CFG" SECURE ServerTlsSettings "the list of ciphers in the settings is not accepted", lines ["Invalid TLS cipher options"], from "xrdp" "common/ssl_calls.c";
        "TLS_PROTO_CFG" LISTEN ServerTlsSettings "the settings leave no TLS version switched on", lines ["No SSL/TLS protocols enabled"], from "xrdp" "common/ssl_calls.c";
        "TLS_CTX" SECURE ServerTlsSettings "TLS could not be set up at all", lines ["Unable to negotiate a TLS connection with the client"], from "xrdp" "common/ssl_calls.c";
        "TLS_FAIL" SECURE TlsHandshake "TLS did not come up; the line before tells why", lines ["trans_set_tls_mode: ssl_tls_accept failed"], from "xrdp" "common/trans.c";
        "PHASE_FAIL" ANY SequenceFailed "the phase that failed: iso is X.224, tls_mode TLS, rdp_security the old keys, mcs the settings", lines ["xrdp_sec_incoming: xrdp_iso_incoming failed", "xrdp_sec_incoming: trans_set_tls_mode failed", "xrdp_sec_incoming: xrdp_sec_init_rdp_security failed", "xrdp_sec_incoming: xrdp_mcs_incoming failed"], from "xrdp" "libxrdp/xrdp_sec.c";
        "RSA_KEYS" NEGOTIATE ServerKey "the file with the keys of Standard RDP Security cannot be read", lines ["XRDP cannot read file: * (check permissions)"], from "xrdp" "libxrdp/xrdp_sec.c";
        "MCS_FAIL" SETTINGS SettingsClosed "the step of the MCS exchange that failed", lines ["[MCS Connection Sequence] * failed"], from "xrdp" "libxrdp/xrdp_mcs.c";
        "MCS_JOINS" SETTINGS Progress "the client joined another number of channels than expected", lines ["Expected * channel join PDUs but got "], from "xrdp" "libxrdp/xrdp_mcs.c", sure Medium;
        "MCS_DPU_FAIL" ANY SocketClosed "the server could not deliver its goodbye: the connection was gone", lines ["Sending [ITU T.125] DisconnectProviderUltimatum failed"], from "xrdp" "libxrdp/xrdp_mcs.c";
        "MCS_CHANNELS" SETTINGS Channels "the client asked for more channels than allowed", lines ["too many channels requested"], from "xrdp" "libxrdp/xrdp_sec.c";
        "INFO_FLAGS" SETTINGS RdpSecurity "the client information looks as if it was not decrypted", lines ["received wrong flags, likely decrypt not working"], from "xrdp" "libxrdp/xrdp_sec.c";
        "INFO_FAIL" SETTINGS ClientInformation "the client information was refused", lines ["xrdp_sec_process_logon_info failed"], from "xrdp" "libxrdp/xrdp_sec.c";
        "INFO_REQUIRE_CREDS" SETTINGS NoCredentials "the server insists on credentials in the client information", lines ["Server is configured to require that the client enable auto logon with credentials"], from "xrdp" "libxrdp/xrdp_sec.c";
        "MCS_CLIENT_NAME" SETTINGS Progress "the name of the client's computer arrived", lines ["Connected client computer name: *"], from "xrdp" "libxrdp/xrdp_sec.c";
        "CONN_TLS_OK" SETTINGS Progress "TLS is up and the MCS exchange is done", lines ["TLS connection established from * with cipher "], from "xrdp" "libxrdp/xrdp_rdp.c";
        "CONN_RDP_OK" SETTINGS Progress "Standard RDP Security is up and the MCS exchange is done", lines ["Non-TLS connection established from * with security level"], from "xrdp" "libxrdp/xrdp_rdp.c";
        "CFG_CERT" LISTEN ServerKey "the certificate file cannot be read", lines ["Cannot read certificate file"], from "xrdp" "libxrdp/xrdp_rdp.c";
        "CFG_KEY" LISTEN ServerKey "the private key file cannot be read", lines ["Cannot read private key file"], from "xrdp" "libxrdp/xrdp_rdp.c";
        "SEQ_FAIL" ANY SequenceFailed "the exchange up to MCS failed; a line before names the phase", lines ["xrdp_process_main_loop: libxrdp_process_incoming failed"], from "xrdp" "xrdp/xrdp_process.c";
        "LOOP_FAIL" ANY SequenceFailed "a later packet could not be processed", lines ["xrdp_process_data_in: xrdp_process_loop failed"], from "xrdp" "xrdp/xrdp_process.c", sure Medium;
        "TLS_READ" SECURE ClientRefused "the client hung up inside TLS", lines ["SSL_read: I/O error"], from "xrdp" "common/ssl_calls.c", sure Medium;
        "MCS_CONNECT" SETTINGS SettingsClosed "the first MCS message did not come or could not be read", lines ["Processing [ITU-T T.125] Connect-Initial failed", "Processing [ITU T.125] Connect-Initial failed"], from "xrdp" "libxrdp/xrdp_mcs.c";
        "LOGIN_OK" SESSION Progress "the session manager opened a session", lines ["login successful for user * on display", "login successful for display *"], from "xrdp" "xrdp/xrdp_mm.c";
        "LOGIN_FAIL" SESSION WrongCredentials "the session manager refused the logon", lines ["login failed for user *", "login failed for display *"], from "xrdp" "xrdp/xrdp_mm.c";
        "SESMAN_FAIL" SESSION SessionStart "the server could not reach its session manager", lines ["Error connecting to sesman", "sesman connect failed"], from "xrdp" "xrdp/xrdp_mm.c", sure Medium;
        "SESMAN_OK" SESSION Progress "the server reached its session manager", lines ["sesman connect ok"], from "xrdp" "xrdp/xrdp_mm.c";
    }
}

lines! {
    /// Lines of the log of xrdp-sesman.
    LOG_XRDP_SESMAN in space::LOG_XRDP_SESMAN {
        "AUTH_FAIL" SESSION WrongCredentials "the session manager refused user name or password", lines ["AUTHFAIL: user=* ip=* time=*"], from "xrdp" "sesman/sesexec/login_info.c";
        "PAM_FAIL" SESSION WrongCredentials "PAM refused the user", lines ["pam_authenticate failed: *"], from "xrdp" "sesman/libsesman/verify_user_pam.c", sure Medium;
        "PASSWORD_FAIL" SESSION WrongCredentials "the session manager refused user name or password", lines ["Username or password error for user: *"], from "xrdp" "sesman/sesexec/login_info.c", sure Medium;
        "SESSION_NEW" SESSION Progress "a session was opened for the user", lines ["++ created session (access granted): username *, ip *"], from "xrdp" "sesman/session.c";
        "SESSION_AGAIN" SESSION Progress "the user came back to a session", lines ["++ reconnected session: username *, display"], from "xrdp" "sesman/session.c";
        "SESSION_OVER" SESSION Progress "a session ended", lines ["++ terminated session:  username *, display"], from "xrdp" "sesman/session.c";
        "AUTH_GROUP" SESSION LogonRight "the user is not in the group that may log on", lines ["Username okay but group problem for"], from "xrdp" "sesman/sesexec/login_info.c";
        "AUTH_OK" SESSION Progress "the session manager accepted the user", lines ["Access permitted for user: *"], from "xrdp" "sesman/sesexec/login_info.c";
        "PAM_SESSION" SESSION SessionStart "PAM refused to open the session after the logon", lines ["Can't start PAM session"], from "xrdp" "sesman/libsesman/verify_user_pam.c";
        "X_START" SESSION Progress "the desktop's X server is being started", lines ["Starting X server on display *"], from "xrdp" "sesman/sesexec/session.c";
        "X_TIMEOUT" SESSION SessionStart "the X server of the desktop did not come up in time", lines ["Timed out waiting for X server"], from "xrdp" "sesman/sesexec/session.c";
        "X_FAIL" SESSION SessionStart "the X server of the desktop ended at once", lines ["X server failed to start"], from "xrdp" "sesman/sesexec/session.c";
        "WM_EXIT" SESSION SessionStart "the window manager ended right after its start", lines ["Window manager (pid *, display *) exited quickly", "Window manager (pid *, display *) exited with"], from "xrdp" "sesman/sesexec/session.c";
    }
}

lines! {
    /// Lines of the log of FreeRDP.
    LOG_FREERDP in space::LOG_FREERDP {
        "DNS_FAIL" RESOLVE NameNotResolved "the name could not be resolved", lines ["getaddrinfo(*) failed with *"], from "FreeRDP" "libfreerdp/core/tcp.c";
        "TCP_FAIL" TCP ConnectFailed "no TCP connection could be opened; the error of the system stands in brackets", lines ["connect to *:* failed with error: * [*]"], from "FreeRDP" "libfreerdp/core/tcp.c";
        "TCP_FAIL_SUMMARY" TCP ConnectFailed "none of the host's addresses could be reached", lines ["failed to connect to *"], from "FreeRDP" "libfreerdp/core/tcp.c";
        "LAYER_FAIL" TCP ConnectFailed "connecting failed within the time shown", lines ["ConnectLayer *:* [*ms] failed"], from "FreeRDP" "libfreerdp/core/transport.c";
        "NEGO_CFG" NEGOTIATE ClientSettings "the options of the client exclude every security protocol", lines ["No security protocol is enabled"], from "FreeRDP" "libfreerdp/core/nego.c";
        "NEGO_FAIL_CODE" NEGOTIATE NegotiationRefused "the server answered the negotiation with a failure code", lines ["Protocol Security Negotiation Failure: * [0x*]"], from "FreeRDP" "libfreerdp/core/nego.c";
        "NEGO_FAIL_NOCODE" NEGOTIATE SocketClosed "the negotiation ended without any code from the server", lines ["Protocol Security Negotiation Failure$"], from "FreeRDP" "libfreerdp/core/nego.c";
        "NEGO_FAIL_RX" NEGOTIATE NegotiationRefused "a negotiation failure arrived; the client may try another protocol", lines ["Error: SSL_REQUIRED_BY_SERVER [0x*]", "Error: SSL_REQUIRED_BY_SERVER$", "Error: SSL_NOT_ALLOWED_BY_SERVER [0x*]", "Error: SSL_NOT_ALLOWED_BY_SERVER$", "Error: SSL_CERT_NOT_ON_SERVER [0x*]", "Error: SSL_CERT_NOT_ON_SERVER$", "Error: INCONSISTENT_FLAGS [0x*]", "Error: INCONSISTENT_FLAGS$", "Error: HYBRID_REQUIRED_BY_SERVER [0x*]", "Error: HYBRID_REQUIRED_BY_SERVER$", "Error: SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER [0x*]", "Error: SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER$", "Error: UNKNOWN [0x*]"], from "FreeRDP" "libfreerdp/core/nego.c";
        "NEGO_BAD_RSP" NEGOTIATE NotRdp "the answer is no negotiation response", lines ["invalid negotiation response"], from "FreeRDP" "libfreerdp/core/nego.c";
        "NEGO_OK" NEGOTIATE Progress "the negotiation is done", lines ["Negotiated * security"], from "FreeRDP" "libfreerdp/core/nego.c";
        "NEGO_RECV" NEGOTIATE NegotiationRefused "the answer to the negotiation could not be used", lines ["nego_recv() fail"], from "FreeRDP" "libfreerdp/core/rdp.c";
        "NEGO_OR_CONN" ANY SequenceFailed "TCP or the negotiation failed; the line before tells which", lines ["protocol security negotiation or connection failure"], from "FreeRDP" "libfreerdp/core/connection.c";
        "TCP_RESET" ANY SocketReset "reading failed with an error of the operating system", lines ["BIO_read returned a system error *: *"], from "FreeRDP" "libfreerdp/core/transport.c", sure Medium;
        "TCP_EOF" ANY SocketClosed "reading ended without an error: the peer closed", lines ["BIO_read retries exceeded"], from "FreeRDP" "libfreerdp/core/transport.c", sure Medium;
        "TLS_READ_ERR" ANY TlsClosed "the TLS library could not read on", lines ["BIO_read returned an error: *"], from "FreeRDP" "libfreerdp/core/transport.c";
        "TLS_FAIL" SECURE TlsHandshake "the TLS handshake failed", lines ["BIO_do_handshake failed"], from "FreeRDP" "libfreerdp/crypto/tls.c";
        "TLS_FAIL_DETAIL" SECURE TlsHandshake "the TLS handshake failed; the library's words stand in the line", lines ["[BIO_do_handshake] * [*]"], from "FreeRDP" "libfreerdp/crypto/tls.c";
        "TLS_NO_CERT" SECURE CertificateBad "the handshake ended without a certificate of the server", lines ["failed to get the server TLS certificate"], from "FreeRDP" "libfreerdp/crypto/tls.c";
        "CERT_REFUSED" SECURE ClientRefused "the user or an option refused the certificate", lines ["certificate not trusted, aborting"], from "FreeRDP" "libfreerdp/crypto/tls.c";
        "CERT_NAME" SECURE CertificateName "the name in the certificate is not the name that was connected to", lines ["CERTIFICATE NAME MISMATCH"], from "FreeRDP" "libfreerdp/crypto/tls.c";
        "CERT_CHANGED" SECURE CertificateChanged "the certificate is not the one that was remembered", lines ["REMOTE HOST IDENTIFICATION HAS CHANGED"], from "FreeRDP" "libfreerdp/crypto/tls.c";
        "CERT_VERIFY" SECURE CertificateChanged "the check against the remembered certificate failed", lines ["Host key verification failed"], from "FreeRDP" "libfreerdp/crypto/tls.c";
        "TLS_ALERT" SECURE TlsHandshake "a TLS alert came; its number stands in the line", lines ["Unhandled SSL error (where=*, ret=* [*, *])"], from "FreeRDP" "libfreerdp/core/transport.c";
        "TLS_ALERT_ACCESS_DENIED" AUTHENTICATE AuthenticationFailed "a fatal TLS alert says access denied: the logon was refused", lines ["where=* ACCESS DENIED"], from "FreeRDP" "libfreerdp/core/transport.c";
        "TLS_ALERT_INTERNAL" AUTHENTICATE TlsInternal "a fatal TLS alert says internal error; under NLA FreeRDP calls it an expired password", lines ["SSL error (where=*, ret=* [fatal, internal error])"], from "FreeRDP" "libfreerdp/core/transport.c", sure Medium;
        "NLA_BEGIN" AUTHENTICATE AuthenticationFailed "CredSSP could not be started", lines ["NLA begin failed"], from "FreeRDP" "libfreerdp/core/transport.c";
        "NLA_SERVER_SIDE" AUTHENTICATE AuthenticationFailed "as a server: the client did not pass the authentication", lines ["client authentication failure"], from "FreeRDP" "libfreerdp/core/transport.c", sure Medium;
        "NLA_FAIL" AUTHENTICATE AuthenticationFailed "a step of CredSSP failed on the client", lines ["nla_client_authenticate failure"], from "FreeRDP" "libfreerdp/core/nla.c";
        "NLA_RECV" AUTHENTICATE CredSspAborted "the connection ended while a CredSSP message was due", lines ["nla_recv() error: *"], from "FreeRDP" "libfreerdp/core/nla.c";
        "NLA_PDU" AUTHENTICATE CredSspAborted "a CredSSP message was refused", lines ["nla_recv_pdu() fail"], from "FreeRDP" "libfreerdp/core/rdp.c";
        "NLA_NTSTATUS" AUTHENTICATE AuthenticationFailed "the server ended CredSSP with the status shown", lines ["SPNEGO failed with NTSTATUS: * [0x*]"], from "FreeRDP" "libfreerdp/core/nla.c";
        "NLA_BINDING" AUTHENTICATE Interception "the two ends of CredSSP do not share one TLS connection", lines ["Could not verify server's public key echo", "Could not verify server's hash"], from "FreeRDP" "libfreerdp/core/nla.c";
        "EARLY_AUTH" AUTHENTICATE LogonRight "the credentials are right, and the user may not come in", lines ["Early User Auth active: FAILURE authorization result 0x*"], from "FreeRDP" "libfreerdp/core/nla.c";
        "RDSTLS_RESULT" AUTHENTICATE AuthenticationFailed "RDSTLS answered with the result shown", lines ["resultCode: * [0x*]"], from "FreeRDP" "libfreerdp/core/rdstls.c";
        "RDSTLS_FAIL" AUTHENTICATE AuthenticationFailed "RDSTLS failed", lines ["RDSTLS authentication failed"], from "FreeRDP" "libfreerdp/core/transport.c";
        "AAD_BEGIN" AUTHENTICATE Entra "the Entra logon could not be started", lines ["AAD begin failed"], from "FreeRDP" "libfreerdp/core/transport.c";
        "AAD_RESULT" AUTHENTICATE Entra "the server answered the Entra logon with the result shown", lines ["Authentication result: * (0x*)"], from "FreeRDP" "libfreerdp/core/aad.c";
        "MCS_SEND" SETTINGS SettingsClosed "the first MCS message could not be sent", lines ["unable to send MCS Connect Initial"], from "FreeRDP" "libfreerdp/core/mcs.c";
        "MCS_GCC" SETTINGS McsFailure "the settings that the server sent could not be read", lines ["gcc_read_conference_create_response failed"], from "FreeRDP" "libfreerdp/core/mcs.c";
        "MCS_CONNECT" SETTINGS SettingsClosed "the answer to the MCS connect was no good", lines ["mcs_recv_connect_response failure"], from "FreeRDP" "libfreerdp/core/rdp.c";
        "MCS_ATTACH" SETTINGS SettingsClosed "attaching the user failed", lines ["mcs_recv_attach_user_confirm failure"], from "FreeRDP" "libfreerdp/core/rdp.c";
        "MCS_JOIN" SETTINGS SettingsClosed "joining a channel failed", lines ["rdp_client_connect_mcs_channel_join_confirm() fail"], from "FreeRDP" "libfreerdp/core/rdp.c";
        "X224_DR" ANY ServerEnded "the server disconnected at the X.224 level", lines ["Received X224_TPDU_DISCONNECT_REQUEST"], from "FreeRDP" "libfreerdp/core/rdp.c";
        "MCS_DPU" ANY ServerEnded "the server disconnected at the MCS level, with a reason", lines ["DisconnectProviderUltimatum: reason: *"], from "FreeRDP" "libfreerdp/core/rdp.c";
        "LICENSE_ABORT" LICENSE LicenseProtocol "the licensing exchange was broken off", lines ["license connection sequence aborted"], from "FreeRDP" "libfreerdp/core/connection.c";
        "ACTIVATION_TIMEOUT" ACTIVATE ActivationStall "the session did not become active in time", lines ["Timeout waiting for activation"], from "FreeRDP" "libfreerdp/core/connection.c";
        "POST_CONNECT" ACTIVATE ClientFault "the client's own preparation after connecting failed", lines ["freerdp_post_connect failed"], from "FreeRDP" "libfreerdp/core/freerdp.c";
        "LAST_ERROR" ANY ClientFault "FreeRDP's last error", lines ["ERRCONNECT_* [0x*]", "ERRINFO_* [0x*]", "FREERDP_ERROR_* [0x*]"], from "FreeRDP" "libfreerdp/core/freerdp.c";
        "ERRINFO_RX" SESSION ServerEnded "the server told its reason with Set Error Info", lines ["ERRINFO_* (0x*):"], from "FreeRDP" "libfreerdp/core/errinfo.c";
        "RDG_PHASE" TUNNEL GatewayFault "the gateway refused at the step named", lines ["Handshake error *", "Tunnel creation error *", "Tunnel authorization error *"], from "FreeRDP" "libfreerdp/core/gateway/rdg.c";
        "RDG_CHANNEL" TUNNEL GatewayTarget "the gateway's answer to opening the channel to the target", lines ["channel response errorCode=*, fieldsPresent"], from "FreeRDP" "libfreerdp/core/gateway/rdg.c";
        "RDG_AUTH" TUNNEL GatewayPolicy "the gateway refused the credentials", lines ["EXTAUTH_SSPI_NTLM failed with error *"], from "FreeRDP" "libfreerdp/core/gateway/rdg.c";
        "TSG_NAP" TUNNEL GatewayPolicy "a connection policy of the gateway does not let this user in", lines ["status: E_PROXY_NAP_ACCESSDENIED (0x*)"], from "FreeRDP" "libfreerdp/core/gateway/tsg.c";
        "TSG_TUNNEL" TUNNEL GatewayFault "the tunnel to the gateway could not be made", lines ["TsProxyCreateTunnel failure"], from "FreeRDP" "libfreerdp/core/gateway/tsg.c";
        "HTTP_STATUS" TUNNEL GatewayFault "the gateway or a proxy gave an unexpected HTTP answer", lines ["Unexpected HTTP status: *"], from "FreeRDP" "libfreerdp/core/gateway/http.c";
    }
}

lines! {
    /// Texts of event 226 of the client.
    LOG_WINDOWS_EVENT226 in space::LOG_WINDOWS_EVENT226 {
        "EVT226_SSL" SECURE TlsHandshake "event 226 of the client: its TLS part failed", lines ["RDPClient_SSL: *TsSslEvent*Failed *error code 0x*"], from "stascorp/rdpwrap" "issue 4473", sure Medium;
        "EVT226_GFX" SESSION GraphicsStream "event 226 of the client: it could not decode the graphics", lines ["RDPClient_GFX: *GfxEvent*Failed *error code 0x*"], from "lamco-admin/wayland-rdp" "docs/archive/sessions-2025-12/HANDOVER-ZGFX-IMPLEMENTATION-2025-12-24.md", sure Medium;
        "EVT226_ANY" ANY ClientFault "event 226 of the client: part, old state, new state, trigger, code", lines ["RDPClient_*: An error was encountered when transitioning from * to * in response to * (error code 0x*)"], from "repnz/etw-providers-docs" "Manifests-Win10-18990/Microsoft-Windows-TerminalServices-ClientActiveXCore.xml", sure Medium;
    }
}

lines! {
    /// Lines of the log of guacd, the proxy of Apache Guacamole.
    LOG_GUACD in space::LOG_GUACD {
        "GUACD_NEW" TCP Progress "a user asks for an RDP connection", lines ["Creating new client for protocol \"rdp\""], from "guacamole-server" "src/guacd/connection.c";
        "GUACD_FAIL" ANY ConnectFailed "the proxy could not connect to the RDP server; at this level of the log it does not say why", lines ["Error connecting to RDP server"], from "guacamole-server" "src/protocols/rdp/rdp.c";
        "GUACD_LOGON" SESSION Progress "the user is logged on", lines ["RDPDR user logged on"], from "guacamole-server" "src/protocols/rdp/channels/rdpdr/rdpdr-messages.c";
        "GUACD_REPLACED" SESSION SessionContention "somebody else took the session over", lines ["Disconnected by other connection"], from "guacamole-server" "src/protocols/rdp/error.c";
        "GUACD_LOGOFF" SESSION Progress "the user logged off", lines ["Manually logged off", "Manually disconnected"], from "guacamole-server" "src/protocols/rdp/error.c";
        "GUACD_CREDENTIALS" AUTHENTICATE WrongCredentials "the server did not accept the credentials", lines ["Authentication failure (invalid credentials?)"], from "guacamole-server" "src/protocols/rdp/error.c";
        "GUACD_ACCOUNT" AUTHENTICATE LogonRight "the server denied access: the account may be locked or disabled", lines ["Access denied by server (account locked/disabled?)"], from "guacamole-server" "src/protocols/rdp/error.c";
        "GUACD_TLS" SECURE TlsHandshake "TLS failed; mostly the certificate of the server is not trusted", lines ["SSL/TLS connection failed (untrusted/self-signed certificate?)"], from "guacamole-server" "src/protocols/rdp/error.c";
        "GUACD_DNS" RESOLVE NameNotResolved "the name of the server could not be resolved", lines ["DNS lookup failed (incorrect hostname?)"], from "guacamole-server" "src/protocols/rdp/error.c";
        "GUACD_REFUSED" ANY ConnectFailed "the transport failed: the server refused, or closed the connection", lines ["Server refused connection (wrong security type?)"], from "guacamole-server" "src/protocols/rdp/error.c";
        "GUACD_NEGOTIATION" NEGOTIATE NegotiationRefused "server and proxy agree on no security protocol", lines ["Security negotiation failed (wrong security type?)"], from "guacamole-server" "src/protocols/rdp/error.c";
    }
}

lines! {
    /// Lines of the log of gnome-remote-desktop.
    LOG_GNOME in space::LOG_GNOME {
        "GRD_NO_CREDENTIALS" ANY NoCredentials "no credentials are set for the server: every client is refused", lines ["[RDP] Credentials are not set, denying client"], from "gnome-remote-desktop" "src/grd-session-rdp.c";
        "GRD_KEYRING" ANY NoCredentials "the credentials of the server cannot be read; its key ring is locked", lines ["[RDP] Couldn't retrieve RDP credentials: *"], from "gnome-remote-desktop" "src/grd-session-rdp.c";
        "GRD_STARTED" LISTEN Listener "the server listens", lines ["RDP server started"], from "gnome-remote-desktop" "src/grd-daemon.c";
        "GRD_STOPPED" LISTEN Progress "the server stopped listening", lines ["RDP server stopped"], from "gnome-remote-desktop" "src/grd-daemon.c";
        "GRD_NO_CERTIFICATE" LISTEN ServerKey "certificate and key of the server are not set up: it does not listen", lines ["RDP TLS certificate and key not yet configured properly", "RDP server certificate is invalid"], from "gnome-remote-desktop" "src/grd-daemon.c, src/grd-settings.c";
        "GRD_NO_METHOD" LISTEN NoCredentials "no way to authenticate is set up: the server does not listen", lines ["No RDP auth methods configured, not enabling server."], from "gnome-remote-desktop" "src/grd-daemon.c";
        "GRD_BIND" LISTEN ListenFailed "the server could not open its listening port", lines ["Failed to bind port * after * attempts", "Failed to start RDP server: *"], from "gnome-remote-desktop" "src/grd-rdp-server.c, src/grd-daemon.c";
        "GRD_WRONG_USER" AUTHENTICATE WrongCredentials "the client gave another user than the one that is set up", lines ["Tried to authenticate with invalid user *"], from "gnome-remote-desktop" "src/grd-session-rdp.c";
        "GRD_KERBEROS" AUTHENTICATE Kerberos "the Kerberos name of the client was not accepted", lines ["Failed to authenticate Kerberos principal: *"], from "gnome-remote-desktop" "src/grd-session-rdp.c";
        "GRD_NO_PIPELINE" ACTIVATE Capabilities "the client cannot do what the server insists on, and was sent away", lines ["Client did not advertise support for the Graphics Pipeline, closing connection", "Client doesn't support desktop resizing, closing connection", "Client doesn't have a pointer cache, closing connection", "Client does not support fastpath output, closing connection"], from "gnome-remote-desktop" "src/grd-session-rdp.c";
        "GRD_NO_CHANNEL" SETTINGS Channels "the client does not open the channel for dynamic channels, and was sent away", lines ["Client doesn't support the DRDYNVC SVC, closing connection"], from "gnome-remote-desktop" "src/grd-session-rdp.c";
        "GRD_LAYOUT" ACTIVATE MonitorLayout "the client's layout of monitors was refused", lines ["[RDP] Received invalid monitor layout from client: *"], from "gnome-remote-desktop" "src/grd-session-rdp.c";
        "GRD_TOKEN" NEGOTIATE Broker "the client came back with a routing token that the server does not know", lines ["Incoming client connection used invalid routing token"], from "gnome-remote-desktop" "src/grd-daemon-system.c";
        "GRD_HANDOVER" SESSION SessionStart "the client could not be handed over to its session", lines ["[DaemonSystem] Aborting handover*", "[DaemonSystem] RDP client disconnected during the handover", "[DaemonSystem] Error while calling CreateRemoteDisplay*"], from "gnome-remote-desktop" "src/grd-daemon-system.c";
        "GRD_GONE" ANY Progress "the connection ended: the client left, or the network broke it", lines ["[RDP] Network or intentional disconnect, stopping session"], from "gnome-remote-desktop" "src/grd-session-rdp.c";
        "GRD_SESSION" SETTINGS SequenceFailed "the server could not prepare a session", lines ["[RDP] Couldn't initialize session: *"], from "gnome-remote-desktop" "src/grd-session-rdp.c";
    }
}

lines! {
    /// Lines of the log of fail2ban.
    LOG_FAIL2BAN in space::LOG_FAIL2BAN {
        "BAN" TCP ConnectFailed "an address was banned after failed logons", lines ["fail2ban.actions        [*]: NOTICE  [*] Ban *"], from "fail2ban" "fail2ban/server/actions.py";
    }
}

lines! {
    /// Lines of the log of Remmina; what the library below it writes is FreeRDP's.
    LOG_REMMINA in space::LOG_REMMINA {
        "REMMINA_CONNECT" TCP Progress "the client begins to connect", lines ["Tunnel has been optionally initialized. Now connecting to *"], from "Remmina" "plugins/rdp/rdp_plugin.c";
        "REMMINA_CODE" ANY ClientFault "the connection ended; the code is one of FreeRDP's last errors", lines ["libfreerdp returned code is *"], from "Remmina" "plugins/rdp/rdp_plugin.c";
    }
}

lines! {
    /// Lines of the log of the X server that xrdp starts.
    LOG_XORG in space::LOG_XORG {
        "XORG_CONSOLE" SESSION SessionStart "the X server may be started from the console alone: Xwrapper.config does not allow anybody", lines ["Only console users are allowed to run the X server"], from "Debian xorg" "debian/xserver-wrapper.c";
        "XORG_RUNNING" SESSION SessionStart "another X server holds the display already", lines ["Server is already active for display *"], from "xorg-server" "os/utils.c";
        "XORG_NO_SCREENS" SESSION GraphicsDriver "the X server found no screen: its driver for xrdp is not there or failed", lines ["no screens found"], from "xorg-server" "hw/xfree86/common/xf86Init.c";
        "XORG_NO_MODULE" SESSION GraphicsDriver "a module of the X server is not there", lines ["Failed to load module \"xrdpdev\"*", "Failed to load module \"xorgxrdp\"*", "Failed to load module \"libxorgxrdp\"*"], from "xorg-server" "hw/xfree86/common/xf86Module.c";
        "XORG_FATAL" SESSION SessionStart "the X server ended; the lines after it tell why", lines ["Fatal server error:"], from "xorg-server" "os/log.c";
        "XORG_VERSION" SESSION SessionStart "xrdp and its X driver are of versions that do not fit", lines ["expected xrdp client_info version *, got *"], from "xorgxrdp" "module/rdpClientCon.c";
        "XORG_BIND" SESSION SessionStart "the driver could not open the socket on which xrdp reaches it", lines ["rdpClientConInit: g_tcp_local_bind failed*"], from "xorgxrdp" "module/rdpClientCon.c";
        "XORG_ACCEPTED" SESSION Progress "xrdp connected to the X server", lines ["rdpClientConGotConnection: g_sck_accept ok*"], from "xorgxrdp" "module/rdpClientCon.c";
        "XORG_IDLE" SESSION IdleLimit "the driver ends idle sessions after the time shown", lines ["rdpClientConInit: disconnect idle session after [*] sec"], from "xorgxrdp" "module/rdpClientCon.c";
        "XORG_GONE" SESSION Progress "xrdp left the X server", lines ["rdpClientConDisconnect: disconnected*"], from "xorgxrdp" "module/rdpClientCon.c";
    }
}

lines! {
    /// Requests in the log of the web server of an RD Gateway, as status, sub-status and Windows error.
    LOG_IIS_GATEWAY in space::LOG_IIS_GATEWAY {
        "RDG_OK" TUNNEL Progress "the gateway accepted the request", lines ["gateway request answered 200*", "gateway request answered 101*"], from "Microsoft Learn: HTTP status codes in IIS" "2xx";
        "RDG_LOGON" GATEWAY_LOGON Progress "the gateway asked for a logon: the first step of every one", lines ["gateway request answered 401 and later let in*"], from "Microsoft Learn: HTTP status codes in IIS" "401";
        "RDG_REFUSED" GATEWAY_LOGON GatewayPolicy "the gateway did not accept the logon, and the client never came in", lines ["gateway request answered 401 and never let in*"], from "Microsoft Learn: HTTP status codes in IIS" "401";
        "RDG_FORBIDDEN" GATEWAY_LOGON GatewayPolicy "the web server of the gateway forbids the request", lines ["gateway request answered 403*"], from "Microsoft Learn: HTTP status codes in IIS" "403";
        "RDG_NOT_THERE" TUNNEL GatewayFault "the web server has no gateway at this place", lines ["gateway request answered 404*", "gateway request answered 405*"], from "Microsoft Learn: HTTP status codes in IIS" "404";
        "RDG_ERROR" TUNNEL GatewayFault "the gateway failed inside", lines ["gateway request answered 500*", "gateway request answered 502*", "gateway request answered 503*"], from "Microsoft Learn: HTTP status codes in IIS" "5xx";
        "RDG_CUT" TUNNEL SocketClosed "the connection to the gateway broke while the request ran", lines ["gateway request cut off*"], from "Microsoft Learn: System Error Codes" "64, 995, 1236";
    }
}

lines! {
    /// Answers of Windows commands, by the names of errors, which no language changes.
    LOG_COMMANDS in space::LOG_COMMANDS {
        "NLTEST_NO_SERVER" AUTHENTICATE NoLogonServer "no domain controller can be reached", lines ["Status = 1311 0x51f ERROR_NO_LOGON_SERVERS", "ERROR_NO_LOGON_SERVERS", "Status = 1355 0x54b ERROR_NO_SUCH_DOMAIN"], from "Microsoft Learn: System Error Codes" "1311, 1355";
        "NLTEST_TRUST" AUTHENTICATE TrustBroken "the machine's trust with the domain is broken", lines ["ERROR_NO_TRUST_SAM_ACCOUNT", "ERROR_NO_TRUST_LSA_SECRET", "ERROR_TRUSTED_RELATIONSHIP_FAILURE", "ERROR_TRUSTED_DOMAIN_FAILURE", "Connection Status Status = 5 0x5 ERROR_ACCESS_DENIED"], from "Microsoft Learn: System Error Codes" "1786 to 1789";
        "NLTEST_OK" AUTHENTICATE Progress "the machine reaches its domain controller", lines ["Status = 0 0x0 NERR_Success"], from "Microsoft Learn: nltest" "sc_query";
        "CERT_EXPIRED" SECURE CertificateExpired "a certificate has expired", lines ["CERT_E_EXPIRED"], from "Microsoft Learn: COM Error Codes" "0x800B0101";
        "CERT_UNTRUSTED" SECURE CertificateUntrusted "a certificate leads to no trusted authority", lines ["CERT_E_UNTRUSTEDROOT", "CERT_E_CHAINING"], from "Microsoft Learn: COM Error Codes" "0x800B0109";
        "CERT_NAME" SECURE CertificateName "the name in a certificate is another", lines ["CERT_E_CN_NO_MATCH"], from "Microsoft Learn: COM Error Codes" "0x800B010F";
        "CERT_REVOKED" SECURE CertificateRevoked "a certificate was revoked", lines ["CRYPT_E_REVOKED"], from "Microsoft Learn: COM Error Codes" "0x80092010";
        "CERT_REVOCATION" SECURE Revocation "whether a certificate was revoked could not be found out", lines ["CRYPT_E_REVOCATION_OFFLINE", "CRYPT_E_NO_REVOCATION_CHECK"], from "Microsoft Learn: COM Error Codes" "0x80092013";
        "KEY_MISSING" SECURE ServerKey "the private key of a certificate is not there or cannot be opened", lines ["NTE_BAD_KEYSET", "NTE_NO_KEY", "CRYPT_E_NO_KEY_PROPERTY"], from "Microsoft Learn: COM Error Codes" "0x80090016";
        "KRB_NO_SERVER" AUTHENTICATE NoLogonServer "no key distribution centre could be reached", lines ["klist failed with 0xc000005e/*", "SEC_E_NO_AUTHENTICATING_AUTHORITY"], from "Microsoft Learn: klist" "0xC000005E";
        "KRB_NO_NAME" AUTHENTICATE Kerberos "the domain does not know the service by this name", lines ["KDC_ERR_S_PRINCIPAL_UNKNOWN", "klist failed with 0xc000018b/*", "SEC_E_TARGET_UNKNOWN"], from "Microsoft Learn: klist" "0xC000018B";
        "KRB_CLOCK" AUTHENTICATE ClockSkew "the clocks of machine and domain are too far apart", lines ["KRB_AP_ERR_SKEW", "SEC_E_TIME_SKEW"], from "Microsoft Learn: klist" "0x80090324";
    }
}
