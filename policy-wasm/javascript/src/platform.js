// What differs between Node, browsers and edge workers: where the packaged modules are.

import { LoadError } from "./errors.js";

/** Compiled modules of the package, by name, and what is on its way. */
const compiled = new Map();
const coming = new Map();

/** What the entry for a platform sets. */
let readModule = () => Promise.reject(new Error("this platform has no way to read them"));
let readModuleSync = () => undefined;
let readFile = () => Promise.reject(new Error("this platform has no files"));

/**
 * @param {object} platform
 * @param {(name: string) => Promise<Uint8Array>} platform.module reads a packaged module
 * @param {(name: string) => Uint8Array} [platform.moduleSync] the same, at once
 * @param {(url: URL) => Promise<Blob>} [platform.file] opens a `file:` URL
 */
export function setPlatform(platform) {
  readModule = platform.module;
  readModuleSync = platform.moduleSync ?? readModuleSync;
  readFile = platform.file ?? readFile;
}

/**
 * @param {string} name `decider` or `author`
 * @param {WebAssembly.Module} module
 */
export function provideModule(name, module) {
  compiled.set(name, module);
}

/** @returns {Promise<WebAssembly.Module>} */
export async function packagedModule(name) {
  if (!compiled.has(name)) {
    // One reading for all who ask meanwhile; one that failed may be tried again.
    if (!coming.has(name)) coming.set(name, readAndCompile(name).finally(() => coming.delete(name)));
    await coming.get(name);
  }
  return compiled.get(name);
}

async function readAndCompile(name) {
  try {
    provideModule(name, await WebAssembly.compile(await readModule(name)));
  } catch (cause) {
    throw new LoadError("package-incomplete", `the module \`${name}\` of this package cannot be read`, { cause });
  }
}

/** @returns {WebAssembly.Module} */
export function packagedModuleSync(name) {
  if (!compiled.has(name)) {
    const bytes = readModuleSync(name);
    if (bytes === undefined) {
      throw new LoadError("not-prepared", "here modules come asynchronously: await `prepare()` or `Author.load()` once before");
    }
    provideModule(name, new WebAssembly.Module(bytes));
  }
  return compiled.get(name);
}

/** @param {URL} url */
export function openFile(url) {
  return readFile(url);
}
