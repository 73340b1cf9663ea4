"""Text that runs from right to left, and what is read the other way inside it."""

import pytest
from django.utils.translation import override

from core import directions
from core.models import Furniture
from tests.factories import body_of, make_article
from tests.pages import soup_of


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>هاتف 0113 496 0132، الآن</p>", '<p>هاتف <bdi dir="ltr">0113 496 0132</bdi>، الآن</p>'),
        ("+44 (0)113 496 0132", '<bdi dir="ltr">+44 (0)113 496 0132</bdi>'),
        ("+441134960132.", '<bdi dir="ltr">+441134960132</bdi>.'),
        ("(0113) 496 0132", '<bdi dir="ltr">(0113) 496 0132</bdi>'),
        ("0113-496-0132", '<bdi dir="ltr">0113-496-0132</bdi>'),
        ('<a href="tel:0113 496 0132">اتصل</a>', '<a href="tel:0113 496 0132">اتصل</a>'),
        ("2026 2027 و 15 وحدة", "2026 2027 و 15 وحدة"),
        ("في 03/11/2026 09:30", "في 03/11/2026 09:30"),
        (f"0{'1 ' * 500}x", f"0{'1 ' * 500}x"),
        ("1 000 000", "1 000 000"),
        ("0.5 من 100", "0.5 من 100"),
        ("&#0391234567;", "&#0391234567;"),
        ("", ""),
    ],
)
def test_telephone_numbers_keep_their_order(html, expected):
    with override("ar"):
        assert directions.with_numbers_apart(html) == expected
    with override("en"):
        assert directions.with_numbers_apart(html) == html


@pytest.mark.django_db
def test_every_text_of_an_arabic_page_keeps_its_numbers(client, site):
    number = "0113 496 0132"
    Furniture.objects.filter(locale__language_code="ar").update(
        footer_text=f"هاتف {number}", contact_text=f"هاتف {number}", notice_is_on=True, notice_text=f"هاتف {number}"
    )
    body = body_of([{"type": "paragraph", "value": f"<p>هاتف {number}</p>"}])
    notes = f"<p>هاتف {number}</p>"
    make_article(site, "x", language="ar", slug="x", body=body, press_contact=f"<i> {number}", notes_to_editors=notes)
    html = soup_of(client.get("/ar/أخبار/x/"))
    assert [bdi.text for bdi in html.find_all("bdi", dir="ltr")] == [number] * 6
    assert html.find("i") is None


@pytest.mark.django_db
def test_what_was_searched_stands_apart_in_the_sentence(client, site):
    assert "\u2068trial (b)\u2069" in client.get("/ar/search/?q=trial (b)").content.decode()
    assert "\u2068" not in client.get("/search/?q=trial (b)").content.decode()
