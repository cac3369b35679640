"""Numbers as people write them, read from a captured token only: never on a sentence (张三 is no 张3)."""

from __future__ import annotations

from functools import lru_cache

NUMBER = r"(?:\d+|[零〇一二两三四五六七八九十廿卅百俩仨]+)"
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SAME = str.maketrans({"俩": "两", "仨": "三", "〇": "零"})


@lru_cache(maxsize=1024)
def number(token: str) -> int | None:
    """``十二``, ``两``, ``二〇二五``, ``30`` as an int; None for anything else."""
    if token.isascii():
        return int(token) if token.isdigit() else None
    if len(token) == 1 and token in _DIGITS:
        return _DIGITS[token]
    if len(token) > 2 and all(c in _DIGITS for c in token):
        return int("".join(str(_DIGITS[c]) for c in token))
    if len(token) == 2 and all(c in _DIGITS for c in token):
        return None  # 三四天, 两三天: nobody counted
    import cn2an

    try:
        return int(cn2an.cn2an(token.replace("卅", "三十").translate(_SAME), "smart"))
    except (ValueError, KeyError):  # KeyError: cn2an has no way with 廿零 and 二廿五
        return None
