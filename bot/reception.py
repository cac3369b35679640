"""One message from WeChat Work to one reply: taken in once, answered in the same transaction, the reply kept.

A retry of the same message finds the stored reply and changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import departures
from bot.desks import desk_for
from bot.menu import SAYS
from bot.wecom.messages import EMPTY, Inbound, Reply
from handlers import conversation, evidence, taps, wording
from handlers.desk import Desk, Said
from handlers.understanding.actions import Action
from storage.outbox import Outgoing
from storage.store import Store, Work

PER_MINUTE = 60
TAP = "template_card_event"


@dataclass(frozen=True, slots=True)
class Reception:
    """``now``: the county's clock (turned in the demo); ``real``: real time, for intake and leases, naive UTC."""

    store: Store
    now: Callable[[], dt.datetime]
    real: Callable[[], dt.datetime]
    public_url: str = ""

    def answer(self, inbound: Inbound) -> Reply:
        """The reply to one message. Raises ``storage.engine.Unavailable`` when nothing could be committed."""
        now = self.now()
        understood = self._beforehand(inbound, now)
        with self.store.begin(now, together=True, cause=inbound.key) as work:
            taken = work.inbox.take_in(inbound.key, inbound.user, inbound.content, self.real())
            if not taken.new:
                return reply_of(inbound, taken.reply or "")
            if inbound.kind == "event":
                departures.heard(work, inbound)
            said = self._speak(work, inbound, understood, taken.recent)
            queue_files(work, inbound.user, inbound.key, said.files)
            if inbound.event == TAP:
                # A tap is answered on the card itself; words that need more room follow as a message.
                work.outbox.queue(Outgoing(f"tapped:{inbound.key}"[:150], inbound.user, said.text, work.now))
                said = Said(said.on_card or taps.NOTHING)
            work.inbox.answer(inbound.key, said.text)
        return reply_of(inbound, said.with_link(self.public_url))

    def _beforehand(self, inbound: Inbound, now: dt.datetime) -> Mapping[str, Sequence[Action]]:
        """What a text means, where only one can write at a time: nobody need wait while it is thought about."""
        if inbound.kind != "text" or not self.store.one_writer:
            return {}
        with self.store.look(now, aside=True) as work:
            desk = desk_for(work, inbound.user, "")
            return {inbound.content: conversation.meaning(desk, inbound.content)} if desk is not None else {}

    def _speak(self, work: Work, inbound: Inbound, understood: Mapping[str, Sequence[Action]], sent: int) -> Said:
        desk = desk_for(work, inbound.user, inbound.key, understood=understood)
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
