"""What stands behind the codes: families with a title and a reason, and more about codes that raise questions."""

from __future__ import annotations

from collections.abc import Mapping

from ..record import record


@record
class Family:
    """Codes from ``first`` to ``last`` that speak of the same thing: a title and why such a thing is told, (zh, en)."""

    first: str
    last: str
    title: tuple[str, str]
    why: tuple[str, str]

    def holds(self, code: str) -> bool:
        """Whether a code belongs to the family."""
        return self.first <= code <= self.last


FAMILIES: tuple[Family, ...] = (
    Family("E100", "E112", ("文件和字符", "The file and its characters"), (
        "剧本是普通的文本文件。编码、看不见的字符、没配对的引号和括号,会让程序读到的和你看到的不是一回事,所以先要改好。",
        "A playbook is a plain text file. Encodings, invisible characters and unpaired quotes or parentheses make it say "
        "something else than what you see, so they come first.",
    )),
    Family("E113", "E129", ("行和词", "Lines and words"), (
        "每一行只能有一种读法。读不懂、没写完或两种读法都行的,程序不会猜:猜错了,消息就发给了不该收的人。",
        "Each line has one reading. What cannot be read, is not complete or has two readings is never guessed: a wrong "
        "guess sends messages to the wrong people.",
    )),
    Family("E130", "E139", ("数字、金额、日期和时间", "Numbers, money, dates and times"), (
        "数字、金额和时间只有一种写法,谁读都一样。",
        "Numbers, money and times are written in one way, so that everybody reads them alike.",
    )),
    Family("E140", "E168", ("条件和动作的写法", "How tests and steps are written"), (
        "这些写法各处都能看懂,但放在这里缺了东西,或者多了东西。",
        "These words are known, but something is missing or too much at this place.",
    )),
    Family("E169", "E171", ("别处的习惯", "Habits from elsewhere"), (
        "会数据库、表格或编程的人常这样写。意思看得出来,但剧本要让没写过程序的同事也读得懂,所以只用一种写法。",
        "People who know databases, spreadsheets or programming write like this. What is meant is plain, but a playbook is "
        "read by colleagues who never programmed, so there is one way to write it.",
    )),
    Family("E172", "E190", ("声明和剧本各行的写法", "How lines are written"), (
        "这些写法各处都能看懂,但放在这里缺了东西,或者多了东西。",
        "These words are known, but something is missing or too much at this place.",
    )),
    Family("E191", "E191", ("问题太多", "Too much to tell"), (
        "问题太多,先改前面的。", "There is too much to tell at once; correct what comes first.",
    )),
    Family("E192", "E199", ("推送和活动的写法", "How pushes and activities are written"), (
        "这些写法各处都能看懂,但放在这里缺了东西,或者多了东西。",
        "These words are known, but something is missing or too much at this place.",
    )),
    Family("E200", "E299", ("名称", "Names"), (
        "标签、事件、属性、话术、券都要先声明再用。名字写错一个字,条件就一个人也选不中,而且没人发现;所以没声明过的名字一律算错。",
        "Tags, events, attributes, templates and coupons are declared before they are used. A name with one wrong letter "
        "would choose nobody, and nobody would notice; so a name that is not declared is always an error.",
    )),
    Family("E300", "E329", ("比较和范围", "Comparisons and ranges"), (
        "数字和数字比,日期和日期比。不同的东西不会悄悄换算。",
        "Numbers are compared with numbers, dates with dates. Nothing is converted silently.",
    )),
    Family("E330", "E341", ("什么时候运行", "When it runs"), (
        "时间安排要算得出下一次是什么时候。", "A schedule must say when it runs next.",
    )),
    Family("E342", "E349", ("券和红包", "Coupons and red packets"), (
        "券和红包是钱,数字要前后说得通才发。", "Coupons and red packets are money; their numbers must fit together.",
    )),
    Family("E350", "E359", ("话术", "Templates"), (
        "话术里的变量发出时要换成每位客户自己的资料,所以名字和写法都要对。",
        "The variables of a text are filled with each member's own data when it is sent, so they must be right.",
    )),
    Family("E360", "E399", ("条件", "Conditions"), (
        "这个条件问不出答案,或者放在这里没有意义。", "This test has no answer, or makes no sense at this place.",
    )),
    Family("E400", "E499", ("剧本", "Playbooks"), (
        "剧本的几行合起来互相矛盾,或少了必须有的一行。", "Lines of the playbook contradict each other, or one is missing.",
    )),
    Family("W100", "W999", ("提醒", "Warnings"), (
        "写法没有错,能运行,但结果多半不是你想要的。确实要这样,就在那一行写明理由:# 忽略 代码: 理由。",
        "It can run, but most likely does something else than you want. Where it is meant, say why on that line: "
        "# ignore CODE: reason.",
    )),
    Family("C100", "C119", ("配置 qingting.yaml", "The configuration qingting.yaml"), (
        "配置决定时区、渠道和数据库,错了就什么也不能做。",
        "The configuration decides the time zone, the channels and the store; nothing works without it.",
    )),
    Family("C120", "C299", ("命令", "Commands"), (
        "命令没有开始执行,数据没有动过。", "The command did not begin; no data were touched.",
    )),
    Family("C300", "C399", ("机器和磁盘", "The machine and its disk"), (
        "是运行环境的问题,不是剧本的问题。写到一半的内容会全部撤回。",
        "The surroundings are at fault, not the playbooks. Whatever was half written is taken back.",
    )),
    Family("C400", "C499", ("剧本测试", "Playbook tests"), (
        "测试文件里写的和剧本、资料对不上,或者读不懂。测试从不发消息,也不碰工作区的数据库。",
        "A test file does not fit what is declared, or cannot be read. Tests send nothing and leave the workspace's store alone.",
    )),
    Family("C700", "C799", ("程序出错", "A bug"), (
        "这是程序自己的错,不是你的错。", "This is the program's own fault, not yours.",
    )),
    Family("S100", "S199", ("导入的行", "Rows of an import"), (
        "读不懂的行不进库,其他行照常进。改好这一行再导入一次就行,不会重复。",
        "A row that cannot be read stays out, the others go in. Mend it and import again; nothing is counted twice.",
    )),
    Family("S200", "S299", ("导入的文件", "Files of an import"), (
        "整个文件没有导入。", "Nothing of the file went in.",
    )),
    Family("S300", "S399", ("客户库", "The member store"), (
        "客户库打不开、读不了或写不进。", "The store cannot be opened, read or written.",
    )),
    Family("D100", "D199", ("渠道", "Channels"), (
        "渠道没配置好,消息会一直排队,不会丢。", "The channel is not set up; messages wait and are not lost.",
    )),
    Family("D200", "D299", ("备份和副本", "Backups and copies"), (
        "数据库像是旧的备份。用它接着发,已经发过的会再发一遍,所以先停下。",
        "The store looks like an old backup. Going on with it would send again what was sent already, so everything stops.",
    )),
    Family("D300", "D399", ("记录", "Records"), (
        "按编号找不到那条记录,或者它不是能这样处理的。", "The record is not found by that id, or nothing of the kind can be done with it.",
    )),
    Family("D400", "D499", ("日志作证", "The log as evidence"), (
        "每个决定都记在一份只增不改、签过名的日志里。动过的地方都对不上,并且说得出是哪一条。",
        "Each decision stands in a log that only grows and is signed. What was changed does not fit any more, and it is told which "
        "entry it is.",
    )),
    Family("F100", "F199", ("排版", "Formatting"), (
        "排版只改写法,不改意思;证明不了意思没变,就一个字也不动。",
        "Formatting changes how things are written, never what they mean; where that cannot be proven, nothing is touched.",
    )),
    Family("R300", "R399", ("同时运行", "Running at the same time"), (
        "同一个库同一时刻只能有一个运行,免得同一条消息发两遍。",
        "One run at a time works on a store, so that no message is sent twice.",
    )),
)

MORE: Mapping[str, tuple[str, str]] = {
    "E107": (
        "制表符在不同编辑器里宽度不一样,混着用,同一行在你和同事的屏幕上会属于不同的层。",
        "Tabs are not equally wide everywhere; mixed with spaces, a line belongs to different blocks on different screens.",
    ),
    "E113": (
        "“甲 且 乙 或 丙”有人读成“(甲 且 乙) 或 丙”,有人读成“甲 且 (乙 或 丙)”,选出的人完全不同。",
        "Some read “A and B or C” as “(A and B) or C”, others as “A and (B or C)”; they choose different people.",
    ),
    "E122": (
        "中文不用空格断词,程序要靠名称断开。名称本身能断成几个词,就分不清是名称还是条件。",
        "Chinese needs no spaces, and names tell where words end. A name that can itself be cut into words could be a name "
        "or a test.",
    ),
    "E123": (
        "条件以这个词开头,同名的属性会让一整行有两种读法。",
        "Tests begin with this word; an attribute of the same name would give a line two readings.",
    ),
    "E142": (
        "“3天前”有人指那一天,有人指三天前到现在。发欢迎消息时这两种差得很远。",
        "“3 days ago” is that day for some and the time since for others, which is a great difference in a playbook.",
    ),
    "E143": (
        "“3次”有人指正好三次,有人指三次以上。", "“3 times” is exactly three for some and three or more for others.",
    ),
    "E146": (
        "“其中”后面用逗号列这个事件的字段;“且”会回到对客户的条件。",
        "After where, commas join tests of the event's fields; and goes back to tests of the member.",
    ),
    "E169": (
        "# 后面的文字只给人看,程序不读,fmt 也会保留。", "What stands behind # is for people only; fmt keeps it.",
    ),
    "E204": (
        "标签只能由剧本打上或由导入带来;没声明的标签谁也不会有。",
        "Tags are given by playbooks or imports; nobody can hold one that is not declared.",
    ),
    "E212": ("星号表示“以这些字开头的”,一个也没有就等于没选。", "A star stands for all names that begin so; here there are none."),
    "E230": (
        "甲用到乙、乙又用到甲,就永远算不出结果。", "If A needs B and B needs A, neither can ever be worked out.",
    ),
    "W401": (
        "推送和发券分成两步,会有人收到“送你一张券”却没有券,或者反过来。写成一步就同时成、同时不成。",
        "Two steps may give a message without its coupon, or the other way round. In one step both happen or neither.",
    ),
    "W402": (
        "“没买过”里有从没来过的人和昨天刚加的人,他们不是流失的老客。",
        "“Did not buy” includes people who never came and people who joined yesterday; they are no lapsed customers.",
    ),
    "W404": (
        "没有值又没有缺省值的变量,整条消息不发,免得客户收到“您好,!”。",
        "A message with an unknown variable and no default is not sent, so that nobody is greeted with an empty name.",
    ),
}
"""Codes that people ask about: more in (zh, en)."""


def family_of(code: str) -> Family | None:
    """The family of a code, None for a word that is no code."""
    return next((family for family in FAMILIES if family.holds(code)), None)
