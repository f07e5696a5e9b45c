// Copies what lies elsewhere in the repository into the package: the modules, which `cargo xtask modules` wrote, and the
// licence.

import { copyFileSync, mkdirSync } from "node:fs";

const here = (path) => new URL(path, import.meta.url);

mkdirSync(here("dist/"), { recursive: true });
for (const module of ["decider.wasm", "author.wasm", "feedback.wasm"]) {
  copyFileSync(here(`../../target/wasm/${module}`), here(`dist/${module}`));
}
copyFileSync(here("../../LICENSE"), here("LICENSE"));
