//! The records of a bundle: rows of words, written and read by the same description.
//!
//! A word is a number, a flag, or a reference: to a record of a section by its number, to a list or an index by its place
//! among the words, to a text or a set of rules by its place in their sections. Where there may be nothing, a reference
//! is one more than what it refers to, and 0 is nothing; the comments say `optional` then.

/// A row of words of one section.
pub(crate) trait Record: Sized {
    /// The words of a row.
    const WORDS: usize;

    /// Reads a row.
    fn read(row: &[u8]) -> Option<Self>;

    /// Appends the row.
    #[cfg(feature = "author")]
    fn write(&self, out: &mut Vec<u8>);
}

macro_rules! record {
    ($(#[$about:meta])* $name:ident { $($(#[$of:meta])* $field:ident,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) struct $name {
            $($(#[$of])* pub(crate) $field: u32,)*
        }

        impl Record for $name {
            const WORDS: usize = [$(stringify!($field)),*].len();

            #[inline]
            fn read(row: &[u8]) -> Option<Self> {
                $(let (word, row) = row.split_first_chunk::<4>()?; let $field = u32::from_le_bytes(*word);)*
                let _ = row;
                Some(Self { $($field),* })
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
        name,
        /// Text: 12 digits.
        id,
        /// The digest of its rules (D1).
        policy,
        /// What it shares with other accounts.
        scope,
        /// The automaton of paths, whose labels are sets of rules.
        paths,
    }
}

record! {
    /// What decides in an account beside its paths. The forbid rules come first, then the permit rules; each by name.
    ScopeRecord {
        /// List of rules.
        rules,
        /// How many of them forbid.
        forbids,
        /// The automaton of principals, whose labels are automata of sessions, whose labels are sets of rules.
        principals,
        /// Index of issuers.
        issuers,
        /// Set of the rules that match whatever token asks, if its issuer is not in the index.
        other_tokens,
        /// Index of repositories that the rules select.
        repositories,
        /// Set of the rules that match a repository that is not in the index.
        other_repositories,
        /// The automaton of refs of a repository that is not in the index; its labels are sets of rules.
        other_refs,
        /// 1 if a permit rule has `protected()` in its `refs`: then what a repository that is declared, but not selected,
        /// protects is explained.
        protected,
        /// Index of commands.
        commands,
    }
}

record! {
    /// An automaton.
    AutomatonRecord {
        /// Its first state; 0 for one that matches nothing.
        start,
        /// The label where it does not match.
        otherwise,
        /// The automaton that goes on with the other patterns, optional: one that would outgrow its budget is several.
        next,
    }
}

record! {
    /// A repository that the rules of an account select: one for each remote.
    RepositoryRecord {
        /// Text: the identity (C1).
        identity,
        /// Set of the rules whose `repositories` match it.
        rules,
        /// The automaton of its refs, whose labels are sets of rules.
        refs,
        /// The automaton of what it protects; its label is 1.
        protected,
        /// Text: what it protects, as its author would write it; optional, if it protects nothing.
        protected_text,
    }
}

record! {
    /// A repository that is declared: one for each remote.
    DeclaredRecord {
        /// Text: the identity (C1).
        identity,
        /// The automaton of what it protects; its label is 1.
        protected,
        /// Text: what it protects; optional.
        protected_text,
    }
}

record! {
    /// The callers of one issuer that the rules of an account use, at most 1,024 of them.
    IssuerRecord {
        /// Text.
        issuer,
        /// How many callers.
        callers,
        /// List of claims.
        claims,
        /// List of sets: for each caller the rules that list it, then for each the rules that list it with `!`.
        rules,
        /// Set of the rules that match whoever asks, unless one that they list with `!` does.
        any,
        /// The next record of the same issuer, optional.
        next,
    }
}

record! {
    /// What callers ask of one claim.
    ClaimRecord {
        /// Text: the name.
        name,
        /// The automaton of its texts, whose labels are sets of callers; those that ask nothing of it are in each.
        texts,
    }
}

record! {
    /// A command that the rules of an account select.
    CommandRecord {
        /// Text.
        name,
        /// Set of the rules whose `commands` match it.
        rules,
        /// What it executes, optional; a verb executes nothing.
        tool,
        /// Set of the rules that match it without any argument.
        without_arguments,
        /// Set of the rules that may match it with arguments: forbid rules about options that it does not have do not.
        with_arguments,
        /// List of conditions of rules on its arguments.
        conditions,
    }
}

record! {
    /// What a command executes.
    ToolRecord {
        /// Text: the runner's name.
        runner,
        /// The runner's digest.
        runner_digest,
        /// 0 reads, 1 writes.
        effect,
        /// 1 if it applies the saved plan of another command.
        plan,
        /// 1 if `-x` and `--x` are one name (A1).
        either_dashes,
        /// List of texts.
        program,
        /// List of texts.
        always,
        /// List of texts.
        trailing,
        /// List of texts: names and values in turn, by name; runner's and command's (A5).
        environment,
        /// Index of options by name, without dashes where they make no difference.
        options,
        /// The automaton of positional arguments; its label is 1. Optional.
        positional,
        /// Text: what a positional argument may be.
        positional_text,
        /// How many there must be.
        positional_min,
        /// How many there may be.
        positional_max,
        /// As `OptionRecord::flags`.
        positional_flags,
    }
}

record! {
    /// An option, a flag, or a name that the command passes itself.
    OptionRecord {
        /// Text, as it is passed on.
        name,
        /// See [`option_flags`].
        flags,
        /// The automaton of its values; its label is 1.
        values,
        /// Text: what it may be given.
        text,
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
    /// All of them.
    pub(crate) const ALL: u32 = 63;
}

record! {
    /// What rules ask of the values of one option of a command, or of its positional arguments.
    ConditionRecord {
        /// The option, optional; none for positional arguments.
        option,
        /// The automaton of values; its labels are the sets of rules that a value satisfies.
        values,
        /// Set of the rules that match if there is no value.
        absent,
    }
}

record! {
    /// A rule, for explanations and requirements.
    RuleRecord {
        /// Text.
        name,
        /// Text: the file in which its block begins.
        file,
        /// The line on which it begins.
        line,
        /// Text of `callers`, optional; none for what is left out.
        callers,
        /// Text of `repositories`, optional.
        repositories,
        /// List of refs, optional.
        refs,
        /// Text of `paths`, optional.
        paths,
        /// Text of `commands`, optional.
        commands,
        /// List of arguments.
        arguments,
        /// What it requires, optional.
        requirements,
    }
}

record! {
    /// What a rule asks of one argument, for explanations.
    ArgumentRecord {
        /// Text: the option's name as the rule spells it, or `positional`.
        name,
        /// Text: the patterns.
        text,
        /// The automaton of values; its label is 1.
        values,
    }
}

record! {
    /// A list of ref patterns (P1, P6).
    RefListRecord {
        /// The automaton of the members; its label is 1.
        include,
        /// The automaton of the members with `!`; its label is 1.
        exclude,
        /// 1 if `protected()` is a member, 2 if it is one with `!`, 3 if both.
        protected,
        /// Text.
        text,
    }
}

record! {
    /// What a permit rule requires.
    RequirementsRecord {
        /// List of refs, optional.
        commit_on,
        /// List of refs, optional.
        commit_is_tip_of,
        /// How many persons must approve; 0 where none must.
        approvals,
        /// List of approvers.
        approvers,
        /// List of approvers with `!`.
        no_approvers,
        /// 1 if it is required.
        planned,
        /// 1 if the plan is limited; 2, 4, 8 and 16 more for a limit of creates, updates, replaces and destroys.
        plan,
        /// The most creates, low word first.
        creates_low,
        /// Its high word.
        creates_high,
        /// The most updates.
        updates_low,
        /// Its high word.
        updates_high,
        /// The most replaces.
        replaces_low,
        /// Its high word.
        replaces_high,
        /// The most destroys.
        destroys_low,
        /// Its high word.
        destroys_high,
        /// The automaton of resource types; its label is 1. Optional.
        types,
        /// 1 if it is required.
        no_rollback,
        /// List of windows.
        windows,
        /// Year, month and day of the last moment: `year << 16 | month << 8 | day`; 0 where there is none.
        not_after_date,
        /// Its hour, minute and second: `hour << 16 | minute << 8 | second`.
        not_after_time,
    }
}

record! {
    /// Hours of some days in one time zone.
    WindowRecord {
        /// A bit for each day, Monday lowest.
        days,
        /// The first minute.
        from,
        /// The minute after the last.
        to,
        /// Text: the zone.
        zone,
    }
}

record! {
    /// A caller who may approve.
    ApproverRecord {
        /// Text: the issuer; optional, none for principals.
        issuer,
        /// The automaton of principals; its label is 1.
        principals,
        /// The automaton of sessions; its label is 1. Optional: any will do.
        sessions,
        /// List of claims, whose automata have the label 1.
        claims,
        /// What tells one person from another: 1 the session, 2 the principal, 3 the claim.
        person,
        /// Text: the claim, optional.
        person_claim,
    }
}
