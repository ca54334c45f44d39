"""The checked program: what a workspace means, free of spelling, language and place.

Everything here is frozen and made of plain values, so that equal meaning is equal data. Two texts that say the
same give equal programs, and the digest of a playbook (``digest.py``) is taken from these values.

Units inside: instants are microseconds since 1970 UTC; local date-times are microseconds of the naive clock;
money is cents; numbers are millionths; dates are ``yyyymmdd``; lunar dates ``mmdd``; yes/no is 1/0; shares are
hundredths of a percent; clocks are minutes after midnight.
"""

from .code import (
    Action as Action,
)
from .code import (
    Alert as Alert,
)
from .code import (
    Branch as Branch,
)
from .code import (
    ChangePoints as ChangePoints,
)
from .code import (
    Confirmed as Confirmed,
)
from .code import (
    Divide as Divide,
)
from .code import (
    EnterPlaybook as EnterPlaybook,
)
from .code import (
    GiveTags as GiveTags,
)
from .code import (
    GiveTask as GiveTask,
)
from .code import (
    Instruction as Instruction,
)
from .code import (
    IssueCoupon as IssueCoupon,
)
from .code import (
    IssueRedpacket as IssueRedpacket,
)
from .code import (
    Jump as Jump,
)
from .code import (
    Push as Push,
)
from .code import (
    Rotation as Rotation,
)
from .code import (
    SetAttribute as SetAttribute,
)
from .code import (
    Stop as Stop,
)
from .code import (
    TakeTags as TakeTags,
)
from .code import (
    Wait as Wait,
)
from .code import (
    WaitDay as WaitDay,
)
from .code import (
    WaitFor as WaitFor,
)
from .code import (
    Waiting as Waiting,
)
from .code import (
    WaitUntil as WaitUntil,
)
from .code import (
    Welcome as Welcome,
)
from .conditions import (
    All as All,
)
from .conditions import (
    Always as Always,
)
from .conditions import (
    Anniversary as Anniversary,
)
from .conditions import (
    Any as Any,
)
from .conditions import (
    AttributeRef as AttributeRef,
)
from .conditions import (
    Changed as Changed,
)
from .conditions import (
    Compare as Compare,
)
from .conditions import (
    CompareOp as CompareOp,
)
from .conditions import (
    Condition as Condition,
)
from .conditions import (
    Did as Did,
)
from .conditions import (
    DidOnDays as DidOnDays,
)
from .conditions import (
    DueToReorder as DueToReorder,
)
from .conditions import (
    EventQuery as EventQuery,
)
from .conditions import (
    FieldRef as FieldRef,
)
from .conditions import (
    FinishedPlaybook as FinishedPlaybook,
)
from .conditions import (
    HasTag as HasTag,
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
    InSegment as InSegment,
)
from .conditions import (
    Invited as Invited,
)
from .conditions import (
    InvitedNumber as InvitedNumber,
)
from .conditions import (
    InWindow as InWindow,
)
from .conditions import (
    IsFriend as IsFriend,
)
from .conditions import (
    LadderRef as LadderRef,
)
from .conditions import (
    MetricRef as MetricRef,
)
from .conditions import (
    MomentHas as MomentHas,
)
from .conditions import (
    MomentIn as MomentIn,
)
from .conditions import (
    Not as Not,
)
from .conditions import (
    Operand as Operand,
)
from .conditions import (
    Received as Received,
)
from .conditions import (
    ReceivedRedpacket as ReceivedRedpacket,
)
from .conditions import (
    Sample as Sample,
)
from .conditions import (
    SourceIn as SourceIn,
)
from .conditions import (
    TaskIs as TaskIs,
)
from .conditions import (
    TextPattern as TextPattern,
)
from .conditions import (
    TodayIs as TodayIs,
)
from .conditions import (
    Total as Total,
)
from .conditions import (
    UsedCoupon as UsedCoupon,
)
from .library import (
    Activity as Activity,
)
from .library import (
    Attribute as Attribute,
)
from .library import (
    Budget as Budget,
)
from .library import (
    Coupon as Coupon,
)
from .library import (
    Event as Event,
)
from .library import (
    Ladder as Ladder,
)
from .library import (
    Library as Library,
)
from .library import (
    PointsRule as PointsRule,
)
from .library import (
    Product as Product,
)
from .library import (
    Redpacket as Redpacket,
)
from .library import (
    RulePoints as RulePoints,
)
from .library import (
    RuleSet as RuleSet,
)
from .library import (
    RuleTags as RuleTags,
)
from .library import (
    Rung as Rung,
)
from .library import (
    Source as Source,
)
from .library import (
    StandingRule as StandingRule,
)
from .library import (
    Tag as Tag,
)
from .library import (
    TagGroup as TagGroup,
)
from .library import (
    Template as Template,
)
from .library import (
    TemplatePart as TemplatePart,
)
from .library import (
    Validity as Validity,
)
from .playbooks import (
    Block as Block,
)
from .playbooks import (
    Cap as Cap,
)
from .playbooks import (
    CatchUp as CatchUp,
)
from .playbooks import (
    Consent as Consent,
)
from .playbooks import (
    During as During,
)
from .playbooks import (
    Goal as Goal,
)
from .playbooks import (
    GroupAudience as GroupAudience,
)
from .playbooks import (
    Guard as Guard,
)
from .playbooks import (
    Playbook as Playbook,
)
from .playbooks import (
    Policy as Policy,
)
from .playbooks import (
    Program as Program,
)
from .playbooks import (
    QuietHours as QuietHours,
)
from .playbooks import (
    Take as Take,
)
from .playbooks import (
    Zone as Zone,
)
from .time import (
    DAY as DAY,
)
from .time import (
    HOUR as HOUR,
)
from .time import (
    MICROSECOND as MICROSECOND,
)
from .time import (
    MINUTE as MINUTE,
)
from .time import (
    NUMBER_SCALE as NUMBER_SCALE,
)
from .time import (
    Cutoff as Cutoff,
)
from .time import (
    CutoffKind as CutoffKind,
)
from .time import (
    Duration as Duration,
)
from .time import (
    SinceEvent as SinceEvent,
)
from .time import (
    Times as Times,
)
from .time import (
    ValueType as ValueType,
)
from .time import (
    Window as Window,
)
from .triggers import (
    ActivityEdge as ActivityEdge,
)
from .triggers import (
    AttributeChanges as AttributeChanges,
)
from .triggers import (
    CouponExpires as CouponExpires,
)
from .triggers import (
    CouponUsed as CouponUsed,
)
from .triggers import (
    Cron as Cron,
)
from .triggers import (
    Daily as Daily,
)
from .triggers import (
    DayKind as DayKind,
)
from .triggers import (
    Entered as Entered,
)
from .triggers import (
    EventHappens as EventHappens,
)
from .triggers import (
    EventTrigger as EventTrigger,
)
from .triggers import (
    EveryWeeks as EveryWeeks,
)
from .triggers import (
    GroupEvent as GroupEvent,
)
from .triggers import (
    HandedOver as HandedOver,
)
from .triggers import (
    Interval as Interval,
)
from .triggers import (
    Joined as Joined,
)
from .triggers import (
    Left as Left,
)
from .triggers import (
    Limits as Limits,
)
from .triggers import (
    MarkReached as MarkReached,
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
    Reentry as Reentry,
)
from .triggers import (
    Schedule as Schedule,
)
from .triggers import (
    SegmentCrossed as SegmentCrossed,
)
from .triggers import (
    SomebodyInvited as SomebodyInvited,
)
from .triggers import (
    TagGained as TagGained,
)
from .triggers import (
    TagLost as TagLost,
)
from .triggers import (
    TierMoves as TierMoves,
)
from .triggers import (
    Timetable as Timetable,
)
from .triggers import (
    Trigger as Trigger,
)
from .triggers import (
    Yearly as Yearly,
)
