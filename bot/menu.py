"""The app's menu in WeChat Work: its buttons, and what each says in the member's place."""

from __future__ import annotations

from bot.wecom import cards

SAYS = {
    "todo": "待办",
    "pending": "待劝返名单",
    "overdue": "逾期",
    "report": "月报",
    "missing": "哪些学校没交月报",
    "help": "帮助",
    "whoami": "我是谁",
}


def menu(public_url: str) -> cards.Card:
    """The app's menu: three buttons with sub-buttons. Where one looks, the page opens; where one asks, the chat answers.

    Without an address of the pages, whatever the chat can show as well comes there.
    """

    def page(path: str, instead: str = "") -> str:
        return f"{public_url.rstrip('/')}/m/{path}" if public_url else instead

    wanted = (
        ("报情况", [("我的待办", page("todo", "todo")), ("点名", page("roll")), ("帮助", "help"), ("我是谁", "whoami")]),
        ("名单", [("待劝返", page("pending", "pending")), ("逾期", page("pending?late=1", "overdue")), ("台账", page("ledgers"))]),
        ("月报", [("看月报", page("report", "report")), ("未报学校", "missing"), ("看板", page("county"))]),
    )  # fmt: skip
    return cards.menu([(name, [item for item in items if item[1]]) for name, items in wanted])
