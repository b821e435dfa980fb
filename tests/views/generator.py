"""Ledgers at random: experiments, users and events with every edge case of the reports."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from tests.views import edges
from tests.views.ledger import (
    Assignment,
    Change,
    Event,
    Experiment,
    Ledger,
    Variant,
    changed,
    deleted,
    ledger,
)

Step = Assignment | Event | Change
Place = tuple[Experiment, str]


@dataclass(frozen=True)
class Size:
    """The most of each, or as many; `constrained` to what the tables of PostgreSQL take."""

    experiments: int = 3
    users: int = 6
    events: int = 6  # of a user in an experiment, always at most
    as_many: bool = False
    constrained: bool = False


MANY = Size(experiments=3, users=50, events=8, as_many=True)


def make(rng: random.Random, size: Size = Size()) -> Ledger:
    """A ledger; rng may be hypothesis', so that it shrinks."""
    names = rng.sample(edges.NAMES, _number(size.experiments, rng, size=size, least=1))
    experiments = [_experiment(name, rng, constrained=size.constrained) for name in names]
    users = [_user(number) for number in range(_number(size.users, rng, size=size))]
    places = [(each, user) for each in experiments for user in users]
    moments = {user: rng.choice(edges.MOMENTS) for user in users}
    threads: list[list[Step]] = []
    for place in places:
        threads.append(_assignments(place, moments[place[1]], rng=rng, size=size))
        threads += _events(place, moments[place[1]], rng=rng, places=places, size=size)
    known = experiments if size.constrained else experiments[: rng.choice([1, 3, 3])]
    steps = _interleaved(threads, rng) if size.constrained else chain.from_iterable(threads)
    return ledger(*known, *steps)


def _number(most: int, rng: random.Random, *, size: Size, least: int = 0) -> int:
    return most if size.as_many else rng.randint(least, most)


def _user(number: int) -> str:
    return f"{number}{edges.NAMES[number % len(edges.NAMES)]}"


def _experiment(name: str, rng: random.Random, *, constrained: bool) -> Experiment:
    ids = rng.sample(["control", "b", "ünü", "c\"'", "d\t"], rng.choice([1, 2, 2, 3, 3, 4]))
    controls = rng.choice([1, 1, 1, 1, 0, 1 if constrained else 2])
    variants = (
        Variant(id, f"the {id}", at < controls, rng.choice(edges.ALLOCATIONS))
        for at, id in enumerate(ids)
    )
    return Experiment(name, tuple(variants))


def _assignments(place: Place, since: datetime, *, rng: random.Random, size: Size) -> list[Step]:
    """One user's assignments in one experiment."""
    experiment, user = place
    known = [variant.id for variant in experiment.variants]
    variants = known * 3 if size.constrained else [*known * 3, "unknown"]
    id = f"{experiment.id}.{user}."
    first = Assignment(id + "m", experiment.id, user, rng.choice(variants), since)
    other = replace(first, variant_id=rng.choice(variants))
    later = replace(first, assigned_at=since + rng.choice(edges.GAPS))
    fates: list[list[Step]] = [
        [],
        *[[first]] * 4,
        [first, changed(first, variant_id=other.variant_id)],
        [first, changed(first, assigned_at=later.assigned_at)],
        [first, deleted(first)],
        [first, deleted(first), replace(later, id=id + "z")],
    ]
    if not size.constrained:
        fates += [
            [first, replace(later, id=id + "z")],
            [first, replace(other, id=id + "z")],
            [first, replace(other, id=id + "a", assigned_at=later.assigned_at)],
            [first, replace(other, id=id + "z"), deleted(first)],
        ]
    return rng.choice(fates)


def _events(
    place: Place, since: datetime, *, rng: random.Random, places: list[Place], size: Size
) -> Iterator[list[Step]]:
    """One user's events in one experiment, each with what becomes of it."""
    experiment, user = place
    last = since
    for number in range(rng.randint(0, size.events)):
        last = rng.choice([since, last, last]) + rng.choice(edges.GAPS)
        event = Event(
            id=f"{rng.randrange(100)}.{experiment.id}.{user}.{number}",
            experiment_id=experiment.id,
            user_id=user,
            variant_id=rng.choice(experiment.variants).id,
            event_type=rng.choice(edges.TYPES),
            timestamp=last,
            properties=_properties(rng),
            assignment_at=rng.choice([None, since, last + edges.MICROSECOND]),
        )
        yield _corrected(event, rng, places)


def _corrected(event: Event, rng: random.Random, places: list[Place]) -> list[Step]:
    """An event and its corrections, its end, and at times its return."""
    steps: list[Step] = [event]
    while rng.random() < 0.25:
        correction = changed(event, **_correction(event, rng, places))
        event = correction.after
        steps.append(correction)
    if rng.random() < 0.1:
        steps.append(deleted(event))
        steps += rng.choice([[], [replace(event, properties='{"value": 7}')]])
    return steps


def _correction(event: Event, rng: random.Random, places: list[Place]) -> dict[str, object]:
    """New values of some fields; a new place takes the event away from the old one."""
    experiment, user = rng.choice(places)
    return rng.choice(
        [
            {"timestamp": event.timestamp + rng.choice(edges.GAPS)},
            {"properties": _properties(rng)},
            {"event_type": rng.choice(edges.TYPES)},
            {"experiment_id": experiment.id, "user_id": user},
        ]
    )


def _properties(rng: random.Random) -> str:
    value, page = rng.choice(edges.VALUES), rng.choice(edges.PAGES)
    if value == "1e400":
        page = None  # such a number makes the whole object unreadable
    pairs = {"value": value, "page": page, "device": rng.choice([None, '"phone"'])}
    members = ", ".join(f'"{name}": {text}' for name, text in pairs.items() if text)
    return f"{{{members}}}"


def _interleaved(threads: list[list[Step]], rng: random.Random) -> list[Step]:
    """All steps in a random order that keeps each thread's."""
    order = [number for number, thread in enumerate(threads) for _ in thread]
    rng.shuffle(order)
    coming = [iter(thread) for thread in threads]
    return [next(coming[number]) for number in order]
