"""What a form still lacks before it is finished, and in which words the rest is written: what no record holds is asked of a person."""

from __future__ import annotations

from handlers.papers import FORM_TITLES, TITLES
from reports.forms import NotReady
from reports.templates.layouts import from_records, labels


def to_fill(whose: str, paper: str, reason: NotReady) -> str:
    """The answer to 定稿 while something is blank; ``whose``: the child's name, empty for a paper of a unit."""
    title, who = {**TITLES, **FORM_TITLES}[paper], f"{whose} " if whose else ""
    steps = [step for step in reason.steps if not step.startswith("补填")]
    blank = [step.removeprefix("补填") for step in reason.steps if step.startswith("补填")]
    known = {labels()[slot] for slot in from_records()}
    by_person, by_record = [c for c in blank if c not in known], [c for c in blank if c in known]
    lines = [
        f"{f'{whose}的' if whose else ''}《{title}》还不能定稿。",
        *(["请先" + "；".join(steps) + "。"] if steps else []),
    ]
    if by_person:
        lines.append(f"要补填{len(by_person)}栏：{'、'.join(by_person)}。")
    if by_record:
        lines.append(f"名册和记录里还没有：{'、'.join(by_record)}。请补名册、补记录，或者同样补填。")
    if blank:
        example = "；".join(f"{column}：内容" for column in (by_person or by_record)[:2])
        lines.append(f"补填请发：{who}{title} {example}。可以一次填几栏，没有的写“无”。")
    return "\n".join([*lines, f"填齐后再发：定稿 {who}{title}。"])
