// In a CI job: what it asks and shows, and the program `portcullis-decide`.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import "@portcullis/policy";

import { digestOf, policyBundle, policyModule } from "./modules.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { Feedback } = await import(new URL("src/feedback.js", import.meta.resolve("@portcullis/policy/package.json")));

const feedback = new Feedback();

for (const name of readdirSync(here("ci"))) {
  test(`the case ${name} is as expected`, () => {
    const text = (file) => readdirSync(here(`ci/${name}`)).includes(file) && readFileSync(here(`ci/${name}/${file}`), "utf8");
    const object = (file) => JSON.parse(text(file) || "{}");
    const expected = object("expected.json");
    const job = { environment: object("environment.json"), options: object("options.json") };
    const event = text("event.json");
    const answer = feedback.invocation(event === false ? job : { ...job, event });
    for (const absent of expected.absent ?? []) assert.ok(!JSON.stringify(answer).includes(absent), absent);
    if (expected.problems !== undefined) {
      assert.deepEqual(answer.problems.map(({ kind }) => kind), expected.problems.map(({ kind }) => kind));
      assert.equal(answer.report.exit, expected.exit);
      return;
    }
    const { system, caller, invocation } = answer.asked;
    assert.deepEqual({ system, caller, invocation: JSON.parse(invocation) }, expected.asked);
    const decision = text("decision.json");
    if (decision !== false) {
      const claims = text("claims.json");
      const given = { decision, asked: answer.asked, ...(claims === false ? {} : { claims }), ...object("view.json") };
      compareReports(feedback.report(given).report, expected.report);
    }
  });
}

function compareReports(found, expected) {
  assert.equal(found.exit, expected.exit);
  assert.equal(found.doubt, expected.doubt ?? "");
  if (expected.annotations !== undefined) assert.deepEqual(found.annotations, expected.annotations);
  if (expected.annotations_count !== undefined) assert.equal(found.annotations.length, expected.annotations_count);
  if (expected.files !== undefined) assert.deepEqual(Object.keys(found.files), expected.files);
  for (const [name, value] of Object.entries(expected.outputs ?? {})) assert.equal(found.outputs[name], value);
  for (const part of expected.explanation_contains ?? []) assert.ok(found.explanation.includes(part), part);
}

const digest = digestOf(policyModule);
const CALLER = ["--caller", "arn:aws:sts::111111111111:assumed-role/ci-main/run-17"];
const UNIT = ["--account", "dev", "--path", "dev/eu-west-1/app"];
const PLAN = [...UNIT, ...CALLER, "--command", "terragrunt-plan"];
const CIRCLE = { CIRCLECI: "true", CIRCLE_REPOSITORY_URL: "git@github.com:acme/infrastructure-live.git", CIRCLE_BRANCH: "main" };
const GITHUB = {
  GITHUB_ACTIONS: "true",
  GITHUB_REPOSITORY: "acme/infrastructure-live",
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_REF: "refs/heads/main",
  GITHUB_REF_TYPE: "branch",
  GITHUB_SHA: "0123456789abcdef0123456789abcdef01234567",
};

/** Runs the program as npm installs it, in an environment of its own. */
function run(words, environment = CIRCLE) {
  const env = { PATH: process.env.PATH, ...environment };
  const { status, stdout, stderr } = spawnSync(here("node_modules/.bin/portcullis-decide"), words, { env, encoding: "utf8" });
  return { status, stdout, stderr };
}

const decided = (words, environment) => run([here("acme.wasm"), "--digest", digest, ...words], environment);

test("a permit, a denial and what is unmet have their codes", () => {
  const permit = decided(PLAN);
  assert.deepEqual([permit.status, permit.stderr], [0, ""]);
  assert.match(permit.stdout, /^permit: the rule `plan anything` permits it\n/);
  assert.match(permit.stdout, /asked by CircleCI/);
  const bundle = run([here("acme.bundle"), "--digest", digestOf(policyBundle), ...PLAN]);
  assert.equal(bundle.stdout, permit.stdout);
  const denied = decided([...UNIT, ...CALLER, "--command", "absent"]);
  assert.equal(denied.status, 1);
  assert.match(denied.stdout, /^deny: /);
  const apply = [...UNIT, ...CALLER, "--command", "terragrunt-apply"];
  assert.equal(decided(apply).status, 4);
  assert.equal(decided([...apply, "--unmet", "fail"]).status, 4);
  assert.equal(decided([...apply, "--unmet", "pass"]).status, 0);
  assert.equal(decided([...PLAN, "--", "--digest"]).status, 1);
});

test("JSON is one document", () => {
  const { status, stdout } = decided([...PLAN, "--format", "json"], GITHUB);
  assert.equal(status, 0);
  assert.equal(JSON.parse(stdout).outcome, "permit");
  const denied = decided([...UNIT, ...CALLER, "--command", "absent", "--format", "json"], GITHUB);
  assert.equal(JSON.parse(denied.stdout).reason, "unknown-command");
  assert.match(denied.stderr, /^::error /);
});

test("on GitHub the files of outputs and of the summary are appended to", () => {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-job-"));
  const [outputs, summary] = [join(folder, "outputs"), join(folder, "summary")];
  writeFileSync(outputs, "before=1\n");
  const files = { GITHUB_OUTPUT: outputs, GITHUB_STEP_SUMMARY: summary };
  assert.equal(decided(PLAN, { ...GITHUB, ...files }).status, 0);
  assert.match(readFileSync(outputs, "utf8"), /^before=1\noutcome<<portcullis_outcome\npermit\n/);
  assert.match(readFileSync(summary, "utf8"), /^### portcullis: permit\n/);
  const refused = decided(PLAN, { ...GITHUB, ...files, GITHUB_REF_TYPE: "tag" });
  assert.equal(refused.status, 3);
  assert.match(refused.stderr, /^error: /);
  assert.match(readFileSync(summary, "utf8"), /### portcullis: not asked\n/);
  const unwritable = decided(PLAN, { ...GITHUB, GITHUB_OUTPUT: folder });
  assert.equal(unwritable.status, 70);
  assert.match(unwritable.stderr, /the file of `GITHUB_OUTPUT`, cannot be written/);
});

const limited = { skip: process.platform !== "linux" };

test("a result that cannot be written ends with 70 and says so", limited, () => {
  const program = `'${here("node_modules/.bin/portcullis-decide")}'`;
  const shell = (script) => spawnSync("bash", ["--norc", "-c", script], { env: { PATH: process.env.PATH, ...CIRCLE }, encoding: "utf8" });
  const ask = `${program} '${here("acme.wasm")}' --digest ${digest} ${PLAN.join(" ")}`;
  const folder = mkdtempSync(join(tmpdir(), "portcullis-full-"));
  for (const command of [ask, `${ask} --format json`, `${program} --help`, `${program} --version`]) {
    const { status, stderr } = shell(`${command} > /dev/full`);
    assert.equal(status, 70, command);
    assert.match(stderr, /^error: the result cannot be written: ENOSPC\nhelp: [^\n]*\n$/);
    const gone = shell(`set -o pipefail; ${command} | true; exit \${PIPESTATUS[0]}`);
    assert.deepEqual([gone.status, gone.stderr], [0, ""], command);
  }
  const full = shell(`head -c 1000 /dev/zero > '${folder}/out'; ulimit -f 1; ${ask} --format json >> '${folder}/out'`);
  assert.equal(full.status, 70);
  assert.match(full.stderr, /^error: the result cannot be written: EFBIG\n/);
  assert.equal(shell(`${ask} 2> /dev/full`).status, 0);
});

test("what is typed wrong ends with 2", () => {
  const wrong = [
    [[], /no POLICY/],
    [["a", "b", "--digest", digest], /more than one POLICY/],
    [["a"], /no `--digest`/],
    [["a", "--digest", "sha256:0"], /64 lower-case/],
    [["a", "--digest", digest, "--digest", digest], /more than once/],
    [["a", "--digest", digest, "--format", "yaml"], /one of human, json/],
    [["a", "--digest", digest, "--unmet", "maybe"], /one of fail, pass/],
    [["a", "--digest", digest, "--accounts", "dev"], /accounts/],
    [["a", "--digest", digest, "--account"], /account/],
  ];
  for (const [words, message] of wrong) {
    const { status, stdout, stderr } = run(words);
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(stderr, message);
    assert.match(stderr, /\nhelp: /);
  }
  const missing = decided([...UNIT, ...CALLER]);
  assert.equal(missing.status, 2);
  assert.match(missing.stderr, /the command is missing/);
});

test("what cannot be read ends with 3", () => {
  for (const [file, message] of [["absent.wasm", /cannot be read/], ["package.json", /has the digest/], ["ci", /cannot be read/]]) {
    const { status, stderr } = run([here(file), "--digest", digest, ...PLAN]);
    assert.equal(status, 3);
    assert.match(stderr, message);
  }
  const packageDigest = digestOf(readFileSync(here("package.json")));
  assert.equal(run([here("package.json"), "--digest", packageDigest, ...PLAN]).status, 3);
  assert.equal(decided(PLAN, {}).status, 3);
});

test("text that is not UTF-8 is refused, not repaired", () => {
  const shell = (script) => spawnSync("bash", ["--norc", "-c", script], { env: { PATH: process.env.PATH, ...CIRCLE }, encoding: "utf8" });
  const program = `'${here("node_modules/.bin/portcullis-decide")}' '${here("acme.wasm")}' --digest ${digest} ${PLAN.join(" ")}`;
  const variable = shell(`CIRCLE_BRANCH=$'ma\\xffin' ${program}`);
  assert.equal(variable.status, 3);
  assert.match(variable.stderr, /`CIRCLE_BRANCH` is not UTF-8/);
  assert.equal(shell(`${program} -- $'\\xff'`).status, 2);
});

test("what is wrong starts no workflow command", () => {
  for (const words of [["a\n::error::b", "--digest", digest], ["--\u001b[2J##[x]"], ["a", "--format", "\n::b"]]) {
    const { stderr } = run(words, GITHUB);
    assert.match(stderr, /^error: [^\p{Cc}]*\nhelp: [^\p{Cc}]*\n$/u);
    assert.ok(!stderr.includes("##["));
  }
});

test("help and version are said", () => {
  const { version } = JSON.parse(readFileSync(new URL(import.meta.resolve("@portcullis/policy/package.json"))));
  assert.equal(run(["--version"]).stdout, `portcullis-decide ${version}\n`);
  assert.match(run(["--help"]).stdout, /^Would the gate permit/);
});
