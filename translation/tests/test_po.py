"""PO files survive real tools, and a wrong file gets a clear message."""

import shutil
import subprocess

import polib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.users.models import UserProfile
from wagtail_localize.models import StringTranslation

from tests.factories import body_of, every_block, make_article
from translation import po
from translation.models import Review
from translation.tests.pages import edit, long_article, submitted, translate_all
from translation.tests.people import WELSH, person

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LINKED = '<p>Read <a href="https://one.example/">the plan</a> and <a href="https://two.example/">the reply</a>.</p>'


@pytest.fixture
def work(site):
    """A Welsh translation of an article in which one sentence stands twice in a block."""
    body = body_of([{"type": "paragraph", "value": f"<p>It is so.</p>{LINKED}<p>It is so.</p>"}])
    return submitted(make_article(site, 'The "plan" & more', body=body))


def entry_of(file, words):
    return next(entry for entry in file if words in entry.msgid)


def take_in(translation, file):
    return po.take_in(po.read(str(file).encode()), translation)


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="msgfmt is not installed (Debian: gettext)")
def test_an_export_is_valid_for_msgfmt(site, tmp_path):
    translation = submitted(make_article(site, "Everything", body=body_of(every_block(site, 2))))
    translate_all(translation)
    path = tmp_path / "page.po"
    path.write_text(str(po.exported(translation)), encoding="utf-8")
    command = ["msgfmt", "--check", "-o", str(tmp_path / "page.mo"), str(path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


def test_a_sentence_that_stands_twice_is_exported_once(work):
    file = po.exported(work)
    assert sum(entry.msgid == "It is so." for entry in file) == 1


def test_taking_in_an_export_changes_nothing(work, django_capture_on_commit_callbacks):
    translate_all(work)
    with django_capture_on_commit_callbacks(execute=True):
        edit(work.source.get_source_instance(), summary="What it says in shorts.")
    assert Review.objects.exists()
    before = list(StringTranslation.objects.order_by("pk").values())
    reviews = list(Review.objects.values())
    outcome = take_in(work, po.exported(work))
    assert (outcome.changed, outcome.unsure, outcome.wrong, outcome.unknown) == (0, 0, [], [])
    assert list(StringTranslation.objects.order_by("pk").values()) == before
    assert list(Review.objects.values()) == reviews


@pytest.mark.parametrize("sign", [*"\u2028\u2029\x85\x0b\x0c\x1c\x1d\x1e\r\n", "\r\n"])
def test_no_sign_that_may_end_a_line_is_lost(site, sign):
    words = f"One{sign}two{sign}{sign}three{sign}"
    body = body_of([{"type": "paragraph", "value": f"<p>In a{sign}paragraph.</p>"}])
    work = submitted(make_article(site, f"Title{sign}here", summary=words, body=body))
    translate_all(work)
    for row in StringTranslation.objects.all():
        row.data = f"Un{sign}dau{sign}{sign}tri {row.data}{sign}"
        row.save()
    before = list(StringTranslation.objects.order_by("pk").values())
    outcome = take_in(work, po.exported(work))
    assert (outcome.changed, outcome.unsure, outcome.wrong, outcome.unknown) == (0, 0, [], [])
    assert outcome.unchanged == len(before) == 3
    assert list(StringTranslation.objects.order_by("pk").values()) == before
    file = po.exported(work)
    entry_of(file, "two").msgstr = words = f"Un{sign}dau{sign}{sign}tri"
    assert take_in(work, file).changed == 1
    assert StringTranslation.objects.filter(data=words).count() == 1


def test_what_waits_for_review_is_exported_as_fuzzy_with_the_sentence_before(work, django_capture_on_commit_callbacks):
    translate_all(work)
    with django_capture_on_commit_callbacks(execute=True):
        edit(work.source.get_source_instance(), summary="What it says in shorts.")
    entry = entry_of(po.exported(work), "in shorts")
    assert entry.fuzzy
    assert entry.previous_msgid == "What it says in short."


def test_translations_are_taken_in(work):
    file = po.exported(work)
    entry_of(file, "It is so.").msgstr = "Felly y mae."
    outcome = take_in(work, file)
    assert outcome.changed == 1
    row = StringTranslation.objects.get(data="Felly y mae.")
    assert (row.has_error, row.tool_name) == (False, "PO file")


def test_a_title_that_is_taken_in_is_seen_in_the_explorer(work):
    file = po.exported(work)
    entry_of(file, "plan&quot;" if "&quot;" in str(file) else 'plan"').msgstr = "Y cynllun"
    take_in(work, file)
    assert work.get_target_instance().draft_title == "Y cynllun"


def test_a_fuzzy_entry_is_not_final(work):
    file = po.exported(work)
    entry = entry_of(file, "It is so.")
    entry.msgstr, entry.flags = "Efallai.", ["fuzzy"]
    outcome = take_in(work, file)
    assert (outcome.changed, outcome.unsure) == (0, 1)
    assert Review.objects.get().reason == Review.Reason.FUZZY
    assert work.get_progress()[1] == 0


def test_a_fuzzy_entry_never_replaces_a_finished_translation(work):
    translate_all(work)
    file = po.exported(work)
    entry = entry_of(file, "It is so.")
    entry.msgstr, entry.flags = "Efallai.", ["fuzzy"]
    take_in(work, file)
    assert not StringTranslation.objects.filter(data="Efallai.").exists()


@pytest.mark.parametrize(
    "words",
    [
        'Darllenwch <a id="a1">y cynllun</a> a\'r ateb.',
        'Darllenwch <a id="a1">y cynllun</a> a <a id="a1">y cynllun</a> a <a id="a2">yr ateb</a>.',
        'Darllenwch <a id="a1">y cynllun</a> a <a id="a9">yr ateb</a>.',
        'Darllenwch <a id="a1">y cynllun</a> a <a id="a2">yr ateb</a> <script>1</script>.',
    ],
    ids=["lost", "doubled", "unknown", "markup"],
)
def test_a_fault_in_links_or_markup_is_told_and_not_used(work, words):
    file = po.exported(work)
    entry_of(file, "Read").msgstr = words
    outcome = take_in(work, file)
    assert len(outcome.wrong) == 1
    row = StringTranslation.objects.get()
    assert row.has_error
    assert row.get_error()


def test_links_in_another_order_are_right(work):
    file = po.exported(work)
    entry_of(file, "Read").msgstr = '<a id="a2">Yr ateb</a> a <a id="a1">y cynllun</a>.'
    assert take_in(work, file).wrong == []


def test_a_sentence_that_is_gone_is_left_out_and_told(work):
    file = po.exported(work)
    entry_of(file, "It is so.").msgid = "It was so."
    file[-1].msgstr = file[-1].msgstr or "x"
    entry_of(file, "It was so.").msgstr = "Felly yr oedd."
    assert take_in(work, file).unknown == ["It was so."]


def test_import_of_a_long_page_takes_less_than_60_queries(site):
    translation = submitted(long_article(site))
    file = po.exported(translation)
    for entry in file:
        entry.msgstr = f"Cyf {entry.msgid}"
    with CaptureQueriesContext(connection) as queries:
        outcome = take_in(translation, file)
    assert outcome.changed > 200
    assert len(queries) < 60


def upload(client, translation, content=None):
    client.force_login(person(WELSH))
    data = {} if content is None else {"file": SimpleUploadedFile("page.po", content)}
    url = reverse("wagtail_localize:upload_pofile", args=[translation.pk])
    response = client.post(url, data, follow=True)
    assert response.status_code == 200
    return [str(message) for message in response.context["messages"]]


BAD_FILES = {
    "no file": (None, "Choose a PO file"),
    "empty": (b"", "not a PO file"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x01", "cannot be read"),
    "the name of a file": (b"/etc/passwd", "not a PO file"),
    "broken": (b'msgid "a"\nmsgstr[ "b"\nnonsense\n', "not a valid PO file"),
    "nothing in it": (b'msgid "a\nmsgstr b\n', "nothing to read"),
    "no header": (b'msgid "a"\nmsgstr "b"\n', "header"),
    "bad encoding": (
        b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "a"\nmsgstr "\xff"\n',
        "UTF-8",
    ),
    "unknown encoding": (
        b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=klingon\\n"\n\nmsgid "a"\nmsgstr "b"\n',
        "KLINGON",
    ),
    "an id of nothing": (
        b'msgid ""\nmsgstr ""\n"X-WagtailLocalize-TranslationID: 12\\n"\n\nmsgid "a"\nmsgstr "b"\n',
        "does not exist",
    ),
    "too large": (b'msgid "a"\n' + b"#" * (po.MAX_BYTES + 1), "too large"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_gets_a_clear_message_and_changes_nothing(client, work, name):
    content, words = BAD_FILES[name]
    assert any(words in message for message in upload(client, work, content))
    assert not StringTranslation.objects.exists()


def test_the_file_of_another_page_is_named(client, site, work):
    other = submitted(make_article(site, "Another page"))
    messages = upload(client, work, str(po.exported(other)).encode())
    assert any("Another page" in message and "Welsh" in message for message in messages)


def test_messages_come_in_the_language_of_the_admin(client, work):
    user = person(WELSH)
    UserProfile.objects.create(user=user, preferred_language="cy")
    assert not any("Choose a PO file" in message for message in upload(client, work))


def test_another_encoding_that_the_file_names_is_read(work):
    file = po.exported(work)
    file.metadata["Content-Type"] = "text/plain; charset=ISO-8859-1"
    entry_of(file, "It is so.").msgstr = "Felly y mâi."
    outcome = po.take_in(po.read(str(file).encode("latin-1")), work)
    assert outcome.changed == 1


def test_a_download_names_the_page_and_language(client, work):
    client.force_login(person(WELSH))
    response = client.get(reverse("wagtail_localize:download_pofile", args=[work.pk]))
    assert "the-plan-more-cy.po" in response["Content-Disposition"]
    assert polib.pofile(response.content.decode()).metadata["Language"] == "cy"
