"""The filling of placeholders in a text: for showing, for ClickHouse, and for sending."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from analytics.errors import DefinitionError, SettingError
from analytics.settings.ini import PLACEHOLDER

FOREIGN = re.compile(r"\$\{\w+(?::[^}]*)?\}")  # of Kafka Connect, or misspelt
Secret = Callable[[re.Match[str]], str]


@dataclass(frozen=True)
class Placeholders:
    """Values by name; each is computed only when a text uses it."""

    values: Mapping[str, Callable[[], str]]
    texts: Mapping[str, str]  # in which there may be others
    hidden: tuple[str, ...]  # the names of the secrets
    place: str  # where a project adds its own
    lenient: bool = False  # a placeholder without a value stays as it is, for `--sql`

    def fill(self, text: str) -> str:
        """The text with all but secrets filled in, which may be shown and compared.

        Raises DefinitionError for an unknown placeholder, SettingError for one without a value.
        """
        return self._filled(text, lambda match: match[0])

    def fill_all(self, text: str) -> str:
        """The same for ClickHouse, which would take any other `${...}` literally: DefinitionError.

        So `${env:X}` would be a password that anybody knows.
        """
        filled, known = self.fill(text), self.known if self.lenient else self.hidden
        for found in FOREIGN.finditer(filled):
            if found[0][2:-1] not in known:
                raise DefinitionError(
                    f"{found[0]} is no placeholder, and ClickHouse would take it as it is",
                    self._remedy,
                )
        return filled

    def reveal(self, text: str) -> str:
        """The text as it is sent, with secrets, which stand in literals; raises as `fill` does."""
        return self._filled(text, lambda match: self.values[match[1]]().replace("'", "''"))

    def secrets(self, text: str) -> set[str]:
        """The secrets that a text cannot do without."""
        named = {name for name in self._named(text) if name in self.hidden}
        return {name for name in named if not self._is_empty(name)}

    @property
    def known(self) -> tuple[str, ...]:
        """The names of all."""
        return tuple(sorted({*self.values, *self.texts}))

    @property
    def _remedy(self) -> str:
        return f"use one of: {', '.join(self.known)}; or add it to {self.place}"

    def _named(self, text: str) -> Iterator[str]:
        """The names in a text, and in the texts that they stand for."""
        for name in PLACEHOLDER.findall(text):
            yield name
            yield from self._named(self.texts.get(name, ""))

    def _is_empty(self, name: str) -> bool:
        with suppress(SettingError):
            return not self.values[name]()
        return False

    def _filled(self, text: str, secret: Secret) -> str:
        def value(match: re.Match[str]) -> str:
            try:
                return self._value(match, secret)
            except SettingError:
                if self.lenient:
                    return match[0]
                raise

        return PLACEHOLDER.sub(value, text)

    def _value(self, match: re.Match[str], secret: Secret) -> str:
        """The value of one, and of those in it; in this way none of them stays as it is."""
        name = match[1]
        if name in self.hidden:
            return secret(match)
        if name in self.texts:
            return PLACEHOLDER.sub(lambda inner: self._value(inner, secret), self.texts[name])
        if name not in self.values:
            raise DefinitionError(f"{match[0]} is no placeholder", self._remedy)
        return self.values[name]()
