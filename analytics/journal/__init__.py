"""The journal of a store: each step is written down before it is sent.

Entry: `steps.Steps`, the run of a command over one history. Read `entry` (a line, and what lines
say of a revision), `work` (what a step does), `lines` (the writing of lines, and why a crash loses
nothing), `steps`, `held` (what an open transaction holds), then `refusals`. It imports
`definitions` and `errors` only; the tables are in `clickhouse` and `postgres`.
"""
