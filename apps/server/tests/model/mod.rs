//! A random org, the rules of access as they read, and the comparison of everything that tells who reaches what.

mod attempts;
mod comparison;
mod dice;
mod facts;
mod mutation;
mod world;

pub use dice::{Dice, Seeded};
pub use facts::{Model, Question};
pub use mutation::Mutation;
pub use world::{Clients, Fate, World};
