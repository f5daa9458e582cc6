"""A PDF of one page, made by pypdf, and whether reports can be drawn as PDF here."""

from __future__ import annotations

import io


def draws_pdf() -> bool:
    """Return whether reports can be written as PDF, and read again."""
    try:
        import pypdf  # noqa: F401
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


def drawn(text: str, *, title: str = "", attached: str = "") -> bytes:
    """Return a PDF that shows a text, which is packed in it; attached: a file of that name and content beside it."""
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer, content = PdfWriter(), DecodedStreamObject()
    content.set_data(f"BT /F1 12 Tf 40 700 Td ({text}) Tj ET".encode())
    names = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    font = DictionaryObject({NameObject(name): NameObject(value) for name, value in names.items()})
    fonts = DictionaryObject({NameObject("/F1"): font})
    page = writer.add_blank_page(595, 842)
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    page[NameObject("/Contents")] = writer._add_object(content.flate_encode())
    if title:
        writer.add_metadata({"/Title": title})
    if attached:
        writer.add_attachment(attached, attached.encode())
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
