"""Every template compiles, and every page says its language, title and one heading."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from core.models import Furniture
from tests.factories import body_of, every_block, make_article

FOLDER = Path(settings.BASE_DIR) / "templates"
NAMES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file())


def is_mail(name):
    """Return whether a template is of a mail: mail programs know no style sheets of ours."""
    return "/mail/" in name or name == "core/mail.html"


@pytest.mark.parametrize("name", NAMES)
def test_template_compiles(name):
    get_template(name)


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".html") and not is_mail(name)])
def test_template_has_nothing_inline(name):
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert " style=" not in text
    assert "<style" not in text
    assert " onclick=" not in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "language", "direction", "status"),
    [
        ("/", "en", "ltr", 200),
        ("/news/", "en", "ltr", 200),
        ("/news/everything/", "en", "ltr", 200),
        ("/news/topics/policy/", "en", "ltr", 200),
        ("/contact/", "en", "ltr", 200),
        ("/search/?q=everything", "en", "ltr", 200),
        ("/search/?q=%22", "en", "ltr", 200),
        ("/nowhere/", "en", "ltr", 404),
        ("/cy/", "cy", "ltr", 200),
        ("/cy/newyddion/", "cy", "ltr", 200),
        ("/cy/search/?q=x", "cy", "ltr", 200),
        ("/cy/dim-byd/", "cy", "ltr", 404),
        ("/ar/", "ar", "rtl", 200),
    ],
)
def test_page_has_language_title_and_one_heading(client, site, address, language, direction, status):
    make_article(site, "Everything", body=body_of(every_block(site)))
    response = client.get(address)
    html = response.content.decode()
    assert response.status_code == status
    assert f'<html lang="{language}" dir="{direction}"' in html
    assert html.count("<h1") == 1
    assert html.split("<title>")[1].split("</title>")[0].strip()
    assert "Set-Cookie" not in response.headers
    assert not response.cookies


@pytest.mark.django_db
def test_wagtails_bar_stands_in_the_preview_beside_an_edit_form_alone(admin_client, site):
    article = make_article(site, "Everything")
    seen = admin_client.get(article.url)
    assert "<wagtail-userbar" not in seen.content.decode()
    for thing in (article, Furniture.objects.get(locale__language_code="en")):
        for is_there in (False, True):
            told = {"in_preview_panel": is_there}
            shown = thing.make_preview_request(original_request=seen.wsgi_request, extra_request_attrs=told)
            assert ("<wagtail-userbar" in shown.content.decode()) is is_there
