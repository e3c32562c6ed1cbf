import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A file as the checks see it. */
export interface File {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** The fields of a package.json that the checks read. */
export interface Manifest {
  readonly name: string;
  readonly engines?: { readonly node?: string };
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A workspace package: its manifest and all its files. */
export interface Package {
  /** Such as `packages/merkle`. */
  readonly folder: string;
  readonly manifest: Manifest;
  readonly files: readonly File[];
}

/** Where the repository lies on this machine. */
export const ROOT: string = fileURLToPath(new URL("../../../", import.meta.url));

/** Paths of all that git tracks or would track: ignored files are nobody's business. */
export function listRepository(): readonly string[] {
  const options = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const listing = execFileSync("git", options, { cwd: ROOT, encoding: "utf8" });
  return [...new Set(listing.split("\0"))].filter(
    (path) => path !== "" && existsSync(`${ROOT}${path}`),
  );
}

/** The text files among them. */
export function readRepository(): readonly File[] {
  return listRepository().flatMap((path) => {
    const file = readText(path);
    return file === undefined ? [] : [file];
  });
}

/** The workspace packages among some files. */
export function findPackages(files: readonly File[]): readonly Package[] {
  return files.flatMap(({ path, text }) => {
    const folder = /^((?:packages|apps|tooling)\/[^/]+)\/package\.json$/.exec(path)?.[1];
    if (folder === undefined) return [];
    const own = files.filter((file) => file.path.startsWith(`${folder}/`));
    return [{ folder, manifest: parseManifest(text), files: own }];
  });
}

/** Name of a package's folder, such as `merkle`; packages and apps share no name. */
export function nameOfPackage({ folder }: Pick<Package, "folder">): string {
  return folder.slice(folder.indexOf("/") + 1);
}

/** Whatever the file holds: a manifest that is none fails in the check that reads it. */
export function parseManifest(text: string): Manifest {
  return JSON.parse(text) as Manifest;
}

/** Undefined for what is no text, or was deleted and not yet committed. */
function readText(path: string): File | undefined {
  const place = `${ROOT}${path}`;
  if (!(statSync(place, { throwIfNoEntry: false })?.isFile() ?? false)) return undefined;
  const text = readFileSync(place, "utf8");
  return text.includes("\0") ? undefined : { path, text };
}
