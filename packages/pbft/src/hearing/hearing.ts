import {
  type AccountId,
  equalBytes,
  indexOfValidator,
  isQuorum,
  isWeakQuorum,
  powerOf,
  type Sequence,
  toSequence,
  type ValidatorSet,
  validatorAt,
} from "@aethel/models";
import type { HeadAnswer, Listening } from "../books/listening.ts";
import type { State } from "../state.ts";

/** Progress of the question. */
export interface Hearing {
  /** Power of the validators that answered, and what it must exceed, in the current set. */
  readonly heardPower: bigint;
  readonly neededPower: bigint;
  readonly totalPower: bigint;
  /** The head M of the rule, as far as it is known. */
  readonly highest: Sequence | undefined;
  /** False: the others are no quorum without this validator, and cannot go on without it either. */
  readonly possible: boolean;
}

/** Rounds after which a validator that is a quorum by itself has heard what there is to hear. */
const LONE_ROUNDS = 3;
/** Rounds without a block after which it goes on although somebody claims to have more. */
const CLAIMED_ROUNDS = 8;
/** After so many rounds in vain it asks less often. */
const EAGER_ROUNDS = 8;
/** Rounds after which a start goes on although too few answer. */
const START_ROUNDS = 3;

/**
 * The sequence from which a replica may sign that lost its log, or undefined while that is not
 * known.
 *
 * Claim: let M be a number such that validators of more than two thirds of the power, this replica
 * not among them, have answered with heads of at most M, after the loss. Then the lost log holds no
 * signature at a sequence above M + 2.
 *
 * Proof. Let s be the last sequence that it holds a signature of. A replica signs at one sequence
 * at a time, that of its head plus one; early messages of the next one are kept, never answered. So
 * block s - 1 was final, and a quorum of the set of s - 1 had signed COMMIT for it. Each honest one
 * of these was at s - 1 then, so block s - 2 was durable in its database before the loss. The
 * quorum and those who answer share more than a third of the power, so one of them is honest; this
 * one is not the replica itself. It answered after the loss, so with at least s - 2 (who has less
 * in its database than its log speaks of does not answer). Hence s - 2 <= M. The bound is met: the
 * COMMIT that completed the certificate of M + 1 may have reached this replica alone.
 *
 * The set may change on the way. So the rule is looked at when block M + 1 is final here, for the
 * set of the head and for that of the current sequence. Let H >= M + 1 be the head. Signatures at H
 * and below do not matter any more. Was s > H + 1, then block H + 1 was final, and its quorum, of
 * the current set, had a head of at least H > M; was s = H + 1 and above M + 2, then the quorum of
 * H, of the head's own set, had one of at least H - 1 > M. Either contradicts the answers.
 *
 * Of all such M the least is taken. A validator that names a head out of the air thereby does no
 * more than one that is silent.
 */
export function signsFrom(state: State): Sequence | undefined {
  const { listening, head } = state;
  if (listening === undefined) return undefined;
  const own = highestHead(listening.answers, head.previousValidators);
  const next = highestHead(listening.answers, head.validators);
  if (own === undefined || next === undefined) return undefined;
  return toSequence(Math.max(own, next) + 3);
}

/** Tells status how far the hearing has come. */
export function hearingOf(state: State): Hearing | undefined {
  const { listening, head, me } = state;
  if (listening === undefined) return undefined;
  const set = head.validators;
  const { totalPower } = set;
  const others = totalPower - (me === undefined ? 0n : powerOf(set, [me]));
  return {
    heardPower: powerOfAnswers(listening.answers, set),
    neededPower: (totalPower * 2n) / 3n,
    totalPower,
    highest: highestHead(listening.answers, set),
    possible: isQuorum(others, set),
  };
}

/** Whether the listening after a loss is over. */
export function hasHeardEnough(state: State): Sequence | undefined {
  const { listening, head } = state;
  const from = signsFrom(state);
  if (from !== undefined && head.header.sequence >= from - 2) return from;
  // Nobody else can have finalized anything: what it does not know, it did not sign for others.
  const rounds = listening?.rounds ?? 0;
  // A claim is anybody's; who has more gives a block, and then the rounds begin anew.
  const isAsked = rounds > (state.ahead === undefined ? LONE_ROUNDS : CLAIMED_ROUNDS);
  return isAsked && isAlone(state) ? state.sequence : undefined;
}

/** Whether it asks often: at first, since what it waits for is a round trip away. */
export function isEager({ listening }: Pick<State, "listening">): boolean {
  return listening !== undefined && listening.rounds <= EAGER_ROUNDS;
}

/**
 * Whether a start is over: those who answered hold nothing that this replica signed and does not
 * know, or it would listen for another cause by now. Their answers count when they are no further
 * than it can follow, since what they hold of it is about their current sequence.
 *
 * Where more than a third says that the current sequence is final, an honest one has its block,
 * which comes first: a signature at that sequence would be of no use, and could contradict a
 * forgotten one.
 *
 * The others should be a quorum by themselves. Where they are too few for that, they and this
 * replica are one; where not even these answer, it goes on: a network whose members all start
 * together, or reach each other by gossip only, must not wait for ever.
 */
export function isStartOver(state: State): boolean {
  const { listening, head } = state;
  if (listening === undefined || isAlone(state)) return true;
  const set = head.validators;
  const { answers, rounds } = listening;
  const last = head.header.sequence;
  const powerOfThose = (isOne: (answer: HeadAnswer) => boolean): bigint =>
    powerOfAnswers(answers.filter(isOne), set);
  const further = powerOfThose(({ sequence }) => sequence > last);
  if (rounds <= START_ROUNDS && isWeakQuorum(further, set)) return false;
  const near = powerOfThose((answer) => answer.near);
  if (isQuorum(near, set)) return true;
  if (isQuorum(near + ownPower(state), set) && rounds > 1) return true;
  const far = powerOfThose(({ sequence }) => sequence > last + 1);
  return rounds > START_ROUNDS && !isWeakQuorum(far, set);
}

/** Validators that have not answered yet, or was too far ahead to tell anything at a start. */
export function silentValidators(state: State): readonly AccountId[] {
  const { listening, head, me } = state;
  if (listening === undefined) return [];
  const { validators: set, previousValidators } = head;
  const former = previousValidators.validators.filter(
    ({ id }) => indexOfValidator(set, id) === undefined,
  );
  const own = me === undefined ? undefined : validatorAt(set, me)?.id;
  return [...set.validators, ...former]
    .map(({ id }) => id)
    .filter((id) => own === undefined || !equalBytes(id, own))
    .filter((id) => !listening.answers.some((answer) => isFinalAnswer(listening, answer, id)));
}

/** Whether this replica alone is a quorum of the current set. */
export function isAlone(state: State): boolean {
  return isQuorum(ownPower(state), state.head.validators);
}

function ownPower({ head, me }: State): bigint {
  return me === undefined ? 0n : powerOf(head.validators, [me]);
}

function isFinalAnswer({ cause }: Listening, answer: HeadAnswer, id: AccountId): boolean {
  return equalBytes(answer.validator, id) && (cause !== "starting" || answer.near);
}

function powerOfAnswers(answers: readonly HeadAnswer[], set: ValidatorSet): bigint {
  return powerOf(
    set,
    answers.flatMap(({ validator }) => indexOfValidator(set, validator) ?? []),
  );
}

/** The least M such that validators of more than two thirds of a set named heads of at most M. */
function highestHead(answers: readonly HeadAnswer[], set: ValidatorSet): Sequence | undefined {
  let power = 0n;
  for (const answer of answers.toSorted((left, right) => left.sequence - right.sequence)) {
    power += powerOfAnswers([answer], set);
    if (isQuorum(power, set)) return answer.sequence;
  }
  return undefined;
}
