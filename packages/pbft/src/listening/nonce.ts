/** Part of the Web Cryptography API that is used here. Browsers and Node have it. */
interface Platform {
  readonly crypto?: { getRandomValues(bytes: Uint8Array): Uint8Array };
}

/**
 * Returns 32 random bytes from the platform, for a replica whose options have no random source. The
 * engine and simulations must not use it; a simulation gives each replica a source.
 * @throws Error if the platform has no random source.
 */
export function randomNonce(): Uint8Array {
  const { crypto }: Platform = globalThis as Platform;
  if (crypto === undefined) throw new Error("no random source: give the replica one");
  return crypto.getRandomValues(new Uint8Array(32));
}
