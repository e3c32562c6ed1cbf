import type { File } from "./repository.ts";
import { lineAt, type Violation } from "./violation.ts";

/** Names that exist on one machine only, and that therefore must not be in the repository. */
export interface Machine {
  /**
   * Absolute paths of folders on this machine. A path with fewer than two characters, such as `/`,
   * is not searched for.
   */
  readonly folders: readonly string[];
  /** Hosts from which this machine fetches packages. */
  readonly hosts: readonly string[];
}

/**
 * Patterns for home folders of any machine. `ANY_REGISTRY`: patterns for addresses of package
 * registries and their access tokens.
 */
const ANY_MACHINE: readonly RegExp[] = [
  /(?<![\w.])\/(?:home|Users)\/[A-Za-z][\w.-]*\//g,
  /\b[A-Z]:\\Users\\/g,
];
const ANY_REGISTRY: readonly RegExp[] = [
  /\bhttps?:\/\/[^\s"'`/]*(?:registry|artifactory|nexus|verdaccio|jfrog)[^\s"'`]*/gi,
  /\b_auth(?:Token)?\s*=/g,
];

/** Finds absolute paths of a machine and addresses of registries. */
export function findMachineViolations(
  { path, text }: File,
  { folders, hosts }: Machine,
): readonly Violation[] {
  const folderPatterns = folders
    .filter((folder) => folder.replace(/\/+$/, "").length > 1)
    .map((folder) => new RegExp(`(?<![\\w.])${escape(folder.replace(/\/+$/, ""))}/`, "g"));
  const hostPatterns = hosts.map((host) => new RegExp(`(?<![\\w.])${escape(host)}`, "gi"));
  const found = (
    patterns: readonly RegExp[],
    what: { readonly rule: string; readonly mend: string },
  ): readonly Violation[] =>
    patterns.flatMap((pattern) =>
      [...text.matchAll(pattern)].map(({ index, 0: match }) => ({
        file: path,
        line: lineAt(text, index),
        rule: `${what.rule}: ${match}`,
        mend: what.mend,
      })),
    );
  return [
    ...found([...ANY_MACHINE, ...folderPatterns], {
      rule: "names a folder of one machine",
      mend: "write it relative to the repository",
    }),
    ...found([...ANY_REGISTRY, ...hostPatterns], {
      rule: "names a package registry",
      mend: "leave it to the user's own settings",
    }),
  ];
}

/**
 * Finds addresses in a lockfile. A lockfile should only pin versions and hashes: with addresses in
 * it, it works only on the machine that can reach them.
 */
export function findLockfileViolations({ path, text }: File): readonly Violation[] {
  return [...text.matchAll(/https?:\/\/[^\s'"}]+/g)].map(({ index, 0: match }) => ({
    file: path,
    line: lineAt(text, index),
    rule: `holds the address ${match}`,
    mend: "install from the default registry, without tarball addresses",
  }));
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
