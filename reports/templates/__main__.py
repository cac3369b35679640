"""``python -m reports.templates [NAME…]``: draw these templates anew into this folder, or all."""

import sys
from pathlib import Path

from reports.templates.drawing import draw
from reports.templates.layouts import layouts

for name in sys.argv[1:] or layouts():
    (Path(__file__).parent / f"{name}.docx").write_bytes(draw(layouts()[name]))
