import { nodePlatform } from "../threads/node-platform.ts";
import { type Judge, type JudgeOptions, openJudge } from "./open-judge.ts";

/**
 * Starts a Judge with its threads. The caller must dispose of the Judge (`await using`) or call
 * `close`.
 *
 * @throws VerifierError `OPTION` for a number out of range, `SOLVER_UNUSABLE` without a usable
 * solver.
 */
export async function createJudge(options: JudgeOptions = {}): Promise<Judge> {
  return await openJudge(options, nodePlatform);
}
