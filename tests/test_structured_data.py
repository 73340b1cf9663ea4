"""What pages say of themselves to machines: found by extruct, in words that schema.org has, true to the page."""

import importlib

import extruct
import pytest
from django.conf import settings
from django.utils import timezone

from tests.factories import body_of, every_block, make_article, make_image

pytestmark = [pytest.mark.django_db, pytest.mark.database]

# Actions may name what they need as the property with this ending: https://schema.org/docs/actions.html
INPUT = "query-input"
# By its full name: the package's own __getattr__ recurses when its models are imported from it.
VOCABULARY = importlib.import_module("msgspec_schemaorg.models")


def things_of(client, address):
    """Return {type: thing} of the JSON-LD of a page, after checking every word of it."""
    response = client.get(address)
    assert response.status_code == 200
    [found] = extruct.extract(response.content.decode(), base_url=settings.PUBLIC_URL, syntaxes=["json-ld"])["json-ld"]
    assert found["@context"] == "https://schema.org"
    for thing in found["@graph"]:
        check(thing)
    return {thing["@type"]: thing for thing in found["@graph"]}


def check(thing):
    """Every type and property is one of schema.org's, and every property one that the type may have."""
    if list(thing) == ["@id"]:
        return
    properties = getattr(VOCABULARY, thing["@type"]).__struct_encode_fields__
    for name, value in thing.items():
        assert name in properties or name.startswith("@") or name == INPUT, f"{thing['@type']} has no {name}"
        assert value not in ("", None, [], {}), name
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                check(item)


def test_the_check_notices_a_wrong_word():
    with pytest.raises(AssertionError, match="NewsArticle has no headlin"):
        check({"@type": "NewsArticle", "headlin": "x"})
    with pytest.raises(AttributeError):
        check({"@type": "NewsArtikel"})


def test_an_article_says_what_it_is(client, site):
    site.author.is_group = True
    site.author.save()
    article = make_article(
        site,
        "Response </script><b>&amp;",
        slug="response",
        body=body_of(every_block(site)),
        lead_image=make_image(),
        lead_image_alt="x",
        updated_on=timezone.now() + timezone.timedelta(minutes=1),
    )
    welsh = make_article(site, "Ymateb", "cy", translation_key=article.translation_key)
    things = things_of(client, "/news/response/")
    told = things["NewsArticle"]
    assert told["headline"] == "Response </script><b>&amp;"
    assert told["author"] == [
        {"@type": "Organization", "name": "Secretariat", "url": f"{settings.PUBLIC_URL}/news/authors/secretariat/"}
    ]
    assert told["datePublished"] == article.published_on.isoformat()
    assert told["dateModified"] == article.updated_on.isoformat()
    assert told["publisher"]["@id"] == things["Organization"]["@id"]
    assert told["inLanguage"] == "en"
    assert told["workTranslation"][0]["@id"] == f"{settings.PUBLIC_URL}{welsh.address}"
    steps = things["BreadcrumbList"]["itemListElement"]
    assert [step["name"] for step in steps] == ["Home", "News", "Response </script><b>&amp;"]
    assert steps[1]["item"] == f"{settings.PUBLIC_URL}/news/"


def test_the_front_page_names_publisher_and_search(client, site):
    make_article(site)
    things = things_of(client, "/")
    assert things["Organization"]["name"] == "Portal"
    assert things["Organization"]["logo"] == f"{settings.PUBLIC_URL}/static/portal/icon-512.png"
    search = things["WebSite"]["potentialAction"]
    address = search["target"]["urlTemplate"].format(search_term_string="article")
    assert "An <mark>article</mark>" in client.get(address.removeprefix(settings.PUBLIC_URL)).content.decode()
    assert things_of(client, "/cy/")["WebSite"]["inLanguage"] == "cy"


@pytest.mark.parametrize(
    ("address", "kind", "steps"),
    [
        ("/news/", "CollectionPage", ["Home", "News"]),
        ("/news/topics/policy/", "CollectionPage", ["Home", "News", "Policy"]),
        ("/news/authors/secretariat/", "CollectionPage", ["Home", "News", "Secretariat"]),
        ("/news/kinds/statement/", "CollectionPage", ["Home", "News", "Statements"]),
        ("/news/2026/", "CollectionPage", ["Home", "News", "News from 2026"]),
        ("/contact/", "ContactPage", ["Home", "Contact"]),
        ("/ar/أخبار/", "CollectionPage", ["الرئيسية", "أخبار"]),
    ],
)
def test_other_pages_say_what_they_are_and_where(client, site, address, kind, steps):
    make_article(site, published_on=timezone.make_aware(timezone.datetime(2026, 3, 1)))
    things = things_of(client, address)
    assert things[kind]["url"].startswith(settings.PUBLIC_URL)
    assert [step["name"] for step in things["BreadcrumbList"]["itemListElement"]] == steps
