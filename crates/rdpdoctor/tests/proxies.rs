//! Proxies that want to know who comes, on loopback: the doctor logs on to them and reaches the host behind, or says that
//! the logon was refused.

use lab::front::serve;
use lab::scenario;
use model::{ClientProfile, Evidence, Fact, HostName, Target};
use probe::hop::{Credentials, Proxy, ProxyKind, Secret};
use probe::{Case, Depth, Options};

use crate::gateways::{OPENED_AT, on_loopback};

/// What one look sees through a proxy of this scenario, with this password.
async fn seen(id: &str, password: &str) -> Evidence {
    let scenario = scenario::fronts().unwrap();
    let scenario = scenario.into_iter().find(|own| own.id == id).unwrap();
    let running = serve::serve(&scenario, on_loopback()).await.unwrap();
    let proxy = HostName::from("127.0.0.1");
    let target = Target {
        input: "pc-17.lab.test".to_owned(),
        host: HostName::from("pc-17.lab.test"),
        port: 3389,
        address: None,
        zone: None,
        gateway: None,
        proxy: Some(proxy.clone()),
        client: ClientProfile::default(),
    };
    let options = Options {
        proxy: Some(Proxy {
            kind: ProxyKind::Http,
            host: proxy,
            port: running.address.port(),
            credentials: Some(Credentials {
                user: "lab".to_owned(),
                password: Secret::new(password.to_owned()),
            }),
        }),
        ..Options::of(Depth::Quick)
    };
    let mut case = Case::open(target, options, OPENED_AT);
    case.run(|_| ()).await;
    case.evidence
}

/// The proxy's answers, and whether the host behind it was heard.
fn told(evidence: &Evidence) -> (Vec<Option<u16>>, bool) {
    let answers = evidence.seen.iter().filter_map(|seen| match &seen.fact {
        Fact::ProxyConnected { .. } => Some(None),
        Fact::ProxyRefused { answer, .. } => Some(Some(*answer)),
        _ => None,
    });
    let heard = evidence
        .seen
        .iter()
        .any(|seen| matches!(seen.fact, Fact::NegotiationChosen { .. }));
    (answers.collect(), heard)
}

#[test]
fn a_proxy_that_wants_a_logon_is_passed_with_the_right_password() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    for id in ["proxy/healthy-ntlm", "proxy/healthy-basic"] {
        let evidence = runtime.block_on(seen(id, "Passw0rd!"));
        assert_eq!(told(&evidence), (vec![None], true), "{id}: {evidence:?}");
        let evidence = runtime.block_on(seen(id, "wrong"));
        assert_eq!(
            told(&evidence),
            (vec![Some(407)], false),
            "{id}: {evidence:?}"
        );
    }
}
