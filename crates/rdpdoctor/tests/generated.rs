//! Files that are made from the code are what the code makes.

use std::path::Path;

use rdpdoctor::report::schema::report_schema;
use serde_json::Value;

#[test]
fn generated_files_are_fresh() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for (path, contents) in rdpdoctor::generate::files() {
        let found = std::fs::read_to_string(root.join(&path)).unwrap_or_default();
        assert!(found == contents, "{path} is stale: run `cargo xtask gen`");
    }
}

/// Says where a value is not what the schema allows; knows the words of JSON Schema that ours uses.
fn misfits(schema: &Value, root: &Value, value: &Value, place: &str) -> Vec<String> {
    let mut found = Vec::new();
    let Value::Object(words) = schema else {
        return found;
    };
    for (word, rule) in words {
        match (word.as_str(), rule) {
            ("$ref", Value::String(path)) => {
                let target = root.pointer(path.trim_start_matches('#')).unwrap();
                found.extend(misfits(target, root, value, place));
            }
            ("type", Value::String(name)) if !is(value, name) => {
                found.push(format!("{place}: not of the type {name}"));
            }
            ("type", Value::Array(names))
                if !names.iter().any(|name| is(value, name.as_str().unwrap())) =>
            {
                found.push(format!("{place}: of none of the types {names:?}"));
            }
            ("enum", Value::Array(allowed)) if !allowed.contains(value) => {
                found.push(format!("{place}: {value} is none of {allowed:?}"));
            }
            ("const", only) if only != value => found.push(format!("{place}: not {only}")),
            ("anyOf" | "oneOf", Value::Array(either)) => {
                if !either
                    .iter()
                    .any(|one| misfits(one, root, value, place).is_empty())
                {
                    found.push(format!("{place}: fits nothing of {either:?}"));
                }
            }
            ("required", Value::Array(names)) => {
                let missing = |name: &&Value| value.get(name.as_str().unwrap()).is_none();
                found.extend(
                    names
                        .iter()
                        .filter(missing)
                        .map(|name| format!("{place}: lacks {name}")),
                );
            }
            ("properties", Value::Object(known)) => {
                for (name, inner) in value.as_object().into_iter().flatten() {
                    match known.get(name) {
                        Some(schema) => {
                            found.extend(misfits(schema, root, inner, &format!("{place}/{name}")))
                        }
                        None => found.push(format!("{place}: {name} is not in the schema")),
                    }
                }
            }
            ("items", items) => {
                for (index, inner) in value.as_array().into_iter().flatten().enumerate() {
                    found.extend(misfits(items, root, inner, &format!("{place}/{index}")));
                }
            }
            ("minimum", least) if value.as_f64() < least.as_f64() => {
                found.push(format!("{place}: below {least}"));
            }
            (
                "type" | "enum" | "const" | "minimum" | "maximum" | "description" | "title"
                | "format" | "$schema" | "$defs" | "default",
                _,
            ) => {}
            (other, _) => found.push(format!(
                "{place}: the schema says {other}, which this test does not know"
            )),
        }
    }
    found
}

fn is(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

#[test]
fn reports_fit_their_schema() {
    let schema: Value = serde_json::from_str(&report_schema()).unwrap();
    for (name, report) in crate::report::cases() {
        let value = serde_json::to_value(&report).unwrap();
        assert_eq!(
            misfits(&schema, &schema, &value, name),
            Vec::<String>::new()
        );
    }
    // The test can fail.
    let mut wrong = serde_json::to_value(&crate::report::cases().remove(0).1).unwrap();
    *wrong.pointer_mut("/findings/0/side").unwrap() = "moon".into();
    *wrong.pointer_mut("/target").unwrap() = Value::Null;
    wrong.as_object_mut().unwrap().remove("outcome");
    let found = misfits(&schema, &schema, &wrong, "").join("\n");
    for place in ["/findings/0/side: ", "/target: ", ": lacks \"outcome\""] {
        assert!(found.contains(place), "{found}");
    }
}
