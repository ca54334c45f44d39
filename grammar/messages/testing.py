"""Messages about playbook tests (C4xx) and the words of their report."""

from __future__ import annotations

from .message import Message

_NEAR = {"near": ("你是想写“{near}”吗?", 'Did you mean "{near}"?')}

_FILES: dict[str, Message] = {
    "C401": Message("这里缺少 {key}", "{key} is missing here", "docs/testing.md 里有完整的例子", "docs/testing.md has a whole example"),
    "C402": Message(
        "“{text}”不是时间",
        '"{text}" is no instant',
        "写成 2026-11-21 20:00;now 以外的地方也可以写 1天前、昨天 10:00、7天后",
        "write 2026-11-21 20:00; except for `now` also 1 day ago, yesterday 10:00, in 7 days",
    ),
    "C403": Message(
        "members 和 groups 里没有 {name}",
        "{name} is not among members and groups",
        "先在 members 或 groups 里写上它;测试途中才来的写 {{new: member}} 或 {{new: group}}",
        "write it under members or groups first; who comes during the test has {{new: member}} or {{new: group}}",
        _NEAR,
    ),
    "C404": Message(
        "用例的时间要比前一个晚",
        "a case must be later than the case before",
        "写上 at,如 at: 1天后;同一时刻的期望合成一个用例",
        "give it an `at`, such as at: 1 day later; what happens at one instant belongs into one case",
    ),
    "C405": Message(
        "“{text}”不是一件会做的事",
        '"{text}" is nothing that is done to somebody',
        "照剧本的写法写一步,如 推送 企微 \"猫粮种草\";轮换的写实际发出的那条话术",
        "write one step as in the playbook, such as push wecom \"猫粮种草\"; of a rotation the template that is sent",
        {"comma": (
            "方括号里逗号隔开的是另一项;一步里有几个名字时,不用方括号,一行写一项:- 打标签 \"甲\", \"乙\"",
            "between brackets a comma begins another entry; write a step with several names on a line: - tag \"A\", \"B\"",
        )},
    ),
    "C406": Message(
        "{path} 里没有剧本",
        "there is no playbook in {path}",
        "playbooks 里写 .sop 文件,相对于这个测试文件或者工作区",
        "name .sop files under playbooks, relative to this test file or to the workspace",
    ),
    "C407": Message(
        "这件事在用例的时刻之后才发生",
        "this happens after the instant of the case",
        "把它放到后面的用例里,或者改早一点",
        "move it to a later case, or make it earlier",
    ),
    "C408": Message(
        "这一项读不懂",
        "this entry cannot be read",
        "只写名字,或者 {{名字: 时间}};还可以写 {known}",
        "write a name alone or {{name: instant}}; besides there may be {known}",
    ),
    "C409": Message(
        "{text} 不是正则表达式:{error}", "{text} is no regular expression: {error}", "例如 --run 第二天", "for example --run '^new'"
    ),
    "C411": Message(
        "剧本 {name} 没有运行({codes})",
        "playbook {name} did not run ({codes})",
        "先用 qingting check 看看它哪里不对",
        "qingting check tells what is wrong with it",
    ),
    "C412": Message(
        "剧本 {name} 被熔断:{reached} 人,上限 {limit}",
        "the guard refused playbook {name}: {reached} members, limit {limit}",
        "本该这样的话,在用例里写 refused: [{name}]",
        "if that is right, write refused: [{name}] in the case",
    ),
    "C413": Message("剧本 {name} 没有被熔断", "no guard refused playbook {name}", "检查熔断的上限", "look at the limit of its guard"),
    "C415": Message(
        "{member} 没有还没做完的任务 {name}",
        "{member} has no open task {name}",
        "写剧本派给他的任务的名字,可以只写开头加 *,如 回访*;要到派出之后的用例里才能说它做完了",
        "write the title as the playbook gives it, or its beginning with *, such as call*; only a case after that can say so",
    ),
    "C416": Message(
        "剧本 {name} 运行到一半出错了({where})",
        "playbook {name} failed while it ran ({where})",
        "这不是剧本写错了,是蜻蜓的毛病:请把这个测试文件和剧本一起报告给我们",
        "the playbook is not at fault, qingting is: please report this test together with the playbook",
    ),
    "C414": Message(
        "这位客户的资料写成的测试读不懂",
        "the test made of this member cannot be read",
        "数据库里有现在没有声明的名字:按上面的提示声明它们",
        "the store holds names that are not declared now: declare them as told above",
    ),
}

_WORDS: dict[str, Message] = {
    "test.none": Message("没有找到测试文件(名字以 _test.yaml 结尾)", "there are no test files here (their names end in _test.yaml)"),
    "test.passed": Message("通过 {passed},没通过 {failed}", "{passed} passed, {failed} failed"),
    "test.missing": Message("应该有、没有", "expected, but did not happen"),
    "test.unexpected": Message("不该有、有了", "happened, but is not expected"),
    "test.case": Message("没通过", "FAILED"),
    "test.more": Message("……还有 {count} 行,--json 里有全部", "… {count} more lines; --json has them all"),
    "test.coverage": Message("覆盖", "coverage"),
    "test.steps": Message("步骤", "steps"),
    "test.tests": Message("条件", "tests"),
    "test.branches": Message("分支", "branches"),
    "test.never_reached": Message("从没执行", "never carried out"),
    "test.never_true": Message("从没成立", "never true"),
    "test.never_false": Message("从没不成立", "never false"),
    "test.covered": Message("{kind} {covered}/{total}", "{kind} {covered}/{total}"),
}

MESSAGES: dict[str, Message] = {**_FILES, **_WORDS}
