import type { PrivateKey } from "@libp2p/interface";
import { type AddressScope, mayTell, readAddress } from "./address-rules.ts";
import { sealRecord } from "./peer-record.ts";

/**
 * Returns the signed record of this node with its addresses in a scope or a wider one. Empty if it
 * has none.
 */
export type OwnRecord = (scope: AddressScope) => Promise<Uint8Array>;

/** Creates the records of this node. Each is signed again only when its addresses change. */
export function createOwnRecord(options: {
  readonly privateKey: PrivateKey;
  readonly domain: string;
  /** Returns Unix milliseconds. */
  readonly now: () => number;
  addresses(): readonly string[];
}): OwnRecord {
  const { privateKey, domain, now } = options;
  const sealed = new Map<AddressScope, { readonly of: string; readonly record: Uint8Array }>();
  return async (scope) => {
    const told = options.addresses().flatMap((address) => readAddress(address) ?? []);
    const addresses = told.filter((each) => mayTell(scope, each.scope)).map(({ text }) => text);
    if (addresses.length === 0) return new Uint8Array(0);
    const of = addresses.join(" ");
    const known = sealed.get(scope);
    if (known?.of === of) return known.record;
    const record = await sealRecord({ privateKey, domain, addresses, recordedAt: now() });
    sealed.set(scope, { of, record });
    return record;
  };
}
