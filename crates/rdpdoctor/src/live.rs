//! `rdpdoctor analyze --live`: listens to an interface while somebody reproduces the failure.

use intake::Findings;
use intake::capture::Filter;

use crate::cli::AnalyzeArguments;
use crate::failure::Failure;
use crate::progress::Progress;

/// Listens until the user ends it, or the time is over, and puts what was heard into the findings.
#[cfg(target_os = "linux")]
pub fn listen(
    interface: &str,
    arguments: &AnalyzeArguments,
    progress: &Progress,
    findings: &mut Findings,
) -> Result<(), Failure> {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    use intake::capture::{self, Reader};
    use model::UnixMicros;
    use probe::tap::{Refused, Tap};

    use crate::check::{interrupted, runtime};
    use crate::report::words::count;

    /// Packets come without the header of their link.
    const RAW_IP: u16 = 101;
    /// The largest packet, segments that the network card is to divide included.
    const LARGEST: usize = 256 * 1024;
    /// Packets that are still taken in when the listening ends.
    const MOST_WAITING: u32 = 100_000;
    /// How often it is seen whether anybody still listens.
    const LOOKS: Duration = Duration::from_millis(200);
    let filter = filter(arguments.filter.as_deref())?;
    let name = format!("what {interface} carried");
    let tap = Tap::open(interface).map_err(|refused| match refused {
        Refused::Forbidden => Failure::could_not_look(forbidden(interface, &filter)),
        Refused::Unknown(names) => Failure::usage(format!(
            "there is no interface {interface}; there are {}, and any for all of them",
            names.join(", ")
        )),
        Refused::Other(error) => {
            Failure::could_not_look(format!("cannot listen to {interface}: {error}"))
        }
    })?;
    let mut reader = Reader::default()
        .with_keys(findings.wishes.keys.clone())
        .with_server(findings.wishes.server)
        .with_filter(filter.clone());
    progress.on(&format!(
        "listening to {interface}; reproduce the failure, then press Ctrl-C"
    ));
    progress.show();
    let runtime = runtime()?;
    let over = AtomicBool::new(false);
    let heard = std::thread::scope(|scope| {
        let ear = scope.spawn(|| {
            let mut buffer = vec![0; LARGEST];
            let mut told = 0;
            let mut waiting = MOST_WAITING;
            loop {
                // What waits when the listening ends is part of the failure: its end.
                let ends = over.load(Ordering::Relaxed);
                let Some(length) = tap.packet(&mut buffer)? else {
                    if ends {
                        break;
                    }
                    continue;
                };
                waiting -= u32::from(ends);
                if waiting == 0 {
                    break;
                }
                let now = SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .map_or(0, |since| since.as_micros());
                let now = UnixMicros(i64::try_from(now).unwrap_or(i64::MAX));
                reader.heard(now, RAW_IP, buffer.get(..length).unwrap_or_default());
                let flows = reader.counts().flows;
                if flows != told {
                    told = flows;
                    progress.on(&format!(
                        "listening to {interface}: {} so far; Ctrl-C when it has failed",
                        count(
                            usize::try_from(flows).unwrap_or(usize::MAX),
                            "TCP connection"
                        )
                    ));
                }
            }
            Ok::<(), std::io::Error>(())
        });
        runtime.block_on(async {
            // An interface that went away ends the listening as well.
            let ended = async {
                while !ear.is_finished() {
                    tokio::time::sleep(LOOKS).await;
                }
            };
            let time = async {
                match arguments.duration {
                    Some(duration) => tokio::time::sleep(duration).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = interrupted() => {}
                () = ended => {}
                () = time => {}
            }
        });
        over.store(true, Ordering::Relaxed);
        ear.join()
    });
    match heard {
        Ok(Ok(())) => {}
        Ok(Err(error)) => findings.damaged(&name, "", format!("listening stopped: {error}")),
        Err(_) => findings.damaged(&name, "", "listening stopped"),
    }
    let capture = reader.finish(&name);
    let says = capture::take(&name, capture, findings);
    findings.files.push(intake::File {
        name,
        kind: Some("packet capture"),
        says,
    });
    Ok(())
}

/// Other systems record with their own tools.
#[cfg(not(target_os = "linux"))]
pub fn listen(
    interface: &str,
    arguments: &AnalyzeArguments,
    _: &Progress,
    _: &mut Findings,
) -> Result<(), Failure> {
    let filter = filter(arguments.filter.as_deref())?;
    Err(Failure::could_not_look(format!(
        "this system records with its own tools: {} (Windows: pktmon start --capture, then pktmon etl2pcap), then \
         rdpdoctor analyze rdp.pcap",
        tcpdump(interface, &filter)
    )))
}

/// What to do without the right to listen.
#[cfg(target_os = "linux")]
fn forbidden(interface: &str, filter: &Filter) -> String {
    format!(
        "this user may not listen to {interface}; run it with sudo, or give the program the right once (sudo setcap \
         cap_net_raw+ep $(command -v rdpdoctor)), or record and read: sudo {} ; rdpdoctor analyze rdp.pcap",
        tcpdump(interface, filter)
    )
}

/// The same recording with tcpdump.
fn tcpdump(interface: &str, filter: &Filter) -> String {
    let mut words = vec![format!("tcpdump -i {interface} -s 0 -w rdp.pcap")];
    let hosts = filter.hosts.iter().map(|host| format!("host {host}"));
    let ports = filter.ports.iter().map(|port| format!("port {port}"));
    words.push(hosts.chain(ports).collect::<Vec<_>>().join(" and "));
    words.join(" ").trim_end().to_owned()
}

/// Reads `host ADDRESS and port NUMBER`.
fn filter(text: Option<&str>) -> Result<Filter, Failure> {
    let mut filter = Filter::default();
    let wrong = || {
        Failure::usage(format!(
            "cannot read the filter {:?}; write host 10.0.0.7, port 3389, or both joined by and",
            text.unwrap_or_default()
        ))
    };
    let mut words = text.unwrap_or_default().split_whitespace();
    while let Some(word) = words.next() {
        match (word, words.next()) {
            ("host", Some(address)) => {
                filter.hosts.push(address.parse().map_err(|_| wrong())?);
            }
            ("port", Some(number)) => {
                filter.ports.push(number.parse().map_err(|_| wrong())?);
            }
            _ => return Err(wrong()),
        }
        match words.next() {
            None => break,
            Some("and") => {}
            Some(_) => return Err(wrong()),
        }
    }
    Ok(filter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_name_hosts_and_ports() {
        let both = filter(Some("host 10.0.0.7 and port 3389")).unwrap();
        assert_eq!(
            both.hosts,
            ["10.0.0.7".parse::<std::net::IpAddr>().unwrap()]
        );
        assert_eq!(both.ports, [3389]);
        assert_eq!(
            tcpdump("eth0", &both),
            "tcpdump -i eth0 -s 0 -w rdp.pcap host 10.0.0.7 and port 3389"
        );
        assert_eq!(filter(None).unwrap(), Filter::default());
        for wrong in ["host", "host x", "port 70000", "tcp", "port 1 or port 2"] {
            assert!(filter(Some(wrong)).is_err(), "{wrong}");
        }
    }
}
