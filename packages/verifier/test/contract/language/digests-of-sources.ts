/** Digests of the intents and batches of each source, or the codes and places of its faults. */
export const digestsOfSources: Readonly<Record<string, readonly string[]>> = {
  "packages/verifier/library/capped-donation.ae": [
    "capped_donation a8a87d7e90a5832dca49ae4def3a348bbd92950ae523640cc7b0f94b193be4c5",
  ],
  "packages/verifier/library/fee-transfer.ae": [
    "fee_transfer 3d4d92542cf49d3ab899e99316ac7e1590e88fc63d139683414ed78679c49c8a",
  ],
  "packages/verifier/library/payroll.ae": [
    "payroll a87b142f3c6af7b528b3bb97e70cf03cda594161d5a8fe8f71547fcff436dd3e",
  ],
  "packages/verifier/library/split-payment.ae": [
    "split_payment 1cf11c8b59c6258b8316bad423c52cdb782d171a1dac8547c630c015f7656091",
  ],
  "packages/verifier/library/stake.ae": [
    "stake a3bb4b02f27118cdd842790fd0fbe67ddb5e98966f5d8da1f1276c8dc809487b",
  ],
  "packages/verifier/library/swap.ae": [
    "swap b18c1499753aa13c077baa113c7c8d41614f349703bc66f53a93fadf8bced4bf",
  ],
  "packages/verifier/library/transfer.ae": [
    "transfer 5a13cf1458adb9e3dab19acf9a59647b750ae6a5755aa3ab007195e68c82d073",
  ],
  "packages/verifier/library/unstake.ae": [
    "unstake dcf971ca6c3d3dcc52a7ab4f3b62fa1435f2e63795c8b6f21cf028caa6aece62",
  ],
  "packages/verifier/library/assets/burn-gold.ae": [
    "burn_gold 60ff5ac1ad8dfb98f51d782609eb4ca4efc7d6eb60333e11fa161fa9b4163376",
  ],
  "packages/verifier/library/assets/gold-for-tokens.ae": [
    "hand_over 1d454967bbfec0e607ece1dd23264478e07a9379c152e210e1214ff273d7e3a8",
    "pay b08ed65d546b448c499b7766c054659933148d0948aeb3dba6a16d764565bb4c",
    "gold_for_tokens 951f061133db2eea7721422c9b51054a5e7ebf97932b4db562a583adb46b0478",
  ],
  "packages/verifier/library/assets/issue-gold.ae": [
    "issue_gold c78912088703d4fa10e8a8507ad81bbf1c6af684a4be1b012809e557740adc29",
  ],
  "packages/verifier/library/assets/swap-assets.ae": [
    "swap_assets a68acdc7385a74fa720306f006277e2da29766ab9ff7a13410e8242ee9dfe3cc",
  ],
  "packages/verifier/library/assets/transfer-gold.ae": [
    "transfer_gold 229f9e67a28efcab03bacef255463ef7846cfc81644de57a452c887f9d0cf0bc",
  ],
  "packages/verifier/library/attacks/burn-gold.ae": [
    "burn_gold edc8479821c3060ddf89cb893bf5ccbd131afacee9536d389e4144fedd27ae13",
  ],
  "packages/verifier/library/attacks/capped-donation.ae": [
    "capped_donation 0f0bf89a8299e9ca3ec84547ee3bb0554758ff4ad6f3e3db37c15cc8c911e1b5",
  ],
  "packages/verifier/library/attacks/fee-transfer.ae": [
    "fee_transfer e82a493dc664844708acac71a5269991c0585289a9e3a5b52a2d0519b275274a",
  ],
  "packages/verifier/library/attacks/gold-for-tokens.ae": [
    "hand_over 6fa1fbc5751e397b2dec8882a439da8ff428122b371f86732cc281bc742edcb6",
    "pay b08ed65d546b448c499b7766c054659933148d0948aeb3dba6a16d764565bb4c",
    "gold_for_tokens 8718bd63f120db473eb6a06ee0f346dfb5227f5512d1a1aea6e04b22279700a4",
  ],
  "packages/verifier/library/attacks/issue-gold.ae": [
    "issue_gold 888ef06df0e94e106258b1dd4e1408304d5435022bbf4b1a4db652c0150d02f0",
  ],
  "packages/verifier/library/attacks/payroll.ae": [
    "payroll f130352923aae3b289543bf8587fdeba499844e5227931f258b36d68ebae2613",
  ],
  "packages/verifier/library/attacks/split-payment.ae": [
    "split_payment e3dd8a33f06d0a67c40dd37a356c4acaa5fc490af6b8dc9f9f975b85e8395212",
  ],
  "packages/verifier/library/attacks/stake.ae": [
    "stake 6dd6e83f65c92445871418eee4bf819dc23285721abef3231c08fbeae79cc4d1",
  ],
  "packages/verifier/library/attacks/swap-assets.ae": [
    "swap_assets ba18c9a0a286cdc882e8bdf17dc79cc9ee8259f64a3f20835915da62755d6768",
  ],
  "packages/verifier/library/attacks/swap.ae": [
    "swap f7ce24a8f171af3f9af97f63ce71e1f30197617d6bca26e2622a37208115b816",
  ],
  "packages/verifier/library/attacks/transfer-gold.ae": [
    "transfer_gold 9228b359c69a2bd1978eb9e0b45ef7e13bf0741eefe544a473fdb03d5e78a934",
  ],
  "packages/verifier/library/attacks/transfer.ae": [
    "transfer 504b8a8625ce934167ade8fda1926ae06fb732399c5b7f2130f53a8bdc3d8c35",
  ],
  "packages/verifier/library/attacks/unstake.ae": [
    "unstake a803c69d2a31c18301daaa11242229bd8a1c448c0099e3c2c8bc95b6a96343b4",
  ],
  "examples/intents/deadline.ae": [
    "pay_until ab69c0525bb9e4b2bbf27170d452868c303f104a1ea21e801e29e0aa27a943dc",
  ],
  "examples/intents/level.ae": [
    "level f9e5941120d1ce6c765d15d780d6bee1bfeee796014b66912ccbb4f525ddda65",
  ],
  "examples/intents/older-shape.ae": [
    "solvent 52ad7d377f6233dccec868241b8e491f721a2a1b560c3d17d42f483a7b05d94a",
    "within_third 19c09326d27d143b373c245a4320830d36ff866eb19429ddd2c66c788916cb62",
    "checks 20caa8f07eaf843944424850366349b632c2297e5e855a0b8fb700f2f3207cd3",
  ],
  "examples/intents/refused-division-by-zero.ae": [
    "share_out 562b7958877e109d8a023d2be6949453784a6468b7e5724cede0bfa272c27a5d",
  ],
  "examples/intents/refused-mint.ae": [
    "mint 77839e8d9e9d67b906a18a1801e644e4d8b08868907d67feff4e9b26ad5bdd54",
  ],
  "examples/intents/refused-off-by-one.ae": [
    "halve fbd5ec6f88b44c4d2749c44caef8fbda571b06f59b52e793cddc77454ad8d03c",
  ],
  "examples/intents/refused-older-shape.ae": [
    "promise 6b539a10e79ae0629f2e7174053d1c41eef4ac35cfe7ecd486e3ce854c214620",
  ],
  "examples/intents/refused-overflow.ae": [
    "careless 25133eca6e355079f8e85b1b8e90626ad09f08292f8fccdd331e6dee9c54129e",
  ],
  "examples/intents/refused-steal.ae": [
    "steal 12cd4642b2c68454130971cbff639dcfbe1370ae7535a4ca4beeb3e5124a8d01",
  ],
  "examples/intents/refused-vacuous.ae": [
    "never 6e2509ec7ce41925034293f7ed0b86226813a5acbcec93bce17818c7513e9089",
  ],
  "examples/intents/tip.ae": [
    "pay_with_tip 4d356c03612566f7dc16a2fcf35a67db854eefb11c566912dc865dd695c7d353",
  ],
};
