"""Statements: read, checked and edited as text."""
