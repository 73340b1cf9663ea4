"""Figures of a known-item test, from the rank at which each query found its document."""

import numpy

DEPTH = 10
RESAMPLES = 10_000


def reciprocal(ranks):
    """Return 1/rank for each query, and 0 where the document is not among the first ten.

    Args:
        ranks: for each query the place of its document from 1, or None.
    """
    return numpy.array([1 / rank if rank and rank <= DEPTH else 0.0 for rank in ranks])


def recall(ranks):
    """Return the share of queries with their document among the first ten."""
    return float(numpy.mean(reciprocal(ranks) > 0))


def interval(ours, theirs):
    """Return the 95 % interval of the mean difference, ours minus theirs, by a paired bootstrap.

    Args:
        ours: a measure for each query.
        theirs: the same measure of another engine for the same queries.
    """
    differences = ours - theirs
    draws = numpy.random.default_rng(5).integers(0, len(differences), (RESAMPLES, len(differences)))
    return tuple(numpy.quantile(differences[draws].mean(axis=1), (0.025, 0.975)))
