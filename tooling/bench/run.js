/**
 * Program of `npm run bench -- verifier`: builds all packages, and runs the `bench/*.bench.ts` of
 * the named packages on the built files, one after the other; without a name those of all packages.
 * `--smoke` makes each do a little of everything, to see that it works.
 * A bench can be named alone: `npm run bench -- costs` runs `costs.bench.ts`. Words from the first
 * that begins with `--` on are passed to the bench. `--help` alone lists the benches.
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
const files = benches.flatMap(({ name, folder }) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".bench.ts"))
    .toSorted()
    .map((file) => ({ name, folder, file, alone: file.replace(".bench.ts", "") })),
);
const given = process.argv.slice(2);
const end = given.findIndex((word) => word.startsWith("--"));
const wanted = end < 0 ? given : given.slice(0, end);
const options = end < 0 ? [] : given.slice(end).filter((word) => word !== "--");
const unknown = wanted.filter(
  (word) => !files.some((one) => one.name === word || one.alone === word),
);
const known = [...new Set(files.flatMap(({ name, alone }) => [name, alone]))].join(", ");
if (wanted.length === 0 && options.includes("--help")) {
  process.stdout.write(
    `Usage: npm run bench -- [name...] [--smoke]\nBenches, and packages that have some: ${known}.\nWithout a name all of them run, which takes an hour.\n`,
  );
  process.exit(0);
}
if (unknown.length > 0) {
  process.stderr.write(`No benches in ${unknown.join(", ")}. There are: ${known}.\n`);
  process.exit(2);
}
await install();
await build();

const node = path.join(root, "node_modules", ".bin", "node");
for (const { name, folder, file, alone } of files) {
  if (wanted.length > 0 && !wanted.includes(name) && !wanted.includes(alone)) continue;
  const code = await loud(node, [path.join(folder, file), ...options]);
  if (code !== 0) process.exitCode = code;
}
