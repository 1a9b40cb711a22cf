//! Names of security protocols as scenarios spell them.

use model::codes::Protocols;

const WORDS: &[(&str, Protocols)] = &[
    ("rdp", Protocols::RDP),
    ("tls", Protocols::TLS),
    ("hybrid", Protocols::HYBRID),
    ("rdstls", Protocols::RDSTLS),
    ("hybrid-ex", Protocols::HYBRID_EX),
    ("rdsaad", Protocols::RDSAAD),
];

/// The set with these names in it.
pub fn protocols(words: &[&str]) -> Result<Protocols, String> {
    words.iter().try_fold(Protocols::RDP, |set, word| {
        WORDS
            .iter()
            .find(|(known, _)| known == word)
            .map(|(_, protocol)| set | *protocol)
            .ok_or_else(|| {
                let known: Vec<&str> = WORDS.iter().map(|(known, _)| *known).collect();
                format!(
                    "`{word}` is no security protocol; there are {}",
                    known.join(", ")
                )
            })
    })
}

/// The names in a set, joined by `+`.
pub fn spell(set: Protocols) -> String {
    if set == Protocols::RDP {
        return "rdp".to_owned();
    }
    let words: Vec<&str> = WORDS
        .iter()
        .filter(|(_, protocol)| *protocol != Protocols::RDP && set.has(*protocol))
        .map(|(word, _)| *word)
        .collect();
    words.join("+")
}
