"""A backup of the store put back after a run: nothing goes out twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from crash.conftest import Days
from crash.nursery import Nursery
from crash.shop import BY_NAME
from crash.states import put_back, sent_keys

pytestmark = pytest.mark.slow

AT = BY_NAME["late-tags"].at


@pytest.mark.parametrize(
    "backup",
    [pytest.param("evening", id="before-the-run", marks=pytest.mark.slow), pytest.param("evening-out", id="before-the-delivery")],
)
def test_a_restored_copy_is_refused_until_it_is_accepted(
    nursery: Nursery, days: Days, tmp_path: Path, backup: str
) -> None:
    root = days.before("night", tmp_path / "shop")
    sent = sent_keys(root)
    put_back(days.folder / backup, root)
    for arguments in (("run", "--at", AT), ("deliver", "--once", "--at", AT)):
        refused = nursery.type_in(root, *arguments)
        assert refused.code == 3
        assert "D201" in refused.said
    accepted = nursery.type_in(root, "run", "--at", AT, "--accept-restored", AT)
    assert accepted.code == 0, accepted.said
    for command in ("night", "evening-out", "night-out"):
        nursery.finish(root, command)
    assert sent_keys(root) == sent
    for command in ("morning", "morning-out"):
        nursery.finish(root, command)
    keys = sent_keys(root)
    assert len(keys) > len(sent)
    assert keys[: len(sent)] == sent
    assert len(set(keys)) == len(keys)
