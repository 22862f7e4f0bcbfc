//! A newspaper article that quotes what leaked.

use super::Random;

/// One kind of story: its opening, what may stand around a quotation, and its end.
struct Story {
    opening: &'static [&'static str],
    before: &'static [&'static str],
    after: &'static [&'static str],
    end: &'static [&'static str],
}

const STORIES: &[Story] = &[
    Story {
        opening: &[
            "Ministers came under pressure last night after a confidential paper seen by this newspaper cast doubt on the account they have given to parliament.",
            "The paper, which runs to several pages and was never meant to be read outside a small circle of officials, was passed to us earlier this week. We have confirmed with two people who have handled it that it is genuine.",
        ],
        before: &[
            "Its authors do not mince their words.",
            "One passage in particular is likely to cause anger when the house returns on Monday.",
            "Elsewhere the tone is drier, but the meaning is no less plain.",
            "Further down the page comes a sentence that several members will want to hear read aloud.",
        ],
        after: &[
            "A spokesman for the department said it never discussed leaked papers, and asked us not to publish.",
            "Asked about those lines, a former minister laughed and put down the phone.",
            "The opposition has called for a debate before the end of the month.",
            "Officials who worked on the matter say privately that the warning was ignored for most of the spring.",
        ],
        end: &[
            "The inquiry into how the paper left the building began this morning. Staff have been told to hand in their telephones.",
            "Whoever sent it to us did not ask for money, and left no name.",
        ],
    },
    Story {
        opening: &[
            "It arrived in a plain envelope, without a letter. Anyone who has worked on this beat for long enough learns to open those first.",
            "Inside was a text that a good many people had sworn did not exist. I read it twice on the tram and once more at my desk, with the door shut.",
        ],
        before: &[
            "Most of it is what you would expect. Then you turn the page and find this:",
            "The passage that stayed with me is a short one:",
            "Whoever drafted it had evidently been waiting some time to say so:",
        ],
        after: &[
            "Read that again slowly. Nobody writes such a sentence by accident, and nobody signs it off without knowing what it will do if it gets out.",
            "I rang three of the people it concerns. Two hung up. The third asked me where I had got it, which is an answer of a kind.",
            "That is not how the matter was described to the public in June.",
        ],
        end: &[
            "There will now be a hunt for my source, as there always is. It would be time better spent on the contents.",
        ],
    },
    Story {
        opening: &[
            "Shares fell sharply in early trading after extracts from an internal document circulated among analysts.",
            "The agency has reviewed the extracts. The company did not respond to requests for comment sent before the market opened.",
        ],
        before: &[
            "According to the document,",
            "It goes on:",
            "In a later section it adds:",
            "The document also states:",
        ],
        after: &[
            "Analysts said the language was stronger than anything the company had used in public.",
            "A person familiar with the board's thinking disputed that reading but declined to be named.",
            "The regulator said it was aware of the reports and was making inquiries.",
        ],
        end: &["Trading volume was about three times the daily average. The index closed little changed."],
    },
];

/// An article that quotes the passages in their order among prose of its own.
///
/// Each passage stands whole, in quotation marks, as a paragraph of its own or at the end of a sentence.
pub fn article(passages: &[&str], random: &mut Random) -> String {
    let Some(story) = random.pick(STORIES) else { return String::new() };
    let (open, close) = if random.chance(0.5) { ('“', '”') } else { ('"', '"') };
    let (mut before, mut after) = (random.below(story.before.len()), random.below(story.after.len()));
    let mut paragraphs: Vec<String> = story.opening.iter().map(|&text| text.to_owned()).collect();
    for passage in passages {
        let lead = story.before[before % story.before.len()];
        let quote = format!("{open}{}{close}", passage.trim());
        if random.chance(0.5) {
            paragraphs.push(format!("{lead} {quote}"));
        } else {
            paragraphs.push(lead.to_owned());
            paragraphs.push(quote);
        }
        paragraphs.push(story.after[after % story.after.len()].to_owned());
        before += 1;
        after += 1;
    }
    paragraphs.extend(story.end.iter().map(|&text| text.to_owned()));
    paragraphs.join("\n\n")
}
