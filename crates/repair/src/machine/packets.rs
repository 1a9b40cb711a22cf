//! Rules of Linux's packet filter: rules of ours are told by their comment, and only they are taken away.

use model::plan::{PacketFilter, PacketRule};
use serde_json::Value as Json;

use super::tool;
use crate::error::Error;

/// The table of our own in which segments are kept small.
const TABLE: &str = "rdpdoctor";

/// The rule stands.
pub(super) fn stands(filter: PacketFilter, rule: PacketRule) -> Result<bool, Error> {
    match (in_use(filter)?, rule) {
        (PacketFilter::Nftables, PacketRule::Accept { .. }) => {
            let chains = input_chains(&ruleset()?);
            Ok(!chains.is_empty() && chains.iter().all(|chain| ours(chain, rule).is_some()))
        }
        (PacketFilter::Nftables, PacketRule::ClampSegments) => Ok(ruleset()?
            .iter()
            .any(|item| item.get("table").and_then(|table| text(table, "name")) == Some(TABLE))),
        (PacketFilter::Ufw, PacketRule::Accept { .. }) => {
            let added = tool::run("ufw", &["show", "added"], "read the rules of ufw")?;
            let wanted = format!("ufw allow {}", port_slash(rule));
            Ok(added.lines().any(|line| {
                line.strip_prefix(&wanted)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
            }))
        }
        (PacketFilter::Firewalld, PacketRule::Accept { .. }) => {
            let asked = tool::ask(
                "firewall-cmd",
                &[&format!("--query-port={}", port_slash(rule))],
                "ask firewalld",
            )?;
            Ok(asked.status.success())
        }
        (_, rule) => Ok(tool::ask(
            "iptables",
            &with(&["-w", "-C"], &iptables(rule)),
            "read the rules of iptables",
        )?
        .status
        .success()),
    }
}

/// Puts the rule before all others, or takes it away.
pub(super) fn set(filter: PacketFilter, rule: PacketRule, on: bool) -> Result<(), Error> {
    let doing = match (on, rule) {
        (true, PacketRule::Accept { .. }) => format!("let {} in", port_slash(rule)),
        (false, PacketRule::Accept { .. }) => {
            format!("take back the rule for {}", port_slash(rule))
        }
        (_, PacketRule::ClampSegments) => "change how large segments may be".to_owned(),
    };
    match (in_use(filter)?, rule) {
        (PacketFilter::Nftables, PacketRule::Accept { transport, port }) => {
            let chains = input_chains(&ruleset()?);
            if on && chains.is_empty() {
                return Err(Error::Action {
                    doing,
                    says: "nftables has no chain that filters what comes in".to_owned(),
                });
            }
            for chain in &chains {
                match (ours(chain, rule), on) {
                    (None, true) => {
                        let words = [
                            "insert",
                            "rule",
                            &chain.family,
                            &chain.table,
                            &chain.name,
                            transport.small(),
                            "dport",
                            &port.to_string(),
                            "counter",
                            "accept",
                            "comment",
                            &format!("\"{}\"", comment(rule)),
                        ]
                        .map(ToOwned::to_owned);
                        tool::run("nft", &refs(&words), &doing)?;
                    }
                    (Some(handle), false) => {
                        let words = [
                            "delete",
                            "rule",
                            &chain.family,
                            &chain.table,
                            &chain.name,
                            "handle",
                            &handle.to_string(),
                        ]
                        .map(ToOwned::to_owned);
                        tool::run("nft", &refs(&words), &doing)?;
                    }
                    _ => {}
                }
            }
            Ok(())
        }
        (PacketFilter::Nftables, PacketRule::ClampSegments) => {
            if stands(PacketFilter::Nftables, rule)? == on {
                return Ok(());
            }
            let order = if on {
                format!(
                    "add table inet {TABLE}; \
                     add chain inet {TABLE} clamp {{ type filter hook postrouting priority mangle; }}; \
                     add rule inet {TABLE} clamp tcp flags syn / syn,rst tcp option maxseg size set rt mtu"
                )
            } else {
                format!("delete table inet {TABLE}")
            };
            tool::run("nft", &[&order], &doing).map(drop)
        }
        (PacketFilter::Ufw, PacketRule::Accept { .. }) => {
            let port = port_slash(rule);
            if !on {
                return tool::run("ufw", &["delete", "allow", &port], &doing).map(drop);
            }
            // ufw keeps one rule for a port: to allow it would replace this one, and an undo could not bring
            // it back to its place.
            let added = tool::run("ufw", &["show", "added"], &doing)?;
            if let Some(own) = denied_by_ufw(&added, &port) {
                return Err(Error::Action {
                    doing,
                    says: format!(
                        "ufw has a rule of yours against it, which is yours to take away: ufw delete {own}"
                    ),
                });
            }
            tool::run("ufw", &["prepend", "allow", &port], &doing).map(drop)
        }
        (PacketFilter::Firewalld, PacketRule::Accept { .. }) => {
            let port = port_slash(rule);
            let change = format!("--{}-port={port}", if on { "add" } else { "remove" });
            tool::run("firewall-cmd", &[&change], &doing)?;
            tool::run("firewall-cmd", &["--permanent", &change], &doing).map(drop)
        }
        (_, rule) => {
            let words = iptables(rule);
            let is_ipv6 =
                tool::installed("ip6tables") && std::path::Path::new("/proc/net/if_inet6").exists();
            let programs: &[&str] = if is_ipv6 {
                &["iptables", "ip6tables"]
            } else {
                &["iptables"]
            };
            for program in programs {
                let there = tool::ask(program, &with(&["-w", "-C"], &words), &doing)?
                    .status
                    .success();
                if there != on {
                    let verb: &[&str] = if on { &["-w", "-I"] } else { &["-w", "-D"] };
                    tool::run(program, &with(verb, &words), &doing)?;
                }
            }
            Ok(())
        }
    }
}

/// The rule of ufw that is against this very port, in the words that take it away.
fn denied_by_ufw(added: &str, port: &str) -> Option<String> {
    added.lines().find_map(|line| {
        let rule = line.strip_prefix("ufw ")?;
        let against = ["deny ", "reject ", "limit "];
        let named = against.iter().find_map(|kind| rule.strip_prefix(kind))?;
        (named == port || named.strip_prefix(port)?.starts_with(' ')).then(|| rule.to_owned())
    })
}

/// The program that keeps the rules here.
fn in_use(filter: PacketFilter) -> Result<PacketFilter, Error> {
    if filter != PacketFilter::InUse {
        return Ok(filter);
    }
    let doing = "find the packet filter in use";
    let says = |program: &str, words: &[&str], wanted: &str| {
        tool::installed(program)
            && tool::ask(program, words, doing)
                .is_ok_and(|said| said.status.success() && said.out.contains(wanted))
    };
    if says("firewall-cmd", &["--state"], "running") {
        Ok(PacketFilter::Firewalld)
    } else if says("ufw", &["status"], "Status: active") {
        Ok(PacketFilter::Ufw)
    } else if tool::installed("nft") && !(tool::installed("iptables") && left_to_iptables()?) {
        Ok(PacketFilter::Nftables)
    } else if tool::installed("iptables") {
        Ok(PacketFilter::Iptables)
    } else {
        Err(Error::Action {
            doing: doing.to_owned(),
            says: "neither firewalld, ufw, nftables nor iptables is there".to_owned(),
        })
    }
}

/// Nothing filters what comes in but the chains that iptables keeps, which nft must not touch.
fn left_to_iptables() -> Result<bool, Error> {
    Ok(input_chains(&ruleset()?)
        .iter()
        .all(|chain| chain.family != "inet" && chain.table == "filter" && chain.name == "INPUT"))
}

/// A chain of nftables that filters what comes in, with its rules.
struct Chain {
    family: String,
    table: String,
    name: String,
    /// The comment and the handle of each rule that has both.
    rules: Vec<(String, u64)>,
}

fn ruleset() -> Result<Vec<Json>, Error> {
    let doing = "read the rules of nftables";
    let shown = tool::run("nft", &["--json", "list", "ruleset"], doing)?;
    let shown: Json = serde_json::from_str(&shown).map_err(|error| Error::Action {
        doing: doing.to_owned(),
        says: error.to_string(),
    })?;
    Ok(shown
        .get("nftables")
        .and_then(Json::as_array)
        .cloned()
        .unwrap_or_default())
}

fn input_chains(ruleset: &[Json]) -> Vec<Chain> {
    let own = |item: &Json, field: &str| text(item, field).unwrap_or_default().to_owned();
    let mut chains: Vec<Chain> = ruleset
        .iter()
        .filter_map(|item| item.get("chain"))
        .filter(|chain| {
            text(chain, "hook") == Some("input")
                && text(chain, "type") == Some("filter")
                && matches!(text(chain, "family"), Some("inet" | "ip" | "ip6"))
        })
        .map(|chain| Chain {
            family: own(chain, "family"),
            table: own(chain, "table"),
            name: own(chain, "name"),
            rules: Vec::new(),
        })
        .collect();
    for rule in ruleset.iter().filter_map(|item| item.get("rule")) {
        let (Some(comment), Some(handle)) = (
            text(rule, "comment"),
            rule.get("handle").and_then(Json::as_u64),
        ) else {
            continue;
        };
        for chain in &mut chains {
            if text(rule, "family") == Some(&chain.family)
                && text(rule, "table") == Some(&chain.table)
                && text(rule, "chain") == Some(&chain.name)
            {
                chain.rules.push((comment.to_owned(), handle));
            }
        }
    }
    chains
}

/// The handle of our rule in a chain.
fn ours(chain: &Chain, rule: PacketRule) -> Option<u64> {
    let wanted = comment(rule);
    chain
        .rules
        .iter()
        .find(|(comment, _)| *comment == wanted)
        .map(|(_, handle)| *handle)
}

fn comment(rule: PacketRule) -> String {
    match rule {
        PacketRule::Accept { transport, port } => format!("rdpdoctor {} {port}", transport.small()),
        PacketRule::ClampSegments => "rdpdoctor segments".to_owned(),
    }
}

fn port_slash(rule: PacketRule) -> String {
    match rule {
        PacketRule::Accept { transport, port } => format!("{port}/{}", transport.small()),
        PacketRule::ClampSegments => String::new(),
    }
}

/// The rule in the words of iptables, after the verb.
fn iptables(rule: PacketRule) -> Vec<String> {
    let words: Vec<&str> = match rule {
        PacketRule::Accept { .. } => vec!["INPUT"],
        PacketRule::ClampSegments => vec!["POSTROUTING", "-t", "mangle"],
    };
    let mut words: Vec<String> = words.into_iter().map(ToOwned::to_owned).collect();
    let rest: Vec<String> = match rule {
        PacketRule::Accept { transport, port } => {
            let port = port.to_string();
            ["-p", transport.small(), "--dport", &port]
                .map(ToOwned::to_owned)
                .to_vec()
        }
        PacketRule::ClampSegments => ["-p", "tcp", "--tcp-flags", "SYN,RST", "SYN"]
            .map(ToOwned::to_owned)
            .to_vec(),
    };
    words.extend(rest);
    words.extend(["-m", "comment", "--comment"].map(ToOwned::to_owned));
    words.push(comment(rule));
    let target: &[&str] = match rule {
        PacketRule::Accept { .. } => &["-j", "ACCEPT"],
        PacketRule::ClampSegments => &["-j", "TCPMSS", "--clamp-mss-to-pmtu"],
    };
    words.extend(target.iter().map(|&word| word.to_owned()));
    words
}

fn with<'w>(first: &[&'w str], rest: &'w [String]) -> Vec<&'w str> {
    first
        .iter()
        .copied()
        .chain(rest.iter().map(String::as_str))
        .collect()
}

fn refs(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

fn text<'j>(item: &'j Json, field: &str) -> Option<&'j str> {
    item.get(field).and_then(Json::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_of_ufw_against_a_port_is_found() {
        let added = "Added user rules (see 'ufw status' for running firewall):\n\
            ufw deny from 10.0.0.0/8 to any port 3389 proto tcp\n\
            ufw deny 33890/tcp\nufw allow 3390/tcp\nufw reject 3389/tcp comment 'no'\n";
        let found = |port| denied_by_ufw(added, port);
        assert_eq!(
            found("3389/tcp").as_deref(),
            Some("reject 3389/tcp comment 'no'")
        );
        assert_eq!(found("3390/tcp"), None);
        assert_eq!(found("3389/udp"), None);
    }
    use model::plan::Transport;

    const RULE: PacketRule = PacketRule::Accept {
        transport: Transport::Tcp,
        port: 3389,
    };

    #[test]
    fn only_rules_of_ours_in_chains_that_filter_input_count() {
        let shown: Json = serde_json::from_str(
            r#"[{"metainfo":{}},
            {"chain":{"family":"inet","table":"f","name":"in","handle":1,"type":"filter","hook":"input","prio":0}},
            {"chain":{"family":"inet","table":"f","name":"out","handle":2,"type":"filter","hook":"output","prio":0}},
            {"chain":{"family":"ip","table":"nat","name":"pre","handle":2,"type":"nat","hook":"input","prio":0}},
            {"chain":{"family":"ip","table":"f","name":"user","handle":3}},
            {"rule":{"family":"inet","table":"f","chain":"in","handle":7,"comment":"theirs"}},
            {"rule":{"family":"inet","table":"f","chain":"in","handle":9,"comment":"rdpdoctor tcp 3389"}},
            {"rule":{"family":"inet","table":"f","chain":"out","handle":9,"comment":"rdpdoctor tcp 3389"}}]"#,
        )
        .unwrap();
        let chains = input_chains(shown.as_array().unwrap());
        assert_eq!(chains.len(), 1);
        assert_eq!(ours(&chains[0], RULE), Some(9));
    }

    #[test]
    fn the_rule_in_the_words_of_iptables() {
        assert_eq!(
            iptables(RULE).join(" "),
            "INPUT -p tcp --dport 3389 -m comment --comment rdpdoctor tcp 3389 -j ACCEPT"
        );
    }
}
