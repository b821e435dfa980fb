"""The product's own subject, an experiment with variants: its reports and its demo.

Entry: `analytics report` is `reports.reading.opened`, shown by `reports.human` or written by
`reports.machine`; `analytics demo` is `demo.run.run`, with --change-live `demo.change_live.run`.
Read `connection` first, then `reports`, then `demo`. It may import all of the package but
`analytics.cli` and `analytics.local`; only `analytics.cli` may import it.
"""
