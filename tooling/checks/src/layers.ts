import { posix } from "node:path";
import { findImports, type Import, isBuiltin, packageOf } from "./imports.ts";
import type { File, Manifest, Package } from "./repository.ts";
import type { Violation } from "./violation.ts";

/**
 * Workspace packages that each package may import. Apps may import any package, and among the apps
 * only those in `SHARED_BY_APPS`.
 */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  models: [],
  merkle: ["models"],
  verifier: ["models"],
  rewards: ["models"],
  ledger: ["models", "merkle", "verifier", "rewards"],
  pbft: ["models"],
  p2p: ["models", "pbft"],
  testkit: ["models", "merkle", "verifier", "rewards", "ledger", "pbft"],
};

/** Private packages under `apps/` that the other apps import. They import no workspace package. */
export const SHARED_BY_APPS: readonly string[] = ["terminal"];

const SCOPE = "@aethel/";

/**
 * Finds dependencies and imports that `LAYERS` does not allow, imports that package.json does not
 * declare, imports of a package's files that its exports do not include, and relative imports that
 * leave a package.
 */
export function findLayerViolations(packages: readonly Package[]): readonly Violation[] {
  const byName = new Map(packages.map((item) => [item.manifest.name, item]));
  return packages
    .filter(({ folder }) => !folder.startsWith("tooling/"))
    .flatMap((item) => [
      ...findWrongDependencies(item),
      ...item.files
        .filter(({ path }) => path.endsWith(".ts"))
        .flatMap((file) => findWrongImports({ item, file, byName })),
    ]);
}

/**
 * Finds packages that depend on each other in a circle, even if only for tests. None of them could
 * be built first.
 */
export function findCircles(packages: readonly Package[]): readonly Violation[] {
  const byName = new Map(packages.map((item) => [item.manifest.name, item]));
  const needs = ({ manifest }: Package): readonly Package[] =>
    Object.keys({ ...runtimeDependencies(manifest), ...manifest.devDependencies }).flatMap(
      (name) => byName.get(name) ?? [],
    );
  const circles: Violation[] = [];
  const done = new Set<Package>();
  const visit = (item: Package, trail: readonly Package[]): void => {
    const start = trail.indexOf(item);
    if (start >= 0) {
      const circle = [...trail.slice(start), item].map(({ manifest }) => manifest.name);
      circles.push({
        file: `${item.folder}/package.json`,
        rule: `packages need each other in a circle: ${circle.join(" -> ")}`,
        mend: "remove one of these dependencies",
      });
      return;
    }
    if (done.has(item)) return;
    for (const needed of needs(item)) visit(needed, [...trail, item]);
    done.add(item);
  };
  for (const item of packages) visit(item, []);
  return circles;
}

function findWrongDependencies({ folder, manifest }: Package): readonly Violation[] {
  const file = `${folder}/package.json`;
  return Object.keys(runtimeDependencies(manifest)).flatMap((name) =>
    isAllowed(folder, name)
      ? []
      : [{ file, rule: wrongLayer(folder, name), mend: "remove the dependency" }],
  );
}

interface Place {
  readonly item: Package;
  readonly file: File;
  readonly byName: ReadonlyMap<string, Package>;
}

function findWrongImports(place: Place): readonly Violation[] {
  return findImports(place.file).flatMap((found) => {
    const problem = problemOf(place, found);
    return problem === undefined ? [] : [{ file: place.file.path, line: found.line, ...problem }];
  });
}

function problemOf(
  { item, file, byName }: Place,
  { specifier }: Import,
): Pick<Violation, "rule" | "mend"> | undefined {
  const { folder, manifest } = item;
  const name = packageOf(specifier);
  if (name === undefined) return escapes({ folder, file, specifier });
  if (isBuiltin(specifier) || name === manifest.name) return undefined;

  const inSource = file.path.startsWith(`${folder}/src/`);
  if (inSource && !isAllowed(folder, name)) {
    return {
      rule: wrongLayer(folder, name),
      mend: "take what you need as a parameter, or move it up",
    };
  }
  const declared = inSource
    ? runtimeDependencies(manifest)
    : { ...runtimeDependencies(manifest), ...manifest.devDependencies };
  if (!(name in declared)) {
    return { rule: `"${name}" is imported, not declared`, mend: "name it in package.json" };
  }
  const target = byName.get(name);
  const subpath = `.${specifier.slice(name.length)}`;
  if (target !== undefined && !(subpath in (target.manifest.exports ?? {}))) {
    return {
      rule: `"${specifier}" reaches into ${name}`,
      mend: `import what its index.ts names, by "${name}"`,
    };
  }
  return undefined;
}

function escapes(at: {
  readonly folder: string;
  readonly file: File;
  readonly specifier: string;
}): Pick<Violation, "rule" | "mend"> | undefined {
  const target = posix.join(posix.dirname(at.file.path), at.specifier);
  const home = at.file.path.startsWith(`${at.folder}/src/`) ? `${at.folder}/src/` : `${at.folder}/`;
  if (target.startsWith(home)) return undefined;
  return { rule: `"${at.specifier}" leaves ${home}`, mend: "import the other package by its name" };
}

/**
 * Tells whether code in `folder` may depend on package `name`. Packages from outside the workspace
 * are always allowed.
 */
function isAllowed(folder: string, name: string): boolean {
  if (!name.startsWith(SCOPE)) return true;
  const target = name.slice(SCOPE.length);
  if (SHARED_BY_APPS.some((shared) => folder === `apps/${shared}`)) return false;
  if (folder.startsWith("apps/") && SHARED_BY_APPS.includes(target)) return true;
  if (!(target in LAYERS)) return false;
  if (folder.startsWith("apps/")) return true;
  return LAYERS[folder.replace(/^packages\//, "")]?.includes(target) ?? false;
}

function wrongLayer(folder: string, name: string): string {
  return `${folder} must not depend on ${name}`;
}

function runtimeDependencies(manifest: Manifest): Readonly<Record<string, string>> {
  const { dependencies, optionalDependencies, peerDependencies } = manifest;
  return { ...dependencies, ...optionalDependencies, ...peerDependencies };
}
