import type { Tree } from "@aethel/merkle";
import { type StateChange, toHex } from "@aethel/models";
import { ContractRecord } from "../state/contract-records.ts";
import { AssetRecord, IntentRecord } from "../state/records.ts";
import { KEY_KIND } from "../state/state-key.ts";
import { type Named, SortedNames } from "./sorted-names.ts";

/**
 * Index of names for listings. With it, a page reads only those records of the state that it shows.
 * It is built once from the whole state and then updated by the changes of each block. Nothing is
 * ever removed from it, since published intents and contracts, declared assets and stakers stay in
 * the state forever.
 */
export interface Directory {
  readonly intents: SortedNames;
  readonly assets: SortedNames;
  readonly contracts: SortedNames;
  /** Published contracts once more. The name of each is its digest in hexadecimal digits. */
  readonly contractDigests: SortedNames;
  /** Accounts that have or had stake. The name of each is its id in hexadecimal digits. */
  readonly stakers: SortedNames;
  /** Adds the new entries of a finalized block. */
  note(changes: readonly StateChange[]): void;
}

/** Creates the directory of a state. */
export function createDirectory(tree: Tree): Directory {
  const lists = {
    intents: new SortedNames(),
    assets: new SortedNames(),
    contracts: new SortedNames(),
    contractDigests: new SortedNames(),
    stakers: new SortedNames(),
  };
  const found = new Map<ListName, Named[]>();
  for (const { key, value } of tree.entries()) {
    for (const { list, entry } of entriesOf(key, value)) {
      const entries = found.get(list) ?? [];
      entries.push(entry);
      found.set(list, entries);
    }
  }
  for (const [list, entries] of found) lists[list].addAll(entries);
  return {
    ...lists,
    note: (changes) => {
      for (const { key, before, after } of changes) {
        if (before !== undefined || after === undefined) continue;
        for (const { list, entry } of entriesOf(key, after)) lists[list].add(entry);
      }
    },
  };
}

type ListName = Exclude<keyof Directory, "note">;

/** Returns the entries that a record of the state has in the lists; none for most records. */
function entriesOf(
  key: Uint8Array,
  value: Uint8Array,
): readonly { readonly list: ListName; readonly entry: Named }[] {
  const [kind] = key;
  if (kind === KEY_KIND.intent) {
    return [
      { list: "intents", entry: { id: idIn(key), name: nameOf(IntentRecord.decode(value)) } },
    ];
  }
  if (kind === KEY_KIND.contract) {
    const id = idIn(key);
    return [
      { list: "contracts", entry: { id, name: nameOf(ContractRecord.decode(value)) } },
      { list: "contractDigests", entry: { id, name: id } },
    ];
  }
  if (kind === KEY_KIND.asset) {
    const name = new TextDecoder().decode(AssetRecord.decode(value).name);
    return [{ list: "assets", entry: { id: idIn(key), name } }];
  }
  if (kind !== KEY_KIND.validator) return [];
  const id = idIn(key);
  return [{ list: "stakers", entry: { id, name: id } }];
}

function idIn(key: Uint8Array): string {
  return toHex(key.subarray(1));
}

function nameOf({ canonical }: { readonly canonical: Uint8Array }): string {
  return nameIn(new TextDecoder().decode(canonical));
}

/**
 * Pattern for the name of a program in its canonical text, which comes after the declarations of
 * assets.
 */
const HEAD = /^(?:asset [^\n]*\n)*(?:(?:issue |burn )?intent|atomic_batch|contract) (\w+)/;

/**
 * Reads the name of a program or contract from its canonical text without compiling the text. Returns an empty
 * string if it finds no name.
 */
export function nameIn(canonical: string): string {
  return HEAD.exec(canonical)?.[1] ?? "";
}
