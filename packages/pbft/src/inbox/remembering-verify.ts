import { signingRoot, toHex, type VerifySigned, verifySigned } from "@aethel/models";

/**
 * Most signatures that are remembered. They are those of several rounds of a hundred validators.
 */
const REMEMBERED_MAX = 8_192;

/**
 * Function that verifies each signature once, with a count of the verifications. Several parts of a
 * node can share one.
 */
export interface RememberingVerify extends VerifySigned {
  /**
   * Returns the number of signatures that it has verified so far. Remembered signatures do not
   * count again.
   */
  verifications(): number;
}

/**
 * Creates a function that verifies each signature only once. The same signature often arrives
 * again: a vote also comes in certificates, and the same certificate in every ViewChange. Remembers
 * only valid signatures, by key, signed bytes and signature together.
 */
export function createRememberingVerify(verify: VerifySigned = verifySigned): RememberingVerify {
  const held = new Set<string>();
  let verifications = 0;
  const remembering: VerifySigned = (key, object, signature) => {
    const name = toHex(key) + toHex(signingRoot(object)) + toHex(signature);
    if (held.has(name)) return true;
    verifications += 1;
    if (!verify(key, object, signature)) return false;
    if (held.size >= REMEMBERED_MAX) {
      const oldest = held.values().next().value;
      if (oldest !== undefined) held.delete(oldest);
    }
    held.add(name);
    return true;
  };
  return Object.assign(remembering, { verifications: () => verifications });
}
