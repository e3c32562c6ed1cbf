/** The part of Web Cryptography that is needed here; browsers and Node have it. */
interface Platform {
  readonly crypto?: { getRandomValues(bytes: Uint8Array): Uint8Array };
}

/**
 * Returns 32 random bytes from the platform, for a replica whose options give it no random source.
 * Not for the engine, and not for simulations, which give each replica a source.
 *
 * @throws Error where the platform has no random source.
 */
export function randomNonce(): Uint8Array {
  const { crypto }: Platform = globalThis as Platform;
  if (crypto === undefined) throw new Error("no random source: give the replica one");
  return crypto.getRandomValues(new Uint8Array(32));
}
