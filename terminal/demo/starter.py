"""The small workspace that ``init`` makes: configuration, a playbook and a dozen members whose yesterday suits it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

from ..language import Language

PLAYBOOK = "playbooks/first.sop"
SETTINGS = """\
# {comment}
store: sqlite:qingting.db
timezone: {zone}
currency: CNY
language: {lang}
channels:
  {channel}: {{type: console}}
"""
_NAMES = ("王芳", "李静", "张伟", "刘洋", "陈敏", "杨磊", "赵霞", "黄杰", "周涛", "吴娟", "徐明", "孙丽")
_CITIES = ("上海", "杭州", "苏州")


@dataclass(frozen=True, slots=True)
class Words:
    """The names that the starter playbook declares, in one language."""

    city: str
    birthday: str
    click: str
    order: str
    friend: str
    unsubscribed: str
    cat_food: str
    dog_food: str


WORDS: dict[Language, Words] = {
    "zh": Words("城市", "生日", "点击", "下单", "企微好友", "退订", "猫粮2kg", "狗粮5kg"),
    "en": Words("city", "birthday", "click", "order", "friend", "unsubscribed", "cat food 2kg", "dog food 5kg"),
}


def starter_playbook(lang: Language) -> str:
    """The text of the starter playbook."""
    return (files(__package__) / f"starter_{lang}.sop").read_text(encoding="utf-8")


def write_members(folder: Path, lang: Language, today: datetime) -> tuple[tuple[str, Path], ...]:
    """Write members, tags and events around ``today`` (aware) and return (kind, path) in the order of import."""
    words = WORDS[lang]
    ids = [f"M{number:03d}" for number in range(1, len(_NAMES) + 1)]
    today = today.replace(second=0, microsecond=0)
    joined = [today - timedelta(days=200 - 15 * number) for number in range(len(ids))]
    yesterday = (today - timedelta(days=1)).replace(hour=11, minute=20, second=0, microsecond=0)
    members = [
        (id_, name, when.isoformat(), _CITIES[n % 3], f"{1980 + n}-{n + 1:02d}-15", when.isoformat())
        for n, (id_, name, when) in enumerate(zip(ids, _NAMES, joined, strict=True))
    ]
    tags = [(id_, words.friend, when.isoformat()) for id_, when in zip(ids[:10], joined[:10], strict=True)]
    tags.append((ids[3], words.unsubscribed, (today - timedelta(days=20)).isoformat()))
    clicks = [
        (
            f"c{n}",
            id_,
            words.click,
            (yesterday + timedelta(minutes=7 * n)).isoformat(),
            words.cat_food if n % 4 else words.dog_food,
            "",
        )
        for n, id_ in enumerate(ids)
    ]
    order = ("o1", ids[6], words.order, (today - timedelta(days=2)).isoformat(), words.cat_food, "129.00")
    return (
        (
            "members",
            _write(folder / "members.csv", ("id", "name", "joined", words.city, words.birthday, "at"), members),
        ),
        ("tags", _write(folder / "tags.csv", ("member", "tag", "since"), tags)),
        (
            "events",
            _write(folder / "events.csv", ("id", "member", "type", "at", "subject", "amount"), [*clicks, order]),
        ),
    )


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path
