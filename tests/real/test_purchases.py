"""Real purchases of an online shop (the CDNOW sample): imported, asked about, and run over, against a plain script."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from qingting import Workspace
from qingting.engine.workspace import ImportSwitches

PLACES = (folder / "shared" / "data" / "cdnow_sample.txt" for folder in Path(__file__).resolve().parents)
FOUND = next((path for path in PLACES if path.exists()), None)
NOW = datetime(1998, 7, 1, 12, tzinfo=UTC)

PLAYBOOK = """
event order with qty number
template "back soon" on wecom
  text "we have something for you"
metric spent = sum of order.amount
playbook "lapsed"
  for last order more than 90 days ago and spent > ¥100
  every day at 12:00
    push wecom "back soon"
"""


def purchases(path: Path) -> dict[str, list[tuple[datetime, Decimal]]]:
    """The orders of each customer: instant and dollars."""
    found = defaultdict(list)
    for line in path.read_text(encoding="ascii").splitlines():
        _, customer, day, _, dollars = line.split()
        found[customer].append((datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC), Decimal(dollars)))
    return found


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    if FOUND is None:
        pytest.skip("the sample of real purchases is not here")
    folder = tmp_path_factory.mktemp("purchases")
    (folder / "qingting.yaml").write_text("timezone: UTC\ncurrency: CNY\nchannels: {wecom: {type: console}}\n")
    (folder / "lapsed.sop").write_text(PLAYBOOK)
    orders = purchases(FOUND)
    rows = [(customer, at, dollars) for customer, bought in orders.items() for at, dollars in bought]
    members = ["id,joined", *(f"{customer},{min(bought)[0].date()}" for customer, bought in orders.items())]
    events = [
        "id,member,type,at,amount",
        *(f"o{n},{customer},order,{at.date()},{dollars}" for n, (customer, at, dollars) in enumerate(rows)),
    ]
    workspace = Workspace.open(folder)
    for kind, lines in (("members", members), ("events", events)):
        file = folder / f"{kind}.csv"
        file.write_text("\n".join(lines) + "\n")
        report, _ = workspace.import_file(kind, file, at=NOW - timedelta(days=1), switches=ImportSwitches(backfill=True))
        assert (report.added, len(report.rejected)) == (len(lines) - 1, 0)
    return workspace


@pytest.mark.parametrize(
    ("condition", "members"),
    [
        ("did order", 2357),
        ("did order exactly 1 time", 1205),
        ("did order at least 2 times", 1152),
    ],
)
def test_who(shop: Workspace, condition: str, members: int) -> None:
    assert len(shop.who(condition, at=NOW).members) == members


def test_who_spent_more_than_a_sum(shop: Workspace) -> None:
    assert FOUND is not None
    wanted = {c for c, bought in purchases(FOUND).items() if sum(dollars for _, dollars in bought) > 100}
    assert set(shop.who("sum of order.amount > ¥100", at=NOW).members) == wanted


def test_all_amounts_together(shop: Workspace) -> None:
    assert FOUND is not None
    total = sum(dollars for bought in purchases(FOUND).values() for _, dollars in bought)
    assert total == Decimal("244091.94")
    with closing(sqlite3.connect(shop.store_path)) as connection:
        assert connection.execute("SELECT sum(amount) FROM events").fetchone() == (24_409_194,)


def test_a_playbook_finds_whom_a_plain_script_finds(shop: Workspace) -> None:
    assert FOUND is not None
    lapsed = {
        customer
        for customer, bought in purchases(FOUND).items()
        if max(at for at, _ in bought) <= NOW - timedelta(days=90) and sum(dollars for _, dollars in bought) > 100
    }
    assert lapsed
    plan = shop.plan(at=NOW, members=True)
    (step,) = plan.report.playbooks[0].steps
    assert set(step.members or ()) == lapsed
    run = shop.run(at=NOW)
    assert run.report.playbooks[0].steps[0].dispatched == len(lapsed)
    assert shop.run(at=NOW).report.records == 0
