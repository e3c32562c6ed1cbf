/**
 * Fresh names in the order of first appearance. They do not depend on names of the script, so
 * scripts that differ in names alone are printed alike.
 */
export interface FreshNames {
  /** Returns the name of a thing of the script, and makes it at the first call. */
  readonly nameOf: (kind: NameKind, thing: object, original: string) => FreshName;
  /** Names of the script by their fresh names. */
  readonly originals: ReadonlyMap<string, string>;
}

/** Name, and whether it is new. */
export interface FreshName {
  readonly name: string;
  readonly isNew: boolean;
}

/** First letter of a name: sort, function, constructor, field (`d` for destructor). */
export type NameKind = "s" | "f" | "c" | "d";

/** Creates names of which none is taken. */
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
 * Replaces fresh names by the script's own in a text that Z3 printed; strings stay as they are. Z3
 * names the values that it makes for a declared sort after it: `s_0!val!3`.
 */
export function readOriginals(text: string, originals: ReadonlyMap<string, string>): string {
  return text.replaceAll(token, (found) => {
    const [name = "", ...rest] = found.split("!");
    const original = originals.get(name);
    return original === undefined ? found : [original, ...rest].join("!");
  });
}
