"""The menu and the footer, as in the tutorial."""

from django import template
from wagtail.models import Site

from tests.bench.twin.models import FooterText

register = template.Library()


@register.simple_tag(takes_context=True)
def get_site_root(context):
    return Site.find_for_request(context["request"]).root_page.localized


@register.inclusion_tag("twin/includes/footer_text.html")
def get_footer_text():
    return {"footer_text": FooterText.objects.first()}
