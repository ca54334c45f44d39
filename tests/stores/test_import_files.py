"""Files that are unusable as a whole, imports that die, and real purchases."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from qingting.engine.stores.imports import session
from qingting.engine.stores.sqlite.facts import FactWriter, write_facts
from qingting.engine.stores.sqlite.maintenance import maintain
from qingting.grammar.diagnostics import CannotRun, QingtingError, UsageError
from qingting.grammar.messages import render
from stores.support import LIBRARY, NOW, bring, bring_file, counted_bytes, faults, intervals, new_store, present, rows

CDNOW = Path(__file__).resolve().parents[3] / "shared" / "data" / "cdnow_sample.txt"


def refused(folder: Path, name: str, content: bytes, kind: str = "members") -> QingtingError:
    path = folder / name
    path.write_bytes(content)
    with new_store(folder) as store:
        with pytest.raises(QingtingError) as caught:
            bring_file(store, kind, path)
        assert rows(store, "SELECT COUNT(*) FROM members") == [(0,)]
        assert store.next_seq == 1
    for language in ("zh", "en"):
        sentence, hint = render(caught.value.code, caught.value.params, language)
        assert "{" not in sentence + (hint or "")
    return caught.value


@pytest.mark.parametrize(
    ("content", "code", "params"),
    [
        ("id,name\nu1,王五\n".encode("gbk"), "S204", {"line": 2, "column": 4}),
        (b"id\nu1\n\xff\xfe\n", "S204", {"line": 3, "column": 1}),
        ("id\nu1\n".encode("utf-16"), "S204", {"line": 1}),
        (b"", "S206", {}), (b"\n\n", "S206", {}),
        ("name\n王五\n".encode(), "S207", {"column": "id"}),
        ("id,星座\nu1,狮子\n".encode(), "S208", {"column": "星座"}),
        (b"id,tier\nu1,a\n", "S208", {"column": "tier"}),
        ("id,name,姓名\nu1,a,b\n".encode(), "S209", {"column": "姓名"}),
        (b"id,,\nu1,,\n", "S210", {"position": 2}),
        (b"id\nu1\n" + b"x" * 1_100_000, "S211", {"line": 3}),
        (b'id,"name\nu1,x\n', "S213", {}),
    ],
)
def test_unusable_files(tmp_path: Path, content: bytes, code: str, params: dict[str, object]) -> None:
    error = refused(tmp_path, "members.csv", content)
    assert (error.code, error.exit_code) == (code, 3)
    assert params.items() <= error.params.items()


@pytest.mark.parametrize(
    ("content", "encoding", "code"),
    [
        ("id,name\nu1,王五\n".encode(), "gb18030", "S220"),
        ("id,name\nu1,王五\n".encode(), "utf-16", "S220"),
        ("id,name\nu1,王五\n".encode("gbk"), "utf-16", "S216"),
        ("id,name\nu1,王五\n".encode("utf-16"), "gb18030", "S216"),
        ("id,name\nu1,王五\n".encode("gbk") + b"\xff\xff", "gb18030", "S216"),
    ],
)
def test_another_encoding_than_asked_for(tmp_path: Path, content: bytes, encoding: str, code: str) -> None:
    path = tmp_path / "members.csv"
    path.write_bytes(content)
    with new_store(tmp_path) as store:
        with pytest.raises(CannotRun) as caught:
            bring_file(store, "members", path, encoding=encoding)
        assert rows(store, "SELECT COUNT(*) FROM members") == [(0,)]
    assert caught.value.code == code
    assert caught.value.params["encoding"] == encoding


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("客户号,姓名,城市\nu1,\"王,五\",上海\n", "utf-8"),
        ("客户号,姓名,城市\nu1,\"王,五\",上海\n", "utf-8-sig"),
        ("客户号,姓名,城市\r\nu1,\"王,五\",上海\r\n", "gb18030"),
        ("客户号;姓名;城市\nu1;王,五;上海\n", "utf-8"),
        ("客户号\t姓名\t城市\r\nu1\t王,五\t上海\r\n", "utf-16"),
        ("sep=;\n客户号;姓名;城市\nu1;王,五;上海\n", "utf-8"),
        ("\n客户号\t姓名\t城市\nu1\t\"王,五\"\t上海\n", "utf-8"),
    ],
)
def test_what_spreadsheets_write(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "members.csv"
    path.write_bytes(text.encode(encoding))
    with new_store(tmp_path) as store:
        options = {} if encoding.startswith("utf-8") else {"encoding": encoding}
        assert bring_file(store, "members", path, **options).added == 1
        assert (present(store, "u1", "name"), present(store, "u1", "城市")) == ("王,五", "上海")


def test_lines_are_counted_below_a_stated_divider(tmp_path: Path) -> None:
    with new_store(tmp_path) as store:
        report = bring(store, "members", 'sep=;\nid;name\nu1;"two\nlines"\n;x\n')
        assert (report.added, faults(report)) == (1, [(5, "S101")])
        assert present(store, "u1", "name") == "two\nlines"
        assert bring(store, "members", "id;name\nu2;x;y\nu3;z\n", ending="tsv").rejected[0].code == "S122"


def test_noise(tmp_path: Path) -> None:
    noise = bytes((number * 7919 + number // 13) % 256 for number in range(200_000))
    assert refused(tmp_path, "members.csv", noise).code in {"S204", "S211"}
    (tmp_path / "shop.db").unlink()
    assert refused(tmp_path, "members.jsonl", noise).code in {"S204", "S211"}


def test_paths_and_kinds(tmp_path: Path) -> None:
    with new_store(tmp_path) as store:
        (tmp_path / "folder.csv").mkdir()
        for name, kind, code, tree in (
            ("no.csv", "members", "S201", CannotRun), ("x" * 300 + ".csv", "members", "S203", CannotRun),
            ("a\0b.csv", "members", "S203", CannotRun), ("folder.csv", "members", "S202", CannotRun),
            ("members.xlsx", "members", "S221", UsageError), ("members.json", "members", "S205", UsageError),
            ("no.csv", "cats", "S212", UsageError),
        ):
            with pytest.raises(tree) as caught:
                bring_file(store, kind, tmp_path / name)
            assert caught.value.code == code


def test_quotation_marks(tmp_path: Path) -> None:
    with new_store(tmp_path) as store:
        report = bring(store, "members", 'id,name\nu1,"a"b\nu2,"say ""hi"""\nu3,"open\nu4,x\n')
        assert faults(report) == [(2, "S134"), (4, "S131")]
        assert report.rejected[1].params == {"last": 5}
        assert rows(store, "SELECT id FROM members") == [("u2",)]


def test_an_oversized_cell(tmp_path: Path) -> None:
    with new_store(tmp_path) as store:
        report = bring(store, "members", f"id,name\nu1,{'x' * 20_000}\nu2,{'x' * 200_000}\nu3,y\n")
        assert faults(report) == [(2, "S104"), (3, "S133")]
        assert report.added == 1


def test_no_message_shows_a_value(tmp_path: Path) -> None:
    secret = "13800001234"
    cells = [f"{secret},,,,", f",{secret}.999,,,", f",,{secret},,", f",,,{secret},", f",,,,{secret}"]
    text = "\n".join(["id,生日,余额,bound,timezone,joined", *(f"u,{cell}" for cell in cells)])
    with new_store(tmp_path) as store:
        report = bring(store, "members", text)
        assert len(report.rejected) == 5
        assert secret not in repr(report)
        for entry in report.rejected:
            for language in ("zh", "en"):
                sentence, hint = render(entry.code, entry.params, language)
                assert "{" not in sentence + (hint or "")
                assert entry.code not in sentence


def test_an_import_that_dies_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(self: object, **_: object) -> None:
        raise KeyboardInterrupt

    with new_store(tmp_path) as store:
        bring(store, "members", "id,城市\nu1,上海\n")
        before = list(store.connection.iterdump())
        for place, name in ((session.Session, "settle_bare_members"), (FactWriter, "finish")):
            with monkeypatch.context() as patch:
                patch.setattr(place, name, dies)
                with pytest.raises(KeyboardInterrupt):
                    bring(store, "members", "id,城市,points\nu1,杭州,5\nu2,宁波,7\n")
            assert list(store.connection.iterdump()) == before
        assert bring(store, "members", "id,城市,points\nu1,杭州,5\nu2,宁波,7\n").added == 1


def test_progress(tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    with new_store(tmp_path) as store:
        text = "id\n" + "".join(f"u{number}\n" for number in range(25_000))
        bring(store, "members", text, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(10_000, 25_001), (20_000, 25_001), (25_000, 25_001)]


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qingting.engine.stores.imports.BATCH", 200)
    monkeypatch.setattr("qingting.engine.stores.sqlite.facts.BATCH", 200)
    path = tmp_path / "events.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("id,member,type,at,subject\n")
        file.writelines(f"e{number},u1,order,2026-01-01 10:00,{number:01000}\n" for number in range(5_000))
    with new_store(tmp_path) as store:
        bring(store, "members", "id\nu1\n")
        tracemalloc.start()
        try:
            assert bring_file(store, "events", path).added == 5_000
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < path.stat().st_size / 2


def test_what_waits_is_written_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qingting.engine.stores.imports.BATCH", 2)
    members = "id,城市,points\nu1,上海,5\nu1,杭州,7\nu1,杭州,7\nu2,上海,1\nu1,上海,9\n"
    told = ["A,2026-01-01,", "plain,,2026-01-02", "B,2026-02-01,", "plain,,", "plain,,", "A,2026-01-01,"]
    tags = "\n".join(["member,tag,since,until", *(f"u1,{row}" for row in told)])
    found = []
    for most in (1, 200_000):
        monkeypatch.setattr("qingting.engine.stores.imports.members.MOST_GATHERED", most)
        monkeypatch.setattr("qingting.engine.stores.imports.gathered.MOST_GATHERED", most)
        (tmp_path / str(most)).mkdir()
        with new_store(tmp_path / str(most)) as store:
            known = "member,tag,since\nu1,plain,2026-01-01\n"
            reports = [bring(store, *file) for file in (("members", members), ("tags", known), ("tags", tags))]
            facts = rows(store, "SELECT unit, attribute, value, at FROM attribute_facts ORDER BY seq")
            found.append((reports, facts, rows(store, "SELECT id, points FROM members"), intervals(store)))
    assert found[0] == found[1]
    assert [(report.added, report.changed, report.ignored) for report in found[0][0]] == [
        (2, 2, 1), (1, 0, 0), (3, 1, 2),
    ]


def test_what_an_import_brings_while_a_run_decides(tmp_path: Path) -> None:
    with new_store(tmp_path) as store:
        bring(store, "members", "id,城市\nu1,上海\n")
        mark = store.reserve_for_run()
        bring(store, "members", "id,城市\nu2,上海\n")
        with store.transaction():
            number = store.attribute_number("城市")
            store.connection.execute(
                "INSERT INTO attribute_facts (seq, unit, attribute, value, at, arrived) VALUES (?, 1, ?, '杭州', ?, ?)",
                (mark + 1, number, NOW + 1, NOW + 1),
            )
            maintain(store.connection, mark + 1)
            store.use_seqs(mark + 1)
        assert (present(store, "u1", "城市"), present(store, "u2", "城市")) == ("杭州", "上海")
        assert rows(store, "SELECT rows, units FROM extents WHERE relation = 'attribute'") == [(3, 2)]
        assert rows(store, "SELECT rows FROM extents WHERE relation = 'member'") == [(2,)]


def test_the_writer_keeps_the_order_of_arrival(tmp_path: Path) -> None:
    with new_store(tmp_path) as store:
        with write_facts(store, LIBRARY, zone="UTC", random_bytes=counted_bytes) as writer:
            unit = writer.add_member("u1", arrived=NOW)
            assert writer.add_attribute(unit, "城市", "上海", at=NOW, arrived=NOW) == 2
            assert writer.add_tag(unit, "A", at=NOW, arrived=NOW) == 3
            assert writer.add_event("e1", "order", unit, at=NOW, arrived=NOW, fields={"qty": 5}) == 4
            assert writer.add_points(unit, 30, "gift", at=NOW, arrived=NOW) == 5
            assert writer.add_coupon("c1", "today", unit, "reserved", at=NOW, arrived=NOW) == 6
            assert writer.add_tag(unit, "B", at=NOW + 1, arrived=NOW) == 7
        assert (store.last_seq, store.next_seq) == (8, 9)
        assert rows(store, "SELECT points FROM members") == [(30,)]
        assert rows(store, "SELECT taken, issued FROM coupons") == [(NOW, None)]
        relations = rows(store, "SELECT relation, SUM(rows) FROM extents GROUP BY relation ORDER BY relation")
        assert relations == [("attribute", 1), ("coupon", 1), ("event", 1), ("member", 1), ("points", 1), ("tag", 3)]


@pytest.mark.skipif(not CDNOW.exists(), reason="the sample of real purchases is not here")
def test_real_purchases(tmp_path: Path) -> None:
    purchases = [line.split() for line in CDNOW.read_text(encoding="ascii").splitlines()]
    first: dict[str, str] = {}
    events = ["id,member,type,at,amount,qty"]
    for number, (_, customer, day, count, dollars) in enumerate(purchases):
        date = f"{day[:4]}-{day[4:6]}-{day[6:]}"
        first[customer] = min(first.get(customer, date), date)
        events.append(f"o{number},{customer},order,{date},{dollars},{count}")
    members = ["id,at", *(f"{customer},{date}" for customer, date in first.items())]
    with new_store(tmp_path) as store:
        report = bring(store, "members", "\n".join(members), backfill=True, zone="America/New_York")
        assert (report.added, report.rejected) == (2357, ())
        report = bring(store, "events", "\n".join(events), backfill=True, zone="America/New_York")
        assert (report.added, report.rejected) == (6919, ())
        assert rows(store, "SELECT COUNT(DISTINCT unit), SUM(amount) FROM events") == [(2357, 24_409_194)]
        assert rows(store, "SELECT COUNT(*) FROM members JOIN events USING (unit)"
                           " WHERE members.arrived > events.arrived") == [(0,)]
