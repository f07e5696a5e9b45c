//! Reading the examples in documents: blocks fenced as `console`.
//!
//! A line `$ COMMAND` is typed; a line `? N` right after it is its exit code, 0 if there is none; what follows, up to the
//! next command, is what the command prints. In it `...` alone on a line stands for any lines, `[..]` for any text.

/// A command of a document and what the document says it does.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Example {
    /// The line in the document, counted from 1.
    pub(crate) line: usize,
    pub(crate) command: String,
    pub(crate) code: i32,
    /// Lines of output, without what ends them. `None` if the document shows none.
    pub(crate) output: Option<Vec<String>>,
}

/// The examples of a document, in order.
pub(crate) fn examples(text: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut inside = false;
    let mut fresh = false;
    for (index, line) in text.lines().enumerate() {
        if line.starts_with("```") {
            inside = !inside && line.trim_end() == "```console";
            fresh = inside;
            continue;
        }
        if !inside {
            continue;
        }
        if let Some(command) = line.strip_prefix("$ ") {
            examples.push(Example { line: index + 1, command: command.to_owned(), code: 0, output: None });
            fresh = false;
        } else if let Some(example) = examples.last_mut().filter(|_| !fresh) {
            example.add(line);
        }
    }
    examples.iter_mut().for_each(Example::without_last_blank_lines);
    examples
}

impl Example {
    fn add(&mut self, line: &str) {
        if let (None, Some(Ok(code))) = (&self.output, line.strip_prefix("? ").map(str::parse)) {
            self.code = code;
        } else if let (None, true) = (&self.output, self.command.ends_with('\\')) {
            self.command.push('\n');
            self.command.push_str(line);
        } else {
            self.output.get_or_insert_default().push(line.to_owned());
        }
    }

    /// A blank line before the next command is for the reader's eye.
    fn without_last_blank_lines(&mut self) {
        if let Some(output) = &mut self.output {
            while output.pop_if(|line| line.trim().is_empty()).is_some() {}
        }
        self.output.take_if(|output| output.is_empty());
    }
}

/// Whether `printed` is what `expected` says.
pub(crate) fn agrees(expected: &[String], printed: &[&str]) -> bool {
    let Some((first, rest)) = expected.split_first() else { return printed.is_empty() };
    if first == "..." {
        return (0..=printed.len()).any(|skipped| agrees(rest, printed.get(skipped..).unwrap_or_default()));
    }
    printed.split_first().is_some_and(|(line, others)| line_agrees(first, line) && agrees(rest, others))
}

fn line_agrees(expected: &str, printed: &str) -> bool {
    let printed = printed.trim_end();
    let Some((before, after)) = expected.trim_end().split_once("[..]") else { return expected.trim_end() == printed };
    let Some(rest) = printed.strip_prefix(before) else { return false };
    let starts = rest.char_indices().map(|(index, _)| index).chain([rest.len()]);
    starts.filter_map(|start| rest.get(start..)).any(|tail| line_agrees(after, tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn commands_codes_and_output_are_read() {
        let text = "# T\n```console\n$ a b\n? 1\nno: x\n\n$ c \\\n    d\n```\n```sh\n$ not this\n```\n";
        let first = Example { line: 3, command: "a b".to_owned(), code: 1, output: Some(lines("no: x")) };
        let second = Example { line: 7, command: "c \\\n    d".to_owned(), code: 0, output: None };
        assert_eq!(examples(text), [first, second]);
    }

    #[test]
    fn wildcards_stand_for_lines_and_text() {
        assert!(agrees(&lines("a\n...\nz [..] end"), &["a", "b", "c", "z 17 end"]));
        assert!(agrees(&lines("..."), &[]));
        assert!(!agrees(&lines("a\n...\nz"), &["a", "b"]));
        assert!(!agrees(&lines("a"), &["a", "b"]));
        assert!(!agrees(&lines("x[..]y"), &["xz"]));
    }
}
