"""What the tests of the newsletter in the admin do: sign in, make an issue, ask for everything about it."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from newsletter.models import Issue, IssueArticle

WELSH = "Translators: Cymraeg"


def sign_in(client, group, *rights):
    """Sign in as a member of a group, with further rights; return the person."""
    user = get_user_model().objects.create_user(group, "editor@example.org", "secret")
    user.groups.add(Group.objects.get(name=group))
    user.user_permissions.add(*Permission.objects.filter(codename__in=rights))
    client.force_login(user)
    return user


def make_issue(*articles, language="en", **fields):
    locale = Locale.objects.get(language_code=language)
    issue = Issue.objects.create(locale=locale, subject=fields.pop("subject", "Autumn news"), **fields)
    IssueArticle.objects.bulk_create(IssueArticle(issue=issue, article=article) for article in articles)
    return issue


def address(name, issue):
    return reverse(f"newsletter_issue:{name}", args=[issue.pk])


def form_of(issue, *articles, **fields):
    """Return what the form of an issue sends that was opened at this moment."""
    rows = [{"article": article.pk} for article in articles]
    return nested_form_data(
        {
            "locale": issue.locale_id,
            "subject": issue.subject,
            "preheader": "",
            "greeting": rich_text("<p>Hello</p>", features=["bold"]),
            "frequency": "",
            "topic": "",
            "articles": inline_formset(rows),
            **fields,
        }
    )


def acts(issue):
    """Yield (method, address, data) of everything that can be asked for about one issue."""
    for name in ("show", "preview", "mail", "progress", "edit", "delete", "send"):
        yield "get", address(name, issue), None
    moment = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    for action in ("test", "schedule", "unschedule", "stop", "go_on", "again"):
        data = {"action": action, "email": "a@example.org", "send_at": moment, "delivery": "1"}
        yield "post", address("show", issue), data
    for name in ("send", "edit", "delete"):
        yield "post", address(name, issue), {"subject": "Changed"}


def is_refused(response):
    # Wagtail answers a page that may not be seen with a way back to the start.
    return response.status_code in (403, 404) or response.headers.get("Location") in ("/admin/", "/admin")
