// The page: takes questions from the server, decides, and posts the answers back.

import { Policy, prepare } from "@portcullis/policy";
import { Author } from "@portcullis/policy/author";

import { answer } from "./answer.mjs";

const DIGEST_BYTES = "sha256:".length + 64;

/** A question is a digest, the length of a policy module, the module, and requests, each behind its length. */
async function answers(question) {
  const view = new DataView(question);
  const digest = new TextDecoder().decode(new Uint8Array(question, 0, DIGEST_BYTES));
  const begin = DIGEST_BYTES + 4;
  const end = begin + view.getUint32(DIGEST_BYTES, true);
  const policy = await Policy.load(new Uint8Array(question, begin, end - begin), { digest });
  let lines = "";
  for (let at = end; at < question.byteLength; ) {
    const length = view.getUint32(at, true);
    lines += `${answer(policy, new Uint8Array(question, at + 4, length))}\n`;
    at += 4 + length;
  }
  return lines;
}

/** What only a browser can show: that the packaged modules are found, and that one waits for them where one has to. */
async function packagedModulesAreFound() {
  const author = await Author.load();
  const { bundle, digest } = author.compile({ "estate.hcl": 'account "prod" {\n  id = "222222222222"\n}\n' });
  let code;
  try {
    Policy.loadSync(bundle, { digest });
  } catch (error) {
    code = error.code;
  }
  if (code !== "not-prepared") throw new Error(`loadSync without the decider: ${code}`);
  await prepare();
  const [one, other] = [Policy.loadSync(bundle, { digest }), await Policy.load(new Blob([bundle]), { digest })];
  if (one.decideJson("{}") !== other.decideJson("{}")) throw new Error("two ways to load decide otherwise");
}

const ready = packagedModulesAreFound();

for (;;) {
  const question = await fetch("question");
  const number = question.headers.get("x-number");
  try {
    await ready;
    await fetch(`answer?number=${number}`, { method: "POST", body: await answers(await question.arrayBuffer()) });
  } catch (error) {
    await fetch(`answer?number=${number}&failed=yes`, { method: "POST", body: `${error.stack}` });
  }
}
