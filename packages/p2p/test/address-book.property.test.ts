import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createAddressBook, type Hearsay } from "../src/discovery/address-book.ts";
import { type AddressScope, mayTell, readAddress } from "../src/discovery/address-rules.ts";
import { decodeEntry } from "../src/discovery/book-entry.ts";
import { DEFAULT_DISCOVERY_LIMITS } from "../src/discovery/discovery-limits.ts";

const limits = {
  ...DEFAULT_DISCOVERY_LIMITS,
  entriesMax: 24,
  entriesPerSourceMax: 6,
  entriesPerGroupMax: 4,
};

/** Returns what the source with this number says about the peer with this number. */
function told(source: number, peer: number, group = peer): Hearsay {
  const address = readAddress(`/ip4/${11 + (group % 80)}.${group % 250}.1.1/tcp/4500`);
  if (address === undefined) throw new Error("no address");
  return {
    peer: `peer-${peer}`,
    addresses: [address],
    source: `peer source-${source}`,
    sourceGroup: `${source}`,
  };
}

const bookOf = (now = () => 1_000_000_000_000) => createAddressBook({ limits, now });

describe("an address book under a flood", () => {
  test("never holds more than its bounds, in all, for a source and for an address group", () => {
    const hearsay = fc.record({
      source: fc.nat({ max: 8 }),
      peer: fc.nat({ max: 400 }),
      group: fc.nat({ max: 12 }),
    });
    fc.assert(
      fc.property(fc.array(hearsay, { maxLength: 120 }), (all) => {
        const book = bookOf();
        for (const { source, peer, group } of all) book.learn(told(source, peer, group));

        const entries = book.entries();
        expect(entries.length).toBeLessThanOrEqual(limits.entriesMax);
        for (const same of Map.groupBy(entries, ({ addresses }) => addresses[0]?.group).values()) {
          expect(same.length).toBeLessThanOrEqual(limits.entriesPerGroupMax);
        }
      }),
    );
  });

  test("keeps every peer that was reached, and what other sources told", () => {
    const book = bookOf();
    for (const peer of [1, 2, 3]) book.learn(told(1, peer));
    book.learn(told(2, 4));
    book.reached("peer-1");
    for (let peer = 10; peer < 400; peer++) book.learn(told(9, peer));

    for (const peer of [1, 2, 3, 4]) expect(book.get(`peer-${peer}`)).toBeDefined();
    const flood = book.entries().filter(({ sourceGroup }) => sourceGroup === "9");
    expect(flood).toHaveLength(limits.entriesPerSourceMax);
  });

  test("an anchor is never evicted, and there are at most four", () => {
    const book = bookOf();
    for (let peer = 0; peer < 6; peer++) book.learn(told(peer, peer));
    book.protect([0, 1, 2, 3, 4, 5].map((peer) => `peer-${peer}`));
    for (let peer = 10; peer < 300; peer++) book.learn(told(peer, peer));

    expect(book.entries().filter(({ isAnchor }) => isAnchor)).toHaveLength(4);
  });
});

describe("an entry", () => {
  test("that was never reached is dropped after four failures, one that was is kept", () => {
    const book = bookOf();
    book.learn(told(1, 1));
    book.learn(told(1, 2));
    book.reached("peer-2");
    for (let failure = 0; failure < 4; failure++) {
      book.failed("peer-1");
      book.failed("peer-2");
    }

    expect(book.get("peer-1")).toBeUndefined();
    expect(book.get("peer-2")).toBeDefined();
  });

  test("is not dialed again before its pause, which doubles", () => {
    let now = 1_000_000_000_000;
    const book = bookOf(() => now);
    book.learn(told(1, 1));
    book.dialed("peer-1");
    book.failed("peer-1");
    book.failed("peer-1");
    now += limits.retryMinMs;

    expect(book.candidates()).toEqual([]);
    now += limits.retryMinMs;
    expect(book.candidates()).toHaveLength(1);
  });

  test("is the same after it was stored; any other bytes are none", () => {
    const book = bookOf();
    book.learn(told(1, 1));
    const [change] = book.takeChanges();

    expect(decodeEntry(change?.entry ?? new Uint8Array(0))).toEqual(book.get("peer-1"));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => decodeEntry(bytes)).not.toThrow();
      }),
    );
  });
});

describe("addresses that peers tell", () => {
  test("a stranger's loopback and private addresses are not taken", () => {
    const scopes: readonly AddressScope[] = ["loopback", "private", "public"];
    const table = scopes.map((teller) => scopes.filter((told_) => mayTell(teller, told_)));

    expect(table).toEqual([scopes, ["private", "public"], ["public"]]);
  });

  test.each([
    ["/ip4/8.8.8.8/tcp/4500", "public", "8.8"],
    ["/ip6/2a00:1450::1/udp/4500/quic-v1", "public", "2a001450"],
    ["/ip4/10.1.2.3/tcp/1", "private", "10.1.2.3:1"],
    ["/ip4/127.0.0.1/tcp/1", "loopback", "127.0.0.1:1"],
  ])("%s is %s, in the group %s", (text, scope, group) => {
    expect(readAddress(text)).toMatchObject({ text, scope, group });
  });

  test.each([
    "/dns4/victim.example/tcp/80",
    "/dnsaddr/victim.example",
    "/ip4/8.8.8.8/tcp/0",
    "/ip4/8.8.8.8/udp/53",
    "/ip4/8.8.8.8/tcp/443/tls/ws",
    "/unix/%2Ftmp%2Fsocket",
    `/ip4/8.8.8.8/tcp/1${"/p2p-circuit".repeat(40)}`,
    "",
  ])("%s is refused", (text) => {
    expect(readAddress(text)).toBeUndefined();
  });

  test("no bytes make reading an address throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const address = readAddress(bytes);
        expect(address === undefined || address.text.length > 0).toBe(true);
      }),
    );
  });
});
