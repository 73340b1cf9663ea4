"""Links say when they lead into another language, wherever an editor can put one."""

import pytest
from wagtail.models import Locale

from core.models import Furniture
from home.models import StandardPage
from tests.factories import body_of, make_article
from tests.pages import soup_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def linking(page, label):
    link = {"page": page.pk, "url": "", "label": label}
    return [
        {"type": "paragraph", "value": f'<p>See <a linktype="page" id="{page.pk}">the words</a></p>'},
        {"type": "link_list", "value": {"title": "More", "links": [link]}},
        {"type": "call_to_action", "value": {"text": "", **link}},
    ]


def attributes(client, address, target):
    """Return (hreflang, lang) of every link of a page's text that leads to the target."""
    links = soup_of(client.get(address)).select(f'.prose a[href="{target}"]')
    return [(link.get("hreflang"), link.get("lang")) for link in links]


@pytest.mark.parametrize(("label", "lang"), [("Geiriau", None), ("", "en")])
def test_links_to_what_is_not_translated_name_its_language(client, site, label, lang):
    english = make_article(site, "Response")
    make_article(site, "Tudalen", language="cy", body=body_of(linking(english, label)))
    found = attributes(client, "/cy/newyddion/tudalen/", "/news/response/")
    assert found == [("en", None), ("en", lang), ("en", lang)]


def test_links_within_a_language_say_nothing_of_it(client, site):
    english = make_article(site, "Response")
    make_article(site, "Ymateb", language="cy", translation_key=english.translation_key)
    make_article(site, "Tudalen", language="cy", body=body_of(linking(english, "")))
    found = attributes(client, "/cy/newyddion/tudalen/", "/cy/newyddion/ymateb/")
    assert found == [(None, None)] * 3


def test_links_to_an_alias_name_the_language_of_its_words(client, site):
    english = make_article(site, "Response")
    english.copy_for_translation(site.homes["cy"].locale, alias=True)
    make_article(site, "Tudalen", language="cy", body=body_of(linking(english, "")))
    found = attributes(client, "/cy/newyddion/tudalen/", "/cy/newyddion/response/")
    assert found == [("en", None), ("en", "en"), ("en", "en")]


def test_navigation_names_the_language_of_what_is_not_translated(client, site):
    about = site.homes["en"].add_child(instance=StandardPage(title="About", slug="about", summary="s"))
    furniture = Furniture.objects.get(locale__language_code="ar")
    for name in ("header_links", "footer_links"):
        block = getattr(furniture, name).stream_block
        links = [{"page": about.pk, "url": "", "label": label} for label in ("", "عن الشبكة")]
        setattr(furniture, name, block.to_python([{"type": "link", "value": link} for link in links]))
    furniture.save()
    html = soup_of(client.get("/ar/"))
    for place in ("header", "footer"):
        title, label = html.select(f'.site-{place} a[href="/about/"]')
        assert (title["hreflang"], title["lang"], title["dir"]) == ("en", "en", "ltr")
        assert (label["hreflang"], label.get("lang")) == ("en", None)


def test_terms_without_words_in_a_language_are_marked(client, site):
    make_article(site, "Erthygl", language="ar", slug="x")
    assert Locale.objects.count() == 3
    html = soup_of(client.get("/ar/أخبار/x/"))
    assert html.select_one('.meta a[rel="author"]')["lang"] == "en"
    assert soup_of(client.get("/ar/")).select_one(".chips a")["dir"] == "ltr"
    assert not soup_of(client.get("/")).select_one(".chips a").has_attr("lang")
