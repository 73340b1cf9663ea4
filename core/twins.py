"""The same page in another form, at its address with an ending: Markdown for programs, references for researchers."""

from django.http import Http404, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from delivery import alternates, references, routing, sites
from delivery.page_cache import for_everybody

CONTENT_TYPES = {
    "md": "text/markdown; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
}


@require_safe
def twin(request, path, form):
    """Answer with a public page in one of the forms that its type offers (``BasePage.twins``).

    Args:
        request: the reader's request.
        path: the page's address below the language prefix, without its last slash.
        form: md, bib or ris.
    """
    page = routing.resolve(request, f"{path}/").page
    maker = getattr(page, "twins", {}).get(form)
    if maker is None or not alternates.stands_alone(page):
        raise Http404("No such form of a page")
    with translation.override(page.language):
        page.announce_text(references.current())
        text = maker(page)
    about = {"Link": f'<{sites.absolute(page.address)}>; rel="canonical"', "X-Robots-Tag": "noindex"}
    return for_everybody(HttpResponse(text, content_type=CONTENT_TYPES[form], headers=about))


def address_of(page, form):
    """Return the address of a page in a form, or an empty string where it has none that readers can reach."""
    if form not in page.twins or not page.address or not alternates.stands_alone(page):
        return ""
    return f"{page.address.rstrip('/')}.{form}"
