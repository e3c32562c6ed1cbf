import type { TestContext } from "vitest";
import type { Status } from "../src/api/api.ts";
import {
  eventually,
  foundChain,
  keepBusy,
  type Operator,
  type Operators,
  reaches,
} from "./operators.ts";

/**
 * A network of four under load. Tests do something to the machine of the last validator, which the
 * three others survive, and repair it again.
 */
export interface StruckNetwork extends AsyncDisposable {
  readonly operators: Operators;
  /** A validator without faults. */
  readonly other: Operator;
  readonly struck: Operator;
  /** Waits until the chain has `count` blocks more, and the struck validator has them, votes, and has no finding. */
  readonly recovers: (count?: number) => Promise<void>;
  /** Waits until the others have `count` blocks more. */
  readonly othersGoOn: (count?: number) => Promise<void>;
}

/** Starts the four validators, and endless payments. */
export async function startStruckNetwork(): Promise<StruckNetwork> {
  const operators = await foundChain({
    count: 4,
    // Half the work of the usual pace: four nodes share this machine with the tests of others.
    set: ["minBlockIntervalMs=500 ms"],
  });
  const [other, , , struck] = operators.all;
  if (other === undefined || struck === undefined) throw new Error("no operators");
  try {
    await Promise.all(operators.all.map((operator) => operator.start()));
    const busy = await keepBusy(operators, other);
    await reaches(struck, 1);
    return {
      operators,
      other,
      struck,
      async recovers(count = 3) {
        const { head } = await other.status();
        await reaches(struck, head.sequence + count);
        await eventually(struck.status, isWell);
      },
      async othersGoOn(count = 3) {
        const { head } = await other.status();
        await reaches(other, head.sequence + count);
      },
      async [Symbol.asyncDispose]() {
        await busy.stop();
        await operators[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await operators[Symbol.asyncDispose]();
    throw error;
  }
}

/** Whether a validator votes and has no finding. */
function isWell({ consensus, why }: Status): boolean {
  return consensus.quiet === undefined && why.length === 0;
}

/** Whether a status names a reason. */
export function says(code: string): (status: Status) => boolean {
  return ({ why }) => why.some((finding) => finding.code === code);
}

/** Skips a test, with the reason on standard error. */
export function skip(context: TestContext, reason: string): never {
  process.stderr.write(`SKIPPED: ${reason}\n`);
  return context.skip(reason);
}
