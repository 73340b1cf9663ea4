"""Text out of documents: read once for every file, in little time and memory, and no file is a fault."""

import struct
import zipfile
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core import extraction, file_text
from core.models import Document
from core.tests import file_making
from delivery.models import Change
from tests.factories import make_document

pytestmark = [pytest.mark.django_db, pytest.mark.database]
WELSH = "Mae’r tŷ gwyn ger y môr yn Llŷn: ymchwil clinigol ’08 & ŵyl"
ARABIC = "البحوث السريرية في ويلز"
# As a printer draws it, from left to right.
DRAWN_ARABIC = "زﻠﻳو 2026 ﻲﻓ ﺔﻳﺮﻳﺮﺴﻟا ثﻮﺤﺒﻟا"
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Whatever follows a commit happens at the end of each ``with committed():``."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def read(committed):
    """Upload a file; return what is kept of its text."""

    def upload(name, content):
        with committed():
            document = make_document(name, name, content)
        return stored(document)

    return upload


def stored(document):
    return Document.objects.get(pk=document.pk).extracted_text


def many_drawings(times):
    """Return a small PDF that needs about a second and some hundred megabytes for every 100,000 drawings."""
    return file_making.pdf("a", content=b"BT /F1 12 Tf 72 700 Td " + b"(a) Tj " * times + b"ET")


@pytest.mark.parametrize("kind", ["docx", "odt", "pptx", "xlsx"])
def test_office_files_are_read_in_any_language(read, kind):
    assert read(f"paper.{kind}", getattr(file_making, kind)(WELSH, ARABIC)) == f"{WELSH}\n{ARABIC}"


def test_pages_of_a_pdf_are_read_in_their_order(read):
    assert read("paper.PDF", file_making.pdf(WELSH, "Second page")) == f"{WELSH}\nSecond page"


def test_arabic_of_a_pdf_is_read_in_the_order_and_the_letters_in_which_it_is_written(read):
    assert read("paper.pdf", file_making.pdf(DRAWN_ARABIC)) == "البحوث السريرية في 2026 ويلز"
    within = "The same in the language of that country is {} and means no more."
    assert read("paper.pdf", file_making.pdf(within.format(ARABIC[::-1]))) == within.format(ARABIC)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_plain_text_is_read_in_any_unicode(read, encoding):
    assert read("notes.txt", f"{WELSH}\r\n{ARABIC}".encode(encoding)) == f"{WELSH}\n{ARABIC}"


def test_old_plain_text_and_tables_are_read(read):
    assert read("table.csv", "Uned,Nifer\nCafé,“un”".encode("cp1252")) == "Uned,Nifer\nCafé,“un”"


def test_what_readers_of_the_file_do_not_see_is_not_read(read):
    removed = "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:t>kept</w:t></w:r></w:p>"
    comments = {"word/comments.xml": "<w:comments xmlns:w='x'><w:t>a comment</w:t></w:comments>"}
    assert read("paper.docx", file_making.docx(removed, **comments)) == "kept"
    note = "<text:p>seen<office:annotation><text:p>a comment</text:p></office:annotation></text:p>"
    assert read("paper.odt", file_making.odt(note)) == "seen"
    assert read("talk.pptx", file_making.pptx("shown", notes="for the speaker")) == "shown"


def test_slides_are_read_in_the_order_of_the_talk(read):
    assert read("talk.pptx", file_making.pptx(*"abcdefghijkl")) == "\n".join("abcdefghijkl")


def test_words_of_different_styles_are_one_and_tabs_part_them(read):
    runs = "<w:p><w:r><w:t>phar</w:t></w:r><w:r><w:t>macy</w:t><w:tab/><w:t>trial</w:t></w:r></w:p>"
    assert read("paper.docx", file_making.docx(runs)) == "pharmacy trial"


def test_films_and_archives_have_no_text_and_start_nothing(read, monkeypatch):
    monkeypatch.setattr(extraction.subprocess, "run", None)
    assert read("film.mp4", b"film") == read("all.zip", file_making.zipped({"content.xml": "<p>x</p>"})) == ""
    assert not extraction.unread().exists()


def test_only_a_new_file_is_read(read, committed, monkeypatch):
    read("paper.docx", file_making.docx("First"))
    document = Document.objects.get()
    with monkeypatch.context() as unchanged:
        unchanged.setattr(extraction, "text_of", None)
        document.title = "Another title"
        with committed():
            document.save()
        extraction.complete.enqueue()
    assert stored(document) == "First"
    document.file = ContentFile(file_making.docx("Second"), name="paper.docx")
    with committed():
        document.save()
    assert stored(document) == "Second"


def test_text_of_a_file_replaced_meanwhile_is_not_stored(read, monkeypatch):
    read("paper.docx", file_making.docx("First"))
    document = Document.objects.get()

    def replaced(document):
        Document.objects.update(file_hash="newer")
        return "too late"

    Document.objects.update(extracted_from="")
    monkeypatch.setattr(extraction, "text_of", replaced)
    extraction.read.enqueue(document.pk)
    assert stored(document) == "First"
    assert extraction.unread().exists()


def test_somebody_saving_meanwhile_does_not_undo_the_reading(committed):
    document = make_document("Paper", "paper.docx", file_making.docx("Words"))
    opened = Document.objects.get(pk=document.pk)
    extraction.read.enqueue(document.pk)
    opened.title = "Another title"
    with committed():
        opened.save()
    assert stored(document) == "Words"


def test_pages_that_show_documents_do_not_load_their_texts(read):
    read("paper.docx", file_making.docx("Words"))
    assert Document.objects.get().get_deferred_fields() == {"extracted_text", "extracted_from"}


def test_documents_from_before_are_read_once(committed):
    document = make_document("Paper", "paper.docx", file_making.docx("Words"))
    make_document("Film", "film.mp4", b"film")
    extraction.complete.enqueue()
    assert stored(document) == "Words"
    assert not extraction.unread().exists()


def test_nothing_is_done_where_nothing_is_missing(read, django_assert_num_queries):
    read("paper.docx", file_making.docx("Words"))
    with django_assert_num_queries(1):
        extraction.complete.call()


def test_reading_is_told_to_whoever_listens_and_moves_the_generation(committed):
    document, told = make_document("Paper", "paper.docx", file_making.docx("Words")), []
    changes = Change.objects.count()

    def listen(sender, instance, **kwargs):
        told.append(instance.extracted_text)

    extraction.document_text_changed.connect(listen)
    try:
        extraction.read.enqueue(document.pk)
        extraction.read.enqueue(document.pk)
    finally:
        extraction.document_text_changed.disconnect(listen)
    assert told == ["Words"]
    # The document is listed with its text, and its words are learned; the second reading changes nothing.
    assert Change.objects.count() == changes + 2


def test_storage_that_was_away_is_asked_again(read, committed, caplog):
    document = make_document("Paper", "paper.docx", file_making.docx("Words"))
    content = default_storage.open(document.file.name).read()
    default_storage.delete(document.file.name)
    extraction.read.enqueue(document.pk)
    assert f"The file of document {document.pk} could not be opened" in caplog.text
    default_storage.save(document.file.name, ContentFile(content))
    extraction.complete.enqueue()
    assert stored(document) == "Words"


def broken_zip():
    """Return a Word file whose words are longer than it says: its headers are wrong about the size."""
    whole = file_making.docx("x" * 5000)
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        size = archive.getinfo("word/document.xml").file_size
    return whole.replace(struct.pack("<L", size), struct.pack("<L", 100))


BAD_FILES = {
    "cut off.docx": (file_making.docx("Words")[:-40], "broken: BadZipFile"),
    "no zip.odt": (b"words", "broken: BadZipFile"),
    "other zip.xlsx": (file_making.zipped({"a": "b"}), "not a file of this kind"),
    "bad xml.pptx": (file_making.zipped({"ppt/slides/slide1.xml": "<a><b>"}), "broken: ParseError"),
    "wrong size.docx": (broken_zip(), "broken: BadZipFile"),
    "bomb.docx": (file_making.docx("&b;", before=BOMB), "broken: DTDForbidden"),
    "large.docx": (
        file_making.zipped({"word/document.xml": b"<x>" + b" " * file_text.MAX_UNPACKED}),
        "too large when unpacked",
    ),
    "many.pptx": (
        file_making.zipped({f"ppt/slides/slide{number}.xml": "<x/>" for number in range(file_text.MAX_PARTS + 1)}),
        "too large when unpacked",
    ),
    "no.pdf": (b"%PDF-1.7 words", "broken: PdfStreamError"),
    "locked.pdf": (
        file_making.pdf(
            "Words",
            trailer="/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -44 "
            f"/O <{'00' * 32}> /U <{'00' * 32}> >> /ID [<00> <00>]",
        ),
        "encrypted",
    ),
    "empty.pdf": (b"", "broken: EmptyFileError"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_files_have_no_text_and_one_line_in_the_log(read, caplog, name):
    content, reason = BAD_FILES[name]
    assert read(name, content) == ""
    document = Document.objects.get()
    lines = [record.getMessage() for record in caplog.records if record.name == "portal.extraction"]
    assert lines == [f"No text was read from document {document.pk}: {reason}"]
    assert not extraction.unread().exists()


def test_what_no_database_stores_is_left_out(read):
    assert read("notes.txt", "a\x00b\x07c \ufffed\n\n\x0b\x0c e".encode()) == "abc d\ne"
    # A font may say that it draws half a character.
    assert read("paper.pdf", file_making.pdf("x\ud800y\x00z")) == "xyz"


def test_so_much_text_is_kept(read, monkeypatch):
    assert file_text.MAX_CHARACTERS == 200_000
    assert len(read("long.txt", "ŵ ".encode() * 200_000)) == 200_000
    monkeypatch.setattr(file_text, "MAX_CHARACTERS", 20)
    found = file_text.answer(BytesIO(file_making.docx("One two three", "Four five six seven", "Eight")), "docx")
    assert found == {"text": "One two three\nFour f", "reason": ""}


def test_so_many_pages_are_read(monkeypatch):
    assert file_text.MAX_PAGES == 2_000
    monkeypatch.setattr(file_text, "MAX_PAGES", 3)
    assert file_text.answer(BytesIO(file_making.pdf(*"abcde")), "pdf")["text"] == "a\nb\nc"


def test_long_pdf_gives_what_could_be_read_in_half_of_the_time(monkeypatch):
    monkeypatch.setattr(file_text, "SECONDS", 0)
    assert file_text.answer(BytesIO(file_making.pdf(*"abcde")), "pdf")["text"] == "a"


def test_page_that_cannot_be_read_leaves_the_others(monkeypatch):
    texts = iter([ValueError, "second"])

    def written(page):
        if isinstance(text := next(texts), str):
            return text
        raise text

    monkeypatch.setattr(file_text, "_page_text", written)
    assert file_text.answer(BytesIO(file_making.pdf(*"ab")), "pdf") == {"text": "second", "reason": ""}


def test_file_that_takes_too_long_is_given_up(read, monkeypatch, caplog):
    monkeypatch.setattr(extraction, "SECONDS", 1)
    assert read("slow.pdf", many_drawings(500_000)) == ""
    assert "not done after 1 seconds" in caplog.text
    assert not extraction.unread().exists()


def test_file_that_needs_too_much_memory_is_given_up(read, monkeypatch, caplog):
    monkeypatch.setattr(extraction, "MEGABYTES", 120)
    assert read("wide.pdf", many_drawings(300_000)) == ""
    assert "needs too much memory" in caplog.text
    assert not extraction.unread().exists()


def test_reading_knows_no_password_of_the_site(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "very secret")
    shown = tmp_path / "shown.py"
    shown.write_text("import json, os; print(json.dumps({'text': str(dict(os.environ)), 'reason': ''}))")
    monkeypatch.setattr(file_text, "__file__", str(shown))
    assert "secret" not in extraction.text_of(make_document("Paper", "paper.txt", b"words"))
