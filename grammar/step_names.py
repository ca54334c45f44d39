"""The identities of steps as a reader sees them: an identity is English, its action is shown in the reader's language."""

from __future__ import annotations

from .keywords import canonical

_ACTIONS = {
    "push": "PUSH", "tag": "GIVE_TAG", "untag": "TAKE_TAG", "coupon": "ISSUE_COUPON", "redpacket": "ISSUE_REDPACKET",
    "set": "SET", "welcome": "WELCOME", "task": "GIVE_TASK",
}
_ALERTS = {"staff": "ALERT_STAFF", "manager": "ALERT_MANAGER"}


def shown_step(identity: str, lang: str) -> str:
    """A step's identity with its action in ``lang``, zh or en.

    >>> shown_step('push "欢迎语"', "zh"), shown_step("points +10", "zh"), shown_step('push "welcome"', "en")
    ('推送 "欢迎语"', '加积分 10', 'push "welcome"')
    """
    if lang == "en":
        return identity
    path, slash, last = identity.rpartition("/")
    action, space, rest = last.partition(" ")
    if action == "points":
        adding = rest.startswith("+")
        return path + slash + canonical("ADD_POINTS" if adding else "TAKE_POINTS")[0] + " " + rest.lstrip("+-")
    whom, more, ordinal = rest.partition(" ")
    if action == "alert" and whom in _ALERTS:
        return path + slash + canonical(_ALERTS[whom])[0] + more + ordinal
    if action not in _ACTIONS:
        return identity
    return path + slash + canonical(_ACTIONS[action])[0] + space + rest
