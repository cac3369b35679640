"""Who looks after a pupil: a colleague found by name, or by surname and title, becomes the helper (包联人)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from casework.facts import Fact
from casework.people import Post, Pupil
from handlers import colleagues, departments, wording
from handlers.answer import Written
from handlers.asking import Asked
from handlers.desk import Desk
from handlers.places import place_name
from handlers.telling import tell
from handlers.understanding.actions import Action

Recorder = Callable[[str, Mapping[str, Any], Pupil], Sequence[Fact]]


def assign(
    desk: Desk, action: Action, answers: Mapping[str, str], pupils: Sequence[Pupil], record: Recorder
) -> Asked | Written:
    """Another helper for these pupils: a colleague found by name or by surname and title."""
    wanted = str(action.slots.get("to", ""))
    chosen = answers.get("helper")
    called = [] if chosen else colleagues.called(desk, wanted, pupils[0] if pupils else None)
    found = [chosen] if chosen else [p.id for p in called]
    sure = desk.unattended or all(colleagues.certain(wanted, p) for p in called)
    if found and not desk.unattended:
        found = [p for p in found if _sees_all(desk, p, pupils)]
        if not found:
            names = "、".join(pupil.name for pupil in pupils)
            return Asked(
                f"{wanted}看不到{names}的情况，不能包联，没有登记。"
                "请写看得到的同事：该班班主任、任课教师，该校负责人，或所在村、乡镇、县教育局的干部。"
            )
    if len(found) > 1 or (found and not sure):
        options = tuple({"label": _person_label(desk, p), "answers": {"helper": p}} for p in found[:9])
        what = f"有{len(found)}位“{wanted}”，交给哪一位？" if len(found) > 1 else f"“{wanted}”是不是这一位？"
        return Asked(what, options)
    if not found and not desk.unattended:
        # 妇联陈主任, 派出所老张: somebody of a department
        if department := next(filter(None, (departments.named(wanted[:n]) for n in (len(wanted), 3, 2))), None):
            return Asked(
                f"包联人要写本系统里的同事。请{department}核实办理的，请发：转介 某某 给{department}：什么事。"
            )
        return Asked(f"教职工名单里没有找到“{wanted}”。请写全名再发一次，例如：张三转给李华老师跟进。")
    to = found[0] if found else wanted
    person = desk.work.people.person(to)
    slots = {"to": to, "name": person.name if person else wanted, "role": _post_role(desk, to)}
    facts: list[Fact] = []
    for pupil in pupils:
        facts += record("assign", slots, pupil)
        if person and person.id != desk.writer.id:
            text = f"{desk.writer.name}请您包联{pupil.name}（{place_name(desk.world.directory, pupil.class_id)}）。发“查 {pupil.name}”看情况，发“待办”看要做的事。"
            tell(desk, [person.id], pupil, text, "assigned")
    desk.work.cases.append(facts)
    names = "、".join(m.name for m in action.students)
    return Written(
        f"已登记：{names}由{slots['name']}包联跟进，后续联系和回访提醒发给{slots['name']}。{wording.UNDO_HINT}"
    )


def _sees_all(desk: Desk, userid: str, pupils: Sequence[Pupil]) -> bool:
    """Whether all these pupils lie in the person's scope: a helper must be able to look and to write, and no other may know."""
    scope = desk.world.directory.scope_of(userid, desk.today)
    return all(scope.covers(pupil) for pupil in pupils)


def _post_role(desk: Desk, userid: str) -> str | None:
    posts: list[Post] = list(desk.world.directory.posts_of(userid, desk.today))
    return posts[0].role if posts else None


def _person_label(desk: Desk, userid: str) -> str:
    person = desk.work.people.person(userid)
    posts = desk.world.directory.posts_of(userid, desk.today)
    return f"{person.name if person else userid}（{place_name(desk.world.directory, posts[0].unit) if posts else ''}）"
