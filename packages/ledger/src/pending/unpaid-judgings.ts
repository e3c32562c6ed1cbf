import type { AccountId } from "@aethel/models";
import { keyName } from "../collections/key-name.ts";

/** Number of judgements for which no block has charged, by author. */
export interface UnpaidJudgings {
  note(author: AccountId): void;
  /**
   * Subtracts one from the count of an author, after a block charged for a judged proof of the
   * author.
   */
  pay(author: AccountId): void;
  of(author: AccountId): number;
  /** Notes that a block was finalized, and forgets old counts. */
  tick(): void;
}

/** Least number of blocks for which an unpaid judgement counts. The most is twice as many. */
export const REMEMBERED_BLOCKS = 64;

/**
 * Creates empty counts. They are kept in two generations of `REMEMBERED_BLOCKS` blocks each, and
 * older counts are forgotten. This bounds the memory: there are never more counts than judgements
 * that the Judge can make in that many blocks.
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
