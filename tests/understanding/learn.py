"""Makes ``handlers/understanding/weights.json`` of the corpora: ``python -m tests.understanding.learn [corpus …]``.

Needs scikit-learn (``pip install -e .[learn]``), which neither the bot nor its tests need. Which corpora it takes can be
said, so that what is left out can be used to see how well it reads what it has not seen.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

from handlers.understanding import weights
from handlers.understanding.clauses import parts_of
from handlers.understanding.meant import meant
from handlers.understanding.names import ListIndex
from handlers.understanding.parse import line_and_text

CORPUS = Path(__file__).parent.parent / "corpus"
TABLE = Path(weights.__file__).with_name("weights.json")
SEEN, STRENGTH = 4, 10.0  # how often a meaning must be seen; the more strength, the more weights


@cache
def _index(roster: tuple[str, ...]) -> ListIndex:
    return ListIndex(list(roster))


def pieces(entry: dict[str, Any]) -> set[str]:
    """The pieces of one message of a corpus."""
    line = meant(line_and_text(entry["text"], _index(tuple(entry.get("roster") or ())), None)[0])
    lead, parts = parts_of(line)
    return weights.pieces_of(line, [*lead, *(c for part in parts for c in part.clauses)], entry["role"])


def meanings(entry: dict[str, Any]) -> set[str]:
    """What a clerk wrote down, the first of several right readings."""
    wanted = entry["expect_any"][0] if "expect_any" in entry else entry["expect"]
    return {weights.meaning_of(a["action"], a) for a in wanted["actions"]} or {weights.NOTHING}


def learnt(entries: list[dict[str, Any]]) -> dict[str, Any]:
    """The table: a bias and weights for each meaning."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    counted = CountVectorizer(analyzer=pieces, binary=True, min_df=2)
    seen = counted.fit_transform(entries)
    names = counted.get_feature_names_out()
    told = [meanings(entry) for entry in entries]
    bias: dict[str, float] = {}
    table: dict[str, dict[str, float]] = {}
    for meaning, times in sorted(Counter(m for one in told for m in one).items()):
        if times < SEEN:
            continue
        model = LogisticRegression(C=STRENGTH, l1_ratio=1, solver="liblinear", random_state=0)
        model.fit(seen, [meaning in one for one in told])
        bias[meaning] = round(float(model.intercept_[0]), 2)
        for at in model.coef_[0].nonzero()[0]:
            if abs(weight := round(float(model.coef_[0][at]), 2)) >= 0.05:
                table.setdefault(str(names[at]), {})[meaning] = weight
    return {"bias": bias, "weights": dict(sorted(table.items()))}


def main(names: list[str]) -> None:
    found = [CORPUS / f"{name}.jsonl" for name in names] or sorted(CORPUS.glob("*.jsonl"))
    entries = [json.loads(line) for path in found for line in path.read_text(encoding="utf-8").splitlines()]
    table = learnt(entries)
    lines = [
        f"{json.dumps(k, ensure_ascii=False)}: {json.dumps(v, ensure_ascii=False)}" for k, v in table["weights"].items()
    ]
    text = (
        '{"bias": ' + json.dumps(table["bias"], ensure_ascii=False) + ',\n"weights": {\n' + ",\n".join(lines) + "\n}}\n"
    )
    TABLE.write_text(text, encoding="utf-8")
    print(f"{len(entries)} messages, {len(table['bias'])} meanings, {sum(map(len, table['weights'].values()))} weights")


if __name__ == "__main__":
    main(sys.argv[1:])
