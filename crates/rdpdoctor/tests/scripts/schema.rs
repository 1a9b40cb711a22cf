//! Every plan that can be drafted, and every receipt, is as the schemas say.

use rdpdoctor::fix_command::schema::plan_schema;
use serde_json::Value;

use super::plans;

/// What of the value the schema does not allow; the part of JSON Schema that the generated schemas use.
fn offence(root: &Value, schema: &Value, value: &Value) -> Option<String> {
    if let Some(path) = schema.get("$ref").and_then(Value::as_str) {
        let name = path.strip_prefix("#/$defs/")?;
        let Some(definition) = root.get("$defs").and_then(|all| all.get(name)) else {
            return Some(format!("no {path}"));
        };
        if let Some(offence) = offence(root, definition, value) {
            return Some(offence);
        }
    }
    for word in ["oneOf", "anyOf"] {
        if let Some(choices) = schema.get(word).and_then(Value::as_array) {
            let fits = choices
                .iter()
                .filter(|choice| offence(root, choice, value).is_none())
                .count();
            if fits == 0 || (word == "oneOf" && fits > 1) {
                return Some(format!("{value} fits {fits} of {word}"));
            }
        }
    }
    if let Some(wanted) = schema.get("const")
        && wanted != value
    {
        return Some(format!("{value} is not {wanted}"));
    }
    if let Some(words) = schema.get("enum").and_then(Value::as_array)
        && !words.contains(value)
    {
        return Some(format!("{value} is none of {words:?}"));
    }
    let is = |kind: &str| match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    };
    let fits = match schema.get("type") {
        Some(Value::String(kind)) => is(kind),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(is),
        _ => true,
    };
    if !fits {
        return Some(format!("{value} is no {}", schema.get("type")?));
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    if let Some(object) = value.as_object() {
        for name in schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            if !object.contains_key(name.as_str()?) {
                return Some(format!("{value} lacks {name}"));
            }
        }
        for (name, inner) in object {
            match properties.and_then(|all| all.get(name)) {
                Some(property) => {
                    if let Some(offence) = offence(root, property, inner) {
                        return Some(format!("{name}: {offence}"));
                    }
                }
                None if properties.is_some() => return Some(format!("{name} is not known")),
                None => {}
            }
        }
    }
    if let Some(items) = schema.get("items") {
        return value
            .as_array()
            .into_iter()
            .flatten()
            .find_map(|item| offence(root, items, item));
    }
    None
}

#[test]
fn every_plan_is_as_its_schema_says() {
    let schema: Value = serde_json::from_str(&plan_schema()).unwrap();
    let mut held = 0;
    for (_, plan) in plans("srv01") {
        let value = serde_json::to_value(&plan).unwrap();
        assert_eq!(offence(&schema, &schema, &value), None, "{}", plan.remedy);
        // What is written is read again.
        assert_eq!(
            serde_json::from_value::<model::plan::Plan>(value).unwrap(),
            plan
        );
        held += 1;
    }
    assert!(held > 150, "{held}");
    // The schema is not one that everything fits.
    let mut wrong = serde_json::to_value(&plans("srv01").first().unwrap().1).unwrap();
    wrong["steps"][0]["step"] = serde_json::json!({ "set": { "key": { "registry": { "hive": "moon", "path": "a", "name": "b" } }, "to": "absent" } });
    assert!(offence(&schema, &schema, &wrong).is_some());
}
