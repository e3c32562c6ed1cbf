import {
  type AccountId,
  type Block,
  blockDigest,
  compareBytes,
  type Digest,
  type Evidence,
  type Phase,
  type ProofBody,
  type Sequence,
  sha256,
  signableProposal,
  signableViewChange,
  signableVote,
  toSequence,
  toView,
  type ViewChangeBody,
} from "@aethel/models";
import { type Counterexample, compileSource, obligationsOf } from "@aethel/verifier";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findFalseClaim } from "../../src/application/false-claim.ts";
import {
  type LedgerState,
  stateKey,
  TREASURY,
  Unbonding,
  ValidatorRecord,
} from "../../src/index.ts";
import { refusalOf } from "../fixtures/evidence.ts";
import { judgedAs, judgedSource, tableJudgement } from "../fixtures/judgements.ts";
import {
  accountArgument,
  accountOf,
  amountArgument,
  build,
  createWorld,
  invoke,
  type Person,
  publish,
  step,
  transfer,
  utf8,
  type World,
} from "../fixtures/world.ts";

const KINDS = ["double-vote", "double-proposal", "hidden-lock", "false-header"] as const;

/** Something that a validator did. */
interface Deed {
  readonly kind: (typeof KINDS)[number];
  /** Position among the validators, modulo their number. */
  readonly who: number;
  readonly sequence: number;
  readonly view: number;
  readonly phase: Phase;
  readonly words: readonly [string, string];
}

interface Case {
  readonly stakes: readonly bigint[];
  /** Parts of the stake, in thousandths, that validators withdraw before anything is known. */
  readonly withdrawals: readonly { readonly who: number; readonly part: number }[];
  /** Offences that are known in each of the following blocks. */
  readonly deeds: readonly (readonly Deed[])[];
}

const deeds: fc.Arbitrary<Deed> = fc.record({
  kind: fc.constantFrom(...KINDS),
  who: fc.nat({ max: 4 }),
  sequence: fc.constantFrom(2, 3),
  view: fc.nat({ max: 1 }),
  phase: fc.constantFrom<Phase>("prepare", "commit"),
  words: fc.constantFrom<readonly [string, string]>(["a", "b"], ["b", "c"], ["a", "c"]),
});

const cases: fc.Arbitrary<Case> = fc.record({
  stakes: fc.array(
    fc.oneof(
      fc.bigInt({ min: 1_000_000n, max: 1_000_100n }),
      fc.bigInt({ min: 1_000_000n, max: 2n ** 50n }),
    ),
    { minLength: 2, maxLength: 5 },
  ),
  withdrawals: fc.array(
    fc.record({ who: fc.nat({ max: 4 }), part: fc.integer({ min: 1, max: 1_000 }) }),
    { maxLength: 5 },
  ),
  deeds: fc.array(fc.array(deeds, { maxLength: 5 }), { minLength: 1, maxLength: 3 }),
});

const deed = (kind: Deed["kind"], who: number): Deed => ({
  kind,
  who,
  sequence: 2,
  view: 0,
  phase: "prepare",
  words: ["a", "b"],
});
/**
 * Two that lose everything at an epoch boundary, and then are shown to have passed something false.
 */
const ALL_LOST: Case = {
  stakes: [1_000_000n, 1_000_000n],
  withdrawals: [],
  deeds: [
    [deed("double-vote", 0), deed("double-vote", 1)],
    [],
    [deed("false-header", 0), deed("false-header", 1)],
  ],
};

// One genesis name and many stakes: a proof of one run is a proof of none of the others.
const SOURCE = `intent mint(signer me: Account) {
  guard { me.balance < 5; }
  effect { me.balance += 1; }
  verify { true; }
}`;
const truth = { ...judgedAs("refuted"), counterexample: runOf(SOURCE) };
const honest = (body: ProofBody) => (body.type === "publish" ? truth : tableJudgement(body));
const lying = (body: ProofBody) =>
  body.type === "publish" ? judgedSource(body.source) : tableJudgement(body);

describe("slashing", () => {
  test("P16: every offence costs its part of all that was held then, and equivocations what all of them make of it", () => {
    let [convicted, refused, free, unbonding, raised, everything] = [0, 0, 0, 0, 0, 0];
    fc.assert(
      fc.property(cases, ({ stakes, withdrawals, deeds: known }) => {
        const world = createWorld({ stakes });
        const scene = createScene(world, withdrawals);
        const model = createModel(stakes);
        for (const { who, amount } of scene.withdrawn) model.withdraw(who, amount);
        let { state } = scene;
        // Two epoch boundaries follow in which nobody says anything.
        for (const found of [...known, ...Array.from({ length: 8 }, () => [])]) {
          const evidence: Evidence[] = [];
          const banked = accountOf(state, TREASURY).balance;
          let expected = 0n;
          for (const deed of found) {
            const one = evidenceOf(scene, deed);
            // All was done under the first set; what is withdrawn or taken since does not matter.
            const cost = model.convict(deed, world.state.votingSet.totalPower);
            if (typeof cost === "string") {
              refused += cost === "known" ? 1 : 0;
              free += cost === "nothing-left" ? 1 : 0;
              // On its own and beside the others of its block: once is all.
              expect(refusalOf(world, state, ...evidence, one)).toBe(cost);
              continue;
            }
            convicted += 1;
            expected += cost;
            evidence.push(one);
          }
          const next = step(world, state, { evidence }).state;
          if (next.header.sequence % 4 === 0) {
            const more = model.boundary();
            raised += more > 0n ? 1 : 0;
            expected += more;
          }
          state = next;
          expect(accountOf(state, TREASURY).balance - banked).toBe(expected);
          for (const [at, person] of world.validators.entries()) {
            expect(holdingOf(state, person.id), `validator ${at}`).toEqual(model.holding(at));
            if (model.isReached(at)) unbonding += 1;
            if (model.hasLostAll(at)) everything += 1;
          }
        }
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 100, seed: 1, examples: [[ALL_LOST]] },
    );
    // The cases are what the title says: convictions, repetitions, wrong votes of those who have
    // nothing left, withdrawn stake that is reached, totals that are raised, and some of
    // everything.
    expect(Math.min(convicted, refused, unbonding, raised, everything)).toBeGreaterThan(5);
    expect(free).toBeGreaterThan(0);
  });
});

/** A chain on which validators have withdrawn some, and where false blocks were proposed. */
interface Scene {
  readonly world: World;
  readonly state: LedgerState;
  readonly withdrawn: readonly { readonly who: number; readonly amount: bigint }[];
  /** By sequence: a block that lies, and what convicts of it. */
  readonly lies: ReadonlyMap<number, { readonly block: Block; readonly claim: Uint8Array }>;
}

function createScene(world: World, wanted: Case["withdrawals"]): Scene {
  const { alice, bob, validators } = world;
  const funded = step(world, world.state, {
    proofs: validators.map(({ id }, nonce) =>
      transfer(world, alice, id, { nonce, amount: 10_000_000n }),
    ),
  }).state;
  const left = new Map<number, bigint>(
    validators.map(({ id }, who) => [who, holdingOf(funded, id).bonded]),
  );
  const nonces = new Map<number, number>();
  const withdrawn = wanted.flatMap(({ who: drawn, part }) => {
    const who = drawn % validators.length;
    const amount = ((left.get(who) ?? 0n) * BigInt(part)) / 1_000n;
    if (amount === 0n) return [];
    left.set(who, (left.get(who) ?? 0n) - amount);
    return [{ who, amount }];
  });
  const proofs = withdrawn.map(({ who, amount }) => {
    const person = at(validators, who);
    const nonce = nonces.get(who) ?? 0;
    nonces.set(who, nonce + 1);
    const given = [accountArgument(person.id), amountArgument(amount)];
    return invoke(world, person, { nonce, intent: "unstake", arguments: given });
  });
  const { state } = step(world, funded, { proofs });
  const claim = publish(world, bob, SOURCE, {
    nonce: 0,
    feeLimit: 50_000_000n,
    resourceLimit: 10_000,
  });
  const lies = [funded, state].map((base) => {
    const block = build(world, base, { proofs: [claim], judge: lying });
    const found = findFalseClaim(block, [honest(claim.body)]);
    if (found === undefined) throw new Error("a lie is found");
    return [block.header.sequence, { block, claim: found }] as const;
  });
  return { world, state, withdrawn, lies: new Map(lies) };
}

/** Model of slashing that shares neither code nor rounding with the ledger. */
function createModel(stakes: readonly bigint[]) {
  const holdings = stakes.map((bonded) => ({
    bonded,
    unbonding: 0n,
    slashed: 0n,
    offences: 0,
    reached: false,
  }));
  const done = new Set<string>();
  const convicts: { who: number; base: bigint; total: bigint; of: bigint }[] = [];
  const take = (who: number, owed: bigint): bigint => {
    const one = at(holdings, who);
    const all = one.bonded + one.unbonding;
    const taken = owed < all ? owed : all;
    const fromBonded = taken < one.bonded ? taken : one.bonded;
    one.bonded -= fromBonded;
    one.unbonding -= taken - fromBonded;
    if (taken > fromBonded) one.reached = true;
    one.slashed += taken;
    return taken;
  };
  return {
    withdraw: (who: number, amount: bigint): void => {
      const one = at(holdings, who);
      one.bonded -= amount;
      one.unbonding += amount;
    },
    /** Cost, or the reason why it convicts nobody. */
    convict: (
      { kind, who: drawn, sequence }: Deed,
      of: bigint,
    ): bigint | "known" | "nothing-left" => {
      const who = drawn % stakes.length;
      const isFalse = kind === "false-header";
      const name = isFalse ? `false ${who} ${sequence}` : `equivocation ${who}`;
      if (done.has(name)) return "known";
      const one = at(holdings, who);
      const base = one.bonded + one.unbonding;
      if (isFalse && base < 20n) return "nothing-left";
      done.add(name);
      // A fifth and a twentieth, rounded down.
      const total = take(who, isFalse ? base / 20n : base / 5n);
      one.offences += 1;
      if (!isFalse) convicts.push({ who, base, total, of });
      return total;
    },
    /**
     * Amount that an epoch boundary takes: three times the part of the power that equivocated, of
     * each one's stake.
     */
    boundary: (): bigint => {
      let part = 0n;
      for (const { who, of } of convicts) part += (at(stakes, who) * 2n ** 96n) / of;
      let sum = 0n;
      for (const convict of convicts) {
        const { who, base, total } = convict;
        const thrice = (3n * base * part) / 2n ** 96n;
        const wanted = thrice < base ? thrice : base;
        if (wanted <= total) continue;
        convict.total = wanted;
        sum += take(who, wanted - total);
      }
      return sum;
    },
    holding: (who: number) => {
      const { bonded, unbonding, slashed, offences } = at(holdings, who);
      return { bonded, unbonding, slashed, offences };
    },
    isReached: (who: number): boolean => at(holdings, who).reached,
    hasLostAll: (who: number): boolean =>
      at(holdings, who).bonded + at(holdings, who).unbonding === 0n,
  };
}

function holdingOf(state: LedgerState, id: AccountId) {
  const [record, locked] = [stateKey.validator(id), stateKey.unbonding(id)].map((key) =>
    state.tree.get(key),
  );
  if (record === undefined) throw new Error("a validator has a record");
  const { stake: bonded, slashed, offences } = ValidatorRecord.decode(record);
  const entries = locked === undefined ? [] : Unbonding.decode(locked).entries;
  const unbonding = entries.reduce((sum, { amount }) => sum + amount, 0n);
  return { bonded, unbonding, slashed, offences };
}

function evidenceOf(scene: Scene, deed: Deed): Evidence {
  const { chain, validators } = scene.world;
  const person = at(validators, deed.who % validators.length);
  const accused = { validator: person.id, key: person.signer.publicKey };
  const sequence = toSequence(deed.sequence);
  const view = toView(deed.view);
  const place = { sequence, view };
  const [first, second] = deed.words.map((word) => sha256(utf8(word))).toSorted(compareBytes);
  if (first === undefined || second === undefined) throw new Error("two words");
  const pair = (sign: (digest: Digest) => ReturnType<Person["signer"]["sign"]>) => ({
    first: { digest: first, signature: sign(first) },
    second: { digest: second, signature: sign(second) },
  });
  switch (deed.kind) {
    case "double-vote": {
      const { phase } = deed;
      const sign = (digest: Digest) =>
        person.signer.sign(signableVote(phase, chain, { ...place, digest }));
      return { type: "double-vote", ...accused, ...place, phase, ...pair(sign) };
    }
    case "double-proposal": {
      const sign = (digest: Digest) =>
        person.signer.sign(signableProposal(chain, { ...place, digest }));
      return { type: "double-proposal", ...accused, ...place, ...pair(sign) };
    }
    case "hidden-lock":
      return hiddenLock(scene, { person, place, digest: first });
    case "false-header": {
      const lie = scene.lies.get(sequence);
      if (lie === undefined) throw new Error("there is a lie at each of these sequences");
      const { header } = lie.block;
      const vote = { ...place, digest: blockDigest(header) };
      const signature = person.signer.sign(signableVote(deed.phase, chain, vote));
      const about = { phase: deed.phase, view, header, signature };
      return { type: "false-header", ...accused, ...about, claim: lie.claim };
    }
  }
}

function hiddenLock(
  { world, state }: Scene,
  lock: {
    readonly person: Person;
    readonly place: { readonly sequence: Sequence; readonly view: ReturnType<typeof toView> };
    readonly digest: Digest;
  },
): Evidence {
  const { person, place, digest } = lock;
  const { signer } = person;
  const body: ViewChangeBody = {
    validators: state.votingSet.hash,
    sequence: place.sequence,
    newView: toView(place.view + 1),
    parent: state.digest,
    prepared: undefined,
  };
  return {
    type: "hidden-lock",
    validator: person.id,
    key: signer.publicKey,
    view: place.view,
    commit: {
      digest,
      signature: signer.sign(signableVote("commit", world.chain, { ...place, digest })),
    },
    body,
    signature: signer.sign(signableViewChange(world.chain, body)),
  };
}

/** Counterexample of a Judge: an account without balance calls the source. */
function runOf(source: string): Counterexample {
  const compiled = compileSource(utf8(source));
  const intent = compiled.ok ? compiled.intents[0] : undefined;
  const broken = intent && obligationsOf(intent).find(({ kind }) => kind === "conservation");
  if (broken === undefined) throw new Error("the source has something to conserve");
  const { kind, label, span } = broken;
  return {
    intent: "mint",
    kind,
    label,
    span,
    sentence: "one more than there was",
    arguments: [{ name: "me", type: "Account", value: "me" }],
    accounts: [{ name: "me", signs: true, before: { balance: "0" }, after: { balance: "1" } }],
  };
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`there is no ${index}`);
  return found;
}
