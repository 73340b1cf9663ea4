"""What tests ask of the public API, and how they close what it then may not show."""

from wagtail.models import PageViewRestriction

ARTICLES = "/api/v2/pages/?type=news.ArticlePage"


def listed(client, address):
    """Return the titles of a list."""
    response = client.get(address)
    assert response.status_code == 200, response.content
    return [item["title"] for item in response.json()["items"]]


def detail(client, page):
    response = client.get(f"/api/v2/pages/{page.pk}/")
    assert response.status_code == 200, response.content
    return response.json()


def restrict(page):
    PageViewRestriction.objects.create(page=page, restriction_type="password", password="x")
