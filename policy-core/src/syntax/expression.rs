//! Expressions. `lines` says whether the end of a line is a blank (inside parentheses and lists) or an end.

use crate::diagnostic::{Code, Diagnostic};
use crate::number::Number;

use super::body::report_duplicate_keys;
use super::scanner::{Nesting, Parsed, Parser, identifier_length};
use super::tree::{
    BinaryOperator, Call, Expression, ExpressionKind, For, Name, ObjectEntry, Step, Traversal, UnaryOperator,
};

impl Parser<'_> {
    /// Reads an expression; the cursor stands at its first character.
    pub(super) fn expression(&mut self, lines: bool) -> Parsed<Expression> {
        let start = self.position;
        let first = self.binary(0, lines)?;
        let mut arms = Vec::new();
        let mut condition = first;
        loop {
            let before = self.position;
            self.skip_blank(lines)?;
            if self.byte(0) != Some(b'?') {
                self.position = before;
                break;
            }
            let question = self.position;
            self.position += 1;
            self.skip_blank(lines)?;
            let chosen = self.nested(Nesting::Arm, question, |parser| parser.expression(lines))?;
            self.skip_blank(lines)?;
            self.expect(":", "between the two arms of the conditional")?;
            self.skip_blank(lines)?;
            let otherwise = self.binary(0, lines)?;
            arms.push((condition, chosen));
            condition = otherwise;
        }
        if arms.is_empty() {
            return Ok(condition);
        }
        let kind = ExpressionKind::Conditional(arms, Box::new(condition));
        Ok(Expression { kind, span: self.span(start) })
    }

    /// Reads operands joined by operators of `least` precedence or higher.
    fn binary(&mut self, least: u8, lines: bool) -> Parsed<Expression> {
        let start = self.position;
        let mut left = self.unary(lines)?;
        while let Some((precedence, _)) = self.operator(lines, least)? {
            let mut rest = Vec::new();
            while let Some((same, operator)) = self.operator(lines, least)? {
                if same != precedence {
                    break;
                }
                self.skip_blank(lines)?;
                self.position += operator_length(operator);
                self.skip_blank(lines)?;
                rest.push((operator, self.binary(precedence + 1, lines)?));
            }
            left = Expression { kind: ExpressionKind::Binary(Box::new(left), rest), span: self.span(start) };
        }
        Ok(left)
    }

    /// The operator that comes next, and how tightly it binds; the cursor stays.
    fn operator(&mut self, lines: bool, least: u8) -> Parsed<Option<(u8, BinaryOperator)>> {
        use BinaryOperator as B;
        let before = self.position;
        self.skip_blank(lines)?;
        let found = match (self.byte(0), self.byte(1)) {
            (Some(b'|'), Some(b'|')) => Some((0, B::Or)),
            (Some(b'&'), Some(b'&')) => Some((1, B::And)),
            (Some(b'='), Some(b'=')) => Some((2, B::Equal)),
            (Some(b'!'), Some(b'=')) => Some((2, B::NotEqual)),
            (Some(b'<'), Some(b'=')) => Some((3, B::LessOrEqual)),
            (Some(b'<'), _) => Some((3, B::Less)),
            (Some(b'>'), Some(b'=')) => Some((3, B::GreaterOrEqual)),
            (Some(b'>'), _) => Some((3, B::Greater)),
            (Some(b'+'), _) => Some((4, B::Add)),
            (Some(b'-'), _) => Some((4, B::Subtract)),
            (Some(b'*'), _) => Some((5, B::Multiply)),
            (Some(b'/'), _) => Some((5, B::Divide)),
            (Some(b'%'), _) => Some((5, B::Remainder)),
            _ => None,
        };
        self.position = before;
        Ok(found.filter(|(precedence, _)| *precedence >= least))
    }

    fn unary(&mut self, lines: bool) -> Parsed<Expression> {
        let start = self.position;
        let mut operators = Vec::new();
        loop {
            match self.byte(0) {
                Some(b'!') => operators.push(UnaryOperator::Not),
                Some(b'-') => operators.push(UnaryOperator::Negate),
                _ => break,
            }
            self.position += 1;
            self.skip_blank(lines)?;
        }
        let operand = self.postfix(lines)?;
        if operators.is_empty() {
            return Ok(operand);
        }
        let kind = ExpressionKind::Unary(operators, Box::new(operand));
        Ok(Expression { kind, span: self.span(start) })
    }

    /// Reads a term and the steps into it.
    fn postfix(&mut self, lines: bool) -> Parsed<Expression> {
        let start = self.position;
        let subject = self.term()?;
        let mut steps = Vec::new();
        let mut splats: u32 = 0;
        loop {
            let before = self.position;
            self.skip_blank(lines)?;
            let step_start = self.position;
            let step = match (self.byte(0), self.byte(1)) {
                (Some(b'.'), Some(b'.')) => None,
                (Some(b'.'), _) => Some(self.attribute_step(lines)?),
                (Some(b'['), _) => Some(self.index_step()?),
                _ => None,
            };
            let Some(step) = step else {
                self.position = before;
                break;
            };
            splats += u32::from(matches!(step, Step::FullSplat | Step::AttributeSplat));
            if splats > crate::limits::ARM_NESTING {
                let message = format!("more than {} splats follow each other", crate::limits::ARM_NESTING);
                return Err(Box::new(Diagnostic::new(Code::TooDeep, self.span(step_start), message)));
            }
            steps.push((step, self.span(step_start)));
        }
        if steps.is_empty() {
            return Ok(subject);
        }
        let kind = ExpressionKind::Traversal(Box::new(Traversal { subject, steps }));
        Ok(Expression { kind, span: self.span(start) })
    }

    fn attribute_step(&mut self, lines: bool) -> Parsed<Step> {
        self.position += 1;
        self.skip_blank(lines)?;
        if self.take("*") {
            return Ok(Step::AttributeSplat);
        }
        let start = self.position;
        if self.byte(0).is_some_and(|byte| byte.is_ascii_digit()) {
            let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
            self.position += digits;
            let kind = ExpressionKind::Number(self.number_of(start)?);
            return Ok(Step::Index(Expression { kind, span: self.span(start) }));
        }
        let name = self.expect_identifier("a name after `.`")?;
        Ok(Step::Attribute(name.text))
    }

    fn index_step(&mut self) -> Parsed<Step> {
        let start = self.position;
        self.position += 1;
        self.skip_blank(true)?;
        if self.byte(0) == Some(b'*') {
            self.position += 1;
            self.skip_blank(true)?;
            self.expect("]", "after `[*`")?;
            return Ok(Step::FullSplat);
        }
        // X1 counts no level for an index, but reading one recurses like an arm of a conditional.
        let index = self.nested(Nesting::Arm, start, |parser| parser.expression(true))?;
        self.skip_blank(true)?;
        self.expect("]", "after the index")?;
        Ok(Step::Index(index))
    }

    fn term(&mut self) -> Parsed<Expression> {
        let start = self.position;
        let kind = match self.byte(0) {
            Some(b'"') => self.quoted()?,
            Some(b'0'..=b'9') => self.number()?,
            Some(b'(') => self.parenthesis()?,
            Some(b'[') => self.nested(Nesting::Expression, start, Self::list)?,
            Some(b'{') => self.nested(Nesting::Expression, start, Self::object)?,
            Some(b'<') if self.byte(1) == Some(b'<') => self.heredoc()?,
            _ if identifier_length(self.rest()) > 0 => self.word()?,
            _ => return Err(self.unexpected("a value")),
        };
        Ok(Expression { kind, span: self.span(start) })
    }

    fn number(&mut self) -> Parsed<ExpressionKind> {
        let start = self.position;
        let digits = |parser: &mut Self| {
            let count = parser.rest().bytes().take_while(u8::is_ascii_digit).count();
            parser.position += count;
            count > 0
        };
        digits(self);
        if self.byte(0) == Some(b'.') && self.byte(1).is_some_and(|byte| byte.is_ascii_digit()) {
            self.position += 1;
            digits(self);
        }
        if matches!(self.byte(0), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(self.byte(1), Some(b'+' | b'-')));
            self.position += 1 + sign;
            if !digits(self) {
                return Err(self.unexpected("the digits of the exponent"));
            }
        }
        Ok(ExpressionKind::Number(self.number_of(start)?))
    }

    /// X1: a literal that needs more digits than a number has is an error.
    fn number_of(&self, start: usize) -> Parsed<Number> {
        Number::from_literal(self.since(start)).ok_or_else(|| {
            let message = "this number needs more than 19 digits before or 18 digits after the decimal point";
            Box::new(
                Diagnostic::new(Code::NumberRange, self.span(start), message)
                    .help("write ids and other long digit strings as text, in quotes"),
            )
        })
    }

    fn parenthesis(&mut self) -> Parsed<ExpressionKind> {
        let start = self.position;
        self.nested(Nesting::Expression, start, |parser| {
            parser.position += 1;
            parser.skip_blank(true)?;
            let inner = parser.expression(true)?;
            parser.skip_blank(true)?;
            parser.expect(")", "at the end of the parenthesis")?;
            Ok(ExpressionKind::Parenthesis(Box::new(inner)))
        })
    }

    fn list(&mut self) -> Parsed<ExpressionKind> {
        self.position += 1;
        self.skip_blank(true)?;
        if self.take_word("for") {
            return self.for_expression("]");
        }
        let mut members = Vec::new();
        loop {
            if self.take("]") {
                return Ok(ExpressionKind::List(members));
            }
            members.push(self.expression(true)?);
            self.skip_blank(true)?;
            if self.byte(0) != Some(b']') {
                self.expect(",", "or `]` after the list member")?;
                self.skip_blank(true)?;
            }
        }
    }

    fn object(&mut self) -> Parsed<ExpressionKind> {
        self.position += 1;
        self.skip_blank(true)?;
        if self.take_word("for") {
            return self.for_expression("}");
        }
        let mut entries = Vec::new();
        loop {
            self.skip_blank(true)?;
            if self.take("}") {
                report_duplicate_keys(&entries, self.diagnostics);
                return Ok(ExpressionKind::Object(entries));
            }
            entries.push(self.object_entry()?);
            self.skip_blank(false)?;
            // Entries end with a comma or with their line.
            if !self.take(",") && !self.take_line_end() && self.byte(0) != Some(b'}') {
                return Err(self.unexpected("a new line, `,` or `}` after the entry"));
            }
        }
    }

    fn object_entry(&mut self) -> Parsed<ObjectEntry> {
        let start = self.position;
        let mut key = self.expression(false)?;
        // A bare name is a name, not a variable; `(name)` would be the variable.
        match &key.kind {
            ExpressionKind::Variable(name) => key.kind = ExpressionKind::Text(name.clone()),
            ExpressionKind::Null | ExpressionKind::Bool(_) => {
                key.kind = ExpressionKind::Text(self.since(start).into());
            }
            _ => {}
        }
        self.skip_blank(false)?;
        if !self.take("=") && !self.take(":") {
            return Err(self.unexpected("`=` or `:` after the key"));
        }
        self.skip_blank(false)?;
        let value = self.expression(false)?;
        Ok(ObjectEntry { key, value })
    }

    /// Reads a name, a keyword or a call.
    fn word(&mut self) -> Parsed<ExpressionKind> {
        let start = self.position;
        let name = self.expect_identifier("a name")?;
        let before = self.position;
        self.skip_blank(false)?;
        if self.byte(0) == Some(b'(') {
            return self.nested(Nesting::Expression, start, |parser| parser.call(name));
        }
        if self.byte(0) == Some(b':') && self.byte(1) == Some(b':') {
            return Err(self.unexpected("a value; functions of providers do not exist in policies,"));
        }
        self.position = before;
        Ok(match &*name.text {
            "true" => ExpressionKind::Bool(true),
            "false" => ExpressionKind::Bool(false),
            "null" => ExpressionKind::Null,
            _ => ExpressionKind::Variable(name.text),
        })
    }

    fn call(&mut self, name: Name) -> Parsed<ExpressionKind> {
        self.position += 1;
        self.skip_blank(true)?;
        let mut call = Call { name, arguments: Vec::new(), expand_last: false };
        loop {
            if self.take(")") {
                return Ok(ExpressionKind::Call(call));
            }
            call.arguments.push(self.expression(true)?);
            self.skip_blank(true)?;
            if self.take("...") {
                call.expand_last = true;
                self.skip_blank(true)?;
                self.expect(")", "after `...`")?;
                return Ok(ExpressionKind::Call(call));
            }
            if self.byte(0) != Some(b')') {
                self.expect(",", "or `)` after the argument")?;
                self.skip_blank(true)?;
            }
        }
    }

    /// Reads the rest of `[for …]` or `{for …}` behind the word `for`.
    fn for_expression(&mut self, close: &str) -> Parsed<ExpressionKind> {
        let (key, value) = self.for_names()?;
        let collection = self.expression(true)?;
        self.skip_blank(true)?;
        self.expect(":", "after what `for` walks through")?;
        self.skip_blank(true)?;
        let first = self.expression(true)?;
        self.skip_blank(true)?;
        let (result_key, result) = if close == "}" {
            self.expect("=>", "between the key and the value of the result")?;
            self.skip_blank(true)?;
            let value = self.expression(true)?;
            self.skip_blank(true)?;
            (Some(first), value)
        } else {
            (None, first)
        };
        let group = result_key.is_some() && self.take("...");
        self.skip_blank(true)?;
        let mut condition = None;
        if self.take_word("if") {
            self.skip_blank(true)?;
            condition = Some(self.expression(true)?);
            self.skip_blank(true)?;
        }
        self.expect(close, "at the end of the `for` expression")?;
        Ok(ExpressionKind::For(Box::new(For { key, value, collection, result_key, result, group, condition })))
    }

    /// Reads `k, v in ` or `v in ` behind the word `for`.
    pub(super) fn for_names(&mut self) -> Parsed<(Option<Name>, Name)> {
        self.skip_blank(true)?;
        let first = self.expect_identifier("a name after `for`")?;
        self.skip_blank(true)?;
        let mut names = (None, first);
        if self.take(",") {
            self.skip_blank(true)?;
            let second = self.expect_identifier("a second name after `,`")?;
            names = (Some(names.1), second);
            self.skip_blank(true)?;
        }
        if !self.take_word("in") {
            return Err(self.unexpected("`in`"));
        }
        self.skip_blank(true)?;
        Ok(names)
    }
}

fn operator_length(operator: BinaryOperator) -> usize {
    use BinaryOperator as B;
    match operator {
        B::Or | B::And | B::Equal | B::NotEqual | B::LessOrEqual | B::GreaterOrEqual => 2,
        B::Less | B::Greater | B::Add | B::Subtract | B::Multiply | B::Divide | B::Remainder => 1,
    }
}
