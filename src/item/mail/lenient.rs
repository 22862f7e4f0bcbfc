//! What a mail shows to its reader, as far as it can be read: for tracing, where nothing is written back.

use mail_parser::{Message, PartType};

use super::super::encoding::lossy;
use super::super::{Format, ReadError, html, package};
use super::structure;
use super::transfer::Transfer;
use super::tree::{self, Role, Walk};

/// How many messages within messages are read.
const NESTING_MAX: usize = 4;

/// The subject, the bodies, the attachments that are text and what is enclosed; signed mails as well.
pub(in super::super) fn visible_text(bytes: &[u8]) -> Result<String, ReadError> {
    let damaged = || ReadError::Damaged { part: "the mail".into(), problem: "it has no header".into() };
    let message = structure(bytes).ok_or_else(damaged)?;
    let mut out = String::new();
    read(&message, bytes, 0, &mut out)?;
    Ok(out)
}

fn read(message: &Message<'_>, bytes: &[u8], depth: usize, out: &mut String) -> Result<(), ReadError> {
    if let Some(subject) = message.subject() {
        add(out, subject);
    }
    let walk = Walk::over(message, true)?;
    for text in &walk.texts {
        // The other writing says the same.
        if matches!(text.role, Role::Second(_)) {
            continue;
        }
        let Some(raw) = bytes.get(text.range.clone()) else { continue };
        let decoded = text.transfer.unwrap_or(Transfer::Identity).decode(raw).unwrap_or_else(|| raw.to_vec());
        let declared = text.charset.as_deref().and_then(tree::charset).or_else(|| html::declared(&decoded));
        add(
            out,
            &match text.format {
                Format::Html => html::parse(&lossy(&decoded, declared), false)?.text,
                // One that cannot be read hides nothing that the rest of the mail says.
                format if format.is_package() => package::visible_text(format, &decoded).unwrap_or_default(),
                _ => lossy(&decoded, declared),
            },
        );
    }
    for &number in &walk.messages {
        if let Some(PartType::Message(inner)) = message.parts.get(number).map(|part| &part.body)
            && depth < NESTING_MAX
        {
            read(inner, &inner.raw_message, depth + 1, out)?;
        }
    }
    Ok(())
}

fn add(out: &mut String, text: &str) {
    if !out.is_empty() {
        out.push_str("\n\n");
    }
    out.push_str(text.trim());
}
