// The entry `@portcullis/policy/author`.

import "./platform.js";

export { Author } from "../author.js";
