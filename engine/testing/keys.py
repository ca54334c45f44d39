"""The keys of a test file in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

Spellings = Mapping[str, str]


def _both(**chinese: str) -> Spellings:
    """Each English key and its Chinese twin, by spelling."""
    return MappingProxyType({**{name: name for name in chinese}, **{twin: name for name, twin in chinese.items()}})


FILE = _both(playbooks="剧本", now="现在", members="客户", groups="群", staff="员工", cases="用例")
CASE = _both(
    name="名称", at="时间", given="发生", expect="期望", answers="渠道回答", offline="停机", refused="熔断", others="其他人",
)
MEMBER = _both(
    tags="标签", untagged="去标签", events="事件", coupons="券", friends="好友", groups="群", attributes="属性", tasks="任务",
    new="新",
)
GROUP = _both(members="客户", tags="标签", name="群名", owner="群主", created="建群时间", new="新")
STAFF = _both(name="姓名", manager="店长")
ATTRIBUTE = _both(value="值", at="时间")
DONE = frozenset({"done", "完成", "已完成"})
SUPPRESSED = _both(suppressed="没给", step="步骤")
YES, NO = frozenset({"yes", "true", "是"}), frozenset({"no", "false", "否"})
