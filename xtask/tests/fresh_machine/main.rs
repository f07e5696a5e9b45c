//! The two first commands on a machine whose toolchain lacks what they need.

#![cfg(unix)]

#[cfg(test)]
mod preparation;
