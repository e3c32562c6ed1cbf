import { z } from "zod";
import { CallBody } from "./call-api.ts";

/**
 * JSON of the HTTP API. The routes send it, and the client checks answers against it. Bytes are
 * lower-case hex without a prefix, amounts are decimal strings of micro-tokens, and times are
 * milliseconds.
 */

const natural = z.int().min(0);
const hex = z.string().regex(/^([0-9a-f]{2})*$/);
const amount = z.string().regex(/^\d{1,20}$/);

/**
 * Reason why this node finalizes no blocks: the fact with its numbers, and the next step for the
 * operator.
 */
export const Finding = z.object({ code: z.string(), message: z.string(), next: z.string() });

/** Answer of `GET /status`. */
export const Status = z.object({
  name: z.string(),
  genesis: hex,
  version: z.string(),
  role: z.enum(["validator", "sentry", "observer"]),
  /** Account of this node's validator; absent on an observer. */
  validator: hex.optional(),
  head: z.object({
    sequence: natural,
    digest: hex,
    /** Root of the state tree after the head, as this node computed it. */
    stateRoot: hex,
    timestamp: natural,
  }),
  /** State of consensus at the current sequence; `leader` is absent while it is not known. */
  consensus: z.object({
    sequence: natural,
    view: natural,
    phase: z.string(),
    leader: hex.optional(),
    /** Reason for which this node signs nothing; absent while it signs, and on observers. */
    quiet: z.string().optional(),
    /** First sequence at which this node signs again; absent if that is not known. */
    signsFrom: natural.optional(),
    /**
     * Highest sequence that a peer claims to have finalized; absent if it is not above this node's
     * head.
     */
    behind: natural.optional(),
  }),
  /** Consensus keys that the node holds. At most one of them votes at the current sequence. */
  keys: z.array(z.object({ key: hex, votes: z.boolean() })),
  /** Milliseconds since this node finalized its last block, or since the node's start. */
  quietMs: natural,
  /**
   * Reasons why this node finalizes no blocks or takes no part in consensus. Empty if there are
   * none.
   */
  why: z.array(Finding),
  supply: z.object({ total: amount, minted: amount, burned: amount }),
  /**
   * Balance of the treasury in micro-tokens. It receives slashed stake and the part of fees that is
   * neither burned nor a tip.
   */
  treasury: amount,
  /** Validators of the last 1,000 slashes, each once. Some may have left the set. */
  convicted: z.array(hex),
  peers: natural,
  validators: natural,
  mempool: z.object({ proofs: natural, bytes: natural }),
  judge: z.object({
    version: natural,
    wasmHash: hex,
    kernelVersion: natural,
    proverVersion: natural,
  }),
  uptimeMs: natural,
});
export type Status = z.infer<typeof Status>;

/** Answer of `GET /accounts/:id`. An unused account has balance 0. */
export const AccountState = z.object({
  id: hex,
  balance: amount,
  /** Number of proofs in blocks that the account has signed, as author or as cosigner. */
  nonce: natural,
  /** Nonce for the account's next proof. The nonces of its proofs in the mempool count as used. */
  nextNonce: natural,
});
export type AccountState = z.infer<typeof AccountState>;

/** Outcome of a proof in its block. */
export const ReceiptBody = z.object({
  hash: hex,
  sequence: natural,
  index: natural,
  kind: z.enum(["publish", "invoke", "theorem"]),
  author: hex,
  verdict: z.string(),
  /**
   * Basis of the verdict `valid`: `certified` by the kernel, or by the `solver` alone. `none` for
   * other verdicts.
   */
  trust: z.string(),
  outcome: z.string(),
  difficulty: natural,
  resource: natural,
  /**
   * Whole charge in micro-tokens: the sum of `burned`, the proposer's `tip` and the part for the
   * treasury.
   */
  fee: amount,
  burned: amount,
  tip: amount,
  /** Deposit for cells in micro-tokens; negative if the author got more back than it paid. */
  deposit: z.string().regex(/^-?\d{1,20}$/),
  /** Calls of a transaction in their order. Empty for a publication or theorem. */
  calls: z.array(CallBody),
  errorCode: z.string(),
  /** Description: the false guard, the error of the run, or the Judge's reason. */
  detail: z.string(),
});
export type ReceiptBody = z.infer<typeof ReceiptBody>;

/** Answer of `GET /proofs/:hash`. */
export const ProofState = z.discriminatedUnion("status", [
  z.object({ status: z.literal("pending"), hash: hex }),
  z.object({ status: z.literal("final"), receipt: ReceiptBody }),
  /**
   * The proof left this node's mempool, and no block has included it. The message names the reason,
   * such as `replaced by HASH` or `it expired at sequence N`. The node keeps the last 4,096 of
   * these answers. Another node may still have the proof.
   */
  z.object({ status: z.literal("refused"), hash: hex, code: z.string(), message: z.string() }),
]);
export type ProofState = z.infer<typeof ProofState>;

/** Answer of `POST /proofs`: the proof is in this node's mempool. */
export const Submitted = z.object({ hash: hex, status: z.literal("pending") });
export type Submitted = z.infer<typeof Submitted>;

/** Validator in the answer of `GET /validators`. */
export const ValidatorBody = z.object({
  id: hex,
  key: hex,
  /**
   * Requested consensus key, which replaces `key` at a coming epoch boundary. Absent if none is
   * requested.
   */
  nextKey: hex.optional(),
  /** Voting power in effect; 0 if the validator is not in the set. */
  power: amount,
  stake: amount,
  status: z.string(),
  /** Rewards since genesis, in micro-tokens. */
  rewards: amount,
  /** Tips of the blocks that the validator proposed, in micro-tokens. */
  tips: amount,
  /** Withdrawn stake that is still locked and can be slashed, in micro-tokens. */
  unbonding: amount,
  /**
   * Participation in the last finished epochs. `votes` counts the certificates with this
   * validator's vote, `blocks` the certificates that could have it. `basisPoints` is their ratio.
   */
  accuracy: z.object({ votes: natural, blocks: natural, basisPoints: natural }),
  /** Number of convictions. `slashed` is the stake that they have cost, in micro-tokens. */
  offences: natural,
  slashed: amount,
});
export type ValidatorBody = z.infer<typeof ValidatorBody>;
/**
 * Answer of `GET /validators?after=&limit=`: one page, of at most 1,000 validators, of the set that
 * votes on the next block. `next` is the value of `after` for the next page; absent on the last
 * page.
 */
export const ValidatorsBody = z.object({
  validators: z.array(ValidatorBody),
  next: hex.optional(),
});

/**
 * Summary of a piece of evidence: the validator, the offence, its sequence and view. It is also the
 * data of the event `evidence`, which says that this node has found the offence itself. A later
 * block slashes the validator for the offence, once. The node's log has the whole evidence with its
 * bytes.
 */
export const EvidenceBody = z.object({
  /** SHA-256 of the evidence; `GET /evidence/:id` has the evidence itself. */
  id: hex,
  kind: z.enum(["double-vote", "double-proposal", "hidden-lock", "invalid-verification"]),
  validator: hex,
  /** Consensus key that made the convicting signatures. */
  key: hex,
  sequence: natural,
  view: natural,
  phase: z.string().optional(),
  /** Description of the offence. */
  detail: z.string(),
});
export type EvidenceBody = z.infer<typeof EvidenceBody>;

/**
 * Evidence with its bytes (the SSZ encoding of `Evidence` in `@aethel/models`), so that anyone can
 * check it.
 */
export const WholeEvidence = EvidenceBody.extend({ ssz: hex });
export type WholeEvidence = z.infer<typeof WholeEvidence>;

/**
 * Stake that a validator lost in a block, and the reason. It is in the answer of `GET /slashes`, in
 * the answers about blocks, and it is the data of event `slashed`.
 */
export const SlashBody = z.object({
  /** Sequence of the block that slashed the validator. */
  sequence: natural,
  validator: hex,
  /** Slashed micro-tokens, which went to the treasury. */
  amount,
  /** Bonded stake of the validator after the block that slashed it. */
  stake: amount,
  /**
   * Evidence against the validator in the block that slashed it. Empty if the block was an epoch
   * boundary that raised the cost of an earlier offence.
   */
  evidence: z.array(EvidenceBody),
});
export type SlashBody = z.infer<typeof SlashBody>;
/**
 * Answer of `GET /slashes?from=&limit=`, ascending by block. Without `from`, the answer has the
 * latest slashes.
 */
export const SlashesBody = z.object({ head: natural, slashes: z.array(SlashBody) });

/**
 * Answer of `GET /validators/:id`: an account that has or had stake, in the validator set or not.
 */
export const ValidatorDetail = ValidatorBody.extend({
  slashes: z.array(SlashBody),
  /**
   * Parts of `unbonding`, each with the header time in milliseconds at which it is released. Stake
   * that was withdrawn in this epoch is not in the list. It gets its time at the epoch boundary
   * that removes its power.
   */
  payouts: z.array(z.object({ amount, freeAt: natural })),
});
export type ValidatorDetail = z.infer<typeof ValidatorDetail>;

/** Answer of `GET /evidence/:id`. */
export const EvidenceDetail = WholeEvidence.extend({ slash: SlashBody });
export type EvidenceDetail = z.infer<typeof EvidenceDetail>;

/** Answer of `GET /blocks/:sequence`. */
export const BlockBody = z.object({
  sequence: natural,
  digest: hex,
  parent: hex,
  timestamp: natural,
  proposer: hex,
  /** View and number of signers of the COMMIT certificate. Absent for the genesis block. */
  certificate: z.object({ view: natural, signers: natural }).optional(),
  stateRoot: hex,
  supply: amount,
  totalDifficulty: natural,
  proofs: z.array(ReceiptBody),
  slashes: z.array(SlashBody),
});
export type BlockBody = z.infer<typeof BlockBody>;
/**
 * Answer of `GET /blocks?from=&limit=`, ascending. Without `from`, the answer has the latest
 * blocks. It has fewer than were asked for when they are large; a client goes on after the last.
 */
export const BlocksBody = z.object({ head: natural, blocks: z.array(BlockBody) });

/**
 * Certificate that the kernel checked for a theorem or an intent. `GET /certificates/:digest` has
 * its bytes.
 */
const Certification = z.object({ kernelVersion: natural, certificateHash: hex });

/** Answer of `GET /theorems/:digest`, where `digest` is the SHA-256 of the script. */
export const TheoremBody = z.object({
  digest: hex,
  author: hex,
  sequence: natural,
  difficulty: natural,
  resource: natural,
  judgeVersion: natural,
  trust: z.string(),
  certification: Certification.optional(),
});
export type TheoremBody = z.infer<typeof TheoremBody>;

/** Intent in the answer of `GET /intents`. */
export const IntentBody = z.object({
  digest: hex,
  name: z.string(),
  author: hex,
  difficulty: natural,
  judgeVersion: natural,
  sequence: natural,
  origin: z.string(),
  trust: z.string(),
  certification: Certification.optional(),
  parameters: z.array(z.object({ name: z.string(), type: z.string(), signer: z.boolean() })),
});
export type IntentBody = z.infer<typeof IntentBody>;
/**
 * Answer of `GET /intents?name=&after=&limit=`, sorted by name. `next` is the value of `after` for
 * the next page; absent on the last page.
 */
export const IntentsBody = z.object({ intents: z.array(IntentBody), next: hex.optional() });

/** Event `judged`: the Judge of this node has answered about a proof. */
export const JudgedEvent = z.object({
  hash: hex,
  kind: z.enum(["publish", "invoke", "theorem"]),
  verdict: z.enum(["valid", "refuted", "unknown"]),
  /** Basis of the verdict `valid`; absent for other verdicts. */
  trust: z.enum(["certified", "solver"]).optional(),
  /**
   * Present if the solver proved an intent but no certificate was found. The verdict is then
   * `unknown`.
   */
  code: z.literal("uncertified").optional(),
  difficulty: natural,
  resource: natural,
  ms: z.number(),
  reason: z.string().optional(),
  /** Counterexample in lines of text; absent if there is none. */
  counterexample: z.array(z.string()).optional(),
});
export type JudgedEvent = z.infer<typeof JudgedEvent>;

/**
 * Event `refused`: a proof left this node's mempool, and no block has included it. The message has
 * the reason.
 */
export const RefusedEvent = z.object({ hash: hex, code: z.string(), message: z.string() });
export type RefusedEvent = z.infer<typeof RefusedEvent>;

/** Event `finalized`: this node has finalized a block. */
export const FinalizedEvent = z.object({
  sequence: natural,
  view: natural,
  digest: hex,
  stateRoot: hex,
  proposer: hex,
  /**
   * Milliseconds from the arrival of the proposal at this node to the moment when this node
   * finalized it.
   */
  ms: z.number(),
  proofs: z.array(ReceiptBody),
});
export type FinalizedEvent = z.infer<typeof FinalizedEvent>;

/**
 * Event `view-changed`: the view before `view` ended without a final block. The node publishes it
 * twice. First when it requests the view, with the cause `timeout`, `no-proposal` (none came by the
 * deadline), `overdue`, `refused-proposal` or `joined` (other replicas requested it before). Then
 * when it enters the view, with the cause `new-view` or `certificate`.
 */
export const ViewChangedEvent = z.object({ sequence: natural, view: natural, cause: z.string() });
export type ViewChangedEvent = z.infer<typeof ViewChangedEvent>;

/**
 * Event `why`: the list of reasons why this node finalizes no blocks has changed. An empty list
 * means that no reason is left.
 */
export const WhyEvent = z.object({ findings: z.array(Finding) });
export type WhyEvent = z.infer<typeof WhyEvent>;

/** Event `block-refused`: this node does not vote for a proposed block; `reason` says why. */
export const BlockRefusedEvent = z.object({ digest: hex, reason: z.string() });
export type BlockRefusedEvent = z.infer<typeof BlockRefusedEvent>;

/**
 * Event `accuracy`: more than 5 % of the certificates of the last epochs lack the validator's vote.
 */
export const AccuracyEvent = z.object({
  sequence: natural,
  validator: hex,
  basisPoints: natural,
  votes: natural,
  blocks: natural,
});
export type AccuracyEvent = z.infer<typeof AccuracyEvent>;

/** Body of every answer that is not a success. */
export const ErrorEnvelope = z.object({
  error: z.object({ code: z.string(), message: z.string(), next: z.string() }),
});
