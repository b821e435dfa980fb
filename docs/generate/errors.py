"""The page of known errors: what each means, and what to do about it."""

from analytics import diagnosis

HEAD = """\
# Known errors

Errors of servers and connectors that are recognised by their words. The gate of a connector and \
`analytics connectors` show what they mean and what to do. The first that matches counts, the \
innermost cause of a stack trace before the others. Where "again" says no, starting again does not \
help, and the gate ends at once. Written by `make docs`.
"""


def page() -> str:
    """All tables."""
    return "\n".join([HEAD, *("\n".join(_table(name)) for name in diagnosis.TABLES)])


def _table(name: str) -> list[str]:
    rows = (
        f"| {_cell(each.meaning)} | {_cell(each.remedy)} | {'no' if each.lasts else 'yes'} "
        f"| <code>{_cell(each.pattern)}</code> |"
        for each in diagnosis.TABLES[name]
    )
    head = [
        "| meaning | what to do | again | words (a regular expression) |",
        "| --- | --- | --- | --- |",
    ]
    return [f"## {name}\n", *head, *rows, ""]


def _cell(text: str) -> str:
    return text.replace("|", "&#124;").replace("<", "&lt;").replace("\n", " ")
