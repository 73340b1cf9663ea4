"""Every kind of page, in every state that a reader can meet, as the checks from outside want to see them."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urljoin, urlsplit

from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Locale, PageViewRestriction

from contact.models import ContactPage
from contact.tests import building
from core.models import Furniture
from delivery import generation, maintenance, views
from home.models import AccessibilityPage, StandardPage
from news import addresses
from news.models import ArticleKind, Author, Topic
from newsletter import subscribing
from newsletter.models import Subscriber
from tests.factories import NAMES, body_of, every_block, make_article, make_image
from tests.pages import soup_of

ENDLESS = "Llanfair" * 25  # a word of 200 letters
WORDS = {
    "en": {"title": "Our response", "topic": "Policy", "author": "Secretariat", "kind": "Statement"},
    "cy": {"title": "Ein hymateb", "topic": "Polisi", "author": "Ysgrifenyddiaeth", "kind": "Datganiad"},
    "ar": {"title": "استجابتنا", "topic": "سياسات", "author": "الأمانة العامة", "kind": "بيان"},
}
FURNITURE = {
    "tagline": "Research in four nations",
    "phone": "0113 496 0132",
    "opening_hours": "9 to 5",
    "newsletter_note": "You can leave at any time.",
    "footer_text": "Registered charity\n\nhttps://portal.example/register",
    "notice_is_on": True,
    "notice_title": "Please note",
    "notice_text": "The office is closed until Monday.",
}


@dataclass(frozen=True)
class Stop:
    """A page in one of its states.

    Attributes:
        name: what it shows.
        address: where it stands.
        response: the whole answer.
    """

    name: str
    address: str
    response: object

    @property
    def html(self):
        return self.response.content.decode()


class Tour:
    """The stops of one language.

    Args:
        site: what ``tests.factories.make_site`` made, with no articles yet.
        language: the code of the language.
    """

    def __init__(self, site, language):
        self.site, self.language = site, language
        self.locale = Locale.objects.get(language_code=language)
        self.start = "/" if language == "en" else f"/{language}/"
        self.news = f"{self.start}{NAMES[language][1]}/"
        self.words = WORDS[language]
        self.client = Client(headers={"Sec-Fetch-Site": "same-origin"})
        self.stops = []

    def take(self):
        """Fill the site, and return its stops."""
        for visit in (
            self.empty,
            self.fill,
            self.lists,
            self.pages,
            self.search,
            self.forms,
            self.newsletter,
            self.faults,
        ):
            visit()
        return self.stops

    def see(self, name, address, status=200, fields=None, client=None):
        """Ask for an address, or send a form there, and note what comes."""
        client = client or self.client
        generation.forget()
        response = client.get(address) if fields is None else client.post(address, fields, follow=True)
        assert response.status_code == status, f"{name}, {address}: {response.status_code}"
        self.stops.append(Stop(name, address, response))
        return response

    def address(self, name, *arguments):
        with translation.override(self.language):
            return reverse(name, args=arguments)

    def list_of(self, family, term):
        return f"{self.news}{addresses.word_for(family, self.language)}/{term.slug}/"

    def empty(self):
        """The site before anything is published."""
        self.see("empty front page", self.start)
        self.see("empty index", self.news)

    def term(self, model, name, slug, **fields):
        """Return a topic, author or kind in this language."""
        defaults = {"name": name, **fields}
        return model.objects.update_or_create(locale=self.locale, slug=slug, defaults=defaults)[0]

    def fill(self):
        """Add lists of two pages, articles full, bare and with endless words, and all of the furniture."""
        words, known = self.words, {} if self.language == "en" else {"translation_key": self.site.kind.translation_key}
        self.kind = self.term(ArticleKind, words["kind"], "statement", plural=words["kind"], **known)
        self.topic = self.term(Topic, words["topic"], f"topic-{self.language}", description=words["title"])
        biography = {"role": words["kind"], "description": words["title"], "image": make_image("Portrait")}
        self.author = self.term(Author, words["author"], f"author-{self.language}", **biography)
        self.unused = self.term(Topic, f"{words['topic']} 2", "unused")
        self.endless = self.term(Topic, ENDLESS[:120], "endless")
        terms = {"topics": [self.topic, self.endless], "authors": [self.author], "kind": self.kind}
        self.oldest = timezone.localtime(timezone.now() - timedelta(days=60))
        for number in range(22):
            self.article(f"{words['title']} {number}", published_on=self.oldest, **terms)
        self.bare = self.article(f"{words['title']} 100", topics=[], authors=[], kind=self.kind)
        paragraph = [{"type": "paragraph", "value": f"<p>{ENDLESS}</p>"}]
        self.long = self.article(ENDLESS, slug="endless", summary=ENDLESS, body=body_of(paragraph), **terms)
        self.full = self.article(words["title"], slug="full", **everything(self.site), **terms)
        Furniture.objects.filter(locale=self.locale).update(**FURNITURE)

    def article(self, title, **fields):
        return make_article(self.site, title, self.language, **fields)

    def lists(self):
        """The front page, and the news by everything that sorts it."""
        self.see("front page", self.start)
        index = self.see("index", self.news)
        self.see("second page of the index", urljoin(self.news, soup_of(index).find("a", rel="next")["href"]))
        self.see("topic", self.list_of("topics", self.topic))
        self.see("empty topic", self.list_of("topics", self.unused))
        self.see("topic with an endless name", self.list_of("topics", self.endless))
        self.see("author", self.list_of("authors", self.author))
        self.see("kind", self.list_of("kinds", self.kind))
        self.see("year", f"{self.news}{self.oldest.year}/")
        self.see("month", f"{self.news}{self.oldest.year}/{self.oldest.month}/")

    def pages(self):
        """Articles and plain pages."""
        self.see("article with everything", f"{self.news}full/")
        self.see("article with a title and a summary only", f"{self.news}{self.bare.slug}/")
        self.see("article with endless words", f"{self.news}endless/")
        home = self.site.homes[self.language]
        common = {"summary": "What it says.", "locale": self.locale}
        home.add_child(
            instance=StandardPage(title="Plain", slug="plain", body=body_of(every_block(self.site)), **common)
        )
        statement = {
            "introduction": "<p>For everybody.</p>",
            "reviewed_on": date(2026, 3, 2),
            "email": "a@portal.example",
        }
        home.add_child(instance=AccessibilityPage(title="Accessibility", slug="access", **statement, **common))
        self.see("plain page", f"{self.start}plain/")
        self.see("accessibility statement", f"{self.start}access/")

    def search(self):
        address = self.address("search")
        self.see("search", address)
        self.see("search with results", f"{address}?q={self.words['title'].split()[0]}")
        self.see("search without results", f"{address}?q=zebrafish")
        self.see("search for an endless word", f"{address}?q={ENDLESS[:110]}")

    def forms(self):
        """The contact page with all that it can say, and the pages that answer its form."""
        page = ContactPage.objects.get(locale=self.locale)
        page.introduction = "<p>Write to us.</p>"
        page.phone, page.opening_hours = "0113 496 0132", "9 to 5"
        page.email, page.address, page.consent_text = (
            "team@portal.example",
            "1 Quay Street\nLeeds",
            "We keep it a year.",
        )
        building.build(page, building.make_departments() if self.language == "en" else (), consent_is_asked=True)
        send = self.address("enquiry")
        message = {"email": "reader@example.org", "message": "Hello."}
        self.see("contact", f"{self.start}{NAMES[self.language][2]}/")
        self.see("contact with errors", send, 422, {"message": "Hello."})
        self.see("contact with errors in every field", send, 422, {"whole": "1", "field-units": "x", "field-day": "x"})
        self.see("confirm", send, 200, message, client=Client())
        self.see("refused", send, 403, message, client=Client(headers={"Sec-Fetch-Site": "cross-site"}))
        self.see("thanks", send, 200, message)

    def newsletter(self):
        """Signing up, confirming, choosing and leaving."""
        start = self.address("newsletter")
        self.see("newsletter", start)
        self.see("newsletter with an error", start, 422, {"email": "reader"})
        self.see("newsletter asked for", start, 200, {"email": f"{self.language}@example.org"})
        subscriber = Subscriber.objects.get(language=self.language)
        self.see("newsletter to confirm", path_of(subscribing.confirmation_address(subscriber)))
        confirmed = path_of(subscribing.confirmation_address(subscriber))
        self.see("newsletter confirmed", confirmed, 200, {"confirm": "1"})
        self.see("newsletter link that is over", confirmed, 410)
        subscriber.refresh_from_db()
        self.see("newsletter preferences", path_of(subscribing.preferences_address(subscriber)))
        leaving = path_of(subscribing.leave_address(subscriber))
        self.see("newsletter to leave", leaving)
        self.see("newsletter left", leaving, 200, {"leave": "1"})

    def faults(self):
        """Pages that are not there, not yet in this language, not for everybody, or not working."""
        self.see("not found", f"{self.start}nothing-here/", 404)
        other = "cy" if self.language == "en" else "en"
        make_article(self.site, "Only elsewhere", other, slug=f"not-in-{self.language}")
        self.see("not translated", f"{self.news}not-in-{self.language}/", 404)
        secret = self.article("Secret", slug="secret")
        lock = PageViewRestriction.objects.create(page=secret, restriction_type="password", password="sesame")
        self.see("password", f"{self.news}secret/")
        opening = self.address("wagtailcore_authenticate_with_password", lock.pk, secret.pk)
        self.see("wrong password", opening, 200, {"password": "wrong", "return_url": f"{self.news}secret/"})
        with translation.override(self.language):
            fault = views.server_error(RequestFactory().get(self.start))
        self.stops.append(Stop("fault", self.start, fault))
        maintenance.begin(minutes=30, messages={self.language: "We are moving."})
        try:
            self.see("maintenance", self.start, 503)
        finally:
            maintenance.end()


def path_of(address):
    """Return an address without the scheme and host, as the test client wants it."""
    return urlsplit(address).path


def everything(site):
    """Return all fields of an article that readers see, with every block in its body."""
    return {
        "body": body_of(every_block(site)),
        "lead_image": make_image("Harbour", (1600, 900)),
        "lead_image_alt": "Boats in a harbour",
        "lead_image_caption": "Boats at first light",
        "lead_image_credit": "Jo Penn",
        # Later than the article that is about to be made is published.
        "updated_on": timezone.now() + timezone.timedelta(minutes=1),
        "notes_to_editors": "<p>The network has sixty-one units.</p>",
        "press_contact": "press@portal.example",
    }
