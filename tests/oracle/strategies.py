"""Hypothesis strategies: the generators of this folder, with choices that Hypothesis makes and shrinks."""

from __future__ import annotations

from hypothesis import strategies as st
from oracle.cases import Case, random_case


def cases(questions: int = 4, most: int = 7) -> st.SearchStrategy[Case]:
    """Small worlds with questions about them."""
    return st.randoms(use_true_random=False).map(lambda rng: random_case(rng, questions, 3, most, tries=2))
