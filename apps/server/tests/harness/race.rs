//! Requests that race each other.

use std::sync::Barrier;

use super::Reply;

/// One of the requests of [`at_once`].
pub type Racer<'a> = Box<dyn FnOnce() -> Reply + Send + 'a>;

/// Starts all of these at the same moment; answers their replies in the same order.
pub fn at_once(racers: Vec<Racer<'_>>) -> Vec<Reply> {
    let barrier = &Barrier::new(racers.len());
    std::thread::scope(|scope| {
        let running: Vec<_> = racers
            .into_iter()
            .map(|racer| {
                scope.spawn(move || {
                    barrier.wait();
                    racer()
                })
            })
            .collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}
