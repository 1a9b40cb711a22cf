//! Namespaces: what a number has to be read as. A number means nothing without one.

/// A namespace of codes.
#[derive(Debug, PartialEq, Eq)]
pub struct Space {
    /// Its name on the command line and in reports.
    pub slug: &'static str,
    /// What its numbers are.
    pub says: &'static str,
    /// How its numbers are usually written.
    pub base: Base,
    /// The document that defines them.
    pub document: &'static str,
    /// The place in that document.
    pub section: &'static str,
    /// Other names it goes by: the channel of events, or a short word.
    pub also: &'static [&'static str],
}

/// How numbers are usually written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// `2308`.
    Decimal,
    /// `0x904`.
    Hex,
    /// `0x80090302`.
    Wide,
}

macro_rules! spaces {
    ($($name:ident = $slug:literal $base:ident $says:literal, $document:literal $section:literal $(, also [$($also:literal),+])?;)+) => {
        $(#[doc = concat!("`", $slug, "`: ", $says, ".")]
        pub static $name: Space = Space {
            slug: $slug,
            says: $says,
            base: Base::$base,
            document: $document,
            section: $section,
            also: &[$($($also),+)?],
        };)+

        /// Every namespace.
        pub static ALL: &[&Space] = &[$(&$name),+];
    };
}

spaces! {
    MSTSC_DISC_REASON = "mstsc-disc-reason" Hex "the first number of the dialog of mstsc", "Microsoft Learn: IMsTscAxEvents::OnDisconnected" "discReason", also ["mstsc", "dialog"];
    MSTSC_DISC_REASON_CLASS = "mstsc-disc-reason-class" Hex "the class in the low byte of the first number of mstsc", "pattern over the published values of OnDisconnected" "low byte";
    EXT_DISC_REASON = "ext-disc-reason" Hex "the second number of the dialog of mstsc (extended error code)", "Microsoft Learn: ExtendedDisconnectReasonCode" "values", also ["extended"];
    MSTSCAX_FATAL_ERROR = "mstscax-fatal-error" Decimal "fatal errors of the mstsc control (OnFatalError)", "Microsoft Learn: IMsTscAxEvents::OnFatalError" "errorCode";
    MSTSCAX_LOGON_ERROR = "mstscax-logon-error" Decimal "logon errors of the mstsc control (OnLogonError)", "Microsoft Learn: IMsTscAxEvents::OnLogonError" "lError";
    MSTSC_DIALOG_PAIR = "mstsc-dialog-pair" Hex "both numbers of the dialog of mstsc, as people report them", "reports of users" "", also ["pair"];
    MSTSC_PRIMARY_UNDOCUMENTED = "mstsc-primary-undocumented" Hex "first numbers of mstsc that Microsoft does not document", "reports of users" "", also ["undocumented"];
    MSTSC_DESCRIBED = "mstsc-described" Hex "first numbers for which the Windows client has a sentence of its own", "Microsoft TechNet wiki 37870" "sentences of GetErrorDescription", also ["described"];
    DECIMAL_FORM = "decimal-form" Decimal "the first number of mstsc as third-party clients print it", "reports of users" "";
    MACOS_CLIENT = "macos-client" Hex "errors of the macOS client (Microsoft Remote Desktop, Windows App)", "Microsoft: what is new in the macOS client" "", also ["mac", "macos"];
    AVD_CLIENT = "avd-client" Hex "errors of clients of Azure Virtual Desktop", "public workshop notes" "", also ["avd"];
    ERRORINFO = "errorinfo" Wide "Set Error Info codes, sent by the server", "[MS-RDPBCGR]" "2.2.5.1.1", also ["set-error-info", "errinfo"];
    NEG_REQ_FLAGS = "neg-req-flags" Hex "flags of the negotiation request", "[MS-RDPBCGR]" "2.2.1.1.1";
    REQUESTED_PROTOCOLS = "requested-protocols" Hex "security protocols that a client offers", "[MS-RDPBCGR]" "2.2.1.1.1";
    SELECTED_PROTOCOL = "selected-protocol" Hex "the security protocol that a server chose", "[MS-RDPBCGR]" "2.2.1.2.1";
    NEG_RSP_FLAGS = "neg-rsp-flags" Hex "flags of the negotiation response", "[MS-RDPBCGR]" "2.2.1.2.1";
    NEG_FAILURE = "neg-failure" Decimal "failure codes of the negotiation (RDP_NEG_FAILURE)", "[MS-RDPBCGR]" "2.2.1.2.2", also ["negotiation"];
    EARLY_USER_AUTH = "early-user-auth" Decimal "the early user authorization result of CredSSP", "[MS-RDPBCGR]" "2.2.10.2";
    MCS_DISCONNECT_ULTIMATUM = "mcs-disconnect-ultimatum" Decimal "reasons of an MCS disconnect", "[MS-RDPBCGR]" "3.1.5.1.1";
    MCS_RESULT = "mcs-result" Decimal "results of MCS requests", "[MS-RDPBCGR]" "3.3.5.3.3.1";
    RDSTLS_RESULT = "rdstls-result" Decimal "results of an RDSTLS authentication", "[MS-RDPBCGR]" "2.2.17.4", also ["rdstls"];
    LOGON_ERROR_TYPE = "logon-error-type" Wide "kinds of logon notifications inside a session", "[MS-RDPBCGR]" "2.2.10.1.1.4.1.1";
    LOGON_ERROR_DATA = "logon-error-data" Decimal "data of logon notifications inside a session", "[MS-RDPBCGR]" "2.2.10.1.1.4.1.1";
    STATUS_INFO = "status-info" Hex "progress that a server reports while it redirects", "[MS-RDPBCGR]" "2.2.5.2";
    LICENSE_ERROR = "license-error" Decimal "error codes of the licensing exchange", "[MS-RDPBCGR]" "2.2.1.12.1.3", also ["licence", "license"];
    MULTITRANSPORT_HRRESPONSE = "multitransport-hrresponse" Wide "what a client answers about the side transport", "[MS-RDPBCGR]" "2.2.15.2";
    RDS_AAD_AUTH_RESULT = "rds-aad-auth-result" Wide "results of a Microsoft Entra logon", "[MS-RDPBCGR]" "2.2.18.3", also ["entra"];
    FREERDP_ERROR_CLASS = "freerdp-error-class" Decimal "classes of FreeRDP errors (the high word)", "FreeRDP" "include/freerdp/error.h";
    FREERDP_CONNECT_ERROR = "freerdp-connect-error" Wide "errors of FreeRDP while it connects", "FreeRDP" "include/freerdp/error.h, libfreerdp/core/errconnect.c", also ["freerdp"];
    XFREERDP_EXIT = "xfreerdp-exit" Decimal "exit status of xfreerdp", "FreeRDP" "client/X11/xfreerdp.h, client/X11/xf_client.c", also ["exit", "xfreerdp"];
    RDGATEWAY_MSTSGU = "rdgateway-mstsgu" Wide "results of an RD Gateway", "[MS-TSGU]" "2.2.6.1", also ["gateway", "rdgateway"];
    RDGATEWAY_CLIENT_LOG = "rdgateway-client-log" Wide "results of an RD Gateway that only client logs show", "public incident note" "";
    NTSTATUS_NLA = "ntstatus-nla" Wide "NTSTATUS, as NLA, event logs and drivers carry it", "[MS-ERREF]" "2.3.1", also ["ntstatus"];
    SSPI_HRESULT = "sspi-hresult" Wide "results of SSPI: TLS, CredSSP, NTLM and Kerberos", "[MS-ERREF]" "2.1.1", also ["sspi", "schannel-results"];
    HRESULT = "hresult" Wide "other HRESULT values of Windows", "[MS-ERREF]" "2.1.1";
    WIN32 = "win32" Decimal "Win32 error codes", "[MS-ERREF]" "2.2";
    WINSOCK = "winsock" Decimal "Winsock error codes", "[MS-ERREF]" "2.2", also ["wsa"];
    ERRNO = "errno" Decimal "error numbers of Linux and macOS", "errno.h of Linux and macOS" "";
    TLS_ALERT = "tls-alert" Decimal "TLS alerts", "Microsoft Learn: Schannel error codes for TLS and SSL alerts" "", also ["alert"];
    EVENT_RDPCLIENT = "event-rdpclient" Decimal "events of the client", "provider manifests of Windows 10" "TerminalServices-ClientActiveXCore", also ["Microsoft-Windows-TerminalServices-RDPClient/Operational"];
    EVENT_RDPCORETS = "event-rdpcorets" Decimal "events of the protocol stack of the server", "provider manifests of Windows 10" "RemoteDesktopServices-RdpCoreTS", also ["Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Operational"];
    EVENT_RDPCORETS_ADMIN = "event-rdpcorets-admin" Decimal "events of the protocol stack of the server (admin log)", "provider manifests of Windows 10" "RemoteDesktopServices-RdpCoreTS", also ["Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Admin"];
    EVENT_RCM = "event-rcm" Decimal "events of the remote connection manager", "provider manifests of Windows 10" "TerminalServices-RemoteConnectionManager", also ["Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational"];
    EVENT_RCM_ADMIN = "event-rcm-admin" Decimal "events of the remote connection manager (admin log)", "provider manifests of Windows 10" "TerminalServices-RemoteConnectionManager", also ["Microsoft-Windows-TerminalServices-RemoteConnectionManager/Admin"];
    EVENT_RCM_SYSTEM = "event-rcm-system" Decimal "events of the remote connection manager in the System log", "Microsoft TechNet" "", also ["System (TerminalServices-RemoteConnectionManager)"];
    EVENT_LSM = "event-lsm" Decimal "events of the local session manager", "provider manifests of Windows 10" "TerminalServices-LocalSessionManager", also ["Microsoft-Windows-TerminalServices-LocalSessionManager/Operational"];
    EVENT_SCHANNEL = "event-schannel" Decimal "events of Schannel in the System log", "provider manifests of Windows 10" "Schannel", also ["System (Schannel)"];
    EVENT_TERMDD = "event-termdd" Decimal "events of TermDD in the System log", "copies of the event texts" "", also ["System (TermDD)"];
    EVENT_SESSIONBROKER = "event-sessionbroker" Decimal "events of the connection broker", "Microsoft support articles" "", also ["Microsoft-Windows-TerminalServices-SessionBroker/Operational"];
    EVENT_SESSIONBROKER_CLIENT = "event-sessionbroker-client" Decimal "events about the connection broker on a host", "Microsoft support articles" "", also ["Microsoft-Windows-TerminalServices-SessionBroker-Client/Operational"];
    EVENT_GATEWAY = "event-gateway" Decimal "events of an RD Gateway", "Microsoft TechNet" "", also ["Microsoft-Windows-TerminalServices-Gateway/Operational"];
    EVENT_SECURITY = "event-security" Decimal "logon events of the Security log", "Microsoft support articles" "", also ["Security"];
    LOG_XRDP = "log-xrdp" Decimal "lines of the log of xrdp", "xrdp" "", also ["log/xrdp"];
    LOG_XRDP_SESMAN = "log-xrdp-sesman" Decimal "lines of the log of xrdp-sesman", "xrdp" "", also ["log/xrdp-sesman"];
    LOG_FREERDP = "log-freerdp" Decimal "lines of the log of FreeRDP", "FreeRDP" "", also ["log/freerdp"];
    LOG_GUACD = "log-guacd" Decimal "lines of the log of guacd", "guacamole-server" "", also ["log/guacd"];
    LOG_GNOME = "log-gnome-remote-desktop" Decimal "lines of the log of gnome-remote-desktop", "gnome-remote-desktop" "", also ["log/gnome-remote-desktop"];
    LOG_FAIL2BAN = "log-fail2ban" Decimal "lines of the log of fail2ban", "fail2ban" "", also ["log/fail2ban"];
    LOG_REMMINA = "log-remmina" Decimal "lines of the log of Remmina", "Remmina" "", also ["log/remmina"];
    LOG_XORG = "log-xorg-xrdp" Decimal "lines of the log of the X server that xrdp starts", "xorgxrdp, xorg-server" "", also ["log/xorg-xrdp"];
    LOG_IIS_GATEWAY = "log-iis-gateway" Decimal "requests in the log of the web server of an RD Gateway", "Microsoft Learn" "", also ["log/iis"];
    LOG_COMMANDS = "log-commands" Decimal "names of errors in the answers of Windows commands", "Microsoft Learn" "", also ["log/commands"];
    LOG_WINDOWS_EVENT226 = "log-windows-event226" Decimal "texts of event 226 of the client", "reports of users" "", also ["log/windows-event226"];
}
