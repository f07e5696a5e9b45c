// Checking, compiling and formatting.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { Author } from "@portcullis/policy/author";
import { Policy } from "@portcullis/policy";

import { digestOf, invocation, policyBundle } from "./modules.mjs";

const author = await Author.load();
const folder = new URL("acme/", import.meta.url);
const names = readdirSync(folder, { recursive: true }).filter((name) => /(?<!\.test)\.hcl$/.test(name));
const files = Object.fromEntries(names.map((name) => [name, readFileSync(new URL(name, folder))]));

test("a policy is checked", () => {
  assert.deepEqual(author.check(files), { version: 1, diagnostics: [] });
  assert.deepEqual(Author.loadSync().check(new Map(Object.entries(files))), { version: 1, diagnostics: [] });
  const [found] = author.check({ "a.hcl": "gate {}\n" }).diagnostics;
  assert.equal(found.file, "a.hcl");
  assert.equal(found.severity, "error");
  assert.match(found.message, /gate/);
});

test("what is compiled is what the program compiles", () => {
  const { bundle, digest } = author.compile(files);
  assert.deepEqual(Buffer.from(bundle), policyBundle);
  assert.equal(digest, digestOf(policyBundle));
  const texts = Object.entries(files).map(([name, bytes]) => [name, bytes.toString()]);
  assert.equal(author.compile(texts).digest, digest);
});

test("one account alone is compiled", () => {
  const { bundle, digest } = author.compile(files, { account: "dev" });
  const policy = Policy.loadSync(bundle, { digest });
  assert.equal(policy.decide(invocation).outcome, "permit");
  assert.equal(policy.decide({ ...invocation, account: "prod" }).reason, "unknown-account");
  assert.throws(() => author.compile(files, { account: "absent" }), (error) => {
    assert.equal(error.name, "PolicyError");
    assert.equal(error.code, "not-compiled");
    assert.match(error.message, /absent/);
    assert.equal(typeof error.help, "string");
    return true;
  });
});

test("what is not compiled says why", () => {
  assert.throws(() => author.compile({ "a.hcl": "gate {}\n" }), (error) => {
    assert.equal(error.code, "invalid-policy");
    assert.match(error.message, /^a\.hcl:1: /);
    assert.deepEqual(error.diagnostics, author.check({ "a.hcl": "gate {}\n" }).diagnostics);
    return true;
  });
  // An answer, after which the same instance goes on.
  assert.equal(author.compile(files).digest, digestOf(policyBundle));
});

test("text is formatted", () => {
  assert.equal(author.format("a   = 1\nbcd = 2\n"), "a   = 1\nbcd = 2\n");
  assert.equal(author.format("a=1\nbcd=2"), "a   = 1\nbcd = 2\n");
  assert.equal(author.format(""), "");
  assert.throws(() => author.format("a = = 1"), { code: "invalid-policy" });
});

test("decisions by the author module explain", () => {
  const policy = author.open(policyBundle, { digest: digestOf(policyBundle) });
  const decision = policy.decide({ ...invocation, account: "prod" });
  assert.equal(decision.reason, "no-permit");
  assert.deepEqual(policy.digests, { file: digestOf(policyBundle), bundle: digestOf(policyBundle) });
  const terse = Policy.loadSync(policyBundle, { digest: digestOf(policyBundle) }).decide({ ...invocation, account: "prod" });
  assert.deepEqual({ ...terse, message: "" }, { ...decision, message: "" });
  assert.ok(terse.message.length <= decision.message.length);
  assert.throws(() => author.open(policyBundle, { digest: `sha256:${"0".repeat(64)}` }), { code: "other-digest" });
  assert.throws(() => author.open(policyBundle), { code: "digest-required" });
});

test("wrong types are refused by name", () => {
  const cases = [
    [() => author.check(undefined), "files"],
    [() => author.check("a.hcl"), "files"],
    [() => author.check(["a.hcl"]), "files"],
    [() => author.check({ "a.hcl": 7 }), 'files["a.hcl"]'],
    [() => author.check(new Map([[7, "a = 1"]])), "files[7]"],
    [() => author.compile(files, { account: 7 }), "account"],
    [() => author.format(7), "text"],
    [() => author.open("bundle", { digest: digestOf(policyBundle) }), "bundle"],
    [() => new Author({}), "module"],
  ];
  for (const [call, field] of cases) assert.throws(call, { name: "ArgumentError", code: "wrong-type", field });
  assert.throws(() => author.check({ "\ud800.hcl": "" }), { code: "lone-surrogate" });
  assert.throws(() => author.format("\ud800"), { code: "lone-surrogate", field: "text" });
  assert.throws(() => author.compile(files, { account: "" }), { code: "empty", field: "account" });
});

test("bytes that are not UTF-8 are the policy's mistake", () => {
  const [found] = author.check({ "a.hcl": new Uint8Array([0xff]) }).diagnostics;
  assert.match(found.code, /^PL/);
});
