/**
 * Functions that set up a clone so that everything runs: packages from the lockfile, then the
 * build. They run on Node 20 with npm and nothing else.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { quiet, root, step, tail } from "./run.js";

const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
/**
 * Oldest major version of Node that these scripts run on. Everything else runs on the Node in the
 * lockfile.
 */
const hostNodeMin = 20;
const stamp = path.join(root, "node_modules", ".aethel-set-up");
const builtStamp = path.join(root, "node_modules", ".aethel-built");

/** Ends the process with a message if the machine's Node is too old for these scripts. */
export function checkHostNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= hostNodeMin) return;
  process.stderr.write(
    `Aethel needs Node ${hostNodeMin} or later to set itself up; this is ${process.versions.node}.\n` +
      "Next: install a newer Node from https://nodejs.org and run the same command again.\n",
  );
  process.exit(1);
}

/** Installs the packages, unless the lockfile has not changed since the last installation. */
export async function install() {
  const wanted = lockfileHash();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  const result = await step("Installing packages, and Node 24, from the lockfile", () =>
    quiet(...pnpm("install", "--frozen-lockfile", "--config.confirm-modules-purge=false")),
  );
  failWhen(
    result,
    "check that this machine reaches the npm registry, then run `npm run setup` again",
  );
  writeFileSync(stamp, wanted);
}

/** Builds every package and app. Unchanged ones come from turbo's cache. */
export async function build() {
  const begun = new Date();
  const result = await step("Building", () => quiet(...turbo("build")));
  failWhen(result, "fix what is named above, then run the same command again");
  writeFileSync(builtStamp, `${begun.toISOString()}\n`);
}

/**
 * Builds only if a source has changed since the last build, so that a command line rarely waits.
 */
export async function buildWhenStale() {
  if (isStale()) await build();
}

function isStale() {
  if (!existsSync(builtStamp)) return true;
  const built = Date.parse(readFileSync(builtStamp, "utf8").trim());
  // Everything compares as false with what is no date: it would pass for newer than any source.
  if (Number.isNaN(built)) return true;
  return ["packages", "apps"].some((group) =>
    readdirSync(path.join(root, group)).some((name) => {
      const folder = path.join(root, group, name);
      if (!existsSync(path.join(folder, "package.json"))) return false;
      return !existsSync(path.join(folder, "dist")) || newest(folder) > built;
    }),
  );
}

/**
 * Returns the time at which a file that a package is built from was last changed, in milliseconds
 * since 1970.
 */
function newest(folder) {
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(folder, entry.name));
  const sources = path.join(folder, "src");
  // The folders too: they change when a file in them goes.
  files.push(sources);
  for (const name of readdirSync(sources, { recursive: true }))
    files.push(path.join(sources, name));
  return Math.max(...files.map((file) => statSync(file).mtimeMs));
}

/** Returns command and arguments for pnpm, in exactly the version that the root manifest pins. */
export function pnpm(...args) {
  return ["npx", ["-y", manifest.packageManager, ...args]];
}

/**
 * Returns command and arguments that run one task in every package. Turbo runs inside pnpm, since
 * it finds pnpm where npx has put it.
 */
export function turbo(task) {
  const options = ["--output-logs=errors-only", "--ui=stream", "--no-update-notifier"];
  return pnpm("exec", "turbo", "run", task, ...options);
}

function lockfileHash() {
  const hash = createHash("sha256");
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml"]) {
    hash.update(readFileSync(path.join(root, file)));
  }
  return `${hash.digest("hex")} ${process.platform} ${process.arch}\n`;
}

function failWhen(result, next) {
  if (result.code === 0) return;
  process.stderr.write(`${tail(result.output)}\nNext: ${next}.\n`);
  process.exit(1);
}
