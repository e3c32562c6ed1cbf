/** Set-up of the sound run: writes down which parts of `src` a test file never executes. */
import { writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { afterAll } from "vitest";

const target = process.env["MUTATION_COVERAGE"];
if (target !== undefined && target !== "") {
  const session = new Session();
  const sources = `/packages/${process.env["MUTATION_PACKAGE"]}/src/`;
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: false, detailed: false });
  afterAll(async () => {
    const { result } = await session.post("Profiler.takePreciseCoverage");
    const own = result.filter(({ url }) => url.includes(sources) && url.endsWith(".ts"));
    const files = own.map(({ url, functions }): readonly [string, readonly Range[]] => [
      url.slice(url.lastIndexOf("/src/") + 1),
      idleIn(functions.flatMap(({ ranges }) => ranges)),
    ]);
    writeFileSync(target, JSON.stringify(Object.fromEntries(files)));
  });
}

type Range = readonly [start: number, end: number];

function idleIn(
  ranges: readonly {
    readonly startOffset: number;
    readonly endOffset: number;
    readonly count: number;
  }[],
): readonly Range[] {
  return ranges
    .filter(({ count }) => count === 0)
    .map(({ startOffset, endOffset }) => [startOffset, endOffset]);
}
