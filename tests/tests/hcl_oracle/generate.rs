//! Random documents: HCL in all its forms, and HCL with a byte or two gone wrong.

/// A source of choices that a number decides.
pub(crate) struct Random {
    state: u64,
    plain: bool,
}

/// Names, some of which begin with a word of the language.
const NAMES: &[&str] = &["a", "b1", "name", "x-y", "_z", "prod", "iffy", "format", "in_", "nullable"];
/// Names that do not.
const PLAIN_NAMES: &[&str] = &["a", "b1", "name", "x-y", "_z", "prod"];
const BLANKS: &[&str] = &["", "", " ", "  ", "\t", " /* c */ "];

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1, plain: false }
    }

    /// The same for documents that are damaged: without line ends inside expressions, and without names that begin with
    /// a word of the language. `hcl-edit` takes `iffy` for `if` where only `if` could stand, and, unlike `HashiCorp`'s
    /// parser, an operator on the next line for one on this line.
    pub(crate) fn plain(seed: u64) -> Self {
        Self { plain: true, ..Self::new(seed) }
    }

    fn name(&mut self) -> &'static str {
        self.pick(if self.plain { PLAIN_NAMES } else { NAMES })
    }

    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state >> 11).expect("64 bits") % bound
    }

    fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    /// A document of some attributes and blocks, each name once.
    pub(crate) fn document(&mut self) -> String {
        let mut out = String::new();
        self.body(&mut out, 2);
        out
    }

    /// `text` with a few characters removed, doubled or replaced.
    pub(crate) fn damage(&mut self, text: &str) -> String {
        let mut characters: Vec<char> = text.chars().collect();
        for _ in 0..=self.below(3) {
            if characters.is_empty() {
                break;
            }
            let at = self.below(characters.len());
            if characters[at] == '\n' {
                continue;
            }
            match self.below(3) {
                0 => drop(characters.remove(at)),
                1 => characters.insert(at, characters[at]),
                _ => {
                    characters[at] = self
                        .pick(&["{", "}", "[", "]", "(", ")", "\"", ",", "=", ".", "x", "1", ":"])
                        .chars()
                        .next()
                        .expect("one");
                }
            }
        }
        characters.into_iter().collect()
    }

    fn body(&mut self, out: &mut String, depth: usize) {
        for number in 0..=self.below(3) {
            let indentation = self.pick(&["", "  ", "\t"]);
            out.push_str(indentation);
            if depth > 0 && self.below(3) == 0 {
                self.block(out, depth);
            } else {
                out.push_str(self.name());
                out.push_str(&number.to_string());
                out.push_str(self.pick(BLANKS));
                out.push('=');
                out.push_str(self.pick(BLANKS));
                self.expression(out, 4);
                out.push_str(self.pick(&["", " # note", " // note", " "]));
            }
            out.push_str(if self.plain { "\n" } else { self.pick(&["\n", "\n\n", "\r\n"]) });
        }
    }

    /// A blank where the end of a line is one too.
    fn space(&mut self, out: &mut String) {
        out.push_str(if self.plain { " " } else { self.pick(&["", " ", "\n"]) });
    }

    fn block(&mut self, out: &mut String, depth: usize) {
        out.push_str(self.name());
        for _ in 0..self.below(3) {
            out.push(' ');
            out.push_str(self.pick(&["\"label\"", "bare", "\"two words\"", "\"\\\"\""]));
        }
        out.push_str(" {");
        match self.below(3) {
            0 => {}
            1 => {
                out.push_str(" one = ");
                self.expression(out, 2);
                out.push(' ');
            }
            _ => {
                out.push('\n');
                self.body(out, depth - 1);
            }
        }
        out.push('}');
    }

    fn expression(&mut self, out: &mut String, depth: usize) {
        if depth == 0 {
            out.push_str(self.pick(&[
                "1",
                "2.5",
                "1e3",
                "true",
                "false",
                "null",
                "a",
                "\"text\"",
                "\"\"",
                "\"$${x}\"",
            ]));
            return;
        }
        match self.below(14) {
            0 => self.list(out, depth),
            1 => self.object(out, depth),
            2 => self.call(out, depth),
            3 => self.binary(out, depth),
            4 => self.conditional(out, depth),
            5 => {
                out.push_str(self.pick(&["!", "-", "! "]));
                self.expression(out, depth - 1);
            }
            6 => {
                out.push('(');
                self.space(out);
                self.expression(out, depth - 1);
                self.space(out);
                out.push(')');
            }
            7 => self.traversal(out, depth),
            8 => self.for_expression(out, depth),
            9 => self.template(out, depth),
            10 => self.directive(out, depth),
            _ => self.expression(out, 0),
        }
    }

    fn list(&mut self, out: &mut String, depth: usize) {
        out.push('[');
        for number in 0..self.below(3) {
            out.push_str(if number > 0 { ", " } else { "" });
            self.expression(out, depth - 1);
        }
        self.space(out);
        out.push(']');
    }

    fn object(&mut self, out: &mut String, depth: usize) {
        out.push('{');
        for number in 0..self.below(3) {
            let separator = if self.plain { ", " } else { self.pick(&[", ", "\n"]) };
            out.push_str(if number > 0 { separator } else { "" });
            let key = self.pick(&["key", "\"key\"", "true"]);
            out.push_str(&key.replace("key", &format!("key{number}")).replace("true", &format!("true{number}")));
            out.push_str(self.pick(&[" = ", "=", " : "]));
            self.expression(out, depth - 1);
        }
        out.push('}');
    }

    fn call(&mut self, out: &mut String, depth: usize) {
        out.push_str(self.name());
        out.push('(');
        let count = self.below(3);
        for number in 0..count {
            out.push_str(if number > 0 { ", " } else { "" });
            self.expression(out, depth - 1);
        }
        out.push_str(if count > 0 { self.pick(&["", "...", " "]) } else { "" });
        out.push(')');
    }

    fn binary(&mut self, out: &mut String, depth: usize) {
        self.expression(out, depth - 1);
        for _ in 0..=self.below(3) {
            let operators = ["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||"];
            let operator = self.pick(&operators);
            out.extend([" ", operator, " "]);
            self.expression(out, depth - 1);
        }
    }

    fn conditional(&mut self, out: &mut String, depth: usize) {
        self.expression(out, depth - 1);
        out.push_str(" ? ");
        self.expression(out, depth - 1);
        out.push_str(" : ");
        self.expression(out, depth - 1);
    }

    fn traversal(&mut self, out: &mut String, depth: usize) {
        out.push_str(self.name());
        for _ in 0..=self.below(3) {
            match self.below(5) {
                0 => {
                    out.push('[');
                    self.expression(out, depth - 1);
                    out.push(']');
                }
                1 => out.push_str("[*]"),
                2 => out.push_str(".*"),
                _ => out.extend([".", self.name()]),
            }
        }
    }

    fn for_expression(&mut self, out: &mut String, depth: usize) {
        let object = self.below(2) == 0;
        out.push(if object { '{' } else { '[' });
        out.push_str(self.pick(&["for k, v in ", "for v in ", "for k , v in "]));
        self.expression(out, depth - 1);
        out.push_str(" : ");
        self.expression(out, depth - 1);
        if object {
            out.push_str(" => ");
            self.expression(out, depth - 1);
            out.push_str(self.pick(&["", "..."]));
        }
        if self.below(2) == 0 {
            out.push_str(" if ");
            self.expression(out, depth - 1);
        }
        out.push(if object { '}' } else { ']' });
    }

    fn template(&mut self, out: &mut String, depth: usize) {
        out.push('"');
        for _ in 0..=self.below(2) {
            out.push_str(self.pick(&["x", "", "\\n", "$ ", "%", "$${no}", "\\u00e9"]));
            out.push_str("${");
            self.expression(out, depth - 1);
            out.push('}');
        }
        out.push('"');
    }

    fn directive(&mut self, out: &mut String, depth: usize) {
        out.push_str(self.pick(&["\"%{ if ", "\"%{if "]));
        self.expression(out, depth - 1);
        out.push_str(" }yes");
        out.push_str(self.pick(&["", "%{ else }no"]));
        out.push_str("%{ endif }\"");
    }
}
