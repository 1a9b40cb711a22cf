//! How fast and in how much memory captures are read: a mixed one made of the project's own recordings, beside tshark
//! and nfstream in the same run, then what is meant to hurt. It measures; it asserts no time.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result};

use crate::shell::{cargo, command, output, root, run, succeeds, target};

/// The sizes of what is read, in bytes, and the number of tiny flows.
const MIXED: u64 = 1_050_000_000;
const ONE_FLOW: u64 = 2_050_000_000;
const TINY_FLOWS: u32 = 1_000_000;
const BOMB: u64 = 4_000_000_000;
const JUNK_FILES: u32 = 400;
/// What it is held against: bytes for each second of the processor, and KiB resident.
const SPEED: f64 = 1e9;
const RESIDENT: u64 = 100 * 1024;
/// Tells where to find a capture that is read as well.
const GIVEN: &str = "RDPDOCTOR_BENCH_PCAP";

/// Makes the files, reads them and says what that took.
pub fn bench(runs: u32) -> Result<()> {
    run(&mut cargo([
        "build",
        "--locked",
        "--release",
        "--package",
        "rdpdoctor",
    ]))?;
    let folder = root().join("target/bench");
    std::fs::create_dir_all(&folder).context("cannot make target/bench")?;
    println!(
        "{:44} {:>8} {:>8} {:>8} {:>10} {:>8}",
        "", "MB", "CPU s", "wall s", "MB/CPU s", "MiB"
    );
    let mixed = folder.join("mixed.pcap");
    made(&mixed, MIXED, |file| self::mixed(file, MIXED))?;
    let mut captures = vec![("mixed, of own recordings", mixed.clone())];
    if let Some(given) = std::env::var_os(GIVEN) {
        captures.push(("the one that was given", PathBuf::from(given)));
    }
    for (what, path) in &captures {
        let ours = analyzed(path, runs)?;
        row(&format!("rdpdoctor analyze, {what}"), path, &ours)?;
        compare("1 GB a CPU second", size(path)? / ours.cpu >= SPEED);
        compare("100 MiB", ours.resident <= RESIDENT);
        peers(path)?;
    }

    println!("\nWhat is meant to hurt; only memory has a limit.");
    let one = folder.join("one-flow.pcap");
    made(&one, ONE_FLOW, |file| one_flow(file, ONE_FLOW))?;
    let tiny = folder.join("tiny-flows.pcap");
    made(&tiny, 1, tiny_flows)?;
    let bomb = folder.join("bomb.gz");
    if !bomb.exists() {
        let script = format!(
            "head -c {BOMB} /dev/zero | gzip -9 | gzip -9 > \"$1.new\" && mv \"$1.new\" \"$1\""
        );
        run(command("sh", ["-c", &script, "sh"]).arg(&bomb))?;
    }
    let junk = folder.join("junk");
    junk_folder(&junk, &mixed)?;
    for (what, path) in [
        ("one flow of 2 GB", &one),
        ("a million tiny flows", &tiny),
        ("4 GB of nothing, packed twice", &bomb),
        ("a folder of junk", &junk),
    ] {
        let ours = analyzed(path, 1)?;
        row(&format!("rdpdoctor analyze, {what}"), path, &ours)?;
        compare("100 MiB", ours.resident <= RESIDENT);
    }
    Ok(())
}

fn compare(limit: &str, kept: bool) {
    println!(
        "  limit: {limit}: {}",
        if kept { "kept" } else { "NOT kept" }
    );
}

/// What a run took.
struct Took {
    cpu: f64,
    wall: f64,
    /// The most KiB that were resident.
    resident: u64,
}

fn size(path: &Path) -> Result<f64> {
    let meta =
        std::fs::metadata(path).with_context(|| format!("cannot look at {}", path.display()))?;
    let mut bytes = meta.len();
    if meta.is_dir() {
        bytes = 0;
        for entry in std::fs::read_dir(path).context("cannot read a folder")? {
            bytes += entry
                .and_then(|entry| entry.metadata())
                .map_or(0, |meta| meta.len());
        }
    }
    // A file of more than nine thousand terabytes would be rounded.
    Ok(u32::try_from(bytes / 1024).map_or(f64::INFINITY, |kib| f64::from(kib) * 1024.0))
}

fn row(what: &str, path: &Path, took: &Took) -> Result<()> {
    let size = size(path)?;
    println!(
        "{what:44} {:8.0} {:8.2} {:8.2} {:10.0} {:8.1}",
        size / 1e6,
        took.cpu,
        took.wall,
        size / 1e6 / took.cpu.max(0.001),
        f64::from(u32::try_from(took.resident).unwrap_or(u32::MAX)) / 1024.0
    );
    Ok(())
}

/// The run with the least time of the processor: others use this machine too.
fn analyzed(path: &Path, runs: u32) -> Result<Took> {
    let program = target().join("release/rdpdoctor");
    let mut best: Option<Took> = None;
    for _ in 0..runs.max(1) {
        let took = timed(
            &program.to_string_lossy(),
            &["-q", "analyze", &path.to_string_lossy()],
            &[],
        )?;
        if best.as_ref().is_none_or(|best| took.cpu < best.cpu) {
            best = Some(took);
        }
    }
    best.context("nothing was run")
}

/// Runs a program and asks GNU time what it took; what it says goes nowhere.
fn timed(program: &str, arguments: &[&str], more: &[(&str, &Path)]) -> Result<Took> {
    let told = root().join("target/bench/time.txt");
    let told_as = told.to_string_lossy();
    let words = ["-f", "%e %U %S %M", "-o", &told_as, program];
    let status = command("/usr/bin/time", words.iter().chain(arguments))
        .envs(more.iter().copied())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .with_context(|| format!("cannot start {program}; GNU time is needed too"))?;
    // What was found is told by the status 1, what cannot be read by 2, and nothing to judge by 3.
    anyhow::ensure!(
        status.code().is_some_and(|code| code <= 3),
        "{program} ended with {status}"
    );
    let told = std::fs::read_to_string(&told).context("time told nothing")?;
    let last = told.lines().last().unwrap_or_default();
    let numbers: Vec<f64> = last
        .split(' ')
        .filter_map(|word| word.parse().ok())
        .collect();
    let [wall, user, system, _] = numbers.as_slice() else {
        anyhow::bail!("time told {told:?}");
    };
    Ok(Took {
        wall: *wall,
        cpu: user + system,
        resident: last
            .rsplit(' ')
            .next()
            .and_then(|kib| kib.parse().ok())
            .unwrap_or(0),
    })
}

/// What others need for the same file.
fn peers(path: &Path) -> Result<()> {
    let file = path.to_string_lossy();
    if succeeds(&mut command("tshark", ["--version"])) {
        let words = [
            "-n",
            "-r",
            &file,
            "-Y",
            "cotp",
            "-T",
            "fields",
            "-e",
            "cotp.type",
        ];
        row(
            "tshark, each negotiation message",
            path,
            &timed("tshark", &words, &[])?,
        )?;
    } else {
        println!("tshark is not there (package tshark)");
    }
    let tools = root().join("target/tools/nfstream");
    if !tools.exists() {
        let mut install = command(
            "python3",
            ["-m", "pip", "install", "-q", "nfstream", "--target"],
        );
        let installed = output(install.arg(&tools));
        if let Err(error) = installed {
            println!("nfstream does not install: {error:#}");
            return Ok(());
        }
    }
    let script = "import sys\nfrom nfstream import NFStreamer\n\
                  if __name__ == '__main__':\n    print(sum(1 for _ in NFStreamer(source=sys.argv[1], n_meters=1)))\n";
    let words = ["-c", script, &file];
    let took = timed("python3", &words, &[("PYTHONPATH", &tools)])?;
    row("nfstream, each flow, one meter", path, &took)
}

/// Writes a capture, unless it is there.
fn made(path: &Path, least: u64, write: impl FnOnce(&mut Capture) -> Result<()>) -> Result<()> {
    if path.metadata().is_ok_and(|meta| meta.len() >= least) {
        return Ok(());
    }
    let new = path.with_extension("new");
    let file = File::create(&new).with_context(|| format!("cannot make {}", new.display()))?;
    let mut capture = Capture::begin(BufWriter::with_capacity(1 << 20, file))?;
    write(&mut capture)?;
    capture.file.flush().context("cannot write a capture")?;
    std::fs::rename(&new, path).with_context(|| format!("cannot name {}", path.display()))
}

/// A capture that is being written: the old form, microseconds, Ethernet.
struct Capture {
    file: BufWriter<File>,
    written: u64,
    /// The time of the next packet, in microseconds.
    now: u64,
}

impl Capture {
    fn begin(mut file: BufWriter<File>) -> Result<Self> {
        for word in [0xA1B2_C3D4_u32, 0x0004_0002, 0, 0, 262_144, 1] {
            file.write_all(&word.to_le_bytes())?;
        }
        Ok(Self {
            file,
            written: 24,
            now: 1_795_000_000_000_000,
        })
    }

    fn packet(&mut self, bytes: &[u8]) -> Result<()> {
        let length = u32::try_from(bytes.len())?;
        let seconds = u32::try_from(self.now / 1_000_000)?;
        let micros = u32::try_from(self.now % 1_000_000)?;
        for word in [seconds, micros, length, length] {
            self.file.write_all(&word.to_le_bytes())?;
        }
        self.file.write_all(bytes)?;
        self.written += 16 + u64::from(length);
        Ok(())
    }

    /// A segment some microseconds after the last one.
    fn segment(&mut self, segment: &Segment<'_>) -> Result<()> {
        self.now += 20;
        self.packet(&segment.frame())
    }
}

/// A TCP segment between two IPv4 addresses.
#[derive(Clone, Copy)]
struct Segment<'b> {
    from: (u32, u16),
    to: (u32, u16),
    sequence: u32,
    acknowledged: u32,
    flags: u8,
    payload: &'b [u8],
}

const SYN: u8 = 2;
const RST: u8 = 4;
const ACK: u8 = 16;

impl Segment<'_> {
    fn frame(&self) -> Vec<u8> {
        let mut frame = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0];
        let total = u16::try_from(40 + self.payload.len()).unwrap_or(u16::MAX);
        let mut ip = vec![0x45, 0];
        ip.extend(total.to_be_bytes());
        ip.extend([0, 0, 0x40, 0, 64, 6, 0, 0]);
        ip.extend(self.from.0.to_be_bytes());
        ip.extend(self.to.0.to_be_bytes());
        let check = !folded(sum(&ip));
        put(&mut ip, 10, check);
        let mut tcp = Vec::with_capacity(20 + self.payload.len());
        tcp.extend(self.from.1.to_be_bytes());
        tcp.extend(self.to.1.to_be_bytes());
        tcp.extend(self.sequence.to_be_bytes());
        tcp.extend(self.acknowledged.to_be_bytes());
        tcp.extend([0x50, self.flags, 0xFA, 0xF0, 0, 0, 0, 0]);
        tcp.extend(self.payload);
        let pseudo = sum(ip.get(12..20).unwrap_or_default()) + 6 + u64::from(total - 20);
        let check = !folded(pseudo + sum(&tcp));
        put(&mut tcp, 16, check);
        frame.extend(ip);
        frame.extend(tcp);
        frame
    }
}

/// The sum of a block of bytes as the Internet's checksum takes it (RFC 1071).
fn sum(bytes: &[u8]) -> u64 {
    bytes
        .chunks(2)
        .map(|pair| {
            let high = pair.first().copied().unwrap_or(0);
            u64::from(u16::from_be_bytes([
                high,
                pair.get(1).copied().unwrap_or(0),
            ]))
        })
        .sum()
}

fn folded(mut sum: u64) -> u16 {
    while sum > 0xFFFF {
        sum = (sum & 0xFFFF) + (sum >> 16);
    }
    u16::try_from(sum).unwrap_or(0)
}

fn put(bytes: &mut [u8], at: usize, value: u16) {
    if let Some(place) = bytes.get_mut(at..at + 2) {
        place.copy_from_slice(&value.to_be_bytes());
    }
}

/// A recorded packet, and the microseconds since the first one.
type Recorded = (u64, Vec<u8>);

/// Every recording of the tests.
fn recordings() -> Result<Vec<Vec<Recorded>>> {
    let folder = root().join("crates/rdpdoctor/tests/recordings");
    let mut paths = vec![root().join("crates/intake/recordings/joined/server.pcap")];
    for entry in std::fs::read_dir(&folder).context("cannot read the recordings")? {
        let path = entry.context("cannot read the recordings")?.path();
        if path.extension().is_some_and(|kind| kind == "pcap") {
            paths.push(path);
        }
    }
    paths.sort();
    paths.iter().map(|path| recording(path)).collect()
}

fn recording(path: &Path) -> Result<Vec<Recorded>> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut rest = bytes.get(24..).unwrap_or_default();
    let mut packets = Vec::new();
    let mut first = None;
    while let Some((head, after)) = rest.split_at_checked(16) {
        let word = |at: usize| {
            head.get(at..at + 4)
                .and_then(|word| word.try_into().ok())
                .map_or(0, u32::from_le_bytes)
        };
        let at = u64::from(word(0)) * 1_000_000 + u64::from(word(4));
        let Some((packet, after)) = after.split_at_checked(usize::try_from(word(8))?) else {
            break;
        };
        packets.push((at.saturating_sub(*first.get_or_insert(at)), packet.to_vec()));
        rest = after;
    }
    Ok(packets)
}

/// The address that opens the connections of a recording.
fn client(packets: &[Recorded]) -> Option<[u8; 4]> {
    packets.iter().find_map(|(_, packet)| {
        let tcp = packet.get(12..14) == Some(&[8, 0]) && packet.get(23) == Some(&6);
        let opens = packet
            .get(47)
            .is_some_and(|flags| flags & (SYN | ACK) == SYN);
        (tcp && opens).then(|| packet.get(26..30)?.try_into().ok())?
    })
}

/// Another client in place of the one that was recorded, with the checksums that go with it (RFC 1624).
fn with_client(packet: &[u8], old: [u8; 4], new: [u8; 4]) -> Vec<u8> {
    let mut packet = packet.to_vec();
    if packet.get(12..14) != Some(&[8, 0]) || packet.get(14) != Some(&0x45) {
        return packet;
    }
    for place in [26, 30] {
        if packet.get(place..place + 4) != Some(&old) {
            continue;
        }
        if let Some(bytes) = packet.get_mut(place..place + 4) {
            bytes.copy_from_slice(&new);
        }
        let checks: &[usize] = if packet.get(23) == Some(&6) {
            &[24, 50]
        } else {
            &[24]
        };
        for check in checks {
            let Some(before) = packet.get(*check..check + 2) else {
                continue;
            };
            let before = sum(before);
            let inverted = (0xFFFF - before) + 2 * 0xFFFF - sum(&old) + sum(&new);
            put(&mut packet, *check, !folded(inverted));
        }
    }
    packet
}

/// Round after round: each recording from a client of its own, a session whose beginning was missed, a download from a
/// web server, and questions to a name server. Packets are about 440 bytes long on average.
fn mixed(capture: &mut Capture, until: u64) -> Result<()> {
    let recordings = recordings()?;
    let mut number: u32 = 0;
    while capture.written < until {
        for packets in &recordings {
            let Some(old) = client(packets) else { continue };
            number += 1;
            let new = (0xAC10_0000 + (number & 0x000F_FFFF)).to_be_bytes();
            let began = capture.now;
            for (after, packet) in packets {
                capture.now = began + after;
                capture.packet(&with_client(packet, old, new))?;
            }
            capture.now = began + 500;
        }
        bulk(capture, number, 3389, 55)?;
        bulk(capture, number, 443, 55)?;
        for question in 0..8_u16 {
            capture.now += 50;
            capture.packet(&name_question(number, question))?;
        }
    }
    Ok(())
}

/// Records with data of a TLS connection that was there before, two for each confirmation.
fn bulk(capture: &mut Capture, number: u32, port: u16, segments: u32) -> Result<()> {
    let data = sealed(number);
    let client = (0xC0A8_0000 + (number & 0xFFFF), 50_000);
    let server = (0x0A09_0909, port);
    for at in 0..segments {
        let sequence = 1_000 + at * 1_448;
        capture.segment(&Segment {
            from: server,
            to: client,
            sequence,
            acknowledged: 77,
            flags: ACK,
            payload: &data,
        })?;
        if at % 2 == 1 {
            capture.segment(&Segment {
                from: client,
                to: server,
                sequence: 77,
                acknowledged: sequence + 1_448,
                flags: ACK,
                payload: &[],
            })?;
        }
    }
    Ok(())
}

/// A record of TLS that fills a segment, with what looks like ciphertext.
fn sealed(seed: u32) -> Vec<u8> {
    let mut data = vec![0x17, 3, 3, 0x05, 0xA3];
    data.extend(noise(seed).take(1_443));
    data
}

/// Bytes without a pattern (xorshift).
fn noise(seed: u32) -> impl Iterator<Item = u8> {
    let mut state = seed | 1;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_be_bytes()[0]
    })
}

fn name_question(number: u32, question: u16) -> Vec<u8> {
    let mut packet = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0];
    let mut ip = vec![0x45, 0, 0, 57, 0, 0, 0, 0, 64, 17, 0, 0];
    ip.extend((0xC0A8_0000 + (number & 0xFFFF)).to_be_bytes());
    ip.extend([10, 9, 9, 53]);
    let check = !folded(sum(&ip));
    put(&mut ip, 10, check);
    packet.extend(ip);
    packet.extend([0xC3, 0x50, 0, 53, 0, 37, 0, 0]);
    packet.extend(question.to_be_bytes());
    packet.extend(*b"\x01\0\0\x01\0\0\0\0\0\0\x03srv\x07example\0\0\x01\0\x01");
    packet
}

/// One session as long as the file: its beginning as it was recorded, then data in both directions.
fn one_flow(capture: &mut Capture, until: u64) -> Result<()> {
    let (client, server) = ((0xC0A8_0001, 50_000), (0x0A09_0909, 3389));
    let request = [
        3, 0, 0, 0x13, 0x0E, 0xE0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 3, 0, 0, 0,
    ];
    let confirm = [
        3, 0, 0, 0x13, 0x0E, 0xD0, 0, 0, 0x12, 0x34, 0, 2, 0x1F, 8, 0, 2, 0, 0, 0,
    ];
    let mut sequences = [1_000_u32, 2_000_u32];
    let mut say = |capture: &mut Capture, side: usize, flags: u8, payload: &[u8]| -> Result<()> {
        let (from, to) = if side == 0 {
            (client, server)
        } else {
            (server, client)
        };
        let [ours, theirs] = if side == 0 {
            sequences
        } else {
            [sequences[1], sequences[0]]
        };
        capture.segment(&Segment {
            from,
            to,
            sequence: ours,
            acknowledged: theirs,
            flags,
            payload,
        })?;
        let length = u32::try_from(payload.len())? + u32::from(flags & SYN != 0);
        if let Some(next) = sequences.get_mut(side) {
            *next = next.wrapping_add(length);
        }
        Ok(())
    };
    say(capture, 0, SYN, &[])?;
    say(capture, 1, SYN | ACK, &[])?;
    say(capture, 0, ACK, &[])?;
    say(capture, 0, ACK, &request)?;
    say(capture, 1, ACK, &confirm)?;
    let data = sealed(7);
    while capture.written < until {
        say(capture, 1, ACK, &data)?;
        say(capture, 1, ACK, &data)?;
        say(capture, 0, ACK, data.get(..200).unwrap_or_default())?;
    }
    Ok(())
}

/// Connections that are opened, asked for and reset, each from another end.
fn tiny_flows(capture: &mut Capture) -> Result<()> {
    let request = [
        3, 0, 0, 0x13, 0x0E, 0xE0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 3, 0, 0, 0,
    ];
    let server = (0x0A09_0909, 3389);
    for number in 0..TINY_FLOWS {
        let client = (0xAC10_0000 + number, 50_000);
        let said = |flags, sequence, acknowledged, payload| Segment {
            from: client,
            to: server,
            sequence,
            acknowledged,
            flags,
            payload,
        };
        let heard = |flags, sequence, acknowledged| Segment {
            from: server,
            to: client,
            sequence,
            acknowledged,
            flags,
            payload: &[],
        };
        capture.segment(&said(SYN, 1_000, 0, &[]))?;
        capture.segment(&heard(SYN | ACK, 2_000, 1_001))?;
        capture.segment(&said(ACK, 1_001, 2_001, &request))?;
        capture.segment(&heard(RST | ACK, 2_001, 1_020))?;
    }
    Ok(())
}

/// Files that are not what they are called: noise, a capture cut in its middle, and one under other names.
fn junk_folder(folder: &Path, mixed: &Path) -> Result<()> {
    if folder.exists() {
        return Ok(());
    }
    let new = folder.with_extension("new");
    std::fs::create_dir_all(&new).with_context(|| format!("cannot make {}", new.display()))?;
    let mut piece = vec![0; 300_000];
    std::io::Read::read_exact(&mut File::open(mixed)?, &mut piece)
        .context("cannot read the mixed capture")?;
    let kinds = [
        "evtx", "pcap", "pcapng", "reg", "rdp", "zip", "gz", "xml", "log", "dat",
    ];
    for number in 0..JUNK_FILES {
        let kind = kinds
            .get(usize::try_from(number)? % kinds.len())
            .copied()
            .unwrap_or_default();
        let bytes: Vec<u8> = match number % 3 {
            0 => noise(number + 1).take(200_000).collect(),
            1 => piece
                .get(usize::try_from(number)?..)
                .unwrap_or_default()
                .to_vec(),
            _ => piece.clone(),
        };
        std::fs::write(new.join(format!("{number}.{kind}")), bytes).context("cannot write junk")?;
    }
    std::fs::rename(&new, folder).with_context(|| format!("cannot name {}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The checksum over what it covers is nothing when it is right.
    fn checks(packet: &[u8]) -> (u16, u16) {
        let ip = packet.get(14..34).unwrap_or_default();
        let tcp = packet.get(34..).unwrap_or_default();
        let length = u64::try_from(tcp.len()).unwrap_or(0);
        let pseudo = sum(ip.get(12..20).unwrap_or_default()) + 6 + length;
        (!folded(sum(ip)), !folded(pseudo + sum(tcp)))
    }

    #[test]
    fn checksums_survive_another_client() {
        let segment = Segment {
            from: (0x0A09_0908, 50_123),
            to: (0x0A09_0909, 3389),
            sequence: 7,
            acknowledged: 9,
            flags: ACK,
            payload: b"odd",
        };
        let packet = segment.frame();
        assert_eq!(checks(&packet), (0, 0));
        let other = with_client(&packet, [10, 9, 9, 8], [172, 31, 255, 254]);
        assert_eq!(other.get(26..30), Some(&[172, 31, 255, 254][..]));
        assert_eq!(checks(&other), (0, 0));
    }

    #[test]
    fn each_recording_has_a_client() -> Result<()> {
        let recordings = recordings()?;
        assert!(recordings.len() > 10);
        assert!(recordings.iter().all(|packets| client(packets).is_some()));
        Ok(())
    }
}
