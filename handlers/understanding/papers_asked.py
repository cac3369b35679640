"""Papers asked for."""

from __future__ import annotations

import datetime as dt
import re

from handlers.understanding import lexicon_requests as ask
from handlers.understanding.clauses import Clause, Line
from handlers.understanding.drafts import Draft, asked_for

SENT_AS_FILE = re.compile(r"导|下载|打印|excel|word")
_PRINT_IT = re.compile(
    r"(?:[ ,]?(?:都|一起|一块儿?|一并|一道)?(?:打印|导出?|下载|出|发我|发一份|给我)(?:给我|一?下|一份|出来)?)?"
)


def then_printed(clause: Clause, line: Line) -> str:
    """台账、月报,导给我: what stands after the clause, where it is only how to hand it over."""
    rest = _PAPERS_ON.match(line.text, clause.end)
    at = rest.end() if rest else clause.end
    return line.text[at:] if _PRINT_IT.fullmatch(line.text, at) else ""


_PAPER = re.compile(
    rf"(?:N的?|[^,NWD没]{{0,10}})(?:{ask.LEDGER.pattern})(?:(?:[、和跟]|还有|以及)(?:N的?|[^,NWD没]{{0,10}})(?:{ask.LEDGER.pattern}))*(?:、|都?要|都)?"
)
_PAPERS_ON = re.compile(
    rf"(?:[,、和]?N的?[^,NWD没]{{0,6}}(?:{ask.LEDGER.pattern}))*"
)  # 张三的劝返记录、李四的辍学报告书,打印
_EACH_PRINTED = re.compile(r"(?:各|都|分别|一起|一并)[^,N]{0,3}(?:出|打|印|导|开|要|发|来)[^,N]{0,4}")
_TO_PRINT = re.compile(r"(?:打印|导出?|下载)[^,。N]{0,4}[,:]$")  # 要打印两样,家访表、通知书


def export(clause: Clause, line: Line, today: dt.date, before: list[Draft]) -> list[Draft]:
    """A ledger or a form asked for, to print or as a file."""
    text = clause.text
    verb = ask.EXPORT_VERB.search(text) or _TO_PRINT.search(line.text, 0, clause.start)
    goes_on = before and before[-1].action == "export" and not re.search(r"[没未]|怎么|送达|送到|N(?!的)", text)
    alone = _PRINT_IT.fullmatch(line.text, clause.end) is not None  # 张三 劝返记录表 打印
    shared = _PAPER.fullmatch(text) and (_EACH_PRINTED.search(line.text, clause.end) or then_printed(clause, line))
    bare = bool(shared) or (clause.start == 0 and alone and ask.LEDGER_ALONE.fullmatch(text))
    if not verb and not goes_on and not bare:
        return []
    as_list = re.search(r"名单|清单", text) and not SENT_AS_FILE.search(text)
    if as_list and (re.search("看", text) or not re.search(r"台账|表格?|电子|特殊群体的?名单", text)):
        return []  # 辍学的名单给我一份: to be looked at
    kinds: list[tuple[int, str, re.Match[str]]] = []
    rest = text
    for what, words in ask.EXPORTS:
        for match in words.finditer(rest):
            kinds.append((match.start(), what, match))
            rest = rest[: match.start()] + " " * len(match.group()) + rest[match.end() :]
    if not kinds or not (
        ask.LEDGER.search(text) or (verb and re.search(r"导|打印|下载|份|张|本|出|开|生成|套", verb.group()))
    ):
        return []
    if re.search(r"(?:已|昨天|D)(?:经)?(?:送|下达|发给)", text):
        return []
    return [asked_for("export", clause, match, what=what) for _, what, match in sorted(kinds, key=lambda k: k[0])]
