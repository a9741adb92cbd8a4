//! Choices that are the same in every run (SplitMix64 from a fixed seed).

/// A sequence of choices.
pub struct Random(u64);

impl Random {
    /// The one sequence there is.
    pub fn new() -> Self {
        Self(3501)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: usize, high: usize) -> usize {
        low + (self.next() % (high - low + 1) as u64) as usize
    }

    /// Yes, once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.between(1, times) == 1
    }

    /// One of these.
    pub fn pick<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.between(0, texts.len() - 1)]
    }

    /// So many words, as a person writes them.
    pub fn words(&mut self, low: usize, high: usize) -> String {
        const WORDS: &[&str] = &[
            "the", "invoice", "for", "March", "is", "attached", "please", "reply", "before",
            "Friday", "meeting", "about", "a", "new", "release", "of", "your", "account", "was",
            "moved",
        ];
        let words: Vec<_> = (0..self.between(low, high)).map(|_| self.pick(WORDS)).collect();
        words.join(" ")
    }

    /// Some of these, in order, with SP between.
    pub fn some_of(&mut self, texts: &[&str], once_in: usize) -> String {
        let chosen: Vec<_> = texts.iter().filter(|_| self.once_in(once_in)).copied().collect();
        chosen.join(" ")
    }

    /// Lines of a message, so many octets.
    pub fn lines(&mut self, octets: usize) -> Vec<u8> {
        let mut lines = Vec::with_capacity(octets + 100);
        while lines.len() < octets {
            lines.extend_from_slice(self.words(8, 14).as_bytes());
            lines.extend_from_slice(b"\r\n");
        }
        lines.truncate(octets);
        lines
    }
}
