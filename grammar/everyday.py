"""Everyday speech for what the language has a word for: what was said, and the exact words to write.

A saying is looked for only where a line stumbles or reads a name that nobody declared, and only where the words it is
mended to can stand. Where people may mean two things, the saying is told of but not mended by ``check --fix``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from . import everyday_words as words
from .diagnostics import Span
from .names import DeclaredNames
from .record import record

_Write = Callable[[re.Match[str], DeclaredNames], str | None]


@record
class Rewording:
    """Where everyday words stand and what to write; ``sure`` says that nothing else can be meant."""

    span: Span
    write: str
    sure: bool


@record
class _Saying:
    """``takes`` is a terminal that can stand where the saying begins; ``whole_line`` looks for it at a line's start."""

    takes: str
    pattern: re.Pattern[str]
    write: _Write
    sure: bool = True
    spaced: bool = False


def _words(takes: str, table: Mapping[str, str], *, sure: bool = True) -> _Saying:
    """Words with one meaning each, the longest first."""
    choices = "|".join(re.escape(word) for word in sorted(table, key=len, reverse=True))
    return _Saying(takes, re.compile(choices), lambda match, _: table[match.group()], sure, spaced=True)


def _fixed(text: str) -> _Write:
    return lambda match, _: match.expand(text)


_LONGEST = 80
"""Characters that a saying may have: nobody says more in one breath, and patterns stay fast on texts without end."""

_NAME = r"[\u4e00-\u9fffA-Za-z_][\u4e00-\u9fffA-Za-z0-9_]*?"
_LENGTH = r"[0-9]+ ?(?:天|个月|周|小时|分钟)"
_VERB = r"(?P<verb>[\u4e00-\u9fff]{1,5}?)"
_RUN_END = r"(?![\u4e00-\u9fffA-Za-z0-9_])"
_NOT = "没有|没|未曾|未|不曾|无"
_SIDES = "|".join(sorted(words.COUNTS, key=len, reverse=True))

_IDLE = re.compile(
    rf"(?P<over>(?:已经|已)?(?:超过|超))?(?P<length>{_LENGTH})(?:以上)?(?:内|都)? *(?:{_NOT}) ?{_VERB}{_RUN_END}"
)
_DAY = "(?P<day>今天|明天|后天|昨天|本月|这个月|本周)"
_WEEK = "每(?:个|逢|到)?(?:周|星期|礼拜)"
_MORE_DAYS = "(?: ?[、,，和及与]? ?(?:周|星期|礼拜)?[一二三四五六日天1-7])"
_BEFORE_CLOCK = r"(?=\s|$|[0-9]{2}|:)"
_WHO = "(?:有)?(?:新|老)?(?:客户|用户|会员|顾客|客人|人)?"
_HIGH = rf"(?P<high>[0-9.]+)(?: ?之间)?{_RUN_END}"

_TESTS = (
    _Saying("DID", _IDLE, words.idle, sure=False),
    _Saying("DID", re.compile(r"(?P<not>没有|从没|没|未)?(?P<verb>购买|买)过(?P<what>[\u4e00-\u9fffA-Za-z0-9_]+)"), words.bought),
    _words("TAGGED", {
        "客户标签包含": "有标签", "标签包含": "有标签", "标签含有": "有标签", "标签含": "有标签", "标签是": "有标签",
        "标签为": "有标签", "包含标签": "有标签", "含标签": "有标签", "打了标签": "有标签", "有打标签": "有标签",
        "客户标签不包含": "无标签", "标签不包含": "无标签", "标签不含": "无标签", "标签不是": "无标签",
        "不包含标签": "无标签", "不含标签": "无标签", "没打标签": "无标签", "没有打标签": "无标签",
        "标签": "有标签", "最后一次": "最近一次", "上一次": "最近一次", "非好友": "不是好友", "没加好友": "不是好友",
        "属于人群": "属于分群", "在分群": "属于分群",
    }),
    _words("TAGGED", {
        "领过券": "持有券", "领了券": "持有券", "有优惠券": "持有券", "有券": "持有券", "领取过券": "持有券",
        "没用券": "不满足 用过券", "没用过券": "不满足 用过券", "未使用券": "不满足 用过券", "没有用券": "不满足 用过券",
    }, sure=False),
    _Saying("TAGGED", re.compile(rf"(?P<name>{_NAME})(?P<sign>不为空|非空|有值|为空|没有值){_RUN_END}"), words.is_known),
    _Saying("TAGGED", re.compile(rf"(?:最近一次|最后一次|上次|最近)(?P<verb>[\u4e00-\u9fff]+?)(?:时间)?{_RUN_END}"), words.last,
            sure=False),
    _Saying("DID", re.compile(rf"连续(?P<verb>[\u4e00-\u9fff]+?)(?P<days>[0-9]+天){_RUN_END}"), words.in_a_row),
    _Saying("DID", re.compile(rf"(?P<ever>从来|从|一直)?(?:都)?(?:{_NOT}) ?{_VERB}{_RUN_END}"), words.did_not),
    _Saying("DID", re.compile(rf"{_VERB}(?:过|了)?{_RUN_END}"), words.did),
    _Saying("TAGGED", re.compile(rf"{_DAY}(?:是|过)?(?P<name>{_NAME}){_RUN_END}"),
            words.birthday),
    _Saying("TAGGED", re.compile(rf"加好友(?:时间)?(?:已)? *超过({_LENGTH})"), _fixed(r"加好友时间 距今超过\1")),
    _Saying("TAGGED", re.compile(r"加好友(?!时间)"), _fixed("加好友时间")),
    _Saying("TAGGED", re.compile(rf"(?P<name>{_NAME}) ?(?:在|处于|介于)? ?(?P<low>[0-9.]+) ?(?:到|至|-|~|和) ?{_HIGH}"),
            words.between),
    _Saying("TAGGED", re.compile(rf"(?:未|没有|没)(?P<rest>[\u4e00-\u9fff]+){_RUN_END}"), words.yes_no),
    _Saying("TAGGED", re.compile(rf"(?P<name>{_NAME})(?P<sign>不是|是|属于)(?P<value>[\u4e00-\u9fffA-Za-z0-9_]+)"), words.is_text),
)
_AFTER_A_TEST = (
    _Saying("AND", re.compile(r" *,"), _fixed("且"), sure=False, spaced=True),
    _words("AND", dict.fromkeys(("和", "及", "同时", "而且", "以及", "与", "并", "还有", "但", "但是", "并且还"), "且")),
    _words("OR", {"或是": "或", "要么": "或"}),
)
_COMPARISONS = (
    _Saying("COUNT_OF", re.compile(rf"(?P<side>{_SIDES}) ?(?P<count>[0-9]+) ?(?P<unit>次)"), words.count_of),
    _Saying("AT_LEAST", re.compile(r"(?P<side>至少|最多|正好|恰好)?(?P<number>[一二两三四五六七八九十]+)"
                                     r"(?P<unit>次|天|人)(?P<over>以上|及以上|以下)?"),
            words.counted),
    _Saying("AT_LEAST", re.compile(rf"(?P<side>{_SIDES}) ?(?P<count>[0-9一二两三四五六七八九十]+)"
                                      r" ?(?P<unit>次|天|人)(?! ?(?:没|未|不))"), words.count),
    _Saying("SINCE_NOW_MORE", re.compile(rf"(?:已)?(?:超过|大于) ?({_LENGTH})"), _fixed(r"距今超过\1")),
    _Saying("WHERE", re.compile(rf"(?P<name>{_NAME})(?= *(?:大于|小于|不少于|不超过|等于|是|超过|>|<|=))"), words.field),
    _words("GE", {
        "满": "不少于", "达到": "不少于",
        "高于": "大于", "多于": "大于", "大过": "大于", "超过": "大于", "超出": "大于", "低于": "小于", "少于": "小于",
        "不到": "小于", "不足": "小于", "小过": "小于", "不低于": "不少于", "不小于": "不少于",
        "不高于": "不超过", "不大于": "不超过", "不多于": "不超过",
    }),
    _Saying("GE", re.compile(r"(至少|最多)(?= ?[0-9.]+元?(?:\s|$))"),
            lambda match, _: "不少于" if match[1] == "至少" else "不超过", spaced=True),
    _words("IN", {"属於": "属于", "是其中之一": "属于"}),
    _Saying("IN", re.compile(r"(不)?在(?= *[\"“(]| +[\u4e00-\u9fff]+ *,)"),
            lambda match, _: "不属于" if match[1] else "属于", spaced=True),
    _Saying("IN", re.compile(r"为(?= *[\"“])"), _fixed("是"), spaced=True),
    _Saying("NUMBER", re.compile(r"([0-9.]+)(?:积分|分)(?![钟一-龥])"), _fixed(r"\1")),
    _Saying("NUMBER", re.compile(r"([0-9.]+)(?:块钱|块|元钱)"), _fixed(r"\1元")),
    _Saying("NUMBER", re.compile(rf"(?P<number>[一二两三四五六七八九十百千万]+)(?P<unit>元)?{_RUN_END}"), words.numeral),
)
_STEPS = (
    _Saying("PUSH", re.compile(r"send\b"), _fixed("push")),
    _words("PUSH", {
        "发朋友圈": "推送 朋友圈", "发短信": "推送 短信", "发消息": "推送", "发送": "推送", "推送消息": "推送",
        "打上标签": "打标签", "加标签": "打标签", "贴标签": "打标签", "添加标签": "打标签", "加上标签": "打标签",
        "删除标签": "去标签", "移除标签": "去标签", "删标签": "去标签", "取消标签": "去标签", "去掉标签": "去标签",
        "送券": "发券", "发优惠券": "发券", "送优惠券": "发券", "发放优惠券": "发券", "赠券": "发券", "发放券": "发券",
        "送红包": "发红包", "发放红包": "发红包", "送积分": "加积分", "奖励积分": "加积分", "增加积分": "加积分",
        "减积分": "扣积分", "扣除积分": "扣积分", "结束流程": "结束", "结束剧本": "结束", "流程结束": "结束",
    }),
    _Saying("PUSH", re.compile(r"积分 ?([+-]) ?([0-9]+)"),
            lambda match, _: f"{'加' if match[1] == '+' else '扣'}积分{match[2]}"),
    _Saying("PUSH", re.compile(rf"(?:等待?|再等|过)? ?({_LENGTH}) ?(?:以后|之后|后){_RUN_END}"), _fixed(r"等待 \1")),
    _Saying("PUSH", re.compile(rf"(?:等|再等) ?({_LENGTH}){_RUN_END}"), _fixed(r"等待 \1")),
    _Saying("PUSH", re.compile(r"转入(?!剧本)"), _fixed("转入剧本"), spaced=True),
    _Saying("PUSH", re.compile(r"提醒(?! ?(?:员工|店长))[^\s\"]*"), _fixed("提醒员工"), sure=False, spaced=True),
    _Saying("PUSH", re.compile(rf"(?:把|将)?(?P<name>{_NAME}) ?(?:改为|改成|设为|设成|变成|=)"), words.set_attribute, spaced=True),
    _Saying("SET_TO", re.compile(r"=|成"), _fixed("为"), spaced=True),
    _words("WITH_COUPON", dict.fromkeys(("加券", "带券", "附带券", "附优惠券", "加优惠券", "带优惠券", "附赠券", "送券"), "附券")),
    _words("WITH_REDPACKET", dict.fromkeys(("加红包", "带红包", "送红包"), "附红包")),
    _words("WITH_COUPON", {"带": "附券", "附": "附券", "附带": "附券"}, sure=False),
    _Saying("ROTATING", re.compile(rf"({_LENGTH})内?(?:不重复|别重复|不要重复)"), _fixed(r"\1内不重样")),
    _Saying("NOT_AGAIN", re.compile("(?:内)?(?:不重复|别重复|不要重复)"), _fixed("内不重样")),
)
_TRIGGERS = (
    _Saying("CRON", re.compile(rf"{_WEEK}(?P<days>[一二三四五六日天1-7]{_MORE_DAYS}*){_BEFORE_CLOCK}"),
            words.days_of_week),
    _Saying("CRON", re.compile(r"每逢 ?(?=周|工作日|节假日|星期)"), _fixed("每个")),
    _Saying("CRON", re.compile(rf"(?:每)?(周[一二三四五六日天]|工作日|节假日|周末)(?= *[0-9]|{_RUN_END})"),
            words.weekly),
    _Saying("CRON", re.compile(rf"每(?:个)?(小时|分钟){_RUN_END}"), _fixed(r"每隔1\1")),
    _Saying("CRON", re.compile(r"每半(?:个)?小时"), _fixed("每隔30分钟")),
    _Saying("CRON", re.compile(r"(?P<year>20[0-9]{2})[-/.年](?P<month>[0-9]{1,2})[-/.月](?P<day>[0-9]{1,2})日?"), words.dated),
    _Saying("CRON", re.compile(rf"(?P<name>(?:当 ?)?{_NAME})(?P<offset>[前后] ?{_LENGTH}|当天)"), words.around_date),
    _Saying("CRON", re.compile(rf"当?{_WHO} ?(?P<first>第一次|首次)?"
                               rf"(?P<event>(?:添?加(?:了|我)?好友|加企微|加微信)|{_NAME})(?:以后|之后|的时候|后|时|了)?{_RUN_END}"),
            words.when_event),
)
_EVENTS = (
    _words("JOINED", {"有标签": "打上标签", "打标签": "打上标签", "加标签": "打上标签", "无标签": "去掉标签", "去标签": "去掉标签"}),
    _Saying("JOINED", re.compile(rf"(?P<name>{_NAME}) ?(?:超过|大于|满|>=?) ?(?P<mark>[0-9]+)"), words.reaches, sure=False),
    _words("REACHES", dict.fromkeys(("超过", "大于", "满", "到达"), "达到"), sure=False),
    _Saying("CLOCK", re.compile(r"(?P<hour>1[0-2]|0?[1-9])(?::(?P<minute>[0-5][0-9]))? ?(?P<half>[ap])\.?m\b\.?", re.IGNORECASE),
            words.half_day_clock),
    _Saying("DISCOUNT", re.compile(r"打(?P<tens>[一二三四五六七八九对])(?:点)?(?P<ones>[一二三四五六七八九])?折|半价"), words.discount),
    _Saying("EXCEPT_HOLIDAYS", re.compile(r"(?:除了?|不含|避开|跳过)节假日(?:外|以外)?|节假日(?:不发|不推|不运行|跳过)"),
            _fixed("节假日除外")),
)
_ACROSS = (
    _Saying("", re.compile(r"when (?:an? |the )?(?:new )?(?:customer|member|user|friend)s? (?:joins?|is added)\b"),
            _fixed("when joined")),
    _Saying("", re.compile(rf"(?P<name>[\u4e00-\u9fff]*生日) *(?:是|为|=|在) *{_DAY}{_RUN_END}"),
            words.birthday),
    _Saying("", re.compile(rf"(?P<name>{_NAME}) ?(?:是|=|介于|在)? ?(?P<low>[0-9.]+) ?(?:[-~～]|到|至|和) ?{_HIGH}"),
            words.between),
    _Saying("", re.compile(rf"{_WEEK}(?P<days>[一二三四五六日天1-7]{_MORE_DAYS}+){_BEFORE_CLOCK}"),
            words.days_of_week),
    _Saying("", re.compile(r"(?<!定时 )(?P<year>20[0-9]{2})[/.](?P<month>[0-9]{1,2})[/.](?P<day>[0-9]{1,2})(?![0-9])"), words.slashed),
    _Saying("", re.compile(r"(今天|昨天|本周|这周|本月|这个月|上周|上月|上个月)(?:以内|之内|内)"), _fixed(r"\1")),
    _Saying("", re.compile(r"(等到) ?(?:明天|第二天|次日|明早|明晚) ?(?=[0-9]|$|早|晚|上午|下午)"), _fixed(r"\1 "), sure=False),
    _Saying("", re.compile(rf"(?:等待|等) ?({_LENGTH}) ?(?:以后|之后|后){_RUN_END}"), _fixed(r"等待 \1")),
    _Saying("", re.compile(rf"等客户(?!做过|未做过) *{_VERB}(?:了|后)?(?= |$)"), words.waited),
)
"""Sayings of several words, over any of which the line may stumble; what can stand there tells nothing of them."""
_SAYINGS = (*_STEPS, *_TRIGGERS, *_EVENTS, *_TESTS[:1], *_COMPARISONS, *_TESTS, *_AFTER_A_TEST)
_LISTED = re.compile(r"(?<=[号日点0-9]) ?(和|及|与|跟) ?(?=[0-9])")


def reword(flat: str, start: int, end: int, expected: frozenset[str], names: DeclaredNames) -> Rewording | None:
    """What to write for everyday words that begin at ``start``; ``expected`` are the terminals that can stand there."""
    end = min(end, start + _LONGEST)
    for saying in _SAYINGS:
        if saying.takes not in expected:
            continue
        match = saying.pattern.match(flat, start, end)
        write = saying.write(match, names) if match and match.group() else None
        if match and write is not None and write != match.group():
            written = Span(*match.span())
            return Rewording(written, _spaced(flat, written, write) if saying.spaced else write, saying.sure)
    return None


def reword_across(flat: str, line: Span, start: int, names: DeclaredNames) -> Rewording | None:
    """What to write for everyday words of a line in which ``start`` lies."""
    line = Span(max(line.start, start - _LONGEST), min(line.end, start + _LONGEST))
    for saying in _ACROSS:
        for match in saying.pattern.finditer(flat, line.start, line.end):
            write = saying.write(match, names) if match.start() <= start <= match.end() else None
            if write is not None and write != match.group():
                return Rewording(Span(*match.span()), write, saying.sure)
    return None


def _spaced(flat: str, span: Span, write: str) -> str:
    """The words with a space before what follows them at once."""
    after = flat[span.end : span.end + 1]
    return f"{write} " if after and (after.isalnum() or after == '"') else write


def listed_times(flat: str, start: int, end: int) -> Rewording | None:
    """``每月1号和15号``: the 和 between the days or clocks of a schedule, which are listed by commas.

    >>> listed_times("每月1号和15号", 0, 8)
    Rewording(span=Span(start=4, end=5), write='、', sure=True)
    """
    match = _LISTED.search(flat, start, end) if flat.startswith("每", start) else None
    return Rewording(Span(*match.span(1)), "、", sure=True) if match else None
