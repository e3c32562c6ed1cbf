import { afterAll, beforeAll } from "vitest";

/**
 * For tests that provoke refusals by the million: a stack takes longer to collect than the rest.
 */
export function withoutStacks(): void {
  const { stackTraceLimit } = Error;
  beforeAll(() => {
    Error.stackTraceLimit = 0;
  });
  afterAll(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });
}
