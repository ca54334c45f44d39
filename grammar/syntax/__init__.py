"""The syntax tree: what was written, with the place of every word, before names and types are known.

Every node is frozen and ends with the ``span`` it was read from. Values keep the unit they were written with.
A tree says the same in both languages: ``有标签 "新客"`` and ``tagged "新客"`` give equal nodes but for spans.
Clause orders are already put into one (a window that stood first belongs to its test) and ``未做过``, ``无标签``,
``never did`` have become :class:`Not`.
"""

from .conditions import (
    And as And,
)
from .conditions import (
    Anniversary as Anniversary,
)
from .conditions import (
    Changed as Changed,
)
from .conditions import (
    Comparison as Comparison,
)
from .conditions import (
    Condition as Condition,
)
from .conditions import (
    Count as Count,
)
from .conditions import (
    DayCount as DayCount,
)
from .conditions import (
    Did as Did,
)
from .conditions import (
    DueToReorder as DueToReorder,
)
from .conditions import (
    EventFilter as EventFilter,
)
from .conditions import (
    EventMoment as EventMoment,
)
from .conditions import (
    FinishedPlaybook as FinishedPlaybook,
)
from .conditions import (
    HeldFor as HeldFor,
)
from .conditions import (
    HoldsCoupon as HoldsCoupon,
)
from .conditions import (
    InGroup as InGroup,
)
from .conditions import (
    InPlaybook as InPlaybook,
)
from .conditions import (
    InSample as InSample,
)
from .conditions import (
    InSegment as InSegment,
)
from .conditions import (
    Invited as Invited,
)
from .conditions import (
    IsFriend as IsFriend,
)
from .conditions import (
    Listed as Listed,
)
from .conditions import (
    MomentOfAttribute as MomentOfAttribute,
)
from .conditions import (
    Not as Not,
)
from .conditions import (
    Or as Or,
)
from .conditions import (
    Received as Received,
)
from .conditions import (
    ReceivedRedpacket as ReceivedRedpacket,
)
from .conditions import (
    ReceivedTemplate as ReceivedTemplate,
)
from .conditions import (
    SourceInGroup as SourceInGroup,
)
from .conditions import (
    Tagged as Tagged,
)
from .conditions import (
    TaggedInGroup as TaggedInGroup,
)
from .conditions import (
    TaskIs as TaskIs,
)
from .conditions import (
    TodayIs as TodayIs,
)
from .conditions import (
    Total as Total,
)
from .conditions import (
    TotalComparison as TotalComparison,
)
from .conditions import (
    UsedCoupon as UsedCoupon,
)
from .headers import (
    AboutLine as AboutLine,
)
from .headers import (
    ActiveLine as ActiveLine,
)
from .headers import (
    AgainLine as AgainLine,
)
from .headers import (
    AtMostLine as AtMostLine,
)
from .headers import (
    AudienceLine as AudienceLine,
)
from .headers import (
    BudgetLine as BudgetLine,
)
from .headers import (
    CapLine as CapLine,
)
from .headers import (
    CatchUpLine as CatchUpLine,
)
from .headers import (
    CategoryLine as CategoryLine,
)
from .headers import (
    DuringLine as DuringLine,
)
from .headers import (
    ExitLine as ExitLine,
)
from .headers import (
    GoalLine as GoalLine,
)
from .headers import (
    GroupAudienceLine as GroupAudienceLine,
)
from .headers import (
    GuardLine as GuardLine,
)
from .headers import (
    Header as Header,
)
from .headers import (
    HoldoutLine as HoldoutLine,
)
from .headers import (
    NeverPush as NeverPush,
)
from .headers import (
    OnceLine as OnceLine,
)
from .headers import (
    OnlyOneLine as OnlyOneLine,
)
from .headers import (
    Overflow as Overflow,
)
from .headers import (
    OwnerLine as OwnerLine,
)
from .headers import (
    PolicyDecl as PolicyDecl,
)
from .headers import (
    PolicyLine as PolicyLine,
)
from .headers import (
    PriorityLine as PriorityLine,
)
from .headers import (
    QuietHours as QuietHours,
)
from .headers import (
    ReentryLine as ReentryLine,
)
from .headers import (
    StateLine as StateLine,
)
from .headers import (
    TakeLine as TakeLine,
)
from .headers import (
    TimezoneLine as TimezoneLine,
)
from .library import (
    ActivityDecl as ActivityDecl,
)
from .library import (
    AttributeDecl as AttributeDecl,
)
from .library import (
    Budget as Budget,
)
from .library import (
    CouponDecl as CouponDecl,
)
from .library import (
    EarnLine as EarnLine,
)
from .library import (
    EventDecl as EventDecl,
)
from .library import (
    FieldDecl as FieldDecl,
)
from .library import (
    MetricDecl as MetricDecl,
)
from .library import (
    NamedPeriod as NamedPeriod,
)
from .library import (
    Period as Period,
)
from .library import (
    PerMember as PerMember,
)
from .library import (
    PointsDecl as PointsDecl,
)
from .library import (
    ProductDecl as ProductDecl,
)
from .library import (
    RecurringHours as RecurringHours,
)
from .library import (
    RedpacketDecl as RedpacketDecl,
)
from .library import (
    Rung as Rung,
)
from .library import (
    SegmentDecl as SegmentDecl,
)
from .library import (
    SourceDecl as SourceDecl,
)
from .library import (
    TagDecl as TagDecl,
)
from .library import (
    TagGroupDecl as TagGroupDecl,
)
from .library import (
    TemplateDecl as TemplateDecl,
)
from .library import (
    TemplatePart as TemplatePart,
)
from .library import (
    TiersDecl as TiersDecl,
)
from .library import (
    TypeName as TypeName,
)
from .library import (
    Validity as Validity,
)
from .library import (
    WheneverDecl as WheneverDecl,
)
from .library import (
    Worth as Worth,
)
from .playbooks import (
    Block as Block,
)
from .playbooks import (
    Declaration as Declaration,
)
from .playbooks import (
    PlaybookDecl as PlaybookDecl,
)
from .playbooks import (
    SyntaxFile as SyntaxFile,
)
from .steps import (
    Action as Action,
)
from .steps import (
    Alert as Alert,
)
from .steps import (
    Arm as Arm,
)
from .steps import (
    ChangePoints as ChangePoints,
)
from .steps import (
    Confirmed as Confirmed,
)
from .steps import (
    DayBlock as DayBlock,
)
from .steps import (
    Despite as Despite,
)
from .steps import (
    EnterPlaybook as EnterPlaybook,
)
from .steps import (
    GiveTag as GiveTag,
)
from .steps import (
    GiveTask as GiveTask,
)
from .steps import (
    If as If,
)
from .steps import (
    IssueCoupon as IssueCoupon,
)
from .steps import (
    IssueRedpacket as IssueRedpacket,
)
from .steps import (
    NamedStep as NamedStep,
)
from .steps import (
    Push as Push,
)
from .steps import (
    Repeat as Repeat,
)
from .steps import (
    Rotation as Rotation,
)
from .steps import (
    RuleAction as RuleAction,
)
from .steps import (
    SetAttribute as SetAttribute,
)
from .steps import (
    Split as Split,
)
from .steps import (
    Step as Step,
)
from .steps import (
    Stop as Stop,
)
from .steps import (
    TakeTag as TakeTag,
)
from .steps import (
    Wait as Wait,
)
from .steps import (
    WaitFor as WaitFor,
)
from .steps import (
    WaitUntil as WaitUntil,
)
from .steps import (
    Welcome as Welcome,
)
from .triggers import (
    ActivityEdge as ActivityEdge,
)
from .triggers import (
    CronLine as CronLine,
)
from .triggers import (
    Daily as Daily,
)
from .triggers import (
    DayKind as DayKind,
)
from .triggers import (
    EventTrigger as EventTrigger,
)
from .triggers import (
    EveryWeeks as EveryWeeks,
)
from .triggers import (
    Interval as Interval,
)
from .triggers import (
    InvitedCount as InvitedCount,
)
from .triggers import (
    MemberDate as MemberDate,
)
from .triggers import (
    Monthly as Monthly,
)
from .triggers import (
    MonthlyWeekday as MonthlyWeekday,
)
from .triggers import (
    Offset as Offset,
)
from .triggers import (
    Once as Once,
)
from .triggers import (
    Schedule as Schedule,
)
from .triggers import (
    ScheduleLimits as ScheduleLimits,
)
from .triggers import (
    Timetable as Timetable,
)
from .triggers import (
    Trigger as Trigger,
)
from .triggers import (
    WhenChanged as WhenChanged,
)
from .triggers import (
    WhenCouponExpires as WhenCouponExpires,
)
from .triggers import (
    WhenCouponUsed as WhenCouponUsed,
)
from .triggers import (
    WhenEntered as WhenEntered,
)
from .triggers import (
    WhenEvent as WhenEvent,
)
from .triggers import (
    WhenGroup as WhenGroup,
)
from .triggers import (
    WhenHandedOver as WhenHandedOver,
)
from .triggers import (
    WhenInvited as WhenInvited,
)
from .triggers import (
    WhenJoined as WhenJoined,
)
from .triggers import (
    WhenLeft as WhenLeft,
)
from .triggers import (
    WhenMark as WhenMark,
)
from .triggers import (
    WhenSegment as WhenSegment,
)
from .triggers import (
    WhenTagged as WhenTagged,
)
from .triggers import (
    WhenTier as WhenTier,
)
from .triggers import (
    WhenUntagged as WhenUntagged,
)
from .triggers import (
    Yearly as Yearly,
)
from .values import (
    Clock as Clock,
)
from .values import (
    Date as Date,
)
from .values import (
    Duration as Duration,
)
from .values import (
    Instant as Instant,
)
from .values import (
    Money as Money,
)
from .values import (
    MonthDay as MonthDay,
)
from .values import (
    Name as Name,
)
from .values import (
    Number as Number,
)
from .values import (
    Operator as Operator,
)
from .values import (
    Pattern as Pattern,
)
from .values import (
    Share as Share,
)
from .values import (
    Text as Text,
)
from .values import (
    TypeWord as TypeWord,
)
from .values import (
    Unit as Unit,
)
from .values import (
    Value as Value,
)
from .values import (
    YesNo as YesNo,
)
from .windows import (
    BetweenAgo as BetweenAgo,
)
from .windows import (
    CalendarWindow as CalendarWindow,
)
from .windows import (
    DuringActivity as DuringActivity,
)
from .windows import (
    DuringSession as DuringSession,
)
from .windows import (
    ExactlyDays as ExactlyDays,
)
from .windows import (
    MoreThanAgo as MoreThanAgo,
)
from .windows import (
    OnDate as OnDate,
)
from .windows import (
    SinceEntry as SinceEntry,
)
from .windows import (
    SinceEvent as SinceEvent,
)
from .windows import (
    SinceStep as SinceStep,
)
from .windows import (
    Window as Window,
)
from .windows import (
    Within as Within,
)
