"""`analytics demo`: a published experiment, sent through the whole pipeline and checked.

Entry: `run.run`, and `change_live.run` for --change-live. Read `run`, then what it calls in this
order: `thornton` (the data), `prepare`, `application` with `replay` and `send`, `watch`,
`results` with `verdict` and `peers`, then the simulated `shop`, `trade`, `arrival` and `ledger`,
and `show` with `analysis`. May import all of `experiments`, and the package below it.
"""
