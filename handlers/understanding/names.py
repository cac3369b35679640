"""Names as keys: what an index must hold so that a pupil is found by lookup, and such an index over a plain list."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from functools import lru_cache

from handlers.understanding.actions import Entry
from handlers.understanding.lexicon_names import COMPOUND_SURNAMES, LOOKALIKES, SURNAME_READINGS, SURNAMES
from handlers.understanding.text import simplify, traditional

LONGEST = 14  # characters of the longest name looked up, its dots not counted
_DOTS = str.maketrans("", "", " ·•.・‧∙･●-_'’")
_ALIKE = {char: group[0] for group in LOOKALIKES for char in group}
_MARKS = {"zh": "z", "ch": "c", "sh": "s"}


_HAN = re.compile(r"[\u4e00-\u9fff]+")


def plain(name: str) -> str:
    """A name as it is compared: simplified, one width, without dots and spaces."""
    if _HAN.fullmatch(name) and traditional().isdisjoint(name):
        return name
    return simplify(name).translate(_DOTS)


def split_name(name: str) -> tuple[str, str]:
    """Surname and given name of a plain name; no surname where it is not of the Han pattern."""
    if 3 <= len(name) <= 4 and name.startswith(COMPOUND_SURNAMES):
        return name[:2], name[2:]
    if 2 <= len(name) <= 3 and name[0] in SURNAMES:
        return name[0], name[1:]
    return "", name


def exact_keys(name: str) -> list[str]:
    """What a pupil is written as: the whole name first, then given name, compound surname, the part before the dot."""
    whole = plain(name)
    keys = [whole]
    first_part = plain(unicodedata.normalize("NFKC", name).replace("•", "·").replace("‧", "·").split("·")[0])
    if first_part != whole and len(first_part) > 1:
        keys.append(first_part)
    surname, given = split_name(whole)
    if surname and len(given) >= 2:
        keys.append(given)
    if len(surname) == 2:
        keys.append(surname)
    if not surname and len(whole) == 3 and first_part == whole:
        keys.append(whole[1:])  # 岩温罕: the table of surnames is not all that there are
    if not surname and len(whole) == 4 and first_part == whole:
        keys += [whole[2:], whole[:2]]  # 吉克阿呷: clan and given name, 次仁拉姆: both are used alone
    return keys


def sound_keys(name: str) -> list[str]:
    """What a pupil sounds or looks like: folded pinyin of the whole name, of the given name, and its look-alike form."""
    whole = plain(name)
    surname, given = split_name(whole)
    keys = sounds_of(whole)
    if surname and len(given) >= 2:
        keys += ["." + key for key in sounds_of(given, surname_first=False)]
    first_part = plain(name.replace("•", "·").replace("‧", "·").split("·")[0])
    if first_part != whole and len(first_part) > 2:  # 哈力亚 for 哈丽娅·木合塔尔
        keys += sounds_of(first_part)
    if surname:
        keys.append(surname_key(surname))
    if len(surname) == 1 and len(given) == 2 and given[0] != given[1]:  # 彭秀秋 for 彭秋秀
        keys += sounds_of(surname + given[::-1])
    if any(char in _ALIKE for char in whole):
        keys.append(look_of(whole))
    return list(dict.fromkeys(keys))


def surname_key(surname: str) -> str:
    """姓覃的那个, 覃同学: all pupils of the surname."""
    return "姓" + surname


def look_of(name: str) -> str:
    """The name with each easily mistaken character put as one of its group."""
    return "=" + "".join(_ALIKE.get(char, char) for char in name)


def sounds_of(name: str, surname_first: bool = True) -> list[str]:
    """Folded readings of a plain name, at most four; several where its surname or a character has several."""
    found = [""]
    for at, char in enumerate(name):
        options = _readings(char, surname_first and at == 0)
        found = [start + "-" + option if start else option for start in found for option in options][:4]
    return found


@lru_cache(maxsize=16384)
def _readings(char: str, as_surname: bool) -> tuple[str, ...]:
    """The folded readings of a character: as a surname those of the table, else the two commonest."""
    if as_surname and char in SURNAME_READINGS:
        return tuple(dict.fromkeys(fold(reading) for reading in SURNAME_READINGS[char]))
    from pypinyin.pinyin_dict import pinyin_dict

    marked = pinyin_dict.get(ord(char), char)
    return tuple(dict.fromkeys(fold(_unmarked(reading)) for reading in marked.split(",")[: 1 if as_surname else 2]))


def _unmarked(reading: str) -> str:
    """``zhōng`` without its tone; ü as v."""
    letters = unicodedata.normalize("NFD", reading.replace("ü", "v").replace("ǖ", "v").replace("ǘ", "v"))
    letters = letters.replace("u\u0308", "v")
    return "".join(c for c in letters if unicodedata.category(c) != "Mn")


def fold(reading: str) -> str:
    """A syllable as many dialects hear it: zh=z, ch=c, sh=s, n=l at the start, ng=n at the end."""
    for double, single in _MARKS.items():
        if reading.startswith(double):
            reading = single + reading[2:]
    if reading.startswith("n") and len(reading) > 1 and reading not in ("ng",):
        reading = "l" + reading[1:]
    return reading[:-1] if reading.endswith("ng") else reading


class ListIndex:
    """A ``NameIndex`` over a plain list of names (the command line's roster); a name given twice is two pupils."""

    def __init__(self, names: list[str], classes: list[str] | None = None, colleagues: list[str] | None = None) -> None:
        self._entries = [Entry(str(at), name, classes[at] if classes else "") for at, name in enumerate(names)]
        self._exact: dict[str, list[Entry]] = defaultdict(list)
        for entry in self._entries:
            for key in exact_keys(entry.name):
                self._exact[key].append(entry)
        self._sounds: dict[str, list[Entry]] | None = None
        self._colleagues = {plain(name) for name in colleagues or ()}
        self.twice = {name for name, count in Counter(names).items() if count > 1}

    def exact(self, pieces: list[str]) -> dict[str, list[Entry]]:
        """Entries by whole name, given name or part before the dot."""
        return {piece: self._exact[piece] for piece in pieces if piece in self._exact}

    def sounding(self, keys: list[str]) -> dict[str, list[Entry]]:
        """Entries by sound or look; the table is made at the first question."""
        if self._sounds is None:
            self._sounds = defaultdict(list)
            for entry in self._entries:
                for key in sound_keys(entry.name):
                    self._sounds[key].append(entry)
        return {key: self._sounds[key] for key in keys if key in self._sounds}

    def staff(self, pieces: list[str]) -> set[str]:
        """Which pieces are names of colleagues."""
        return self._colleagues & set(pieces)
