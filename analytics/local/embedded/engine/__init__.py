"""chDB, and what a server has around its engine."""
