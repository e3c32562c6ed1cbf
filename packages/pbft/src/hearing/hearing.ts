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

/**
 * Progress of listening (following without signing): the answers of other validators, which bound
 * the sequences at which this replica may have signed.
 */
export interface Hearing {
  /**
   * Power of the validators in the current set that answered. `neededPower`: power that it must
   * exceed.
   */
  readonly heardPower: bigint;
  readonly neededPower: bigint;
  readonly totalPower: bigint;
  /**
   * Least M such that validators with more than two thirds of the power have answered with heads of
   * at most M. Undefined until that many have answered.
   */
  readonly highest: Sequence | undefined;
  /**
   * Whether the other validators are a quorum without this one. If not, they also cannot finalize
   * blocks without it.
   */
  readonly possible: boolean;
}

/**
 * Rounds of asking the other validators after which a replica that is a quorum by itself ends its
 * listening.
 */
const LONE_ROUNDS = 3;
/**
 * Rounds of asking the other validators after which a replica that is a quorum by itself ends its
 * listening in any case. A peer may claim to have a later block, but none has come by then.
 */
const CLAIMED_ROUNDS = 8;
/**
 * Rounds of asking the other validators after which a listening replica asks at longer intervals.
 */
const EAGER_ROUNDS = 8;
/**
 * Rounds of asking the other validators after which a replica that has just started can begin to
 * sign even if too few validators have answered.
 */
const START_ROUNDS = 3;

/**
 * Returns the sequence from which a replica that lost its log may sign again; undefined while that
 * is not known.
 *
 * Claim: let M be a number such that validators of more than two thirds of the power, this replica
 * not among them, have answered with heads of at most M, after the loss. Then the lost log holds no
 * signature at a sequence above M + 2.
 *
 * Proof. Let s be the last sequence at which the lost log holds a signature. A replica signs at one
 * sequence at a time, that of its head plus one; early messages of the next one are kept, never
 * answered. So block s - 1 was final, and a quorum of the set of s - 1 had signed COMMIT for it.
 * Each honest member of that quorum was at s - 1 then, so block s - 2 was durable in its database
 * before the loss. That quorum and the validators that answered share more than a third of the
 * power, so one of those in both is honest; it is not this replica, which is not among the latter.
 * It answered after the loss, so with at least s - 2 (a validator whose database has less than its
 * log refers to does not answer). Hence s - 2 <= M. The bound is tight: the COMMIT that completed
 * the certificate of M + 1 may have reached this replica alone.
 *
 * The set may change on the way. So the rule is applied when block M + 1 is final here, to the set
 * of the head and to that of the current sequence. Let H >= M + 1 be the head. Signatures at H and
 * below do not matter any more. If s > H + 1, then block H + 1 was final, and its quorum, of the
 * current set, had a head of at least H > M. If s = H + 1 and s > M + 2, then the quorum of H, of
 * the head's own set, had a head of at least H - 1 > M. Either contradicts the answers.
 *
 * Of all such M the least is taken. So a validator that invents a head does no more harm than one
 * that is silent.
 */
export function signsFrom(state: State): Sequence | undefined {
  const { listening, head } = state;
  if (listening === undefined) return undefined;
  const own = highestHead(listening.answers, head.previousValidators);
  const next = highestHead(listening.answers, head.validators);
  if (own === undefined || next === undefined) return undefined;
  return toSequence(Math.max(own, next) + 3);
}

/**
 * Returns the progress of listening, for status reports; undefined if this replica does not listen.
 */
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

/**
 * Returns the sequence from which this replica signs again, if its listening after a loss can end
 * now. Undefined if it cannot.
 */
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

/**
 * Whether a listening replica asks at short intervals. It does in its first rounds, because an
 * answer takes only one round trip.
 */
export function isEager({ listening }: Pick<State, "listening">): boolean {
  return listening !== undefined && listening.rounds <= EAGER_ROUNDS;
}

/**
 * Whether a replica that has just started can end its listening (following without signing). With
 * their answers, validators also send the messages of this replica that they have. If one of these
 * has a signature that this replica does not know, the cause of listening changes, and this rule no
 * longer applies. An answer is near if its head is at most one block ahead of this replica's head;
 * it then covers the current sequence.
 *
 * If validators with more than a third of the power answer that the current sequence is final, one
 * of them is honest and has its block. The first rounds wait for that block: a signature at its
 * sequence would be useless, and could contradict a forgotten one.
 *
 * A quorum of near answers ends the listening. From the second round on, this replica counts
 * towards that quorum. If too few answer, it ends after `START_ROUNDS`, unless validators with more
 * than a third of the power are more than one block ahead. A network whose members all start
 * together, or can only be reached by gossip, must not wait forever.
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

/**
 * Returns the validators of the current and the previous set, without this replica, whose signed
 * heads are still missing. For a replica that has just started, a signed head counts only if it is
 * at most one block ahead of this replica's head.
 */
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

/**
 * Returns the least M such that validators with more than two thirds of a set's power have answered
 * with heads of at most M. Undefined while too few have answered.
 */
function highestHead(answers: readonly HeadAnswer[], set: ValidatorSet): Sequence | undefined {
  let power = 0n;
  for (const answer of answers.toSorted((left, right) => left.sequence - right.sequence)) {
    power += powerOfAnswers([answer], set);
    if (isQuorum(power, set)) return answer.sequence;
  }
  return undefined;
}
