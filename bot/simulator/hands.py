"""The simulated WeChat Work as one object: its application, and hands that act as a member would."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

from bot.simulator.callbacks import Callbacks, keys_of
from bot.simulator.faults import Faults
from bot.simulator.state import Line, State


class Simulator:
    """``app`` serves the API under ``/cgi-bin/``, the chat page under ``/``, its data under ``/_sim/``.

    The methods act as a member would and wait until the bot has answered.
    """

    def __init__(self, app: Flask, state: State, faults: Faults, callbacks: Callbacks) -> None:
        self.app, self.state, self.faults, self.callbacks = app, state, faults, callbacks
        self._server: BaseWSGIServer | None = None

    def say(self, userid: str, text: str) -> str:
        """Type a text; returns the bot's answer, empty when there is none."""
        self.state.add(userid, "me", "text", text)
        return _words(self.callbacks.message(userid, "text", {"Content": text}))

    def send_media(self, userid: str, kind: str, content: bytes, name: str = "photo.jpg") -> str:
        """Send an image, voice or file; returns the bot's answer."""
        media_id = self.state.keep(kind, name, content)
        self.state.add(userid, "me", kind, f"{media_id} {name}")
        extra = {"Format": "amr"} if kind == "voice" else {"PicUrl": f"/_sim/media/{media_id}"}
        return _words(self.callbacks.message(userid, kind, {**extra, "MediaId": media_id}))

    def send_location(self, userid: str, label: str, latitude: float = 25.1, longitude: float = 115.3) -> str:
        """Send a place; returns the bot's answer."""
        self.state.add(userid, "me", "location", label)
        place = {"Location_X": latitude, "Location_Y": longitude, "Scale": 15, "Label": label, "AppType": "wxwork"}
        return _words(self.callbacks.message(userid, "location", place))

    def click_menu(self, userid: str, key: str) -> str:
        """Choose an item of the app's menu; returns the bot's answer."""
        return _words(self.callbacks.event(userid, "click", {"EventKey": key}))

    def enter(self, userid: str) -> str:
        """Open the app's chat; returns the bot's greeting if it has one."""
        return _words(self.callbacks.event(userid, "enter_agent", {"EventKey": ""}))

    def press(
        self, userid: str, key: str, selected: Mapping[str, Sequence[str]] | None = None, line: int | None = None
    ) -> str:
        """Tap a button of the member's newest live card that has this key; returns the words on it afterwards.

        Raises ``LookupError`` when no live card has it.
        """
        lines = [self.state.lines[line]] if line else reversed(self.state.of(userid))
        for found in lines:
            if found.userid == userid and found.live and key in keys_of(found.card or {}):
                answered = self.callbacks.press(found, key, selected or {})
                return _grey(found) or _words(answered)
        raise LookupError(f"{userid} has no live card with {key}")

    def pushed(self, userid: str) -> list[Line]:
        """What the bot sent this member unasked, oldest first."""
        return [line for line in self.state.of(userid) if line.pushed]

    def login_code(self, userid: str) -> str:
        """An OAuth code as the login page would hand it on."""
        return self.state.new_login(userid)

    def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Serve in a thread; returns the address, such as ``http://127.0.0.1:8000``."""
        self._server = make_server(host, port, self.app, threaded=True)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), name="simulator", daemon=True).start()
        return f"http://{host}:{self._server.server_port}"

    def stop(self) -> None:
        """End what ``start`` began."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()


def _grey(line: Line) -> str:
    """The words on a card that has been answered."""
    return str((line.card or {}).get("replace_text", ""))


def _words(line: Line | None) -> str:
    return line.text if line else ""
