// What an object that is no invocation is told: which field, and why.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ArgumentError, Policy } from "@portcullis/policy";

import { digestOf, invocation, policyBundle } from "./modules.mjs";

const policy = Policy.loadSync(policyBundle, { digest: digestOf(policyBundle) });

const token = { issuer: "https://token.example", claims: { sub: "a" } };
const plan = { creates: 0, updates: 0, replaces: 0, destroys: 0, types: [] };

/** Every field: its name in errors, an invocation that has a value there, and whether it may be left out. */
const FIELDS = [
  ["account", (value) => ({ account: value }), "required"],
  ["caller", (value) => ({ caller: value }), "required"],
  ["caller.principal", (value) => ({ caller: { principal: value } }), "required"],
  ["caller.issuer", (value) => ({ caller: { ...token, issuer: value } }), "required"],
  ["caller.claims", (value) => ({ caller: { ...token, claims: value } }), "required"],
  ["repository", (value) => ({ repository: value }), "required"],
  ["ref", (value) => ({ ref: value }), "required"],
  ["commit", (value) => ({ commit: value }), "optional"],
  ["path", (value) => ({ path: value }), "required"],
  ["command", (value) => ({ command: value }), "required"],
  ["arguments", (value) => ({ arguments: value }), "optional"],
  ["arguments[0]", (value) => ({ arguments: [value, "b"] }), "item"],
  ["arguments[2]", (value) => ({ arguments: ["a", "b", value] }), "item"],
  ["evidence", (value) => ({ evidence: value }), "optional"],
  ["evidence.commit_on", (value) => ({ evidence: { commit_on: value } }), "optional"],
  ["evidence.commit_on[1]", (value) => ({ evidence: { commit_on: ["a", value] } }), "item"],
  ["evidence.commit_is_tip_of", (value) => ({ evidence: { commit_is_tip_of: value } }), "optional"],
  ["evidence.commit_is_tip_of[0]", (value) => ({ evidence: { commit_is_tip_of: [value] } }), "item"],
  ["evidence.includes_tip_of", (value) => ({ evidence: { includes_tip_of: value } }), "optional"],
  ["evidence.includes_tip_of[0]", (value) => ({ evidence: { includes_tip_of: [value] } }), "item"],
  ["evidence.checks", (value) => ({ evidence: { checks: value } }), "optional"],
  ["evidence.checks[0]", (value) => ({ evidence: { checks: [value] } }), "item"],
  ["evidence.approvals", (value) => ({ evidence: { approvals: value } }), "optional"],
  ["evidence.approvals[0]", (value) => ({ evidence: { approvals: [value] } }), "item"],
  ["evidence.approvals[1].principal", (value) => ({ evidence: { approvals: [token, { principal: value }] } }), "required"],
  ["evidence.approvals[0].issuer", (value) => ({ evidence: { approvals: [{ ...token, issuer: value }] } }), "required"],
  ["evidence.planned", (value) => ({ evidence: { planned: value } }), "optional"],
  ["evidence.plan", (value) => ({ evidence: { plan: value } }), "optional"],
  ["evidence.plan.creates", (value) => ({ evidence: { plan: { ...plan, creates: value } } }), "required"],
  ["evidence.plan.updates", (value) => ({ evidence: { plan: { ...plan, updates: value } } }), "required"],
  ["evidence.plan.replaces", (value) => ({ evidence: { plan: { ...plan, replaces: value } } }), "required"],
  ["evidence.plan.destroys", (value) => ({ evidence: { plan: { ...plan, destroys: value } } }), "required"],
  ["evidence.plan.types", (value) => ({ evidence: { plan: { ...plan, types: value } } }), "required"],
  ["evidence.plan.types[0]", (value) => ({ evidence: { plan: { ...plan, types: [value] } } }), "item"],
  ["evidence.no_rollback", (value) => ({ evidence: { no_rollback: value } }), "optional"],
  ["evidence.clock", (value) => ({ evidence: { clock: value } }), "optional"],
  ["evidence.clock.utc", (value) => ({ evidence: { clock: { utc: value } } }), "optional"],
  ["evidence.clock.zones", (value) => ({ evidence: { clock: { zones: value } } }), "optional"],
  ["evidence.clock.zones.UTC", (value) => ({ evidence: { clock: { zones: { UTC: value } } } }), "item"],
  ["evidence.clock.zones.UTC.day", (value) => ({ evidence: { clock: { zones: { UTC: { day: value, minute: 1 } } } } }), "required"],
  [
    'evidence.clock.zones["Europe/Rome"].minute',
    (value) => ({ evidence: { clock: { zones: { "Europe/Rome": { day: "mon", minute: value } } } } }),
    "required",
  ],
];

const values = { text: "a", number: 7, truth: true, nothing: null, list: [], object: {}, symbol: Symbol("a"), large: 7n, code() {} };

/** Values of each type that a field takes. */
const TAKES = [
  [/\.(creates|updates|replaces|destroys|minute)$/, ["number", "large"]],
  [/\.(planned|no_rollback)$/, ["truth"]],
  [/(arguments|commit_on|commit_is_tip_of|includes_tip_of|checks|approvals|types)$/, ["list"]],
  [/(caller|claims|evidence|plan|clock|zones|UTC|approvals\[\d\])$/, ["object"]],
];

const taken = (field) => TAKES.find(([pattern]) => pattern.test(field))?.[1] ?? ["text"];

/** All ways to decide about an object refuse it alike. */
function refused(asked, expected) {
  assert.throws(() => policy.decide(asked), { name: "ArgumentError", ...expected });
  assert.throws(() => policy.verdict(asked), { name: "ArgumentError", ...expected });
}

test("the table has every field of an invocation and its evidence", () => {
  const names = new Set(FIELDS.map(([field]) => field.match(/^[a-z]+/)[0]));
  for (const name of [...Object.keys(invocation), "commit", "arguments", "evidence"]) assert.ok(names.has(name), name);
});

for (const [field, having, presence] of FIELDS) {
  test(`a wrong type at \`${field}\` is refused by name`, () => {
    for (const [kind, value] of Object.entries(values)) {
      if (taken(field).includes(kind)) continue;
      refused({ ...invocation, ...having(value) }, { code: "wrong-type", field });
    }
    const absent = { ...invocation, ...having(undefined) };
    if (presence === "optional") assert.match(policy.decide(absent).outcome, /permit|deny/);
    else refused(absent, { code: presence === "item" ? "wrong-type" : "missing-field", field: missing(field) });
  });
}

/** An undefined field is as if it were not there: a token without its issuer is a token still. */
const missing = (field) => field;

test("text at every field has whole characters", () => {
  for (const [field, having] of FIELDS.filter(([field]) => taken(field).includes("text"))) {
    for (const lone of ["\ud800", "\udfff", "a\ud83db", "\udc00\ud800", "\u{1f600}\ude00"]) {
      refused({ ...invocation, ...having(lone) }, { code: "lone-surrogate", field });
    }
    for (const whole of ["\u{1f600}", "é", "\u0000\"\\"]) {
      const decision = policy.decide({ ...invocation, ...having(whole) });
      assert.match(decision.outcome, /permit|deny|unmet/);
    }
  }
  const claims = [
    [{ sub: "\ud800" }, "caller.claims.sub"],
    [{ groups: ["a", "\udc00"] }, "caller.claims.groups[1]"],
    [{ "\ud800": 1 }, 'caller.claims["\\ud800"]'],
    [{ "a b": { c: "\ud800" } }, 'caller.claims["a b"].c'],
  ];
  for (const [given, field] of claims) {
    refused({ ...invocation, caller: { ...token, claims: given } }, { code: "lone-surrogate", field });
  }
  assert.throws(() => policy.decideJson('{"account":"\ud800"}'), { code: "lone-surrogate", field: "invocation" });
});

test("what no field is called is refused", () => {
  const cases = [
    [{ accounts: "dev" }, "accounts"],
    [{ Account: "dev" }, "Account"],
    [{ toJSON: () => ({}) }, "toJSON"],
    [JSON.parse('{"__proto__": {"account": "dev"}}'), "__proto__"],
    [{ caller: { principal: "a", session: "b" } }, "caller.session"],
    [{ caller: { principal: "a", issuer: "b" } }, "caller.principal"],
    [{ caller: { ...token, audience: "b" } }, "caller.audience"],
    [{ evidence: { approved: true } }, "evidence.approved"],
    [{ evidence: { plan: { ...plan, imports: 0 } } }, "evidence.plan.imports"],
    [{ evidence: { clock: { zones: { UTC: { day: "mon", minute: 1, second: 2 } } } } }, "evidence.clock.zones.UTC.second"],
  ];
  for (const [more, field] of cases) {
    const asked = Object.defineProperties({ ...invocation }, Object.getOwnPropertyDescriptors(more));
    refused(asked, { code: "unknown-field", field });
  }
});

test("numbers are whole, and claims are JSON", () => {
  for (const number of [-1, 0.5, NaN, Infinity, 2 ** 53, -0, -1n, 2n ** 63n]) {
    const asked = { ...invocation, evidence: { plan: { ...plan, creates: number } } };
    refused(asked, { code: "not-a-count", field: "evidence.plan.creates" });
  }
  const cyclic = {};
  cyclic.self = cyclic;
  const wrong = [
    [{ exp: NaN }, "inexact-number", "caller.claims.exp"],
    [{ exp: -Infinity }, "inexact-number", "caller.claims.exp"],
    [{ exp: undefined }, "wrong-type", "caller.claims.exp"],
    [{ exp: new Date() }, "wrong-type", "caller.claims.exp"],
    [{ groups: [, "a"] }, "wrong-type", "caller.claims.groups[0]"],
    [{ groups: new Set(["a"]) }, "wrong-type", "caller.claims.groups"],
    [{ name: new String("a") }, "wrong-type", "caller.claims.name"],
    [cyclic, "too-deep", "caller.claims.self.self.self.self.self.self"],
  ];
  for (const [claims, code, field] of wrong) refused({ ...invocation, caller: { ...token, claims } }, { code, field });
});

test("a number that JavaScript does not keep exactly is refused by name, in an object of JSON too", () => {
  // C6: the program compares the characters, so that a neighbour of what was meant would be permitted.
  const tokens = ["9007199254740993", "9007199254740992", "-9007199254740993", "1.5", "1e300", "-0", "0.1", "123456789012345678901"];
  for (const token of tokens) {
    for (const name of ["repository_id", "run_id", "exp", "iat", "nbf", "amr"]) {
      for (const [claim, inside] of [[token, ""], [`["a", ${token}]`, "[1]"], [`{"b": [${token}]}`, ".b[0]"]]) {
        const claims = JSON.parse(`{"${name}": ${claim}}`);
        const field = `caller.claims.${name}${inside}`;
        refused({ ...invocation, caller: { ...token_of(claims) } }, { code: "inexact-number", field });
        const approvals = [token_of(claims)];
        const approval = `evidence.approvals[0].claims.${name}${inside}`;
        refused({ ...invocation, evidence: { approvals } }, { code: "inexact-number", field: approval });
      }
    }
  }
  const exact = [4711, 0, -7, Number.MAX_SAFE_INTEGER, 9007199254740993n, -9007199254740993n, 2n ** 64n];
  for (const number of exact) {
    const asked = { ...invocation, caller: token_of({ repository_id: number, list: [number] }) };
    const json = JSON.stringify({ ...asked, caller: "?" }).replace('"?"', `{"issuer":"${token.issuer}","claims":{"repository_id":${number},"list":[${number}]}}`);
    assert.equal(JSON.stringify(policy.decide(asked)), policy.decideJson(json));
    assert.equal(policy.verdict(asked).reason, JSON.parse(policy.decideJson(json)).reason);
  }
  const evidence = { plan: { ...plan, destroys: 2n ** 63n - 1n } };
  assert.equal(policy.decide({ ...invocation, evidence }).outcome, "permit");
});

const token_of = (claims) => ({ ...token, claims });

test("what is no object is no invocation", () => {
  for (const value of [undefined, null, "{}", 7, true, [], () => {}]) refused(value, { code: "wrong-type", field: "invocation" });
  for (const value of [undefined, null, {}, 7, [1], 7n]) {
    assert.throws(() => policy.decideJson(value), { code: "wrong-type", field: "invocation" });
  }
  assert.ok(new ArgumentError("code", "field", "text") instanceof Error);
});

test("only what an invocation has itself counts", () => {
  const { evidence } = { evidence: { planned: true } };
  refused(Object.create(invocation), { code: "missing-field", field: "account" });
  Object.defineProperty(Object.prototype, "evidence", { value: "polluted", configurable: true, enumerable: true });
  Object.defineProperty(Object.prototype, "toJSON", { value: () => ({}), configurable: true, enumerable: false });
  try {
    assert.equal(policy.decide(invocation).outcome, "permit");
    assert.equal(policy.decide({ ...invocation, evidence }).outcome, "permit");
  } finally {
    delete Object.prototype.evidence;
    delete Object.prototype.toJSON;
  }
});

test("what a getter says is asked once, and may itself decide", () => {
  let reads = 0;
  const asked = {
    ...invocation,
    get account() {
      reads += 1;
      assert.equal(policy.verdict({ ...invocation, account: "absent" }).reason, "unknown-account");
      assert.equal(policy.decide({ ...invocation, command: "terragrunt-apply", account: "absent" }).outcome, "deny");
      return reads === 1 ? "dev" : "prod";
    },
  };
  assert.equal(policy.decide(asked).outcome, "permit");
  reads = 0;
  assert.equal(policy.verdict(asked).outcome, "permit");
  assert.equal(reads, 1);
});
