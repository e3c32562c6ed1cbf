import { compareBytes, equalBytes, toHex } from "../bytes.ts";
import {
  accountId,
  amount,
  type Codec,
  enumeration,
  type Infer,
  list,
  publicKey,
  struct,
} from "../codec/index.ts";
import { ModelsError } from "../errors.ts";
import { sha256 } from "../hash.ts";
import {
  type AccountId,
  AMOUNT_MAX,
  type Amount,
  type Digest,
  toAmount,
  toValidatorIndex,
  type ValidatorIndex,
} from "../ids.ts";
import {
  CERTIFICATE_SCHEMES,
  type CertificateSchemeName,
  DEFAULT_SCHEME,
} from "../keys/certificate-schemes.ts";
import { VALIDATORS_MAX } from "../limits.ts";

/** Member of a validator set: its id, its consensus key, and its voting power. */
export const Validator = struct("Validator", { id: accountId, key: publicKey, power: amount });
export type Validator = Infer<typeof Validator>;

const Validators: Codec<{ readonly validators: readonly Validator[] }> = struct("Validators", {
  validators: list(Validator, VALIDATORS_MAX),
});

/**
 * Validator set with another certificate scheme than the default. Its encoding begins with another
 * offset than the plain form, so no set of one form has the same bytes or hash as a set of the
 * other.
 */
const ValidatorsByScheme: Codec<{
  readonly scheme: string;
  readonly validators: readonly Validator[];
}> = struct("ValidatorsByScheme", {
  scheme: enumeration(Object.keys(CERTIFICATE_SCHEMES)),
  validators: list(Validator, VALIDATORS_MAX),
});

/**
 * Validators of an epoch, ascending by id. Ids and keys are distinct, and every power is positive.
 */
export interface ValidatorSet {
  readonly validators: readonly Validator[];
  readonly totalPower: Amount;
  /** Scheme of the set's certificates. Undefined for the default: a list of Ed25519 signatures. */
  readonly scheme?: CertificateSchemeName;
  /**
   * Digest of the set's canonical encoding. Headers and ViewChange messages name the set by this
   * digest.
   */
  readonly hash: Digest;
}

/**
 * Makes a validator set.
 * @throws ModelsError `RANGE` for an empty set, a duplicate, or zero power.
 */
export function createValidatorSet(
  validators: readonly Validator[],
  options: { readonly scheme?: CertificateSchemeName } = {},
): ValidatorSet {
  const sorted = validators.toSorted((left, right) => compareBytes(left.id, right.id));
  const ids = new Set(sorted.map((validator) => toHex(validator.id)));
  const keys = new Set(sorted.map((validator) => toHex(validator.key)));
  const total = sorted.reduce((sum, validator) => sum + validator.power, 0n);
  if (sorted.length === 0) refuse("is empty");
  if (sorted.length > VALIDATORS_MAX) refuse(`has more than ${VALIDATORS_MAX} members`);
  if (ids.size !== sorted.length) refuse("names a validator twice");
  if (keys.size !== sorted.length) refuse("holds one key twice");
  if (sorted.some((validator) => validator.power === 0n)) refuse("has a member without power");
  if (total > AMOUNT_MAX) refuse("has more than 2^64-1 power");
  const { scheme = DEFAULT_SCHEME } = options;
  const named = scheme === DEFAULT_SCHEME ? {} : { scheme };
  const hash = sha256(encodeValidatorSet({ validators: sorted, ...named }));
  return { validators: sorted, totalPower: toAmount(total), ...named, hash };
}

/** Returns the canonical bytes of a set, for storage and light clients. */
export function encodeValidatorSet(set: Pick<ValidatorSet, "validators" | "scheme">): Uint8Array {
  const { validators, scheme } = set;
  if (scheme === undefined || scheme === DEFAULT_SCHEME) return Validators.encode({ validators });
  return ValidatorsByScheme.encode({ scheme, validators });
}

/**
 * Decodes a validator set.
 * @throws ModelsError `DECODE` or `RANGE` unless the bytes are those of a well-formed, sorted set.
 */
export function decodeValidatorSet(bytes: Uint8Array): ValidatorSet {
  const isPlain = bytes[0] === Validators.layout.minSize;
  const { validators, ...rest } = isPlain
    ? Validators.decode(bytes)
    : ValidatorsByScheme.decode(bytes);
  const set = createValidatorSet(validators, rest as { readonly scheme?: CertificateSchemeName });
  if (!equalBytes(encodeValidatorSet(set), bytes)) refuse("is not in its one form and order");
  return set;
}

/**
 * Whether a power is a quorum: strictly more than two thirds. Two quorums share more than a third.
 */
export function isQuorum(power: bigint, set: Pick<ValidatorSet, "totalPower">): boolean {
  return power * 3n > set.totalPower * 2n;
}

/**
 * Whether a power is a weak quorum: strictly more than one third. At least one of its members is
 * honest.
 */
export function isWeakQuorum(power: bigint, set: Pick<ValidatorSet, "totalPower">): boolean {
  return power * 3n > set.totalPower;
}

/**
 * Returns the validator at an index from a message. Undefined if the index is out of bounds (B16 in
 * docs/known-bugs.md).
 */
export function validatorAt(set: ValidatorSet, index: ValidatorIndex): Validator | undefined {
  return set.validators[index];
}

/** Returns the index of a validator in the set. Undefined if it is not a member. */
export function indexOfValidator(set: ValidatorSet, id: AccountId): ValidatorIndex | undefined {
  let [low, high] = [0, set.validators.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const found = set.validators[middle];
    const order = found === undefined ? 0 : compareBytes(found.id, id);
    if (order === 0) return toValidatorIndex(middle);
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return undefined;
}

/** Returns the power of the members at `indices`. Each is counted once. */
export function powerOf(set: ValidatorSet, indices: Iterable<ValidatorIndex>): bigint {
  let power = 0n;
  for (const index of new Set(indices)) power += set.validators[index]?.power ?? 0n;
  return power;
}

function refuse(reason: string): never {
  throw new ModelsError({ code: "RANGE", what: "validator set", reason });
}
