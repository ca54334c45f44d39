"""The one bilingual table of keywords, and the built-in names in both spellings.

``KEYWORDS`` maps the name of a terminal of ``playbook.lark`` to its English and its Chinese spellings; the first of
each is the one that the formatter writes. An empty tuple says that the language builds that meaning another way.
One spelling may belong to several terminals as long as no place of the grammar accepts two of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

Spellings = tuple[str, ...]

KEYWORDS: Mapping[str, tuple[Spellings, Spellings]] = MappingProxyType({
    # Declarations
    "ATTRIBUTE": (("attribute",), ("属性",)),
    "EVENT": (("event",), ("事件",)),
    "WITH_FIELDS": (("with",), ("含",)),
    "TAG_GROUP": (("tag group",), ("标签组",)),
    "EXCLUSIVE": (("exclusive",), ("互斥",)),
    "TAG": (("tag",), ("标签",)),
    "INTO_GROUP": (("in group",), ("归入",)),
    "EXPIRES_AFTER": (("expires after",), ("有效期",)),
    "SEGMENT": (("segment",), ("分群",)),
    "METRIC": (("metric",), ("指标",)),
    "TEMPLATE": (("template",), ("话术",)),
    "ON_CHANNEL": (("on",), ("用于",)),
    "COUPON": (("coupon",), ("券",)),
    "POLICY": (("policy",), ("全局规则",)),
    "PLAYBOOK": (("playbook",), ("剧本",)),
    # Types
    "TYPE_TEXT": (("text",), ("文本",)),
    "CHOICES": (("in",), ("可选",)),
    "TYPE_NUMBER": (("number",), ("数字",)),
    "TYPE_MONEY": (("money",), ("金额",)),
    "TYPE_DATE": (("date",), ("日期",)),
    "TYPE_LUNAR": (("lunar date",), ("农历日期",)),
    "TYPE_INSTANT": (("instant",), ("时间",)),
    "TYPE_YES_NO": (("yes/no",), ("是否",)),
    # Template parts
    "BODY": (("text",), ("正文",)),
    "LINK": (("link",), ("链接",)),
    "IMAGE": (("image",), ("图片",)),
    "MINIPROGRAM": (("miniprogram",), ("小程序",)),
    "VIDEO": (("video",), ("视频",)),
    "FILE": (("file",), ("文件",)),
    "GROUP_CODE": (("group code",), ("群活码",)),
    "COMMENT": (("comment",), ("首评",)),
    "TITLE": (("title",), ("标题",)),
    "PAGE": (("page",), ("页面",)),
    # Coupons
    "WORTH": (("worth",), ()),
    "OFF": (("off",), ()),
    "GIFT": (("gift",), ()),
    "SPEND": ((), ("满",)),
    "MINUS": ((), ("减",)),
    "DISCOUNT": ((), ("打",)),
    "FOLD": ((), ("折",)),
    "REDEEM": ((), ("兑",)),
    "STOCK": (("stock",), ("库存",)),
    "VALID": (("valid",), ("有效期",)),
    "VALID_TODAY": (("valid today",), ("有效当天",)),
    "VALID_UNTIL": (("valid until",), ("有效至",)),
    "USABLE": (("usable",), ("限时段",)),
    "LIMIT": ((), ("限",)),
    "PIECES": ((), ("张",)),
    # Policy and limits
    "TIMEZONE": (("timezone",), ("时区",)),
    "BY_MEMBER": (("member",), ("按客户",)),
    "DEFAULT_ZONE": (("else",), ("缺省",)),
    "NEVER_PUSH": (("never push members who",), ("永不推送",)),
    "NEVER_MARKET": (("never market to members who",), ("不推营销",)),
    "QUIET_HOURS": (("quiet hours",), ("免打扰",)),
    "DEFER": (("defer",), ("顺延",)),
    "SKIP": (("skip",), ("放弃",)),
    "PUSHES": (("pushes", "push"), ()),
    "MESSAGES": ((), ("条",)),
    "PER": (("per",), ()),
    "PER_MEMBER": (("per member",), ()),
    "PER_GROUP": (("per group",), ()),
    "PER_DAY": (("per day",), ()),
    "PER_WEEK": (("per week",), ()),
    "PER_MONTH": (("per month",), ()),
    "PER_YEAR": (("per year",), ()),
    "EACH_MEMBER": ((), ("每人",)),
    "EACH_GROUP": ((), ("每群",)),
    "EACH_DAY": ((), ("每天",)),
    "EACH_WEEK": ((), ("每周",)),
    "EACH_MONTH": ((), ("每月",)),
    "EACH_YEAR": ((), ("每年",)),
    "HOLDOUT": (("holdout",), ("对照组",)),
    "GUARD": (("guard",), ("熔断",)),
    "MEMBERS": (("members", "member"), ("人",)),
    # Headers
    "ABOUT": (("about",), ("说明",)),
    "OWNER": (("owner",), ("负责人",)),
    "CATEGORY": (("category",), ("类别",)),
    "MARKETING": (("marketing",), ("营销",)),
    "SERVICE": (("service",), ("服务",)),
    "PRIORITY": (("priority",), ("优先级",)),
    "ACTIVE": (("active",), ("上线",)),
    "FROM": (("from",), ("从",)),
    "TO": (("to",), ("到",)),
    "DRAFT": (("draft",), ("草稿",)),
    "PAUSED": (("paused",), ("暂停",)),
    "ONCE": (("once",), ()),
    "ONLY_ONCE": ((), ("仅一次",)),
    "AGAIN_AFTER": (("again after",), ("再进间隔",)),
    "IN_ALL": (("in all",), ()),
    "WHOLE_PLAYBOOK": ((), ("全剧本",)),
    "FOR": (("for",), ("面向",)),
    # Triggers
    "EVERY_DAY": (("every day",), ("每天",)),
    "EVERY": (("every",), ("每", "每个")),
    "EVERY_MONTH": (("every month",), ("每月", "每个月")),
    "EVERY_INTERVAL": ((), ("每隔",)),
    "MONDAY": (("monday",), ("周一", "星期一")),
    "TUESDAY": (("tuesday",), ("周二", "星期二")),
    "WEDNESDAY": (("wednesday",), ("周三", "星期三")),
    "THURSDAY": (("thursday",), ("周四", "星期四")),
    "FRIDAY": (("friday",), ("周五", "星期五")),
    "SATURDAY": (("saturday",), ("周六", "星期六")),
    "SUNDAY": (("sunday",), ("周日", "周天", "星期日", "星期天")),
    "WEEKDAY": (("weekday",), ()),
    "WEEKEND": (("weekend",), ("周末",)),
    "AT": (("at",), ()),
    "ON_DAYS": (("on",), ()),
    "MONTH_DAY": ((), ("号", "日")),
    "LAST_DAY": (("last day",), ("最后一天",)),
    "CRON": (("cron",), ("cron",)),
    "ONCE_AT": (("on",), ("定时",)),
    "WHEN": (("when",), ("当",)),
    "GETS_TAG": (("tagged",), ("打上标签",)),
    # Steps
    "PUSH": (("push",), ("推送",)),
    "WITH_COUPON": (("with coupon",), ("附券",)),
    "GIVE_TAG": (("tag",), ("打标签",)),
    "TAKE_TAG": (("untag",), ("去标签",)),
    "ISSUE_COUPON": (("coupon",), ("发券",)),
    "STOP": (("stop",), ("结束",)),
    "STEP": (("step",), ("步骤",)),
    "WAIT": (("wait",), ("等待",)),
    "IF": (("if",), ("如果",)),
    "ELSE_IF": (("else if",), ("否则如果",)),
    "ELSE": (("else",), ("否则",)),
    "SPLIT": (("split",), ("分流",)),
    # Conditions
    "AND": (("and",), ("且", "并且")),
    "OR": (("or",), ("或", "或者")),
    "NOT": (("not",), ("不满足",)),
    "ALL_OF": (("all of",), ("全部满足",)),
    "ANY_OF": (("any of",), ("任一满足",)),
    "NONE_OF": (("none of",), ("均不满足",)),
    "TAGGED": (("tagged",), ("有标签",)),
    "NOT_TAGGED": ((), ("无标签",)),
    "GAINED": ((), ("打上",)),
    "TAGGED_ANY": (("tagged any of",), ("有任一标签",)),
    "TAGGED_ALL": (("tagged all of",), ("有全部标签",)),
    "TAGGED_GROUP": (("tagged in group",), ("有标签组",)),
    "DID": (("did",), ("做过",)),
    "DID_NOT": (("did not",), ("未做过",)),
    "ANY_SUBJECT": (("any of",), ("任一",)),
    "WHERE": (("where",), ("其中",)),
    "AT_LEAST": (("at least",), ("至少",)),
    "AT_MOST": (("at most",), ("最多",)),
    "EXACTLY": (("exactly",), ("正好", "恰好")),
    "TIMES": (("times", "time"), ("次",)),
    "SUM_OF": (("sum of",), ("累计",)),
    "NUMBER_OF": (("number of",), ()),
    "COUNT_OF": ((), ("次数",)),
    "FIRST": (("first",), ("首次",)),
    "LAST": (("last",), ("最近一次",)),
    "HAS": (("has",), ("带有",)),
    "IN_SEGMENT": (("in segment",), ("属于分群",)),
    "RECEIVED": (("received",), ("收到过",)),
    "RECEIVED_TEMPLATE": (("received template",), ("收到过话术",)),
    "IN_SAMPLE": (("in sample",), ("抽样",)),
    "OF_NAME": (("of",), ("按",)),
    "ANNIVERSARY_OF": (("anniversary of",), ()),
    "ANNIVERSARY": ((), ("周年",)),
    # Comparison
    "IS": (("is", "=", "=="), ("是", "等于")),
    "IS_NOT": (("is not", "!=", "≠", "<>"), ("不是", "不等于")),
    "LT": (("<", "is less than"), ("小于",)),
    "LE": (("<=", "≤", "is at most"), ("小于等于", "不超过")),
    "GT": ((">", "is more than"), ("大于",)),
    "GE": ((">=", "≥", "is at least"), ("大于等于", "不少于")),
    "IN": (("in",), ("属于",)),
    "NOT_IN": (("not in",), ("不属于",)),
    "BETWEEN": (("between",), ("介于",)),
    "CONTAINS": (("contains",), ("包含",)),
    "STARTS_WITH": (("starts with",), ("开头是",)),
    "ENDS_WITH": (("ends with",), ("结尾是",)),
    "KNOWN": (("is known",), ("有值",)),
    "UNKNOWN": (("is unknown",), ("没值",)),
    "YES": (("yes",), ()),
    "NO": (("no",), ()),
    "IS_YES": ((), ("为是",)),
    "IS_NO": ((), ("为否",)),
    # Windows
    "WITHIN": (("within", "within the last", "in the last"), ("最近", "近")),
    "WITHIN_NEXT": (("within the next", "in the next"), ("未来",)),
    "INSIDE": ((), ("内",)),
    "MORE_THAN": (("more than",), ()),
    "SINCE_NOW_MORE": ((), ("距今超过",)),
    "SINCE_NOW": ((), ("距今",)),
    "AGO": (("ago",), ("前",)),
    "THAT_DAY_AGO": ((), ("前当天",)),
    "THAT_DAY_AHEAD": ((), ("后当天",)),
    "AHEAD": ((), ("后",)),
    "TODAY": (("today",), ("今天",)),
    "YESTERDAY": (("yesterday",), ("昨天",)),
    "THIS_WEEK": (("this week",), ("本周", "这周")),
    "THIS_MONTH": (("this month",), ("本月", "这个月")),
    "LAST_WEEK": (("last week",), ("上周", "上星期")),
    "LAST_MONTH": (("last month",), ("上月", "上个月")),
    "ON": (("on",), ()),
    "BEFORE": (("before",), ()),
    "SINCE": (("since",), ()),
    "THAT_DAY": ((), ("当天",)),
    "BEFORE_DAY": ((), ("之前",)),
    "FROM_DAY": ((), ("起",)),
    # Units
    "MINUTES": (("minutes", "minute"), ("分钟",)),
    "HOURS": (("hours", "hour"), ("小时",)),
    "DAYS": (("days", "day"), ("天",)),
    "WEEKS": (("weeks", "week"), ("周",)),
    "MONTHS": (("months", "month"), ("个月",)),
    "YUAN": (("yuan",), ("元",)),
})

PUNCTUATION: Mapping[str, str] = MappingProxyType({",": "COMMA", "(": "LPAR", ")": "RPAR", ".": "DOT"})
"""Signs that are terminals of their own; ``=`` is a spelling of ``IS``."""

VALUE_TERMINALS = ("NAME", "NEW_NAME", "STRING", "NUMBER", "MONEY", "SHARE", "DATE", "MONTHDAY", "CLOCK", "ZONE")
"""Terminals that stand for what an operator makes up."""

BUILT_IN_ATTRIBUTES: Mapping[str, str] = MappingProxyType({
    "客户号": "id", "姓名": "name", "加好友时间": "joined", "积分": "points", "等级": "tier", "跟进人": "staff",
    "邀请人": "inviter", "来源": "source", "时区": "timezone",
})
BUILT_IN_FIELDS: Mapping[str, str] = MappingProxyType({
    "对象": "subject", "金额": "amount", "时间": "time", "数量": "qty",
})
BUILT_IN_CHANNELS: Mapping[str, str] = MappingProxyType({
    "企微": "wecom", "朋友圈": "moments", "群": "group", "短信": "sms", "邮件": "email",
})

RESERVED_FOR_LATER = frozenset({
    "first", "last", "not", "in", "on", "since", "before", "today", "yesterday", "within", "between", "exactly",
    "received", "invited", "task", "step", "activity", "holds", "used", "finished", "average", "largest", "smallest",
    "sum", "did", "tagged", "during", "anniversary", "平均", "最大", "最小", "任务", "步骤", "活动", "邀请过",
    "去重数", "累计", "连续",
})
"""Words that begin a test, also those whose tests another version brings; a name equal to one must be quoted."""


def spellings_of(terminal: str) -> tuple[str, ...]:
    """All spellings of a terminal, English first."""
    english, chinese = KEYWORDS.get(terminal, ((), ()))
    return english + chinese


def canonical(terminal: str) -> tuple[str, str]:
    """The (Chinese, English) spelling the formatter writes; where a language has none, the other's.

    >>> canonical("DID")
    ('做过', 'did')
    """
    english, chinese = KEYWORDS[terminal]
    return (chinese or english)[0], (english or chinese)[0]


def _by_spelling() -> Mapping[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for terminal in KEYWORDS:
        for spelling in spellings_of(terminal):
            terminals = table.setdefault(spelling, [])
            if terminal not in terminals:
                terminals.append(terminal)
    return MappingProxyType({spelling: tuple(terminals) for spelling, terminals in table.items()})


TERMINALS_BY_SPELLING: Mapping[str, tuple[str, ...]] = _by_spelling()
