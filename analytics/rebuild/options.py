"""The options of a rebuild: the size of its chunks, its limits, how much of it is verified."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from analytics.rebuild.fill import Limits
from analytics.rebuild.sample import Sample
from analytics.rebuild.throttle import Throttle
from analytics.settings import Settings


@dataclass(frozen=True)
class Options:
    """Sizes in bytes, times in seconds."""

    chunk: int = 64 << 20
    throttle: Throttle = field(default_factory=Throttle)
    sample: Sample = field(default_factory=Sample)
    barrier: float = 30.0
    allows: Callable[[str], bool] = lambda _: False
    """Whether the loss of what a table of that name holds was allowed."""


def options(settings: Settings, allows: Callable[[str], bool] = lambda _: False) -> Options:
    """The options that the settings `ANALYTICS_REBUILD_*` give."""
    limits = Limits(settings.rebuild_threads, settings.rebuild_memory, settings.rebuild_priority)
    return Options(
        chunk=settings.rebuild_chunk,
        throttle=Throttle(limits, settings.rebuild_parts, settings.rebuild_lag),
        sample=Sample(settings.rebuild_verify),
        barrier=settings.barrier_timeout,
        allows=allows,
    )
