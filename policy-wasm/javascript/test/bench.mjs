// Nanoseconds per decision in Node: `node bench.mjs [MODULE]`. Rounds of all ways to ask take turns, so that what else the
// machine does falls on all alike; the median of each is shown.

import { readFileSync } from "node:fs";
import { argv } from "node:process";

import { Policy } from "@portcullis/policy";

import { digestOf, invocation } from "./modules.mjs";

const ROUNDS = 41;
const DECISIONS = 2_000;

const module = readFileSync(argv[2] ?? new URL("acme.wasm", import.meta.url));
const policy = await Policy.load(module, { digest: digestOf(module) });
const text = JSON.stringify(invocation);
const bytes = Buffer.from(text);
const ways = {
  "decideJson, text": () => policy.decideJson(text),
  "decideJson, bytes": () => policy.decideJson(bytes),
  decide: () => policy.decide(invocation),
  verdict: () => policy.verdict(invocation),
  // What JavaScript alone takes for the same texts.
  "JSON.parse of a decision": ((decision) => () => JSON.parse(decision))(policy.decideJson(text)),
};

function round(work) {
  const begun = process.hrtime.bigint();
  for (let count = 0; count < DECISIONS; count += 1) work();
  return Number(process.hrtime.bigint() - begun) / DECISIONS;
}

const times = new Map(Object.keys(ways).map((name) => [name, []]));
// The first rounds are slow: code is compiled in tiers.
for (let count = -ROUNDS; count < ROUNDS; count += 1) {
  for (const [name, work] of Object.entries(ways)) {
    const time = round(work);
    if (count >= 0) times.get(name).push(time);
  }
}
for (const [name, all] of times) {
  const [fastest, median] = [0, ROUNDS >> 1].map((rank) => Math.round(all.toSorted((one, other) => one - other)[rank]));
  console.log(`${name.padEnd(26)} ${String(median).padStart(8)} ns, fastest round ${fastest} ns`);
}
