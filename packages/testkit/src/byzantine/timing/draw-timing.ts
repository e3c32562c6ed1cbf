import type { Random } from "../../random.ts";
import type { AnswerRule, Flood, SendRule, TimingPlan } from "./timing-plan.ts";

/** Times near the delays, block intervals and time-outs of worlds with `TEST_PARAMETERS`. */
const TIMES_MS = [0, 20, 60, 120, 200, 300, 450, 700, 1_000, 1_400, 1_900, 4_000];
const DATES_MS = [-30_000, -2_000, -500, 20, 60, 120, 140, 240, 260, 1_000, 2_000];
const RULES_MAX = 7;

const WHAT = [
  "proposal",
  "proposal",
  "new-view",
  "prepare",
  "commit",
  "view-change",
  "any",
] as const;
const TO = ["all", "all", "one", "short", "enough", "half"] as const;
const HOW = ["send", "send", "bare", "drop"] as const;
const ANSWERED = ["block", "blocks", "head", "any"] as const;
const ANSWERS = ["answer", "absent", "one", "hang"] as const;
const FLOODS = ["ahead", "votes", "requests"] as const;

/** Draws a plan with up to four rules for messages and up to two for requests. */
export function drawTiming(random: Random): TimingPlan {
  const sends = several(random, 4, drawSend);
  const answers = several(random, 2, drawAnswer);
  return {
    ...(sends.length === 0 ? {} : { sends }),
    ...(answers.length === 0 ? {} : { answers }),
    ...(random.chance(0.3) ? { dateMs: random.pick(DATES_MS) } : {}),
    ...(random.chance(0.3) ? { omits: 1 + random.below(3) } : {}),
    ...(random.chance(0.2) ? { flood: drawFlood(random) } : {}),
  };
}

/**
 * Returns a plan with one change: a rule added, removed, moved or replaced, or another date, number
 * of omitted votes or flood.
 */
export function mutateTiming(random: Random, plan: TimingPlan): TimingPlan {
  const { sends = [], answers = [] } = plan;
  switch (random.below(6)) {
    case 0:
    case 1:
    case 2:
      return { ...plan, sends: mutateList(random, sends, { draw: drawSend, alter: alterSend }) };
    case 3:
      return {
        ...plan,
        answers: mutateList(random, answers, { draw: drawAnswer, alter: drawAnswer }),
      };
    case 4: {
      const dated = random.chance(0.3) ? {} : { dateMs: random.pick(DATES_MS) };
      return { ...without(plan, "dateMs"), ...dated };
    }
    default: {
      const omitted = random.chance(0.5) ? {} : { omits: 1 + random.below(3) };
      const flooded = random.chance(0.5) ? {} : { flood: drawFlood(random) };
      return random.chance(0.5)
        ? { ...without(plan, "omits"), ...omitted }
        : { ...without(plan, "flood"), ...flooded };
    }
  }
}

function drawSend(random: Random): SendRule {
  const what = random.pick(WHAT);
  const turns = random.pick(["own", "own", "others", "rival", "all"] as const);
  const every = 1 + random.below(random.pick([1, 3]));
  const to = random.pick(TO);
  return {
    what,
    ...(turns === "all" || what === "proposal" ? {} : { turns }),
    ...(every === 1 ? {} : { every, nth: random.below(every) }),
    ...(to === "all" ? {} : { to }),
    ...(random.chance(0.7) ? {} : { order: "turning" as const }),
    ...drawHow(random, what),
  };
}

function drawHow(random: Random, what: SendRule["what"]): Pick<SendRule, "how" | "lateMs"> {
  const drawn = random.pick(HOW);
  const how = drawn === "bare" && what !== "proposal" ? "drop" : drawn;
  const lateMs = how === "drop" ? 0 : random.pick(TIMES_MS);
  return { ...(how === "send" ? {} : { how }), ...(lateMs === 0 ? {} : { lateMs }) };
}

function alterSend(random: Random, rule: SendRule): SendRule {
  const { how: _, lateMs: __, ...rest } = rule;
  const other = drawSend(random);
  switch (random.below(3)) {
    case 0:
      return { ...rest, ...drawHow(random, rule.what) };
    case 1: {
      const { to: ___, ...without } = rule;
      return other.to === undefined ? without : { ...without, to: other.to };
    }
    default:
      return other;
  }
}

function drawAnswer(random: Random): AnswerRule {
  const lateMs = random.pick(TIMES_MS);
  return {
    what: random.pick(ANSWERED),
    how: random.pick(ANSWERS),
    ...(lateMs === 0 ? {} : { lateMs }),
  };
}

function drawFlood(random: Random): Flood {
  return { what: random.pick(FLOODS), count: 1 + random.below(10) };
}

function several<T>(random: Random, most: number, draw: (random: Random) => T): readonly T[] {
  return Array.from({ length: random.below(most + 1) }, () => draw(random));
}

function mutateList<T>(
  random: Random,
  list: readonly T[],
  make: { readonly draw: (random: Random) => T; readonly alter: (random: Random, item: T) => T },
): readonly T[] {
  if (list.length === 0) return [make.draw(random)];
  const at = random.below(list.length);
  const [item] = list.slice(at, at + 1);
  const rest = list.toSpliced(at, 1);
  switch (random.below(4)) {
    case 0:
      return list.length >= RULES_MAX ? rest : list.toSpliced(at, 0, make.draw(random));
    case 1:
      return rest;
    case 2:
      return item === undefined ? list : rest.toSpliced(random.below(list.length), 0, item);
    default:
      return item === undefined ? list : list.with(at, make.alter(random, item));
  }
}

function without(plan: TimingPlan, field: keyof TimingPlan): TimingPlan {
  const { [field]: _, ...rest } = plan;
  return rest;
}
