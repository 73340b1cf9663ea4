"""What tests read out of a page: its language, its links, its translations."""

from urllib.parse import unquote

from bs4 import BeautifulSoup
from django.conf import settings


def soup_of(response):
    return BeautifulSoup(response.content.decode(), "html.parser")


def language_of(response):
    """Return (lang, dir) of the html element."""
    html = soup_of(response).html
    return html["lang"], html["dir"]


def hreflang_of(response):
    """Return {code: address} of the alternates in the head, without our own host."""
    links = soup_of(response).head.find_all("link", rel="alternate", hreflang=True)
    return {link["hreflang"]: unquote(link["href"].removeprefix(settings.PUBLIC_URL)) for link in links}


def canonical_of(response):
    link = soup_of(response).head.find("link", rel="canonical")
    return unquote(link["href"].removeprefix(settings.PUBLIC_URL)) if link else None


def switch_of(response):
    """Return {language: address} of the links of the language switch."""
    links = soup_of(response).select("nav.languages a")
    return {link["hreflang"]: unquote(link["href"]) for link in links}
