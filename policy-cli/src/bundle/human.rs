//! Bundles for people: what was written, what one is, and what is in force in an account.

use std::fmt::Write as _;

use policy_core::bundle::{
    AccountView, ApproverView, CommandView, OptionView, PersonView, PlanView, Policy, RepositoryView, RequirementsView,
    RuleView, ToolView, WindowView,
};
use policy_core::decision::Dimension;

use super::Written;
use super::document::text_of;
use super::{grouped, proved};
use crate::arguments::PolicyFormat;
use crate::webassembly::Module;
use ci_feedback::{Colors, Table, command_line, quoted, visible};

/// The digests of a bundle and of the accounts in it.
pub(crate) fn compiled<B: AsRef<[u8]>>(policy: &Policy<B>, written: &Written) -> String {
    // What a host is told to expect comes first.
    let mut text = match written.format {
        PolicyFormat::Bundle => String::new(),
        PolicyFormat::Wasm => format!("module {}\n", written.digest),
        PolicyFormat::Component => format!("component {}\n", written.digest),
    };
    // Writing to a string does not fail, here and below.
    _ = writeln!(text, "bundle {}", policy.digest());
    for account in policy.accounts() {
        _ = writeln!(text, "policy {}  {}", text_of(account.policy()), visible(account.name()));
    }
    text
}

/// What a bundle is, and its accounts; or what is in force in one of them.
pub(crate) fn shown<B: AsRef<[u8]>>(
    policy: &Policy<B>,
    module: Option<&Module>,
    account: Option<AccountView<'_>>,
    colors: Colors,
) -> String {
    match account {
        None => whole(policy, module, colors),
        Some(account) => in_force(policy, account, colors),
    }
}

fn whole<B: AsRef<[u8]>>(policy: &Policy<B>, module: Option<&Module>, colors: Colors) -> String {
    let accounts: Vec<AccountView<'_>> = policy.accounts().collect();
    let holds = match (&*accounts, policy.is_one_account()) {
        ([account], true) => format!("the account {} alone", quoted(account.name())),
        ([_], _) => "an estate of one account".to_owned(),
        (accounts, _) => format!("an estate of {} accounts", accounts.len()),
    };
    let (major, minor) = policy.format();
    let mut about = Table::default();
    if let Some(module) = module {
        let (made_by, interface) = (module.made_by(), module.interface());
        about.row(module.kind(), module.digest().to_string());
        about.row("made by", format!("portcullis {made_by}, interface {interface}; every byte was checked"));
        about.row("decider", module.decider());
        about.row("file bytes", grouped(module.bytes() as u64));
    }
    about.row("bundle", policy.digest().to_string());
    about.row("format", format!("{major}.{minor}, policy language {}", policy.language()));
    about.row("holds", holds);
    about.row("proved", proved(policy.proof().unwrap_or_default()));
    about.row("bytes", grouped(policy.bytes().len() as u64));
    let mut parts = Table::default();
    for (name, bytes) in policy.sections() {
        parts.row(name, format!("{:>11}", grouped(bytes as u64)));
    }
    let bold = colors.strong();
    let mut text = about.written(0, colors);
    _ = write!(text, "\n{bold}bytes by part{bold:#}\n{}", parts.written(2, colors));
    _ = writeln!(text, "\n{bold}accounts{bold:#}");
    let width = accounts.iter().map(|account| account.name().len()).max().unwrap_or(0);
    for account in accounts {
        let policy = text_of(account.policy());
        _ = writeln!(text, "  {:width$}  {}  {policy}", visible(account.name()), visible(account.id()));
    }
    text
}

fn in_force<B: AsRef<[u8]>>(policy: &Policy<B>, account: AccountView<'_>, colors: Colors) -> String {
    let mut about = Table::default();
    about.row("account", format!("{}, {}", quoted(account.name()), visible(account.id())));
    about.row("policy", text_of(account.policy()));
    about.row("bundle", policy.digest().to_string());
    let mut text = about.written(0, colors);
    let sections = [
        ("rules", account.rules().map(|rule| of_rule(&rule, colors)).collect::<String>()),
        ("commands", account.commands().iter().map(|command| of_command(command, colors)).collect()),
        ("repositories", account.repositories().iter().map(of_repository).collect()),
    ];
    let bold = colors.strong();
    for (title, lines) in sections {
        let lines = if lines.is_empty() { "  none\n" } else { lines.as_str() };
        _ = write!(text, "\n{bold}{title}{bold:#}\n{lines}");
    }
    text
}

fn of_rule(rule: &RuleView<'_>, colors: Colors) -> String {
    let style = if rule.effect() == "permit" { colors.good() } else { colors.bad() };
    let mut table = Table::default();
    for dimension in Dimension::ALL {
        // A forbid may leave dimensions out: then they mean anything, which is said once, by their absence.
        if let Some(text) = rule.text(dimension) {
            table.row(dimension.attribute(), visible(&text));
        }
    }
    for (name, values) in rule.arguments() {
        table.row("arguments", visible(&format!("\"{name}\" = {values}")));
    }
    for line in rule.requirements().iter().flat_map(required) {
        table.row("require", visible(&line));
    }
    format!(
        "  {style}{}{style:#} \"{}\" at {}:{}\n{}",
        rule.effect(),
        visible(rule.name()),
        visible(rule.file()),
        rule.line(),
        table.written_at(4, 14, colors)
    )
}

/// Each requirement as a policy would say it, as far as a bundle knows.
fn required(required: &RequirementsView<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(required.commit_on().map(|refs| format!("commit_on = {refs}")));
    lines.extend(required.commit_is_tip_of().map(|refs| format!("commit_is_tip_of = {refs}")));
    for (name, texts) in [
        ("includes_tip_of", required.includes_tip_of().collect::<Vec<_>>()),
        ("checks", required.checks().collect::<Vec<_>>()),
    ] {
        if !texts.is_empty() {
            lines.push(format!("{name} = {texts:?}"));
        }
    }
    if required.approvals() > 0 {
        let callers = |callers: Vec<ApproverView<'_>>| callers.iter().map(approver).collect::<Vec<_>>().join(" or ");
        let excluded = callers(required.excluded_approvers().collect());
        let but = if excluded.is_empty() { String::new() } else { format!(", but not by {excluded}") };
        lines.push(format!(
            "approvals = {}, by {}{but}",
            required.approvals(),
            callers(required.approvers().collect())
        ));
    }
    lines.extend(required.planned().then(|| "planned = true".to_owned()));
    lines.extend(required.plan().map(plan));
    lines.extend(required.no_rollback().then(|| "no_rollback = true".to_owned()));
    let windows: Vec<String> = required.windows().map(|window| hours(&window)).collect();
    lines.extend((!windows.is_empty()).then(|| format!("window = {}", windows.join(", or "))));
    lines.extend(required.not_after().map(|moment| format!("not_after = {moment}")));
    lines
}

fn approver(approver: &ApproverView<'_>) -> String {
    let who = match approver.issuer {
        Some(issuer) => format!("tokens of {issuer} with the right {}", approver.claims.join(", ")),
        None => "principals of the policy".to_owned(),
    };
    match approver.person {
        PersonView::Session => format!("{who} (a person is a session)"),
        PersonView::Principal => format!("{who} (a person is a principal)"),
        PersonView::Claim(claim) => format!("{who} (a person is the claim {claim})"),
    }
}

fn plan(plan: PlanView) -> String {
    let limits = [
        ("creates", plan.creates),
        ("updates", plan.updates),
        ("replaces", plan.replaces),
        ("destroys", plan.destroys),
    ];
    let limits = limits.into_iter().filter_map(|(name, limit)| limit.map(|limit| format!("{name} up to {limit}")));
    let types = plan.limits_types.then(|| "types of the policy".to_owned());
    format!("plan: {}", limits.chain(types).collect::<Vec<_>>().join(", "))
}

fn hours(window: &WindowView<'_>) -> String {
    let days: Vec<&str> = window.days.iter().map(|day| day.as_str()).collect();
    format!("{} {} to {} {}", days.join(" "), window.from, window.to, window.zone)
}

fn of_command(command: &CommandView<'_>, colors: Colors) -> String {
    let bold = colors.strong();
    let name = visible(command.name());
    let Some(tool) = command.tool() else { return format!("  {bold}{name}{bold:#}, a verb of the runtime\n") };
    let does = match (tool.effect(), tool.applies_plan()) {
        ("read", _) => "reads",
        (_, false) => "writes",
        (_, true) => "writes, by a saved plan where one is required",
    };
    let mut table = Table::default();
    table.row("runner", format!("{} {}", quoted(tool.runner()), text_of(tool.runner_digest())));
    table.row("executes", vector(&tool));
    for (name, value) in tool.environment() {
        table.row("environment", command_line([format!("{name}={value}")]));
    }
    for option in tool.options() {
        table.row("option", visible(&of_option(&option)));
    }
    if let Some(positional) = tool.positional() {
        let range = format!("{} to {}", positional.min(), positional.max());
        let how = [(positional.is_path(), ", a path"), (positional.is_secret(), ", secret")];
        table.row("arguments", visible(&format!("{range}, each {}{}", positional.values(), said(&how))));
    }
    if !tool.reserved().is_empty() {
        table.row("refused", format!("{}: passed by the command itself", command_line(tool.reserved())));
    }
    format!("  {bold}{name}{bold:#} {does}\n{}", table.written_at(4, 14, colors))
}

/// A3: the argument vector, with a place for what may be given.
fn vector(tool: &ToolView<'_>) -> String {
    let options = (!tool.options().is_empty()).then(|| "[OPTIONS]".to_owned());
    let arguments = tool.positional().map(|_| "[ARGUMENTS]".to_owned());
    let parts = [Some(command_line(tool.program())), options, Some(command_line(tool.always())), arguments];
    let parts = parts.into_iter().flatten().chain([command_line(tool.trailing())]);
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn of_option(option: &OptionView<'_>) -> String {
    let how = [
        (option.is_required(), ", required"),
        (option.is_path(), ", a path"),
        (option.repeats(), ", may repeat"),
        (option.is_separate(), ", passed on as two items"),
        (option.is_secret(), ", secret"),
    ];
    match option.values() {
        Some(values) => format!("{} = {values}{}", option.name(), said(&how)),
        None => format!("{}, a flag{}", option.name(), said(&how)),
    }
}

fn said(how: &[(bool, &'static str)]) -> String {
    how.iter().filter(|(holds, _)| *holds).map(|(_, words)| *words).collect()
}

fn of_repository(repository: &RepositoryView<'_>) -> String {
    let protected = repository.protected().map_or_else(|| "nothing".to_owned(), ToOwned::to_owned);
    format!("  {} protects {}\n", quoted(repository.identity()), visible(&protected))
}
