"""The interface speaks Welsh and Arabic completely, and its catalogues keep up with the code."""

import ast
import gettext
import os
import re
import shutil
import subprocess
from datetime import date

import polib
import pytest
from django import conf
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as translate
from django.utils.translation import ngettext, override
from django.utils.translation.trans_real import DjangoTranslation

from core import upstream
from portal import catalogues

LANGUAGES = catalogues.kept()
PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]?[\d.]*[a-z]|%[a-z%]")
GETTEXT_NAMES = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
READING_TIME = ("%(minutes)s minute to read", "%(minutes)s minutes to read")


def catalogue(language):
    return polib.pofile(str(catalogues.path_of(language)))


def identity(entry):
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def own_modules():
    skipped = (".", "var", "node_modules", "tests")
    for folder, names, files in os.walk(settings.BASE_DIR):
        names[:] = [name for name in names if not name.startswith(skipped)]
        yield from (os.path.join(folder, name) for name in files if name.endswith(".py"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_translated_for_good(language):
    words = catalogue(language)
    assert len(words) > 300
    assert [entry.msgid for entry in words.untranslated_entries()] == []
    assert [entry.msgid for entry in words.fuzzy_entries()] == []
    assert [entry.msgid for entry in words.obsolete_entries()] == []


def test_the_months_of_welsh_are_spelled_as_the_dictionary_has_them():
    folder = os.path.join(os.path.dirname(conf.__file__), "locale")
    assert gettext.translation("django", folder, ["cy"]).gettext("July") == "Gorffenaf"
    with override("cy"):
        assert date_format(date(2026, 7, 1), "j F Y, E") == "1 Gorffennaf 2026, Gorffennaf"


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_placeholders_and_line_ends(language):
    for entry in catalogue(language):
        if entry.msgid_plural:
            continue
        assert sorted(PLACEHOLDER.findall(entry.msgstr)) == sorted(PLACEHOLDER.findall(entry.msgid)), entry.msgid
        for ends in ("startswith", "endswith"):
            assert getattr(entry.msgstr, ends)("\n") == getattr(entry.msgid, ends)("\n"), entry.msgid


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_keep_placeholders(language):
    """A form that stands for one number only ("two results") may write that number as a word."""
    words = catalogue(language)
    count, rule = re.match(r"nplurals=(\d+); plural=(.*?);?$", words.metadata["Plural-Forms"]).groups()
    plural = gettext.c2py(rule)
    for entry in words:
        if not entry.msgid_plural:
            continue
        assert set(entry.msgstr_plural) == set(range(int(count))), entry.msgid
        wanted = set(PLACEHOLDER.findall(entry.msgid_plural))
        for form, text in entry.msgstr_plural.items():
            found = set(PLACEHOLDER.findall(text))
            stands_for_one = sum(plural(number) == form for number in range(1000)) == 1
            assert found <= wanted, text
            assert len(wanted - found) <= int(stands_for_one), text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.skipif(not shutil.which("msgfmt"), reason="msgfmt is not installed (Debian: gettext)")
def test_msgfmt_finds_no_fault(language, tmp_path):
    command = ["msgfmt", "--check", "-o", str(tmp_path / "django.mo"), str(catalogues.path_of(language))]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("number", "words"), [(0, "munud"), (1, "munud"), (2, "funud"), (3, "munud"), (6, "munud"), (11, "munud")]
)
def test_welsh_minutes(number, words):
    with override("cy"):
        assert ngettext(*READING_TIME, number) % {"minutes": number} == f"Amser darllen: {number} {words}"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "Dim canlyniadau"),
        (1, "1 canlyniad"),
        (2, "2 ganlyniad"),
        (3, "3 chanlyniad"),
        (6, "6 chanlyniad"),
        (11, "11 canlyniad"),
    ],
)
def test_welsh_results_are_mutated_by_their_number(number, words):
    forms = ("%(total)s result for “%(query)s”", "%(total)s results for “%(query)s”")
    with override("cy"):
        assert ngettext(*forms, number) % {"total": number, "query": "x"} == f"{words} ar gyfer “x”"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "أقل من دقيقة"),
        (1, "دقيقة واحدة"),
        (2, "دقيقتان"),
        (3, "3 دقائق"),
        (11, "11 دقيقة"),
        (100, "100 دقيقة"),
    ],
)
def test_arabic_minutes(number, words):
    with override("ar"):
        assert ngettext(*READING_TIME, number) % {"minutes": number} == f"مدة القراءة: {words}"


def test_the_catalogues_hold_every_string_of_code_and_templates():
    before = {language: catalogues.path_of(language).read_bytes() for language in LANGUAGES}
    try:
        found = catalogues.extracted()
    except FileNotFoundError as error:
        pytest.skip(str(error))
    for language in LANGUAGES:
        known = {identity(entry) for entry in catalogue(language)}
        now = {identity(entry) for entry in found[language]}
        assert now - known == set(), "Run: make messages, and translate what is new"
        assert known - now == set(), "Run: make messages"
        assert str(catalogue(language).metadata) == str(found[language].metadata)
        assert catalogues.path_of(language).read_bytes() == before[language]


@pytest.mark.skipif(not shutil.which("xgettext"), reason="xgettext is not installed (Debian: gettext)")
def test_a_further_language_gets_a_catalogue_and_keeps_it_up_to_date(settings, tmp_path):
    site = tmp_path / "site"
    (site / "locale").mkdir(parents=True)
    (site / "words.py").write_text('_("Home")')
    settings.BASE_DIR, settings.LOCALE_PATHS = site, [site / "locale"]
    settings.LANGUAGES = [("en", "English"), ("pt-br", "Brazilian Portuguese")]
    assert list(catalogues.extract()) == catalogues.kept() == ["pt-br"]
    assert (site / "locale/pt_BR/LC_MESSAGES/django.po").exists()
    (site / "words.py").write_text('_("News")')
    settings.LANGUAGES = [("en", "English"), ("cy", "Welsh")]
    found = catalogues.extract()
    assert {code: [entry.msgid for entry in entries] for code, entries in found.items()} == {
        "cy": ["News"],
        "pt-br": ["News"],
    }


def test_no_string_hides_in_an_f_string():
    """The xgettext of Debian 12 does not look into f-strings, so such a string would stay English."""
    hidden = []
    for path in own_modules():
        with open(path, encoding="utf-8") as file:
            tree = ast.parse(file.read())
        for literal in (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)):
            calls = [node for node in ast.walk(literal) if isinstance(node, ast.Call)]
            hidden += [f"{path}:{call.lineno}" for call in calls if getattr(call.func, "id", "") in GETTEXT_NAMES]
    assert hidden == []


@pytest.mark.parametrize("default", ["ar", "cy", "en"])
def test_a_language_without_a_catalogue_speaks_its_own_words_and_english(settings, default):
    settings.LANGUAGE_CODE = default
    for language, month in {"fr": "janvier", "pt-ao": "Janeiro", "xx": "January"}.items():
        catalogue = DjangoTranslation(language)
        assert catalogue.gettext("January") == month
        assert catalogue.gettext("Skip to the text") == "Skip to the text"
        assert catalogue.ngettext("%(n)s sentence to review.", "%(n)s sentences to review.", 2).startswith("%(n)s sent")


def test_django_still_says_in_the_default_language_what_another_has_no_words_for(settings, monkeypatch):
    settings.LANGUAGE_CODE = "cy"
    monkeypatch.setattr(DjangoTranslation, "_add_fallback", upstream.stock_fallback)
    assert DjangoTranslation("fr").gettext("Skip to the text") == "Hepgor i’r prif gynnwys"


def test_a_stale_catalogue_is_compiled_and_read_at_once(settings, tmp_path):
    folder = tmp_path / "cy" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    settings.LOCALE_PATHS = [tmp_path]
    source = folder / "django.po"
    try:
        for words in ("Hafan", "Cartref"):
            source.write_text(
                f'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Home"\nmsgstr "{words}"\n'
            )
            os.utime(source, (1e9 + len(words), 1e9 + len(words)))
            (folder / "django.mo").touch()
            os.utime(folder / "django.mo", (1e9, 1e9))
            assert catalogues.compile_all() == [folder / "django.mo"]
            with override("cy"):
                assert translate("Home") == words
        assert catalogues.compile_all() == []
        assert sorted(path.name for path in folder.iterdir()) == ["django.mo", "django.po"]
    finally:
        catalogues.translation_file_changed(None, folder / "django.mo")
