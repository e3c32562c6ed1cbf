/**
 * Fresh names, numbered in the order of first appearance. They do not depend on the script's names,
 * so scripts that differ only in names are printed alike.
 */
export interface FreshNames {
  /**
   * Returns the fresh name of an object of the script. Makes the name at the first call. `original`
   * is the script's own name.
   */
  readonly nameOf: (kind: NameKind, thing: object, original: string) => FreshName;
  /** Names of the script by fresh name. */
  readonly originals: ReadonlyMap<string, string>;
}

/** Fresh name, and whether this call made it. */
export interface FreshName {
  readonly name: string;
  readonly isNew: boolean;
}

/**
 * First letter of a fresh name: `s` for a sort, `f` for a function, `c` for a constructor, `d` for
 * a field (destructor).
 */
export type NameKind = "s" | "f" | "c" | "d";

/** Creates an empty set of fresh names. */
export function createFreshNames(): FreshNames {
  const names = new Map<object, string>();
  const originals = new Map<string, string>();
  const counts = new Map<NameKind, number>();
  return {
    originals,
    nameOf: (kind, thing, original) => {
      const known = names.get(thing);
      if (known !== undefined) return { name: known, isNew: false };
      const count = counts.get(kind) ?? 0;
      counts.set(kind, count + 1);
      // An underscore and digits: no name of Z3 has that form.
      const name = `${kind}_${count}`;
      names.set(thing, name);
      originals.set(name, original);
      return { name, isNew: true };
    },
  };
}

const token = /"(?:[^"]|"")*"|[^\s()"]+/g;

/**
 * Replaces fresh names by the script's own names in a text that Z3 printed. String literals stay as
 * they are. Also handles the values that Z3 makes for a declared sort, such as `s_0!val!3`.
 */
export function readOriginals(text: string, originals: ReadonlyMap<string, string>): string {
  return text.replaceAll(token, (found) => {
    const [name = "", ...rest] = found.split("!");
    const original = originals.get(name);
    return original === undefined ? found : [original, ...rest].join("!");
  });
}
