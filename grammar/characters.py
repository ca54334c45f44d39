"""What characters that nobody can see are called."""

from __future__ import annotations

import unicodedata
from typing import TypedDict

_CHINESE = {
    0x0000: "空字符", 0x0007: "响铃符", 0x0008: "退格符", 0x000B: "垂直制表符", 0x000C: "换页符", 0x001B: "转义符",
    0x007F: "删除符", 0x00AD: "软连字符", 0x200B: "零宽空格", 0x200C: "零宽不连字", 0x200D: "零宽连字",
    0x200E: "从左到右标记", 0x200F: "从右到左标记", 0x202A: "从左到右嵌入", 0x202B: "从右到左嵌入",
    0x202C: "方向结束符", 0x202D: "从左到右强制", 0x202E: "从右到左强制", 0x2060: "零宽不换行", 0x2061: "函数应用符",
    0x2066: "从左到右隔离", 0x2067: "从右到左隔离", 0x2068: "方向隔离", 0x2069: "隔离结束符", 0xFEFF: "字节顺序标记",
    0xFFF9: "注音起点", 0xFFFA: "注音分隔", 0xFFFB: "注音终点",
}
_CONTROL = {
    0x0000: "null", 0x0007: "bell", 0x0008: "backspace", 0x000B: "line tabulation", 0x000C: "form feed",
    0x001B: "escape", 0x007F: "delete",
}


class CharacterNames(TypedDict):
    """The parameters that name a character in a message."""

    character: str
    name_zh: str
    name_en: str


def character_names(char: str) -> CharacterNames:
    """The parameters that name an invisible character in a message: its code point and its name in both languages.

    >>> character_names("\\u200b")
    {'character': 'U+200B', 'name_zh': '零宽空格', 'name_en': 'zero width space'}
    """
    code = ord(char)
    english = _CONTROL.get(code) or unicodedata.name(char, "").lower() or "a character without a name"
    chinese = _CHINESE.get(code) or unicodedata.name(char, "").lower() or "没有名字的字符"
    return {"character": f"U+{code:04X}", "name_zh": chinese, "name_en": english}
