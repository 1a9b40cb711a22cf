//! What can be said on the command line.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum, ValueHint};
use model::codes::Protocols;

use crate::answer;
use crate::assistant::AssistantArguments;
use crate::book::BookArguments;
use crate::collect::CollectArguments;
use crate::explain::ExplainArguments;
use crate::failure::Failure;
use crate::hops::HopArguments;
use crate::inspect::InspectArguments;
use crate::kerberos::KerberosArguments;
use crate::logon::LogonArguments;
use crate::scan::ScanArguments;
use crate::symptoms::StatedArguments;
use crate::watch::WatchArguments;

/// The command line as it was typed.
#[derive(Debug, Parser)]
#[command(
    name = "rdpdoctor",
    version,
    about = "Finds out why a Remote Desktop connection fails, and proves it",
    long_about = "Finds out why a Remote Desktop (RDP) connection fails, proves it with evidence, and says who can \
        mend it.\n\nIt climbs to the host as a client does, rung by rung: name, TCP, negotiation, TLS, network level \
        authentication (NLA). It needs no credentials, logs on only when told to (--user) and never changes the target.",
    override_usage = "rdpdoctor [OPTIONS] TARGET\n       rdpdoctor [OPTIONS] COMMAND ...",
    after_help = EXAMPLES,
    max_term_width = 100,
    disable_help_subcommand = true,
)]
pub struct Arguments {
    /// What to do; without a command: check the target.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The check.
    #[command(flatten)]
    pub check: CheckArguments,
    /// Where the answer goes.
    #[command(flatten)]
    pub output: OutputArguments,
}

const EXAMPLES: &str = "\
Examples:
  rdpdoctor srv01                      what is wrong with srv01, port 3389?
  rdpdoctor 10.20.1.15:3390            another port
  rdpdoctor '[fe80::1%eth0]:3389'      an IPv6 address, here with its interface
  rdpdoctor work.rdp                   the host and settings of a connection file
  rdpdoctor --offer tls srv01          as a client with NLA switched off
  rdpdoctor scan 10.20.0.0/22          many hosts, a line for each
  rdpdoctor watch srv01 srv02          what changes, while it changes
  rdpdoctor analyze System.evtx logs/  the same verdict from files
  rdpdoctor inspect --role server      what is wrong with this machine as a server
  rdpdoctor srv01 --saw '0x904 0x7'    with what the client's dialog showed
  rdpdoctor srv01 --symptom 'works by IP'   with what is known of it
  rdpdoctor srv01 --guided             and with a few questions at the end
  rdpdoctor srv01 -o report.md         a report for a ticket
  rdpdoctor --format json srv01        the same for a program

Exit status:
  0 healthy   1 something is wrong   2 wrong usage or unreadable input   3 could not look
  130 interrupted (what was known has been printed)";

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Look at one target and say what is wrong (the default).
    Check(CheckArguments),
    /// Give the same verdict from files: captures, event logs, registry, logs, connection files, archives of them.
    Analyze(AnalyzeArguments),
    /// Look at many hosts at once, and write a line for each as soon as it is done.
    Scan(ScanArguments),
    /// Keep looking at some hosts and tell what changes, in a live view or line by line.
    Watch(WatchArguments),
    /// Look at this machine as client and as server, and have it shake hands with itself; changes nothing.
    Inspect(InspectArguments),
    /// Put report, evidence, settings and logs into one archive, without names and addresses, to send on.
    Collect(CollectArguments),
    /// Say what a code, a pair of codes, a name or a pasted text means.
    Explain(ExplainArguments),
    /// Plan the mend of a cause as text, data or a script; carry it out here, prove it, take it back.
    Fix(crate::fix_command::FixArguments),
    /// Stand by to take a plan back.
    #[command(hide = true)]
    FixGuard(crate::fix_command::apply::guard::GuardArguments),
    /// Show the main job against the built-in lab: nothing to install, nothing to reach.
    #[cfg(feature = "lab")]
    Demo(DemoArguments),
    /// Serve a fault for other clients, or put it before a real server, until Ctrl-C; `lab list` shows all.
    #[cfg(feature = "lab")]
    Lab(LabArguments),
    /// Open the book: how to read a report, every cause, remedy and code, without a network.
    Book(BookArguments),
    /// Serve check, explain, analyze and plan as tools of an assistant (Model Context Protocol, on stdin and stdout).
    Mcp(AssistantArguments),
    /// Write a script that completes the command line.
    Completions(CompletionsArguments),
    /// Write the files that are made from the code.
    #[command(hide = true)]
    Generate(GenerateArguments),
}

/// What to look at, and how.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckArguments {
    /// The host, in one of the forms of which the help tells.
    #[arg(help = "The host: a name or address, HOST:PORT, [IPV6]:PORT, an rdp:// link, or a .rdp file", value_name = "TARGET", num_args = 1.., value_hint = ValueHint::Hostname)]
    pub targets: Vec<String>,
    /// Open one connection alone.
    #[arg(long, conflicts_with = "full")]
    pub quick: bool,
    /// Look at all that can be seen from outside, with up to 80 connections.
    #[arg(long)]
    pub full: bool,
    /// Open so many connections at most [default: 8; with --full 80]. Without enough of them, a survey says what it
    /// left out.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=400), conflicts_with = "quick")]
    pub budget: Option<u16>,
    /// List every look, with what it costs and what it leaves behind; looks at nothing.
    #[arg(long)]
    pub list_looks: bool,
    /// Give up on a silent host after this time: 6s, 500ms, 1m.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub timeout: Option<Duration>,
    /// Try the same connection so many times, and count how often it fails; as many as the budget allows.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(2..=60), conflicts_with = "quick")]
    pub repeat: Option<u8>,
    /// Test how many connections at once the host takes, with 30 or N; asks before it begins.
    #[arg(long, value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "30",
        value_parser = clap::value_parser!(u32).range(2..=200), conflicts_with = "quick")]
    pub load: Option<u32>,
    /// Begin the test of --load without asking.
    #[arg(long, requires = "load")]
    pub yes: bool,
    /// Ask this name server too, directly, and compare: an address, with :PORT if it is not 53; may be repeated.
    #[arg(long, value_name = "ADDRESS", value_parser = resolver)]
    pub resolver: Vec<SocketAddr>,
    /// Trust the authorities in this PEM file too, beside those of this machine.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub trust: Option<PathBuf>,
    /// Neither compare with the certificate seen the last time nor remember this one.
    #[arg(long)]
    pub no_history: bool,
    /// The client whose connection fails.
    #[arg(long, value_name = "CLIENT")]
    pub client: Option<Client>,
    /// What that client offers, when it is not the usual: rdp, tls, nla, nla-ex, rdstls, entra.
    #[arg(long, value_name = "LIST", value_parser = offer)]
    pub offer: Option<Protocols>,
    /// What stands on the way.
    #[command(flatten)]
    pub hops: HopArguments,
    /// What is known of Kerberos.
    #[command(flatten)]
    pub kerberos: KerberosArguments,
    /// How far to go, and as whom.
    #[command(flatten)]
    pub logon: LogonArguments,
    /// What the user saw or says.
    #[command(flatten)]
    pub stated: StatedArguments,
}

/// Where the answer goes, and how it looks.
#[derive(Args, Clone, Debug, Default)]
pub struct OutputArguments {
    /// The form of the answer [default: text, or what the name of FILE says].
    #[arg(long, value_name = "FORMAT", global = true, help_heading = "Output")]
    pub format: Option<Format>,
    /// Write the answer to a file.
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, global = true, help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// Print the verdict alone, and no progress.
    #[arg(
        short,
        long,
        global = true,
        conflicts_with = "verbose",
        help_heading = "Output"
    )]
    pub quiet: bool,
    /// Print every rung, look and fact.
    #[arg(short, long, action = ArgAction::Count, global = true, help_heading = "Output")]
    pub verbose: u8,
    /// Use colours.
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        global = true,
        help_heading = "Output"
    )]
    pub color: ColorChoice,
    /// Replace names and addresses in a report by pseudonyms; with -o, FILE.mapping.json says what they stand for.
    #[arg(long, global = true, help_heading = "Output")]
    pub redact: bool,
    /// Show no progress.
    #[arg(long, global = true, help_heading = "Output")]
    pub no_progress: bool,
}

/// The files to read, and what they are about.
#[derive(Args, Debug)]
pub struct AnalyzeArguments {
    /// Files and folders, of any kind and mixture; `-` for standard input.
    #[arg(value_name = "PATH", required_unless_present_any = ["live", "symptom"], num_args = 1.., value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// Listen to this interface (or any) while the failure is reproduced; Ctrl-C ends it.
    #[arg(long, value_name = "INTERFACE", conflicts_with = "paths")]
    pub live: Option<String>,
    /// Listen only to these packets: host ADDRESS, port NUMBER, joined by and.
    #[arg(long, value_name = "EXPRESSION", requires = "live")]
    pub filter: Option<String>,
    /// Listen for so long, instead of until Ctrl-C.
    #[arg(long = "for", value_name = "TIME", requires = "live", value_parser = time)]
    pub duration: Option<Duration>,
    /// The host they are about, when the files do not tell; of several servers in a capture, the one to judge.
    #[arg(long, value_name = "HOST", value_hint = ValueHint::Hostname)]
    pub host: Option<String>,
    /// Judge this connection of a capture alone, by its number in the report.
    #[arg(long, value_name = "NUMBER")]
    pub connection: Option<u32>,
    /// Read inside TLS with the keys in this file, as SSLKEYLOGFILE makes a client or server write them. A key log
    /// among the paths does the same.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub keylog: Vec<PathBuf>,
    /// The client whose connection fails.
    #[arg(long, value_name = "CLIENT")]
    pub client: Option<Client>,
    /// What somebody saw or says.
    #[command(flatten)]
    pub stated: StatedArguments,
}

/// What to show.
#[cfg(feature = "lab")]
#[derive(Args, Debug)]
pub struct DemoArguments {
    /// The fault: a name from the list, or the cause to be found [default: a reset at the first TLS message].
    pub fault: Option<String>,
    /// List the faults.
    #[arg(long, conflicts_with = "fault")]
    pub list: bool,
}

/// What to serve, and where.
#[cfg(feature = "lab")]
#[derive(Args, Debug)]
pub struct LabArguments {
    /// The fault: a name from the list, the cause to be found, or a scenario in a .toml file.
    pub fault: Option<String>,
    /// Listen here [default: loopback, any free port].
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// Let other machines in, when the address to listen on can be reached from them.
    #[arg(long)]
    pub open_to_others: bool,
    /// Sit before this real server and damage the connection.
    #[arg(long, value_name = "HOST", value_hint = ValueHint::Hostname)]
    pub proxy: Option<String>,
    /// Lead to this real server behind the gateway or proxy that is played.
    #[arg(long, value_name = "HOST", value_hint = ValueHint::Hostname, conflicts_with = "proxy")]
    pub target: Option<String>,
    /// Write the keys of the TLS sessions to this file, so that a recording of them can be read.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "proxy")]
    pub keylog: Option<PathBuf>,
}

/// The shell to complete for.
#[derive(Args, Debug)]
pub struct CompletionsArguments {
    /// The shell.
    pub shell: clap_complete::Shell,
}

/// Where generated files go.
#[derive(Args, Debug)]
pub struct GenerateArguments {
    /// The root of the tree.
    pub folder: PathBuf,
}

/// Forms of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a person at a terminal.
    Text,
    /// For a program: one document.
    Json,
    /// For a program: one line per report.
    Jsonl,
    /// For a ticket.
    Markdown,
    /// For a browser: one file that needs no network.
    Html,
    /// For a spreadsheet: a line for each host.
    Csv,
    /// For pipelines and code scanning: SARIF 2.1.0.
    Sarif,
    /// For pipelines: hosts as tests, in the XML of JUnit.
    Junit,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR or CLICOLOR=0 says otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Clients with a known offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Client {
    /// Remote Desktop Connection of Windows.
    Mstsc,
    /// Windows App (Microsoft Remote Desktop) for macOS.
    Mac,
    /// FreeRDP: xfreerdp, wlfreerdp, sdl-freerdp.
    Freerdp,
    /// Remmina.
    Remmina,
    /// Apache Guacamole.
    Guacd,
    /// rdesktop.
    Rdesktop,
}

impl Client {
    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mstsc => "mstsc",
            Self::Mac => "mac",
            Self::Freerdp => "freerdp",
            Self::Remmina => "remmina",
            Self::Guacd => "guacd",
            Self::Rdesktop => "rdesktop",
        }
    }

    /// What it offers unless it was told otherwise. FreeRDP, and what is built on it, does not offer CredSSP
    /// with early user authorization by itself; rdesktop does not know it.
    pub fn offers(self) -> Protocols {
        match self {
            Self::Mstsc | Self::Mac => Protocols::TLS | Protocols::HYBRID | Protocols::HYBRID_EX,
            Self::Freerdp | Self::Remmina | Self::Guacd | Self::Rdesktop => {
                Protocols::TLS | Protocols::HYBRID
            }
        }
    }
}

/// The command that was meant: without one, a check. Options of a check count on either side of the word.
pub fn resolve(command: Option<Command>, before: CheckArguments) -> Result<Command, Failure> {
    match command {
        None => Ok(Command::Check(before)),
        Some(Command::Check(after)) => Ok(Command::Check(CheckArguments {
            targets: before.targets.into_iter().chain(after.targets).collect(),
            quick: before.quick || after.quick,
            full: before.full || after.full,
            budget: after.budget.or(before.budget),
            list_looks: before.list_looks || after.list_looks,
            timeout: after.timeout.or(before.timeout),
            repeat: after.repeat.or(before.repeat),
            load: after.load.or(before.load),
            yes: before.yes || after.yes,
            resolver: before.resolver.into_iter().chain(after.resolver).collect(),
            trust: after.trust.or(before.trust),
            no_history: before.no_history || after.no_history,
            client: after.client.or(before.client),
            offer: after.offer.or(before.offer),
            hops: after.hops.and(before.hops),
            kerberos: after.kerberos.and(before.kerberos),
            logon: before.logon.and(after.logon),
            stated: before.stated.and(after.stated),
        })),
        // What is said of a case goes with files as well.
        Some(Command::Analyze(mut arguments))
            if before
                == (CheckArguments {
                    stated: before.stated.clone(),
                    ..CheckArguments::default()
                }) =>
        {
            arguments.stated = before.stated.and(arguments.stated);
            Ok(Command::Analyze(arguments))
        }
        Some(_) if before != CheckArguments::default() => Err(Failure::usage(
            "options of a check do not go with another command; rdpdoctor --help shows which belong where",
        )),
        Some(command) => Ok(command),
    }
}

/// Formats of pipelines are for hosts that were looked at, and a table for many of them.
pub fn fits(command: &Command, output: &OutputArguments) -> Result<(), Failure> {
    let says = match (answer::format(output), command) {
        (_, Command::Scan(_)) => return Ok(()),
        (Format::Csv, Command::Check(_) | Command::Analyze(_)) => {
            "csv is for many hosts (rdpdoctor scan); one report is written as text, json, jsonl, markdown, html, sarif \
             or junit"
        }
        (Format::Sarif | Format::Junit, Command::Check(_) | Command::Analyze(_)) => return Ok(()),
        (Format::Csv | Format::Sarif | Format::Junit, _) => {
            "csv, sarif and junit are for hosts that were looked at: rdpdoctor check, scan and analyze"
        }
        _ => return Ok(()),
    };
    Err(Failure::usage(says))
}

/// Reads a list of security protocols.
fn offer(list: &str) -> Result<Protocols, String> {
    let mut offered = Protocols::RDP;
    for word in list.split(',').map(str::trim) {
        offered |= match word.to_ascii_lowercase().as_str() {
            "rdp" => Protocols::RDP,
            "tls" | "ssl" => Protocols::TLS,
            "nla" | "credssp" | "hybrid" => Protocols::HYBRID,
            "nla-ex" | "hybrid-ex" => Protocols::HYBRID_EX,
            "rdstls" => Protocols::RDSTLS,
            "entra" | "rdsaad" => Protocols::RDSAAD,
            _ => {
                return Err(format!(
                    "{word:?} is not a security protocol; known are rdp, tls, nla, nla-ex, rdstls, entra"
                ));
            }
        };
    }
    Ok(offered)
}

/// Reads the address of a name server.
fn resolver(text: &str) -> Result<SocketAddr, String> {
    const DNS: u16 = 53;
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    bare.parse::<IpAddr>()
        .map(|address| SocketAddr::new(address, DNS))
        .or_else(|_| text.parse())
        .map_err(|_| {
            format!(
                "{text:?} is not the address of a name server; write 10.0.0.53, 10.0.0.53:5353 or [2001:db8::53]:53"
            )
        })
}

/// Reads a time with its unit; seconds without one.
pub(crate) fn time(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{text:?} is not a time; write 6s, 500ms or 1m");
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text.strip_prefix(digits).unwrap_or_default();
    let number: f64 = digits.trim().parse().map_err(|_| wrong())?;
    let seconds = match unit {
        "" | "s" => number,
        "ms" => number / 1000.0,
        "m" | "min" => number * 60.0,
        _ => return Err(wrong()),
    };
    if !(0.05..=600.0).contains(&seconds) {
        return Err(format!("{text:?} is out of range; between 50ms and 10m"));
    }
    Duration::try_from_secs_f64(seconds).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn name_servers_are_addresses() {
        let read = |text| resolver(text).map(|server| server.to_string());
        assert_eq!(read("10.0.0.53"), Ok("10.0.0.53:53".to_owned()));
        assert_eq!(read("10.0.0.53:5353"), Ok("10.0.0.53:5353".to_owned()));
        assert_eq!(read("2001:db8::53"), Ok("[2001:db8::53]:53".to_owned()));
        assert_eq!(read("[2001:db8::53]"), Ok("[2001:db8::53]:53".to_owned()));
        assert!(read("dns.example").is_err());
    }

    #[test]
    fn offers_are_sets() {
        assert_eq!(offer("tls, nla"), Ok(Protocols::TLS | Protocols::HYBRID));
        assert_eq!(offer("rdp"), Ok(Protocols::RDP));
        assert_eq!(offer("NLA-EX"), Ok(Protocols::HYBRID_EX));
        assert!(offer("tls,ssh").is_err());
        assert!(offer("").is_err());
    }

    #[test]
    fn times_have_units() {
        assert_eq!(time("6"), Ok(Duration::from_secs(6)));
        assert_eq!(time("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(time("1.5s"), Ok(Duration::from_millis(1500)));
        assert_eq!(time("1m"), Ok(Duration::from_secs(60)));
        for wrong in ["", "s", "-1", "0", "1h", "nan", "inf", "1e9", "6 s x"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }
}
