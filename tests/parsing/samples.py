"""Texts for the grammar tests: the example of the language contract, and statements in both languages."""

from __future__ import annotations

CHINESE = '''\
属性 城市 文本
属性 等级卡 文本 可选 "普通", "银卡", "金卡"
事件 下单 含 订单号 文本, 门店 文本, 数量 数字
事件 点击
标签组 "生命周期" 互斥
标签 "新客" 归入 "生命周期"
标签 "兴趣:猫粮" 有效期 30天
分群 "高价值猫主人"
  有标签 "兴趣:猫粮" 且 积分 >= 2000
指标 近期消费 = 90天内 累计 下单.金额
话术 "猫粮种草" 用于 企微
  正文 """
    {{ 姓名 | default: "朋友" }},今晚猫粮专场。
  """
  链接 "https://shop.example/cat" 标题 "猫粮专场"
  图片 "posters/cat.png"
券 "满100减20" 满¥100减¥20
  库存 1000
  每人限1张
  有效期 7天
  限时段 14:00 到 17:00
券 "88折" 满¥199打8.8折
券 "立减5" 减¥5
券 "换罐头" 兑 "猫罐头"
全局规则
  时区 Asia/Shanghai
  永不推送 有标签 "退订"
  不推营销 7天内 做过 点击
  免打扰 22:00 到 08:00 顺延
  每人每天最多1条 企微
  每人7天最多3条 顺延
  每群每天最多3条
  对照组 1%
  熔断 20%
剧本 "猫粮跟进"
  说明 "昨天点了猫粮的人,今晚推荐并发券"
  负责人 "宠物组"
  优先级 60
  面向 有标签 "企微好友"
    且 昨天 做过 点击 "猫*"
    且 7天内 未做过 下单 "猫粮2kg"
  每天 20:00
    推送 企微 "猫粮种草" 附券 "满100减20"
    打标签 "兴趣:猫粮"
'''
ENGLISH = '''\
attribute 城市 text
attribute 等级卡 text in "普通", "银卡", "金卡"
event 下单 with 订单号 text, 门店 text, qty number
event 点击
tag group "生命周期" exclusive
tag "新客" in group "生命周期"
tag "兴趣:猫粮" expires after 30 days
segment "高价值猫主人"
  tagged "兴趣:猫粮" and points >= 2000
metric 近期消费 = sum of 下单.amount within 90 days
template "猫粮种草" on wecom
  text """
    {{ 姓名 | default: "朋友" }},今晚猫粮专场。
  """
  link "https://shop.example/cat" title "猫粮专场"
  image "posters/cat.png"
coupon "满100减20" worth ¥20 off ¥100
  stock 1000
  at most 1 per member
  valid 7 days
  usable 14:00 to 17:00
coupon "88折" worth 12% off ¥199
coupon "立减5" worth ¥5
coupon "换罐头" worth gift "猫罐头"
policy
  timezone Asia/Shanghai
  never push members who tagged "退订"
  never market to members who did 点击 within 7 days
  quiet hours 22:00 to 08:00 defer
  at most 1 push per day per member on wecom
  at most 3 pushes per 7 days per member defer
  at most 3 pushes per day per group
  holdout 1%
  guard 20%
playbook "猫粮跟进"
  about "昨天点了猫粮的人,今晚推荐并发券"
  owner "宠物组"
  priority 60
  for tagged "企微好友"
    and did 点击 "猫*" yesterday
    and did not 下单 "猫粮2kg" within 7 days
  every day at 20:00
    push wecom "猫粮种草" with coupon "满100减20"
    tag "兴趣:猫粮"
'''
PRELUDE = """属性 城市 文本
属性 生日 日期
属性 已绑卡 是否
属性 满意度 数字
属性 是否会员 是否
属性 当前城市 文本
事件 到店
事件 核销
事件 下单 含 订单号 文本, 门店 文本, 数量 数字
事件 点击
指标 近期消费 = 90天内 累计 下单.金额
属性 等级卡 文本
事件 签到
事件 支付 含 订单号 文本
"""
CONDITIONS = [
    ('有标签 "新客"', 'tagged "新客"'),
    ('有任一标签 "A", "B"', 'tagged any of "A", "B"'),
    ('有任一标签 "A"、"B"', "tagged any of “A”,“B”"),
    ('有全部标签 "A", "B"', 'tagged all of "A", "B"'),
    ('有标签 "兴趣:*"', 'tagged "兴趣:*"'),
    ('有标签组 "生命周期"', 'tagged in group "生命周期"'),
    ('3天内 打上 "新客"', 'tagged "新客" within 3 days'),
    ('3天内 打上 "新客"', 'within 3 days tagged "新客"'),
    ('无标签 "新客"', 'not tagged "新客"'),
    ('不满足 有标签 "新客"', 'not tagged "新客"'),
    ('城市 是 "上海"', '城市 is "上海"'),
    ('城市 不是 "上海"', '城市 is not "上海"'),
    ('城市 属于 "上海", "杭州"', '城市 in "上海", "杭州"'),
    ('城市 不属于 "上海", "杭州"', '城市 not in "上海", "杭州"'),
    ("积分 >= 500", "points >= 500"),
    ("积分 大于等于 500", "points ≥ 500"),
    ("积分 不少于 500", "points is at least 500"),
    ("积分 大于 500", "points > 500"),
    ("积分 小于 500", "points < 500"),
    ("积分 小于等于 500", "points <= 500"),
    ("积分 不超过 500", "points <= 500"),
    ("积分 等于 500", "points = 500"),
    ("积分 不等于 500", "points != 500"),
    ("积分 不等于 500", "points <> 500"),
    ("积分 介于 500 到 1999", "points between 500 and 1999"),
    ('姓名 包含 "王"', 'name contains "王"'),
    ('姓名 开头是 "王"', 'name starts with "王"'),
    ('姓名 结尾是 "王"', 'name ends with "王"'),
    ("已绑卡 为是", "已绑卡 is yes"),
    ("已绑卡 为否", "已绑卡 is no"),
    ("城市 有值", "城市 is known"),
    ("城市 没值", "城市 is unknown"),
    ("加好友时间 3天前当天", "joined exactly 3 days ago"),
    ("加好友时间 2026-01-01之前", "joined before 2026-01-01"),
    ("加好友时间 2026年1月1日起", "joined since 2026-01-01"),
    ("加好友时间 2026-01-01到2026-02-01", "joined between 2026-01-01 and 2026-02-01"),
    ("加好友时间 2026-01-01当天", "joined on 2026-01-01"),
    ("今天 生日周年", "anniversary of 生日 today"),
    ("3天后当天 生日周年", "anniversary of 生日 in 3 days"),
    ("本月 生日周年", "anniversary of 生日 this month"),
    ("生日周年 本月", "this month anniversary of 生日"),
    ("做过 下单", "did 下单"),
    ('做过 下单 "猫粮2kg"', 'did 下单 "猫粮2kg"'),
    ('做过 点击 "猫*"', 'did 点击 "猫*"'),
    ('做过 下单 任一 "A", "B"', 'did 下单 any of "A", "B"'),
    (
        '30天内 做过 下单 其中 金额 >= ¥50, 门店 是 "静安" 至少2次',
        'did 下单 where amount >= ¥50, 门店 is "静安" at least 2 times within 30 days',
    ),
    (
        '30天内 做过 下单 其中 金额 >= 50元, 门店 属于 "静安", "徐汇", 数量 > 1 至少1次',
        "\n".join(
            (
                'did 下单 at least 1 time where amount >= 50 yuan, 门店 in "静安", "徐汇", qty > 1 within the last 30 days',
            )
        ),
    ),
    ('做过 下单 其中 (金额 >= 50 或 门店 是 "x")', 'did 下单 where (amount >= 50 or 门店 is "x")'),
    ("7天内 未做过 下单", "did not 下单 within 7 days"),
    ("7天内 未做过 下单", "not did 下单 within 7 days"),
    ("最近3天 做过 下单", "in the last 3 days did 下单"),
    ("近3天 做过 下单", "did 下单 within the last 3 days"),
    ("做过 下单 近3天内 正好2次", "did 下单 exactly 2 times in the last 3 days"),
    ("做过 下单 最多2次", "did 下单 at most 2 times"),
    ("距今超过3天 做过 下单", "did 下单 more than 3 days ago"),
    ("距今2到7天 做过 下单", "did 下单 between 7 days ago and 2 days ago"),
    ("3天前当天 做过 下单", "did 下单 exactly 3 days ago"),
    ("今天 做过 下单", "did 下单 today"),
    ("昨天 做过 下单", "yesterday did 下单"),
    ("本周 做过 下单", "did 下单 this week"),
    ("本月 做过 下单", "did 下单 this month"),
    ("上周 做过 下单", "did 下单 last week"),
    ("上月 做过 下单", "last month did 下单"),
    ("2026-11-11当天 做过 下单", "did 下单 on 2026-11-11"),
    ("2026-11-11 20:00起 做过 下单", "did 下单 since 2026-11-11 20:00"),
    ("2026-11-11 20:00 之前 做过 下单", "did 下单 before 2026-11-11 20:00"),
    ("2026-11-01到2026-11-11 做过 下单", "did 下单 between 2026-11-01 and 2026-11-11"),
    ("90天内 累计 下单.金额 >= ¥300", "sum of 下单.amount within 90 days >= ¥300"),
    ("累计 下单.数量 介于 3 到 5", "sum of 下单.qty between 3 and 5"),
    ("30天内 下单 次数 >= 2", "number of 下单 within 30 days >= 2"),
    ('30天内 下单 "猫*" 其中 门店 是 "x" 次数 >= 2', 'number of 下单 "猫*" where 门店 is "x" within 30 days >= 2'),
    ("下单 次数 介于 3 到 5", "number of 下单 between 3 and 5"),
    ('最近一次 下单 带有 门店 是 "静安"', 'last 下单 has 门店 is "静安"'),
    (
        '最近一次 下单 其中 金额 > 5 带有 门店 是 "静安", 数量 > 1',
        'last 下单 where amount > 5 has 门店 is "静安", qty > 1',
    ),
    ("最近一次 下单 距今超过45天", "last 下单 more than 45 days ago"),
    ("首次 下单 7天内", "first 下单 within 7 days"),
    ("7天内 首次 下单", "within 7 days first 下单"),
    ('属于分群 "X"', 'in segment "X"'),
    ("近期消费 >= ¥300", "近期消费 >= 300元"),
    ('收到过 "猫粮跟进" 步骤 "首触" 至少2次 30天内', 'received "猫粮跟进" step "首触" at least 2 times within 30 days'),
    ('30天内 收到过 "猫粮跟进"', 'received "猫粮跟进" within 30 days'),
    ('收到过话术 "X*"', 'received template "X*"'),
    ('抽样 10% 按 "九月实验"', 'in sample 10% of "九月实验"'),
    ('抽样 10% 到 20% 按 "九月实验"', 'in sample 10% to 20% of "九月实验"'),
    ("抽样 10%", "in sample 10%"),
    ('有标签 "A" 且 有标签 "B"', 'tagged "A" and tagged "B"'),
    (
        '(有标签 "A" 或 有标签 "B") 且 不满足 (有标签 "C" 或 积分 > 1)',
        '(tagged "A" or tagged "B") and not (tagged "C" or points > 1)',
    ),
    ('任一满足\n  有标签 "A"\n  均不满足\n    有标签 "B"', 'any of\n  tagged "A"\n  none of\n    tagged "B"'),
    ('有标签 "A" 且 任一满足\n  有标签 "A"\n  有标签 "B"', 'tagged "A" and any of\n  tagged "A"\n  tagged "B"'),
    # 不用空格
    ("做过下单至少3次", "did 下单 at least 3 times"),
    ('3天内做过下单"猫粮"且积分>=500', 'did 下单 "猫粮" within 3 days and points >= 500'),
    ("90天内累计下单.金额>=¥300", "sum of 下单.amount within 90 days >= ¥300"),
    ("最近一次下单距今超过45天", "last 下单 more than 45 days ago"),
    ("满意度大于3", "满意度 > 3"),
    ("是否会员为是", "是否会员 is yes"),
    ('当前城市是"上海"', '当前城市 is "上海"'),
    ("做过核销", "did 核销"),
    ("7天内未做过到店", "not did 到店 within 7 days"),
    ("今天生日周年", "anniversary of 生日 today"),
    ("加好友时间3天前当天", "joined exactly 3 days ago"),
    ("距今2到7天做过点击", "did 点击 between 7 days ago and 2 days ago"),
    ("2026年11月11日当天做过下单", "did 下单 on 2026-11-11"),
    ('城市属于"上海"、"杭州"', '城市 in "上海", "杭州"'),
    ("积分 >= 500", "points >= 500"),
    ("积分＞＝５００", "points >= 500"),
    ("（积分＞５００）", "(points > 500)"),
    ("城市 ！＝ ＂上海＂", '城市 != "上海"'),
    ("下单次数>=2", "number of 下单 >= 2"),
    ("做过 下单 其中 金额 介于 5 到 10", "did 下单 where amount between 5 and 10"),
    ("做过 下单 其中 时间 3天内", "did 下单 where time within 3 days"),
    ("3天以内 做过 下单", "did 下单 within 3 days"),
    ("过去3天做过下单", "did 下单 within the last 3 days"),
    # 保持与变更
    ('等级卡 保持 "金卡" 30天', '等级卡 has been "金卡" for 30 days'),
    ('等级卡保持"金卡"30天', '等级卡 has been "金卡" 30 days'),
    ("已绑卡 保持 5 1个月", "已绑卡 has been 5 for 1 month"),
    ("3天内 等级卡 变更", "等级卡 changed within 3 days"),
    ("等级卡 变更 3天内", "within 3 days 等级卡 changed"),
    ("等级卡变更", "等级卡 changed"),
    # 天数
    ("7天内 至少5天 做过 签到", "did 签到 on at least 5 days within 7 days"),
    ("至少5天 7天内 做过 签到", "within 7 days on at least 5 days did 签到"),
    ("做过 签到 至少5天 7天内", "did 签到 within 7 days at least 5 days"),
    ("7天内至少5天做过签到", "on at least 5 days did 签到 within 7 days"),
    ("做过 签到 正好1天 本周", "did 签到 this week on exactly 1 day"),
    ("最多2天 未做过 签到", "did not 签到 on at most 2 days"),
    ("连续7天 做过 签到", "did 签到 on 7 days in a row"),
    ("连续7天做过签到", "on 7 days in a row did 签到"),
    ("做过 签到 连续7天 30天内", "did 签到 within 30 days on 7 days in a row"),
    # 曾经与从未
    ("曾经做过 下单", "ever did 下单"),
    ('从未做过 下单 "猫*"', 'never did 下单 "猫*"'),
    ("从未做过 下单", "not ever did 下单"),
    ("曾经做过下单至少2次", "ever did 下单 at least 2 times"),
    # 类目与同一字段
    ('做过 下单 类目 "猫粮"', 'did 下单 in category "猫粮"'),
    ('30天内做过下单类目"猫粮"至少2次', 'did 下单 at least 2 times in category "猫粮" within 30 days'),
    ('累计 下单.金额 类目 "猫粮" >= 300', 'sum of 下单.amount in category "猫粮" >= 300'),
    ('下单 类目 "猫粮" 次数 >= 2', 'number of 下单 in category "猫粮" >= 2'),
    ('最近一次 下单 类目 "猫粮" 3天内', 'last 下单 in category "猫粮" within 3 days'),
    ("做过 支付 同一 订单号", "did 支付 with same 订单号"),
    ("做过支付同一订单号", "did 支付 with same 订单号"),
    ("做过 支付 30天内 同一 订单号 至少1次", "did 支付 at least 1 time with same 订单号 within 30 days"),
    # 统计
    ("90天内 平均 下单.金额 >= ¥300", "average of 下单.amount within 90 days >= ¥300"),
    ("平均下单.金额>=¥300", "average 下单.amount >= ¥300"),
    ("90天内 最大 下单.金额 > 300元", "largest of 下单.amount within 90 days > 300 yuan"),
    ("最大 下单.金额 90天内 > 300", "within 90 days largest 下单.amount > 300"),
    ("最小 下单.数量 小于 3", "smallest of 下单.qty < 3"),
    ("去重数 下单.对象 >= 3", "number of distinct 下单.subject >= 3"),
    ("90天内去重数下单.对象>=3", "number of distinct 下单.subject within 90 days >= 3"),
    ('去重数 下单.门店 其中 金额 > 5 介于 3 到 5', "number of distinct 下单.门店 where amount > 5 between 3 and 5"),
    ("平均 下单.金额 有值", "average of 下单.amount is known"),
    ("平均 下单.金额 没值", "average of 下单.amount is unknown"),
    ("下单 次数 30天内 >= 2", "number of 下单 within 30 days >= 2"),
    ("下单 次数 >= 2 30天内", "number of 下单 >= 2 within 30 days"),
    ("累计 下单.金额 >= ¥300 90天内", "sum of 下单.amount >= ¥300 within 90 days"),
    # 与旅程、步骤、事件、活动有关的时间
    ("进入后 做过 下单", "did 下单 since entry"),
    ("做过 下单 进入后", "since entry did 下单"),
    ("进入后做过下单", "did 下单 since entry"),
    ('步骤 "首触" 后 做过 下单', 'did 下单 since step "首触"'),
    ('步骤"首触"后做过下单', 'since step "首触" did 下单'),
    ('做过 下单 步骤 "首触" 后 至少2次', 'did 下单 since step "首触" at least 2 times'),
    ("最近一次 点击 后 做过 下单", "did 下单 since last 点击"),
    ("最近一次点击后做过下单", "since last 点击 did 下单"),
    ('最近一次 点击 "猫*" 后 未做过 下单', 'did not 下单 since last 点击 "猫*"'),
    ('首次 点击 "猫*" 后 至少3天 做过 签到', 'since first 点击 "猫*" on at least 3 days did 签到'),
    ('做过 下单 最近一次 点击 "猫*" 后 至少2次', 'did 下单 since last 点击 "猫*" at least 2 times'),
    ("最近一次 点击 后 下单 次数 >= 2", "number of 下单 since last 点击 >= 2"),
    ('最近一次 点击 "a" 后 "下单" 次数 >= 2', 'number of "下单" since last 点击 "a" >= 2'),
    ("首次 点击 后 最近一次 下单", "last 下单 since first 点击"),
    ('活动 "双十一" 期间 做过 下单', 'did 下单 during activity "双十一"'),
    ('活动"双十一"期间做过下单', 'during activity "双十一" did 下单'),
    ('做过 下单 活动 "双十一" 阶段 "预热" 期间', 'did 下单 during activity "双十一" phase "预热"'),
    ('活动"双十一"阶段"预热"期间做过下单', 'during activity "双十一" phase "预热" did 下单'),
    ("该场期间 做过 签到", "did 签到 during this session"),
    ("该场期间做过签到", "during this session did 签到"),
    ('3天内 打上 "新客"', 'within 3 days tagged "新客"'),
    ('进入后 打上 "新客"', 'tagged "新客" since entry'),
    ("加好友时间 最近一次 点击 后", "joined since last 点击"),
    # 券与红包
    ('持有券 "X"', 'holds coupon "X"'),
    ('持有券 "X" 未来2天内 过期', 'holds coupon "X" expiring within the next 2 days'),
    ('未来2天内 持有券 "X" 到期', 'within the next 2 days holds coupon "X" expiring'),
    ('持有券"X"2天后当天过期', 'holds coupon "X" expiring in 2 days'),
    ('2天内 持有券 "X" 过期', 'holds coupon "X" expiring within 2 days'),
    ('持有券 "X" 2天内过期', 'holds coupon "X" expiring within the next 2 days'),
    ('用过券 "X"', 'used coupon "X"'),
    ('7天内 用过券 "X"', 'used coupon "X" within 7 days'),
    ('用过券"X"至少2次7天内', 'within 7 days used coupon "X" at least 2 times'),
    ('领过红包 "X"', 'received redpacket "X"'),
    ('本周 领过红包 "X" 最多2次', 'received redpacket "X" at most 2 times this week'),
    # 剧本
    ('正在剧本 "X"', 'in playbook "X"'),
    ('走完剧本 "X"', 'finished playbook "X"'),
    ('30天内 走完剧本 "X"', 'finished playbook "X" within 30 days'),
    ('走完剧本"X"30天内', 'within 30 days finished playbook "X"'),
    # 裂变
    ("邀请过", "invited"),
    ("7天内 邀请过 至少3人", "invited at least 3 members within 7 days"),
    ("7天内邀请过至少3人", "within 7 days invited at least 3 members"),
    (
        '7天内 邀请过 至少1人 其中 (有标签 "首单" 且 积分 > 5)',
        'invited at least 1 member where (tagged "首单" and points > 5) within 7 days',
    ),
    ('邀请过 其中 (做过 下单) 7天内 正好2人', "invited exactly 2 members within 7 days where (did 下单)"),
    # 复购
    ('未来3天内 该复购 "猫粮2kg"', 'due to reorder "猫粮2kg" within the next 3 days'),
    ('该复购"猫粮2kg"今天', 'today due to reorder "猫粮2kg"'),
    # 位置
    ('在群 "福利群"', 'in group "福利群"'),
    ('在群"福利群*"', 'in group "福利群*"'),
    ('跟进人 是 "张三"', 'staff is "张三"'),
    ("是好友", "is friend"),
    ("不是好友", "not is friend"),
    ("不满足 是好友", "is not friend"),
    ('来源 归入 "线下门店"', 'source in group "线下门店"'),
    ('来源归入"线下门店"', 'source in group "线下门店"'),
    # 任务
    ('任务 "电话回访" 已完成', 'task "电话回访" done'),
    ('任务 "电话回访" 未完成', 'task "电话回访" open'),
    ('任务"电话回访"已逾期', 'task "电话回访" overdue'),
    ('7天内 任务 "电话回访" 已完成', 'task "电话回访" done within 7 days'),
    # 日子
    ("今天是 工作日", "today is workday"),
    ("今天是节假日", "today is holiday"),
    ("今天不是工作日", "today is not workday"),
    ("今天 不是 节假日", "not today is holiday"),
]
SCHEDULES = [
    ("每天 09:00、20:00", "every day at 09:00, 20:00"),
    ("每天20点", "every day at 20:00"),
    ("每天9点30分", "every day at 9:30"),
    ("每周一、周五 10:00", "every monday, friday at 10:00"),
    ("每周一到周五 10:00", "every weekday at 10:00"),
    ("每个周末 10:00", "every weekend at 10:00"),
    ("每周日10:00", "every sunday at 10:00"),
    ("每月1号、15号、最后一天 10:00", "every month on 1, 15, last day at 10:00"),
    ("每月1号10点", "every month on 1 at 10:00"),
    ("每隔30分钟", "every 30 minutes"),
    ("每隔2小时 09:00到21:00", "every 2 hours between 09:00 and 21:00"),
    ('cron "0 9 * * 1-5"', 'cron "0 9 * * 1-5"'),
    ("定时 2026-11-11 20:00", "on 2026-11-11 at 20:00"),
    ("定时2026年11月11日20点", "on 2026-11-11 at 20:00"),
]
HEADERS = [
    ('说明 "x"', 'about "x"'),
    ('负责人 "x"', 'owner "x"'),
    ("类别 营销", "category marketing"),
    ("类别 服务", "category service"),
    ("优先级 5", "priority 5"),
    ("时区 Asia/Shanghai", "timezone Asia/Shanghai"),
    ("时区 按客户 缺省 Asia/Shanghai", "timezone member else Asia/Shanghai"),
    ("上线 从 2026-01-01 到 2026-02-01 20:00", "active from 2026-01-01 to 2026-02-01 20:00"),
    ("上线 从2026-01-01到2026-02-01", "active from 2026-01-01 to 2026-02-01"),
    ("上线 到 2026-01-01", "active to 2026-01-01"),
    ("草稿", "draft"),
    ("暂停", "paused"),
    ("每人仅一次", "once per member"),
    ("每人每年仅一次", "once per year per member"),
    ("每人每月仅一次", "once per month per member"),
    ("每人每周仅一次", "once per week per member"),
    ("每人每天仅一次", "once per day per member"),
    ("全剧本每人仅一次", "once per member in all"),
    ("再进间隔30天", "again after 30 days"),
    ("全剧本再进间隔30天", "again after 30 days in all"),
    ("免打扰 22:00 到 08:00 顺延", "quiet hours 22:00 to 08:00 defer"),
    ("免打扰 22点到8点 放弃", "quiet hours 22:00 to 08:00 skip"),
    ("对照组 5%", "holdout 5%"),
    ("熔断 5000人", "guard 5000 members"),
    ("熔断 20%", "guard 20%"),
    ('面向 有标签 "x"', 'for tagged "x"'),
    ('当 打上标签 "x*"\n    结束', 'when tagged "x*"\n    stop'),
    (
        "每天 10:00 面向 最近一次 下单 3天前当天\n    每人仅一次\n    结束",
        "every day at 10:00 for last 下单 exactly 3 days ago\n    once per member\n    stop",
    ),
]
STEPS = [
    ('推送 企微 "x"', 'push wecom "x"'),
    ('推送 "x"', 'push "x"'),
    ('推送 企微 "x" 附券 "y"', 'push wecom "x" with coupon "y"'),
    ('推送短信"x"附券"y"', 'push sms "x" with coupon "y"'),
    ('推送 朋友圈 "x"', 'push moments "x"'),
    ('推送 群 "x"', 'push group "x"'),
    ('推送 邮件 "x"', 'push email "x"'),
    ('打标签 "x", "y"', 'tag "x", "y"'),
    ('去标签 "x"', 'untag "x"'),
    ('发券 "x"', 'coupon "x"'),
    ("结束", "stop"),
    ("等待 2小时", "wait 2 hours"),
    ("等待2周", "wait 2 weeks"),
    ("等待 1个月", "wait 1 month"),
    ('步骤 "首触"\n      结束', 'step "首触"\n      stop'),
    (
        '如果 有标签 "x"\n      结束\n    否则如果 有标签 "y"\n      结束\n    否则\n      打标签 "z"',
        'if tagged "x"\n      stop\n    else if tagged "y"\n      stop\n    else\n      tag "z"',
    ),
    (
        '分流 "t"\n      40% "红包"\n        结束\n      40% "空"\n      20% 对照组',
        'split "t"\n      40% "红包"\n        stop\n      40% "空"\n      20% holdout',
    ),
]
DECLS = [
    ("属性 x 文本", "attribute x text"),
    ('属性 x 文本 可选 "a", "b"', 'attribute x text in "a", "b"'),
    ("属性 x 日期", "attribute x date"),
    ('属性 "x y" 农历日期', 'attribute "x y" lunar date'),
    ("属性 x 是否", "attribute x yes/no"),
    ("属性 x 数字", "attribute x number"),
    ("属性 x 金额", "attribute x money"),
    ("属性 x 时间", "attribute x instant"),
    ("事件 x", "event x"),
    ("事件 x 含 a 文本, b 数字", "event x with a text, b number"),
    ('事件 x 含 a 文本 可选 "1", "2", b 数字', 'event x with a text in "1", "2", b number'),
    ('标签组 "x" 互斥', 'tag group "x" exclusive'),
    ('标签组 "x"', 'tag group "x"'),
    ('标签 "x" 归入 "y"', 'tag "x" in group "y"'),
    ('标签 "x" 有效期 30天', 'tag "x" expires after 30 days'),
    ('分群 "x"\n  有标签 "a"\n  且 有标签 "b"', 'segment "x"\n  tagged "a"\n  and tagged "b"'),
    ("指标 x = 90天内 累计 下单.金额", "metric x = sum of 下单.amount within 90 days"),
    ("指标 x = 30天内 下单 次数", "metric x = number of 下单 within 30 days"),
    (
        "\n".join(
            (
                '话术 "x" 用于 企微',
                '  正文 "a"',
                '  小程序 "wx1" 页面 "p" 标题 "t"',
                '  视频 "v"',
                '  文件 "f"',
                '  群活码 "g"',
                '  首评 "c"',
                '  链接 "l" 标题 "t"',
                '  图片 "i"',
            )
        ),
        "\n".join(
            (
                'template "x" on wecom',
                '  text "a"',
                '  miniprogram "wx1" page "p" title "t"',
                '  video "v"',
                '  file "f"',
                '  group code "g"',
                '  comment "c"',
                '  link "l" title "t"',
                '  image "i"',
            )
        ),
    ),
    ('券 "x" 满¥100减¥20', 'coupon "x" worth ¥20 off ¥100'),
    ('券 "x" 满100减20', 'coupon "x" worth 20 off 100'),
    ('券 "x" 满¥199打8.8折', 'coupon "x" worth 12% off ¥199'),
    ('券 "x" 打88折', 'coupon "x" worth 12% off'),
    ('券 "x" 减¥5', 'coupon "x" worth ¥5'),
    ('券 "x" 兑 "罐头"', 'coupon "x" worth gift "罐头"'),
    (
        '券 "x" 减5元\n  库存 1000\n  每人限1张\n  有效期 7天\n  限时段 14:00 到 17:00',
        "\n".join(
            (
                'coupon "x" worth 5 yuan',
                "  stock 1000",
                "  at most 1 per member",
                "  valid 7 days",
                "  usable 14:00 to 17:00",
            )
        ),
    ),
    (
        '券 "x" 减5元\n  每人每天限1张\n  有效当天',
        'coupon "x" worth 5 yuan\n  at most 1 per member per day\n  valid today',
    ),
    (
        '券 "x" 减5元\n  每人每年限1张\n  有效至 2026-01-01',
        'coupon "x" worth 5 yuan\n  at most 1 per member per year\n  valid until 2026-01-01',
    ),
    (
        "\n".join(
            (
                "全局规则",
                "  时区 UTC",
                '  永不推送 有标签 "退订"',
                "  不推营销 7天内 做过 点击",
                "  免打扰 22:00 到 08:00 顺延",
                "  每人每天最多1条 企微",
                "  每人7天最多3条 顺延",
                "  每群每天最多3条",
                "  对照组 1%",
                "  熔断 20%",
            )
        ),
        "\n".join(
            (
                "policy",
                "  timezone UTC",
                '  never push members who tagged "退订"',
                "  never market to members who did 点击 within 7 days",
                "  quiet hours 22:00 to 08:00 defer",
                "  at most 1 push per day per member on wecom",
                "  at most 3 pushes per 7 days per member defer",
                "  at most 3 pushes per day per group",
                "  holdout 1%",
                "  guard 20%",
            )
        ),
    ),
]
