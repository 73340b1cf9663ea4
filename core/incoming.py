"""Mail that comes back to the site: reports of what could not be delivered, and answers of readers.

A room registers in ``AppConfig.ready()`` what it does with each.
"""

_on_answer, _on_report = [], []


def on_answer(handler):
    """Let a function see each mail that a person wrote.

    Args:
        handler: takes an ``email.message.EmailMessage``, returns whether it was its own.
    """
    _on_answer.append(handler)


def on_report(handler):
    """Let a function see each report of a mail that was not delivered or was complained about.

    Args:
        handler: takes a ``Report``, returns whether the mail was its own.
    """
    _on_report.append(handler)
