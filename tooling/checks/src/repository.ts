import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Text file of the repository. */
export interface File {
  /** Path from the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Fields of a package.json that the checks read. */
export interface Manifest {
  readonly name: string;
  readonly engines?: { readonly node?: string };
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Workspace package: its manifest and all its files. */
export interface Package {
  /** Path of the package, such as `packages/merkle`. */
  readonly folder: string;
  readonly manifest: Manifest;
  readonly files: readonly File[];
}

/** Absolute path of the repository on this machine. */
export const ROOT: string = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * Lists the paths of all files that git tracks, or would track after `git add`. Ignored files are
 * left out.
 */
export function listRepository(): readonly string[] {
  const options = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const listing = execFileSync("git", options, { cwd: ROOT, encoding: "utf8" });
  return [...new Set(listing.split("\0"))].filter(
    (path) => path !== "" && existsSync(`${ROOT}${path}`),
  );
}

/** Reads all files of `listRepository` that are text. */
export function readRepository(): readonly File[] {
  return listRepository().flatMap((path) => {
    const file = readText(path);
    return file === undefined ? [] : [file];
  });
}

/** Finds the workspace packages among some files. */
export function findPackages(files: readonly File[]): readonly Package[] {
  return files.flatMap(({ path, text }) => {
    const folder = /^((?:packages|apps|tooling)\/[^/]+)\/package\.json$/.exec(path)?.[1];
    if (folder === undefined) return [];
    const own = files.filter((file) => file.path.startsWith(`${folder}/`));
    return [{ folder, manifest: parseManifest(text), files: own }];
  });
}

/**
 * Returns the name of a package's folder, such as `merkle`. No package and app have the same name.
 */
export function nameOfPackage({ folder }: Pick<Package, "folder">): string {
  return folder.slice(folder.indexOf("/") + 1);
}

/**
 * Parses a package.json as JSON, without checking its fields. A check that reads a missing field
 * fails.
 */
export function parseManifest(text: string): Manifest {
  return JSON.parse(text) as Manifest;
}

/** Reads a text file; undefined if it is not text, not a file, or deleted and not yet committed. */
function readText(path: string): File | undefined {
  const place = `${ROOT}${path}`;
  if (!(statSync(place, { throwIfNoEntry: false })?.isFile() ?? false)) return undefined;
  const text = readFileSync(place, "utf8");
  return text.includes("\0") ? undefined : { path, text };
}
