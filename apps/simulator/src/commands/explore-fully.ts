import {
  type Explored,
  exploreModel,
  exploreModelByTurns,
  type ModelConfig,
  SMALL_SCOPES,
  schedulesOf,
  toModels,
} from "@aethel/testkit";

/** Greatest number of message sets of the plain search; one takes some 200 bytes. */
const PLAIN_MAX = 1_000_000;

/**
 * Explores the model for minutes: views 0 to 4, and every schedule of leaders in views 0 to 2. Also
 * compares the search by turns (`exploreModelByTurns`) with a plain search, which adds one message
 * after another. Writes the results. Returns false after the first violation or difference.
 */
export function exploreFully(write: (line: string) => void): boolean {
  const single = SMALL_SCOPES.filter(({ powers }) => powers.length === 1);
  for (const { powers, byzantine } of single) {
    const place = `stakes ${powers.join()}, node ${byzantine} Byzantine`;
    const far = toModels({ powers, byzantine, views: 5 }, [0, 1, 2, 3, 0]);
    if (!searches(write, `${place}, views 0-4`, [far])) return false;
    const turns = schedulesOf(3).map((leaders) =>
      toModels({ powers, byzantine, views: 3 }, leaders),
    );
    if (!searches(write, `${place}, views 0-2, whoever leads them`, turns)) return false;
    // A plain search can keep the states of three views only for unequal stakes.
    const views = powers.flat().every((power) => power === 1) ? 2 : 3;
    if (!agrees(write, place, toModels({ powers, byzantine, views }))) return false;
  }
  return true;
}

function searches(
  write: (line: string) => void,
  name: string,
  models: readonly (readonly ModelConfig[])[],
): boolean {
  const found = models.map((model) =>
    exploreModelByTurns(model, { classes: Number.POSITIVE_INFINITY }),
  );
  const states = found.reduce((sum, each) => sum + each.states, 0n);
  const classes = found.reduce((sum, each) => sum + each.classes, 0);
  const times = found.length > 1 ? `${found.length} searches, ` : "";
  write(`${name}: ${times}all ${states} sets of messages in ${classes} classes`);
  const defect = found.find((each) => each.defect !== undefined)?.defect;
  if (defect !== undefined) write(`VIOLATION in the model: ${defect}`);
  return defect === undefined;
}

function agrees(
  write: (line: string) => void,
  place: string,
  sequences: readonly ModelConfig[],
): boolean {
  const one = exploreModel(sequences, { states: PLAIN_MAX });
  const turns = exploreModelByTurns(sequences, { classes: Number.POSITIVE_INFINITY });
  const views = (sequences[0]?.leaders.length ?? 0) - 1;
  const equal = outcomeOf(one) === outcomeOf(turns);
  write(
    `${place}, views 0-${views}, one message after another: ${one.states} sets, ${equal ? "the same" : "NOT the same"} by turns`,
  );
  return equal;
}

function outcomeOf({ states, depth, decisions, complete, defect }: Explored): string {
  return [states, depth, decisions.join(), complete, defect].join(";");
}
