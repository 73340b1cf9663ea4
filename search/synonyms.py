"""Words that mean the same to readers of a language, as editors list them."""

from delivery.generation import per_generation
from search.models import SynonymGroup
from search.models.editorial import form_of

MAX_REWRITINGS = 200


@per_generation
def groups(language):
    """Return the groups of words and phrases that mean the same in a language, as they were written.

    Args:
        language: a language code.
    """
    return tuple(group.phrases for group in SynonymGroup.objects.filter(locale__language_code=language))


@per_generation
def alternatives(language):
    """Return {form: forms that mean the same} of all phrases of a language."""
    found = {}
    for group in groups(language):
        forms = [form for phrase in group if (form := form_of(phrase, language))]
        for form in forms:
            found.setdefault(form, []).extend(other for other in forms if other != form)
    return found


def rewritings(form, language):
    """Return a phrase and what it becomes when one synonym in it is put in the place of another.

    Args:
        form: the phrase in the form of ``form_of``.
        language: its language code.

    Returns:
        a set of forms, the phrase's own among them; no more than 200.
    """
    known = alternatives(language)
    found = {form}
    for start in range(len(form)):
        for end in range(start + 1, len(form) + 1):
            for other in known.get(form[start:end], ()):
                if len(found) < MAX_REWRITINGS:
                    found.add(form[:start] + other + form[end:])
    return found
