"""A message's XML as dicts: what expat finds, and entities refused.

xmltodict does the same with a dozen calls an element, which was a fiftieth of a report.
"""

from __future__ import annotations

from typing import Any, NoReturn
from xml.parsers import expat

SEVERAL = ("SelectedItem", "OptionId")
"""Elements that are lists, also where there is one alone."""


class NotXml(ValueError):
    """No XML, or XML that declares entities."""


def tree_of(plaintext: str) -> dict[str, Any]:
    """The elements by name: an element is its text, None where it has none; a dict where it has children or attributes (whose
    names begin with ``@``); a list where it comes again. Blanks are kept. Raises ``NotXml``.
    """
    opened: list[tuple[dict[str, Any], list[str]]] = [({}, [])]

    def start(name: str, attributes: dict[str, str]) -> None:
        opened.append(({f"@{key}": value for key, value in attributes.items()} if attributes else {}, []))

    def end(name: str) -> None:
        inside, words = opened.pop()
        value = inside or "".join(words) or None
        beside = opened[-1][0]
        if name not in beside:
            beside[name] = [value] if name in SEVERAL else value
        elif isinstance(before := beside[name], list):
            before.append(value)
        else:
            beside[name] = [before, value]

    def characters(words: str) -> None:
        opened[-1][1].append(words)

    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = characters
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(plaintext.encode(), True)
    except (expat.ExpatError, ValueError) as error:
        raise NotXml(type(error).__name__) from None
    return opened[0][0]


def _refuse(*declared: Any) -> NoReturn:
    raise NotXml("an entity is declared")
