import {
  add,
  and,
  atMost,
  choose,
  equal,
  implies,
  integer,
  less,
  not,
  or,
  subtract,
  symbol,
} from "../../src/intent/build-term.ts";
import type { Term } from "../../src/term.ts";

/**
 * Nonlinear obligations as contracts will have them, each true, with twins that are false by one
 * unit, one missing guard or the wrong rounding.
 */
export interface ContractClaim {
  readonly title: string;
  readonly assumptions: readonly Term[];
  readonly goal: Term;
}

const amountMax = 2n ** 64n - 1n;
const n = (value: number | bigint): Term => integer(BigInt(value));
const times = (...operands: readonly Term[]): Term => ({
  type: "arithmetic",
  operator: "multiply",
  operands,
});
const over = (left: Term, right: Term): Term => ({
  type: "arithmetic",
  operator: "divide",
  operands: [left, right],
});
const rest = (left: Term, right: Term): Term => ({
  type: "arithmetic",
  operator: "modulo",
  operands: [left, right],
});
const atLeast = (left: Term, right: Term): Term => atMost(right, left);
const above = (left: Term, right: Term): Term => less(right, left);
const plus = add;
const minus = subtract;

/** Amounts in 0 .. 2^64-1 by name. */
function amounts(...names: readonly string[]): {
  readonly terms: readonly Term[];
  readonly ranges: readonly Term[];
} {
  const terms = names.map((name) => symbol(name, "integer"));
  return {
    terms,
    ranges: terms.flatMap((term) => [and(atMost(n(0), term), atMost(term, n(amountMax)))]),
  };
}

/** A symbol that equals a term, as a `let` makes it. */
function named(name: string, value: Term): { readonly term: Term; readonly fact: Term } {
  const term = symbol(name, "integer");
  return { term, fact: equal(term, value) };
}

type Made = readonly ContractClaim[];

function exchange(): { readonly right: Made; readonly wrong: Made } {
  const { terms, ranges } = amounts("x", "y", "dx");
  const [x = n(0), y = n(0), dx = n(0)] = terms;
  const live = [...ranges, above(x, n(0)), above(y, n(0)), above(dx, n(0))];
  const plain = named("out", over(times(y, dx), plus(x, dx)));
  const feeDivisor = plus(times(x, n(1000)), times(dx, n(997)));
  const fee = named("out", over(times(y, dx, n(997)), feeDivisor));
  const product = (out: Term): Term => times(plus(x, dx), minus(y, out));
  const up = named("out", plus(over(times(y, dx), plus(x, dx)), n(1)));
  const net = named("net", minus(dx, over(times(dx, n(3)), n(1000))));
  const netOut = named("out", over(times(y, net.term), plus(x, net.term)));
  const back = named("back", over(times(plus(x, dx), plain.term), y));
  return {
    right: [
      claim(
        "constant product, no fee",
        [...live, plain.fact],
        atLeast(product(plain.term), times(x, y)),
      ),
      claim(
        "constant product with a fee",
        [...live, fee.fact],
        atLeast(product(fee.term), times(x, y)),
      ),
      claim("an exchange pays less than it has", [...live, plain.fact], less(plain.term, y)),
      claim("an exchange with a fee pays less than it has", [...live, fee.fact], less(fee.term, y)),
      claim("an exchange with a fee pays at least 0", [...live, fee.fact], atLeast(fee.term, n(0))),
      claim(
        "the fee pays no more than without",
        [...live, fee.fact, named("o", over(times(y, dx), plus(x, dx))).fact],
        atMost(fee.term, symbol("o", "integer")),
      ),
      claim(
        "a fee taken off before",
        [...live, net.fact, netOut.fact],
        atLeast(product(netOut.term), times(x, y)),
      ),
      claim(
        "there and back gains nothing",
        [...live, plain.fact, back.fact],
        atMost(back.term, dx),
      ),
    ],
    wrong: [
      claim("rounding up", [...live, up.fact], atLeast(product(up.term), times(x, y))),
      claim("the product grows", [...live, plain.fact], above(product(plain.term), times(x, y))),
      claim("something is paid", [...live, fee.fact], above(fee.term, n(0))),
    ],
  };
}

function shares(): { readonly right: Made; readonly wrong: Made } {
  const { terms, ranges } = amounts("total", "supply", "amount", "burned");
  const [total = n(0), supply = n(0), amount = n(0), burned = n(0)] = terms;
  const live = [...ranges, above(total, n(0)), above(supply, n(0))];
  const minted = named("minted", over(times(amount, supply), total));
  const paid = named("paid", over(times(burned, total), supply));
  const part = [...live, atMost(burned, supply), paid.fact];
  const again = named(
    "again",
    over(times(minted.term, plus(total, amount)), plus(supply, minted.term)),
  );
  const price = atLeast(
    times(plus(total, amount), supply),
    times(total, plus(supply, minted.term)),
  );
  const left = atLeast(times(minus(total, paid.term), supply), times(total, minus(supply, burned)));
  return {
    right: [
      claim("minting does not lower the price", [...live, minted.fact], price),
      claim("redeeming pays no more than there is", part, atMost(paid.term, total)),
      claim("redeeming pays at least 0", part, atLeast(paid.term, n(0))),
      claim("redeeming does not lower the price", part, left),
      claim(
        "mint and redeem gain nothing",
        [...live, minted.fact, again.fact],
        atMost(again.term, amount),
      ),
    ],
    wrong: [
      claim(
        "minting keeps the price",
        [...live, minted.fact],
        equal(times(plus(total, amount), supply), times(total, plus(supply, minted.term))),
      ),
      claim("redeeming more than the supply", [...live, paid.fact], atMost(paid.term, total)),
      claim(
        "a deposit mints",
        [...live, above(amount, n(0)), minted.fact],
        above(minted.term, n(0)),
      ),
    ],
  };
}

function fees(): { readonly right: Made; readonly wrong: Made } {
  const { terms, ranges } = amounts("amount", "rate", "other", "second");
  const [amount = n(0), rate = n(0), other = n(0), second = n(0)] = terms;
  const whole = n(10_000);
  const live = [...ranges, atMost(rate, whole), atMost(second, whole)];
  const fee = named("fee", over(times(amount, rate), whole));
  const otherFee = named("otherFee", over(times(other, rate), whole));
  const bothFee = named("bothFee", over(times(plus(amount, other), rate), whole));
  const up = named("up", over(plus(times(amount, rate), n(9_999)), whole));
  const first = named("first", over(times(amount, minus(whole, rate)), whole));
  const twice = named("twice", over(times(first.term, minus(whole, second)), whole));
  const all = [...live, fee.fact, otherFee.fact, bothFee.fact];
  return {
    right: [
      claim("a fee is at most the amount", [...live, fee.fact], atMost(fee.term, amount)),
      claim("a fee is at least 0", [...live, fee.fact], atLeast(fee.term, n(0))),
      claim("a fee rounded up is at most the amount", [...live, up.fact], atMost(up.term, amount)),
      claim(
        "fees of parts are at most the fee of all",
        all,
        atMost(plus(fee.term, otherFee.term), bothFee.term),
      ),
      claim(
        "fees of parts lack at most one unit",
        all,
        atMost(bothFee.term, plus(fee.term, otherFee.term, n(1))),
      ),
      claim(
        "a larger amount has no smaller fee",
        [...all, atMost(amount, other)],
        atMost(fee.term, otherFee.term),
      ),
      claim(
        "two fees after each other",
        [...live, first.fact, twice.fact],
        atMost(twice.term, amount),
      ),
      claim(
        "two fees leave at least 0",
        [...live, first.fact, twice.fact],
        atLeast(twice.term, n(0)),
      ),
    ],
    wrong: [
      claim("a fee without a bound on the rate", [...ranges, fee.fact], atMost(fee.term, amount)),
      claim(
        "fees of parts are the fee of all",
        all,
        equal(plus(fee.term, otherFee.term), bothFee.term),
      ),
      claim("a fee rounded up is less than the amount", [...live, up.fact], less(up.term, amount)),
    ],
  };
}

function vesting(): { readonly right: Made; readonly wrong: Made } {
  const { terms, ranges } = amounts("total", "start", "now", "later", "duration", "taken");
  const [total = n(0), start = n(0), now = n(0), later = n(0), duration = n(0), taken = n(0)] =
    terms;
  const live = [...ranges, above(duration, n(0)), atMost(start, now)];
  const during = [...live, atMost(now, plus(start, duration))];
  const vested = named("vested", over(times(total, minus(now, start)), duration));
  const next = named("next", over(times(total, minus(later, start)), duration));
  const capped = named(
    "capped",
    choose(
      atLeast(now, plus(start, duration)),
      total,
      over(times(total, minus(now, start)), duration),
    ),
  );
  return {
    right: [
      claim("what vested is at most all", [...during, vested.fact], atMost(vested.term, total)),
      claim("what vested is at least 0", [...live, vested.fact], atLeast(vested.term, n(0))),
      claim(
        "vesting goes on",
        [...live, atMost(now, later), vested.fact, next.fact],
        atMost(vested.term, next.term),
      ),
      claim(
        "all is vested in the end",
        [...live, equal(now, plus(start, duration)), vested.fact],
        equal(vested.term, total),
      ),
      claim(
        "a cap",
        [...live, capped.fact],
        and(atLeast(capped.term, n(0)), atMost(capped.term, total)),
      ),
      claim(
        "a claim after a claim",
        [...during, vested.fact, atMost(taken, vested.term)],
        atMost(minus(vested.term, taken), total),
      ),
    ],
    wrong: [
      claim("vesting after the end", [...live, vested.fact], atMost(vested.term, total)),
      claim(
        "vesting before the start",
        [...ranges, above(duration, n(0)), vested.fact],
        atLeast(vested.term, n(0)),
      ),
      claim(
        "something vests each day",
        [...during, less(start, now), above(total, n(0)), vested.fact],
        above(vested.term, n(0)),
      ),
    ],
  };
}

function loans(): { readonly right: Made; readonly wrong: Made } {
  const { terms, ranges } = amounts(
    "principal",
    "rate",
    "days",
    "more",
    "debt",
    "collateral",
    "price",
  );
  const [
    principal = n(0),
    rate = n(0),
    days = n(0),
    more = n(0),
    debt = n(0),
    collateral = n(0),
    price = n(0),
  ] = terms;
  const year = n(3_650_000);
  const owed = named("owed", plus(principal, over(times(principal, rate, days), year)));
  const later = named("later", plus(principal, over(times(principal, rate, more), year)));
  const safe = atMost(times(debt, n(150)), times(collateral, price, n(100)));
  const repaid = symbol("repaid", "integer");
  const higher = symbol("higher", "integer");
  const rated = times(principal, plus(n(1), rate), plus(n(1), rate));
  return {
    right: [
      claim("interest is at least 0", [...ranges, owed.fact], atLeast(owed.term, principal)),
      claim(
        "interest grows with time",
        [...ranges, atMost(days, more), owed.fact, later.fact],
        atMost(owed.term, later.term),
      ),
      claim(
        "repaying keeps a loan safe",
        [...ranges, safe, atLeast(repaid, n(0)), atMost(repaid, debt)],
        atMost(times(minus(debt, repaid), n(150)), times(collateral, price, n(100))),
      ),
      claim(
        "a higher price keeps a loan safe",
        [...ranges, safe, atLeast(higher, price)],
        atMost(times(debt, n(150)), times(collateral, higher, n(100))),
      ),
      claim(
        "interest twice is at least twice the interest",
        ranges,
        atLeast(rated, plus(principal, times(n(2), principal, rate))),
      ),
    ],
    wrong: [
      claim(
        "a lower price keeps a loan safe",
        [...ranges, safe, atMost(higher, price), atLeast(higher, n(0))],
        atMost(times(debt, n(150)), times(collateral, higher, n(100))),
      ),
      claim(
        "interest is above 0",
        [...ranges, above(rate, n(0)), above(days, n(0)), above(principal, n(0)), owed.fact],
        above(owed.term, principal),
      ),
    ],
  };
}

function splits(): { readonly right: Made; readonly wrong: Made } {
  const { terms, ranges } = amounts("pool", "w", "v", "stake", "staked", "p", "q");
  const [pool = n(0), w = n(0), v = n(0), stake = n(0), staked = n(0), p = n(0), q = n(0)] = terms;
  const some = [...ranges, above(plus(w, v), n(0))];
  const a = named("a", over(times(pool, w), plus(w, v)));
  const b = named("b", over(times(pool, v), plus(w, v)));
  const both = [...some, a.fact, b.fact];
  const reward = named("reward", over(times(pool, stake), staked));
  const earns = [...ranges, above(staked, n(0)), atMost(stake, staked), reward.fact];
  const mean = named("mean", over(plus(times(p, w), times(q, v)), plus(w, v)));
  const means = [...some, atMost(p, q), mean.fact];
  return {
    right: [
      claim("two shares are at most the pool", both, atMost(plus(a.term, b.term), pool)),
      claim("two shares lack at most one unit", both, atMost(pool, plus(a.term, b.term, n(1)))),
      claim("a share of a stake is at most the pool", earns, atMost(reward.term, pool)),
      claim("a mean is at least the lower price", means, atMost(p, mean.term)),
      claim("a mean is at most the higher price", means, atMost(mean.term, q)),
    ],
    wrong: [
      claim("two shares are the pool", both, equal(plus(a.term, b.term), pool)),
      claim(
        "a share of more than all",
        [...ranges, above(staked, n(0)), reward.fact],
        atMost(reward.term, pool),
      ),
      claim("a mean is above the lower price", [...means, less(p, q)], less(p, mean.term)),
    ],
  };
}

function algebra(): { readonly right: Made; readonly wrong: Made } {
  const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => symbol(name, "integer")) as [
    Term,
    Term,
    Term,
    Term,
  ];
  const ordered = [atMost(n(0), a), atMost(a, b), atMost(n(0), c), atMost(c, d)];
  const root = (s: Term, of: Term): readonly Term[] => [
    atMost(n(0), s),
    atMost(times(s, s), of),
    less(of, times(plus(s, n(1)), plus(s, n(1)))),
  ];
  return {
    right: [
      claim("a square is at least 0", [], atLeast(times(a, a), n(0))),
      claim(
        "twice a product is at most the squares",
        [],
        atLeast(plus(times(a, a), times(b, b)), times(n(2), a, b)),
      ),
      claim("products are monotone", ordered, atMost(times(a, c), times(b, d))),
      claim("a product of negatives", [less(a, n(0)), less(b, n(0))], above(times(a, b), n(0))),
      claim(
        "a product is 0 only with a factor",
        [equal(times(a, b), n(0))],
        or(equal(a, n(0)), equal(b, n(0))),
      ),
      claim("whole roots are monotone", [...root(a, c), ...root(b, d), atMost(c, d)], atMost(a, b)),
      claim(
        "quotient and remainder",
        [not(equal(b, n(0)))],
        equal(a, plus(times(b, over(a, b)), rest(a, b))),
      ),
      claim(
        "a remainder is below a positive divisor",
        [above(b, n(0))],
        and(atMost(n(0), rest(a, b)), less(rest(a, b), b)),
      ),
      claim("a quotient times the divisor", [above(b, n(0))], atMost(times(over(a, b), b), a)),
      claim("cancelling", [above(c, n(0)), atMost(times(a, c), times(b, c))], atMost(a, b)),
      claim(
        "cubes are monotone",
        [atMost(n(0), a), atMost(a, b)],
        atMost(times(a, a, a), times(b, b, b)),
      ),
      claim(
        "quotients are monotone",
        [atMost(n(0), a), atMost(a, b), above(c, n(0))],
        atMost(over(a, c), over(b, c)),
      ),
      claim(
        "larger divisors",
        [atMost(n(0), a), above(b, n(0)), atMost(b, c)],
        atMost(over(a, c), over(a, b)),
      ),
      claim(
        "a case for each sign",
        [implies(above(a, n(0)), above(b, n(0))), implies(less(a, n(0)), less(b, n(0)))],
        atLeast(times(a, b), n(0)),
      ),
    ],
    wrong: [
      claim("a square is above 0", [], above(times(a, a), n(0))),
      claim(
        "products are monotone without signs",
        [atMost(a, b), atMost(c, d)],
        atMost(times(a, c), times(b, d)),
      ),
      claim("quotient and remainder of 0", [], equal(a, plus(times(b, over(a, b)), rest(a, b)))),
      claim("cancelling 0", [atLeast(c, n(0)), atMost(times(a, c), times(b, c))], atMost(a, b)),
    ],
  };
}

function claim(title: string, assumptions: readonly Term[], goal: Term): ContractClaim {
  return { title, assumptions, goal };
}

const all = [exchange(), shares(), fees(), vesting(), loans(), splits(), algebra()];

export const trueClaims: readonly ContractClaim[] = all.flatMap(({ right }) => right);
export const falseClaims: readonly ContractClaim[] = all.flatMap(({ wrong }) => wrong);
