import type { AccountId } from "@aethel/models";
import { keyName } from "../collections/key-name.ts";

/** Counts what the Judge did for an author that no block has charged for. */
export interface UnpaidJudgings {
  note(author: AccountId): void;
  /** A judged proof of the author is in a block: that makes one good. */
  pay(author: AccountId): void;
  of(author: AccountId): number;
  /** After each block; what is old enough is forgotten. */
  tick(): void;
}

/**
 * Blocks after which at the earliest, and at the latest after twice as many, a count is forgotten.
 */
export const REMEMBERED_BLOCKS = 64;

/**
 * Nothing was judged in vain yet. Two generations bound the memory: each count took the Judge some
 * time, so that there are never more than it can do in twice the blocks.
 */
export function createUnpaidJudgings(): UnpaidJudgings {
  let recent = new Map<string, number>();
  let older = new Map<string, number>();
  let blocks = 0;
  const add = (counts: Map<string, number>, name: string, change: number): void => {
    const count = (counts.get(name) ?? 0) + change;
    if (count > 0) counts.set(name, count);
    else counts.delete(name);
  };
  const isEmpty = (): boolean => recent.size === 0 && older.size === 0;
  return {
    note: (author) => add(recent, keyName(author), 1),
    pay: (author) => {
      if (isEmpty()) return;
      const name = keyName(author);
      add(older.has(name) ? older : recent, name, -1);
    },
    of: (author) => {
      if (isEmpty()) return 0;
      const name = keyName(author);
      return (recent.get(name) ?? 0) + (older.get(name) ?? 0);
    },
    tick: () => {
      blocks += 1;
      if (blocks % REMEMBERED_BLOCKS !== 0) return;
      older = recent;
      recent = new Map();
    },
  };
}
