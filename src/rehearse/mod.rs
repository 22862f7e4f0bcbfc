//! Attacks for fire drills: what happens to a text between a copy and the leak that turns up.
//!
//! Every attack is a pure function of the text and of a [`Random`] that the caller seeds, so that a drill can be
//! repeated to the byte. The attacks know nothing of sites, channels or codewords: what an editor, a typist or a
//! scanner does to a text is written down here from how they work, not from what the channels mark.

mod article;
mod cut;
mod desk;
mod house;
mod merge;
mod ocr;
mod random;
mod retype;

pub use article::article;
pub use cut::{excerpt, sentences, word_count};
pub use desk::{Variety, desk, desk_in};
pub use house::House;
pub use merge::{alternate, halves, mix, strike};
pub use ocr::{OcrNoise, ocr_noise, ocr_noise_with};
pub use random::Random;
pub use retype::{Slips, lower, no_punctuation, plain, retype, retype_with};

#[cfg(test)]
mod tests;
