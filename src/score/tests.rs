use super::*;

/// Evidence of `n` binary sites with p = ½ where symbol 1 was read, `noise` being the other's likelihood.
fn ones(n: usize, noise: f64) -> Vec<Evidence> {
    (0..n).map(|site| Evidence::new(site, &[noise, 1.0], &[0.5, 0.5]).unwrap()).collect()
}

/// Sums a function of the wealth over all codewords of `n` binary sites, weighted by their probability.
fn mean_over_codewords(n: usize, p: [f64; 2], evidence: &[Vec<Evidence>]) -> f64 {
    (0..1_u32 << n)
        .map(|bits| {
            let word: Vec<u8> = (0..n).map(|i| u8::try_from(bits >> i & 1).unwrap()).collect();
            let probability: f64 = word.iter().map(|&symbol| p[usize::from(symbol)]).product();
            probability * wealth(&word, evidence).to_f64()
        })
        .sum()
}

#[test]
fn innocent_wealth_averages_one_exactly() {
    for p in [[0.5, 0.5], [0.75, 0.25]] {
        let readings = [[1.0, 0.01], [0.2, 1.0], [1.0, 1e-9], [0.9, 1.0], [0.003, 1.0], [1.0, 0.5]];
        let evidence: Vec<Evidence> =
            readings.iter().enumerate().map(|(site, l)| Evidence::new(site, l, &p).unwrap()).collect();
        let together = mean_over_codewords(6, p, std::slice::from_ref(&evidence));
        let (left, right) = evidence.split_at(3);
        let apart = mean_over_codewords(6, p, &[left.to_vec(), right.to_vec()]);
        assert!((together - 1.0).abs() < 1e-12 && (apart - 1.0).abs() < 1e-12, "{together} {apart}");
    }
}

#[test]
fn agreement_gains_and_disagreement_loses() {
    let evidence = [ones(30, 1e-6)];
    let agrees = wealth(&[1; 30], &evidence);
    let half: Vec<u8> = (0..30).map(|i| u8::from(i % 2 == 0)).collect();
    assert!(agrees.bits() > 25.0, "{}", agrees.bits());
    assert!(wealth(&half, &evidence).bits() < 0.0);
    assert!(wealth(&[0; 30], &evidence).bits() < -4.0);
}

#[test]
fn an_abstaining_bet_bounds_the_loss_of_a_flattened_channel() {
    let evidence = [ones(500, 1e-9)];
    assert!(wealth(&vec![0; 500], &evidence).bits() > -6.0);
}

#[test]
fn unreadable_sites_are_no_evidence() {
    assert_eq!(Evidence::new(0, &[0.25, 0.25], &[0.5, 0.5]), None);
    assert_eq!(wealth(&[0, 1], &[vec![], vec![]]), Wealth::ONE);
}

/// What a copy shows after every other of its sites was turned to another codeword resembles that codeword on balance.
#[test]
fn a_codeword_mixed_with_another_does_not_win_the_boldest_bet() {
    let n = 200;
    let whole = [ones(n, 1.0 / 128.0)];
    // One site in five against it.
    let mixed: Vec<u8> = (0..n).map(|site| u8::from(site % 5 > 0)).collect();
    assert!(wealth(&mixed, &whole).bits() > 30.0 && bold_wealth(&mixed, &whole).bits() < 0.0);
    // One in fifty, as slips are.
    let slips: Vec<u8> = (0..n).map(|site| u8::from(site % 50 > 0)).collect();
    assert!(bold_wealth(&slips, &whole).bits() > 150.0);
    let apart = [whole[0][..70].to_vec(), whole[0][70..].to_vec()];
    assert!((bold_wealth(&slips, &whole).bits() - bold_wealth(&slips, &apart).bits()).abs() < 1e-9);
}

#[test]
fn bold_innocent_wealth_averages_one() {
    let p = [0.75, 0.25];
    let readings = [[1.0, 0.01], [0.2, 1.0], [1.0, 1e-9], [0.9, 1.0]];
    let evidence: Vec<Evidence> =
        readings.iter().enumerate().map(|(site, l)| Evidence::new(site, l, &p).unwrap()).collect();
    let mean: f64 = (0..16_u32)
        .map(|bits| {
            let word: Vec<u8> = (0..4).map(|i| u8::try_from(bits >> i & 1).unwrap()).collect();
            let probability: f64 = word.iter().map(|&symbol| p[usize::from(symbol)]).product();
            probability * bold_wealth(&word, std::slice::from_ref(&evidence)).to_f64()
        })
        .sum();
    assert!((mean - 1.0).abs() < 1e-12, "{mean}");
}
