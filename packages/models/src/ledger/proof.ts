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

/** Fields of every kind of proof. The author signs it and pays the fee. */
const envelope = {
  author: accountId,
  /** Number of the author's earlier proofs in blocks. Each value can be used once. */
  nonce,
  /**
   * Greatest number of solver units (publish, theorem) or execution units (invoke) that may be
   * used.
   */
  resourceLimit: resource,
  /** Greatest number of micro-tokens that may be charged; the rest is returned. */
  feeLimit: amount,
  /** Last sequence at which the proof may enter a block. */
  expiry: sequence,
  /**
   * Tip for the block's proposer, in micro-tokens for each million units of weight. Undefined for
   * none.
   */
  tip: optional(amount),
};

/** Type of the fields of every kind of proof. A missing `tip` means none. */
interface Envelope {
  readonly author: AccountId;
  readonly nonce: Nonce;
  readonly resourceLimit: Resource;
  readonly feeLimit: Amount;
  readonly expiry: Sequence;
  readonly tip?: Amount | undefined;
}

/** Publication of intents. Every validator has them proved once, for all inputs. */
export const Publish: Codec<Publish> = struct("Publish", {
  ...envelope,
  source: boundedBytes(SOURCE_BYTES_MAX),
});
/** Type of a publication. */
export interface Publish extends Envelope {
  readonly source: Uint8Array;
}

/** SMT-LIB 2 script that is claimed to be unsatisfiable. */
export const Theorem: Codec<Theorem> = struct("Theorem", {
  ...envelope,
  script: boundedBytes(SCRIPT_BYTES_MAX),
});
/** Type of a theorem. */
export interface Theorem extends Envelope {
  readonly script: Uint8Array;
}

/**
 * Argument of an invoke. An `integer` is sign and magnitude; zero is never negative. A `word` is the
 * index of a word of an enumeration. Only calls of contracts take the last three.
 */
export const Argument = union("Argument", {
  account: struct("AccountArgument", { value: accountId }),
  amount: struct("AmountArgument", { value: amount }),
  integer: struct("IntegerArgument", { negative: boolean, magnitude: bigNatural(16) }),
  boolean: struct("BooleanArgument", { value: boolean }),
  asset: struct("AssetArgument", { value: assetId }),
  digest: struct("DigestArgument", { value: digest }),
  signature: struct("SignatureArgument", { value: signature }),
  word: struct("WordArgument", { value: natural(1) }),
});
export type Argument = Infer<typeof Argument>;

/** Account that signs an invoke in addition to the author. Its own nonce prevents replay. */
export const Cosigner = struct("Cosigner", { account: accountId, nonce });
export type Cosigner = Infer<typeof Cosigner>;

/** Call of a published intent: evaluates its guards on the state, and applies its effects. */
export const Call: Codec<{
  /** Digest of the published intent. */
  readonly intent: Digest;
  readonly arguments: readonly Argument[];
}> = struct("Call", { intent: digest, arguments: list(Argument, ARGUMENTS_MAX) });
export type Call = Infer<typeof Call>;

/**
 * Greatest amount by which the holdings of one signer in one asset may fall during a transaction.
 * The fee and the deposits of the author are not counted.
 */
export const SpendingLimit = struct("SpendingLimit", {
  /** Index of the signer: 0 for the author, then the cosigners in their order. */
  signer: natural(1, COSIGNERS_MAX),
  /** Id of the asset. 32 zero bytes: the native asset. */
  asset: assetId,
  amount,
});
export type SpendingLimit = Infer<typeof SpendingLimit>;

/** Transaction of calls. They run in order, and either all or none take effect. */
export const Invoke: Codec<Invoke> = struct("Invoke", {
  ...envelope,
  calls: list(Call, CALLS_MAX),
  cosigners: list(Cosigner, COSIGNERS_MAX),
  spending: optional(list(SpendingLimit, SPENDING_LIMITS_MAX)),
});
/** Type of an invoke. */
export interface Invoke extends Envelope {
  /** Calls, 1 to 16. */
  readonly calls: readonly Call[];
  /** Cosigners, strictly ascending by account. The author is not among them. */
  readonly cosigners: readonly Cosigner[];
  /**
   * Limits on losses, strictly ascending by signer and asset. For every signer and asset that is
   * not listed the limit is 0. Undefined: no limits, which a call of a contract does not allow.
   */
  readonly spending?: readonly SpendingLimit[] | undefined;
}

/** Signed body of a proof. */
export const ProofBody = union("ProofBody", { publish: Publish, invoke: Invoke, theorem: Theorem });
export type ProofBody = Infer<typeof ProofBody>;

/** Proof: the body, then the signatures of the author and of each cosigner, in order. */
export const Proof: Codec<{
  readonly body: ProofBody;
  readonly signatures: readonly Signature[];
}> = struct("Proof", { body: ProofBody, signatures: list(signature, 1 + COSIGNERS_MAX) });
export type Proof = Infer<typeof Proof>;

/** Reason why a proof is malformed or not properly signed. */
export type ProofDefect =
  | "cosigners-unordered"
  | "author-among-cosigners"
  | "negative-zero"
  | "no-call"
  | "spending-unordered"
  | "spending-signer"
  | "signature-count"
  | "bad-signature";

const items = new WeakMap<Proof, Item>();
const proofs = new WeakMap<Item, Proof>();

/** Returns the item that carries a proof in a block. Each proof object is encoded only once. */
export function proofItem(proof: Proof): Item {
  const known = items.get(proof);
  if (known !== undefined) return known;
  const item = itemOf(Proof.encode(proof));
  items.set(proof, item);
  proofs.set(item, proof);
  return item;
}

/**
 * Decodes the proof that an item carries. Each item object is decoded only once.
 *
 * @throws ModelsError `DECODE` for bytes that are no proof.
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
 * Returns the hash that identifies a proof in blocks and receipts. It covers the signatures. It is
 * the hash of the proof's item, a leaf under a block's payload root.
 */
export function hashProof(proof: Proof): Digest {
  return proofItem(proof).hash;
}

/**
 * Returns the accounts that must sign, the author first. Only they can lose something by the proof.
 */
export function signersOf(body: ProofBody): readonly AccountId[] {
  if (body.type !== "invoke") return [body.author];
  return [body.author, ...body.cosigners.map((cosigner) => cosigner.account)];
}

/** Signs a body. `signers` are those of the author and of each cosigner, in this order. */
export function signProof(
  genesis: Digest,
  body: ProofBody,
  signers: readonly [Signer, ...Signer[]],
): Proof {
  const object = { tag: "proof", genesis, bytes: ProofBody.encode(body) } as const;
  return { body, signatures: signers.map((signer) => signer.sign(object)) };
}

/**
 * Returns what is wrong with the form or the signatures of a proof. `undefined` if nothing is.
 * Never throws for a decoded proof.
 */
export function findProofDefect(genesis: Digest, proof: Proof): ProofDefect | undefined {
  const { body, signatures } = proof;
  const signers = signersOf(body);
  const form = findFormDefect(proof);
  if (form !== undefined) return form;
  const object = { tag: "proof", genesis, bytes: ProofBody.encode(body) } as const;
  const allSigned = signatures.every((signature, at) => {
    const signer = signers[at];
    return signer !== undefined && verifySigned(toPublicKey(signer), object, signature);
  });
  return allSigned ? undefined : "bad-signature";
}

/**
 * Returns what is wrong with the form of a proof or with the number of its signatures. `undefined`
 * if nothing is. Verifies no signature.
 */
export function findFormDefect({ body, signatures }: Proof): ProofDefect | undefined {
  const shape = shapeDefect(body);
  if (shape !== undefined) return shape;
  return signatures.length === signersOf(body).length ? undefined : "signature-count";
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
  return negativeZero ? "negative-zero" : spendingDefect(body);
}

function spendingDefect({ spending = [], cosigners }: Invoke): ProofDefect | undefined {
  const ascending = spending.every((limit, at) => {
    const previous = spending[at - 1];
    return previous === undefined || isBefore(previous, limit);
  });
  if (!ascending) return "spending-unordered";
  return spending.some(({ signer }) => signer > cosigners.length) ? "spending-signer" : undefined;
}

function isBefore(left: SpendingLimit, right: SpendingLimit): boolean {
  if (left.signer !== right.signer) return left.signer < right.signer;
  return compareBytes(left.asset, right.asset) < 0;
}

function isNegativeZero(argument: Argument): boolean {
  return argument.type === "integer" && argument.negative && argument.magnitude === 0n;
}
