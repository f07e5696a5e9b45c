//! HCL native syntax.

pub mod tree;
