/**
 * `VerificationResult.errorCode`: why the outcome is not `applied`. Part of what is hashed; numbers
 * are never reused.
 */
export const RESULT_CODES = {
  none: 0,
  /** A guard was false on the state. */
  "guard-false": 1,
  /** The Judge has a counterexample. */
  refuted: 2,
  /** The Judge could not decide within the limit. */
  undecided: 3,
  /** Execution needed more units than its limit. */
  "execution-limit": 4,
  /** The theorem, or all intents of the source, were there already. */
  recorded: 5,
  /** The fee limit does not burn enough for what the difficulty would mint. */
  "burn-floor": 6,
  /** An account lost something without having signed. */
  authority: 7,
  /** A field that only intents of the genesis list may write. */
  privileged: 8,
  /** Money would have appeared or vanished. */
  conservation: 9,
  /** The program stopped at a fault: a store out of range or a division by zero. */
  fault: 10,
  /** Stake for an account whose id is no usable consensus key, or whose key is taken. */
  "stake-key": 11,
  /** Withdrawn stake must become balance of the same account. */
  "stake-withdrawal": 12,
  /** Too many changes of stake wait already. */
  "stake-queue": 13,
  /** The canonical text of an intent exceeds the language's limits, so it cannot be stored. */
  "not-storable": 14,
  /** The supply of a declared asset would change, and its issuer did not sign. */
  issuer: 15,
  /** The solver proved the intent, and no certificate was found that the kernel accepts. */
  uncertified: 16,
  /** The fee limit does not pay for the bytes of the certificate. */
  "certificate-fee": 17,
  /** The fee limit does not pay for what would be new in the state. */
  "state-fee": 20,
  /** Only who is jailed can ask to be unjailed. */
  "not-jailed": 18,
  /** An ejected validator can change its key when it is out of the set. */
  "still-in-set": 19,
} as const;

/** Name of a result code. */
export type ResultCode = keyof typeof RESULT_CODES;
