"""Generated schemas and statements: what the product does with them is held against a server."""
