import { z } from "zod";

/**
 * The JSON of the HTTP API: what the routes answer with and what the client checks. Bytes are
 * lower-case hex without a prefix, amounts decimal strings of micro-tokens, times milliseconds.
 */

const natural = z.int().min(0);
const hex = z.string().regex(/^([0-9a-f]{2})*$/);
const amount = z.string().regex(/^\d{1,20}$/);

/** A reason why nothing becomes final: the fact with its numbers, and what to do. */
export const Finding = z.object({ code: z.string(), message: z.string(), next: z.string() });

/** `GET /status`. */
export const Status = z.object({
  name: z.string(),
  genesis: hex,
  version: z.string(),
  role: z.enum(["validator", "observer"]),
  /** Account of the validator, when the node is one. */
  validator: hex.optional(),
  head: z.object({
    sequence: natural,
    digest: hex,
    /** Root of this node's own state tree, computed by it. */
    stateRoot: hex,
    timestamp: natural,
  }),
  /** The sequence in hand and whose turn it is. */
  consensus: z.object({
    sequence: natural,
    view: natural,
    phase: z.string(),
    leader: hex.optional(),
    /** Why this node signs nothing at it; absent while it signs, or is an observer. */
    quiet: z.string().optional(),
    /** The first sequence that it signs at again, when that is known. */
    signsFrom: natural.optional(),
    /** Head of the peers, when it is more than this node has. */
    behind: natural.optional(),
  }),
  /** Consensus keys that the node holds, and which of them votes at the sequence in hand. */
  keys: z.array(z.object({ key: hex, votes: z.boolean() })),
  /** Since a block became final on this node, or since its start. */
  quietMs: natural,
  /** Why nothing becomes final, or why this node takes no part; empty when all is well. */
  why: z.array(Finding),
  supply: z.object({ total: amount, minted: amount, burned: amount }),
  /** Balance of the treasury: fees that are not burned, and slashed stake. */
  treasury: amount,
  /** Validators that were ever slashed, whether in the set or not any more. */
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

/** `GET /accounts/:id`. An account that nobody has used is one with nothing. */
export const AccountState = z.object({
  id: hex,
  balance: amount,
  /** Proofs of the account in blocks. */
  nonce: natural,
  /** Nonce of the next proof, those that wait in the mempool counted. */
  nextNonce: natural,
});
export type AccountState = z.infer<typeof AccountState>;

/** One proof's fate in its block. */
export const ReceiptBody = z.object({
  hash: hex,
  sequence: natural,
  index: natural,
  kind: z.enum(["publish", "invoke", "theorem"]),
  author: hex,
  verdict: z.string(),
  /** Basis of a `valid`: `certified` by the kernel, or the word of the `solver`; else `none`. */
  trust: z.string(),
  outcome: z.string(),
  difficulty: natural,
  resource: natural,
  /** Charged in all: `burned`, the `tip` of the proposer, and the rest for the treasury. */
  fee: amount,
  burned: amount,
  tip: amount,
  errorCode: z.string(),
  /** For people: the false guard, the fault, or the reason of the Judge. */
  detail: z.string(),
});
export type ReceiptBody = z.infer<typeof ReceiptBody>;

/** `GET /proofs/:hash`. */
export const ProofState = z.discriminatedUnion("status", [
  z.object({ status: z.literal("pending"), hash: hex }),
  z.object({ status: z.literal("final"), receipt: ReceiptBody }),
  /**
   * It left this node's mempool without a block, and why: `replaced by HASH`, `it expired at sequence
   * N`, and so on, of the last 4,096. Another node may still have it.
   */
  z.object({ status: z.literal("refused"), hash: hex, code: z.string(), message: z.string() }),
]);
export type ProofState = z.infer<typeof ProofState>;

/** `POST /proofs`: the proof is in this node's mempool. */
export const Submitted = z.object({ hash: hex, status: z.literal("pending") });
export type Submitted = z.infer<typeof Submitted>;

/** One of `GET /validators`. */
export const ValidatorBody = z.object({
  id: hex,
  key: hex,
  /** The key that it will vote with after a coming border, when it has asked for one. */
  nextKey: hex.optional(),
  /** Voting power in effect; 0 for one that is not in the set. */
  power: amount,
  stake: amount,
  status: z.string(),
  /** Earned since the first block. */
  rewards: amount,
  /** Tips of the blocks that it proposed. */
  tips: amount,
  /** Withdrawn, still locked, and within reach of a slash. */
  unbonding: amount,
  /** Certificates of the last finished epochs that have its vote, of those that could have it. */
  accuracy: z.object({ votes: natural, blocks: natural, basisPoints: natural }),
  /** Convictions, and their cost so far. */
  offences: natural,
  slashed: amount,
});
export type ValidatorBody = z.infer<typeof ValidatorBody>;
/** `GET /validators?after=&limit=`: of the set that votes on the next block, 1,000 at most. */
export const ValidatorsBody = z.object({
  validators: z.array(ValidatorBody),
  next: hex.optional(),
});

/**
 * A piece of evidence: whom it convicts, of what, and where. Event `evidence`: this node itself has
 * seen an offence, which a later block punishes, once; the log has the whole of it.
 */
export const EvidenceBody = z.object({
  /** SHA-256 of the evidence; `GET /evidence/:id` has the evidence itself. */
  id: hex,
  kind: z.enum(["double-vote", "double-proposal", "hidden-lock", "invalid-verification"]),
  validator: hex,
  /** The key that signed what convicts. */
  key: hex,
  sequence: natural,
  view: natural,
  phase: z.string().optional(),
  /** For people: what the validator did. */
  detail: z.string(),
});
export type EvidenceBody = z.infer<typeof EvidenceBody>;

/** Evidence with its bytes, an `Evidence` of `@aethel/models`: anyone can check it by itself. */
export const WholeEvidence = EvidenceBody.extend({ ssz: hex });
export type WholeEvidence = z.infer<typeof WholeEvidence>;

/** Loss of a validator in a block, and the reason. Event `slashed`; in blocks; `GET /slashes`. */
export const SlashBody = z.object({
  /** Sequence of the block that punished. */
  sequence: natural,
  validator: hex,
  /** Went to the treasury. */
  amount,
  /** Bonded stake after that block. */
  stake: amount,
  /** Empty where a border raised what earlier evidence costs, by the power that was convicted. */
  evidence: z.array(EvidenceBody),
});
export type SlashBody = z.infer<typeof SlashBody>;
/** `GET /slashes?from=&limit=`, ascending by block; without `from` the last ones. */
export const SlashesBody = z.object({ head: natural, slashes: z.array(SlashBody) });

/** `GET /validators/:id`: of any that ever staked, in the set or not. */
export const ValidatorDetail = ValidatorBody.extend({
  slashes: z.array(SlashBody),
  /**
   * Parts of `unbonding`, and the block time in milliseconds from which each is paid out. Stake that was
   * withdrawn in this epoch is not among them: it has a date from the border at which its power is gone.
   */
  payouts: z.array(z.object({ amount, freeAt: natural })),
});
export type ValidatorDetail = z.infer<typeof ValidatorDetail>;

/** `GET /evidence/:id`. */
export const EvidenceDetail = WholeEvidence.extend({ slash: SlashBody });
export type EvidenceDetail = z.infer<typeof EvidenceDetail>;

/** `GET /blocks/:sequence`. */
export const BlockBody = z.object({
  sequence: natural,
  digest: hex,
  parent: hex,
  timestamp: natural,
  proposer: hex,
  /** The view whose certificate made it final, and how many signed. Genesis has none. */
  certificate: z.object({ view: natural, signers: natural }).optional(),
  stateRoot: hex,
  supply: amount,
  totalDifficulty: natural,
  proofs: z.array(ReceiptBody),
  slashes: z.array(SlashBody),
});
export type BlockBody = z.infer<typeof BlockBody>;
/** `GET /blocks?from=&limit=`, ascending; without `from` the last ones. */
export const BlocksBody = z.object({ head: natural, blocks: z.array(BlockBody) });

/** Basis on which a record can be checked again: `GET /certificates/:digest` has the bytes. */
const Certification = z.object({ kernelVersion: natural, certificateHash: hex });

/** `GET /theorems/:digest`, by the SHA-256 of the script. */
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

/** One of `GET /intents`. */
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
/** `GET /intents?name=&after=&limit=`, by name; `next` is the `after` of the next page. */
export const IntentsBody = z.object({ intents: z.array(IntentBody), next: hex.optional() });

/** `GET /mempool`. */
export const MempoolBody = z.object({
  proofs: natural,
  /** Those among them that cannot run yet: behind a nonce, or at too high a base fee. */
  waiting: natural,
  bytes: natural,
  hashes: z.array(hex),
});
export type MempoolBody = z.infer<typeof MempoolBody>;

/** Event `judged`: this node's own Judge has an answer. */
export const JudgedEvent = z.object({
  hash: hex,
  kind: z.enum(["publish", "invoke", "theorem"]),
  verdict: z.enum(["valid", "refuted", "unknown"]),
  /** Basis of a `valid`. */
  trust: z.enum(["certified", "solver"]).optional(),
  /** Present when the solver proved it and nothing certified it. */
  code: z.literal("uncertified").optional(),
  difficulty: natural,
  resource: natural,
  ms: z.number(),
  reason: z.string().optional(),
  /** The counterexample, a line an entry. */
  counterexample: z.array(z.string()).optional(),
});
export type JudgedEvent = z.infer<typeof JudgedEvent>;

/** Event `refused`: a proof left this node's mempool without a block, and why. */
export const RefusedEvent = z.object({ hash: hex, code: z.string(), message: z.string() });
export type RefusedEvent = z.infer<typeof RefusedEvent>;

/** Event `finalized`. */
export const FinalizedEvent = z.object({
  sequence: natural,
  view: natural,
  digest: hex,
  stateRoot: hex,
  proposer: hex,
  /** From this node's first sight of the proposal to its finality. */
  ms: z.number(),
  proofs: z.array(ReceiptBody),
});
export type FinalizedEvent = z.infer<typeof FinalizedEvent>;

/**
 * Event `view-changed`: the leader of the view before did not bring a block to finality. Told when
 * this node asks for the view (`timeout`, `no-proposal` by its deadline, `overdue`,
 * `refused-proposal`, or `joined` with others), and when it enters the view (`new-view`,
 * `certificate`).
 */
export const ViewChangedEvent = z.object({ sequence: natural, view: natural, cause: z.string() });
export type ViewChangedEvent = z.infer<typeof ViewChangedEvent>;

/** Event `why`: the reasons why nothing becomes final have changed; none: all is well again. */
export const WhyEvent = z.object({ findings: z.array(Finding) });
export type WhyEvent = z.infer<typeof WhyEvent>;

/** Event `block-refused`: this node votes against a block that was proposed, and why. */
export const BlockRefusedEvent = z.object({ digest: hex, reason: z.string() });
export type BlockRefusedEvent = z.infer<typeof BlockRefusedEvent>;

/** Event `accuracy`: a validator's votes are missing from more than 5 % of the certificates. */
export const AccuracyEvent = z.object({
  sequence: natural,
  validator: hex,
  basisPoints: natural,
  votes: natural,
  blocks: natural,
});
export type AccuracyEvent = z.infer<typeof AccuracyEvent>;

/** Form of every refusal. */
export const ErrorEnvelope = z.object({
  error: z.object({ code: z.string(), message: z.string(), next: z.string() }),
});
