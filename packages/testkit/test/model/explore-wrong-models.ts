import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";
import type { Model } from "../../src/model/model.ts";
import { applyEdits, type Edit } from "../wrong-engines/patch.ts";

/** The abstract model with a rule broken, as changes to its text, each of which fits exactly once. */
export interface WrongModel {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** Defect that a search must report. */
  readonly defect: RegExp;
  /** Report of the search by turns, where it stops earlier. */
  readonly byTurns?: RegExp;
  /** Number of views, node 0 Byzantine. Default: 2. With three, node 3 is silent. */
  readonly views?: 3;
}

/** The rules on which safety rests, each broken alone. */
export const WRONG_MODELS: readonly WrongModel[] = [
  {
    name: "a quorum is half of the power",
    edits: [
      {
        find: "return power * 3 > powers.reduce((sum, own) => sum + own, 0) * 2;",
        replace: "return power * 2 >= powers.reduce((sum, own) => sum + own, 0);",
      },
    ],
    defect: /agreement|two blocks are prepared|past a lock/,
  },
  {
    name: "requests carry no lock",
    edits: [{ find: 'return "hides a lock";', replace: "return undefined;" }],
    defect: /agreement|past a lock/,
  },
  {
    name: "any lock in the requests dictates",
    edits: [
      { find: "lock.view === highest && lock.value === value", replace: "lock.value === value" },
      {
        find: "(lock?.view ?? -1) <= (highest?.view ?? -1)",
        replace: "(lock?.view ?? -1) < Number.MAX_VALUE",
      },
    ],
    defect: /agreement|past a lock/,
    views: 3,
  },
  {
    name: "the requests in a NewView are not counted",
    edits: [
      {
        find: "if (voters.size !== votes.length || !isQuorum(config, [...voters])) return false;",
        replace: "if (voters.size !== votes.length) return false;",
      },
    ],
    defect: /agreement|past a lock/,
  },
  {
    name: "locks in the requests dictate nothing",
    edits: [
      {
        find: "if (locks.length === 0) return freshValues(config, view).includes(value);",
        replace: "if (freshValues(config, view).includes(value)) return true;",
      },
    ],
    defect: /agreement|past a lock/,
  },
  {
    name: "COMMIT asks for no certificate",
    edits: [
      {
        find: 'isCertified(config, state, "prepare", message) ? undefined : "not prepared"',
        replace: "undefined",
      },
    ],
    defect: /agreement/,
  },
  {
    name: "anything may be voted for",
    edits: [
      {
        find: 'isProposed(config, state, message) ? undefined : "nobody may propose that here"',
        replace: "undefined",
      },
    ],
    defect: /agreement|past a lock/,
  },
  {
    name: "nodes vote on in views that they have left",
    edits: [
      {
        find: 'return reached(config, state, node) > view ? "has left the view" : undefined;\n}\n\nfunction refusalOfRequest',
        replace: "return undefined;\n}\n\nfunction refusalOfRequest",
      },
    ],
    defect: /agreement|past a lock/,
    byTurns: /order: 1 may still speak in view 0 after view 1/,
  },
];

const MODEL = new URL("../../src/model/model.ts", import.meta.url);

/** Loads a wrong model. @throws Error when one of its changes fits nowhere, or twice */
export async function loadModel(edits: readonly Edit[]): Promise<Model> {
  const text = readFileSync(fileURLToPath(MODEL), "utf8");
  for (const { find } of edits) {
    const times = text.split(find).length - 1;
    if (times !== 1) throw new Error(`"${find}" is ${times} times in the model, not once`);
  }
  const state = new URL("model-state.ts", MODEL).href;
  const source = applyEdits(text, edits).replace("./model-state.ts", () => state);
  const script = encodeURIComponent(stripTypeScriptTypes(source));
  const model: Model = await import(`data:text/javascript,${script}`);
  return model;
}
