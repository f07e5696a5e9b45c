//! The syntax tree of HCL native syntax: what stands where, with the span of everything, and nothing about its meaning.
//!
//! What could be nested without a bracket (operators of one precedence, prefix operators, `a ? b : c ? d : e`, traversals)
//! is kept flat, so that no walk over the tree recurses deeper than the counted nesting limits.

use std::sync::Arc;

use crate::number::Number;
use crate::source::Span;

/// The attributes and blocks of a file or block, in the order written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Body {
    /// Whether something in it could not be read (nested blocks aside). That is reported already, and what the body
    /// lacks is then nobody's mistake.
    pub broken: bool,
    /// The attributes, in the order written; a name written twice stands here twice.
    pub attributes: Vec<Attribute>,
    /// The blocks, in the order written.
    pub blocks: Vec<Block>,
}

/// An identifier and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The text.
    pub text: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

/// `NAME = VALUE`.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// What stands left of `=`.
    pub name: Name,
    /// What stands right of `=`.
    pub value: Expression,
    /// From the name to the end of the value.
    pub span: Span,
}

/// `KIND "LABEL" … { … }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The word the block begins with.
    pub kind: Name,
    /// The labels, quoted or bare, in NFC.
    pub labels: Vec<Name>,
    /// What stands between the braces.
    pub body: Body,
    /// From the kind to the end of the last label.
    pub header: Span,
}

/// An expression and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of expressions.
#[derive(Debug, Clone, PartialEq)]
pub enum ExpressionKind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number literal.
    Number(Number),
    /// A quoted text or heredoc without anything to evaluate, in NFC.
    Text(Arc<str>),
    /// A quoted template or heredoc with interpolations or directives.
    Template(Vec<TemplatePart>),
    /// `[a, b]`.
    List(Vec<Expression>),
    /// `{a = b}`.
    Object(Vec<ObjectEntry>),
    /// A bare name.
    Variable(Arc<str>),
    /// `name(arguments)`.
    Call(Call),
    /// `subject.name`, `subject[index]`, `subject[*]` and so on, one step after the other.
    Traversal(Box<Traversal>),
    /// `!x`, `-x`: the operators from the outermost to the innermost.
    Unary(Vec<UnaryOperator>, Box<Expression>),
    /// Operators of one precedence, applied from left to right.
    Binary(Box<Expression>, Vec<(BinaryOperator, Expression)>),
    /// `c1 ? a1 : c2 ? a2 : … : otherwise`.
    Conditional(Vec<(Expression, Expression)>, Box<Expression>),
    /// `[for …]` or `{for …}`.
    For(Box<For>),
    /// `(x)`.
    Parenthesis(Box<Expression>),
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq)]
pub enum TemplatePart {
    /// Text as it is.
    Literal(Arc<str>),
    /// `${x}`.
    Interpolation(Expression),
    /// `%{if c}…%{else}…%{endif}`.
    If {
        /// The condition.
        condition: Expression,
        /// What stands before `else` or `endif`.
        then: Vec<TemplatePart>,
        /// What stands after `else`; empty without one.
        otherwise: Vec<TemplatePart>,
    },
    /// `%{for k, v in c}…%{endfor}`.
    For {
        /// The name for keys or indexes, if written.
        key: Option<Name>,
        /// The name for values.
        value: Name,
        /// What is walked through.
        collection: Expression,
        /// What is repeated.
        body: Vec<TemplatePart>,
    },
}

/// `key = value` or `key : value` in an object.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectEntry {
    /// The key: a bare name has become [`ExpressionKind::Text`], everything else is an expression.
    pub key: Expression,
    /// The value.
    pub value: Expression,
}

/// `name(arguments)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The function's name.
    pub name: Name,
    /// The arguments.
    pub arguments: Vec<Expression>,
    /// Whether the last argument is followed by `...`, which spreads a list over the remaining parameters.
    pub expand_last: bool,
}

/// Steps into a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Traversal {
    /// Where it starts.
    pub subject: Expression,
    /// The steps, each with its span.
    pub steps: Vec<(Step, Span)>,
}

/// One step of a traversal.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// `.name`.
    Attribute(Arc<str>),
    /// `[index]`, and the legacy form `.0`.
    Index(Expression),
    /// `.*`: the attribute steps that follow apply to each element.
    AttributeSplat,
    /// `[*]`: all steps that follow apply to each element.
    FullSplat,
}

/// A prefix operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `!`.
    Not,
    /// `-`.
    Negate,
}

/// An infix operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `||`
    Or,
    /// `&&`
    And,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

/// `[for k, v in c : x if p]`, or with braces `{for k, v in c : key => x... if p}`.
#[derive(Debug, Clone, PartialEq)]
pub struct For {
    /// The name for keys or indexes, if written.
    pub key: Option<Name>,
    /// The name for values.
    pub value: Name,
    /// What is walked through.
    pub collection: Expression,
    /// The key of each result, for objects.
    pub result_key: Option<Expression>,
    /// The value of each result.
    pub result: Expression,
    /// Whether `...` groups the values of one key into a list.
    pub group: bool,
    /// What an element must meet.
    pub condition: Option<Expression>,
}
