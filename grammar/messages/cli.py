"""Messages about the command line (C2xx), files and stores (C3xx) and bugs (C7xx)."""

from __future__ import annotations

from .labels import LABELS
from .message import Message

_COMMAND_LINE: dict[str, Message] = {
    "C201": Message("没有这个选项:{option}", "there is no option {option}", "看看 --help", "see --help"),
    "C202": Message(
        "没有这个命令:{name}",
        "there is no command {name}",
        "qingting --help 列出全部命令",
        "qingting --help lists them",
    ),
    "C203": Message("还少一个参数:{name}", "missing: {name}", "看看 --help", "see --help"),
    "C204": Message(
        "{name} 的值不对:{reason}", "{name} has a value it cannot take: {reason}", "看看 --help", "see --help"
    ),
    "C205": Message("命令写法不对:{reason}", "the command cannot be read: {reason}", "看看 --help", "see --help"),
    "C206": Message(
        "已中断,没有写入一半的数据",
        "interrupted; nothing is half written",
        "想接着做,再运行一次就行",
        "run it again to go on",
    ),
    "C211": Message(
        "读不出时间:{text}",
        "{text} is no instant",
        "写成 2026-11-20T20:00:00+08:00;不带时差时按工作区的时区",
        "write 2026-11-20T20:00:00+08:00; without an offset the workspace's zone counts",
    ),
    "C212": Message(
        "没有这个时区:{text}",
        "there is no time zone {text}",
        "写成 洲/城市 的名字,如 Asia/Shanghai,或者 UTC",
        "use a name such as Asia/Shanghai, or UTC",
    ),
    "C216": Message(
        "还没写要查什么",
        "nothing is asked",
        "写一个条件,如 qingting who '积分 >= 500';条件在文件里就用 --file",
        "give a condition, as qingting who 'points >= 500', or name a file with --file",
    ),
    "C217": Message("这个版本只有 deliver --once", "this version has deliver --once only", "加上 --once", "add --once"),
    "C221": Message(
        "{path} 不在工作区里",
        "{path} is not inside the workspace",
        "用 -C 指定它所在的工作区",
        "name its workspace with -C",
    ),
    "C227": Message("{name} 不能是 {text}", "{name} cannot be {text}", "可以写:{choices}", "It can be: {choices}"),
    "C228": Message("{name} 要写整数,不能是 {text}", "{name} is a whole number, not {text}", "例如 10", "For example 10"),
    "C229": Message(
        "{option} 后面少了一个值",
        "{option} needs a value behind it",
        "在后面写上它的值;qingting 命令 --help 里有例子",
        "write its value; qingting COMMAND --help has examples",
    ),
    "C231": Message("{option} 后面不能带值", "{option} takes no value", "只写 {option}", "write {option} alone"),
    "C230": Message(
        "多出来的内容:{text}", "there is more than the command takes: {text}",
        "有空格的条件要用引号整个括起来,如 qingting who '积分 >= 500'",
        "put quotes around a condition with spaces, as qingting who 'points >= 500'",
    ),
    "C226": Message(
        "没有这个代码:{written}",
        "there is no code {written}",
        "相近的有:{near};qingting explain-code 列出全部",
        "near to it are: {near}; qingting explain-code lists all",
    ),
    "C225": Message(
        "--json 和 --format {format} 不能一起用",
        "--json does not go with --format {format}",
        "留下一个",
        "keep one of them",
    ),
    "C233": Message(
        "“-”要单独写", "`-` stands alone", "标准输入和文件分两次处理", "format standard input and files in two calls"
    ),
    "C241": Message(
        "剧本 {playbook} 没有这个版本:{version}",
        "the playbook {playbook} has no version {version}",
        "途中的和现在写着的有:{known}",
        "in flight, or written now, are: {known}",
    ),
    "C242": Message(
        "以 {version} 开头的版本不止一个", "more than one version begins with {version}", "有:{known}", "there are: {known}"
    ),
    "C243": Message(
        "新版本里没有步骤 {step}", "the new version has no step {step}", "有这些:{known}", "there are: {known}"
    ),
    "C244": Message(
        "两边是同一个版本:{version}",
        "both sides are the version {version}",
        "没有 --from 的 qingting migrate 列出途中的版本",
        "qingting migrate without --from lists the versions in flight",
    ),
    "C245": Message(
        "--drop 和 --to-step 不能一起用", "--drop does not go with --to-step", "留下一个", "keep one of them"
    ),
    "C246": Message(
        "要移动,先用 --from 说明从哪个版本移",
        "say with --from which version to move from",
        "没有 --from 的 qingting migrate 列出途中的版本",
        "qingting migrate without --from lists the versions in flight",
    ),
    "C240": Message(
        "--watch 不能和 --at、--wait、--accept-restored 一起用",
        "--watch does not go with --at, --wait or --accept-restored",
        "先单独运行一次 qingting run,再用 --watch",
        "make one plain qingting run first, then watch",
    ),
    "C224": Message(
        "记录 {id} 不是客户 {member} 的",
        "record {id} is not about member {member}",
        "用 qingting log --member {member} 查这位客户的记录",
        "qingting log --member {member} lists the records of this member",
    ),
    "C222": Message(
        "--timezone 只能和日程一起用",
        "--timezone goes with a schedule",
        "写上日程,如 qingting next '每天 10:00' --timezone Asia/Tokyo",
        "give one, as qingting next 'every day at 10:00' --timezone Asia/Tokyo",
    ),
    "C223": Message(
        "--dispatch 不能和 --at、--playbook 一起用",
        "--dispatch does not go with --at or --playbook",
        "留下 --dispatch,另外两个去掉",
        "keep --dispatch and leave out the others",
    ),
}

_FAULTS: dict[str, Message] = {
    "C301": Message(
        "读写不了 {path}:{reason}",
        "{path} cannot be used: {reason}",
        "检查路径、权限和磁盘空间",
        "check the path, its permissions and the space on the disk",
    ),
    "C302": Message(
        "磁盘满了,或者超过了文件大小限制:{path}",
        "the disk is full, or a file reached its limit: {path}",
        "没有写入一半的数据;腾出空间后再运行一次",
        "nothing is half written; make room and run again",
    ),
    "C303": Message(
        "数据库只能读:{path}",
        "the store is read-only: {path}",
        "改成可以写入,或复制到能写入的文件夹",
        "make it writable, or copy it to a folder that is",
    ),
    "C304": Message(
        "这不是数据库,或者已经损坏:{path}",
        "this is no store, or it is damaged: {path}",
        "检查 store 写的路径;确实坏了就从备份恢复",
        "check the path of the store; if it is damaged, restore it from a backup",
    ),
    "C305": Message(
        "数据库正被别的程序占用:{path}",
        "another program is using the store: {path}",
        "过一会儿再试",
        "try again in a moment",
    ),
    "C306": Message(
        "打不开数据库:{path}",
        "the store cannot be opened: {path}",
        "检查路径和文件夹的权限",
        "check the path and the permissions of its folder",
    ),
    "C307": Message(
        "渠道 {channel} 出错({kind}),没发出的消息还在排队",
        "channel {channel} failed ({kind}); what was not sent still waits",
        "检查渠道的配置和网络,再运行一次 qingting deliver --once",
        "check its settings and the network, then run qingting deliver --once again",
    ),
    "C308": Message(
        "有消息要发到渠道 {channel},但 qingting.yaml 里没有它",
        "messages wait for channel {channel}, which qingting.yaml does not have",
        "在 channels 下加上它",
        "add it under channels",
    ),
    "C309": Message(
        "程序日志写不进 {path}:{reason}",
        "the program's log cannot be written to {path}: {reason}",
        "换一个能写的文件(它的文件夹要先建好),或者用 --log-to - 写到标准错误;什么也没有做",
        "name a file that can be written, in a folder that exists, or use --log-to - for stderr; nothing was done",
    ),
    "C310": Message(
        "{path} 里是别的内容,不是程序日志",
        "{path} holds something else than a log of this program",
        "--log-to 换一个新文件名;什么也没有改",
        "give --log-to the name of a new file; nothing was changed",
    ),
    "C701": Message(
        "程序出错了({kind}),数据没有写入一半",
        "this is a bug ({kind}); nothing is half written",
        "报告在 {path},不含客户资料,可以直接发给开发者",
        "the report is in {path}; it holds no personal data and can be sent as it is",
    ),
}

_NOTES: dict[str, Message] = {
    "N101": Message(
        "到 {at} 为止还没有任何资料到达;导入历史数据时加 --backfill,才能按过去的时刻查询",
        "nothing had arrived by {at}; import history with --backfill to ask about earlier instants",
    ),
    "N102": Message("新建了数据库 {path}", "made the store {path}"),
    "N103": Message("新建了密钥文件 {path}", "made the secret file {path}"),
    "N104": Message(
        "新建了给日志签名的密钥 {path}:请备份,不要给别人",
        "made the key {path}, which signs the log: keep a backup, and keep it to yourself",
    ),
    "N105": Message(
        "{at} 之前的运行已经处理过,这次什么也不做", "a run for {at} has been made already; this one does nothing"
    ),
    "N106": Message("没有到期的安排", "nothing was due"),
    "N107": Message(
        "程序日志写不下去了({reason}),后面的没有记;命令照常进行",
        "the program's log cannot be written any more ({reason}); the command goes on without it",
    ),
    "N108": Message("没有符合的记录", "no records"),
    "N109": Message("没有接下来的安排", "nothing is coming"),
    "N141": Message("已改写 {path}", "written: {path}"),
    "N142": Message("{changed} 个文件改写,{same} 个不变", "{changed} files written, {same} as they were"),
    "N110": Message("一切正常:{files} 个文件,{playbooks} 个剧本", "all is well: {files} files, {playbooks} playbooks"),
    "N111": Message("{errors} 个错误,{warnings} 个提醒", "{errors} errors, {warnings} warnings"),
    "N112": Message(
        "读了 {read} 行:新增 {added},变更 {changed},忽略 {ignored},退回 {rejected}",
        "{read} rows read: {added} added, {changed} changed, {ignored} ignored, {rejected} rejected",
    ),
    "N131": Message("改好了 {lines} 行", "{lines} lines were mended"),
    "N132": Message(
        "其中 {number} 处可以直接改好:qingting check --fix", "{number} of them can be mended: qingting check --fix"
    ),
    "N113": Message("第 {line} 行", "line {line}"),
    "N114": Message("还有 {number} 行没有列出", "and {number} more"),
    "N160": Message(
        "会移动 {moves} 人,留在旧版本 {stays} 人,离开 {leaves} 人;加 --yes 才真的移动",
        "{moves} would move, {stays} would stay on the old version, {leaves} would leave; --yes does it",
    ),
    "N161": Message(
        "移动了 {moves} 人,留在旧版本 {stays} 人,离开 {leaves} 人",
        "{moves} moved, {stays} stay on the old version, {leaves} left",
    ),
    "N115": Message(
        "已发 {sent},失败 {failed},不确定 {unknown},撤回 {withdrawn},还在排队 {waiting}",
        "{sent} sent, {failed} failed, {unknown} unknown, {withdrawn} withdrawn, {waiting} still waiting",
    ),
    "N117": Message("剧本 {playbook} 没有运行:{reason}", "the playbook {playbook} was left out: {reason}"),
    "N118": Message("同一个编号、内容不同的行:{number}", "rows with other content under the same id: {number}"),
    "N119": Message("没有声明,已忽略:{name}({number} 次)", "not declared, left out: {name} ({number} times)"),
    "N120": Message("新建了 {number} 个只有客户号的客户", "{number} bare members were made"),
    "N122": Message(
        "有声明读不出来,那里面的剧本没有运行", "some declarations could not be read; playbooks among them were left out"
    ),
    "N123": Message("文件里没有、已经结束的:{number}", "not in the file, and ended: {number}"),
    "N121": Message("有读不了的行,什么也没有导入", "rows were rejected, so nothing went in"),
}

_INIT: dict[str, Message] = {
    "N201": Message("工作区建好了:{path}", "the workspace is ready: {path}"),
    "N202": Message("接下来可以试试:", "try next:"),
    "N203": Message("示例店铺在 {path}", "the sample shop is in {path}"),
    "N206": Message(
        "请备份 .qingting 文件夹,不要给别人:里面有券码的密钥和给日志签名的密钥",
        "keep a backup of the folder .qingting, and keep it to yourself: it holds the secret of coupon codes and the key of the log",
    ),
    "N205": Message("两天合计", "the two days in all"),
    "N204": Message("想接着试:cd {path},再运行上面任何一条命令", "to go on: cd {path} and repeat any command above"),
}

MESSAGES: dict[str, Message] = {**_COMMAND_LINE, **_FAULTS, **_NOTES, **_INIT, **LABELS}
