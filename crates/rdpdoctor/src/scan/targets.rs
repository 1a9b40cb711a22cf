//! The hosts to scan, one after the other, from words, ranges, files and streams: nothing is held of those that
//! were or will be, but for what it takes to look at none twice.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use model::target::RDP_PORT;
use model::{ClientProfile, HostName, Target};

use super::ranges::{Range, Ranges, mapped};
use crate::failure::Failure;
use crate::target::endpoint::{endpoint, quoted};
use crate::target::{Asked, wanted};

/// The longest line of a list that is read.
const LONGEST_LINE: u64 = 64 * 1024;

/// A host of the scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The host.
    pub target: Target,
    /// What the list calls it.
    pub name: Option<String>,
    /// Where it stands in a file.
    pub origin: Option<Origin>,
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file, as it was given.
    pub file: Rc<str>,
    /// The line, from 1.
    pub line: u64,
}

/// A line that names no host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Where it stands; `None` for words of the command line.
    pub origin: Option<Origin>,
    /// What is wrong with it.
    pub says: String,
}

/// All hosts of a scan.
pub struct Targets {
    sources: VecDeque<Source>,
    excluded: Excluded,
    port: u16,
    /// Addresses named one by one. Never iterated.
    addresses: HashSet<(u128, u16)>,
    /// Names, in small letters. Never iterated.
    names: HashSet<(Box<str>, u16)>,
    /// Ranges that were begun.
    ranges: Vec<(Range, u16)>,
    /// How many there will be; `None` when that cannot be told.
    expected: Option<u64>,
    /// Hosts that were left out because somebody asked for it.
    pub left_out: u64,
    /// Hosts that were named more than once.
    pub repeated: u64,
}

enum Source {
    Word(String),
    Range {
        range: Range,
        index: u64,
        port: u16,
        name: Option<String>,
        origin: Option<Origin>,
    },
    List(List),
}

/// Lines of a file or stream.
struct List {
    name: Rc<str>,
    reader: Box<dyn BufRead>,
    line: u64,
    columns: Option<Columns>,
}

/// Which field of a line is what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Columns {
    host: usize,
    port: Option<usize>,
    name: Option<usize>,
}

/// Hosts that nobody wants to be looked at.
#[derive(Debug, Default)]
struct Excluded {
    ranges: Ranges,
    names: BTreeSet<String>,
}

impl Targets {
    /// Hosts of the command line and of files. What can be told to be wrong at once is.
    pub fn open(
        words: &[String],
        files: &[PathBuf],
        exclude: &[PathBuf],
        port: Option<u16>,
    ) -> Result<Self, Failure> {
        let mut targets = Self {
            sources: VecDeque::new(),
            excluded: Excluded::read(exclude)?,
            port: port.unwrap_or(RDP_PORT),
            addresses: HashSet::new(),
            names: HashSet::new(),
            ranges: Vec::new(),
            expected: Some(0),
            left_out: 0,
            repeated: 0,
        };
        for word in words {
            if word == "-" {
                targets.stream();
            } else if let Some(path) = word.strip_prefix('@') {
                targets.file(Path::new(path))?;
            } else {
                match Spec::of(word)? {
                    Spec::Range(range, port) => {
                        let port = port.unwrap_or(targets.port);
                        targets.expect(range.count);
                        targets.push_range(range, port, None, None);
                    }
                    Spec::Host(_) => {
                        targets.expect(1);
                        targets.sources.push_back(Source::Word(word.clone()));
                    }
                }
            }
        }
        for path in files {
            if path.as_os_str() == "-" {
                targets.stream();
            } else {
                targets.file(path)?;
            }
        }
        Ok(targets)
    }

    /// How many hosts there will be at most, when that can be told.
    pub const fn expected(&self) -> Option<u64> {
        self.expected
    }

    /// The ranges and addresses of the command line, as far as they were given as such.
    pub fn first_public(&self) -> Option<String> {
        self.sources.iter().find_map(|source| match source {
            Source::Range { range, .. } => range.is_public().then(|| range.to_string()),
            Source::Word(word) => match Spec::of(word) {
                Ok(Spec::Host(host)) => host
                    .address
                    .filter(|address| Range::single(*address).is_public())
                    .map(|address| address.to_string()),
                _ => None,
            },
            Source::List(_) => None,
        })
    }

    /// The next host that was not given before.
    pub fn next_item(&mut self) -> Option<Result<Item, Unreadable>> {
        loop {
            let item = match self.next_of_any()? {
                Ok(item) => item,
                Err(unreadable) => return Some(Err(unreadable)),
            };
            if self.excluded.has(&item.target) {
                self.left_out = self.left_out.saturating_add(1);
            } else if self.is_new(&item.target) {
                return Some(Ok(item));
            } else {
                self.repeated = self.repeated.saturating_add(1);
            }
            self.expected = self.expected.map(|expected| expected.saturating_sub(1));
        }
    }

    fn next_of_any(&mut self) -> Option<Result<Item, Unreadable>> {
        loop {
            match self.sources.front_mut()? {
                Source::Word(_) => {
                    let Some(Source::Word(word)) = self.sources.pop_front() else {
                        continue;
                    };
                    let port = self.port;
                    return Some(
                        wanted(&word, Asked::default())
                            .map(|wanted| Item {
                                target: Target {
                                    port: match wanted.target.port {
                                        RDP_PORT => port,
                                        other => other,
                                    },
                                    ..wanted.target
                                },
                                name: None,
                                origin: None,
                            })
                            .map_err(|failure| Unreadable {
                                origin: None,
                                says: failure.says,
                            }),
                    );
                }
                Source::Range {
                    range,
                    index,
                    port,
                    name,
                    origin,
                } => {
                    let Some(address) = range.nth(*index) else {
                        self.sources.pop_front();
                        continue;
                    };
                    if *index == 0 {
                        self.ranges.push((range.clone(), *port));
                    }
                    *index = index.saturating_add(1);
                    return Some(Ok(Item {
                        target: target(address.to_string(), address, *port),
                        name: name.clone(),
                        origin: origin.clone(),
                    }));
                }
                Source::List(list) => match list.next_line() {
                    None => {
                        self.sources.pop_front();
                    }
                    Some(Err(says)) => {
                        let origin = Some(list.origin());
                        self.sources.pop_front();
                        return Some(Err(Unreadable { origin, says }));
                    }
                    Some(Ok(text)) => {
                        if let Some(item) = self.of_line(&text) {
                            return Some(item);
                        }
                    }
                },
            }
        }
    }

    /// What a line of the list in front says; `None` when it only leads to more.
    fn of_line(&mut self, text: &str) -> Option<Result<Item, Unreadable>> {
        let Some(Source::List(list)) = self.sources.front_mut() else {
            return None;
        };
        let origin = list.origin();
        let fields = fields(text);
        let columns = match list.columns {
            Some(columns) => columns,
            None => {
                let header = Columns::of_header(&fields);
                let columns = header.unwrap_or(Columns::usual(&fields));
                // Lines without a header may each have another number of fields.
                if header.is_some() {
                    list.columns = header;
                    return None;
                }
                columns
            }
        };
        let field = |index: usize| fields.get(index).map(|field| field.trim());
        let word = field(columns.host).unwrap_or_default();
        if word.is_empty() {
            return None;
        }
        let unreadable = |says| {
            Some(Err(Unreadable {
                origin: Some(origin.clone()),
                says,
            }))
        };
        let port = match columns.port.and_then(field).filter(|port| !port.is_empty()) {
            None => None,
            Some(digits) => match digits.parse::<u16>() {
                Ok(port) if port != 0 => Some(port),
                _ => return unreadable(format!("{} is no port", quoted(digits))),
            },
        };
        let name = columns
            .name
            .and_then(field)
            .filter(|name| !name.is_empty())
            .map(str::to_owned);
        match Spec::of(word) {
            Err(failure) => unreadable(failure.says),
            Ok(Spec::Range(range, own)) => {
                let port = own.or(port).unwrap_or(self.port);
                self.expect(range.count.saturating_sub(1));
                let source = Source::Range {
                    range,
                    index: 0,
                    port,
                    name,
                    origin: Some(origin),
                };
                self.sources.push_front(source);
                None
            }
            Ok(Spec::Host(host)) => Some(Ok(Item {
                target: Target {
                    input: word.to_owned(),
                    host: HostName(host.host),
                    port: host.port.or(port).unwrap_or(self.port),
                    address: host.address,
                    zone: host.zone,
                    gateway: None,
                    proxy: None,
                    client: ClientProfile::default(),
                },
                name,
                origin: Some(origin),
            })),
        }
    }

    fn is_new(&mut self, target: &Target) -> bool {
        let port = target.port;
        let Some(address) = target.address else {
            let name = target.host.0.trim_end_matches('.').to_ascii_lowercase();
            return self.names.insert((name.into_boxed_str(), port));
        };
        let key = (mapped(address), port);
        // The address comes from the range in front, which is the last that was begun, or from before it.
        let begun = match self.sources.front() {
            Some(Source::Range { index, .. }) if *index > 0 => {
                let own = self.ranges.len().saturating_sub(1);
                self.ranges.get(..own).unwrap_or_default()
            }
            _ => {
                let known = in_ranges(&self.ranges, key);
                return !known && self.addresses.insert(key);
            }
        };
        !in_ranges(begun, key) && !self.addresses.contains(&key)
    }

    fn push_range(
        &mut self,
        range: Range,
        port: u16,
        name: Option<String>,
        origin: Option<Origin>,
    ) {
        self.sources.push_back(Source::Range {
            range,
            index: 0,
            port,
            name,
            origin,
        });
    }

    fn expect(&mut self, more: u64) {
        self.expected = self.expected.map(|expected| expected.saturating_add(more));
    }

    fn stream(&mut self) {
        self.expected = None;
        self.sources.push_back(Source::List(List {
            name: "standard input".into(),
            reader: Box::new(BufReader::new(std::io::stdin())),
            line: 0,
            columns: None,
        }));
    }

    fn file(&mut self, path: &Path) -> Result<(), Failure> {
        let failed = |error: std::io::Error| {
            Failure::usage(format!(
                "cannot read the targets in {}: {error}",
                quoted(&path.display().to_string())
            ))
        };
        let file = File::open(path).map_err(failed)?;
        if file.metadata().map_err(failed)?.is_dir() {
            return Err(failed(std::io::ErrorKind::IsADirectory.into()));
        }
        if file.metadata().map_err(failed)?.is_file() {
            let lines = lines(&mut BufReader::new(&file)).map_err(failed)?;
            self.expect(lines);
        } else {
            self.expected = None;
        }
        let file = File::open(path).map_err(failed)?;
        self.sources.push_back(Source::List(List {
            name: path.display().to_string().into(),
            reader: Box::new(BufReader::with_capacity(64 * 1024, file)),
            line: 0,
            columns: None,
        }));
        Ok(())
    }
}

fn in_ranges(ranges: &[(Range, u16)], (address, port): (u128, u16)) -> bool {
    ranges
        .iter()
        .any(|(range, own)| *own == port && range.has(address))
}

fn target(input: String, address: IpAddr, port: u16) -> Target {
    Target {
        host: HostName(input.clone()),
        input,
        port,
        address: Some(address),
        zone: None,
        gateway: None,
        proxy: None,
        client: ClientProfile::default(),
    }
}

fn lines(reader: &mut impl BufRead) -> std::io::Result<u64> {
    let mut lines = 0_u64;
    loop {
        let piece = reader.fill_buf()?;
        if piece.is_empty() {
            return Ok(lines);
        }
        let found = piece.iter().filter(|&&byte| byte == b'\n').count();
        lines = lines.saturating_add(u64::try_from(found).unwrap_or(u64::MAX));
        let length = piece.len();
        reader.consume(length);
    }
}

impl List {
    fn origin(&self) -> Origin {
        Origin {
            file: Rc::clone(&self.name),
            line: self.line,
        }
    }

    /// The next line that says something.
    fn next_line(&mut self) -> Option<Result<String, String>> {
        loop {
            let mut bytes = Vec::new();
            let read = (&mut self.reader)
                .take(LONGEST_LINE)
                .read_until(b'\n', &mut bytes);
            match read {
                Ok(0) => return None,
                Ok(_) => {}
                Err(error) => return Some(Err(format!("reading stopped: {error}"))),
            }
            self.line = self.line.saturating_add(1);
            let text = String::from_utf8_lossy(&bytes);
            let text = text.trim_start_matches('\u{feff}').trim();
            if !text.is_empty() && !text.starts_with('#') {
                return Some(Ok(text.to_owned()));
            }
        }
    }
}

impl Columns {
    /// A line of headings: one of them at least says host.
    fn of_header(fields: &[String]) -> Option<Self> {
        let position = |names: &[&str]| {
            fields.iter().position(|field| {
                let folded = field
                    .trim()
                    .to_ascii_lowercase()
                    .replace(['_', ' ', '-'], "");
                names.contains(&folded.as_str())
            })
        };
        let name = position(&[
            "name",
            "label",
            "description",
            "displayname",
            "title",
            "owner",
        ]);
        let host = position(&[
            "host",
            "hostname",
            "dnshostname",
            "fqdn",
            "ipaddress",
            "ip",
            "ipv4address",
            "address",
            "computer",
            "computername",
            "server",
            "target",
        ]);
        let port = position(&["port", "tcpport", "rdpport"]);
        match (host, name) {
            (Some(host), name) => Some(Self { host, port, name }),
            // A column of names alone names the hosts, when there is another one beside it.
            (None, Some(name)) if fields.len() > 1 || port.is_some() => Some(Self {
                host: name,
                port,
                name: None,
            }),
            _ => None,
        }
    }

    /// Host, port, name; or host, name.
    fn usual(fields: &[String]) -> Self {
        let is_port = |index: usize| {
            fields
                .get(index)
                .is_some_and(|field| field.trim().is_empty() || field.trim().parse::<u16>().is_ok())
        };
        if fields.len() > 1 && is_port(1) {
            Self {
                host: 0,
                port: Some(1),
                name: Some(2),
            }
        } else {
            Self {
                host: 0,
                port: None,
                name: Some(1),
            }
        }
    }
}

/// The fields of a line: separated by commas, semicolons or tabs, whichever comes first outside of quotes.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut separator = None;
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let Some(field) = fields.last_mut() else {
            break;
        };
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            '"' if quoted || field.trim().is_empty() => quoted = !quoted,
            ',' | ';' | '\t' if !quoted && separator.is_none_or(|known| known == letter) => {
                separator = Some(letter);
                fields.push(String::new());
            }
            letter => field.push(letter),
        }
    }
    fields
}

/// What a word names.
enum Spec {
    /// Many addresses, and a port.
    Range(Range, Option<u16>),
    /// One host.
    Host(crate::target::endpoint::Endpoint),
}

impl Spec {
    fn of(word: &str) -> Result<Self, Failure> {
        if let Some(range) = Range::of(word)? {
            return Ok(Self::Range(range.0, range.1));
        }
        // Links and connection files are read when their turn comes.
        if word.contains("://") || word.to_ascii_lowercase().ends_with(".rdp") {
            return Ok(Self::Host(crate::target::endpoint::Endpoint {
                host: word.to_owned(),
                port: None,
                address: None,
                zone: None,
            }));
        }
        endpoint(word).map(Self::Host)
    }
}

impl Excluded {
    fn read(files: &[PathBuf]) -> Result<Self, Failure> {
        let mut excluded = Self::default();
        for path in files {
            let shown = quoted(&path.display().to_string());
            let text = std::fs::read(path).map_err(|error| {
                Failure::usage(format!(
                    "cannot read the hosts to leave out in {shown}: {error}"
                ))
            })?;
            for (number, line) in String::from_utf8_lossy(&text).lines().enumerate() {
                let word = line.split('#').next().unwrap_or_default();
                let word = word.trim_start_matches('\u{feff}').trim();
                if word.is_empty() {
                    continue;
                }
                // A line that is not understood would leave somebody in who asked to be left out.
                let spec = Spec::of(word).map_err(|failure| {
                    Failure::usage(format!("{shown}, line {}: {}", number + 1, failure.says))
                })?;
                match spec {
                    Spec::Range(range, _) => excluded.ranges.add(&range),
                    Spec::Host(host) => match host.address {
                        Some(address) => excluded.ranges.add(&Range::single(address)),
                        None => {
                            let name = host.host.trim_end_matches('.').to_ascii_lowercase();
                            excluded.names.insert(name);
                        }
                    },
                }
            }
        }
        excluded.ranges.settle();
        Ok(excluded)
    }

    fn has(&self, target: &Target) -> bool {
        match target.address {
            Some(address) => self.has_address(address),
            None => {
                let name = target.host.0.trim_end_matches('.').to_ascii_lowercase();
                self.names.contains(&name)
            }
        }
    }

    fn has_address(&self, address: IpAddr) -> bool {
        self.ranges.has(mapped(address))
    }
}

impl Targets {
    /// Somebody asked for this address to be left out; names may lead to it.
    pub fn leaves_out(&self, address: IpAddr) -> bool {
        self.excluded.has_address(address)
    }
}

/// The address on loopback, private or otherwise set apart.
pub fn is_public(address: IpAddr) -> bool {
    Range::single(address).is_public()
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use super::*;

    /// The hosts of a list, or the lines that cannot be read.
    fn hosts(text: &str) -> Vec<String> {
        let mut targets = Targets::open(&[], &[], &[], None).unwrap();
        targets.sources.push_back(Source::List(List {
            name: "list".into(),
            reader: Box::new(BufReader::new(std::io::Cursor::new(text.to_owned()))),
            line: 0,
            columns: None,
        }));
        std::iter::from_fn(|| targets.next_item())
            .map(|item| match item {
                Ok(Item { target, name, .. }) => {
                    let name = name.unwrap_or_default();
                    format!("{} {} {name}", target.host.0, target.port)
                }
                Err(unreadable) => format!("line {}", unreadable.origin.unwrap().line),
            })
            .collect()
    }

    #[test]
    fn lists_are_read_however_they_are_written() {
        for text in [
            "host,port,name\nsrv01,3390,The first\n10.0.0.7,,The second\n",
            "\u{feff}Name;IP Address;TCP-Port\r\nThe first;srv01;3390\r\n\"The second\";10.0.0.7;\r\n",
            "# hosts\n\nsrv01:3390\t\tThe first\n10.0.0.7,3389,The second",
        ] {
            assert_eq!(
                hosts(text),
                ["srv01 3390 The first", "10.0.0.7 3389 The second"],
                "{text:?}"
            );
        }
        assert_eq!(hosts("srv01\n"), ["srv01 3389 "]);
        assert_eq!(
            hosts("srv01, the \"big\" one\n"),
            ["srv01 3389 the \"big\" one"]
        );
        assert_eq!(hosts("Name,Port\nsrv01,3390\n"), ["srv01 3390 "]);
    }

    #[test]
    fn what_names_no_host_is_told_with_its_line() {
        assert_eq!(
            hosts("srv01\nsrv 02 with blanks\nsrv03,99999\n10.0.0.0/40\nsrv04\n"),
            [
                "srv01 3389 ",
                "line 2",
                "srv03 3389 99999",
                "line 4",
                "srv04 3389 "
            ]
        );
        assert_eq!(hosts("host,port\nsrv03,99999\n"), ["line 2"]);
    }

    #[test]
    fn nobody_is_looked_at_twice() {
        assert_eq!(
            hosts(
                "10.0.0.1\n10.0.0.0/30\n10.0.0.2\n10.0.0.0-10.0.0.4\nSRV01\nsrv01.\nsrv01:3390\n"
            )
            .len(),
            // .1, then .0 .2 .3 of the first range, .4 of the second, srv01 on two ports.
            7
        );
    }

    #[test]
    fn ranges_in_lists_come_one_by_one() {
        let all = hosts("10.1.0.0/29,3390,rack\n10.2.0.1\n");
        assert_eq!(all.len(), 9);
        assert!(all.contains(&"10.1.0.7 3390 rack".to_owned()), "{all:?}");
    }

    #[test]
    fn who_asked_to_be_left_out_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.txt");
        std::fs::write(&path, "10.0.0.0/31 # a lab\nSRV02.corp.example\n").unwrap();
        let words = ["10.0.0.0/30".to_owned(), "srv02.corp.example".to_owned()];
        let mut targets = Targets::open(&words, &[], std::slice::from_ref(&path), None).unwrap();
        let left: Vec<String> = std::iter::from_fn(|| targets.next_item())
            .map(|item| item.unwrap().target.host.0)
            .collect();
        assert_eq!(left, ["10.0.0.2", "10.0.0.3"]);
        assert_eq!(targets.left_out, 3);
        assert!(targets.leaves_out(IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1))));
        std::fs::write(&path, "10.0.0.0/99\n").unwrap();
        assert!(Targets::open(&words, &[], &[path], None).is_err());
    }

    #[test]
    fn public_addresses_are_known() {
        let public = |word: &str| {
            Targets::open(&[word.to_owned()], &[], &[], None)
                .unwrap()
                .first_public()
                .is_some()
        };
        for word in [
            "8.8.8.8",
            "8.8.8.0/24",
            "10.0.0.0/7",
            "2606:4700::1",
            "192.168.0.0/15",
        ] {
            assert!(public(word), "{word}");
        }
        for word in [
            "127.0.0.1",
            "10.0.0.0/8",
            "192.168.1.4",
            "172.16.0.0/12",
            "100.64.0.1",
            "::1",
            "fd00::1",
            "srv01",
            "169.254.1.1",
        ] {
            assert!(!public(word), "{word}");
        }
        assert!(is_public(IpAddr::V6(Ipv6Addr::new(
            0, 0, 0, 0, 0, 0xffff, 0x0808, 0x0808
        ))));
    }
}
