import { type Mutant, SAFETY_FILES } from "./mutants.ts";
import { isKilled, type Trial } from "./trials.ts";

/** Figures of a run, then a line for each survivor that `explained` does not name. */
export function describeTrials(options: {
  readonly all: readonly Mutant[];
  readonly drawn: readonly Mutant[];
  readonly trials: ReadonlyMap<string, Trial>;
  readonly explained: string;
}): string {
  const { all, drawn, trials, explained } = options;
  const pairs = drawn.flatMap((mutant) => {
    const trial = trials.get(mutant.id);
    return trial === undefined ? [] : [{ mutant, trial }];
  });
  const tried = pairs.map(({ trial }) => trial);
  const moved = pairs.filter(({ mutant, trial }) => mutant.of !== trial.of);
  const isSafe = ({ file }: { readonly file: string }): boolean => SAFETY_FILES.includes(file);
  const alive = pairs.filter(({ trial }) => !isKilled(trial));
  const isExplained = ({ mutant }: { readonly mutant: Mutant }): boolean =>
    explained.includes(mutant.id);
  const count = (verdict: Trial["verdict"]): number =>
    tried.filter((trial) => trial.verdict === verdict).length;
  const lines = [
    `${all.length} mutants in src, ${drawn.length} drawn (${drawn.filter(isSafe).length} of the safety files)`,
    `all:    ${shareOf(tried)}`,
    `safety: ${shareOf(tried.filter(isSafe))}`,
    `others: ${shareOf(tried.filter((trial) => !isSafe(trial)))}`,
    `${count("survived")} survived, ${count("unexecuted")} unexecuted, ${count("late")} late; ${alive.filter(isExplained).length} of them explained`,
    `${moved.length} were tried in another version of their file`,
    ...alive.filter((pair) => !isExplained(pair)).map(({ mutant, trial }) => shown(mutant, trial)),
  ];
  return `${lines.join("\n")}\n`;
}

function shareOf(tried: readonly Trial[]): string {
  const killed = tried.filter(isKilled).length;
  const share = tried.length === 0 ? 0 : (100 * killed) / tried.length;
  return `${tried.length} tried, ${killed} killed, ${share.toFixed(1)} %`;
}

function shown({ id, file, line, operator, original, replacement }: Mutant, trial: Trial): string {
  const change = `${inOneLine(original)} -> ${inOneLine(replacement)}`;
  return `${trial.verdict} ${id} ${file}:${line} ${operator}: ${change}`;
}

function inOneLine(text: string): string {
  const line = text.replaceAll(/\s+/gu, " ");
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}
