"""The structure tree of a PDF: what is a heading, a table, a picture, in reading order (ISO 32000-1, 14.7).

An `Element` has a role and children: other elements, or pieces of content on a page, named by their mark
(MCID). A block that goes on over a page keeps its element. `write` puts the tree, the parent tree and the
marks into the catalog. Says "tagged" and claims no conformance that nothing here checks.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

Document: TypeAlias = Any  # ReportLab's types leave most of a document out


class Element:
    """One element of the structure, with an alternative text for pictures."""

    __slots__ = ("alt", "children", "parent", "role")

    def __init__(self, role: str, parent: Element | None = None, alt: str = "") -> None:
        self.role = role
        self.alt = alt
        self.parent: Element | None = None
        self.children: list[Element | tuple[int, int]] = []
        if parent is not None:
            parent.adopt(self)

    def adopt(self, child: Element) -> None:
        """Make `child` the last child, once."""
        if child.parent is None:
            child.parent = self
            self.children.append(child)


class Structure:
    """The tree of one document, and the marks given out on each page."""

    def __init__(self) -> None:
        self.root = Element("Document")
        self._owners: list[list[Element]] = []

    def mark(self, of: Element, page: int) -> int:
        """Return the next mark on `page` (from 0), whose content belongs to `of`."""
        while len(self._owners) <= page:
            self._owners.append([])
        owners = self._owners[page]
        owners.append(of)
        of.children.append((page, len(owners) - 1))
        return len(owners) - 1

    def write(self, canvas: Canvas) -> None:
        """Put the tree into the document; call once, after the last page."""
        doc = document(canvas)
        for number, page in enumerate(doc.Pages.pages):
            page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
            page.StructParents = number
            page.Tabs = pdfdoc.PDFName("S")
        pages = [doc.idToObjectNumberAndVersion[f"Page{n + 1}"][0] for n in range(len(doc.Pages.pages))]
        top, parents = _Raw(), _Raw()
        top_number, parents_number = _register(doc, top), _register(doc, parents)
        numbers: dict[Element, int] = {}
        _emit(doc, self.root, top_number, pages, numbers)
        lists = " ".join(
            f"{page} [{' '.join(f'{numbers[owner]} 0 R' for owner in owners)}]"
            for page, owners in enumerate(self._owners)
        )
        parents.content = f"<</Nums [{lists}]>>"
        top.content = (
            f"<</Type /StructTreeRoot /K {numbers[self.root]} 0 R /ParentTree {parents_number} 0 R"
            f" /ParentTreeNextKey {len(self._owners)}>>"
        )
        doc.Catalog.StructTreeRoot = pdfdoc.PDFObjectReference(top.name)
        doc.Catalog.MarkInfo = pdfdoc.PDFDictionary({"Marked": "true"})


def document(canvas: Canvas) -> Document:
    """Return the document under `canvas`; ReportLab has no public way to it."""
    return canvas._doc  # type: ignore[attr-defined]  # the types leave it out


class _Raw(pdfdoc.PDFObject):
    """An indirect object whose text is filled in once the numbers of the others are known."""

    __RefOnly__ = 1

    def __init__(self) -> None:
        self.content = ""
        self.name = ""

    def format(self, document: Document) -> bytes:  # noqa: ARG002 - ReportLab's protocol
        """Return the object's text, as ReportLab asks for it."""
        return self.content.encode("ascii")


def _register(doc: Document, raw: _Raw) -> int:
    raw.name = doc.Reference(raw).name
    return int(doc.idToObjectNumberAndVersion[raw.name][0])


def _emit(
    doc: Document, element: Element, parent: int, pages: list[int], numbers: dict[Element, int]
) -> None:
    raw = _Raw()
    number = numbers[element] = _register(doc, raw)
    home = next((child[0] for child in element.children if not isinstance(child, Element)), None)
    kids = []
    for child in element.children:
        if isinstance(child, Element):
            _emit(doc, child, number, pages, numbers)
            kids.append(f"{numbers[child]} 0 R")
        elif child[0] == home:
            kids.append(str(child[1]))
        else:
            kids.append(f"<</Type/MCR/Pg {pages[child[0]]} 0 R/MCID {child[1]}>>")
    page = "" if home is None else f"/Pg {pages[home]} 0 R"
    alt = f"/Alt<FEFF{element.alt.encode('utf-16-be').hex()}>" if element.alt else ""
    inside = kids[0] if len(kids) == 1 else f"[{' '.join(kids)}]"
    raw.content = f"<</S/{element.role}/P {parent} 0 R{page}{alt}/K {inside}>>"
