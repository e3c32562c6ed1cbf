import { type VerifySigned, verifySigned } from "@aethel/models";
import { createRememberingVerify } from "./remembering-verify.ts";

/** Verifies signatures and counts the verifications. */
export interface CountingVerify {
  readonly verify: VerifySigned;
  /** Verifications so far. */
  count(): number;
}

/**
 * Creates the function with which a replica verifies signatures. If `given` is defined, it is
 * called each time, since it may have a cache of its own, but the same signature counts once.
 * Otherwise signatures that hold are remembered.
 */
export function createCountingVerify(given: VerifySigned | undefined): CountingVerify {
  let verifications = 0;
  const counted: VerifySigned = (key, object, signature) => {
    verifications += 1;
    return verifySigned(key, object, signature);
  };
  if (given === undefined) {
    return { verify: createRememberingVerify(counted), count: () => verifications };
  }
  const seen = new WeakSet<Uint8Array>();
  const verify: VerifySigned = (key, object, signature) => {
    if (!seen.has(signature)) verifications += 1;
    seen.add(signature);
    return given(key, object, signature);
  };
  return { verify, count: () => verifications };
}
