//! Behaviour of guest access, seen from outside.

#[cfg(test)]
mod claims;
#[cfg(test)]
mod command_model;
#[cfg(test)]
mod command_table;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod emails;
#[cfg(test)]
mod grants;
#[cfg(test)]
mod passwords;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod texts;
#[cfg(test)]
mod windows;
#[cfg(test)]
mod zones;
