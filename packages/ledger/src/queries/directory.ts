import type { Tree } from "@aethel/merkle";
import { type StateChange, toHex } from "@aethel/models";
import { AssetRecord, IntentRecord } from "../state/records.ts";
import { KEY_KIND } from "../state/state-key.ts";
import { SortedNames } from "./sorted-names.ts";

/**
 * Index of names for listings. With it, a page reads only those records of the state that it shows.
 * It is built once from the whole state and then updated by the changes of each block. Nothing is
 * ever removed from it, since published intents, declared assets and stakers stay in the state
 * forever.
 */
export interface Directory {
  readonly intents: SortedNames;
  readonly assets: SortedNames;
  /** Accounts that have or had stake. The name of each is its id in hexadecimal digits. */
  readonly stakers: SortedNames;
  /** Adds the new entries of a finalized block. */
  note(changes: readonly StateChange[]): void;
}

/** Creates the directory of a state. */
export function createDirectory(tree: Tree): Directory {
  const [intents, assets, stakers] = [new SortedNames(), new SortedNames(), new SortedNames()];
  const listOf = (kind: number | undefined): SortedNames | undefined => {
    if (kind === KEY_KIND.intent) return intents;
    if (kind === KEY_KIND.asset) return assets;
    return kind === KEY_KIND.validator ? stakers : undefined;
  };
  const found = new Map<SortedNames, { name: string; id: string }[]>();
  for (const { key, value } of tree.entries()) {
    const list = listOf(key[0]);
    if (list === undefined) continue;
    const entries = found.get(list) ?? [];
    entries.push(entryOf(key, value));
    found.set(list, entries);
  }
  for (const [list, entries] of found) list.addAll(entries);
  return {
    intents,
    assets,
    stakers,
    note: (changes) => {
      for (const { key, before, after } of changes) {
        if (before === undefined && after !== undefined) listOf(key[0])?.add(entryOf(key, after));
      }
    },
  };
}

function entryOf(key: Uint8Array, value: Uint8Array): { name: string; id: string } {
  const id = toHex(key.subarray(1));
  switch (key[0]) {
    case KEY_KIND.intent:
      return { id, name: nameIn(new TextDecoder().decode(IntentRecord.decode(value).canonical)) };
    case KEY_KIND.asset:
      return { id, name: new TextDecoder().decode(AssetRecord.decode(value).name) };
    default:
      return { id, name: id };
  }
}

/**
 * Pattern for the name of a program in its canonical text, which comes after the declarations of
 * assets.
 */
const HEAD = /^(?:asset [^\n]*\n)*(?:(?:issue |burn )?intent|atomic_batch) (\w+)/;

/**
 * Reads the name of a program from its canonical text without compiling the text. Returns an empty
 * string if it finds no name.
 */
export function nameIn(canonical: string): string {
  return HEAD.exec(canonical)?.[1] ?? "";
}
