// What is decided, in all ways to ask.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Policy } from "@portcullis/policy";

import { digestOf, invocation, policyBundle, policyModule } from "./modules.mjs";

const byBundle = Policy.loadSync(policyBundle, { digest: digestOf(policyBundle) });
const byModule = Policy.loadSync(policyModule, { digest: digestOf(policyModule) });
const LIMIT = 256 << 10;

test("a decision says all that it says natively", () => {
  const decision = byModule.decide(invocation);
  const [rule] = decision.rules;
  assert.deepEqual(Object.keys(decision), [
    "version", "outcome", "reason", "message", "rules", "unmet", "launch", "nearest", "policy", "bundle", "language", "engine",
  ]);
  assert.equal(decision.outcome, "permit");
  assert.equal(decision.engine, "wasm");
  assert.equal(rule.name, "plan anything");
  assert.deepEqual(decision.launch.argv, ["terragrunt", "plan", "-input=false", "-no-color"]);
  assert.equal(decision.bundle, digestOf(policyBundle));
});

test("all ways to ask agree", () => {
  const token = { issuer: "https://token.example", claims: { sub: "a \"b\"", n: 15, deep: { list: [null, true, "é"] } } };
  const plan = { creates: 1, updates: 2, replaces: 0, destroys: 0, types: ["aws_s3_bucket"] };
  const evidence = {
    commit_on: ["refs/heads/main"],
    approvals: [{ principal: "local:user/ana" }, token],
    planned: true,
    plan,
    clock: { utc: "2026-01-01T00:00:00Z", zones: { "Europe/Rome": { day: "fri", minute: 845 } } },
  };
  const changes = [
    {},
    { account: "prod" },
    { account: "absent" },
    { account: "d\u0000\"\\\u{1f600}é\u2028" },
    { caller: token },
    { caller: { principal: "é" } },
    { ref: "main" },
    { commit: "0".repeat(40) },
    { path: "../dev" },
    { path: "dev/é/\u{1f600}" },
    { command: "terragrunt-apply" },
    { command: "absent" },
    { arguments: [] },
    { arguments: ["-target=module.app", "é", "\u{1f600}"] },
    { arguments: Array.from({ length: 257 }, () => "a") },
    { arguments: ["a".repeat(39_000)] },
    { arguments: ["\u0001".repeat(30_000), "\u0001".repeat(30_000)] },
    { evidence },
    { evidence: {}, commit: undefined, arguments: undefined },
    { caller: { ...invocation.caller, issuer: undefined, claims: undefined } },
    { command: "terragrunt-apply", evidence },
  ];
  for (const change of changes) {
    const asked = { ...invocation, ...change };
    const json = JSON.stringify(asked);
    for (const policy of [byBundle, byModule]) {
      const decision = policy.decide(asked);
      const { outcome, reason, policy: rules } = decision;
      assert.deepEqual(JSON.parse(policy.decideJson(json)), decision);
      assert.equal(policy.decideJson(new TextEncoder().encode(json)), policy.decideJson(json));
      assert.deepEqual(policy.verdict(asked), { outcome, reason, policy: rules });
    }
    assert.deepEqual(byBundle.decide(asked), byModule.decide(asked));
  }
});

test("JSON that is no invocation is a denial", () => {
  const json = JSON.stringify(invocation);
  const wrong = [
    "", " ", "{}", "[]", "null", "\ufeff{}", `${json}x`, json.slice(0, -1), json.replace('"ref"', '"reference"'),
    json.replace("dev", "\\ud800"), new Uint8Array(), new Uint8Array([0xff]), Buffer.from(json).fill(0xc3, 12, 13),
    new Uint8Array(1_000),
  ];
  for (const asked of wrong) {
    const { outcome, reason } = JSON.parse(byModule.decideJson(asked));
    assert.deepEqual([outcome, reason], ["deny", "invalid-invocation"]);
  }
});

test("bytes may come in any view", () => {
  const bytes = new TextEncoder().encode(JSON.stringify(invocation));
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  const views = [bytes, bytes.buffer, Buffer.from(bytes), new DataView(bytes.buffer), shared, shared.buffer];
  for (const view of views) assert.equal(JSON.parse(byBundle.decideJson(view)).outcome, "permit");
});

test("what is too long is denied, and takes no memory", () => {
  const json = JSON.stringify(invocation);
  const fitting = json.padEnd(LIMIT, " ");
  assert.equal(JSON.parse(byModule.decideJson(fitting)).outcome, "permit");
  assert.equal(JSON.parse(byModule.decideJson(Buffer.from(fitting))).outcome, "permit");
  const long = [
    `${fitting} `,
    // Cut off behind what is an invocation: in the middle of a character, and before one.
    ...[0, 1, 2, 3].map((less) => `${fitting.slice(less)}\u{1f600}${" ".repeat(9)}`),
    `${fitting}${"é".repeat(LIMIT)}`,
    json.padEnd(64 << 20, " "),
    "[".repeat(LIMIT * 4),
  ];
  for (const text of long) {
    for (const asked of [text, Buffer.from(text)]) {
      const { outcome, reason } = JSON.parse(byModule.decideJson(asked));
      assert.deepEqual([outcome, reason], ["deny", "invalid-invocation"]);
    }
  }
  const before = process.memoryUsage().arrayBuffers;
  const asked = { ...invocation, arguments: ["a".repeat(16 << 20)] };
  assert.equal(byModule.decide(asked).reason, "invalid-invocation");
  assert.equal(byModule.verdict(asked).reason, "invalid-invocation");
  assert.ok(process.memoryUsage().arrayBuffers - before < 1 << 20);
  assert.equal(byModule.decide(invocation).outcome, "permit");
});

test("a decision is the same after any number of others", () => {
  const first = byModule.decideJson(JSON.stringify(invocation));
  const verdict = byModule.verdict(invocation);
  for (let round = 0; round < 2_000; round += 1) {
    byModule.decide({ ...invocation, path: "a/".repeat(round) });
    byModule.verdict({ ...invocation, account: "x".repeat(round) });
  }
  assert.equal(byModule.decideJson(JSON.stringify(invocation)), first);
  assert.deepEqual(byModule.verdict(invocation), verdict);
});

test("two policies do not meet", () => {
  const one = Policy.loadSync(policyModule, { digest: digestOf(policyModule) });
  one.decide({ ...invocation, account: "prod" });
  assert.equal(byModule.decide(invocation).outcome, "permit");
  assert.equal(one.decide(invocation).outcome, "permit");
});
