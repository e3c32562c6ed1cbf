import { type AccountId, type Sequence, toHex, toSequence } from "@aethel/models";
import fc from "fast-check";
import { testKey } from "../fixtures/test-chain.ts";

/** Data that one node has about another. */
export interface PeerInfo {
  readonly id: AccountId;
  /** Multiaddrs to dial, without the peer id. */
  readonly addresses: readonly string[];
  readonly agent: string;
  /** Last finalized sequence that the peer claims. */
  readonly head: Sequence;
  /** Round trip time in milliseconds. Undefined if it was never measured. */
  readonly roundTripMs: number | undefined;
}

/** Peers with plausible, dialable addresses over IPv4, IPv6 and DNS names. */
export function peerInfos(): fc.Arbitrary<PeerInfo> {
  const port = fc.integer({ min: 1, max: 65_535 });
  const address = fc.oneof(
    fc.record({ host: fc.ipV4(), port }).map((at) => `/ip4/${at.host}/tcp/${at.port}`),
    fc.record({ host: fc.ipV6(), port }).map((at) => `/ip6/${at.host}/tcp/${at.port}`),
    fc.record({ host: fc.domain(), port }).map((at) => `/dns4/${at.host}/tcp/${at.port}`),
  );
  return fc.record({
    id: fc.nat({ max: 63 }).map((at) => testKey(`peer/${at}`).id),
    addresses: fc.uniqueArray(address, { maxLength: 4 }),
    agent: fc
      .uint8Array({ minLength: 2, maxLength: 2 })
      .map((bytes) => `aethel/0.0.${toHex(bytes)}`),
    head: fc.nat().map(toSequence),
    roundTripMs: fc.option(fc.nat({ max: 5_000 }), { nil: undefined }),
  });
}
