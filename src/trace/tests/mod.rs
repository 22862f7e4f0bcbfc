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

#[test]
fn measure() {
    let item = Item::new(BRIEF, false);
    let mut dice = Dice(7);
    for (name, rate, how) in [
        ("retype", 0, 0), ("retype", 10, 0), ("retype", 30, 0), ("scan", 0, 1), ("scan", 20, 1), ("scan", 50, 1), ("scan", 100, 1),
    ] {
        let mut sum = Tally::default();
        let (mut aligned, mut sites) = (0.0, 0);
        for _ in 0..100 {
            let word = item.random_word(&mut dice);
            let copy = item.copy(&word);
            let leak = if how == 0 { retype(&copy, rate, &mut dice) } else { scan(&copy, rate, &mut dice) };
            let (tally, share) = item.read(&leak, &word);
            sum.right += tally.right;
            sum.wrong += tally.wrong;
            sum.unsure += tally.unsure;
            aligned += share;
            sites += item.sites.len();
        }
        println!("{name} {rate}: {sum:?} of {sites}, aligned {:.3}", aligned / 100.0);
    }
    for other in OTHERS {
        let fragment = Fragment::from_text("-", other);
        let o = observe(&item.lattice, &fragment);
        println!("other: {} passages, score {}", o.passages.len(), o.score);
        let trail = Trail::new(&fragment);
        for chain in locate::chains(&item.lattice, &trail) {
            let a = passage::align(&item.lattice, &trail, &chain, &(0..trail.symbols.len()), &mut CELLS_MAX.clone()).unwrap();
            println!("   gain {} bits: {:?}", a.gain / 8, fragment.raw_of(a.chars()));
        }
    }
    // Excerpts by words
    let mut sum = Tally::default();
    let mut missed = [0; 40];
    for n in 4..40 {
        for _ in 0..50 {
            let word = item.random_word(&mut dice);
            let copy = item.copy(&word);
            let words: Vec<&str> = copy.split_whitespace().collect();
            let at = dice.below(words.len() - n);
            let (tally, aligned) = item.read(&words[at..at + n].join(" "), &word);
            sum.right += tally.right;
            sum.wrong += tally.wrong;
            sum.unsure += tally.unsure;
            missed[n] += usize::from(aligned < 0.5);
            if tally.wrong > 0 { println!("WRONG {:?}", words[at..at + n].join(" ")); }
        }
    }
    println!("excerpts {sum:?} missed of 50 by words {missed:?}");
}

#[test]
fn strangers() {
    let Some(dir) = option_env!("STRANGERS") else { return };
    let item = Item::new(BRIEF, false);
    let mut texts: Vec<(String, String)> = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if let Ok(text) = std::fs::read_to_string(&path) { texts.push((path.display().to_string(), text)); }
    }
    texts.sort();
    let report = |lattice: &Lattice, name: &str, text: &str| {
        let start = std::time::Instant::now();
        let fragment = Fragment::from_text("-", text);
        let o = observe(lattice, &fragment);
        println!("{name}: {} passages, score {} in {:?}", o.passages.len(), o.score, start.elapsed());
        for p in o.passages.iter().take(12) { println!("    cost {} matched {} {:?}", p.cost_bits, p.matched, fragment.raw_of(p.fragment.clone())); }
    };
    for (name, text) in &texts { report(&item.lattice, name, text); }
    for (a, text) in &texts {
        let lattice = Lattice::from_text(text, &[]);
        for (b, other) in &texts { if a < b { report(&lattice, &format!("{a} <- {b}"), other); } }
    }
}

#[test]
fn speed() {
    let item = Item::new(BRIEF, false);
    let markup = vec![BRIEF; 1].join("\n\n");
    // distinct paragraphs: rotate letters of the words so that no sentence repeats
    let vary = |k: u32| -> String {
        let mut inside = false;
        let mut out = String::new();
        let chars: Vec<char> = markup.chars().collect();
        for (i, &c) in chars.iter().enumerate() {
            if c == '{' { inside = true; }
            if c == '}' { inside = false; }
            if !inside && k > 0 && c.is_ascii_lowercase() && (i as u32 * 7919 + k * 104729) % 5 == 0 {
                out.push(char::from(b'a' + ((c as u8 - b'a') as u32 * 5 + k * 3 + i as u32 % 7) as u8 % 26));
            } else { out.push(c); }
        }
        out
    };
    let _ = item;
    for (parts, name) in [(3, "1,350 words"), (5, "2,250 words"), (220, "100,000 words")] {
        let markup: Vec<String> = (0..parts).map(vary).collect();
        let markup = markup.join("\n\n");
        let start = std::time::Instant::now();
        let item = Item::new(&markup, false);
        println!("{name}: lattice {:?}, {} words, {} sites", start.elapsed(), item.text.split_whitespace().count(), item.sites.len());
        let mut dice = Dice(3);
        let word = item.random_word(&mut dice);
        let copy = item.copy(&word);
        for (what, leak) in [("clean", copy.clone()), ("retyped", retype(&copy, 10, &mut dice)), ("scan 5%", scan(&copy, 50, &mut dice)), ("scan 10%", scan(&copy, 100, &mut dice))] {
            let start = std::time::Instant::now();
            let fragment = Fragment::from_text("-", leak.as_str());
            let folded = start.elapsed();
            let o = observe(&item.lattice, &fragment);
            let took = start.elapsed();
            println!("  {what}: fold {folded:?} all {took:?} aligned {:.3} passages {} {:?}", o.aligned, o.passages.len(), item.tally(&o, &word));
        }
        let start = std::time::Instant::now();
        read_exact(&item.lattice, &copy).unwrap();
        println!("  exact {:?}", start.elapsed());
        let start = std::time::Instant::now();
        let a = shingles(&item.lattice, &[1; 32]);
        let fragment = Fragment::from_text("-", copy.as_str());
        let mid = start.elapsed();
        let b = fragment_shingles(&fragment, &[1; 32]);
        println!("  shingles {mid:?} {} ; fragment {:?} {} ; found {}", a.len(), start.elapsed() - mid, b.len(), b.iter().filter(|h| a.binary_search(h).is_ok()).count());
    }
}
