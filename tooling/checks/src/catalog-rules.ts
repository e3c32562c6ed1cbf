import type { File, Manifest } from "./repository.ts";
import type { Violation } from "./violation.ts";

/** Versions that a manifest may state itself instead of using the catalog's, with the reasons. */
const OWN_VERSIONS: readonly string[] = [
  // typedoc does not accept TypeScript 7, which everything else is built with.
  "tooling/typedoc/package.json typescript",
];

/** Entry of pnpm's catalog, and its line in the file. */
export interface CatalogEntry {
  readonly name: string;
  readonly line: number;
}

/**
 * Reads the names under `catalog:` of a pnpm-workspace.yaml. The file must have the plain form with
 * two spaces that this repository uses.
 */
export function readCatalog({ text }: File): readonly CatalogEntry[] {
  const entries: CatalogEntry[] = [];
  let inside = false;
  for (const [at, line] of text.split("\n").entries()) {
    if (/^\S/.test(line)) inside = line.trimEnd() === "catalog:";
    const name = /^ {2}["']?([^"'\s:]+)["']?:\s*\S/.exec(line)?.[1];
    if (inside && name !== undefined) entries.push({ name, line: at + 1 });
  }
  return entries;
}

/**
 * Finds entries of the catalog that no manifest uses, manifests that use missing entries, and
 * manifests that state a version instead of using the catalog.
 */
export function findCatalogViolations(
  workspace: File,
  manifests: readonly { readonly file: string; readonly manifest: Manifest }[],
): readonly Violation[] {
  const catalog = readCatalog(workspace);
  const uses = manifests.flatMap(({ file, manifest }) =>
    Object.entries({
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
    }).map(([name, version]) => ({ file, name, version })),
  );
  const used = new Set(uses.flatMap(({ name, version }) => (version === "catalog:" ? [name] : [])));
  const known = new Set(catalog.map(({ name }) => name));
  return [
    ...catalog
      .filter(({ name }) => !used.has(name))
      .map(({ name, line }) => ({
        file: workspace.path,
        line,
        rule: `no package.json uses the catalog's "${name}"`,
        mend: "remove the entry",
      })),
    ...uses
      .filter(({ name, version }) => version === "catalog:" && !known.has(name))
      .map(({ file, name }) => ({
        file,
        rule: `"${name}" is not in the catalog`,
        mend: `add it to ${workspace.path}`,
      })),
    ...uses
      .filter(({ version }) => version !== "catalog:" && !version.startsWith("workspace:"))
      .filter(({ file, name }) => !OWN_VERSIONS.includes(`${file} ${name}`))
      .map(({ file, name, version }) => ({
        file,
        rule: `"${name}" has a version of its own, ${version}`,
        mend: `write "catalog:", and the version in ${workspace.path}`,
      })),
  ];
}
