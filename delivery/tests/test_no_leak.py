"""Nothing that is meant for one reader reaches another one through the page cache, whichever of them comes first."""

import pytest
from django.contrib.auth.models import Group
from django.core.handlers.wsgi import WSGIHandler
from django.urls import reverse
from wagtail.models import PageViewRestriction

from delivery.page_cache import PageCache
from portal import wsgi
from tests.factories import body_of, make_article
from tests.front import echo, in_both_orders

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ADDRESS, SECRET = "/news/the-plan/", "Xylophones are withdrawn"


@pytest.fixture
def article(site):
    return make_article(site, "The plan", body=body_of([{"type": "paragraph", "value": "<p>For everybody</p>"}]))


@pytest.fixture
def editor(client, django_user_model):
    """The session cookie of somebody who may see everything."""
    client.force_login(django_user_model.objects.create_superuser("ann", "ann@example.org", "secret"))
    return f"session={client.cookies['session'].value}"


def test_the_site_is_served_as_these_tests_ask_it():
    assert isinstance(wsgi.application, PageCache)
    assert isinstance(wsgi.application.application, WSGIHandler)


def secret_article(site, kind, **fields):
    """Return an article with a secret and its restriction."""
    article = make_article(
        site,
        SECRET,
        slug="the-plan",
        summary=SECRET,
        body=body_of([{"type": "paragraph", "value": f"<p>{SECRET}</p>"}]),
    )
    return article, PageViewRestriction.objects.create(page=article, restriction_type=kind, **fields)


def everywhere(article):
    """Return the addresses at which the words of an article may stand."""
    here = (ADDRESS, ADDRESS[:-1] + ".md", ADDRESS[:-1] + ".bib", ADDRESS[:-1] + ".ris", "/", "/news/", "/llms.txt")
    lists = ("/news/feed/", "/news/json/", "/sitemap-en-1.xml", "/sitemap-news.xml", "/search/?q=xylophones")
    return (*here, *lists, "/search/suggest/?q=xylo", "/api/v2/pages/", f"/api/v2/pages/{article.pk}/")


def opened(client, restriction, article):
    """Return the cookie of somebody who typed the password."""
    address = reverse("wagtailcore_authenticate_with_password", args=[restriction.pk, article.pk])
    assert client.post(address, {"password": "sesame", "return_url": ADDRESS}).status_code == 302
    return f"session={client.cookies['session'].value}"


def test_an_article_behind_a_password_reaches_nobody_without_it(client, site, fresh_front):
    article, restriction = secret_article(site, "password", password="sesame")
    cookie = opened(client, restriction, article)
    for address in everywhere(article):
        orders = in_both_orders(
            fresh_front, lambda front, to=address: front.get(to, cookie=cookie), lambda front, to=address: front.get(to)
        )
        for known, stranger in orders:
            assert SECRET not in stranger.text, address
            assert address != ADDRESS or SECRET in known.text
            assert address != ADDRESS or known.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("kind", ["login", "groups"])
def test_an_article_for_some_people_reaches_no_other(client, site, fresh_front, editor, kind):
    article, restriction = secret_article(site, kind)
    if kind == "groups":
        restriction.groups.add(Group.objects.create(name="Some"))
    for address in everywhere(article):
        orders = in_both_orders(
            fresh_front, lambda front, to=address: front.get(to, cookie=editor), lambda front, to=address: front.get(to)
        )
        for known, stranger in orders:
            assert SECRET not in stranger.text, address
            assert address != ADDRESS or SECRET in known.text


def test_a_draft_reaches_nobody_who_is_not_logged_in(fresh_front, article, editor):
    article.title = SECRET
    article.save_revision()
    draft = f"/admin/pages/{article.pk}/view_draft/"
    looks = (draft, f"/admin/pages/{article.pk}/revisions/{article.latest_revision_id}/view/")
    for address in looks:
        orders = in_both_orders(
            fresh_front,
            lambda front, to=address: front.get(to, cookie=editor),
            lambda front, to=address: (front.get(to), front.get(ADDRESS)),
        )
        for seen, (same, live) in orders:
            assert SECRET in seen.text
            assert same.status_code == 302
            assert SECRET not in live.text


def test_a_preview_reaches_nobody_else(client, fresh_front, article, editor):
    preview = f"/admin/pages/{article.pk}/edit/preview/"
    article.title = SECRET
    data = {"title": SECRET, "slug": article.slug, "summary": "s", "kind": article.kind_id}
    streams = ("body", "call_to_action", "downloads", "related")
    sets = ("article_topics", "article_authors", "comments")
    data |= {f"{name}-count": 0 for name in streams} | {"notes_to_editors": "null"}
    data |= {f"{name}-{part}_FORMS": 0 for name in sets for part in ("TOTAL", "INITIAL")}
    assert client.post(preview, data).json()["is_valid"]
    orders = in_both_orders(
        fresh_front,
        lambda front: front.get(f"{preview}?mode=", cookie=editor),
        lambda front: (front.get(f"{preview}?mode="), front.get(ADDRESS)),
    )
    for seen, (same, live) in orders:
        assert SECRET in seen.text
        assert same.status_code == 302
        assert SECRET not in live.text


def test_who_is_logged_in_and_who_is_not_get_answers_of_their_own(fresh_front, article, editor):
    orders = in_both_orders(fresh_front, lambda f: f.get(ADDRESS, cookie=editor), lambda f: f.get(ADDRESS))
    for known, stranger in orders:
        assert known.headers["Cache-Control"] == "private, no-store"
        assert stranger.headers["Cache-Control"] == "public, no-cache"
        assert "ETag" not in known.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_neither_get_nor_leave_anything(fresh_front, article, method):
    orders = in_both_orders(fresh_front, lambda f: f.get(ADDRESS, method=method), lambda f: f.get(ADDRESS))
    for other, reader in orders:
        assert reader.status_code == 200
        assert "For everybody" in reader.text
        assert "ETag" not in other.headers
    front = fresh_front(echo)
    assert "ETag" not in front.get("/x/", method=method).headers
    assert "ETag" in front.get("/x/").headers
    assert len(front.made) == 2


def test_a_form_with_errors_is_kept_for_nobody(fresh_front, site):
    wrong = "/enquiries/"
    orders = in_both_orders(
        fresh_front,
        lambda f: f.get(wrong, method="POST", sec_fetch_site="same-origin"),
        lambda f: (f.get(wrong), f.get("/contact/")),
    )
    for refused, (same, page) in orders:
        assert refused.status_code == 422
        assert same.status_code == 302
        assert page.status_code == 200


@pytest.mark.parametrize("host", ["testserver", "LOCALHOST", "127.0.0.1:8000", "localhost:99999"])
def test_another_of_our_hosts_has_entries_of_its_own(fresh_front, article, host):
    for ours, usual in in_both_orders(
        fresh_front, lambda f, at=host: f.get(ADDRESS, host=at), lambda f: f.get(ADDRESS, host="localhost")
    ):
        assert ours.status_code in (200, 400)
        assert usual.status_code == 200
        assert host not in usual.text
        assert 'href="http://localhost/news/the-plan/"' in usual.text


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:localhost", "local\thost", ""]
)
def test_a_host_that_is_not_ours_gets_and_leaves_nothing(fresh_front, article, host):
    for foreign, usual in in_both_orders(
        fresh_front, lambda f, at=host: f.get(ADDRESS, host=at), lambda f: f.get(ADDRESS, host="localhost")
    ):
        assert "For everybody" not in foreign.text
        assert foreign.status_code == 400
        assert usual.status_code == 200
        assert "evil" not in usual.text


TRICKS = {
    "x_forwarded_host": "evil.example",
    "forwarded": "host=evil.example;proto=https",
    "x_forwarded_proto": "https",
    "x_forwarded_scheme": "https",
    "x_forwarded_prefix": "/evil",
    "x_forwarded_port": "666",
    "x_forwarded_for": "evil",
    "x_original_url": "/admin/evil/",
    "x_rewrite_url": "/admin/evil/",
    "x_http_method_override": "POST",
    "x_host": "evil.example",
    "accept_language": "cy",
    "accept": "text/evil",
    "user_agent": "evil",
    "authorization": "Basic ZXZpbDpldmls",
    "origin": "https://evil.example",
    "referer": "https://evil.example/",
    "x_requested_with": "XMLHttpRequest",
}


@pytest.mark.parametrize("address", [ADDRESS, "/search/?q=plan", "/api/v2/pages/", "/news/feed/"])
def test_no_header_changes_what_the_next_reader_gets(fresh_front, client, article, address):
    usual = client.get(address, headers={"Host": "localhost"})
    for name, value in TRICKS.items():
        orders = in_both_orders(
            fresh_front, lambda f, said=(name, value): f.get(address, **dict([said])), lambda f: f.get(address)
        )
        for _trick, reader in orders:
            assert (reader.status_code, reader.content) == (200, usual.content), name
            assert "evil" not in reader.text


def test_plain_and_secure_answers_are_kept_apart_behind_a_proxy(fresh_front, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    front = fresh_front(echo)
    for proto in ("http", "https", "https,http"):
        front.get("/x/", x_forwarded_proto=proto)
    assert len(front.made) == 2


def test_one_search_is_not_answered_with_another(fresh_front, site):
    make_article(site, "Apples")
    make_article(site, "Pears")
    orders = in_both_orders(fresh_front, lambda f: f.get("/search/?q=apples"), lambda f: f.get("/search/?q=pears"))
    for apples, pears in orders:
        assert "/news/apples/" in apples.text
        assert "/news/apples/" not in pears.text


def test_a_repeated_parameter_means_here_what_it_means_to_django(fresh_front, client, site):
    for number in range(25):
        make_article(site, f"Article {number}")
    older = client.get("/news/").content.decode().split("?before=")[1].split('"')[0]
    for query in (f"before=x&before={older}", f"before={older}&before=x", f"before={older};after=x", "before=%FF"):
        front = fresh_front()
        front.get("/news/")
        front.get(f"/news/?before={older}")
        assert front.get(f"/news/?{query}").content == client.get(f"/news/?{query}").content
