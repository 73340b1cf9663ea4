"""An empty, ready site: languages, front pages, furniture, and the site record that follows PUBLIC_URL."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import CommandError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Locale, Page, Site

from contact.models import ContactPage
from core.models import Furniture
from home.models import HomePage
from news.models import ArticleKind, NewsIndexPage

KINDS = (
    ("statement", gettext_lazy("Statement"), gettext_lazy("Statements")),
    ("response", gettext_lazy("Response"), gettext_lazy("Responses")),
    ("announcement", gettext_lazy("Announcement"), gettext_lazy("Announcements")),
    ("feature", gettext_lazy("Feature"), gettext_lazy("Features")),
)


@transaction.atomic
def ensure():
    """Make what a site needs where it is missing, and return the default language's front page.

    Raises:
        CommandError: the site has its front page in another language, and none that is published in this one.
    """
    for code, _name in settings.LANGUAGES:
        _ensure_locale(code)
    home = _ensure_home()
    _ensure_site(home)
    return home


def _ensure_locale(code):
    if Locale.all_objects.filter(language_code=code).exists():
        return
    # Pages of a language whose code has capital letters are at no address; in small ones they are found.
    if not Locale.all_objects.filter(language_code__iexact=code).update(language_code=code):
        Locale.objects.create(language_code=code)


def _ensure_home():
    locale = Locale.objects.get(language_code=settings.LANGUAGE_CODE)
    homes = HomePage.objects.filter(locale=locale)
    # People may have put another in the place of the first.
    home = homes.filter(sites_rooted_here__is_default_site=True).first() or homes.filter(depth=2).first()
    former = HomePage.objects.filter(sites_rooted_here__is_default_site=True).exclude(locale=locale).first()
    if former and not (home and home.live):
        _refuse(former.locale.language_code)
    if home:
        return home
    root = Page.get_first_root_node()
    for page in root.get_children().exact_type(Page):
        page.delete()
    root.refresh_from_db()
    with translation.override(settings.LANGUAGE_CODE):
        return root.add_child(
            instance=HomePage(
                title=_("Welcome"), slug="home", summary=_("The front page of a new site."), locale=locale
            )
        )


def _refuse(former):
    code = settings.LANGUAGE_CODE
    raise CommandError(
        f"LANGUAGES begins with {code}, but the front page of this site is in {former}. Put {former} first; to change "
        f"the default language, translate and publish the front page in {code} first."
    )


def _ensure_site(home):
    public = urlsplit(settings.PUBLIC_URL)
    port = public.port or (443 if public.scheme == "https" else 80)
    hostname = f"[{public.hostname}]" if ":" in public.hostname else public.hostname
    place = {"hostname": hostname, "port": port, "root_page": home}
    named = place | {"site_name": settings.WAGTAIL_SITE_NAME}
    Site.objects.update_or_create(is_default_site=True, defaults=place, create_defaults=named)


@transaction.atomic
def fill_empty(home):
    """Give an empty site its news index, contact page, furniture and kinds, so that writing can begin."""
    if home.get_children().exists():
        return
    with translation.override(settings.LANGUAGE_CODE):
        news = home.add_child(
            instance=NewsIndexPage(title=_("News"), slug="news", summary=_("All our news."), locale=home.locale)
        )
        contact = home.add_child(
            instance=ContactPage(title=_("Contact"), slug="contact", summary=_("How to reach us."), locale=home.locale)
        )
        links = [{"type": "link", "value": {"page": page.pk, "url": "", "label": ""}} for page in (news, contact)]
        Furniture.objects.get_or_create(
            locale=home.locale,
            defaults={
                "organisation_name": settings.WAGTAIL_SITE_NAME,
                "contact_title": _("Get in touch"),
                "newsletter_title": _("Sign up to the newsletter"),
                "header_links": links,
            },
        )
        for slug, name, plural in KINDS:
            ArticleKind.objects.get_or_create(slug=slug, locale=home.locale, defaults={"name": name, "plural": plural})
