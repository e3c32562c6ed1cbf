/**
 * `npm run verify`: everything that must hold before a change is merged, fast checks first. It is
 * what CI runs, so a laptop and CI agree. Stops at the first failure.
 */
import path from "node:path";
import { loud, root } from "./run.js";
import { build, checkHostNode, install, pnpm, turbo } from "./set-up.js";

const bin = (name) => path.join(root, "node_modules", ".bin", name);

/** biome does not know the NO_COLOR convention. */
const plain = process.env.NO_COLOR === undefined ? [] : ["--colors=off"];

/** In order. */
const stages = [
  ["format", bin("biome"), ["ci", ".", ...plain]],
  ["lint", bin("oxlint"), ["--type-aware", "--deny-warnings"]],
  ["types", ...turbo("types")],
  ["layers", bin("vitest"), ["run", "--project", "@aethel/checks"]],
  ["unit", bin("vitest"), ["run"]],
  ["docs", ...pnpm("run", "docs")],
];

const wanted = new Set(process.argv.slice(2));
checkHostNode();
await install();
await build();

for (const [name, command, args] of stages) {
  if (wanted.size > 0 && !wanted.has(name)) continue;
  process.stdout.write(`\n== ${name}\n`);
  const code = await loud(command, args);
  if (code === 0) continue;
  process.stderr.write(`\n${name} failed. Next: mend it, then \`npm run verify -- ${name}\`.\n`);
  process.exit(code);
}
process.stdout.write("\nAll of it holds.\n");
