// Decides by a policy module what comes on stdin: `node corpus.mjs MODULE DIGEST`. Each request is its length, four bytes,
// little-endian, and its bytes; each answer is a line.

import { readFileSync } from "node:fs";
import { argv, stdin, stdout } from "node:process";
import { buffer } from "node:stream/consumers";

import { Policy } from "@portcullis/policy";

import { answer } from "./answer.mjs";

const [module, digest] = argv.slice(2);
const policy = await Policy.load(readFileSync(module), { digest });
const input = await buffer(stdin);
for (let at = 0; at < input.length; ) {
  const end = at + 4 + input.readUInt32LE(at);
  stdout.write(`${answer(policy, input.subarray(at + 4, end))}\n`);
  at = end;
}
