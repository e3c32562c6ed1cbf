import type { VerifySigned } from "@aethel/models";
import { createRememberingVerify, type RememberingVerify } from "./remembering-verify.ts";

/** Verifies signatures and counts the verifications. */
export interface CountingVerify {
  readonly verify: VerifySigned;
  /** Verifications so far. */
  count(): number;
}

/**
 * Creates the function with which a replica verifies signatures. One that remembers, its own or one
 * that another part of the node shares, says itself what it verified. Any other is called each
 * time, since it may have a cache of its own, but the same signature counts once.
 */
export function createCountingVerify(
  given: VerifySigned = createRememberingVerify(),
): CountingVerify {
  if (isRemembering(given)) return { verify: given, count: () => given.verifications() };
  let verifications = 0;
  const seen = new WeakSet<Uint8Array>();
  const verify: VerifySigned = (key, object, signature) => {
    if (!seen.has(signature)) verifications += 1;
    seen.add(signature);
    return given(key, object, signature);
  };
  return { verify, count: () => verifications };
}

function isRemembering(verify: VerifySigned): verify is RememberingVerify {
  return "verifications" in verify;
}
