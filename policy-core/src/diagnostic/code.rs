//! The stable codes of everything the language can find wrong. A code is never used for something else.

use super::Severity;

macro_rules! codes {
    ($($variant:ident $code:literal $name:literal $severity:ident $summary:literal)*) => {
        /// What kind of mistake it is. The text form (`PL203`) is stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $summary] $variant,)*
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The stable form, such as `PL203`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// The name in words, such as `undeclared-name`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// One sentence about it.
            pub const fn summary(self) -> &'static str {
                match self { $(Self::$variant => $summary),* }
            }

            /// How bad it is.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity),* }
            }
        }
    };
}

codes! {
    NoPolicyFile "PL001" "no-policy-file" Error "The directory holds no policy file."
    NotAPlainFile "PL002" "not-a-plain-file" Error "A name in the directory is a symbolic link, or a policy file is neither file nor folder."
    Unreadable "PL003" "unreadable" Error "A file or folder cannot be read."
    TooMuchText "PL004" "too-much-text" Error "A file, the estate or the number of files is over its limit."
    NotUtf8 "PL005" "not-utf-8" Error "A file is not UTF-8."
    ByteOrderMark "PL006" "byte-order-mark" Warning "A file begins with a byte-order mark."

    Syntax "PL101" "syntax" Error "The text is not HCL."
    TooDeep "PL102" "too-deep" Error "Expressions, blocks or templates are nested too deep."
    UnknownBlock "PL103" "unknown-block" Error "The language has no such block here."
    UnknownAttribute "PL104" "unknown-attribute" Error "The block has no such attribute."
    DuplicateKey "PL105" "duplicate-key" Error "An attribute or an object key is written twice."
    Labels "PL106" "labels" Error "A label is missing, empty or too many."
    MissingAttribute "PL107" "missing-attribute" Error "A required attribute or block is missing."
    RepeatedBlock "PL108" "repeated-block" Error "A block that may stand once stands twice."
    Conflict "PL109" "conflict" Error "Two things exclude each other."

    InvalidName "PL201" "invalid-name" Error "A name has characters, a beginning or a length that names cannot have."
    DuplicateName "PL202" "duplicate-name" Error "A name is declared twice."
    UndeclaredName "PL203" "undeclared-name" Error "A name is used that nobody declares."
    Cycle "PL204" "cycle" Error "Templates or locals refer to each other in a circle."
    RunnerNotDeclared "PL205" "runner-not-declared" Error "A standard command is named whose runner is not declared."
    SelectsNothing "PL206" "selects-nothing" Error "A name pattern selects none of the declared names."
    DuplicateAccountId "PL207" "duplicate-account-id" Error "Two accounts share an id."
    DuplicateRemote "PL208" "duplicate-remote" Error "A remote is listed twice, or two differ only in case."
    NotThatKind "PL209" "not-that-kind" Error "A name is declared, but what it names cannot be used here."

    UnknownVariable "PL301" "unknown-variable" Error "No such variable exists here."
    UnknownFunction "PL302" "unknown-function" Error "The language has no such function."
    TypeMismatch "PL303" "type-mismatch" Error "An operator, function or template is given a value of the wrong type."
    NumberRange "PL304" "number-range" Error "A number has too many digits."
    DivisionByZero "PL305" "division-by-zero" Error "Something is divided by zero."
    NoSuchElement "PL306" "no-such-element" Error "An index or attribute does not exist."
    BadArgument "PL307" "bad-argument" Error "A function is called with arguments that it does not take."
    Budget "PL308" "budget" Error "The evaluation takes more steps or text than an estate may."

    WrongType "PL401" "wrong-type" Error "An attribute takes another type of value."
    InvalidValue "PL402" "invalid-value" Error "A value is not among those that the attribute takes."
    Empty "PL403" "empty" Error "Something is empty that must say something."
    NullValue "PL404" "null" Error "`null` stands where nothing may be left open."
    AccountIdNumber "PL405" "account-id-number" Error "The account id is a number; it must be text, or a leading zero is lost."
    ConflictingVariable "PL406" "conflicting-variable" Error "One environment variable has two values, or is secret and plain."
    FixedOption "PL407" "fixed-option" Error "An option is declared that the command passes itself."

    Glob "PL501" "glob" Error "A glob is not well formed."
    Regex "PL502" "regex" Error "A regular expression is not well formed, or uses what the language leaves out."
    PatternTooLarge "PL503" "pattern-too-large" Error "A pattern is longer, or its automaton larger, than the limits."
    MatchesNothing "PL504" "matches-nothing" Error "A pattern or a list of patterns can match nothing."
    MisplacedPattern "PL505" "misplaced-pattern" Error "A kind of pattern stands where it has no meaning."
    OnlyNegated "PL506" "only-negated" Error "A list has only members to take away."
    NeverCanonical "PL507" "never-canonical" Error "A pattern can match nothing that can be asked."
    RefPrefix "PL508" "ref-prefix" Error "A glob of refs does not begin with `refs/`."
    NothingProtected "PL509" "nothing-protected" Warning "`protected()` is used, and a repository it looks at protects nothing."

    PlanRequirement "PL601" "plan-requirement" Error "A requirement about plans cannot be shown for the command."
    Approvals "PL602" "approvals" Error "`approvals`, `approvers` and `person` do not fit together."
    Invariant "PL603" "invariant" Error "An invariant does not say one thing."

    TooMany "PL701" "too-many" Error "There are more accounts or rules, or a longer chain, than the limits."
}

impl Code {
    /// The code with this stable form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Code;

    #[test]
    fn codes_and_names_are_unique() {
        let codes: BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        let names: BTreeSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!((codes.len(), names.len()), (Code::ALL.len(), Code::ALL.len()));
        assert!(Code::ALL.iter().all(|code| Code::parse(code.as_str()) == Some(*code)));
    }
}
