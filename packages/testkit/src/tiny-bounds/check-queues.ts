import {
  KEY_KIND,
  type Lane,
  type LedgerState,
  QueueEntry,
  QueuePlace,
  Queues,
  type StateBounds,
  stateKey,
  supplyOf,
  totalHeld,
  totalSupply,
  Unbonding,
  ValidatorRecord,
} from "@aethel/ledger";
import { type AccountId, toAccountId, toHex } from "@aethel/models";

/**
 * Queues in which accounts wait for an epoch boundary. An account is in each of them at most once.
 */
export const POWER_LANES = ["falling", "rising", "seats", "keys"] as const;

/** A state, with all entries of its tree as a list. */
export interface TinyState {
  readonly state: LedgerState;
  readonly entries: readonly { readonly key: Uint8Array; readonly value: Uint8Array }[];
}

/**
 * Accounts that wait in the queues of a state, and unbonding stake that waits for its release, as
 * read entry by entry.
 */
export interface Waiting {
  /** Accounts of each queue, in hex, in the order of the queue. */
  readonly lanes: ReadonlyMap<Lane, readonly string[]>;
  readonly releases: readonly { readonly account: string; readonly due: number }[];
}

/**
 * Reads the queues from the entries of a state. Undefined if the positions of a queue's head and
 * tail, its entries, and the recorded places of the accounts disagree.
 */
export function waitingIn({ state, entries: all }: TinyState): Waiting | undefined {
  const { tree } = state;
  const bytes = tree.get(stateKey.queues);
  const lanes = new Map<Lane, readonly string[]>();
  let known = 0;
  const read = (lane: Lane): readonly QueueEntry[] | undefined => {
    const { head, tail } = bytes === undefined ? NONE : Queues.decode(bytes)[lane];
    const positions = Array.from({ length: tail - head }, (_, at) => head + at);
    const entries = positions.flatMap((position) => {
      const entry = tree.get(stateKey.queueEntry(lane, position));
      return entry === undefined ? [] : [QueueEntry.decode(entry)];
    });
    known += entries.length;
    return entries.length === positions.length ? entries : undefined;
  };
  for (const lane of POWER_LANES) {
    const entries = read(lane);
    const { head } = bytes === undefined ? NONE : Queues.decode(bytes)[lane];
    const isPlaced = entries?.every(({ account }, at) => {
      const place = tree.get(stateKey.queuePlace(lane, account));
      return place !== undefined && QueuePlace.decode(place).position === head + at;
    });
    if (entries === undefined || isPlaced !== true) return undefined;
    lanes.set(
      lane,
      entries.map(({ account }) => toHex(account)),
    );
  }
  const places = known;
  const releases = read("releases");
  if (releases === undefined) return undefined;
  const found = countKinds(all);
  if (found.entries !== known || found.places !== places) return undefined;
  return {
    lanes,
    releases: releases.map(({ account, due }) => ({ account: toHex(account), due })),
  };
}

const NONE = { head: 0, tail: 0 };

function countKinds(all: Iterable<{ readonly key: Uint8Array }>): {
  readonly entries: number;
  readonly places: number;
} {
  let [entries, places] = [0, 0];
  for (const { key } of all) {
    if (key[0] === KEY_KIND.queueEntry) entries += 1;
    if (key[0] === KEY_KIND.queuePlace) places += 1;
  }
  return { entries, places };
}

/**
 * Returns what is wrong with a state, or undefined. The function checks the rules only and shares
 * no code with the ledger's queues.
 */
export function findQueueDefect(tiny: TinyState, bounds: StateBounds): string | undefined {
  const { state, entries } = tiny;
  const waiting = waitingIn(tiny);
  if (waiting === undefined) return "counters, entries and places of the queues disagree";
  const { length: members } = state.votingSet.validators;
  if (members > bounds.membersMax) return `${members} members`;
  if (totalHeld(entries) !== totalSupply(supplyOf(state.tree))) {
    return "what is held is not the supply";
  }
  return (
    findForgotten(tiny, waiting) ?? findUndated(tiny, waiting, bounds) ?? findDisorder(waiting)
  );
}

/** Returns the power that a validator should have, by its stake and status. */
export function powerWanted({ parameters }: LedgerState, record: ValidatorRecord): bigint {
  const { status, stake } = record;
  if (status === "jailed" || status === "ejected") return 0n;
  return stake >= parameters.minimumStake ? stake : 0n;
}

function recordsOf({ entries }: TinyState): readonly (readonly [AccountId, ValidatorRecord])[] {
  return entries.flatMap(({ key, value }) =>
    key[0] === KEY_KIND.validator
      ? [[toAccountId(key.slice(1)), ValidatorRecord.decode(value)] as const]
      : [],
  );
}

/**
 * Finds an account whose power or key has to change but which is not in the queue for that change.
 * Returns what is wrong; undefined if there is no such account.
 */
function findForgotten(tiny: TinyState, { lanes }: Waiting): string | undefined {
  const { state } = tiny;
  const powers = new Map(state.votingSet.validators.map(({ id, power }) => [toHex(id), power]));
  for (const [id, record] of recordsOf(tiny)) {
    const name = toHex(id);
    const [from, to] = [powers.get(name) ?? 0n, powerWanted(state, record)];
    const wrong = to < from ? "falling" : from === 0n ? "seats" : "rising";
    const due: readonly Lane[] = [
      ...(from === to ? [] : [wrong as Lane]),
      ...(record.nextKey === undefined ? [] : ["keys" as const]),
    ];
    const missing = due.find((lane) => lanes.get(lane)?.includes(name) !== true);
    if (missing !== undefined) return `${name} is not in the lane ${missing}: ${from} to ${to}`;
  }
  return undefined;
}

/**
 * Finds unbonding stake that nothing will release, or an account with too many unbonding entries.
 */
function findUndated(
  tiny: TinyState,
  { lanes, releases }: Waiting,
  bounds: StateBounds,
): string | undefined {
  for (const { key, value } of tiny.entries) {
    if (key[0] !== KEY_KIND.unbonding) continue;
    const name = toHex(key.slice(1));
    const { entries } = Unbonding.decode(value);
    if (entries.length > bounds.unbondingEntriesMax) return `${entries.length} unbonding entries`;
    for (const { freeAt } of entries) {
      const isDated = releases.some(({ account, due }) => account === name && due === freeAt);
      if (freeAt === 0 ? lanes.get("falling")?.includes(name) : isDated) continue;
      return `stake of ${name} that is free at ${freeAt} waits nowhere`;
    }
  }
  return undefined;
}

function findDisorder({ releases }: Waiting): string | undefined {
  const late = releases.findIndex(({ due }, at) => due < (releases[at - 1]?.due ?? 0));
  return late < 0 ? undefined : `release ${late} is due before the one ahead of it`;
}
