//! What the packet filters of this machine do with a new connection from outside: their rules, evaluated for one
//! packet that is like all of them.
//!
//! The packet is the SYN of a connection over IPv4 to the port, come in from another machine; where it comes
//! from and over which interface is not known. A rule that asks for that may hold or not, and then the verdict
//! holds for some connections alone. The rules in effect are read, whoever made them: nftables, iptables, ufw
//! and firewalld all end there.
//!
//! This file is long because it holds the readers of both notations beside the walk through their chains.

use std::collections::BTreeMap;

use model::fact::Filtering;
use model::{Fact, Phase};
use serde_json::Value;

use crate::local::Inspection;
use crate::local::command::{Answer, ask};
use crate::probes::FILTER;

/// Chains in chains beyond this depth are not followed; the kernel allows 16.
const DEEPEST: usize = 16;
/// Rules that are looked at in all.
const MOST: usize = 100_000;

/// Asks the filters of the machine.
pub(super) fn look(port: u16, found: &mut Inspection) {
    let mut answers = 0;
    let mut kept_by_iptables = false;
    for program in ["iptables-save", "iptables-legacy-save"] {
        match ask(program, &[]) {
            Answer::Said(said) => {
                answers += 1;
                let said = String::from_utf8_lossy(&said);
                if said.contains("(nf_tables)") {
                    kept_by_iptables = true;
                } else if program == "iptables-legacy-save"
                    && kept_by_iptables
                    && !said.contains("-A ")
                {
                    continue;
                }
                tell("iptables", port, &Rules::of_iptables(&said, port), found);
            }
            Answer::Missing => {}
            Answer::Failed(why) => broke(program, &why, found),
        }
    }
    match ask("nft", &["--json", "list", "ruleset"]) {
        Answer::Said(said) => {
            answers += 1;
            match serde_json::from_slice(&said) {
                Ok(document) => {
                    let rules = Rules::of_nftables(&document, port, kept_by_iptables);
                    tell("nftables", port, &rules, found);
                }
                Err(error) => broke("nft", &format!("its answer cannot be read: {error}"), found),
            }
        }
        Answer::Missing => {}
        Answer::Failed(why) => broke("nft", &why, found),
    }
    if answers > 0 {
        found.ran(&FILTER, "the rules in effect");
    } else if !found.tried.iter().any(|tried| *tried.probe == FILTER) {
        found.skipped(
            &FILTER,
            "the rules in effect",
            "neither nft nor iptables is installed",
        );
    }
}

fn broke(program: &str, why: &str, found: &mut Inspection) {
    let root = ["ermission denied", "not permitted", "must be root"];
    if root.iter().any(|words| why.contains(words)) {
        let why = "only root may read their rules; as root it would be seen whether they let connections in";
        found.broke(&FILTER, "packet filters", why);
    } else {
        found.broke(&FILTER, format!("the rules of {program}"), why);
    }
}

fn tell(filter: &str, port: u16, rules: &Rules, found: &mut Inspection) {
    if let Some(Verdict { does, rule, some }) = rules.verdict() {
        found.see(
            Phase::Tcp,
            Fact::FilterFound {
                filter: filter.to_owned(),
                port,
                does,
                rule,
                some,
            },
        );
    }
}

/// Whether a condition holds for the packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    Yes,
    No,
    /// For some packets.
    Some,
}

impl Holds {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Some, _) | (_, Self::Some) => Self::Some,
            (Self::Yes, Self::Yes) => Self::Yes,
        }
    }

    const fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Some => Self::Some,
        }
    }
}

/// What a rule does when it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Does {
    Nothing,
    Ends(Filtering),
    Return,
    Jump(String),
    Goto(String),
}

#[derive(Clone, Debug)]
struct Rule {
    holds: Holds,
    does: Does,
    words: String,
}

/// A chain that packets come into, or one that others jump to.
#[derive(Clone, Debug, Default)]
struct Chain {
    rules: Vec<Rule>,
    /// What becomes of packets at its end, when packets come into it.
    policy: Option<(Filtering, String)>,
    priority: i64,
}

/// All chains of a filter, by name.
#[derive(Debug, Default)]
struct Rules {
    chains: BTreeMap<String, Chain>,
}

/// What becomes of the packet.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Verdict {
    does: Filtering,
    rule: String,
    some: bool,
}

/// The way of the packet through chains.
#[derive(Default)]
struct Walk {
    /// What rules that hold for some packets did with them.
    some: Vec<(Filtering, String)>,
    steps: usize,
}

enum End {
    /// Every packet that is left ends here.
    Ended(Filtering, String),
    /// The chain has no more to say.
    Over,
}

impl Rules {
    /// What becomes of the packet; `None` without any rule.
    fn verdict(&self) -> Option<Verdict> {
        let mut entries: Vec<&Chain> = self
            .chains
            .values()
            .filter(|chain| chain.policy.is_some())
            .collect();
        entries.sort_by_key(|chain| chain.priority);
        if entries.iter().all(|chain| {
            chain.rules.is_empty() && matches!(chain.policy, Some((Filtering::Passes, _)))
        }) {
            return None;
        }
        let mut some_dropped = None;
        for chain in entries {
            let mut walk = Walk::default();
            let (does, rule) = match self.walk(chain, Holds::Yes, 0, &mut walk) {
                End::Ended(does, rule) => (does, rule),
                End::Over => chain.policy.clone()?,
            };
            let passed = walk.some.iter().any(|(does, _)| *does == Filtering::Passes);
            let dropped = walk
                .some
                .iter()
                .find(|(does, _)| *does != Filtering::Passes);
            if does != Filtering::Passes {
                return Some(Verdict {
                    does,
                    rule,
                    some: passed,
                });
            }
            some_dropped = some_dropped.or(dropped.cloned());
        }
        Some(match some_dropped {
            Some((does, rule)) => Verdict {
                does,
                rule,
                some: true,
            },
            None => Verdict {
                does: Filtering::Passes,
                rule: String::new(),
                some: false,
            },
        })
    }

    fn walk(&self, chain: &Chain, for_whom: Holds, depth: usize, walk: &mut Walk) -> End {
        if depth > DEEPEST {
            return End::Over;
        }
        for rule in &chain.rules {
            walk.steps += 1;
            if walk.steps > MOST {
                return End::Over;
            }
            let holds = for_whom.and(rule.holds);
            if holds == Holds::No {
                continue;
            }
            let into = match &rule.does {
                Does::Nothing => continue,
                Does::Return if holds == Holds::Yes => return End::Over,
                // Some leave and the others go on: what follows holds for some.
                Does::Return => {
                    let rest = Chain {
                        rules: chain
                            .rules
                            .iter()
                            .skip_while(|other| !std::ptr::eq(*other, rule))
                            .skip(1)
                            .cloned()
                            .collect(),
                        ..Chain::default()
                    };
                    let _ = self.walk(&rest, Holds::Some, depth + 1, walk);
                    return End::Over;
                }
                Does::Ends(does) => {
                    if holds == Holds::Yes {
                        return End::Ended(*does, rule.words.clone());
                    }
                    walk.some.push((*does, rule.words.clone()));
                    continue;
                }
                Does::Jump(to) | Does::Goto(to) => self.chains.get(to),
            };
            let Some(into) = into else { continue };
            match self.walk(into, holds, depth + 1, walk) {
                End::Ended(does, words) if holds == Holds::Yes => return End::Ended(does, words),
                // With a doubt in it, the walk itself noted what ended.
                End::Ended(..) => {}
                End::Over if matches!(rule.does, Does::Goto(_)) && holds == Holds::Yes => {
                    return End::Over;
                }
                End::Over => {}
            }
        }
        End::Over
    }

    /// Reads what `nft --json list ruleset` wrote (libnftables-json(5)).
    fn of_nftables(document: &Value, port: u16, kept_by_iptables: bool) -> Self {
        let mut rules = Self::default();
        let text = |value: &Value, name: &str| {
            value
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let items: Vec<&Value> = document
            .get("nftables")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .take(MOST)
            .collect();
        let sets: BTreeMap<String, &Value> = items
            .iter()
            .filter_map(|item| item.get("set").or_else(|| item.get("map")))
            .map(|set| {
                (
                    format!(
                        "{} {} {}",
                        text(set, "family"),
                        text(set, "table"),
                        text(set, "name")
                    ),
                    set,
                )
            })
            .collect();
        let concerns = |item: &Value| {
            let (family, table) = (text(item, "family"), text(item, "table"));
            // What iptables wrote is read in its own words.
            let theirs = kept_by_iptables
                && matches!(family.as_str(), "ip" | "ip6")
                && matches!(
                    table.as_str(),
                    "filter" | "nat" | "mangle" | "raw" | "security"
                );
            matches!(family.as_str(), "ip" | "inet") && !theirs
        };
        for chain in items.iter().filter_map(|item| item.get("chain")) {
            if !concerns(chain) {
                continue;
            }
            let name = format!(
                "{} {} {}",
                text(chain, "family"),
                text(chain, "table"),
                text(chain, "name")
            );
            let entered = matches!(text(chain, "hook").as_str(), "input" | "prerouting")
                && text(chain, "type") == "filter";
            let entry = rules.chains.entry(name.clone()).or_default();
            entry.priority = chain.get("prio").and_then(Value::as_i64).unwrap_or(0);
            entry.policy = entered.then(|| {
                if text(chain, "policy") == "drop" {
                    (Filtering::Drops, format!("policy drop of chain {name}"))
                } else {
                    (Filtering::Passes, String::new())
                }
            });
        }
        for rule in items.iter().filter_map(|item| item.get("rule")) {
            if !concerns(rule) {
                continue;
            }
            let table = format!("{} {}", text(rule, "family"), text(rule, "table"));
            let chain = format!("{table} {}", text(rule, "chain"));
            let expressions = rule.get("expr").and_then(Value::as_array);
            let read = nft_rule(
                expressions.map_or(&[], Vec::as_slice),
                &table,
                &chain,
                port,
                &sets,
            );
            rules.chains.entry(chain).or_default().rules.extend(read);
        }
        rules
    }

    /// Reads what `iptables-save` wrote (iptables-extensions(8)).
    fn of_iptables(text: &str, port: u16) -> Self {
        let mut rules = Self::default();
        let mut table = "";
        for line in text.lines().take(MOST) {
            if let Some(name) = line.strip_prefix('*') {
                table = name.trim();
            }
            if !matches!(table, "filter" | "raw" | "mangle") {
                continue;
            }
            if let Some(chain) = line.strip_prefix(':') {
                let mut words = chain.split_ascii_whitespace();
                let (Some(name), Some(policy)) = (words.next(), words.next()) else {
                    continue;
                };
                let entry = rules.chains.entry(format!("{table} {name}")).or_default();
                entry.priority = match table {
                    "raw" => -300,
                    "mangle" => -150,
                    _ => 0,
                };
                entry.policy = matches!(name, "INPUT" | "PREROUTING").then(|| {
                    if policy == "DROP" {
                        (Filtering::Drops, format!("policy DROP of chain {name}"))
                    } else {
                        (Filtering::Passes, String::new())
                    }
                });
            }
            if let Some(rule) = line.strip_prefix("-A ")
                && let Some((chain, rest)) = rule.split_once(' ')
            {
                let read = iptables_rule(line, rest, table, port);
                rules
                    .chains
                    .entry(format!("{table} {chain}"))
                    .or_default()
                    .rules
                    .push(read);
            }
        }
        rules
    }
}

/// One rule of nftables. A map of verdicts makes a rule of each verdict that concerns the packet.
fn nft_rule(
    expressions: &[Value],
    table: &str,
    chain: &str,
    port: u16,
    sets: &BTreeMap<String, &Value>,
) -> Vec<Rule> {
    let mut holds = Holds::Yes;
    let mut said = Vec::new();
    let mut does = Vec::new();
    for expression in expressions {
        let Some((kind, value)) = expression
            .as_object()
            .and_then(|object| object.iter().next())
        else {
            continue;
        };
        match kind.as_str() {
            "match" => {
                let left = value.get("left").unwrap_or(&Value::Null);
                let right = value.get("right").unwrap_or(&Value::Null);
                let operator = value.get("op").and_then(Value::as_str).unwrap_or("==");
                said.push(nft_words(left, operator, right));
                let right = named_set(right, table, sets);
                let one = nft_holds(left, &right, port);
                holds = holds.and(if operator == "!=" {
                    one.not()
                } else if matches!(operator, "==" | "in") {
                    one
                } else {
                    Holds::Some
                });
            }
            "accept" => does.push((
                Holds::Yes,
                Does::Ends(Filtering::Passes),
                "accept".to_owned(),
            )),
            "drop" => does.push((Holds::Yes, Does::Ends(Filtering::Drops), "drop".to_owned())),
            "reject" => does.push((
                Holds::Yes,
                Does::Ends(Filtering::Rejects),
                "reject".to_owned(),
            )),
            "return" => does.push((Holds::Yes, Does::Return, "return".to_owned())),
            "jump" | "goto" => {
                let target = value
                    .get("target")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                let to = format!("{table} {target}");
                let jump = if kind == "jump" {
                    Does::Jump(to)
                } else {
                    Does::Goto(to)
                };
                does.push((Holds::Yes, jump, format!("{kind} {target}")));
            }
            "vmap" => {
                let key = value.get("key").unwrap_or(&Value::Null);
                let data = named_set(value.get("data").unwrap_or(&Value::Null), table, sets);
                let mut others = Holds::Yes;
                for pair in data.as_array().into_iter().flatten().take(MOST) {
                    let [one, verdict] = pair.as_array().map_or(&[][..], Vec::as_slice) else {
                        continue;
                    };
                    let here = nft_holds(key, one, port).and(others);
                    if here == Holds::No {
                        continue;
                    }
                    if here == Holds::Yes {
                        others = Holds::No;
                    }
                    let inner = nft_rule(std::slice::from_ref(verdict), table, chain, port, sets);
                    does.extend(inner.into_iter().map(|rule| (here, rule.does, rule.words)));
                }
            }
            // What only counts, logs, marks or names.
            "counter" | "log" | "comment" | "mangle" | "notrack" | "set" | "ct helper" => {}
            // A limit, a match of iptables that nft cannot read, or what came later than this list.
            _ => holds = holds.and(Holds::Some),
        }
    }
    does.into_iter()
        .map(|(here, does, words)| {
            let condition = said.join(" ");
            let words = if condition.is_empty() {
                words
            } else {
                format!("{condition} {words}")
            };
            let words = match does {
                Does::Ends(_) if !words.contains(" of chain ") => {
                    format!("{words} of chain {chain}")
                }
                _ => words,
            };
            Rule {
                holds: holds.and(here),
                does,
                words,
            }
        })
        .collect()
}

/// The elements of a set, when the value names one or is one.
fn named_set(value: &Value, table: &str, sets: &BTreeMap<String, &Value>) -> Value {
    if let Some(name) = value.as_str().and_then(|name| name.strip_prefix('@')) {
        return sets
            .get(&format!("{table} {name}"))
            .and_then(|set| set.get("elem"))
            .cloned()
            .unwrap_or(Value::Array(Vec::new()));
    }
    match value.get("set") {
        Some(elements) => elements.clone(),
        None => value.clone(),
    }
}

/// Whether a match of nftables holds.
fn nft_holds(left: &Value, right: &Value, port: u16) -> Holds {
    let any = |judge: &dyn Fn(&Value) -> Holds| match right.as_array() {
        Some(all) if all.iter().any(|one| judge(one) == Holds::Yes) => Holds::Yes,
        Some(all) if all.iter().all(|one| judge(one) == Holds::No) => Holds::No,
        Some(_) => Holds::Some,
        None => judge(right),
    };
    let is = |so: bool| if so { Holds::Yes } else { Holds::No };
    let part = |kind: &str, field: &str| {
        left.get(kind)
            .and_then(|inner| inner.get(field))
            .and_then(Value::as_str)
    };
    if let (Some(protocol), Some(field)) = (part("payload", "protocol"), part("payload", "field")) {
        return match (protocol, field) {
            ("tcp" | "th", "dport") => any(&|one| match one {
                Value::Number(number) => is(number.as_u64() == Some(u64::from(port))),
                Value::Object(_) => {
                    let inner = one.get("elem").and_then(|elem| elem.get("val"));
                    let range = inner.unwrap_or(one).get("range").and_then(Value::as_array);
                    match range.map(Vec::as_slice) {
                        Some([from, to]) => match (from.as_u64(), to.as_u64()) {
                            (Some(from), Some(to)) => is((from..=to).contains(&u64::from(port))),
                            _ => Holds::Some,
                        },
                        _ => match inner.and_then(Value::as_u64) {
                            Some(number) => is(number == u64::from(port)),
                            None => Holds::Some,
                        },
                    }
                }
                // A name of a service.
                Value::String(name) => is(name == "ms-wbt-server" && port == 3389),
                _ => Holds::Some,
            }),
            ("udp" | "icmp" | "icmpv6" | "ip6" | "sctp" | "dccp", _) => Holds::No,
            ("ip", "protocol") => any(&is_tcp),
            _ => Holds::Some,
        };
    }
    if let Some(key) = part("meta", "key") {
        return match key {
            "l4proto" => any(&is_tcp),
            "nfproto" => any(&|one| is(one.as_str() == Some("ipv4"))),
            "protocol" => any(&|one| is(one.as_str() == Some("ip"))),
            // From another machine nothing comes in over the loopback.
            "iifname" | "iif" => any(&|one| {
                if one.as_str() == Some("lo") {
                    Holds::No
                } else {
                    Holds::Some
                }
            }),
            "oifname" | "oif" => Holds::No,
            "pkttype" => any(&|one| is(matches!(one.as_str(), Some("host" | "unicast")))),
            _ => Holds::Some,
        };
    }
    if part("ct", "key") == Some("state") {
        return any(&|one| is(one.as_str() == Some("new")));
    }
    Holds::Some
}

fn is_tcp(value: &Value) -> Holds {
    if value.as_str() == Some("tcp") || value.as_u64() == Some(6) {
        Holds::Yes
    } else {
        Holds::No
    }
}

/// A match in a few words.
fn nft_words(left: &Value, operator: &str, right: &Value) -> String {
    let part = |kind: &str, field: &str| {
        left.get(kind)
            .and_then(|inner| inner.get(field))
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let left = if left.get("payload").is_some() {
        format!(
            "{} {}",
            part("payload", "protocol"),
            part("payload", "field")
        )
    } else if left.get("meta").is_some() {
        part("meta", "key")
    } else if left.get("ct").is_some() {
        format!("ct {}", part("ct", "key"))
    } else {
        "…".to_owned()
    };
    let right = match right {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        other => other.to_string().chars().take(60).collect(),
    };
    if matches!(operator, "==" | "in") {
        format!("{left} {right}")
    } else {
        format!("{left} {operator} {right}")
    }
}

/// One rule of iptables.
fn iptables_rule(line: &str, rest: &str, table: &str, port: u16) -> Rule {
    let mut holds = Holds::Yes;
    let mut does = Does::Nothing;
    let mut words = rest.split_ascii_whitespace();
    let mut not = false;
    while let Some(word) = words.next() {
        let mut take = || words.next().unwrap_or_default();
        let one = match word {
            "!" => {
                not = true;
                continue;
            }
            "-m" | "--match" => {
                // The module is named; what it asks for follows.
                match take() {
                    "tcp" | "multiport" | "comment" | "state" | "conntrack" | "addrtype" => {}
                    "udp" | "icmp" => holds = Holds::No,
                    _ => holds = holds.and(Holds::Some),
                }
                continue;
            }
            "--comment" => {
                // Words in quotes end with the quote.
                let first = take();
                if first.starts_with('"') && !(first.len() > 1 && first.ends_with('"')) {
                    words.by_ref().find(|word| word.ends_with('"'));
                }
                continue;
            }
            "-p" | "--protocol" => is(matches!(take(), "tcp" | "6" | "all")),
            "--dport" | "--dports" | "--destination-port" => {
                is(take().split(',').any(|part| covers(part, port)))
            }
            "-i" | "--in-interface" => {
                if take() == "lo" {
                    Holds::No
                } else {
                    Holds::Some
                }
            }
            "-o" | "--out-interface" => Holds::No,
            "--ctstate" | "--state" => is(take().split(',').any(|state| state == "NEW")),
            "--dst-type" => is(take().split(',').any(|kind| kind == "LOCAL")),
            "--tcp-flags" | "--syn" => {
                if word == "--tcp-flags" {
                    let (mask, set) = (take(), take());
                    is(set == "SYN" && mask.contains("SYN"))
                } else {
                    Holds::Yes
                }
            }
            "-j" | "--jump" => {
                does = match take() {
                    "ACCEPT" => Does::Ends(Filtering::Passes),
                    "DROP" => Does::Ends(Filtering::Drops),
                    "REJECT" => Does::Ends(Filtering::Rejects),
                    "RETURN" => Does::Return,
                    chain => Does::Jump(format!("{table} {chain}")),
                };
                continue;
            }
            "-g" | "--goto" => {
                does = Does::Goto(format!("{table} {}", take()));
                continue;
            }
            // How it rejects, and what a log line says.
            "--reject-with" | "--log-prefix" | "--log-level" => {
                take();
                continue;
            }
            // Values of options that are not known stand here too.
            option if option.starts_with('-') => Holds::Some,
            _ => continue,
        };
        holds = holds.and(if not { one.not() } else { one });
        not = false;
    }
    Rule {
        holds,
        does,
        words: line.to_owned(),
    }
}

fn is(so: bool) -> Holds {
    if so { Holds::Yes } else { Holds::No }
}

/// `3389` or `3000:4000`.
fn covers(ports: &str, port: u16) -> bool {
    let number = |text: &str, default: u16| {
        if text.is_empty() {
            Some(default)
        } else {
            text.parse::<u16>().ok()
        }
    };
    match ports.split_once(':') {
        Some((from, to)) => match (number(from, 0), number(to, u16::MAX)) {
            (Some(from), Some(to)) => (from..=to).contains(&port),
            _ => false,
        },
        None => number(ports, 0) == Some(port),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Filtering::{Drops, Passes, Rejects};

    fn iptables(rules: &str, expect: Option<(Filtering, bool)>) {
        let verdict = Rules::of_iptables(rules, 3389).verdict();
        let got = verdict.as_ref().map(|verdict| (verdict.does, verdict.some));
        assert_eq!(got, expect, "{rules}\n{verdict:?}");
    }

    #[test]
    fn rules_of_iptables() {
        let with = |policy: &str, rules: &[&str]| {
            format!(
                "*filter\n:INPUT {policy} [0:0]\n:FORWARD ACCEPT [0:0]\n:mine - [0:0]\n{}\nCOMMIT\n",
                rules.join("\n")
            )
        };
        iptables(&with("ACCEPT", &[]), None);
        iptables(&with("DROP", &[]), Some((Drops, false)));
        iptables(
            &with("ACCEPT", &["-A INPUT -p tcp -m tcp --dport 3389 -j DROP"]),
            Some((Drops, false)),
        );
        iptables(
            &with("ACCEPT", &["-A INPUT -p tcp -m tcp --dport 22 -j DROP"]),
            Some((Passes, false)),
        );
        iptables(
            &with("ACCEPT", &["-A INPUT -p udp -m udp --dport 3389 -j DROP"]),
            Some((Passes, false)),
        );
        iptables(
            &with(
                "DROP",
                &[
                    "-A INPUT -i lo -j ACCEPT",
                    "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
                ],
            ),
            Some((Drops, false)),
        );
        iptables(
            &with(
                "DROP",
                &["-A INPUT -p tcp -m multiport --dports 22,3000:4000 -j ACCEPT"],
            ),
            Some((Passes, false)),
        );
        iptables(
            &with(
                "DROP",
                &["-A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 3389 -j ACCEPT"],
            ),
            Some((Drops, true)),
        );
        iptables(
            &with(
                "ACCEPT",
                &["-A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 3389 -j DROP"],
            ),
            Some((Drops, true)),
        );
        iptables(
            &with(
                "ACCEPT",
                &[
                    "-A INPUT -j mine",
                    "-A mine -p tcp -m comment --comment \"no remote desktop here\" -m tcp --dport 3389 -j REJECT --reject-with tcp-reset",
                ],
            ),
            Some((Rejects, false)),
        );
        iptables(
            &with(
                "DROP",
                &[
                    "-A INPUT -j mine",
                    "-A mine -p tcp -m tcp --dport 22 -j RETURN",
                    "-A mine -p tcp -j ACCEPT",
                ],
            ),
            Some((Passes, false)),
        );
        iptables(
            &with(
                "ACCEPT",
                &["-A INPUT ! -i lo -p tcp -m tcp --dport 3389 -j DROP"],
            ),
            Some((Drops, false)),
        );
        iptables(
            &with(
                "ACCEPT",
                &[
                    "-A INPUT -p tcp -m tcp --dport 3389 -m limit --limit 3/min -j ACCEPT",
                    "-A INPUT -p tcp -m tcp --dport 3389 -j DROP",
                ],
            ),
            Some((Drops, true)),
        );
    }

    fn nftables(json: &str, expect: Option<(Filtering, bool)>) {
        let document: Value = serde_json::from_str(json).unwrap();
        let verdict = Rules::of_nftables(&document, 3389, false).verdict();
        let got = verdict.as_ref().map(|verdict| (verdict.does, verdict.some));
        assert_eq!(got, expect, "{json}\n{verdict:?}");
    }

    fn table(policy: &str, rules: &[&str]) -> String {
        let rules: String = rules
            .iter()
            .map(|expr| format!(",{{\"rule\":{{\"family\":\"inet\",\"table\":\"filter\",\"chain\":\"input\",\"handle\":4,\"expr\":{expr}}}}}"))
            .collect();
        format!(
            "{{\"nftables\":[{{\"metainfo\":{{\"version\":\"1.0.6\"}}}},{{\"table\":{{\"family\":\"inet\",\"name\":\"filter\"}}}},\
             {{\"chain\":{{\"family\":\"inet\",\"table\":\"filter\",\"name\":\"input\",\"handle\":1,\"type\":\"filter\",\"hook\":\"input\",\"prio\":0,\"policy\":\"{policy}\"}}}},\
             {{\"chain\":{{\"family\":\"inet\",\"table\":\"filter\",\"name\":\"rdp\",\"handle\":2}}}},\
             {{\"rule\":{{\"family\":\"inet\",\"table\":\"filter\",\"chain\":\"rdp\",\"handle\":9,\"expr\":[{{\"reject\":{{\"type\":\"tcp reset\"}}}}]}}}}{rules}]}}"
        )
    }

    const PORT: &str = r#"{"match":{"op":"==","left":{"payload":{"protocol":"tcp","field":"dport"}},"right":3389}}"#;

    #[test]
    fn rules_of_nftables() {
        nftables("{\"nftables\":[]}", None);
        nftables(&table("accept", &[]), None);
        nftables(&table("drop", &[]), Some((Drops, false)));
        nftables(
            &table(
                "accept",
                &[&format!(
                    "[{PORT},{{\"counter\":{{\"packets\":1,\"bytes\":2}}}},{{\"drop\":null}}]"
                )],
            ),
            Some((Drops, false)),
        );
        nftables(
            &table(
                "accept",
                &[&format!("[{PORT},{{\"jump\":{{\"target\":\"rdp\"}}}}]")],
            ),
            Some((Rejects, false)),
        );
        nftables(
            &table(
                "accept",
                &[&format!(
                    "[{PORT},{{\"limit\":{{\"rate\":5,\"per\":\"second\",\"inv\":true}}}},{{\"drop\":null}}]"
                )],
            ),
            Some((Drops, true)),
        );
        let lo = r#"[{"match":{"op":"==","left":{"meta":{"key":"iifname"}},"right":"lo"}},{"accept":null}]"#;
        let known = r#"[{"match":{"op":"in","left":{"ct":{"key":"state"}},"right":["established","related"]}},{"accept":null}]"#;
        nftables(&table("drop", &[lo, known]), Some((Drops, false)));
        let set = r#"[{"match":{"op":"==","left":{"payload":{"protocol":"tcp","field":"dport"}},"right":{"set":[22,{"range":[3380,3390]}]}}},{"accept":null}]"#;
        nftables(&table("drop", &[lo, known, set]), Some((Passes, false)));
        let from = r#"{"match":{"op":"==","left":{"payload":{"protocol":"ip","field":"saddr"}},"right":"10.0.0.1"}}"#;
        nftables(
            &table("drop", &[&format!("[{from},{PORT},{{\"accept\":null}}]")]),
            Some((Drops, true)),
        );
        let map = r#"[{"vmap":{"key":{"payload":{"protocol":"tcp","field":"dport"}},"data":{"set":[[22,{"accept":null}],[3389,{"jump":{"target":"rdp"}}]]}}}]"#;
        nftables(&table("accept", &[map]), Some((Rejects, false)));
        let udp = r#"[{"match":{"op":"==","left":{"payload":{"protocol":"udp","field":"dport"}},"right":3389}},{"drop":null}]"#;
        nftables(&table("accept", &[udp]), Some((Passes, false)));
    }

    #[test]
    fn chains_in_circles_end() {
        let circle = "*filter\n:INPUT ACCEPT [0:0]\n:a - [0:0]\n-A INPUT -j a\n-A a -j a\n-A a -s 10.0.0.1/32 -j INPUT\nCOMMIT\n";
        iptables(circle, Some((Passes, false)));
        nftables(
            &table("drop", &[r#"[{"jump":{"target":"input"}}]"#]),
            Some((Drops, false)),
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_calm(text in "(\\*filter\n|:INPUT DROP\n|-A INPUT|( -[a-z]{1,6}| [A-Za-z0-9:,!\"]{0,8}){0,6}\n){0,20}") {
            let _ = Rules::of_iptables(&text, 3389).verdict();
        }
    }
}
