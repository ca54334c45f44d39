"""Messages about stores and imports (S…): S1 rows of a file, S2 files, S3 the store."""

from __future__ import annotations

from .message import Message

_ROWS: dict[str, Message] = {
    "S101": Message("「{column}」是空的", "“{column}” is empty", "这一列必须有值。", "This column must have a value."),
    "S102": Message(
        "「{column}」应当是文本", "“{column}” should be text",
        "在 JSON 里给它加上引号;在 Parquet 里把这一列存成文本。",
        "Put it between quotation marks in the JSON; in Parquet, store the column as text.",
    ),
    "S103": Message(
        "「{column}」里有看不见的空字符",
        "“{column}” contains a NUL character",
        "在表格里把这一格重新输入一遍。",
        "Type this cell again.",
    ),
    "S104": Message(
        "「{column}」太长,最多 {most} 个字",
        "“{column}” is too long; at most {most} characters",
        "写短一点;也可能是前面有引号没合上。",
        "Write less; or a quotation mark before it is not closed.",
    ),
    "S105": Message(
        "「{column}」里有坏掉的字符",
        "“{column}” is not valid Unicode text",
        "重新导出一份文件。",
        "Export the file again.",
    ),
    "S106": Message(
        "「{column}」不是数字", "“{column}” is not a number",
        "只写数字,例如 1200 或 -0.5,不带逗号和单位。",
        "Write only digits, such as 1200 or -0.5, without commas or units.",
    ),
    "S107": Message(
        "「{column}」的小数位太多,最多 {most} 位",
        "“{column}” has too many decimals; at most {most}",
        "在表格里四舍五入以后再导出。",
        "Round it before the export.",
    ),
    "S108": Message(
        "「{column}」的数字太大,存不下",
        "“{column}” is out of the range that can be kept",
        "看看是不是把编号或手机号填进了数字的列。",
        "Perhaps an id or a phone number stands in a column of numbers.",
    ),
    "S109": Message(
        "「{column}」不是存在的日期", "“{column}” is not a date that exists",
        "日期写作 2026-11-11。", "Write dates as 2026-11-11.",
    ),
    "S110": Message(
        "「{column}」不是农历日期", "“{column}” is not a lunar date",
        "农历日期写作 08-15(月-日)。", "Write lunar dates as 08-15 (month-day).",
    ),
    "S111": Message(
        "「{column}」不是能读懂的时间", "“{column}” is not an instant that can be read",
        "时间写作 2026-11-11 20:00 或 2026-11-11T20:00:00+08:00。",
        "Write instants as 2026-11-11 20:00 or 2026-11-11T20:00:00+08:00.",
    ),
    "S112": Message(
        "「{column}」是一个单独的数字,看不出是什么时间", "“{column}” is a bare number, which could be any instant",
        "时间写作 2026-11-11 20:00。", "Write instants as 2026-11-11 20:00.",
    ),
    "S113": Message(
        "「{column}」不是“是”或“否”", "“{column}” is neither yes nor no",
        "写 是、否、yes、no、true 或 false。", "Write yes, no, true, false, 是 or 否.",
    ),
    "S114": Message(
        "「{column}」不是已知的时区", "“{column}” is not a known time zone",
        "时区写作 Asia/Shanghai 这样的名字,或 UTC。", "Write zones by name, such as Asia/Shanghai, or UTC.",
    ),
    "S115": Message(
        "「{column}」不在声明的可选值里", "“{column}” is none of the declared choices",
        "可选:{choices}", "Choices: {choices}",
    ),
    "S116": Message(
        "没有这位客户", "there is no such member",
        "先导入客户,或加上 --create-members。", "Import the members first, or add --create-members.",
    ),
    "S117": Message(
        "「{column}」不是声明过的标签", "“{column}” names no declared tag",
        "在 .sop 文件里声明它,或加上 --ignore-unknown。", "Declare it in a .sop file, or add --ignore-unknown.",
    ),
    "S118": Message(
        "「{column}」不是声明过的事件", "“{column}” names no declared event",
        "在 .sop 文件里声明它,或加上 --ignore-unknown。", "Declare it in a .sop file, or add --ignore-unknown.",
    ),
    "S119": Message(
        "「{column}」不是声明过的券", "“{column}” names no declared coupon",
        "在 .sop 文件里声明它,或加上 --ignore-unknown。", "Declare it in a .sop file, or add --ignore-unknown.",
    ),
    "S120": Message(
        "这种事件没有字段「{column}」", "events of this type have no field “{column}”",
        "把这一格留空,或在事件的声明里加上这个字段。",
        "Leave the cell empty, or add the field to the event's declaration.",
    ),
    "S121": Message("没有名为「{column}」的列", "there is no column “{column}”",
        "改正名字,声明它,或加上 --ignore-unknown。", "Correct the name, declare it, or add --ignore-unknown."),
    "S122": Message(
        "这一行有 {cells} 格,表头只有 {columns} 列", "the row has {cells} cells, the header only {columns} columns",
        "含逗号的内容要放在引号里。", "Text with commas must stand between quotation marks.",
    ),
    "S123": Message(
        "这一行只有 {cells} 格,表头有 {columns} 列",
        "the row has only {cells} cells, the header {columns} columns",
        "没有值的格子也要留着逗号。",
        "Empty cells keep their commas.",
    ),
    "S124": Message(
        "这一行不是能读懂的 JSON", "the line is not JSON that can be read",
        "每行写一个完整的 {{…}}。", "Write one whole {{…}} on each line.",
    ),
    "S125": Message("这一行不是 JSON 对象", "the line is not a JSON object",
        "每行写一个 {{…}}。", "Write one {{…}} on each line."),
    "S126": Message(
        "「{column}」在这一行里出现了两次",
        "“{column}” stands twice in this line",
        "留下一个。",
        "Keep one of them.",
    ),
    "S127": Message(
        "「{column}」应当晚于开始的时间",
        "“{column}” should be later than the beginning",
        "看看开始和结束是不是填反了。",
        "Perhaps the two are swapped.",
    ),
    "S128": Message(
        "「{column}」里是列表或对象", "“{column}” holds a list or an object",
        "写一个单独的值;标签另用 import tags 导入。", "Write a single value; bring tags in by import tags.",
    ),
    "S129": Message(
        "已有同一编号、内容不同的事件", "there is an event of the same id with other content",
        "保留了原来的;如果是另一件事,请给它另一个编号。",
        "The earlier one is kept; give another event an id of its own.",
    ),
    "S130": Message(
        "已有同一券码、内容不同的券", "there is a coupon of the same code with other content",
        "保留了原来的。", "The earlier one is kept.",
    ),
    "S131": Message(
        "引号没有合上,到第 {last} 行为止都没有读入",
        "a quotation mark is not closed; all up to line {last} is left out",
        "在这一行里补上引号 \"。", "Add the missing quotation mark \" in this line.",
    ),
    "S132": Message(
        "「{column}」应当是整数",
        "“{column}” should be a whole number",
        "去掉小数。",
        "Leave the decimals out.",
    ),
    "S133": Message(
        "有一格太大,到第 {last} 行为止都没有读入", "a cell is too large; all up to line {last} is left out",
        "多半是引号没有合上。", "A quotation mark is probably not closed.",
    ),
    "S134": Message(
        "引号后面多了内容", "there is text behind a closing quotation mark",
        "格子里的引号要写两遍。", "Write a quotation mark inside a cell twice.",
    ),
    "S135": Message(
        "没有客户,却写了进群或退群时间", "there is no member, but the row says since when or until when",
        "描述群的行把 since 和 until 空着;成员的行要写客户号。",
        "Leave since and until empty in a row that describes a group; a row about membership names the member.",
    ),
}

_FILES: dict[str, Message] = {
    "S201": Message(
        "没有文件 {path}",
        "there is no file {path}",
        "检查文件名和所在的文件夹。",
        "Check its name and its folder.",
    ),
    "S202": Message(
        "{path} 是文件夹,不是文件",
        "{path} is a folder, not a file",
        "写上里面那个文件的名字。",
        "Name a file inside it.",
    ),
    "S203": Message(
        "无法读取 {path}:{error}",
        "{path} cannot be read: {error}",
        "检查文件的权限,看它是不是正被别的程序打开",
        "Check its permissions, and whether another program has it open",
    ),
    "S204": Message(
        "{path} 第 {line} 行第 {column} 个字起不是 UTF-8 编码",
        "{path} is not UTF-8 from character {column} of line {line} on",
        "Excel 里另存为「CSV UTF-8」;或加上 --encoding gb18030(Excel 的「Unicode 文本」用 utf-16)。",
        "Save it in Excel as “CSV UTF-8”; or add --encoding gb18030 (utf-16 for Excel's “Unicode Text”).",
    ),
    "S205": Message("不认识 {path} 的格式", "the format of {path} is not known",
        "文件名应当以 {known} 结尾。", "The name should end in {known}."),
    "S206": Message("{path} 里没有表头", "{path} has no header",
        "第一行写列名。", "Write the column names into the first line."),
    "S207": Message(
        "{path} 缺少列:{column}",
        "{path} lacks the column {column}",
        "在第一行加上这个列名,再填上每一行的值。",
        "Add it to the first line, and its values below.",
    ),
    "S208": Message("{path} 的列「{column}」没有声明过", "{path} has a column “{column}” that is not declared",
        "已知的列:{known}。或加上 --ignore-unknown。", "Known columns: {known}. Or add --ignore-unknown."),
    "S209": Message(
        "{path} 的列「{column}」出现了两次",
        "{path} has the column “{column}” twice",
        "删掉一列,或给它改名。",
        "Delete one of them, or rename it.",
    ),
    "S222": Message(
        "{path} 的第一行里没有一个认得的列名,像是少了表头",
        "the first line of {path} has no column name that is known; the header seems to be missing",
        "第一行写列名。认得的有:{known}。",
        "Write the column names into the first line. Known are: {known}.",
    ),
    "S210": Message("{path} 的第 {position} 列没有名字", "column {position} of {path} has no name",
        "给它起名,或删掉这一列。", "Name it, or delete the column."),
    "S211": Message(
        "{path} 第 {line} 行太长,最多 {most} 个字",
        "line {line} of {path} is too long; at most {most} characters",
        "多半是换行丢了:每一行只写一条。",
        "Line ends are probably lost; each line holds one row.",
    ),
    "S212": Message("不能导入「{kind}」", "“{kind}” cannot be imported", "可以导入:{known}", "Imports are: {known}"),
    "S213": Message(
        "{path} 的表头里引号没有合上",
        "the header of {path} has a quotation mark that is not closed",
        '在第一行补上引号 "。',
        'Add the missing quotation mark " in the first line.',
    ),
    "S214": Message(
        "「{kind}」不能用这种 --replace", "“{kind}” cannot be imported with this --replace",
        "可以的有:{known}", "It works for {known}.",
    ),
    "S215": Message(
        "{path} 里一行也没有,用它替换会清空全部", "{path} has no rows; replacing everything by it would leave nothing",
        "检查文件是否导出完整。", "Check that the file was exported completely.",
    ),
    "S216": Message(
        "{path} 第 {line} 行第 {column} 个字起不是 {encoding} 编码",
        "{path} is not {encoding} from character {column} of line {line} on",
        "去掉 --encoding,或在 Excel 里另存为「CSV UTF-8」。",
        "Leave --encoding out, or save it in Excel as “CSV UTF-8”.",
    ),
    "S217": Message(
        "读 Parquet 文件要先安装 pyarrow", "reading Parquet files needs pyarrow, which is not installed",
        "运行:pip install 'qingting[parquet]';或把文件另存为 CSV。",
        "Run: pip install 'qingting[parquet]'; or save the file as CSV.",
    ),
    "S218": Message(
        "{path} 不是 Parquet 文件,或者已损坏", "{path} is not a Parquet file, or is damaged",
        "重新导出一份。", "Export it again.",
    ),
    "S219": Message(
        "{path} 的列「{column}」用旧格式(INT96)存时间,看不出时区",
        "the column “{column}” of {path} keeps instants in the old form INT96, which does not say their zone",
        "重新导出,时间存成 TIMESTAMP_MICROS(Spark:spark.sql.parquet.outputTimestampType)。",
        "Export it again with TIMESTAMP_MICROS (in Spark: spark.sql.parquet.outputTimestampType).",
    ),
    "S220": Message(
        "{path} 是 UTF-8 编码,不是 {encoding}", "{path} is UTF-8, not {encoding}",
        "去掉 --encoding。", "Leave --encoding out.",
    ),
    "S221": Message(
        "{path} 是电子表格,不能直接导入", "{path} is a spreadsheet, which cannot be imported as it is",
        "在 Excel 或 WPS 里另存为「CSV UTF-8」,再导入那个 CSV 文件。",
        "Save it from Excel or WPS as “CSV UTF-8”, and import that file.",
    ),
}

_STORE: dict[str, Message] = {
    "S301": Message("没有客户库 {path}", "there is no store {path}",
        "先用 qingting init 或 qingting import 建立。", "Make one by qingting init or qingting import."),
    "S302": Message(
        "{path} 是文件夹,不是客户库",
        "{path} is a folder, not a store",
        "检查 qingting.yaml 的 store 或 --store 写的路径。",
        "Check the path that store in qingting.yaml or --store names.",
    ),
    "S303": Message("无法打开客户库 {path}({error})", "the store {path} cannot be opened ({error})",
        "检查文件和文件夹的权限。", "Check the permissions of the file and its folder."),
    "S304": Message(
        "{path} 不是客户库",
        "{path} is not a store",
        "检查 qingting.yaml 的 store 或 --store 写的路径;不要改动这个文件。",
        "Check the path that store in qingting.yaml or --store names; leave the file as it is.",
    ),
    "S305": Message("客户库 {path} 已损坏({error})", "the store {path} is damaged ({error})",
        "请从备份恢复。", "Restore it from a backup."),
    "S306": Message(
        "客户库 {path} 是只读的",
        "the store {path} is read-only",
        "改成可以写入,或复制到能写入的文件夹",
        "Make it writable, or copy it to a folder that is",
    ),
    "S307": Message("写不进客户库 {path}:磁盘满了或出错({error})",
        "the store {path} cannot be written: the disk is full or faulty ({error})",
        "没有写入一半的内容;腾出空间后再来一次。", "Nothing is half-written; make room and do it again."),
    "S308": Message("客户库 {path} 正被另一个程序占用", "another program is using the store {path}",
        "稍后再试。", "Try again in a moment."),
    "S309": Message(
        "{path} 是数据库,但不是蜻蜓的客户库",
        "{path} is a database, but not a qingting store",
        "换一个路径;这个文件没有动过。",
        "Choose another path; the file was left alone.",
    ),
    "S310": Message("客户库 {path} 是更新的版本({store}),这个程序只懂到 {program}",
        "the store {path} has the newer schema {store}; this program knows up to {program}",
        "请升级 qingting。", "Upgrade qingting."),
    "S311": Message("「{name}」在客户库里是 {stored},现在声明为 {declared}",
        "“{name}” is {stored} in the store, but now declared as {declared}",
        "给新的类型另起一个名字。", "Give the new type a name of its own."),
    "S312": Message(
        "内存不够,无法处理客户库 {path}",
        "there is not enough memory to work on the store {path}",
        "关掉别的程序再来一次",
        "Close other programs and try again",
    ),
    "S313": Message(
        "有内容太大,存不进客户库 {path}",
        "something is too large for the store {path}",
        "看看文件里有没有特别长的一格",
        "Look for a very long cell in the file",
    ),
    "S314": Message("客户库 {path} 是旧版本({store}),要先升级到 {program}",
        "the store {path} has the older schema {store} and must be brought to {program} first",
        "运行一次会写入的命令,例如 qingting import。", "Use a command that writes once, such as qingting import."),
    "S315": Message(
        "{path} 已经存在",
        "{path} exists already",
        "换一个名字,或先把它移走",
        "Choose another name, or move it away first",
    ),
    "S316": Message("无法建立客户库 {path}:{error}", "the store {path} cannot be made: {error}",
        "检查文件夹是否存在、能否写入。", "Check that the folder exists and can be written."),
}

MESSAGES: dict[str, Message] = {**_ROWS, **_FILES, **_STORE}
