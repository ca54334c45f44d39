"""Records are data classes in all that is asked of them."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, field, fields, is_dataclass, replace

import pytest
from qingting.grammar.record import record


@record
class Place:
    """Where something is."""

    row: int
    column: int = 1
    notes: Mapping[str, int] = field(default_factory=dict)

    @property
    def next_row(self) -> int:
        return self.row + 1


@record
class Nothing:
    pass


def test_a_record_is_a_data_class() -> None:
    place = Place(3)
    assert is_dataclass(Place)
    assert is_dataclass(place)
    assert [each.name for each in fields(Place)] == ["row", "column", "notes"]
    assert fields(Place)[1].default == 1
    assert replace(place, column=2) == Place(3, 2)
    assert is_dataclass(Nothing)
    assert fields(Nothing) == ()


def test_a_record_keeps_what_its_class_says() -> None:
    assert Place.__doc__ == "Where something is."
    assert Place(3).next_row == 4
    assert Place.__annotations__["row"] == "int"
    assert repr(Place(3)) == "Place(row=3, column=1, notes={})"
    match Place(3, 4):
        case Place(row, column):
            assert (row, column) == (3, 4)


def test_every_record_gets_its_own_default() -> None:
    assert Place(1).notes is not Place(1).notes
    with pytest.raises(TypeError):
        Place()
    with pytest.raises(TypeError):
        Place(1, 2, {}, 4)
    with pytest.raises(TypeError):
        Place(1, rows=3)


def test_a_record_cannot_be_changed() -> None:
    place = Place(3)
    for change in (lambda: setattr(place, "row", 4), lambda: setattr(place, "other", 4), lambda: delattr(place, "row")):
        with pytest.raises(FrozenInstanceError):
            change()
    assert not hasattr(place, "__dict__")


def test_records_are_equal_by_class_and_fields() -> None:
    assert Nothing() == Nothing()
    assert Place(1) != Place(2)
    assert Place(1) != Nothing()
    for copied in (copy.deepcopy(Place(1)), pickle.loads(pickle.dumps(Place(1)))):
        assert copied == Place(1)
