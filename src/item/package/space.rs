//! White space at the ends of Word's text elements, which counts only where the element says so.

use std::borrow::Cow;
use std::ops::Range;

type Patch<'p> = (Range<usize>, Cow<'p, str>);

/// Adds `xml:space="preserve"` to every text element whose patches leave white space at an end of it.
pub(super) fn settle(source: &str, patches: &mut Vec<Patch<'_>>) {
    patches.sort_by_key(|(range, _)| (range.start, range.end));
    let mut added = Vec::new();
    let mut next = 0;
    while next < patches.len() {
        let first = next;
        let Some(element) = element(source, &patches[first].0) else {
            next += 1;
            continue;
        };
        while next < patches.len() && patches[next].0.end <= element.content.end {
            next += 1;
        }
        // An element that is cut away with its neighbours is not one whose content changed.
        next = next.max(first + 1);
        let Some(before) = source.get(element.content.clone()) else { continue };
        let blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
        // White space that did not show before is not to show now; no patch touches it.
        let lead = before.len() - before.trim_start_matches(blank).len();
        let tail = before.len() - before.trim_end_matches(blank).len().max(lead);
        let visible = element.content.start + lead..element.content.end - tail;
        let shown = patched(&source[visible.clone()], visible.start, &patches[first..next]);
        if shown.starts_with(blank) || shown.ends_with(blank) {
            let at = element.name_end;
            added.push((at..at, Cow::Borrowed(" xml:space=\"preserve\"")));
            for cut in [element.content.start..visible.start, visible.end..element.content.end] {
                if !cut.is_empty() {
                    added.push((cut, Cow::Borrowed("")));
                }
            }
        }
    }
    patches.extend(added);
}

/// A text element that does not keep the white space at its ends.
struct Element {
    /// Where its tag's name ends, and its content.
    name_end: usize,
    content: Range<usize>,
}

/// The element whose characters a patch changes, if white space at its ends does not count.
fn element(source: &str, patch: &Range<usize>) -> Option<Element> {
    let open = source.get(..patch.start)?.rfind('<')?;
    let close = open + source[open..].find('>')?;
    if close >= patch.start {
        return None;
    }
    let tag = &source[open + 1..close];
    let name = tag.split([' ', '\t', '\n', '\r']).next()?;
    let is_text = name.rsplit_once(':').map_or(name, |(_, local)| local) == "t" && !tag.ends_with('/');
    let end = patch.start + source[patch.start..].find('<')?;
    if !is_text || tag.contains("xml:space") || patch.end > end {
        return None;
    }
    Some(Element { name_end: open + 1 + name.len(), content: close + 1..end })
}

fn patched(text: &str, start: usize, patches: &[Patch<'_>]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut done = 0;
    for (range, new) in patches {
        out.push_str(text.get(done..range.start - start).unwrap_or_default());
        out.push_str(new);
        done = range.end - start;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}
