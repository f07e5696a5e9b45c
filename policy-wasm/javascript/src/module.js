// Whether a file is one of our modules, of a version that this package speaks.

import { LoadError } from "./errors.js";

/** The interface (docs/wasm-abi.md) and the language that this package knows. */
const ABI = { major: 1, minor: 0 };
const LANGUAGE = 1;
/** How a WebAssembly file begins. */
const MAGIC = [0x00, 0x61, 0x73, 0x6d];

const FUNCTIONS = [
  "portcullis_result",
  "portcullis_input",
  "portcullis_load",
  "portcullis_decide",
  "portcullis_decide_json",
  "portcullis_claims",
  "portcullis_digest",
  "portcullis_fault",
];

/** @param {Uint8Array} file */
export function isModule(file) {
  return MAGIC.every((byte, index) => file[index] === byte);
}

/** @param {Uint8Array} file whose digest was compared */
export async function compile(file) {
  try {
    return withoutImports(await WebAssembly.compile(file));
  } catch (cause) {
    throw notCompiled(cause);
  }
}

/** @param {Uint8Array} file whose digest was compared */
export function compileSync(file) {
  try {
    return withoutImports(new WebAssembly.Module(file));
  } catch (cause) {
    throw notCompiled(cause);
  }
}

function notCompiled(cause) {
  if (cause instanceof LoadError) return cause;
  return new LoadError("malformed-module", "the file is no WebAssembly module that this platform takes", { cause });
}

function withoutImports(module) {
  const [first] = WebAssembly.Module.imports(module);
  if (first === undefined) return module;
  throw new LoadError("module-imports", `the module imports \`${first.module}.${first.name}\`; a policy imports nothing`);
}

/** @param {WebAssembly.Exports} exports */
export function checkExports(exports) {
  // Before all else: another version may have other exports.
  checkFunction(exports, "portcullis_abi");
  checkFunction(exports, "portcullis_language");
  compareVersions(exports.portcullis_abi(), exports.portcullis_language());
  for (const name of FUNCTIONS) checkFunction(exports, name);
  if (!(exports.memory instanceof WebAssembly.Memory)) throw notOurs("memory");
}

function compareVersions(abi, language) {
  const [major, minor] = [abi >>> 16, abi & 0xffff];
  if (major !== ABI.major || minor > ABI.minor) {
    const ours = `${ABI.major}.${ABI.minor}`;
    throw new LoadError("abi-version", `the module has ABI version ${major}.${minor}; this package speaks ${ours}`);
  }
  if (language !== LANGUAGE) {
    const message = `the module has language version ${language}; this package knows version ${LANGUAGE}`;
    throw new LoadError("language-version", message);
  }
}

function checkFunction(exports, name) {
  if (typeof exports[name] !== "function") throw notOurs(name);
}

function notOurs(name) {
  return new LoadError("not-a-policy", `the module is not of Portcullis: it does not export \`${name}\``);
}
