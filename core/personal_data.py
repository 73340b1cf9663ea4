"""The admin's page of personal data: what is stored about an address, to read, to hand out, to erase."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from core import addresses, privacy, traces

PERMISSION = "core.manage_personal_data"


class AddressForm(forms.Form):
    """Whose data, and when it is to be erased, that this is meant."""

    address = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        error_messages={
            "required": gettext_lazy("Enter the address of the person."),
            "invalid": gettext_lazy("Enter a whole address, such as name@example.org."),
        },
    )
    is_sure = forms.BooleanField(
        label=gettext_lazy("Yes, erase all of it. I know that this cannot be undone."), required=False
    )

    def clean_address(self):
        return addresses.normal(self.cleaned_data["address"])


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class PersonalDataView(WagtailAdminTemplateMixin, TemplateView):
    """Asks for an address by POST alone, so that it stands in no address of the web and in no log."""

    template_name = "core/admin/personal_data.html"
    page_title = gettext_lazy("Personal data")
    header_icon = "user"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"form": AddressForm()} | kwargs)

    def post(self, request):
        form = AddressForm(request.POST)
        if not form.is_valid():
            return self._page(form=form, status=422)
        address = form.cleaned_data["address"]
        if "download" in request.POST:
            return _file(privacy.export_all(address))
        if "erase" in request.POST:
            if form.cleaned_data["is_sure"]:
                return self._erased(address)
            form.add_error("is_sure", _("Tick the box to say that you mean it. Nothing was erased."))
        return self._page(form=form, found=_sections(privacy.export_all(address)), status=422 if form.errors else 200)

    def _erased(self, address):
        accounts = traces.accounts(address)
        erased = privacy.erase_all(address)
        messages.success(self.request, _("What was stored about the address was erased."))
        return self._page(erased=erased, accounts=accounts)

    def _page(self, status=200, **context):
        return self.render_to_response(self.get_context_data(**context), status=status)


def _file(found):
    # Without the address in its name: browsers keep a list of what was downloaded.
    name = "personal-data.json"
    disposition = f'attachment; filename="{name}"'
    headers = {"Content-Disposition": disposition}
    return HttpResponse(privacy.in_json(found), content_type="application/json; charset=utf-8", headers=headers)


def _sections(found):
    """Return (name of the holder, its records as text) of those that have any."""
    return [(name, [privacy.in_json(record) for record in records]) for name, records in found.items() if records]
