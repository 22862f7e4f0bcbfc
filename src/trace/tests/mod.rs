use proptest::prelude::*;

use super::*;
use material::*;

mod material;

#[test]
fn a_whole_copy_reads_back_at_every_site() {
    let item = Item::new(BRIEF, false);
    let mut dice = Dice(1);
    for _ in 0..20 {
        let word = item.random_word(&mut dice);
        let copy = item.copy(&word);
        assert_eq!(read_exact(&item.lattice, &copy), Ok(word.clone()));
        let (tally, aligned) = item.read(&copy, &word);
        assert_eq!(tally, Tally { right: item.sites.len(), wrong: 0, unsure: 0 });
        assert!(aligned > 0.999, "{aligned}");
    }
}
