//! What people state about a failing connection without any number: what works and what does not, since when,
//! for whom, from where.
//!
//! The set is open: a [`Symptom`] is a name, and one that is not in the table is kept. A way of saying it is a
//! pattern over words in lower case: words come in this order with at most a few others between them, `a|b` is
//! either of two, `stem~` any word that begins so, `a_b` two words directly after each other, `a^b` one that
//! the other does not follow.
//!
//! This file is long because it is a table: one entry for each thing people state.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A behaviour that somebody states, by its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Symptom(pub Cow<'static, str>);

impl Symptom {
    /// The symptom of this name.
    pub const fn of(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// What is known of it, when it is in the table.
    pub fn known(&self) -> Option<&'static Known> {
        SYMPTOMS.iter().find(|known| known.name == self.0)
    }
}

/// A symptom of the table.
#[derive(Debug, PartialEq, Eq)]
pub struct Known {
    /// The name used on the command line and in files.
    pub name: &'static str,
    /// What is so when somebody states it.
    pub says: &'static str,
    /// How a person is asked about it; empty when nobody is asked.
    pub asks: &'static str,
    /// Ways of saying it.
    pub ways: &'static [&'static str],
}

macro_rules! symptoms {
    ($($name:literal: $says:literal $(, ask $asks:literal)?; $($way:literal),+;)+) => {
        /// Every symptom, by what it is about: what works beside it, since when, for whom, how it ends, and what
        /// people name as broken.
        pub static SYMPTOMS: &[Known] = &[
            $(Known { name: $name, says: $says, asks: concat!($($asks)?), ways: &[$($way),+] },)+
        ];
    };
}

symptoms! {
    // What kind of client and server it is.
    "client-is-microsoft": "the client is Microsoft's, on Windows";
        "mstsc|remote_desktop_connection|rdcman|mremoteng|rdm|royal_ts|1remote|windows_client";
    "client-is-apple": "the client runs on macOS or iOS";
        "macos|mac|ios|ipad|iphone|osx|os_x|macbook";
    "client-is-free": "the client is FreeRDP, or built on it or on another free implementation";
        "freerdp|xfreerdp|xfreerdp3|wlfreerdp|sdl_freerdp|remmina|rdesktop|guacamole|guacd|ironrdp|myrtille|rdp_html5|krdc|vinagre|gnome_connections|connections|weston|devolutions|python|aardwolf|jrdp|properjavardp|node_rdpjs|2x";
    "server-is-linux": "the server is xrdp, GNOME Remote Desktop or another that is no Windows host";
        "xrdp|gnome_remote_desktop|grd|g_r_d|krdp|ubuntu|debian|fedora|rhel|centos|raspberry|raspbian|dietpi|arch|linux|wayland|xorg|wsl|weston|lamco";
    "server-is-gnome": "the server is GNOME Remote Desktop";
        "gnome_remote_desktop|g_r_d|grd|gnome_rdp|gnome_desktop|gnome_sharing|gnome";
    "server-is-old-windows": "the server is an old Windows, up to Server 2012 R2 or Windows 7";
        "2003|2008|2008r2|2012|2012r2|windows_7|win7|windows_xp|xp|vista|windows_8|sbs";
    "server-is-windows-home": "the server is a Home edition made to accept sessions";
        "rdpwrap|rdp_wrapper|superrdp|termsrv_patch~", "windows 10|11|7|8 home";
    "server-is-azure": "the server is a virtual machine of a cloud";
        "azure^ad|aws|ec2|gcp|google_cloud|compute_engine|hosted|vps|cloud";
    "server-is-a-farm": "the server is a farm, a broker or a published desktop";
        "rds|session_host|session_hosts|broker|terminal_server|terminal_services|farm|collection|avd|wvd|remoteapp";
    "goes-through-a-gateway": "the way goes through an RD Gateway";
        "gateway|rdgateway|rdg|rdgw|rd_gateway|ts_gateway|tsgateway|tsg";
    "goes-through-a-forwarder": "the way goes through a forwarder, a tunnel or a container's port";
        "frp|ngrok|ssh_tunnel|proxy|container|docker|tunnel|load_balancer|dnat|port_forward~|portproxy|bastion";
    "goes-through-a-vpn": "the way goes through a VPN";
        "vpn|tailscale|wireguard|zerotier|openvpn|ipsec|anyconnect|globalprotect|tailnet";
    // What works beside it.
    "works-by-address": "by IP address it works, by name it does not",
        ask "Does it work with the IP address instead of the name?";
        "work~|connect~|fine|ok|succeed~ by|via|using|with|over|through ip~|address",
        "by|via|using|with ip~|address work~|connect~|fine|ok|succeed~",
        "ip|address work~|answer~|connect~|fine", "by|via|with name|hostname|fqdn fail~|not|cannot|doesnt",
        "name|hostname|fqdn fail~ ip~|address work~|fine|ok", "per|über|mit ip~ funktion~|geht", "par|avec ip~ fonctionne~|marche",
        "con|por ip~ funciona", "short name|names fail~", "only|just hostname|name fail~|broken";
    "works-by-name-only": "by name it works, by IP address it does not";
        "fail~|not|cannot|error by|via|using|with ip~|address name|hostname|fqdn work~|fine", "ip|address fail~ name|hostname|fqdn work~|fine|ok",
        "only work~ by|via|with|using name|hostname|fqdn", "work~ by|with|via fqdn not ip~", "connection|connect~ by|via ip_address refused|rejected|fail~";
    "second-try-works": "the second try works",
        ask "Does it work when you try again at once?";
        "second|2nd|another|next try|attempt|time|one|connection work~|succeed~|ok|fine|connect~", "first try|attempt|time|connection|one fail~|drop~|error~|reset",
        "retry|retrying|reconnect~|again work~|succeed~|help~", "work~|connect~ on|at|the second|2nd|next_try|next_attempt", "zweite~ versuch", "deuxième essai|tentative",
        "segundo intento", "second succeed~", "first_time fail~|says|error|lost|drops|closes|disconnects then|second", "try again work~|fine", "after accept~ certificate work~", "work~ after accept~ certificate";
    "only-over-vpn": "it works only over the VPN or from inside";
        "only work~ over|via|from|with|on|through vpn|lan|inside|office|internal", "work~ only over|via|from|with|on|through vpn|lan|inside|office|internal",
        "work~ from|on|in|inside lan|office|inside|same_network|same_subnet|internal not|but|fail~ outside|internet|home|remote~|external|vpn",
        "only from vpn", "nur über|im vpn", "uniquement|seulement vpn", "solo por|con|desde vpn", "fail~|not from outside|internet|external~";
    "not-over-vpn": "over the VPN it fails, otherwise it works",
        ask "Does it fail only when the VPN is on?";
        "fail~|drop~|hang~|freeze~|disconnect~|dies|stuck|not over|via|through|when|with|on vpn|tunnel", "vpn|tunnel on|up|connected|active fail~|hang~|drop~|stuck",
        "over vpn|tunnel|tailscale|wireguard|zerotier|ipsec fail~|hang~|drop~|black|not", "work~|fine if|when|with|without vpn off|disconnected|disabled|down", "work~|fine without|outside vpn",
        "lan ip~|address work~|fine tailnet|vpn|zerotier|wireguard not|fail~", "black_screen over vpn", "vpn on target|server drop~|dies", "vpn drop~ at login|logon";
    "works-from-another-network": "from another network it works",
        ask "Does it work from another network, such as a phone's hotspot?";
        "work~|fine|ok|connect~ at|from|on|over|via|with home|hotspot|phone|mobile|4g|5g|lte|another_network|other_network~|elsewhere|office|tethering", "work~|fine elsewhere",
        "only|just from|at|on this|the|one|our|library|hotel|office|guest|school|campus|corporate network|wifi|wi|wlan|site", "different|other|another network|site|location|wifi|isp work~|fine",
        "hotspot work~|fine", "from|on|over|via|with|using phone|phones|hotspot|mobile|cellular|4g|lte|5g|tethering|home|elsewhere|neighbour~ work~|fine|ok|connect~|can", "corporate|company|office|hotel|school|guest|public network|wifi|wi|proxy block~|drop~|fail~|not", "von zu hause funktioniert", "in anderen netz~ geht|funktioniert";
    "fails-from-everywhere": "from everywhere it fails";
        "nobody|no_one can connect|reach", "every|all|every_other|all_other client~|computer~|machine~|pc~|device~|laptop~|user~ fail~|cannot|same|affected|unable|time~|timeout", "fail~ from everywhere|anywhere|any_client",
        "multiple|several|different|other client~|machine~|computer~|pcs|device~ same|fail~|too", "no client|machine can", "other client~ too|also|fail~";
    "works-from-another-machine": "from another computer or device it works",
        ask "Does it work from another computer or device?";
        "work~|fine|ok|connect~ from|on|with another|other|different|second pc~|computer~|machine~|laptop~|device~|client_machine", "other|another|different pc~|computer~|machine~|laptop~|device~|user~|colleague~ work~|fine|ok|can|connect~",
        "only|just this|my|one|the pc|computer|machine|laptop|mac|client", "only|just on|from this|my|one pc|computer|machine|laptop|mac", "everyone|everybody|others else|can|work~|connect~",
        "anderen|anderer pc|rechner geht|funktioniert", "autre pc|ordinateur|poste fonctionne~|marche", "otro|otra pc|ordenador|equipo funciona", "one client|computer|pc cannot|fail~ others|rest|other~";
    "works-with-another-client": "with another client program it works",
        ask "Does it work with another Remote Desktop program on the same computer?";
        "mstsc|windows_client|windows_clients|remmina|freerdp|xfreerdp|rdesktop|microsoft_client|official_client|official_app|old_client|older_client work~|fine|ok|connect~",
        "work~|fine|connect~ with|in|using|from mstsc|remmina|freerdp|xfreerdp|windows|another|other|microsoft|older|different client|app|program|version", "other|another|different client~|app~|program~|software|tool work~|fine|ok|connect~",
        "only|just with|in|this|the client|app|program|tool|checker fail~|complain~|crash~", "same server|host work~|fine with|from|in", "work~ with|in mstsc|remmina|freerdp|xfreerdp|rdesktop", "only updated|newer|new|windows client~ connect~|work~",
        "mstsc|windows_client|windows_app|remmina|freerdp|xfreerdp|rdesktop can|authenticate~|succeed~|has_no|have_no",
        "anderes programm|client funktioniert|geht";
    "works-locally": "on the host itself, or in its network, it works",
        ask "Does it work from the host's own network, or on the host itself to localhost?";
        "localhost|127|locally|console|host_itself|server_itself answer~|work~|fine|ok|listen~|connect~", "work~|answer~|fine|connect~ locally|on_the_host|on_localhost|from_the_server|same_subnet|same_lan|same_network|inside",
        "listen~ running|service not reachable|unreachable|cannot|nothing", "server|host|itself|machine to|from itself|localhost|127", "listen~|netstat but|yet every|other|others|nobody|remote", "netstat|ss shows listen~", "itself work~|fine|connect~|answer~", "reachable locally|inside not|but", "lokal funktioniert|geht", "listen~ yet unreachable|timeout|cannot|not";
    "other-hosts-work": "other hosts can be reached from there",
        ask "Can you connect to another host of the same kind?";
        "other|another|all_other server~|host~|vm~|machine~|pcs|boxes work~|fine|ok|unaffected|reachable", "only|just this|one|the host|server|vm|box|machine", "connect~|work~ to other|another server~|host~|vm~|machine~";
    "other-hosts-fail-too": "other hosts behind the same way fail too";
        "every|all|multiple|several|many old|the|our|other|of server~|host~|vm~|machine~|box~ fail~|affected|unreachable|same|at_once|down", "every|all server~|host~|vm~ at_once|fail~|affected|unreachable|same|since", "other|another server~|host~|vm~ also|too|same fail~|unreachable|affected",
        "whole|entire network|site|subnet|farm fail~|down|unreachable|affected", "fleet|whole_estate", "every old|new server|host|vm";
    // Since when.
    "worked-before": "it worked before";
        "worked|working before|earlier|yesterday|previously|until|fine|for_months|for_years|last_week", "used to work", "suddenly|sudden|overnight stop~|fail~|refuse~|cannot|no|broke~", "stopped|stop working|accept~", "no_longer work~|connect~|reachable|possible", "lief|ging bisher|gestern|vorher", "plötzlich", "depuis hier", "desde ayer", "suddenly";
    "since-update": "since an update it fails",
        ask "Did it begin after an update of Windows or of a program?";
        "since|after|following|due|because|blamed|from|with update~|upgrade~|patch~|kb~|rollup|feature_update|22h2|23h2|24h2|25h2", "update~|upgrade~|patch~|kb~ broke~|break~|killed|stop~", "uninstall~|remov~|roll~ update|kb~|patch work~|help~|fix~", "yesterday~ update|patch", "patch_tuesday", "may|june|september|october|november|april patch~|update~", "windows_update",
        "seit|nach update|windowsupdate|aktualisierung", "depuis|après mise", "desde|tras|después actualización";
    "since-new-client-version": "since a new version of the client program it fails";
        "new|newer|newest|latest client|version|release|build|freerdp|remmina fail~|broke~|crash~|not|cannot|stopped", "work~|worked with|in|on|under old|older|previous|earlier|version|client fail~|not with|in|on new~|version|latest", "downgrad~", "regression", "old~|previous|earlier version|client|release work~|fine", "since|after version|v1|v2|v3|upgrade|upgrading freerdp|remmina|client|app|1|2|3", "same command new client|version fail~", "since|from|after|with freerdp|xfreerdp|remmina|guacamole|ironrdp|krdc|client|app 1|2|3|10|11", "bisect~", "latest|last|new|newest update|upgrade|release of|app|client|remmina|freerdp|guacamole|program", "app|client|remmina|freerdp|guacamole update~|upgrade~", "rc1|rc2|rc3|rc5|beta~|alpha~|rcgit~|nightly work~|connect~|fine|fail~|not", "commit~ work~|fail~|broke~|still|before|since", "freerdp|remmina|client|app 2|3 works|fine|ok|connects", "build|built from master|git|main|head";
    "since-hardening": "since security settings were tightened it fails",
        ask "Were security settings, policies or hardening lists applied before it began?";
        "harden~", "cis", "stig~", "security_baseline~|baseline~", "iiscrypto|iis_crypto", "disabl~|turn~|remov~ tls|ssl|3des|rc4|cipher~|rsa|ntlm|des", "best_practices|best_practice", "fips policy|gpo|compliance|setting|switched", "baseline|benchmark|policy|gpo|settings|template rolled|applied|deployed|pushed|out", "schannel registry|settings|keys|hardened|changed", "security_template|security_template~|lockdown|compliance_scan|audit_tool|privacy_tool", "after|since|directly script|policy|gpo|policies|lockdown|compliance|role", "gpo|group_policy|policy appl~|enforc~|change~|set|block~|disable~", "golden_image", "cipher~ registry|order|list", "tweak_script|tweak|debloat~", "härtung|gehärtet";
    "since-rename": "the computer was renamed, joined to a domain or given to somebody else";
        "renam~ pc|computer|host|server|machine", "pc|computer|host|server|machine|hostname renam~|name_change~", "changed hostname|computer_name|owner", "after|since|was|were|just|newly|recently|when|by join~ domain|azure|entra|the|a", "domain join~|rejoin~", "umbenannt", "sysprep~", "changed_owner|changed_hands";
    "since-clone": "the machine is a clone or a restored image";
        "clon~", "duplicat~ sid", "same sid", "sid duplicat~|same|clash", "from|same|golden|master image|template|vm_template|snapshot", "without sysprep", "restored from|snapshot|backup|image", "p2v|v2v", "geklont";
    "names-duplicate-sid": "machines with the same security identifier (SID) are named";
        "same|duplicate~|identical|cloned|double sid|sids|machine_id|security_identifier", "6167", "lsasrv|machine_id mismatch", "sid duplicat~|same|identical|mismatch|clash|conflict", "without|no|not|never|forgot sysprep~";
    "since-migration": "the machine was moved or built anew";
        "migrat~", "moved to|into|from cloud|azure|datacenter|hypervisor|vm|another|new", "server side moved", "reinstall~", "fresh|new|newly install~|image|lab|vm|deploy~|server|pc|machine", "specialised|specialized|generalized";
    "since-restart": "since a restart, or only after one";
        "after|since|following|only reboot~|restart~|power_cut|power_outage", "reboot~ only|after|required|every", "until reboot|restart", "nach neustart";
    "restart-helps": "a restart of the service or the machine helps for a while";
        "restart~|reboot~ fix~|help~|solve~|work~|again|cure~|resolve~", "after|by|with|until|once|unless restart~|reboot~ work~|fine|ok|helps|again|connect~", "need~|require~ restart|reboot", "work~|works once|again after|until reboot~|restart~", "restart termservice|service|xrdp|server work~|fix~|help~", "work~ once then restart|reboot", "neustart hilft";
    "new-setup": "it never worked: the set-up is new";
        "never worked|connected", "first_time setup|set|config~", "new|fresh|just|newly setup|set_up|configured|installed|deployed", "how do i enable|connect", "noch nie funktioniert";
    // For whom.
    "one-user": "only one user, or some, cannot connect",
        ask "Can another user connect from the same computer?";
        "only|just one|single|some|certain|this|my|specific|standard|domain|local|non user~|account~", "another|other|different|second|admin~ user|account|users|accounts|credentials work~|fine|ok|can|connect~", "one|single|specific|this user fail~|cannot|affected|not", "user~ cannot|not|unable admin~ can|work~|fine", "work~|fine for|with|as admin~|another|other|different user~|account|one", "non admin~|administrators fail~|cannot",
        "anderer benutzer geht|funktioniert", "autre utilisateur", "otro usuario";
    "all-users": "no user can connect";
        "all|every|any user~|account~ fail~|cannot|affected|unable|same|rejected", "no user~|account~ can", "nobody|everyone|everybody fail~|cannot|affected|locked";
    // When it ends.
    "at-once": "it fails at once";
        "immediate~ fail~|error~|disconnect~|close~|refus~|drop~", "fail~|error~|disconnect~|close~|authentication immediate~|instantly|at_once|right_away|straight_away", "within second|a_second|1_second|milliseconds", "sofort";
    "after-twenty-seconds": "after about twenty seconds it gives up";
        "after|about|within|around|for|~ 15|18|20|21|23|24|25|twenty|30|thirty second~|sec|s", "20|21|25|30 second~|sec delay|wait|timeout|hang", "long wait|delay|time before|then|until", "hang~|stuck|waits connecting|initiating|forever", "nach 20|25|30 sekunden";
    "after-a-minute": "after about a minute it breaks off";
        "after|about|around|within 60|65|one|1|a|90 second~|sec|minute|minutes|s", "minute or|then drop~|disconnect~|error", "60|65|90 second~|s|sec drop~|freeze~|disconnect~|timeout", "nach einer minute";
    "fixed-delay": "it works after a wait that is always as long";
        "slow|delay~|long|fixed|extra login|logon|connect~|connection|delay|seconds", "takes second~|minute~|long|forever to connect|login|open", "takes 5|6|10|15|20|30|40|45|60 second~|s", "extra 5|6|10 second~", "delay of|before login|logon|prompt|desktop", "verzögerung|dauert lange", "slow or no login|logon";
    "after-credentials": "it fails after the password was entered",
        ask "Does it fail only after you entered user name and password?";
        "after|once|when|upon|right_after|directly enter~|typing|submit~|confirm~|giving|credential~|password|login|logon|credentials|authentication", "credential~|password|login enter~|accept~|confirm~|submit~ then|fail~|error|close~|drop~|dies", "after successful|success login|logon|authentication|nla", "fail~|error|dies|drop~|close~ after|when|at credential~|login|logon|password|authentication|authenticat~", "login_screen reachable", "auth~ success~|ok|work~ then|but|and", "nach eingabe|anmeldung|kennwort", "après saisie|connexion|mot", "tras|después introducir|credenciales";
    "before-credentials": "it fails before a password is asked for";
        "before|without|never|no prompt~|asked|ask~|credential~|password|login", "never|not get|gets|reach~|see~|prompt~|asked to|for|the credential~|password|login|prompt", "ohne kennwortabfrage|anmeldefenster", "fails before login|credentials|password";
    "password-again": "the password is asked for again and again";
        "keep~|repeat~|again|endless~|loop~ ask~|prompt~|password|credential~|login", "prompt~|ask~ again|repeatedly|loop|over_and_over|endless", "password|credential~|login loop|prompt again|loop|repeated~|reappears", "immer wieder kennwort|passwort|anmeldung";
    "now-and-then": "it happens now and then",
        ask "Does it fail only now and then?";
        "intermittent~|random~|sporadic~|occasional~|sometimes|flaky|unreliabl~|erratic~", "now_and_then|from_time_to_time|every_so_often", "every|some second|third|other|few try|attempt~|time~|connection~|day~", "not always|every_time", "1|one of|out_of|in 2|3|4|5|10", "flips|comes_and_goes", "manchmal|sporadisch|gelegentlich|ab_und_zu", "parfois|aléatoire~|intermitten~", "a_veces|intermiten~";
    "several-at-once": "it fails when several connect, or after some have";
        "many|several|multiple|concurrent|simultaneous|too_many|second|third user~|session~|connection~|client~|login~", "limit of|reached|maximum|max session~|connection~|user~", "when another|others|somebody|someone|someone_else|colleague connected|logged|connects|active|signed", "second|2nd|third|other|another person|people|colleague|admin~|employee is|connected|logged|wants", "log|logging|sign|signing them|him|user|off|out|others off|helps|works|frees", "number of connections|sessions|users", "already in_use|connected|logged", "maximum connection|session~|number", "maxoutstandingconnections";
    // How it looks.
    "black-screen": "the screen stays black or blue after the logon",
        ask "Does the screen stay black, or blank, after the logon?";
        "black|blank|blue|grey|gray|white|teal|empty screen|desktop|window|background|login", "schwarz~ bildschirm", "écran noir", "pantalla negra", "screen stays|turns|goes black|blank|blue", "only cursor|mouse|pointer";
    "freezes": "the session freezes or is cut while in use",
        ask "Did a session open, and freeze or break off later?";
        "freez~|froze|frozen|hang~|stall~|lag~ session|during|after|screen|desktop|mid|rdp", "session freez~|froze|drop~|disconnect~|die~|cut|lost|end~|hang~", "disconnect~|drop~|kick~ after|during|mid|every|random~|while|frequent~", "mid session", "constantly|frequent~ disconnect~|drop~|reconnect~", "disconnects|dropouts|drops", "bricht ab|hängt|friert", "se bloquea|congela|désconnexion|déconnexions", "reconnect~ attempt~|every|loop";
    "session-ends-at-once": "the session begins and ends at once";
        "session|desktop|login start~|begin~|open~|appear~ then|and|end~|close~|exit~|immediately", "log~ in|on then|and immediately|straight|instantly close~|disconnect~|logged|out|kick~", "flash~|briefly|instant|second desktop|window|screen|then", "connect~ then immediately|instantly|at_once disconnect~|close~|drop~|gone", "session|desktop|window|connection|screen close~|end~|disconnect~|disappear~|vanish~|exit~|terminat~ right_after|immediately|directly|instantly|shortly_after|after login|logon|connect~|credentials|seconds|sign", "close~|disconnect~|exit~ right_after|immediately_after|directly_after|after login|logon|connect~|sign", "logged_off|logged_out|signed_out immediately|again|at_once|right|instantly", "logs|logged out|off immediately|instantly|again", "handshake complete~ then session|end~|clos~|drop~", "immediately logged|kicked out|off", "session end~ when|after|as|at video|graphics|init~|start~|stream", "window closes|disappears";
    "internal-error": "the client says only that an internal error occurred";
        "internal_error", "interner_fehler", "erreur_interne", "error_interno";
    "nothing-shown": "no answer at all: the client waits or times out";
        "time~ out", "timeout~|times_out|timed_out", "no answer|response|reply", "never connects|answers|responds", "hang~ at connecting|initiating|configuring", "zeitüberschreitung", "délai dépassé|expiré", "tiempo espera agotado";
    "certificate-warning": "a certificate warning or question is shown";
        "certificate|cert warning|prompt|question|dialog|popup|error~|problem~", "warn~ certificate|cert|identity", "identity of|cannot verified|verify", "accept~ self_signed|certificate|cert", "zertifikatswarnung|zertifikatfehler", "security_certificate problems", "trust~ certificate|cert";
    "server-log-empty": "nothing arrives in the server's log";
        "nothing|no|empty|without in|arriv~|log~|entry|entries|event~ log~|server|arriv~", "log~ empty|nothing|no_hint|no_entry|shows_nothing|show_nothing", "server never|not sees|see|receives|logs", "no event~ on|at server|host";
    // Other ways in.
    "ping-works": "the host answers to ping",
        ask "Does the host answer to ping, or do other services on it work?";
        "ping~ work~|ok|fine|answer~|respond~|succeed~|success~|reply|replies", "can|able ping", "ping_ok", "pingable|pingt", "respond~|answer~|repl~ to ping", "other services|ssh|smb|winrm|website|share~ work~|fine|reachable|ok", "host|server is up|alive|online|running", "ping geht|funktioniert";
    "ping-fails": "the host does not answer to ping";
        "ping fail~|timeout|no|not|lost|unreachable", "cannot|cant|not|no ping", "not|no respond~|answer~|reply to ping", "vm|host|server|machine|pc|computer unreachable|offline|unresponsive|dead|down|silent", "connectivity loss|lost", "unreachable", "lost|no|loss|without network|connectivity|connection entirely|all|lost", "no network", "ping geht nicht";
    "port-open": "the port is open by a port test";
        "port|3389 open|listen~|reachable|answers|check_passes", "telnet|test_netconnection|nc|nmap|tcptest~ work~|ok|succe~|true|open|connect~", "tcptestsucceeded true", "port_check passes|ok", "tcp work~|ok|fine|connect~|open", "port offen";
    "port-closed": "the port is closed by a port test";
        "port|3389 closed|filtered|blocked|not_reachable|unreachable|not_open|refus~", "telnet|test_netconnection|nc|nmap|tcptest~ fail~|false|refused|timeout|closed|filtered", "tcptestsucceeded false", "not listening|listen", "nothing listen~", "actively_refused", "unable|cannot reach port|3389", "port geschlossen|zu", "no_longer reachable";
    "admin-works": "with /admin it works";
        "admin|console work~|ok|fine|succeed~|session_works", "mstsc admin|console work~|still|fine|connect~", "work~|fine with|using admin|console|admin_switch", "with admin it";
    "disabling-udp-helps": "with TCP only it works",
        ask "Does it work with UDP switched off in the client (TCP only)?";
        "disabl~|turn~|switch~|without|no|block~ udp", "udp off|disabled", "tcp only|instead", "fclientdisableudp";
    "disabling-nla-helps": "without NLA it works";
        "disabl~|turn~|switch~|without|untick~|uncheck~ nla|network_level", "nla off|disabl~|unchecked";
    "disabling-security-software-helps": "with the security software or VPN switched off it works",
        ask "Does it work with the antivirus, security software or VPN client of the host switched off?";
        "disabl~|uninstall~|turn~|remov~|paus~|exclu~|whitelist~|quit antivirus|av|eset|bitdefender|kaspersky|norton|mcafee|sophos|defender|malwarebytes|avast|avg|crowdstrike|sentinelone|edr|expressvpn|nordvpn|security", "work~|goes_away|gone|fine if|when|with|after|without antivirus|av|eset|bitdefender|kaspersky|norton|mcafee|sophos|malwarebytes|avast|avg|edr|expressvpn|nordvpn|rustdesk|vpn off|disabled|removed|uninstalled|stopped",
        "goes_away with|when|after", "virenscanner|virenschutz aus|deaktiviert";
    // What people name as broken.
    "names-security-software": "security software, an antivirus or another program of the host is named";
        "antivirus|anti_virus|virenscanner|malware|quarantin~|eset|bitdefender|kaspersky|norton|mcafee|sophos|malwarebytes|avast|avg|crowdstrike|sentinelone|edr|xdr|webroot|trend_micro|symantec|comodo|zonealarm|f_secure|panda|cylance|carbon_black", "kill_switch|killswitch|expressvpn|nordvpn|surfshark|protonvpn|mullvad", "third_party|3rd_party software|app~|program|tool|av|security", "third_party|3rd_party|security_product|security_software|security_suite|endpoint_protection", "rustdesk|anydesk|teamviewer|splashtop|rdpguard|duo", "file~ deleted|removed|missing|quarantin~ by|file", "servicedll|service_dll|termsrv|rdpwrap|rdp_wrapper|wrapper", "missing file|dll", "vpn on|blocks loopback|localhost|server|target", "blocked by software|app|program|defender", "banking|trusteer|rapport|driver filter|wfp|callout";
    "names-host-firewall": "the firewall of the host is named";
        "windows|host|local|defender|guest firewall", "firewall rule|rules|profile|profiles|service|misconfig~|enabled|turned|blocks|blocking|block|setting~|disabled|off", "ufw|iptables|nftables|firewalld|mpssvc|bfe|bfeservice|base_filtering_engine|netfirewall~|netsh_advfirewall|wf", "public profile|network", "profile|network turned|changed|switched|set|is|became public|private|domain", "rule|rules only|covers|scope|profile|applies|private|domain|public", "inbound rule|rules|block~|traffic|connections", "ipsec policy", "enable_netfirewallrule|displaygroup", "blocks all inbound|traffic", "windows_firewall", "firewall~", "network_location";
    "names-network-firewall": "a firewall, router, port forwarding or cloud rule on the way is named";
        "router|nat|port_forward~|portforward~|isp|provider|carrier|cgnat|security_group|nsg|acl|perimeter|edge|network_security_group|asg|azure_firewall|fortigate|sonicwall|palo_alto|pfsense|opnsense|mikrotik", "firewall corporate|company|network|hardware|edge|perimeter|between|appliance", "corporate|company|network|hardware|perimeter|campus|school|library|hotel|guest firewall|network|wifi|wi", "public|external|wan ip|address", "from_the_internet|from_outside|from_internet", "3389 blocked|filtered|closed by|at isp|provider|network", "inbound rule|port on router|cloud|portal";
    "names-middlebox": "an inspecting device on the way is named";
        "inspect~|dpi|ips|ids|utm|proxy_filter|ssl_inspection|tls_inspection|deep_packet|middlebox|sni|nat_timeout|idle_timeout|reset_by_firewall|waf|zscaler|netskope|forcepoint|bluecoat", "firewall drop~|reset~|kill~|cut~|closes|terminates tls|connection~|session~|idle|flow~", "idle|half_open connection~|session~ drop~|reset~|cut", "drop~|disconnect~|reset~|cut|ends|closed after|every exactly|idle|precisely", "exactly|every|precisely 5|10|15|20|30|60 minute~|min|hour", "firewall|proxy|nat|appliance|gateway|router session|idle|connection|tcp|state timeout|timer|table|limit", "ssl|tls|https|traffic inspection|intercept~|decrypt~|scan~|scanning|interception", "application_control|app_control|web_filter|content_filter|next_gen|ngfw|traffic_shaping|intrusion|checkpoint|check_point|meraki|watchguard|sophos_utm|sophos_xg|fortinet|fortiguard", "rst inject~|forged|from_firewall";
    "names-ban": "a ban of this address is named or supposed";
        "ban|banned|bans|banning|fail2ban|ipban|rdpguard|crowdsec|evlwatcher|cyberarms|blocklist~|blacklist~|denylist~|block_list", "ip|address block~|ban~|blacklist~|locked", "too_many fail~|attempts|logins", "block~|bans|banned|blacklist~ ip|address|office|us|me", "few|several|many|repeated|after|some wrong|failed|bad|incorrect|mistyped password~|login~|logon~|attempts|tries|credentials", "address|ip is|was|got|gets blocked|banned|blacklisted|blocklisted|locked|denied", "jail", "rate_limit~|lockout_policy", "brute_force", "lock~ out after|ip|address", "password~|login~|credential~|logged wrong|failed|incorrect|badly several|many|few|too_many|times|often|repeatedly", "refused|blocked|denied|timeout from my|our|this|one ip|address", "gesperrt ip|adresse", "worked until disconnect~|then";
    "names-routing-or-vpn": "a route, a VPN or the network on the way is named as down";
        "route|routes|routing|routed|udr|route_table|next_hop|vlan|peering|static_route|asymmetric", "vpn|tunnel|tailscale|wireguard|zerotier|openvpn|ipsec|l2tp|anyconnect|globalprotect|forticlient|hamachi|tailnet down|disconnected|logged_out|not_connected|expired|off|drops|dropped|dead|broken|fail~|lost", "packet~ dropped|lost|blackholed", "no|without|last handshake|handshakes since|yesterday|peer|wireguard|hours|days", "tunnel|vpn|wireguard|tailscale|peer up|connected but|no|nothing|handshake", "remote|whole|entire|other network|site|office|subnet|lan unreachable|down|offline|answers", "not|no_longer|was connected|logged vpn|tailscale|zerotier|network", "vpn|tunnel|tailscale|zerotier client|account|key expired|logged|off|out|stopped|not", "user_defined|return|default|asymmetric route|routing|traffic|path", "router|uplink|isp|provider|line|internet changed|change|down|outage|replaced|broken|failed", "wrong|no|missing|bad route|gateway|subnet", "routetarget~|route_target", "network path|verdict|fault|outage|route", "ping ok|works dies|drops|fails", "vpn drops|fails|down|on_the_target";
    "names-udp": "the UDP side transport is named";
        "udp|rdp_udp|udp_transport|shortpath|multitransport|dtls|rdpeudp";
    "names-mtu": "packet sizes are named: MTU, fragments";
        "mtu|mss|fragment~|pmtu~|jumbo|1500|1492|1400|1372|1380|packet_size|large_packets|big_packets|df_bit|dont_fragment", "ppp|pppoe|l2tp|gre", "small|short packets|pings pass|work~|fine|ok", "large|big|full packets|frames|pings|segments lost|drop~|fail~|stall~|not", "ping f|l|df", "lower~|reduc~|smaller mtu|mss", "1500_byte", "paketgröße";
    "names-name-service": "the name or its resolution is named";
        "dns|hosts_file|nslookup|name_resolution|nxdomain|magicdns|resolver|resolv~|search_suffix|netbios_name|wins|mdns|stale_record|dyndns|ddns|a_record|cname", "not|cannot|could|unable resolve|find|found host~|name|computer|pc|server", "cannot|cant|can_not|unable find|locate computer|pc|host|server", "wrong_ip|wrong_address|old_ip|old_address|stale_ip|other_ip|wrong_host|wrong_machine|wrong_server|wrong_computer|wrong_record|old_record|stale_record|outdated_record|previous_address|old_server", "name|record|dns|hostname points|resolves|pointed|resolved|leads to", "name|hostname|fqdn|dns|ping~ goes|resolv~|point~|lead~|answer~|returns different|wrong|old|another|other", "nslookup|ping|dns gives|shows|returns|says old|wrong|another|different|previous", "not|no_longer|never|doesnt|cannot|wont resolv~", "nslookup nothing|fails|wrong|different|timeout|returns", "short|netbios name|host not|fail~|doesnt", "suffix|fqdn needed|missing|required|works", "search_domain|search_list|dns_server|name_server|dnssec|split_dns|private_dns|dns_suffix", "ptr|cache dns|stale|flush~", "flushdns|flush_dns", "unknown_host|host_not_found|no_such_host", "name nicht gefunden|aufgelöst";
    "names-power-or-health": "the host is off, asleep, in trouble or starting";
        "asleep|sleep~|hibernat~|powered_off|shut_down|shutdown|standby|wake~|bsod|bluescreen|blue_screen|boot_loop|not_booting|wont_boot|safe_mode|safemode|safeboot|recovery_mode|chkdsk|startup_repair|kernel_panic", "disk|drive|storage full|space|failing|failed|corrupt~|slow", "out of memory|resources|disk|ram|handles", "memory|ram|cpu|disk|resource~|handle~ exhaust~|full|100|high|pressure|leak~|low|starv~|overload~", "high|100|excessive|heavy cpu|memory|load|usage", "overload~|unresponsive|hung|frozen|stuck vm|host|server|machine|guest|boot|update~|updating", "workstation~|lanmanworkstation|server_service|rpcss|rpc_service|eventlog_service|core service|stopped|service", "service|services workstation|rpc|core|dcom stop~|disabled|not", "getting_windows_ready|getting_windows|preparing_windows|applying_updates|working_on_updates|boot_failure|boot_error|bitlocker|recovery_screen|blue_screen|spinning_dots", "boot~|startup|start stuck|fail~|hang~|loop~|stop~", "stuck at|in|on|during boot|startup|getting|welcome|update~|logo", "not|never|wont|fail~|failed to boot|boots|start_up", "screenshot shows", "every service|services|thing|program slow", "server|host|machine|everything|computer very|too|extremely|so slow", "needs|must be rebooted|restarted every|daily|weekly|regularly", "sleep|energy|power mode|saving|plan|settings|off", "computer|pc|host|machine|laptop went to sleep", "starting_up|still boot~|boots|vm starting|booting", "captures proved|prove network|tunnel|path fine|ok|clean", "not_the network|vpn", "vm not_running|stopped|deallocated|off", "pc|computer|host|server|machine|laptop|workstation|vm turned_off|switched_off|powered_down", "turned_off|switched_off pc|computer|host|server|machine|laptop|vm";
    "names-network-card": "the host's network card or address is named";
        "nic|nics|nicdisabled~|primarynic~|secondarynic~|networkadapter~|networkcard~|networkinterface~|staticip~|ipconfig~|ipaddress~|nsiservice~|netprofm~|dnsclient~|dnscache~|tcpip~|network_card|network_adapter|adapter|ethernet|dhcp~|static_ip|apipa|169|ip_conflict|ip_address_conflict|duplicate_ip|mac_address|tcpip|nsi|netsetup|primarynic~|ipconfig|link_local|dns_client_service|network_store", "network card|adapter|interface|driver disabled|missing|off|broken|disconnected", "guest network|nic|ip|address", "wrong_ip|static_ip|no_ip|bad_ip|duplicate_ip|static_address|duplicate_address|wrong_subnet|wrong_mask|wrong_gateway|no_gateway|subnet_mask|default_gateway|same_address", "network interface|adapter|card disabled|removed|missing|changed|deleted|off|down", "static|fixed ip~|address inside|in|set|guest|vm", "adapters|interfaces|nics|cards have|with|share same", "mac_address|hyper_v_switch|virtual_switch|vswitch|vmxnet|e1000|virtio", "second|two|secondary nic|nics|ip|adapters", "netzwerkkarte|netzwerkadapter", "same|identical|duplicate ip|ip_address|address", "both|two machines|computers|hosts|devices have|use|with same ip|address";
    "names-disabled": "Remote Desktop is switched off, or the edition has none";
        "remote_desktop|rdp|remotedesktop|remote_connections disabl~|off|turned_off|not_enabled|not_allowed|switched|found_disabled", "disabled remote_desktop|rdp|remote_connections", "fdenytsconnections|fdenyts~|rdpsetting|denytsconnections", "home edition|version|sku", "windows home|starter|core", "family edition", "not|is enabled remote|rdp", "gpo disables|denies rdp|remote~|connections", "allow_remote|enable_remote|enable_rdp", "no_rdp after", "remotedesktop deaktiviert|ausgeschaltet", "bureau distance désactivé", "escritorio remoto deshabilitado|desactivado";
    "names-service": "the Remote Desktop service does not run or hangs";
        "termservicestop~|termservicedisabled~|termservicestuck~|servicestop~|servicestuck~|rdsservice~|remotedesktopservice~|termservicehung~", "termservice|term_service|termserv~|sessionenv|umrdpservice|remote_desktop_service~|terminal_service~|xrdp_service|svchost~|xrdp|grd|gnome_remote_desktop stop~|not_running|not_start~|wont_start|crash~|hung|hang~|stuck|fail~|disabled|cannot|dead|inactive|down|does_not_start|terminat~", "service~ stop~|not|fail~|crash~|hung|stuck|disabled|wont|cannot|terminat~|stopping|start_failed", "start|starting service|termservice fail~", "service start_failed|start|failed", "cannot|unable|not stop|start|restart service|termservice", "dienst beendet|startet|läuft", "service arrêté", "servicio detenido", "stuck stopping|starting", "service|services set|is to|disabled|manual|stopped", "error 1075|1068|1053|1067|7000|7001|7023|7031|7034", "port opens|open|accepts but|no|nothing|never|hangs answer~|response";
    "names-listener": "the listener of Remote Desktop is missing or broken";
        "listener|rdp_tcp|winstation~|qwinsta|query_session|netstat nothing|no", "qwinsta|query_session shows|lists no|nothing|only", "no|missing|lacks|without|not|broken listener|rdp_tcp|listen~|listening", "listener missing|broken|gone|down|not|failed|corrupt~|deleted|state", "netstat|ss|tcpview shows|show|lists nothing|no|not|empty", "nothing|not|no listening|listens|listener on|3389|rdp", "tsconfig|tscc|rdp_tcp deleted|removed|missing|reset", "service runs|running|started|up but|although|yet|and nothing|no|not", "termsrv_dll|rdpwrap|rdpwrap_ini version|not|supported|offsets|update~|ini", "rdp_tcp missing|gone|not|deleted|lacks", "rdpwrap|rdp_wrapper|termsrv_dll|termsrv|rfxvmt|wrapper unsupported|not|patch~|mismatch|supported", "not listening on|3389", "fenablewin8extensions|fenablewinstation|winstations", "termservice access_denied|denied|does_not_start|not_start", "listener not listening", "listener|listening state|status no|not";
    "names-port": "another port, or another program on the port, is named";
        "wrong|different|other|another|custom|non_standard|nonstandard|changed|new|web port", "port chang~|conflict~|clash~|in_use|taken|occupied|owned|used|mismatch|already|moved", "portnumber|port_number|rdpport~|portchanged~|listenerport~|portconflict~|customport~", "port|3389 owned|used|taken|occupied|held by", "ports clash|conflict", "another|other process|program|service|server own~|us~|listen~|occup~|hold~|has", "both|two want|wants|use|using|listen~|bind|servers|services|same port|3389", "forgot~|without|missing|omit~|add~|specify|append|needs|need the|a port|port_number", "port after|in|behind|to address|name|field|computer", "already in_use|bound", "user typed|entered port", "owns it|the_port|port|3389", "8006|3390|3391|33890|13389|49152", "anderer port", "address_already_in_use|bind_fail~";
    "names-forwarder": "a forwarder, tunnel, load balancer or container before the host is named";
        "frp|frpc|frps|ngrok|stcp|socat|haproxy|nginx|traefik|rinetd|portproxy|cloudflared|cloudflare|chisel|stunnel|bastion|jump_host|jumphost|jumpbox|load_balancer|loadbalancer|reverse_proxy|tcp_proxy|proxy_protocol|kubernetes|k8s|docker|podman|container|lxc|qemu|port_map~|ssh_tunnel|ssh_l|autossh|iap|ssm|boundary|teleport|forwarder|forwards|proxy|proxies|relay|backend|upstream", "tunnel points|pointed|leads|forwards|targets|to|ends", "ssh tunnel|forward~|l", "forward|forwarding|mapping|published|exposed port|wrong|to|off|down|dead|nothing", "guest|container|pod|backend still|not|is|was boot~|starting|off|ready|down", "accepts|opens then|and|but closes|drops|nothing|no", "marked|backend|health_check|pool down|unhealthy|empty|fails|member", "forward~ to|local_port|wrong|nothing|port|22|connection~", "nothing|no behind|backend|upstream", "connection held|holds|wait~ backend|approval|boot|vm";
    "names-wrong-service": "what answers there is no Remote Desktop server";
        "ssh|vnc|web_server|http|https|spice|hyper_v_socket|vsock|telnet answers|there|on_the_port|instead|server|only|listens", "not_an|not_a|no|isnt_an rdp_server|rdp_service|rdp_protocol", "not_an_rdp|no_rdp_server|is_not_rdp|isnt_rdp|other_protocol|different_protocol|vsock|spice", "does_not offer|speak|support rdp", "service replaced|removed", "enhanced_session|vmconnect", "banner", "is an|a|the ssh|web|http|https|vnc|telnet|ftp|smtp|mail port|server|service", "turned_out|proved|port_is|port_was|answers_with|answered ssh|vnc|telnet|ftp|smtp|http|https|webserver|web_server";
    "names-connection-limit": "a limit of connections or sessions is named";
        "limit|limits|maximum|max session~|connection~|user~|reached", "connection~|session~ limit|limited|exceed~|maximum|exhaust~|full", "too_many connection~|session~|users", "single_session|one_session|two_sessions|half_open|maxconnections|maxinstancecount", "only|just two|2|one session~|user~|connection~ allowed|at", "connections|sessions to|are|is limited|in_use|used|exhausted|taken", "number of connections|sessions|users limit~|exceed~|max~|in", "second|another|other|third person|user|colleague|admin connected|logged|session|kicks", "all licenses|slots|sessions|connections in|used|taken|busy", "scanner~|bots|brute_force half_open|sessions|connections|fill", "half_open|halfopen|pending connections|sessions", "log_off|logoff|logging_off session~|user~|old|disconnected|works|helps|frees", "disconnected|stale|old session~ remain|block~|left";
    "names-key-store": "the store of private keys, or access to it, is named";
        "machinekeys|machine_keys|machinekeys~|keypermission~|rsakeys~|f686aace~|key_store|keystore|key_container|keyset|cng|kps|crypto_rsa|cryptography", "access denied|permission~ key|keys|machinekeys|certificate|self_signed", "key|keys|certificate permission~|access|acl|access_denied", "cannot|unable|failed replac~|creat~|renew|recreate|regenerat~ self_signed|certificate|its", "36870|1057|1058|36869", "network_service", "schlüsselspeicher";
    "names-private-key": "the server's private key is named";
        "private_key|privatekey|private_keys", "key unusable|not|missing|unreadable|exportable|imported|persist~|wrong|mismatch|read", "after|since binding|bound|assigned|assigning|importing|installing|replacing|setting|new|own|custom|ca|public certificate|cert|wildcard|pfx", "wildcard|ca_signed|ca_issued|own|public|internal_ca certificate|cert", "without|no|lost|missing private_key", "wmic|set_ciminstance|set_wmiinstance certificate|cert|thumbprint|rdp", "ecdsa|ecc|elliptic|pfx|p12|thumbprint|sslcertificatesha1hash|ssl_certificate_sha1|winacme|win_acme|letsencrypt|lets_encrypt|custom certificate|cert|key|bound|binding", "certificate|cert import~|bound|assign~|bind~|replaced|custom|installed|enrolled", "import~|bind~|bound|assign~ certificate|cert|pfx", "hasprivatekey", "privater schlüssel|privaten schlüssel";
    "names-linux-key": "a key file of a Linux server cannot be read";
        "key_pem|cert_pem|key_file|ssl_cert|snakeoil|tls_key|tls_crt|rdp_tls", "key|cert|certificate owned|readable|root only|root", "xrdp|grd|daemon|service user group", "private_key file|permission|read|unreadable", "cannot|could read|open private_key|key|certificate|cert_pem|key_pem", "xrdp key|certificate|cert permission|read|denied|group", "permission_denied key|pem|cert|certificate|tls";
    "names-certificate-dates": "a certificate that expired, is missing or was not renewed is named";
        "certificate|cert|certs expir~|outdated|out_of_date|stale|old|renew~|missing|corrupt~|broken|invalid|deleted|damaged|regenerat~|recreat~", "expir~|outdated|stale|corrupt~|missing|broken|invalid|renew~|delet~|recreat~|regenerat~ certificate|cert|self_signed|certs|x509", "zertifikat abgelaufen|erneuer~|fehlt", "certificat expiré", "certificado caducado|vencido", "not_after|notafter", "certificateexpired~|certexpired~|rdpcertificate~|rdpcert~|selfsignedcert~|certificatemissing~", "1056|1059";
    "names-certificate-trust": "a certificate that is not trusted, or for another name, is named";
        "certificate|cert untrusted|not_trusted|mismatch|name|wrong_name|different|chain|authority|ca|verif~|authenticat~|revoked|revocation|crl|issuer|self_signed|problems", "untrusted|self_signed|revoked|mismatch~|unverified|unknown certificate|cert|ca|authority|issuer|name", "could_not be authenticated|verified", "name mismatch|does_not_match", "certificate problems|error~", "zertifikat vertrauenswürdig|name", "crl|ocsp|revocation", "authentication_level strict";
    "names-tls-version": "TLS versions, ciphers or an old machine are named";
        "tls_1_0|tls_1_1|tls_1_2|tls_1_3|tls1|tlsv1~|tls10|tls11|tls12|tls13|sslv3|ssl3|ssl_3|openssl~|seclevel|security_level|cipher~|3des|dh_key|sha1|sha_1|md5|rsa_1024|weak_key|key_too_small|legacy_tls|old_tls|unsupported_protocol|wrong_version|handshake_failure|no_shared_cipher|gnutls|schannel", "tls|ssl version|versions|level|disabled|old|error~|handshake|fail~|failure|negotiat~", "2008|2008r2|2003|xp|vista|windows_7|win7|windows_xp|server_2008|server_2003|old_server~", "old_server|old_host|old_windows|old_system|legacy_server|legacy_host|old_machine|outdated_server", "old|legacy|ancient|outdated windows|tls|openssl|crypto|thin", "rc4 cipher~|suite~|md5|3des|des|encryption", "cipher~|tls|disabled rc4", "disabling tls|3des|rc4", "security_seclevel|tls_seclevel|sec_tls";
    "names-security-layer": "the security protocol or layer is named";
        "security_layer|securitylayer~|rdpsecurity~|encryptionlevel~|security_protocol|sec_rdp|sec_tls|sec_nla|security_type|security_mode|negotiat~|protocol_security|rdp_security|standard_rdp|encryption_level|minencryptionlevel|ssl_required|ssl_not_allowed|requestedprotocols|selectedprotocol", "wrong security|protocol", "sec rdp|tls|nla|any", "security mode|layer|type|setting|level|protocol", "security_layer|securitylayer rdp|tls|negotiate|0|1|2", "standard|native|classic|legacy rdp security|encryption", "no|not|without common|shared|matching security|protocol|mode", "ssl_not_allowed_by_server|ssl_required_by_server|ssl_with_user_auth_required_by_server|hybrid_required_by_server", "protocol|security not_supported|mismatch|unsupported|failure", "only updated|newer client~|windows", "allow_connections_only", "negotiate|negotiation fail~|failed|failure|error|security";
    "names-nla": "NLA is demanded and the client cannot, or has it off";
        "nla|network_level|network_level_authentication required|requires|demand~|enforced|only|needs|without|unsupported|not_support~|cannot|support|enabled|failure_code", "require~|enforc~|demand~|need~|want~|insist~|expects nla|network_level|credssp", "nla|credssp is|was required|enforced|demanded|mandatory|turned_on|enabled|on", "does_not|doesnt|cannot|cant|not|never do|speak|offer|know|handle|support nla|credssp", "old|older|thin|legacy client|app|terminal no|without|lacks nla|credssp", "not|no|without|lack~ support|supports nla|credssp", "client without|lacks|no|cannot nla|credssp", "hybrid_required~|failure_code_5|neg_failure|failurecode", "credssp initialize|not_supported|failed|unsupported|support", "kerberos_tgt", "untick~|uncheck~|disabl~|turn~|without|unless nla|network_level", "nla|network_level_authentication|credssp disabl~|off|unticked|unchecked", "computers|connections with|running network_level", "failure 5", "rdp_neg_failure", "userauthentication";
    "names-credssp-patch": "the CredSSP update of 2018 is named";
        "kb4093492|kb4088776|kb4088787|kb4088875|kb4088876|kb4088877|kb4088879|kb4088880|kb4103715|kb4103716|kb4103718|kb4103721|kb4103723|kb4103725|kb4103726|kb4103727|kb4103730|kb4103731|kb4103712|kb4295591", "march|may 2018|13th|8th update~|patch~|windows", "2018 update~|patch~",
        "oracle|encryption_oracle|credssp_encryption|cve_2018_0886|allowencryptionoracle|2018_0886", "credssp update~|patch~|remediat~|error|mitigat~|due|version", "unpatched|not_patched|patch_level|patches", "authentication_error credssp|function|unsupported|not_supported", "function_requested_is_not_supported", "due to credssp", "may_2018|march_2018|kb4103~";
    "names-kerberos": "Kerberos, a domain controller or the domain is named";
        "kerberos|kdc|spn|spns|realm|krb5|tgt|tgs|ticket|setspn|keytab|kinit|krb~|kdcproxy|kdc_proxy", "domain_controller|dc|dcs|netlogon|domain unreach~|unavailable|down|trust|contact~|offline|not|join~|controller", "domain_controller~|active_directory|adds|netlogon|secure_channel|trust_relationship", "local_security_authority", "cname|alias|dns_alias", "protected_users|remote_credential_guard|credential_guard|restricted_admin|rc4_disabled|encryption_type~|etype", "no_authority|logon_server~", "domäne|domänencontroller";
    "names-clock": "the clock is named";
        "clock|clocks|time_skew|time_sync~|ntp|w32tm|w32time|chrony|timezone|time_zone|system_time|date_time|wrong_time|wrong_date", "time|date difference|wrong|off|differ~|skew|drift|sync~|incorrect", "uhrzeit|systemzeit", "minutes_apart|minutes_behind|minutes_ahead|minutes off|fast|slow";
    "names-crypto-library": "the client's cryptography library is named: FIPS, MD4, RC4";
        "fips|md4|legacy_provider|legacy_providers|legacy_so|hmac_md5|rc4_hmac", "openssl 3|legacy|fips", "ntlm|ntlmv2 disabled|unavailable|not|crypto|md4|provider|fail~|hash", "winpr|libwinpr crypto|md4|ntlm|hash|internal_md4", "el9|rhel9|rhel_9|enable_nla", "only|just when|with|if ntlm";
    "names-ntlm-blocked": "NTLM is refused by policy";
        "ntlm block~|restrict~|disabl~|refus~|deni~|not_allowed|audit|off|deny", "restrict~|block~|disabl~|deny|refuse ntlm", "restrictreceivingntlm~|restrictsendingntlm~|lmcompatibility~";
    "names-account": "the account, its password or its rights are named";
        "account|accounts|user|password|administrator|admin expir~|disabl~|locked|lock|denied|restrict~|renam~|wrong|incorrect|reset|change|changed|must|blank|empty|removed|not_allowed", "expir~|wrong|incorrect|locked|disabled|blank|empty|bad|reset password|account|credential~|user|admin~", "remote_desktop_users|remote_desktop_users_group|seremoteinteractive~|sedenyremote~|sedenynetwork~|deny_log~|logon_right~|user_right~|rights_assignment|logon_as|allow_log~|log_on_through|deny_access|deny_network|denylogon|logon_hours|workstation_restrict~|logon_type", "logon|login|access denied|failure|not_allowed|restricted|rejected", "group|member membership|users|admins not|missing|removed|added", "not|no permission|right|rights|privilege|authorized|allowed|authorised log|logon|login|connect|rdp|remote|to|sign", "microsoft_account|live_account|outlook_account|windows_hello|pin|passwordless", "pin only|instead|not|login|sign", "password never|not|was|has changed|set|reset|expired|rotated", "no|blank|empty|without password", "changed|reset|new|old|rotated password", "not authorized|authorised|allowed|permitted|member", "must|needs|has|have to_be member|in group|users", "remote_desktop_users|rdp_users", "group_membership|logon_as_a|allow_log_on", "user|account|login|logon denied|rejected|refused|forbidden|lockout|locks", "account_lockout|locked_out|lockout", "built_in_admin~|builtin_admin~|adminsetting|adminpwd~", "user_account_restriction|account_restriction~", "restricted user|admin|logon", "konto gesperrt|abgelaufen|deaktiviert", "kennwort abgelaufen|falsch", "mot_de_passe expiré|incorrect", "contraseña caducada|incorrecta", "protected_users member|group|account|in", "member protected_users";
    "names-entra": "an Entra ID or Azure AD account is named";
        "azuread|azure_ad|entra~|aad|aadj|aadsts|cloud_pc|pku2u|hybrid_join~|intune|hello_for_business|conditional_access|web_account|enablerdsaad~|office365|office_365|work_account";
    "names-saved-entry": "something the client has saved is named: host key, profile, credentials";
        "known_hosts|known_host|host_key|host_identification|fingerprint|thumbprint_changed|stored_credential~|saved_credential~|saved_profile|cached_credential~|credential_manager|cmdkey|saved_password|stored_password|saved_connection|old_profile|server_key|termsrv_credential|windows_vault|keyring", "remote_host_identification", "delet~|clear~|remov~|new saved|stored|cached|known|profile|credential~|entry|cache", "delet~|clear~|remov~|renam~ default_rdp|mru|rdp_file|known_hosts|known_hosts2|fingerprint|thumbprint|server_key", "default_rdp", "old|previous|wrong|outdated password|credentials saved|stored|cached|remembered|in", "uses|using|used|sends|tries|remembers|keeps old|previous|saved|stored|cached|outdated", "work~|fine as|with|under another|different|other|new|fresh user|profile|account same|on", "host_key_for|key_for_the_server|server_key has_changed|changed|mismatch", "saved|stored|cached|remembered|old credential~|profile|password|entry|connection|fingerprint|key|certificate", "identification has_changed|changed", "host_key changed", "gespeicherte anmeldedaten|anmeldeinformationen|profil", "share~ host_name|127|localhost|known", "after reinstall|upgrade host|key|identification";
    "names-client-settings": "a setting of the client is named";
        "rdp_file|default_rdp|connection_file|rdp_settings|redirect_drives|redirection drive|printer|smart|usb|clipboard|audio", "client|profile setting|settings|option|config~|wrong|misconfig~|parameter", "setting|option|flag|parameter|checkbox in|of|on client|profile|remmina|mstsc|file", "multimon|multi_monitor|span|resolution|color_depth|colour_depth|bpp|scaling|dpi|gfx|h264|network_auto|connection_type|auto_detect", "snap|flatpak|appimage|sandbox|apparmor|app_isolation|wsl|windows_store", "localhost|127_0_0_1|same_machine|itself|own_machine|same_pc self|connect~|loopback|console", "already console_session", "console_session", "command_line|argument|switch wrong|option|missing|syntax", "wrong|bad|invalid|missing|unsupported|unknown|typo command_line|argument|option|switch|parameter|syntax|setting|flag|username|user_name|domain", "user|username|login without domain", "to|into own|same|itself computer|machine|pc|host", "prompt_for_credentials|enablecredsspsupport|authentication_level|negotiate_security", "domain|username field|format|empty|prefix|backslash", "smart_sizing|too_many_monitors", "turn~|switch~ off|on redirect~|printers|drives|sound|clipboard";
    "names-client-fault": "a defect of the client program is named";
        "crash~|segfault~|segmentation|assert~|core_dump|stack_trace|exception|panic~|bug|bugs|buggy|regression|defect|memory_leak|heap|abort~ client|freerdp|remmina|app|program|mac|windows_app|ironrdp|guacd|guacamole|xfreerdp|rdesktop|in|version", "crash~|segfault~|assert~|coredump|core_dumped|sigsegv", "client|app|program crash~|close~|bug|regress~|assert~|defect", "fixed in|by version|release|commit|update|upstream|master|nightly|next|newer|later", "app|client|program|viewer close~|closes|quits|dies|hangs|freezes|exits|disappears|crash~", "beta|nightly|older|previous|newer|another version|build|release works|fine|ok|fixes|helps", "bio_read|transport_read|rdp_recv|rdp_recv_pdu|tpkt|fastpath|fast_path|rdpgfx|egfx|avc444|rfx|remotefx|drdynvc|cliprdr|display_update|dynamic_resize|typeerror|nullpointerexception|stacktrace|traceback|backtrace|panicked|unhandled_exception|not_implemented|unimplemented|missing_feature", "clipboard|keyboard|mouse|audio|sound|printer|resize|resizing|multi_monitor|scroll|touch broken|broke~|crash~|hang~|fail~|freeze~|disconnect~|not", "high|100 cpu client|freerdp|remmina|app|guacd|xfreerdp", "client|app|freerdp|remmina|xfreerdp|guacd|ironrdp does_not|doesnt|cannot|not handle|implement|parse|understand|send|expect|reconnect|respond", "server|host|mstsc sends|expects unexpected|other|pdu|capability|order|message", "double_free|invalid_pointer|null_pointer|buffer_overflow|stack_overflow|out_of_bounds|index_out_of|unwrap|undefined_symbol", "abort~|aborts|killed|sigabrt|exit_code 134|139|with|unexpectedly", "mac|macos|windows_app|android|ios app|client version|build|crash~|beta", "known bug|issue", "bug in|of", "upgrad~|updat~ freerdp|remmina|guacd|client|app fix~|help~|solve~", "protocol_error|graphics_decod~|decod~|codec|parse|parsing|unexpected_pdu|invalid_pdu|unsupported_pdu|unhandled", "bisect~", "patch~|fix merged|upstream|submitted|accepted", "malformed|invalid|bogus packet~|pdu~|message~|capabilit~|header~", "client|app|program sends malformed|invalid|wrong|bad|too", "parser|decoder|encoder reject~|fail~|choke~|error~", "race_condition|deadlock~|use_after_free|off_by_one", "reject~|refuses server capabilit~|pdu~|order~";
    "names-license": "a Remote Desktop licence is named";
        "licens~|licenc~|cal|cals|grace_period|per_device|per_user|rdlicensing|rdplicensing|licensing_mode|lizenz~|licence", "120|180 days|day", "rcm_1128|1128|1130";
    "names-client-license": "the licence the client has stored is named";
        "mslicensing|license_cache|licence_cache|cached_license|cached_licence|license_store|clienthwid", "delet~|clear~|remov~ mslicensing|license|licence|hwid", "stored|cached license|licence|cal|licenses", "waiting activation", "other_client works license";
    "names-broker": "a broker, a farm, a collection or a redirection to another host is named";
        "broker|connection_broker|farm|collection|collections|redirect|redirects|redirected|redirection|load_balance~|loadbalance~|load_balanc~|routing_token|session_host|session_hosts|rd_session|rdsh|round_robin|tsv|remoteapp|remote_app|rdweb|rd_web|feed|workspace|wvd|avd|cloud_pc|windows_365|published", "server_redirection|redirection_packet|target_server", "headless multi_user|login_screen|handover|system_remote_login|gdm", "handover|remote_login", "umleitung|farm|sammlung";
    "names-session-backend": "what should run the session is named: display server, driver, session manager";
        "sesman|xorg|xvnc|xorgxrdp|x11rdp|wayland|pipewire|wireplumber|mutter|gnome_shell|startwm|xsession|xfce|window_manager|desktop_environment|session_manager|display_server|display_driver|graphics_driver|driver_failure|gpu|nvidia|vgpu|wddm|dwm|winlogon|userinit|explorer|user_profile|profile_service|temporary_profile|fslogix|pulseaudio|audio|sound|dbus|d_bus|polkit|logind|systemd_user|video_stream|video_init~", "session fail~|crash~|not|exit~|could|start~ start|to_start|quickly|backend|error", "graphics|display|gpu|video driver|fail~|init~|subsystem|stack|adapter|stream", "driver fail~|failure|crash~|error", "login_failed_for_display|vnc_error|problem_connecting|x_server|x11|xauthority|display_0|session_dbus|startwm_sh|dwm_exe|rdpdd|rdpidd|wudfhost|avatar|user_profile_service", "user|account|already|same logged|signed|session locally|console|desktop|in", "please_wait|waiting for user_profile|profile|local_session|gpsvc|group_policy", "3350|3350_refused", "desktop does_not|not|never load~|appear~|start~", "grafiktreiber|anzeigetreiber";
    "names-server-setup": "a server program that is not set up completely is named";
        "grdctl", "username empty|missing|unset", "credentials_not_set|no_credentials_set|credentials_missing|not_configured|unconfigured|not_set_up|no_user_configured|no_users_configured", "incomplete|unfinished|half setup|config~", "rdp|server|remote credentials|password|user|username not|never|missing|empty set|configured|given|there", "no|without|missing user|users|password|credentials|account|sam|sam_file configured|set|defined|created|there|exists", "sam_file|sam file|missing|database", "not|never|isnt fully|completely configured|set_up|initialized|initialised", "server|service|daemon|xrdp missing|no|empty|lacks|without credential~|username|password|config~|user", "empty|missing|no|unset username|password|credentials|config~ server|set|daemon|status|grdctl", "xrdp_ini|sesman_ini|grd_settings|rdp_enable|config~ wrong|error|missing|option", "username empty", "own|custom|self_written|homemade server|implementation|rdp_server|listener", "ironrdp_server|lamco|shadow_server|weston|krdp|krfb|freerdp_shadow";
    "names-gateway-certificate": "the certificate of the RD Gateway is named";
        "gateway certificate|cert|name|trust~|ssl_certificate|wrong_name|expired|revoked|match|matches|mismatch", "gateway address|name|server|servers not|does|different|other match~|certificate|subject", "gateway servers certificate|cert", "certificate|cert gateway|rdgw|rdg", "certificate|cert of|on|for gateway|rdg|rdgw", "gateway_certificate|gateway_cert|50331653|rdg_cert", "gateways|gateway certificate|cert";
    "names-gateway-policy": "a policy of the RD Gateway is named: CAP, RAP, NPS, MFA";
        "rap|cap|nps|rd_cap|rd_rap|tsg_cap|resource_authorization|connection_authorization|e_proxy_rap~|e_proxy_nap~|e_proxy_cap~", "gateway polic~|denied|denies|not_authorized|access_denied|mfa|2fa|radius|duo|okta", "mfa|2fa|radius|nps_extension|push|second_factor gateway|rdg|fails|denied|timeout", "gateway_resource|resource_group|not_listed";
    "names-gateway-transport": "the way through the RD Gateway is named: HTTP, WebSocket, RPC, proxy";
        "gateway http|websocket|web_socket|rpc|transport~|auto|https|iis|exchange|401|403|404|500|502|503|proxy|ntlm|basic|channel~|connection_lost|fails|2000d", "rpc_over_http|rpc_http|rdg_http|websocket|websockets|rdgclienttransport|rdg_transport|remotedesktopgateway_path|rpcproxy|rpc_proxy|rdg_out_data|rdg_in_data|http_transport|http_transports", "iis|exchange|arr|reverse_proxy|f5|kemp|application_proxy|netscaler before|in_front|gateway|rdg|breaks", "auto|http transport~ fail~", "http|status|error 401|403|404|500|502|503";
    "names-gateway-target": "the gateway works and cannot reach the host behind it";
        "gateway cannot|not|unable|fails reach|connect|contact|resolve host|target|server|computer|vm", "behind gateway|gw unreach~|down|off|not", "e_proxy_ts_connectfailed|800759dd|ts_connectfailed|proxy_ts~", "target|host|internal unreachable|off|down|behind gateway", "cannot|cant|not|unable find|reach|connect|contact|resolve computer|pc|host|target|server|machine gateway|the_gateway|through_the_gateway|via_the_gateway|via_gateway|behind_the_gateway", "push_approval|after_approval|after_mfa approve~|fails|gateway";
    "names-update-regression": "an update of the operating system is named as the fault";
        "kb2~|kb3~|kb4~|kb5~|known_issue_rollback|kir|cumulative_update|preview_update", "january|february|march|april|may|june|july|august|september|october|november|december update~|patch~|rollup|cu", "next|later|newer|latest|out_of_band|oob cumulative|update|patch fix~|helps|solved|resolves", "update|patch bug|regression", "uninstall~|roll_back|rollback update|kb~|patch";
    "names-client-permission": "the client's system forbids its program the local network";
        "local_network permission|privacy|access|setting", "macos|mac|ios|iphone|ipad|sonoma|sequoia|tahoe permission|permissions|local_network|privacy|cannot_find|not_find|update", "local_network switch|toggle|permission|permissions|privacy|access|setting|off|denied|allowed|not_allowed|prompt|hosts|devices", "app cannot|cant|not reach|find|see|discover host~|pc|computer|server|local|lan", "terminal|browser|safari|other_apps can|works|reach~", "app|client|program not_allowed|denied|blocked network|local|lan|internet", "mac cannot|cant find pc|computer|host|server|reach", "app permission|permissions|denied network", "works from|on other_devices|another_device mac|iphone|ipad|app", "appcontainer|sandbox|app_sandbox|firewall_on_mac|little_snitch|lulu";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_listed_once_and_ways_can_be_found() {
        let mut names = BTreeSet::new();
        for known in SYMPTOMS {
            assert!(names.insert(known.name), "{}", known.name);
            for way in known.ways {
                assert_eq!(*way, way.to_lowercase(), "{}", known.name);
                assert!(
                    way.chars()
                        .all(|c| c.is_alphanumeric() || " |~_^".contains(c)),
                    "{}: {way}",
                    known.name
                );
            }
        }
    }

    #[test]
    fn a_name_that_is_not_in_the_table_is_kept() {
        let read: Symptom = serde_json::from_str("\"smells-of-smoke\"").unwrap_or(Symptom::of(""));
        assert_eq!(read.0, "smells-of-smoke");
        assert_eq!(read.known(), None);
    }
}
