import {
  and,
  atMost,
  choose,
  equal,
  implies,
  less,
  not,
  or,
  symbol,
} from "../../src/intent/build-term.ts";
import type { Term } from "../../src/term.ts";
import {
  above,
  amounts,
  atLeast,
  type ClaimSet,
  claim,
  minus,
  n,
  named,
  over,
  plus,
  rest,
  times,
} from "./claim-terms.ts";

export function vesting(): ClaimSet {
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

export function loans(): ClaimSet {
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

export function splits(): ClaimSet {
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

export function algebra(): ClaimSet {
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
