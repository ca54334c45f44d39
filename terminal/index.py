"""The commands: what help lists, without loading any of them."""

from __future__ import annotations

from ..grammar.record import record


@record
class Entry:
    """A command's ``name``, the module in ``terminal.commands`` that builds it, and its line in the list."""

    name: str
    module: str
    zh: str
    en: str


COMMANDS: tuple[Entry, ...] = (
    Entry("init", "init", "新建一个能用的工作区", "make a workspace that works"),
    Entry("demo", "demo", "在临时目录里跑一遍示例店铺", "run the sample shop in a temporary folder"),
    Entry("import", "import_file", "导入客户、标签、事件、好友、群等", "bring in members, tags, events, friends and more"),
    Entry("check", "check", "检查剧本,给出全部问题", "check the playbooks and show all that is wrong"),
    Entry("fmt", "fmt", "把剧本写成统一的样子,可以翻译", "write playbooks in their one form, or in the other language"),
    Entry("who", "who", "列出符合条件的客户", "list the members a condition is true of"),
    Entry("next", "next_due", "接下来什么时候运行", "show coming occurrences"),
    Entry("plan", "plan", "预演现在运行会做什么,不写任何数据", "show what a run would do now, writing nothing"),
    Entry("test", "test", "测试剧本:什么人、什么时候、该得到什么", "test playbooks: who, when, and what they are to get"),
    Entry("simulate", "simulate", "在副本上推演将来、重演历史", "project forward or replay history, on a copy"),
    Entry("run", "run", "运行到此刻到期的全部剧本", "decide everything that is due"),
    Entry("deliver", "deliver", "把排队的消息交给渠道", "hand queued messages to their channels"),
    Entry("migrate", "migrate", "把途中的客户移到剧本的新版本", "move members in flight to another version of a playbook"),
    Entry("task", "task", "员工要做的事:列出、做完、重新打开", "the work of staff: list it, say that it is done"),
    Entry("report", "report", "统计员工做了多少、剧本带来多少", "numbers of what staff have done and playbooks achieved"),
    Entry("merge", "merge", "两个客户号是同一个人:并成一个", "two ids are one person: make them one"),
    Entry("erase", "erase", "抹除一个客户的全部资料,日志照样可核对", "erase all data of a member; the log still verifies"),
    Entry("explain", "explain", "解释一个客户为什么有、为什么没有", "explain why a member got something or nothing"),
    Entry("sop", "sop", "用大白话说给店员:纸面 SOP 和流程图", "tell playbooks in plain language, or draw them"),
    Entry("explain-code", "explain_code", "说明一个错误代码,或列出全部", "tell more about a code, or list all"),
    Entry("log", "log", "查看决定的记录", "show the log of decisions"),
)
