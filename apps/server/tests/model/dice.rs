//! Chance that can be repeated.

use std::cell::RefCell;
use std::fmt::Debug;

/// A sequence of numbers that look random and follow from a seed alone (SplitMix64).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Dice(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below this one, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(end).unwrap()).unwrap()
    }

    /// A number between these two, both included.
    pub fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most - least + 1)
    }

    /// True so many times out of a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of these; nothing out of nothing.
    pub fn pick<'t, T>(&mut self, from: &'t [T]) -> Option<&'t T> {
        (!from.is_empty()).then(|| &from[self.below(from.len())])
    }

    /// The same things in another order.
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for end in (1..things.len()).rev() {
            things.swap(end, self.below(end + 1));
        }
    }

    /// At most so many of these, any ones.
    pub fn some<T>(&mut self, mut things: Vec<T>, most: usize) -> Vec<T> {
        self.shuffle(&mut things);
        things.truncate(most);
        things
    }
}

/// Says where a test failed, if it does: on which seed, after what.
pub struct Seeded {
    seed: u64,
    step: RefCell<String>,
}

impl Seeded {
    pub fn new(seed: u64) -> Self {
        Seeded {
            seed,
            step: RefCell::default(),
        }
    }

    /// The seeds of a test: 1, 2, … up to `cases`, or the one of `VESTIBULE_SEED`. `VESTIBULE_CASES` asks for more.
    pub fn seeds(cases: u64) -> Vec<u64> {
        let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
        match number("VESTIBULE_SEED") {
            Some(seed) => vec![seed],
            None => (1..=number("VESTIBULE_CASES").unwrap_or(cases)).collect(),
        }
    }

    /// Remembers what is done next.
    pub fn step(&self, step: impl Debug) {
        *self.step.borrow_mut() = format!("{step:?}");
    }
}

impl Drop for Seeded {
    #[expect(
        clippy::print_stderr,
        reason = "what repeats a failed test has to reach whoever repeats it"
    )]
    fn drop(&mut self) {
        if std::thread::panicking() {
            let (seed, step) = (self.seed, self.step.borrow());
            eprintln!("This was seed {seed} {step}: VESTIBULE_SEED={seed} repeats it alone.");
        }
    }
}
