// What platforms hand in: their types fit.

import { Policy } from "@portcullis/policy";

const digest = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

export async function sources(): Promise<void> {
  await Policy.load(fetch("policy.wasm"), { digest });
  await Policy.load(await fetch("policy.wasm"), { digest });
  await Policy.load(new URL("policy.wasm", import.meta.url), { digest });
  await Policy.load(new Blob([]), { digest });
  await Policy.load(new ArrayBuffer(0), { digest });
  await Policy.load(new SharedArrayBuffer(0), { digest });
  await Policy.load(new DataView(new ArrayBuffer(0)), { digest });
}
