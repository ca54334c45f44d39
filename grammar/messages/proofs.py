"""What is said of the log's key, its tree and its proofs."""

from __future__ import annotations

from .message import Message

MESSAGES: dict[str, Message] = {
    "D205": Message(
        "给日志签名的密钥 {path} 不见了",
        "the key {path} that signs the log is missing",
        "从备份里找回这个文件;实在找不回来:qingting log new-key 换一把,审计的人会看到换过",
        "put the file back from a backup; if it is lost for good, qingting log new-key makes another, which auditors will see",
    ),
    "D206": Message(
        "{path} 不是给这份日志签名的密钥",
        "{path} is not the key that signed this log",
        "把原来的密钥文件放回去;实在找不回来:qingting log new-key",
        "put the former key file back; if it is lost for good: qingting log new-key",
    ),
    "D207": Message(
        "日志里少了第 {leaf} 条",
        "entry {leaf} of the log is missing",
        "有人动过数据库。qingting log verify 会列出问题;请从备份恢复",
        "somebody changed the store; qingting log verify tells more; put a backup back",
    ),
    "D208": Message(
        "日志坏了,或者有人改过数据库",
        "the log is damaged, or somebody changed the store",
        "qingting log verify 会说哪里不对;从备份恢复",
        "qingting log verify tells what is wrong; put a backup back",
    ),
    "D420": Message(
        "日志第 {seq} 条和当时记下的不一样",
        "entry {seq} of the log is not what was recorded",
        "有人动过数据库,所以没有导出。qingting log verify 会说出哪里不对;请从备份恢复",
        "somebody changed the store, so nothing was exported; qingting log verify tells what is wrong; put a backup back",
    ),
    "D421": Message(
        "日志有 {leaves} 条,签了名的只有 {signed} 条,后面的还证明不了",
        "the log has {leaves} entries and only {signed} are signed; the rest cannot be proven yet",
        "运行一次 qingting run,会补上签名;不要证明就去掉 --proofs",
        "qingting run signs them; without --proofs they can be exported as they are",
    ),
    "D422": Message(
        "日志和自己最新的检查点对不上(第 {leaves} 条处)",
        "the log does not fit its own newest checkpoint (at entry {leaves})",
        "有人动过数据库。qingting log verify 会说出哪里不对;请从备份恢复",
        "somebody changed the store; qingting log verify tells what is wrong; put a backup back",
    ),
    "D423": Message(
        "{path} 已经有了",
        "{path} is there already",
        "换个文件名;要换掉它就加 --force",
        "choose another name, or replace it with --force",
    ),
    "D424": Message(
        "Parquet 只能写进文件",
        "Parquet goes into a file only",
        "加上 --out,例如 --out log.parquet",
        "add --out, such as --out log.parquet",
    ),
    "D425": Message(
        "--json 和导出的内容不能都写到标准输出",
        "stdout cannot take both --json and what is exported",
        "加上 --out 写进文件,或者去掉 --json",
        "add --out to write a file, or leave --json out",
    ),
    "D426": Message(
        "{path} 是另一份日志,或者另一段历史的(共 {size} 条)",
        "{path} belongs to another log, or to another history of this one ({size} entries)",
        "换一个文件夹。如果里面是这份日志较新的样子,说明现在的数据库是旧备份",
        "choose another folder; if it holds a newer state of this log, the store was put back from an old backup",
    ),
    "D427": Message(
        "{path} 和这份日志里的不一样",
        "{path} is not what this log has there",
        "文件被改过或损坏了。把它删掉再运行一次,会照日志重新写",
        "the file was changed or damaged; delete it and run this again, and it is written anew",
    ),
    "D428": Message(
        "归档文件 {path} 不在",
        "the archive {path} is missing",
        "把归档文件放回去;只要数据库里的就加 --no-archives",
        "put the archive back; --no-archives is content with what the store has",
    ),
    "D430": Message(
        "少了文件 {path}",
        "the file {path} is missing",
        "文件没有下载全,或者发布的人少放了;重新取一份",
        "not all was fetched, or not all was published; fetch the files again",
    ),
    "D431": Message(
        "{path} 和检查点签名的内容对不上",
        "{path} is not what the checkpoint signs",
        "文件被改过或损坏了;重新取一份,还是这样就找发布的人",
        "the file was changed or damaged; fetch it again, and ask whoever publishes it if that does not help",
    ),
    "D432": Message(
        "{path} 没有这把公钥的有效签名",
        "{path} bears no good signature by that key",
        "公钥要从日志的主人那里另外拿到:qingting log key",
        "the public key comes from the log's owner by another way: qingting log key",
    ),
    "D433": Message(
        "要用哪把公钥核对",
        "say by which public key",
        "加上 --key;公钥从日志的主人那里另外拿:qingting log key",
        "add --key; the log's owner gives it by another way: qingting log key",
    ),
    "D460": Message(
        "日志还没有签过名",
        "the log has not been signed yet",
        "运行一次(qingting run),就有了",
        "one run (qingting run) signs it",
    ),
    "D462": Message(
        "{leaves} 条处没有检查点",
        "there is no checkpoint at {leaves} entries",
        "qingting log checkpoint 看最新的",
        "qingting log checkpoint shows the newest",
    ),
    "D463": Message(
        "旧的({old})不能比新的({new})长",
        "the old one ({old}) cannot be longer than the new one ({new})",
        "对调一下;日志比检查点短的话:qingting log verify --checkpoint 文件",
        "swap them; if the log is shorter than a checkpoint: qingting log verify --checkpoint FILE",
    ),
    "D464": Message(
        "这个检查点是另一份日志的,或者不是它签的:{origin}",
        "this checkpoint is of another log, or not signed by it: {origin}",
        "看看 -C 和 --store 对不对;库从备份恢复过的话,之后就是另一份日志",
        "see that -C and --store are right; a store that was put back goes on as another log",
    ),
    "D465": Message(
        "日志的前 {leaves} 条和这个检查点签的不是同一份,没法证明",
        "the first {leaves} entries are not those that this checkpoint was signed for; there is nothing to prove",
        "日志被改写过,或者这是另一份副本:qingting log verify",
        "the log was rewritten, or this is another copy: qingting log verify",
    ),
    "D466": Message(
        "这不是检查点,也不是签名", "this is neither a checkpoint nor signatures",
        "检查点由 qingting log checkpoint 印出,原样保存", "a checkpoint is what qingting log checkpoint prints, kept as it is",
    ),
    "D467": Message(
        "这份日志在 {leaves} 条时没有签过这样的检查点",
        "this log never signed such a checkpoint at {leaves} entries",
        "见证人签的要是原样的检查点",
        "witnesses sign the checkpoint as it is",
    ),
    "D468": Message(
        "签名核对不上,或者没有这位见证人的签名",
        "a signature does not verify, or the witness's is missing",
        "看看公钥对不对,文件是不是原样",
        "see that it is the right key, and that the file is as it was",
    ),
    "D469": Message(
        "这不是公钥:{text}", "this is no public key: {text}", "公钥是一行:名称+8 位数字+一串字母,由 qingting log key 印出",
        "a key is one line, NAME+8 digits+letters, as qingting log key prints it",
    ),
    "D470": Message(
        "{place}:不是证明,或者不完整",
        "{place}: not a proof, or not all of it",
        "证明由 qingting log prove 或 consistency 印出,原样保存",
        "proofs are what qingting log prove and consistency print, kept as they are",
    ),
    "D471": Message(
        "证明里的 {place}:文件里的公钥不能用",
        "{place} in the proof: the key in the file cannot be used",
        "用 --key 给出公钥",
        "give the key by --key",
    ),
    "D472": Message(
        "证明里的 {place}:签名不对",
        "{place} in the proof: the signature does not verify",
        "检查点被改过,这份证明不算数;请对方重新给一份",
        "the checkpoint was changed, and the proof is worth nothing; ask for it anew",
    ),
    "D473": Message(
        "证明里的 {place}:不是用这把公钥签的",
        "{place} in the proof: not signed by the key given",
        "看看公钥对不对;换过密钥的话,新旧都要给(--key 写两次)。都对还不行,这份证明就不算数",
        "see that it is the right key, and where keys were changed give both (--key twice); else the proof is worth nothing",
    ),
    "D474": Message(
        "证明里的 {place}:不是那份日志的检查点",
        "{place} in the proof: not a checkpoint of that log",
        "它的名称和公钥的对不上;看看公钥是不是这份日志的",
        "its name is not that of the key; see that it is the key of this log",
    ),
    "D475": Message(
        "证明里的 {place}:内容不对",
        "{place} in the proof: the entry is not what it should be",
        "记录被换过或改过,这份证明不算数;请对方重新给一份",
        "the record was changed or replaced, and the proof is worth nothing; ask for it anew",
    ),
    "D476": Message(
        "证明里的 {place}:文字和签过名的内容不一样",
        "{place} in the proof: the words are not what was signed",
        "says 那一段被改过,别信它;请对方重新给一份",
        "what stands under says was changed, do not believe it; ask for the proof anew",
    ),
    "D477": Message(
        "证明里的 {place}:检查点是另一个",
        "{place} in the proof: this is another checkpoint",
        "文件被改过,或者不是对着你留着的那个检查点开的;请对方重新给一份",
        "the file was changed, or it is not for the checkpoint that you kept; ask for the proof anew",
    ),
    "D478": Message(
        "证明里的 {place}:算出来的不是签过名的根",
        "{place} in the proof: it does not lead to the signed root",
        "内容不在这份日志里,或者文件被改过,这份证明不算数",
        "this is not in the log, or the file was changed; the proof is worth nothing",
    ),
    "D479": Message(
        "一个检查点最多 {most} 个签名",
        "a checkpoint holds {most} signatures at most",
        "只留下你认得的见证人的那几行",
        "keep the lines of those witnesses that you know",
    ),
    "N240": Message(
        "已导出到 {path}:记录 {records} 条,投递 {deliveries} 条,抹除 {erasures} 条",
        "exported to {path}: records {records}, deliveries {deliveries}, erasures {erasures}",
    ),
    "N241": Message("证明到检查点 {size}", "proven up to checkpoint {size}"),
    "N242": Message("{path} 已到第 {size} 条,写了 {files} 个文件", "{path} holds {size} entries now, files written: {files}"),
    "N243": Message("{path} 已是最新,共 {size} 条", "{path} is up to date with {size} entries"),
    "N244": Message("里面有真实客户号和渠道的原话,请妥善保管", "it holds outside ids and the channels' own words: keep it safe"),
    "N245": Message(
        "{path} 完好:共 {size} 条,记录 {records} 条,投递 {deliveries} 条,抹除 {erasures} 条,见证人 {witnesses} 位",
        "{path} verifies: entries {size}, records {records}, deliveries {deliveries}, erasures {erasures}, witnesses {witnesses}",
    ),
    "N260": Message("成立:这些内容在签过名的日志里", "it holds: this is in the signed log"),
    "N261": Message("成立:从 {old} 条到 {leaves} 条只增不改", "it holds: from {old} to {leaves} entries the log only grew"),
    "N262": Message("日志 {origin},{leaves} 条,根 {root}", "log {origin}, {leaves} entries, root {root}"),
    "N263": Message("见证人 {name} 签于 {at}", "witness {name} signed at {at}"),
    "N264": Message("由你给的公钥核对:{key}", "verified by the key you gave: {key}"),
    "N265": Message(
        "用的是文件自己带的公钥,请和你从别处拿到的比一比:{key}",
        "the key is the file's own; compare it with the one that you got another way: {key}",
    ),
    "N266": Message(
        "归档文件 {path} 不在:那一段只核对了哈希",
        "the archive {path} is not here: of its entries only the hashes were looked at",
    ),
    "N267": Message("还有 {number} 处(--json 看全部)", "and {number} more (--json tells them)"),
    "N270": Message("日志完好", "the log is sound"),
    "N271": Message("日志完好,也和别处留着的检查点一致", "the log is sound, and fits the checkpoints that were kept elsewhere"),
    "N272": Message(
        "看过:记录 {records} 条,渠道回复 {deliveries} 条,抹除 {erasures} 条,检查点 {checkpoints} 个,运行 {runs} 次",
        "looked at: {records} records, {deliveries} delivery records, {erasures} erasures, {checkpoints} checkpoints, {runs} runs",
    ),
    "N273": Message(
        "日志 {origin},签名到第 {leaves} 条,根 {root}",
        "log {origin}, signed up to {leaves} entries, root {root}",
    ),
    "N274": Message(
        "没有拿别处的检查点来对:整个数据库被换成旧的,这样看不出来(--checkpoint)",
        "no checkpoint kept elsewhere was compared: that the whole store was put back would not show (--checkpoint)",
    ),
    "N275": Message(
        "公钥取自数据库;审计时请用从别处拿到的(--key)",
        "the public key is the store's own; for an audit give the one you got another way (--key)",
    ),
    "N276": Message("{text}(记录 {id},剧本「{playbook}」)", "{text} (record {id}, playbook {playbook})"),
    "N277": Message("收下 {number} 个签名", "signatures kept: {number}"),
    "N278": Message(
        "换了密钥,最新的检查点由新旧两把一起签了;请备份 .qingting/log.key。新的公钥:",
        "another key signs from here on; the newest checkpoint is signed by "
        "both. Keep a backup of .qingting/log.key. The new public key:",
    ),
    "N279": Message(
        "换了密钥。原来的不在了,没法由它确认:请告诉审计的人。请备份 .qingting/log.key。新的公钥:",
        "another key signs from here on. The former one was not there to agree: tell "
        "your auditors. Keep a backup of .qingting/log.key. The new public key:",
    ),
}
