import {
  equalBytes,
  indexOfValidator,
  type PublicKey,
  type Signer,
  type ValidatorSet,
  validatorAt,
} from "@aethel/models";
import type { Config } from "./config.ts";

/** The key that a set names for this replica, or undefined if it is not a member. */
export function ownKeyIn({ id }: Pick<Config, "id">, set: ValidatorSet): PublicKey | undefined {
  const index = indexOfValidator(set, id);
  return index === undefined ? undefined : validatorAt(set, index)?.key;
}

/**
 * Whether this replica can sign with the key that a set names for it. `keys` absent from the
 * configuration: whoever drives the engine answers for that.
 */
export function holdsKeyOf(config: Pick<Config, "id" | "keys">, set: ValidatorSet): boolean {
  const key = ownKeyIn(config, set);
  const { keys } = config;
  return key === undefined || keys === undefined || keys.some((own) => equalBytes(own, key));
}

/** Finds the one of several signers whose key a set names for `id`. */
export function signerFor(
  signers: readonly Signer[],
  id: Config["id"],
  set: ValidatorSet,
): Signer | undefined {
  const key = ownKeyIn({ id }, set);
  return signers.find(({ publicKey }) => key !== undefined && equalBytes(publicKey, key));
}

/** The configuration with the keys that the signers have now: one may be added while it runs. */
export function withKeysOf(config: Config, signers: readonly Signer[]): Config {
  if (signers.length === config.keys?.length) return config;
  return { ...config, keys: signers.map(({ publicKey }) => publicKey) };
}

/** Returns the signers of a replica, as of now. */
export function signersOf(options: {
  readonly signer: Signer;
  readonly signers?: readonly Signer[];
}): readonly Signer[] {
  return options.signers ?? [options.signer];
}
