import { nodePlatform } from "../threads/node-platform.ts";
import { type Judge, type JudgeOptions, openJudge } from "./open-judge.ts";

/**
 * Starts the Judge's threads. Dispose of it (`await using`) or call `close`.
 *
 * @throws VerifierError `OPTION` for a number out of range, `SOLVER_UNUSABLE` without a solver.
 */
export async function createJudge(options: JudgeOptions = {}): Promise<Judge> {
  return await openJudge(options, nodePlatform);
}
