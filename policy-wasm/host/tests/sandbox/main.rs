//! The sandbox from outside: what users rely on, and what hostile modules get.

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod users;
