//! Names, the network, the socket and the listener.

use crate::codes::topic::{Look, Lore};

pub const NAME_NOT_RESOLVED: Lore = Lore {
    says: "the name of the computer gave no address",
    rules_in: "the look-up of the name failed on this machine, or the resolver it asked did",
    rules_out: "the host, its firewall, its certificate and the account: no packet was sent to the host",
    next: &[
        Look::run(
            "look up the name and each of its addresses",
            "rdpdoctor HOST",
        ),
        Look::run("ask the resolver by itself", "nslookup HOST"),
        Look::at("connect to the IP address instead: when that works, the name is the fault"),
    ],
};

pub const BAD_ADDRESS: Lore = Lore {
    says: "the address as it was given cannot be used",
    rules_in: "what was typed or stored as the address is malformed or not valid on this machine",
    rules_out: "everything beyond this machine",
    next: &[
        Look::at("read the address character by character, in the .rdp file as well"),
        Look::run("let the address be parsed and tried", "rdpdoctor HOST"),
    ],
};

pub const CONNECT_FAILED: Lore = Lore {
    says: "no TCP connection could be opened",
    rules_in: "the TCP handshake did not succeed: refused, answered with an error, or never answered",
    rules_out: "certificate, TLS, NLA, password and licence: the connection ended before any of them",
    next: &[
        Look::run(
            "tell refused, unreachable and silent apart, and find the layer",
            "rdpdoctor HOST",
        ),
        Look::run(
            "ask from another network or from the host itself",
            "Test-NetConnection HOST -Port 3389",
        ),
        Look::at(
            "on the host: is Remote Desktop switched on, does TermService run, does it listen",
        ),
    ],
};

pub const CONNECT_REFUSED: Lore = Lore {
    says: "the port is closed",
    rules_in: "the host, or a device that answers for it, refused the connection: nothing listens there, or a rule rejects it",
    rules_out: "a silent firewall, a wrong name and everything after TCP: something answered at once",
    next: &[
        Look::run(
            "see who refuses, and whether other ports answer",
            "rdpdoctor HOST",
        ),
        Look::run(
            "on the host: is there a listener, and on which port",
            "qwinsta",
        ),
        Look::run(
            "on the host: is the service running",
            "Get-Service TermService",
        ),
    ],
};

pub const CONNECT_FORBIDDEN: Lore = Lore {
    says: "this machine forbids the connection",
    rules_in: "the operating system or a program here refused to open the connection",
    rules_out: "the host and the network: no packet left this machine",
    next: &[
        Look::at(
            "on this machine: firewall rules, security software, permission of the app for the local network",
        ),
        Look::run("see what this machine's network says", "rdpdoctor HOST"),
    ],
};

pub const UNREACHABLE: Lore = Lore {
    says: "there is no way to the host",
    rules_in: "a router, this machine or the neighbour reported that packets cannot be delivered",
    rules_out: "the Remote Desktop service of the host and everything after TCP",
    next: &[
        Look::run("see which address, and who reports it", "rdpdoctor HOST"),
        Look::at("is the VPN up, is the route there, is the host switched on"),
    ],
};

pub const TIMEOUT: Lore = Lore {
    says: "an answer did not come in time",
    rules_in: "packets are dropped without a word, or the other side accepted and then hangs; the code alone does not tell which",
    rules_out: "a refusal: nobody said no",
    next: &[
        Look::run("see on which rung the silence begins", "rdpdoctor HOST"),
        Look::at(
            "when TCP opens and later steps hang: look at load, LSASS and TermService on the host",
        ),
        Look::at("when TCP does not open: a firewall, a route or a host that is off"),
    ],
};

pub const SOCKET_CLOSED: Lore = Lore {
    says: "the other end closed the socket",
    rules_in: "a TCP connection existed and its other end, or something on the way, closed or reset it",
    rules_out: "a wrong name and a closed or filtered port: those fail before there is a connection to close",
    next: &[
        Look::run(
            "find the rung, the manner and the moment of the close",
            "rdpdoctor HOST",
        ),
        Look::run(
            "on the host itself: when TLS works there, something between the two ends it",
            "rdpdoctor 127.0.0.1",
        ),
        Look::run(
            "on the host, at the second of the attempt: Schannel 36870 (key), 36871 (TLS switched off), 36874 (ciphers), 36888 (alert), and 1057, 1058 (certificate)",
            "Get-WinEvent -FilterHashtable @{LogName='System';Id=36870,36871,36874,36888,1057,1058} -MaxEvents 20",
        ),
        Look::run(
            "on the host: did the connection arrive (131), and what did the security layer find (139)",
            "Get-WinEvent -FilterHashtable @{LogName='Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Operational';Id=131,139,140} -MaxEvents 20",
        ),
        Look::run(
            "on the client: event 226 names the step that failed",
            "Get-WinEvent -FilterHashtable @{LogName='Microsoft-Windows-TerminalServices-RDPClient/Operational';Id=226,1026} -MaxEvents 10",
        ),
    ],
};

pub const SOCKET_RESET: Lore = Lore {
    says: "the connection was reset",
    rules_in: "an open TCP connection was cut hard, by the other end or by something on the way",
    rules_out: "a closed port and a wrong name",
    next: &[
        Look::run(
            "find the rung and the moment of the reset, and whether what is offered makes a difference",
            "rdpdoctor HOST",
        ),
        Look::at(
            "on the host, at that second: Schannel 36870 (key unreadable) and 36874 (no common cipher)",
        ),
        Look::at("between the two: firewalls and inspection that cut TLS or RDP"),
    ],
};

pub const SOCKET_IO: Lore = Lore {
    says: "an operation on the socket failed",
    rules_in: "the connection broke or could not be used while the client was at work",
    rules_out: "nothing about the account: the fault is below it",
    next: &[Look::run(
        "find the rung on which the connection breaks",
        "rdpdoctor HOST",
    )],
};

pub const SELF_CONNECT: Lore = Lore {
    says: "the client refuses to connect to its own machine",
    rules_in: "the target is the machine on which the client runs",
    rules_out: "the network and the server's settings",
    next: &[Look::at(
        "use another port, or 127.0.0.2, when something else is meant to answer here",
    )],
};

pub const NOT_RDP: Lore = Lore {
    says: "the bytes do not make sense as RDP",
    rules_in: "something arrived that is no valid message of the protocol: another service, a scanner, a proxy, a damaged stream",
    rules_out: "a silent firewall and a closed port: bytes did arrive",
    next: &[
        Look::run("see what answers on that port", "rdpdoctor HOST"),
        Look::at(
            "is a load balancer or proxy adding its own header (PROXY protocol), or is another program on the port",
        ),
    ],
};

pub const NOT_TLS: Lore = Lore {
    says: "what came is no valid TLS message",
    rules_in: "something that is not TLS, or a damaged or intercepted handshake, came where TLS was due",
    rules_out: "a closed port: bytes did arrive",
    next: &[
        Look::run(
            "see what the server sends where TLS is due",
            "rdpdoctor HOST",
        ),
        Look::at(
            "a proxy or another service on the port; on the server's side also clients and scanners that send something else",
        ),
    ],
};

pub const WRONG_SERVICE: Lore = Lore {
    says: "another service answers",
    rules_in: "a service that picks its pages by name or protocol answered: a web server or proxy on the port",
    rules_out: "a silent firewall and a closed port",
    next: &[Look::run("see what answers on that port", "rdpdoctor HOST")],
};

pub const UDP_TRANSPORT: Lore = Lore {
    says: "the UDP side transport does not work",
    rules_in: "UDP 3389 is blocked, lossy or switched off; the session runs on over TCP",
    rules_out: "a reason why the connection fails: the side transport begins only after licensing",
    next: &[
        Look::at("let UDP 3389 through, or switch UDP off on one side to save the waiting time"),
        Look::at("on the client, as a test: the policy value fClientDisableUDP = 1"),
    ],
};

pub const SLOW_LINK: Lore = Lore {
    says: "the link is slow",
    rules_in: "delay or bandwidth of the link are poor enough to be felt",
    rules_out: "a refusal: the session works",
    next: &[Look::run(
        "measure round trips to the host",
        "rdpdoctor HOST",
    )],
};

pub const CONNECTION_LIMIT: Lore = Lore {
    says: "there are as many connections as there may be",
    rules_in: "the listener, or something before it, turned a connection away because of how many there are",
    rules_out: "a broken certificate and wrong credentials: nobody asked for them",
    next: &[
        Look::at(
            "on the host: how many sessions and half-open connections are there, and what is the limit",
        ),
        Look::run("list the sessions", "qwinsta /server:HOST"),
        Look::run("see whether it fails every time", "rdpdoctor HOST"),
    ],
};

pub const LISTENER: Lore = Lore {
    says: "the state of the listener",
    rules_in: "the Remote Desktop service or its listener started, stopped or failed to",
    rules_out: "nothing by itself: hold its time against the time of the failure",
    next: &[
        Look::run("on the host: does the listener exist", "qwinsta"),
        Look::run(
            "on the host: does the service run",
            "Get-Service TermService, SessionEnv",
        ),
    ],
};

pub const LISTEN_FAILED: Lore = Lore {
    says: "the port cannot be listened on",
    rules_in: "another program has the port, or the address does not belong to the machine",
    rules_out: "the network between client and host",
    next: &[
        Look::run(
            "on the host: who has the port (Windows)",
            "Get-NetTCPConnection -LocalPort 3389 -State Listen",
        ),
        Look::run("on the host: who has the port (Linux)", "ss -ltnp"),
    ],
};

pub const SERVICE_FAULT: Lore = Lore {
    says: "a service is not there",
    rules_in: "a service of Windows does not run, does not start or does not answer",
    rules_out: "the network as the first cause: the fault is on the machine that reports it",
    next: &[
        Look::run(
            "on that machine: the service and what it depends on",
            "Get-Service TermService, SessionEnv, UmRdpService, RpcSs",
        ),
        Look::at("on that machine: the System log around that time"),
    ],
};

pub const SEQUENCE_FAILED: Lore = Lore {
    says: "a summary line",
    rules_in: "the connection failed at or before the step named; the reason stands in a line before it",
    rules_out: "",
    next: &[Look::at(
        "read the lines before it: the first error is the cause, the others follow from it",
    )],
};
