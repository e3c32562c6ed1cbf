import { posix } from "node:path";
import { findImports } from "../imports.ts";
import type { Package } from "../repository.ts";

/** Import between two files under `src`. Imports of types only count too. */
export interface FileArrow {
  /** Paths inside `src`, such as `leader/lead.ts`. */
  readonly from: string;
  readonly to: string;
  /** Line of the import, counted from 1. */
  readonly line: number;
}

/** Files of a package under `src`, and their imports of one another. */
export interface FileGraph {
  /** Paths inside `src`, sorted. */
  readonly files: readonly string[];
  /** Imports between the files, at most one for each pair, ordered by the importing file. */
  readonly arrows: readonly FileArrow[];
}

/** Entry file of the package, which belongs to no room. */
export const ENTRY = "index.ts";

/**
 * Reads the imports of all files under `src`. Ignores an import of a missing file, since the
 * compiler reports it.
 */
export function readFileGraph({ folder, files }: Package): FileGraph {
  const home = `${folder}/src/`;
  const sources = files
    .filter(({ path }) => path.startsWith(home) && path.endsWith(".ts"))
    .map((file) => ({ file, name: file.path.slice(home.length) }))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
  const names = new Set(sources.map(({ name }) => name));
  const arrows = sources.flatMap(({ file, name }) => {
    const seen = new Set<string>();
    return findImports(file).flatMap(({ specifier, line }): readonly FileArrow[] => {
      const to = posix.join(posix.dirname(name), specifier);
      if (!specifier.startsWith(".") || !names.has(to) || to === name || seen.has(to)) return [];
      seen.add(to);
      return [{ from: name, to, line }];
    });
  });
  return { files: [...names], arrows };
}

/**
 * Restricts a graph to the files of the folder `home` (see `Level`) and the arrows between them.
 * Paths in the result are relative to that folder.
 */
export function graphWithin({ files, arrows }: FileGraph, home: string): FileGraph {
  const inside = (file: string): boolean => file.startsWith(home);
  return {
    files: files.filter(inside).map((file) => file.slice(home.length)),
    arrows: arrows
      .filter(({ from, to }) => inside(from) && inside(to))
      .map(({ from, to, line }) => ({
        from: from.slice(home.length),
        to: to.slice(home.length),
        line,
      })),
  };
}

/**
 * Returns the room of a file: its top folder under `src`, or its own name without `.ts` if it is in
 * no folder. Undefined for the entry file.
 */
export function roomOf(file: string): string | undefined {
  if (file === ENTRY) return undefined;
  const [first = ""] = file.split("/");
  return first.replace(/\.ts$/, "");
}
