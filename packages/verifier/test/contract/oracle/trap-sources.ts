/** Edits of a source: each replaces one text. */
export type Edits = readonly (readonly [string, string])[];

/** Contract that a thief would write, and what repairs it. */
export interface Trap {
  readonly name: string;
  readonly source: string;
  readonly fault: Edits;
  readonly repair: Edits;
  /** Start of the name of an obligation that fails: kind, intent and label. */
  readonly open: string;
}

/** Claims with an owner, an amount and a time each. */
export const DEALS = `contract deals {
  record Deal { owner: Account; amount: Amount; t: Int; }
  state { deals: map[Int] Deal; /* state */ }
  invariant solvent: vault.balance == sum(d in deals: d.amount);
  invariant named: for each id in deals: deals[id].amount > 0 => deals[id].owner != none;
  /* rules */
  intent open(signer from: Account, owner: Account, id: Int, n: Amount, t: Int) {
    guard { deals[id].amount == 0; from.balance >= n; t <= now + 100; }
    effect {
      from.balance -= n; vault.balance += n;
      deals[id] = Deal { owner: owner, amount: n, t: t };
    }
  }
  intent pay(id: Int) {
    let d = deals[id];
    guard { now > d.t; d.owner != none; /* guard */ }
    effect { deals[id].amount = 0; vault.balance -= d.amount; d.owner.balance += d.amount; }
  }
  /* intents */
  exit out: for each id in deals: deals[id].amount > 0 keeping deals[id].amount
    after deals[id].t within 100 /* unless */ via pay(id) to deals[id].owner;
}`;

/** Claims by account, each with the signature of its account. */
export const BANK = `contract bank {
  state { claim (balance) owed: map[Account] Amount; /* state */ }
  invariant solvent: vault.balance == sum(o in owed: o);
  invariant named: for each a in owed: owed[a] > 0 => a != none;
  /* rules */
  intent fund(signer a: Account, n: Amount) {
    guard { a.balance >= n; }
    effect { a.balance -= n; vault.balance += n; owed[a] += n; }
  }
  intent take(a: Account) {
    let n = owed[a];
    guard { a != none; }
    effect { owed[a] = 0; vault.balance -= n; a.balance += n; }
  }
  /* intents */
  exit out: for each a in owed: owed[a] > 0 keeping owed[a] via take(a) to a;
}`;

/** Contract without money. */
export const PLAIN = `contract plain {
  /* types */
  state { count: Amount; m: map[Int] Amount; /* state */ }
  /* rules */
  /* intents */
}`;

/** Returns a source with texts replaced. Throws if one is not there exactly once. */
export function edited(source: string, edits: Edits): string {
  return withoutMarks(
    edits.reduce((text, [from, to]) => {
      if (text.split(from).length !== 2) throw new Error(`not there once: ${from}`);
      return text.replace(from, () => to);
    }, source),
  );
}

function withoutMarks(source: string): string {
  return source.replaceAll(/\/\* \w+ \*\//g, "");
}
