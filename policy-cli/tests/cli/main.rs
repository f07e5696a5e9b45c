//! The program as a process: what it prints, where, and how it ends.

#[cfg(test)]
mod bundle;
#[cfg(test)]
mod check;
#[cfg(test)]
mod compile;
#[cfg(test)]
mod decide;
#[cfg(test)]
mod decide_by_bundle;
#[cfg(test)]
mod decide_in_a_job;
#[cfg(test)]
mod directory;
#[cfg(test)]
mod formatting;
#[cfg(test)]
mod other_commands;
#[cfg(test)]
mod outputs;
#[cfg(test)]
mod policy_tests;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod support;
#[cfg(test)]
mod unwritten;
#[cfg(test)]
mod usage;
