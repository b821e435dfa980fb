"""The gate of a connector: what it must pass before it counts as healthy.

Entry: `canary.read` and `canary.flying`; `streaming.gate` is the gate without canaries. The
operations on connectors and the orders of `analytics connectors` use both, and `continuity.check`
before.
"""
