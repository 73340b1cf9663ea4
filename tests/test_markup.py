"""The Nu validator has nothing against the HTML of any page, in any state and language.

The style sheets are left out: the validator's knowledge of CSS is years behind, and takes new properties for faults.
"""

import pytest

from tests.audit import markup, programs
from tests.tour import WORDS, Tour

missing = programs.missing_for_markup()


@pytest.mark.skipif(bool(missing), reason=f"Missing: {', '.join(missing)}")
@pytest.mark.timeout(600)
@pytest.mark.django_db
def test_the_nu_validator_finds_no_fault(site):
    pages = {}
    for language in WORDS:
        pages |= {f"{stop.name} ({language})": stop.html for stop in Tour(site, language).take()}
    assert len(pages) > 90
    found = markup.faults(pages)
    assert not found, "\n".join(found)
