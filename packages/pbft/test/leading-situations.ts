import { toView, type ViewChange } from "@aethel/models";
import fc from "fast-check";
import { addViewChange, emptyViewChangeBook } from "../src/books/view-change-book.ts";
import type { KnownBlock, State } from "../src/state.ts";
import { at, type RuleStage } from "./rule-stage.ts";

/** Something, or nothing once in `freq` times. */
export const option = <T>(some: fc.Arbitrary<T>, freq = 2): fc.Arbitrary<T | undefined> =>
  fc.option(some, { nil: undefined, freq });
const block = fc.nat({ max: 1 });

/**
 * Knowledge and past acts of a leader; blocks are numbers, and the lock of view n is for block n.
 */
export interface Situation {
  readonly leads: number;
  readonly view: number;
  readonly phase: State["phase"];
  readonly proposing: number | undefined;
  readonly committed: boolean;
  readonly suspended: boolean;
  /** Requests for view 2, each with its voter and lock. */
  readonly asked: readonly { readonly voter: number; readonly lock: number | undefined }[];
  readonly signed: { readonly view: number; readonly of: number } | undefined;
  /** Blocks that are here, and whether they are durable. */
  readonly held: readonly (boolean | undefined)[];
}

/** Situations of which most differ in one or two things from one in which something is due. */
function near(due: Partial<Situation>): fc.Arbitrary<Situation> {
  const most = <T>(name: keyof Situation, other: fc.Arbitrary<T>): fc.Arbitrary<T> =>
    name in due
      ? fc.oneof(
          { weight: 7, arbitrary: fc.constant(due[name] as T) },
          { weight: 1, arbitrary: other },
        )
      : other;
  return fc.record<Situation>({
    leads: most("leads", fc.nat({ max: 1 })),
    view: most("view", fc.nat({ max: 2 })),
    phase: most("phase", fc.constantFrom("active", "changing", "committing")),
    proposing: most("proposing", fc.constantFrom(undefined, 0, 2)),
    committed: most("committed", fc.boolean()),
    suspended: most("suspended", fc.boolean()),
    asked: fc.array(fc.record({ voter: fc.nat({ max: 3 }), lock: option(block) }), {
      maxLength: 6,
    }),
    signed: most("signed", option(fc.record({ view: fc.constantFrom(0, 2, 2), of: block }))),
    held: fc.tuple(option(fc.boolean(), 4), option(fc.boolean(), 4)),
  });
}

const idle = { committed: false, suspended: false, signed: undefined };
/** Situations in which a NewView is due, or nearly. */
export const changing = near({
  ...idle,
  leads: 1,
  view: 2,
  phase: "changing",
  proposing: undefined,
});
/** Situations in which a block may be asked for. */
export const fresh = near({ ...idle, leads: 0, view: 0, phase: "active", proposing: undefined });
/** Situations in which a block is being built. */
export const building = fc.oneof(
  near({ ...idle, leads: 1, view: 2, phase: "changing", proposing: 2 }),
  near({ ...idle, leads: 0, view: 0, phase: "active", proposing: 0 }),
);

/** The state of such a situation. */
export function stateOf(stage: RuleStage, of: Situation): Partial<State> {
  const { digests, blocks, certificate, state } = stage;
  const set = state.head.validators;
  let book = emptyViewChangeBook();
  for (const { voter, lock } of of.asked) {
    const request: ViewChange = stage.request({
      voter,
      newView: 2,
      lock:
        lock === undefined
          ? undefined
          : certificate({ phase: "prepare", view: lock, digest: at(digests, lock) }),
    });
    book = addViewChange(book, set, request) ?? book;
  }
  return {
    view: toView(of.view),
    phase: of.phase,
    suspended: of.suspended,
    proposing: of.proposing === undefined ? undefined : toView(of.proposing),
    committed: of.committed
      ? certificate({ phase: "commit", view: 0, digest: at(digests, 0) })
      : undefined,
    viewChanges: book,
    signed: {
      ...state.signed,
      proposal: of.signed && { view: toView(of.signed.view), digest: at(digests, of.signed.of) },
    },
    blocks: of.held.flatMap((durable, index): readonly KnownBlock[] =>
      durable === undefined
        ? []
        : [
            {
              digest: at(digests, index),
              block: at(blocks, index),
              verdict: "accepted",
              reason: "",
              claim: undefined,
              durable,
            },
          ],
    ),
  };
}

/** Returns the first request of each voter: all are for one view. */
function requestsOf(of: Situation): readonly Situation["asked"][number][] {
  return of.asked.filter(
    ({ voter }, index) => of.asked.findIndex((each) => each.voter === voter) === index,
  );
}

/** Whether a quorum asks for view 2. */
export function isQuorum(of: Situation): boolean {
  return requestsOf(of).length >= 3;
}

/** The highest lock that is shown. */
export function lockOf(of: Situation): number | undefined {
  const locks = requestsOf(of).flatMap(({ lock }) => (lock === undefined ? [] : [lock]));
  return locks.length === 0 ? undefined : Math.max(...locks);
}

/** The effects of following requests. */
export function newViewOf(of: Situation): readonly string[] {
  const isDue =
    of.view === 2 &&
    of.leads === 1 &&
    !of.suspended &&
    of.phase === "changing" &&
    of.proposing !== 2 &&
    !of.committed &&
    isQuorum(of);
  if (!isDue) return [];
  const lock = lockOf(of);
  if (lock !== undefined) return newViewWith(of, lock);
  const again = of.signed?.view === 2 ? of.signed.of : undefined;
  if (again === undefined) return ["ask 2 heartbeat"];
  return of.held[again] === undefined ? [] : newViewWith(of, again);
}

/** The effects of a block for view 2. */
export function newViewAfter(of: Situation, built: number): readonly string[] {
  if (!isQuorum(of)) return [];
  // The certificate wins over the block that was built meanwhile.
  const lock = lockOf(of);
  return lock === undefined ? newViewWith(withBlock(of, built), built) : newViewWith(of, lock);
}

/** One proposal in each view: a recorded one is said again, and no other. */
function newViewWith(of: Situation, digest: number): readonly string[] {
  const recorded = of.signed?.view === 2 ? of.signed.of : undefined;
  const voters = requestsOf(of)
    .map(({ voter, lock }) => `${voter}:${lock ?? "-"}`)
    .toSorted()
    .join(" ");
  const said = `new-view 2 ${digest} by ${voters} lock ${lockOf(of) ?? "-"}`;
  if (recorded === digest) return [said];
  if (recorded !== undefined) return [];
  return [persisted(of, 2, digest), said];
}

/** The effects of a block for view 0. */
export function proposalOf(of: Situation, built: number): readonly string[] {
  return [persisted(withBlock(of, built), 0, built), `pre-prepare 0 ${built}`];
}

function withBlock(of: Situation, built: number): Situation {
  const [first, second] = of.held;
  return {
    ...of,
    held: built === 0 ? [first ?? false, second] : [first, second ?? false],
  };
}

function persisted(of: Situation, view: number, digest: number): string {
  const isNew = of.held[digest] === false;
  return `persist ${isNew ? `block ${digest}, ` : ""}proposal ${view} ${digest}`;
}
