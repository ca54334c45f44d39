"""The words of the generated pet shop: names, cities, products."""

from __future__ import annotations

from dataclasses import dataclass

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = (
    "伟",
    "芳",
    "娜",
    "敏",
    "静",
    "丽",
    "强",
    "磊",
    "洋",
    "艳",
    "勇",
    "军",
    "杰",
    "娟",
    "涛",
    "明",
    "超",
    "秀兰",
    "霞",
    "平",
    "子涵",
    "欣怡",
    "雨桐",
    "浩然",
    "思远",
    "佳琪",
    "梦瑶",
    "一诺",
    "嘉怡",
    "俊杰",
    "雅婷",
    "志强",
    "晓东",
    "婉清",
    "若曦",
    "天宇",
)
CITIES = (
    ("上海", 30),
    ("杭州", 16),
    ("苏州", 12),
    ("南京", 9),
    ("宁波", 6),
    ("北京", 9),
    ("广州", 6),
    ("深圳", 6),
    ("成都", 6),
)
STORES = ("静安店", "徐汇店", "西湖店", "园区店", "网店")
CLERKS = ("小林", "小周", "小何", "小吴", "小郑", "小许")
PETS = (
    "咪咪",
    "团子",
    "豆豆",
    "可乐",
    "布丁",
    "年糕",
    "芝麻",
    "汤圆",
    "橘子",
    "旺财",
    "奶茶",
    "毛球",
    "雪球",
    "土豆",
    "花卷",
)
CARDS = (("普通", 62), ("银卡", 28), ("金卡", 10))
ABROAD = ("America/Los_Angeles", "Europe/London", "Asia/Tokyo", "Australia/Sydney")


@dataclass(frozen=True, slots=True)
class Product:
    """What is sold: ``cents`` for one, ``pet`` whose owner buys it, ``weight`` how often it is picked."""

    name: str
    cents: int
    pet: str
    weight: int


PRODUCTS = (
    Product("猫粮2kg", 12900, "猫", 20),
    Product("猫粮5kg", 26900, "猫", 9),
    Product("猫砂10L", 4590, "猫", 22),
    Product("猫罐头24罐", 16800, "猫", 10),
    Product("猫条", 2990, "猫", 14),
    Product("猫抓板", 3900, "猫", 5),
    Product("逗猫棒", 1580, "猫", 4),
    Product("狗粮5kg", 23900, "狗", 20),
    Product("狗罐头", 9900, "狗", 8),
    Product("狗咬胶", 2680, "狗", 12),
    Product("牵引绳", 6900, "狗", 4),
    Product("宠物尿垫", 5990, "狗", 10),
    Product("体内驱虫药", 8800, "", 6),
    Product("宠物沐浴露", 5200, "", 5),
)
