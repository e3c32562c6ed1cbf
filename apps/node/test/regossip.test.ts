import * as models from "@aethel/models";
import { createSigner, type Proof, sha256, toAmount, toHex } from "@aethel/models";
import { createPeerTransport, type PeerTransport } from "@aethel/p2p";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { createRegossip, type Regossip, startRegossip, TICK_MS } from "../src/runtime/regossip.ts";

const genesis = models.toDigest(new Uint8Array(32).fill(7));
const nameOf = (proof: Proof): string => toHex(models.hashProof(proof));

function theorem(nonce: number, padding = 0): Proof {
  const signer = createSigner(sha256(new TextEncoder().encode("author")));
  const script = new TextEncoder().encode(`(check-sat)${" ".repeat(padding)}`);
  return models.signProof(
    genesis,
    {
      type: "theorem",
      author: models.toAccountId(signer.publicKey),
      nonce: models.toNonce(nonce),
      resourceLimit: models.toResource(1_000),
      feeLimit: toAmount(1_000n),
      expiry: models.toSequence(100),
      script,
    },
    [signer],
  );
}

/** A regossip in virtual time, with the times at which each proof was published. */
function createTimed(hears: () => boolean = () => true): {
  readonly regossip: Regossip;
  readonly told: { readonly at: number; readonly name: string; readonly bytes: number }[];
  readonly pass: (ms: number) => void;
} {
  let now = 0;
  const told: { readonly at: number; readonly name: string; readonly bytes: number }[] = [];
  const regossip = createRegossip({
    now: () => now,
    publish(proof) {
      if (!hears()) return false;
      told.push({ at: now, name: nameOf(proof), bytes: models.Proof.encode(proof).length });
      return true;
    },
  });
  const pass = (ms: number): void => {
    for (const end = now + ms; now < end; ) {
      now += TICK_MS;
      regossip.tick();
    }
  };
  return { regossip, told, pass };
}

describe("pending proofs are told again", () => {
  test("at growing intervals, until they are final or have expired", () => {
    const { regossip, told, pass } = createTimed();
    const proof = theorem(1);
    regossip.add(proof);
    pass(700_000);
    const times = told.map(({ at }) => at / 1_000);
    regossip.remove(models.hashProof(proof));
    pass(700_000);

    expect(times).toEqual([10, 20, 40, 80, 160, 320, 620]);
    expect(told).toHaveLength(times.length);
  });

  test("B35: a proof that nobody heard is told soon after a peer has come", () => {
    let hasPeers = false;
    const { regossip, told, pass } = createTimed(() => hasPeers);
    regossip.add(theorem(1));
    pass(3_600_000);
    expect(told).toEqual([]);

    hasPeers = true;
    regossip.connected();
    pass(2_000);
    expect(told).toHaveLength(1);
  });

  test("however many wait and whoever comes and goes, a bounded number at a time, each in its turn", () => {
    const actions = fc.array(
      fc.oneof(
        fc.record({ add: fc.integer({ min: 1, max: 40 }) }),
        fc.constant("connected" as const),
        fc.record({ pass: fc.integer({ min: 1, max: 40 }) }),
      ),
      { maxLength: 12 },
    );
    const proofs = Array.from({ length: 480 }, (_, at) => theorem(at, (at % 7) * 20_000));
    fc.assert(
      fc.property(actions, (steps) => {
        const { regossip, told, pass } = createTimed();
        let added = 0;
        for (const step of steps) {
          if (step === "connected") regossip.connected();
          else if ("pass" in step) pass(step.pass * 1_000);
          else {
            for (const proof of proofs.slice(added, added + step.add)) regossip.add(proof);
            added += step.add;
          }
        }
        pass(600_000);
        const ticks = Map.groupBy(told, ({ at }) => at);
        for (const some of ticks.values()) {
          expect(some.length).toBeLessThanOrEqual(32);
          const bytes = some.reduce((sum, each) => sum + each.bytes, 0);
          expect(some.length === 1 || bytes <= 524_288).toBe(true);
        }
        expect(new Set(told.map(({ name }) => name)).size).toBe(added);
      }),
      { numRuns: 20 },
    );
  });

  test("what has left the mempool is told no more", () => {
    const { regossip, told, pass } = createTimed();
    const [kept, gone] = [theorem(1), theorem(2)];
    for (const proof of [kept, gone]) regossip.add(proof);
    regossip.remove(models.hashProof(gone));
    pass(11_000);

    expect(told.map(({ name }) => name)).toEqual([nameOf(kept)]);
  });
});

describe("over real connections", () => {
  const stops: (() => unknown)[] = [];
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
  });

  async function start(name: string, bootstrap: readonly string[], onConnected = () => {}) {
    const seed = (of: string) => sha256(new TextEncoder().encode(`${of} ${name}`));
    const signers = ["a", "b"].map((each) => createSigner(sha256(new TextEncoder().encode(each))));
    const set = models.createValidatorSet(
      signers.map(({ publicKey }) => ({
        id: models.toAccountId(publicKey),
        key: publicKey,
        power: toAmount(10n),
      })),
    );
    const transport: PeerTransport = await createPeerTransport({
      genesis,
      networkKey: seed("network"),
      head: () => ({
        header: { sequence: models.toSequence(0) },
        validators: set,
        previousValidators: set,
      }),
      listen: ["/ip4/127.0.0.1/tcp/0"],
      bootstrap,
      onEvent: (event) => event.type === "connected" && onConnected(),
    });
    stops.push(() => transport.stop());
    return transport;
  }

  test("B35: what a node without peers was given reaches the first peer that comes", async () => {
    const regossip = createRegossip({
      publish: (proof) => alone.publishItem(models.Proof.encode(proof)),
      now: () => performance.now(),
    });
    const alone = await start("a", [], () => regossip.connected());
    stops.push(startRegossip(regossip));
    const proof = theorem(1);
    regossip.add(proof);
    expect(alone.publishItem(models.Proof.encode(proof))).toBe(false);

    const late = await start("b", alone.addresses());
    const heard = Promise.withResolvers<string>();
    late.onItem((bytes) => {
      heard.resolve(nameOf(models.Proof.decode(bytes)));
      return "accept";
    });

    expect(await heard.promise).toBe(nameOf(proof));
  }, 25_000);
});
