import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Manifest, parseManifest, ROOT } from "./repository.ts";

/** Public package in the form in which its users get it. */
export interface Packed {
  readonly name: string;
  /** Folder into which the package is unpacked. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** Paths of the files in the tarball, with `/`. */
  readonly files: readonly string[];
}

/** Environment variables of a user. Those of the workspace and of the test runner are left out. */
export const userEnvironment: Readonly<Record<string, string | undefined>> = {
  PATH: process.env["PATH"],
  HOME: process.env["HOME"],
  SystemRoot: process.env["SystemRoot"],
};

/**
 * Packs packages with the pnpm that the root manifest pins, as a release does, and unpacks them
 * into `node_modules` of a folder outside the workspace. Their dependencies are linked from the
 * workspace, so that no network is needed.
 */
export function unpackAll(folder: string, packages: readonly string[]): readonly Packed[] {
  const tarballs = join(folder, "tarballs");
  mkdirSync(tarballs, { recursive: true });
  const { packageManager } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    readonly packageManager: string;
  };
  const filters = packages.flatMap((path) => ["--filter", `./${path}`]);
  const pack = ["pack", "--pack-destination", tarballs];
  execFileSync("npx", ["-y", packageManager, ...filters, ...pack], {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "pipe"],
  });
  return packages.map((path) => unpack(folder, path));
}

function unpack(folder: string, path: string): Packed {
  const { name, version } = JSON.parse(readFileSync(join(ROOT, path, "package.json"), "utf8")) as {
    readonly name: string;
    readonly version: string;
  };
  const file = `${name.replace("@", "").replace("/", "-")}-${version}.tgz`;
  const tarball = join(folder, "tarballs", file);
  const home = join(folder, "node_modules", name);
  mkdirSync(home, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "-C", home, "--strip-components=1"]);
  const listing = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" });
  const files = listing.split("\n").flatMap((line) => (line === "" ? [] : [line.slice(8)]));
  const manifest = parseManifest(readFileSync(join(home, "package.json"), "utf8"));
  for (const dependency of dependenciesOf(manifest)) {
    if (!dependency.startsWith("@aethel/")) link(folder, join(ROOT, path), dependency);
  }
  return { name, folder: home, manifest, files };
}

/** Lists the names of the packages that are installed with a package. */
export function dependenciesOf(manifest: Manifest): readonly string[] {
  const { dependencies, optionalDependencies, peerDependencies } = manifest;
  return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
}

/** Links a dependency of the workspace package `from` into `node_modules` of a folder. */
export function link(folder: string, from: string, dependency: string): void {
  const place = join(folder, "node_modules", dependency);
  mkdirSync(dirname(place), { recursive: true });
  const target = realpathSync(join(from, "node_modules", dependency));
  try {
    symlinkSync(target, place, "junction");
  } catch (error) {
    // Several packages have it; the catalog gives all of them one version.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST" || realpathSync(place) !== target) {
      throw error;
    }
  }
}

/**
 * Lists each specifier by which a package may be imported, with the paths of its code and of its
 * types in the package.
 */
export function entriesOf({ name, manifest }: Packed): readonly {
  readonly specifier: string;
  readonly code: string;
  readonly types: string;
}[] {
  return Object.entries(manifest.exports ?? {}).flatMap(([key, target]) => {
    if (typeof target !== "object" || target === null) return [];
    const { default: code, types } = target as { readonly default: string; readonly types: string };
    return [{ specifier: `${name}${key.slice(1)}`, code: code.slice(2), types: types.slice(2) }];
  });
}
