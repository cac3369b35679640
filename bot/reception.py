"""One message from WeChat Work to one reply: taken in once, answered in the same transaction, the reply kept.

A retry of the same message finds the stored reply and changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog

from bot import departures
from bot.desks import desk_for
from bot.menu import SAYS
from bot.wecom.messages import EMPTY, Inbound, Reply
from handlers import beforehand, conversation, evidence, taps, wording
from handlers.desk import Desk, Said
from handlers.understanding.actions import Action
from storage.engine import Busy, Unavailable
from storage.inbox import Coming, Taken
from storage.outbox import Outgoing
from storage.store import Store, Work

PER_MINUTE = 60
TAP = "template_card_event"
log = structlog.get_logger("reception")


class KnowsOld(Exception):
    """A message has changed the register, and those after it were looked up before."""


@dataclass(frozen=True, slots=True)
class Reception:
    """``now``: the county's clock (turned in the demo); ``real``: real time, for intake and leases, naive UTC."""

    store: Store
    now: Callable[[], dt.datetime]
    real: Callable[[], dt.datetime]
    public_url: str = ""

    def answer(self, inbound: Inbound) -> Reply:
        """The reply to one message. Raises ``storage.engine.Unavailable`` when nothing could be committed."""
        reply = self.answer_all([inbound])[0]
        if isinstance(reply, Exception):
            raise reply
        return reply

    def answer_all(self, many: Sequence[Inbound]) -> list[Reply | Exception]:
        """The reply to each, or why there is none: then nothing of that message is kept.

        Texts that wait together are looked up, locked and committed together, each answered after those before it. Where
        that fails each is answered by itself, so that no message spoils another's; whoever waits for a pupil whom somebody
        else holds, last.
        """
        replies: dict[str, Reply | Exception] = {}
        texts = list({one.key: one for one in many if one.kind == "text"}.values())
        if len(texts) > 1:
            try:
                replies = dict(zip((one.key for one in texts), self._together(texts, patient=False), strict=True))
            except Exception as error:  # whatever it was: who is at fault is told by himself
                log.warning("answered apart", messages=len(texts), why=type(error).__name__)
        for patient in (False, True) if len(many) > 1 else (True,):
            for one in many:
                if one.key not in replies or isinstance(replies[one.key], Busy):
                    replies[one.key] = self._alone(one, replies, patient)
        return [replies[one.key] for one in many]

    def _alone(self, one: Inbound, before: Mapping[str, Reply | Exception], patient: bool) -> Reply | Exception:
        for said in before.values():
            if isinstance(said, Unavailable) and not isinstance(said, Busy):
                return said  # each would wait for the same database as long as that one has
        try:
            return self._together([one], patient)[0]
        except Exception as error:
            return error

    def _together(self, many: Sequence[Inbound], patient: bool) -> list[Reply]:
        """The replies to these in one transaction."""
        now = self.now()
        understood = self._beforehand(many, now) if self.store.one_writer else {}
        with self.store.begin(now, together=True) as work:
            coming = [Coming(one.key, one.user, one.content) for one in many]
            taken = work.inbox.take_in_all(coming, self.real(), patient)
            fresh = [one for one, came in zip(many, taken, strict=True) if came.new]
            desks = _desks(work, fresh) if len(fresh) > 1 else {}
            if desks:
                understood = understood or _foreseen(work, fresh, desks)
                work.cases.hold(set().union(*map(beforehand.concerned, understood.values())))
            replies: list[Reply] = []
            for one, came in zip(many, taken, strict=True):
                if work.knows_old and replies:
                    raise KnowsOld
                with structlog.contextvars.bound_contextvars(message=one.key):
                    replies.append(self._reply(work, one, came, desks.get(one.key), understood))
        return replies

    def _reply(
        self, work: Work, inbound: Inbound, taken: Taken, desk: Desk | None, understood: Mapping[str, Sequence[Action]]
    ) -> Reply:
        if not taken.new:
            return reply_of(inbound, taken.reply or "")
        work.answering(inbound.key)
        if inbound.kind == "event":
            departures.heard(work, inbound)
        desk = desk or desk_for(work, inbound.user, inbound.key)
        if desk is not None and inbound.key in understood:
            desk = replace(desk, understood={inbound.content: understood[inbound.key]})
        said = _speak(inbound, desk, taken.recent)
        queue_files(work, inbound.user, inbound.key, said.files)
        if inbound.event == TAP:
            # A tap is answered on the card itself; words that need more room follow as a message.
            work.outbox.queue(Outgoing(f"tapped:{inbound.key}"[:150], inbound.user, said.text, work.now))
            said = Said(said.on_card or taps.NOTHING)
        work.inbox.answer(inbound.key, said.text)
        return reply_of(inbound, said.with_link(self.public_url))

    def _beforehand(self, many: Sequence[Inbound], now: dt.datetime) -> Mapping[str, Sequence[Action]]:
        """What texts mean, where only one can write at a time: nobody need wait while it is thought about."""
        texts = [one for one in many if one.kind == "text"]
        if not texts:
            return {}
        with self.store.look(now, aside=True) as work:
            return _meant(texts, _desks(work, texts))


def _desks(work: Work, many: Sequence[Inbound]) -> dict[str, Desk]:
    """The desks at which these messages are answered, by their keys; who has none is left out."""
    desks = ((one.key, desk_for(work, one.user, one.key)) for one in many)
    return {key: desk for key, desk in desks if desk is not None}


def _foreseen(work: Work, texts: Sequence[Inbound], desks: Mapping[str, Desk]) -> Mapping[str, Sequence[Action]]:
    """What these texts mean, their names looked up in one go."""
    work.foresee([beforehand.looked_for(desks[one.key], one.content) for one in texts if one.key in desks])
    return _meant(texts, desks)


def _meant(texts: Sequence[Inbound], desks: Mapping[str, Desk]) -> Mapping[str, Sequence[Action]]:
    """What each text means, by the key of its message."""
    return {one.key: conversation.meaning(desks[one.key], one.content) for one in texts if one.key in desks}


def _speak(inbound: Inbound, desk: Desk | None, sent: int) -> Said:
    if desk is None:
        return Said("" if inbound.kind == "event" else wording.NOT_REGISTERED)
    if inbound.kind == "event":
        return _event(desk, inbound)
    if sent > PER_MINUTE:
        return Said("您发得太快了，请稍等一分钟再发。" if sent == PER_MINUTE + 1 else "")
    return speak(desk, inbound.kind, inbound.content, inbound.media_id)


def reply_of(inbound: Inbound, text: str) -> Reply:
    """The passive reply: a text, or the words on a tapped card's greyed button; nothing where nothing is said."""
    if not text:
        return EMPTY
    return Reply(replace_name=text) if inbound.event == TAP else Reply(text=text)


def speak(desk: Desk, kind: str, content: str, media: str = "") -> Said:
    """The answer to what a member of staff sent, by the kind of message."""
    if kind == "text":
        return conversation.answer(desk, content)
    if kind in ("image", "file"):
        return evidence.receive(desk, media, kind)
    return Said(
        {"voice": wording.VOICE, "location": wording.LOCATION}.get(kind, "这种消息我还看不懂，请发文字、照片或文件。")
    )


def _event(desk: Desk, inbound: Inbound) -> Said:
    if inbound.event == TAP:
        return taps.tap(desk, inbound.event_key, dict(inbound.selected), inbound.task_id)
    if inbound.event == "click":
        return conversation.answer(desk, SAYS.get(inbound.event_key, inbound.event_key))
    if inbound.event == "subscribe":
        return conversation.answer(desk, "帮助")
    return Said("")


def queue_files(work: Work, user: str, key: str, files: tuple[Mapping[str, Any], ...]) -> None:
    """Files asked for are outbox rows too: made when sent, once, also after a crash."""
    for n, wanted in enumerate(files):
        work.outbox.queue(Outgoing(f"file:{key}:{n}"[:150], user, "", work.now, card={"make": dict(wanted)}))
