"""Statements as text: scanned, checked, edited.

Entry: `scan.scan`, whose result is a `Statement`. May import errors and the lexer only.
"""
