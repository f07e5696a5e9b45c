//! The text of a first policy.

use std::fmt::Write as _;

/// What the policy is to be about.
#[derive(Debug)]
pub(super) struct Start {
    /// One or more accounts.
    pub(super) accounts: Vec<Account>,
    /// The live repository's identity (C1).
    pub(super) repository: String,
    /// Whether it was given, or is a placeholder.
    pub(super) repository_given: bool,
}

/// An account to be.
#[derive(Debug)]
pub(super) struct Account {
    /// Its name.
    pub(super) name: String,
    /// Its id: 12 digits.
    pub(super) id: String,
    /// Whether name and id are placeholders.
    pub(super) placeholder: bool,
}

impl Start {
    /// The files: name and text.
    pub(super) fn files(&self) -> Vec<(String, String)> {
        let estate = ("estate.hcl".to_owned(), self.estate());
        let accounts =
            self.accounts.iter().map(|account| (format!("accounts/{}.hcl", account.name), Self::account(account)));
        std::iter::once(estate).chain(accounts).collect()
    }

    /// A caller of the written policy.
    pub(super) fn example_caller(&self) -> String {
        format!("arn:aws:sts::{}:assumed-role/deploy-example/me", self.home())
    }

    /// The account that people and images belong to, until someone says otherwise.
    fn home(&self) -> &str {
        self.accounts.first().map_or("111111111111", |account| &account.id)
    }

    fn estate(&self) -> String {
        let mark = if self.repository_given { "" } else { " # CHANGE: your live repository" };
        let owner = self.repository.split_once('/').map_or("", |(_, path)| path);
        ESTATE
            .replace("{repository-mark}", mark)
            .replace("{repository}", &self.repository)
            .replace("{claim}", "{repository}")
            .replace("{owner}", owner)
            .replace("{home}", self.home())
    }

    fn account(account: &Account) -> String {
        let mark =
            if account.placeholder { " # CHANGE: the id of your account; the name, above, may be any" } else { "" };
        let mut text = String::new();
        // Writing to a string does not fail.
        _ = write!(
            text,
            "# What may happen in the account `{name}`, beside what the template `workload` says.\n\
             account \"{name}\" {{\n  id      = \"{id}\"{mark}\n  extends = [\"workload\"]\n}}\n",
            name = account.name,
            id = account.id,
        );
        text
    }
}

const ESTATE: &str = r#"# A policy for Portcullis. What no rule permits is denied.
#
#   portcullis check DIR       finds every mistake
#   portcullis decide --help   asks whether something may run
#
# Placeholders are marked CHANGE.

policy {
  language = 1
  # Commands such as `terragrunt-plan`; `portcullis standard` prints them.
  import = ["standard"]
}

# ----------------------------------------------------------------------------------------------- where code comes from

repository "live" {
  remotes = ["{repository}"]{repository-mark}
  # The refs that only reviewed commits reach. Protect them where the repository is hosted, too.
  protected = [branch("main")]
}

# ------------------------------------------------------------------------------------------------------------ who asks

# Workflows of GitHub Actions, by their OIDC tokens.
caller "workflow" {
  issuer = "https://token.actions.githubusercontent.com"
  claims = {
    # CHANGE: the number of your repository (`gh api repos/OWNER/NAME --jq .id`). Unlike its name it is never used again.
    repository_id = "1"
  }
  # It deploys what it runs from: repository, ref and commit are those of its token.
  bind {
    repository = "github.com/{claim}"
    ref        = "{ref}"
    commit     = "{sha}"
  }
}

# The same for jobs in a deployment environment, which can ask for reviewers.
caller "release-workflow" {
  issuer = "https://token.actions.githubusercontent.com"
  claims = {
    repository_id = "1" # CHANGE: as above
    environment   = "production"
  }
  bind {
    repository = "github.com/{claim}"
    ref        = "{ref}"
    commit     = "{sha}"
  }
}

# IAM roles of people and machines, such as `deploy-ana`.
caller "deployers" {
  principals = ["arn:aws:iam::{home}:role/deploy-*"] # CHANGE: the account and the roles
}

# ----------------------------------------------------------------------------------------------------------- what runs

# Plans. Its role may read.
runner "planner" {
  # CHANGE: your image, by digest, so that it cannot be exchanged.
  image = "{home}.dkr.ecr.us-east-1.amazonaws.com/runner@sha256:0000000000000000000000000000000000000000000000000000000000000000"
  role  = "terraform-planner" # CHANGE: a role that may read
}

# Applies. Its role may write.
runner "applier" {
  # CHANGE: your image, by digest.
  image        = "{home}.dkr.ecr.us-east-1.amazonaws.com/runner@sha256:0000000000000000000000000000000000000000000000000000000000000000"
  role         = "terraform-applier" # CHANGE: a role that may write
  max_duration = "2h"
}

# -------------------------------------------------------------------------------------------------------- what is allowed

# What every account permits that extends this template.
template "workload" {
  # A plan reads, so any ref will do: reviewers see what a branch would change.
  permit "plan from anywhere" {
    callers      = ["workflow", "deployers"]
    repositories = ["live"]
    refs         = any()
    paths        = ["${account.name}/**"] # each account has a folder of its name
    commands     = ["terraform-plan", "tofu-plan", "terragrunt-plan"]
  }

  # An apply writes: reviewed code only, and only what was planned.
  permit "apply reviewed code" {
    callers      = ["release-workflow", "deployers"]
    repositories = ["live"]
    refs         = protected()
    paths        = ["${account.name}/**"]
    commands     = ["terraform-apply", "tofu-apply", "terragrunt-apply"]
    require {
      commit_on   = protected() # the commit is really on it
      planned     = true        # the plan that was shown is the one that is applied
      no_rollback = true        # an older commit does not undo a newer one
    }
  }
}

# A forbid wins over every permit, in every account: whatever is permitted later, this holds.
forbid "nothing is written from a ref that is not protected" {
  refs     = [any(), !protected()]
  commands = effect("write")
}
"#;
