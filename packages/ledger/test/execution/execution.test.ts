import {
  annexRoot,
  itemOf,
  JudgedResult,
  ledgerHeader,
  Proof,
  payloadRoot,
  sha256,
  toAmount,
  toDigest,
  toSequence,
  type VerificationResult,
  withLedgerHeader,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import {
  detailText,
  executeBlock,
  IntentRecord,
  KEY_KIND,
  leastFeeLimit,
  RESULT_CODES,
  stateKey,
  supplyOf,
  TheoremRecord,
  TREASURY,
  totalHeld,
  totalSupply,
} from "../../src/index.ts";
import { judgedAs, tableJudgement } from "../fixtures/judgements.ts";
import {
  accountArgument,
  accountOf,
  build,
  createWorld,
  invoke,
  publish,
  step,
  theorem,
  transfer,
  utf8,
} from "../fixtures/world.ts";

const world = createWorld();
const { alice, bob } = world;

describe("what a proof does", () => {
  test("a transfer moves the amount, uses the nonce and charges a part of the fee limit", () => {
    const proof = transfer(world, alice, bob.id, { nonce: 0, amount: 1_000n });

    const { state, results, receipts } = step(world, world.state, { proofs: [proof] });

    expect(results[0]).toMatchObject({ outcome: "applied", errorCode: RESULT_CODES.none });
    const fee = receipts[0]?.fee ?? 0n;
    expect(fee).toBeGreaterThan(0n);
    expect(fee).toBeLessThan(proof.body.feeLimit);
    expect(accountOf(state, alice.id)).toEqual({ balance: 999_999_000n - fee, nonce: 1 });
    expect(accountOf(state, bob.id).balance).toBe(500_001_000n);
  });

  test("a fee is burned by its stated part and the rest is the treasury's", () => {
    const proof = transfer(world, alice, bob.id, { nonce: 0, amount: 1n });

    const { state, receipts, transition } = step(world, world.state, { proofs: [proof] });

    const { fee = 0n, burned = 0n } = receipts[0] ?? {};
    expect(burned).toBe(fee / 2n);
    expect(transition.burned).toBe(burned);
    expect(accountOf(state, TREASURY).balance).toBe(fee - burned);
    expect(totalHeld(state.tree.entries())).toBe(totalSupply(supplyOf(state.tree)));
  });

  test("a valid theorem is recorded; a second time it is `recorded` and mints nothing", () => {
    const first = step(world, world.state, {
      proofs: [theorem(world, alice, "; valid", { nonce: 0 })],
    });
    const again = step(world, first.state, {
      proofs: [theorem(world, bob, "; valid", { nonce: 0 })],
    });
    const after = step(world, again.state);

    expect(first.results[0]?.outcome).toBe("applied");
    expect(ledgerHeader(first.state.header).totalDifficulty).toBe(10_000);
    expect(again.results[0]).toMatchObject({
      verdict: "valid",
      outcome: "recorded",
      errorCode: RESULT_CODES.recorded,
    });
    expect(ledgerHeader(again.state.header).totalDifficulty).toBe(0);
    expect(after.transition.minted).toBe(0n);
    const record = first.state.tree.get(stateKey.theorem(sha256(utf8("; valid"))));
    expect(record && TheoremRecord.decode(record)).toMatchObject({ sequence: 1, author: alice.id });
  });

  test("a published intent can be invoked from the next block on, by the digest of its text", () => {
    const source = `
      intent tip(signer from: Account, to: Account) {
        guard { from.balance >= 5; }
        effect { from.balance -= 5; to.balance += 5; }
        verify { from == to => from.balance == old(from.balance); }
      }`;
    const [tip] = world.tools.programs.compile(utf8(source), "published");
    const published = step(world, world.state, {
      proofs: [publish(world, alice, source, { nonce: 0 })],
    });
    const called = step(world, published.state, {
      proofs: [
        invoke(world, bob, {
          nonce: 0,
          intent: tip?.digest ?? "",
          arguments: [accountArgument(bob.id), accountArgument(alice.id)],
        }),
      ],
    });

    expect(published.results[0]?.outcome).toBe("applied");
    expect(called.results[0]?.outcome).toBe("applied");
    const record = published.state.tree.get(stateKey.intent(tip?.digest ?? toDigest(utf8(""))));
    expect(record && IntentRecord.decode(record)).toMatchObject({
      origin: "published",
      author: alice.id,
      judgeVersion: 1,
    });
  });

  test("the fee limit is out of reach of the effects, so the fee can always be paid", () => {
    const feeLimit = 100_000n;
    const all = accountOf(world.state, alice.id).balance;
    const tooMuch = transfer(world, alice, bob.id, { nonce: 0, amount: all - feeLimit + 1n });
    const most = transfer(world, alice, bob.id, { nonce: 0, amount: all - feeLimit });

    expect(step(world, world.state, { proofs: [tooMuch] }).results[0]?.outcome).toBe("guard-false");
    expect(step(world, world.state, { proofs: [most] }).results[0]?.outcome).toBe("applied");
  });
});

describe("intents that cannot be stored", () => {
  test("a source whose canonical text is beyond the language's limits is paid for, not recorded", () => {
    // One letter in the source, 77 digits in the canonical text, which has no constants.
    const sum = Array.from({ length: 60 }, () => "A").join("+");
    const clauses = Array.from({ length: 16 }, () => `a.balance<${sum};`).join("");
    const source = `const A=${"9".repeat(77)};intent wide(signer a:Account){guard{${clauses}}effect{a.balance+=0;}verify{true;}}`;
    expect(source.length).toBeLessThan(65_536);
    const [wide] = world.tools.programs.compile(utf8(source), "published");
    expect(utf8(wide?.canonical ?? "").length).toBeGreaterThan(65_536);
    const proof = publish(world, alice, source, { nonce: 0, feeLimit: 1_000_000n });

    const { results, transition } = step(world, world.state, { proofs: [proof] });

    expect(results[0]).toMatchObject({
      outcome: "forbidden",
      errorCode: RESULT_CODES["not-storable"],
    });
    expect(transition.changes.some(({ key }) => key[0] === KEY_KIND.intent)).toBe(false);
  });
});

describe("P5: failed work changes nothing but nonce and fee", () => {
  const cases = [
    ["guard-false", transfer(world, alice, bob.id, { nonce: 0, amount: 2_000_000_000n }), 1],
    ["refuted", theorem(world, alice, "; refuted", { nonce: 0 }), 2],
    ["unknown", theorem(world, alice, "; unknown", { nonce: 0 }), 3],
    ["refuted", publish(world, alice, "; refuted", { nonce: 0 }), 2],
  ] as const;

  test.each(cases)("P5: %s", (outcome, proof, code) => {
    const { state, results, transition, receipts } = step(world, world.state, { proofs: [proof] });

    expect(results[0]).toMatchObject({ outcome, errorCode: code });
    expect(ledgerHeader(state.header).totalDifficulty).toBe(0);
    const { fee = 0n } = receipts[0] ?? {};
    expect(accountOf(state, alice.id)).toEqual({ balance: 1_000_000_000n - fee, nonce: 1 });
    const touched = transition.changes.map(({ key }) => Buffer.from(key).toString("hex"));
    const allowed = [
      stateKey.account(alice.id),
      stateKey.account(TREASURY),
      stateKey.supply,
      stateKey.clock,
    ];
    expect(touched).toEqual(allowed.map((key) => Buffer.from(key).toString("hex")).toSorted());
  });

  test("P5: `unknown` pays for the whole resource limit, and the rest of the fee limit comes back", () => {
    const proof = theorem(world, alice, "; unknown", { nonce: 0, resourceLimit: 5_000_000 });
    const { receipts } = step(world, world.state, { proofs: [proof] });

    const { body, signatures } = proof;
    const bytes = Proof.encode({ body, signatures }).length;
    const whole = leastFeeLimit({ body, bytes }, world.genesis.parameters);
    expect(receipts[0]?.fee).toBe(whole);
    expect(whole).toBeGreaterThan(5_000n);
    expect(receipts[0]?.resource).toBe(proof.body.resourceLimit);
  });

  test("P5: a guard that is false says which one", () => {
    const proof = transfer(world, alice, bob.id, { nonce: 0, amount: 0n });
    const { receipts } = step(world, world.state, { proofs: [proof] });

    expect(receipts[0] && detailText(receipts[0])).toBe("the guard is false: amount > 0");
  });

  test("an invoke that needs more units than its limit pays for all of it and does nothing", () => {
    const call = { nonce: 0, amount: 1n, resourceLimit: 3 };
    const proof = transfer(world, alice, bob.id, call);
    const { state, results, receipts } = step(world, world.state, { proofs: [proof] });

    expect(results[0]).toMatchObject({
      outcome: "unknown",
      errorCode: RESULT_CODES["execution-limit"],
    });
    expect(receipts[0]?.resource).toBe(3);
    expect(receipts[0]?.fee).toBeGreaterThan(0n);
    expect(accountOf(state, bob.id).balance).toBe(500_000_000n);
  });

  test("a valid theorem whose fee limit burns too little for its difficulty is not recorded", () => {
    const script = "; valid 1000000";
    const poor = theorem(world, alice, script, { nonce: 0, feeLimit: 100_000n });
    const rich = theorem(world, alice, script, { nonce: 0, feeLimit: 1_000_000n });

    const refused = step(world, world.state, { proofs: [poor] });
    const taken = step(world, world.state, { proofs: [rich] });

    expect(refused.results[0]).toMatchObject({
      outcome: "forbidden",
      errorCode: RESULT_CODES["burn-floor"],
    });
    expect(ledgerHeader(refused.state.header).totalDifficulty).toBe(0);
    expect(taken.results[0]?.outcome).toBe("applied");
    // 40 % of the 1,000,000 micro-tokens that the difficulty mints, and 2 for the roundings.
    expect(taken.receipts[0]?.burned).toBeGreaterThanOrEqual(400_002n);
  });
});

describe("what the ledger checks although the Judge has proved it", () => {
  // The Judge refuses all of these (see judge.test.ts); here a table lets them pass.
  const fake = (body: string): string => `
    intent bad(from: Account, signer to: Account) {
      guard { from != to; from.balance >= 5; }
      effect { ${body} }
      verify { true; }
    }`;
  const run = (source: string): { code: number | undefined; moved: boolean } => {
    const [bad] = world.tools.programs.compile(utf8(source), "published");
    const published = step(world, world.state, {
      proofs: [publish(world, alice, source, { nonce: 0 })],
    });
    const { results, state } = step(world, published.state, {
      proofs: [
        invoke(world, alice, {
          nonce: 1,
          intent: bad?.digest ?? "",
          arguments: [accountArgument(bob.id), accountArgument(alice.id)],
        }),
      ],
    });
    const code = results[0]?.errorCode;
    return { code, moved: accountOf(state, bob.id).balance !== 500_000_000n };
  };

  test("authority: `steal` is forbidden at execution too", () => {
    const steal = fake("from.balance -= 5; to.balance += 5;");
    expect(run(steal)).toEqual({ code: RESULT_CODES.authority, moved: false });
  });

  test("conservation: money neither appears nor vanishes", () => {
    const mint = fake("to.balance += 5;");
    const burn = fake("to.balance -= 5;");
    expect(run(mint)).toEqual({ code: RESULT_CODES.conservation, moved: false });
    expect(run(burn)).toEqual({ code: RESULT_CODES.conservation, moved: false });
  });

  test("range: a store outside 0 .. 2^64-1 stops the program", () => {
    const overflow = fake(
      "to.balance += 18446744073709551615; to.balance -= 5; from.balance += 5;",
    );
    expect(run(overflow)).toEqual({ code: RESULT_CODES.fault, moved: false });
  });
});

describe("what makes a block invalid", () => {
  const proof = transfer(world, alice, bob.id, { nonce: 0, amount: 1_000n });
  const block = build(world, world.state, { proofs: [proof] });
  const judgements = [undefined];
  const own = ledgerHeader(block.header);

  test.each([
    ["stateRootAfter", { stateRootAfter: own.stateRootBefore }],
    ["callResultsRoot", { callResultsRoot: block.header.payloadRoot }],
    ["supplyAfter", { supplyAfter: toAmount(own.supplyBefore + 1n) }],
    ["totalDifficulty", { totalDifficulty: judgedAs("valid", 77).difficulty }],
    ["judgeVersion", { judgeVersion: 2 }],
  ] as const)("a wrong %s in the ledger's part of the header", (field, change) => {
    const forged = { ...block, header: withLedgerHeader(block.header, change) };
    const outcome = executeBlock(world.state, forged, judgements, world.tools);
    expect(outcome).toMatchObject({ type: "invalid", defect: { code: "header", field } });
  });

  test("a part of the header that is no ledger's", () => {
    const header = { ...block.header, application: Uint8Array.of(1, 2, 3) };
    const outcome = executeBlock(world.state, { ...block, header }, judgements, world.tools);
    const defect = { code: "header", field: "application" };
    expect(outcome).toMatchObject({ type: "invalid", defect });
  });

  test("an item that is no proof, by its place", () => {
    const items = [...block.items, itemOf(Uint8Array.of(7))];
    const header = { ...block.header, payloadRoot: payloadRoot(items) };
    const outcome = executeBlock(world.state, { ...block, header, items }, judgements, world.tools);
    expect(outcome).toMatchObject({ type: "invalid", defect: { code: "item", at: 1 } });
  });

  test("an annex that says something else, or more", () => {
    const said = step(world, world.state, { proofs: [proof] }).results[0] as VerificationResult;
    const annex = [JudgedResult.encode({ at: 0, ...said })];
    const header = { ...block.header, annexRoot: annexRoot(annex) };
    const outcome = executeBlock(world.state, { ...block, header, annex }, judgements, world.tools);
    const defect = { code: "header", field: "annexRoot" };
    expect(outcome).toMatchObject({ type: "invalid", defect });
  });

  test.each([["nextValidators", { nextValidators: block.header.parent }]] as const)(
    "a wrong %s in the header",
    (field, change) => {
      const forged = { ...block, header: { ...block.header, ...change } };
      const outcome = executeBlock(world.state, forged, judgements, world.tools);
      expect(outcome).toMatchObject({ type: "invalid", defect: { code: "header", field } });
    },
  );

  test("a body that is not the header's", () => {
    const forged = { ...block, items: [] };
    const outcome = executeBlock(world.state, forged, [], world.tools);
    expect(outcome).toMatchObject({ type: "invalid", defect: { code: "body" } });
  });

  test("another sequence, parent, chain or proposer, or a timestamp too early", () => {
    const codeOf = (change: object): string => {
      const forged = { ...block, header: { ...block.header, ...change } };
      const outcome = executeBlock(world.state, forged, judgements, world.tools);
      return outcome.type === "invalid" ? outcome.defect.code : "executed";
    };
    const other = toDigest(new Uint8Array(32).fill(9));
    expect(codeOf({ sequence: toSequence(2) })).toBe("sequence");
    expect(codeOf({ parent: other })).toBe("parent");
    expect(codeOf({ chain: other })).toBe("chain");
    expect(codeOf({ proposer: alice.id })).toBe("proposer");
    expect(codeOf({ timestamp: world.state.header.timestamp })).toBe("timestamp");
    expect(codeOf({})).toBe("executed");
  });

  test("a proof that needs a judgement and has none, or that was rejected in screening", () => {
    const claim = theorem(world, alice, "; valid", { nonce: 0 });
    const claimed = build(world, world.state, { proofs: [claim] });
    const rejected = tableJudgement(theorem(world, alice, "; rejected", { nonce: 0 }).body);

    for (const [judgement, code] of [
      [undefined, "unjudged"],
      [{ type: "abstained", reason: "watchdog" } as const, "unjudged"],
      [rejected, "rejected"],
    ] as const) {
      const outcome = executeBlock(world.state, claimed, [judgement], world.tools);
      expect(outcome).toMatchObject({ type: "invalid", defect: { refusal: { code } } });
    }
    const told = executeBlock(world.state, claimed, [rejected], world.tools);
    expect(told).toMatchObject({ defect: { refusal: { message: "syntax: not a script" } } });
  });

  test("a result that the leader claims and the Judge does not give", () => {
    const claim = theorem(world, alice, "; refuted", { nonce: 0 });
    const lie = build(world, world.state, { proofs: [claim], judge: () => judgedAs("valid") });

    const honest = executeBlock(world.state, lie, [tableJudgement(claim.body)], world.tools);

    expect(honest).toMatchObject({ type: "invalid", defect: { code: "header" } });
  });

  test("executing twice gives the same, and the state before stays as it was", () => {
    const root = world.state.tree.root;
    const [first, second] = [1, 2].map(() => {
      const outcome = executeBlock(world.state, block, judgements, world.tools);
      if (outcome.type === "invalid") throw new Error(outcome.reason);
      const { state, ...rest } = outcome;
      return { ...rest, digest: state.digest, root: state.tree.root };
    });

    expect(second).toEqual(first);
    expect(world.state.tree.root).toEqual(root);
  });
});
