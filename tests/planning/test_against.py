"""A plan beside that of another version: who is new, who drops out, whose time, content or reason is another."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from planning.evening import EVENING, PUSH, TAG, TEXT, Open
from qingting.engine.answers import Against
from qingting.grammar.diagnostics import QingtingError
from workspaces import Shop, micros

ALL = dict.fromkeys(("newly", "no_longer", "time", "content", "reason"), 0)


def against(shop: Shop, version: str | Path, at: str = EVENING, *, members: bool = False) -> Against:
    """What differs from another version; nothing of the store may change."""
    before = shop.dump()
    found = shop.plan(at, against=str(version), members=members).against
    assert found is not None
    assert shop.dump() == before
    return found


def other_folder(shop: Shop, folder: Path, text: str) -> Path:
    """A folder with another version of the shop's texts."""
    return shop.copy(folder, text).root


def numbers(found: Against) -> dict[tuple[str, str], dict[str, int]]:
    return {
        (s.playbook, s.step): {name: number for name, number in s.numbers.items() if number} for s in found.contrast.steps
    }


def test_another_audience(open_shop: Open, tmp_path: Path) -> None:
    shop = open_shop(TEXT.replace('"好友"', '"老客"', 1))
    shop.members("u5", name="赵六")
    shop.tag("老客", "u1", "u5")
    found = against(shop, other_folder(shop, tmp_path / "was", TEXT), members=True)
    moves = {"newly": 1, "no_longer": 3}
    assert numbers(found) == {("晚安", PUSH): moves, ("晚安", TAG): moves}
    lists = found.contrast.steps[0].lists
    assert [one.member for one in lists["no_longer"]] == ["u2", "u3", "u4"]
    assert [(one.member, one.name) for one in lists["newly"]] == [("u5", "赵**")]
    assert [(part.kind, part.name, part.how) for part in found.contrast.parts] == [("playbooks", "晚安", "changed")]


def test_without_asking_nobody_is_named(open_shop: Open, tmp_path: Path) -> None:
    shop = open_shop(TEXT.replace('"好友"', '"老客"', 1))
    found = against(shop, other_folder(shop, tmp_path / "was", TEXT))
    assert {one.member for step in found.contrast.steps for shown in step.lists.values() for one in shown} == {None}


def test_the_same_version(open_shop: Open, tmp_path: Path) -> None:
    shop = open_shop(TEXT)
    found = against(shop, other_folder(shop, tmp_path / "was", TEXT))
    assert (found.contrast.parts, found.contrast.steps, found.coming) == ((), (), ())


def test_a_moved_clock_moves_members_and_makes_none_new(open_shop: Open, tmp_path: Path) -> None:
    shop = open_shop(TEXT.replace("20:00", "19:30"))
    found = against(shop, other_folder(shop, tmp_path / "was", TEXT))
    assert numbers(found) == {("晚安", PUSH): {"time": 4}, ("晚安", TAG): {"time": 4}}
    (shown, *_) = found.contrast.steps[0].lists["time"]
    assert (shown.before, shown.after) == (micros("2026-11-20 20:00"), micros("2026-11-20 19:30"))
    (coming,) = found.coming
    assert [one.at for one in (coming.former[0], coming.present[0])] == [
        micros("2026-11-21 20:00"), micros("2026-11-21 19:30"),
    ]


def test_another_text_under_the_same_name_is_another_content(open_shop: Open, tmp_path: Path) -> None:
    mine = '话术 "晚上"\n  正文 "晚上好"\n' + TEXT.replace('"问候"', '"晚上"')
    shop = open_shop(mine)
    found = against(shop, other_folder(shop, tmp_path / "was", mine.replace("晚上好", "晚安")))
    assert numbers(found) == {("晚安", 'push "晚上"'): {"content": 4}}


def test_a_push_of_another_text_is_the_same_step_by_another_name(open_shop: Open, tmp_path: Path) -> None:
    shop = open_shop(TEXT.replace('"问候"', '"推荐"'))
    found = against(shop, other_folder(shop, tmp_path / "was", TEXT))
    assert numbers(found) == {("晚安", 'push "推荐"'): {"content": 4}}
    assert found.contrast.steps[0].formerly == PUSH


def test_steps_that_are_new_and_steps_that_are_gone(open_shop: Open, tmp_path: Path) -> None:
    shop = open_shop(TEXT.replace('    打标签 "已触达"\n', '    推送 短信 "推荐"\n'))
    found = against(shop, other_folder(shop, tmp_path / "was", TEXT))
    assert numbers(found) == {("晚安", TAG): {"no_longer": 4}, ("晚安", 'push "推荐"'): {"newly": 4}}


def test_other_reasons(open_shop: Open, tmp_path: Path) -> None:
    policy = '\n全局规则\n  永不推送 有标签 "{}"\n'
    shop = open_shop(policy.format("退订") + TEXT)
    shop.tag("退订", "u1", "u2")
    shop.tag("新客", "u2")
    found = against(shop, other_folder(shop, tmp_path / "was", policy.format("新客") + TEXT))
    assert numbers(found) == {("晚安", PUSH): {"no_longer": 1}, ("晚安", TAG): {"no_longer": 1}}
    (shown,) = found.contrast.steps[0].lists["no_longer"]
    assert (shown.was, shown.now) == ("queued", "never_push")


def test_playbooks_that_are_new_and_playbooks_that_are_gone(open_shop: Open, tmp_path: Path) -> None:
    shop = open_shop(TEXT.replace("晚安", "晚上"))
    found = against(shop, other_folder(shop, tmp_path / "was", TEXT))
    assert numbers(found)["晚上", PUSH] == {"newly": 4}
    assert numbers(found)["晚安", PUSH] == {"no_longer": 4}
    assert {(part.name, part.how) for part in found.contrast.parts} == {("晚上", "new"), ("晚安", "gone")}


def test_a_playbook_with_errors_over_there(open_shop: Open, tmp_path: Path) -> None:
    shop = open_shop(TEXT)
    folder = other_folder(shop, tmp_path / "was", TEXT)
    (folder / "all.sop").write_text((folder / "all.sop").read_text("utf-8").replace("打标签", "打标"), encoding="utf-8")
    found = against(shop, folder)
    assert [blocked.playbook for blocked in found.contrast.former.blocked] == ["晚安"]
    assert numbers(found)["晚安", PUSH] == {"newly": 4}


def test_one_playbook_alone(open_shop: Open, tmp_path: Path) -> None:
    more = TEXT.replace("晚安", "早安")
    shop = open_shop(TEXT + more)
    folder = other_folder(shop, tmp_path / "was", "")
    answer = shop.plan(EVENING, against=str(folder), playbook="早安")
    assert answer.against is not None
    assert {step.playbook for step in answer.against.contrast.steps} == {"早安"}


# Revisions

GIT = shutil.which("git")
needs_git = pytest.mark.skipif(GIT is None, reason="git is not installed")


def git(folder: Path, *words: str) -> str:
    assert GIT is not None
    named = [GIT, "-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "init.defaultBranch=main", *words]
    return subprocess.run(named, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@needs_git
@pytest.mark.parametrize("inside", ["", "shops/杭州"])
def test_a_revision_of_the_repository(open_shop: Open, tmp_path: Path, inside: str) -> None:
    shop = open_shop(TEXT)
    repository = tmp_path / "repository"
    root = repository / inside
    shop.copy(root)
    (repository / "README").write_text("x", encoding="utf-8")
    git(repository, "init", "-q")
    hidden = root / ".hidden"
    hidden.mkdir()
    (hidden / "broken.sop").write_text("剧本", encoding="utf-8")
    (root / "link.txt").symlink_to("all.sop")
    git(repository, "add", "--all", "--", ":!*.db*")
    git(repository, "commit", "-q", "-m", "first")
    commit = git(repository, "rev-parse", "HEAD")
    there = Shop(root, TEXT.replace("20:00", "19:30"))
    status = git(repository, "status", "--porcelain")
    for version in ("HEAD", "main", commit[:10]):
        found = against(there, version)
        assert (found.commit, numbers(found)["晚安", PUSH]) == (commit, {"time": 4})
    assert git(repository, "status", "--porcelain") == status


@needs_git
@pytest.mark.parametrize("version", ["nowhere", "--help", "-x", "HEAD; rm -rf .", "HEAD:all.sop", "", "@{u}", "a\nb"])
def test_what_is_no_revision(open_shop: Open, version: str) -> None:
    shop = open_shop(TEXT)
    git(shop.root, "init", "-q")
    git(shop.root, "add", "all.sop", "qingting.yaml")
    git(shop.root, "commit", "-q", "-m", "first")
    with pytest.raises(QingtingError) as refused:
        against(shop, version)
    assert (refused.value.code, refused.value.exit_code) == ("C286", 2)


@needs_git
def test_a_workspace_outside_of_git(open_shop: Open) -> None:
    with pytest.raises(QingtingError) as refused:
        against(open_shop(TEXT), "HEAD")
    assert refused.value.code == "C287"


@needs_git
def test_a_revision_without_a_workspace(open_shop: Open) -> None:
    shop = open_shop(TEXT)
    git(shop.root, "init", "-q")
    git(shop.root, "commit", "-q", "--allow-empty", "-m", "first")
    with pytest.raises(QingtingError) as refused:
        against(shop, "HEAD")
    assert refused.value.code == "C288"


def test_a_folder_without_a_workspace(open_shop: Open, tmp_path: Path) -> None:
    with pytest.raises(QingtingError) as refused:
        against(open_shop(TEXT), tmp_path)
    assert refused.value.code == "C288"


def test_without_git(open_shop: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = open_shop(TEXT)
    monkeypatch.setattr(shop.ws, "_environment", {"PATH": "/nowhere"})
    with pytest.raises(QingtingError) as refused:
        against(shop, "HEAD")
    assert (refused.value.code, refused.value.exit_code) == ("C289", 3)


def test_what_is_done_cannot_be_compared(open_shop: Open, tmp_path: Path) -> None:
    shop = open_shop(TEXT)
    folder = other_folder(shop, tmp_path / "was", TEXT)
    shop.run(EVENING)
    with pytest.raises(QingtingError) as refused:
        against(shop, folder)
    assert refused.value.code == "C283"
