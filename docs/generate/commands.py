"""The page of commands: the help of every one, as click prints it."""

from collections.abc import Iterator

import click

from analytics.cli import analytics

WIDTH = 88
HEAD = """\
# Commands

Written by `make docs` from the commands' own help. What the exit codes mean stands in
[errors](errors.md#exit-codes).
"""


def page() -> str:
    """The whole page, the same whatever the terminal's width."""
    return HEAD + "".join(_sections(analytics, None))


def _sections(command: click.Command, parent: click.Context | None) -> Iterator[str]:
    """A command's help and that of its subcommands."""
    context = command.make_context(
        command.name, [], parent, resilient_parsing=True, terminal_width=WIDTH
    )
    yield f"\n## {context.command_path}\n\n```\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            _, below, _ = command.resolve_command(context, [name])
            if below is not None:
                yield from _sections(below, context)
