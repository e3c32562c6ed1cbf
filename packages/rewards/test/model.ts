import {
  type AccountId,
  type Amount,
  compareBytes,
  type Timestamp,
  toAccountId,
  toAmount,
  toDifficulty,
  toResource,
  toTimestamp,
  toValidatorIndex,
} from "@aethel/models";
import {
  admitPowerChanges,
  type BlockSpan,
  blockReward,
  type EconomicParameters,
  emissionCap,
  type OffenceKind,
  type PowerChange,
  requiredFee,
  shareReward,
  slashHeldStake,
  splitFee,
  unbondsAt,
  votingPower,
} from "../src/index.ts";

/** Draws a number in `0 .. below-1`. */
export type Draw = (below: number) => number;

/** Holder of tokens; a validator while it has power. */
interface Holder {
  readonly id: AccountId;
  balance: bigint;
  stake: bigint;
  /** Power in effect; it follows the stake at epoch boundaries, in steps. */
  power: bigint;
  unbonding: { amount: bigint; freeAt: Timestamp | undefined }[];
}

/** Reported effects of one round; the books are kept from these alone. */
export interface Receipt {
  readonly ageMs: number;
  readonly minted: bigint;
  readonly burned: bigint;
  readonly toTreasury: bigint;
  readonly expectedSlash: bigint;
}

/** Minimal ledger around the functions of the package, which moves every micro-token. */
export class Model {
  readonly holders: Holder[];
  treasury = 0n;
  minted = 0n;
  #rounds = 0;
  /** Header times of the last two rounds, from 0. */
  #span: BlockSpan = { fromMs: 0, untilMs: 0 };
  #queue: PowerChange[] = [];
  readonly #economics: EconomicParameters;
  readonly #draw: Draw;
  readonly #absent: Holder | undefined;

  constructor(options: {
    readonly economics: EconomicParameters;
    readonly size: number;
    readonly draw: Draw;
    /** Position of a holder that neither votes nor does anything else. */
    readonly absent?: number;
  }) {
    this.#economics = options.economics;
    this.#draw = options.draw;
    this.holders = Array.from({ length: options.size }, (_, at) => {
      const stake = at % 2 === 0 ? options.economics.minimumStake * BigInt(1 + at) : 0n;
      const id = toAccountId(new Uint8Array(32).fill(at));
      return { id, balance: 10n ** 12n, stake, power: stake, unbonding: [] };
    });
    this.#absent = options.absent === undefined ? undefined : this.holders[options.absent];
  }

  /** Whole supply, counted anew from all holdings. */
  holdings(): bigint {
    return this.holders.reduce(
      (total, { balance, stake, unbonding }) =>
        total + balance + stake + unbonding.reduce((sum, { amount }) => sum + amount, 0n),
      this.treasury,
    );
  }

  power(): bigint {
    return this.holders.reduce((total, { power }) => total + power, 0n);
  }

  #now(): Timestamp {
    return toTimestamp(this.#span.untilMs);
  }

  round(): Receipt {
    this.#rounds += 1;
    const fromMs = this.#span.untilMs;
    // One in ten comes late.
    const elapsed = this.#draw(10) === 0 ? 1 + this.#draw(5_000) : 1_000;
    this.#span = { fromMs, untilMs: fromMs + elapsed };
    const { burned, difficulty } = this.#chargeProofs();
    const minted = this.#payReward(difficulty);
    const { toTreasury, expected } = this.#punish();
    this.#moveStake();
    if (this.#rounds % 10 === 0) this.#boundary();
    this.minted += minted;
    return { ageMs: this.#span.untilMs, minted, burned, toTreasury, expectedSlash: expected };
  }

  #pick(): Holder {
    const present = this.holders.filter((holder) => holder !== this.#absent);
    const holder = present[this.#draw(present.length)];
    if (holder === undefined) throw new Error("no holders");
    return holder;
  }

  #chargeProofs(): { readonly burned: bigint; readonly difficulty: number } {
    let burned = 0n;
    let difficulty = 0;
    for (let proofs = this.#draw(5); proofs > 0; proofs--) {
      const author = this.#pick();
      const resource = toResource(this.#draw(2_000_000));
      // A third of the work fails: it is paid for, and mints nothing.
      const mints = this.#draw(3) === 0 ? 0 : this.#draw(3_000_000);
      const work = { resource, bytes: 200 + this.#draw(9_000) };
      const fee = requiredFee(
        {
          ...work,
          difficulty: toDifficulty(mints),
          cap: emissionCap(this.#span, this.#economics),
        },
        this.#economics,
      );
      if (author.balance < fee) continue;
      const parts = splitFee(fee, this.#economics);
      author.balance -= fee;
      this.#pick().balance += parts.rest;
      burned += parts.burned;
      difficulty += mints;
    }
    return { burned, difficulty };
  }

  #payReward(difficulty: number): bigint {
    const set = this.holders
      .filter(({ power }) => power > 0n)
      .toSorted((left, right) => compareBytes(left.id, right.id));
    const totalPower = this.power();
    let included = totalPower - (this.#absent?.power ?? 0n);
    const signers = set.flatMap((holder, index) => {
      if (holder === this.#absent) return [];
      const mayMiss = 3n * (included - holder.power) > 2n * totalPower;
      if (mayMiss && this.#draw(3) === 0) {
        included -= holder.power;
        return [];
      }
      return [{ index: toValidatorIndex(index), power: holder.power }];
    });
    const totalDifficulty = toDifficulty(difficulty);
    const block = { span: this.#span, totalDifficulty, minted: toAmount(this.minted) };
    const reward = blockReward(block, this.#economics);
    const divided = shareReward({ reward, signers, totalPower }, this.#economics);
    for (const { index, amount } of divided.shares) {
      const holder = set[index];
      if (holder === undefined) throw new Error("a share for nobody");
      holder.balance += amount;
    }
    this.#pick().balance += divided.bonus;
    return divided.minted;
  }

  #punish(): { readonly toTreasury: bigint; readonly expected: bigint } {
    if (this.#draw(25) !== 0) return { toTreasury: 0n, expected: 0n };
    const offender = this.#pick();
    const kind: OffenceKind = this.#draw(2) === 0 ? "double-vote" : "invalid-verification";
    const before = offender.unbonding.reduce((sum, { amount }) => sum + amount, offender.stake);
    const after = slashHeldStake(
      {
        bonded: toAmount(offender.stake),
        unbonding: offender.unbonding.map(({ amount }) => toAmount(amount)),
        kind,
      },
      this.#economics,
    );
    offender.stake = after.bonded;
    offender.unbonding = offender.unbonding.map((entry, at) => ({
      ...entry,
      amount: after.unbonding[at] ?? 0n,
    }));
    this.treasury += after.toTreasury;
    return { toTreasury: after.toTreasury, expected: before / (kind === "double-vote" ? 5n : 20n) };
  }

  #moveStake(): void {
    const holder = this.#pick();
    const part = BigInt(1 + this.#draw(4));
    if (this.#draw(2) === 0) {
      const amount = holder.balance / (part * 50n);
      holder.balance -= amount;
      holder.stake += amount;
    } else if (this.#draw(3) === 0) {
      const amount: Amount = toAmount(holder.stake / part);
      holder.stake -= amount;
      holder.unbonding.push({ amount, freeAt: undefined });
    }
    for (const { amount, freeAt } of holder.unbonding) {
      if (isFree(freeAt, this.#now())) holder.balance += amount;
    }
    holder.unbonding = holder.unbonding.filter(({ freeAt }) => !isFree(freeAt, this.#now()));
  }

  #boundary(): void {
    const waiting = new Set(this.#queue.map(({ validator }) => validator));
    const order = [
      ...this.#queue.map(({ validator }) => validator),
      ...this.holders.map(({ id }) => id).filter((id) => !waiting.has(id)),
    ];
    const changes = order.flatMap((validator) => {
      const holder = this.holders.find(({ id }) => id === validator);
      if (holder === undefined) return [];
      const to = votingPower(toAmount(holder.stake), this.#economics);
      return to === holder.power ? [] : [{ validator, from: holder.power, to }];
    });
    const totalPower = this.power();
    const { admitted, queued } = admitPowerChanges({ totalPower, changes });
    this.#queue = [...queued];
    for (const { validator, to } of admitted) {
      const holder = this.holders.find(({ id }) => id === validator);
      if (holder !== undefined) holder.power = to;
    }
    const stillWaiting = new Set(queued.map(({ validator }) => validator));
    for (const holder of this.holders) {
      if (stillWaiting.has(holder.id)) continue;
      holder.unbonding = holder.unbonding.map((entry) => ({
        ...entry,
        freeAt: entry.freeAt ?? unbondsAt(this.#now(), { ...this.#economics, maxDriftMs: 0 }),
      }));
    }
  }
}

function isFree(freeAt: Timestamp | undefined, now: Timestamp): boolean {
  return freeAt !== undefined && freeAt <= now;
}
