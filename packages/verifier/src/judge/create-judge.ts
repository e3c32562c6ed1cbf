import { nodePlatform } from "../threads/node-platform.ts";
import { type Judge, type JudgeOptions, openJudge } from "./open-judge.ts";

/**
 * Starts a Judge with its threads. It must be disposed of (`await using`) or closed with `close`.
 *
 * @throws VerifierError `OPTION` for a number out of range, `SOLVER_UNUSABLE` without a usable
 * solver.
 */
export async function createJudge(options: JudgeOptions = {}): Promise<Judge> {
  return await openJudge(options, nodePlatform);
}
