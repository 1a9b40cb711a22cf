#compdef rdpdoctor

autoload -U is-at-least

_rdpdoctor() {
    typeset -A opt_args
    typeset -a _arguments_options
    local ret=1

    if is-at-least 5.2; then
        _arguments_options=(-s -S -C)
    else
        _arguments_options=(-s -C)
    fi

    local context curcontext="$curcontext" state line
    _arguments "${_arguments_options[@]}" : \
'(--quick)--budget=[Open so many connections at most \[default\: 8; with --full 80\]. Without enough of them, a survey says what it left out]:N:_default' \
'--timeout=[Give up on a silent host after this time\: 6s, 500ms, 1m]:TIME:_default' \
'(--quick)--repeat=[Try the same connection so many times, and count how often it fails; as many as the budget allows]:N:_default' \
'(--quick)--load=[Test how many connections at once the host takes, with 30 or N; asks before it begins]::N:_default' \
'*--resolver=[Ask this name server too, directly, and compare\: an address, with \:PORT if it is not 53; may be repeated]:ADDRESS:_default' \
'--trust=[Trust the authorities in this PEM file too, beside those of this machine]:FILE:_files' \
'--client=[The client whose connection fails]:CLIENT:((mstsc\:"Remote Desktop Connection of Windows"
mac\:"Windows App (Microsoft Remote Desktop) for macOS"
freerdp\:"FreeRDP\: xfreerdp, wlfreerdp, sdl-freerdp"
remmina\:"Remmina"
guacd\:"Apache Guacamole"
rdesktop\:"rdesktop"))' \
'--offer=[What that client offers, when it is not the usual\: rdp, tls, nla, nla-ex, rdstls, entra]:LIST:_default' \
'--gateway=[Go through this RD Gateway; none\: not even through the one of the connection file]:HOST[:PORT]:_default' \
'--gateway-user=[Log on to the gateway as this user, and not again once it was refused; the password is asked for, or taken from RDPDOCTOR_GATEWAY_PASSWORD, or with --password-stdin from standard input. A logon that fails counts toward a lock-out]:USER:_default' \
'--proxy=[Go through this proxy\: http\://HOST\:PORT or socks5\://HOST\:PORT, with USER@ before the host; env\: the one of ALL_PROXY or HTTPS_PROXY]:URL:_default' \
'--realm=[Ask the Kerberos servers of this realm too, without a password; with a user, also what they say of them and the host]:[USER@]REALM:_default' \
'--kdc-proxy=[Ask the Kerberos servers through this proxy\: its name, or https\://HOST\:PORT/PATH]:URL:_default' \
'--user=[Try one logon as this user; a wrong password counts towards a lock-out \[the password\: asked for, or RDPDOCTOR_PASSWORD\]]:NAME:_default' \
'--to=[How far to go]:RUNG:((logon\:"Up to the logon\: no session begins on the server (the default)"
desktop\:"Up to the first picture of a logon screen or desktop, then disconnect; with a user, a session may be left behind"))' \
'*--saw=[What the client showed\: codes, names or words of its dialog ("0x904 0x7"); it is weighed with the rest]:TEXT:_default' \
'*--symptom=[How it behaves\: a name from \`--symptom list\`, or your own words ("works by IP", "only one user")]:NAME|TEXT:_default' \
'--format=[The form of the answer \[default\: text, or what the name of FILE says\]]:FORMAT:((text\:"For a person at a terminal"
json\:"For a program\: one document"
jsonl\:"For a program\: one line per report"
markdown\:"For a ticket"
html\:"For a browser\: one file that needs no network"
csv\:"For a spreadsheet\: a line for each host"
sarif\:"For pipelines and code scanning\: SARIF 2.1.0"
junit\:"For pipelines\: hosts as tests, in the XML of JUnit"))' \
'-o+[Write the answer to a file]:FILE:_files' \
'--output=[Write the answer to a file]:FILE:_files' \
'--color=[Use colours]:WHEN:((auto\:"On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise"
always\:"Always"
never\:"Never"))' \
'(--full)--quick[Open one connection alone]' \
'--full[Look at all that can be seen from outside, with up to 80 connections]' \
'--list-looks[List every look, with what it costs and what it leaves behind; looks at nothing]' \
'--yes[Begin the test of --load without asking]' \
'--no-history[Neither compare with the certificate seen the last time nor remember this one]' \
'--password-stdin[Read passwords from standard input\: a line for --user, one for --gateway-user, one for the user of --proxy]' \
'--guided[Ask, at the terminal, the few questions whose answers tell the causes apart best; q ends it]' \
'(-v --verbose)-q[Print the verdict alone, and no progress]' \
'(-v --verbose)--quiet[Print the verdict alone, and no progress]' \
'*-v[Print every rung, look and fact]' \
'*--verbose[Print every rung, look and fact]' \
'--redact[Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for]' \
'--no-progress[Show no progress]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
'::targets -- The host\: a name or address, HOST\:PORT, \[IPV6\]\:PORT, an rdp\:// link, or a .rdp file:_hosts' \
":: :_rdpdoctor_commands" \
"*::: :->rdpdoctor" \
&& ret=0
    case $state in
    (rdpdoctor)
        words=($line[2] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:rdpdoctor-command-$line[2]:"
        case $line[2] in
            (check)
_arguments "${_arguments_options[@]}" : \
'(--quick)--budget=[Open so many connections at most \[default\: 8; with --full 80\]. Without enough of them, a survey says what it left out]:N:_default' \
'--timeout=[Give up on a silent host after this time\: 6s, 500ms, 1m]:TIME:_default' \
'(--quick)--repeat=[Try the same connection so many times, and count how often it fails; as many as the budget allows]:N:_default' \
'(--quick)--load=[Test how many connections at once the host takes, with 30 or N; asks before it begins]::N:_default' \
'*--resolver=[Ask this name server too, directly, and compare\: an address, with \:PORT if it is not 53; may be repeated]:ADDRESS:_default' \
'--trust=[Trust the authorities in this PEM file too, beside those of this machine]:FILE:_files' \
'--client=[The client whose connection fails]:CLIENT:((mstsc\:"Remote Desktop Connection of Windows"
mac\:"Windows App (Microsoft Remote Desktop) for macOS"
freerdp\:"FreeRDP\: xfreerdp, wlfreerdp, sdl-freerdp"
remmina\:"Remmina"
guacd\:"Apache Guacamole"
rdesktop\:"rdesktop"))' \
'--offer=[What that client offers, when it is not the usual\: rdp, tls, nla, nla-ex, rdstls, entra]:LIST:_default' \
'--gateway=[Go through this RD Gateway; none\: not even through the one of the connection file]:HOST[:PORT]:_default' \
'--gateway-user=[Log on to the gateway as this user, and not again once it was refused; the password is asked for, or taken from RDPDOCTOR_GATEWAY_PASSWORD, or with --password-stdin from standard input. A logon that fails counts toward a lock-out]:USER:_default' \
'--proxy=[Go through this proxy\: http\://HOST\:PORT or socks5\://HOST\:PORT, with USER@ before the host; env\: the one of ALL_PROXY or HTTPS_PROXY]:URL:_default' \
'--realm=[Ask the Kerberos servers of this realm too, without a password; with a user, also what they say of them and the host]:[USER@]REALM:_default' \
'--kdc-proxy=[Ask the Kerberos servers through this proxy\: its name, or https\://HOST\:PORT/PATH]:URL:_default' \
'--user=[Try one logon as this user; a wrong password counts towards a lock-out \[the password\: asked for, or RDPDOCTOR_PASSWORD\]]:NAME:_default' \
'--to=[How far to go]:RUNG:((logon\:"Up to the logon\: no session begins on the server (the default)"
desktop\:"Up to the first picture of a logon screen or desktop, then disconnect; with a user, a session may be left behind"))' \
'*--saw=[What the client showed\: codes, names or words of its dialog ("0x904 0x7"); it is weighed with the rest]:TEXT:_default' \
'*--symptom=[How it behaves\: a name from \`--symptom list\`, or your own words ("works by IP", "only one user")]:NAME|TEXT:_default' \
'--format=[The form of the answer \[default\: text, or what the name of FILE says\]]:FORMAT:((text\:"For a person at a terminal"
json\:"For a program\: one document"
jsonl\:"For a program\: one line per report"
markdown\:"For a ticket"
html\:"For a browser\: one file that needs no network"
csv\:"For a spreadsheet\: a line for each host"
sarif\:"For pipelines and code scanning\: SARIF 2.1.0"
junit\:"For pipelines\: hosts as tests, in the XML of JUnit"))' \
'-o+[Write the answer to a file]:FILE:_files' \
'--output=[Write the answer to a file]:FILE:_files' \
'--color=[Use colours]:WHEN:((auto\:"On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise"
always\:"Always"
never\:"Never"))' \
'(--full)--quick[Open one connection alone]' \
'--full[Look at all that can be seen from outside, with up to 80 connections]' \
'--list-looks[List every look, with what it costs and what it leaves behind; looks at nothing]' \
'--yes[Begin the test of --load without asking]' \
'--no-history[Neither compare with the certificate seen the last time nor remember this one]' \
'--password-stdin[Read passwords from standard input\: a line for --user, one for --gateway-user, one for the user of --proxy]' \
'--guided[Ask, at the terminal, the few questions whose answers tell the causes apart best; q ends it]' \
'(-v --verbose)-q[Print the verdict alone, and no progress]' \
'(-v --verbose)--quiet[Print the verdict alone, and no progress]' \
'*-v[Print every rung, look and fact]' \
'*--verbose[Print every rung, look and fact]' \
'--redact[Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for]' \
'--no-progress[Show no progress]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'*::targets -- The host\: a name or address, HOST\:PORT, \[IPV6\]\:PORT, an rdp\:// link, or a .rdp file:_hosts' \
&& ret=0
;;
(analyze)
_arguments "${_arguments_options[@]}" : \
'()--live=[Listen to this interface (or any) while the failure is reproduced; Ctrl-C ends it]:INTERFACE:_default' \
'--filter=[Listen only to these packets\: host ADDRESS, port NUMBER, joined by and]:EXPRESSION:_default' \
'--for=[Listen for so long, instead of until Ctrl-C]:TIME:_default' \
'--host=[The host they are about, when the files do not tell; of several servers in a capture, the one to judge]:HOST:_hosts' \
'--connection=[Judge this connection of a capture alone, by its number in the report]:NUMBER:_default' \
'*--keylog=[Read inside TLS with the keys in this file, as SSLKEYLOGFILE makes a client or server write them. A key log among the paths does the same]:FILE:_files' \
'--client=[The client whose connection fails]:CLIENT:((mstsc\:"Remote Desktop Connection of Windows"
mac\:"Windows App (Microsoft Remote Desktop) for macOS"
freerdp\:"FreeRDP\: xfreerdp, wlfreerdp, sdl-freerdp"
remmina\:"Remmina"
guacd\:"Apache Guacamole"
rdesktop\:"rdesktop"))' \
'*--saw=[What the client showed\: codes, names or words of its dialog ("0x904 0x7"); it is weighed with the rest]:TEXT:_default' \
'*--symptom=[How it behaves\: a name from \`--symptom list\`, or your own words ("works by IP", "only one user")]:NAME|TEXT:_default' \
'--format=[The form of the answer \[default\: text, or what the name of FILE says\]]:FORMAT:((text\:"For a person at a terminal"
json\:"For a program\: one document"
jsonl\:"For a program\: one line per report"
markdown\:"For a ticket"
html\:"For a browser\: one file that needs no network"
csv\:"For a spreadsheet\: a line for each host"
sarif\:"For pipelines and code scanning\: SARIF 2.1.0"
junit\:"For pipelines\: hosts as tests, in the XML of JUnit"))' \
'-o+[Write the answer to a file]:FILE:_files' \
'--output=[Write the answer to a file]:FILE:_files' \
'--color=[Use colours]:WHEN:((auto\:"On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise"
always\:"Always"
never\:"Never"))' \
'--guided[Ask, at the terminal, the few questions whose answers tell the causes apart best; q ends it]' \
'(-v --verbose)-q[Print the verdict alone, and no progress]' \
'(-v --verbose)--quiet[Print the verdict alone, and no progress]' \
'*-v[Print every rung, look and fact]' \
'*--verbose[Print every rung, look and fact]' \
'--redact[Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for]' \
'--no-progress[Show no progress]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'*::paths -- Files and folders, of any kind and mixture; `-` for standard input:_files' \
&& ret=0
;;
(scan)
_arguments "${_arguments_options[@]}" : \
'*--targets=[Read hosts from a list\: one a line, or CSV with or without headings (host, port, name)]:FILE:_files' \
'*--exclude=[Leave out the hosts, networks and names in this list]:FILE:_files' \
'--port=[The port of hosts that are given without one \[default\: 3389\]]:PORT:_default' \
'--rate=[Hosts begun in a second; '\''max'\'' for as fast as it goes]:NUMBER:_default' \
'--per-subnet=[Hosts of one /24 (IPv6\: /64) looked at at the same time; '\''max'\'' for any number]:NUMBER:_default' \
'--jitter=[Let each host wait for a random time up to this\: 200ms, 5s]:TIME:_default' \
'--at-once=[Hosts looked at at the same time]:NUMBER:_default' \
'--budget=[Connections to one host at most\: one glance, the rest where it leaves a doubt \[default\: 4; with --deep 9\]]:NUMBER:_default' \
'--resume=[Note in this file what is done, and do not do it again]:FILE:_files' \
'--timeout=[Give up on a silent host after this time \[default\: 6s\]]:TIME:_default' \
'--format=[The form of the answer \[default\: text, or what the name of FILE says\]]:FORMAT:((text\:"For a person at a terminal"
json\:"For a program\: one document"
jsonl\:"For a program\: one line per report"
markdown\:"For a ticket"
html\:"For a browser\: one file that needs no network"
csv\:"For a spreadsheet\: a line for each host"
sarif\:"For pipelines and code scanning\: SARIF 2.1.0"
junit\:"For pipelines\: hosts as tests, in the XML of JUnit"))' \
'-o+[Write the answer to a file]:FILE:_files' \
'--output=[Write the answer to a file]:FILE:_files' \
'--color=[Use colours]:WHEN:((auto\:"On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise"
always\:"Always"
never\:"Never"))' \
'--with-permission[You may scan the public addresses among the hosts\: their owners know and agree]' \
'--deep[Check every host in full that is not healthy]' \
'(-v --verbose)-q[Print the verdict alone, and no progress]' \
'(-v --verbose)--quiet[Print the verdict alone, and no progress]' \
'*-v[Print every rung, look and fact]' \
'*--verbose[Print every rung, look and fact]' \
'--redact[Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for]' \
'--no-progress[Show no progress]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'*::targets -- Hosts, networks (10.0.0.0/24), ranges (10.0.0.1-50), lists (@FILE), or - for standard input:_hosts' \
&& ret=0
;;
(watch)
_arguments "${_arguments_options[@]}" : \
'--interval=[Time between looks at a host; more after resets, and where the budget asks for it]:TIME:_default' \
'--budget=[Connections to a host in an hour at most]:NUMBER:_default' \
'--record=[Write every look to this file; '\''rdpdoctor analyze FILE'\'' reads it]:FILE:_files' \
'--looks=[End after so many looks at each host]:NUMBER:_default' \
'--format=[The form of the answer \[default\: text, or what the name of FILE says\]]:FORMAT:((text\:"For a person at a terminal"
json\:"For a program\: one document"
jsonl\:"For a program\: one line per report"
markdown\:"For a ticket"
html\:"For a browser\: one file that needs no network"
csv\:"For a spreadsheet\: a line for each host"
sarif\:"For pipelines and code scanning\: SARIF 2.1.0"
junit\:"For pipelines\: hosts as tests, in the XML of JUnit"))' \
'-o+[Write the answer to a file]:FILE:_files' \
'--output=[Write the answer to a file]:FILE:_files' \
'--color=[Use colours]:WHEN:((auto\:"On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise"
always\:"Always"
never\:"Never"))' \
'--plain[Print a line for each change, and draw nothing; so too when stdout is no terminal]' \
'--no-color[Use no colours; the same as --color never]' \
'(-v --verbose)-q[Print the verdict alone, and no progress]' \
'(-v --verbose)--quiet[Print the verdict alone, and no progress]' \
'*-v[Print every rung, look and fact]' \
'*--verbose[Print every rung, look and fact]' \
'--redact[Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for]' \
'--no-progress[Show no progress]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'*::targets -- The hosts, each in one of the forms of a check:_hosts' \
&& ret=0
;;
(inspect)
_arguments "${_arguments_options[@]}" : \
'--role=[Look at one role alone]:ROLE:((client\:"It connects to others"
server\:"Others connect to it"))' \
'--root=[Look at another machine'\''s files below this folder (a mounted disk, a container); nothing is asked of what runs]:DIR:_files -/' \
'--server=[The server program that is meant, when there are several]:NAME:((xrdp\:"xrdp"
gnome-remote-desktop\:"The remote desktop of GNOME"
freerdp-shadow\:"The shadow server of FreeRDP"
krdp\:"The remote desktop of KDE"))' \
'--settings=[Its settings, when they are not in the usual place]:FILE:_files' \
'--service-user=[The user it runs as, when it is not the one found]:USER:_default' \
'--format=[The form of the answer \[default\: text, or what the name of FILE says\]]:FORMAT:((text\:"For a person at a terminal"
json\:"For a program\: one document"
jsonl\:"For a program\: one line per report"
markdown\:"For a ticket"
html\:"For a browser\: one file that needs no network"
csv\:"For a spreadsheet\: a line for each host"
sarif\:"For pipelines and code scanning\: SARIF 2.1.0"
junit\:"For pipelines\: hosts as tests, in the XML of JUnit"))' \
'-o+[Write the answer to a file]:FILE:_files' \
'--output=[Write the answer to a file]:FILE:_files' \
'--color=[Use colours]:WHEN:((auto\:"On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise"
always\:"Always"
never\:"Never"))' \
'(-v --verbose)-q[Print the verdict alone, and no progress]' \
'(-v --verbose)--quiet[Print the verdict alone, and no progress]' \
'*-v[Print every rung, look and fact]' \
'*--verbose[Print every rung, look and fact]' \
'--redact[Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for]' \
'--no-progress[Show no progress]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(collect)
_arguments "${_arguments_options[@]}" : \
'*--from=[Put what these files and folders tell into the bundle too]:PATH:_files' \
'--root=[Look at the files of another machine below this folder, such as a mounted disk]:FOLDER:_files -/' \
'--days=[Take so many days of the journal]:DAYS:_default' \
'(--from --root)--script=[Write a script that collects on a machine where rdpdoctor is not; it changes nothing there]:KIND:((powershell\:"Windows PowerShell 5.1 or later"))' \
'--part=[For Azure Run Command, which cuts answers off\: the script tells only this part, from 1 on]:NUMBER:_default' \
'--format=[The form of the answer \[default\: text, or what the name of FILE says\]]:FORMAT:((text\:"For a person at a terminal"
json\:"For a program\: one document"
jsonl\:"For a program\: one line per report"
markdown\:"For a ticket"
html\:"For a browser\: one file that needs no network"
csv\:"For a spreadsheet\: a line for each host"
sarif\:"For pipelines and code scanning\: SARIF 2.1.0"
junit\:"For pipelines\: hosts as tests, in the XML of JUnit"))' \
'-o+[Write the answer to a file]:FILE:_files' \
'--output=[Write the answer to a file]:FILE:_files' \
'--color=[Use colours]:WHEN:((auto\:"On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise"
always\:"Always"
never\:"Never"))' \
'--no-redact[Keep names and addresses as they are]' \
'(-v --verbose)-q[Print the verdict alone, and no progress]' \
'(-v --verbose)--quiet[Print the verdict alone, and no progress]' \
'*-v[Print every rung, look and fact]' \
'*--verbose[Print every rung, look and fact]' \
'--redact[Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for]' \
'--no-progress[Show no progress]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'::target -- Check this target too:_hosts' \
&& ret=0
;;
(explain)
_arguments "${_arguments_options[@]}" : \
'--client=[The client that showed it]:CLIENT:((mstsc\:"Remote Desktop Connection of Windows, and what is built on it (mRemoteNG, RDCMan, 1Remote)"
mac\:"Windows App and Microsoft Remote Desktop for macOS and iOS"
freerdp\:"FreeRDP\: xfreerdp, wlfreerdp, sdl-freerdp; Remmina and Guacamole are built on it"
remmina\:"Remmina"
guacd\:"Apache Guacamole"
rdesktop\:"rdesktop"
avd\:"Azure Virtual Desktop and Windows 365 clients"))' \
'*--saw=[What the client showed\: codes, names or words of its dialog ("0x904 0x7"); it is weighed with the rest]:TEXT:_default' \
'*--symptom=[How it behaves\: a name from \`--symptom list\`, or your own words ("works by IP", "only one user")]:NAME|TEXT:_default' \
'(--search)--list=[List the namespaces, or the codes of one]::NAMESPACE:_default' \
'()--search=[Search names and meanings]:TEXT:_default' \
'--format=[The form of the answer \[default\: text, or what the name of FILE says\]]:FORMAT:((text\:"For a person at a terminal"
json\:"For a program\: one document"
jsonl\:"For a program\: one line per report"
markdown\:"For a ticket"
html\:"For a browser\: one file that needs no network"
csv\:"For a spreadsheet\: a line for each host"
sarif\:"For pipelines and code scanning\: SARIF 2.1.0"
junit\:"For pipelines\: hosts as tests, in the XML of JUnit"))' \
'-o+[Write the answer to a file]:FILE:_files' \
'--output=[Write the answer to a file]:FILE:_files' \
'--color=[Use colours]:WHEN:((auto\:"On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise"
always\:"Always"
never\:"Never"))' \
'--guided[Ask, at the terminal, the few questions whose answers tell the causes apart best; q ends it]' \
'(-v --verbose)-q[Print the verdict alone, and no progress]' \
'(-v --verbose)--quiet[Print the verdict alone, and no progress]' \
'*-v[Print every rung, look and fact]' \
'*--verbose[Print every rung, look and fact]' \
'--redact[Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for]' \
'--no-progress[Show no progress]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'*::words -- A number, a pair, a name, an event, a page of the catalogue, or a text; '\''-'\'' or nothing reads stdin:_default' \
&& ret=0
;;
(fix)
_arguments "${_arguments_options[@]}" : \
'--for=[The host that the plan is for, when a cause was given]:HOST:_hosts' \
'*--with=[What the other machine saw, joined with the report\: its own report (inspect), logs, any file analyze reads]:FILE:_files' \
'--remedy=[The remedy, when it is not the first of the cause]:REMEDY:_default' \
'--system=[The system of the server, when nothing tells it]:SYSTEM:((windows\:"Windows"
linux\:"Linux"))' \
'--script=[Write the plan as a script for the way in that is left]:KIND:((powershell\:"Windows PowerShell 5.1"
reg\:"A registry file, with a second one that takes it back"
cmd\:"A batch file, for consoles without PowerShell"
bash\:"A bash script, for Linux"
azure\:"PowerShell for Azure'\''s Run Command (bash for a Linux machine)"
ansible\:"A playbook of Ansible"))' \
'(--script)--receipt=[Say what a script did, from what it printed\: a file, or '\''-'\'' for standard input]:FILE:_files' \
'--here=[Which machine of the connection this is \[default\: the server, where the plan has steps for it\]]:MACHINE:((client\:"The one that connects"
network\:"A router, firewall or forwarder on the way"
server\:"The one connected to"
gateway\:"The RD Gateway"
name-server\:"A name server"
controller\:"A domain controller"))' \
'--undo-after=[Take the plan back after this time unless it was verified or kept by then \[default\: 5m, held 10m\]]:TIME:_default' \
'(--apply --list)--undo=[Take back what was carried out\: an id of --list, or "last"]:ID:_default' \
'(--apply --list --undo)--keep=[Keep a plan that waits for it\: a look from elsewhere has shown that it helped]:ID:_default' \
'(--apply --list --undo --keep)--resume=[Take up a plan whose run was cut off, and finish it or take it back]::HOW:((ask\:"Ask"
undo\:"Take it back"
finish\:"Make what was not made, and verify"))' \
'--state-dir=[Keep the receipts in this folder \[default\: /var/lib/rdpdoctor, or a folder of the user'\''s\]]:FOLDER:_files' \
'--ssh=[Carry it out on the host of --for over ssh, and judge it from here\: USER@HOST, or what else ssh takes]:DESTINATION:_default' \
'--remote-program=[Where rdpdoctor is on the other side of --ssh \[default\: on its path\]]:PATH:_default' \
'--service-command=[Start and stop services with this command, called as COMMAND ACTION SERVICE (supervisorctl, for example)]:COMMAND:_default' \
'--format=[The form of the answer \[default\: text, or what the name of FILE says\]]:FORMAT:((text\:"For a person at a terminal"
json\:"For a program\: one document"
jsonl\:"For a program\: one line per report"
markdown\:"For a ticket"
html\:"For a browser\: one file that needs no network"
csv\:"For a spreadsheet\: a line for each host"
sarif\:"For pipelines and code scanning\: SARIF 2.1.0"
junit\:"For pipelines\: hosts as tests, in the XML of JUnit"))' \
'-o+[Write the answer to a file]:FILE:_files' \
'--output=[Write the answer to a file]:FILE:_files' \
'--color=[Use colours]:WHEN:((auto\:"On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise"
always\:"Always"
never\:"Never"))' \
'--accept-risk[Plan a weakening of security all the same]' \
'--apply[Carry the plan out here, after asking; take it back unless a fresh look shows that it helped]' \
'-y[Do not ask]' \
'--yes[Do not ask]' \
'(--apply)--dry-run[Show what --apply would change here, with the values of today, and change nothing]' \
'--hold[Leave it to a look from elsewhere to tell whether it helped\: undone after a time unless kept (--keep)]' \
'(--apply)--list[List what was carried out here]' \
'(-v --verbose)-q[Print the verdict alone, and no progress]' \
'(-v --verbose)--quiet[Print the verdict alone, and no progress]' \
'*-v[Print every rung, look and fact]' \
'*--verbose[Print every rung, look and fact]' \
'--redact[Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for]' \
'--no-progress[Show no progress]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'::what -- A cause (secure.key-unusable), or a report in JSON\: a file, or '\''-'\'' for standard input:_default' \
&& ret=0
;;
(fix-guard)
_arguments "${_arguments_options[@]}" : \
'--until=[When to take it back, in seconds since 1970]:UNTIL:_default' \
'--parent=[The process that carries it out]:PARENT:_default' \
'--state-dir=[Where the receipts are]:STATE_DIR:_files' \
'--service-command=[Who looks after services]:SERVICE_COMMAND:_default' \
'--format=[The form of the answer \[default\: text, or what the name of FILE says\]]:FORMAT:((text\:"For a person at a terminal"
json\:"For a program\: one document"
jsonl\:"For a program\: one line per report"
markdown\:"For a ticket"
html\:"For a browser\: one file that needs no network"
csv\:"For a spreadsheet\: a line for each host"
sarif\:"For pipelines and code scanning\: SARIF 2.1.0"
junit\:"For pipelines\: hosts as tests, in the XML of JUnit"))' \
'-o+[Write the answer to a file]:FILE:_files' \
'--output=[Write the answer to a file]:FILE:_files' \
'--color=[Use colours]:WHEN:((auto\:"On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise"
always\:"Always"
never\:"Never"))' \
'(-v --verbose)-q[Print the verdict alone, and no progress]' \
'(-v --verbose)--quiet[Print the verdict alone, and no progress]' \
'*-v[Print every rung, look and fact]' \
'*--verbose[Print every rung, look and fact]' \
'--redact[Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for]' \
'--no-progress[Show no progress]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':id -- The plan:_default' \
&& ret=0
;;
(demo)
_arguments "${_arguments_options[@]}" : \
'--format=[The form of the answer \[default\: text, or what the name of FILE says\]]:FORMAT:((text\:"For a person at a terminal"
json\:"For a program\: one document"
jsonl\:"For a program\: one line per report"
markdown\:"For a ticket"
html\:"For a browser\: one file that needs no network"
csv\:"For a spreadsheet\: a line for each host"
sarif\:"For pipelines and code scanning\: SARIF 2.1.0"
junit\:"For pipelines\: hosts as tests, in the XML of JUnit"))' \
'-o+[Write the answer to a file]:FILE:_files' \
'--output=[Write the answer to a file]:FILE:_files' \
'--color=[Use colours]:WHEN:((auto\:"On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise"
always\:"Always"
never\:"Never"))' \
'()--list[List the faults]' \
'(-v --verbose)-q[Print the verdict alone, and no progress]' \
'(-v --verbose)--quiet[Print the verdict alone, and no progress]' \
'*-v[Print every rung, look and fact]' \
'*--verbose[Print every rung, look and fact]' \
'--redact[Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for]' \
'--no-progress[Show no progress]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'::fault -- The fault\: a name from the list, or the cause to be found \[default\: a reset at the first TLS message\]:_default' \
&& ret=0
;;
(lab)
_arguments "${_arguments_options[@]}" : \
'--listen=[Listen here \[default\: loopback, any free port\]]:ADDRESS:PORT:_default' \
'--proxy=[Sit before this real server and damage the connection]:HOST:_hosts' \
'(--proxy)--target=[Lead to this real server behind the gateway or proxy that is played]:HOST:_hosts' \
'(--proxy)--keylog=[Write the keys of the TLS sessions to this file, so that a recording of them can be read]:FILE:_files' \
'--format=[The form of the answer \[default\: text, or what the name of FILE says\]]:FORMAT:((text\:"For a person at a terminal"
json\:"For a program\: one document"
jsonl\:"For a program\: one line per report"
markdown\:"For a ticket"
html\:"For a browser\: one file that needs no network"
csv\:"For a spreadsheet\: a line for each host"
sarif\:"For pipelines and code scanning\: SARIF 2.1.0"
junit\:"For pipelines\: hosts as tests, in the XML of JUnit"))' \
'-o+[Write the answer to a file]:FILE:_files' \
'--output=[Write the answer to a file]:FILE:_files' \
'--color=[Use colours]:WHEN:((auto\:"On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise"
always\:"Always"
never\:"Never"))' \
'--open-to-others[Let other machines in, when the address to listen on can be reached from them]' \
'(-v --verbose)-q[Print the verdict alone, and no progress]' \
'(-v --verbose)--quiet[Print the verdict alone, and no progress]' \
'*-v[Print every rung, look and fact]' \
'*--verbose[Print every rung, look and fact]' \
'--redact[Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for]' \
'--no-progress[Show no progress]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'::fault -- The fault\: a name from the list, the cause to be found, or a scenario in a .toml file:_default' \
&& ret=0
;;
(book)
_arguments "${_arguments_options[@]}" : \
'--to=[Write the pages into this folder \[default\: a folder among this user'\''s caches\]]:FOLDER:_files -/' \
'--format=[The form of the answer \[default\: text, or what the name of FILE says\]]:FORMAT:((text\:"For a person at a terminal"
json\:"For a program\: one document"
jsonl\:"For a program\: one line per report"
markdown\:"For a ticket"
html\:"For a browser\: one file that needs no network"
csv\:"For a spreadsheet\: a line for each host"
sarif\:"For pipelines and code scanning\: SARIF 2.1.0"
junit\:"For pipelines\: hosts as tests, in the XML of JUnit"))' \
'-o+[Write the answer to a file]:FILE:_files' \
'--output=[Write the answer to a file]:FILE:_files' \
'--color=[Use colours]:WHEN:((auto\:"On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise"
always\:"Always"
never\:"Never"))' \
'--print[Say where the page is, and open no browser]' \
'(-v --verbose)-q[Print the verdict alone, and no progress]' \
'(-v --verbose)--quiet[Print the verdict alone, and no progress]' \
'*-v[Print every rung, look and fact]' \
'*--verbose[Print every rung, look and fact]' \
'--redact[Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for]' \
'--no-progress[Show no progress]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'::page -- The page\: a cause, a remedy, a namespace of codes, a rung, or a chapter \[default\: the first\]:_default' \
&& ret=0
;;
(mcp)
_arguments "${_arguments_options[@]}" : \
'*--files=[Let the assistant have files below this folder read \[default\: the current folder\]]:FOLDER:_files -/' \
'--format=[The form of the answer \[default\: text, or what the name of FILE says\]]:FORMAT:((text\:"For a person at a terminal"
json\:"For a program\: one document"
jsonl\:"For a program\: one line per report"
markdown\:"For a ticket"
html\:"For a browser\: one file that needs no network"
csv\:"For a spreadsheet\: a line for each host"
sarif\:"For pipelines and code scanning\: SARIF 2.1.0"
junit\:"For pipelines\: hosts as tests, in the XML of JUnit"))' \
'-o+[Write the answer to a file]:FILE:_files' \
'--output=[Write the answer to a file]:FILE:_files' \
'--color=[Use colours]:WHEN:((auto\:"On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise"
always\:"Always"
never\:"Never"))' \
'(-v --verbose)-q[Print the verdict alone, and no progress]' \
'(-v --verbose)--quiet[Print the verdict alone, and no progress]' \
'*-v[Print every rung, look and fact]' \
'*--verbose[Print every rung, look and fact]' \
'--redact[Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for]' \
'--no-progress[Show no progress]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(completions)
_arguments "${_arguments_options[@]}" : \
'--format=[The form of the answer \[default\: text, or what the name of FILE says\]]:FORMAT:((text\:"For a person at a terminal"
json\:"For a program\: one document"
jsonl\:"For a program\: one line per report"
markdown\:"For a ticket"
html\:"For a browser\: one file that needs no network"
csv\:"For a spreadsheet\: a line for each host"
sarif\:"For pipelines and code scanning\: SARIF 2.1.0"
junit\:"For pipelines\: hosts as tests, in the XML of JUnit"))' \
'-o+[Write the answer to a file]:FILE:_files' \
'--output=[Write the answer to a file]:FILE:_files' \
'--color=[Use colours]:WHEN:((auto\:"On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise"
always\:"Always"
never\:"Never"))' \
'(-v --verbose)-q[Print the verdict alone, and no progress]' \
'(-v --verbose)--quiet[Print the verdict alone, and no progress]' \
'*-v[Print every rung, look and fact]' \
'*--verbose[Print every rung, look and fact]' \
'--redact[Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for]' \
'--no-progress[Show no progress]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':shell -- The shell:(bash elvish fish powershell zsh)' \
&& ret=0
;;
(generate)
_arguments "${_arguments_options[@]}" : \
'--format=[The form of the answer \[default\: text, or what the name of FILE says\]]:FORMAT:((text\:"For a person at a terminal"
json\:"For a program\: one document"
jsonl\:"For a program\: one line per report"
markdown\:"For a ticket"
html\:"For a browser\: one file that needs no network"
csv\:"For a spreadsheet\: a line for each host"
sarif\:"For pipelines and code scanning\: SARIF 2.1.0"
junit\:"For pipelines\: hosts as tests, in the XML of JUnit"))' \
'-o+[Write the answer to a file]:FILE:_files' \
'--output=[Write the answer to a file]:FILE:_files' \
'--color=[Use colours]:WHEN:((auto\:"On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise"
always\:"Always"
never\:"Never"))' \
'(-v --verbose)-q[Print the verdict alone, and no progress]' \
'(-v --verbose)--quiet[Print the verdict alone, and no progress]' \
'*-v[Print every rung, look and fact]' \
'*--verbose[Print every rung, look and fact]' \
'--redact[Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for]' \
'--no-progress[Show no progress]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':folder -- The root of the tree:_files' \
&& ret=0
;;
        esac
    ;;
esac
}

(( $+functions[_rdpdoctor_commands] )) ||
_rdpdoctor_commands() {
    local commands; commands=(
'check:Look at one target and say what is wrong (the default)' \
'analyze:Give the same verdict from files\: captures, event logs, registry, logs, connection files, archives of them' \
'scan:Look at many hosts at once, and write a line for each as soon as it is done' \
'watch:Keep looking at some hosts and tell what changes, in a live view or line by line' \
'inspect:Look at this machine as client and as server, and have it shake hands with itself; changes nothing' \
'collect:Put report, evidence, settings and logs into one archive, without names and addresses, to send on' \
'explain:Say what a code, a pair of codes, a name or a pasted text means' \
'fix:Plan the mend of a cause as text, data or a script; carry it out here, prove it, take it back' \
'fix-guard:Stand by to take a plan back' \
'demo:Show the main job against the built-in lab\: nothing to install, nothing to reach' \
'lab:Serve a fault for other clients, or put it before a real server, until Ctrl-C; \`lab list\` shows all' \
'book:Open the book\: how to read a report, every cause, remedy and code, without a network' \
'mcp:Serve check, explain, analyze and plan as tools of an assistant (Model Context Protocol, on stdin and stdout)' \
'completions:Write a script that completes the command line' \
'generate:Write the files that are made from the code' \
    )
    _describe -t commands 'rdpdoctor commands' commands "$@"
}
(( $+functions[_rdpdoctor__subcmd__analyze_commands] )) ||
_rdpdoctor__subcmd__analyze_commands() {
    local commands; commands=()
    _describe -t commands 'rdpdoctor analyze commands' commands "$@"
}
(( $+functions[_rdpdoctor__subcmd__book_commands] )) ||
_rdpdoctor__subcmd__book_commands() {
    local commands; commands=()
    _describe -t commands 'rdpdoctor book commands' commands "$@"
}
(( $+functions[_rdpdoctor__subcmd__check_commands] )) ||
_rdpdoctor__subcmd__check_commands() {
    local commands; commands=()
    _describe -t commands 'rdpdoctor check commands' commands "$@"
}
(( $+functions[_rdpdoctor__subcmd__collect_commands] )) ||
_rdpdoctor__subcmd__collect_commands() {
    local commands; commands=()
    _describe -t commands 'rdpdoctor collect commands' commands "$@"
}
(( $+functions[_rdpdoctor__subcmd__completions_commands] )) ||
_rdpdoctor__subcmd__completions_commands() {
    local commands; commands=()
    _describe -t commands 'rdpdoctor completions commands' commands "$@"
}
(( $+functions[_rdpdoctor__subcmd__demo_commands] )) ||
_rdpdoctor__subcmd__demo_commands() {
    local commands; commands=()
    _describe -t commands 'rdpdoctor demo commands' commands "$@"
}
(( $+functions[_rdpdoctor__subcmd__explain_commands] )) ||
_rdpdoctor__subcmd__explain_commands() {
    local commands; commands=()
    _describe -t commands 'rdpdoctor explain commands' commands "$@"
}
(( $+functions[_rdpdoctor__subcmd__fix_commands] )) ||
_rdpdoctor__subcmd__fix_commands() {
    local commands; commands=()
    _describe -t commands 'rdpdoctor fix commands' commands "$@"
}
(( $+functions[_rdpdoctor__subcmd__fix-guard_commands] )) ||
_rdpdoctor__subcmd__fix-guard_commands() {
    local commands; commands=()
    _describe -t commands 'rdpdoctor fix-guard commands' commands "$@"
}
(( $+functions[_rdpdoctor__subcmd__generate_commands] )) ||
_rdpdoctor__subcmd__generate_commands() {
    local commands; commands=()
    _describe -t commands 'rdpdoctor generate commands' commands "$@"
}
(( $+functions[_rdpdoctor__subcmd__inspect_commands] )) ||
_rdpdoctor__subcmd__inspect_commands() {
    local commands; commands=()
    _describe -t commands 'rdpdoctor inspect commands' commands "$@"
}
(( $+functions[_rdpdoctor__subcmd__lab_commands] )) ||
_rdpdoctor__subcmd__lab_commands() {
    local commands; commands=()
    _describe -t commands 'rdpdoctor lab commands' commands "$@"
}
(( $+functions[_rdpdoctor__subcmd__mcp_commands] )) ||
_rdpdoctor__subcmd__mcp_commands() {
    local commands; commands=()
    _describe -t commands 'rdpdoctor mcp commands' commands "$@"
}
(( $+functions[_rdpdoctor__subcmd__scan_commands] )) ||
_rdpdoctor__subcmd__scan_commands() {
    local commands; commands=()
    _describe -t commands 'rdpdoctor scan commands' commands "$@"
}
(( $+functions[_rdpdoctor__subcmd__watch_commands] )) ||
_rdpdoctor__subcmd__watch_commands() {
    local commands; commands=()
    _describe -t commands 'rdpdoctor watch commands' commands "$@"
}

if [ "$funcstack[1]" = "_rdpdoctor" ]; then
    _rdpdoctor "$@"
else
    compdef _rdpdoctor rdpdoctor
fi
