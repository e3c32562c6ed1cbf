/**
 * Program of `npm run pack -- FOLDER`: packs the public packages as a release does, for a project
 * of somebody's own, and prints for each what installs it.
 */
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { quiet, root, step, tail } from "./run.js";
import { buildWhenStale, checkHostNode, install, pnpm } from "./set-up.js";

const [given, ...rest] = process.argv.slice(2);
if (given === undefined || rest.length > 0) {
  process.stderr.write("usage: npm run pack -- FOLDER    the tarballs go there\n");
  process.exit(2);
}
// npm runs scripts at the root; INIT_CWD is where the user stands.
const folder = path.resolve(process.env.INIT_CWD ?? process.cwd(), given);

checkHostNode();
try {
  mkdirSync(folder, { recursive: true });
} catch (error) {
  process.stderr.write(`${folder} cannot be a folder: ${error.message}. Next: name another.\n`);
  process.exit(1);
}
await install();
await buildWhenStale();
const packed = await step("Packing", () =>
  quiet(...pnpm("--filter", "./packages/*", "pack", "--pack-destination", folder)),
);
if (packed.code !== 0) {
  process.stderr.write(`${tail(packed.output)}\nNext: fix what is named above.\n`);
  process.exit(1);
}

const manifests = new Map();
for (const name of readdirSync(path.join(root, "packages"))) {
  const text = readFileSync(path.join(root, "packages", name, "package.json"), "utf8");
  const manifest = JSON.parse(text);
  manifests.set(manifest.name, manifest);
}
for (const name of manifests.keys()) {
  const tarballs = [...needs(name)].map(tarballOf);
  process.stdout.write(`${name}\n  npm install ${tarballs.join(" ")}\n`);
}

/** Lists a package and those of this repository that it depends on, in no circle. */
function needs(name) {
  const found = new Set([name]);
  for (const each of found) {
    for (const other of Object.keys(manifests.get(each)?.dependencies ?? {})) {
      if (manifests.has(other)) found.add(other);
    }
  }
  return found;
}

function tarballOf(name) {
  const file = `${name.replace("@", "").replace("/", "-")}-${manifests.get(name).version}.tgz`;
  return path.join(folder, file);
}
