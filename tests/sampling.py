"""Lists of cases of which the quick part of the tests takes a few."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def sampled(every: int, cases: Iterable[Any]) -> list[Any]:
    """The cases as parameters, all of them slow but the first and each ``every``-th after it; a tuple is several values."""
    return [
        pytest.param(
            *(case if isinstance(case, tuple) else (case,)), marks=[] if place % every == 0 else [pytest.mark.slow]
        )
        for place, case in enumerate(cases)
    ]
