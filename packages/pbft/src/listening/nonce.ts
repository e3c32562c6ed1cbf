/** The part of Web Cryptography that is needed here; browsers and Node have it. */
interface Platform {
  readonly crypto?: { getRandomValues(bytes: Uint8Array): Uint8Array };
}

/**
 * 32 bytes that nobody can guess, from the platform. Not for the engine: only a replica that is given
 * no source of its own uses it, and in a simulation it is given one.
 *
 * @throws Error where the platform has no random source.
 */
export function randomNonce(): Uint8Array {
  const { crypto }: Platform = globalThis as Platform;
  if (crypto === undefined) throw new Error("no random source: give the replica one");
  return crypto.getRandomValues(new Uint8Array(32));
}
