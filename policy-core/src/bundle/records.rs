//! The records of a bundle: rows of words, written and read by the same description.
//!
//! A word is a number, a flag, or a reference: to a record of a section by its number, to a list or an index by its place
//! among the words, to a text or a set of rules by its place in their sections. Where there may be nothing, a reference
//! is one more than what it refers to, and 0 is nothing; the comments say `optional` then.

use super::layout::Section;

/// What a word of a record is, for whoever checks whether it refers to what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    /// A number that may be any, or that is checked together with others.
    Number,
    /// A number up to this one.
    AtMost(u32),
    /// A text.
    Text,
    /// A text, optional.
    OptionalText,
    /// A list of texts.
    Texts,
    /// A set of rules.
    Set,
    /// A list of sets of rules.
    Sets,
    /// A digest.
    Digest,
    /// A record.
    Record(Section),
    /// A record, optional.
    Optional(Section),
    /// A record that stands behind this one in the same section, optional: so that going on ends.
    Later(Section),
    /// A list of records.
    List(Section),
    /// An index of records.
    Index(Section),
}

const AUTOMATON: Word = Word::Record(Section::Automata);
const OPTIONAL_AUTOMATON: Word = Word::Optional(Section::Automata);
const FLAG: Word = Word::AtMost(1);

/// A row of words of one section.
pub(crate) trait Record: Sized {
    /// What each word of a row is.
    const FIELDS: &'static [Word];

    /// The words of a row.
    const WORDS: usize = Self::FIELDS.len();

    /// Reads a row.
    fn read(row: &[u8]) -> Option<Self>;

    /// Appends the row.
    #[cfg(feature = "author")]
    fn write(&self, out: &mut Vec<u8>);
}

macro_rules! record {
    ($(#[$about:meta])* $name:ident { $($(#[$of:meta])* $field:ident: $word:expr,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) struct $name {
            $($(#[$of])* pub(crate) $field: u32,)*
        }

        impl Record for $name {
            const FIELDS: &'static [Word] = &[$($word),*];

            #[inline]
            fn read(row: &[u8]) -> Option<Self> {
                let (words, _) = row.as_chunks();
                let [$($field),*] = words.first_chunk()?;
                Some(Self { $($field: u32::from_le_bytes(*$field)),* })
            }

            #[cfg(feature = "author")]
            fn write(&self, out: &mut Vec<u8>) {
                $(out.extend(self.$field.to_le_bytes());)*
            }
        }
    };
}

record! {
    /// One account.
    AccountRecord {
        /// Text.
        name: Word::Text,
        /// Text: 12 digits.
        id: Word::Text,
        /// The digest of its rules (D1).
        policy: Word::Digest,
        /// What it shares with other accounts.
        scope: Word::Record(Section::Scopes),
        /// The automaton of paths, whose labels are sets of rules.
        paths: AUTOMATON,
    }
}

record! {
    /// What decides in an account beside its paths. The forbid rules come first, then the permit rules; each by name.
    ScopeRecord {
        /// List of rules.
        rules: Word::List(Section::Rules),
        /// How many of them forbid.
        forbids: Word::Number,
        /// The automaton of principals, whose labels are automata of sessions, whose labels are sets of rules.
        principals: AUTOMATON,
        /// Index of issuers.
        issuers: Word::Index(Section::Issuers),
        /// Set of the rules that match whatever token asks, if its issuer is not in the index.
        other_tokens: Word::Set,
        /// Index of repositories that the rules select.
        repositories: Word::Index(Section::Repositories),
        /// Set of the rules that match a repository that is not in the index.
        other_repositories: Word::Set,
        /// The automaton of refs of a repository that is not in the index; its labels are sets of rules.
        other_refs: AUTOMATON,
        /// 1 if a permit rule has `protected()` in its `refs`: then what a repository that is declared, but not selected,
        /// protects is explained.
        protected: FLAG,
        /// Index of commands.
        commands: Word::Index(Section::Commands),
    }
}

record! {
    /// An automaton.
    AutomatonRecord {
        /// Its first state; 0 for one that matches nothing.
        start: Word::Number,
        /// The label where it does not match.
        otherwise: Word::Number,
        /// The automaton that goes on with the other patterns, optional: one that would outgrow its budget is several.
        next: Word::Later(Section::Automata),
    }
}

record! {
    /// A repository that the rules of an account select: one for each remote.
    RepositoryRecord {
        /// Text: the identity (C1).
        identity: Word::Text,
        /// Set of the rules whose `repositories` match it.
        rules: Word::Set,
        /// The automaton of its refs, whose labels are sets of rules.
        refs: AUTOMATON,
        /// The automaton of what it protects; its label is 1.
        protected: AUTOMATON,
        /// Text: what it protects, as its author would write it; optional, if it protects nothing.
        protected_text: Word::OptionalText,
    }
}

record! {
    /// A repository that is declared: one for each remote.
    DeclaredRecord {
        /// Text: the identity (C1).
        identity: Word::Text,
        /// The automaton of what it protects; its label is 1.
        protected: AUTOMATON,
        /// Text: what it protects; optional.
        protected_text: Word::OptionalText,
    }
}

record! {
    /// The callers of one issuer that the rules of an account use, at most 1,024 of them.
    IssuerRecord {
        /// Text.
        issuer: Word::Text,
        /// How many callers.
        callers: Word::Number,
        /// List of texts: their names, in order.
        names: Word::Texts,
        /// List of claims.
        claims: Word::List(Section::Claims),
        /// List of what some of them bind.
        binds: Word::List(Section::Binds),
        /// List of sets: for each caller the rules that list it, then for each the rules that list it with `!`.
        rules: Word::Sets,
        /// Set of the rules that match whoever asks, unless one that they list with `!` does.
        any: Word::Set,
        /// The next record of the same issuer, optional.
        next: Word::Later(Section::Issuers),
    }
}

record! {
    /// What callers ask of one claim.
    ClaimRecord {
        /// Text: the name.
        name: Word::Text,
        /// The automaton of its texts, whose labels are sets of callers; those that ask nothing of it are in each.
        texts: AUTOMATON,
        /// The automaton of the members with `!`, whose labels are sets of the callers that list them: a list with an element
        /// that matches one is none of theirs. Optional: nobody has such members.
        excluded: OPTIONAL_AUTOMATON,
        /// Set of the callers that have members with `!`.
        excluding: Word::Set,
        /// List of texts: for each caller what the claim must match, empty for those that ask nothing of it.
        patterns: Word::Texts,
    }
}

record! {
    /// What a token must say of the invocation to be a caller (B). Each part is a list of texts, empty where nothing is said:
    /// literals and names of claims in turn, the first and the last a literal.
    BindRecord {
        /// Which of the callers of the issuer's record.
        caller: Word::Number,
        /// The repository.
        repository: Word::Texts,
        /// The ref.
        reference: Word::Texts,
        /// The commit.
        commit: Word::Texts,
    }
}

record! {
    /// A command that the rules of an account select.
    CommandRecord {
        /// Text.
        name: Word::Text,
        /// Set of the rules whose `commands` match it.
        rules: Word::Set,
        /// What it executes, optional; a verb executes nothing.
        tool: Word::Optional(Section::Tools),
        /// Set of the rules that match it without any argument.
        without_arguments: Word::Set,
        /// Set of the rules that may match it with arguments: forbid rules about options that it does not have do not.
        with_arguments: Word::Set,
        /// List of conditions of rules on its arguments.
        conditions: Word::List(Section::Conditions),
    }
}

record! {
    /// What a command executes.
    ToolRecord {
        /// Text: the runner's name.
        runner: Word::Text,
        /// The runner's digest.
        runner_digest: Word::Digest,
        /// 0 reads, 1 writes.
        effect: FLAG,
        /// 1 if it applies the saved plan of another command.
        plan: FLAG,
        /// 1 if `-x` and `--x` are one name (A1).
        either_dashes: FLAG,
        /// 1 if one of its options must be given.
        requires: FLAG,
        /// List of texts.
        program: Word::Texts,
        /// List of texts.
        always: Word::Texts,
        /// List of texts.
        trailing: Word::Texts,
        /// List of texts: names and values in turn, by name; runner's and command's (A5).
        environment: Word::Texts,
        /// Index of options by name, without dashes where they make no difference.
        options: Word::Index(Section::Options),
        /// The automaton of positional arguments; its label is 1. Optional.
        positional: OPTIONAL_AUTOMATON,
        /// Text: what a positional argument may be.
        positional_text: Word::Text,
        /// How many there must be.
        positional_min: Word::AtMost(0xffff),
        /// How many there may be.
        positional_max: Word::AtMost(0xffff),
        /// As `OptionRecord::flags`.
        positional_flags: Word::AtMost(option_flags::ALL),
    }
}

record! {
    /// An option, a flag, or a name that the command passes itself.
    OptionRecord {
        /// Text, as it is passed on.
        name: Word::Text,
        /// See [`option_flags`].
        flags: Word::AtMost(option_flags::ALL),
        /// The automaton of its values; its label is 1.
        values: AUTOMATON,
        /// Text: what it may be given.
        text: Word::Text,
    }
}

/// The flags of an [`OptionRecord`].
pub(crate) mod option_flags {
    /// It takes no value.
    pub(crate) const FLAG: u32 = 1;
    /// A value is a path (C3).
    pub(crate) const PATH: u32 = 2;
    /// It may occur more than once.
    pub(crate) const REPEAT: u32 = 4;
    /// Name and value are two items for the program.
    pub(crate) const SEPARATE: u32 = 8;
    /// Values are kept out of records.
    pub(crate) const SECRET: u32 = 16;
    /// The command passes it itself (A2); nothing else is said of it.
    pub(crate) const RESERVED: u32 = 32;
    /// It must be given.
    pub(crate) const REQUIRED: u32 = 64;
    /// All of them.
    pub(crate) const ALL: u32 = 127;
}

record! {
    /// What rules ask of the values of one option of a command, or of its positional arguments.
    ConditionRecord {
        /// The option, optional; none for positional arguments.
        option: Word::Optional(Section::Options),
        /// The automaton of values; its labels are the sets of rules that a value satisfies.
        values: AUTOMATON,
        /// Set of the rules that match if there is no value.
        absent: Word::Set,
    }
}

record! {
    /// A rule, for explanations and requirements.
    RuleRecord {
        /// Text.
        name: Word::Text,
        /// Text: the file in which its block begins.
        file: Word::Text,
        /// The line on which it begins.
        line: Word::Number,
        /// Text of `callers`, optional; none for what is left out.
        callers: Word::OptionalText,
        /// Text of `repositories`, optional.
        repositories: Word::OptionalText,
        /// List of refs, optional.
        refs: Word::Optional(Section::RefLists),
        /// Text of `paths`, optional.
        paths: Word::OptionalText,
        /// Text of `commands`, optional.
        commands: Word::OptionalText,
        /// List of arguments.
        arguments: Word::List(Section::Arguments),
        /// What it requires, optional.
        requirements: Word::Optional(Section::Requirements),
    }
}

record! {
    /// What a rule asks of one argument, for explanations.
    ArgumentRecord {
        /// Text: the option's name as the rule spells it, or `positional`.
        name: Word::Text,
        /// Text: the patterns.
        text: Word::Text,
        /// The automaton of values; its label is 1.
        values: AUTOMATON,
    }
}

record! {
    /// A list of ref patterns (P1, P6).
    RefListRecord {
        /// The automaton of the members; its label is 1.
        include: AUTOMATON,
        /// The automaton of the members with `!`; its label is 1.
        exclude: AUTOMATON,
        /// 1 if `protected()` is a member, 2 if it is one with `!`, 3 if both.
        protected: Word::AtMost(3),
        /// Text.
        text: Word::Text,
    }
}

record! {
    /// What a permit rule requires.
    RequirementsRecord {
        /// List of refs, optional.
        commit_on: Word::Optional(Section::RefLists),
        /// List of refs, optional.
        commit_is_tip_of: Word::Optional(Section::RefLists),
        /// List of texts: the refs whose tips the commit must include.
        includes_tip_of: Word::Texts,
        /// List of texts: the checks that must have passed.
        checks: Word::Texts,
        /// How many persons must approve; 0 where none must.
        approvals: Word::Number,
        /// List of approvers.
        approvers: Word::List(Section::Approvers),
        /// List of approvers with `!`.
        no_approvers: Word::List(Section::Approvers),
        /// 1 if it is required.
        planned: FLAG,
        /// 1 if the plan is limited; 2, 4, 8 and 16 more for a limit of creates, updates, replaces and destroys.
        plan: Word::AtMost(31),
        /// The most creates, low word first.
        creates_low: Word::Number,
        /// Its high word.
        creates_high: Word::Number,
        /// The most updates.
        updates_low: Word::Number,
        /// Its high word.
        updates_high: Word::Number,
        /// The most replaces.
        replaces_low: Word::Number,
        /// Its high word.
        replaces_high: Word::Number,
        /// The most destroys.
        destroys_low: Word::Number,
        /// Its high word.
        destroys_high: Word::Number,
        /// The automaton of resource types; its label is 1. Optional.
        types: OPTIONAL_AUTOMATON,
        /// 1 if it is required.
        no_rollback: FLAG,
        /// List of windows.
        windows: Word::List(Section::Windows),
        /// Year, month and day of the last moment: `year << 16 | month << 8 | day`; 0 where there is none.
        not_after_date: Word::Number,
        /// Its hour, minute and second: `hour << 16 | minute << 8 | second`.
        not_after_time: Word::Number,
    }
}

record! {
    /// Hours of some days in one time zone.
    WindowRecord {
        /// A bit for each day, Monday lowest.
        days: Word::AtMost(127),
        /// The first minute.
        from: Word::Number,
        /// The minute after the last.
        to: Word::AtMost(1_440),
        /// Text: the zone.
        zone: Word::Text,
    }
}

record! {
    /// A caller who may approve.
    ApproverRecord {
        /// Text: the issuer; optional, none for principals.
        issuer: Word::OptionalText,
        /// The automaton of principals; its label is 1.
        principals: AUTOMATON,
        /// The automaton of sessions; its label is 1. Optional: any will do.
        sessions: OPTIONAL_AUTOMATON,
        /// List of claims, whose automata have the label 1; their sets and lists of callers are empty.
        claims: Word::List(Section::Claims),
        /// What tells one person from another: 1 the session, 2 the principal, 3 the claim.
        person: Word::Number,
        /// Text: the claim, optional.
        person_claim: Word::OptionalText,
    }
}

/// What the words of a section's records are; nothing for a section that has none.
pub(super) const fn fields(section: Section) -> &'static [Word] {
    match section {
        Section::Accounts => AccountRecord::FIELDS,
        Section::Scopes => ScopeRecord::FIELDS,
        Section::Automata => AutomatonRecord::FIELDS,
        Section::Repositories => RepositoryRecord::FIELDS,
        Section::Declared => DeclaredRecord::FIELDS,
        Section::Issuers => IssuerRecord::FIELDS,
        Section::Claims => ClaimRecord::FIELDS,
        Section::Binds => BindRecord::FIELDS,
        Section::Commands => CommandRecord::FIELDS,
        Section::Tools => ToolRecord::FIELDS,
        Section::Options => OptionRecord::FIELDS,
        Section::Conditions => ConditionRecord::FIELDS,
        Section::Rules => RuleRecord::FIELDS,
        Section::Arguments => ArgumentRecord::FIELDS,
        Section::RefLists => RefListRecord::FIELDS,
        Section::Requirements => RequirementsRecord::FIELDS,
        Section::Windows => WindowRecord::FIELDS,
        Section::Approvers => ApproverRecord::FIELDS,
        Section::Digests | Section::States | Section::Sets | Section::Words | Section::Texts => &[],
    }
}
