"""The search, as in the project template."""

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.template.response import TemplateResponse
from wagtail.models import Locale, Page


def search(request):
    search_query = request.GET.get("q", None)
    page = request.GET.get("page", 1)
    if search_query:
        search_results = Page.objects.live().filter(locale=Locale.get_active()).search(search_query)
    else:
        search_results = Page.objects.none()
    paginator = Paginator(search_results, 10)
    try:
        search_results = paginator.page(page)
    except PageNotAnInteger:
        search_results = paginator.page(1)
    except EmptyPage:
        search_results = paginator.page(paginator.num_pages)
    return TemplateResponse(
        request, "twin/search.html", {"search_query": search_query, "search_results": search_results}
    )
