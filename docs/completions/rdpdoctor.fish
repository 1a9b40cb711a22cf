# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_rdpdoctor_global_optspecs
    string join \n quick full budget= list-looks timeout= repeat= load= yes resolver= trust= no-history client= offer= gateway= gateway-user= proxy= realm= kdc-proxy= user= password-stdin to= saw= symptom= guided format= o/output= q/quiet v/verbose color= redact no-progress h/help V/version
end

function __fish_rdpdoctor_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_rdpdoctor_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_rdpdoctor_using_subcommand
    set -l cmd (__fish_rdpdoctor_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l budget -d 'Open so many connections at most [default: 8; with --full 80]. Without enough of them, a survey says what it left out' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l timeout -d 'Give up on a silent host after this time: 6s, 500ms, 1m' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l repeat -d 'Try the same connection so many times, and count how often it fails; as many as the budget allows' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l load -d 'Test how many connections at once the host takes, with 30 or N; asks before it begins' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l resolver -d 'Ask this name server too, directly, and compare: an address, with :PORT if it is not 53; may be repeated' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l trust -d 'Trust the authorities in this PEM file too, beside those of this machine' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l client -d 'The client whose connection fails' -r -f -a "mstsc\t'Remote Desktop Connection of Windows'
mac\t'Windows App (Microsoft Remote Desktop) for macOS'
freerdp\t'FreeRDP: xfreerdp, wlfreerdp, sdl-freerdp'
remmina\t'Remmina'
guacd\t'Apache Guacamole'
rdesktop\t'rdesktop'"
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l offer -d 'What that client offers, when it is not the usual: rdp, tls, nla, nla-ex, rdstls, entra' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l gateway -d 'Go through this RD Gateway; none: not even through the one of the connection file' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l gateway-user -d 'Log on to the gateway as this user, and not again once it was refused; the password is asked for, or taken from RDPDOCTOR_GATEWAY_PASSWORD, or with --password-stdin from standard input. A logon that fails counts toward a lock-out' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l proxy -d 'Go through this proxy: http://HOST:PORT or socks5://HOST:PORT, with USER@ before the host; env: the one of ALL_PROXY or HTTPS_PROXY' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l realm -d 'Ask the Kerberos servers of this realm too, without a password; with a user, also what they say of them and the host' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l kdc-proxy -d 'Ask the Kerberos servers through this proxy: its name, or https://HOST:PORT/PATH' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l user -d 'Try one logon as this user; a wrong password counts towards a lock-out [the password: asked for, or RDPDOCTOR_PASSWORD]' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l to -d 'How far to go' -r -f -a "logon\t'Up to the logon: no session begins on the server (the default)'
desktop\t'Up to the first picture of a logon screen or desktop, then disconnect; with a user, a session may be left behind'"
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l saw -d 'What the client showed: codes, names or words of its dialog ("0x904 0x7"); it is weighed with the rest' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l symptom -d 'How it behaves: a name from `--symptom list`, or your own words ("works by IP", "only one user")' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l format -d 'The form of the answer [default: text, or what the name of FILE says]' -r -f -a "text\t'For a person at a terminal'
json\t'For a program: one document'
jsonl\t'For a program: one line per report'
markdown\t'For a ticket'
html\t'For a browser: one file that needs no network'
csv\t'For a spreadsheet: a line for each host'
sarif\t'For pipelines and code scanning: SARIF 2.1.0'
junit\t'For pipelines: hosts as tests, in the XML of JUnit'"
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -s o -l output -d 'Write the answer to a file' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l color -d 'Use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise'
always\t'Always'
never\t'Never'"
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l quick -d 'Open one connection alone'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l full -d 'Look at all that can be seen from outside, with up to 80 connections'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l list-looks -d 'List every look, with what it costs and what it leaves behind; looks at nothing'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l yes -d 'Begin the test of --load without asking'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l no-history -d 'Neither compare with the certificate seen the last time nor remember this one'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l password-stdin -d 'Read passwords from standard input: a line for --user, one for --gateway-user, one for the user of --proxy'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l guided -d 'Ask, at the terminal, the few questions whose answers tell the causes apart best; q ends it'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -s q -l quiet -d 'Print the verdict alone, and no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -s v -l verbose -d 'Print every rung, look and fact'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l redact -d 'Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -l no-progress -d 'Show no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -s V -l version -d 'Print version'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -a "check" -d 'Look at one target and say what is wrong (the default)'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -a "analyze" -d 'Give the same verdict from files: captures, event logs, registry, logs, connection files, archives of them'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -a "scan" -d 'Look at many hosts at once, and write a line for each as soon as it is done'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -a "watch" -d 'Keep looking at some hosts and tell what changes, in a live view or line by line'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -a "inspect" -d 'Look at this machine as client and as server, and have it shake hands with itself; changes nothing'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -a "collect" -d 'Put report, evidence, settings and logs into one archive, without names and addresses, to send on'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -a "explain" -d 'Say what a code, a pair of codes, a name or a pasted text means'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -a "fix" -d 'Plan the mend of a cause as text, data or a script; carry it out here, prove it, take it back'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -a "fix-guard" -d 'Stand by to take a plan back'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -a "demo" -d 'Show the main job against the built-in lab: nothing to install, nothing to reach'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -a "lab" -d 'Serve a fault for other clients, or put it before a real server, until Ctrl-C; `lab list` shows all'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -a "book" -d 'Open the book: how to read a report, every cause, remedy and code, without a network'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -a "mcp" -d 'Serve check, explain, analyze and plan as tools of an assistant (Model Context Protocol, on stdin and stdout)'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -a "completions" -d 'Write a script that completes the command line'
complete -c rdpdoctor -n "__fish_rdpdoctor_needs_command" -a "generate" -d 'Write the files that are made from the code'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l budget -d 'Open so many connections at most [default: 8; with --full 80]. Without enough of them, a survey says what it left out' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l timeout -d 'Give up on a silent host after this time: 6s, 500ms, 1m' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l repeat -d 'Try the same connection so many times, and count how often it fails; as many as the budget allows' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l load -d 'Test how many connections at once the host takes, with 30 or N; asks before it begins' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l resolver -d 'Ask this name server too, directly, and compare: an address, with :PORT if it is not 53; may be repeated' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l trust -d 'Trust the authorities in this PEM file too, beside those of this machine' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l client -d 'The client whose connection fails' -r -f -a "mstsc\t'Remote Desktop Connection of Windows'
mac\t'Windows App (Microsoft Remote Desktop) for macOS'
freerdp\t'FreeRDP: xfreerdp, wlfreerdp, sdl-freerdp'
remmina\t'Remmina'
guacd\t'Apache Guacamole'
rdesktop\t'rdesktop'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l offer -d 'What that client offers, when it is not the usual: rdp, tls, nla, nla-ex, rdstls, entra' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l gateway -d 'Go through this RD Gateway; none: not even through the one of the connection file' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l gateway-user -d 'Log on to the gateway as this user, and not again once it was refused; the password is asked for, or taken from RDPDOCTOR_GATEWAY_PASSWORD, or with --password-stdin from standard input. A logon that fails counts toward a lock-out' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l proxy -d 'Go through this proxy: http://HOST:PORT or socks5://HOST:PORT, with USER@ before the host; env: the one of ALL_PROXY or HTTPS_PROXY' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l realm -d 'Ask the Kerberos servers of this realm too, without a password; with a user, also what they say of them and the host' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l kdc-proxy -d 'Ask the Kerberos servers through this proxy: its name, or https://HOST:PORT/PATH' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l user -d 'Try one logon as this user; a wrong password counts towards a lock-out [the password: asked for, or RDPDOCTOR_PASSWORD]' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l to -d 'How far to go' -r -f -a "logon\t'Up to the logon: no session begins on the server (the default)'
desktop\t'Up to the first picture of a logon screen or desktop, then disconnect; with a user, a session may be left behind'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l saw -d 'What the client showed: codes, names or words of its dialog ("0x904 0x7"); it is weighed with the rest' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l symptom -d 'How it behaves: a name from `--symptom list`, or your own words ("works by IP", "only one user")' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l format -d 'The form of the answer [default: text, or what the name of FILE says]' -r -f -a "text\t'For a person at a terminal'
json\t'For a program: one document'
jsonl\t'For a program: one line per report'
markdown\t'For a ticket'
html\t'For a browser: one file that needs no network'
csv\t'For a spreadsheet: a line for each host'
sarif\t'For pipelines and code scanning: SARIF 2.1.0'
junit\t'For pipelines: hosts as tests, in the XML of JUnit'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -s o -l output -d 'Write the answer to a file' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l color -d 'Use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise'
always\t'Always'
never\t'Never'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l quick -d 'Open one connection alone'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l full -d 'Look at all that can be seen from outside, with up to 80 connections'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l list-looks -d 'List every look, with what it costs and what it leaves behind; looks at nothing'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l yes -d 'Begin the test of --load without asking'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l no-history -d 'Neither compare with the certificate seen the last time nor remember this one'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l password-stdin -d 'Read passwords from standard input: a line for --user, one for --gateway-user, one for the user of --proxy'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l guided -d 'Ask, at the terminal, the few questions whose answers tell the causes apart best; q ends it'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -s q -l quiet -d 'Print the verdict alone, and no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -s v -l verbose -d 'Print every rung, look and fact'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l redact -d 'Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -l no-progress -d 'Show no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand analyze" -l live -d 'Listen to this interface (or any) while the failure is reproduced; Ctrl-C ends it' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand analyze" -l filter -d 'Listen only to these packets: host ADDRESS, port NUMBER, joined by and' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand analyze" -l for -d 'Listen for so long, instead of until Ctrl-C' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand analyze" -l host -d 'The host they are about, when the files do not tell; of several servers in a capture, the one to judge' -r -f -a "(__fish_print_hostnames)"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand analyze" -l connection -d 'Judge this connection of a capture alone, by its number in the report' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand analyze" -l keylog -d 'Read inside TLS with the keys in this file, as SSLKEYLOGFILE makes a client or server write them. A key log among the paths does the same' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand analyze" -l client -d 'The client whose connection fails' -r -f -a "mstsc\t'Remote Desktop Connection of Windows'
mac\t'Windows App (Microsoft Remote Desktop) for macOS'
freerdp\t'FreeRDP: xfreerdp, wlfreerdp, sdl-freerdp'
remmina\t'Remmina'
guacd\t'Apache Guacamole'
rdesktop\t'rdesktop'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand analyze" -l saw -d 'What the client showed: codes, names or words of its dialog ("0x904 0x7"); it is weighed with the rest' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand analyze" -l symptom -d 'How it behaves: a name from `--symptom list`, or your own words ("works by IP", "only one user")' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand analyze" -l format -d 'The form of the answer [default: text, or what the name of FILE says]' -r -f -a "text\t'For a person at a terminal'
json\t'For a program: one document'
jsonl\t'For a program: one line per report'
markdown\t'For a ticket'
html\t'For a browser: one file that needs no network'
csv\t'For a spreadsheet: a line for each host'
sarif\t'For pipelines and code scanning: SARIF 2.1.0'
junit\t'For pipelines: hosts as tests, in the XML of JUnit'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand analyze" -s o -l output -d 'Write the answer to a file' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand analyze" -l color -d 'Use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise'
always\t'Always'
never\t'Never'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand analyze" -l guided -d 'Ask, at the terminal, the few questions whose answers tell the causes apart best; q ends it'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand analyze" -s q -l quiet -d 'Print the verdict alone, and no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand analyze" -s v -l verbose -d 'Print every rung, look and fact'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand analyze" -l redact -d 'Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand analyze" -l no-progress -d 'Show no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand analyze" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand scan" -l targets -d 'Read hosts from a list: one a line, or CSV with or without headings (host, port, name)' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand scan" -l exclude -d 'Leave out the hosts, networks and names in this list' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand scan" -l port -d 'The port of hosts that are given without one [default: 3389]' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand scan" -l rate -d 'Hosts begun in a second; \'max\' for as fast as it goes' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand scan" -l per-subnet -d 'Hosts of one /24 (IPv6: /64) looked at at the same time; \'max\' for any number' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand scan" -l jitter -d 'Let each host wait for a random time up to this: 200ms, 5s' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand scan" -l at-once -d 'Hosts looked at at the same time' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand scan" -l budget -d 'Connections to one host at most: one glance, the rest where it leaves a doubt [default: 4; with --deep 9]' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand scan" -l resume -d 'Note in this file what is done, and do not do it again' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand scan" -l timeout -d 'Give up on a silent host after this time [default: 6s]' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand scan" -l format -d 'The form of the answer [default: text, or what the name of FILE says]' -r -f -a "text\t'For a person at a terminal'
json\t'For a program: one document'
jsonl\t'For a program: one line per report'
markdown\t'For a ticket'
html\t'For a browser: one file that needs no network'
csv\t'For a spreadsheet: a line for each host'
sarif\t'For pipelines and code scanning: SARIF 2.1.0'
junit\t'For pipelines: hosts as tests, in the XML of JUnit'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand scan" -s o -l output -d 'Write the answer to a file' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand scan" -l color -d 'Use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise'
always\t'Always'
never\t'Never'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand scan" -l with-permission -d 'You may scan the public addresses among the hosts: their owners know and agree'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand scan" -l deep -d 'Check every host in full that is not healthy'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand scan" -s q -l quiet -d 'Print the verdict alone, and no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand scan" -s v -l verbose -d 'Print every rung, look and fact'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand scan" -l redact -d 'Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand scan" -l no-progress -d 'Show no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand scan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand watch" -l interval -d 'Time between looks at a host; more after resets, and where the budget asks for it' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand watch" -l budget -d 'Connections to a host in an hour at most' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand watch" -l record -d 'Write every look to this file; \'rdpdoctor analyze FILE\' reads it' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand watch" -l looks -d 'End after so many looks at each host' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand watch" -l format -d 'The form of the answer [default: text, or what the name of FILE says]' -r -f -a "text\t'For a person at a terminal'
json\t'For a program: one document'
jsonl\t'For a program: one line per report'
markdown\t'For a ticket'
html\t'For a browser: one file that needs no network'
csv\t'For a spreadsheet: a line for each host'
sarif\t'For pipelines and code scanning: SARIF 2.1.0'
junit\t'For pipelines: hosts as tests, in the XML of JUnit'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand watch" -s o -l output -d 'Write the answer to a file' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand watch" -l color -d 'Use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise'
always\t'Always'
never\t'Never'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand watch" -l plain -d 'Print a line for each change, and draw nothing; so too when stdout is no terminal'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand watch" -l no-color -d 'Use no colours; the same as --color never'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand watch" -s q -l quiet -d 'Print the verdict alone, and no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand watch" -s v -l verbose -d 'Print every rung, look and fact'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand watch" -l redact -d 'Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand watch" -l no-progress -d 'Show no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand watch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand inspect" -l role -d 'Look at one role alone' -r -f -a "client\t'It connects to others'
server\t'Others connect to it'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand inspect" -l root -d 'Look at another machine\'s files below this folder (a mounted disk, a container); nothing is asked of what runs' -r -f -a "(__fish_complete_directories)"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand inspect" -l server -d 'The server program that is meant, when there are several' -r -f -a "xrdp\t'xrdp'
gnome-remote-desktop\t'The remote desktop of GNOME'
freerdp-shadow\t'The shadow server of FreeRDP'
krdp\t'The remote desktop of KDE'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand inspect" -l settings -d 'Its settings, when they are not in the usual place' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand inspect" -l service-user -d 'The user it runs as, when it is not the one found' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand inspect" -l format -d 'The form of the answer [default: text, or what the name of FILE says]' -r -f -a "text\t'For a person at a terminal'
json\t'For a program: one document'
jsonl\t'For a program: one line per report'
markdown\t'For a ticket'
html\t'For a browser: one file that needs no network'
csv\t'For a spreadsheet: a line for each host'
sarif\t'For pipelines and code scanning: SARIF 2.1.0'
junit\t'For pipelines: hosts as tests, in the XML of JUnit'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand inspect" -s o -l output -d 'Write the answer to a file' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand inspect" -l color -d 'Use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise'
always\t'Always'
never\t'Never'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand inspect" -s q -l quiet -d 'Print the verdict alone, and no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand inspect" -s v -l verbose -d 'Print every rung, look and fact'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand inspect" -l redact -d 'Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand inspect" -l no-progress -d 'Show no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand collect" -l from -d 'Put what these files and folders tell into the bundle too' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand collect" -l root -d 'Look at the files of another machine below this folder, such as a mounted disk' -r -f -a "(__fish_complete_directories)"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand collect" -l days -d 'Take so many days of the journal' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand collect" -l script -d 'Write a script that collects on a machine where rdpdoctor is not; it changes nothing there' -r -f -a "powershell\t'Windows PowerShell 5.1 or later'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand collect" -l part -d 'For Azure Run Command, which cuts answers off: the script tells only this part, from 1 on' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand collect" -l format -d 'The form of the answer [default: text, or what the name of FILE says]' -r -f -a "text\t'For a person at a terminal'
json\t'For a program: one document'
jsonl\t'For a program: one line per report'
markdown\t'For a ticket'
html\t'For a browser: one file that needs no network'
csv\t'For a spreadsheet: a line for each host'
sarif\t'For pipelines and code scanning: SARIF 2.1.0'
junit\t'For pipelines: hosts as tests, in the XML of JUnit'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand collect" -s o -l output -d 'Write the answer to a file' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand collect" -l color -d 'Use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise'
always\t'Always'
never\t'Never'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand collect" -l no-redact -d 'Keep names and addresses as they are'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand collect" -s q -l quiet -d 'Print the verdict alone, and no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand collect" -s v -l verbose -d 'Print every rung, look and fact'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand collect" -l redact -d 'Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand collect" -l no-progress -d 'Show no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand collect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand explain" -l client -d 'The client that showed it' -r -f -a "mstsc\t'Remote Desktop Connection of Windows, and what is built on it (mRemoteNG, RDCMan, 1Remote)'
mac\t'Windows App and Microsoft Remote Desktop for macOS and iOS'
freerdp\t'FreeRDP: xfreerdp, wlfreerdp, sdl-freerdp; Remmina and Guacamole are built on it'
remmina\t'Remmina'
guacd\t'Apache Guacamole'
rdesktop\t'rdesktop'
avd\t'Azure Virtual Desktop and Windows 365 clients'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand explain" -l saw -d 'What the client showed: codes, names or words of its dialog ("0x904 0x7"); it is weighed with the rest' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand explain" -l symptom -d 'How it behaves: a name from `--symptom list`, or your own words ("works by IP", "only one user")' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand explain" -l list -d 'List the namespaces, or the codes of one' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand explain" -l search -d 'Search names and meanings' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand explain" -l format -d 'The form of the answer [default: text, or what the name of FILE says]' -r -f -a "text\t'For a person at a terminal'
json\t'For a program: one document'
jsonl\t'For a program: one line per report'
markdown\t'For a ticket'
html\t'For a browser: one file that needs no network'
csv\t'For a spreadsheet: a line for each host'
sarif\t'For pipelines and code scanning: SARIF 2.1.0'
junit\t'For pipelines: hosts as tests, in the XML of JUnit'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand explain" -s o -l output -d 'Write the answer to a file' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand explain" -l color -d 'Use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise'
always\t'Always'
never\t'Never'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand explain" -l guided -d 'Ask, at the terminal, the few questions whose answers tell the causes apart best; q ends it'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand explain" -s q -l quiet -d 'Print the verdict alone, and no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand explain" -s v -l verbose -d 'Print every rung, look and fact'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand explain" -l redact -d 'Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand explain" -l no-progress -d 'Show no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -l for -d 'The host that the plan is for, when a cause was given' -r -f -a "(__fish_print_hostnames)"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -l with -d 'What the other machine saw, joined with the report: its own report (inspect), logs, any file analyze reads' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -l remedy -d 'The remedy, when it is not the first of the cause' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -l system -d 'The system of the server, when nothing tells it' -r -f -a "windows\t'Windows'
linux\t'Linux'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -l script -d 'Write the plan as a script for the way in that is left' -r -f -a "powershell\t'Windows PowerShell 5.1'
reg\t'A registry file, with a second one that takes it back'
cmd\t'A batch file, for consoles without PowerShell'
bash\t'A bash script, for Linux'
azure\t'PowerShell for Azure\'s Run Command (bash for a Linux machine)'
ansible\t'A playbook of Ansible'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -l receipt -d 'Say what a script did, from what it printed: a file, or \'-\' for standard input' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -l here -d 'Which machine of the connection this is [default: the server, where the plan has steps for it]' -r -f -a "client\t'The one that connects'
network\t'A router, firewall or forwarder on the way'
server\t'The one connected to'
gateway\t'The RD Gateway'
name-server\t'A name server'
controller\t'A domain controller'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -l undo-after -d 'Take the plan back after this time unless it was verified or kept by then [default: 5m, held 10m]' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -l undo -d 'Take back what was carried out: an id of --list, or "last"' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -l keep -d 'Keep a plan that waits for it: a look from elsewhere has shown that it helped' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -l resume -d 'Take up a plan whose run was cut off, and finish it or take it back' -r -f -a "ask\t'Ask'
undo\t'Take it back'
finish\t'Make what was not made, and verify'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -l state-dir -d 'Keep the receipts in this folder [default: /var/lib/rdpdoctor, or a folder of the user\'s]' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -l ssh -d 'Carry it out on the host of --for over ssh, and judge it from here: USER@HOST, or what else ssh takes' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -l remote-program -d 'Where rdpdoctor is on the other side of --ssh [default: on its path]' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -l service-command -d 'Start and stop services with this command, called as COMMAND ACTION SERVICE (supervisorctl, for example)' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -l format -d 'The form of the answer [default: text, or what the name of FILE says]' -r -f -a "text\t'For a person at a terminal'
json\t'For a program: one document'
jsonl\t'For a program: one line per report'
markdown\t'For a ticket'
html\t'For a browser: one file that needs no network'
csv\t'For a spreadsheet: a line for each host'
sarif\t'For pipelines and code scanning: SARIF 2.1.0'
junit\t'For pipelines: hosts as tests, in the XML of JUnit'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -s o -l output -d 'Write the answer to a file' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -l color -d 'Use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise'
always\t'Always'
never\t'Never'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -l accept-risk -d 'Plan a weakening of security all the same'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -l apply -d 'Carry the plan out here, after asking; take it back unless a fresh look shows that it helped'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -s y -l yes -d 'Do not ask'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -l dry-run -d 'Show what --apply would change here, with the values of today, and change nothing'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -l hold -d 'Leave it to a look from elsewhere to tell whether it helped: undone after a time unless kept (--keep)'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -l list -d 'List what was carried out here'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -s q -l quiet -d 'Print the verdict alone, and no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -s v -l verbose -d 'Print every rung, look and fact'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -l redact -d 'Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -l no-progress -d 'Show no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix-guard" -l until -d 'When to take it back, in seconds since 1970' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix-guard" -l parent -d 'The process that carries it out' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix-guard" -l state-dir -d 'Where the receipts are' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix-guard" -l service-command -d 'Who looks after services' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix-guard" -l format -d 'The form of the answer [default: text, or what the name of FILE says]' -r -f -a "text\t'For a person at a terminal'
json\t'For a program: one document'
jsonl\t'For a program: one line per report'
markdown\t'For a ticket'
html\t'For a browser: one file that needs no network'
csv\t'For a spreadsheet: a line for each host'
sarif\t'For pipelines and code scanning: SARIF 2.1.0'
junit\t'For pipelines: hosts as tests, in the XML of JUnit'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix-guard" -s o -l output -d 'Write the answer to a file' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix-guard" -l color -d 'Use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise'
always\t'Always'
never\t'Never'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix-guard" -s q -l quiet -d 'Print the verdict alone, and no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix-guard" -s v -l verbose -d 'Print every rung, look and fact'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix-guard" -l redact -d 'Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix-guard" -l no-progress -d 'Show no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand fix-guard" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand demo" -l format -d 'The form of the answer [default: text, or what the name of FILE says]' -r -f -a "text\t'For a person at a terminal'
json\t'For a program: one document'
jsonl\t'For a program: one line per report'
markdown\t'For a ticket'
html\t'For a browser: one file that needs no network'
csv\t'For a spreadsheet: a line for each host'
sarif\t'For pipelines and code scanning: SARIF 2.1.0'
junit\t'For pipelines: hosts as tests, in the XML of JUnit'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand demo" -s o -l output -d 'Write the answer to a file' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand demo" -l color -d 'Use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise'
always\t'Always'
never\t'Never'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand demo" -l list -d 'List the faults'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand demo" -s q -l quiet -d 'Print the verdict alone, and no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand demo" -s v -l verbose -d 'Print every rung, look and fact'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand demo" -l redact -d 'Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand demo" -l no-progress -d 'Show no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand lab" -l listen -d 'Listen here [default: loopback, any free port]' -r
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand lab" -l proxy -d 'Sit before this real server and damage the connection' -r -f -a "(__fish_print_hostnames)"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand lab" -l target -d 'Lead to this real server behind the gateway or proxy that is played' -r -f -a "(__fish_print_hostnames)"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand lab" -l keylog -d 'Write the keys of the TLS sessions to this file, so that a recording of them can be read' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand lab" -l format -d 'The form of the answer [default: text, or what the name of FILE says]' -r -f -a "text\t'For a person at a terminal'
json\t'For a program: one document'
jsonl\t'For a program: one line per report'
markdown\t'For a ticket'
html\t'For a browser: one file that needs no network'
csv\t'For a spreadsheet: a line for each host'
sarif\t'For pipelines and code scanning: SARIF 2.1.0'
junit\t'For pipelines: hosts as tests, in the XML of JUnit'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand lab" -s o -l output -d 'Write the answer to a file' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand lab" -l color -d 'Use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise'
always\t'Always'
never\t'Never'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand lab" -l open-to-others -d 'Let other machines in, when the address to listen on can be reached from them'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand lab" -s q -l quiet -d 'Print the verdict alone, and no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand lab" -s v -l verbose -d 'Print every rung, look and fact'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand lab" -l redact -d 'Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand lab" -l no-progress -d 'Show no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand lab" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand book" -l to -d 'Write the pages into this folder [default: a folder among this user\'s caches]' -r -f -a "(__fish_complete_directories)"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand book" -l format -d 'The form of the answer [default: text, or what the name of FILE says]' -r -f -a "text\t'For a person at a terminal'
json\t'For a program: one document'
jsonl\t'For a program: one line per report'
markdown\t'For a ticket'
html\t'For a browser: one file that needs no network'
csv\t'For a spreadsheet: a line for each host'
sarif\t'For pipelines and code scanning: SARIF 2.1.0'
junit\t'For pipelines: hosts as tests, in the XML of JUnit'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand book" -s o -l output -d 'Write the answer to a file' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand book" -l color -d 'Use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise'
always\t'Always'
never\t'Never'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand book" -l print -d 'Say where the page is, and open no browser'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand book" -s q -l quiet -d 'Print the verdict alone, and no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand book" -s v -l verbose -d 'Print every rung, look and fact'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand book" -l redact -d 'Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand book" -l no-progress -d 'Show no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand book" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand mcp" -l files -d 'Let the assistant have files below this folder read [default: the current folder]' -r -f -a "(__fish_complete_directories)"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand mcp" -l format -d 'The form of the answer [default: text, or what the name of FILE says]' -r -f -a "text\t'For a person at a terminal'
json\t'For a program: one document'
jsonl\t'For a program: one line per report'
markdown\t'For a ticket'
html\t'For a browser: one file that needs no network'
csv\t'For a spreadsheet: a line for each host'
sarif\t'For pipelines and code scanning: SARIF 2.1.0'
junit\t'For pipelines: hosts as tests, in the XML of JUnit'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand mcp" -s o -l output -d 'Write the answer to a file' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand mcp" -l color -d 'Use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise'
always\t'Always'
never\t'Never'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand mcp" -s q -l quiet -d 'Print the verdict alone, and no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand mcp" -s v -l verbose -d 'Print every rung, look and fact'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand mcp" -l redact -d 'Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand mcp" -l no-progress -d 'Show no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand mcp" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand completions" -l format -d 'The form of the answer [default: text, or what the name of FILE says]' -r -f -a "text\t'For a person at a terminal'
json\t'For a program: one document'
jsonl\t'For a program: one line per report'
markdown\t'For a ticket'
html\t'For a browser: one file that needs no network'
csv\t'For a spreadsheet: a line for each host'
sarif\t'For pipelines and code scanning: SARIF 2.1.0'
junit\t'For pipelines: hosts as tests, in the XML of JUnit'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand completions" -s o -l output -d 'Write the answer to a file' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand completions" -l color -d 'Use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise'
always\t'Always'
never\t'Never'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand completions" -s q -l quiet -d 'Print the verdict alone, and no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand completions" -s v -l verbose -d 'Print every rung, look and fact'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand completions" -l redact -d 'Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand completions" -l no-progress -d 'Show no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand generate" -l format -d 'The form of the answer [default: text, or what the name of FILE says]' -r -f -a "text\t'For a person at a terminal'
json\t'For a program: one document'
jsonl\t'For a program: one line per report'
markdown\t'For a ticket'
html\t'For a browser: one file that needs no network'
csv\t'For a spreadsheet: a line for each host'
sarif\t'For pipelines and code scanning: SARIF 2.1.0'
junit\t'For pipelines: hosts as tests, in the XML of JUnit'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand generate" -s o -l output -d 'Write the answer to a file' -r -F
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand generate" -l color -d 'Use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise'
always\t'Always'
never\t'Never'"
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand generate" -s q -l quiet -d 'Print the verdict alone, and no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand generate" -s v -l verbose -d 'Print every rung, look and fact'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand generate" -l redact -d 'Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand generate" -l no-progress -d 'Show no progress'
complete -c rdpdoctor -n "__fish_rdpdoctor_using_subcommand generate" -s h -l help -d 'Print help (see more with \'--help\')'
