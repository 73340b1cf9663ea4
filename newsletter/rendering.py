"""The mail of an issue: rendered once for each choice of articles, then addressed to each subscriber."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import mark_safe
from markdownify import markdownify
from wagtail.rich_text import expand_db_html

from core import letters
from delivery import sites
from news.models import ArticleListing, ListingTerm
from newsletter import counting, subscribing

# Stand for what is different in every mail; no text of ours has such characters.
PREFERENCES, LEAVING = "\ue000preferences\ue000", "\ue000leave\ue000"


@dataclass(frozen=True)
class Parts:
    """An issue with some of its articles, before it is addressed."""

    subject: str
    text: str
    html: str


def readable(rows):
    """Return those of some rows of ``ArticleListing`` whose articles everybody can reach at this moment."""
    open_now = sites.editions_by_locale()
    rows = rows.filter(page__live=True, locale__in=open_now).select_related("page")
    return [row for row in rows if sites.is_public(row.page.path)]


class Edition:
    """An issue as it is at this moment: its live, public articles and what they are about.

    Args:
        issue: the ``Issue``.
    """

    def __init__(self, issue):
        self.issue = issue
        self.language = issue.locale.language_code
        self.rendered = {}

    @cached_property
    def articles(self):
        """The rows of ``ArticleListing``, in the order of the issue."""
        order = list(self.issue.articles.order_by("sort_order", "pk").values_list("article_id", flat=True))
        rows = ArticleListing.shown.filter(pk__in=order, locale_id=self.issue.locale_id)
        known = {row.pk: row for row in readable(rows)}
        return [known[pk] for pk in order if pk in known]

    @cached_property
    def keys(self):
        """{article id: keys of what it is listed under, as text}."""
        found = {row.pk: set() for row in self.articles}
        for pk, key in ListingTerm.shown.filter(page__in=found).values_list("page", "key"):
            found[pk].add(str(key))
        return found

    def articles_for(self, topics):
        """Return the articles for somebody who chose topics, all of them for who chose none."""
        if not topics:
            return self.articles
        return [row for row in self.articles if self.keys[row.pk] & set(topics)]

    @cached_property
    def has_content(self):
        return bool(self.issue.greeting or self.articles)

    @cached_property
    def all_keys(self):
        return set().union(*self.keys.values())

    def is_for(self, topics):
        """Return whether there is anything in it for who chose topics; a greeting alone is meant for everybody."""
        if self.issue.greeting and self.issue.digest_id is None:
            return True
        return not self.all_keys.isdisjoint(topics) if topics else bool(self.articles)

    def parts(self, topics=()):
        """Return the ``Parts`` for some topics, rendered once for each set of articles."""
        articles = self.articles_for(topics)
        key = tuple(row.pk for row in articles)
        if key not in self.rendered:
            with translation.override(self.language):
                self.rendered[key] = self._render(articles)
        return self.rendered[key]

    def _render(self, articles):
        issue = self.issue
        greeting = made_whole(issue.greeting)
        context = letters.frame(self.language) | {
            "issue": issue,
            "greeting": greeting,
            "greeting_text": in_plain_text(greeting),
            "articles": [
                {"row": row, "url": counting.link(issue, sites.absolute(row.url)), "kind": row.kind} for row in articles
            ],
            "preferences": PREFERENCES,
            "leave": LEAVING,
            "opened": counting.opening(issue),
        }
        text = render_to_string("newsletter/mail/issue.txt", context).strip() + "\n"
        return Parts(issue.subject, text, render_to_string("newsletter/mail/issue.html", context))

    def message(self, subscriber, message_id, delivery_pk=None):
        """Return the mail to one subscriber.

        Args:
            subscriber: whose topics, address and links it has.
            message_id: its Message-ID.
            delivery_pk: of the ``Delivery``; None for a test.
        """
        parts = self.parts(subscriber.topics)
        leave = subscribing.leave_address(subscriber, delivery_pk)
        links = {PREFERENCES: subscribing.preferences_address(subscriber), LEAVING: leave}
        text, html = parts.text, parts.html
        for mark, address in links.items():
            text, html = text.replace(mark, address), html.replace(mark, escape(address))
        message = EmailMultiAlternatives(
            " ".join(parts.subject.split()),
            text,
            settings.MAIL_BOUNCES,
            [subscriber.email],
            headers={
                "From": letters.sender(self.language),
                "Message-ID": message_id,
                "Content-Language": self.language,
                "List-Id": f"<newsletter-{self.language}.{urlsplit(settings.PUBLIC_URL).hostname}>",
                "List-Unsubscribe": f"<{leave}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Precedence": "bulk",
                "Auto-Submitted": "auto-generated",
            },
        )
        message.attach_alternative(html, "text/html")
        return message


def made_whole(rich_text):
    """Return rich text as HTML whose links lead here from anywhere."""
    made = BeautifulSoup(expand_db_html(rich_text), "html.parser")
    for link in made.find_all("a", href=True):
        link["href"] = urljoin(settings.PUBLIC_URL, link["href"])
    return mark_safe(str(made))  # noqa: S308 - an editor's rich text, as on the site


def in_plain_text(html):
    """Return HTML as lines of text, each link's address after its words."""
    made = BeautifulSoup(html, "html.parser")
    for link in made.find_all("a", href=True):
        link.replace_with(f"{link.get_text()} ({link['href']})")
    for element in made.find_all(["b", "strong", "i", "em"]):
        element.unwrap()
    return markdownify(str(made), bullets="-", escape_asterisks=False, escape_underscores=False).strip()
