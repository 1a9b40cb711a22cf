use model::{Trust, UnixSeconds};
use tls::trust::Store;

use crate::certificates::{Pair, ec, make};

const DAY_15: UnixSeconds = UnixSeconds(15 * 86_400);

fn check(trusted: &Pair, chain: &[&Pair], now: UnixSeconds, expect: Trust) {
    let store = Store::from_pem(&trusted.certificate.to_pem().unwrap()).unwrap();
    let chain: Vec<Vec<u8>> = chain
        .iter()
        .map(|pair| pair.certificate.to_der().unwrap())
        .collect();
    assert_eq!(store.judge(&chain, now).unwrap(), expect);
}

#[test]
fn a_chain_to_a_known_authority_is_trusted() {
    let root = make("root", ec(), None, (0, 30));
    let host = make("host", ec(), Some(&root), (10, 20));
    check(&root, &[&host], DAY_15, Trust::Trusted);
}

#[test]
fn dates_of_the_own_certificate_are_not_judged() {
    let root = make("root", ec(), None, (0, 30));
    let host = make("host", ec(), Some(&root), (10, 12));
    check(&root, &[&host], DAY_15, Trust::Trusted);
    let own = make("own", ec(), None, (10, 12));
    check(&root, &[&own], DAY_15, Trust::SelfSigned);
}

#[test]
fn dates_of_an_authority_are_judged() {
    let root = make("root", ec(), None, (0, 12));
    let host = make("host", ec(), Some(&root), (10, 20));
    check(
        &root,
        &[&host],
        DAY_15,
        Trust::Other("certificate has expired".to_owned()),
    );
}

#[test]
fn self_signed_is_told_from_unknown_issuer() {
    let root = make("root", ec(), None, (0, 30));
    let other = make("other", ec(), None, (0, 30));
    let host = make("host", ec(), Some(&other), (10, 20));
    check(&root, &[&other], DAY_15, Trust::SelfSigned);
    check(&root, &[&host], DAY_15, Trust::UnknownIssuer);
    check(&root, &[&host, &other], DAY_15, Trust::UnknownIssuer);
    check(&other, &[&other], DAY_15, Trust::Trusted);
}

#[test]
fn nothing_and_garbage_are_our_errors() {
    let root = make("root", ec(), None, (0, 30));
    let store = Store::from_pem(&root.certificate.to_pem().unwrap()).unwrap();
    assert!(store.judge(&[], DAY_15).is_err());
    assert!(store.judge(&[b"garbage".to_vec()], DAY_15).is_err());
}

#[test]
fn named_authorities_are_trusted_beside_those_of_this_machine() {
    let root = make("root", ec(), None, (0, 30));
    let host = make("host", ec(), Some(&root), (10, 20));
    let chain = [host.certificate.to_der().unwrap()];
    let pem = root.certificate.to_pem().unwrap();
    assert_eq!(
        tls::trust::judge(&chain, DAY_15, Some(&pem)).unwrap(),
        Trust::Trusted
    );
    assert!(tls::trust::check(&pem).is_ok());
    for nothing in [&b""[..], b"no certificate"] {
        assert!(tls::trust::check(nothing).is_err());
    }
}
