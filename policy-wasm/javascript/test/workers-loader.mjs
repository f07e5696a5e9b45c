// Makes Node import as edge workers do: by their condition, and modules compiled.

export function resolve(specifier, context, next) {
  return next(specifier, { ...context, conditions: ["workerd", ...context.conditions] });
}

export function load(url, context, next) {
  if (!url.endsWith(".wasm")) return next(url, context);
  const source = `import { readFileSync } from "node:fs";
    export default new WebAssembly.Module(readFileSync(new URL(${JSON.stringify(url)})));`;
  return { format: "module", source, shortCircuit: true };
}
