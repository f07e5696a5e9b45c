//! Rules as explanations show them, and the paths of an account.

use super::product::List;
use super::sets::Asked;
use super::{Proved, Prover, Proving, list_of, refs_of};
use crate::bundle::layout::Section;
use crate::bundle::records::{ArgumentRecord, RefListRecord, RuleRecord};
use crate::bundle::view::with_account_name;
use crate::estate::{RefList, Rule};

impl<'e> Prover<'_, 'e> {
    /// The rules of an account, in the order of their numbers.
    pub(super) fn rules(&mut self, proving: &Proving<'_, 'e, '_>) -> Proved {
        let list = Self::there("rules", self.view.list(proving.scope.rules))?;
        let rules = &proving.rules.rules;
        self.equal("rules", "the number of rules", &list.len(), &rules.len())?;
        self.equal("scopes", "the number of forbids", &(proving.scope.forbids as usize), &proving.rules.forbids)?;
        let protected = u32::from(proving.rules.explains_protected());
        self.equal("scopes", "whether `protected()` is explained", &proving.scope.protected, &protected)?;
        for (number, rule) in list.iter().zip(rules) {
            let record: RuleRecord = Self::there("rules", self.view.record(Section::Rules, number))?;
            self.rule(&proving.rules.account.name, &record, rule)?;
        }
        Ok(())
    }

    fn rule(&mut self, account: &str, record: &RuleRecord, rule: &'e Rule) -> Proved {
        self.text("rules", "the name of a rule", record.name, &rule.name)?;
        self.text("rules", &format!("the file of rule `{}`", rule.name), record.file, &rule.place.file)?;
        self.equal("rules", &format!("the line of rule `{}`", rule.name), &record.line, &rule.place.line)?;
        let texts = [
            (record.callers, rule.callers.as_ref().map(|names| names.text.to_string())),
            (record.repositories, rule.repositories.as_ref().map(|names| names.text.to_string())),
            (record.paths, rule.paths.as_ref().map(|paths| paths.text())),
            (record.commands, rule.commands.as_ref().map(|names| names.text.to_string())),
        ];
        for (reference, should) in texts {
            let is = self.view.optional_text(reference).map(|text| with_account_name(text, account).into_owned());
            self.equal("rules", &format!("a text of rule `{}`", rule.name), &is, &should)?;
        }
        self.optional_refs(account, record.refs, rule.refs.as_deref())?;
        let conditions = rule.arguments.as_deref().map_or(&[][..], |conditions| conditions);
        let arguments: Vec<ArgumentRecord> = self.view.records(Section::Arguments, record.arguments).collect();
        self.equal("arguments", "the number of arguments", &arguments.len(), &conditions.len())?;
        for (argument, condition) in arguments.into_iter().zip(conditions) {
            self.text("arguments", "the name of an argument", argument.name, &condition.name)?;
            let is = with_account_name(self.view.text(argument.text), account).into_owned();
            self.equal("arguments", "the text of an argument", &is, &condition.values.text())?;
            self.matcher("an argument", argument.values, list_of(&condition.values))?;
        }
        self.requirements(account, record.requirements, rule.requirements.as_deref())
    }

    /// A list of refs that may be there.
    pub(super) fn optional_refs(&mut self, account: &str, reference: u32, refs: Option<&RefList>) -> Proved {
        let record: Option<RefListRecord> = self.view.optional(Section::RefLists, reference);
        self.equal("rules", "whether there are refs", &record.is_some(), &refs.is_some())?;
        let (Some(record), Some(refs)) = (record, refs) else { return Ok(()) };
        let is = with_account_name(self.view.text(record.text), account).into_owned();
        self.equal("ref_lists", "the text of refs", &is, &refs.text())?;
        let (list, [included, excluded]) = refs_of(refs);
        let protected = u32::from(included) | u32::from(excluded) << 1;
        self.equal("ref_lists", "where `protected()` stands", &record.protected, &protected)?;
        let part = |include| List { include, exclude: Vec::new() };
        self.matcher("refs", record.include, part(list.include))?;
        self.matcher("refs with `!`", record.exclude, part(list.exclude))
    }

    /// E3, paths.
    pub(super) fn paths(&mut self, proving: &Proving<'_, 'e, '_>, automaton: u32) -> Proved {
        let rules = proving.rules.rules.iter();
        let asked = rules.map(|rule| rule.paths.as_ref().map_or(Asked::Nothing, |paths| Asked::List(list_of(paths))));
        let asked: Vec<Asked> = asked.collect();
        self.rule_sets("paths", automaton, &asked, None)
    }
}
