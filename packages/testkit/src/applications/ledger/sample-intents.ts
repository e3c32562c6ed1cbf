/** Source of an intent that worlds publish. The Judge's verdict on it is in `verdict-table.ts`. */
export interface SampleIntent {
  readonly source: string;
  readonly resourceLimit: number;
}

const LIMIT = 2_000_000;

/**
 * Sources that are published in turn. Every second one is proved; each of the others fails by a
 * different kind of obligation.
 */
export const SAMPLE_INTENTS: readonly SampleIntent[] = [
  // Conserves the supply, but takes from an account that did not sign.
  `intent steal(signer me: Account, you: Account, amount: Amount) {
    guard { amount > 0; you.balance >= amount; }
    effect { you.balance -= amount; me.balance += amount; }
    verify { true; }
  }`,
  `intent tip(signer from: Account, to: Account) {
    guard { from.balance >= 5; }
    effect { from.balance -= 5; to.balance += 5; }
    verify { from != to => to.balance == old(to.balance) + 5; }
  }`,
  // False when the two are one account.
  `intent pay(signer from: Account, to: Account, amount: Amount) {
    guard { amount > 0; from.balance >= amount; }
    effect { from.balance -= amount; to.balance += amount; }
    verify { from.balance == old(from.balance) - amount; }
  }`,
  `intent halve(signer from: Account, to: Account, whole: Amount) {
    guard { whole > 1; from.balance >= whole; }
    effect { let half = whole / 2; from.balance -= half; to.balance += half; }
    verify { from.balance >= old(from.balance) - whole; }
  }`,
  `intent mint(signer me: Account) {
    guard { me.balance < 5; }
    effect { me.balance += 1; }
    verify { true; }
  }`,
  `intent touch(signer me: Account) {
    guard { me.balance > 0; }
    verify { me.balance == old(me.balance); }
  }`,
  // Exceeds the largest amount that can be stored, for a moment.
  `intent burst(signer me: Account, amount: Amount) {
    guard { amount > 0; }
    effect { me.balance += amount; me.balance -= amount; }
    verify { true; }
  }`,
].map((source) => ({ source, resourceLimit: LIMIT }));
