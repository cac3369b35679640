"""What the simulated server remembers: people, their chats, tokens, files, cards. In memory, one lock."""

from __future__ import annotations

import itertools
import secrets
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

TOKEN_SECONDS = 7200
CODE_SECONDS = 72 * 3600  # a response code of a card
LOGIN_SECONDS = 300  # an OAuth code
PER_MINUTE, PER_HOUR = 30, 1000  # messages of one app to one member; what exceeds them is dropped without a word


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with a phone. ``unit`` is shown as given, ``group`` is the heading in the list of people.

    ``examples`` are sentences to try.
    """

    userid: str
    name: str
    role: str = ""
    unit: str = ""
    examples: tuple[str, ...] = ()
    unlicensed: bool = False
    group: str = ""


@dataclass(slots=True)
class Line:
    """One line of a chat. ``side``: me, bot or system; ``kind``: text, image, voice, file, card …; ``at``: as shown.

    ``pushed`` lines came by message/send, the others are answers. A card is ``live`` until it is tapped or replaced.
    """

    id: int
    userid: str
    side: str
    kind: str
    text: str
    at: str
    card: dict[str, Any] | None = None
    pushed: bool = False
    msgid: str = ""
    live: bool = False
    version: int = 0

    def shown(self) -> dict[str, Any]:
        """For the page."""
        return {name: getattr(self, name) for name in ("id", "side", "kind", "text", "at", "card", "pushed", "live")}


@dataclass(slots=True)
class Code:
    """A response code of a card: whose lines it may change, once, until when."""

    lines: list[int]
    expires: float
    used: bool = False


@dataclass(slots=True)
class State:
    """All of it. Hold ``lock`` for anything that touches more than one field."""

    members: dict[str, Member]
    clock: Callable[[], float] = time.time
    per_minute: int = PER_MINUTE
    lock: threading.RLock = field(default_factory=threading.RLock)
    lines: dict[int, Line] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)  # version up to which a member has looked
    tokens: dict[str, float] = field(default_factory=dict)  # token: until when
    media: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)  # id: kind, name, content
    codes: dict[str, Code] = field(default_factory=dict)
    logins: dict[str, tuple[str, float, bool]] = field(default_factory=dict)  # code: userid, until, used
    tasks: set[str] = field(default_factory=set)
    duplicates: dict[str, tuple[float, dict[str, Any]]] = field(default_factory=dict)
    menu: list[dict[str, Any]] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)
    now_shown: str = ""
    version: int = 0
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _sent: defaultdict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def member(self, userid: str) -> Member | None:
        """By userid, in which WeChat Work does not tell capitals."""
        return self.members.get(userid.lower())

    def add(self, userid: str, side: str, kind: str, text: str, **more: Any) -> Line:
        """Append a line to a member's chat."""
        with self.lock:
            at = self.now_shown or time.strftime("%H:%M")
            line = Line(next(self._numbers), userid, side, kind, text, at, **more)
            self.lines[line.id] = line
            return self.touch(line)

    def touch(self, line: Line) -> Line:
        """The line has changed: the page will fetch it again."""
        with self.lock:
            self.version += 1
            line.version = self.version
            return line

    def of(self, userid: str, after: int = 0) -> list[Line]:
        """A member's lines that are new or changed since a version, oldest first."""
        with self.lock:
            return [line for line in self.lines.values() if line.userid == userid and line.version > after]

    def unread(self) -> dict[str, int]:
        """How many pushed lines each member has not looked at."""
        with self.lock:
            pushed = [line for line in self.lines.values() if line.pushed]
            return dict(Counter(line.userid for line in pushed if line.version > self.read.get(line.userid, 0)))

    def may_receive(self, userid: str) -> bool:
        """Count a message to a member against 30 a minute and 1,000 an hour."""
        with self.lock:
            now, sent = self.clock(), self._sent[userid]
            while sent and sent[0] <= now - 3600:
                sent.popleft()
            if sum(moment > now - 60 for moment in sent) >= self.per_minute or len(sent) >= PER_HOUR:
                self.dropped[userid] += 1
                return False
            sent.append(now)
            return True

    def new_token(self) -> str:
        """The living token, or a new one."""
        with self.lock:
            for token, until in self.tokens.items():
                if until > self.clock() + 60:
                    return token
            token = secrets.token_urlsafe(48)
            self.tokens[token] = self.clock() + TOKEN_SECONDS
            return token

    def kill_tokens(self) -> None:
        """All tokens expire now."""
        with self.lock:
            self.tokens = dict.fromkeys(self.tokens, 0.0)

    def new_code(self, lines: Sequence[int]) -> str:
        """A response code for these lines."""
        with self.lock:
            code = secrets.token_urlsafe(24)
            self.codes[code] = Code(list(lines), self.clock() + CODE_SECONDS)
            return code

    def new_login(self, userid: str) -> str:
        """An OAuth code for a member."""
        with self.lock:
            code = secrets.token_urlsafe(24)
            self.logins[code] = (userid, self.clock() + LOGIN_SECONDS, False)
            return code

    def keep(self, kind: str, name: str, content: bytes) -> str:
        """Keep a file; returns its media id."""
        with self.lock:
            media_id = secrets.token_urlsafe(32)
            self.media[media_id] = (kind, name, content)
            return media_id

    def number(self) -> int:
        """A new number: for MsgId and msgid."""
        with self.lock:
            return next(self._numbers)


def members_of(people: Iterable[Mapping[str, Any]]) -> dict[str, Member]:
    """The configuration's list of people: userid*, name*, role, unit, examples, unlicensed, group."""
    members = [
        Member(
            str(person["userid"]), str(person["name"]), str(person.get("role", "")), str(person.get("unit", "")),
            tuple(person.get("examples", ())), bool(person.get("unlicensed", False)),
            str(person.get("group", person.get("unit", ""))),
        )
        for person in people
    ]  # fmt: skip
    return {member.userid.lower(): member for member in members}
