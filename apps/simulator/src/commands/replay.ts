import { createTestNetwork, TestkitError, type WorldOptions } from "@aethel/testkit";

/** Flags of `aethel-sim replay`. */
export interface ReplayFlags {
  readonly world: string;
  readonly lines: number;
}

/**
 * Runs `aethel-sim replay`: simulates a printed world to its end, and writes its trace. A violation
 * is thrown.
 */
export async function replay(flags: ReplayFlags, write: (line: string) => void): Promise<number> {
  const { untilMs, ...options } = parseWorld(flags.world);
  await using network = await createTestNetwork({ ...options, logLines: flags.lines });
  try {
    await network.run(untilMs);
  } finally {
    for (const line of network.log.lines()) write(line);
  }
  write(`No violation up to ${untilMs} virtual ms, step ${network.steps}.`);
  return 0;
}

type ReplayedWorld = WorldOptions & { readonly untilMs: number };

/** Parses a printed world. Its other options are checked when the world is built. */
function parseWorld(text: string): ReplayedWorld {
  const problem = (reason: string): TestkitError =>
    new TestkitError({ code: "CONFIG", problems: [`the world ${reason}`] });
  let world: unknown;
  try {
    world = JSON.parse(text);
  } catch {
    throw problem("is not JSON: quote it as it was printed");
  }
  if (!isWorld(world)) throw problem("needs nodeCount and untilMs");
  return world;
}

function isWorld(value: unknown): value is ReplayedWorld {
  if (typeof value !== "object" || value === null) return false;
  if (!("nodeCount" in value) || !("untilMs" in value)) return false;
  return typeof value.nodeCount === "number" && typeof value.untilMs === "number";
}
