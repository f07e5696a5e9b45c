// The GitHub Action: the unpacked package, with nothing beside it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { digestOf, policyModule } from "./modules.mjs";

const packaged = fileURLToPath(new URL(".", import.meta.resolve("@portcullis/policy/package.json")));
const folder = mkdtempSync(join(tmpdir(), "portcullis-action-"));
cpSync(packaged, join(folder, "action"), { recursive: true });
writeFileSync(join(folder, "policy.wasm"), policyModule);
const description = readFileSync(join(folder, "action/action.yml"), "utf8");

const INPUTS = {
  policy: "policy.wasm",
  digest: digestOf(policyModule),
  account: "dev",
  path: "dev/eu-west-1/app",
  command: "terragrunt-plan",
  caller: "arn:aws:sts::111111111111:assumed-role/ci-main/run-17",
  unmet: "fail",
};

/** Runs the action as GitHub's runner does. */
function run(inputs = {}) {
  const output = join(folder, "output");
  writeFileSync(output, "");
  const environment = {
    PATH: process.env.PATH,
    GITHUB_ACTIONS: "true",
    GITHUB_REPOSITORY: "acme/infrastructure-live",
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_REF: "refs/heads/main",
    GITHUB_REF_TYPE: "branch",
    GITHUB_SHA: "0123456789abcdef0123456789abcdef01234567",
    GITHUB_OUTPUT: output,
  };
  for (const [name, value] of Object.entries({ ...INPUTS, ...inputs })) environment[`INPUT_${name.toUpperCase()}`] = value;
  const [, main] = /main: (.*)/.exec(description);
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, "action", main)], {
    cwd: folder,
    env: environment,
    encoding: "utf8",
  });
  return { status, stdout, stderr, outputs: readFileSync(output, "utf8") };
}

test("a step decides", () => {
  const permit = run({ ref: "", arguments: "" });
  assert.deepEqual([permit.status, permit.stderr], [0, ""]);
  assert.match(permit.outputs, /^outcome<<portcullis_outcome\npermit\n/);
  const denied = run({ command: "absent" });
  assert.equal(denied.status, 1);
  assert.match(denied.stdout, /^::error /m);
  assert.equal(run({ command: "terragrunt-apply" }).status, 4);
  assert.equal(run({ command: "terragrunt-apply", unmet: "pass" }).status, 0);
  assert.equal(run({ ref: "refs/heads/other", command: "terragrunt-apply" }).status, 1);
});

test("arguments are lines", () => {
  // What is refused may be a secret, so that nothing of it is shown but how much it is.
  assert.match(run({ arguments: "-one\n-two=2 3\n" }).stdout, /^ {2}command +terragrunt-plan \[hidden\] \[hidden\]$/m);
  assert.equal(run({ arguments: "-one\n\n" }).status, 1);
});

test("a step with wrong inputs fails", () => {
  const wrong = [
    [{ policy: "" }, 2, /the input `policy` is missing/],
    [{ digest: "" }, 2, /the input `digest` is missing/],
    [{ digest: "sha256:0" }, 2, /64 lower-case/],
    [{ unmet: "maybe" }, 2, /one of fail, pass/],
    [{ subject: "both" }, 2, /one of names, ids/],
    [{ account: "" }, 2, /the account is missing/],
    [{ policy: "absent.wasm" }, 3, /cannot be read/],
    [{ digest: `sha256:${"0".repeat(64)}` }, 3, /has the digest/],
    [{ ref: "main" }, 3, /./],
  ];
  for (const [inputs, status, message] of wrong) {
    const found = run(inputs);
    assert.equal(found.status, status, JSON.stringify(inputs));
    assert.match(found.stderr, message);
    assert.ok(!found.outputs.includes("permit"));
  }
});

test("what the action describes is what it reads and writes", () => {
  const part = (name) => new RegExp(`^${name}:\\n((?: .*\\n)+)`, "m").exec(description)[1];
  const names = (text) => [...text.matchAll(/^ {2}([a-z]+):$/gm)].map(([, name]) => name);
  const source = readFileSync(join(packaged, "src/node/action.js"), "utf8");
  for (const name of names(part("inputs"))) assert.match(source, new RegExp(`\\b${name}: "|\\("${name}"`), name);
  const written = [...run().outputs.matchAll(/^([a-z]+)<</gm)].map(([, name]) => name);
  assert.deepEqual(names(part("outputs")), written);
});
