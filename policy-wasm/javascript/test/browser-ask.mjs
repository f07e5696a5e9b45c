// Has a page decide what comes on stdin: `node browser-ask.mjs ADDRESS MODULE DIGEST`. Otherwise as `corpus.mjs`.

import { readFileSync } from "node:fs";
import { argv, exit, stdin, stdout } from "node:process";
import { buffer } from "node:stream/consumers";

const [address, file, digest] = argv.slice(2);
const module = readFileSync(file);
const length = Buffer.alloc(4);
length.writeUInt32LE(module.length);
const body = Buffer.concat([Buffer.from(digest), length, module, await buffer(stdin)]);
const response = await fetch(new URL("ask", address), { method: "POST", body });
const text = await response.text();
if (response.ok) {
  stdout.write(text);
} else {
  console.error(text);
  exit(1);
}
