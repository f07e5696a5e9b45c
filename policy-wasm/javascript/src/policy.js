// A policy that is ready to decide.

import { VerdictReader, writeCompact } from "./compact.js";
import { compareDigests, digestOf, digestSync, expectedDigest } from "./digest.js";
import { Engine } from "./engine.js";
import { PortcullisError } from "./errors.js";
import { Asked } from "./invocation.js";
import { wellFormed } from "./json.js";
import { compile, compileSync, isModule } from "./module.js";
import { packagedModule, packagedModuleSync } from "./platform.js";
import { copyBytes, readSource, viewBytes } from "./source.js";

const DECIDER = "decider";

export class Policy {
  #engine;
  #verdicts = new VerdictReader();

  /**
   * Not for hosts, which have no `Engine`: digests are compared by `load`.
   *
   * @param {Engine} engine
   * @param {string} file the digest of the file
   */
  constructor(engine, file) {
    if (!(engine instanceof Engine)) throw new PortcullisError("wrong-type", "a policy is made by `Policy.load`");
    const { bundle, language } = engine.describe();
    this.#engine = engine;
    this.digests = Object.freeze({ file, bundle });
    this.language = language;
    Object.freeze(this);
  }

  static async load(source, options) {
    const expected = expectedDigest(options);
    const file = await readSource(source);
    compareDigests(expected, await digestOf(file, () => packagedModule(DECIDER)));
    if (isModule(file)) return new Policy(new Engine(await compile(file)), expected);
    return new Policy(new Engine(await packagedModule(DECIDER), file), expected);
  }

  static loadSync(bytes, options) {
    const expected = expectedDigest(options);
    const file = copyBytes(bytes, "bytes");
    const decider = packagedModuleSync(DECIDER);
    compareDigests(expected, digestSync(file, decider));
    return new Policy(isModule(file) ? new Engine(compileSync(file)) : new Engine(decider, file), expected);
  }

  decide(invocation) {
    return this.#explained(new Asked(invocation));
  }

  decideJson(invocation) {
    const isText = typeof invocation === "string";
    const json = isText ? wellFormed(invocation, "invocation") : viewBytes(invocation, "invocation");
    return this.#engine.attempt((instance) => {
      decideJson(instance, isText ? instance.writeText(json) : instance.writeBytes(json));
      return instance.resultText();
    });
  }

  /**
   * Which claims of the token the rules look at, as JSON; for feedback in CI jobs, which knows some claims only.
   *
   * @param {string} invocation as JSON, and well formed
   */
  claimsJson(invocation) {
    return this.#engine.attempt((instance) => {
      instance.expect(instance.exports.portcullis_claims, instance.writeText(invocation));
      return instance.resultText();
    });
  }

  verdict(invocation) {
    const asked = new Asked(invocation);
    const verdict = this.#engine.attempt((instance) => {
      const length = writeCompact(asked, instance);
      if (length === 0) return undefined;
      return this.#verdicts.read(instance.expect(instance.exports.portcullis_decide, length));
    });
    if (verdict !== undefined) return verdict;
    const { outcome, reason, policy } = this.#explained(asked);
    return { outcome, reason, policy };
  }

  /** @param {Asked} asked */
  #explained(asked) {
    const json = asked.toJson();
    return this.#engine.attempt((instance) => {
      decideJson(instance, instance.writeText(json));
      return instance.resultJson();
    });
  }
}

function decideJson(instance, length) {
  instance.expect(instance.exports.portcullis_decide_json, length);
}

/** Reads and compiles the packaged decider, so that `Policy.loadSync` has it. */
export async function prepare() {
  await packagedModule(DECIDER);
}
