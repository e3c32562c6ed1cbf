import { posix } from "node:path";
import type { File } from "../repository.ts";
import { lineAt, type Violation } from "../violation.ts";
import { anchorsOf, codeSpans, ownLinks } from "./markdown.ts";

/**
 * Paths that a command generates. Documents may name them although they are not in the repository.
 */
const GENERATED: readonly string[] = ["docs/api"];

/**
 * Pattern for text that looks like a path from the root of the repository. `FROM_PACKAGE`: the same
 * from the root of a package.
 */
const FROM_ROOT = /^(?:apps|docs|examples|packages|tooling)\/[\w@.-]+(?:\/[\w@.-]+)*\/?$/;
const FROM_PACKAGE = /^(?:bench|library|mutation|src|test)\/[\w@.-]+(?:\/[\w@.-]+)*\/?$/;

/** Files and folders of the repository. */
export interface Tree {
  readonly has: (path: string) => boolean;
  readonly textOf: (path: string) => string | undefined;
}

/**
 * Creates the tree of the given paths, including those of binary files. `files`: the files that are
 * text.
 */
export function createTree(paths: readonly string[], files: readonly File[]): Tree {
  const all = new Set(["."]);
  for (const path of paths) {
    for (let at = path; at !== "."; at = posix.dirname(at)) all.add(at);
  }
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const bare = (path: string): string => posix.normalize(path).replace(/\/$/, "");
  return {
    has: (path) => all.has(bare(path)) || GENERATED.includes(bare(path)),
    textOf: (path) => texts.get(bare(path)),
  };
}

/** Finds links and paths in a Markdown document whose target does not exist. */
export function findPathViolations(document: File, tree: Tree): readonly Violation[] {
  return [...findLinkViolations(document, tree), ...findSpanViolations(document, tree)];
}

function findLinkViolations({ path, text }: File, tree: Tree): readonly Violation[] {
  return ownLinks(text).flatMap(({ text: link, offset }) => {
    const [target = "", anchor] = link.split("#");
    const place = target === "" ? path : posix.join(posix.dirname(path), target);
    const at = { file: path, line: lineAt(text, offset) };
    if (target !== "" && !tree.has(place)) {
      return [{ ...at, rule: `links to ${link}, which is not there`, mend: "link to what is" }];
    }
    const other = place.endsWith(".md") ? tree.textOf(place) : undefined;
    const page = target === "" ? text : other;
    if (anchor === undefined || page === undefined || anchorsOf(page).has(anchor)) return [];
    const rule = `links to ${link}, and that page has no such heading`;
    return [{ ...at, rule, mend: "name one of its headings" }];
  });
}

function findSpanViolations({ path, text }: File, tree: Tree): readonly Violation[] {
  const home = /^(?:apps|packages|tooling)\/[^/]+/.exec(path)?.[0];
  return codeSpans(text).flatMap(({ text: span, offset }) => {
    const isThere = FROM_ROOT.test(span)
      ? tree.has(span) || (home !== undefined && tree.has(`${home}/${span}`))
      : home === undefined || !FROM_PACKAGE.test(span) || hasSource(tree, `${home}/${span}`);
    if (isThere) return [];
    const rule = `names the path ${span}, which is not there`;
    return [{ file: path, line: lineAt(text, offset), rule, mend: "name what is" }];
  });
}

/** Tells whether a path leads to a file. The extension of the file may be left out. */
function hasSource(tree: Tree, path: string): boolean {
  return ["", ".ts", ".test.ts", ".property.test.ts"].some((ending) => tree.has(path + ending));
}
