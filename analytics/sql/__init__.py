"""SQL as text: the one lexer, and the judgement of statements by their shape.

Entry: `tokens.tokens`, `phrases.Phrase`, and `impact.Rulebook` with the rules of a store.
Read `tokens`, `phrases`, `impact`, in this order. May import `analytics.errors` and
`analytics.address` only; each store's own grammar is in its package.
"""
