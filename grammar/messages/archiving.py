"""What is said when the oldest part of the log is moved to files."""

from __future__ import annotations

from .message import Message

MESSAGES: dict[str, Message] = {
    "D440": Message(
        "这条记录 {at} 归档了,在文件 {path} 里",
        "this record was archived at {at}, in the file {path}",
        "在那里看:qingting log --archive {path}",
        "look there: qingting log --archive {path}",
    ),
    "D441": Message(
        "数据库里没有编号以 {id} 开头的记录;更早的 {number} 条已归档",
        "the store has no record with an id that begins with {id}; archived entries of the log: {number}",
        "到归档文件里找,最近的一个:qingting log --archive {path}",
        "look in the archives, the newest of which is: qingting log --archive {path}",
    ),
    "D442": Message(
        "{path} 不是日志的归档文件,或者读不出来",
        "{path} is no archive of a log, or cannot be read",
        "归档文件由 qingting log archive 生成,名字像 log-0-5000.db",
        "archives are made by qingting log archive and called like log-0-5000.db",
    ),
    "D443": Message(
        "已经有一个文件 {path},内容不是要归档的这一段",
        "there is a file {path} already, and it is not of this stretch of the log",
        "不会覆盖它:换个目录(--to),或者先移走它",
        "it is not overwritten: choose another folder with --to, or move it away",
    ),
    "D444": Message(
        "第 {leaf} 条核对不上,什么也没有归档",
        "entry {leaf} is not what was recorded; nothing was archived",
        "先看 qingting log verify,它会说清是哪里不对",
        "see qingting log verify first, which says what is wrong",
    ),
    "D445": Message(
        "最新的检查点没有盖住全部 {leaves} 条记录,不能归档",
        "the newest checkpoint does not cover all {leaves} entries, so that nothing can be archived",
        "先运行一次 qingting run,再看 qingting log verify",
        "do a qingting run first, then see qingting log verify",
    ),
    "D446": Message(
        "{before} 还没有到,只能归档过去的记录",
        "{before} is not past yet, and only what is past can be archived",
        "写一个过去的时刻,例如 --before 2025-01-01",
        "give an instant that is past, such as --before 2025-01-01",
    ),
    "D447": Message(
        "归档文件 {path} 写不了({error}),数据库没有变",
        "the archive {path} cannot be written ({error}); the store is as it was",
        "看看目录的权限和磁盘空间,再来一次",
        "see to the folder's permissions and the room on the disk, and try again",
    ),
    "D448": Message(
        "{until} 之前的记录已经归档,不能从 {start} 开始重演",
        "what was decided before {until} is archived, so that nothing can be played again from {start}",
        "从 {until} 或以后开始",
        "begin at {until} or later",
    ),
    "N250": Message(
        "这里只有 {until} 起的记录;更早的在 {path}(qingting log --archive {path})",
        "these are the records since {until}; older ones are in {path} (qingting log --archive {path})",
    ),
    "N251": Message(
        "已归档 {number} 条({until} 之前决定的),在 {path}",
        "archived {number} entries, decided before {until}, in {path}",
    ),
    "N252": Message("没有可归档的", "there is nothing to archive"),
    "N253": Message(
        "到这里为止:再往后有消息还在等渠道(qingting deliver 之后能归档更多)",
        "no more than that: behind it a message waits for its channel (after qingting deliver more can be archived)",
    ),
    "N254": Message(
        "到这里为止:再往后是这个时刻或以后才知道的送达结果或抹除",
        "no more than that: behind it stands a delivery or an erasure of that instant or later",
    ),
    "N255": Message(
        "数据库文件 {before} → {after} 字节,其中 {free} 字节空着,会先用掉;想让文件变小,加 --compact",
        "the store's file had {before} bytes and has {after}, of which {free} are free and used first; --compact makes it smaller",
    ),
    "N256": Message("数据库文件 {before} → {after} 字节", "the store's file had {before} bytes and has {after}"),
    "N257": Message(
        "会归档 {number} 条({until} 之前决定的),到 {path};去掉 --preview 才真的归档",
        "to be archived: {number} entries, decided before {until}, in {path}; without --preview they are",
    ),
    "N258": Message(
        "渠道自己的话(可能有个人信息)单独放在 {path},删掉它不影响核对",
        "the channels' own words, which may be personal, are apart in {path}; without that file all still verifies",
    ),
    "N259": Message(
        "这些文件里的渠道回复还没有抹除,文件不在或写不了:{paths}。放回原处再运行 qingting erase --clean;已经删掉的不用管",
        "the channels' words in these files were not erased, since they are not there or cannot be written: {paths}. Put them back "
        "and run qingting erase --clean; what was deleted needs nothing",
    ),
}
