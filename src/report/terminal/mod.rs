//! Pages for a terminal: one function per view, each from library values to finished text.

mod evidence;
mod strip;
mod trace;

#[cfg(test)]
mod tests;

pub(crate) use trace::CAVEAT;
pub use trace::{summary, trace};
