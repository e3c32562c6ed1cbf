import type { JudgePort, Ledger } from "@aethel/ledger";
import {
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
  type Prepare,
  type Proof,
  type ProofBlock,
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
import { z } from "zod";
import { feeLimitFor } from "../src/client/fee-limit.ts";
import { person } from "../src/localnet/people.ts";

/** What a Byzantine validator can be told to do, once, at the next opportunity. */
export const Misdeed = z.enum([
  "two-votes",
  "three-votes",
  "two-proposals",
  "false-claim",
  "old-evidence",
]);
export type Misdeed = z.infer<typeof Misdeed>;

/** Where it did it. */
export const Deed = z.object({ misdeed: Misdeed, sequence: z.number(), view: z.number() });
export type Deed = z.infer<typeof Deed>;

/** What surrounds a production replica, and what comes of its ledger's Judge. */
export interface Misbehaviour {
  readonly order: (misdeed: Misdeed) => void;
  readonly transport: (inner: Transport) => Transport;
  readonly application: (inner: Ledger) => Application;
  readonly judge: (inner: JudgePort) => JudgePort;
}

/** Refuted, with a counterexample that plain evaluation confirms: it pays itself from nothing. */
const FALSE_SOURCE = new TextEncoder().encode(`intent enrich(signer me: Account) {
  guard { me.balance < 5; }
  effect { me.balance += 1; }
  verify { true; }
}`);

/** Between a replica and the world; everything that was not ordered is done by the protocol. */
export function createMisbehaviour(options: {
  readonly genesis: Genesis;
  readonly signer: Signer;
  readonly onDone: (deed: Deed) => void;
}): Misbehaviour {
  const { genesis, signer, onDone } = options;
  const chain = hashGenesis(genesis);
  let ordered: Misdeed | undefined;
  /** The block that must not be judged by the own replica, since it is to vote for it. */
  let spoilt: Digest | undefined;

  const finish = (where: Pick<Prepare, "sequence" | "view">): void => {
    if (ordered === undefined) return;
    const { sequence, view } = where;
    onDone({ misdeed: ordered, sequence, view });
    ordered = undefined;
  };
  const takesBack = (block: ProofBlock): ProofBlock => {
    spoilt = blockDigest(block.header);
    return block;
  };

  const forgedVotes = (vote: Prepare, count: number): readonly ConsensusMessage[] =>
    Array.from({ length: count }, (_, at) => {
      const digest = sha256(Uint8Array.of(at, ...vote.digest));
      const other = { ...vote, digest };
      const signature = signer.sign(signableVote("prepare", chain, other));
      return { type: "prepare", ...other, signature };
    });
  const secondProposal = ({ proposal, block }: PrePrepare): ConsensusMessage | undefined => {
    if (block === undefined) return undefined;
    const timestamp = toTimestamp(block.header.timestamp + 1);
    const twin = { ...block, header: { ...block.header, timestamp } };
    const other = { ...proposal, digest: blockDigest(twin.header) };
    const signature = signer.sign(signableProposal(chain, other));
    return { type: "pre-prepare", proposal: { ...other, signature }, block: twin };
  };
  /** What goes out after a message of the replica's own. */
  const addition = (message: ConsensusMessage): readonly ConsensusMessage[] => {
    if (message.type === "prepare") {
      if (ordered === "two-votes") return forgedVotes(message, 1);
      if (ordered === "three-votes") return forgedVotes(message, 2);
    }
    if (message.type === "pre-prepare" && ordered === "two-proposals") {
      const second = secondProposal(message);
      return second === undefined ? [] : [second];
    }
    return [];
  };

  return {
    order(misdeed) {
      ordered = misdeed;
    },
    transport: (inner) => ({
      broadcast(message) {
        inner.broadcast(message);
        const added = addition(message);
        for (const each of added) inner.broadcast(each);
        if (message.type === "prepare") {
          const isForSpoilt = spoilt !== undefined && equalBytes(message.digest, spoilt);
          if (added.length > 0 || isForSpoilt) finish(message);
        }
        if (message.type === "pre-prepare" && added.length > 0) finish(message.proposal);
      },
      send: (to, message) => inner.send(to, message),
      request: (to, request, signal) => inner.request(to, request, signal),
      peers: () => inner.peers(),
      attach: (handlers) => inner.attach(handlers),
    }),
    application: (inner) => ({
      head: () => inner.head(),
      hasWork: () => inner.hasWork(),
      async propose(request) {
        if (ordered === "false-claim") {
          const proof = await slipIn(inner, falseClaim(inner, genesis, request.sequence));
          const block = await inner.propose(request);
          const has = block?.proofs.some((each) => equalBytes(hashProof(each), hashProof(proof)));
          return block !== undefined && has === true ? takesBack(block) : block;
        }
        const block = await inner.propose(request);
        if (block === undefined || ordered !== "old-evidence") return block;
        const [old] = await settledEvidence(inner);
        return old === undefined ? block : takesBack(withEvidence(block, old));
      },
      verify: async (request) =>
        spoilt !== undefined && equalBytes(request.digest, spoilt)
          ? { type: "accepted" }
          : await inner.verify(request),
      commit: (block) => inner.commit(block),
      finalized: (sequence) => inner.finalized(sequence),
    }),
    judge: (inner) => ({
      async check(payload, how) {
        const judgement = await inner.check(payload, how);
        const isLie = payload.type === "publish" && equalBytes(payload.source, FALSE_SOURCE);
        if (!isLie || judgement.type !== "judged") return judgement;
        const { difficulty, resource, milliseconds } = judgement;
        return { type: "judged", verdict: "valid", difficulty, resource, milliseconds };
      },
    }),
  };
}

/** A publish that no honest node has seen, and that is good for one block only. */
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

/** Into the own mempool alone; resolves when the own Judge has passed it. */
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

/** What was punished already, the latest first. */
async function settledEvidence(ledger: Ledger): Promise<readonly Evidence[]> {
  for (let at = ledger.head().header.sequence; at > 0; at--) {
    const final = await ledger.finalized(toSequence(at));
    if (final !== undefined && final.block.evidence.length > 0) return final.block.evidence;
  }
  return [];
}

function withEvidence(block: ProofBlock, item: Evidence): ProofBlock {
  const evidence = [item];
  return {
    ...block,
    evidence,
    header: { ...block.header, evidenceRoot: evidenceRoot(evidence) },
  };
}
