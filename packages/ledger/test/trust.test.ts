import { ledgerHeader, type Proof, sha256, type Trust, withLedgerHeader } from "@aethel/models";
import { CERTIFICATE_BYTES_MAX, encodeCertificate } from "@aethel/verifier/certificate";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  executeBlock,
  type Judged,
  type LedgerState,
  RESULT_CODES,
  stateKey,
  TheoremRecord,
} from "../src/index.ts";
import {
  judgedAs,
  judgedBySolver,
  judgedUncertified,
  tableJudgement,
} from "./fixtures/judgements.ts";
import { build, createWorld, publish, step, theorem, utf8 } from "./fixtures/world.ts";

const world = createWorld();
const minting = createWorld({ parameters: { solverTheoremsMint: true } });
const { alice, bob } = world;

const TIP = `intent tip(signer from: Account, to: Account) {
  guard { from.balance >= 5; }
  effect { from.balance -= 5; to.balance += 5; }
  verify { from == to => from.balance == old(from.balance); }
}
`;
function theoremIn(state: LedgerState, script: string): TheoremRecord | undefined {
  const bytes = state.tree.get(stateKey.theorem(sha256(utf8(script))));
  return bytes === undefined ? undefined : TheoremRecord.decode(bytes);
}

/** Executes a block with one theorem, then an empty one that pays for it. */
function oneTheorem(of: typeof world, script: string, feeLimit = 100_000n) {
  const proof = theorem(of, of.alice, script, { nonce: 0, feeLimit });
  const first = step(of, of.state, { proofs: [proof] });
  return { first, after: step(of, first.state) };
}

describe("a theorem that only the solver vouches for", () => {
  test("is recorded with that trust, counts for nothing and mints nothing", () => {
    const { first, after } = oneTheorem(world, "; solver");

    expect(first.results[0]).toMatchObject({
      verdict: "valid",
      trust: "solver",
      outcome: "applied",
      difficulty: 10_000,
      errorCode: RESULT_CODES.none,
    });
    expect(first.receipts[0]?.trust).toBe("solver");
    expect(ledgerHeader(first.state.header).totalDifficulty).toBe(0);
    expect(after.transition.minted).toBe(0n);
    expect(theoremIn(first.state, "; solver")).toMatchObject({
      trust: "solver",
      certification: undefined,
      difficulty: 10_000,
    });
  });

  test("has no burn floor: what a certified one has to burn it need not", () => {
    const poor = 99_000n;
    const certified = oneTheorem(world, "; valid 1000000", poor).first;
    const bySolver = oneTheorem(world, "; solver 1000000", poor).first;

    expect(certified.results[0]?.errorCode).toBe(RESULT_CODES["burn-floor"]);
    expect(bySolver.results[0]?.errorCode).toBe(RESULT_CODES.none);
    expect(bySolver.receipts[0]?.fee).toBeLessThan(poor);
  });

  test("is recorded once, whoever vouches for it the second time", () => {
    const { first } = oneTheorem(world, "; solver");
    const again = theorem(world, bob, "; solver", { nonce: 0 });
    const { results, state } = step(world, first.state, {
      proofs: [again],
      judge: () => judgedAs("valid"),
    });

    expect(results[0]).toMatchObject({ outcome: "recorded", trust: "certified" });
    expect(ledgerHeader(state.header).totalDifficulty).toBe(0);
    expect(theoremIn(state, "; solver")?.trust).toBe("solver");
  });

  test("counts, mints and burns like any other where the chain says so", () => {
    const { first, after } = oneTheorem(minting, "; solver");
    const poor = oneTheorem(minting, "; solver 1000000", 99_000n).first;

    expect(ledgerHeader(first.state.header).totalDifficulty).toBe(10_000);
    expect(after.transition.minted).toBeGreaterThan(0n);
    expect(theoremIn(first.state, "; solver")?.trust).toBe("solver");
    expect(poor.results[0]?.errorCode).toBe(RESULT_CODES["burn-floor"]);
  });

  test("a Judge that says nothing of trust vouches for no more than its solver", () => {
    const { trust: _, ...silent } = judgedAs("valid");
    const { certificate: __, ...empty } = judgedAs("valid");
    const large = { ...judgedAs("valid"), certificate: new Uint8Array(CERTIFICATE_BYTES_MAX + 1) };

    for (const said of [silent, empty, large]) {
      const proof = theorem(world, alice, "; valid", { nonce: 0 });
      const { results, state } = step(world, world.state, { proofs: [proof], judge: () => said });
      expect(results[0]?.trust).toBe("solver");
      expect(ledgerHeader(state.header).totalDifficulty).toBe(0);
    }
  });
});

describe("who lies about trust", () => {
  const claim = theorem(world, alice, "; solver", { nonce: 0 });
  const intent = publish(world, alice, TIP, { nonce: 0 });
  const judgement = (proof: Proof) => {
    const said = tableJudgement(proof.body);
    if (said?.type !== "judged") throw new Error("the table judges it");
    return said;
  };
  const fieldOf = (proof: Proof, lie: Judged, truth: Judged = judgement(proof)): string => {
    const block = build(world, world.state, { proofs: [proof], judge: () => lie });
    const seen = executeBlock(world.state, block, [truth], world.tools);
    if (seen.type !== "invalid") return "executed";
    return seen.defect.code === "header" ? seen.defect.field : seen.defect.code;
  };

  test("a proposer that calls a solver's theorem certified makes the block invalid", () => {
    expect(fieldOf(claim, judgedAs("valid"))).toBe("annexRoot");
    expect(fieldOf(claim, judgement(claim))).toBe("executed");
  });

  test("so does one that hides a certificate, or that publishes what is uncertified", () => {
    expect(fieldOf(claim, judgedBySolver(), judgedAs("valid"))).toBe("annexRoot");
    expect(fieldOf(intent, judgement(intent), judgedUncertified())).toBe("annexRoot");
    expect(fieldOf(intent, judgedUncertified(), judgement(intent))).toBe("annexRoot");
  });

  test("another certificate is another state root, also when all results are the same", () => {
    const certificate = encodeCertificate([[utf8("another")]]);
    expect(fieldOf(intent, { ...judgement(intent), certificate })).toBe("stateRootAfter");
  });

  test("to count a solver's theorem is a wrong total difficulty", () => {
    const block = build(world, world.state, { proofs: [claim] });
    const other = build(world, world.state, { proofs: [claim], judge: () => judgedAs("valid") });
    const { totalDifficulty } = ledgerHeader(other.header);
    const forged = { ...block, header: withLedgerHeader(block.header, { totalDifficulty }) };
    const seen = executeBlock(world.state, forged, [judgement(claim)], world.tools);
    expect(seen).toMatchObject({ type: "invalid", defect: { field: "totalDifficulty" } });
  });
});

test("a block's difficulty is that of its applied, trusted results, and what it mints follows", () => {
  const words = ["valid", "solver", "refuted", "unknown", "uncertified"] as const;
  const trustOfWord: Readonly<Record<(typeof words)[number], Trust>> = {
    valid: "certified",
    solver: "solver",
    refuted: "none",
    unknown: "none",
    uncertified: "none",
  };
  const claims = fc.uniqueArray(
    fc.record({ word: fc.constantFrom(...words), difficulty: fc.integer({ min: 1, max: 50_000 }) }),
    { maxLength: 8, selector: ({ difficulty }) => difficulty },
  );
  fc.assert(
    fc.property(claims, fc.boolean(), (list, isMinting) => {
      const of = isMinting ? minting : world;
      const proofs = list.map(({ word, difficulty }, nonce) =>
        theorem(of, of.alice, `; ${word} ${difficulty}`, { nonce, feeLimit: 300_000n }),
      );
      const { results, state } = step(of, of.state, { proofs });

      expect(results.map(({ trust }) => trust)).toEqual(list.map(({ word }) => trustOfWord[word]));
      let counted = 0;
      for (const { word, difficulty } of list) {
        if (word === "valid" || (word === "solver" && isMinting)) counted += difficulty;
      }
      expect(ledgerHeader(state.header).totalDifficulty).toBe(counted);
      const { minted } = step(of, state).transition;
      expect(minted > 0n).toBe(counted > 0 && minted > 0n);
      if (counted === 0) expect(minted).toBe(0n);
    }),
    { numRuns: 100 },
  );
});
