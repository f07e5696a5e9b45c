// One case of the corpus, asked in all ways: in Node and in a browser.

/**
 * @param {import("@portcullis/policy").Policy} policy
 * @param {Uint8Array} request JSON, or what is none
 * @returns {string} the decision as JSON
 */
export function answer(policy, request) {
  const json = policy.decideJson(request);
  const invocation = parsed(request);
  if (invocation !== undefined) compare(policy, invocation, json);
  return json;
}

/** The object that the request is, if it says it as JavaScript would: no field twice, no number spelt otherwise. */
function parsed(request) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(request);
    const value = JSON.parse(text);
    return JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

function compare(policy, invocation, json) {
  const { outcome, reason, policy: rules } = JSON.parse(json);
  const expected = { decision: json, verdict: JSON.stringify({ outcome, reason, policy: rules }) };
  let found;
  try {
    found = { decision: JSON.stringify(policy.decide(invocation)), verdict: JSON.stringify(policy.verdict(invocation)) };
  } catch (error) {
    // What has another type is told to the host instead, and so is a number that an object does not keep.
    const told = reason === "invalid-invocation" || error.code === "inexact-number";
    if (error.name === "ArgumentError" && told) return;
    throw error;
  }
  for (const way of ["decision", "verdict"]) {
    if (found[way] !== expected[way]) throw new Error(`the ${way} differs: ${expected[way]} ${found[way]}`);
  }
}
