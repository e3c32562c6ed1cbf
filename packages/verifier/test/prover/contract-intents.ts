const gold =
  'asset GOLD issuer "3214da7a6062fb823e93abbd782f953b836d8e399e02c8c59120852dae8486ac";\n';
const shares =
  'asset SHARE issuer "f41654bb31757cf6afc043f5516467a1f93a8f264c32e7d6a2add734fcf002c5";\n';

/** Intents as contracts will have them: products and quotients of what accounts hold. */
export const contractIntents: readonly { readonly title: string; readonly source: string }[] = [
  {
    title: "an exchange of constant product with a fee",
    source: `${gold}
intent swap(signer pool: Account, signer trader: Account, pay: Amount, least: Amount) {
  guard {
    pool != trader;
    pay > 0;
    pool.balance > 0 && pool.balance[GOLD] > 0;
    trader.balance >= pay;
    let net = pay - pay * 3 / 1000;
    let out = pool.balance[GOLD] * net / (pool.balance + net);
    out >= least;
  }
  effect {
    trader.balance -= pay;
    pool.balance += pay;
    pool.balance[GOLD] -= out;
    trader.balance[GOLD] += out;
  }
  verify {
    pool.balance * pool.balance[GOLD] >= old(pool.balance) * old(pool.balance[GOLD]);
    trader.balance[GOLD] >= old(trader.balance[GOLD]) + least;
    pool.balance[GOLD] > 0;
  }
}`,
  },
  {
    title: "a deposit for shares",
    source: `${shares}
issue intent deposit(signer vault: Account, signer owner: Account, amount: Amount) {
  guard {
    vault != owner;
    amount > 0;
    vault.balance > 0 && supply[SHARE] > 0;
    owner.balance >= amount;
    let minted = amount * supply[SHARE] / vault.balance;
    supply[SHARE] + minted <= 18446744073709551615;
  }
  effect {
    owner.balance -= amount;
    vault.balance += amount;
    owner.balance[SHARE] += minted;
    supply[SHARE] += minted;
  }
  verify {
    vault.balance * old(supply[SHARE]) >= old(vault.balance) * supply[SHARE];
  }
}`,
  },
  {
    title: "shares for a part of the vault",
    source: `${shares}
burn intent redeem(signer vault: Account, signer owner: Account, part: Amount) {
  guard {
    vault != owner;
    part > 0;
    supply[SHARE] > 0;
    owner.balance[SHARE] >= part;
    let paid = part * vault.balance / supply[SHARE];
  }
  effect {
    owner.balance[SHARE] -= part;
    supply[SHARE] -= part;
    vault.balance -= paid;
    owner.balance += paid;
  }
  verify {
    vault.balance * old(supply[SHARE]) >= old(vault.balance) * supply[SHARE];
  }
}`,
  },
  {
    title: "a sale with a fee in hundredths of a percent, split among two",
    source: `
intent sell(signer buyer: Account, seller: Account, house: Account, artist: Account,
            price: Amount, fee_rate: Amount, royalty_rate: Amount) {
  guard {
    price > 0;
    fee_rate + royalty_rate <= 10000;
    buyer != seller && buyer != house && buyer != artist;
    buyer.balance >= price;
    let fee = price * fee_rate / 10000;
    let royalty = price * royalty_rate / 10000;
  }
  effect {
    buyer.balance -= price;
    house.balance += fee;
    artist.balance += royalty;
    seller.balance += price - fee - royalty;
  }
  verify {
    price > 0;
    buyer.balance == old(buyer.balance) - price;
    fee + royalty <= price;
    seller != house && seller != artist => seller.balance >= old(seller.balance);
    10000 * (fee + royalty) <= price * (fee_rate + royalty_rate);
  }
}`,
  },
  {
    title: "linear vesting from a grant",
    source: `
intent claim(signer grant: Account, owner: Account, total: Amount, start: Amount, length: Amount,
             now: Amount, taken: Amount) {
  guard {
    grant != owner;
    length > 0;
    start <= now;
    let vested = if now >= start + length then total else total * (now - start) / length;
    taken <= vested;
    grant.balance >= total - taken;
  }
  effect {
    grant.balance -= vested - taken;
    owner.balance += vested - taken;
  }
  verify {
    grant.balance >= old(grant.balance) - (total - taken);
    owner.balance >= old(owner.balance);
    vested <= total;
  }
}`,
  },
  {
    title: "a loan with interest, repaid in part",
    source: `
intent repay(signer borrower: Account, lender: Account, principal: Amount, rate: Amount,
             days: Amount, part: Amount) {
  guard {
    borrower != lender;
    rate <= 10000;
    let owed = principal + principal * rate * days / 3650000;
    part <= owed;
    borrower.balance >= part;
  }
  effect {
    borrower.balance -= part;
    lender.balance += part;
    let rest = owed - part;
  }
  verify {
    rest >= 0;
    rest <= owed;
    owed >= principal;
    part == owed => rest == 0;
  }
}`,
  },
  {
    title: "a pool shared by two stakes",
    source: `
intent share(signer pool: Account, first: Account, second: Account, reward: Amount) {
  guard {
    pool != first && pool != second && first != second;
    first.stake + second.stake > 0;
    pool.balance >= reward;
    let one = reward * first.stake / (first.stake + second.stake);
    let two = reward * second.stake / (first.stake + second.stake);
  }
  effect {
    pool.balance -= one + two;
    first.balance += one;
    second.balance += two;
  }
  verify {
    pool.balance >= old(pool.balance) - reward;
    pool.balance <= old(pool.balance) - reward + 1;
    first.balance >= old(first.balance);
  }
}`,
  },
  {
    title: "an auction whose bids rise by five percent",
    source: `
intent bid(signer bidder: Account, escrow: Account, highest: Amount, offer: Amount) {
  guard {
    bidder != escrow;
    highest > 0;
    offer >= highest * 105 / 100 + 1;
    bidder.balance >= offer;
  }
  effect {
    bidder.balance -= offer;
    escrow.balance += offer;
  }
  verify {
    offer > highest;
    offer * 100 > highest * 105;
    escrow.balance > old(escrow.balance);
  }
}`,
  },
];
