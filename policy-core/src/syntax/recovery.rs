//! Where reading goes on after a broken attribute or block.
//!
//! First by the brackets: if those of the broken item match, it ends with its line. If they do not, by the indentation
//! that people and formatters give their blocks.

use super::scanner::Parser;

/// Where the cursor was put.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Resume {
    /// At the next item of the same body.
    SameBody,
    /// Behind the brace that closes the body.
    BodyClosed,
    /// At an item of a body further out.
    Elsewhere,
}

impl Parser<'_> {
    /// The blanks at the beginning of the line in which `position` lies.
    pub(super) fn indentation(&self, position: usize) -> usize {
        let before = self.text.get(..position).unwrap_or("");
        let line_start = before.rfind('\n').map_or(0, |index| index + 1);
        blanks(self.text.get(line_start..).unwrap_or(""))
    }

    /// Moves the cursor behind the broken item that begins at `start`, in a body whose block begins a line with
    /// `enclosing` blanks. The cursor is where reading stopped, and never moves back.
    pub(super) fn resume(&mut self, start: usize, enclosing: Option<usize>) -> Resume {
        let stopped = self.position;
        if stopped == self.text.len() {
            return if enclosing.is_some() { Resume::Elsewhere } else { Resume::SameBody };
        }
        let start = start + self.text.get(start..).map_or(0, |rest| rest.len() - rest.trim_start().len());
        if let Some(end) = matched_end(self.text, start).filter(|end| *end >= stopped) {
            self.position = end;
            return Resume::SameBody;
        }
        self.position = stopped;
        // Where reading stopped at the beginning of a later line, that line may be the next item.
        let line_start = self.text.get(..stopped).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
        if line_start > start && self.text.get(line_start..stopped).is_some_and(|before| before.trim().is_empty()) {
            self.position = line_start - 1;
        }
        self.resume_by_indentation(self.indentation(start.min(stopped)), enclosing)
    }

    fn resume_by_indentation(&mut self, item: usize, enclosing: Option<usize>) -> Resume {
        loop {
            self.skip_line();
            if !self.take_line_end() {
                self.position = self.text.len();
                return if enclosing.is_some() { Resume::Elsewhere } else { Resume::SameBody };
            }
            let line = self.rest();
            let indentation = blanks(line);
            let first = line.as_bytes().get(indentation).copied().unwrap_or(b'\n');
            let closes = matches!(first, b'}' | b']' | b')');
            let begins = first.is_ascii_alphabetic() || first == b'_' || !first.is_ascii();
            if indentation > item || !(closes || begins) {
                continue;
            }
            match enclosing {
                Some(block) if indentation <= block && first == b'}' => {
                    self.position += indentation + 1;
                    return Resume::BodyClosed;
                }
                Some(block) if indentation <= block => return Resume::Elsewhere,
                // What closes the broken item itself is passed over with its line.
                _ if closes => {}
                _ => return Resume::SameBody,
            }
        }
    }
}

fn blanks(line: &str) -> usize {
    line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

/// The end of the item that begins at `start`: the first end of a line outside all brackets. None where brackets do not
/// match, or a text or comment has no end.
fn matched_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut open: Vec<u8> = Vec::new();
    let mut position = start;
    while let Some(&byte) = bytes.get(position) {
        position += 1;
        match byte {
            // Inside quotes only the end, escapes and interpolations count.
            b'"' if open.last() == Some(&b'"') => {
                open.pop();
            }
            b'\n' if open.last() == Some(&b'"') => return None,
            b'\\' if open.last() == Some(&b'"') => position += 1,
            b'$' | b'%' if open.last() == Some(&b'"') && bytes.get(position) == Some(&b'{') => {
                open.push(b'}');
                position += 1;
            }
            _ if open.last() == Some(&b'"') => {}
            b'"' => open.push(b'"'),
            b'(' => open.push(b')'),
            b'[' => open.push(b']'),
            b'{' => open.push(b'}'),
            b')' | b']' | b'}' if open.pop() != Some(byte) => return None,
            b'\n' if open.is_empty() => return Some(position),
            b'#' => position = line_end(bytes, position),
            b'/' if bytes.get(position) == Some(&b'/') => position = line_end(bytes, position),
            b'/' if bytes.get(position) == Some(&b'*') => {
                position += text.get(position + 1..)?.find("*/")? + 3;
            }
            // A heredoc's text may hold any bracket; finding its end is not worth a second reader.
            b'<' if bytes.get(position) == Some(&b'<') => return None,
            _ => {}
        }
    }
    open.is_empty().then_some(bytes.len())
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    bytes.iter().skip(from).position(|&byte| byte == b'\n').map_or(bytes.len(), |length| from + length)
}
