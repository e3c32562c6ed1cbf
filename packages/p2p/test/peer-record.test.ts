import { generateKeyPair, generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import type { DNS } from "@multiformats/dns";
import { multiaddr } from "@multiformats/multiaddr";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { resolveNames } from "../src/discovery/dns-names.ts";
import { openRecord, RECORD_BYTES_MAX, sealRecord } from "../src/discovery/peer-record.ts";

const domain = "/aethel/0707070707070707/peer-record";
const addresses = ["/ip4/8.8.8.8/tcp/4500"];
const privateKey = await generateKeyPairFromSeed("Ed25519", new Uint8Array(32).fill(1));
const record = await sealRecord({ privateKey, domain, addresses, recordedAt: 5 });

describe("a signed record", () => {
  test("opens on its own chain, with its peer and addresses", async () => {
    const opened = await openRecord(record, domain);

    expect(opened).toMatchObject({ recordedAt: 5, addresses: [{ text: addresses[0] }] });
  });

  test("is none on another chain", async () => {
    expect(await openRecord(record, domain.replace("07", "08"))).toBeUndefined();
  });

  test("is none with any one byte changed, or cut off, or too long", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const index = at % record.length;
        const forged = record.with(index, (record[index] ?? 0) ^ change);

        expect(await openRecord(forged, domain)).toBeUndefined();
        expect(await openRecord(record.slice(0, index), domain)).toBeUndefined();
      }),
      { numRuns: 200 },
    );
    expect(await openRecord(new Uint8Array(RECORD_BYTES_MAX + 1), domain)).toBeUndefined();
  });

  test("by a key of another type is none", async () => {
    const other = await generateKeyPair("secp256k1");
    const sealed = await sealRecord({ privateKey: other, domain, addresses, recordedAt: 5 });

    expect(await openRecord(sealed, domain)).toBeUndefined();
  });

  test("holds at most eight addresses, and a name among them is not read", async () => {
    const many = Array.from({ length: 40 }, (_, at) => `/ip4/8.8.8.${at}/tcp/4500`);
    const sealed = await sealRecord({
      privateKey,
      domain,
      addresses: ["/dns4/victim.example/tcp/80", ...many],
      recordedAt: 5,
    });
    const opened = await openRecord(sealed, domain);

    expect(opened?.addresses).toHaveLength(7);
  });
});

describe("names in DNS", () => {
  const peer = "12D3KooWSV3fhQeuHav6yzGvecUPxqQhHQWthiZDHeSqfNZUVtjk";

  /** Returns a resolver with these TXT records, and the names that were looked up. */
  function resolver(records: Readonly<Record<string, readonly string[]>>) {
    const asked: string[] = [];
    const query: DNS["query"] = (name) => {
      asked.push(name);
      const found = records[name.replace("_dnsaddr.", "")] ?? [];
      const Answer = found.map((data) => ({ name, type: 16, TTL: 1, data }));
      const flags = { TC: false, RD: false, RA: false, AD: false, CD: false };
      return Promise.resolve({ Status: 0, ...flags, Question: [], Answer });
    };
    return { dns: { query }, asked };
  }

  const resolve = async (dns: Pick<DNS, "query">) => {
    const signal = AbortSignal.timeout(5_000);
    const found = await resolveNames(multiaddr("/dnsaddr/a"), { dns, resolvedMax: 8, signal });
    return found.map(String);
  };

  test("stand for the addresses in their records, through other names too", async () => {
    const { dns } = resolver({
      a: [`dnsaddr=/ip4/8.8.8.8/tcp/1/p2p/${peer}`, "dnsaddr=/dnsaddr/b", "v=spf1", "dnsaddr=x"],
      b: [`"dnsaddr=/ip4/8.8.4.4/tcp/1/p2p/${peer}"`],
    });

    expect(await resolve(dns)).toEqual([
      `/ip4/8.8.8.8/tcp/1/p2p/${peer}`,
      `/ip4/8.8.4.4/tcp/1/p2p/${peer}`,
    ]);
  });

  test("that name each other, or without end, cost a bounded number of look-ups", async () => {
    const loop = resolver({ a: ["dnsaddr=/dnsaddr/b"], b: ["dnsaddr=/dnsaddr/a"] });
    const many = Array.from({ length: 500 }, (_, at) => `dnsaddr=/dnsaddr/n${at}`);
    const flood = resolver({ a: many });

    expect(await resolve(loop.dns)).toEqual([]);
    expect(loop.asked).toHaveLength(2);
    expect(await resolve(flood.dns)).toEqual([]);
    expect(flood.asked.length).toBeLessThanOrEqual(8);
  });
});
