"""Short links, as WordPress has them, lead on from the address of a front page: ``/?p=123``."""

from urllib.parse import parse_qsl

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.encoding import iri_to_uri
from wagtail.contrib.redirects.models import Redirect

from delivery import redirects
from tests.factories import make_article
from tests.front import Front

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_short_link_leads_from_the_front_page(client, site):
    article = make_article(site, "Report")
    Redirect.add_redirect("/?p=123", article)
    Redirect.add_redirect("/cy/?page_id=7&lang=cy", "/cy/newyddion/", is_permanent=False)
    front = Front()
    for address in ("/?p=123", "/?utm_source=mail&p=123", "/?p=123&p=123"):
        assert (front.get(address).status_code, front.get(address).headers["Location"]) == (301, "/news/report/")
    response = front.get("/cy/?lang=cy&page_id=7")
    assert (response.status_code, response.headers["Location"]) == (302, "/cy/newyddion/")
    for address in ("/", "/?p=124", "/?p=", "/?p=%00", "/?page_id=7", "/?P=123"):
        assert front.get(address).status_code == 200
    assert front.get("/").headers["No-Vary-Search"] == 'params, except=("lang" "p" "page_id")'
    assert front.get("/news/?p=123").status_code == 200
    Redirect.objects.all().delete()
    assert front.get("/?p=123").status_code == 200


@pytest.mark.parametrize("name", ["a%0Ab", "a%0D%0AX-Other:%20b", 'a"b', "a%5Cb", "a b", "té", "اسم", "p[]", ""])
def test_a_short_link_with_a_name_that_is_no_name_leads_nowhere_and_harms_no_front_page(client, site, name):
    Redirect.add_redirect(f"/?{name}=1", "/news/")
    Redirect.add_redirect("/?page-id_2.0=1", "/news/")
    front = Front()
    for address in ("/", iri_to_uri(f"/?{name}=1")):
        assert front.get(address).status_code == 200
    assert front.get("/").headers["No-Vary-Search"] == 'params, except=("page-id_2.0")'
    assert front.get("/?page-id_2.0=1").status_code == 301


def test_a_short_link_leads_on_whatever_else_was_recorded(client, site):
    for address, aim in (("/?p=123", "/one/"), ("/?p=7", "/two/"), ("/?lang=cy&p=7", "/three/")):
        Redirect.add_redirect(address, aim)
    front = Front()
    for address, aim in (
        ("/?p=123&lang=en", "/one/"),
        ("/?p=7", "/two/"),
        ("/?p=7&lang=en", "/two/"),
        ("/?p=7&x=1&lang=cy", "/three/"),
    ):
        assert (front.get(address).status_code, front.get(address).headers.get("Location")) == (301, aim), address


def test_a_front_page_costs_as_much_however_many_short_links_there_are(client, site, monkeypatch):
    numbers = [f"/?p={number}" for number in range(2_000)]
    Redirect.objects.bulk_create([Redirect(old_path=path, redirect_link="/news/") for path in [*numbers, "/?q=1&r=2"]])
    read = []
    monkeypatch.setattr(redirects, "parse_qsl", lambda *args, **kwargs: read.append(args) or parse_qsl(*args, **kwargs))
    with CaptureQueriesContext(connection) as made:
        assert redirects.short_parameters() == {"p", "q", "r"}
    assert (len(read), sum(Redirect._meta.db_table in query["sql"] for query in made)) == (2, 1)


def test_a_front_page_without_short_links_is_the_same_whatever_is_asked(client, site):
    front = Front()
    for address in ("/", "/?p=123", "/?x=1"):
        assert front.get(address).status_code == 200
    assert front.made == ["/"]
