// Asks a component that jco transpiled: `node ask.mjs COMPONENT.js [BUNDLE]`. Each line of stdin is one call as JSON, each
// line of stdout what it returned.

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [component, bundle] = process.argv.slice(2);
const { bundles, decisions } = await import(pathToFileURL(component));
const policy = bundle === undefined ? decisions : bundles.Policy.load(readFileSync(bundle));

const calls = {
  decide: (invocation) => {
    const { outcome, reason, policy: digest = null } = policy.decide(invocation);
    return { outcome, reason, policy: digest };
  },
  explain: (invocation) => policy.explain(invocation),
  explainJson: (bytes) => policy.explainJson(Uint8Array.from(bytes)),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { call, with: argument } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(calls[call](argument))}\n`);
}
