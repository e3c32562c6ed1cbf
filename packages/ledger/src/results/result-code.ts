/**
 * Values of `VerificationResult.errorCode`: the reason for which the outcome is not `applied`. They
 * are hashed. A number is never used again for another reason.
 */
export const RESULT_CODES = {
  none: 0,
  /** A guard of the intent was false on the state. */
  "guard-false": 1,
  /** The Judge refuted the claim with a counterexample. */
  refuted: 2,
  /** The Judge could not decide the claim within the resource limit. */
  undecided: 3,
  /** The run needs more execution units than the resource limit allows. */
  "execution-limit": 4,
  /** The state already has the theorem, or all intents of the source. */
  recorded: 5,
  /** The fee limit is below the amount that must be burned for the claim's difficulty. */
  "burn-floor": 6,
  /** An account that did not sign would lose balance, stake or holdings. */
  authority: 7,
  /**
   * The intent writes a field that only intents of the genesis list may write, or something outside
   * its write set.
   */
  privileged: 8,
  /** The holdings of an asset would change by a different amount than its supply. */
  conservation: 9,
  /** The program stopped at an error: a value out of range or a division by zero. */
  fault: 10,
  /**
   * The key cannot be a consensus key, or it belongs to a validator already. For a new staker, the
   * key is its id.
   */
  "stake-key": 11,
  /** Stake was withdrawn without becoming balance of the same account. */
  "stake-withdrawal": 12,
  /**
   * Too many changes of power or keys wait for an epoch boundary, or the account has too many
   * withdrawals that are still unbonding.
   */
  "stake-queue": 13,
  /**
   * The canonical text of an intent exceeds the language's limits, or its record exceeds what one
   * proof may take of a block.
   */
  "not-storable": 14,
  /** The supply of a declared asset would change without its issuer's signature. */
  issuer: 15,
  /** The solver found the intent valid, but there is no certificate that the kernel accepted. */
  uncertified: 16,
  /** The fee limit does not cover the bytes of the certificate in the block. */
  "certificate-fee": 17,
  /** The fee limit does not cover the fees for growing the state. */
  "state-fee": 20,
  /**
   * A claim of an account would fall by more than the account is paid, or its debt would rise, and
   * the account did not sign.
   */
  claims: 23,
  /** The fee limit does not cover the deposit for the cells that appear, beside the fee. */
  deposit: 22,
  /** The holdings of a signer would fall by more than the spending limits of the transaction allow. */
  spending: 24,
  /** A validator requests to be unjailed and is not jailed. */
  "not-jailed": 18,
  /** An ejected validator requests a new key before it has left the set. */
  "still-in-set": 19,
} as const;

/** Name of a result code. */
export type ResultCode = keyof typeof RESULT_CODES;
