/**
 * `npm run bench -- verifier`: builds the named packages (all that have benches, when none is
 * named) and runs their `bench/*.bench.ts` on the built files, one after the other.
 */
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { loud, root } from "../scripts/run.js";
import { build, checkHostNode, install } from "../scripts/set-up.js";

checkHostNode();
const benches = ["packages", "apps"].flatMap((group) =>
  readdirSync(path.join(root, group))
    .map((name) => ({ name, folder: path.join(root, group, name, "bench") }))
    .filter(({ folder }) => existsSync(folder)),
);
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !benches.some((bench) => bench.name === name));
if (unknown.length > 0) {
  const known = benches.map(({ name }) => name).join(", ");
  process.stderr.write(`No benches in ${unknown.join(", ")}. There are: ${known}.\n`);
  process.exit(2);
}
await install();
await build();

const node = path.join(root, "node_modules", ".bin", "node");
for (const { name, folder } of benches) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const files = readdirSync(folder).filter((file) => file.endsWith(".bench.ts"));
  for (const file of files.toSorted()) {
    const code = await loud(node, [path.join(folder, file)]);
    if (code !== 0) process.exitCode = code;
  }
}
