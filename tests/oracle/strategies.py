"""Hypothesis strategies: the generators of this folder, with choices that Hypothesis makes and shrinks."""

from __future__ import annotations

from hypothesis import strategies as st
from oracle.cases import Case, random_case
from oracle.scenarios import JOURNEYS, Scenario, random_scenario


def cases(questions: int = 4, most: int = 7) -> st.SearchStrategy[Case]:
    """Small worlds with questions about them."""
    return st.randoms(use_true_random=False).map(lambda rng: random_case(rng, questions, 3, most, tries=2))


def journeys() -> st.SearchStrategy[Scenario]:
    """Small scenarios of journeys, of any features."""
    features = st.sets(st.sampled_from(JOURNEYS), min_size=1, max_size=3).map(frozenset)
    return st.builds(
        lambda rng, chosen: random_scenario(rng, chosen, members=4, runs=4), st.randoms(use_true_random=False), features
    )
