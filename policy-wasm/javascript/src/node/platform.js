// Node, Deno and Bun: the packaged modules are files.

import { openAsBlob, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";

import { setPlatform } from "../platform.js";

const file = (name) => new URL(`../../dist/${name}.wasm`, import.meta.url);

setPlatform({
  module: (name) => readFile(file(name)),
  moduleSync: (name) => readFileSync(file(name)),
  file: (url) => openAsBlob(url),
});
