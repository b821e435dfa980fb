"""The reports of one experiment: read from ClickHouse's views, shown to people and machines.

Entry: `reading.opened` with a report of `catalog.REPORTS`; `human.show` or `machine.WRITERS`
takes its rows. Read `report`, `catalog`, `reading`, then `machine`, then `human` with `listing`,
`heatmap` and `cells`. May import `experiments.connection` and `experiments.errors`; not the demo.
"""
