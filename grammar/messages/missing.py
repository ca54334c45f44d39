"""What explanations say is missing to make a test true, and until when."""

from __future__ import annotations

from .message import Message

_HAPPENING = {
    "event": Message("还差 {number} 次 {events}", "{number} more {events}"),
    "days": Message("还要有 {number} 天 {events}", "{events} on {number} more days"),
    "days_in_a_row": Message("还要接连 {number} 天 {events}", "{events} on {number} more days in a row"),
    "distinct": Message(
        "还差 {number} 种没有过的 {field}({events})", "{number} more {events}, each with another {field}"
    ),
    "sum": Message("{events} 的 {field} 还差 {value}", "{value} more {field} in {events}"),
    "sum_more_than": Message("{events} 的 {field} 还差 {value} 以上", "more than {value} more {field} in {events}"),
    "points": Message("还差 {number} 积分", "{number} more points"),
    "points_fewer": Message("要少 {number} 积分", "{number} points fewer"),
    "more": Message("{what} 还差 {value}", "{value} more of {what}"),
    "fewer": Message("{what} 要少 {value}", "{value} less of {what}"),
    "set": Message("{what} 要改成 {value}", "{what} set to {value}"),
    "change": Message("{what} 有变化", "a change of {what}"),
    "needed": Message("需要:{test}", "needed: {test}"),
    "keep": Message("一直保持 {test}", "{test} all the time"),
    "kept": Message("{what},到 {at} 成立", "{what}; true from {at}"),
    "tag": Message("打上标签 {tag}", "tag {tag}"),
    "tag_like": Message("打上一个标签 {tag}", "a tag {tag}"),
    "untag": Message("去掉标签 {tag}", "tag {tag} taken away"),
    "coupon": Message("发到券 {name}", "coupon {name} issued"),
    "use_coupon": Message("用掉券 {name} {number} 张", "coupon {name} used {number} times more"),
    "redpacket": Message("再收到红包 {name} {number} 个", "red packet {name} received {number} times more"),
    "push": Message("再收到 {number} 条 {name} 的推送", "{number} more pushes of {name}"),
    "enter": Message("进入剧本 {name}", "to enter playbook {name}"),
    "leave": Message("离开剧本 {name}", "to leave playbook {name}"),
    "finish": Message("走完剧本 {name}", "to finish playbook {name}"),
    "invite": Message("再邀请 {number} 人", "{number} more members invited"),
    "who_are": Message("{what}(他们要:{test})", "{what}, of whom: {test}"),
    "group": Message("进群 {name}", "to join a group {name}"),
    "leave_group": Message("退群 {name}", "to leave the groups {name}"),
    "friend": Message("加为好友", "to become a friend"),
    "unfriend": Message("不再是好友", "to be no friend any more"),
}

_TIME = {
    "after": Message("{what},{at} 起", "{what}, from {at} on"),
    "by": Message("{what},最迟 {at}", "{what}, by {at}"),
    "counts": Message("{what},{at} 起算数", "{what}; counts from {at}"),
    "wait": Message("{at} 起自动成立", "true by itself from {at}"),
    "wait_without": Message("{at} 之前不再有 {what},到时自动成立", "no {what} until {at}; true from then on"),
    "again": Message("客户自己做不到,{at} 起成立", "cannot be made true by anything done; true from {at}"),
    "free": Message("{at} 起", "from {at} on"),
    "never": Message("做什么都不会成立", "cannot be made true by anything"),
    "first": Message("首次已成定局,不会变", "the first one never changes"),
    "draw": Message("由抽签决定,不会变", "decided by the member's draw, which never changes"),
    "or": Message(";或者 ", "; or "),
    "and": Message(",并且 ", " and "),
}

MESSAGES: dict[str, Message] = {f"missing.{code}": message for code, message in (_HAPPENING | _TIME).items()}
