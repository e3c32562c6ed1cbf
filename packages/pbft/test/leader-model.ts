import { leaderOfSlot, toHex, type ValidatorSet } from "@aethel/models";
import type { ToldBlock } from "./leader-chain.ts";

/**
 * The leaders of a sequence, worked out from the whole chain each time, by names, as the rule is
 * told: no record, no bytes, no index that outlives a set.
 */
export function leadersByModel(
  told: readonly ToldBlock[],
  set: ValidatorSet,
  views: number,
): readonly string[] {
  const firsts: string[] = [];
  const history = new Histories();
  const sets = [...told.map((block) => block.set), set];
  for (const [at, own] of sets.entries()) {
    const passed = history.passedOver(told.slice(0, at), own);
    const first = firstOf(own, at + 1, passed);
    firsts.push(first);
    const block = told[at];
    const previous = at === 0 ? undefined : told[at - 1];
    if (block === undefined) break;
    history.turn(nameAt(own, at + 1));
    if (previous === undefined) continue;
    const led = Array.from({ length: block.parentView + 1 }, (_, view) =>
      leaderIn(previous.set, { sequence: at, view, first: firsts[at - 1] ?? "" }),
    );
    const counted = led.slice(0, -1).slice(-previous.set.validators.length);
    for (const name of counted) history.lose(name, at);
    history.lead(led.at(-1) ?? "");
    history.keep(own);
  }
  const first = firsts.at(-1) ?? "";
  return Array.from({ length: views }, (_, view) =>
    leaderIn(set, { sequence: sets.length, view, first }),
  );
}

interface Loser {
  losses: number;
  turns: number;
  lost: number;
}

class Histories {
  #losers = new Map<string, Loser>();

  turn(name: string): void {
    const known = this.#losers.get(name);
    if (known !== undefined && known.turns > 0) known.turns -= 1;
  }

  lose(name: string, sequence: number): void {
    const losses = (this.#losers.get(name)?.losses ?? 0) + 1;
    const turns = Math.min(64, 2 ** (losses + 1));
    this.#losers.set(name, { losses, turns, lost: sequence });
  }

  lead(name: string): void {
    this.#losers.delete(name);
  }

  /** Forgets validators that left the set. */
  keep(set: ValidatorSet): void {
    const names = new Set(set.validators.map(({ id }) => toHex(id)));
    for (const name of this.#losers.keys()) if (!names.has(name)) this.#losers.delete(name);
  }

  passedOver(told: readonly ToldBlock[], set: ValidatorSet): ReadonlySet<string> {
    const candidates = set.validators.flatMap(({ id, power }, index) => {
      const name = toHex(id);
      const absent = isAbsent(name, told, set);
      const loser = this.#losers.get(name);
      const hasLost = (loser?.turns ?? 0) > 0;
      if (!absent && !hasLost) return [];
      return [{ name, power, index, hasLost, lost: loser?.lost ?? 0 }];
    });
    candidates.sort((left, right) => {
      if (left.hasLost !== right.hasLost) return left.hasLost ? -1 : 1;
      return right.lost - left.lost || left.index - right.index;
    });
    let sum = 0n;
    const passed = new Set<string>();
    for (const { name, power } of candidates) {
      if (sum + power > (set.totalPower - 1n) / 3n) continue;
      sum += power;
      passed.add(name);
    }
    return passed;
  }
}

function isAbsent(name: string, told: readonly ToldBlock[], set: ValidatorSet): boolean {
  const proposers = new Set<string>();
  for (const [back, block] of told.toReversed().entries()) {
    const parent = told[told.length - 2 - back];
    const wasMember = parent !== undefined && isIn(parent.set, name) && isIn(block.set, name);
    if (block.named === undefined || !wasMember || block.named.has(name)) break;
    // Of who left in between nothing is known any more.
    const stayed = told
      .slice(told.length - 1 - back)
      .every((later) => isIn(later.set, block.proposer));
    if (stayed) proposers.add(block.proposer);
  }
  const power = set.validators.reduce(
    (sum, validator) => sum + (proposers.has(toHex(validator.id)) ? validator.power : 0n),
    0n,
  );
  return power * 3n > set.totalPower;
}

function isIn(set: ValidatorSet, name: string): boolean {
  return set.validators.some(({ id }) => toHex(id) === name);
}

function firstOf(set: ValidatorSet, sequence: number, passed: ReadonlySet<string>): string {
  for (let slot = sequence; slot < sequence + 4 * set.validators.length; slot++) {
    if (!passed.has(nameAt(set, slot))) return nameAt(set, slot);
  }
  return nameAt(set, sequence);
}

/** Step by step: the leader before, then the next of the schedule that is another. */
function leaderIn(
  set: ValidatorSet,
  at: { readonly sequence: number; readonly view: number; readonly first: string },
): string {
  let leader = at.first;
  let slot = at.sequence;
  for (let view = 1; view <= at.view; view++) {
    slot += 1;
    if (nameAt(set, slot) === leader && set.validators.length > 1) slot += 1;
    leader = nameAt(set, slot);
  }
  return leader;
}

function nameAt(set: ValidatorSet, slot: number): string {
  const id = set.validators[leaderOfSlot(set, BigInt(slot))]?.id;
  return id === undefined ? "" : toHex(id);
}
