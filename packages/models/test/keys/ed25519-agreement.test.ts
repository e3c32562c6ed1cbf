import { expect, test } from "vitest";
import {
  concatBytes,
  createSigner,
  defaultBackend,
  equalBytes,
  nobleBackend,
  sha256,
  toHex,
  toPublicKey,
  toSignature,
  verifySignature,
} from "../../src/index.ts";
import { encode32, littleEndian, ORDER, TORSION, times } from "./forge.ts";

const TOTAL = 100_000;
const SLICES = 100;
const isSlow = process.env["AETHEL_SLOW"] === "1";

/** Without AETHEL_SLOW=1 each run takes one slice of all, another each time. */
const slices = isSlow ? range(SLICES) : [Math.floor(Math.random() * SLICES)];

test(`P30: both back ends agree on random mutations, and nothing but the original passes (${isSlow ? "all" : "one slice"})`, () => {
  let reachedEquation = 0;
  for (const slice of slices) {
    for (let at = 0; at < TOTAL / SLICES; at++) {
      const seed = `${slice}/${at}`;
      const { key, message, signature, isOriginal } = mutationOf(seed);
      const answers = [defaultBackend(), nobleBackend].map((backend) =>
        verifySignature(toPublicKey(key), message, toSignature(signature), {
          ...backend,
          equationHolds(...args) {
            reachedEquation++;
            return backend.equationHolds(...args);
          },
        }),
      );
      if (answers[0] !== isOriginal || answers[1] !== isOriginal) {
        expect.fail(
          `mutation ${seed}: ${answers.join(" ")} for ${toHex(key)} ${toHex(message)} ${toHex(signature)}`,
        );
      }
    }
  }
  // Otherwise the cheap checks before the equation would be all that is compared.
  expect(reachedEquation).toBeGreaterThan((slices.length * TOTAL) / SLICES / 2);
}, 1_800_000);

const signers = range(8).map((seed) => new Uint8Array(32).fill(seed + 1));
const keys = signers.map((secret) => createSigner(secret).publicKey);

interface Mutation {
  readonly key: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly isOriginal: boolean;
}

/** A good signature with one part changed, as `seed` says. */
function mutationOf(seed: string): Mutation {
  const random = sha256(new TextEncoder().encode(seed));
  const who = (random[0] ?? 0) % signers.length;
  const message = random.slice(0, 1 + ((random[1] ?? 0) % 31));
  const key = keys[who] ?? new Uint8Array(32);
  const signature = defaultBackend().sign(signers[who] ?? new Uint8Array(32), message);
  const [r, s] = [signature.slice(0, 32), signature.slice(32)];
  const flip = (bytes: Uint8Array, a = random[3] ?? 0, b = random[4] ?? 0): Uint8Array =>
    bytes.with(a % bytes.length, (bytes[a % bytes.length] ?? 0) ^ (1 << (b & 7)));
  const scalar = littleEndian(random) % ORDER;
  const torsion = TORSION[(random[5] ?? 0) % 8] ?? times(0n);
  const other = keys[(who + 1) % keys.length] ?? key;
  const changed = ((): readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array] => {
    switch ((random[2] ?? 0) % 12) {
      case 0:
        return [key, message, r, s];
      case 1:
      case 2:
        return [key, flip(message), r, s];
      case 3:
      case 4:
        return [key, message, flip(r), s];
      case 5:
        return [key, message, r, flip(s)];
      case 6:
        return [flip(key), message, r, s];
      case 7:
        return [other, message, r, s];
      case 8:
        return [key, message, times(scalar).add(torsion).toBytes(), s];
      case 9:
        return [key, message, r, encode32(scalar)];
      case 10:
        return [key, message, random.slice(), s];
      default:
        return [key, message, s, r];
    }
  })();
  const [newKey, newMessage, newR, newS] = changed;
  const isOriginal = [newKey, newMessage, newR, newS].every((part, at) =>
    equalBytes(part, [key, message, r, s][at] ?? part),
  );
  return { key: newKey, message: newMessage, signature: concatBytes(newR, newS), isOriginal };
}

function range(length: number): readonly number[] {
  return Array.from({ length }, (_, at) => at);
}
