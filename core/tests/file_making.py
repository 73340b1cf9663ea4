"""Small files with text in them, made by hand as office programs make them."""

import zipfile
import zlib
from io import BytesIO
from xml.sax.saxutils import escape

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
OPEN = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
OPEN_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"


def zipped(parts, compression=zipfile.ZIP_DEFLATED):
    """Return a zip of {name: text or bytes}."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def docx(*paragraphs, before="", **parts):
    """Return a Word file; a paragraph is text, or XML that begins with ``<``."""
    body = "".join(p if p.startswith("<") else f"<w:p><w:r><w:t>{escape(p)}</w:t></w:r></w:p>" for p in paragraphs)
    document = f'<?xml version="1.0"?>{before}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": document} | parts)


def odt(*paragraphs):
    body = "".join(p if p.startswith("<") else f"<text:p>{escape(p)}</text:p>" for p in paragraphs)
    names = f'xmlns:office="{OPEN}" xmlns:text="{OPEN_TEXT}"'
    content = f"<office:document-content {names}><office:body><office:text>{body}</office:text></office:body>"
    return zipped({"mimetype": "x", "content.xml": f"{content}</office:document-content>"})


def pptx(*slides, notes=""):
    def slide(text):
        return f'<p:sld xmlns:p="p" xmlns:a="{DRAWING}"><a:p><a:r><a:t>{escape(text)}</a:t></a:r></a:p></p:sld>'

    parts = {f"ppt/slides/slide{number}.xml": slide(text) for number, text in enumerate(slides, 1)}
    # Files list their parts in any order.
    ordered = dict(sorted(parts.items(), reverse=True))
    return zipped(ordered | {"ppt/notesSlides/notesSlide1.xml": slide(notes)})


def xlsx(*cells, inline=""):
    strings = "".join(f"<si><t>{escape(cell)}</t></si>" for cell in cells)
    row = f'<c t="s"><v>0</v></c><c><v>417</v></c><c t="inlineStr"><is><t>{escape(inline)}</t></is></c>'
    sheet = f'<worksheet xmlns="{SHEET}"><sheetData><row>{row}</row></sheetData></worksheet>'
    shared = f'<sst xmlns="{SHEET}">{strings}</sst>'
    return zipped({"xl/sharedStrings.xml": shared, "xl/worksheets/sheet1.xml": sheet})


def pdf(*pages, trailer="", content=None):
    """Return a PDF of one line a page, with a table that says which letters its glyphs are.

    Args:
        pages: the lines.
        trailer: what the trailer says besides.
        content: the drawing of every page, instead of a line.
    """
    letters = sorted({letter for line in pages for letter in line})
    codes = {letter: number + 1 for number, letter in enumerate(letters)}
    table = "".join(
        f"<{code:02x}> <{letter.encode('utf-16-be', 'surrogatepass').hex()}>\n" for letter, code in codes.items()
    )
    letters = f"{len(codes)} beginbfchar\n{table}endbfchar"
    cmap = f"begincmap 1 begincodespacerange <00> <ff> endcodespacerange {letters} endcmap"
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", None, _stream(cmap.encode())]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 3 0 R >>")
    kids = []
    for line in pages:
        glyphs = bytes(codes[letter] for letter in line).hex()
        drawn = content or f"BT /F1 12 Tf 72 700 Td <{glyphs}> Tj ET".encode()
        kids.append(len(objects) + 2)
        objects.append(_stream(drawn))
        resources = "/Resources << /Font << /F1 4 0 R >> >> /MediaBox [0 0 595 842]"
        objects.append(f"<< /Type /Page /Parent 2 0 R /Contents {len(objects)} 0 R {resources} >>".encode())
    numbers = " ".join(f"{kid} 0 R" for kid in kids)
    objects[1] = f"<< /Type /Pages /Kids [{numbers}] /Count {len(kids)} >>".encode()
    return _file(objects, trailer)


def _stream(data):
    packed = zlib.compress(data)
    return b"<< /Length %d /Filter /FlateDecode >> stream\n%s\nendstream" % (len(packed), packed)


def _file(objects, trailer):
    made, places = bytearray(b"%PDF-1.7\n"), []
    for number, thing in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj %s endobj\n" % (number, thing)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Size {size} /Root 1 0 R {trailer} >>\n"
    return bytes(made) + f"{end}startxref\n{len(made)}\n%%EOF".encode()
