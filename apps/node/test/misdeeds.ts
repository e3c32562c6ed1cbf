import type { JudgePort, Ledger } from "@aethel/ledger";
import {
  type Block,
  blockDigest,
  type ConsensusMessage,
  type Digest,
  type Evidence,
  equalBytes,
  evidenceRoot,
  type Genesis,
  hashGenesis,
  hashProof,
  type PrePrepare,
  type Proof,
  type Proposal,
  type Signer,
  sha256,
  signableProposal,
  signableVote,
  signProof,
  toAmount,
  toResource,
  toSequence,
  toTimestamp,
} from "@aethel/models";
import type { Application, Transport } from "@aethel/pbft";
import { encodeCertificate } from "@aethel/verifier/certificate";
import { z } from "zod";
import { feeLimitFor } from "../src/api/fee-limit.ts";
import { person } from "../src/localnet/people.ts";

/** Misdeed that a Byzantine validator can be ordered to commit once, at the next opportunity. */
export const Misdeed = z.enum([
  "two-votes",
  "three-votes",
  "two-proposals",
  "false-claim",
  "old-evidence",
]);
export type Misdeed = z.infer<typeof Misdeed>;

/** Place of a deed. */
export const Deed = z.object({ misdeed: Misdeed, sequence: z.number(), view: z.number() });
export type Deed = z.infer<typeof Deed>;

/** Wrappers around the ports of a production replica and its ledger's Judge. */
export interface Misbehaviour {
  readonly order: (misdeed: Misdeed) => void;
  readonly transport: (inner: Transport) => Transport;
  readonly application: (inner: Ledger) => Application;
  readonly judge: (inner: JudgePort) => JudgePort;
}

/** Intent that mints from nothing: refuted, with a counterexample that evaluation confirms. */
const FALSE_SOURCE = new TextEncoder().encode(`intent enrich(signer me: Account) {
  guard { me.balance < 5; }
  effect { me.balance += 1; }
  verify { true; }
}`);

/** Order, and its result so far. */
interface Plan {
  readonly genesis: Genesis;
  readonly chain: Digest;
  readonly signer: Signer;
  ordered: Misdeed | undefined;
  /** The block that must not be judged by the own replica, since it is to vote for it. */
  spoilt: Digest | undefined;
  readonly finish: (where: Pick<Proposal, "sequence" | "view">) => void;
}

/** Layer between a replica and its ports; without an order it follows the protocol. */
export function createMisbehaviour(options: {
  readonly genesis: Genesis;
  readonly signer: Signer;
  readonly onDone: (deed: Deed) => void;
}): Misbehaviour {
  const { genesis, signer, onDone } = options;
  const plan: Plan = {
    genesis,
    chain: hashGenesis(genesis),
    signer,
    ordered: undefined,
    spoilt: undefined,
    finish({ sequence, view }) {
      const misdeed = plan.ordered;
      plan.ordered = undefined;
      if (misdeed !== undefined) onDone({ misdeed, sequence, view });
    },
  };
  return {
    order: (misdeed) => void (plan.ordered = misdeed),
    transport: (inner) => equivocatingTransport(plan, inner),
    application: (inner) => lyingApplication(plan, inner),
    judge: credulousJudge,
  };
}

/**
 * Acts as a leader, so that all others are where it acts: votes that it sends just before its
 * proposal come in time on the busiest machine.
 */
function equivocatingTransport(plan: Plan, inner: Transport): Transport {
  return {
    broadcast(message) {
      const isProposal = message.type === "pre-prepare" || message.type === "new-view";
      const { before, after } = isProposal ? additions(plan, message) : NOTHING;
      for (const each of [...before, message, ...after]) inner.broadcast(each);
      if (isProposal && before.length + after.length > 0) plan.finish(message.proposal);
    },
    send: (to, message) => inner.send(to, message),
    request: (to, request, signal) => inner.request(to, request, signal),
    peers: () => inner.peers(),
    attach: (handlers) => inner.attach(handlers),
  };
}

interface Additions {
  readonly before: readonly ConsensusMessage[];
  readonly after: readonly ConsensusMessage[];
}

const NOTHING: Additions = { before: [], after: [] };

/** Messages that go out around an own proposal. */
function additions(
  plan: Plan,
  message: Extract<ConsensusMessage, { readonly type: "pre-prepare" | "new-view" }>,
): Additions {
  const { proposal } = message;
  const { digest } = proposal;
  switch (plan.ordered) {
    case "two-votes":
      return { before: votes(plan, proposal, [digest, forged(digest, 1)]), after: [] };
    case "three-votes": {
      const digests = [digest, forged(digest, 1), forged(digest, 2)];
      return { before: votes(plan, proposal, digests), after: [] };
    }
    case "two-proposals":
      return { before: [], after: message.type === "pre-prepare" ? twins(plan, message) : [] };
    case "false-claim":
    case "old-evidence": {
      const isSpoilt = plan.spoilt !== undefined && equalBytes(digest, plan.spoilt);
      return { before: isSpoilt ? votes(plan, proposal, [digest]) : [], after: [] };
    }
    case undefined:
      return NOTHING;
  }
}

/** PREPARE for each of the digests, in the place of an own proposal. */
function votes(
  { signer, chain }: Plan,
  { sequence, view, leader }: Proposal,
  digests: readonly Digest[],
): readonly ConsensusMessage[] {
  return digests.map((digest) => {
    const vote = { sequence, view, digest };
    const signature = signer.sign(signableVote("prepare", chain, vote));
    return { type: "prepare", ...vote, voter: leader, signature };
  });
}

/** Digest of a block that does not exist. */
function forged(digest: Digest, salt: number): Digest {
  return sha256(Uint8Array.of(salt, ...digest));
}

/** A valid block, a millisecond later than the first. */
function twins(
  { signer, chain }: Plan,
  { proposal, outline }: PrePrepare,
): readonly ConsensusMessage[] {
  if (outline === undefined) return [];
  const timestamp = toTimestamp(outline.header.timestamp + 1);
  const twin = { ...outline, header: { ...outline.header, timestamp } };
  const other = { ...proposal, digest: blockDigest(twin.header) };
  const signature = signer.sign(signableProposal(chain, other));
  return [{ type: "pre-prepare", proposal: { ...other, signature }, outline: twin }];
}

/** Builds blocks that no honest replica accepts, and accepts them itself. */
function lyingApplication(plan: Plan, inner: Ledger): Application {
  const spoil = (block: Block): Block => {
    plan.spoilt = blockDigest(block.header);
    return block;
  };
  return {
    head: () => inner.head(),
    hasWork: () => inner.hasWork(),
    async propose(request) {
      if (plan.ordered === "false-claim") {
        const proof = await slipIn(inner, falseClaim(inner, plan.genesis, request.sequence));
        const block = await inner.propose(request);
        const has = block?.items.some(({ hash }) => equalBytes(hash, hashProof(proof)));
        return block !== undefined && has === true ? spoil(block) : block;
      }
      const block = await inner.propose(request);
      if (block === undefined || plan.ordered !== "old-evidence") return block;
      const [old] = await settledEvidence(inner);
      return old === undefined ? block : spoil(withEvidence(block, old));
    },
    verify: async (request) =>
      plan.spoilt !== undefined && equalBytes(request.digest, plan.spoilt)
        ? { type: "accepted" }
        : await inner.verify(request),
    commit: (block, leadership) => inner.commit(block, leadership),
    item: (hash) => inner.item(hash),
    finalized: (sequence) => inner.finalized(sequence),
    header: (sequence) => inner.header(sequence),
  };
}

/** A Judge that passes one false source, and otherwise answers as the real one. */
function credulousJudge(inner: JudgePort): JudgePort {
  return {
    async check(payload, how) {
      const judgement = await inner.check(payload, how);
      const isLie = payload.type === "publish" && equalBytes(payload.source, FALSE_SOURCE);
      if (!isLie || judgement.type !== "judged") return judgement;
      const { difficulty, resource, milliseconds } = judgement;
      const work = { difficulty, resource, milliseconds };
      return { type: "judged", verdict: "valid", trust: "certified", certificate: HOLLOW, ...work };
    },
  };
}

/** A certificate in form, of one intent and without a proof: no honest node looks at its bytes. */
const HOLLOW = encodeCertificate([[]]);

/** A publish that no honest node has, and that expires after one block. */
function falseClaim(ledger: Ledger, genesis: Genesis, sequence: number): Proof {
  const { id, signer } = person("mallory");
  const draft = {
    type: "publish",
    author: id,
    nonce: ledger.account(id).nonce,
    resourceLimit: toResource(10_000_000),
    feeLimit: toAmount(0n),
    expiry: toSequence(sequence),
    source: FALSE_SOURCE,
  } as const;
  const feeLimit = feeLimitFor(genesis.parameters, draft);
  return signProof(hashGenesis(genesis), { ...draft, feeLimit }, [signer]);
}

/** Adds it to the own mempool alone; resolves when the own Judge has passed it. */
async function slipIn(ledger: Ledger, proof: Proof): Promise<Proof> {
  const hash = hashProof(proof);
  // The same one again, in a later view.
  if (ledger.pending(hash) !== undefined) return proof;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const unsubscribe = ledger.subscribe((event) => {
    if (event.type === "judged" && equalBytes(event.proofHash, hash)) resolve();
  });
  try {
    const added = ledger.submit(proof);
    if (added.type === "refused") reject(new Error(`${added.code}: ${added.message}`));
    await promise;
    return proof;
  } finally {
    unsubscribe();
  }
}

/** Evidence of earlier slashes, the latest first. */
async function settledEvidence(ledger: Ledger): Promise<readonly Evidence[]> {
  for (let at = ledger.head().header.sequence; at > 0; at--) {
    const final = await ledger.finalized(toSequence(at));
    if (final !== undefined && final.block.evidence.length > 0) return final.block.evidence;
  }
  return [];
}

function withEvidence(block: Block, item: Evidence): Block {
  const evidence = [item];
  return {
    ...block,
    evidence,
    header: { ...block.header, evidenceRoot: evidenceRoot(evidence) },
  };
}
