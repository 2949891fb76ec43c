"""Files inside the PDF (ISO 32000-1, 7.11.4), stored as they are."""

from collections.abc import Mapping

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from fieldapp.report.structure import Document, document


def attach(canvas: Canvas, files: Mapping[str, bytes]) -> None:
    """Attach `files` under their ASCII names; once a document."""
    doc = document(canvas)
    names = []
    for name in sorted(files):  # a name tree is sorted
        names += [pdfdoc.PDFString(name), _file(doc, name, files[name])]
    tree = pdfdoc.PDFDictionary({"Names": pdfdoc.PDFArray(names)})
    doc.Catalog.Names = pdfdoc.PDFDictionary({"EmbeddedFiles": tree})


def _file(doc: Document, name: str, content: bytes) -> pdfdoc.PDFObject:
    stream = pdfdoc.PDFStream(
        pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("EmbeddedFile"),
                "Subtype": "/application#2Foctet-stream",
                "Params": pdfdoc.PDFDictionary({"Size": len(content)}),
            }
        ),
        content,
    )
    held = doc.Reference(stream, f"embeddedFile {name}")
    spec = pdfdoc.PDFDictionary(
        {
            "Type": pdfdoc.PDFName("Filespec"),
            "F": pdfdoc.PDFString(name),
            "UF": pdfdoc.PDFString(name),
            "AFRelationship": pdfdoc.PDFName("Source"),
            "EF": pdfdoc.PDFDictionary({"F": held, "UF": held}),
        }
    )
    reference: pdfdoc.PDFObject = doc.Reference(spec, f"embeddedFileSpec {name}")
    return reference
