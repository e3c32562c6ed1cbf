/** The part of Node's `crypto` that this package uses. */
export interface NodeCrypto {
  /** Hashes data in one call. Undefined in some runtimes that imitate Node. */
  readonly hash?: (algorithm: "sha256", data: Uint8Array, encoding: "latin1") => string;
  createPublicKey(key: object): NodePublicKey;
  createPrivateKey(key: { key: Uint8Array; format: "der"; type: "pkcs8" }): object;
  sign(algorithm: undefined, data: Uint8Array, key: object): Uint8Array;
  verify(algorithm: undefined, data: Uint8Array, key: object, signature: Uint8Array): boolean;
}

interface NodePublicKey {
  export(as: { format: "der"; type: "spki" }): Uint8Array;
}

interface NodeProcess {
  getBuiltinModule?(name: string): unknown;
}

let found: { readonly crypto: NodeCrypto | undefined } | undefined;

/**
 * Returns Node's crypto. Undefined where there is no Node. It is found without an import, so that
 * bundlers for browsers have nothing to resolve, and only at the first use, because loading it
 * takes 5 ms.
 */
export function nodeCrypto(): NodeCrypto | undefined {
  found ??= { crypto: find() };
  return found.crypto;
}

function find(): NodeCrypto | undefined {
  const host = (globalThis as { readonly process?: NodeProcess }).process;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node documents it so
  return host?.getBuiltinModule?.("node:crypto") as NodeCrypto | undefined;
}
