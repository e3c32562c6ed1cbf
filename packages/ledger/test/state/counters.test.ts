import { AMOUNT_MAX, toAmount, withLedgerHeader } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  KEY_KIND,
  type LedgerState,
  Participation,
  stateKey,
  ValidatorRecord,
} from "../../src/index.ts";
import { countUp, sumUp } from "../../src/state/counters.ts";
import { createStateOverlay } from "../../src/state/state-overlay.ts";
import { readValidator } from "../../src/validators/stake.ts";
import { payTips } from "../../src/validators/tips.ts";
import { createWorld, doubleVote, type Person, skip, step, theorem } from "../fixtures/world.ts";

const world = createWorld();
const [first] = world.validators as [Person];
const LAST = 0xffff_ffff;

/** A state whose counters are all at the end of their range. */
function worn(state: LedgerState): LedgerState {
  const overlay = createStateOverlay(state.tree);
  for (const { id } of world.validators) {
    overlay.write(stateKey.validator(id), ValidatorRecord, {
      ...readValidator(overlay, id),
      tips: toAmount(AMOUNT_MAX),
      slashed: toAmount(AMOUNT_MAX),
      offences: LAST,
    });
  }
  const members = state.previousSet.validators.map(() => ({ votes: LAST }));
  overlay.write(stateKey.participation, Participation, { blocks: LAST, members });
  const edits = overlay.changes().map(({ key, after }) => ({ key, value: after }));
  const tree = state.tree.update(edits);
  const header = withLedgerHeader(state.header, { stateRootAfter: tree.root });
  return { ...state, tree, header };
}

describe("counters that are at the end of their range stay there", () => {
  test("and count like any other before", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: AMOUNT_MAX }), fc.bigInt({ min: 0n }), (sum, more) => {
        const all = sum + more;
        expect(sumUp(toAmount(sum), more)).toBe(all > AMOUNT_MAX ? AMOUNT_MAX : all);
      }),
    );
    expect([countUp(LAST - 1, 1), countUp(LAST, 1), countUp(3, 4)]).toEqual([LAST, LAST, 7]);
  });

  test("so votes, slashes and epoch boundaries go on", () => {
    const head = step(world, skip(world, world.state, 1), {
      proofs: [theorem(world, world.alice, "; valid", { nonce: 0 })],
    });
    const evidence = [doubleVote(world, { signer: first.signer, accused: first, sequence: 1 })];
    let { state } = step(world, worn(head.state), { evidence });
    for (let at = 0; at < 8; at += 1) state = step(world, state).state;
    const records = [...state.tree.entries()]
      .filter(({ key }) => key[0] === KEY_KIND.validator)
      .map(({ value }) => ValidatorRecord.decode(value));
    expect(records.every(({ offences }) => offences === LAST)).toBe(true);
    expect(records.some(({ recent }) => recent.some(({ blocks }) => blocks === LAST))).toBe(true);
  });

  test("so a proposer that pays itself tips for ever stops nothing", () => {
    const overlay = createStateOverlay(worn(skip(world, world.state, 1)).tree);
    payTips(overlay, first.id, [{ tip: toAmount(5n) }]);
    expect(readValidator(overlay, first.id).tips).toBe(AMOUNT_MAX);
  });
});
