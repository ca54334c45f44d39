"""Warnings of lint about who is meant, and about names (W41x, W42x, W44x)."""

from __future__ import annotations

from .message import Message

MESSAGES: dict[str, Message] = {
    "W410": Message(
        "没有人能满足这个条件。",
        "Nobody can ever meet this condition.",
        "删掉或改掉画线的这一处。",
        "Take out or change the part underlined.",
        {
            "several": (
                "画线的几处互相矛盾:去掉一处,或者把 且 改成 或。",
                "The parts underlined contradict each other: take one out, or write or instead of and.",
            ),
            "trigger": (
                "触发的那一刻,这个条件已经不成立。例如 当 下单 的那一刻,就已经做过下单。改掉画线的一处。",
                "It is no longer true when this starts: when order starts, the member did order. Change one of the parts.",
            ),
            "consent": (
                "这些人都在 全局规则 的永不推送或不推营销里,什么也收不到。改这里,或改全局规则。",
                "The policy never pushes to any of these members. Change this, or the policy.",
            ),
            "goal": (
                "这些人都已经达到 转化目标,不会进入。改面向,或改转化目标。",
                "All of these members have reached the goal, and do not enter. Change the audience, or the goal.",
            ),
            "exit": (
                "这些人都已经满足 退出条件,不会进入。改面向,或改退出条件。",
                "All of these members meet exit when, and do not enter. Change the audience, or the exit.",
            ),
        },
    ),
    "W411": Message(
        "没有人会走进这个分支。",
        "Nobody ever takes this branch.",
        "条件自相矛盾,改掉画线的部分,或删掉这个分支。",
        "Its condition contradicts itself; change the part underlined, or delete the branch.",
        {
            "several": (
                "画线的几处互相矛盾,改掉一处,或删掉这个分支。",
                "The parts underlined contradict each other; change one of them, or delete the branch.",
            ),
            "covered": (
                "满足它的人前面的分支都先收走了。把它移到前面,或把前面的条件写窄。",
                "Whoever meets it has gone into a branch before. Move it up, or narrow the conditions before it.",
            ),
            "audience": (
                "剧本的 面向 里没有这样的人。改 面向,或删掉这个分支。",
                "Nobody in the audience meets it. Change the audience, or delete the branch.",
            ),
        },
    ),
    "W413": Message(
        "没有人会走到这一步。",
        "Nobody ever comes to this step.",
        "前面已经 结束。删掉这一步,或把它移到 结束 前面。",
        "Everybody stops before it. Delete the step, or move it up before the stop.",
        {
            "otherwise": (
                "前面的分支合起来包含了所有人。删掉 否则,或改前面的条件。",
                "The branches before it cover everybody. Delete the else, or change their conditions.",
            ),
            "audience": (
                "面向 里的人都走了前面的分支。删掉 否则,或改前面的条件。",
                "Everybody in the audience takes a branch before it. Delete the else, or change their conditions.",
            ),
        },
    ),
    "W424": Message(
        "条件里用到标签“{tag}”,但没有步骤或规则打它,只能从外面导入。",
        'Tag "{tag}" is tested, but no step and no rule gives it; it can only come from an import.',
        "确实由导入或店员打上,就写 # 忽略 W424: 从哪里来;否则加一步 打标签 \"{tag}\"。",
        'Where imports or staff give it, write # ignore W424: from where; else add a step tag "{tag}".',
        {
            "store": (
                "客户库里现在也没有人有这个标签。检查名字写得对不对,或加一步 打标签 \"{tag}\"。",
                'Nobody in the store has it either. Check how it is spelled, or add a step tag "{tag}".',
            ),
        },
    ),
    "W425": Message(
        "打了标签“{tag}”,但没有条件或触发用到它。",
        'Tag "{tag}" is given, but no condition and no trigger asks for it.',
        "不需要就删掉打标签的步骤;是给店员看的,就写 # 忽略 W425: 给店员看。",
        "Delete the steps that give it; where staff look at it, write # ignore W425: for staff.",
    ),
    "W426": Message(
        "“{name}”声明了,但哪里都没有用到。",
        '"{name}" is declared, but nothing uses it.',
        "删掉它;还要用,就写 # 忽略 W426: 什么时候用。",
        "Delete it; where it will be used, write # ignore W426: when.",
    ),
    "W427": Message(
        "这些剧本互相触发,绕成了一圈:{path}。",
        "These playbooks set each other off in a circle: {path}.",
        "去掉其中一步,或给其中一个加上 每人仅一次。",
        "Take out one of the steps, or add once per member to one of them.",
    ),
    "W440": Message(
        "只问了很久没有 {event},从来没有 {event} 过的人和昨天刚来的人也都在里面。",
        "This only asks who has not done {event} for long; who never did and who came yesterday are in it as well.",
        "改成 最近一次 {event} 距今超过30天,或加上 做过 {event}。",
        "Write last {event} more than 30 days ago, or add did {event}.",
    ),
    "W441": Message(
        "面向还没有 {event} 的人,中间有等待,但 {event} 之后他们照样继续收到。",
        "It is for those who have not done {event} and it waits, but who does it meanwhile goes on receiving.",
        "加一行 转化目标 做过 {event} 最长7天,或 退出条件 做过 {event}。",
        "Add a line goal did {event} up to 7 days, or exit when did {event}.",
    ),
    "W443": Message(
        "不满足 里也包含 {name} 未知的人。",
        "This not also lets in those whose {name} is unknown.",
        "不要他们,把 不满足 换成 不是 之类的比较;要他们,就写明 或 {name} 未知。",
        "To leave them out compare with is not; to have them, write or {name} is unknown.",
    ),
}
