//! The functions of the module, as its hosts call them: the fixtures, the examples of the documentation, hostile input.

#[cfg(test)]
mod documented;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod hostile;
