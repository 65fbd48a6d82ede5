//! A table that is changed by copying little of it.

use std::sync::Arc;

const BITS: u32 = 10;
const CHUNK: usize = 1 << BITS;

/// A growing table in chunks that copies of it share until one of them writes.
#[derive(Clone, Debug)]
pub(super) struct Chunked<T> {
    /// INVARIANT: every chunk but the last has `CHUNK` places; the last has room for `len`, and some to come.
    chunks: Vec<Arc<[T]>>,
    len: usize,
}

impl<T: Copy> Chunked<T> {
    pub(super) const fn new() -> Self {
        Self {
            chunks: Vec::new(),
            len: 0,
        }
    }

    pub(super) fn filled(len: usize, value: T) -> Self {
        let mut filled = Self::new();
        filled.extend_to(len, value);
        filled
    }

    #[inline]
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// What is at a place; at one that isn't in use nothing or anything.
    #[inline]
    pub(super) fn get(&self, place: usize) -> Option<T> {
        self.chunks.get(place >> BITS)?.get(place & (CHUNK - 1)).copied()
    }

    /// Writes a place; one that isn't there stays so.
    pub(super) fn set(&mut self, place: usize, value: T) {
        let chunk = self.chunks.get_mut(place >> BITS);
        if let Some(entry) = chunk.and_then(|chunk| Arc::make_mut(chunk).get_mut(place & (CHUNK - 1))) {
            *entry = value;
        }
    }

    pub(super) fn push(&mut self, value: T) {
        self.extend_to(self.len + 1, value);
    }

    /// Makes the table `len` places long, if it is shorter, the new ones with this value.
    pub(super) fn extend_to(&mut self, len: usize, value: T) {
        while self.len < len {
            let used = self.len & (CHUNK - 1);
            let wanted = (used + len - self.len).min(CHUNK);
            if used == 0 {
                self.chunks.push(Arc::new([]));
            }
            let Some(chunk) = self.chunks.last_mut() else {
                return;
            };
            if chunk.len() < wanted {
                let more = std::iter::repeat_n(value, wanted.next_power_of_two() - chunk.len());
                *chunk = chunk.iter().copied().chain(more).collect();
            }
            if let Some(new) = Arc::make_mut(chunk).get_mut(used..wanted) {
                new.fill(value);
            }
            self.len += wanted - used;
        }
    }
}
