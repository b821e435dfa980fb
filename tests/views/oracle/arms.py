"""The arms of each experiment: the known variants, and those that users got."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from tests.views.ledger import Ledger, Variant
from tests.views.oracle.statistics import Counts
from tests.views.oracle.users import User, assigned


@dataclass(frozen=True)
class Arm:
    """A variant with the users whose first variant it is; `known` is None without reference."""

    experiment_id: str
    variant_id: str
    known: Variant | None
    users: tuple[User, ...]
    multi: int

    @property
    def counts(self) -> Counts:
        """Converting users, users."""
        return sum(bool(user.conversions) for user in self.users), len(self.users)

    @property
    def is_control(self) -> bool:
        """An unknown variant is none."""
        return self.known is not None and self.known.is_control

    @property
    def weight(self) -> float:
        """The allocation; 0 of an unknown variant."""
        return self.known.allocation if self.known else 0.0


def arms(ledger: Ledger) -> list[list[Arm]]:
    """All arms, experiment by experiment."""
    known = {(e.id, v.id): v for e in ledger.experiments for v in e.variants}
    users: dict[tuple[str, str], list[User]] = {key: [] for key in known}
    for user in assigned(ledger):
        users.setdefault((user.experiment_id, user.variant_id), []).append(user)
    experiments = defaultdict(list)
    for key, members in users.items():
        experiments[key[0]].append(_arm(key, known.get(key), members))
    return list(experiments.values())


def expected_share(arm: Arm, family: list[Arm]) -> float | None:
    """w_v / sum w (D14), 0 of an unknown variant; None where no variant has a weight."""
    weight = sum(Fraction(each.weight) for each in family)
    if weight == 0:
        return None
    return float(Fraction(arm.weight) / weight)


def _arm(key: tuple[str, str], known: Variant | None, members: list[User]) -> Arm:
    users = tuple(user for user in members if user.n_variants == 1)
    return Arm(*key, known=known, users=users, multi=len(members) - len(users))
