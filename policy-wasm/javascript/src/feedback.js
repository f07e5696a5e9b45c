// What a CI job asks and shows (docs/ci-feedback.md), by the feedback module.

import { Instance } from "./instance.js";
import { packagedModuleSync } from "./platform.js";

const encoder = new TextEncoder();

export class Feedback {
  #instance = new Instance(packagedModuleSync("feedback"));

  /** @returns {string[]} the environment variables to hand over */
  variables() {
    this.#instance.expect(this.#instance.exports.portcullis_variables);
    return this.#instance.resultJson();
  }

  /** From `{ environment, options, event }` to `{ asked }`, or to `{ problems, report }`. */
  invocation(job) {
    return this.#answer("portcullis_invocation", job);
  }

  /** From `{ decision, claims, asked, color, unmet }` to `{ report }`. */
  report(decided) {
    return this.#answer("portcullis_report", decided);
  }

  #answer(name, question) {
    const input = encoder.encode(JSON.stringify({ version: 1, ...question }));
    this.#instance.expect(this.#instance.exports[name], this.#instance.writeParts([input]));
    return this.#instance.resultJson();
  }
}
