import {
  type BlockHeader,
  blockDigest,
  createValidatorSet,
  equalBytes,
  type QuorumCertificate,
  type StateChange,
  toAmount,
  toSequence,
  toTimestamp,
  withLedgerHeader,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  Account,
  type HistoryStart,
  type HistoryStep,
  KEY_KIND,
  type LedgerState,
  Supply,
  selectHistory,
  stateKey,
  verifyHistory,
} from "../../src/index.ts";
import {
  accountArgument,
  amountArgument,
  certify,
  createWorld,
  invoke,
  step,
  theorem,
  transfer,
  utf8,
  type World,
} from "../fixtures/world.ts";

const world = createWorld();

/** A chain in which money moves, is minted and burned, and the set changes; epochs of 4 blocks. */
function chainOf(of: World, length: number, salt: string): readonly Link[] {
  const links: Link[] = [];
  let { state } = of;
  for (let at = 0; at < length; at++) {
    const stake = [accountArgument(of.bob.id), amountArgument(12_000_000n)];
    const proofs = [
      transfer(of, of.alice, of.carol.id, { nonce: 2 * at, amount: BigInt(at + 1) }),
      theorem(of, of.alice, `; valid ${at + 5_000} ${salt}`, { nonce: 2 * at + 1 }),
      ...(at === 1 ? [invoke(of, of.bob, { nonce: 0, intent: "stake", arguments: stake })] : []),
    ];
    const done = step(of, state, { proofs });
    const certificate = certify(of, done.state);
    if (certificate === undefined) throw new Error("no certificate");
    const { header, votingSet } = done.state;
    const isNew = !equalBytes(header.validators, header.nextValidators);
    const known = { header, certificate, transition: done.transition };
    links.push({
      before: state,
      state: done.state,
      step: isNew ? { ...known, nextValidators: votingSet } : known,
    });
    state = done.state;
  }
  return links;
}

interface Link {
  readonly before: LedgerState;
  readonly state: LedgerState;
  readonly step: HistoryStep;
}

function startAt(state: LedgerState, withTree: boolean): HistoryStart {
  const { chain, parameters, header, votingSet, tree } = state;
  const { genesis } = state.clock;
  const start = { chain, parameters, genesis, header, validators: votingSet };
  return withTree ? { ...start, tree } : start;
}

const links = chainOf(world, 10, "");
const steps = links.map((link) => link.step);
const stateAt = (at: number): LedgerState =>
  (at < links.length ? links[at]?.before : links.at(-1)?.state) ?? world.state;

/** Signs a header again, as the whole set of its block could: only what it says is then wrong. */
function recertify(at: number, header: BlockHeader): QuorumCertificate {
  const link = links[at];
  if (link === undefined) throw new Error("no such link");
  const again = certify(world, { ...link.state, header, digest: blockDigest(header) });
  if (again === undefined) throw new Error("no certificate");
  return again;
}

describe("P29: histories from a checkpoint", () => {
  test("a true one verifies from every block on, with the state and without it", () => {
    for (let from = 0; from <= steps.length; from++) {
      for (const withTree of [true, false]) {
        const verdict = verifyHistory(startAt(stateAt(from), withTree), steps.slice(from));
        expect(verdict.ok).toBe(true);
        expect(verdict.ok && verdict.head.header).toEqual(links.at(-1)?.state.header);
      }
    }
    expect(links.some(({ step: { nextValidators } }) => nextValidators !== undefined)).toBe(true);
  });

  test("one altered amount, whatever is altered with it to hide it, is found where it is", () => {
    const where = fc.record({
      at: fc.nat({ max: steps.length - 1 }),
      by: fc.bigInt({ min: 1n, max: 2n ** 40n }),
      hide: fc.constantFrom("nothing", "minted", "supply"),
      from: fc.nat({ max: 3 }),
    });
    fc.assert(
      fc.property(where, ({ at, by, hide, from }) => {
        fc.pre(from <= at);
        const link = links[at];
        if (link === undefined) throw new Error("no such link");
        const forged = forge(link.step, by, hide);
        const { supplyAfter } = forged;
        const header = withLedgerHeader(link.step.header, { supplyAfter });
        const told = steps.with(at, {
          ...link.step,
          header,
          transition: forged,
          certificate: recertify(at, header),
        });
        const verdict = verifyHistory(startAt(stateAt(from), false), told.slice(from));
        expect(verdict).toMatchObject({ ok: false, at: at - from });
        expect(!verdict.ok && verdict.defect.code).toBe("conservation");
      }),
      { numRuns: 150 },
    );
  });

  test("every field of every header is bound: another value is refused there or right after", () => {
    const fields = (Object.keys(steps[0]?.header ?? {}) as (keyof BlockHeader)[]).filter(
      (field) => field !== "version",
    );
    fc.assert(
      fc.property(
        fc.nat({ max: steps.length - 2 }),
        fc.constantFrom(...fields),
        fc.boolean(),
        (at, field, resigned) => {
          const own = steps[at];
          if (own === undefined) throw new Error("no such step");
          const header = { ...own.header, [field]: another(own.header[field]) };
          const certificate = resigned ? recertify(at, header) : own.certificate;
          const told = steps.with(at, { ...own, header, certificate });
          const verdict = verifyHistory(startAt(world.state, true), told);
          expect(verdict.ok).toBe(false);
          if (verdict.ok) return;
          expect([at, at + 1]).toContain(verdict.at);
          // Unsigned, it is never followed by even one step.
          if (!resigned) expect(verdict.at).toBe(at);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("a history from elsewhere contradicts the checkpoint", () => {
    const other = chainOf(world, 4, "other").map((link) => link.step);
    const verdict = verifyHistory(startAt(stateAt(2), false), other.slice(2));
    expect(verdict).toEqual({ ok: false, at: 0, defect: { code: "parent" } });
    const stranger = createWorld({ balances: [7n, 7n, 7n] });
    const foreign = startAt(stranger.state, false);
    expect(verifyHistory(foreign, steps)).toMatchObject({ ok: false, defect: { code: "chain" } });
  });

  test("changes that do not lead to the root are found by who has the state", () => {
    const [first] = steps;
    if (first === undefined) throw new Error("no steps");
    const fewer = first.transition.changes.filter(({ key }) => key[0] !== KEY_KIND.theorem);
    expect(fewer.length).toBeLessThan(first.transition.changes.length);
    const told = [{ ...first, transition: { ...first.transition, changes: fewer } }];
    const key = utf8("unknown to conservation");
    const extra = [...first.transition.changes, { key, before: undefined, after: utf8("x") }];
    const more = [{ ...first, transition: { ...first.transition, changes: extra } }];
    for (const history of [more, told]) {
      expect(verifyHistory(startAt(world.state, false), history).ok).toBe(true);
      expect(verifyHistory(startAt(world.state, true), history)).toMatchObject({
        defect: { code: "changes" },
      });
    }
  });

  test("blocks closer together than the chain allows are refused, however they are signed", () => {
    const [first] = steps;
    if (first === undefined) throw new Error("no steps");
    const { header: start, parameters } = world.state;
    const verdictAt = (milliseconds: number): unknown => {
      const timestamp = toTimestamp(start.timestamp + milliseconds);
      const header = { ...first.header, timestamp };
      const told = [{ ...first, header, certificate: recertify(0, header) }];
      const verdict = verifyHistory(startAt(world.state, false), told);
      return verdict.ok ? "ok" : verdict.defect.code;
    };
    expect(verdictAt(parameters.minBlockIntervalMs)).toBe("ok");
    expect(verdictAt(parameters.minBlockIntervalMs - 1)).toBe("timestamp");
  });

  test("a value before that was not there is found by who has the state", () => {
    const [first] = steps;
    if (first === undefined) throw new Error("no steps");
    const changes = first.transition.changes.map((change) =>
      change.key[0] === KEY_KIND.theorem ? { ...change, before: utf8("something") } : change,
    );
    const told = [{ ...first, transition: { ...first.transition, changes } }];
    expect(verifyHistory(startAt(world.state, false), told).ok).toBe(true);
    expect(verifyHistory(startAt(world.state, true), told)).toMatchObject({
      defect: { code: "changes" },
    });
  });

  test("a set that is missing, not the header's, at no epoch boundary, or too different is refused", () => {
    const at = links.findIndex(({ step: own }) => own.nextValidators !== undefined);
    const own = steps[at];
    const { votingSet } = stateAt(at);
    if (own?.nextValidators === undefined) throw new Error("no change of set");
    const verdictOf = (told: HistoryStep): unknown => {
      const verdict = verifyHistory(startAt(stateAt(at), false), [told]);
      return verdict.ok ? "ok" : verdict.defect;
    };
    const { nextValidators, ...missing } = own;
    expect(verdictOf(missing)).toEqual({ code: "validators", reason: "unknown" });
    expect(verdictOf({ ...own, nextValidators: votingSet })).toEqual({
      code: "validators",
      reason: "unknown",
    });
    const usurped = createValidatorSet([
      ...votingSet.validators,
      { id: world.carol.id, key: world.carol.signer.publicKey, power: toAmount(90_000_000n) },
    ]);
    const taken = { ...own.header, nextValidators: usurped.hash };
    const told = { ...own, header: taken, certificate: recertify(at, taken) };
    expect(verdictOf({ ...told, nextValidators: usurped })).toEqual({
      code: "validators",
      reason: "too-much",
    });
    const early = { ...(steps[0]?.header as BlockHeader), nextValidators: nextValidators.hash };
    const begun = verifyHistory(startAt(world.state, false), [
      {
        ...(steps[0] as HistoryStep),
        header: early,
        certificate: recertify(0, early),
        nextValidators,
      },
    ]);
    expect(begun).toMatchObject({ defect: { code: "validators", reason: "no-boundary" } });
  });
});

describe("P12: of conflicting histories the certified one wins", () => {
  const start = startAt(world.state, false);

  test("whatever its length, and however often another is told", () => {
    const other = chainOf(world, 10, "other");
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: steps.length }),
        fc.integer({ min: 1, max: 6 }),
        fc.subarray([0, 1, 2, 3], { maxLength: 2 }),
        (length, times, voters) => {
          // Two of the four at most, never more than two thirds of the power: no quorum.
          const minority = other.map((link) => ({
            ...link.step,
            certificate: minorityOf(link, voters),
          }));
          const told = [...Array.from({ length: times }, () => minority), steps.slice(0, length)];
          expect(selectHistory(start, told)).toEqual({ type: "selected", at: times });
        },
      ),
      { numRuns: 100 },
    );
  });

  test("the longer of two that agree is chosen, and none when none verifies", () => {
    expect(selectHistory(start, [steps.slice(0, 3), steps, steps.slice(0, 5)])).toEqual({
      type: "selected",
      at: 1,
    });
    expect(selectHistory(start, [steps.slice(1)])).toEqual({ type: "selected", at: undefined });
  });

  test("two certified ones that disagree are a fork, with its place: nobody chooses there", () => {
    const other = chainOf(world, 3, "other").map((link) => link.step);
    expect(selectHistory(start, [other, steps])).toEqual({
      type: "fork",
      sequence: toSequence(1),
      between: [1, 0],
    });
  });
});

function minorityOf(link: Link, voters: readonly number[]): QuorumCertificate {
  const certificate = certify(world, link.state, voters);
  if (certificate === undefined) throw new Error("no certificate");
  return certificate;
}

/** Bob has more than he was given; with numbers beside it that excuse it, or not. */
function forge({ transition }: HistoryStep, by: bigint, hide: string): HistoryStep["transition"] {
  const key = stateKey.account(world.carol.id);
  const changes = transition.changes.map((change): StateChange => {
    if (equalBytes(change.key, key) && change.after !== undefined) {
      const account = Account.decode(change.after);
      const balance = toAmount(account.balance + by);
      return { ...change, after: Account.encode({ ...account, balance }) };
    }
    const isSupply = equalBytes(change.key, stateKey.supply);
    if (hide !== "supply" || !isSupply || change.after === undefined) return change;
    // Even with a record that owns up to it: the schedule has no room for that much.
    const supply = Supply.decode(change.after);
    const minted = toAmount(supply.minted + by + 10n ** 15n);
    return { ...change, after: Supply.encode({ ...supply, minted }) };
  });
  if (hide === "nothing") return { ...transition, changes };
  const minted = toAmount(transition.minted + by);
  const supplyAfter = toAmount(transition.supplyAfter + by);
  return { ...transition, changes, minted, supplyAfter };
}

/** Another value of the same type. */
function another(value: BlockHeader[keyof BlockHeader]): unknown {
  if (typeof value === "bigint") return value + 1n;
  if (typeof value === "number") return value + 1;
  if (typeof value === "string") return value;
  const bytes = new Uint8Array(value);
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return bytes;
}
