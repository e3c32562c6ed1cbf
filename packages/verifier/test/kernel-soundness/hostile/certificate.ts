/** A sum of monomials, each the unknowns that it multiplies, ascending, and a coefficient. */
export type Sum = readonly {
  readonly unknowns: readonly number[];
  readonly coefficient: bigint;
}[];

/** A factor times a product of hypotheses. */
export interface Summand {
  readonly hypotheses: readonly number[];
  readonly factor: bigint | Sum;
}

/** A step of a certificate, as docs/kernel.md has it. */
export type Step =
  | { readonly type: "atom"; readonly strict: boolean; readonly polynomial: Sum }
  | { readonly type: "congruence"; readonly left: number; readonly right: number }
  | {
      readonly type: "read";
      readonly left: number;
      readonly right: number;
      readonly index: number;
    }
  | { readonly type: "extensionality"; readonly left: number; readonly right: number }
  | {
      readonly type: "lemma";
      readonly literals: readonly number[];
      readonly summands: readonly Summand[];
    }
  | { readonly type: "clause"; readonly literals: readonly number[] };

const VERSION = 1;

/** The bytes of steps, by a codec that shares nothing with the kernel's. */
export function encodeCertificate(steps: readonly Step[]): Uint8Array {
  const bytes: number[] = [VERSION];
  for (const step of steps) encodeStep(bytes, step);
  return Uint8Array.from(bytes);
}

/** The steps of a canonical certificate, or undefined. */
export function decodeCertificate(bytes: Uint8Array): readonly Step[] | undefined {
  const reader: Reader = { bytes, at: 1, broken: bytes[0] !== VERSION };
  const steps: Step[] = [];
  while (!reader.broken && reader.at < bytes.length) {
    const step = decodeStep(reader);
    if (step !== undefined) steps.push(step);
  }
  return reader.broken ? undefined : steps;
}

function encodeStep(bytes: number[], step: Step): void {
  switch (step.type) {
    case "atom":
      bytes.push(1, step.strict ? 1 : 0);
      encodeSum(bytes, step.polynomial);
      return;
    case "congruence":
      bytes.push(2);
      return naturals(bytes, [step.left, step.right]);
    case "read":
      bytes.push(3);
      return naturals(bytes, [step.left, step.right, step.index]);
    case "extensionality":
      bytes.push(4);
      return naturals(bytes, [step.left, step.right]);
    case "lemma":
      bytes.push(5);
      naturals(bytes, [step.literals.length, ...step.literals, step.summands.length]);
      for (const { hypotheses, factor } of step.summands) {
        const scaled = typeof factor === "bigint";
        naturals(bytes, [2 * hypotheses.length + (scaled ? 0 : 1), ...hypotheses]);
        if (scaled) natural(bytes, factor);
        else encodeSum(bytes, factor);
      }
      return;
    case "clause":
      bytes.push(6);
      return naturals(bytes, [step.literals.length, ...step.literals]);
  }
}

function encodeSum(bytes: number[], sum: Sum): void {
  naturals(bytes, [sum.length]);
  for (const { unknowns, coefficient } of sum) {
    naturals(bytes, [unknowns.length]);
    unknowns.forEach((unknown, at) => naturals(bytes, [unknown - (unknowns[at - 1] ?? 0)]));
    natural(bytes, coefficient < 0n ? -2n * coefficient - 1n : 2n * coefficient);
  }
}

function naturals(bytes: number[], values: readonly number[]): void {
  for (const value of values) natural(bytes, BigInt(value));
}

/** LEB128; of a negative number, which only a hostile certificate has, the magnitude. */
function natural(bytes: number[], value: bigint): void {
  let rest = value < 0n ? -value : value;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
}

interface Reader {
  readonly bytes: Uint8Array;
  at: number;
  broken: boolean;
}

function readNatural(reader: Reader): bigint {
  let [value, shift] = [0n, 0n];
  for (;;) {
    const byte = reader.bytes[reader.at++];
    if (byte === undefined || shift > 2000n) {
      reader.broken = true;
      return 0n;
    }
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) return value;
    shift += 7n;
  }
}

function readNumber(reader: Reader): number {
  const value = readNatural(reader);
  if (value > 1_000_000n) reader.broken = true;
  return reader.broken ? 0 : Number(value);
}

function readList<T>(reader: Reader, read: () => T): readonly T[] {
  const list: T[] = [];
  for (let left = readNumber(reader); left > 0 && !reader.broken; left--) list.push(read());
  return list;
}

function readSum(reader: Reader): Sum {
  return readList(reader, () => {
    let unknown = 0;
    const unknowns = readList(reader, () => (unknown += readNumber(reader)));
    const code = readNatural(reader);
    return { unknowns, coefficient: code & 1n ? -(code + 1n) / 2n : code / 2n };
  });
}

function decodeStep(reader: Reader): Step | undefined {
  const number = (): number => readNumber(reader);
  switch (number()) {
    case 1:
      return { type: "atom", strict: number() === 1, polynomial: readSum(reader) };
    case 2:
      return { type: "congruence", left: number(), right: number() };
    case 3:
      return { type: "read", left: number(), right: number(), index: number() };
    case 4:
      return { type: "extensionality", left: number(), right: number() };
    case 5: {
      const literals = readList(reader, number);
      const summands = readList(reader, () => {
        const head = number();
        const hypotheses: number[] = [];
        for (let left = head >> 1; left > 0 && !reader.broken; left--) hypotheses.push(number());
        return { hypotheses, factor: head % 2 === 0 ? readNatural(reader) : readSum(reader) };
      });
      return { type: "lemma", literals, summands };
    }
    case 6:
      return { type: "clause", literals: readList(reader, number) };
    default:
      reader.broken = true;
      return undefined;
  }
}
