//! `portcullis init`: a first policy to begin from. Asks nothing, overwrites nothing.

mod template;

use std::fs;
use std::path::PathBuf;

use policy_core::canonical::RepositoryId;
use policy_core::{PolicyFile, check};

use crate::arguments::Init;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::replace::create;
use ci_feedback::visible;
use template::{Account, Start};

/// What an account is called, and its id, where none is given.
const PLACEHOLDER: (&str, &str) = ("production", "111111111111");
/// The repository where none is given.
const PLACEHOLDER_REPOSITORY: &str = "github.com/example/infrastructure-live";

pub(super) fn run(typed: &Init) -> Result<Exit, Failure> {
    let start = understand(typed)?;
    let files = start.files();
    prove(&files)?;
    let paths: Vec<PathBuf> = files.iter().map(|(name, _)| typed.directory.join(name)).collect();
    refuse_existing(&paths)?;
    write_new(&paths, &files)?;
    output::write(&report(typed, &start, &paths))?;
    Ok(Exit::Good)
}

/// What was typed, or placeholders for it.
fn understand(typed: &Init) -> Result<Start, Failure> {
    let mut accounts = typed.account.iter().map(|text| account(text)).collect::<Result<Vec<_>, _>>()?;
    if let Some(twice) = twice(&accounts) {
        return Err(Failure::usage(
            format!("`{twice}` is given twice"),
            "each account has a name and an id of its own",
        ));
    }
    if accounts.is_empty() {
        let (name, id) = PLACEHOLDER;
        accounts.push(Account { name: name.to_owned(), id: id.to_owned(), placeholder: true });
    }
    let repository = match &typed.repository {
        None => PLACEHOLDER_REPOSITORY.to_owned(),
        Some(text) => RepositoryId::parse(text)
            .map_err(|malformed| {
                let help =
                    malformed.help.unwrap_or_else(|| "write it like `github.com/acme/infrastructure-live`".into());
                Failure::usage(format!("`--repository` takes the address of a repository: {}", malformed.message), help)
            })?
            .as_str()
            .to_owned(),
    };
    Ok(Start { accounts, repository, repository_given: typed.repository.is_some() })
}

/// `NAME=ID` (N2, N5).
fn account(text: &str) -> Result<Account, Failure> {
    let refuse = |why: &str| {
        let help = "write it like `--account prod=222222222222`";
        Err(Failure::usage(format!("`--account` does not take `{text}`: {why}"), help))
    };
    let Some((name, id)) = text.split_once('=') else { return refuse("there is no `=`") };
    if id.len() != 12 || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return refuse("an account id has 12 digits");
    }
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if !name.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric()) || !name.bytes().all(inner) {
        return refuse("a name is made of letters, digits, `.`, `_` and `-`, and begins with a letter or digit");
    }
    if name.len() > 128 || (name.len() == 12 && name.bytes().all(|byte| byte.is_ascii_digit())) {
        return refuse("a name has at most 128 characters, and is not 12 digits");
    }
    Ok(Account { name: name.to_owned(), id: id.to_owned(), placeholder: false })
}

/// A name or id that two accounts share; names that differ only in case would share a file on some systems.
fn twice(accounts: &[Account]) -> Option<&str> {
    accounts.iter().enumerate().find_map(|(index, account)| {
        let mut others = accounts.iter().take(index);
        others.find_map(|other| {
            let name = account.name.eq_ignore_ascii_case(&other.name).then_some(&*account.name);
            name.or_else(|| (account.id == other.id).then_some(&*account.id))
        })
    })
}

/// What is written passes `check`, whatever was typed; where it would not, that is said before anything is written.
fn prove(files: &[(String, String)]) -> Result<(), Failure> {
    let report = check(files.iter().map(|(name, text)| PolicyFile::new(name, text.as_bytes())).collect());
    match report.diagnostics.first() {
        None => Ok(()),
        Some(found) => Err(Failure::usage(
            format!("what would be written is no valid policy: {}", found.message),
            found.help.clone().unwrap_or_else(|| "try other names".to_owned()),
        )),
    }
}

fn refuse_existing(paths: &[PathBuf]) -> Result<(), Failure> {
    // A link that points nowhere exists too.
    let existing: Vec<String> = paths
        .iter()
        .filter(|path| fs::symlink_metadata(path).is_ok())
        .map(|path| format!("`{}`", path.display()))
        .collect();
    if existing.is_empty() {
        return Ok(());
    }
    Err(Failure::input(
        format!("{} {} already there", existing.join(", "), if existing.len() == 1 { "is" } else { "are" }),
        "name another directory: `portcullis init DIR`; nothing was written",
    ))
}

/// Writes all files; where one cannot be written, those before it go again, for half a policy is none.
fn write_new(paths: &[PathBuf], files: &[(String, String)]) -> Result<(), Failure> {
    for (index, (path, (_, text))) in paths.iter().zip(files).enumerate() {
        let made = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| create(path, text.as_bytes()));
        made.map_err(|error| {
            paths.iter().take(index).for_each(|written| _ = fs::remove_file(written));
            Failure::unwritten(path, &error, "name a directory that you may write to, on a disk with room for it")
        })?;
    }
    Ok(())
}

fn report(typed: &Init, start: &Start, paths: &[PathBuf]) -> String {
    let directory = visible(&typed.directory.to_string_lossy()).into_owned();
    let wrote: Vec<_> = paths.iter().map(|path| format!("wrote {}", visible(&path.to_string_lossy()))).collect();
    let wrote = wrote.join("\n");
    let name = start.accounts.first().map_or("", |account| &*account.name);
    format!(
        "{wrote}\n\nWhat you must still change is marked `CHANGE`: grep -rn CHANGE {directory}\n\nNow try:\n  \
         portcullis check {directory}\n  \
         portcullis decide --policy {directory} --account {name} \\\n    \
         --caller {} \\\n    \
         --repository {} --ref refs/heads/main \\\n    \
         --path {name}/app --command terragrunt-plan\n",
        start.example_caller(),
        start.repository,
    )
}

#[cfg(test)]
mod tests {
    use super::{Account, Start, account, prove, twice};

    #[test]
    fn accounts_are_read_as_the_language_reads_them() {
        assert_eq!(account("prod=222222222222").unwrap().name, "prod");
        for wrong in
            ["prod", "prod=1", "=222222222222", "-x=222222222222", "ä=222222222222", "222222222222=222222222222"]
        {
            assert!(account(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_account_given_twice_is_found() {
        let accounts = |texts: &[&str]| -> Vec<Account> { texts.iter().map(|text| account(text).unwrap()).collect() };
        assert_eq!(twice(&accounts(&["a=222222222222", "A=333333333333"])), Some("A"));
        assert_eq!(twice(&accounts(&["a=222222222222", "b=222222222222"])), Some("222222222222"));
        assert_eq!(twice(&accounts(&["a=222222222222", "b=333333333333"])), None);
    }

    #[test]
    fn what_is_written_passes_check_without_a_warning() {
        for placeholder in [true, false] {
            let accounts = ["dev=222222222222", "prod=333333333333"];
            let accounts = accounts.map(|text| Account { placeholder, ..account(text).unwrap() }).into();
            let start =
                Start { accounts, repository: "github.com/acme/live".to_owned(), repository_given: !placeholder };
            prove(&start.files()).unwrap();
        }
    }
}
