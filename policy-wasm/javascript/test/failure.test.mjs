// A module that fails: nothing is permitted, and the next call gets a fresh instance.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { EngineError, Policy } from "@portcullis/policy";

import {
  constant, digestOf, fakeModule, invocation, MEMORY_BYTES, memoryLimited, policyBundle, policyModule, TRAP,
} from "./modules.mjs";

const DESCRIPTION = { bundle: digestOf(policyBundle), language: 1 };
const DIGEST = Buffer.alloc(32, 7);
const verdict = (outcome, reason, hasDigest = 1) => [outcome, reason, hasDigest, 0, ...DIGEST];

/** A policy by a made-up module, which answers JSON and verdicts alike with the same bytes. */
function made(result, functions) {
  const module = fakeModule({ functions, result: [...result] });
  return Policy.loadSync(module, { digest: digestOf(module) });
}

const json = (value) => Buffer.from(JSON.stringify(value));
const failed = (code) => (error) => error instanceof EngineError && error.code === code;

/** Instances made while `work` runs. */
function instancesDuring(work) {
  const { Instance } = WebAssembly;
  const made = [];
  WebAssembly.Instance = function (...given) {
    const instance = new Instance(...given);
    made.push(instance);
    return instance;
  };
  try {
    work();
  } finally {
    WebAssembly.Instance = Instance;
  }
  return made;
}

test("a trap is an error, and the next call gets a fresh instance", () => {
  const policy = made(json(DESCRIPTION), { portcullis_decide: TRAP });
  const instances = instancesDuring(() => {
    for (let round = 0; round < 3; round += 1) assert.throws(() => policy.verdict(invocation), failed("trap"));
    assert.equal(JSON.parse(policy.decideJson("{}")).language, 1);
    assert.equal(JSON.parse(policy.decideJson("{}")).language, 1);
  });
  assert.equal(instances.length, 3);
});

test("memory that ran out is told apart", () => {
  const policy = made(json(DESCRIPTION), { portcullis_decide: TRAP, portcullis_fault: constant(1) });
  assert.throws(() => policy.verdict(invocation), failed("memory"));
  const broken = made(json(DESCRIPTION), { portcullis_decide: TRAP, portcullis_fault: TRAP });
  assert.throws(() => broken.verdict(invocation), failed("trap"));
});

test("every status but 0 is an error, and drops the instance", () => {
  for (let status = 1; status < 30; status += 1) {
    const policy = made(json(DESCRIPTION), { portcullis_decide: constant(status) });
    const instances = instancesDuring(() => {
      for (let round = 0; round < 3; round += 1) {
        assert.throws(() => policy.verdict(invocation), failed(status === 5 ? "memory" : "unexpected-status"));
      }
    });
    assert.equal(instances.length, 2);
  }
});

test("what is no verdict is never a permit", () => {
  const decided = (bytes) => {
    const policy = Policy.loadSync(policyModule, { digest: digestOf(policyModule) });
    return withResult(policy, bytes);
  };
  assert.equal(decided(verdict(0, 10)).outcome, "permit");
  assert.equal(decided(verdict(1, 0, 0)).policy, null);
  const wrong = [
    [], [0], new Uint8Array(35), new Uint8Array(36), new Uint8Array(37), verdict(0, 0), verdict(0, 9), verdict(0, 11),
    verdict(0, 12), verdict(0, 13), verdict(1, 10), verdict(2, 10), verdict(3, 10), verdict(2, 12), verdict(1, 11),
    verdict(0, 255), verdict(255, 10), [...verdict(0, 10), 0],
  ];
  for (const bytes of wrong) assert.throws(() => decided(bytes), failed("malformed-result"), `${bytes}`);
});

/** The verdict where the module's answer is other bytes. */
function withResult(policy, bytes) {
  const { subarray } = Uint8Array.prototype;
  // The one call that takes the result out of memory.
  Uint8Array.prototype.subarray = function (begin, end) {
    return end - begin === 36 ? Uint8Array.from(bytes) : subarray.call(this, begin, end);
  };
  try {
    return policy.verdict(invocation);
  } finally {
    Uint8Array.prototype.subarray = subarray;
  }
}

test("a result that is no text, no JSON or not in memory is an error", () => {
  const loads = (result, functions) => () => made(result, functions);
  assert.throws(loads([0xff, 0xfe]), failed("malformed-result"));
  assert.throws(loads(Buffer.from("{")), failed("malformed-result"));
  assert.throws(loads([], { portcullis_result: constant(MEMORY_BYTES - 4) }), failed("malformed-result"));
  for (const record of [[MEMORY_BYTES - 4, 8], [0, 0xffff_ffff], [0xffff_ffff, 0], [0xffff_ffff, 0xffff_ffff]]) {
    const module = fakeModule({ record });
    assert.throws(() => Policy.loadSync(module, { digest: digestOf(module) }), failed("malformed-result"));
  }
});

test("a memory that ends is an error until there is enough", () => {
  const large = { ...invocation, arguments: ["a".repeat(30_000), "b".repeat(30_000), "c".repeat(30_000)] };
  let [refused, small, all] = [0, 0, 0];
  for (let pages = 0; pages < 40; pages += 1) {
    const module = memoryLimited(policyModule, pages);
    const options = { digest: digestOf(module) };
    let policy;
    try {
      policy = Policy.loadSync(module, options);
    } catch (error) {
      assert.ok(failed("memory")(error), error);
      refused += 1;
      continue;
    }
    assert.equal(policy.decide(invocation).outcome, "permit");
    try {
      assert.equal(policy.decide(large).reason, "argument-refused");
      all += 1;
    } catch (error) {
      assert.ok(failed("memory")(error), error);
      small += 1;
    }
    assert.equal(policy.decide(invocation).outcome, "permit");
    assert.equal(policy.verdict(invocation).outcome, "permit");
  }
  assert.ok(refused > 0 && small > 0 && all > 0, `${refused} ${small} ${all}`);
});

test("a call that is cut off by a full stack leaves nothing behind", () => {
  const policy = Policy.loadSync(policyModule, { digest: digestOf(policyModule) });
  let [answers, errors] = [0, 0];
  const deeper = () => {
    try {
      deeper();
    } catch {
      // Here the stack is nearly full.
    }
    try {
      assert.equal(policy.verdict(invocation).reason, "permitted");
      answers += 1;
    } catch {
      errors += 1;
    }
    if (answers > 100) throw new Error("enough");
  };
  try {
    deeper();
  } catch {
    // Whatever it was.
  }
  assert.ok(errors > 0 && answers > 0);
  assert.equal(policy.decide(invocation).outcome, "permit");
});

test("calls that do not pair decide nothing", () => {
  const decider = new WebAssembly.Module(readFileSync(new URL(import.meta.resolve("@portcullis/policy/decider.wasm"))));
  const { exports } = new WebAssembly.Instance(decider);
  assert.equal(exports.portcullis_decide(0), 1);
  assert.equal(exports.portcullis_decide_json(0), 1);
  assert.equal(exports.portcullis_load(1), 3);
  const write = (bytes) => {
    const address = exports.portcullis_input(bytes.length) >>> 0;
    new Uint8Array(exports.memory.buffer).set(bytes, address);
  };
  write(policyBundle);
  assert.equal(exports.portcullis_load(policyBundle.length), 0);
  assert.equal(exports.portcullis_load(0), 2);
  // Loading took the input area.
  assert.equal(exports.portcullis_decide_json(1), 3);
  const asked = json(invocation);
  const decide = () => {
    assert.equal(exports.portcullis_decide_json(asked.length), 0);
    const record = new Uint32Array(exports.memory.buffer, exports.portcullis_result() >>> 0, 2);
    return JSON.parse(Buffer.from(exports.memory.buffer, ...record).toString());
  };
  write(asked);
  assert.equal(decide().outcome, "permit");
  // The same again, without writing.
  assert.equal(decide().reason, "invalid-invocation");
  assert.equal(exports.portcullis_decide(asked.length), 4);
});
