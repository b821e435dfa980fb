"""The verdict of a verification: what was compared, what was not, and what differs."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.rebuild.comparison import Compared


@dataclass(frozen=True)
class Verdict:
    """The result of a verification."""

    compared: tuple[Compared, ...]
    skipped: tuple[str, ...]  # tables that cannot be compared, each with the reason
    said: str  # how much was compared, in words

    @property
    def differences(self) -> list[str]:
        """The differences, one line for each table that has some."""
        return [str(each.difference) for each in self.compared if each.difference]

    @property
    def lines(self) -> list[str]:
        """The whole result, for a person."""
        done = [f"{each.table}: {each.keys} keys compared ({self.said})" for each in self.compared]
        left_out = [
            f"{each.table}, not compared: {column}"
            for each in self.compared
            for column in each.left_out
        ]
        return [*done, *left_out, *self.skipped, *self.differences]
