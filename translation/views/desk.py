"""The translators' desk: what is to do in a language, what needs it most first."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST
from wagtail.models import Locale, Page

from translation import desk, freshness, rights
from translation.models import Submission

ROWS_PER_PAGE = 50
SNIPPETS_SHOWN = 200


def show(request):
    """Show the desk of a language that this person may work in."""
    mine = _languages(request.user)
    target = _chosen(request, "into", mine) or mine[0]
    others = [locale for locale in _all_locales() if locale.pk != target.pk]
    source = _chosen(request, "from", others) or (others[0] if others else target)
    state, words = request.GET.get("state", ""), request.GET.get("q", "").replace("\0", "").strip()[:100]
    found = desk.listed(Page, source, target, state, words)
    page = Paginator(found, ROWS_PER_PAGE).get_page(request.GET.get("p"))
    context = {
        "languages": mine,
        "sources": others,
        "target": target,
        "source": source,
        "state": state,
        "words": words,
        "tabs": _tabs(source, target, state, words),
        "page": page,
        "rows": _linked(request, desk.with_progress(list(page.object_list), target), target),
        "snippets": _snippets(request, source, target, state, words) if page.number == 1 else [],
        "query": urlencode({"into": target.language_code, "from": source.language_code, "state": state, "q": words}),
        "submissions": Submission.objects.filter(finished_on=None)[:5],
    }
    return render(request, "translation/desk.html", context)


def _all_locales():
    """Return the locales, the default language first."""
    return sorted(Locale.objects.all(), key=lambda locale: (locale.pk != freshness.default_locale_id(), locale.pk))


def _languages(user):
    """Return the locales that a person may translate into, the default language last."""
    allowed = rights.languages_of(user)
    found = [locale for locale in _all_locales() if locale.pk in allowed]
    if not found:
        raise PermissionDenied
    return found[1:] + found[:1] if found[0].pk == freshness.default_locale_id() else found


def _chosen(request, name, locales):
    return next((locale for locale in locales if locale.language_code == request.GET.get(name)), None)


def _tabs(source, target, state, words):
    base = {"into": target.language_code, "from": source.language_code, "q": words}
    counted = desk.counts(source, target)
    return [
        {
            "name": desk.STATES[name],
            "count": number,
            "url": f"?{urlencode(base | {'state': name})}",
            "is_current": name == state,
        }
        for name, number in counted.items()
    ]


def _linked(request, rows, target):
    """Give each row the addresses to work at: its editor, else the form that sends it to the translators."""
    may_submit = request.user.has_perm(rights.SUBMIT)
    here = urlencode({"next": request.get_full_path()})
    for row in rows:
        if row.target_id:
            row.edit_url = reverse("wagtailadmin_pages:edit", args=[row.target_id])
            row.accept_url = reverse("translation:up_to_date", args=["wagtailcore", "page", row.target_id])
        elif may_submit:
            address = reverse("wagtail_localize:submit_page_translation", args=[row.source.pk])
            row.submit_url = f"{address}?select_locale={target.language_code}&{here}"
    return rows


def _snippets(request, source, target, state, words):
    rows = []
    for model in freshness.snippet_models():
        found = desk.listed(model, source, target, state, words)[:SNIPPETS_SHOWN]
        for row in desk.with_progress(list(found), target):
            label = f"{model._meta.app_label}_{model._meta.model_name}"
            row.kind = model._meta.verbose_name
            if row.target_id:
                row.edit_url = reverse(f"wagtailsnippets_{label}:edit", args=[row.target_id])
                names = [model._meta.app_label, model._meta.model_name, row.target_id]
                row.accept_url = reverse("translation:up_to_date", args=names)
            elif request.user.has_perm(rights.SUBMIT):
                names = [model._meta.app_label, model._meta.model_name, row.source.pk]
                address = reverse("wagtail_localize:submit_snippet_translation", args=names)
                row.submit_url = f"{address}?select_locale={target.language_code}"
            rows.append(row)
    return sorted(rows, key=lambda row: desk.ORDER.index(row.state))


@require_POST
def mark_up_to_date(request, app_label, model_name, pk):
    """Take a page or snippet that is edited by hand to be up to date, on somebody's word."""
    models = {model._meta.label_lower: model for model in (Page, *freshness.snippet_models())}
    model = models.get(f"{app_label}.{model_name}")
    found = model.objects.filter(pk=pk).select_related("locale").first() if model else None
    if found is None:
        raise Http404("No such page or snippet")
    rights.require(rights.may_publish(request.user, found))
    freshness.accept(getattr(found, "specific", found))
    return redirect(f"{reverse('translation:desk')}?into={found.locale.language_code}")
