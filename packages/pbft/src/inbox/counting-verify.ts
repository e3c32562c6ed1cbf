import type { VerifySigned } from "@aethel/models";
import { createRememberingVerify, type RememberingVerify } from "./remembering-verify.ts";

/** Function that verifies signatures, with a count of the verifications. */
export interface CountingVerify {
  readonly verify: VerifySigned;
  /** Returns the number of verifications so far. */
  count(): number;
}

/**
 * Creates the function with which a replica verifies signatures. A `RememberingVerify`, which other
 * parts of the node may share, does the counting itself. Any other function is called for each
 * signature, because it may have a cache of its own. The same signature is then counted only once.
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
