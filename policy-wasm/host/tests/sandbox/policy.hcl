repository "live" { remotes = ["github.com/acme/live"] }
caller "ci" { principals = ["arn:aws:iam::111111111111:role/ci-*"] }
runner "planner" {
  image = "planner:1"
  role  = "planner"
}
command "plan" {
  runner  = "planner"
  program = ["terraform", "plan"]
  effect  = "read"
}
account "prod" {
  id = "222222222222"
  permit "plan anything" {
    callers      = ["ci"]
    repositories = ["live"]
    refs         = any()
    paths        = ["prod/**"]
    commands     = ["plan"]
  }
  forbid "not the vault" { paths = ["prod/vault"] }
}
