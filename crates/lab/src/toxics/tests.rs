use super::*;

fn lane(toxics: &[Toxic]) -> Lane {
    Lane::new(
        toxics,
        Way::ToClient,
        Micros::from_millis(10),
        Micros::ZERO,
        Chance::of(1),
    )
}

fn all(lane: &mut Lane) -> Vec<(Micros, Piece)> {
    let mut pieces = Vec::new();
    while let Some(due) = lane.due() {
        pieces.push((due, lane.give(due).unwrap()));
    }
    pieces
}

fn bytes(pieces: &[(Micros, Piece)]) -> Vec<u8> {
    pieces
        .iter()
        .flat_map(|(_, piece)| match piece {
            Piece::Bytes(bytes) => bytes.clone(),
            _ => Vec::new(),
        })
        .collect()
}

#[test]
fn a_clean_lane_takes_half_a_round_trip() {
    let mut lane = lane(&[]);
    lane.take(Micros::ZERO, Piece::Bytes(b"hello".to_vec()));
    assert!(lane.give(Micros::from_millis(9)).is_none());
    assert_eq!(
        lane.give(Micros::from_millis(10)),
        Some(Piece::Bytes(b"hello".to_vec()))
    );
}

#[test]
fn jitter_keeps_the_order() {
    let mut lane = Lane::new(
        &[],
        Way::ToClient,
        Micros::ZERO,
        Micros::from_millis(50),
        Chance::of(7),
    );
    for number in 0..100 {
        lane.take(Micros::ZERO, Piece::Bytes(vec![number]));
    }
    let pieces = all(&mut lane);
    assert_eq!(bytes(&pieces), (0..100).collect::<Vec<u8>>());
    assert!(pieces.windows(2).all(|two| two[0].0 <= two[1].0));
}

#[test]
fn the_other_way_is_untouched() {
    let toxic = Toxic::Stall(Stall {
        way: Way::ToServer,
        after_bytes: 0,
    });
    let mut lane = lane(&[toxic]);
    lane.take(Micros::ZERO, Piece::Bytes(b"hello".to_vec()));
    assert_eq!(bytes(&all(&mut lane)), b"hello");
}

#[test]
fn limits_hold_in_any_split() {
    for size in 1..=10 {
        let run = |toxic: Toxic| {
            let mut lane = lane(&[toxic]);
            for part in b"0123456789".chunks(size) {
                lane.take(Micros::ZERO, Piece::Bytes(part.to_vec()));
            }
            lane.take(Micros::ZERO, Piece::Closed);
            let pieces = all(&mut lane);
            let ends: Vec<Piece> = pieces
                .iter()
                .map(|(_, piece)| piece.clone())
                .filter(|piece| !matches!(piece, Piece::Bytes(_)))
                .collect();
            (bytes(&pieces), ends)
        };
        let way = Way::ToClient;
        let reset = run(Toxic::Reset(Reset {
            way,
            after_bytes: 7,
        }));
        assert_eq!(reset, (b"0123456".to_vec(), vec![Piece::Reset]));
        let stall = run(Toxic::Stall(Stall {
            way,
            after_bytes: 7,
        }));
        assert_eq!(stall, (b"0123456".to_vec(), vec![]));
        let close = run(Toxic::Close(Close {
            way,
            after_bytes: 7,
        }));
        assert_eq!(close, (b"0123456".to_vec(), vec![Piece::Closed]));
        let corrupt = run(Toxic::Corrupt(Corrupt {
            way,
            at_byte: 3,
            flip: 0x01,
        }));
        assert_eq!(corrupt, (b"0122456789".to_vec(), vec![Piece::Closed]));
        let drip = run(Toxic::Drip(Drip {
            way,
            bytes: 2,
            ms: 5,
        }));
        assert_eq!(drip, (b"0123456789".to_vec(), vec![Piece::Closed]));
        let rate = run(Toxic::Rate(Rate {
            way,
            bytes_per_second: 1000,
        }));
        assert_eq!(rate, (b"0123456789".to_vec(), vec![Piece::Closed]));
        let delay = run(Toxic::Delay(Delay {
            way,
            ms: 100,
            after_bytes: 4,
        }));
        assert_eq!(delay, (b"0123456789".to_vec(), vec![Piece::Closed]));
    }
}

#[test]
fn nothing_follows_a_swallowed_segment() {
    let mut lane = lane(&[Toxic::Swallow(Swallow {
        way: Way::ToClient,
        over_bytes: 4,
    })]);
    lane.take(Micros::ZERO, Piece::Bytes(b"1234".to_vec()));
    lane.take(Micros::ZERO, Piece::Bytes(b"12345".to_vec()));
    lane.take(Micros::ZERO, Piece::Bytes(b"1".to_vec()));
    lane.take(Micros::ZERO, Piece::Reset);
    let pieces: Vec<Piece> = all(&mut lane).into_iter().map(|(_, piece)| piece).collect();
    assert_eq!(pieces, [Piece::Bytes(b"1234".to_vec()), Piece::Reset]);
}

#[test]
fn the_list_names_every_kind() {
    for entry in TOXICS {
        let fields = match entry.name {
            "close" | "reset" | "stall" => "after_bytes = 1",
            "corrupt" => "at_byte = 1",
            "delay" => "ms = 1",
            "rate" => "bytes_per_second = 1",
            "swallow" => "over_bytes = 1",
            _ => "",
        };
        let text = format!("kind = {:?}\n{fields}", entry.name);
        toml::from_str::<Toxic>(&text).unwrap_or_else(|error| panic!("{}: {error}", entry.name));
    }
    let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/toxics")).unwrap();
    let mut files: Vec<String> = folder
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter_map(|file| file.strip_suffix(".rs").map(str::to_owned))
        .filter(|file| file != "mod" && file != "tests")
        .collect();
    files.sort();
    assert_eq!(
        files,
        TOXICS.iter().map(|entry| entry.name).collect::<Vec<_>>()
    );
}

#[test]
fn unknown_keys_are_refused() {
    let error = toml::from_str::<Toxic>("kind = \"delay\"\nms = 3\nmilliseconds = 4").unwrap_err();
    assert!(error.to_string().contains("milliseconds"), "{error}");
}
