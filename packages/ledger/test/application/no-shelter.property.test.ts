import {
  annexRoot,
  type Block,
  type BlockHeader,
  blockDigest,
  claimedEntries,
  type Evidence,
  FalseClaim,
  findFalseClaimDefect,
  type Item,
  itemOf,
  JudgedResult,
  type Proof,
  payloadRoot,
  proofItem,
  proveListItem,
  type Resource,
  signableVote,
  toDifficulty,
  toResource,
  toTimestamp,
  toView,
  type Verdict,
  WIRE_VERSION,
  ZERO_DIGEST,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rememberingCheck } from "../../src/admission/proof-memory.ts";
import { searchFalseClaim, searchResourceMax } from "../../src/application/search-false-claim.ts";
import type { Judgement, JudgePort } from "../../src/index.ts";
import { refusalOf } from "../fixtures/evidence.ts";
import { tableJudgement } from "../fixtures/judgements.ts";
import { falsehood } from "../fixtures/misdeeds.ts";
import {
  build,
  createWorld,
  PARAMETERS,
  type Person,
  person,
  publish,
  step,
  theorem,
  transfer,
} from "../fixtures/world.ts";

const world = createWorld();
const base = step(world, world.state).state;
const [voter] = world.validators as [Person];

/** Resource that the Judge needs to refute a source, to prove it, or to find it too hard. */
const NEEDED = 5_000;

const falsehoods = ["mint", "forge", "coin"].map(falsehood);
const refuted = new Map(falsehoods.map(({ source, truth }) => [source, truth]));
const TRUE_SOURCE =
  "intent keep(signer me: Account) { guard { true; } effect { } verify { true; } }";
const HARD_SOURCE = `${TRUE_SOURCE} // ; unknown`;
const BROKEN_SOURCE = "no intent at all ; rejected";

/** Questions to a Judge, and its answers as the table has them. */
function createJudge() {
  const asked: { readonly source: string; readonly limit: Resource; readonly used: number }[] = [];
  let [running, most] = [0, 0];
  const judge: JudgePort = {
    check: async (payload, { resourceLimit: limit }) => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      const source = payload.type === "publish" ? new TextDecoder().decode(payload.source) : "";
      const said = answerTo(source, limit);
      asked.push({ source, limit, used: said.type === "judged" ? said.resource : 0 });
      return said;
    },
  };
  return { judge, asked, most: () => most };
}

function answerTo(source: string, limit: Resource): Judgement {
  const body = { ...publishOf(source, limit).body } as Extract<Proof["body"], { type: "publish" }>;
  const said = refuted.get(source) ?? tableJudgement(body);
  if (said?.type !== "judged") return said ?? { type: "abstained", reason: "no question" };
  if (said.resource <= limit && said.verdict !== "unknown") return said;
  return { ...said, verdict: "unknown", resource: limit };
}

function publishOf(source: string, resourceLimit: number): Proof {
  return publish(world, world.alice, source, { nonce: 0, feeLimit: 5_000_000n, resourceLimit });
}

/** Item of a block, with its entry in the annex. */
interface Place {
  readonly item: Item;
  /** Verdict that the annex gives; undefined if it leaves the item out. */
  readonly said: Verdict | undefined;
  readonly isFalse: boolean;
}

const limits = fc.constantFrom(
  1,
  NEEDED - 1,
  NEEDED,
  2_000_000,
  Number(PARAMETERS.proofResourceMax),
);
const said = fc.constantFrom<Verdict | undefined>("valid", "refuted", "unknown", undefined);
const sources = fc.oneof(
  fc.constantFrom(...falsehoods.map(({ source }) => source)),
  fc.constantFrom(TRUE_SOURCE, HARD_SOURCE, BROKEN_SOURCE),
);
const publications = fc.record({ source: sources, limit: limits, said }).map((drawn): Place => {
  const proof = publishOf(drawn.source, drawn.limit);
  return { item: proofItem(proof), said: drawn.said, isFalse: refuted.has(drawn.source) };
});
const others = fc.constantFrom<Place>(
  { item: itemOf(Uint8Array.of(7)), said: undefined, isFalse: false },
  { item: itemOf(new Uint8Array(0)), said: "valid", isFalse: false },
  {
    item: proofItem(theorem(world, world.bob, "; refuted", { nonce: 0 })),
    said: "valid",
    isFalse: false,
  },
  {
    item: proofItem(transfer(world, world.bob, world.alice.id, { nonce: 9, amount: 5n })),
    said: undefined,
    isFalse: false,
  },
  {
    // Its signature is of nothing.
    item: proofItem({ ...publishOf(TRUE_SOURCE, NEEDED), signatures: [] }),
    said: "valid",
    isFalse: false,
  },
);

/** Changes by which a header is wrong although it has the roots of items and annex. */
const headerDefects = fc.constantFrom<Partial<BlockHeader>>(
  {},
  { parent: ZERO_DIGEST },
  { validators: ZERO_DIGEST },
  { leadership: ZERO_DIGEST },
  { timestamp: toTimestamp(0) },
  { timestamp: toTimestamp(2 ** 51) },
  { parentCertificateRoot: ZERO_DIGEST },
  { evidenceRoot: annexRoot([Uint8Array.of(1)]) },
  { application: new Uint8Array(0) },
  { proposer: world.alice.id },
);

/** Wrong orders and wrong bytes of an annex. */
const annexDefects = fc.constantFrom<(annex: readonly Uint8Array[]) => readonly Uint8Array[]>(
  (annex) => annex,
  (annex) => annex.toReversed(),
  (annex) => [...annex, Uint8Array.of(9)],
  (annex) => annex.toSpliced(1, 0, new Uint8Array(256)),
  (annex) => [...annex, ...annex],
);

function entryOf(at: number, verdict: Verdict): Uint8Array {
  const rest = { difficulty: toDifficulty(1), resource: toResource(1), errorCode: 0 };
  return JudgedResult.encode({ at, verdict, trust: "none", outcome: "applied", ...rest });
}

function blockOf(
  places: readonly Place[],
  change: Partial<BlockHeader>,
  spoil: (annex: readonly Uint8Array[]) => readonly Uint8Array[],
): Block {
  const items = places.map(({ item }) => item);
  const honest = places.flatMap(({ said: verdict }, at) =>
    verdict === undefined ? [] : [entryOf(at, verdict)],
  );
  const annex = spoil(honest);
  const roots = { payloadRoot: payloadRoot(items), annexRoot: annexRoot(annex) };
  const header = { ...build(world, base).header, ...roots, ...change };
  const body = { items, annex, evidence: [], parentCertificate: undefined };
  return { version: WIRE_VERSION, header, ...body };
}

function accuse({ header }: Block, claim: Uint8Array): Evidence {
  const vote = { sequence: header.sequence, view: toView(0), digest: blockDigest(header) };
  const signature = voter.signer.sign(signableVote("prepare", world.chain, vote));
  const accused = { validator: voter.id, key: voter.signer.publicKey };
  const about = { phase: "prepare" as const, view: vote.view, header, signature };
  return { type: "false-header", ...accused, ...about, claim };
}

/** Whether some refuted source is not called refuted or unknown, in an annex that can be read. */
function hasLie(places: readonly Place[], annex: readonly Uint8Array[]): boolean {
  const read = annex.map((entry) => {
    try {
      return JudgedResult.decode(entry);
    } catch {
      return undefined;
    }
  });
  return places.some(({ isFalse }, at) => {
    const about = read.filter((entry) => entry?.at === at);
    const isSaid = about.length > 0 && about.every((entry) => entry?.verdict !== "valid");
    return isFalse && (!isSaid || read.includes(undefined));
  });
}

const checkProof = rememberingCheck(world.chain);
const { signal } = new AbortController();

/** The state, in which a block has room for this much of the Judge's work, and a proof for so much. */
const roomFor = (
  blockResourceMax: number,
  proofResourceMax: number = PARAMETERS.proofResourceMax,
) => {
  const most = [toResource(blockResourceMax), toResource(proofResourceMax)] as const;
  const parameters = { ...base.parameters, blockResourceMax: most[0], proofResourceMax: most[1] };
  return { tree: base.tree, parameters };
};
/** Room for any block here: the bound has tests of its own. */
const roomy = { checkProof, state: roomFor(2 ** 50), signal };

describe("P5 P16: who votes for a refuted intent", () => {
  test("is convicted wherever the lie stands, and whatever else is wrong with the block", async () => {
    let lies = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 2, arbitrary: publications }, others), { maxLength: 6 }),
        headerDefects,
        annexDefects,
        async (places, change, spoil) => {
          const block = blockOf(places, change, spoil);
          const { judge, most } = createJudge();
          const claim = await searchFalseClaim(block, { ...roomy, judge });
          expect(claim !== undefined).toBe(hasLie(places, block.annex));
          expect(most()).toBeLessThanOrEqual(1);
          if (claim === undefined) return;
          lies += 1;
          expect(refusalOf(world, base, accuse(block, claim))).toBe("none");
        },
      ),
      // The draws are counted: the seed is fixed.
      { numRuns: 250, seed: 1 },
    );
    expect(lies).toBeGreaterThan(50);
  });

  test("an honest block convicts nobody: no search finds a claim, and no claim about it holds", async () => {
    const proofs = [
      ...falsehoods.map(({ source }, at) => publish(world, world.alice, source, paid(at))),
      publish(world, world.alice, TRUE_SOURCE, paid(falsehoods.length)),
      theorem(world, world.bob, "; refuted", { nonce: 0 }),
      transfer(world, world.bob, world.alice.id, { nonce: 1, amount: 5n }),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(proofs),
        fc.array(fc.nat({ max: 5 }), { maxLength: 2 }),
        async (some, shown) => {
          const kept = renumbered(some);
          const judged = ({ body }: Pick<Proof, "body">): Judgement | undefined =>
            body.type === "publish"
              ? answerTo(new TextDecoder().decode(body.source), body.resourceLimit)
              : tableJudgement(body);
          const judge = (body: Proof["body"]) => judged({ body });
          const block = build(world, base, { proofs: kept, judge });
          const search = { ...roomy, judge: createJudge().judge };
          expect(await searchFalseClaim(block, search)).toBeUndefined();

          const bytes = block.items.map((item) => item.bytes);
          for (const [at, proof] of kept.entries()) {
            if (judged(proof)?.type !== "judged" || proof.body.type !== "publish") continue;
            if (!refuted.has(new TextDecoder().decode(proof.body.source))) continue;
            const entries = claimedEntries(block.annex, shown);
            const proofPath = proveListItem(bytes, at);
            const claim = { proof, proofPath, entries, counterexample: new Uint8Array() };
            expect(findFalseClaimDefect(block.header, claim)).toBeDefined();
            const evidence = accuse(block, FalseClaim.encode(claim));
            expect(refusalOf(world, base, evidence)).toBe("not-proven");
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

const paid = (nonce: number) => ({ nonce, feeLimit: 5_000_000n, resourceLimit: 2_000_000 });

/** The same proofs, with the nonces that their authors have in a block of these alone. */
function renumbered(proofs: readonly Proof[]): readonly Proof[] {
  let [alice, bob] = [0, 0];
  return proofs.map((proof) => {
    const { body } = proof;
    switch (body.type) {
      case "publish":
        return publish(world, world.alice, new TextDecoder().decode(body.source), paid(alice++));
      case "theorem":
        return theorem(world, world.bob, "; refuted", { nonce: bob++ });
      case "invoke":
        return transfer(world, world.bob, world.alice.id, { nonce: bob++, amount: 5n });
    }
  });
}

describe("the work of a search", () => {
  const lieAt = (source: string, verdict: Verdict | undefined = "valid"): Place => {
    const item = proofItem(publishOf(source, 1));
    return { item, said: verdict, isFalse: refuted.has(source) };
  };
  const search = async (places: readonly Place[], state: ReturnType<typeof roomFor>) => {
    const { judge, asked } = createJudge();
    const block = blockOf(places, {}, (annex) => annex);
    const claim = await searchFalseClaim(block, { judge, checkProof, state, signal });
    return { claim, asked };
  };
  const [{ source: falseSource }] = falsehoods as [(typeof falsehoods)[number]];

  test("is about the sources alone that the annex calls valid or leaves out", async () => {
    const honest = [lieAt(TRUE_SOURCE, "unknown"), lieAt(falseSource, "refuted")];
    const { claim, asked } = await search([...honest, lieAt(TRUE_SOURCE)], roomy.state);
    expect(claim).toBeUndefined();
    expect(asked.map((question) => question.source)).toEqual([TRUE_SOURCE]);
  });

  test("is never for a source that nobody signed, or that its author cannot pay for", async () => {
    const spoilt: readonly ((proof: Proof) => Proof)[] = [
      (proof) => ({ ...proof, signatures: [] }),
      (proof) => ({
        ...proof,
        signatures: [new Uint8Array(64) as (typeof proof.signatures)[number]],
      }),
      ({ body }) => publish(world, person("nobody"), sourceOf(body), paid(0)),
      ({ body }) => publish(world, world.alice, sourceOf(body), { ...paid(0), feeLimit: 1n }),
      ({ body }) =>
        publish(world, world.alice, sourceOf(body), { ...paid(0), feeLimit: 10n ** 15n }),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(sources, fc.option(fc.nat(spoilt.length - 1), { nil: undefined })), {
          maxLength: 6,
        }),
        async (drawn) => {
          const places = drawn.map(([source, how]): Place => {
            const proof = publishOf(source, 2_000_000);
            const change = how === undefined ? undefined : spoilt[how];
            return { item: proofItem(change?.(proof) ?? proof), said: "valid", isFalse: false };
          });
          const sound = drawn.filter(([, how]) => how === undefined).map(([source]) => source);
          const { claim, asked } = await search(places, roomy.state);
          expect(claim !== undefined).toBe(sound.some((source) => refuted.has(source)));
          for (const { source } of asked) expect(sound).toContain(source);
          if (claim === undefined)
            expect(new Set(asked.map((one) => one.source))).toEqual(new Set(sound));
        },
      ),
      { numRuns: 100 },
    );
  });

  test("stays within an eighth of a block's, and finds each lie that its part suffices for", async () => {
    let [found, hidden] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(TRUE_SOURCE, HARD_SOURCE, BROKEN_SOURCE), { maxLength: 12 }),
        fc.integer({ min: 8, max: 400 * NEEDED }),
        fc.integer({ min: 1, max: 20 * NEEDED }),
        fc.nat(),
        async (beside, block, proof, at) => {
          const state = roomFor(Math.max(block, proof), proof);
          const places = beside.map((text) => lieAt(text));
          const all = places.toSpliced(at % (places.length + 1), 0, lieAt(falseSource));
          const { claim, asked } = await search(all, state);
          const most = Math.max(Math.floor(Math.max(block, proof) / 8), proof);
          expect(searchResourceMax(state.parameters)).toBe(most);
          expect(asked.reduce((sum, question) => sum + question.used, 0)).toBeLessThanOrEqual(most);
          for (const { limit } of asked) expect(limit).toBeLessThanOrEqual(proof);
          const part = all.length === 1 ? most : Math.floor(most / (2 * all.length));
          if (proof >= NEEDED && part >= NEEDED) {
            expect(claim).toBeDefined();
            found += 1;
          }
          if (claim === undefined) hidden += 1;
        },
      ),
      // The draws are counted: the seed is fixed.
      { numRuns: 200, seed: 1 },
    );
    expect(Math.min(found, hidden)).toBeGreaterThan(20);
  });
});

function sourceOf(body: Proof["body"]): string {
  return body.type === "publish" ? new TextDecoder().decode(body.source) : "";
}
