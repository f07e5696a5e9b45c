//! Results go to stdout, buffered, and are there when the command ends.

use std::io::{self, BufWriter, StdoutLock, Write};

/// Bytes that are gathered before they are written.
const BUFFER: usize = 64 << 10;

/// A buffered stdout. Call [`Write::flush`] at the end: what a drop cannot write, it cannot tell either.
pub(crate) fn stdout() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(BUFFER, io::stdout().lock())
}

/// Writes one whole result. A reader that has gone away has read all it wanted: that is no error.
pub(crate) fn write(text: &str) -> io::Result<()> {
    write_bytes(text.as_bytes())
}

/// The same for what is no text.
pub(crate) fn write_bytes(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Says something on stderr beside the result. Nobody is left to be told when stderr is closed.
pub(crate) fn remark(text: &str) {
    _ = io::stderr().lock().write_all(text.as_bytes());
}
