import type { Random } from "../oracle/random.ts";
import { decodeCertificate, encodeCertificate, type Step } from "./certificate.ts";

/** Certificates to take parts from. */
export type Pool = readonly Uint8Array[];

/**
 * A certificate with one to three changes: bytes flipped, cut, inserted or exchanged with those of
 * others, or whole steps dropped, doubled, moved, changed or borrowed.
 */
export function mutateBytes(bytes: Uint8Array, pool: Pool, random: Random): Uint8Array {
  let result = bytes;
  for (let count = 1 + random.below(3); count > 0; count--) {
    result = random.percent(50)
      ? changeBytes(result, pool, random)
      : changeSteps(result, pool, random);
  }
  return result;
}

function changeBytes(bytes: Uint8Array, pool: Pool, random: Random): Uint8Array {
  const at = random.below(bytes.length + 1);
  const [before, after] = [bytes.slice(0, at), bytes.slice(at)];
  switch (random.below(6)) {
    case 0:
      return bytes.length === 0 ? bytes : flipped(bytes, at % bytes.length, 1 << random.below(8));
    case 1:
      return bytes.length === 0 ? bytes : flipped(bytes, at % bytes.length, 1 + random.below(255));
    case 2:
      return joined(before, after.slice(1 + random.below(4)));
    case 3:
      return joined(before, Uint8Array.of(random.below(256)), after);
    case 4:
      return before;
    default: {
      const other = pool.length === 0 ? bytes : random.pick(pool);
      return joined(before, other.slice(random.below(other.length + 1)));
    }
  }
}

function flipped(bytes: Uint8Array, at: number, mask: number): Uint8Array {
  return bytes.with(at, (bytes[at] ?? 0) ^ mask);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Changes of whole steps, so that what follows is still read as it was meant. */
function changeSteps(bytes: Uint8Array, pool: Pool, random: Random): Uint8Array {
  const steps = decodeCertificate(bytes);
  const others = pool.length === 0 ? undefined : decodeCertificate(random.pick(pool));
  if (steps === undefined) return bytes;
  const changed = [...steps];
  const at = random.below(changed.length + 1);
  const step = changed[at];
  switch (random.below(5)) {
    case 0:
      changed.splice(at, 1);
      break;
    case 1:
      if (step !== undefined) changed.splice(random.below(changed.length), 0, step);
      break;
    case 2:
      if (others !== undefined && others.length > 0) changed.splice(at, 0, random.pick(others));
      break;
    default:
      if (step !== undefined) changed[at] = changeStep(step, random);
  }
  return encodeCertificate(changed);
}

function changeStep(step: Step, random: Random): Step {
  const near = (id: number): number => Math.max(0, id + random.below(5) - 2);
  switch (step.type) {
    case "atom": {
      const [first, ...rest] = step.polynomial;
      if (first === undefined || random.percent(30)) return { ...step, strict: !step.strict };
      const coefficient = first.coefficient + random.pick([-1n, 1n]);
      return { ...step, polynomial: [{ ...first, coefficient }, ...rest] };
    }
    case "congruence":
    case "extensionality":
      return random.percent(30)
        ? { ...step, right: step.left }
        : { ...step, left: near(step.left), right: near(step.right) };
    case "read":
      return { ...step, index: near(step.index), right: near(step.right) };
    case "clause": {
      if (step.literals.length === 0) return step;
      if (step.literals.length > 1 && random.percent(50)) {
        return {
          ...step,
          literals: step.literals.toSpliced(random.below(step.literals.length), 1),
        };
      }
      const at = random.below(step.literals.length);
      return { ...step, literals: step.literals.with(at, (step.literals[at] ?? 0) ^ 1) };
    }
    case "lemma": {
      if (step.literals.length === 0 || step.summands.length === 0) return step;
      if (random.percent(50)) {
        const at = random.below(step.literals.length);
        return { ...step, literals: step.literals.with(at, near(step.literals[at] ?? 0)) };
      }
      const at = random.below(step.summands.length);
      const { factor = 1n, hypotheses = [] } = step.summands[at] ?? {};
      const other = typeof factor === "bigint" ? factor + 1n : factor.slice(1);
      return { ...step, summands: step.summands.with(at, { hypotheses, factor: other }) };
    }
  }
}
