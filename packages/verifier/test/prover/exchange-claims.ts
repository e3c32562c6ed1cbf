import { atMost, equal, less, symbol } from "../../src/intent/build-term.ts";
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
  times,
} from "./claim-terms.ts";

export function exchange(): ClaimSet {
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

export function shares(): ClaimSet {
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

export function fees(): ClaimSet {
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
