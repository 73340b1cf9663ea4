"""All addresses that are not in the page tree, then the tree."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.http import Http404
from django.urls import include, path, re_path
from django.views.defaults import page_not_found
from django.views.generic import RedirectView
from wagtail.admin import urls as admin_urls
from wagtail.admin.views import account

from core import public_forms, sitemap, twins
from delivery import passwords, tries
from delivery import views as delivery
from news import sitemap as news_sitemap
from portal import crawlers

handler500 = delivery.server_error

urlpatterns = [
    path("admin/login/", tries.limited(account.LoginView.as_view(), tries.of_sign_in)),
    path("admin/password_reset/", tries.limited(account.PasswordResetView.as_view(), tries.of_reset, counts_all=True)),
    path("admin/", include(admin_urls)),
    path("media/<path:path>", delivery.media, name="media"),
    re_path(r"^documents/(\d{1,18})/(.*)$", delivery.document, name="wagtaildocs_serve"),
    re_path(r"^documents/\d{19,}/", page_not_found, {"exception": Http404("No such document")}),
    path("api/v2/", include("portal.api.urls")),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    re_path(r"^sitemap-([a-z0-9-]{2,12})-(\d{1,6})\.xml$", sitemap.file, name="sitemap_file"),
    path("sitemap-news.xml", news_sitemap.recent, name="news_sitemap"),
    path("_util/opened/", public_forms.opened, name="form_opened"),
    path("robots.txt", crawlers.robots_txt, name="robots"),
    path(".well-known/security.txt", crawlers.security_txt, name="security"),
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}portal/favicon.ico", permanent=True)),
]

if "WEBHOOK_SECRET" in getattr(settings, "ANYMAIL", {}):
    urlpatterns.append(path("anymail/", include("anymail.urls")))

urlpatterns += i18n_patterns(
    path(
        "_util/login/",
        RedirectView.as_view(pattern_name="wagtailadmin_login", query_string=True),
        name="wagtailcore_login",
    ),
    path(
        "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
        passwords.page,
        name="wagtailcore_authenticate_with_password",
    ),
    path(
        "documents/authenticate_with_password/<int:restriction_id>/",
        passwords.document,
        name="wagtaildocs_authenticate_with_password",
    ),
    path("llms.txt", crawlers.llms_txt, name="llms"),
    re_path(r"^(?:comments/)?feed/(?:(?P<form>rss|rss2|rdf|atom)/)?$", crawlers.old_feed, name="old_feed"),
    re_path(r"^((?:[^/]+/)*[^/]+)\.(md|bib|ris)$", twins.twin, name="twin"),
    path("search/", include("search.urls")),
    path("enquiries/", include("contact.urls")),
    path("newsletter/", include("newsletter.urls")),
    re_path(r"^((?:[^/]+/)*)$", delivery.serve, name="wagtail_serve"),
    prefix_default_language=False,
)
