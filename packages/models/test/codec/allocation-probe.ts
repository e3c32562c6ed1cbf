import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { QuorumCertificate, VALIDATORS_MAX } from "../../src/index.ts";
import { exampleOf } from "../schema-text.ts";
import { decodeOrRefuse, wireTypes } from "../wire-types.ts";

// Runs in a process of its own, with a young generation so large that nothing is collected while
// one decoding runs: then the growth of the heap is all that was allocated.

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const SIZE = 65_536;

/** Inputs of a hostile peer: long, and claiming to be longer. */
function* adversarial(example: Uint8Array): Generator<Uint8Array> {
  for (const byte of [0x00, 0x01, 0x04, 0x7f, 0x80, 0xff]) yield new Uint8Array(SIZE).fill(byte);
  // Offsets that make a list of as many empty items as can be.
  const offsets = new DataView(new ArrayBuffer(SIZE));
  for (let at = 0; at < SIZE; at += 4) offsets.setUint32(at, SIZE, true);
  yield new Uint8Array(offsets.buffer);
  // The example's own head with its offsets, over a long tail of each kind.
  for (const byte of [0x00, 0x01, 0x80, 0xff]) {
    const tail = new Uint8Array(SIZE).fill(byte);
    tail.set(example.subarray(0, SIZE));
    yield tail;
    yield new Uint8Array([...example.subarray(0, 12), ...tail]);
  }
  for (let at = 0; at + 4 <= Math.min(example.length, 160); at++) {
    for (const value of [0x7fff_ffff, 0xffff_ffff, SIZE]) {
      const damaged = new Uint8Array(SIZE);
      damaged.set(example.subarray(0, SIZE));
      new DataView(damaged.buffer).setUint32(at, value, true);
      yield damaged;
    }
  }
}

function used(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** A certificate of the largest set: each byte of its bit field becomes eight booleans. */
function longestBits(): Uint8Array {
  const certificate = exampleOf(QuorumCertificate.schema, 1) as QuorumCertificate;
  const signers = Array.from({ length: VALIDATORS_MAX }, (_, at) => at % 3 === 0);
  return QuorumCertificate.encode({ ...certificate, signers });
}

let worst = { ratio: 0, bytes: 0, type: "", input: 0 };
for (const [type, codec] of wireTypes) {
  const inputs = [...adversarial(codec.encode(exampleOf(codec.schema, 1)))];
  if (type === "QuorumCertificate") inputs.push(longestBits());
  for (const [input, bytes] of inputs.entries()) {
    decodeOrRefuse(codec, bytes); // Compiles, so that code is not counted.
    if (input % 20 === 0) collect();
    const before = used();
    decodeOrRefuse(codec, bytes);
    const grown = used() - before;
    const ratio = grown / bytes.length;
    if (ratio > worst.ratio) worst = { ratio, bytes: grown, type, input };
  }
}
console.log(JSON.stringify(worst));
