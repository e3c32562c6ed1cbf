import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A change to the text of the engine. `find` must occur exactly once in all of its sources. */
export interface Edit {
  readonly find: string;
  readonly replace: string;
}

/** A source file with its edits made. */
export interface PatchedFile {
  readonly url: string;
  readonly edits: readonly Edit[];
}

const SOURCES = new URL("../../../pbft/src/", import.meta.url);

/**
 * Returns the file of each edit. @throws Error when an edit fits nowhere, or in more than one place
 */
export function locateEdits(edits: readonly Edit[]): readonly PatchedFile[] {
  const sources = sourceFiles();
  const placed = edits.map((edit) => {
    const hits = sources.flatMap(({ url, text }) =>
      Array.from({ length: text.split(edit.find).length - 1 }, () => url),
    );
    const [url] = hits;
    if (hits.length === 1 && url !== undefined) return { url, edit };
    throw new Error(
      `"${edit.find}" occurs ${hits.length} times in the sources of pbft, not once. Next: correct the patch`,
    );
  });
  return [...new Set(placed.map(({ url }) => url))].map((url) => ({
    url,
    edits: placed.filter((each) => each.url === url).map(({ edit }) => edit),
  }));
}

/** Returns the text of a file with its edits made. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  return edits.reduce((changed, { find, replace }) => changed.replace(find, () => replace), text);
}

function sourceFiles(): readonly { readonly url: string; readonly text: string }[] {
  const names = readdirSync(fileURLToPath(SOURCES), { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => name.endsWith(".ts"))
    .toSorted((left, right) => (left < right ? -1 : 1))
    .map((name) => {
      const url = new URL(name, SOURCES);
      return { url: url.href, text: readFileSync(url, "utf8") };
    });
}
