//! Events that Windows writes about Remote Desktop.

use super::macros::table;
use super::space;

table! {
    /// Events of the client.
    EVENT_RDPCLIENT in space::EVENT_RDPCLIENT {
        226 "" ANY ClientFault "a step of the client failed; the event names the part, the state, the trigger and an error code", note "RDPClient_SSL points at TLS or NLA, RDPClient_GFX at graphics, gateway parts at an RD Gateway";
        1007 "" RESOLVE NameNotResolved "the client could not resolve the name of the server";
        1009 "" AUTHENTICATE WrongCredentials "the server did not accept the credentials";
        1015 "" SESSION SocketClosed "connecting again automatically failed";
        1017 "" LICENSE LicenseClient "the client has no licence for this server";
        1024 "" TCP Progress "the client begins to connect; the target stands in the event as it was typed";
        1025 "" SESSION Progress "the client is connected";
        1026 "" ANY ServerEnded "the client is disconnected; the event carries the first number of the dialog in decimal", note "2308 in this event is 0x904; the second number is not in it";
        1027 "" SESSION Progress "the client is connected to a domain, with the number of its session";
        1028 "" NEGOTIATE Progress "the server answered whether it supports TLS";
        1029 "" TCP Progress "a hash of the user name, for matching events";
        1031 "" ANY NotRdp "the client could not decode a packet";
        1100 "" SESSION Progress "the delay of the link was measured";
        1101 "" SESSION Progress "the bandwidth of the link was measured";
        1102 "" SIDE Progress "the client starts the side transport (UDP)", note "the TCP connection had passed security and licensing by then";
        1104 "" SIDE UdpTransport "the side transport could not be set up; the session goes on over TCP";
        1105 "" ANY UdpTransport "the side transport ended", note "also written when an attempt is given up very early: alone it shows no fault of UDP", from "public Korean DFIR notes citing the Windows 11 26200 provider" "public notes; repository not resolved", sure Medium;
        1106 "" ANY Progress "the connection was closed with a code";
        1401 "" SESSION Progress "the version of the graphics protocol is known";
    }
}

table! {
    /// Events of the protocol stack of the server.
    EVENT_RDPCORETS in space::EVENT_RDPCORETS {
        65 "" TCP Progress "the server made an object for a new connection";
        66 "" SESSION Progress "the connection was given a session";
        67 "" ANY ServerEnded "the connection met an error on the server; the code stands in the event";
        97 "" ANY NotRdp "the server found an error in the stream of bytes and dropped the client";
        98 "" TCP Progress "a TCP connection is established", from "public wiki of event ids" "microsoft-windows-remotedesktopservices-rdpcorets", sure Medium;
        99 "" TCP SocketClosed "a TCP connection failed, with a code";
        100 "" SIDE Progress "the client can do the side transport (UDP)", from "public wiki of event ids" "microsoft-windows-remotedesktopservices-rdpcorets", sure Medium;
        101 "" ANY Progress "measuring the network is switched off, with the reason";
        103 "" ANY ServerEnded "the server disconnected, with a reason code";
        104 "" SETTINGS Progress "the client's time zone arrived", note "client information reached the server: TLS, and NLA where it is used, had succeeded";
        129 "" LISTEN Progress "the listener is bound to a port";
        130 "" SIDE Progress "the server asked for the side transport (UDP)";
        131 "" TCP Progress "the server accepted a connection from an address", note "proves that packets reach the listener; says nothing about authentication";
        132 "" SESSION Progress "a channel is connected";
        133 "" SESSION Progress "delay and bandwidth of the link were measured";
        135 "" SIDE Progress "setting up the side transport is over; the event says which transport carries the session";
        137 "" SESSION SlowLink "the quality of the link may be felt";
        139 "" SECURE TlsHandshake "the security layer of the server found an error, with a code, and dropped the client", note "the server's side of many 0x904";
        140 "" AUTHENTICATE WrongCredentials "a connection failed: user name or password is not correct";
        142 "" ANY SocketReset "reading from the TCP connection failed";
        143 "" ANY SocketReset "writing to the TCP connection failed";
        145 "" SESSION ServerStall "nothing came from the server for some seconds";
        146 "" SESSION SessionContention "connecting again automatically failed";
        147 "" AUTHENTICATE AuthenticationFailed "the server's call to log the user on failed, with an error";
        148 "" SESSION Progress "a channel was closed";
        149 "" AUTHENTICATE SmartCard "the certificate with which the client logs on is not valid";
        162 "" SESSION Progress "the version of the client's graphics protocol";
        226 "" ANY ServerEnded "a step of the server failed; the event names the part, the state, the trigger and a code", note "ends of a connection with harmless codes are common";
    }
}

table! {
    /// Events of the protocol stack of the server (admin log).
    EVENT_RDPCORETS_ADMIN in space::EVENT_RDPCORETS_ADMIN {
        138 "" SIDE UdpTransport "DTLS could not be used on the side transport, TLS was taken";
        1 "" SESSION GraphicsDriver "the graphics of the server could not be started";
        3 "" SESSION GraphicsDriver "RemoteFX could not be started";
    }
}

table! {
    /// Events of the remote connection manager.
    EVENT_RCM in space::EVENT_RCM {
        258 "" LISTEN Listener "the listener started";
        259 "" LISTEN Listener "the listener stopped";
        261 "" TCP Progress "the listener received a connection", note "without later events of the same moment, the connection ended before authentication";
        262 "" LISTEN Listener "the listener was asked to stop";
        1003 "" LICENSE LicenseClient "a client showed an invalid licence", from "public wiki of event ids" "microsoft-windows-terminalservices-remoteconnectionmanager", sure Medium;
        1004 "" LICENSE LicenseServer "the server cannot give out a licence to a client", from "public wiki of event ids" "microsoft-windows-terminalservices-remoteconnectionmanager", sure Medium;
        1011 "" ANY ServerEnded "a session could not be set up for the client named in the event", from "public wiki of event ids" "microsoft-windows-terminalservices-remoteconnectionmanager", sure Medium;
        1149 "" AUTHENTICATE Progress "the user was authenticated", note "with NLA the credentials were accepted; without it only the logon screen was reached";
        1151 "" SESSION SessionContention "the user who is logged on declined the connection";
    }
}

table! {
    /// Events of the remote connection manager (admin log).
    EVENT_RCM_ADMIN in space::EVENT_RCM_ADMIN {
        1006 "" TCP ConnectionLimit "many connections came that were never completed", from "public wiki of event ids" "microsoft-windows-terminalservices-remoteconnectionmanager", sure Medium;
        1158 "" TCP Progress "a connection from an address was let in";
    }
}

table! {
    /// Events of the remote connection manager in the System log.
    EVENT_RCM_SYSTEM in space::EVENT_RCM_SYSTEM {
        1050 "" LISTEN ListenerSecurity "the security settings of the listener contradict each other and were corrected", from "Microsoft TechNet" "technet ee890993";
        1051 "" LISTEN ListenerCertificate "the certificate configured for the listener cannot be used; the default one is taken", from "Microsoft TechNet" "technet ee890993";
        1052 "EVENT_TS_SSL_CERT_EXPIRY_IMMINENT" LISTEN CertificateExpired "the certificate configured for the listener runs out soon", from "Microsoft TechNet" "technet ee890993 / cc775223";
        1059 "EVENT_TS_SSL_INVALID_CERT_HASH" LISTEN ListenerCertificate "the hash of the listener's certificate is invalid and was reset", from "Microsoft TechNet" "technet cc775255";
        1062 "EVENT_TS_SSL_WRONG_SUBJECT_NAME" LISTEN ListenerCertificate "the certificate from the template carries a wrong name; the default one is taken", from "Microsoft TechNet" "cc727349";
        1063 "" LISTEN ListenerCertificate "a new certificate from the template was installed", from "Microsoft TechNet" "KB2531138";
        1064 "EVENT_TS_SSL_TEMPLATE_CERT_CREATE_FAILED" LISTEN ListenerCertificate "a certificate from the template could not be installed", from "Microsoft TechNet" "technet cc775291";
        1065 "EVENT_TS_SSL_TEMPLATE_CERT_REPLACE_FAILED" LISTEN ListenerCertificate "the expired certificate from the template could not be replaced", from "Microsoft TechNet" "cc775174";
        1057 "" LISTEN ServerKey "the self-signed certificate of the listener could not be made", from "Microsoft support articles" "event-id-troubleshoot-vm-rdp-connecton";
        1058 "" LISTEN ServerKey "the expired self-signed certificate of the listener could not be replaced", from "Microsoft support articles" "event-id-troubleshoot-vm-rdp-connecton";
    }
}

table! {
    /// Events of the local session manager.
    EVENT_LSM in space::EVENT_LSM {
        16 "" LISTEN Listener "the session manager of the server did not start";
        17 "" LISTEN Listener "Remote Desktop Services did not start";
        21 "" SESSION Success "a user logged on";
        22 "" SESSION Success "the desktop is starting";
        23 "" ANY UserAction "a user signed out";
        24 "" ANY SocketClosed "a session was disconnected";
        25 "" SESSION Success "a session was taken up again";
        36 "" ANY ServerEnded "a change of the session's state failed, with state, trigger and code";
        37 "" ANY ServerEnded "a change of the session's state is not possible";
        39 "" ANY SessionReplaced "a session was disconnected by another session";
        40 "" ANY ServerEnded "a session was disconnected, with a reason", note "the reasons follow the Set Error Info numbers: 5 replaced, 11 by the user, 12 signed out", sure Medium;
        41 "" SESSION Progress "the server begins to sort out which session the user gets";
        42 "" SESSION Progress "the server has sorted out which session the user gets";
        43 "" SESSION ServerStall "the Windows subsystem is slow with a connect";
        44 "" ANY ServerStall "the Windows subsystem is slow with a disconnect";
        48 "" SESSION ServerStall "the connection manager is slow with a logon";
    }
}

table! {
    /// Events of Schannel in the System log.
    EVENT_SCHANNEL in space::EVENT_SCHANNEL {
        36865 "" LISTEN ServerKey "the cryptography of the system could not be opened";
        36867 "" LISTEN Progress "a TLS credential is being made";
        36868 "" LISTEN Progress "the properties of the credential's private key";
        36869 "" LISTEN ServerKey "the certificate has no private key";
        36870 "" SECURE ServerKey "the private key of the server's certificate could not be reached";
        36871 "" SECURE TlsCredential "a TLS credential could not be made";
        36872 "" SECURE ListenerCertificate "the chain of the certificate could not be fetched";
        36874 "" SECURE TlsCipher "client and server have no cipher suite in common";
        36876 "" SECURE CertificateUntrusted "the certificate of the server did not pass the client's check";
        36880 "" SECURE Success "a TLS handshake completed; protocol and cipher stand in the event";
        36881 "" SECURE CertificateExpired "the certificate of the server has run out or is not valid yet";
        36882 "" SECURE CertificateUntrusted "the certificate of the server comes from an authority that is not trusted";
        36883 "" SECURE CertificateRevoked "the certificate of the server is revoked";
        36884 "" SECURE CertificateName "the certificate of the server does not carry the name expected";
        36887 "" SECURE TlsHandshake "the other side sent a fatal alert; its number stands in the event", note "received: the other side refused";
        36888 "" SECURE TlsHandshake "this side sent a fatal alert; its number stands in the event", note "sent: this side refused";
        36889 "" SECURE CertificateUntrusted "the chain of certificates is not complete";
    }
}

table! {
    /// Events of TermDD in the System log.
    EVENT_TERMDD in space::EVENT_TERMDD {
        50 "STATUS_RDP_PROTOCOL_ERROR" ANY NotRdp "a part of the protocol found an error in the stream and dropped the client; the event names the part", from "intelligentsystemsmonitoring.com copy of the Microsoft event text; eventid.net" "event 50 TermDD, symbolic STATUS_RDP_PROTOCOL_ERROR", sure Medium;
        56 "STATUS_CTX_SECURITY_LAYER_ERROR" ANY ServerStatus "the security layer of the server found an error and dropped the client; the last four bytes of the data hold the status", note "the bytes are stored lowest first, and a leading D stands for the C of an NTSTATUS: D00000B5 is a time-out, D000006F logon hours; D0000184 says only that the connection was gone", from "Microsoft Ask the Performance Team blog" "The Curious Case of Event ID 56 with Source TermDD";
        71 "" TCP ConnectionLimit "the listener has as many connections as it may have and turned one away", from "Microsoft KB Q192165 (archive copy)" "kb/192/Q192165";
    }
}

table! {
    /// Events of the connection broker.
    EVENT_SESSIONBROKER in space::EVENT_SESSIONBROKER {
        2056 "" BROKER Broker "the broker could not log on to its database", from "Microsoft support articles" "event-id-troubleshoot-vm-rdp-connecton";
        800 "" BROKER BrokerProgress "the broker received a request", from "WithSecureLabs/chainsaw" "rules/evtx/microsoft_rds_events/rd_connection_broker/";
        801 "" BROKER BrokerProgress "the broker worked on a request", from "WithSecureLabs/chainsaw" "rules/evtx/microsoft_rds_events/rd_connection_broker/";
    }
}

table! {
    /// Events about the connection broker on a host.
    EVENT_SESSIONBROKER_CLIENT in space::EVENT_SESSIONBROKER_CLIENT {
        1296 "" BROKER Broker "the broker does not answer", from "Microsoft support articles" "event-id-troubleshoot-vm-rdp-connecton";
        1307 "" BROKER BrokerProgress "the user was sent on to a destination", from "WithSecureLabs/chainsaw" "rules/evtx/microsoft_rds_events/rd_connection_broker/", sure Medium;
    }
}

table! {
    /// Events of an RD Gateway.
    EVENT_GATEWAY in space::EVENT_GATEWAY {
        200 "" GATEWAY_LOGON Progress "the user passed the connection policy of the gateway", from "Microsoft TechNet" "technet ee891388";
        201 "" GATEWAY_LOGON GatewayPolicy "the user did not pass the connection policy of the gateway; method and error stand in the event", from "Microsoft TechNet" "technet ee891388";
        202 "" SESSION AdminAction "an administrator disconnected the user at the gateway", from "Microsoft TechNet" "technet ee891388";
        203 "" TUNNEL GatewayLimit "the gateway has as many connections as it may have", from "Microsoft TechNet" "technet ee891388";
        300 "" TUNNEL Progress "the user passed the resource policy of the gateway", from "WithSecureLabs/chainsaw" "rules/evtx/microsoft_rds_events/rd_gateway/";
        301 "" TUNNEL GatewayResource "the user did not pass the resource policy of the gateway", from "public wiki of event ids" "microsoft-windows-terminalservices-gateway", sure Medium;
        302 "" SESSION Success "the user reached the target through the gateway", from "WithSecureLabs/chainsaw" "rules/evtx/microsoft_rds_events/rd_gateway/";
        303 "" ANY GatewaySession "the user's connection through the gateway ended; bytes and duration stand in the event", note "few bytes within a moment: the target dropped it", from "WithSecureLabs/chainsaw" "rules/evtx/microsoft_rds_events/rd_gateway/";
    }
}

table! {
    /// Logon events of the Security log.
    EVENT_SECURITY in space::EVENT_SECURITY {
        4625 "" AUTHENTICATE AuthenticationFailed "a logon failed; Status and SubStatus in the event name the reason", note "logon type 3 with NLA, 10 without", from "Microsoft support articles" "0xc000035b-when-you-use-lmcompatibility";
        4624 "" SESSION Success "a logon succeeded", note "type 10 is a desktop, type 3 the network logon of NLA", from "artefacts.help" "windows_etw_remote_desktop_dst_host", sure Medium;
    }
}
