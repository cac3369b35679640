"""A Word file without what python-docx's own template brings along: 160 styles twice, a picture of it, a folder of XML."""

from __future__ import annotations

from docx.document import Document as Docx
from docx.oxml.ns import qn

UNUSED_PARTS = ("thumbnail", "customXml", "stylesWithEffects", "webSettings")
STYLED = ("w:pStyle", "w:rStyle", "w:tblStyle")
NEEDED = (qn("w:basedOn"), qn("w:next"), qn("w:link"))
"""Which styles a style cannot be without."""


def slim(document: Docx) -> None:
    """Leaves out what a form has no use for: three quarters of the time to fill one went into reading and writing it."""
    package = document.part.package
    for holder in (package, document.part):
        for id, rel in list(holder.rels.items()):
            if rel.reltype.rpartition("/")[2] in UNUSED_PARTS:
                del holder.rels[id]
    parts = [part.element for part in package.iter_parts() if hasattr(part, "element")]
    styles = document.styles.element
    known = {style.styleId: style for style in styles.style_lst}
    used = {id for id, style in known.items() if style.get(qn("w:default")) == "1"}
    used |= {
        mark.get(qn("w:val")) for part in parts for tag in STYLED for mark in part.iter(qn(tag)) if part is not styles
    }
    while (
        more := {child.get(qn("w:val")) for id in used & known.keys() for child in known[id] if child.tag in NEEDED}
        - used
    ):
        used |= more
    for id, style in known.items():
        if id not in used:
            styles.remove(style)
