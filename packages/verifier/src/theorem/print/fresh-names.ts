/**
 * Names for everything that is printed, in the order of first appearance. None depends on a name
 * of the script, so scripts that differ in names alone are printed alike.
 */
export interface FreshNames {
  /**
   * The name of a thing of the script; `make` is called when it is met for the first time, after
   * which the name is taken.
   */
  readonly nameOf: (kind: NameKind, thing: object, original: string) => FreshName;
  /** Names of the script by the names that were made for them. */
  readonly originals: ReadonlyMap<string, string>;
}

/** A name, and whether it was made just now. */
export interface FreshName {
  readonly name: string;
  readonly isNew: boolean;
}

/** First letter of a name: sort, function, constructor, field (`d` for destructor). */
export type NameKind = "s" | "f" | "c" | "d";

/** No name is taken yet. */
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
      // An underscore and digits: Z3 has no such name, and makes none.
      const name = `${kind}_${count}`;
      names.set(thing, name);
      originals.set(name, original);
      return { name, isNew: true };
    },
  };
}

const token = /"(?:[^"]|"")*"|[^\s()"]+/g;

/**
 * The script's own names in something that Z3 printed; strings stay as they are. The values that
 * Z3 makes for a declared sort are named after it: `s_0!val!3`.
 */
export function readOriginals(text: string, originals: ReadonlyMap<string, string>): string {
  return text.replaceAll(token, (found) => {
    const [name = "", ...rest] = found.split("!");
    const original = originals.get(name);
    return original === undefined ? found : [original, ...rest].join("!");
  });
}
