import type { AccountId } from "@aethel/models";
import { keyName } from "../collections/key-name.ts";

/** Counts, by author, of judgements that no block has charged for. */
export interface UnpaidJudgings {
  note(author: AccountId): void;
  /**
   * Subtracts one from the count of an author, after a block charged for a judged proof of the
   * author.
   */
  pay(author: AccountId): void;
  of(author: AccountId): number;
  /** Advances by one block, and forgets old counts. */
  tick(): void;
}

/** Least number of blocks for which a judgement stays counted; the most is twice as many. */
export const REMEMBERED_BLOCKS = 64;

/**
 * Creates empty counts. Counts older than two generations of `REMEMBERED_BLOCKS` are forgotten.
 * This bounds the memory: each counted judgement took the Judge some time, so there are never more
 * than it can make in that many blocks.
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
