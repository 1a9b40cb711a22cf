
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'rdpdoctor' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'rdpdoctor'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'rdpdoctor' {
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up on a silent host after this time: 6s, 500ms, 1m')
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'The client whose connection fails')
            [CompletionResult]::new('--offer', '--offer', [CompletionResultType]::ParameterName, 'What that client offers, when it is not the usual: rdp, tls, nla, nla-ex, rdstls, entra')
            [CompletionResult]::new('--saw', '--saw', [CompletionResultType]::ParameterName, 'What the client showed: codes, names or words of its dialog ("0x904 0x7"); it is weighed with the rest')
            [CompletionResult]::new('--symptom', '--symptom', [CompletionResultType]::ParameterName, 'How it behaves: a name from `--symptom list`, or your own words ("works by IP", "only one user")')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer [default: text, or what the name of FILE says]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours')
            [CompletionResult]::new('--quick', '--quick', [CompletionResultType]::ParameterName, 'Open one connection alone')
            [CompletionResult]::new('--guided', '--guided', [CompletionResultType]::ParameterName, 'Ask, at the terminal, the few questions whose answers tell the causes apart best; q ends it')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Look at one target and say what is wrong (the default)')
            [CompletionResult]::new('analyze', 'analyze', [CompletionResultType]::ParameterValue, 'Give the same verdict from files: captures, event logs, registry, logs, connection files, archives of them')
            [CompletionResult]::new('scan', 'scan', [CompletionResultType]::ParameterValue, 'Look at many hosts at once, and write a line for each as soon as it is done')
            [CompletionResult]::new('watch', 'watch', [CompletionResultType]::ParameterValue, 'Keep looking at some hosts and tell what changes, in a live view or line by line')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Look at this machine as client and as server, and have it shake hands with itself; changes nothing')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Say what a code, a pair of codes, a name or a pasted text means')
            [CompletionResult]::new('fix', 'fix', [CompletionResultType]::ParameterValue, 'Plan the mend of a cause as text, data or a script; carry it out here, prove it, take it back')
            [CompletionResult]::new('fix-guard', 'fix-guard', [CompletionResultType]::ParameterValue, 'Stand by to take a plan back')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'Show the main job against the built-in lab: nothing to install, nothing to reach')
            [CompletionResult]::new('lab', 'lab', [CompletionResultType]::ParameterValue, 'Serve a fault for other clients, or put it before a real server, until Ctrl-C; `lab list` shows all')
            [CompletionResult]::new('book', 'book', [CompletionResultType]::ParameterValue, 'Open the book: how to read a report, every cause, remedy and code, without a network')
            [CompletionResult]::new('mcp', 'mcp', [CompletionResultType]::ParameterValue, 'Serve check, explain and analyze as tools of an assistant (Model Context Protocol, on stdin and stdout)')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Write a script that completes the command line')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Write the files that are made from the code')
            break
        }
        'rdpdoctor;check' {
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up on a silent host after this time: 6s, 500ms, 1m')
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'The client whose connection fails')
            [CompletionResult]::new('--offer', '--offer', [CompletionResultType]::ParameterName, 'What that client offers, when it is not the usual: rdp, tls, nla, nla-ex, rdstls, entra')
            [CompletionResult]::new('--saw', '--saw', [CompletionResultType]::ParameterName, 'What the client showed: codes, names or words of its dialog ("0x904 0x7"); it is weighed with the rest')
            [CompletionResult]::new('--symptom', '--symptom', [CompletionResultType]::ParameterName, 'How it behaves: a name from `--symptom list`, or your own words ("works by IP", "only one user")')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer [default: text, or what the name of FILE says]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours')
            [CompletionResult]::new('--quick', '--quick', [CompletionResultType]::ParameterName, 'Open one connection alone')
            [CompletionResult]::new('--guided', '--guided', [CompletionResultType]::ParameterName, 'Ask, at the terminal, the few questions whose answers tell the causes apart best; q ends it')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'rdpdoctor;analyze' {
            [CompletionResult]::new('--live', '--live', [CompletionResultType]::ParameterName, 'Listen to this interface (or any) while the failure is reproduced; Ctrl-C ends it')
            [CompletionResult]::new('--filter', '--filter', [CompletionResultType]::ParameterName, 'Listen only to these packets: host ADDRESS, port NUMBER, joined by and')
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'Listen for so long, instead of until Ctrl-C')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The host they are about, when the files do not tell; of several servers in a capture, the one to judge')
            [CompletionResult]::new('--connection', '--connection', [CompletionResultType]::ParameterName, 'Judge this connection of a capture alone, by its number in the report')
            [CompletionResult]::new('--keylog', '--keylog', [CompletionResultType]::ParameterName, 'Read inside TLS with the keys in this file, as SSLKEYLOGFILE makes a client or server write them')
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'The client whose connection fails')
            [CompletionResult]::new('--saw', '--saw', [CompletionResultType]::ParameterName, 'What the client showed: codes, names or words of its dialog ("0x904 0x7"); it is weighed with the rest')
            [CompletionResult]::new('--symptom', '--symptom', [CompletionResultType]::ParameterName, 'How it behaves: a name from `--symptom list`, or your own words ("works by IP", "only one user")')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer [default: text, or what the name of FILE says]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours')
            [CompletionResult]::new('--guided', '--guided', [CompletionResultType]::ParameterName, 'Ask, at the terminal, the few questions whose answers tell the causes apart best; q ends it')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'rdpdoctor;scan' {
            [CompletionResult]::new('--targets', '--targets', [CompletionResultType]::ParameterName, 'Read hosts from a list: one a line, or CSV with or without headings (host, port, name)')
            [CompletionResult]::new('--exclude', '--exclude', [CompletionResultType]::ParameterName, 'Leave out the hosts, networks and names in this list')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'The port of hosts that are given without one [default: 3389]')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Hosts begun in a second; ''max'' for as fast as it goes')
            [CompletionResult]::new('--per-subnet', '--per-subnet', [CompletionResultType]::ParameterName, 'Hosts of one /24 (IPv6: /64) looked at at the same time; ''max'' for any number')
            [CompletionResult]::new('--jitter', '--jitter', [CompletionResultType]::ParameterName, 'Let each host wait for a random time up to this: 200ms, 5s')
            [CompletionResult]::new('--at-once', '--at-once', [CompletionResultType]::ParameterName, 'Hosts looked at at the same time')
            [CompletionResult]::new('--budget', '--budget', [CompletionResultType]::ParameterName, 'Connections to one host at most: one glance, the rest where it leaves a doubt [default: 4; with --deep 9]')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Note in this file what is done, and do not do it again')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up on a silent host after this time [default: 6s]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer [default: text, or what the name of FILE says]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours')
            [CompletionResult]::new('--with-permission', '--with-permission', [CompletionResultType]::ParameterName, 'You may scan the public addresses among the hosts: their owners know and agree')
            [CompletionResult]::new('--deep', '--deep', [CompletionResultType]::ParameterName, 'Check every host in full that is not healthy')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'rdpdoctor;watch' {
            [CompletionResult]::new('--interval', '--interval', [CompletionResultType]::ParameterName, 'Time between looks at a host; more after resets, and where the budget asks for it')
            [CompletionResult]::new('--budget', '--budget', [CompletionResultType]::ParameterName, 'Connections to a host in an hour at most')
            [CompletionResult]::new('--record', '--record', [CompletionResultType]::ParameterName, 'Write every look to this file; ''rdpdoctor analyze FILE'' reads it')
            [CompletionResult]::new('--looks', '--looks', [CompletionResultType]::ParameterName, 'End after so many looks at each host')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer [default: text, or what the name of FILE says]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'Print a line for each change, and draw nothing; so too when stdout is no terminal')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Use no colours; the same as --color never')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'rdpdoctor;inspect' {
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'Look at one role alone')
            [CompletionResult]::new('--root', '--root', [CompletionResultType]::ParameterName, 'Look at another machine''s files below this folder (a mounted disk, a container); nothing is asked of what runs')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'The server program that is meant, when there are several')
            [CompletionResult]::new('--settings', '--settings', [CompletionResultType]::ParameterName, 'Its settings, when they are not in the usual place')
            [CompletionResult]::new('--service-user', '--service-user', [CompletionResultType]::ParameterName, 'The user it runs as, when it is not the one found')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer [default: text, or what the name of FILE says]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'rdpdoctor;explain' {
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'The client that showed it')
            [CompletionResult]::new('--saw', '--saw', [CompletionResultType]::ParameterName, 'What the client showed: codes, names or words of its dialog ("0x904 0x7"); it is weighed with the rest')
            [CompletionResult]::new('--symptom', '--symptom', [CompletionResultType]::ParameterName, 'How it behaves: a name from `--symptom list`, or your own words ("works by IP", "only one user")')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'List the namespaces, or the codes of one')
            [CompletionResult]::new('--search', '--search', [CompletionResultType]::ParameterName, 'Search names and meanings')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer [default: text, or what the name of FILE says]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours')
            [CompletionResult]::new('--guided', '--guided', [CompletionResultType]::ParameterName, 'Ask, at the terminal, the few questions whose answers tell the causes apart best; q ends it')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'rdpdoctor;fix' {
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'The host that the plan is for, when a cause was given')
            [CompletionResult]::new('--with', '--with', [CompletionResultType]::ParameterName, 'What the other machine saw, joined with the report: its own report (inspect), logs, any file analyze reads')
            [CompletionResult]::new('--remedy', '--remedy', [CompletionResultType]::ParameterName, 'The remedy, when it is not the first of the cause')
            [CompletionResult]::new('--system', '--system', [CompletionResultType]::ParameterName, 'The system of the server, when nothing tells it')
            [CompletionResult]::new('--script', '--script', [CompletionResultType]::ParameterName, 'Write the plan as a script for the way in that is left')
            [CompletionResult]::new('--receipt', '--receipt', [CompletionResultType]::ParameterName, 'Say what a script did, from what it printed: a file, or ''-'' for standard input')
            [CompletionResult]::new('--here', '--here', [CompletionResultType]::ParameterName, 'Which machine of the connection this is [default: the server, where the plan has steps for it]')
            [CompletionResult]::new('--undo-after', '--undo-after', [CompletionResultType]::ParameterName, 'Take the plan back after this time unless it was verified or kept by then [default: 5m, held 10m]')
            [CompletionResult]::new('--undo', '--undo', [CompletionResultType]::ParameterName, 'Take back what was carried out: an id of --list, or "last"')
            [CompletionResult]::new('--keep', '--keep', [CompletionResultType]::ParameterName, 'Keep a plan that waits for it: a look from elsewhere has shown that it helped')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Take up a plan whose run was cut off, and finish it or take it back')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Keep the receipts in this folder [default: /var/lib/rdpdoctor, or a folder of the user''s]')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'Carry it out on the host of --for over ssh, and judge it from here: USER@HOST, or what else ssh takes')
            [CompletionResult]::new('--remote-program', '--remote-program', [CompletionResultType]::ParameterName, 'Where rdpdoctor is on the other side of --ssh [default: on its path]')
            [CompletionResult]::new('--service-command', '--service-command', [CompletionResultType]::ParameterName, 'Start and stop services with this command, called as COMMAND ACTION SERVICE (supervisorctl, for example)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer [default: text, or what the name of FILE says]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours')
            [CompletionResult]::new('--accept-risk', '--accept-risk', [CompletionResultType]::ParameterName, 'Plan a weakening of security all the same')
            [CompletionResult]::new('--apply', '--apply', [CompletionResultType]::ParameterName, 'Carry the plan out here, after asking; take it back unless a fresh look shows that it helped')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what --apply would change here, with the values of today, and change nothing')
            [CompletionResult]::new('--hold', '--hold', [CompletionResultType]::ParameterName, 'Leave it to a look from elsewhere to tell whether it helped: undone after a time unless kept (--keep)')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'List what was carried out here')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'rdpdoctor;fix-guard' {
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'When to take it back, in seconds since 1970')
            [CompletionResult]::new('--parent', '--parent', [CompletionResultType]::ParameterName, 'The process that carries it out')
            [CompletionResult]::new('--state-dir', '--state-dir', [CompletionResultType]::ParameterName, 'Where the receipts are')
            [CompletionResult]::new('--service-command', '--service-command', [CompletionResultType]::ParameterName, 'Who looks after services')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer [default: text, or what the name of FILE says]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'rdpdoctor;demo' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer [default: text, or what the name of FILE says]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'List the faults')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'rdpdoctor;lab' {
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Listen here [default: loopback, any free port]')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Sit before this real server and damage the connection')
            [CompletionResult]::new('--keylog', '--keylog', [CompletionResultType]::ParameterName, 'Write the keys of the TLS sessions to this file, so that a recording of them can be read')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer [default: text, or what the name of FILE says]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours')
            [CompletionResult]::new('--open-to-others', '--open-to-others', [CompletionResultType]::ParameterName, 'Let other machines in, when the address to listen on can be reached from them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'rdpdoctor;book' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Write the pages into this folder [default: a folder among this user''s caches]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer [default: text, or what the name of FILE says]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Say where the page is, and open no browser')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'rdpdoctor;mcp' {
            [CompletionResult]::new('--files', '--files', [CompletionResultType]::ParameterName, 'Let the assistant have files below this folder read [default: the current folder]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer [default: text, or what the name of FILE says]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'rdpdoctor;completions' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer [default: text, or what the name of FILE says]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'rdpdoctor;generate' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer [default: text, or what the name of FILE says]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the answer to a file')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colours')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print the verdict alone, and no progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print every rung, look and fact')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
