// The command line of `portcullis-decide`.

import { readFileSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";

import { EXIT, JobError, decideInJob, isDigest, isText, say } from "./job.js";

const HELP = `Would the gate permit the deployment that this CI job is about to trigger?

Usage: portcullis-decide POLICY --digest DIGEST --account ACCOUNT --path PATH --command COMMAND [OPTION…] [-- ARGUMENT…]

POLICY is what \`portcullis compile\` wrote, DIGEST what it printed. What is not given is taken from the environment of GitHub
Actions, GitLab CI, CircleCI, Jenkins, Buildkite, AWS CodeBuild, Bitbucket Pipelines, Azure Pipelines or Atlantis. It is
feedback: tokens are not verified.

  --digest DIGEST             SHA-256 of POLICY, as \`sha256:…\`; any other file is refused
  --account ACCOUNT           the account, by name or id
  --path PATH                 the unit: a folder of the repository, \`.\` for its root
  --command COMMAND           the command, by its name in the policy
  --caller ARN                who asks: an IAM role, user or session
  --repository REPOSITORY     the repository, as git would be given it
  --ref REF                   the ref in full, such as \`refs/heads/main\`, or a commit id
  --commit COMMIT             the commit that the ref names
  --ci-system SYSTEM          github, gitlab, circleci, jenkins, buildkite, codebuild, bitbucket, azure or atlantis, where
                              it looks like several
  --claim NAME[=VALUE]        a claim of the predicted token; without \`=VALUE\` one that it does not have; as often as needed
  --github-environment NAME   the GitHub environment of the deploying job, for the predicted token
  --github-subject FORMAT     names or ids: how GitHub writes the repository in \`sub\`
  --unmet HOW                 fail or pass: whether unmet requirements fail the job [default: fail]
  --format FORMAT             human or json [default: human]
  --help, --version

Exit codes: 0 permit, 1 deny, 2 usage, 3 input invalid or unreadable, 4 unmet or cannot tell, 70 internal.
`;

/** Flags with a value: the option of the feedback module that it is, or null. */
const FLAGS = {
  digest: null,
  account: "account",
  path: "path",
  command: "command",
  caller: "principal",
  repository: "repository",
  ref: "ref",
  commit: "commit",
  "ci-system": "system",
  "github-environment": "environment",
  "github-subject": "subject",
  unmet: null,
  format: null,
};

const CHOICES = {
  "ci-system": ["github", "gitlab", "circleci", "jenkins", "buildkite", "codebuild", "bitbucket", "azure", "atlantis"],
  "github-subject": ["names", "ids"],
  unmet: ["fail", "pass"],
  format: ["human", "json"],
};

/**
 * @param {string[]} words what was typed
 * @returns {Promise<number>} the exit code
 */
export async function command(words) {
  const { file, flags, options } = parsed(words);
  if (flags.help) return said(HELP);
  if (flags.version) return said(`portcullis-decide ${version()}\n`);
  return decideInJob({ file, digest: flags.digest, options, format: flags.format ?? "human", unmet: flags.unmet ?? "fail" });
}

async function said(text) {
  await say(process.stdout, text);
  return 0;
}

function version() {
  return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
}

function parsed(words) {
  if (!words.every(isText)) throw usage("an argument is not UTF-8");
  const end = words.indexOf("--");
  const typed = end === -1 ? words : words.slice(0, end);
  const { values, positionals } = split(typed);
  const { claim = [], ...once } = values;
  const flags = Object.fromEntries(Object.entries(once).map(([name, all]) => [name, single(name, all)]));
  if (flags.help || flags.version) return { flags };
  if (positionals.length !== 1) throw usage(positionals.length === 0 ? "no POLICY is named" : "more than one POLICY is named");
  if (flags.digest === undefined) throw usage("no `--digest` is given");
  if (!isDigest(flags.digest)) throw usage("`--digest` is not `sha256:` and 64 lower-case hexadecimal digits");
  const passed = Object.entries(FLAGS).filter(([name, option]) => option !== null && flags[name] !== undefined);
  const options = Object.fromEntries(passed.map(([name, option]) => [option, flags[name]]));
  return { file: positionals[0], flags, options: { ...options, claim, arguments: end === -1 ? [] : words.slice(end + 1) } };
}

function split(args) {
  const valued = [...Object.keys(FLAGS), "claim"].map((name) => [name, { type: "string", multiple: true }]);
  const plain = ["help", "version"].map((name) => [name, { type: "boolean", multiple: true }]);
  try {
    return parseArgs({ args, options: Object.fromEntries([...valued, ...plain]), allowPositionals: true });
  } catch (error) {
    throw usage(error.message);
  }
}

function single(name, values) {
  if (values.length > 1) throw usage(`\`--${name}\` is given more than once`);
  const [value] = values;
  const choices = CHOICES[name];
  if (choices !== undefined && !choices.includes(value)) throw usage(`\`--${name}\` is one of ${choices.join(", ")}`);
  return value;
}

function usage(message) {
  return new JobError(EXIT.usage, message, "`portcullis-decide --help` says more");
}
