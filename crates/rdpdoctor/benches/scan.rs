//! How many hosts a scan looks at in a second, beside what the system itself can do: `cargo xtask bench scan`.
//! One responder on loopback plays a million hosts; the scan has one core and the responder another. It measures; it
//! asserts no time.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::as_conversions,
    reason = "a benchmark that cannot go on stops and says why"
)]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpStream as Blocking};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};
use openssl::asn1::Asn1Time;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use openssl::x509::{X509, X509NameBuilder};

/// Tells this program to be the responder.
const RESPONDER: &str = "RDPDOCTOR_BENCH_RESPONDER";
/// The first address of the hosts, which all are this machine.
const FIRST: u32 = 0x7F10_0000;
/// Connections open at the same time in the loops that scans are held against.
const AT_ONCE: usize = 256;
/// What a scan should do in a second on one core.
const WANTED: f64 = 8_000.0;

fn main() {
    if let Ok(mode) = std::env::var(RESPONDER) {
        return respond(mode == "mute");
    }
    let runs: u32 = std::env::var("RDPDOCTOR_BENCH_RUNS")
        .ok()
        .and_then(|runs| runs.parse().ok())
        .unwrap_or(3);
    let responder = Responder::start("answer");
    println!(
        "\nA glance at each host, loopback, client on one core, responder on the other; wanted: {WANTED} hosts a second."
    );
    println!(
        "{:<34}{:>9}{:>13}{:>14}{:>10}{:>12}",
        "", "hosts", "hosts/s", "hosts/CPU s", "of kernel", "peak MiB"
    );
    let kernel = best(runs, || {
        measured(20_000, |hosts| connect_and_close(hosts, responder.port))
    });
    line("kernel: connect and close", &kernel, &kernel);
    let minimal = best(runs, || {
        measured(20_000, |hosts| minimal(hosts, responder.port))
    });
    line("minimal loop: the same bytes", &minimal, &kernel);
    for hosts in [10_000, 100_000, 1_000_000] {
        let runs = if hosts > 100_000 { 1 } else { runs };
        let scan = best(runs, || scan(hosts, responder.port, &["--at-once", "256"]));
        line("rdpdoctor scan, jsonl", &scan, &kernel);
    }
    others(&kernel, responder.port);
    drop(responder);

    println!("\nMemory of a connection in flight: hosts that accept and say nothing.");
    let mute = Responder::start("mute");
    let patience = ["--timeout", "6s", "--at-once"];
    let few = scan(8, mute.port, &[&patience[..], &["8"]].concat());
    // The window widens while hosts are silent: so many hosts until it is as wide as it may be.
    let many = scan(24_000, mute.port, &[&patience[..], &["8000"]].concat());
    let each = (many.resident.saturating_sub(few.resident)) as f64 / 7_992.0;
    println!(
        "  8 at once {} KiB, 8,000 at once {} KiB: {each:.1} KiB each (limit 16 KiB)",
        few.resident, many.resident
    );
}

/// What a run took.
#[derive(Clone, Copy, Debug)]
struct Took {
    hosts: u32,
    seconds: f64,
    cpu: f64,
    /// The most memory resident, in KiB; zero when it was not measured.
    resident: u64,
}

impl Took {
    fn rate(&self) -> f64 {
        f64::from(self.hosts) / self.seconds
    }

    /// Hosts in a second of the processor's time: what one core does when nobody else uses it.
    fn of_core(&self) -> f64 {
        f64::from(self.hosts) / self.cpu.max(0.001)
    }
}

fn line(name: &str, took: &Took, kernel: &Took) {
    let resident = match took.resident {
        0 => String::new(),
        kib => format!("{:.1}", kib as f64 / 1024.0),
    };
    println!(
        "{name:<34}{:>9}{:>13.0}{:>14.0}{:>9.0}%{resident:>12}",
        took.hosts,
        took.rate(),
        took.of_core(),
        100.0 * took.of_core() / kernel.of_core(),
    );
}

/// The best of several runs: others use this machine too.
fn best(runs: u32, mut run: impl FnMut() -> Took) -> Took {
    (0..runs.max(1))
        .map(|_| run())
        .max_by(|one, other| one.of_core().total_cmp(&other.of_core()))
        .unwrap()
}

/// Seconds of the processor this process has used.
fn cpu() -> f64 {
    let usage = nix::sys::resource::getrusage(nix::sys::resource::UsageWho::RUSAGE_SELF).unwrap();
    let seconds =
        |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    seconds(usage.user_time()) + seconds(usage.system_time())
}

fn measured(hosts: u32, run: impl FnOnce(u32)) -> Took {
    let (begun, before) = (Instant::now(), cpu());
    run(hosts);
    Took {
        hosts,
        seconds: begun.elapsed().as_secs_f64(),
        cpu: cpu() - before,
        resident: 0,
    }
}

fn address(host: u32, port: u16) -> SocketAddr {
    SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::from(FIRST + host), port))
}

/// One connection after the other, opened and closed.
fn connect_and_close(hosts: u32, port: u16) {
    for host in 0..hosts {
        drop(Blocking::connect(address(host, port)).unwrap());
    }
}

/// What `rdpdoctor` says first, and its ClientHello, as they go over the wire.
fn said() -> (Vec<u8>, Vec<u8>) {
    use model::codes::{Protocols, TlsVersion};
    let offers = Protocols::TLS | Protocols::HYBRID | Protocols::HYBRID_EX;
    (
        wire::x224::connection_request(Some(offers), Some("rdpdoctor")),
        wire::tls::Hello::classic(TlsVersion::TLS1_0, TlsVersion::TLS1_2).encode(),
    )
}

/// The same bytes to and fro with nothing understood and nothing kept: what a grabber of banners does at least.
fn minimal(hosts: u32, port: u16) {
    let (request, hello) = said();
    let mut poll = Poll::new().unwrap();
    let mut events = Events::with_capacity(1_024);
    let mut open: BTreeMap<usize, (TcpStream, usize)> = BTreeMap::new();
    let mut next = 0;
    let mut done = 0;
    let mut piece = vec![0; 16 * 1_024];
    while done < hosts {
        while next < hosts && open.len() < AT_ONCE {
            let mut stream = TcpStream::connect(address(next, port)).unwrap();
            let token = Token(next as usize);
            poll.registry()
                .register(&mut stream, token, Interest::READABLE | Interest::WRITABLE)
                .unwrap();
            open.insert(token.0, (stream, 0));
            next += 1;
        }
        poll.poll(&mut events, Some(Duration::from_secs(5)))
            .unwrap();
        for event in &events {
            let Some((stream, stage)) = open.get_mut(&event.token().0) else {
                continue;
            };
            if *stage == 0 && event.is_writable() && stream.peer_addr().is_ok() {
                stream.write_all(&request).unwrap();
                *stage = 1;
            }
            if event.is_readable() {
                match stream.read(&mut piece) {
                    Ok(_) if *stage == 1 => {
                        stream.write_all(&hello).unwrap();
                        *stage = 2;
                    }
                    // The flight comes in one piece.
                    Ok(_) => {
                        open.remove(&event.token().0);
                        done += 1;
                    }
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                    Err(error) => unreachable_host(&error),
                }
            }
        }
    }
}

fn unreachable_host(error: &std::io::Error) {
    println!("  the responder does not answer: {error}");
}

/// The program that is measured: the release that lies beside the examples.
fn program() -> std::path::PathBuf {
    let own = std::env::current_exe().unwrap();
    let release = own.parent().and_then(std::path::Path::parent).unwrap();
    release.join("rdpdoctor")
}

fn on_core(core: &str, program: &str) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", core, program]);
    command
}

/// The program itself, as a user runs it.
fn scan(hosts: u32, port: u16, more: &[&str]) -> Took {
    let last = Ipv4Addr::from(FIRST + hosts - 1);
    let range = format!("{}-{last}", Ipv4Addr::from(FIRST));
    let port = port.to_string();
    let folder = tempfile::tempdir().unwrap();
    let told = folder.path().join("time");
    let output = on_core("0", "/usr/bin/time")
        .args(["-f", "%e %U %S %M", "-o"])
        .arg(&told)
        .arg(program())
        .args([
            "scan",
            &range,
            "--port",
            &port,
            "--format",
            "jsonl",
            "-o",
            "/dev/null",
        ])
        .args([
            "--rate",
            "max",
            "--per-subnet",
            "max",
            "--budget",
            "1",
            "--no-progress",
        ])
        .args(more)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    if !output.status.success() && output.status.code() != Some(1) {
        println!(
            "  {}: {}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let told = std::fs::read_to_string(told).unwrap();
    // A status other than 0 is told on a line before the numbers.
    let numbers: Vec<f64> = told
        .lines()
        .last()
        .unwrap()
        .split(' ')
        .map(|number| number.parse().unwrap())
        .collect();
    Took {
        hosts,
        seconds: numbers[0],
        cpu: numbers[1] + numbers[2],
        resident: numbers[3] as u64,
    }
}

/// Other programs that look at the same hosts, as many as they get through in a while.
fn others(kernel: &Took, port: u16) {
    let port_words = port.to_string();
    let range = format!("{}/24", Ipv4Addr::from(FIRST));
    let nmap: Vec<&str> = vec![
        "-sT",
        "-Pn",
        "-n",
        "-T5",
        "--max-retries",
        "0",
        "-p",
        &port_words,
        &range,
    ];
    let mut scripts = nmap.clone();
    scripts.extend(["--script", "ssl-cert,rdp-enum-encryption"]);
    let target = format!("{}:{port}", Ipv4Addr::from(FIRST));
    let sslscan = vec!["--rdp", "--no-colour", &target];
    for (name, program, hosts, words) in [
        ("nmap -sT, no script", "nmap", 256, &nmap),
        ("nmap -sT, ssl-cert, rdp-enum", "nmap", 256, &scripts),
        ("sslscan --rdp", "sslscan", 1, &sslscan),
    ] {
        if Command::new(program).arg("--version").output().is_err() {
            println!("{name:<34} is not installed");
            continue;
        }
        let children = || {
            let who = nix::sys::resource::UsageWho::RUSAGE_CHILDREN;
            let usage = nix::sys::resource::getrusage(who).unwrap();
            let seconds =
                |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
            seconds(usage.user_time()) + seconds(usage.system_time())
        };
        let (begun, before) = (Instant::now(), children());
        let output = on_core("0", "timeout")
            .arg("60")
            .arg(program)
            .args(words)
            .output();
        let took = Took {
            hosts,
            seconds: begun.elapsed().as_secs_f64(),
            cpu: children() - before,
            resident: 0,
        };
        match output {
            Ok(output) if output.status.success() => line(name, &took, kernel),
            _ => println!("{name:<34} did not end within a minute"),
        }
    }
}

/// Another process of this program that answers as hosts do.
struct Responder {
    child: Child,
    port: u16,
}

impl Responder {
    fn start(mode: &str) -> Self {
        let own = std::env::current_exe().unwrap();
        let mut child = on_core("1", own.to_str().unwrap())
            .env(RESPONDER, mode)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        Self {
            child,
            port: line.trim().parse().unwrap(),
        }
    }
}

impl Drop for Responder {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Answers every connection request and every ClientHello with the same bytes.
fn respond(mute: bool) {
    let (_, hard) =
        nix::sys::resource::getrlimit(nix::sys::resource::Resource::RLIMIT_NOFILE).unwrap();
    let _ = nix::sys::resource::setrlimit(
        nix::sys::resource::Resource::RLIMIT_NOFILE,
        hard.min(100_000),
        hard,
    );
    let any = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
    let listener = std::net::TcpListener::bind(any).unwrap();
    // The queue of the standard library holds 128; listening again makes it longer.
    nix::sys::socket::listen(&listener, nix::sys::socket::Backlog::new(4_096).unwrap()).unwrap();
    println!("{}", listener.local_addr().unwrap().port());
    let _ = std::io::stdout().flush();
    listener.set_nonblocking(true).unwrap();
    let mut listener = TcpListener::from_std(listener);
    let mut poll = Poll::new().unwrap();
    let listening = Token(usize::MAX - 1);
    poll.registry()
        .register(&mut listener, listening, Interest::READABLE)
        .unwrap();
    let (confirm, flight) = (confirm(), flight());
    let mut open: Vec<Option<TcpStream>> = Vec::new();
    let mut free: Vec<usize> = Vec::new();
    let mut events = Events::with_capacity(4_096);
    let mut piece = vec![0; 4_096];
    loop {
        if poll.poll(&mut events, None).is_err() {
            continue;
        }
        for event in &events {
            if event.token() == listening {
                while let Ok((mut stream, _)) = listener.accept() {
                    let place = free.pop().unwrap_or_else(|| {
                        open.push(None);
                        open.len() - 1
                    });
                    let _ = poll
                        .registry()
                        .register(&mut stream, Token(place), Interest::READABLE);
                    open[place] = Some(stream);
                }
                continue;
            }
            let place = event.token().0;
            let Some(stream) = &mut open[place] else {
                continue;
            };
            let over = match stream.read(&mut piece) {
                Ok(0) => true,
                Ok(_) if mute => false,
                Ok(_) if piece[0] == 3 => stream.write_all(&confirm).is_err(),
                Ok(_) => stream.write_all(&flight).is_err(),
                Err(error) => error.kind() != ErrorKind::WouldBlock,
            };
            if over {
                open[place] = None;
                free.push(place);
            }
        }
    }
}

/// A Connection Confirm that chooses NLA.
fn confirm() -> Vec<u8> {
    let mut bytes = vec![3, 0, 0, 19, 14, 0xD0, 0, 0, 0x12, 0x34, 0];
    bytes.extend([2, 0x1F, 8, 0, 2, 0, 0, 0]);
    bytes
}

/// A server's first flight with a certificate such as Windows makes for itself.
fn flight() -> Vec<u8> {
    let key = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_text("CN", "srv01.corp.example")
        .unwrap();
    let name = name.build();
    let mut certificate = X509::builder().unwrap();
    certificate.set_version(2).unwrap();
    certificate.set_subject_name(&name).unwrap();
    certificate.set_issuer_name(&name).unwrap();
    certificate.set_pubkey(&key).unwrap();
    certificate
        .set_not_before(&Asn1Time::days_from_now(0).unwrap())
        .unwrap();
    certificate
        .set_not_after(&Asn1Time::days_from_now(180).unwrap())
        .unwrap();
    certificate.sign(&key, MessageDigest::sha256()).unwrap();
    let certificate = certificate.build().to_der().unwrap();

    let run24 = |bytes: &[u8]| {
        let mut run = u32::try_from(bytes.len()).unwrap().to_be_bytes()[1..].to_vec();
        run.extend(bytes);
        run
    };
    let message = |kind: u8, body: &[u8]| {
        let mut message = vec![kind];
        message.extend(run24(body));
        message
    };
    let mut hello = vec![3, 3];
    hello.extend([7; 32]);
    hello.extend([0, 0xC0, 0x30, 0]);
    let mut exchange = vec![3, 0, 29, 32];
    exchange.extend([9; 32]);
    exchange.extend([4, 1, 1, 0]);
    exchange.extend([5; 256]);
    let messages = [
        message(2, &hello),
        message(11, &run24(&run24(&certificate))),
        message(12, &exchange),
        message(14, &[]),
    ]
    .concat();
    let mut record = vec![22, 3, 3];
    record.extend(u16::try_from(messages.len()).unwrap().to_be_bytes());
    record.extend(messages);
    record
}
