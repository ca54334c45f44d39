"""What a verification of the log finds wrong."""

from __future__ import annotations

from .message import Message

MESSAGES: dict[str, Message] = {
    "D401": Message(
        "第 {seq} 条不见了",
        "entry {seq} is missing",
        "有人删过日志。从备份恢复,并查清是谁",
        "somebody deleted from the log; put a backup back, and find out who",
    ),
    "D402": Message(
        "第 {seq} 条的剧本、步骤、时间或原因被改过",
        "of entry {seq} the playbook, step, occurrence, run, status or reason was changed",
        "签过名的内容和现在的不一样。从备份恢复,并查清是谁",
        "it is not what was signed; put a backup back, and find out who did it",
    ),
    "D403": Message(
        "第 {seq} 条说的是谁已经查不到了",
        "whom entry {seq} is about is not known any more",
        "有人删过客户而没有用 erase,或者改过这条记录",
        "somebody deleted a member otherwise than by erase, or changed the entry",
    ),
    "D404": Message(
        "第 {seq} 条换了人或换了编号",
        "entry {seq} is about somebody else than was signed, or its key was changed",
        "从备份恢复,并查清是谁改的",
        "put a backup back, and find out who did it",
    ),
    "D405": Message(
        "第 {seq} 条的内容和它的哈希对不上",
        "entry {seq} is not what its leaf is the hash of",
        "内容或哈希被改过。从备份恢复,并查清是谁改的",
        "its columns or its leaf were changed; put a backup back, and find out who did it",
    ),
    "D406": Message(
        "第 {seq} 条的渠道回复被改过或删掉了",
        "what the channel answered in entry {seq} was changed or deleted",
        "只有 erase 才可以删掉它。从备份恢复,并查清是谁",
        "only erase may delete it; put a backup back, and find out who did it",
    ),
    "D407": Message(
        "第 {seq} 条有两份",
        "there are two entries with the number {seq}",
        "有人往日志里塞过东西。从备份恢复,并查清是谁",
        "somebody put something into the log; put a backup back, and find out who",
    ),
    "D408": Message(
        "日志末尾之后还有第 {seq} 条",
        "entry {seq} stands behind the end of the log",
        "有人往日志里塞过东西,或者改过日志的长度。从备份恢复",
        "somebody put something into the log, or changed its length; put a backup back",
    ),
    "D409": Message(
        "哈希树第 {level} 层第 {position} 个和记录对不上(从第 {seq} 条起)",
        "hash {position} of level {level} of the tree is not that of the entries from {seq} on",
        "那一段记录或者树本身被改过。从备份恢复",
        "those entries, or the tree itself, were changed; put a backup back",
    ),
    "D410": Message(
        "检查点签了 {signed} 条,日志里只有 {leaves} 条",
        "a checkpoint was signed for {signed} entries, the log has {leaves}",
        "日志末尾被截掉了。从备份恢复",
        "the end of the log was cut off; put a backup back",
    ),
    "D411": Message(
        "第 {signed} 条以后({signed}–{leaves})没有签名",
        "the entries from {signed} to {leaves} are not signed",
        "从没签过名的库运行一次就好(qingting run);否则是有人往里加了记录",
        "a store that was never signed needs one run (qingting run); otherwise somebody added entries",
    ),
    "D412": Message(
        "运行 {run} 和它前一次接不上",
        "run {run} does not follow from the run before it",
        "运行的时刻、程序或先后被改过,或者删掉了一次运行。从备份恢复",
        "its instant, program or place was changed, or a run was deleted; put a backup back",
    ),
    "D413": Message(
        "运行 {run} 的记录不全是它的",
        "the records of run {run} are not those that it says are its own",
        "有人改过运行或记录。从备份恢复",
        "somebody changed the run or its records; put a backup back",
    ),
    "D414": Message(
        "给日志签名的不是这个工作区的密钥",
        "the log was signed by another key than the workspace's",
        "有人换过密钥:把原来的文件放回去。真要换:qingting log new-key",
        "somebody swapped keys: put the former file back; to change keys in earnest: qingting log new-key",
    ),
    "D415": Message(
        "第 {leaves} 条处的检查点签名不对",
        "the signature of the checkpoint at {leaves} entries does not verify",
        "检查点被改过,或者是用别的密钥签的;给了 --key 的话,看看是不是那把",
        "it was changed, or signed by another key; if you gave --key, see whether it is the right one",
    ),
    "D416": Message(
        "日志的前 {leaves} 条不是签过名的那些(第 {before} 条以前还对得上)",
        "the first {leaves} entries are not those that were signed (up to {before} they are)",
        "这中间有记录被改写、对调或替换过。从备份恢复",
        "entries in between were rewritten, swapped or replaced; put a backup back",
    ),
    "D417": Message(
        "{name} 不是这份日志的检查点,或者不是用认得的密钥签的",
        "{name} is no checkpoint of this log, or not signed by a key that is known",
        "看看拿对了文件没有;库从备份恢复过的话,之后就是另一份日志",
        "see that it is the right file; a store that was put back goes on as another log",
    ),
    "D418": Message(
        "{name} 里签了 {signed} 条,日志里只有 {leaves} 条",
        "{name} was signed for {signed} entries, the log has {leaves}",
        "整个数据库被换成了旧的,或者末尾被截掉了。请找回最新的数据库",
        "the whole store was put back to an older copy, or its end was cut off; look for the newest copy",
    ),
    "D419": Message(
        "日志的前 {signed} 条和 {name} 里签过名的不是同一份",
        "the first {signed} entries are not those that {name} was signed for",
        "日志被整份改写过,或者这是另一份副本。哪一份是真的,要由操作的人说清楚",
        "the log was rewritten as a whole, or this is another copy; its owner has to say which is the true one",
    ),
    "D457": Message(
        "数据库里留下的第 {seq} 条和归档文件里的不一样",
        "what the store keeps of entry {seq} is not what the archive says",
        "有人改过其中一份。从备份恢复",
        "somebody changed one of them; put a backup back",
    ),
    "D458": Message(
        "归档文件 {path} 不是当初写的那一份",
        "the archive {path} is not the file that was written",
        "从备份找回原来的文件",
        "put the former file back from a backup",
    ),
    "D459": Message(
        "运行 {run} 结束时({leaves} 条)的检查点不见了",
        "the checkpoint at the end of run {run} ({leaves} entries) is missing",
        "有人删过检查点。从备份恢复",
        "somebody deleted it; put a backup back",
    ),
    "D461": Message(
        "剧本「{playbook}」的版本 {version} 的原文被改过",
        "the text of version {version} of playbook {playbook} was changed",
        "途中的客户要靠它走完。从备份恢复",
        "members in flight go by it; put a backup back",
    ),
}
