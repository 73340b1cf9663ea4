"""The house holds: imports go down the list only, rooms have names, modules stay small."""

import ast
import tomllib
from configparser import ConfigParser
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[1]
MAY_IMPORT = {
    "portal": {"home", "news", "contact", "newsletter", "search", "translation", "core", "delivery"},
    "home": {"news", "core", "delivery"},
    "news": {"core", "delivery"},
    "contact": {"core", "delivery"},
    "newsletter": {"news", "core", "delivery"},
    "search": {"core", "delivery"},
    "translation": {"core", "delivery"},
    "core": {"delivery"},
    "delivery": set(),
}
ROOMS = [room for room in MAY_IMPORT if (ROOT / room).is_dir()]


def modules(room, with_tests=False):
    for path in sorted((ROOT / room).rglob("*.py")):
        inside = path.relative_to(ROOT / room).parts
        if "migrations" not in inside and (with_tests or "tests" not in inside):
            yield path


def imported_rooms(path):
    """Yield (line, room) for every import of one of our rooms, wherever in the module it stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module]
        for name in names:
            if name.split(".")[0] in MAY_IMPORT:
                yield node.lineno, name.split(".")[0]


def test_every_app_is_in_the_lists_that_are_kept_by_hand():
    own = {app.name for app in apps.get_app_configs() if Path(app.path).parent == ROOT}
    tests, style = ConfigParser(), tomllib.loads((ROOT / "ruff.toml").read_text())
    tests.read(ROOT / "pytest.ini")
    assert set(MAY_IMPORT) == own
    assert set(tests["pytest"]["testpaths"].split()) == own | {"tests"}
    assert set(style["lint"]["isort"]["known-first-party"]) == own


@pytest.mark.parametrize("room", ROOMS)
def test_imports_go_down_only(room):
    allowed = MAY_IMPORT[room] | {room}
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {other}"
        for path in modules(room)
        for line, other in imported_rooms(path)
        if other not in allowed
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("room", ROOMS)
def test_modules_are_under_300_lines_and_say_what_they_are_for(room):
    for path in modules(room, with_tests=True):
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") < 300, path
        assert not text.strip() or ast.get_docstring(ast.parse(text)), f"{path} does not say what it is for"


@pytest.mark.parametrize("room", ROOMS)
def test_functions_are_under_30_lines(room):
    for path in modules(room):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                length = body[-1].end_lineno - body[0].lineno + 1 if body else 0
                assert length <= 30, f"{path.relative_to(ROOT)}: {node.name} has {length} lines"


def test_no_room_is_called_after_nothing():
    for word in ("utils", "helpers", "common", "misc"):
        assert not [
            path for room in ROOMS for path in modules(room, with_tests=True) if word in path.parts or path.stem == word
        ]


def test_settings_are_under_250_lines():
    assert sum((ROOT / name).read_text().count("\n") for name in ("portal/settings.py", "tests/settings.py")) < 250
