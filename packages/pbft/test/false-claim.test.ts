import {
  Evidence,
  equalBytes,
  findEvidenceDefect,
  hashProof,
  type InvalidVerification,
  type Proof,
  type ProofBlock,
  powerOf,
  Proof as proofs,
  proofsRoot,
  proveListItem,
  VerificationResult as results,
  signProof,
  toAccountId,
  toAmount,
  toDifficulty,
  toNonce,
  toResource,
  toSequence,
  toValidatorIndex,
  type VerificationResult,
  verificationRoot,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import type { FalseClaim } from "../src/index.ts";
import { Cluster } from "./cluster.ts";
import { GENESIS } from "./keys.ts";

const counterexample = new TextEncoder().encode("x = 0");

function theorems(cluster: Cluster): readonly Proof[] {
  const [member] = cluster.membership.members;
  if (member === undefined) throw new Error("somebody signs");
  const body = {
    type: "theorem",
    author: toAccountId(member.signer.publicKey),
    resourceLimit: toResource(1),
    feeLimit: toAmount(0n),
    expiry: toSequence(100),
  } as const;
  return [0, 1, 2].map((nonce) => {
    const script = new TextEncoder().encode(`(assert (> ${nonce} 0))`);
    return signProof(GENESIS, { ...body, nonce: toNonce(nonce), script }, [member.signer]);
  });
}

function resultOf(proof: Proof, verdict: VerificationResult["verdict"]): VerificationResult {
  return {
    proofHash: hashProof(proof),
    verdict,
    outcome: verdict === "valid" ? "applied" : "refuted",
    difficulty: toDifficulty(1),
    resource: toResource(1),
    errorCode: 0,
  };
}

/** The block with three theorems of which the second is false, all claimed to be valid. */
function withFalseClaim(cluster: Cluster, block: ProofBlock): ProofBlock {
  const of = theorems(cluster);
  const claimed = of.map((proof) => resultOf(proof, "valid"));
  const roots = { proofsRoot: proofsRoot(of), verificationRoot: verificationRoot(claimed) };
  return { ...block, header: { ...block.header, ...roots }, proofs: of };
}

/** What shows it; `changes` spoil it. */
function claimIn(cluster: Cluster, changes: Partial<FalseClaim> = {}): FalseClaim {
  const of = theorems(cluster);
  const claimed = of.map((proof) => resultOf(proof, "valid"));
  const [proof, result] = [of[1], claimed[1]];
  if (proof === undefined || result === undefined) throw new Error("there are three");
  const all = of.map((each) => proofs.encode(each));
  const resultBytes = claimed.map((each) => results.encode(each));
  const paths = { proofPath: proveListItem(all, 1), resultPath: proveListItem(resultBytes, 1) };
  return { proof, result, ...paths, counterexample, ...changes };
}

/** A leader proposes a false claim; `colluding` vote for it, the others can show that it is false. */
function stage(options: {
  readonly powers: readonly number[];
  readonly colluding: number;
  readonly judgingMs?: number;
  readonly spoil?: (cluster: Cluster) => Partial<FalseClaim>;
}): { cluster: Cluster; guilty: readonly number[] } {
  const { powers, colluding, judgingMs = 1, spoil = () => ({}) } = options;
  const cluster = new Cluster({ powers, scheme: "ed25519", judgingMs });
  const leader = cluster.leader(1, 0);
  const guilty = powers.map((_, at) => (leader + at) % powers.length).slice(0, colluding);
  const claim = claimIn(cluster, spoil(cluster));
  cluster.nodes.forEach(({ app }, at) => {
    if (guilty.includes(at)) cluster.framed.add(at);
    const propose = app.propose.bind(app);
    app.propose = (request) => {
      const block = propose(request);
      const lies = at === leader && request.sequence === 1;
      return block === undefined || !lies ? block : withFalseClaim(cluster, block);
    };
    app.override = (block) => {
      if (block.proofs.length === 0) return undefined;
      if (guilty.includes(at)) return { type: "accepted" };
      return { type: "refused", reason: "a false proof", falseClaim: claim };
    };
  });
  cluster.startAll();
  cluster.work();
  return { cluster, guilty };
}

function convicted(cluster: Cluster): readonly number[] {
  const wrong = cluster.evidence.filter(({ type }) => type === "invalid-verification");
  return cluster.nodes.flatMap(({ config }, at) =>
    wrong.some(({ validator }) => equalBytes(validator, config.id)) ? [at] : [],
  );
}

describe("InvalidVerification", () => {
  test.each([
    ["before", 200],
    ["after", 1],
  ])(
    "P5 P36: who votes for a false claim is accused, votes that come %s the verdict too",
    (_, judgingMs) => {
      const { cluster, guilty } = stage({ powers: [1, 1, 1, 1, 1, 1, 1], colluding: 2, judgingMs });

      const reached = (): boolean => cluster.heights().every((height) => height >= 1);
      expect(cluster.run({ forMs: 60_000, until: reached })).toBe(true);

      expect(convicted(cluster)).toEqual(guilty.toSorted((left, right) => left - right));
      for (const item of cluster.evidence) {
        // Nothing but the genesis hash is needed to check it, and it survives the wire.
        expect(findEvidenceDefect(GENESIS, Evidence.decode(Evidence.encode(item)))).toBeUndefined();
      }
      expect(cluster.diverged).toEqual([]);
    },
  );

  test("it enters the next block, once for each voter, and is forgotten then", () => {
    const { cluster, guilty } = stage({ powers: [1, 1, 1, 1, 1, 1, 1], colluding: 2 });
    for (let turn = 0; turn < 20; turn++) {
      cluster.work();
      cluster.run({ forMs: 1_000 });
    }

    const honest = cluster.nodes.flatMap((_, at) => (guilty.includes(at) ? [] : [at]));
    const settled = cluster.node(honest[0] ?? 0).app.blocks.flatMap(({ block }) => block.evidence);
    expect(settled.map(({ type }) => type)).toEqual(guilty.map(() => "invalid-verification"));
    for (const at of honest) expect(cluster.state(at).evidence).toEqual([]);
  });

  test("when a quorum lies, whoever stops for it holds evidence against more than a third", () => {
    const { cluster, guilty } = stage({ powers: [1, 1, 1, 1], colluding: 3 });
    cluster.run({ forMs: 20_000 });

    const { set } = cluster.membership;
    const [honest] = [0, 1, 2, 3].filter((at) => !guilty.includes(at));
    expect(cluster.diverged).toEqual([honest]);
    const power = powerOf(set, convicted(cluster).map(toValidatorIndex));
    expect(power * 3n).toBeGreaterThan(set.totalPower);
  });

  test.each<readonly [string, (cluster: Cluster) => Partial<InvalidVerification>]>([
    ["is of another proof", (cluster) => ({ proof: at(theorems(cluster), 0) })],
    [
      "is at another index",
      (cluster) => ({ proofPath: { ...claimIn(cluster).proofPath, index: 0 } }),
    ],
    ["claims nothing", (cluster) => ({ result: resultOf(at(theorems(cluster), 1), "refuted") })],
    ["was not made", (cluster) => ({ result: resultOf(at(theorems(cluster), 2), "valid") })],
  ])("a claim that %s accuses nobody, and its block is refused all the same", (_, spoil) => {
    const { cluster } = stage({ powers: [1, 1, 1, 1], colluding: 1, spoil });
    cluster.run({ forMs: 5_000, until: () => cluster.heights().every((height) => height >= 1) });

    expect(cluster.evidence).toEqual([]);
    expect(cluster.node(0).app.blocks[0]?.block.proofs).toEqual([]);
  });
});

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`nothing at ${index}`);
  return item;
}
