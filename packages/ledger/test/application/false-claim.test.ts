import {
  type Block,
  blockDigest,
  type Evidence,
  FalseClaim,
  itemProof,
  JudgedResult,
  ledgerHeader,
  type Phase,
  type ProofBody,
  signableVote,
  toResource,
  toSequence,
  toView,
  type View,
} from "@aethel/models";
import { compileSource, createJudge, obligationsOf, standardIntents } from "@aethel/verifier";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findFalseClaim } from "../../src/application/false-claim.ts";
import {
  createLedger,
  earliestTimestamp,
  type Judged,
  type Ledger,
  TREASURY,
  totalHeld,
} from "../../src/index.ts";
import {
  EncodedCounterexample,
  encodeCounterexample,
  refutes,
} from "../../src/slashing/counterexample.ts";
import { refusalOf } from "../fixtures/evidence.ts";
import { judgedAs, judgedSource, tableJudgement } from "../fixtures/judgements.ts";
import { recordOf } from "../fixtures/validators.ts";
import {
  accountOf,
  build,
  certify,
  createWorld,
  type Person,
  publish,
  step,
  theorem,
  transfer,
  utf8,
} from "../fixtures/world.ts";

const FALSE_SOURCES = {
  authority: `intent steal(signer me: Account, you: Account, amount: Amount) {
    guard { amount > 0; you.balance >= amount; }
    effect { you.balance -= amount; me.balance += amount; }
    verify { true; }
  }`,
  postcondition: `intent self(signer from: Account, to: Account, amount: Amount) {
    guard { amount > 0; from.balance >= amount; }
    effect { from.balance -= amount; to.balance += amount; }
    verify { from.balance == old(from.balance) - amount; }
  }`,
  conservation: `intent mint(signer me: Account) {
    guard { me.balance < 5; }
    effect { me.balance += 1; }
    verify { true; }
  }`,
  range: `intent burst(signer me: Account, amount: Amount) {
    guard { amount > 0; }
    effect { me.balance += amount; me.balance -= amount; }
    verify { true; }
  }`,
  defined: `intent divide(signer me: Account, by: Int, on: Bool) {
    guard { on => sequence / by >= 0; }
    effect { me.balance += 0; }
    verify { true; }
  }`,
  asset: `asset GOLD issuer "3214da7a6062fb823e93abbd782f953b836d8e399e02c8c59120852dae8486ac";
  intent take(signer me: Account, you: Account) {
    guard { you.balance[GOLD] > 0; }
    effect { you.balance[GOLD] -= 1; me.balance[GOLD] += 1; }
    verify { true; }
  }`,
} as const;

const world = createWorld();
const { alice } = world;
const [first, second] = world.validators as [Person, Person];

async function judgedSources(): Promise<ReadonlyMap<string, Judged>> {
  await using judge = await createJudge({ workers: 1 });
  const said = new Map<string, Judged>();
  for (const source of Object.values(FALSE_SOURCES)) {
    const judgement = await judge.check(
      { type: "publish", source: utf8(source) },
      { resourceLimit: toResource(2_000_000) },
    );
    if (judgement.type === "judged") said.set(source, judgement);
  }
  return said;
}
const judged = await judgedSources();

const integerOf = (magnitude: bigint) => ({ type: "integer", negative: false, magnitude }) as const;

/** Numbers of parameters and of observed values of the first intent of a source. */
function observedIn(source: string): { readonly given: number; readonly observed: number } {
  const compiled = compileSource(utf8(source));
  const intent = compiled.ok ? compiled.intents[0] : undefined;
  const obligation = intent && obligationsOf(intent)[0];
  if (obligation === undefined) throw new Error("the source has an intent");
  return { given: intent?.parameters.length ?? 0, observed: obligation.observed.size };
}

/** Judgement of an honest node's Judge, and the one with which the false block was built. */
const truth = (body: ProofBody) =>
  (body.type === "publish" ? judged.get(new TextDecoder().decode(body.source)) : undefined) ??
  tableJudgement(body);
const lie = (body: ProofBody) => {
  const said = truth(body);
  if (said?.type !== "judged" || body.type !== "publish") return said;
  const { difficulty, resource } = said;
  return { ...judgedSource(body.source), difficulty, resource };
};

const envelope = { feeLimit: 5_000_000n, resourceLimit: 2_000_000 };
const base = step(world, world.state).state;
const claim = publish(world, alice, FALSE_SOURCES.authority, { nonce: 0, ...envelope });
const lying = build(world, base, { proofs: [claim], judge: lie });

function claimIn(block: Block): FalseClaim | undefined {
  const found = findFalseClaim(
    block,
    block.items.map((item) => truth(itemProof(item).body)),
  );
  return found === undefined ? undefined : FalseClaim.decode(found);
}

function accuse(
  who: Person,
  of: FalseClaim,
  how: { readonly phase?: Phase; readonly view?: View; readonly of?: Block } = {},
): Extract<Evidence, { readonly type: "false-header" }> {
  const { phase = "prepare", view = toView(0) } = how;
  const { header } = how.of ?? lying;
  const vote = { sequence: header.sequence, view, digest: blockDigest(header) };
  const signature = who.signer.sign(signableVote(phase, world.chain, vote));
  const accused = { validator: who.id, key: who.signer.publicKey };
  return {
    type: "false-header",
    ...accused,
    phase,
    view,
    header,
    signature,
    claim: FalseClaim.encode(of),
  };
}

/** The entries of the annex that a claim shows. */
function saidIn(of: FalseClaim): JudgedResult | undefined {
  const [shown] = of.entries;
  return shown === undefined ? undefined : JudgedResult.decode(shown.entry);
}

function demand(of: FalseClaim | undefined): FalseClaim {
  if (of === undefined) throw new Error("no false claim");
  return of;
}

describe("P5 P16: a vote for a refuted intent", () => {
  test("is proven by the block's own roots and a run that evaluation confirms", () => {
    const found = demand(claimIn(lying));
    expect(saidIn(found)).toMatchObject({ at: 0, verdict: "valid", outcome: "applied" });
    expect(refusalOf(world, base, accuse(first, found))).toBe("none");
  });

  test("costs a twentieth of the stake, once, in whatever phase and view it was cast again", () => {
    const found = demand(claimIn(lying));
    const { state, transition } = step(world, base, { evidence: [accuse(first, found)] });
    expect(recordOf(state, first)).toMatchObject({ stake: 38_000_000n, slashed: 2_000_000n });
    // It keeps its power and its pay: only who equivocates is ejected.
    expect(recordOf(state, first)).toMatchObject({ status: "active", offences: 1 });
    expect(recordOf(state, first).convictedAt).toBeUndefined();
    expect(recordOf(state, second)).toMatchObject({ stake: 30_000_000n, offences: 0 });
    expect(transition.minted).toBe(0n);
    const again = accuse(first, found, { phase: "commit", view: toView(3) });
    expect(refusalOf(world, state, again)).toBe("known");
    expect(refusalOf(world, base, accuse(first, found), again)).toBe("known");
    expect(refusalOf(world, state, accuse(second, found))).toBe("none");
  });

  test("every kind of failed obligation has evidence", () => {
    for (const [kind, source] of Object.entries(FALSE_SOURCES)) {
      const said = judged.get(source);
      expect(said?.verdict, kind).toBe("refuted");
      const encoded = encodeCounterexample(utf8(source), said ?? {});
      expect(encoded, kind).toBeDefined();
      expect(refutes(utf8(source), encoded ?? new Uint8Array(0)), kind).toBe(true);
    }
  });

  test("in a block with others, honest and lied about, each lie is found", () => {
    const honest = transfer(world, world.bob, alice.id, { nonce: 0, amount: 5n });
    const other = publish(world, world.bob, FALSE_SOURCES.conservation, { nonce: 1, ...envelope });
    const both = build(world, base, { proofs: [honest, claim, other], judge: lie });
    expect(claimIn(both)?.proofPath.index).toBe(1);
    const one = build(world, base, {
      proofs: [honest, claim, other],
      judge: (body) => (body === other.body ? lie(body) : truth(body)),
    });
    expect(claimIn(one)?.proofPath.index).toBe(2);
  });

  test("a lie is found whatever difficulty was invented with it; an honest block accuses nobody", () => {
    expect(claimIn(build(world, base, { proofs: [claim], judge: truth }))).toBeUndefined();
    const more = build(world, base, {
      proofs: [claim],
      judge: (body) => ({ ...(lie(body) as Judged), difficulty: 9_999 as never }),
    });
    const found = demand(claimIn(more));
    expect(saidIn(found)).toMatchObject({ verdict: "valid", difficulty: 9_999 });
    expect(refusalOf(world, base, accuse(first, found, { of: more }))).toBe("none");
  });
});

describe("from one ledger to another, as consensus asks them", () => {
  /** A ledger at genesis whose Judge says what it is told to. */
  const open = (say: (body: ProofBody) => ReturnType<typeof truth>): Promise<Ledger> =>
    createLedger({
      genesis: world.genesis,
      mempool: { proposableMs: 60_000 },
      judge: {
        check: (payload) => {
          const said = say({ ...claim.body, ...payload } as ProofBody);
          return Promise.resolve(said ?? judgedAs("valid"));
        },
      },
    });
  const ask = (ledger: Ledger, evidence: readonly Evidence[] = []) => ({
    sequence: toSequence(ledger.head().header.sequence + 1),
    timestamp: earliestTimestamp(ledger.state()),
    proposer: first.id,
    parentCertificate: certify(world, ledger.state()),
    evidence,
    reason: "heartbeat" as const,
    signal: new AbortController().signal,
  });
  const commit = async (ledger: Ledger, block: Block): Promise<void> => {
    const digest = blockDigest(block.header);
    const state = { ...ledger.state(), header: block.header, digest };
    const certificate = certify(world, { ...state, previousSet: ledger.state().votingSet });
    if (certificate === undefined) throw new Error("no certificate");
    await ledger.commit({ block, certificate });
  };

  test("a liar's block is refused with its false claim; in the next block its voters pay, once", async () => {
    const [liar, honest] = [await open(lie), await open(truth)];
    liar.submit(claim);
    await new Promise((resolve) => setImmediate(resolve));
    const block = await liar.propose(ask(liar));
    if (block === undefined) throw new Error("a block with the claim");
    expect(block.items.map(itemProof)).toHaveLength(1);
    const { signal } = new AbortController();
    const digest = blockDigest(block.header);
    const verdict = await honest.verify({ block, digest, patience: "watchdog", signal });
    if (verdict.type !== "refused") throw new Error(verdict.type);
    if (verdict.claim === undefined) throw new Error("no claim");
    const shown = verdict.claim;

    const header = block.header;
    const vote = { sequence: header.sequence, view: toView(0), digest };
    const evidence = [first, second].map((who): Evidence => {
      const signature = who.signer.sign(signableVote("prepare", world.chain, vote));
      const about = { validator: who.id, key: who.signer.publicKey, phase: "prepare" as const };
      return {
        type: "false-header",
        ...about,
        view: toView(0),
        header,
        signature,
        claim: shown,
      };
    });
    const next = await honest.propose(ask(honest, [...evidence, ...evidence]));
    if (next === undefined) throw new Error("a block with the evidence");
    expect(next.evidence).toHaveLength(2);
    await commit(honest, next);

    expect(honest.validator(first.id)).toMatchObject({ stake: 38_000_000n, offences: 1 });
    expect(honest.validator(second.id)).toMatchObject({ stake: 28_500_000n, offences: 1 });
    const again = await honest.propose(ask(honest, evidence));
    expect(again?.evidence).toEqual([]);
  });

  test("an honest block is accepted by both", async () => {
    const [one, other] = [await open(truth), await open(truth)];
    one.submit(claim);
    await new Promise((resolve) => setImmediate(resolve));
    const block = await one.propose(ask(one));
    if (block === undefined) throw new Error("a block with the claim");
    const digest = blockDigest(block.header);
    const { signal } = new AbortController();
    const verdict = await other.verify({ block, digest, patience: "watchdog", signal });
    expect(verdict).toEqual({ type: "accepted" });
  });
});

describe("evidence that convicts nobody", () => {
  const found = demand(claimIn(lying));
  const good = accuse(first, found);

  test("another's signature, another result, another proof, a run that refutes nothing", () => {
    expect(refusalOf(world, base, { ...good, signature: accuse(second, found).signature })).toBe(
      "not-proven",
    );
    expect(refusalOf(world, base, { ...good, validator: second.id })).toBe("wrong-key");
    for (const entries of [[], [...found.entries, ...found.entries]]) {
      expect(refusalOf(world, base, accuse(first, { ...found, entries }))).toBe("not-proven");
    }
    const elsewhere = publish(world, alice, FALSE_SOURCES.range, { nonce: 0, ...envelope });
    expect(refusalOf(world, base, accuse(first, { ...found, proof: elsewhere }))).toBe(
      "not-proven",
    );
    const nothing = { ...found, counterexample: new Uint8Array(0) };
    expect(refusalOf(world, base, accuse(first, nothing))).toBe("not-refuted");
    for (const bytes of [new Uint8Array(), Uint8Array.of(1), good.claim.slice(1)]) {
      expect(refusalOf(world, base, { ...good, claim: bytes })).toBe("not-proven");
    }
  });

  test("a theorem: nobody evaluates those without a solver", () => {
    const proof = theorem(world, alice, "; refuted", { nonce: 0 });
    const block = build(world, base, { proofs: [proof], judge: lie });
    expect(claimIn(block)).toBeUndefined();
  });

  test("whatever run is told of an intent that is true, evaluation does not confirm it", () => {
    const sources = standardIntents().filter(({ privileged }) => !privileged);
    const magnitudes = fc.oneof(
      fc.bigInt({ min: 0n, max: 3n }),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    );
    // As many values as the intent has, with a few more or fewer of them now and then.
    const drawn = {
      obligation: fc.nat({ max: 12 }),
      values: fc.array(magnitudes, { minLength: 60, maxLength: 60 }),
      extra: fc.constantFrom([0, 0], [0, 0], [0, 0], [1, 0], [0, 1], [-1, 1]),
    };
    fc.assert(
      fc.property(fc.constantFrom(...sources), fc.record(drawn), ({ source }, run) => {
        const { given, observed } = observedIn(source);
        const { obligation, values, extra } = run;
        const [more = 0, further = 0] = extra;
        const end = given + more;
        const told = EncodedCounterexample.encode({
          intent: 0,
          obligation,
          arguments: values.slice(0, end).map(integerOf),
          state: values.slice(end, observed + more + further),
        });
        expect(refutes(utf8(source), told)).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  test("that the guards of a true intent can hold convicts nobody", () => {
    const source = standardIntents().find(({ name }) => name === "transfer")?.source ?? "";
    const compiled = compileSource(source);
    const [intent] = compiled.ok ? compiled.intents : [];
    const kinds = intent === undefined ? [] : obligationsOf(intent).map(({ kind }) => kind);
    expect(kinds).toContain("satisfiable");
    kinds.forEach((_, obligation) => {
      const told = EncodedCounterexample.encode({
        intent: 0,
        obligation,
        arguments: [1n, 2n, 1n].map(integerOf),
        state: [5n, 5n],
      });
      expect(refutes(utf8(source), told)).toBe(false);
    });
  });

  test("a run has exactly the values that the intent observes", () => {
    const source = claim.body.type === "publish" ? claim.body.source : new Uint8Array(0);
    const run = EncodedCounterexample.decode(found.counterexample);
    const isRefuted = (other: Partial<EncodedCounterexample>): boolean =>
      refutes(source, EncodedCounterexample.encode({ ...run, ...other }));
    expect(isRefuted({})).toBe(true);
    expect(isRefuted({ state: run.state.slice(1) })).toBe(false);
    expect(isRefuted({ state: [...run.state, 0n] })).toBe(false);
    // As many in all, but the last argument among the amounts.
    const moved = run.arguments.slice(0, -1);
    expect(isRefuted({ arguments: moved, state: [1n, ...run.state] })).toBe(false);
  });

  test("P30: a bit flipped in the run is another run: it convicts only if that refutes too", () => {
    const source = claim.body.type === "publish" ? claim.body.source : new Uint8Array(0);
    fc.assert(
      fc.property(fc.nat({ max: found.counterexample.length * 8 - 1 }), (bit) => {
        const flipped = found.counterexample.slice();
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const expected = refutes(source, flipped) ? "none" : "not-refuted";
        const other = accuse(first, { ...found, counterexample: flipped });
        expect(refusalOf(world, base, other)).toBe(expected);
      }),
      { numRuns: 100 },
    );
  });

  test("the treasury gets exactly what the stake loses", () => {
    const { state } = step(world, base, { evidence: [good] });
    expect(accountOf(state, TREASURY).balance - accountOf(base, TREASURY).balance).toBe(2_000_000n);
    expect(totalHeld(state.tree.entries())).toBe(ledgerHeader(state.header).supplyAfter);
  });
});
