"""The gettext catalogues of the interface: kept up to date with the code, and compiled without gettext's programs."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation import gettext_noop, to_language, to_locale
from django.utils.translation.reloader import translation_file_changed

PROGRAMS = ("xgettext", "msgmerge", "msguniq", "msgattrib")
SUFFIXES = {".py", ".html", ".txt", ".po"}
NOT_OURS = {"docs", "node_modules", "static", "tests", "var"}
# Django's Welsh header, which makemessages would copy, has four forms. These are CLDR's:
# https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html#cy
PLURAL_FORMS = {
    "cy": "nplurals=6; plural=(n==0) ? 0 : (n==1) ? 1 : (n==2) ? 2 : (n==3) ? 3 : (n==6) ? 4 : 5;",
}
# What people meet of Django's and Wagtail's own words, where their Welsh or Arabic is missing or broken.
BORROWED = (
    gettext_noop("Null characters are not allowed."),
    gettext_noop("The password you have entered is not correct. Please try again."),
    gettext_noop("This field is required."),
    gettext_noop("Welsh"),
)


def path_of(language):
    """Return where the catalogue of a language code stands."""
    return Path(settings.LOCALE_PATHS[0], to_locale(language), "LC_MESSAGES", "django.po")


def kept():
    """Return the language codes that have a catalogue."""
    return sorted(
        to_language(path.parts[-3]) for path in Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po")
    )


def compile_all():
    """Compile every catalogue whose .mo is missing or older, and return the paths written.

    Several processes may do it at once: each writes a file of its own and renames it. What this process had
    already loaded is dropped, so that the new words count from the next string on.
    """
    written = []
    for source in sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        unfinished = source.with_suffix(f".{os.getpid()}.mo")
        polib.pofile(str(source)).save_as_mofile(str(unfinished))
        unfinished.replace(target)
        written.append(target)
    if written:
        translation_file_changed(None, written[0])
    return written


def extracted():
    """Return {language: catalogue} with the strings that code and templates hold now; no file of the project changes.

    The languages are those of ``LANGUAGES`` and those that have a catalogue already, English aside.
    Django's makemessages works on a copy, because it leaves helper files beside the templates while it runs.

    Raises:
        FileNotFoundError: gettext's programs are not installed.
    """
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing:
        raise FileNotFoundError(f"{missing[0]} is not installed (Debian: gettext)")
    codes = dict.fromkeys([*(code for code, _name in settings.LANGUAGES), *kept()])
    languages = [code for code in codes if code.split("-")[0] != "en"]
    with tempfile.TemporaryDirectory(prefix="portal-catalogues-") as folder:
        copy = Path(folder, "portal")
        shutil.copytree(settings.BASE_DIR, copy, ignore=_not_ours)
        (copy / "locale").mkdir(exist_ok=True)
        if languages:
            _make_messages(copy, languages)
        files = {code: path_of(code).relative_to(settings.LOCALE_PATHS[0]) for code in languages}
        return {code: _tidied(copy / "locale" / file, code) for code, file in files.items()}


def extract():
    """Bring the catalogues up to date and return them; see ``extracted``."""
    found = extracted()
    for language, catalogue in found.items():
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(path_of(language)))
    return found


def _not_ours(folder, names):
    paths = [Path(folder, name) for name in names]
    return {
        path.name
        for path in paths
        if path.name.startswith(".")
        or (path.is_dir() and path.name in NOT_OURS)
        or (not path.is_dir() and path.suffix not in SUFFIXES)
    }


def _make_messages(folder, languages):
    command = [sys.executable, "-m", "django", "makemessages", "--no-obsolete", "--no-wrap", "--add-location=file"]
    command += [f"--locale={to_locale(code)}" for code in languages]
    # Without settings, Django knows no locale folder but the copy's.
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)


def _tidied(path, language):
    """Return a catalogue sorted by its strings, with a header that only changes when something did."""
    catalogue = polib.pofile(str(path), wrapwidth=-1)
    catalogue.header = "The words of the interface; `make messages` brings them up to date."
    catalogue.metadata_is_fuzzy = False
    known = catalogue.metadata
    revised = known.get("PO-Revision-Date", "")
    catalogue.metadata = {
        "Project-Id-Version": "Portal",
        "PO-Revision-Date": revised if revised[:1].isdigit() else f"{datetime.now(UTC):%Y-%m-%d %H:%M%z}",
        "Last-Translator": "Portal",
        "Language-Team": "Portal",
        "Language": to_locale(language),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURAL_FORMS.get(language) or known.get("Plural-Forms", "nplurals=2; plural=(n != 1);"),
    }
    forms = int(re.search(r"nplurals=(\d+)", catalogue.metadata["Plural-Forms"])[1])
    for entry in catalogue:
        if entry.msgid_plural:
            entry.msgstr_plural = {number: entry.msgstr_plural.get(number, "") for number in range(forms)}
    catalogue.sort(key=lambda entry: (entry.msgid.casefold(), entry.msgid, entry.msgctxt or ""))
    return catalogue
