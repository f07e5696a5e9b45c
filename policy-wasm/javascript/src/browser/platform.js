// Browsers: the packaged modules lie beside this file. Bundlers know this way to name them.

import { setPlatform } from "../platform.js";

const ADDRESSES = {
  decider: () => new URL("../../dist/decider.wasm", import.meta.url),
  author: () => new URL("../../dist/author.wasm", import.meta.url),
};

setPlatform({
  async module(name) {
    const response = await fetch(ADDRESSES[name]());
    if (!response.ok) throw new Error(`${response.url} answers with status ${response.status}`);
    return response.arrayBuffer();
  },
});
