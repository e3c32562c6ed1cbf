import { compareBytes } from "../bytes.ts";
import {
  accountId,
  amount,
  assetId,
  bigNatural,
  boolean,
  boundedBytes,
  type Codec,
  digest,
  type Infer,
  list,
  natural,
  nonce,
  optional,
  resource,
  sequence,
  signature,
  struct,
  union,
} from "../codec/index.ts";
import { type Item, itemOf } from "../consensus/item.ts";
import {
  type AccountId,
  type Amount,
  type Digest,
  type Nonce,
  type Resource,
  type Sequence,
  type Signature,
  toPublicKey,
} from "../ids.ts";
import { type Signer, verifySigned } from "../keys/signer.ts";
import {
  ARGUMENTS_MAX,
  CALLS_MAX,
  COSIGNERS_MAX,
  SCRIPT_BYTES_MAX,
  SOURCE_BYTES_MAX,
  SPENDING_LIMITS_MAX,
} from "../limits.ts";

/** What each kind of proof carries. The author pays the fee and always counts as a signer. */
const envelope = {
  author: accountId,
  /** Count of the author's earlier proofs in blocks; each value can be used once. */
  nonce,
  /** Most solver units (publish, theorem) or execution units (invoke) that may be spent. */
  resourceLimit: resource,
  /** Most micro-tokens that may be charged; what is not charged comes back. */
  feeLimit: amount,
  /** Last sequence at which the proof may enter a block. */
  expiry: sequence,
  /** Micro-tokens for each million units of weight, to the block's proposer. Absent: none. */
  tip: optional(amount),
};

/** Fields that every kind of proof carries; a tip that is left out is none. */
interface Envelope {
  readonly author: AccountId;
  readonly nonce: Nonce;
  readonly resourceLimit: Resource;
  readonly feeLimit: Amount;
  readonly expiry: Sequence;
  readonly tip?: Amount | undefined;
}

/** Source text of intents: proved once, for all inputs, by every validator. */
export const Publish: Codec<Publish> = struct("Publish", {
  ...envelope,
  source: boundedBytes(SOURCE_BYTES_MAX),
});
/** A publication of intents as a value. */
export interface Publish extends Envelope {
  readonly source: Uint8Array;
}

/** An SMT-LIB 2 script claimed unsatisfiable. */
export const Theorem: Codec<Theorem> = struct("Theorem", {
  ...envelope,
  script: boundedBytes(SCRIPT_BYTES_MAX),
});
/** A theorem as a value. */
export interface Theorem extends Envelope {
  readonly script: Uint8Array;
}

/** One argument of an invoke. `integer` is sign and magnitude; zero is never negative. */
export const Argument = union("Argument", {
  account: struct("AccountArgument", { value: accountId }),
  amount: struct("AmountArgument", { value: amount }),
  integer: struct("IntegerArgument", { negative: boolean, magnitude: bigNatural(16) }),
  boolean: struct("BooleanArgument", { value: boolean }),
  asset: struct("AssetArgument", { value: assetId }),
});
export type Argument = Infer<typeof Argument>;

/** A signer beside the author, with its own nonce, so that its consent cannot be replayed either. */
export const Cosigner = struct("Cosigner", { account: accountId, nonce });
export type Cosigner = Infer<typeof Cosigner>;

/** One call of a published intent: guards evaluated on the state, effects applied. */
export const Call: Codec<{
  /** Digest of the published intent. */
  readonly intent: Digest;
  readonly arguments: readonly Argument[];
}> = struct("Call", { intent: digest, arguments: list(Argument, ARGUMENTS_MAX) });
export type Call = Infer<typeof Call>;

/** The most of one asset that one signer may lose by a whole transaction, its fee apart. */
export const SpendingLimit = struct("SpendingLimit", {
  /** 0 for the author, then the cosigners in their order. */
  signer: natural(1, COSIGNERS_MAX),
  asset: assetId,
  amount,
});
export type SpendingLimit = Infer<typeof SpendingLimit>;

/** Calls that run in order, all or none of them. */
export const Invoke: Codec<Invoke> = struct("Invoke", {
  ...envelope,
  calls: list(Call, CALLS_MAX),
  cosigners: list(Cosigner, COSIGNERS_MAX),
  spending: optional(list(SpendingLimit, SPENDING_LIMITS_MAX)),
});
/** A transaction of calls as a value. */
export interface Invoke extends Envelope {
  /** One to 16. The ledger runs one for now and refuses more. */
  readonly calls: readonly Call[];
  /** Strictly ascending by account; the author is not among them. */
  readonly cosigners: readonly Cosigner[];
  /** Absent: no limits are stated. The ledger takes none for now. */
  readonly spending?: readonly SpendingLimit[] | undefined;
}

/** What author and cosigners sign. */
export const ProofBody = union("ProofBody", { publish: Publish, invoke: Invoke, theorem: Theorem });
export type ProofBody = Infer<typeof ProofBody>;

/** A proof as it travels: the body, the author's signature, then one for each cosigner in order. */
export const Proof: Codec<{
  readonly body: ProofBody;
  readonly signatures: readonly Signature[];
}> = struct("Proof", { body: ProofBody, signatures: list(signature, 1 + COSIGNERS_MAX) });
export type Proof = Infer<typeof Proof>;

/** Why a proof is malformed or not signed by whom it names. */
export type ProofDefect =
  | "cosigners-unordered"
  | "author-among-cosigners"
  | "negative-zero"
  | "no-call"
  | "signature-count"
  | "bad-signature";

const items = new WeakMap<Proof, Item>();
const proofs = new WeakMap<Item, Proof>();

/** The item that carries a proof in a block; encoded once for each object. */
export function proofItem(proof: Proof): Item {
  const known = items.get(proof);
  if (known !== undefined) return known;
  const item = itemOf(Proof.encode(proof));
  items.set(proof, item);
  proofs.set(item, proof);
  return item;
}

/**
 * The proof that an item carries; decoded once for each object.
 *
 * @throws ModelsError `DECODE` when the bytes are no proof.
 */
export function itemProof(item: Item): Proof {
  const known = proofs.get(item);
  if (known !== undefined) return known;
  const proof = Proof.decode(item.bytes);
  items.set(proof, item);
  proofs.set(item, proof);
  return proof;
}

/**
 * Name of a proof in blocks and receipts, signatures included: the hash of its item, which is its leaf
 * under a block's payload root.
 */
export function hashProof(proof: Proof): Digest {
  return proofItem(proof).hash;
}

/** Author first, then the cosigners: everyone whose accounts the proof may draw on. */
export function signersOf(body: ProofBody): readonly AccountId[] {
  if (body.type !== "invoke") return [body.author];
  return [body.author, ...body.cosigners.map((cosigner) => cosigner.account)];
}

/** Signs a body with the author's signer first and then the cosigners' in their order. */
export function signProof(
  genesis: Digest,
  body: ProofBody,
  signers: readonly [Signer, ...Signer[]],
): Proof {
  const object = { tag: "proof", genesis, bytes: ProofBody.encode(body) } as const;
  return { body, signatures: signers.map((signer) => signer.sign(object)) };
}

/** Checks shape first, signatures last: `undefined` when all is well. Never throws on decoded proofs. */
export function findProofDefect(genesis: Digest, proof: Proof): ProofDefect | undefined {
  const { body, signatures } = proof;
  const signers = signersOf(body);
  const shape = shapeDefect(body);
  if (shape !== undefined) return shape;
  if (signatures.length !== signers.length) return "signature-count";
  const object = { tag: "proof", genesis, bytes: ProofBody.encode(body) } as const;
  const allSigned = signatures.every((signature, at) => {
    const signer = signers[at];
    return signer !== undefined && verifySigned(toPublicKey(signer), object, signature);
  });
  return allSigned ? undefined : "bad-signature";
}

function shapeDefect(body: ProofBody): ProofDefect | undefined {
  if (body.type !== "invoke") return undefined;
  const accounts = body.cosigners.map((cosigner) => cosigner.account);
  const ascending = accounts.every((account, at) => {
    const previous = accounts[at - 1];
    return previous === undefined || compareBytes(previous, account) < 0;
  });
  if (!ascending) return "cosigners-unordered";
  if (accounts.some((account) => compareBytes(account, body.author) === 0)) {
    return "author-among-cosigners";
  }
  if (body.calls.length === 0) return "no-call";
  const negativeZero = body.calls.some((call) => call.arguments.some(isNegativeZero));
  return negativeZero ? "negative-zero" : undefined;
}

function isNegativeZero(argument: Argument): boolean {
  return argument.type === "integer" && argument.negative && argument.magnitude === 0n;
}
