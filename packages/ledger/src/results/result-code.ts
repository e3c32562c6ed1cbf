/**
 * Values of `VerificationResult.errorCode`: the reason for which the outcome is not `applied`. They
 * are hashed, and numbers are never reused.
 */
export const RESULT_CODES = {
  none: 0,
  /** A guard was false on the state. */
  "guard-false": 1,
  /** The Judge has a counterexample. */
  refuted: 2,
  /** The Judge gave no decision within the limit. */
  undecided: 3,
  /** Execution needs more units than its limit. */
  "execution-limit": 4,
  /** The theorem, or all intents of the source, are recorded already. */
  recorded: 5,
  /** The fee limit covers less than must be burned for the difficulty. */
  "burn-floor": 6,
  /** An account that did not sign would lose something. */
  authority: 7,
  /** The intent writes a field that only intents of the genesis list may write. */
  privileged: 8,
  /** The sum of an asset would change. */
  conservation: 9,
  /** The program stopped at a fault: a value out of range or a division by zero. */
  fault: 10,
  /** The id of a new staker is no usable consensus key, or another validator has that key. */
  "stake-key": 11,
  /** Withdrawn stake does not become balance of the same account. */
  "stake-withdrawal": 12,
  /** Too many changes of stake are waiting. */
  "stake-queue": 13,
  /** The canonical text of an intent exceeds the language's limits, so it cannot be stored. */
  "not-storable": 14,
  /** The supply of a declared asset would change without its issuer's signature. */
  issuer: 15,
  /** The solver proved the intent, and the kernel accepted no certificate of it. */
  uncertified: 16,
  /** The fee limit does not cover the bytes of the certificate. */
  "certificate-fee": 17,
  /** The fee limit does not cover the growth of the state. */
  "state-fee": 20,
  /** A validator that is not jailed asks to be unjailed. */
  "not-jailed": 18,
  /** An ejected validator changes its key before it is out of the set. */
  "still-in-set": 19,
} as const;

/** Name of a result code. */
export type ResultCode = keyof typeof RESULT_CODES;
