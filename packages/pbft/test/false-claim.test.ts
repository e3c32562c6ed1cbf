import {
  blockDigest,
  type ConsensusMessage,
  createCertificate,
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
  type QuorumCertificate,
  VerificationResult as results,
  signProof,
  toAccountId,
  toAmount,
  toDifficulty,
  toNonce,
  toResource,
  toSequence,
  toTimestamp,
  toValidatorIndex,
  toView,
  type VerificationResult,
  type VoteBody,
  verificationRoot,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { claimOf } from "../src/evidence/false-claim.ts";
import type { FalseClaim } from "../src/index.ts";
import { Cluster } from "./cluster.ts";
import { Counter } from "./counter.ts";
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
    trust: verdict === "valid" ? "certified" : "none",
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

describe("what was not heard directly", () => {
  /** An honest replica that has refused the false block, and three who will say that they voted. */
  function refused() {
    const { cluster, guilty } = stage({ powers: [1, 1, 1, 1], colluding: 3 });
    const voter = [0, 1, 2, 3].find((index) => !guilty.includes(index)) ?? 0;
    const send = cluster.send.bind(cluster);
    cluster.send = (from, to, message) => {
      if (message.type === "pre-prepare" && message.proposal.sequence === 1)
        send(from, to, message);
    };
    const isJudged = (): boolean => cluster.state(voter).blocks[0]?.verdict === "refused";
    expect(cluster.run({ forMs: 500, until: isJudged })).toBe(true);
    expect(cluster.evidence).toEqual([]);
    const digest = cluster.state(voter).blocks[0]?.digest ?? GENESIS;
    const { sequence, head } = cluster.state(voter);
    const vote = { sequence, view: toView(0), digest };
    const certificate = (phase: "prepare" | "commit"): QuorumCertificate => {
      const votes = guilty.map((index) => signedVote(cluster, phase, index, vote));
      return createCertificate({ phase, vote, set: cluster.membership.set, votes });
    };
    return { cluster, guilty, voter, vote, head, certificate };
  }

  test.each(["prepare", "commit"] as const)("a lone %s convicts its voter", (phase) => {
    const { cluster, guilty, voter, vote } = refused();
    const [first = 0] = guilty;

    cluster.receive(voter, signedVote(cluster, phase, first, vote), first);

    expect(convicted(cluster)).toEqual([first]);
  });

  test("votes that come when another block is final convict their voters all the same", () => {
    const { cluster, guilty } = stage({ powers: [1, 1, 1, 1, 1, 1, 1], colluding: 2 });
    const send = cluster.send.bind(cluster);
    const held: { from: number; to: number; message: ConsensusMessage }[] = [];
    // Nobody hears that they voted for it.
    cluster.send = (from, to, message) => {
      const isVote = message.type === "prepare" || message.type === "commit";
      if (isVote && message.view === 0 && guilty.includes(from)) held.push({ from, to, message });
      else send(from, to, message);
    };
    const honest = cluster.nodes.flatMap((_, index) => (guilty.includes(index) ? [] : [index]));
    const reached = (): boolean => honest.every((index) => cluster.height(index) >= 1);
    expect(cluster.run({ forMs: 60_000, until: reached })).toBe(true);
    expect(convicted(cluster)).toEqual([]);

    for (const { from, to, message } of held) {
      if (honest.includes(to)) cluster.receive(to, message, from);
    }

    expect(convicted(cluster)).toEqual(guilty.toSorted((left, right) => left - right));
  });

  test("a PREPARE certificate in a request for a view convicts all its signers", () => {
    const { cluster, guilty, voter, vote, head, certificate } = refused();
    const [first = 0] = guilty;
    const prepareCertificate = certificate("prepare");
    const body = {
      validators: head.validators.hash,
      sequence: vote.sequence,
      newView: toView(2),
      parent: head.digest,
      prepared: { view: vote.view, digest: vote.digest },
    };
    const rest = { voter: toValidatorIndex(first), parentCertificate: undefined };
    const message = { type: "view-change", body, prepareCertificate, ...rest } as const;

    cluster.receive(voter, cluster.sign(first, message), first);

    expect(convicted(cluster)).toEqual(guilty.toSorted((left, right) => left - right));
  });

  test("a COMMIT certificate in the next proposal convicts all its signers, and stops us", () => {
    const { cluster, guilty, voter, vote, head, certificate } = refused();
    const leader = cluster.leader(2, 0);
    const parentCertificate = certificate("commit");
    const sequence = toSequence(2);
    const timestamp = toTimestamp(cluster.now);
    const { id } = cluster.node(leader).config;
    const request = { sequence, timestamp, proposer: id, parentCertificate, evidence: [] };
    const block = new Counter(GENESIS, head.validators).propose({
      ...request,
      reason: "heartbeat",
    });
    if (block === undefined) throw new Error("a heartbeat has a block");
    const proposal = {
      sequence,
      view: toView(0),
      digest: blockDigest(block.header),
      leader: toValidatorIndex(leader),
    };

    cluster.receive(voter, cluster.sign(leader, { type: "pre-prepare", proposal, block }), leader);

    expect(vote.view).toBe(0);
    expect(convicted(cluster)).toEqual(guilty.toSorted((left, right) => left - right));
    expect(cluster.diverged).toEqual([voter]);
  });
});

describe("the claim itself", () => {
  const cluster = new Cluster({ scheme: "ed25519" });
  const [member] = cluster.membership.members;
  const { header } = cluster.node(0).app.head;
  const places = fc.nat({ max: 3 });
  const verdicts = fc.constantFrom("valid", "refuted" as const);

  test("P36: a claim is used exactly if evidence made of it convicts", () => {
    let used = 0;
    fc.assert(
      fc.property(
        // Which theorem, what is said of it, and which one that result names.
        fc.array(fc.tuple(fc.nat({ max: 1 }), verdicts, fc.nat({ max: 1 })), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.tuple(places, places, places, places),
        fc.boolean(),
        (items, indices, aligned) => {
          const of = items.map(([which]) => at(theorems(cluster), which));
          const claimed = items.map(([, verdict, named]) =>
            resultOf(at(theorems(cluster), named), verdict),
          );
          const all = of.map((each) => proofs.encode(each));
          const bytes = claimed.map((each) => results.encode(each));
          // Half of the time all four parts are of one place.
          const [a, b, c, d] = indices.map(
            (index, _, [first = 0]) => (aligned ? first : index) % of.length,
          );
          const claim: FalseClaim = {
            proof: at(of, a ?? 0),
            proofPath: proveListItem(all, b ?? 0),
            result: at(claimed, c ?? 0),
            resultPath: proveListItem(bytes, d ?? 0),
            counterexample,
          };
          const roots = { proofsRoot: proofsRoot(of), verificationRoot: verificationRoot(claimed) };
          const made = { ...header, ...roots, sequence: toSequence(1) };
          const vote = { sequence: made.sequence, view: toView(0), digest: blockDigest(made) };
          const { signature } = signedVote(cluster, "prepare", 0, vote);
          if (member === undefined) throw new Error("there are four");
          const accused = { validator: member.id, key: member.signer.publicKey };
          const rest = { phase: "prepare", view: vote.view, header: made, signature } as const;
          const item = { type: "invalid-verification", ...accused, ...rest, ...claim } as const;
          const convicts = findEvidenceDefect(GENESIS, item) === undefined;

          expect(claimOf(made, claim) !== undefined).toBe(convicts);
          if (convicts) used += 1;
        },
      ),
      { numRuns: 300 },
    );
    expect(used).toBeGreaterThan(20);
  });
});

function signedVote(
  cluster: Cluster,
  type: "prepare" | "commit",
  index: number,
  vote: VoteBody,
): Extract<ConsensusMessage, { type: "prepare" | "commit" }> {
  const message = cluster.sign(index, { type, ...vote, voter: toValidatorIndex(index) });
  if (message.type !== "prepare" && message.type !== "commit") throw new Error("a vote");
  return message;
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`nothing at ${index}`);
  return item;
}
