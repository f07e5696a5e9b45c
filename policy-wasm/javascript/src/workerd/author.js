// The entry `@portcullis/policy/author` on edge workers.

import author from "../../dist/author.wasm";

import { provideModule } from "../platform.js";

provideModule("author", author);

export { Author } from "../author.js";
