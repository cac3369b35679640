"""``python -m reports.templates``: draw every template anew into this folder."""

from pathlib import Path

from reports.templates.drawing import draw
from reports.templates.layouts import layouts

for name, layout in layouts().items():
    (Path(__file__).parent / f"{name}.docx").write_bytes(draw(layout))
