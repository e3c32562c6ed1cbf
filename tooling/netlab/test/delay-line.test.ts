import fc from "fast-check";
import { expect, test } from "vitest";
import { createDelayLine } from "../src/relay/delay-line.ts";
import { createDraws } from "../src/relay/draws.ts";
import { readPacket, toNumber } from "../src/relay/packet.ts";

const LINKS = [
  { source: 1, destination: 2 },
  { source: 2, destination: 1 },
  { source: 1, destination: 3 },
] as const;

const sendings = fc.array(fc.record({ link: fc.nat(LINKS.length - 1), afterMs: fc.nat(20) }), {
  maxLength: 60,
});

const bytesOf = (number: number): Uint8Array => Uint8Array.of(number >> 8, number & 255);

test("every packet leaves once, in the order of its link, within its delay and jitter", () => {
  fc.assert(
    fc.property(sendings, fc.nat(200), fc.nat(50), fc.nat(), (sent, delayMs, jitterMs, seed) => {
      const line = createDelayLine({ draw: createDraws(seed), bytesMax: 1_000_000 });
      line.setRules(LINKS.map((link) => ({ ...link, delayMs, jitterMs })));
      let now = 0;
      const sentAt: number[] = [];
      const left: { readonly packet: number; readonly atMs: number }[] = [];
      const take = (atMs: number): void => {
        for (const bytes of line.takeDue(atMs)) {
          left.push({ packet: (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0), atMs });
        }
      };
      for (const [at, { link, afterMs }] of sent.entries()) {
        for (const end = now + afterMs; now < end; now++) take(now);
        sentAt.push(now);
        line.push({ ...(LINKS[link] ?? LINKS[0]), bytes: bytesOf(at) }, now);
      }
      for (const end = now + delayMs + jitterMs + 1; now <= end; now++) take(now);
      expect(line.waiting).toBe(0);
      expect(left.map(({ packet }) => packet).toSorted((a, b) => a - b)).toEqual(
        sent.map((_, at) => at),
      );
      for (const [link] of LINKS.entries()) {
        const own = left.map(({ packet }) => packet).filter((at) => sent[at]?.link === link);
        expect(own).toEqual(own.toSorted((a, b) => a - b));
      }
      for (const { packet, atMs } of left) {
        const took = atMs - (sentAt[packet] ?? 0);
        expect(took).toBeGreaterThanOrEqual(Math.max(0, delayMs - jitterMs));
        expect(took).toBeLessThanOrEqual(delayMs + jitterMs + 1);
      }
    }),
  );
});

test("a full line drops what comes, counts it, and takes packets again when some have left", () => {
  const line = createDelayLine({ draw: () => 0.5, bytesMax: 4 });
  line.setRules([{ ...LINKS[0], delayMs: 10, jitterMs: 0 }]);
  for (const at of [1, 2, 3]) line.push({ ...LINKS[0], bytes: bytesOf(at) }, 0);
  expect([line.waiting, line.dropped]).toEqual([2, 1]);
  expect(line.takeDue(9)).toEqual([]);
  expect(line.takeDue(10)).toEqual([bytesOf(1), bytesOf(2)]);
  line.push({ ...LINKS[0], bytes: bytesOf(4) }, 10);
  expect([line.waiting, line.dropped]).toEqual([1, 1]);
});

test("packets that are under way keep their time and their order when the rules change", () => {
  const line = createDelayLine({ draw: () => 0.5, bytesMax: 100 });
  line.setRules([{ ...LINKS[0], delayMs: 50, jitterMs: 0 }]);
  line.push({ ...LINKS[0], bytes: bytesOf(1) }, 0);
  line.setRules([]);
  line.push({ ...LINKS[0], bytes: bytesOf(2) }, 10);
  expect(line.takeDue(49)).toEqual([]);
  expect(line.takeDue(50)).toEqual([bytesOf(1), bytesOf(2)]);
});

test("the ends of an IPv4 packet are read, and anything else is no packet", () => {
  const header = new Uint8Array(20);
  header[0] = 0x45;
  header.set([51, 1, 0, 2, 203, 0, 113, 255], 12);
  expect(readPacket(header)).toMatchObject({
    source: toNumber("51.1.0.2"),
    destination: toNumber("203.0.113.255"),
  });
  expect(readPacket(header.subarray(0, 19))).toBeUndefined();
  expect(readPacket(Uint8Array.of(0x60, ...header.subarray(1)))).toBeUndefined();
  expect(() => toNumber("51.1.0")).toThrow(RangeError);
  expect(() => toNumber("51.1.0.256")).toThrow(RangeError);
});
