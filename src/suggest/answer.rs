//! What a model sent back, read as hostile text.

use serde_json::Value;

use super::words::REFUSALS;

/// The largest answer that is read, in bytes.
pub const ANSWER_BYTES_MAX: usize = 1 << 20;

/// The most wordings of one answer that are looked at; a model that sends more has not understood the task.
pub const WORDINGS_MAX: usize = 64;

/// How many places of the text a JSON object is looked for at.
const STARTS_MAX: usize = 64;

/// Why an answer holds no wordings.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// Larger than [`ANSWER_BYTES_MAX`].
    #[error("the answer has more than {ANSWER_BYTES_MAX} bytes")]
    TooLarge,
    /// Not a chat completion.
    #[error("the answer is not a chat completion")]
    NotCompletion,
    /// Nothing was said.
    #[error("the answer is empty")]
    Empty,
    /// The model or its operator declined.
    #[error("the model refused")]
    Refused,
    /// It broke off before its end; what is there is not used.
    #[error("the answer breaks off")]
    Truncated,
    /// No object with a list of texts named "variants".
    #[error("the answer is not the JSON that was asked for")]
    Malformed,
}

impl AnswerError {
    /// The name used in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::NotCompletion => "not_a_completion",
            Self::Empty => "empty",
            Self::Refused => "refused",
            Self::Truncated => "truncated",
            Self::Malformed => "malformed",
        }
    }
}

/// The wordings in the body of a chat completion response.
///
/// Code fences, prose around the object and a model's thoughts before it are passed over; an object that is not
/// complete is not used. Of everything in the body only the first choice is looked at.
pub fn read(body: &[u8]) -> Result<Vec<String>, AnswerError> {
    if body.len() > ANSWER_BYTES_MAX {
        return Err(AnswerError::TooLarge);
    }
    // serde_json refuses deep nesting itself.
    let body: Value = serde_json::from_slice(body).map_err(|_| AnswerError::NotCompletion)?;
    let choice = body.get("choices").and_then(|choices| choices.get(0)).ok_or(AnswerError::NotCompletion)?;
    let finish = choice.get("finish_reason").and_then(Value::as_str).unwrap_or_default();
    let message = choice.get("message").ok_or(AnswerError::NotCompletion)?;
    let refused = message.get("refusal").and_then(Value::as_str).is_some_and(|words| !words.is_empty());
    if refused || finish == "content_filter" {
        return Err(AnswerError::Refused);
    }
    let text = content(message);
    match wordings(&text) {
        Err(_) if finish == "length" => Err(AnswerError::Truncated),
        other => other,
    }
}

/// The text of a message: a string, or the text parts of a list.
fn content(message: &Value) -> String {
    match message.get("content") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => {
            parts.iter().filter_map(|part| part.get("text").and_then(Value::as_str)).collect()
        }
        _ => String::new(),
    }
}

/// The wordings in a model's own text.
fn wordings(text: &str) -> Result<Vec<String>, AnswerError> {
    // Some models think aloud first, and what they think of is not what they answer.
    let text = text.rfind("</think>").map_or(text, |at| &text[at + "</think>".len()..]).trim();
    if text.is_empty() {
        return Err(AnswerError::Empty);
    }
    let mut broken = false;
    let mut from = 0;
    for _ in 0..STARTS_MAX {
        let Some(start) = text[from..].find('{').map(|at| from + at) else { break };
        let mut objects = serde_json::Deserializer::from_str(&text[start..]).into_iter::<Value>();
        from = start + 1;
        match objects.next() {
            Some(Ok(value)) => {
                if let Some(variants) = value.get("variants") {
                    return strings(variants).ok_or(AnswerError::Malformed);
                }
                from = start + objects.byte_offset().max(1);
            }
            Some(Err(error)) => broken |= error.is_eof(),
            None => {}
        }
    }
    let plain = text.to_lowercase().replace('\u{2019}', "'");
    if broken {
        Err(AnswerError::Truncated)
    } else if REFUSALS.iter().any(|phrase| plain.contains(phrase)) {
        Err(AnswerError::Refused)
    } else {
        Err(AnswerError::Malformed)
    }
}

fn strings(variants: &Value) -> Option<Vec<String>> {
    variants
        .as_array()?
        .iter()
        .take(WORDINGS_MAX)
        .map(|variant| variant.as_str().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn answer(content: impl Into<Value>, finish: &str) -> Result<Vec<String>, AnswerError> {
        let content: Value = content.into();
        let body = json!({"choices": [{"message": {"role": "assistant", "content": content}, "finish_reason": finish}]});
        read(body.to_string().as_bytes())
    }

    #[test]
    fn reads_what_was_asked_for_and_what_stands_around_it() {
        let two = Ok(vec!["One.".to_owned(), "Two.".to_owned()]);
        for text in [
            r#"{"variants": ["One.", "Two."]}"#,
            "```json\n{\"variants\": [\"One.\", \"Two.\"]}\n```",
            "Sure, here are two for {you}:\n\n{\"variants\":[\"One.\",\"Two.\"]} I hope they help.",
            "<think>{\"variants\": [\"no\"]}</think>{\"variants\": [\"One.\", \"Two.\"]}",
            r#"{"note": {"deep": 1}} {"variants": ["One.", "Two."], "more": true}"#,
        ] {
            assert_eq!(answer(text, "stop"), two, "{text}");
            // A server that says so although the object is whole.
            assert_eq!(answer(text, "length"), two, "{text}");
        }
        let parts = json!([{"type": "text", "text": "{\"variants\": [\"One.\","}, {"text": "\"Two.\"]}"}]);
        assert_eq!(answer(parts, "stop"), two);
    }

    #[test]
    fn uses_nothing_that_is_half() {
        assert_eq!(answer(r#"{"variants": ["One.", "Tw"#, "length"), Err(AnswerError::Truncated));
        assert_eq!(answer(r#"{"variants": ["One.", "Tw"#, "stop"), Err(AnswerError::Truncated));
        assert_eq!(answer(r#"{"variants": ["One.", 2]}"#, "stop"), Err(AnswerError::Malformed));
        assert_eq!(answer(r#"{"variants": {"a": "One."}}"#, "stop"), Err(AnswerError::Malformed));
        assert_eq!(answer(r#"["One."]"#, "stop"), Err(AnswerError::Malformed));
        assert_eq!(answer("One. Two.", "stop"), Err(AnswerError::Malformed));
        assert_eq!(answer("", "stop"), Err(AnswerError::Empty));
        assert_eq!(answer(Value::Null, "stop"), Err(AnswerError::Empty));
        assert_eq!(answer("I\u{2019}m sorry, but that is not possible.", "stop"), Err(AnswerError::Refused));
        assert_eq!(answer("", "content_filter"), Err(AnswerError::Refused));
        let refusal = json!({"choices": [{"message": {"content": null, "refusal": "no"}}]});
        assert_eq!(read(refusal.to_string().as_bytes()), Err(AnswerError::Refused));
        for body in
            ["", "<html>", "{}", "[]", r#"{"choices": []}"#, r#"{"choices": [7]}"#, r#"{"error": "busy"}"#]
        {
            assert_eq!(read(body.as_bytes()), Err(AnswerError::NotCompletion), "{body}");
        }
    }

    #[test]
    fn bounds_size_depth_number_and_time() {
        assert_eq!(read(&vec![b' '; ANSWER_BYTES_MAX + 1]), Err(AnswerError::TooLarge));
        assert_eq!(read("[".repeat(100_000).as_bytes()), Err(AnswerError::NotCompletion));
        assert_eq!(answer("{\"a\":".repeat(50_000), "stop"), Err(AnswerError::Malformed));
        let many: Vec<String> = (0..1_000).map(|n| n.to_string()).collect();
        assert_eq!(answer(json!({ "variants": many }).to_string(), "stop").unwrap().len(), WORDINGS_MAX);
        assert_eq!(answer("{ ".repeat(200_000), "stop"), Err(AnswerError::Malformed));
    }

    proptest! {
        #[test]
        fn never_panics(text in "[{}\\[\\]\",:a-c \\\\é]{0,60}", finish in "(stop|length)") {
            let _ = answer(text.as_str(), &finish);
            let _ = read(text.as_bytes());
        }
    }
}
