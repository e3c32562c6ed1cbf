import { concatBytes, fromHex, toHex } from "../bytes.ts";
import { type NodeCrypto, nodeCrypto } from "../node-crypto.ts";
import type { Ed25519Backend } from "./ed25519-backend.ts";

// RFC 8410 §7 and §10.3: the DER wrapping of a bare Ed25519 key.
const SPKI_PREFIX = fromHex("302a300506032b6570032100");
const PKCS8_PREFIX = fromHex("302e020100300506032b657004220420");

const PUBLIC_KEYS_MAX = 16_384;
const SECRET_KEYS_MAX = 16;

/** Returns Ed25519 by Node's OpenSSL. Undefined where there is no Node. */
export function nodeEd25519(): Ed25519Backend | undefined {
  const crypto = nodeCrypto();
  return crypto === undefined ? undefined : backendOf(crypto);
}

function backendOf(crypto: NodeCrypto): Ed25519Backend {
  const publicKeys = boundedCache(PUBLIC_KEYS_MAX, (raw) => {
    const key = concatBytes(SPKI_PREFIX, raw);
    return crypto.createPublicKey({ key, format: "der", type: "spki" });
  });
  const secretKeys = boundedCache(SECRET_KEYS_MAX, (raw) => {
    const key = concatBytes(PKCS8_PREFIX, raw);
    return crypto.createPrivateKey({ key, format: "der", type: "pkcs8" });
  });
  return {
    name: "node",
    equationHolds: (key, message, signature) =>
      crypto.verify(undefined, message, publicKeys(key), signature),
    sign: (secret, message) => new Uint8Array(crypto.sign(undefined, message, secretKeys(secret))),
    publicKeyOf(secret) {
      const spki = crypto
        .createPublicKey(secretKeys(secret))
        .export({ format: "der", type: "spki" });
      return new Uint8Array(spki.subarray(SPKI_PREFIX.length));
    },
  };
}

/**
 * Returns `create` with a cache of at most `max` keys. Parsing a key costs about as much as a
 * verification.
 */
function boundedCache(
  max: number,
  create: (raw: Uint8Array) => object,
): (raw: Uint8Array) => object {
  const known = new Map<string, object>();
  return (raw) => {
    const name = toHex(raw);
    const found = known.get(name);
    if (found !== undefined) return found;
    const created = create(raw);
    if (known.size >= max) {
      const oldest = known.keys().next().value;
      if (oldest !== undefined) known.delete(oldest);
    }
    known.set(name, created);
    return created;
  };
}
