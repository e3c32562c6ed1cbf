/**
 * Program of `npm run verify`: checks everything that must hold before a change is merged, fast
 * checks first, and stops at the first failure. CI runs it too, so a laptop and CI agree.
 */
import path from "node:path";
import { loud, root } from "./run.js";
import { build, checkHostNode, install, pnpm, turbo } from "./set-up.js";

const bin = (name) => path.join(root, "node_modules", ".bin", name);

/** Arguments of biome for NO_COLOR, a convention that biome does not know. */
const plain = process.env.NO_COLOR === undefined ? [] : ["--colors=off"];

/** Checks in the order in which they run. */
const stages = [
  { name: "format", run: [bin("biome"), ["ci", ".", ...plain]] },
  { name: "lint", run: [bin("oxlint"), ["--type-aware", "--deny-warnings"]] },
  { name: "types", run: turbo("types") },
  { name: "layers", run: [bin("vitest"), ["run", "--project", "@aethel/checks"]] },
  { name: "unit", run: [bin("vitest"), ["run"]] },
  { name: "docs", run: pnpm("--filter", "@aethel/typedoc", "run", "docs") },
];

const wanted = new Set(process.argv.slice(2));
checkHostNode();
await install();
await build();

for (const { name, run } of stages) {
  if (wanted.size > 0 && !wanted.has(name)) continue;
  process.stdout.write(`\n== ${name}\n`);
  const code = await loud(...run);
  if (code === 0) continue;
  process.stderr.write(`\n${name} failed. Next: fix it, then \`npm run verify -- ${name}\`.\n`);
  process.exit(code);
}
process.stdout.write("\nAll of it holds.\n");
