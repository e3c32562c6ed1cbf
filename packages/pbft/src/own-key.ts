import {
  equalBytes,
  indexOfValidator,
  type PublicKey,
  type Signer,
  type ValidatorSet,
  validatorAt,
} from "@aethel/models";
import type { Config } from "./config.ts";

/** Returns the key that a set has for this replica's validator. Undefined if it is not a member. */
export function ownKeyIn({ id }: Pick<Config, "id">, set: ValidatorSet): PublicKey | undefined {
  const index = indexOfValidator(set, id);
  return index === undefined ? undefined : validatorAt(set, index)?.key;
}

/**
 * Whether this replica can sign with the key that a set has for it. Also true if the set has none.
 * If `keys` is undefined, the driver must ensure that it has the key.
 */
export function holdsKeyOf(config: Pick<Config, "id" | "keys">, set: ValidatorSet): boolean {
  const key = ownKeyIn(config, set);
  const { keys } = config;
  return key === undefined || keys === undefined || keys.some((own) => equalBytes(own, key));
}

/** Finds the signer whose key a set has for the validator `id`. Undefined if there is none. */
export function signerFor(
  signers: readonly Signer[],
  id: Config["id"],
  set: ValidatorSet,
): Signer | undefined {
  const key = ownKeyIn({ id }, set);
  return signers.find(({ publicKey }) => key !== undefined && equalBytes(publicKey, key));
}

/**
 * Returns the configuration with the keys that the signers have now, since a signer may be added
 * while the replica runs.
 */
export function withKeysOf(config: Config, signers: readonly Signer[]): Config {
  if (signers.length === config.keys?.length) return config;
  return { ...config, keys: signers.map(({ publicKey }) => publicKey) };
}

/** Returns the signers that a replica has now. */
export function signersOf(options: {
  readonly signer: Signer;
  readonly signers?: readonly Signer[];
}): readonly Signer[] {
  return options.signers ?? [options.signer];
}
