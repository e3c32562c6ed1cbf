import type { AccountId } from "@aethel/models";
import { keyName } from "../key-name.ts";
import { laneOf, type PendingProof } from "./pending.ts";

/** Counts what the Judge did for an author on one state that no block will charge for. */
export interface UnpaidJudgings {
  note(author: AccountId): void;
  of(author: AccountId): number;
  /** Another block, another chance. */
  forget(): void;
}

/** Nothing was judged in vain yet. */
export function createUnpaidJudgings(): UnpaidJudgings {
  const counts = new Map<string, number>();
  const of = (author: AccountId): number =>
    counts.size === 0 ? 0 : (counts.get(keyName(author)) ?? 0);
  return {
    note: (author) => {
      counts.set(keyName(author), of(author) + 1);
    },
    of,
    forget: () => counts.clear(),
  };
}

/** Whether the Judge has worked for it, or is at it: to replace it makes that work unpaid. */
export function wasJudged(pending: PendingProof): boolean {
  return laneOf(pending) === "judged" && pending.status !== "waiting";
}
