// A module with a policy, through all its instances: one that failed is dropped, and the next call makes another.

import { LoadError } from "./errors.js";
import { Instance } from "./instance.js";

/** The most that an invocation may have as JSON. */
const INVOCATION_BYTES = 256 << 10;
/**
 * Room for a byte more than any invocation may have, and for the character that is cut off there. What is longer is cut,
 * and refused for its length all the same.
 */
const ROOM = INVOCATION_BYTES + 4;

const NO_POLICY = 1;
/** What statuses say of a bundle. */
const BUNDLE_CODES = new Map([
  [16, "not-a-bundle"],
  [17, "format-version"],
  [18, "language-version"],
  [19, "truncated"],
  [20, "too-long"],
  [21, "too-large"],
  [22, "damaged"],
  [23, "malformed-bundle"],
  [24, "not-proved"],
]);

export class Engine {
  #module;
  #bundle;
  #instance;

  /**
   * @param {WebAssembly.Module} module
   * @param {Uint8Array} [bundle] that the module is to load; a policy module has its own
   */
  constructor(module, bundle) {
    this.#module = module;
    this.#bundle = bundle;
  }

  /**
   * Does something with the instance. Whatever is thrown, the instance is not used again.
   *
   * @template T
   * @param {(instance: Instance) => T} work
   */
  attempt(work) {
    try {
      this.#instance ??= this.#begin();
      return work(this.#instance);
    } catch (error) {
      this.#instance = undefined;
      throw error;
    }
  }

  /** The digest of the bundle and the version of the language, as every decision says them. */
  describe() {
    return this.attempt((instance) => {
      const status = instance.call(instance.exports.portcullis_decide_json, 0);
      if (status === NO_POLICY) throw new LoadError("no-policy", "the module has no policy inside");
      const { bundle, language } = instance.resultJson();
      return { bundle, language };
    });
  }

  #begin() {
    const instance = new Instance(this.#module);
    if (this.#bundle !== undefined) loadBundle(instance, this.#bundle);
    instance.reserve(ROOM);
    return instance;
  }
}

function loadBundle(instance, bundle) {
  instance.reserve(bundle.length);
  const status = instance.call(instance.exports.portcullis_load, instance.writeBytes(bundle));
  if (status !== 0) throw new LoadError(BUNDLE_CODES.get(status) ?? "unexpected-status", instance.resultText());
  instance.forgetRoom();
}
