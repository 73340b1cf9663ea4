"""How long a text takes to read."""

WORDS_PER_MINUTE = 220


def minutes(body):
    """Return the minutes that a body takes, at least one.

    Args:
        body: the value of a stream field.
    """
    texts = body.stream_block.get_searchable_content(body)
    words = sum(len(str(text).split()) for text in texts)
    return max(1, round(words / WORDS_PER_MINUTE))
