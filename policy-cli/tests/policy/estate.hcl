# The policy that the tests of the program ask.

policy {
  import = ["standard"]
}

repository "live" {
  remotes   = ["github.com/acme/live"]
  protected = [branch("main")]
}

caller "ci" {
  principals = ["arn:aws:iam::111111111111:role/ci-*"]
}

runner "planner" {
  image = "planner:1"
  role  = "planner"
}

runner "applier" {
  image = "applier:1"
  role  = "applier"
}

account "prod" {
  id = "222222222222"

  permit "plan" {
    callers      = ["ci"]
    repositories = ["live"]
    refs         = any()
    paths        = ["prod/**"]
    commands     = ["terragrunt-plan"]
  }

  permit "apply" {
    callers      = ["ci"]
    repositories = ["live"]
    refs         = protected()
    paths        = ["prod/**"]
    commands     = ["terragrunt-apply"]
    require {
      planned = true
    }
  }

  forbid "never the runner itself" {
    paths    = ["prod/runner"]
    commands = effect("write")
  }
}
