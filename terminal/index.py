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


LOG_COMMANDS: tuple[Entry, ...] = (
    Entry("verify", "log.verify", "从头重算整份日志,找出第一处不对", "compute the whole log anew and name the first wrong record"),
    Entry("checkpoint", "log.checkpoint", "最新的检查点:签了名的日志摘要", "the newest checkpoint: the signed summary of the log"),
    Entry("cosign", "log.cosign", "收下见证人对检查点的签名", "keep what witnesses signed"),
    Entry("key", "log.key", "核对签名用的公钥", "the public key that verifies checkpoints"),
    Entry("new-key", "log.new_key", "换一把签名的密钥", "sign with another key from here on"),
    Entry("prove", "log.prove", "给一条记录开证明", "prove that a record is in the log"),
    Entry("consistency", "log.consistency", "证明旧的检查点之后只增不改", "prove that nothing was rewritten since a checkpoint"),
    Entry("verify-proof", "log.verify_proof", "核对一份证明,不用数据库", "check a proof without the store"),
    Entry("export", "log.export", "导出记录,可以带证明", "export records, with proofs if asked for"),
    Entry("tiles", "log.tiles", "导出成可以公开的静态文件", "write the log as plain files to be published or mirrored"),
    Entry("archive", "log.archive", "把旧记录移到归档文件", "move old records to archive files"),
)
"""What stands behind ``qingting log``."""

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
    Entry("log", "log", "查看决定的记录,核对、证明、导出", "show the log of decisions; verify, prove, export it"),
)
