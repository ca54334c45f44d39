"""The one bilingual table of keywords, and the built-in names in both spellings.

``KEYWORDS`` maps the name of a terminal of ``playbook.lark`` to its English and its Chinese spellings; the first of
each is the one that the formatter writes. An empty tuple says that the language builds that meaning another way.
One spelling may belong to several terminals as long as no place of the grammar accepts two of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from .condition_keywords import CONDITION_KEYWORDS, Spellings

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
    "ACTIVITY": (("activity",), ("活动",)),
    "PHASE": (("phase",), ("阶段",)),
    "SESSION": (("session",), ("场次",)),
    "REDPACKET": (("redpacket",), ("红包",)),
    "RANDOM": (("random",), ("随机",)),
    "PRODUCT": (("product",), ("产品",)),
    "OF_CATEGORY": (("in", "in category"), ("类目",)),
    "LASTS": (("lasts",), ("消耗周期",)),
    "SOURCE": (("source",), ("渠道",)),
    "COST": (("cost",), ("成本",)),
    "POINTS_RULES": (("points",), ("积分规则",)),
    "EARNS": (("earns", "earn"), ("得",)),
    "PER_AMOUNT": (("per",), ("每",)),
    "TIERS": (("tiers",), ("等级规则",)),
    "BY": (("by",), ("按",)),
    "ABOVE": (("above",), ("超过",)),
    "FROM_MARK": (("from",), ("满",)),
    "OTHERS": (("otherwise",), ("其余",)),
    "WHENEVER": (("whenever",), ("凡是",)),
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
    "ITEMS": ((), ("个",)),
    "PER_ACTIVITY": (("per activity",), ()),
    "EACH_ACTIVITY": ((), ("每活动",)),
    "BUDGET": (("budget",), ("预算",)),
    "COUPONS": (("coupons", "coupon"), ()),
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
    "NOT_DURING": (("not during",), ()),
    "NOT_THROUGHOUT": ((), ("期间不运行",)),
    "GOAL": (("goal",), ("转化目标",)),
    "UP_TO": (("up to",), ("最长",)),
    "EXIT_WHEN": (("exit when",), ("退出条件",)),
    "TAKE_TOP": (("take top",), ("只取前",)),
    "TAKE": (("take",), ()),
    "AT_RANDOM": (("at random",), ()),
    "TAKE_RANDOM": ((), ("只取随机",)),
    "ONLY_ONE_OF": (("only one of",), ("同组互斥",)),
    "CATCH_UP": (("catch up",), ("补发",)),
    "LATEST": (("latest",), ("只补最近",)),
    "EVERY_ONE": (("all",), ("全补",)),
    "NOT_ONE": (("none",), ("不补",)),
    "FOR": (("for",), ("面向",)),
    "FOR_GROUPS": (("for groups",), ("面向群",)),
    "GROUP_TAGGED": (("tagged",), ("有群标签",)),
    "GROUP_SIZE": (("with at least", "at least"), ("至少",)),
    "GROUP_CREATED": (("created",), ("新建",)),
    # Triggers
    "EVERY_DAY": (("every day",), ("每天",)),
    "EVERY": (("every",), ("每", "每个")),
    "EVERY_MONTH": (("every month",), ("每月", "每个月")),
    "EVERY_INTERVAL": ((), ("每隔",)),
    "EVERY_YEAR": (("every year",), ("每年",)),
    "LUNAR": (("lunar",), ("农历",)),
    "NTH": ((), ("第",)),
    "ORDINAL": (("st", "nd", "rd", "th"), ()),
    "NTH_FIRST": (("first",), ("第一个",)),
    "NTH_SECOND": (("second",), ("第二个",)),
    "NTH_THIRD": (("third",), ("第三个",)),
    "NTH_FOURTH": (("fourth",), ("第四个",)),
    "NTH_FIFTH": (("fifth",), ("第五个",)),
    "NTH_LAST": (("last",), ("最后一个",)),
    "EXCEPT_HOLIDAYS": (("except holidays",), ("节假日除外",)),
    "OVER": (("over",), ("分批",)),
    "AFTER": (("after",), ()),
    "DATE_BEFORE": ((), ("前",)),
    "DATE_AFTER": ((), ("后",)),
    "STARTS": (("starts",), ("开始时",)),
    "ENDS": (("ends",), ("结束时",)),
    "START_BEFORE": ((), ("开始前",)),
    "START_AFTER": ((), ("开始后",)),
    "END_BEFORE": ((), ("结束前",)),
    "END_AFTER": ((), ("结束后",)),
    "EACH_SESSION": (("each session of",), ("每场",)),
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
    "LOSES_TAG": (("untagged",), ("去掉标签",)),
    "JOINED": (("joined",), ("加好友",)),
    "LEFT": (("left",), ("删好友",)),
    "FOR_THE_FIRST_TIME": (("for the first time",), ()),
    "FOR_THE": (("for the",), ()),
    "REACHES": (("reaches", "reach"), ("达到",)),
    "FALLS_BELOW": (("falls below", "fall below"), ("低于",)),
    "RISES_TO": (("rises to",), ("升到",)),
    "DROPS_TO": (("drops to",), ("降到",)),
    "BECOMES": (("becomes",), ("变为",)),
    "ENTERS_SEGMENT": (("enters segment",), ("进入分群",)),
    "LEAVES_SEGMENT": (("leaves segment",), ("离开分群",)),
    "CHANGES": (("changes",), ("变更",)),
    "EXPIRES_IN": (("expires in",), ()),
    "AFTER_EXPIRES": ((), ("后过期",)),
    "USES_COUPON": (("used coupon",), ("用券",)),
    "HANDED_OVER": (("handed over",), ("换跟进人",)),
    "INVITES": (("invited",), ("邀请成功",)),
    "INVITED_COUNT": ((), ("邀请",)),
    "ENTERED": (("entered",), ("转入",)),
    "JOINS_GROUP": (("joins group",), ("进群",)),
    "LEAVES_GROUP": (("leaves group",), ("退群",)),
    "GROUP_MADE": (("group created",), ("建群",)),
    # Steps
    "PUSH": (("push",), ("推送",)),
    "WITH_COUPON": (("with coupon",), ("附券",)),
    "WITH_REDPACKET": (("with redpacket",), ("附红包",)),
    "ROTATING": (("rotating",), ("轮换",)),
    "NO_REPEAT": (("no repeat within",), ()),
    "NOT_AGAIN": ((), ("内不重样",)),
    "CONFIRMED_WITHIN": (("confirmed within",), ()),
    "SENT_INSIDE": ((), ("内发出",)),
    "OR_ALERT": (("alert",), ("逾期提醒",)),
    "OR_SKIP": (("skip",), ("逾期作废",)),
    "DESPITE_CAPS": (("despite caps",), ("不受频次限制",)),
    "DESPITE_QUIET": (("despite quiet hours",), ("不受免打扰",)),
    "WELCOME": (("welcome",), ("欢迎语",)),
    "GIVE_TAG": (("tag",), ("打标签",)),
    "TAKE_TAG": (("untag",), ("去标签",)),
    "ISSUE_COUPON": (("coupon",), ("发券",)),
    "ISSUE_REDPACKET": (("redpacket",), ("发红包",)),
    "POINTS": (("points",), ()),
    "ADD_POINTS": ((), ("加积分",)),
    "TAKE_POINTS": ((), ("扣积分",)),
    "SET": (("set",), ("设置",)),
    "SET_TO": (("to",), ("为",)),
    "SET_YES": ((), ("是",)),
    "SET_NO": ((), ("否",)),
    "GIVE_TASK": (("task",), ("派任务",)),
    "DUE_WITHIN": (("due within",), ()),
    "DONE_INSIDE": ((), ("内完成",)),
    "FOR_STAFF": (("for",), ("交给",)),
    "MANAGER": (("manager",), ("店长",)),
    "ALERT_STAFF": (("alert staff",), ("提醒员工", "提醒 员工")),
    "ALERT_MANAGER": (("alert manager",), ("提醒 店长", "提醒店长")),
    "ENTER_PLAYBOOK": (("enter playbook",), ("转入剧本",)),
    "STOP": (("stop",), ("结束",)),
    "STEP": (("step",), ("步骤",)),
    "WAIT": (("wait",), ("等待",)),
    "WAIT_UNTIL": (("wait until",), ("等到",)),
    "DAY_OF": (("day",), ()),
    "WAIT_FOR": (("wait for",), ("等客户",)),
    "THEN": (("then",), ("满足时",)),
    "OTHERWISE": (("otherwise",), ("超时",)),
    "REPEAT": (("repeat",), ("重复",)),
    "IF": (("if",), ("如果",)),
    "ELSE_IF": (("else if",), ("否则如果",)),
    "ELSE": (("else",), ("否则",)),
    "SPLIT": (("split",), ("分流",)),
    **CONDITION_KEYWORDS,
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

VALUE_TERMINALS = ("NAME", "NEW_NAME", "STRING", "NUMBER", "MONEY", "SHARE", "DATE", "MONTHDAY", "DAY_MARK", "CLOCK", "ZONE")
"""Terminals that stand for what an operator makes up."""

BUILT_IN_ATTRIBUTES: Mapping[str, str] = MappingProxyType({
    "客户号": "id", "姓名": "name", "加好友时间": "joined", "积分": "points", "等级": "tier", "跟进人": "staff",
    "邀请人": "inviter", "来源": "source", "时区": "timezone",
})
BUILT_IN_FIELDS: Mapping[str, str] = MappingProxyType({
    "对象": "subject", "金额": "amount", "时间": "time", "发生时间": "time", "数量": "qty",
})
BUILT_IN_CHANNELS: Mapping[str, str] = MappingProxyType({
    "企微": "wecom", "朋友圈": "moments", "群": "group", "短信": "sms", "邮件": "email",
})

WORDS_THAT_BEGIN_TESTS = frozenset({
    "anniversary", "due", "during", "ever", "exactly", "finished", "holds", "in", "never", "since", "sum", "used",
    "within",
})
"""First words of phrases that begin a test, by which a reader takes a line for that test. A name equal to one must be
quoted, like one equal to a keyword that begins a test by itself (``first``, ``task``, 任务 …); those the grammar knows.
"""


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
