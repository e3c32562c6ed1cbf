import { concatBytes, fromHex, toHex } from "./bytes.ts";
import type { Ed25519Backend } from "./ed25519.ts";

/** The part of Node's `crypto` that this package uses; absent in a browser. */
interface NodeCrypto {
  createPublicKey(key: { key: Uint8Array; format: "der"; type: "spki" }): object;
  createPrivateKey(key: { key: Uint8Array; format: "der"; type: "pkcs8" }): object;
  sign(algorithm: undefined, data: Uint8Array, key: object): Uint8Array;
  verify(algorithm: undefined, data: Uint8Array, key: object, signature: Uint8Array): boolean;
}

interface NodeProcess {
  getBuiltinModule?(name: string): unknown;
}

// RFC 8410 §7 and §10.3: the DER wrapping of a bare Ed25519 key.
const SPKI_PREFIX = fromHex("302a300506032b6570032100");
const PKCS8_PREFIX = fromHex("302e020100300506032b657004220420");

const KEY_OBJECTS_MAX = 16_384;

/** Ed25519 by Node's OpenSSL, or undefined where there is no Node. */
export function nodeEd25519(): Ed25519Backend | undefined {
  const host = (globalThis as { readonly process?: NodeProcess }).process;
  const crypto = host?.getBuiltinModule?.("node:crypto") as NodeCrypto | undefined;
  if (crypto === undefined) return undefined;
  const publicKeys = boundedCache((raw) => {
    const key = concatBytes(SPKI_PREFIX, raw);
    return crypto.createPublicKey({ key, format: "der", type: "spki" });
  });
  const secretKeys = boundedCache((raw) => {
    const key = concatBytes(PKCS8_PREFIX, raw);
    return crypto.createPrivateKey({ key, format: "der", type: "pkcs8" });
  }, 16);
  return {
    name: "node",
    equationHolds: (key, message, signature) =>
      crypto.verify(undefined, message, publicKeys(key), signature),
    sign: (secret, message) => new Uint8Array(crypto.sign(undefined, message, secretKeys(secret))),
  };
}

/** Parsing a key costs about as much as a verification, so the parsed objects are kept. */
function boundedCache(
  create: (raw: Uint8Array) => object,
  max = KEY_OBJECTS_MAX,
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
