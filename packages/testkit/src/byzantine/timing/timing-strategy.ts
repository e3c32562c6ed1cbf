import {
  type ConsensusMessage,
  equalBytes,
  type SyncRequest,
  type SyncResponse,
  toTimestamp,
} from "@aethel/models";
import { type Application, leadershipHashAfter } from "@aethel/pbft";
import { TEST_PARAMETERS } from "../../fixtures/test-genesis.ts";
import { type Place, placeOf } from "../../messages.ts";
import type { Behaviour, Dispatch, Strategy, StrategyContext } from "../behaviour/strategy.ts";
import { createFlood } from "./flood.ts";
import { omitVotes } from "./omitted-votes.ts";
import { isMeant, rivalOf } from "./recipients.ts";
import type { AnswerRule, SendRule, TimingPlan } from "./timing-plan.ts";
import { createTurns, type Turns } from "./turns.ts";

/** Name of the strategy that follows the plan in a world's options. */
export const TIMING = "timing";

/** Creates the strategy that follows a plan. */
export function timingStrategy(plan: TimingPlan, name: string = TIMING): Strategy {
  return {
    name,
    create: (context): Behaviour => {
      const { sends = [], answers = [], flood } = plan;
      const turns = createTurns(context);
      return {
        incoming: (message) => {
          turns.heard(message);
          return true;
        },
        outgoing: (dispatch) => {
          turns.said(dispatch.message);
          return treat(context, { rules: sends, turns, dispatch });
        },
        answer: (request, byReplica) => answerLate(context, { rules: answers, request, byReplica }),
        application: (inner) => dating(context, plan, inner),
        ...(flood === undefined ? {} : { act: createFlood(context, flood) }),
      };
    },
  };
}

function treat(
  context: StrategyContext,
  options: {
    readonly rules: readonly SendRule[];
    readonly turns: Turns;
    readonly dispatch: Dispatch;
  },
): readonly Dispatch[] {
  const { rules, turns, dispatch } = options;
  if (context.isAccomplice(dispatch.to)) return [dispatch];
  const place = placeOf(dispatch.message);
  const rule = rules.find(
    (each) =>
      isAbout(each, dispatch.message) &&
      isInTurn(context, { rule: each, turns, place }) &&
      isMeant(context, each, { to: dispatch.to, sequence: place.sequence }),
  );
  if (rule === undefined) return [dispatch];
  const { how = "send", lateMs = 0 } = rule;
  if (how === "drop") return [];
  const { message } = dispatch;
  const isBare = how === "bare" && message.type === "pre-prepare";
  return [
    {
      ...dispatch,
      message: isBare ? { ...message, outline: undefined } : message,
      delayMs: dispatch.delayMs + lateMs,
    },
  ];
}

function isAbout({ what }: SendRule, { type }: ConsensusMessage): boolean {
  return what === "any" || what === type || (what === "proposal" && type === "pre-prepare");
}

function isInTurn(
  context: StrategyContext,
  options: { readonly rule: SendRule; readonly turns: Turns; readonly place: Place },
): boolean {
  const { rule, turns, place } = options;
  const { turns: whose, every = 1, nth = 0 } = rule;
  const own = turns.ownAt(place);
  if (whose === undefined) return own === undefined || own % every === nth % every;
  if (whose === "own") return own !== undefined && own % every === nth % every;
  if (own !== undefined) return false;
  if (whose === "others") return true;
  const [leader, rival] = [turns.leaderAt(place), rivalOf(context)];
  return leader !== undefined && rival !== undefined && equalBytes(leader, rival);
}

function answerLate(
  context: StrategyContext,
  options: {
    readonly rules: readonly AnswerRule[];
    readonly request: SyncRequest;
    readonly byReplica: () => Promise<SyncResponse>;
  },
): Promise<SyncResponse> | undefined {
  const { rules, request, byReplica } = options;
  const rule = rules.find(({ what }) => what === "any" || what === request.type);
  if (rule === undefined) return undefined;
  const { how, lateMs = 0 } = rule;
  if (how === "hang") return new Promise<never>(() => undefined);
  const answer = async (): Promise<SyncResponse> => {
    if (how === "absent") return { type: "absent", head: context.head().header.sequence };
    const response = await byReplica();
    if (how !== "one" || response.type !== "blocks") return response;
    return { ...response, blocks: response.blocks.slice(0, 1) };
  };
  if (lateMs === 0) return answer();
  return new Promise((resolve, reject) => {
    context.after(lateMs, () => void answer().then(resolve, reject));
  });
}

const { minBlockIntervalMs } = TEST_PARAMETERS;

/**
 * Wraps a node's application so that its own blocks have the timestamp of the plan, and a parent
 * certificate without the votes that the plan omits.
 */
function dating(context: StrategyContext, plan: TimingPlan, inner: Application): Application {
  const { dateMs, omits = 0 } = plan;
  if (dateMs === undefined && omits === 0) return inner;
  return {
    ...inner,
    propose: (request) => {
      const head = context.head();
      const wanted = context.clock.now() + (dateMs ?? 0);
      const timestamp = dateMs === undefined ? request.timestamp : Math.max(wanted, 0);
      const parentCertificate = omitVotes(context, request.parentCertificate, omits);
      return inner.propose({
        ...request,
        timestamp: toTimestamp(Math.max(timestamp, head.header.timestamp + minBlockIntervalMs)),
        parentCertificate,
        leadership: leadershipHashAfter(head, parentCertificate),
      });
    },
  };
}
