// Checking, compiling and formatting policy text, with the author module.

import { compareDigests, digestSync, digestText, expectedDigest } from "./digest.js";
import { Engine } from "./engine.js";
import { ArgumentError, EngineError, PolicyError, wrongType } from "./errors.js";
import { Instance } from "./instance.js";
import { plainObject, wellFormed } from "./json.js";
import { packagedModule, packagedModuleSync } from "./platform.js";
import { Policy } from "./policy.js";
import { copyBytes, viewBytes } from "./source.js";

const AUTHOR = "author";
const INVALID_POLICY = 7;
/** The length of an account's name where the whole estate is meant. */
const WHOLE_ESTATE = 0xffff_ffff;

const encoder = new TextEncoder();

export class Author {
  #module;
  #instance;

  constructor(module) {
    if (!(module instanceof WebAssembly.Module)) throw wrongType("module", "what `Author.load` brings", module);
    this.#module = module;
  }

  static async load() {
    return new Author(await packagedModule(AUTHOR));
  }

  static loadSync() {
    return new Author(packagedModuleSync(AUTHOR));
  }

  check(files) {
    const input = policyFiles(files);
    return this.#attempt((instance) => {
      run(instance, "portcullis_check", input);
      return instance.resultJson();
    });
  }

  compile(files, { account } = {}) {
    const input = [...accountName(account), ...policyFiles(files)];
    return this.#attempt((instance) => {
      const bundle = run(instance, "portcullis_compile", input).slice();
      const digest = digestText(run(instance, "portcullis_digest", [bundle]));
      return { bundle, digest };
    });
  }

  format(text) {
    const input = [encoder.encode(wellFormed(text, "text"))];
    return this.#attempt((instance) => {
      run(instance, "portcullis_format", input);
      return instance.resultText();
    });
  }

  /** A policy by a bundle whose decisions explain more. */
  open(bundle, options) {
    const expected = expectedDigest(options);
    const file = copyBytes(bundle, "bundle");
    compareDigests(expected, digestSync(file, this.#module));
    return new Policy(new Engine(this.#module, file), expected);
  }

  /** An invalid policy is an answer; whatever else is thrown, the instance is not used again. */
  #attempt(work) {
    try {
      this.#instance ??= new Instance(this.#module);
      return work(this.#instance);
    } catch (error) {
      if (!(error instanceof PolicyError)) this.#instance = undefined;
      throw error;
    }
  }
}

/** @returns {Uint8Array} the result, until the next call */
function run(instance, name, input) {
  const status = instance.call(instance.exports[name], instance.writeParts(input));
  if (status === INVALID_POLICY) throw invalidPolicy(instance.resultJson());
  if (status !== 0) throw new EngineError("unexpected-status", `the module ends with status ${status}`);
  return instance.result();
}

function invalidPolicy({ diagnostics, error, help }) {
  if (diagnostics === undefined) return new PolicyError("not-compiled", error, { help });
  const { file, line, message } = diagnostics.find(({ severity }) => severity === "error") ?? diagnostics[0];
  return new PolicyError("invalid-policy", `${file}:${line}: ${message}`, { diagnostics });
}

/** Number of files; of each the lengths of its name and its text, then both. */
function policyFiles(files) {
  const entries = typeof files?.[Symbol.iterator] === "function" ? [...files] : Object.entries(plainObject(files, "files"));
  const parts = [numbers(entries.length)];
  for (const entry of entries) {
    if (!Array.isArray(entry)) throw wrongType("files", "names with texts", files);
    const [name, text] = entry;
    const field = `files[${JSON.stringify(name)}]`;
    const nameBytes = encoder.encode(wellFormed(name, field));
    const textBytes = typeof text === "string" ? encoder.encode(wellFormed(text, field)) : viewBytes(text, field);
    parts.push(numbers(nameBytes.length, textBytes.length), nameBytes, textBytes);
  }
  return parts;
}

function accountName(account) {
  if (account === undefined) return [numbers(WHOLE_ESTATE)];
  if (account === "") throw new ArgumentError("empty", "account", "`account` must be a name or an id");
  const name = encoder.encode(wellFormed(account, "account"));
  return [numbers(name.length), name];
}

/** Numbers as the module reads them. */
function numbers(...values) {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, index) => view.setUint32(4 * index, value, true));
  return new Uint8Array(view.buffer);
}
