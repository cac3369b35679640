"""What is told of several together and then of each, and days nobody can have meant."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from bot.commands.understand import run
from handlers.understanding import second, shapes

PUPILS = ["张三", "李四", "王五", "丁一", "丁一一", "左右"]


def said(text: str, now: str = "2025-03-12T08:05", role: str = "teacher") -> list[str]:
    """Each action as one line: its name, pupils, slots."""
    entry = {"id": "1", "role": role, "now": now, "roster": PUPILS, "text": text}
    actions = json.loads(next(run([json.dumps(entry, ensure_ascii=False)])))["actions"]
    hidden = ("action", "students", "reason", "note", "about")
    return [
        " ".join([a["action"], *a.get("students", []), *(f"{k}={v}" for k, v in a.items() if k not in hidden)])
        for a in actions
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("张三、李四分别是单亲和残疾", ["mark 张三 group=single_parent", "mark 李四 group=disabled"]),
        ("张三 李四 王五 早自习都没来，李四后面到了", ["absence 张三 王五"]),
        ("张三、李四昨天没来，李四今天来了", ["absence 张三 李四 date=2025-03-11", "return 李四 date=2025-03-12"]),
        (
            "张三、李四的劝学通知书都送到了，张三是今天送的，李四是前天送的",
            ["notice 张三 date=2025-03-12", "notice 李四 date=2025-03-10"],
        ),
        ("病假两个，张三李四，王五是事假", ["clarify 张三 李四 王五"]),
        ("张三交给陈老师跟，李四也给他", ["assign 张三 李四 to=陈老师"]),
        (
            "电话核实：张三家长同意返校；李四家长联系不上",
            ["contact 张三 channel=phone outcome=agreed", "contact 李四 channel=phone outcome=nobody"],
        ),
        ("去了张三、李四两家，一家答应一家没答应", ["clarify 张三 李四"]),
        ("去的是张三家不是李四家，大人同意返校", ["visit 张三 outcome=agreed"]),
    ],
)
def test_one_each(text: str, wanted: list[str]) -> None:
    assert said(text, role="township" if "两家" in text or "不是" in text else "teacher") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("家访张三4月8日，家长同意", ["clarify 张三"]),
        ("家访张三2024年4月8日，家长同意", ["visit 张三 outcome=agreed date=2024-04-08"]),
        ("家访张三3月8日，家长同意", ["visit 张三 outcome=agreed date=2025-03-08"]),
        ("张三昨天今天请病假两天", ["leave 张三 kind=sick from=2025-03-11 to=2025-03-12 days=2"]),
        ("张三前天昨天都来了，今天没来", ["absence 张三 date=2025-03-12"]),
        ("李四有三天左右没来了", ["absence 李四 days=3"]),
        ("丁一一直没来", ["absence 丁一"]),
        ("丁一一没来", ["absence 丁一一"]),
        ("张三感冒，请事假两天", ["leave 张三 kind=personal days=2"]),
    ],
)
def test_days_and_names_are_the_ones_that_were_meant(text: str, wanted: list[str]) -> None:
    assert said(text) == wanted


@pytest.fixture
def _nothing_kept() -> Iterator[None]:
    """Shapes are worked out by the weights that the test puts in, and by no others afterwards."""
    shapes.forget()
    yield
    shapes.forget()


@pytest.mark.usefixtures("_nothing_kept")
def test_what_neither_rules_nor_weights_believe_is_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second, "weigh", lambda pieces: dict.fromkeys(("nothing", "visit:agreed", "return"), 0.01))
    assert said("家访张三，家长同意") == ["clarify 张三"]
    assert said("张三已劝返") == ["visit 张三 outcome=other"], "nothing is believed or doubted of what was not said"
    assert said("张三今天没来") == ["absence 张三 date=2025-03-12"], "an absence of a day that was said is not doubted"
    shapes.forget()
    monkeypatch.setattr(second, "weigh", lambda pieces: {"nothing": 0.01, "visit:agreed": 0.5, "return": 0.01})
    assert said("家访张三，家长同意") == ["visit 张三 outcome=agreed"]
