"""What is said of qingting.yaml, the configuration of a workspace."""

from __future__ import annotations

from .message import Message

MESSAGES: dict[str, Message] = {
    "C101": Message(
        "qingting.yaml 太大:超过 {most} 个字符",
        "qingting.yaml is too large: more than {most} characters",
        "里面只写配置;看看是不是贴错了别的内容",
        "only settings belong there; something else may have been pasted",
    ),
    "C102": Message(
        "这里读不出来,不合 YAML 的写法",
        "YAML cannot read this place",
        "每行写“键: 值”,冒号后面空一格;缩进只用空格",
        "write `key: value` with a space after the colon; indent with spaces only",
        {"colon": (
            "一句话里有冒号加空格时,整句用单引号括起来,或者写在 >- 下面一行",
            "put single quotes around a line that holds a colon and a space, or write it below >-",
        )},
    ),
    "C103": Message(
        "括号或缩进的层数太多",
        "nested too deep",
        "配置最多三四层;看看括号有没有配对",
        "settings have three or four levels; look for a bracket without its pair",
    ),
    "C104": Message(
        "{key} 下面要一行一行写“键: 值”",
        "{key} must be a list of `key: value` lines",
        "如 wecom: {{type: console}}",
        "for example wecom: {{type: console}}",
    ),
    "C105": Message(
        "缺少 timezone", "timezone is missing", "加一行:timezone: Asia/Shanghai", "add a line: timezone: Asia/Shanghai"
    ),
    "C106": Message(
        "没有这个时区:{text}",
        "there is no time zone {text}",
        "写成 洲/城市 的名字,如 Asia/Shanghai,或者 UTC",
        "use a name such as Asia/Shanghai, or UTC",
    ),
    "C107": Message(
        "store 是空的", "store is empty", "例如:store: sqlite:qingting.db", "for example: store: sqlite:qingting.db"
    ),
    "C108": Message(
        "货币要用三个大写字母:{text}",
        "a currency is three capital letters, not {text}",
        "例如 CNY、JPY、EUR",
        "for example CNY, JPY, EUR",
    ),
    "C109": Message("不认识的键:{key}", "unknown key {key}", "可以用的键:{known}", "the keys are: {known}"),
    "C110": Message("{key} 写了两次", "{key} is given twice", "留下一个", "keep one of them"),
    "C111": Message(
        "{key} 应该是一段文字",
        "{key} must be a text",
        "去掉方括号和花括号,直接写值",
        "write the value without brackets",
    ),
    "C112": Message("{key} 不能是 {text}", "{key} cannot be {text}", "可选:{choices}", "one of: {choices}"),
    "C113": Message("没有这个日期:{text}", "there is no date {text}", "写成 2026-11-12", "write it as 2026-11-12"),
    "C114": Message(
        "渠道 {key} 没有 type",
        "channel {key} has no type",
        "例如 {key}: {{type: console}}",
        "for example {key}: {{type: console}}",
    ),
    "C115": Message(
        "{key} 是密钥,不能写在文件里",
        "{key} is a secret and cannot stand in this file",
        "放到环境变量里,这里写 ${{NAME}}",
        "put it into the environment and write ${{NAME}} here",
    ),
    "C116": Message(
        "没有叫 {text} 的节假日历",
        "there is no holiday calendar {text}",
        "可用:{known};自己的休息日和上班日写在 days 里",
        "there is {known}; put your own days off and worked under days",
    ),
    "C119": Message(
        "日志不能叫「{text}」",
        "a log cannot be called {text}",
        "写成网址的样子,不带 https:// 和空格,例如 example.com/log",
        "write it like a URL without https:// and spaces, such as example.com/log",
    ),
    "C120": Message(
        "{path} 不是工作区:里面没有 qingting.yaml",
        "{path} is no workspace: it has no qingting.yaml",
        "新建一个:qingting init {path};或者用 -C 指定目录",
        "make one with: qingting init {path}; or name another folder with -C",
    ),
    "C121": Message(
        "qingting.yaml 有问题,先改好它",
        "qingting.yaml is not right; mend it first",
        "问题列在上面;改好后再运行一次",
        "what is wrong stands above; mend it and come again",
    ),
    "C122": Message(
        "这个版本不能用数据库 {url}",
        "this version cannot use the store {url}",
        "用 sqlite:路径",
        "use sqlite:PATH",
    ),
    "C123": Message(
        "读不了文件 {path}:{reason}",
        "the file {path} cannot be read: {reason}",
        "检查文件名和路径有没有写错,文件能不能打开",
        "check its name and path, and whether it can be opened",
    ),
    "C131": Message(
        "没有 {path}:当前文件夹和工作区里都没有",
        "there is no {path}, neither from here nor in the workspace",
        "检查文件名和路径有没有写错;工作区是 -C 指定的文件夹,不写就是当前文件夹",
        "check its name and path; the workspace is the folder given with -C, else the present one",
    ),
    "C124": Message(
        "库里的声明有问题,先改好再来",
        "the declarations are not right; mend them first",
        "qingting check 会列出全部问题",
        "qingting check shows all that is wrong",
    ),
    "C125": Message(
        "读不了密钥文件 {path}",
        "the secret file {path} cannot be read",
        "检查它的权限;它应该是一个普通文件,不是文件夹",
        "check its permissions; it is a plain file, not a folder",
    ),
    "C126": Message(
        "{path} 里已经有工作区了",
        "{path} holds a workspace already",
        "直接在里面用;要新建就换一个文件夹",
        "use it as it is, or choose another folder",
    ),
    "C127": Message("没有这个剧本:{name}", "there is no playbook {name}", "有这些:{known}", "there are: {known}"),
    "C129": Message(
        "环境变量 {name} 没有设置,渠道 {channel} 要用它",
        "the environment variable {name} is not set; channel {channel} needs it",
        "先设置它再运行,如 export {name}=…",
        "set it first, as export {name}=…",
    ),
    "C130": Message(
        "文件 {path} 刚刚被别的程序改过,没有动它",
        "another program has just changed the file {path}, so it was left alone",
        "再运行一次刚才的命令",
        "run the same command again",
    ),
    "C128": Message(
        "没有这个客户:{member}",
        "there is no member {member}",
        "写导入时用的客户号;qingting who 可以列出来",
        "write the id of the import; qingting who lists them",
    ),
}
